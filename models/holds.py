"""A stop for disposal: somebody has asked for a record, and nothing of it may go before it has been handed out.

A hold names one question, or none: then everything stays. Not here: what would go (disposal.py).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, literal, or_
from sqlmodel import Field, Session, SQLModel, col, select, update

from models.columns import instant
from models.db import changed
from models.errors import Gone, Refused


class Held(Refused):
    """What is asked for would erase a record that somebody waits for. `about["number"]`: the hold's."""

    key = "refused.held"


class Hold(SQLModel, table=True):
    """`ticket_id` has no foreign key: the hold is remembered after its question has gone."""

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int | None = Field(default=None, index=True)  # None: everything
    at: datetime = instant()
    until_at: datetime = instant()

    @property
    def pk(self) -> int:
        """The id of a stored hold."""
        assert self.id is not None  # noqa: S101 (a row that was read has its key)
        return self.id


def covers(about: ColumnElement[Any] | Any | None, *, now: datetime) -> ColumnElement[bool]:
    """Whether a row is held: `about` is its column of questions; None for what belongs to no question."""
    mine = col(Hold.ticket_id).is_(None)
    return exists().where(col(Hold.until_at) > now, mine if about is None else or_(mine, col(Hold.ticket_id) == about))


def in_force(session: Session, *, now: datetime) -> list[Hold]:
    return list(session.exec(select(Hold).where(col(Hold.until_at) > now).order_by(col(Hold.id))))


def on(session: Session, ticket_ids: set[int], *, now: datetime) -> Hold | None:
    """One that stands in the way of erasing these questions."""
    return next((h for h in in_force(session, now=now) if h.ticket_id is None or h.ticket_id in ticket_ids), None)


def is_held(session: Session, ticket_id: int | None, *, now: datetime) -> bool:
    about: Any = literal(ticket_id) if ticket_id is not None else None
    return bool(session.exec(select(func.count()).where(covers(about, now=now))).one())


def put(session: Session, ticket_id: int | None, *, until: datetime, now: datetime) -> Hold:
    fresh = Hold(ticket_id=ticket_id, at=now, until_at=until)
    session.add(fresh)
    session.flush()
    return fresh


def release(session: Session, hold_id: int, *, now: datetime) -> None:
    """The record has been handed out. Raises Gone for one that holds nothing any more."""
    mine = update(Hold).where(col(Hold.id) == hold_id, col(Hold.until_at) > now)
    if not changed(session, mine.values(until_at=now)):
        raise Gone
