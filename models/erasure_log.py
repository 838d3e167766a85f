"""The erasure log: what has been erased at somebody's wish, so that no backup brings it back.

A row names a question, a line or a person by number, never by name; a person also by salted hashes of her chat account
and her address, for in an older backup she may still be two rows. Not here: erasing (clearing.py, erasing.py).
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from hashlib import scrypt
from secrets import token_hex

from sqlmodel import Field, Session, SQLModel, col, select

from models.columns import code, instant
from models.people import Person


class What(StrEnum):
    PERSON = "person"
    QUESTION = "question"
    LINE = "line"


class Erasure(SQLModel, table=True):
    """`mark` is the same in every copy of the log."""

    mark: str = Field(primary_key=True, max_length=32)
    at: datetime = instant(index=True)
    what: What = code(What)
    row_id: int
    salt: str = Field(default="", max_length=32)
    chat: str = Field(default="", max_length=64)
    email: str = Field(default="", max_length=64)


def note(session: Session, what: What, row_id: int, *, now: datetime) -> None:
    """In the transaction that erases."""
    session.add(Erasure(mark=token_hex(16), at=now, what=what, row_id=row_id))


def note_person(session: Session, person: Person, *, now: datetime) -> None:
    salt = token_hex(16)
    hashed = {"chat": _hashed(person.chat_user_id, salt), "email": _hashed(person.email, salt)}
    session.add(Erasure(mark=token_hex(16), at=now, what=What.PERSON, row_id=person.pk, salt=salt, **hashed))


def _hashed(text: str | None, salt: str) -> str:
    """Slow on purpose: the list of a workspace's accounts is short, and could be tried through."""
    return scrypt(text.encode(), salt=salt.encode(), n=2**12, r=8, p=1, dklen=32).hex() if text else ""


def is_she(entry: Erasure, person: Person) -> bool:
    if entry.row_id == person.id:
        return True
    pairs = ((entry.chat, person.chat_user_id), (entry.email, person.email))
    return any(known and text and known == _hashed(text, entry.salt) for known, text in pairs)


def entries(session: Session) -> list[Erasure]:
    """The oldest first."""
    return list(session.exec(select(Erasure).order_by(col(Erasure.at), col(Erasure.mark))))


def missing(session: Session, others: Iterable[Erasure]) -> list[Erasure]:
    """Entries of another copy of the log that this database has not carried out yet."""
    here = set(session.exec(select(Erasure.mark)))
    return [entry for entry in others if entry.mark not in here]
