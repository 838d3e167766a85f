"""From an SQLite file to PostgreSQL: every row arrives, work goes on there, and nothing half-moved is left behind."""

import pytest
from sqlmodel import select, text

from models import migrations, moving, people, tickets
from models.db import Database
from models.tickets import State
from tests.bot.terminal import type_in
from tests.places import Server, counts
from tests.town import Town

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("target"))
    yield server
    server.close()


@pytest.fixture
def target(server):
    """An address with nothing behind it yet but an empty database."""
    server.create(server.name, "template0")
    yield server.address(server.name)
    server.db.close()


@pytest.fixture
def source(town, tmp_path, monkeypatch):
    """A file as `migrate` makes it, with a morning's work in it."""
    town.anna.writes("Låset piper rött på Björken")
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    file = f"sqlite:///{tmp_path / 'here.db'}"
    migrations.upgrade(file)
    here = Database(file)
    moving.carry(town.db, here)
    here.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", file)
    return file


def test_everything_arrives_and_work_goes_on(town, source, target, capsys):
    code, out, err = type_in(f"move-database --to {target}", capsys)
    assert (code, err) == (0, "")
    told = {line.split()[0]: int(line.split()[1]) for line in out.splitlines()[:-1]}
    assert "rader är överförda" in out.splitlines()[-1]
    assert told == counts(source) == counts(target)
    assert migrations.drift(target) == []
    there = Database(target)
    with there.snapshot() as session, town.db.snapshot() as before:
        assert people.everybody(session) == people.everybody(before)
    moved = Town(there, town.slack, start=town.time)
    moved.moa.writes("Skärmen i bilen är svart")
    moved.deliver()
    with there.snapshot() as session:
        assert [t.id for t in session.exec(select(tickets.Ticket).order_by(tickets.Ticket.id))] == [1, 2]
        assert (tickets.get(session, 1).state, tickets.get(session, 1).owner_id) == (State.TAKEN, moved.bo.id)
    there.close()
    code, out, err = type_in(f"move-database --to {target}", capsys)
    assert (code, out) == (1, ""), "never over what is there"
    assert "innehåller redan" in err


def test_what_does_not_fit_leaves_nothing_behind(source, target, capsys):
    db = Database(source)
    with db.transaction() as session:
        session.connection().execute(text("update line set channel = :long"), {"long": "x" * 500})
    db.close()
    code, out, err = type_in(f"move-database --to {target}", capsys)
    assert (code, out) == (1, "")
    assert "line" in err
    assert set(counts(target).values()) == {0}


def test_only_from_a_file_to_a_server(source, capsys):
    for to in ("sqlite:///there.db", "postgresql://me:secret@127.0.0.1:9/none"):
        code, out, err = type_in(f"move-database --to {to}", capsys)
        assert (code, out) == (1, "")
        assert err
        assert "secret" not in err
