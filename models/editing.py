"""Changes in the administration, one verb each: asked whether this person may, checked as the import checks, told to
the trail. Each verb returns the entry of the trail, by which a
wrong tap can be undone.

Nothing is deleted: what ends has a last day. Not here: who may (administration.py).
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, SQLModel, select

from models import administration, audit, clock, exporting, importing, layout
from models.administration import Place, Scope
from models.audit import AuditEntry, Change
from models.contacts import Contact
from models.errors import Gone, NotYours, Refused
from models.people import Area, Unit


class ThereAlready(Refused):
    key = "refused.there_already"


def scope(session: Session, by: int, now: datetime) -> Scope:
    return administration.scope_of(session, by, on=clock.today(now))


def need(may: bool) -> None:
    if not may:
        raise NotYours


def said(sheet: str, row: SQLModel) -> dict[str, str]:
    """A row as its sheet would say it, without what it points to."""
    columns = [column for column in layout.SHEETS[sheet].shown if column.of is None]
    return {column.name: exporting.cell(getattr(row, column.attr)) for column in columns}


def differs(before: dict[str, str], after: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    names = [name for name in after if before.get(name, "") != after[name]]
    return {name: before[name] for name in names if before.get(name)}, {name: after[name] for name in names}


def overlaps(table: Any, starts: date, ends: date | None) -> Any:
    """Whether a dated row holds on some day of these."""
    lasts = or_(table.ends_on.is_(None), table.ends_on >= starts)
    return lasts if ends is None else (table.starts_on <= ends) & lasts


Find = Callable[[Session, AuditEntry], Any]
UNDO_WITHIN = timedelta(days=1)


def resume(session: Session, entry_id: int, what: str, find: Find, *, by: int, now: datetime) -> Any:
    """What was ended a moment ago holds again: the row that `find` gets, for whoever may. Raises Gone once it has
    changed since."""
    entry = session.get(AuditEntry, entry_id)
    if entry is None or entry.what != f"{what}.ended" or now - entry.at > UNDO_WITHIN:
        raise Gone
    row, before, after = find(session, entry), audit.values(entry.before), audit.values(entry.after)
    if row is None or exporting.cell(row.ends_on) != after.get("ends"):
        raise Gone
    row.ends_on = date.fromisoformat(before["ends"]) if before.get("ends") else None
    session.flush()
    where = (entry.unit_id, entry.department_id, entry.person_id, entry.row_id, entry.about)
    back = Change(f"{what}.resumed", *where, before=after, after={"ends": before.get("ends", "")})
    audit.keep(session, back, by=by, now=now)
    return row


# ---- numbers to ring -------------------------------------------------------------------------------------------------


def contact_place(session: Session, contact: Contact) -> Place:
    """Raises Gone where its unit has ended."""
    if contact.unit_id is not None:
        found = administration.unit(session, contact.unit_id)
    else:
        found = administration.area(session, contact.area_id or 0)
    if found is None:
        raise Gone
    return found


def contact(session: Session, contact_id: int, *, by: int, now: datetime) -> tuple[Contact, Place]:
    """One that still holds or will, for whoever may change it. Raises Gone, NotYours."""
    row = session.exec(select(Contact).where(Contact.id == contact_id).with_for_update()).first()
    if row is None or has_ended(row, now):
        raise Gone
    place = contact_place(session, row)
    need(scope(session, by, now).may_contact(place, row.tool))
    return row, place


def has_ended(row: Any, now: datetime) -> bool:
    return row.ends_on is not None and row.ends_on < clock.today(now)


def add_contact(session: Session, place: Place, typed: dict[str, str], *, by: int, now: datetime) -> int:
    """Raises NotYours, ThereAlready, importing.Faulty."""
    need(scope(session, by, now).may_contact(place, typed.get("tools") or None))
    row = Contact(**_contact_values(session, place, typed, None, now))
    session.add(row)
    session.flush()
    return audit.keep(session, _contact_change("contact.added", row, place, {}), by=by, now=now)


def change_contact(session: Session, contact_id: int, typed: dict[str, str], *, by: int, now: datetime) -> int:
    """In place: what it said before stands in the trail. Raises NotYours, Gone, ThereAlready, importing.Faulty."""
    row, place = contact(session, contact_id, by=by, now=now)
    need(scope(session, by, now).may_contact(place, typed.get("tools") or None))
    before = said("contacts", row)
    for name, value in _contact_values(session, place, typed, row.id, now).items():
        setattr(row, name, value)
    session.flush()
    return audit.keep(session, _contact_change("contact.changed", row, place, before), by=by, now=now)


def end_contact(session: Session, contact_id: int, *, by: int, now: datetime) -> int:
    """From today it holds no more. Raises NotYours, Gone."""
    row, place = contact(session, contact_id, by=by, now=now)
    before = said("contacts", row)
    row.ends_on = clock.today(now) - timedelta(days=1)
    session.flush()
    return audit.keep(session, _contact_change("contact.ended", row, place, before), by=by, now=now)


def _contact_values(
    session: Session, place: Place, typed: dict[str, str], own: int | None, now: datetime
) -> dict[str, Any]:
    table = Unit if place.unit_id is not None else Area
    where = {table.__name__.casefold(): place.key, "starts": typed.get("starts") or clock.today(now).isoformat()}
    values = importing.one(session, "contacts", typed | where, {table: {place.key: place.id}})[0]
    same = [getattr(Contact, name) == values[name] for name in ("unit_id", "area_id", "tool", "opens", "closes")]
    overlap = overlaps(Contact, values["starts_on"], values["ends_on"])
    if session.exec(select(Contact.id).where(*same, Contact.id != (own or 0), overlap)).first() is not None:
        raise ThereAlready
    return values


def _contact_change(what: str, row: Contact, place: Place, before: dict[str, str]) -> Change:
    was, became = differs(before, said("contacts", row))
    where = (place.unit_id, place.department_id, None, row.id, row.tool or "")
    return Change(what, *where, before=was, after=became)


def undo_contact(session: Session, entry_id: int, *, by: int, now: datetime) -> None:
    """Raises NotYours, Gone."""

    def find(session: Session, entry: AuditEntry) -> Contact | None:
        row = session.exec(select(Contact).where(Contact.id == entry.row_id).with_for_update()).first()
        need(row is not None and scope(session, by, now).may_contact(contact_place(session, row), row.tool))
        return row

    resume(session, entry_id, "contact", find, by=by, now=now)
