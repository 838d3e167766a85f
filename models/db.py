"""One database, one way in: everything that reads or writes happens inside `transaction()`.

Lives here: the engine, SQLite's pragmas, PostgreSQL's one writer, UTC. Not here: tables (each beside its rules) and
migrations.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cache
from threading import Lock
from typing import Any, TypeVar, TypeVarTuple, overload

from sqlalchemy import ColumnElement, Connection, Dialect, event, inspect
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import DateTime, TypeDecorator
from sqlmodel import Session as Session
from sqlmodel import SQLModel, create_engine
from sqlmodel.sql.expression import Select, SelectOfScalar

from models import prepared

Row = TypeVar("Row", bound=SQLModel)
Value = TypeVar("Value")
Columns = TypeVarTuple("Columns")

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Utc(TypeDecorator[datetime]):
    """An instant. UTC in the database, aware in Python; a naive one is a bug and raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


LARGEST_KEY = 2**31 - 1  # PostgreSQL's integer; it refuses to compare with more


def key(text: Any) -> int | None:
    """The row that a text names; None if it can name none. Forged and old ones come in by buttons and forms."""
    given = text if isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 11 else ""
    return int(given) if given and int(given) <= LARGEST_KEY else None


def takes_nothing(fault: BaseException) -> bool:
    """Whether it was the database itself that failed (full, locked, away, no connection left), not what it was given:
    it will take the same thing later.
    """
    return isinstance(fault, OperationalError | InterfaceError | InternalError | NoConnection)


class InTurn:
    """A lock that is given to whoever has waited longest: what came first is written first."""

    def __init__(self) -> None:
        self._door, self._taken = Lock(), False
        self._queue: deque[Lock] = deque()

    def __enter__(self) -> None:
        with self._door:
            if not self._taken:
                self._taken = True
                return
            turn = Lock()
            turn.acquire()
            self._queue.append(turn)
        turn.acquire()

    def __exit__(self, *_: object) -> None:
        with self._door:
            if self._queue:
                self._queue.popleft().release()  # handed over, never free in between
            else:
                self._taken = False

    def __len__(self) -> int:
        """How many wait."""
        return len(self._queue)


