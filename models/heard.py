"""What Slack has already told us. Keys only, never payloads: a second delivery must have no second effect."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, delete, select

from models.columns import instant
from models.db import add_once, changed


class Heard(SQLModel, table=True):
    key: str = Field(primary_key=True, max_length=120)
    at: datetime = instant(index=True)


def first_time(session: Session, key: str, *, now: datetime) -> bool:
    """True once per key, in whatever thread or instance; the caller's effect commits together with the key."""
    return add_once(session, Heard, key=key, at=now)


def take_back(session: Session, key: str) -> None:
    """A form that was refused is sent again under the same key, corrected: that is its first time."""
    changed(session, delete(Heard).where(col(Heard.key) == key))


def known(session: Session, keys: list[str]) -> set[str]:
    """Which of these were heard before. Catch-up asks for whole pages of history at once."""
    return set(session.exec(select(Heard.key).where(col(Heard.key).in_(keys))))
