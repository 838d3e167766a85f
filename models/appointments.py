"""Hats given and ended in Home. Nothing is deleted or overwritten: a hat has a last day.

Not here: who may (administration.py), and what a hat is (people.py).
"""

import re
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from models import administration, audit, clock, editing, importing, ladder, people
from models.administration import Place, Scope
from models.audit import AuditEntry, Change
from models.db import key
from models.editing import need
from models.errors import Gone, NotYours, Refused
from models.people import Administration, Appointment, Department, Person, PersonKind, Role, Unit

CHAT_USER = re.compile(r"[UW][A-Z0-9]{2,38}")
SLACKBOT = "USLACKBOT"


class NobodyChosen(Refused):
    key = "refused.nobody_chosen"


class CannotServe(Refused):
    """A phone that several share, or somebody whose account has ended."""

    key = "refused.cannot_serve"


class NobodyToStandInFor(Refused):
    key = "refused.nobody_to_stand_in_for"


class AlreadyAppointed(Refused):
    key = "refused.already_appointed"


class LastAdmin(Refused):
    key = "refused.last_admin"


class DayGone(Refused):
    key = "refused.day_gone"


def appoint(session: Session, place: Place, typed: dict[str, str], *, by: int, now: datetime) -> int:
    """`typed`: person (of the chat), role, tools `a|b`, deputy_for (a person's id), starts, ends.

    Raises NotYours, NobodyChosen, CannotServe, NobodyToStandInFor, AlreadyAppointed, importing.Faulty.
    """
    role, other = _role(typed["role"]), key(typed.get("deputy_for"))
    need(editing.scope(session, by, now).may_appoint(role, place, other))
    person = chosen(session, typed["person"])
    hats = [Appointment(**values) for values in _hats(session, person, place, typed, other, now)]
    for hat in hats:
        _stands_in(session, hat)
        _no_twin(session, hat)
        session.add(hat)
    session.flush()
    after = {name: text for name, text in editing.said("appointments", hats[0]).items() if text}
    after |= {"tools": typed["tools"]} if typed.get("tools") else {}
    said = _change("appointment.added", hats[0], place, {}, after | _deputy(hats[0]))
    return audit.keep(session, said, by=by, now=now)


def _role(text: str) -> Role:
    if text not in set(Role):
        raise NotYours
    return Role(text)


def chosen(session: Session, chat_user_id: str) -> Person:
    """Whoever was chosen in the chat's own menu; a row of her own, if she has none."""
    if not CHAT_USER.fullmatch(chat_user_id) or chat_user_id == SLACKBOT:
        raise NobodyChosen
    person = people.chosen(session, chat_user_id)
    if person.deactivated_at is not None or person.kind is PersonKind.SHARED_DEVICE:
        raise CannotServe
    return person


def _hats(
    session: Session, person: Person, place: Place, typed: dict[str, str], other: int | None, now: datetime
) -> list[dict[str, Any]]:
    """Checked as a row of the import's sheet; one for each tool."""
    row = {
        "email": str(person.pk),
        "role": typed["role"],
        "unit": place.key if place.unit_id is not None else "",
        "department": place.key if place.kind is administration.Kind.DEPARTMENT else "",
        "tools": typed.get("tools", ""),
        "deputy_for": str(other or ""),
        "starts": typed.get("starts") or clock.today(now).isoformat(),
        "ends": typed.get("ends", ""),
    }
    where, known = {place.key: place.id}, {str(i): i for i in (person.pk, other) if i}
    return importing.one(session, "appointments", row, {Person: known, Unit: where, Department: where})


def _same_place(hat: Appointment) -> tuple[Any, ...]:
    return (
        Appointment.role == hat.role,
        col(Appointment.unit_id) == hat.unit_id,
        col(Appointment.department_id) == hat.department_id,
        editing.overlaps(Appointment, hat.starts_on, hat.ends_on),
    )


