"""Who changed what in the administration of the bot. No foreign keys: it must never stop a deletion.

What happens to a question is history (tickets.py), not audit.
"""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel

from models.columns import instant


class AuditEntry(SQLModel, table=True):
    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = instant(index=True)
    by_id: int | None = None
    what: str = Field(max_length=80)
    about: str = Field(default="", max_length=400)


def note(session: Session, what: str, *, by: int | None, now: datetime, about: str = "") -> None:
    """`by` is None when the command line or the clock acted."""
    session.add(AuditEntry(at=now, by_id=by, what=what, about=about[:400]))
