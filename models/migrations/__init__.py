"""The shape of the database over time: which version it has, and the way to the newest one.

The address is always passed in; nothing is read from an ini file or the environment. Alembic is imported where
something is migrated: the bot only looks how its database stands, and would hold 11 MB for it. Not here: the tables
themselves (each beside its rules).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from models import tables

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent
LOCK = 7_204_118  # any number; every instance asks for the same one


class Schema(StrEnum):
    """How a database stands compared with this version of the product."""

    CURRENT = "current"
    BEHIND = "behind"  # new, or from an earlier version: `supportstuga migrate`
    UNKNOWN = "unknown"  # from a later version, or not ours
    UNREACHABLE = "unreachable"


class Dangling(Exception):
    """A migration would have left rows that point to nothing; it was rolled back."""


def upgrade(url: str) -> None:
    """Bring the database to the newest version, in one transaction. Safe to run twice and in parallel."""
    from alembic import command

    with _connected(url, begin="begin immediate") as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        command.upgrade(_config(connection), "head")
        _check_references(connection)


def state(url: str) -> Schema:
    """Where the database stands. Creates nothing, also not an empty SQLite file."""
    try:
        if _is_missing_file(url):
            return Schema.BEHIND
        with _connected(url) as connection:
            known = inspect(connection).has_table("alembic_version")  # Alembic's own, of one row
            found = connection.execute(text("select version_num from alembic_version")).scalar() if known else None
    except (SQLAlchemyError, ArgumentError, NoSuchModuleError, ImportError):
        return Schema.UNREACHABLE
    return _compared(found)


def is_current(url: str) -> bool:
    """Whether the bot may run on it."""
    return state(url) is Schema.CURRENT


def drift(url: str) -> list[Any]:
    """What the tables of the code have and the database has not, or the other way round. Empty is right."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with _connected(url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, tables.ALL))


def draft(url: str, what: str) -> None:
    """For developers: write the next migration from what differs. `url` is a throw-away database."""
    from alembic import command

    upgrade(url)
    with _connected(url) as connection:
        command.revision(_config(connection), what, autogenerate=True, rev_id=f"{len(_versions()) + 1:04}")


def _compared(found: str | None) -> Schema:
    if found == newest():
        return Schema.CURRENT
    return Schema.BEHIND if found is None or found in _versions() else Schema.UNKNOWN


def newest() -> str:
    """The version of this code's tables."""
    return _versions()[-1]


def _versions() -> list[str]:
    """The oldest first; a file's name begins with its number."""
    return sorted(file.name[:4] for file in (HERE / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config(stdout=StringIO())
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _connected(url: str, *, begin: str = "begin") -> Iterator[Connection]:
    """One transaction; `begin` is how SQLite starts it.

    An engine of its own: SQLite rebuilds a table by dropping it, which foreign keys would forbid.
    """
    engine = create_engine(url, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # else the driver commits before each CREATE
    connection.execute("pragma busy_timeout = 5000")


def _is_missing_file(url: str) -> bool:
    address = make_url(url)
    return address.get_backend_name() == "sqlite" and not Path(address.database or "").exists()


def _check_references(connection: Connection) -> None:
    """Foreign keys were off on SQLite while tables were rebuilt: look once that every row points somewhere."""
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("pragma foreign_key_check").first():
        raise Dangling
