"""Planned shifts begin and end by themselves: a digest, a word before the end, and what is left goes on.

What the clock asks for (`due`), and the verbs for one person. Each instant is handled once (jobs.py); what somebody
declares has its own way (ladder.begin_shift, roster.run_out).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session

from models import jobs, ladder, outbox, roster, settings, shifts, tickets
from models.outbox import Intent

JOB = "turn"
BACK = timedelta(hours=2)  # so much is made up for after a stop


class What(StrEnum):
    BEGINS = "begins"
    WARNS = "warns"
    ENDS = "ends"


@dataclass(frozen=True, order=True)
class Turn:
    """`at`: when the shift begins, or ends."""

    at: datetime
    what: What

    @property
    def slot(self) -> str:
        return f"{self.what}:{self.at:%Y-%m-%dT%H:%M}"


def due(session: Session, *, now: datetime) -> list[Turn]:
    """What nobody has handled yet; asked often, so it takes no lock and few questions."""
    found = sorted(set(_turns(session, now)))
    done = jobs.finished(session, JOB, [turn.slot for turn in found])
    return [turn for turn in found if turn.slot not in done]


def _turns(session: Session, now: datetime) -> Iterator[Turn]:
    warn = settings.read(session).span("duty.warn")
    begins, ends = shifts.changes(session, since=now - BACK, until=now + warn)
    yield from (Turn(at, What.BEGINS) for at in begins if at <= now)
    yield from (Turn(at, What.ENDS if at <= now else What.WARNS) for at in ends)


def claim(session: Session, turn: Turn, *, now: datetime) -> bool:
    return jobs.claim(session, JOB, turn.slot, now=now)


def finish(session: Session, turn: Turn, *, now: datetime) -> None:
    jobs.finish(session, JOB, turn.slot, now=now)


def concerned(session: Session, turn: Turn, *, now: datetime) -> list[int]:
    """Whose shift it is, and for whom there is something to do."""
    theirs = set(shifts.whose(session, turn.at))
    if turn.what is What.BEGINS:
        return sorted(theirs & ladder.wanted(session, now=now)) if theirs else []
    return sorted(person_id for person_id in theirs if _has_something(session, person_id))


def _has_something(session: Session, person_id: int) -> bool:
    return bool(tickets.owned_by(session, person_id) or tickets.asked_of(session, person_id))


def begin(session: Session, person_id: int, *, now: datetime) -> None:
    """One digest of what waits. Who has said herself that she is at work has had hers."""
    until = roster.on_duty_until(session, person_id, now=now)
    if until is None or roster.current(session, person_id, now=now) is not None:
        return
    cause = f"shift{until:%Y%m%d%H%M}"
    if not outbox.carried(session, ladder.digest_place(person_id, cause)):
        ladder.come_on_duty(session, person_id, cause, now=now)


def warn(session: Session, person_id: int, *, now: datetime) -> None:
    """The letter says what is left, if anything is."""
    until = roster.on_duty_until(session, person_id, now=now)
    if until is not None and until - now <= settings.read(session).span("duty.warn"):
        place = f"shift:{person_id}:{until:%Y%m%d%H%M}"
        outbox.put(session, Intent("shift_ends", person_id, None, place, "shift"), now=now)


def end(session: Session, person_id: int, *, now: datetime) -> None:
    """Unless she has said that she stays."""
    if roster.on_duty_until(session, person_id, now=now) is None:
        ladder.let_go(session, person_id, now=now)


VERBS: dict[What, Callable[..., None]] = {What.BEGINS: begin, What.WARNS: warn, What.ENDS: end}