def _stands_in(session: Session, hat: Appointment) -> None:
    """For somebody who wears that hat there herself: a deputy's deputy would wear it for ever."""
    if hat.deputy_for_id is None:
        return
    own = (Appointment.person_id == hat.deputy_for_id, col(Appointment.deputy_for_id).is_(None))
    if session.exec(select(Appointment.id).where(*own, *_same_place(hat))).first() is None:
        raise NobodyToStandInFor


def _no_twin(session: Session, hat: Appointment) -> None:
    hers = (Appointment.person_id == hat.person_id, col(Appointment.tool) == hat.tool)
    same = select(Appointment.id).where(*hers, *_same_place(hat), col(Appointment.deputy_for_id) == hat.deputy_for_id)
    if session.exec(same).first() is not None:
        raise AlreadyAppointed


def _deputy(hat: Appointment) -> dict[str, str]:
    return {"deputy_for": str(hat.deputy_for_id)} if hat.deputy_for_id is not None else {}


def hat(session: Session, appointment_id: int, *, by: int, now: datetime) -> tuple[Appointment, Place]:
    """One that holds or will, for whoever may end it. Raises Gone, NotYours."""
    row = _locked(session, appointment_id)
    if row is None or editing.has_ended(row, now):
        raise Gone
    return row, _place_for(session, row, editing.scope(session, by, now))


def _locked(session: Session, appointment_id: int | None) -> Appointment | None:
    """Every admin's hat is locked with the administration's row: two cannot end each other's at one time."""
    session.exec(select(Administration.id).with_for_update()).all()
    return session.exec(select(Appointment).where(Appointment.id == appointment_id).with_for_update()).first()


def _place_for(session: Session, row: Appointment, scope: Scope) -> Place:
    place = administration.of_hat(session, row)
    if place is None:
        raise Gone
    need(scope.may_appoint(row.role, place, row.deputy_for_id))
    return place


def end(session: Session, appointment_id: int, last_day: str, *, by: int, now: datetime) -> int:
    """Her last day with it, `2026-11-30`; empty: at once, and what she had because of it moves on.

    Raises NotYours, Gone, DayGone, LastAdmin.
    """
    row, place = hat(session, appointment_id, by=by, now=now)
    today = clock.today(now)
    last = _day(last_day) if last_day else today - timedelta(days=1)
    if last_day and last < today:
        raise DayGone
    if row.role is Role.ADMIN and not _another_admin(session, row, today):
        raise LastAdmin
    before = editing.said("appointments", row)
    row.ends_on = last
    session.flush()
    if last < today:
        ladder.hat_ended(session, row.person_id, now=now)
    was, became = editing.differs(before, editing.said("appointments", row))
    facts = {"role": row.role.value} | _deputy(row)
    said = _change("appointment.ended", row, place, was | facts, became | facts)
    return audit.keep(session, said, by=by, now=now)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DayGone from None


def _another_admin(session: Session, row: Appointment, today: date) -> bool:
    """Somebody who holds it now, for good and in person: whoever administers alone cannot leave."""
    own = (Appointment.role == Role.ADMIN, col(Appointment.deputy_for_id).is_(None))
    others = select(Appointment.id).join(Person, col(Person.id) == col(Appointment.person_id))
    reached = (col(Person.chat_user_id).is_not(None), col(Person.deactivated_at).is_(None))
    lasts = (Appointment.starts_on <= today, col(Appointment.ends_on).is_(None), Appointment.person_id != row.person_id)
    return session.exec(others.where(*own, *reached, *lasts)).first() is not None


def undo_end(session: Session, entry_id: int, *, by: int, now: datetime) -> None:
    """The hat is hers again; the questions that moved on stay where they are. Raises NotYours, Gone."""

    def find(session: Session, entry: AuditEntry) -> Appointment | None:
        row = _locked(session, entry.row_id)
        if row is not None:
            _place_for(session, row, editing.scope(session, by, now))
        return row

    editing.resume(session, entry_id, "appointment", find, by=by, now=now)


def _change(what: str, row: Appointment, place: Place, before: dict[str, str], after: dict[str, str]) -> Change:
    return Change(what, place.unit_id, place.department_id, row.person_id, row.id, before=before, after=after)
