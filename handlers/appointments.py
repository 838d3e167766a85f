"""Who has which hat, given and ended in Home by those who answer for the place."""

from dataclasses import replace

from handlers import forms
from handlers.desk import Desk
from handlers.listening import Errors, Listeners, Press, Show, Swap
from handlers.views import appointments as view
from handlers.views import notice
from handlers.views.forms import Groups
from handlers.views.parts import Block
from handlers.words import Words
from models import administration, appointments, clock, ladder, people
from models.administration import Kind, Place, Scope
from models.db import Session
from models.errors import NotYours, Refused
from models.importing import Faulty
from models.people import Appointment, Person, Role

FIELD_OF: dict[type[Refused], str] = {
    appointments.NobodyChosen: "person",
    appointments.CannotServe: "person",
    appointments.AlreadyAppointed: "person",
    appointments.NobodyToStandInFor: "deputy_for",
    appointments.DayGone: "ends",
}


def register(on: Listeners) -> None:
    on.action("appointment.open", forms.opens(drawn, "read.appointments"), may=administration.manager_only)
    on.action("appointment.list", forms.lists(drawn), may=administration.manager_only)
    on.action("appointment.form", form, may=administration.manager_only)
    on.view("appointment.save", save, may=administration.manager_only)
    on.action("appointment.ending", ending, may=administration.manager_only)
    on.view("appointment.end", end, may=administration.manager_only)
    on.action("appointment.undo", undo, may=administration.manager_only)


def form(session: Session, press: Press, desk: Desk) -> Show:
    words, scope = desk.words(session, press.person), _scope(session, press, desk)
    frame, place = forms.frame(session, _groups(session, scope, words), forms.about(press.value)[0])
    own = [hat for hat in _hats(session, place, desk) if hat.deputy_for_id is None]
    names = people.find(session, (hat.person_id for hat in own))
    others = {(names[hat.person_id].name or words("admin.unnamed"), hat.person_id, hat.role): None for hat in own}
    roles = tuple(role for role in Role if _gives(scope, role, place))
    if not roles:
        raise NotYours
    tools = forms.tools(words.tools.tools, words)
    return Swap(view.form(view.Form(frame, roles, tuple(others), tools, clock.today(desk.now())), words))


def _gives(scope: Scope, role: Role, place: Place) -> bool:
    return any(scope.may_appoint(role, place, other) for other in (None, scope.person_id))


def save(session: Session, press: Press, desk: Desk) -> Show:
    words, now = desk.words(session, press.person), desk.now()
    code, typed = forms.about(press.note)[0], forms.typed(press, view.FIELDS)
    typed |= {"tools": "|".join(typed["tools"].split()), "deputy_for": typed["deputy_for"].replace(view.NOBODY, "")}
    try:
        appointments.appoint(session, administration.place(session, code), typed, by=press.person.pk, now=now)
    except Faulty as faulty:
        return forms.wrong(faulty, view.FIELDS, words)
    except tuple(FIELD_OF) as no:
        return Errors({FIELD_OF[type(no)]: words(no.key)})
    return Swap(drawn(session, press, desk, code, done=words("appointment.saved")))


def ending(session: Session, press: Press, desk: Desk) -> Show:
    """What becomes of her questions is said before it is done."""
    code, row = forms.about(press.value)
    words, scope = desk.words(session, press.person), _scope(session, press, desk)
    frame, _ = forms.frame(session, _groups(session, scope, words), code)
    hat, _ = appointments.hat(session, row, by=press.person.pk, now=desk.now())
    names = people.find(session, (hat.person_id, hat.deputy_for_id))
    questions = len(ladder.open_with(session, hat.person_id))
    return Swap(view.ending(frame, _drawn(hat, names, words, mine=True), questions, words))


def end(session: Session, press: Press, desk: Desk) -> Show:
    words = desk.words(session, press.person)
    code, row = forms.about(press.note)
    try:
        entry = appointments.end(session, row, press.values.get("ends", ""), by=press.person.pk, now=desk.now())
    except (appointments.DayGone, appointments.LastAdmin) as no:
        return Errors({"ends": words(no.key)})
    if not _scope(session, press, desk).manages:  # it was her own hat, the last one that gave her the list
        return Swap(notice.done(words, words("appointment.ended")))
    return Swap(drawn(session, press, desk, code, done=words("appointment.ended"), undo=entry))


def undo(session: Session, press: Press, desk: Desk) -> Show:
    code, entry = forms.about(press.value)
    appointments.undo_end(session, entry, by=press.person.pk, now=desk.now())
    return Swap(drawn(session, press, desk, code, done=desk.words(session, press.person)("admin.undone")))


# ---- the list --------------------------------------------------------------------------------------------------------


def drawn(session: Session, press: Press, desk: Desk, code: str, *, done: str = "", undo: int = 0) -> Block:
    """The hats of a place; the bot's own coordinators and admins belong to the whole administration."""
    words, scope = desk.words(session, press.person), _scope(session, press, desk)
    frame, place = forms.frame(session, _groups(session, scope, words), code, done=done, undo=undo)
    rows, pages = forms.page(_hats(session, place, desk), frame.page)
    names = people.find(session, (i for hat in rows for i in (hat.person_id, hat.deputy_for_id)))
    mine = {hat.id: scope.may_appoint(hat.role, place, hat.deputy_for_id) for hat in rows}
    hats = tuple(_drawn(hat, names, words, mine=mine[hat.id]) for hat in rows)
    return view.listed(replace(frame, pages=pages), hats, words)


def _hats(session: Session, place: Place, desk: Desk) -> list[Appointment]:
    department = place.department_id if place.kind is Kind.DEPARTMENT else None
    return people.hats_of(session, unit_id=place.unit_id, department_id=department, on=clock.today(desk.now()))


def _drawn(hat: Appointment, names: dict[int, Person], words: Words, *, mine: bool) -> view.Hat:
    other = names.get(hat.deputy_for_id or 0)
    return view.Hat(
        id=hat.id or 0,
        name=names[hat.person_id].name,
        role=hat.role,
        tool=words.tool(hat.tool),
        other=other.name if other else "",
        days=words.period(hat.starts_on, hat.ends_on),
        mine=mine,
    )


def _scope(session: Session, press: Press, desk: Desk) -> Scope:
    return administration.scope_of(session, press.person.pk, on=clock.today(desk.now()))


def _groups(session: Session, scope: Scope, words: Words) -> Groups:
    return forms.groups(session, (Kind.ALL, Kind.DEPARTMENT, Kind.UNIT), scope.covers, words)
