"""Whom to ring: a number and a second one per unit or area, tool and time of day, and what to do meanwhile.

One question answers it all (`holding`): the most specific contact that holds now. Below it stands the number of the
administration, without which the bot does not start. `listed` is the same answer for a whole day, to be printed.
Not here: where it is shown (handlers, and bot/poster.py for paper).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import bindparam, or_
from sqlmodel import Field, Session, SQLModel, col, select

from models import clock, people, settings
from models.db import looked_up
from models.errors import Refused
from models.people import Administration, Unit


class Contact(SQLModel, table=True):
    """`opens` and `closes` are `21:00`; both empty: all day. 21:00 to 07:00 goes past midnight. No tool: any."""

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    area_id: int | None = Field(default=None, foreign_key="area.id", index=True)
    tool: str | None = Field(default=None, max_length=60)
    opens: str = Field(default="", max_length=5)
    closes: str = Field(default="", max_length=5)
    number: str = Field(max_length=40)
    second_number: str = Field(default="", max_length=40)
    what_to_do: str = Field(default="", max_length=400)
    routine: str = Field(default="", max_length=200)
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True)
class Ring:
    """Whom to ring when it cannot wait, who else if nobody answers, and what to do meanwhile. Empty: not known."""

    number: str
    second_number: str = ""
    what_to_do: str = ""
    routine: str = ""


_NEAR = select(Contact).where(
    or_(col(Contact.unit_id) == bindparam("unit"), col(Contact.area_id) == bindparam("area")),
    or_(col(Contact.tool).is_(None), col(Contact.tool) == bindparam("tool")),
    col(Contact.starts_on) <= bindparam("today"),
    or_(col(Contact.ends_on).is_(None), col(Contact.ends_on) >= bindparam("today")),
)


def numbers(session: Session) -> frozenset[str]:
    """Every number that people here may ring: nobody's secret."""
    own = session.exec(select(Contact.number, Contact.second_number)).all()
    emergency = session.exec(select(Administration.emergency_number)).all()
    rules = settings.read(session)
    owners = (rules.text(key) for key, default in settings.defaults().items() if default.kind == "phone_or_none")
    return frozenset(number for number in (*(n for pair in own for n in pair), *emergency, *owners) if number)


def holding(session: Session, unit_id: int | None, tool: str | None, *, now: datetime) -> Ring | None:
    """Tool and unit → tool and area → unit → area → administration. None: not even that one has a number."""
    unit = people.unit(session, unit_id)
    if unit is not None:
        where = {"unit": unit.id, "area": unit.area_id, "tool": tool, "today": clock.today(now)}
        best = _best(looked_up(session, _NEAR, where), clock.local(now).time())
        if best is not None:
            return best
    number = people.emergency_number(session, unit_id)
    return Ring(number) if number else None


def _best(found: Iterable[Contact], at: time) -> Ring | None:
    """The most specific of these that is open at this time of day."""
    best = min((contact for contact in found if _is_open(contact, at)), key=_rank, default=None)
    return Ring(best.number, best.second_number, best.what_to_do, best.routine) if best is not None else None


def _is_open(contact: Contact, at: time) -> bool:
    if not contact.opens:
        return True
    opens, closes = time.fromisoformat(contact.opens), time.fromisoformat(contact.closes)
    return opens <= at < closes if opens < closes else at >= opens or at < closes


def _rank(contact: Contact) -> tuple[bool, bool, bool, int, int]:
    """The smallest is the most specific: tool, unit, certain hours, and among equals what came last."""
    newest_first = -contact.starts_on.toordinal()
    return contact.tool is None, contact.unit_id is None, not contact.opens, newest_first, -(contact.id or 0)


# ---- a whole day, to be printed ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spell:
    """A part of every day and whom to ring in it. From a time to the same time: round the clock."""

    opens: time
    closes: time
    ring: Ring


@dataclass(frozen=True)
class Listing:
    """Whom a unit rings day and night: whatever it is about, and for which tools, when, somebody else."""

    unit: Unit
    usual: tuple[Spell, ...]
    by_tool: Mapping[str, tuple[Spell, ...]]


class NoNumber(Refused):
    """The administration has no number: nothing may be printed that leaves somebody alone at night."""

    key = "check.number.missing"


