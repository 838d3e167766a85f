"""Whom to ring, changed in Home: by managers for their places, by specialists for their tools."""

from dataclasses import replace

from handlers import forms, slack_text
from handlers.desk import Desk
from handlers.listening import Errors, Listeners, Press, Show, Swap
from handlers.views import contacts as view
from handlers.views.forms import Groups
from handlers.views.parts import Block
from handlers.words import Words
from models import administration, clock, contacts, editing
from models.administration import Kind, Scope
from models.contacts import Contact
from models.db import Session
from models.importing import Faulty


def register(on: Listeners) -> None:
    on.action("contact.open", forms.opens(drawn), may=administration.administers)
    on.action("contact.list", forms.lists(drawn), may=administration.administers)
    on.action("contact.form", form, may=administration.administers)
    on.view("contact.save", save, may=administration.administers)
    on.action("contact.end", end, may=administration.administers)
    on.action("contact.undo", undo, may=administration.administers)


def form(session: Session, press: Press, desk: Desk) -> Show:
    """Empty for a new one."""
    code, row = forms.about(press.value)
    words, scope = desk.words(session, press.person), _scope(session, press, desk)
    frame, place = forms.frame(session, _groups(session, scope, words), code)
    choose = forms.tools((key for key in words.tools.tools if scope.may_contact(place, key)), words)
    empty = view.Form(frame, 0, choose, scope.may_contact(place, None), starts=clock.today(desk.now()))
    if not row:
        return Swap(view.form(empty, words))
    found, _ = editing.contact(session, row, by=press.person.pk, now=desk.now())
    return Swap(view.form(_filled(empty, found), words))


def _filled(form: view.Form, found: Contact) -> view.Form:
    return replace(
        form,
        id=found.id or 0,
        tools=found.tool or "",
        number=found.number,
        second_number=found.second_number,
        opens=found.opens,
        closes=found.closes,
        what_to_do=found.what_to_do,
        routine=found.routine,
        starts=found.starts_on,
        ends=found.ends_on,
    )


def save(session: Session, press: Press, desk: Desk) -> Show:
    """Anew or changed, by what the form was opened for."""
    code, row = forms.about(press.note)
    words, by, now = desk.words(session, press.person), press.person.pk, desk.now()
    typed = {name: slack_text.plain(text) for name, text in forms.typed(press, view.FIELDS).items()}
    typed["tools"] = "" if typed["tools"] == view.ANY else typed["tools"]
    try:
        if row:
            editing.change_contact(session, row, typed, by=by, now=now)
        else:
            editing.add_contact(session, administration.place(session, code), typed, by=by, now=now)
    except Faulty as faulty:
        return forms.wrong(faulty, view.FIELDS, words)
    except editing.ThereAlready as no:
        return Errors({"tools": words(no.key)})
    return Swap(drawn(session, press, desk, code, done=words("contact.saved", number=slack_text.safe(typed["number"]))))


def end(session: Session, press: Press, desk: Desk) -> Show:
    code, row = forms.about(press.value)
    entry = editing.end_contact(session, row, by=press.person.pk, now=desk.now())
    return Swap(drawn(session, press, desk, code, done=desk.words(session, press.person)("contact.ended"), undo=entry))


def undo(session: Session, press: Press, desk: Desk) -> Show:
    code, entry = forms.about(press.value)
    editing.undo_contact(session, entry, by=press.person.pk, now=desk.now())
    return Swap(drawn(session, press, desk, code, done=desk.words(session, press.person)("admin.undone")))


# ---- the list --------------------------------------------------------------------------------------------------------


def drawn(session: Session, press: Press, desk: Desk, code: str, *, done: str = "", undo: int = 0) -> Block:
    words, scope = desk.words(session, press.person), _scope(session, press, desk)
    frame, place = forms.frame(session, _groups(session, scope, words), code, done=done, undo=undo)
    found = contacts.of_place(session, unit_id=place.unit_id, area_id=place.area_id, on=clock.today(desk.now()))
    hers = [each for each in found if scope.may_contact(place, each.tool)]
    rows, pages = forms.page(hers, frame.page)
    numbers = tuple(_number(each, words) for each in rows)
    return view.listed(replace(frame, pages=pages), numbers, words)


def _scope(session: Session, press: Press, desk: Desk) -> Scope:
    return administration.scope_of(session, press.person.pk, on=clock.today(desk.now()))


def _groups(session: Session, scope: Scope, words: Words) -> Groups:
    return forms.groups(session, (Kind.UNIT, Kind.AREA), scope.may_see_contacts, words)


def _number(found: Contact, words: Words) -> view.Number:
    return view.Number(
        id=found.id or 0,
        tool=words.tool(found.tool),
        hours=words.hours(found.opens, found.closes),
        days=words.period(found.starts_on, found.ends_on),
        number=found.number,
        second=found.second_number,
        what_to_do=found.what_to_do,
        routine=found.routine,
    )