class Database:
    """The municipality's memory. `url` is an SQLAlchemy address; errors never show parameters."""

    def __init__(self, url: str) -> None:
        self.url = url
        # The connection used last is taken first: what the database has read and prepared on it still stands.
        self.engine = create_engine(
            url, hide_parameters=True, pool_size=40, max_overflow=0, pool_use_lifo=True, connect_args=_patience(url)
        )
        # One write at a time (docs/decisions/0023): SQLite makes the others poll, unfairly, PostgreSQL lets them wait
        # each with a connection. Within this process they queue here instead, in turn, and nobody polls.
        self._writer = InTurn()
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            event.listen(self.engine, "connect", _prepare_postgresql)
            event.listen(self.engine, "begin", _begin_postgresql)
            event.listen(self.engine, "handle_error", _say_no_row)
        self._reader = self.engine.execution_options(read_only=True)  # made once: it costs a third of a snapshot

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commit if the block ends well, roll back if it raises. Rows stay readable afterwards."""
        with self._writer, Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Read one consistent state without taking the write lock. What is changed here is thrown away."""
        with Session(self._reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    def fold(self) -> bool:
        """What was deleted leaves SQLite's journal too, whose bytes secure_delete does not reach. False while somebody
        reads: then the next time. PostgreSQL looks after its own.
        """
        if self.engine.dialect.name != "sqlite":
            return True
        with self._writer, closing(self.engine.raw_connection()) as connection:
            busy, *_ = connection.execute("pragma wal_checkpoint(truncate)").fetchone()
        return not busy

    def close(self) -> None:
        self.engine.dispose()


# A connection that has died, a reader that hangs and a writer that stopped in the middle hold nobody up for long.
POSTGRESQL = {
    "connect_timeout": "10",
    "keepalives_idle": "20",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "options": "-c lock_timeout=30s -c idle_in_transaction_session_timeout=60s -c timezone=UTC",
}
ONE_WRITER = 7_204_119  # any number but the migrations'; every instance asks for the same one


def _patience(url: str) -> dict[str, str]:
    return POSTGRESQL if url.startswith("postgresql") else {}


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma foreign_keys = on")
    connection.execute("pragma busy_timeout = 30000")  # an import into a loaded machine may hold the lock for seconds
    connection.execute("pragma secure_delete = on")  # erased text must leave the file, not only the table


def _begin_sqlite(connection: Connection) -> None:
    # A read that later becomes a write would fail at once with "database is locked"; a snapshot never writes.
    prepared.said(connection, "begin" if _only_reads(connection) else "begin immediate")


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    connection.autocommit = True  # we say BEGIN ourselves, below: one journey to the server instead of two
    connection.prepare_threshold = None  # what it prepares itself it throws away at each ROLLBACK, and ours with it


def _begin_postgresql(connection: Connection) -> None:
    """What SQLite's BEGIN IMMEDIATE gives: whoever writes sees all that was written before, and is alone."""
    if _only_reads(connection):
        connection.exec_driver_sql("begin isolation level repeatable read, read only")
    else:
        connection.exec_driver_sql(f"begin; select pg_advisory_xact_lock({ONE_WRITER})")


def _say_no_row(context: ExceptionContext) -> None:
    fault, told = context.original_exception, context.sqlalchemy_exception
    if prepared.say_no_row(fault) and told is not None:
        told.args = (f"({type(fault).__name__}) {fault}",)


def _only_reads(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("read_only"))


COUNTED = {"preserve_rowcount": True}  # PostgreSQL's is lost otherwise where an INSERT has asked for its new key


def changed(
    session: Session, statement: UpdateBase, params: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
) -> int:
    """Run an UPDATE, INSERT or DELETE and say how many rows it touched: whoever updates the row wins.

    On the connection: the ORM's own way costs twice as much, and rows that were loaded are not changed either way.
    With the parameters of one row `statement` is built once (prepared.py).
    """
    session.flush()  # what is pending comes first, as it would before any of the ORM's statements
    if isinstance(params, Mapping):
        return prepared.run(session, statement, params)[1]
    return session.connection().execute(statement, params or {}, execution_options=COUNTED).rowcount


def renewed(session: Session, row: SQLModel, statement: UpdateBase, params: Mapping[str, Any]) -> bool:
    """Run an UPDATE … RETURNING every column, of a row that is loaded: it then says what the database says.

    False if it touched nothing: somebody was faster.
    """
    session.flush()
    for found in prepared.run(session, statement, params)[0]:
        for name, value in found._asdict().items():
            set_committed_value(row, name, value)
        return True
    return False


def columns(table: type[SQLModel]) -> tuple[ColumnElement[Any], ...]:
    """What a RETURNING has to name for `renewed`."""
    return tuple(inspect(table).local_table.c)


@overload
def looked_up(session: Session, statement: SelectOfScalar[Row], params: Mapping[str, Any]) -> list[Row]: ...
@overload
def looked_up(session: Session, statement: Select[*Columns], params: Mapping[str, Any]) -> list[tuple[*Columns]]: ...
def looked_up(session: Session, statement: Any, params: Mapping[str, Any]) -> list[Any]:
    """Rows of one table, or some columns, to be read and never changed: a tenth of what the ORM needs for them.

    They have the table's columns and its class's own properties, are tuples, and say what the database says now.
    `statement` is built once (prepared.py).
    """
    session.flush()
    return prepared.run(session, statement, params)[0]


def values(session: Session, statement: SelectOfScalar[Value], params: Mapping[str, Any]) -> list[Value]:
    """One column, by a statement that is built once."""
    session.flush()
    return [value for (value,) in prepared.run(session, statement, params)[0]]


def given_back(session: Session, statement: UpdateBase, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run an INSERT or UPDATE … RETURNING, built once: what it says of the rows that it touched."""
    session.flush()
    return prepared.run(session, statement, params)[0]


def stored(session: Session, row: SQLModel) -> None:
    """A new row of a table whose key is `id`, inserted on the connection and held as if it had been read: a third of
    what `session.add` and `flush` need.
    """
    told = {str(column.key): getattr(row, str(column.key)) for column in columns(type(row))}
    fresh = {name: value for name, value in told.items() if name != "id" or value is not None}
    ((row.id,),) = given_back(session, _fresh(type(row)), fresh)
    make_transient_to_detached(row)
    session.add(row)


@cache
def _fresh(table: type[SQLModel]) -> UpdateBase:
    return plain_insert(table).returning(inspect(table).local_table.c["id"])


def mostly_none(session: Session, statement: SelectOfScalar[Row], params: Mapping[str, Any]) -> list[Row]:
    """Rows that may be changed, as the ORM gives them; it is asked only where there are any."""
    return list(session.exec(statement, params=dict(params))) if looked_up(session, statement, params) else []


def hold_what_is_read(session: Session) -> None:
    """From here on a row is read once, by key: SQLAlchemy itself forgets at once what nobody holds any more."""
    held: list[Any] = session.info.setdefault(__name__, [])
    event.listen(session, "loaded_as_persistent", lambda _session, row: held.append(row))


def insert(session: Session, table: type[SQLModel]) -> Any:
    """An INSERT that knows ON CONFLICT, the same on both databases."""
    return insert_on(session.get_bind().dialect.name, table)


def insert_on(dialect: str, table: type[SQLModel]) -> Any:
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


def add_once(session: Session, table: type[SQLModel], **values: Any) -> bool:
    """Insert unless a unique key is there already. True if it was new."""
    return changed(session, _once(session.get_bind().dialect.name, table), values) == 1


@cache
def _once(dialect: str, table: type[SQLModel]) -> UpdateBase:
    """Built once a table: building a statement costs more than SQLite needs to run it."""
    statement: UpdateBase = insert_on(dialect, table).on_conflict_do_nothing()
    return statement
