"""Who would be asked about a text, why, and why not the others, as far as the first round goes.

Only questions: the rules are those of asking.py and ladder.py, put to a question that is never stored. What nobody can
know beforehand (that somebody takes it, says no, or goes home early) does not happen here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from models import asking, contacts, gate, ladder, people, settings
from models.asking import Asked
from models.contacts import Ring
from models.ladder import RUNGS, Helper, WhyNot
from models.people import Unit
from models.recognition import Reading
from models.settings import Settings
from models.tickets import NextStep, Rung, Step, Ticket

NOBODY = 0  # no row has this id: the question is nobody's, and is no question of the database
MOST_STOPS = 12  # six rungs; the rest are waits for somebody to come


@dataclass(frozen=True)
class Look:
    """Somebody on a rung: asked, or why not. Neither: others on the rung are enough for now."""

    helper: Helper
    asked: bool
    why: WhyNot | None


@dataclass(frozen=True)
class Stop:
    """What the ladder does at a moment: the rungs it looks at, the last of them the one it asks on, if any."""

    at: datetime
    rungs: tuple[tuple[Rung, tuple[Look, ...]], ...]
    step: Step


@dataclass(frozen=True)
class Explanation:
    """`text` is masked. `redirected`: it stays with the owner of `reading` unless its asker wants a human all the same;
    then `stops` are what follows. `off`: the unit has not begun, nobody is asked.
    """

    text: str
    unit: Unit
    reading: Reading
    ticket: Ticket
    redirected: bool
    off: bool
    ring: Ring | None
    stops: tuple[Stop, ...]

    @property
    def people(self) -> set[int]:
        return {look.helper.person_id for stop in self.stops for _, looks in stop.rungs for look in looks}


def explain(session: Session, text: str, unit: Unit, *, now: datetime, tool: str | None = None) -> Explanation:
    """`tool`: as chosen by the asker, instead of what the text says. Nothing is stored."""
    masked = gate.masked(session, text).text
    reading = asking.reading_of(session, masked, tool)
    ticket = asking.drawn_up(session, NOBODY, reading, unit.id, now=now, asked=Asked(masked, False, tool=tool))
    ticket.id = NOBODY
    off = people.is_off(session, unit.id)
    return Explanation(
        text=masked,
        unit=unit,
        reading=reading,
        ticket=ticket,
        redirected=asking.is_redirect(session, ticket, reading),
        off=off,
        ring=contacts.holding(session, unit.id, ticket.tool, now=now),
        stops=() if off else tuple(_round(session, ticket)),
    )


def _round(session: Session, ticket: Ticket) -> Iterator[Stop]:
    """From the first step until everybody who is there has been asked, and it waits for others."""
    rules, at, after = settings.read(session), ticket.next_at, None
    assert at is not None  # noqa: S101 (drawn_up sets it)
    holding: set[int] = set()
    for _ in range(MOST_STOPS):
        helpers = [replace(h, asked=h.person_id in holding) for h in ladder.helpers_for(session, ticket, now=at)]
        step = ladder.choose(ticket, helpers, after, rules, now=at)
        yield Stop(at, tuple(_looked_at(helpers, after, step, rules)), step)
        if not step.people and (holding or not helpers or step.then is NextStep.ANEW):
            return
        holding = {h.person_id for h in helpers if h.asked and h.presence.at_work} | set(step.people)
        at, after = step.due_at, step.rung


def _looked_at(
    helpers: Sequence[Helper], after: Rung | None, step: Step, rules: Settings
) -> Iterator[tuple[Rung, tuple[Look, ...]]]:
    """The rungs from the last one to the one that is asked; all of them where nobody new is there."""
    limits, start = ladder.limits_of(rules), RUNGS.index(after) + 1 if after else 0
    for rung in (*RUNGS[start:], *RUNGS[:start]):
        asked = step.people if rung is step.rung else ()
        here = (helper for helper in helpers if helper.rung is rung)
        yield rung, tuple(Look(h, h.person_id in asked, ladder.why_not(h, limits)) for h in here)
        if asked:
            return
