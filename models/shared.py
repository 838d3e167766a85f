"""A phone that a unit's staff share: whoever holds it next shall not meet the last one's questions.

What the bot has said there goes some hours after the last message (`shared.empty_after`), and a late answer says whom
it is for. Not here: which question a line belongs to (asking.py), and the phone's unit (roster.py).
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, select

from models import lines, outbox, people, settings, tickets
from models.lines import Side
from models.outbox import Intent, Letter, Outcome, Posted
from models.people import Person, PersonKind
from models.tickets import Ticket

THREAD_FIRST = timedelta(seconds=20)


def is_shared(person: Person | None) -> bool:
    return person is not None and person.kind is PersonKind.SHARED_DEVICE


def is_late(session: Session, ticket: Ticket, *, at: datetime) -> bool:
    """Whether somebody else may hold the phone by now: what is said at `at` begins with whom it is for."""
    if ticket.asker_id is None or not is_shared(people.get(session, ticket.asker_id)):
        return False
    before = [line.said_at for line in lines.of_ticket(session, ticket.pk, Side.ASKER) if line.said_at <= at]
    return at - max(before, default=ticket.asked_at) > settings.read(session).span("shared.late_after")


def to_empty(session: Session, *, now: datetime) -> list[int]:
    """Shared phones on which the bot has said something and nothing has happened for so long."""
    before = now - settings.read(session).span("shared.empty_after")
    newest = select(func.max(Posted.ts)).where(Posted.to_id == Person.id).scalar_subquery()
    phones = select(Person.id, newest, Person.active_at).where(Person.kind == PersonKind.SHARED_DEVICE)
    said = ((person_id, ts, spoke) for person_id, ts, spoke in session.exec(phones) if person_id and ts)
    return [person_id for person_id, ts, spoke in said if _last(ts, spoke) <= before]


def _last(ts: str, spoke: datetime | None) -> datetime:
    """A message's ts is when it was posted: edits are no activity, or a question that waits would keep it all."""
    posted = datetime.fromtimestamp(float(ts), UTC)
    return max(posted, spoke) if spoke is not None else posted


def empty(session: Session, person_id: int, *, now: datetime) -> None:
    """A letter for every message that stands there. Once for each stretch of silence."""
    person = people.lock(session, person_id)
    if person_id not in to_empty(session, now=now):
        return
    standing = standing_at(session, person_id)
    silent_since = _last(max(posted.ts for posted in standing), person.active_at)
    cause = f"{silent_since.timestamp():.6f}"
    for posted in sorted(standing, key=lambda posted: float(posted.ts), reverse=True):
        has_thread = posted.place.startswith("receipt:")  # gone before its thread, by another worker, it leaves a stone
        due = now + THREAD_FIRST if has_thread else now
        outbox.put(session, Intent("empty", person_id, None, posted.place, cause), now=now, due=due)


def standing_at(session: Session, person_id: int) -> Sequence[Posted]:
    """The bot's messages on somebody's screen."""
    return session.exec(select(Posted).where(Posted.to_id == person_id)).all()


def is_silent(session: Session, person_id: int, *, now: datetime) -> bool:
    """Still true when the letter is delivered: nobody has begun to write meanwhile."""
    return person_id in to_empty(session, now=now)


def stays_empty(session: Session, letter: Letter) -> bool:
    """A message that was taken away does not come back because a question moves on. Its receipt does, for her who
    has written in the question since: she needs its buttons.
    """
    if not is_shared(people.get(session, letter.to_id)) or outbox.where_is(session, [letter.place]):
        return False
    gone = select(func.max(Letter.done_at)).where(
        Letter.place == letter.place, Letter.kind == "empty", Letter.outcome == Outcome.SENT
    )
    emptied_at = session.exec(gone).first()
    return emptied_at is not None and not _was_asked_since(session, letter, emptied_at)


def _was_asked_since(session: Session, letter: Letter, moment: datetime) -> bool:
    return letter.kind == "receipt" and tickets.get(session, letter.about_id).asker_wrote_at > moment
