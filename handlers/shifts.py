"""[Mitt schema]: somebody sets her own rota, the same hours on some days at a time."""

from handlers import forms
from handlers.desk import Desk
from handlers.listening import Errors, Home, Listeners, Open, Press, Show, Swap
from handlers.views import shifts as view
from handlers.views.parts import Block
from models import people, shifts
from models.db import Session
from models.people import Person
from models.shifts import NUMBER_OF


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
    change = forms.spells(press, words)
    if isinstance(change, Errors):
        return change
    shifts.set_pattern(session, press.person.pk, change, now=desk.now())
    return Home() if change.weeks == 1 else Swap(_drawn(session, press.person, desk))


def _drawn(session: Session, person: Person, desk: Desk) -> Block:
    rota = [
        view.Week(week.monday.isocalendar().week, tuple(view.Spell(NUMBER_OF[d], o, c) for d, o, c in week.spells))
        for week in shifts.rota_of(session, person.pk, now=desk.now())
    ]
    return view.form(rota, forms.weeks_ahead(desk), desk.words(session, person))
