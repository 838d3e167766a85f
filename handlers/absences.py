"""Who is away and who is on duty, said in Home by the manager who answers for them."""

from dataclasses import replace

from handlers import forms
from handlers.desk import Desk
from handlers.listening import Errors, Listeners, Press, Show, Swap
from handlers.views import absences as view
from handlers.views.forms import Frame
from handlers.views.parts import Block
from models import absences, administration, appointments, clock, people, roster
from models.administration import Kind, Place
from models.db import Session
from models.errors import NotYours, Refused
from models.importing import Faulty
from models.people import Absence

SAID_OF_HER: tuple[type[Refused], ...] = (
    NotYours,
    appointments.NobodyChosen,
    appointments.CannotServe,
    absences.AlreadyAway,
)


def register(on: Listeners) -> None:
    on.action("absence.open", forms.opens(drawn, "read.absences"), may=administration.manager_only)
    on.action("absence.list", forms.lists(drawn), may=administration.manager_only)
    on.action("absence.form", form, may=administration.manager_only)
    on.view("absence.save", save, may=administration.manager_only)
    on.action("absence.end", end, may=administration.manager_only)
    on.action("absence.undo", undo, may=administration.manager_only)
    on.action("duty.other_form", duty_form, may=administration.manager_only)
    on.view("duty.other_on", begin_duty, may=administration.manager_only)
    on.action("duty.other_off", end_duty, may=administration.manager_only)
    on.action("rota.form", rota_form, may=administration.manager_only)
    on.view("rota.save", rota_save, may=administration.manager_only)


def form(session: Session, press: Press, desk: Desk) -> Show:
    frame, _ = _where(session, press, desk, press.value)
    return Swap(view.form(frame, clock.today(desk.now()), desk.words(session, press.person)))


def save(session: Session, press: Press, desk: Desk) -> Show:
    words, code = desk.words(session, press.person), forms.about(press.note)[0]
    try:
        absences.send_away(session, forms.typed(press, view.FIELDS), by=press.person.pk, now=desk.now())
    except Faulty as faulty:
        return forms.wrong(faulty, view.FIELDS, words)
    except SAID_OF_HER as no:
        return Errors({"person": words(_key(no))})
    return Swap(drawn(session, press, desk, code, done=words("absence.saved")))


def _key(no: Refused) -> str:
    """Somebody who works elsewhere: the form stays, and says whom one may choose."""
    return "absence.not_yours" if isinstance(no, NotYours) else no.key


def end(session: Session, press: Press, desk: Desk) -> Show:
    code, row = forms.about(press.value)
    entry = absences.bring_back(session, row, by=press.person.pk, now=desk.now())
    done = desk.words(session, press.person)("absence.ended")
    return Swap(drawn(session, press, desk, code, done=done, undo=entry))


def undo(session: Session, press: Press, desk: Desk) -> Show:
    code, entry = forms.about(press.value)
    absences.undo_back(session, entry, by=press.person.pk, now=desk.now())
    return Swap(drawn(session, press, desk, code, done=desk.words(session, press.person)("admin.undone")))


def duty_form(session: Session, press: Press, desk: Desk) -> Show:
    frame, _ = _where(session, press, desk, press.value)
    return Swap(view.duty_form(frame, desk.words(session, press.person)))


def begin_duty(session: Session, press: Press, desk: Desk) -> Show:
    words, code = desk.words(session, press.person), forms.about(press.note)[0]
    try:
        absences.put_on_duty(session, forms.typed(press, view.DUTY), by=press.person.pk, now=desk.now())
    except SAID_OF_HER as no:
        return Errors({"person": words(_key(no))})
    except (roster.NotAhead, roster.TooLong) as no:
        return Errors({"until": words(no.key, **no.about)})
    return Swap(drawn(session, press, desk, code, done=words("duty.saved")))


def end_duty(session: Session, press: Press, desk: Desk) -> Show:
    code, person = forms.about(press.value)
    absences.take_off_duty(session, person, by=press.person.pk, now=desk.now())
    return Swap(drawn(session, press, desk, code, done=desk.words(session, press.person)("duty.ended")))


def rota_form(session: Session, press: Press, desk: Desk) -> Show:
    frame, _ = _where(session, press, desk, press.value)
    return Swap(view.rota_form(frame, forms.weeks_ahead(desk), desk.words(session, press.person)))


def rota_save(session: Session, press: Press, desk: Desk) -> Show:
    """The rota of somebody for whom this manager answers, some days at a time."""
    words, code = desk.words(session, press.person), forms.about(press.note)[0]
    change = forms.spells(press, words)
    if isinstance(change, Errors):
        return change
    try:
        absences.set_rota(session, press.values.get("person", ""), change, by=press.person.pk, now=desk.now())
    except SAID_OF_HER as no:
        return Errors({"person": words(_key(no))})
    return Swap(drawn(session, press, desk, code, done=words("rota.saved")))


# ---- the list --------------------------------------------------------------------------------------------------------


def drawn(session: Session, press: Press, desk: Desk, code: str, *, done: str = "", undo: int = 0) -> Block:
    """Of those who work in a place or have a hat there, and for whom this manager answers."""
    words, today = desk.words(session, press.person), clock.today(desk.now())
    frame, place = _where(session, press, desk, code, done=done, undo=undo)
    hers = _staff(session, place, desk)
    found = people.absences_of(session, hers, on=today)
    rows, pages = forms.page([each for each in found if _answers(session, each.person_id, press, desk)], frame.page)
    duties = [d for d in roster.on_duty(session, hers, now=desk.now()) if _answers(session, d.person_id, press, desk)]
    names = people.find(session, [*(each.person_id for each in rows), *(each.person_id for each in duties)])
    away = tuple(_away(each, names[each.person_id].name, desk) for each in rows)
    here = tuple(view.OnDuty(each.person_id, names[each.person_id].name, each.until_at) for each in duties)
    return view.listed(replace(frame, pages=pages), away, here, words)


def _answers(session: Session, person_id: int, press: Press, desk: Desk) -> bool:
    """A workmate lent from another unit is that unit's affair."""
    today = clock.today(desk.now())
    scope = administration.scope_of(session, press.person.pk, on=today)
    return administration.responsible(session, person_id, by=scope, on=today) is not None


def _away(absence: Absence, name: str, desk: Desk) -> view.Away:
    started = absence.starts_on <= clock.today(desk.now())
    return view.Away(absence.id or 0, name, absence.starts_on, absence.ends_on, started)


def _staff(session: Session, place: Place, desk: Desk) -> set[int]:
    department = place.department_id if place.kind is Kind.DEPARTMENT else None
    return people.staff_of(session, unit_id=place.unit_id, department_id=department, on=clock.today(desk.now()))


def _where(
    session: Session, press: Press, desk: Desk, code: str, *, done: str = "", undo: int = 0
) -> tuple[Frame, Place]:
    may = administration.scope_of(session, press.person.pk, on=clock.today(desk.now())).covers
    kinds = (Kind.ALL, Kind.DEPARTMENT, Kind.UNIT)
    found = forms.groups(session, kinds, may, desk.words(session, press.person))
    return forms.frame(session, found, code, done=done, undo=undo)
