"""What a question costs in this process alone: `python benchmarks/loop.py` (`--profile hearing`, `--statements`,
`--database postgresql`).

No network and one thread: the Bolt app hears the message, `Delivery` claims, renders and marks, a client that answers
at once plays Slack. CPU of this thread, so other work on the machine shows less than in flow.py; by the clock with what
PostgreSQL takes.
"""

import argparse
import cProfile
import itertools
import pstats
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from psycopg import Cursor
from slack_bolt import BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from sqlalchemy import event
from sqlmodel import select

from benchmarks import organisation
from bot import app as composition
from bot.delivery import Delivery
from handlers.desk import Desk
from models import catalogue, importing, migrations, recognition
from models.db import Database
from models.people import Person
from tests.places import Server

PARTS = ("hearing", "delivering")
VALUE = re.compile(r"'[^']*'|\b\d+\b")


class Answers(WebClient):
    """Slack, at once."""

    def api_call(self, api_method: str, **_: Any) -> Any:
        Answers.stamp += 1
        return {"ok": True, "ts": f"{time.time():.0f}.{Answers.stamp % 1_000_000:06}", "channel": {"id": "D0"}}

    stamp = 0


class Here(Executor):
    """A pool of no threads."""

    def submit(self, work: Any, /, *args: Any, **named: Any) -> Future[Any]:  # type: ignore[override]
        work(*args, **named)
        return Future()


def settled(folder: Path, size: organisation.Size, url: str = "") -> str:
    """A database with people who can be written to, by default a file; its URL."""
    url = url or f"sqlite:///{folder / 'bot.db'}"
    migrations.upgrade(url)
    with Database(url).transaction() as session:
        importing.from_folder(session, organisation.write(folder / "people", size), now=datetime.now(UTC))
        for person in session.exec(select(Person)):
            person.chat_user_id, person.chat_channel_id = f"U{person.id}", f"D{person.id}"
    return url


class Loop:
    """`url`: what `settled` made of `size`."""

    def __init__(self, url: str, size: organisation.Size) -> None:
        self.db, self.askers = Database(url), size.askers
        with self.db.snapshot() as session:
            self.ids = dict(session.exec(select(Person.email, Person.id)).all())
        recognition.prepare(catalogue.load())
        self.desk = Desk(self.db, self.clock, lambda: None)
        answers = Answers()
        me = AuthorizeResult(enterprise_id="E1", team_id="T1", bot_id="B1", bot_user_id="UB")
        self.app, on = composition.build(
            self.desk, client=answers, authorize=lambda: me, request_verification_enabled=False
        )
        self.delivery, self.jobs = Delivery(self.desk, answers, on.letters), on.jobs
        self._number = itertools.count()

    def clock(self) -> datetime:
        return composition.wall_clock()

    def hearing(self) -> None:
        number = next(self._number)
        who, stamp = self.ids[organisation.asker(number % self.askers)], f"{self.clock().timestamp():.6f}"
        said = {
            "type": "message", "channel_type": "im", "channel": f"D{who}", "user": f"U{who}", "ts": stamp,
            "event_ts": stamp, "text": f"Låset på rum {number} blinkar rött och piper", "team": "T1",
        }  # fmt: skip
        body = {"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event": said, "event_id": f"Ev{stamp}"}
        answer = self.app.dispatch(BoltRequest(body=body, mode="socket_mode"))
        assert answer.status == 200, answer  # noqa: S101 (what fails costs little)

    def delivering(self) -> None:
        for _ in range(2):  # claims and sends, marks
            self.delivery._round(Here(), Event(), 20)  # noqa: SLF001 (its threads are left out)


@dataclass
class Measured:
    """What the parts of a question cost, in ms of CPU and by the clock, and which statements they ran."""

    spent: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: {part: [] for part in PARTS})
    ran: Counter[tuple[str, str]] = field(default_factory=Counter)
    profile: cProfile.Profile = field(default_factory=cProfile.Profile)
    now: str = ""

    def listen(self, connection: Any, _record: Any) -> None:
        if hasattr(connection, "set_trace_callback"):
            connection.set_trace_callback(self.note)
        else:
            connection.cursor_factory = type("Heard", (Cursor,), {"execute": self.executes()})

    def note(self, statement: str) -> None:
        self.ran.update([(self.now, VALUE.sub("?", " ".join(statement.split())))])

    def executes(self) -> Callable[..., Any]:
        """What PostgreSQL's driver does, heard; it does not tell of commits."""

        def execute(cursor: Any, statement: str, *given: Any, **how: Any) -> Any:
            self.note(statement)
            return Cursor.execute(cursor, statement, *given, **how)

        return execute

    def run(self, part: str, work: Callable[[], None], *, profiled: bool) -> None:
        self.now, began = part, (time.thread_time(), time.perf_counter())
        if profiled:
            self.profile.runcall(work)
        else:
            work()
        self.spent[part].append((1000 * (time.thread_time() - began[0]), 1000 * (time.perf_counter() - began[1])))


@contextmanager
def house(folder: Path, database: str) -> Iterator[str]:
    """The address of a new database, with durable commits as in life; empty: a file."""
    if database == "sqlite":
        yield ""
        return
    server = Server(folder / "data", durable=True)
    try:
        server.create(server.name, "template0")
        yield server.address(server.name)
    finally:
        server.close()


def measure(options: argparse.Namespace) -> Measured:
    found = Measured()
    with tempfile.TemporaryDirectory() as folder, house(Path(folder), options.database) as url:
        size = organisation.Size()
        loop = Loop(settled(Path(folder), size, url), size)
        for _ in range(50):  # imports and caches
            loop.hearing()
            loop.delivering()
        if options.statements:
            loop.db.engine.dispose()
            event.listen(loop.db.engine, "connect", found.listen)
        for _, part in itertools.product(range(options.questions), PARTS):
            found.run(part, getattr(loop, part), profiled=options.profile == part)
        loop.db.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--profile", choices=PARTS)
    parser.add_argument("--statements", action="store_true", help="how often which, in a question")
    options = parser.parse_args()
    found = measure(options)
    for part, spent in found.spent.items():
        cpu, clock = ([each[at] for each in spent] for at in (0, 1))
        told = f"{statistics.median(cpu):.1f} ms of CPU median, {statistics.mean(cpu):.1f} mean"
        print(f"{part}: {told}; by the clock {statistics.median(clock):.1f}")
    for (part, statement), number in sorted(found.ran.items()):
        print(f"{part} {number / options.questions:5.2f} {statement[:230]}")
    if options.profile:
        told = pstats.Stats(found.profile)
        told.sort_stats("cumulative").print_stats(110)
        told.sort_stats("tottime").print_stats(45)


if __name__ == "__main__":
    main()
