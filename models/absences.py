"""Who is away and who is on duty, said by a manager for her staff: as if they had said so themselves.

Never why somebody is away. What she says of her own working day is roster.py's.
"""

from datetime import datetime, time, timedelta

from sqlmodel import Session, select

from models import administration, audit, clock, editing, importing, ladder, people, roster, shifts, stuga
from models.administration import Place
from models.appointments import CHAT_USER, CannotServe, NobodyChosen
from models.audit import AuditEntry, Change
from models.errors import Gone, NotYours, Refused
from models.people import Absence, Person, PersonKind
from models.shifts import Spells


class AlreadyAway(Refused):
    key = "refused.already_away"


def send_away(session: Session, typed: dict[str, str], *, by: int, now: datetime) -> int:
    """`typed`: person (of the chat), starts, ends; never why. From today her open questions move on. She hears nothing.

    Raises NotYours, NobodyChosen, CannotServe, AlreadyAway, importing.Faulty.
    """
    person, place = _hers(session, typed["person"], by, now)
    starts = typed.get("starts") or clock.today(now).isoformat()
    row = {"email": str(person.pk), "starts": starts, "ends": typed["ends"]}
    absence = Absence(**importing.one(session, "absences", row, {Person: {str(person.pk): person.pk}})[0])
    same = (Absence.person_id == person.pk, editing.overlaps(Absence, absence.starts_on, absence.ends_on))
    if session.exec(select(Absence.id).where(*same)).first() is not None:
        raise AlreadyAway
    session.add(absence)
    session.flush()
    if person.pk in people.away_until(session, [person.pk], on=clock.today(now)):
        ladder.let_go(session, person.pk, now=now)
    stuga.keep_calendar(session, now=now)
    said = _said("absence.added", absence, place, {}, editing.said("absences", absence))
    return audit.keep(session, said, by=by, now=now)


def _hers(session: Session, chat_user_id: str, by: int, now: datetime) -> tuple[Person, Place]:
    """Somebody for whom this manager answers, and where. Nobody becomes a row by this."""
    if not CHAT_USER.fullmatch(chat_user_id):
        raise NobodyChosen
    person = people.by_chat_user(session, chat_user_id)
    if person is None:
        raise NotYours
    place = _answers(session, person.pk, by, now)
    if person.deactivated_at is not None or person.kind is PersonKind.SHARED_DEVICE:
        raise CannotServe
    return person, place


def _answers(session: Session, person_id: int, by: int, now: datetime) -> Place:
    scope = editing.scope(session, by, now)
    place = administration.responsible(session, person_id, by=scope, on=clock.today(now))
    if place is None:
        raise NotYours
    return place


def bring_back(session: Session, absence_id: int, *, by: int, now: datetime) -> int:
    """[Är tillbaka]: yesterday was the last day. Raises NotYours, Gone."""
    row = session.exec(select(Absence).where(Absence.id == absence_id).with_for_update()).first()
    if row is None or editing.has_ended(row, now):
        raise Gone
    place, before = _answers(session, row.person_id, by, now), editing.said("absences", row)
    row.ends_on = clock.today(now) - timedelta(days=1)
    session.flush()
    stuga.keep_calendar(session, now=now)
    was, became = editing.differs(before, editing.said("absences", row))
    return audit.keep(session, _said("absence.ended", row, place, was, became), by=by, now=now)


def undo_back(session: Session, entry_id: int, *, by: int, now: datetime) -> None:
    """Raises NotYours, Gone."""

    def find(session: Session, entry: AuditEntry) -> Absence | None:
        row = session.exec(select(Absence).where(Absence.id == entry.row_id).with_for_update()).first()
        if row is not None:
            _answers(session, row.person_id, by, now)
        return row

    row: Absence = editing.resume(session, entry_id, "absence", find, by=by, now=now)
    if row.person_id in people.away_until(session, [row.person_id], on=clock.today(now)):
        ladder.let_go(session, row.person_id, now=now)
    stuga.keep_calendar(session, now=now)


def _said(what: str, row: Absence, place: Place, before: dict[str, str], after: dict[str, str]) -> Change:
    return Change(what, place.unit_id, place.department_id, row.person_id, row.id, before=before, after=after)


# ---- duty ------------------------------------------------------------------------------------------------------------


def put_on_duty(session: Session, typed: dict[str, str], *, by: int, now: datetime) -> int:
    """`typed`: person (of the chat), until (`19:00`). As if she had said so herself. Raises as roster.declare does."""
    person, place = _hers(session, typed["person"], by, now)
    try:
        until = clock.next_time(time.fromisoformat(typed["until"]), now)
    except ValueError:
        raise roster.NotAhead from None
    duty = roster.declare(session, person, until=until, now=now)
    ladder.begin_shift(session, duty, now=now)
    said = Change("duty.added", place.unit_id, place.department_id, person.pk, duty.id, after=_until(until))
    return audit.keep(session, said, by=by, now=now)


def take_off_duty(session: Session, person_id: int, *, by: int, now: datetime) -> int:
    """She has gone home: what she has taken moves on. Raises NotYours, Gone."""
    place, person = _answers(session, person_id, by, now), people.find(session, [person_id])[person_id]
    duty = roster.current(session, person_id, now=now)
    if duty is None:
        raise Gone
    was = _until(duty.until_at)
    roster.end_day(session, person, now=now)
    ladder.let_go(session, person_id, now=now)
    said = Change("duty.ended", place.unit_id, place.department_id, person_id, duty.id, before=was, after=_until(now))
    return audit.keep(session, said, by=by, now=now)


def _until(at: datetime) -> dict[str, str]:
    return {"until": clock.local(at).strftime("%H:%M")}


# ---- hours -----------------------------------------------------------------------------------------------------------


def set_rota(session: Session, chat_user_id: str, change: Spells, *, by: int, now: datetime) -> int:
    """Her hours on these days, as if she had set them herself. Raises NotYours, NobodyChosen, CannotServe."""
    person, place = _hers(session, chat_user_id, by, now)
    before = _rota(session, person, now)
    shifts.set_pattern(session, person.pk, change, now=now)
    after = _rota(session, person, now)
    said = Change("rota.changed", place.unit_id, place.department_id, person.pk, before=before, after=after)
    return audit.keep(session, said, by=by, now=now)


def _rota(session: Session, person: Person, now: datetime) -> dict[str, str]:
    """`48: mon 07:00-16:00, …` of a whole cycle."""
    weeks = shifts.rota_of(session, person.pk, now=now)
    told = [f"{w.monday:%V}: " + ", ".join(f"{day} {opens}-{closes}" for day, opens, closes in w.spells) for w in weeks]
    return {"hours": "; ".join(told)} if told else {}
