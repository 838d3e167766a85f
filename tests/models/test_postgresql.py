"""What holds on PostgreSQL by its own means. Everything else runs there too: `pytest --databases both`."""

import threading
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import func, select

from models import migrations
from models.db import Database
from models.migrations import Schema
from models.people import Person
from tests.places import Server

pytestmark = pytest.mark.slow  # a server starts


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("postgresql") / Path("data"))
    yield server
    server.close()


@pytest.fixture
def url(server: Server) -> str:
    server.db.close()
    server.create(server.name, "template0")
    return server.address(server.name)


@pytest.fixture
def two(url: str) -> Iterator[tuple[Database, Database]]:
    """Two instances on one database."""
    migrations.upgrade(url)
    instances = Database(url), Database(url)
    yield instances
    for each in instances:
        each.close()


def test_the_same_migration_makes_the_same_tables(url):
    assert migrations.state(url) is Schema.BEHIND
    migrations.upgrade(url)
    assert migrations.state(url) is Schema.CURRENT
    assert migrations.drift(url) == []


def test_eight_instances_migrate_at_once_and_once(url):
    faults = []

    def run():
        try:
            migrations.upgrade(url)
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert faults == []
    assert migrations.state(url) is Schema.CURRENT


def test_nowhere_is_said_to_be_unreachable(url):
    assert migrations.state(url.replace("supportstuga_test", "no_such")) is Schema.UNREACHABLE


def test_who_writes_is_alone_also_between_instances(two):
    """Read, then written: 8 threads of two instances, 50 times each, and no update is lost."""
    with two[0].transaction() as session:
        session.add(Person(id=1, chat_user_id="U1", name="0"))

    def count(db: Database):
        for _ in range(50):
            with db.transaction() as session:
                person = session.get(Person, 1)
                person.name = str(int(person.name) + 1)
                session.add(person)

    threads = [threading.Thread(target=count, args=(two[n % 2],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with two[0].snapshot() as session:
        assert session.get(Person, 1).name == "400"


def test_a_snapshot_reads_one_state_writes_nothing_and_waits_for_nobody(two):
    everybody = select(func.count()).select_from(Person)
    with two[0].snapshot() as reading:
        assert reading.exec(everybody).one() == 0
        with two[1].transaction() as writing:
            writing.add(Person(chat_user_id="U1", name="Anna"))
            writing.flush()
            assert reading.exec(everybody).one() == 0
        assert reading.exec(everybody).one() == 0
        with pytest.raises(DBAPIError, match="read-only"):
            reading.connection().execute(text("delete from person"))
    with two[0].snapshot() as reading:
        assert reading.exec(everybody).one() == 1


def test_who_hangs_with_the_pen_in_hand_is_not_waited_for_for_ever(two):
    """The other one gives up with an error, and Slack delivers again; what the hanging one had begun is undone."""
    with two[0].engine.connect() as hanging:
        hanging.execute(text("insert into heard (key, at) values ('Ev1', now())"))
        with two[1].engine.execution_options(read_only=True).connect() as impatient:
            impatient.execute(text("set lock_timeout = '20ms'"))
            with pytest.raises(DBAPIError, match="lock timeout"):
                impatient.execute(text("select pg_advisory_xact_lock(7204119)"))
        hanging.rollback()
    with two[1].transaction() as session:
        assert session.connection().execute(text("select count(*) from heard")).scalar() == 0
    with two[0].snapshot() as session:
        shown = {name: session.connection().execute(text(f"show {name}")).scalar() for name in ("lock_timeout", "idle_in_transaction_session_timeout")}
    assert shown == {"lock_timeout": "30s", "idle_in_transaction_session_timeout": "1min"}


def test_an_error_does_not_say_what_stood_in_the_row(two):
    with two[0].transaction() as session:
        session.add(Person(chat_user_id="U1", name="Anna"))
    with pytest.raises(DBAPIError) as told, two[0].transaction() as session:
        session.add(Person(chat_user_id="U1", name="Maj-Britt på Storgatan"))
    shown = "".join(traceback.format_exception(told.value))
    assert "unique" in shown
    assert "Maj-Britt" not in shown
    with pytest.raises(DBAPIError) as told, two[0].transaction() as session:
        session.connection().execute(text("insert into person (chat_user_id, name) values ('U2', 'Maj-Britt')"))
    assert "Failing row" not in "".join(traceback.format_exception(told.value))
