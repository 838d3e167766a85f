"""Home: what a colleague sees when she opens the app. Each feature brings its own part (`on.home`)."""

from dataclasses import dataclass

from handlers import pictures
from handlers.desk import Desk
from handlers.listening import Home, HomePart, Listeners, Show, Told
from handlers.views import home as view
from handlers.views.ticket import Facts
from models import people, tickets
from models.db import Session
from models.people import Person, PersonKind

SHOWN = 5


@dataclass(frozen=True)
class Questions:
    """Her questions, those she has taken, and those that wait for her."""

    mine: tuple[Facts, ...] = ()
    taken: tuple[Facts, ...] = ()
    waiting: tuple[Facts, ...] = ()


def register(on: Listeners) -> None:
    on.event("app_home_opened", opened)
    on.home(HomePart(10, welcome, view.welcome, budget=4))
    on.home(HomePart(30, load, lambda data, words: view.questions(data.waiting, data.taken, data.mine, words), 40))


def opened(session: Session, told: Told, desk: Desk) -> Show:
    return Home() if told.event.get("tab") == "home" else None


def welcome(session: Session, person: Person, desk: Desk) -> str:
    return people.emergency_number(session, None) or ""


def load(session: Session, person: Person, desk: Desk) -> Questions:
    """A shared phone has no "my questions": the next one who holds it shall not see them."""
    if person.kind is PersonKind.SHARED_DEVICE:
        return Questions()
    words = desk.words(session, person)

    def drawn(found: list[tickets.Ticket]) -> tuple[Facts, ...]:
        return tuple(pictures.facts(session, ticket, words) for ticket in found[:SHOWN])

    return Questions(
        mine=drawn(tickets.alive_of(session, person.pk)),
        taken=drawn(tickets.owned_by(session, person.pk)),
        waiting=drawn(tickets.asked_of(session, person.pk)),
    )