_HERE = select(Contact).where(
    or_(col(Contact.unit_id) == bindparam("unit"), col(Contact.area_id) == bindparam("area")),
    col(Contact.starts_on) <= bindparam("today"),
    or_(col(Contact.ends_on).is_(None), col(Contact.ends_on) >= bindparam("today")),
)


def listed(session: Session, unit: Unit, *, on: date) -> Listing:
    """What `holding` would answer at every time of this day, for every tool of the unit. Raises NoNumber."""
    number = people.emergency_number(session, unit.id)
    if not number:
        raise NoNumber
    found = list(session.exec(_HERE, params={"unit": unit.id, "area": unit.area_id, "today": on}))
    borders = sorted({time.min} | {time.fromisoformat(at) for c in found for at in (c.opens, c.closes) if at})
    usual = _rings(found, None, borders, Ring(number))
    by_tool: dict[str, tuple[Spell, ...]] = {}
    for tool in _tools(session, unit, found, on):
        rings = _rings(found, tool, borders, Ring(number))
        by_tool[tool] = _spells({at: ring for at, ring in rings.items() if ring != usual[at]}, borders)
    return Listing(unit, _spells(usual, borders), {tool: spells for tool, spells in by_tool.items() if spells})


def _tools(session: Session, unit: Unit, found: list[Contact], on: date) -> list[str]:
    """Tools that have a number of their own here, and that the unit uses."""
    known, used = {contact.tool for contact in found if contact.tool}, people.tools_of(session, unit.id, on=on)
    return sorted(known & used if used else known)


def _rings(found: list[Contact], tool: str | None, borders: list[time], otherwise: Ring) -> dict[time, Ring]:
    """Whom to ring from each border on."""
    those = [contact for contact in found if contact.tool in (None, tool)]
    return {at: _best(those, at) or otherwise for at in borders}


def _spells(rings: Mapping[time, Ring], borders: list[time]) -> tuple[Spell, ...]:
    """Neighbours with the same answer are one, past midnight too; a border without an answer is nobody's."""
    turns = [at for i, at in enumerate(borders) if rings.get(at) != rings.get(borders[i - 1])]
    if not turns:
        turns = borders[:1]
    ends = [*turns[1:], turns[0]]
    return tuple(Spell(at, end, rings[at]) for at, end in zip(turns, ends, strict=True) if at in rings)


# ---- what is missing -----------------------------------------------------------------------------------------

_HOLD = select(Contact).where(
    col(Contact.starts_on) <= bindparam("today"),
    or_(col(Contact.ends_on).is_(None), col(Contact.ends_on) >= bindparam("today")),
)
_LIVE = select(Unit).where(col(Unit.live), col(Unit.ended_on).is_(None)).order_by(col(Unit.name))


def units_without(session: Session, *, on: date) -> list[Unit]:
    """Live units that have no number of their own or of their area: the administration's stands for them."""
    places = _places(session.exec(_HOLD, params={"today": on}))
    return [unit for unit in session.exec(_LIVE) if not _at(unit, places)]


def units_with_one_number(session: Session, *, on: date) -> list[Unit]:
    """Live units where a contact that holds has no second number: what then, if nobody answers?"""
    places = _places(contact for contact in session.exec(_HOLD, params={"today": on}) if not contact.second_number)
    return [unit for unit in session.exec(_LIVE) if _at(unit, places)]


def of_place(session: Session, *, unit_id: int | None, area_id: int | None, on: date) -> list[Contact]:
    """What holds there or will, the numbers for any tool first."""
    here = col(Contact.unit_id) == unit_id if unit_id is not None else col(Contact.area_id) == area_id
    found = session.exec(select(Contact).where(here, or_(col(Contact.ends_on).is_(None), col(Contact.ends_on) >= on)))
    return sorted(found, key=lambda contact: (contact.tool or "", contact.opens, contact.starts_on, contact.id or 0))


def _places(found: Iterable[Contact]) -> set[tuple[int | None, int | None]]:
    return {(contact.unit_id, contact.area_id) for contact in found}


def _at(unit: Unit, places: set[tuple[int | None, int | None]]) -> bool:
    return (unit.id, None) in places or (unit.area_id is not None and (None, unit.area_id) in places)
