"""What holds on PostgreSQL by its own means. Everything else runs there too: `pytest --databases both`."""

import shutil
import subprocess
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import bindparam, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import func, select

from bot import check, settings
from models import erasing, erasure_file, migrations, moving, tickets
from models.db import Database, values
from models.errors import Refused
from models.migrations import Schema
from models.people import Person
from models.tickets import State
from tests.bot.terminal import type_in
from tests.places import Server, counts
from tests.stories.test_clearing import SLIP, in_bot_messages
from tests.town import Town

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


def eight_at_once(work: Callable[[], object]) -> list[Exception]:
    """What went wrong."""
    faults = []

    def run():
        try:
            work()
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return faults


def test_eight_instances_migrate_at_once_and_once(url):
    assert eight_at_once(lambda: migrations.upgrade(url)) == []
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


def test_what_is_prepared_outlives_reading(two):
    """Each look and each refusal ends with ROLLBACK, at which psycopg throws away what it has prepared; we do not."""
    of_hers = select(Person.id).where(Person.chat_user_id == bindparam("chat"))
    for _ in range(6):
        with pytest.raises(Refused), two[0].transaction() as session:
            list(session.exec(select(Person)))
            raise Refused
        with two[0].transaction() as session:
            assert values(session, of_hers, {"chat": "U1"}) == []
        with two[0].snapshot() as session:
            assert values(session, of_hers, {"chat": "U1"}) == []
            kept = text("select count(*) from pg_prepared_statements where statement like 'SELECT person%'")
            number = session.connection().execute(kept).scalar()
    assert number == 1


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


# ---- from an older version --------------------------------------------------------------------------------------------

NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{0:04}", "{1:04}", None, None


def upgrade():
    with op.batch_alter_table("unit") as batch:
        batch.add_column(sa.Column("floor{0}", sa.Integer(), nullable=False, server_default="1"))
    op.execute("update unit set floor{0} = floor{0} + id, name = name || '!'")
    {2}
"""


def floors(url: str) -> list[tuple[str, int]]:
    db = Database(url)
    with db.snapshot() as session:
        found = session.connection().execute(text("select name, floor2 from unit order by id")).all()
    db.close()
    return [(name, floor) for name, floor in found]


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
def test_a_database_of_an_older_version_is_brought_up_with_everything_in_it(where, town, request, tmp_path, monkeypatch, capsys):
    """A later version, made up: its second migration adds a column and changes rows, its third fails half-way."""
    url = f"sqlite:///{tmp_path / 'here.db'}" if where == "sqlite" else request.getfixturevalue("url")
    migrations.upgrade(url)
    town.anna.writes("Låset piper rött på Björken")
    town.later(seconds=25)
    here = Database(url)
    moving.carry(town.db, here)
    with here.snapshot() as session:
        names = [name for (name,) in session.connection().execute(text("select name from unit order by id"))]
    here.close()
    before = counts(url)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    known = settings.load(settings.Local)
    copy = tmp_path / "copy.db"
    if where == "sqlite":
        assert type_in(f"backup {copy}", capsys)[0] == 0

    old, later = migrations.HERE, tmp_path / "later"
    shutil.copytree(old, later)
    (later / "versions" / "0002_floors.py").write_text(NEXT.format(2, 1, ""))
    monkeypatch.setattr(migrations, "HERE", later)
    assert (migrations.state(url), [f.key for f in check.may_start(known)]) == (Schema.BEHIND, ["check.database.behind"])
    assert type_in("settings", capsys)[0] == 1, "no command looks into it either"
    assert eight_at_once(lambda: migrations.upgrade(url)) == []
    assert type_in("migrate", capsys)[0] == 0
    assert (migrations.state(url), counts(url)) == (Schema.CURRENT, before)
    assert floors(url) == [(f"{name}!", at + 2) for at, name in enumerate(names)], "once, and in all rows"

    (later / "versions" / "0003_broken.py").write_text(NEXT.format(3, 2, "op.execute('update nowhere set x = 1')"))
    assert type_in("migrate", capsys)[0] == 1
    assert (migrations.state(url), counts(url)) == (Schema.BEHIND, before)
    assert floors(url) == [(f"{name}!", at + 2) for at, name in enumerate(names)], "nothing of it is left"
    (later / "versions" / "0003_broken.py").unlink()

    monkeypatch.setattr(migrations, "HERE", old)
    assert (migrations.state(url), [f.key for f in check.may_start(known)]) == (Schema.UNKNOWN, ["check.database.unknown"])
    assert type_in("migrate", capsys)[0] == 1
    assert floors(url), "the older code has left it as it was"
    if where == "sqlite":  # back to the old code, and then a copy of the old version into the new one
        assert type_in(f"restore {copy} --without-log", capsys)[0] == 1, "what it cannot read is not replaced unseen"
        (tmp_path / "here.db").unlink()
        assert type_in(f"restore {copy} --without-log", capsys)[0] == 0
        assert counts(url) == before | {"audit_entry": 1}, "that it was put back is written down"
        monkeypatch.setattr(migrations, "HERE", later)
        (tmp_path / "here.db").unlink()
        assert type_in(f"restore {copy} --without-log", capsys)[0] == 0
        assert (migrations.state(url), len(floors(url))) == (Schema.CURRENT, len(names))


# ---- a copy is put back -------------------------------------------------------------------------------------------------

OF_EVA, OF_BO = "Plattan i korridoren vill inte starta", "Tryck på stjärnan tills det piper"


def does(server: Server, tool: str, *words: str) -> str:
    """PostgreSQL's own tools."""
    address = server.url.set(database=server.name, drivername="postgresql").render_as_string(hide_password=False)
    where = [str(server.own.bin_path / tool), "--dbname", address] if server.own else [tool, "--dbname", address]
    return subprocess.run([*where, *words], check=True, capture_output=True, text=True, timeout=60).stdout


