"""Who changed what in the administration of the bot. No foreign keys: it must never stop a deletion.

What happens to a question is history (tickets.py), not audit.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, or_, true
from sqlmodel import Field, Session, SQLModel, col, select

from models.columns import instant

Values = Mapping[str, str]


class AuditEntry(SQLModel, table=True):
    """`unit_id`, `department_id`: whose managers may read it; neither: admins only. `before`, `after`: see Change."""

    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = instant(index=True)
    by_id: int | None = None
    what: str = Field(max_length=80)
    about: str = Field(default="", max_length=400)
    unit_id: int | None = Field(default=None, index=True)
    department_id: int | None = Field(default=None, index=True)
    person_id: int | None = None
    row_id: int | None = None
    before: str = Field(default="", max_length=8000)
    after: str = Field(default="", max_length=8000)


@dataclass(frozen=True)
class Change:
    """`before` and `after`: only what differs, as the texts of the import's sheets; people by their ids, never by name.

    `what` names the table and what was done: `contact.changed`. `about` is a setting, a tool: what no id points to.
    """

    what: str
    unit_id: int | None = None
    department_id: int | None = None
    person_id: int | None = None
    row_id: int | None = None
    about: str = ""
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)


def note(session: Session, what: str, *, by: int | None, now: datetime, about: str = "") -> None:
    """`by` is None when the command line or the clock acted."""
    session.add(AuditEntry(at=now, by_id=by, what=what, about=about[:400]))


def keep(session: Session, change: Change, *, by: int, now: datetime) -> int:
    """A change in Home; the entry's id, by which it can be undone."""
    named = {"unit_id", "department_id", "person_id", "row_id", "what", "about"}
    entry = AuditEntry(at=now, by_id=by, **{name: getattr(change, name) for name in named})
    entry.before, entry.after = _written(change.before), _written(change.after)
    session.add(entry)
    session.flush()
    return entry.id or 0


def _written(values: Values) -> str:
    return json.dumps(dict(values), ensure_ascii=False) if values else ""


def values(written: str) -> dict[str, str]:
    """`before` or `after` of an entry."""
    return {str(name): str(value) for name, value in json.loads(written or "{}").items()}


def everywhere() -> ColumnElement[bool]:
    """What an admin may read."""
    return true()


def within(units: Iterable[int], departments: Iterable[int]) -> ColumnElement[bool]:
    """What the managers of these may read."""
    return or_(col(AuditEntry.unit_id).in_(list(units)), col(AuditEntry.department_id).in_(list(departments)))


def latest(session: Session, readable: ColumnElement[bool], *, before: int | None, limit: int) -> list[AuditEntry]:
    """Newest first; `before` is the id of the last one that was seen."""
    older = col(AuditEntry.id) < before if before is not None else true()
    newest = select(AuditEntry).where(readable, older).order_by(col(AuditEntry.id).desc())
    return list(session.exec(newest.limit(limit)))
