"""Home: what a colleague sees when she opens the app. Each feature brings its own part (`on.home`)."""

from dataclasses import dataclass
from datetime import timedelta

from handlers import pictures
from handlers.desk import Desk
from handlers.listening import Home, HomePart, Listeners, Show, Told
from handlers.views import home as view
from handlers.views import parts
from handlers.views.home import Some
from handlers.views.parts import Block
from handlers.words import Words
from models import clock, contacts, roster, settings, tickets
from models.db import Session
from models.people import Person, PersonKind
from models.recognition import Urgency
from models.tickets import State, Ticket

SHOWN = 5


@dataclass(frozen=True)
class Helping:
    """What waits for her, what she has taken and parked, and her own week: questions, minutes."""

    waiting: Some
    taken: Some
    parked: Some
    week: tuple[int, int]


def register(on: Listeners) -> None:
    on.event("app_home_opened", opened)
    on.home(HomePart(10, welcome, view.welcome, budget=3))
    on.home(HomePart(12, helping, drawn_helping, 20))
    on.home(HomePart(30, asking, drawn_asking, 1 + SHOWN))


def opened(session: Session, told: Told, desk: Desk) -> Show:
    return Home() if told.event.get("tab") == "home" else None


def welcome(session: Session, person: Person, desk: Desk) -> contacts.Ring:
    """The number of where she works today, whatever the tool."""
    unit_id = roster.working_unit(session, person.pk, now=desk.now())
    return contacts.holding(session, unit_id, None, now=desk.now()) or contacts.Ring("")


def helping(session: Session, person: Person, desk: Desk) -> Helping:
    """A helper's part. It comes first: what waits for her is why she looks."""
    hers = tickets.owned_by(session, person.pk)
    waiting = sorted(tickets.asked_of(session, person.pk), key=lambda ticket: ticket.urgency is not Urgency.ACUTE)
    return Helping(
        waiting=_facts(session, waiting, person, desk),
        taken=_facts(session, [ticket for ticket in hers if ticket.state is not State.PARKED], person, desk),
        parked=_facts(session, [ticket for ticket in hers if ticket.state is State.PARKED], person, desk),
        week=own_time(session, person, desk),
    )


def drawn_helping(data: Helping, words: Words) -> list[Block]:
    lists = [*view.helping(data.waiting, data.taken, data.parked, words), *view.own_time(*data.week, words)]
    return [*lists, parts.divider()] if lists else []


def own_time(session: Session, person: Person, desk: Desk) -> tuple[int, int]:
    """This week: questions taken and minutes, for the helper's own eyes."""
    monday = clock.week_start(desk.now())
    most = settings.read(session).span("own_time.most")
    count, time = tickets.own_time(session, person.pk, since=monday, most=most)
    return count, max(1, time // timedelta(minutes=1))


def asking(session: Session, person: Person, desk: Desk) -> Some | None:
    """A shared phone has no "my questions", not even none: the next one who holds it shall not see them."""
    if person.kind is PersonKind.SHARED_DEVICE:
        return None
    return _facts(session, tickets.alive_of(session, person.pk), person, desk)


def drawn_asking(mine: Some | None, words: Words) -> list[Block]:
    return [] if mine is None else view.asking(mine, words)


def _facts(session: Session, found: list[Ticket], person: Person, desk: Desk) -> Some:
    words = desk.words(session, person)
    return Some(tuple(pictures.facts(session, ticket, words) for ticket in found[:SHOWN]), len(found))
