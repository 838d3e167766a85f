"""What is missing in the organisation, shown in Home to those who can mend it: managers, specialists, coordinators."""

from dataclasses import dataclass

from handlers.desk import Desk
from handlers.listening import HomePart, Listeners, Open, Press, Show, Swap
from handlers.views import gaps as view
from models import clock, gaps
from models.db import Session
from models.errors import NotYours
from models.gaps import Gap
from models.people import Person, Unit


@dataclass(frozen=True)
class Looked:
    """What she looks after lacks, and for her own units how much of the coming week's hours is known."""

    missing: tuple[Gap, ...] = ()
    presence: tuple[tuple[str, int], ...] = ()


def register(on: Listeners) -> None:
    on.action("gaps.open", open_list, may=gaps.reader_only)
    on.action("gaps.page", turn, may=gaps.reader_only)
    on.home(HomePart(28, load, lambda found, words: view.home(found.missing, found.presence, words), budget=3))


def load(session: Session, person: Person, desk: Desk) -> Looked:
    scope = gaps.scope_of(session, person.pk, on=clock.today(desk.now()))
    if scope is None:
        return Looked()
    presence = [_presence(session, unit_id, desk) for unit_id in sorted(u for u in scope.units if u is not None)]
    found = gaps.report(session, scope, on=clock.today(desk.now()))
    return Looked(tuple(found), tuple(known for known in presence if known is not None))


def _presence(session: Session, unit_id: int, desk: Desk) -> tuple[str, int] | None:
    unit, share = session.get(Unit, unit_id), gaps.known_share(session, unit_id, now=desk.now())
    return (unit.name, share) if unit is not None and share is not None else None


def open_list(session: Session, press: Press, desk: Desk) -> Show:
    return Open(view.window(_missing(session, press, desk), 0, desk.words(session, press.person)))


def turn(session: Session, press: Press, desk: Desk) -> Show:
    return Swap(view.window(_missing(session, press, desk), press.about or 0, desk.words(session, press.person)))


def _missing(session: Session, press: Press, desk: Desk) -> list[Gap]:
    """What is hers today: a rule has no clock."""
    today = clock.today(desk.now())
    scope = gaps.scope_of(session, press.person.pk, on=today)
    if scope is None:
        raise NotYours
    return gaps.report(session, scope, on=today)
