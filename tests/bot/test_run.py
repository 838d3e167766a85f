"""The running bot hears what it could not hear: after a gap in the socket, and after a database that took nothing."""

import signal
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace

import pytest
from sqlmodel import select

from bot import run, stopping
from bot.settings import Settings
from models import erasing, erasure_file, importing, people
from models.lines import Line
from tests.places import breaks, mends
from tests.slackworld import World, wait_for

DEMO = Path(__file__).parent.parent.parent / "demo"


@pytest.fixture
def world(tmp_path):
    with World(tmp_path, people=DEMO) as running:
        yield running


@pytest.fixture
def instance(world, db, monkeypatch):
    """How to make one more."""
    monkeypatch.setattr(run, "RECONNECT", 0.05)
    with db.transaction() as session:
        importing.from_folder(session, DEMO, now=datetime.now(UTC))
    tokens = {"slack_bot_token": world.bot_token, "slack_app_token": world.app_token}
    there = {"slack_api_url": world.api_url, "database_url": db.url}
    return lambda **more: run.Running(Settings(**tokens, **there, **more), Event())


@pytest.fixture
def bot(world, instance):
    running = instance()
    running.start()
    world.wait_connected()
    yield running
    running.stop()


def heard(db) -> list[str]:
    with db.snapshot() as session:
        return list(session.exec(select(Line.text).order_by(Line.said_at)))


@pytest.mark.slow
def test_what_could_not_be_stored_and_what_was_said_into_a_dead_line_is_heard_afterwards(world, bot, db):
    anna = world.person("anna.alm@lovkoping.example")
    breaks(db, "line")
    world.switch(ack_seconds=0.1, redelivery_factor=0.0001)  # Slack loses its patience before the database is mended
    anna.write("Låset i 12 blinkar rött")
    world.idle()
    assert heard(db) == []
    assert not bot.desk.caught_up(), "a week that is counted now would lack it"
    mends(db)
    wait_for(lambda: len(heard(db)) == 1, 10, "the question")
    world.switch(ack_seconds=3)
    world.switch(keep_seconds=0, refuse_sockets=True)
    world.drop_sockets("abrupt")
    anna.write("Det blinkar fortfarande")
    world.switch(refuse_sockets=False)
    wait_for(lambda: len(heard(db)) == 2, 10, "what was said meanwhile")  # slack_sdk alone: fifty seconds
    wait_for(bot.desk.caught_up, 10, "the whole of what was said")
    bot.desk.missed()
    assert not bot.desk.caught_up(), "something came just now and could not be stored"
    wait_for(bot.desk.caught_up, 10, "that too")


@pytest.mark.slow
def test_the_running_bot_keeps_what_was_erased_apart(world, instance, db, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(run, "KEEP_LOG_EVERY", 0.05)
    apart, away = tmp_path / "apart", tmp_path / "away"
    apart.mkdir()
    running, file = instance(erasure_log=apart / "erasures.json"), apart / "erasures.json"
    running.start()
    try:
        world.wait_connected()
        wait_for(file.exists, 10, "the file")
        assert file.stat().st_mode & 0o077 == 0, "nobody else reads it"
        apart.rename(away)  # the share is away for a while
        with db.transaction() as session:
            anna = erasing.known_as(session, "anna.alm@lovkoping.example")
            erasing.erase(session, anna, now=datetime.now(UTC))
            hers = anna.id
        wait_for(lambda: "erasure log has to wait" in caplog.text, 10, "a word in the log")
        away.rename(apart)
        wait_for(lambda: erasure_file.read(file).erasures, 10, "what was erased meanwhile")
        (entry,) = erasure_file.read(file).erasures
        assert entry.row_id == hers
        assert "anna" not in file.read_text(encoding="utf-8").casefold()
        world.person("eva.ek@lovkoping.example").write("Låset i 12 blinkar rött")
        wait_for(lambda: any(m.place == "receipt:F-1" for m in erasure_file.read(file).messages), 10, "where the receipt stands")
    finally:
        running.stop()
    assert list(apart.iterdir()) == [file]


def test_a_signal_is_heard_while_nothing_else_wakes_the_main_thread():
    """The system may give it to any thread, and Python's handler waits for the main one."""
    before = {number: signal.getsignal(number) for number in stopping.SIGNALS}
    stopped = stopping.by_signal()

    def terminate() -> None:
        wait_for(lambda: len(stopped._cond._waiters) == 1, 10)  # the main thread, below
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

    try:
        threading.Thread(target=terminate).start()
        assert stopped.wait(10)
    finally:
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, handler)


def test_the_other_end_has_hung_up():
    here, there = socket.socketpair()
    with here:
        assert not run.has_hung_up(here)
        there.close()
        assert run.has_hung_up(here)
    assert not run.has_hung_up(here)  # closed here meanwhile
    assert not run.has_hung_up(None)


def test_a_line_that_nobody_answered_on_and_that_was_put_right_unseen_was_deaf(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("bot.run.time.monotonic", lambda: clock[0])
    ear, first = run.Ear(), SimpleNamespace(last_ping_pong_time=None)

    def later(seconds: float, session: SimpleNamespace, answered: float | None = None) -> bool:
        clock[0] += seconds
        session.last_ping_pong_time = answered
        return ear.was_deaf(session)

    assert not later(1, first)
    assert not later(10, first, answered=1.0)
    assert not later(10, renewed := SimpleNamespace(last_ping_pong_time=None))  # Slack renews it: no gap
    assert not later(40, renewed)
    assert later(1, SimpleNamespace(last_ping_pong_time=None))


@pytest.mark.slow
def test_at_a_first_start_one_reads_who_there_is_and_nothing_else_happens_before(world, instance, db):
    """Slack's list comes only at the second attempt; until then neither instance hears, works or says it is ready."""
    world.switch(outage=True)
    both = [instance(), instance()]
    threads = [Thread(target=each.start) for each in both]
    for thread in threads:
        thread.start()
    wait_for(lambda: len(world.calls("users.list")) >= 2, 10, "attempts to read")
    for each in both:
        ready, waits = each.health.ready()
        assert ready == {"slack": False, "database": True, "delivery": True, "people": False}
        assert waits == "I am reading who there is (0 of 15)"
        assert b"supportstuga_job_runs_total{" not in each.counts.written()
    world.reset_traffic()
    world.switch(outage=False)
    world.wait_connected(2)
    for thread in threads:
        thread.join(10)
    assert len(world.calls("users.list")) == 1
    with db.snapshot() as session:
        known, there = people.met(session)
    assert known == len(world.control.get("people")["people"]) == there - 1, "Lennart has no account"
    assert [each.health.ready()[1] for each in both] == ["", ""]
    wait_for(lambda: all(b"supportstuga_job_runs_total{" in each.counts.written() for each in both), 10, "jobs")
    assert all(each.stop() for each in both)
