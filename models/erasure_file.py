"""The erasure log as a file, kept apart from every copy of the database: PostgreSQL's own tools put its copies back.

It holds what an older copy does not know: which rows were erased, which messages in Slack are not read again, where the
bot's own messages stand, and the last numbers that were given. Numbers, salted hashes and ids of messages; no word and
no name. What is written is added to what stands there, so that an older database makes no log shorter. Not here: the
log itself (erasure_log.py), SQLite's copies (backups.py).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

from sqlalchemy import Table, text
from sqlmodel import SQLModel, col, select, update

from models import disposal, erasing, erasure_log, heard, outbox, settings
from models.db import Database, Session, changed
from models.erasure_log import Erasure
from models.errors import Refused
from models.lines import ClearedBy, Line
from models.outbox import Intent, Letter, Posted
from models.people import Person

MESSAGES = timedelta(days=14)  # the oldest of the bot's messages that are named: an older copy ought not to be put back


class NotALog(Refused):
    """`about["path"]`: not there, or not written by us."""

    key = "cli.erasures.not_ours"


class Message(NamedTuple):
    """One of the bot's own. `files`: their ids, with spaces between, where it carries any."""

    channel: str
    ts: str
    place: str
    to: int
    files: str

    @property
    def at(self) -> tuple[str, str]:
        return self.channel, self.ts


@dataclass(frozen=True)
class Log:
    """`gone`: keys of `heard`, of messages whose words are gone here. `last`: table → the last number given."""

    erasures: tuple[Erasure, ...] = ()
    gone: frozenset[str] = frozenset()
    last: Mapping[str, int] = field(default_factory=dict)
    messages: frozenset[Message] = frozenset()


def of(session: Session, *, since: str = "") -> Log:
    """As this database knows it; of the messages, those that Slack got at `since` or later."""
    emptied = col(Line.cleared_at).is_not(None) & (col(Line.cleared_by) != ClearedBy.AGE)
    gone = select(Line.channel, Line.ts).where(emptied | col(Line.deleted_at).is_not(None))
    keys = frozenset(f"said:{channel}:{ts}" for channel, ts in session.exec(gone))
    return Log(tuple(erasure_log.entries(session)), keys, _last(session), _standing(session, since))


def _standing(session: Session, since: str) -> frozenset[Message]:
    """Columns, not rows: of a summer's month there are forty thousand."""
    files = {p.place: " ".join(outbox.files_in(p)) for p in outbox.placed(session, "files:")}
    known = select(Posted.channel, Posted.ts, Posted.place, Posted.to_id).where(col(Posted.ts) >= since)
    return frozenset(Message(*told, files.get(told[2], "")) for told in session.exec(known))


def together(logs: Iterable[Log]) -> Log:
    """Everything that any of them knows."""
    found: dict[str, Erasure] = {}
    gone: set[str] = set()
    messages: set[Message] = set()
    last: dict[str, int] = {}
    for log in logs:
        found |= {entry.mark: entry for entry in log.erasures}
        gone |= log.gone
        messages |= log.messages
        last |= {table: max(number, last.get(table, 0)) for table, number in log.last.items()}
    entries = tuple(sorted(found.values(), key=lambda entry: (entry.at, entry.mark)))
    return Log(entries, frozenset(gone), last, frozenset(messages))


def is_older(session: Session, log: Log) -> bool:
    """Whether numbers were given that this database has not given yet: it is a copy of then."""
    here = _last(session)
    return any(log.last.get(table.name, 0) > here.get(table.name, 0) for table in _counted())


def lacking(session: Session, log: Log, *, now: datetime) -> int:
    """How many erasures it knows that this database has not carried out, of those that are not too old to be kept."""
    oldest = _oldest(session, now)
    return sum(entry.at > oldest for entry in erasure_log.missing(session, log.erasures))


def _oldest(session: Session, now: datetime) -> datetime:
    """What was erased before that, the database itself knows no longer."""
    return now - settings.read(session).span("keep.audit")


def carry_out(session: Session, log: Log, *, now: datetime) -> int:
    """After a copy was put back: what the log knows is erased again; how many. Letters that may have gone out since the
    copy was made are looked for in Slack before they are sent.
    """
    _put_right(session, log.messages, now=now)
    again = erasing.reapply(session, log.erasures, now=now)
    for key in sorted(log.gone):
        heard.first_time(session, key, now=now)
    changed(session, update(Letter).where(col(Letter.done_at).is_(None)).values(in_doubt=True))
    _count_on(session, log.last)
    return again


def _put_right(session: Session, messages: Iterable[Message], *, now: datetime) -> None:
    """What the bot has posted since. A message of a letter that the copy knows is that letter's. Any other is taken
    away: what it is about is not here, its buttons lead nowhere, and nobody's words would ever leave it.
    """
    known = set(session.exec(select(Posted.channel, Posted.ts)))
    readers, ours = set(session.exec(select(Person.id))), outbox.places(session)
    fresh = [m for m in messages if m.at not in known and m.to in readers]
    fresh.sort(key=lambda m: m.ts, reverse=True)  # of two in one place the later stands
    for n, message in enumerate(fresh):
        if message.place in ours:
            ours.discard(message.place)
            outbox.remember(session, message.place, message.to, message.at, now=now)
        else:
            _take_away(session, message, now=now, due=now + n * disposal.APART)


def _take_away(session: Session, message: Message, *, now: datetime, due: datetime) -> None:
    """From a place of its own: the question may come to this reader anew meanwhile."""
    kind = "files" if message.files else "gone"
    place = f"{kind}:{message.channel}:{message.ts}"
    outbox.remember(session, place, message.to, message.at, digest=message.files, now=now)
    outbox.put(session, Intent("erase", message.to, None, place, f"{message.ts} erased"), now=now, due=due)


# ---- the file ------------------------------------------------------------------------------------------------------


def keep(db: Database, file: Path, *, now: datetime) -> Log:
    """Add what the database knows to the file, which only its owner may read. Raises NotALog, OSError."""
    since = _as_slack_says(now - MESSAGES)
    with db.snapshot() as session:
        here, oldest = of(session, since=since), _oldest(session, now)
    there = read(file) if file.exists() else Log()
    whole = _of_use(together([there, here]), oldest, since)
    if whole != there:
        _write(file, whole)
    return whole


def _of_use(log: Log, oldest: datetime, since: str) -> Log:
    erasures = tuple(entry for entry in log.erasures if entry.at > oldest)
    gone = frozenset(key for key in log.gone if key.rpartition(":")[2] >= _as_slack_says(oldest))
    return Log(erasures, gone, log.last, frozenset(each for each in log.messages if each.ts >= since))


def _as_slack_says(at: datetime) -> str:
    return f"{at.timestamp():.6f}"


def read(file: Path) -> Log:
    """Raises NotALog."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        entries = tuple(Erasure.model_validate(entry) for entry in told["erasures"])
        last = {str(table): int(number) for table, number in told["last"].items()}
        return Log(entries, frozenset(told["gone"]), last, frozenset(map(Message._make, told["messages"])))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise NotALog(path=file) from None


def _write(file: Path, log: Log) -> None:
    """Whole or not at all."""
    entries = [entry.model_dump(mode="json") for entry in log.erasures]
    told = {"erasures": entries, "gone": sorted(log.gone), "last": log.last, "messages": sorted(log.messages)}
    fresh = file.with_name(f"{file.name}.{token_hex(4)}.new")  # two instances write at once
    try:
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(told), encoding="utf-8")
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


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
