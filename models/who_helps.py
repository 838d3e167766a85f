"""Who helps in a unit: its expert users, the specialist for each tool, the coordinators, and who of them is at work.

Only questions. Somebody who is away is not at work, and nobody is told why. Not here: who is asked next (ladder.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models import catalogue, clock, people, roster
from models.people import Appointment, Person, Unit
from models.roster import Presence


@dataclass(frozen=True)
class Helper:
    """Somebody who helps here. `known`: she said herself whether she is at work. No `tools`: any."""

    person_id: int
    name: str
    picture_url: str
    at_work: bool
    known: bool
    back_at: datetime
    deputy: bool
    lent_by: str  # the unit in which she is employed, if it is another one
    tools: tuple[str, ...] = ()
    herself: bool = False  # who looks: nobody helps herself


def experts(session: Session, unit_id: int, *, to: int, now: datetime) -> tuple[Helper, ...]:
    """As person `to` sees them. Who is at work comes first, then by name, she herself last; each person once, also
    with a hat for each of her tools.
    """
    hats = people.experts_of(session, unit_id, on=clock.today(now))
    homes = people.homes_of(session, {hat.person_id for hat in hats}, on=clock.today(now))
    lent = {person_id: _lender(places, unit_id) for person_id, places in homes.items()}
    return _helpers(session, hats, lent, to=to, now=now)


def _lender(places: Sequence[Unit], unit_id: int) -> str:
    return "" if any(unit.id == unit_id for unit in places) else places[0].name


def specialists(
    session: Session, unit_id: int, *, to: int, now: datetime
) -> tuple[tuple[str, tuple[Helper, ...]], ...]:
    """For each tool that the unit uses, in the catalogue's order; a tool without anybody is there too."""
    found = _helpers(session, people.specialists_of(session, unit_id, on=clock.today(now)), {}, to=to, now=now)
    return tuple((tool, _who_know(tool, found)) for tool in tools(session, unit_id, now=now))


def _who_know(tool: str, found: Iterable[Helper]) -> tuple[Helper, ...]:
    return tuple(helper for helper in found if not helper.tools or tool in helper.tools)


def coordinators(session: Session, *, to: int, now: datetime) -> tuple[Helper, ...]:
    return _helpers(session, people.coordinators(session, on=clock.today(now)), {}, to=to, now=now)


def tools(session: Session, unit_id: int, *, now: datetime) -> list[str]:
    """Of the catalogue: what the unit uses, or all where nobody has said."""
    used = people.tools_of(session, unit_id, on=clock.today(now))
    return [key for key in catalogue.in_force(session).tools if not used or key in used]


def next_there(helpers: Iterable[Helper]) -> datetime | None:
    """When the first of them may be there. None: nobody is expected."""
    return min((helper.back_at for helper in helpers), default=None)


def _helpers(
    session: Session, hats: Sequence[Appointment], lent: dict[int, str], *, to: int, now: datetime
) -> tuple[Helper, ...]:
    there = roster.presences(session, {(hat.person_id, hat.role) for hat in hats}, now=now)
    names = people.find(session, (hat.person_id for hat in hats))
    hers: dict[int, list[Appointment]] = {}
    for hat in hats:
        hers.setdefault(hat.person_id, []).append(hat)
    found = [
        _helper(names[person_id], worn, there[person_id, worn[0].role], lent.get(person_id, ""), to)
        for person_id, worn in hers.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.herself, not each.at_work, not each.known, each.name)))


def _helper(person: Person, hats: Sequence[Appointment], there: Presence, lent_by: str, to: int) -> Helper:
    return Helper(
        person.pk,
        person.name,
        person.picture_url,
        at_work=there.at_work,
        known=there.known,
        back_at=there.back_at,
        deputy=all(hat.deputy_for_id is not None for hat in hats),
        lent_by=lent_by,
        tools=() if any(hat.tool is None for hat in hats) else tuple(hat.tool or "" for hat in hats),
        herself=person.id == to,
    )
