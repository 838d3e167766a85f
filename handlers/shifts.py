"""[Mitt schema]: somebody sets her own rota, the same hours on some days at a time."""

from datetime import time, timedelta

from handlers.desk import Desk
from handlers.listening import Errors, Home, Listeners, Open, Press, Show, Swap, number
from handlers.views import shifts as view
from handlers.views.parts import Block
from models import clock, people, shifts
from models.db import Session
from models.people import Person
from models.shifts import LONGEST_CYCLE, NUMBER_OF, Spells, Weekday


def register(on: Listeners) -> None:
    on.action("shifts.form", form, may=people.helper_only)
    on.action("shifts.end", end, may=people.helper_only)
    on.view("shifts.save", save, may=people.helper_only)


def form(session: Session, press: Press, desk: Desk) -> Show:
    return Open(_drawn(session, press.person, desk))


def end(session: Session, press: Press, desk: Desk) -> Show:
    """[Ta bort mitt schema]: the form stays open, without it."""
    shifts.end_pattern(session, press.person.pk, now=desk.now())
    return Swap(_drawn(session, press.person, desk))


def save(session: Session, press: Press, desk: Desk) -> Show:
    """A rota of one week is done with that; of several weeks the form stays for the next one."""
    words = desk.words(session, press.person)
    days = frozenset(list(Weekday)[int(day)] for day in press.values.get(view.DAYS, "").split() if day in "0123456")
    opens, closes = (press.values.get(name, "") for name in (view.FROM, view.TO))
    if not days:
        return Errors({view.DAYS: words("shifts.no_days")})
    if not _are_times(opens, closes):
        return Errors({view.TO: words("shifts.two_times")})
    weeks, week = number(press.values.get(view.WEEKS)) or 1, number(press.values.get(view.WEEK)) or 0
    hours = (opens, closes) if opens else None
    shifts.set_pattern(session, press.person.pk, Spells(weeks, week, days, hours), now=desk.now())
    return Home() if weeks == 1 else Swap(_drawn(session, press.person, desk))


def _are_times(opens: str, closes: str) -> bool:
    """Two different ones, or none."""
    if not opens and not closes:
        return True
    try:
        return time.fromisoformat(opens) != time.fromisoformat(closes)
    except ValueError:
        return False


def _drawn(session: Session, person: Person, desk: Desk) -> Block:
    monday = clock.monday(clock.today(desk.now()))
    rota = [
        view.Week(week.monday.isocalendar().week, tuple(view.Spell(NUMBER_OF[d], o, c) for d, o, c in week.spells))
        for week in shifts.rota_of(session, person.pk, now=desk.now())
    ]
    ahead = [(monday + timedelta(weeks=n)).isocalendar().week for n in range(LONGEST_CYCLE)]
    return view.form(rota, ahead, desk.words(session, person))
