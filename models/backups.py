"""A copy of an SQLite database, and the way back, which no erasure survives undone.

The erasure log lies in the database, and so in every copy of it. A restore reads it from the database that is about to
be replaced (docs/decisions), and from any other copy that is named. What has been erased since the backup is
erased again before anybody can read it. Not here: PostgreSQL, whose own tools do this (erasure_file.py).
"""

import os
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url
from sqlmodel import select

from models import erasure_file, migrations, outbox
from models.db import Database, Session
from models.erasure_file import Log
from models.errors import Refused
from models.migrations import Schema
from models.outbox import Posted

Where = tuple[str, str]  # channel and ts


class NotSound(Refused):
    """Not an SQLite database of ours, or a damaged one."""

    key = "cli.backup.not_ours"


class InUse(Refused):
    """Another process holds it."""

    key = "cli.backup.in_use"


class NoLog(Refused):
    """There is no database whose erasure log could be read."""

    key = "cli.backup.no_log"


class Elsewhere(Refused):
    key = "cli.backup.postgresql"


@dataclass(frozen=True)
class Restored:
    """`again`: how many entries of the erasure log were carried out anew; `aside`: where the old database lies."""

    again: int
    aside: Path | None


def file_of(url: str) -> Path:
    """Raises Elsewhere for PostgreSQL."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        raise Elsewhere
    return Path(address.database)


def keep(url: str, out: Path) -> None:
    """One consistent state, while the bot runs on. Only its owner may read it. Raises NotSound, FileExistsError."""
    out.touch(mode=0o600, exist_ok=False)
    with closing(sqlite3.connect(file_of(url))) as source, closing(sqlite3.connect(out)) as copy:
        source.backup(copy)
    _whole(out)


def restore(url: str, backup: Path, logs: Sequence[Path], *, without_log: bool, now: datetime) -> Restored:
    """Put a backup in the place of the database. Raises InUse, NotSound, NoLog; then nothing has changed."""
    place = file_of(url)
    if not place.is_file() and not logs and not without_log:
        raise NoLog
    fresh = place.with_name(place.name + ".restoring")
    try:
        with _alone(place) as held:
            aside = _set_aside(held, place, now) if held is not None else None
            _copied(backup, fresh)
            again = _made_ready(fresh, [*([aside] if aside else []), *logs], now=now)
            os.replace(fresh, place)
    finally:
        for end in ("", "-wal", "-shm"):
            fresh.with_name(fresh.name + end).unlink(missing_ok=True)
    return Restored(again, aside)


@contextmanager
def _alone(place: Path) -> Iterator[sqlite3.Connection | None]:
    """Nobody else has it open: only then SQLite leaves its journal mode. Held until the new file is in its place."""
    if not place.is_file():
        yield None
        return
    with closing(sqlite3.connect(place, timeout=0, isolation_level=None)) as held:
        try:
            held.execute("pragma locking_mode = exclusive")
            if held.execute("pragma journal_mode = delete").fetchone()[0] != "delete":
                raise InUse
            held.execute("begin exclusive")
        except sqlite3.OperationalError:
            raise InUse from None
        except sqlite3.DatabaseError:
            raise NotSound(path=place) from None
        yield held


def _set_aside(held: sqlite3.Connection, place: Path, now: datetime) -> Path:
    """A restore may be a mistake: the database that it replaces is kept, and whoever restores is told to delete it."""
    aside = place.with_name(f"{place.name}.before-{now:%Y%m%d-%H%M%S}")
    aside.touch(mode=0o600, exist_ok=False)
    with closing(sqlite3.connect(aside)) as copy:
        held.commit()
        held.backup(copy)
        held.execute("begin exclusive")
    return aside


def _copied(backup: Path, fresh: Path) -> None:
    """Raises NotSound."""
    if not backup.is_file():
        raise NotSound(path=backup)
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(backup)) as source, closing(sqlite3.connect(fresh)) as copy:
            source.backup(copy)
    except sqlite3.DatabaseError:
        raise NotSound(path=backup) from None
    _whole(fresh)


def _whole(file: Path) -> None:
    try:
        with closing(sqlite3.connect(file)) as connection:
            sound = connection.execute("pragma integrity_check").fetchone()[0] == "ok"
            connection.execute("select version_num from alembic_version")
    except sqlite3.DatabaseError:
        sound = False
    if not sound or migrations.state(_url(file)) in (Schema.UNKNOWN, Schema.UNREACHABLE):
        raise NotSound(path=file)


def _url(file: Path) -> str:
    return f"sqlite:///{file}"


def _made_ready(fresh: Path, logs: Sequence[Path], *, now: datetime) -> int:
    """This version's tables; what the logs know as erased is erased; letters that may have gone out are looked for."""
    migrations.upgrade(_url(fresh))
    db, known = Database(_url(fresh)), [_known(file) for file in logs]
    try:
        with db.transaction() as session:
            standing = next((standing for _, standing in known if standing is not None), None)
            if standing is not None:
                _forget_the_rest(session, standing)
            again = erasure_file.carry_out(session, erasure_file.together(log for log, _ in known), now=now)
        db.fold()
    finally:
        db.close()
    return again


def _forget_the_rest(session: Session, standing: Collection[Where]) -> None:
    """What no longer stands in Slack, the newer database knows."""
    for posted in session.exec(select(Posted)).all():
        if (posted.channel, posted.ts) not in standing:
            outbox.forget_place(session, posted.place)


def _known(file: Path) -> tuple[Log, Collection[Where] | None]:
    """Its erasure log, and where everything stands that the bot has said in Slack; a file does not know everything."""
    if not _is_a_database(file):
        return erasure_file.read(file), None
    _whole(file)
    migrations.upgrade(_url(file))
    db = Database(_url(file))
    try:
        with db.snapshot() as session:
            log = erasure_file.of(session)
            return log, {each.at for each in log.messages}
    finally:
        db.close()


def _is_a_database(file: Path) -> bool:
    """By SQLite's own first bytes."""
    with suppress(OSError), file.open("rb") as content:
        return content.read(15) == b"SQLite format 3"
    raise NotSound(path=file)
