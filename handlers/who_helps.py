""" "Vem hjälper dig?": for a unit, in Home and in a window. Each feature brings its own part (`on.unit_page`)."""

from dataclasses import dataclass
from typing import Any

from handlers import pictures
from handlers.desk import Desk
from handlers.listening import Home, HomePart, Listeners, Open, Press, Show, Swap, UnitPart
from handlers.views import who_helps as view
from handlers.views.parts import Block
from handlers.words import Words
from models import clock, contacts, people, roster, shared, who_helps
from models.db import Session
from models.errors import Gone
from models.people import Person, Unit
from models.tickets import anyone
from models.who_helps import Helper


@dataclass(frozen=True)
class Page:
    """A unit, and what each part has found about it."""

    unit: Unit
    found: list[tuple[UnitPart, Any]]


def register(on: Listeners) -> None:
    for part in PARTS:
        on.unit_page(part)

    def open_page(session: Session, press: Press, desk: Desk) -> Show:
        return Open(_window(session, press, desk, on.unit_parts))

    def look_elsewhere(session: Session, press: Press, desk: Desk) -> Show:
        return Swap(_window(session, press, desk, on.unit_parts))

    def load(session: Session, person: Person, desk: Desk) -> Page | view.Units:
        return _in_home(session, person, desk, [part for part in on.unit_parts if part.brief])

    on.action("who_helps.open", open_page, may=anyone)
    on.action("who_helps.unit", look_elsewhere, may=anyone)
    on.action("who_helps.work_here", work_here, may=anyone)
    on.view("who_helps.work_here", work_here, may=anyone)
    on.home(HomePart(25, load, drawn, budget=16))


def _in_home(session: Session, person: Person, desk: Desk, parts: list[UnitPart]) -> Page | view.Units:
    """Where she works today; who has not said so is asked."""
    unit_id = roster.working_unit(session, person.pk, now=desk.now())
    if unit_id is None:
        return pictures.units(session)
    return _page(session, person, unit_id, desk, parts)


def drawn(found: Page | view.Units, words: Words) -> list[Block]:
    if not isinstance(found, Page):
        return view.where(found, words)
    briefs = [block for part, data in found.found if part.brief for block in part.brief(data, words)[: part.budget]]
    return view.home(found.unit.name, found.unit.id or 0, briefs, words)


def _window(session: Session, press: Press, desk: Desk, parts: list[UnitPart]) -> Block:
    """The unit that was chosen. Who works elsewhere may say that she works here; not a shared phone."""
    words = desk.words(session, press.person)
    page = _page(session, press.person, press.about, desk, parts)
    blocks = [block for part, data in page.found for block in part.view(data, words)[: part.budget]]
    hers = roster.working_unit(session, press.person.pk, now=desk.now())
    movable = hers != page.unit.id and not (shared.is_shared(press.person) and hers)
    return view.window(page.unit.name, page.unit.id or 0, blocks, pictures.units(session), movable, words)


def _page(session: Session, person: Person, unit_id: int | None, desk: Desk, parts: list[UnitPart]) -> Page:
    unit = session.get(Unit, unit_id) if unit_id else None
    if unit is None:
        raise Gone
    found = [(part, part.load(session, person, unit.id or 0, desk)) for part in parts]
    return Page(unit, found)


def work_here(session: Session, press: Press, desk: Desk) -> Show:
    """[Jag jobbar här i dag], and the menu in Home of somebody who has not said where."""
    roster.work_today(session, press.person.pk, press.about or 0, now=desk.now())
    return Home()


# ---- the parts, in their order ---------------------------------------------------------------------------------


def experts(session: Session, person: Person, unit_id: int, desk: Desk) -> tuple[Helper, ...]:
    return who_helps.experts(session, unit_id, to=person.pk, now=desk.now())


def specialists(
    session: Session, person: Person, unit_id: int, desk: Desk
) -> tuple[tuple[str, tuple[Helper, ...]], ...]:
    return who_helps.specialists(session, unit_id, to=person.pk, now=desk.now())


def numbers(session: Session, person: Person, unit_id: int, desk: Desk) -> view.Numbers:
    """Day and night, whatever it is about, and then the tools for which it is somebody else."""
    unit = session.get(Unit, unit_id)
    if unit is None or not people.emergency_number(session, unit_id):
        return ()
    listing = contacts.listed(session, unit, on=clock.today(desk.now()))
    return (("", listing.usual), *listing.by_tool.items())


def coordinators(session: Session, person: Person, unit_id: int, desk: Desk) -> tuple[Helper, ...]:
    return who_helps.coordinators(session, to=person.pk, now=desk.now())


PARTS = (
    UnitPart(10, experts, view.experts, budget=24, brief=view.experts_brief),
    UnitPart(20, numbers, view.numbers, budget=10),
    UnitPart(30, specialists, view.specialists, budget=30),
    UnitPart(40, coordinators, view.coordinators, budget=1, brief=view.coordinators),
)
