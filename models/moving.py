"""Carrying a whole database over to another one: every row of every table, or nothing.

Both are read back at the end and compared. Not here: who may (the command line), and the tables' shape (migrations).
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import SQLModel

from models.db import Database, Session
from models.errors import Refused

AT_ONCE = 1000  # rows


class NotEmpty(Refused):
    """The target holds rows; `about["table"]` is the first that does."""

    key = "refused.target_not_empty"


class NotCarried(Refused):
    """A row does not fit, or what arrived differs from what was sent; the target is left as it was."""

    key = "refused.not_carried"


@dataclass(frozen=True)
class Carried:
    """A table: how many rows it has in both databases now, and a checksum over all their values."""

    table: str
    rows: int
    checksum: str


def carry(source: Database, target: Database) -> list[Carried]:
    """Everything from one database to another that is migrated and empty. Nobody can write to either meanwhile."""
    with source.transaction() as here, target.transaction() as there:
        _refuse_unless_empty(there)
        return [_table(here.connection(), there.connection(), table) for table in SQLModel.metadata.sorted_tables]


def _refuse_unless_empty(session: Session) -> None:
    for table in SQLModel.metadata.sorted_tables:
        if session.connection().execute(select(table).limit(1)).first() is not None:
            raise NotEmpty(table=table.name)


def _table(here: Connection, there: Connection, table: Table) -> Carried:
    """Tables come in the order of their foreign keys; none points to itself."""
    try:
        for rows in _rows(here, table):
            there.execute(insert(table), [row._asdict() for row in rows])
        _count_on(there, table)
    except SQLAlchemyError as fault:
        raise NotCarried(table=table.name) from fault
    sent, arrived = _read(here, table), _read(there, table)
    if sent != arrived:
        raise NotCarried(table=table.name)
    return arrived


def _rows(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    yield from connection.execute(select(table)).partitions(AT_ONCE)


def _count_on(connection: Connection, table: Table) -> None:
    """A new row gets the number after the last one; rows that bring theirs along do not move PostgreSQL's counter."""
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    highest = connection.execute(select(func.max(column))).scalar()
    counter = text("select setval(pg_get_serial_sequence(:table, :column), :last, :used)")
    told = {"table": f'"{table.name}"', "column": column.name, "last": highest or 1, "used": highest is not None}
    connection.execute(counter, told)


def _read(connection: Connection, table: Table) -> Carried:
    """In whatever order the rows come: databases sort texts differently."""
    number, total = 0, 0
    for rows in _rows(connection, table):
        for row in rows:
            written = repr([_plain(value) for value in row]).encode()
            number, total = number + 1, total + int.from_bytes(hashlib.sha256(written).digest(), "big")
    return Carried(table.name, number, f"{total % 2**64:016x}")


def _plain(value: Any) -> Any:
    """The same on both databases: instants are in UTC, codes are their text."""
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime) else value
