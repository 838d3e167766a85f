"""The erasure log as a file, kept apart from every copy of the database: PostgreSQL's own tools put its copies back.

It holds what an older copy does not know: which rows were erased, which messages in Slack are not read again, and the
last numbers that were given. Numbers, salted hashes and ids of messages; no word and no name. What is written is added
to what stands there, so that an older database makes no log shorter. Not here: SQLite's copies (backups.py).
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, text
from sqlmodel import SQLModel, col, select, update

from models import erasing, erasures, heard, settings
from models.db import Database, Session, changed
from models.erasures import Erasure
from models.errors import Refused
from models.lines import ClearedBy, Line
from models.outbox import Letter


class NotALog(Refused):
    """`about["path"]`: not there, or not written by us."""

    key = "cli.erasures.not_ours"


@dataclass(frozen=True)
class Log:
    """`gone`: keys of `heard`, of messages whose words are gone here. `last`: table → the last number given."""

    erasures: tuple[Erasure, ...] = ()
    gone: frozenset[str] = frozenset()
    last: Mapping[str, int] = field(default_factory=dict)


def of(session: Session) -> Log:
    """As this database knows it."""
    emptied = col(Line.cleared_at).is_not(None) & (col(Line.cleared_by) != ClearedBy.AGE)
    gone = select(Line.channel, Line.ts).where(emptied | col(Line.deleted_at).is_not(None))
    keys = frozenset(f"said:{channel}:{ts}" for channel, ts in session.exec(gone))
    return Log(tuple(erasures.log(session)), keys, _last(session))


def together(logs: Iterable[Log]) -> Log:
    """Everything that any of them knows."""
    found: dict[str, Erasure] = {}
    gone: set[str] = set()
    last: dict[str, int] = {}
    for log in logs:
        found |= {entry.mark: entry for entry in log.erasures}
        gone |= log.gone
        last |= {table: max(number, last.get(table, 0)) for table, number in log.last.items()}
    return Log(tuple(sorted(found.values(), key=lambda entry: (entry.at, entry.mark))), frozenset(gone), last)


def lacking(session: Session, log: Log, *, now: datetime) -> int:
    """How many erasures it knows that this database has not carried out, of those that are not too old to be kept."""
    oldest = now - settings.read(session).span("keep.audit")
    return sum(entry.at > oldest for entry in erasures.missing(session, log.erasures))


def carry_out(session: Session, log: Log, *, now: datetime) -> int:
    """After a copy was put back: what the log knows is erased again; how many. Letters that may have gone out since the
    copy was made are looked for in Slack before they are sent.
    """
    again = erasing.reapply(session, log.erasures, now=now)
    for key in sorted(log.gone):
        heard.first_time(session, key, now=now)
    changed(session, update(Letter).where(col(Letter.done_at).is_(None)).values(in_doubt=True))
    _count_on(session, log.last)
    return again


# ---- the file ------------------------------------------------------------------------------------------------------


def keep(db: Database, file: Path) -> Log:
    """Add what the database knows to the file, which only its owner may read. Raises NotALog, OSError."""
    with db.snapshot() as session:
        here = of(session)
    there = read(file) if file.exists() else Log()
    whole = together([there, here])
    if whole != there:
        _write(file, whole)
    return whole


def read(file: Path) -> Log:
    """Raises NotALog."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        entries = tuple(Erasure.model_validate(entry) for entry in told["erasures"])
        return Log(entries, frozenset(told["gone"]), {str(table): int(last) for table, last in told["last"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise NotALog(path=file) from None


def _write(file: Path, log: Log) -> None:
    """Whole or not at all."""
    entries = [entry.model_dump(mode="json") for entry in log.erasures]
    told = {"erasures": entries, "gone": sorted(log.gone), "last": dict(sorted(log.last.items()))}
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    fresh.replace(file)


# ---- numbers are given once ------------------------------------------------------------------------------------------

_LAST = text("select pg_sequence_last_value(pg_get_serial_sequence(:table, :column)::regclass)")
_ON = text("select setval(pg_get_serial_sequence(:table, :column), :last)")


def _last(session: Session) -> dict[str, int]:
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        return dict(connection.exec_driver_sql("select name, seq from sqlite_sequence").all())
    last = {table.name: connection.execute(_LAST, _counter(table)).scalar() for table in _counted()}
    return {name: number for name, number in last.items() if number is not None}


def _count_on(session: Session, last: Mapping[str, int]) -> None:
    """A number that was given since the copy was made is not given again: F-130 stays the question that it was."""
    connection, here = session.connection(), _last(session)
    for table in _counted():
        number = last.get(table.name, 0)
        if number <= here.get(table.name, 0):
            continue
        if connection.dialect.name == "postgresql":
            connection.execute(_ON, _counter(table) | {"last": number})
        elif table.name in here:
            connection.exec_driver_sql("update sqlite_sequence set seq = ? where name = ?", (number, table.name))
        else:
            connection.exec_driver_sql("insert into sqlite_sequence (seq, name) values (?, ?)", (number, table.name))


def _counted() -> list[Table]:
    """Tables whose numbers outlive their rows, on both databases."""
    return [table for table in SQLModel.metadata.sorted_tables if table.kwargs.get("sqlite_autoincrement")]


def _counter(table: Table) -> dict[str, Any]:
    column = table.autoincrement_column
    return {"table": f'"{table.name}"', "column": column.name if column is not None else ""}
