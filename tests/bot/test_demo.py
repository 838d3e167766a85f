"""`supportstuga demo` as somebody at a terminal meets it: it starts, says where, stops on Ctrl-C and leaves nothing behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import demo
from models import answers, catalogue, importing, news, outages, recognition, shelf
from models.db import Database
from tests.town import MONDAY

KNOWN = "Låset i 12 blinkar rött när jag trycker"

START = [sys.executable, "-m", "bot", "demo", "--port", "0", "--state"]


class Demo:
    """A running demonstration in a process of its own."""

    def __init__(self, folder: Path) -> None:
        began = time.monotonic()
        self.process = subprocess.Popen(
            [*START, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder.parent
        )
        assert self.process.stdout
        self.greeting = self.process.stdout.readline()
        self.seconds = time.monotonic() - began
        found = re.search(r"http://127\.0\.0\.1:\d+/", self.greeting)
        assert found, self.process.communicate()
        self.url = found[0]

    def asks(self, path: str) -> dict:
        with urllib.request.urlopen(self.url + path, timeout=5) as answer:
            return json.load(answer)

    def stop(self, how: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err

    def child(self) -> int:
        """The workspace's process: the only one whose parent is ours (fourth field of /proc/<pid>/stat)."""
        stats = {
            int(f.parent.name): f.read_text().rpartition(")")[2].split() for f in Path("/proc").glob("[0-9]*/stat")
        }
        return next(pid for pid, rest in stats.items() if int(rest[1]) == self.process.pid)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[Demo]]:
    """Whatever a test starts is over when it is."""
    running: list[Demo] = []
    yield running
    for one in running:
        if one.process.poll() is None:
            one.stop(signal.SIGTERM)


def test_colleagues_know_something_from_the_start_and_nothing_about_what_the_tour_asks(db: Database) -> None:
    """A tour in which an answer stands waits three minutes for the card that the next step is about."""
    with db.transaction() as session:
        importing.from_folder(session, demo.PEOPLE, now=MONDAY)
        demo.know(session, MONDAY)
    shelf.keep_up(db, answers.BANK)
    tour = json.loads((demo.PEOPLE / "tour.json").read_text(encoding="utf-8"))
    told = [step["write"] for story in tour["stories"] for step in story["steps"] if "write" in step]
    assert len(told) > 3
    with db.snapshot() as session:
        words = catalogue.in_force(session)
        index = shelf.index(session, answers.BANK)
        shown = {text: index.likely(text, recognition.read(text, catalogue=words), words) for text in (*told, KNOWN)}
        assert [text for text, found in shown.items() if found] == [KNOWN]
        assert sum(answers.tools(session, now=MONDAY).values()) == 12
        assert [len(each) for each in (outages.up(session), news.in_force(session, on=MONDAY.date()))] == [1, 1]


@pytest.mark.slow
def test_it_starts_says_where_stops_and_keeps_everything(tmp_path: Path, started: list[Demo]) -> None:
    folder = tmp_path / "state"
    first = Demo(folder)
    started.append(first)
    assert first.greeting.startswith("Klart! Öppna http://")
    assert len(first.asks("control/people")["people"]) >= 13
    child = first.child()
    code, out, err = first.stop()
    assert (code, err) == (0, "")
    assert out == f"Stoppat. Allt finns kvar i {folder}.\n"
    assert not alive(child)
    assert {"supportstuga.db", "manifest.json", "workspace"} <= {path.name for path in folder.iterdir()}

    second = Demo(folder)
    started.append(second)
    assert second.seconds < 15  # about three on a free machine: two processes, and what is learnt at the start
    assert second.stop(signal.SIGTERM)[0] == 0


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_a_workspace_that_breaks_ends_it_with_a_sentence(tmp_path: Path, started: list[Demo]) -> None:
    running = Demo(tmp_path / "state")
    started.append(running)
    os.kill(running.child(), signal.SIGKILL)
    _, err = running.process.communicate(timeout=20)
    assert running.process.returncode == 1
    assert err == f"Sidan stannade. Varför står sist i {tmp_path / 'state' / 'demo.log'}.\n"


@pytest.mark.slow
def test_a_busy_port_is_noticed_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not demo._is_free(port)
        ended = subprocess.run(
            [sys.executable, "-m", "bot", "demo", "--port", str(port)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )
    assert ended.returncode == 1
    assert f"--port {port + 1}" in ended.stderr
    assert not list(tmp_path.iterdir())


def test_a_port_that_was_just_let_go_is_free() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    assert demo._is_free(port)
    assert demo._is_free(0)


def test_forgetting_takes_only_its_own(tmp_path: Path) -> None:
    place = demo.Place(tmp_path)
    for name in ("supportstuga.db", "supportstuga.db-wal", "holiday.jpg"):
        (tmp_path / name).write_text("x")
    demo._forget(place)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]