def test_no_dump_brings_back_what_was_erased(server, url, town, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("ERASURE_LOG", str(tmp_path / "erasures.json"))
    monkeypatch.setattr("bot.app.wall_clock", lambda: town.time)
    log, copy, known = tmp_path / "erasures.json", tmp_path / "copy.dump", settings.load(settings.Local)
    migrations.upgrade(url)
    there = Town(Database(url), town.slack, start=town.time)
    there.anna.writes(f"Låset i 12 blinkar rött. {SLIP}")
    there.eva.writes(OF_EVA)
    there.later(seconds=30)
    with there.db.snapshot() as session:
        eva = session.get(Person, there.eva.id)
    does(server, "pg_dump", "--format=custom", "--file", str(copy))
    assert {words for words in (SLIP, OF_EVA, eva.name, eva.email) if words in does(server, "pg_dump")} == {SLIP, OF_EVA, eva.name, eva.email}

    capsys.readouterr()
    late = there.disa.writes(f"Skrivaren krånglar. {SLIP} igen")  # not in the copy
    for actor in (there.anna, there.disa):
        actor.picks("Rensa text")
        actor.submits(which="all")
    there.bo.writes(OF_BO, under=there.bo.got[0])
    assert OF_BO in there.anna.phone
    assert type_in(f"erase-person {eva.email} --yes", capsys)[0] == 0
    there.later(minutes=1)
    assert [words for words in (SLIP, OF_EVA, eva.name, eva.email) if words in does(server, "pg_dump")] == []
    assert in_bot_messages(there) == in_bot_messages(there, OF_EVA) == []
    assert list(check.may_start(known)) == []
    assert "3 raderingar" in type_in(f"erasure-log {log}", capsys)[1]
    assert [words for words in (SLIP, OF_EVA, eva.name, eva.email) if words in log.read_text()] == []

    there.db.close()
    server.create(server.name, "template0")
    does(server, "pg_restore", str(copy))
    assert OF_EVA in does(server, "pg_dump")
    assert [(f.key, f.about["n"]) for f in check.may_start(known)] == [("check.erasures.behind", 3)]
    kept = erasure_file.read(log)
    assert type_in(f"erasure-log {log}", capsys)[0] == 0
    again = erasure_file.read(log)
    assert (again.erasures, again.gone, again.last) == (kept.erasures, kept.gone, kept.last), "an older database makes it no shorter"
    assert again.messages >= kept.messages
    assert "3 raderingar" in type_in(f"erase-anew {log}", capsys)[1]
    assert list(check.may_start(known)) == []
    assert [words for words in (SLIP, OF_EVA, eva.name, eva.email) if words in does(server, "pg_dump")] == []
    there.later(minutes=1)
    assert in_bot_messages(there, OF_BO) == [], "the copy does not know whose words they are: nobody could ever erase them"
    assert in_bot_messages(there, "F-1"), "what it knows stands"
    assert "0 raderingar" in type_in(f"erase-anew {log}", capsys)[1], "twice is once"

    # What was cleared is not read again from Slack, nothing is said twice, and no number is given again.
    said = sum(len(messages) for messages in there.slack.messages.values())
    there.event({**late, "channel": there.disa.channel, "channel_type": "im"})
    there.later(minutes=1)
    assert in_bot_messages(there) == in_bot_messages(there, OF_EVA) == []
    assert sum(len(messages) for messages in there.slack.messages.values()) <= said
    with there.db.snapshot() as session:
        assert (tickets.get(session, 1).state, tickets.get(session, 2).state) == (State.OPEN, State.CLOSED)
    there.later(minutes=11)
    there.anna.writes("Skrivaren på kontoret skriver inte ut")
    with there.db.snapshot() as session:
        assert [t.id for t in session.exec(select(tickets.Ticket).order_by(tickets.Ticket.id))] == [1, 2, 4], "F-3 was another's"
        assert erasing.known_as(session, eva.email) is None
    kept = log.read_text()
    type_in(f"erasure-log {log}", capsys)
    assert (list(check.may_start(known)), log.read_text() != kept) == ([], True)
    does(server, "psql", "--command", "select setval('ticket_id_seq', 3)")
    assert [f.key for f in check.may_start(known)] == ["check.erasures.older"], "nothing was erased, and F-4 would come twice"
    there.db.close()
    log.write_text("{}")
    assert [f.key for f in check.may_start(known)] == ["cli.erasures.not_ours"]
    with pytest.raises(erasure_file.NotALog):
        erasure_file.read(copy)
