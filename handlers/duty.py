"""A helper says how long she is at work, and when she goes home; what only she had moves on."""

from dataclasses import dataclass
from datetime import datetime, time

from handlers.desk import Desk
from handlers.listening import Errors, Home, HomePart, Listeners, Open, Press, Show
from handlers.views import duty as view
from models import clock, ladder, people, roster
from models.db import Session
from models.errors import Refused
from models.people import Person


@dataclass(frozen=True)
class Facts:
    """What the part of Home needs: whether she helps at all, and until when she is on duty."""

    helps: bool
    until: datetime | None


def register(on: Listeners) -> None:
    on.action("duty.form", form, may=people.helper_only)
    on.view("duty.on", begin, may=people.helper_only)
    on.action("duty.off", end, may=people.helper_only)
    on.home(HomePart(20, load, lambda facts, words: view.home(facts.helps, facts.until, words), budget=3))


def form(session: Session, press: Press, desk: Desk) -> Show:
    """The time is filled in as last time."""
    before = roster.last(session, press.person.pk)
    until = clock.local(before.until_at).time() if before else time(15, 30)
    return Open(view.form(until, desk.words(session, press.person)))


def begin(session: Session, press: Press, desk: Desk) -> Show:
    now = desk.now()
    try:
        until = clock.next_time(time.fromisoformat(press.values.get("until", "")), now)
        duty = roster.declare(session, press.person, until=until, now=now)
    except (Refused, ValueError) as no:
        key = no.key if isinstance(no, Refused) else "refused.no_time"
        about = no.about if isinstance(no, Refused) else {}
        return Errors({view.FIELD: desk.words(session, press.person)(key, **about)})
    ladder.come_on_duty(session, press.person.pk, f"duty{duty.id}", now=now)
    return Home()


def end(session: Session, press: Press, desk: Desk) -> Show:
    roster.end_day(session, press.person, now=desk.now())
    ladder.let_go(session, press.person.pk, now=desk.now())
    return Home()


def load(session: Session, person: Person, desk: Desk) -> Facts:
    duty = roster.current(session, person.pk, now=desk.now())
    return Facts(people.is_helper(session, person), duty.until_at if duty else None)
