"""How fast a question travels: `make bench`, or `python benchmarks/flow.py --json FILE`.

Three processes, as in life: the workspace, the bot, and this driver, in which people write. Times are the
workspace's own: from the stamp of the asker's message to the stamp of the receipt and of the cards. Nothing waits on
purpose (card.wait, choice.wait and line.settle are 0 s). Only the loopback address is spoken to.
"""

import argparse
import atexit
import itertools
import json
import math
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import event
from sqlmodel import col, func, select
from websockets.sync.client import connect

from benchmarks import organisation
from bot.run import Running
from bot.settings import Settings
from models.db import Database
from models.people import Person
from tests.faults.bot_process import BotProcess
from tests.places import Server
from tests.slackworld import World, wait_for

ROOT = Path(__file__).resolve().parent.parent
Row = dict[str, Any]
NUMBER = re.compile(r"\brum (\d+)\b")
FIRST_ROOM = 2000  # 1001 to 1024 are numbers of flats, which are hidden: those 24 cards named no question
TICK = 1000 / os.sysconf("SC_CLK_TCK")
SEED = 20261122
KEPT_UP = 1000  # ms until the receipt at p95: beyond that a queue grows
PATIENCE = 20.0  # seconds after the last question until what is missing counts as missing


@dataclass
class Question:
    """One question on its way: the stamps of what was seen."""

    asked: float = 0.0
    receipt: float = 0.0
    cards: list[float] = field(default_factory=list)
    whole: threading.Event = field(default_factory=threading.Event)


class Watch:
    """Listens to the workspace's stream of pushes: a receipt is the first to its asker, a card names its question."""

    def __init__(self, url: str, cards: int) -> None:
        self._expected = cards
        self._questions: dict[int, Question] = {}
        self._askers: dict[str, int] = {}
        self._socket = connect(f"{url.replace('http', 'ws', 1)}/control/stream", max_size=None)
        threading.Thread(target=self._listen, daemon=True).start()

    def expect(self, number: int, asker: str) -> Question:
        self._askers[asker] = number
        return self._questions.setdefault(number, Question())

    def close(self) -> None:
        self._socket.close()

    def _listen(self) -> None:
        for frame in self._socket:
            heard = json.loads(frame)
            if heard["type"] in ("push", "silent") and heard["push"].get("reason") != "edit":
                self._seen(heard["push"])

    def _seen(self, push: Row) -> None:
        card = NUMBER.search(push["text"])
        number = self._askers.get(push["person"]) if card is None else int(card[1]) - FIRST_ROOM
        question = self._questions.get(number) if number is not None else None
        if question is None:
            return
        if card is None:
            question.receipt = question.receipt or float(push["ts"])
        else:
            question.cards.append(float(push["ts"]))
        if question.receipt and len(question.cards) >= self._expected:
            question.whole.set()


@dataclass(frozen=True)
class House:
    """On which database the bot runs, and how many instances of it. No server: SQLite."""

    server: Server | None = None
    instances: int = 1

    @property
    def name(self) -> str:
        return f"{'PostgreSQL' if self.server else 'SQLite'}, {self.instances}"

    def address(self, folder: Path) -> str:
        """Of a new database, with durable commits as in life."""
        if self.server is None:
            return f"sqlite:///{folder / 'bot.db'}"
        self.server.create(self.server.name, "template0")
        return self.server.address(self.server.name)


@contextmanager
def houses(databases: Sequence[str], instances: Sequence[int]) -> Iterator[list[House]]:
    """SQLite serves one process, PostgreSQL any number."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data", durable=True) if "postgresql" in databases else None
        try:
            small = [House()] if "sqlite" in databases else []
            yield small + [House(server, number) for number in instances if server is not None]
        finally:
            if server is not None:
                server.close()


class Site:
    """A workspace and a bot, each a process of its own, in a folder that is thrown away."""

    def __init__(
        self, folder: Path, size: organisation.Size, latency_ms: int, stored: int = 0, house: House | None = None
    ) -> None:
        self.size, house = size, house or House()
        people = organisation.write(folder / "people", size)
        self._latency_ms = latency_ms
        self._ends = ExitStack()
        atexit.register(self.stop)  # no process is left behind, whatever fails before `start`
        self.workspace = _workspace(folder, people)
        self._ends.callback(self.workspace.wait, 10)
        self._ends.callback(self.workspace.terminate)
        self.world = World(folder).connect(str(self.workspace.stdout.readline().split()[1]).rstrip("/"))  # type: ignore[union-attr]
        url = house.address(folder)
        self.bots = [BotProcess(self.world, folder, people, url, f"bot{n}") for n in range(house.instances)]
        self.bot = self.bots[0]
        self._db = Database(self.bot.url)
        self._ends.callback(self._db.close)
        if stored:
            with self._db.transaction() as session:
                organisation.fill(session, stored, now=datetime.now(UTC))
        self.watch = Watch(self.world.url, size.helpers_per_unit)
        self.ids = {p["email"]: p["id"] for p in self.world.control.get("people")["people"]}
        self._next = itertools.count()

    def start(self) -> None:
        """Until the bot is connected and knows everybody."""
        began = time.monotonic()
        for bot in self.bots:
            bot.start()
            self._ends.callback(bot.stop)
        self._ends.callback(self.watch.close)
        self.world.wait_connected(len(self.bots), timeout=240)  # at a first start people are read before
        self.start_up = time.monotonic() - began
        wait_for(lambda: self._known() >= len(self.ids), 240, "the bot knows everybody")
        self.calm(1.0)
        self.world.switch(latency_ms=self._latency_ms, redelivery_factor=0.01)

    def calm(self, quiet: float = 0.3) -> None:
        """Until nothing moves any more; a machine with other work may need its time."""
        wait_for(lambda: self.world.control.post("idle", timeout=10, quiet=quiet)["idle"], 120, "quiet")

    def _known(self) -> int:
        with self._db.snapshot() as session:
            known = select(func.count(col(Person.id))).where(col(Person.chat_user_id).is_not(None))
            return session.exec(known).one()

    def ask(self) -> Question:
        """The next asker writes; each asks once, so that every question is a new one."""
        number = next(self._next)
        who = self.ids[organisation.asker(number)]
        question = self.watch.expect(number, who)
        text = f"Låset på rum {FIRST_ROOM + number} blinkar rött och piper"
        said = self.world.control.post(f"people/{who}/write", text=text)["message"]
        question.asked = float(said["ts"])
        return question

    def stop(self) -> None:
        """Everything that was started, the last one first; a second time is harmless."""
        self._ends.close()
        atexit.unregister(self.stop)


def _workspace(folder: Path, people: Path) -> "subprocess.Popen[str]":
    state = str(folder / "workspace")
    command = [sys.executable, "-m", "workspace", "--port", "0", "--state", state, "--people", str(people)]
    return subprocess.Popen([*command, "--rate-scale", "0"], stdout=subprocess.PIPE, text=True, cwd=ROOT)


@contextmanager
def site(latency_ms: int, stored: int = 0, house: House | None = None) -> Iterator[Site]:
    with tempfile.TemporaryDirectory() as folder:
        running = Site(Path(folder), organisation.Size(), latency_ms, stored, house)
        try:
            running.start()
            _closed(running, running.size.units, 8)  # imports, caches, and every helper's conversation is opened once
            yield running
        finally:
            running.stop()


# ---- load ------------------------------------------------------------------------------------------------


def _open(running: Site, number: int, rate: float) -> list[Question]:
    """People write when they like, whether or not the bot keeps up (Poisson, always the same dice)."""
    dice, at, asked = random.Random(SEED), time.monotonic(), []
    with ThreadPoolExecutor(32) as pool:
        for _ in range(number):
            at += dice.expovariate(rate)
            time.sleep(max(0.0, at - time.monotonic()))
            asked.append(pool.submit(running.ask))
    return _finished([each.result() for each in asked])


def _closed(running: Site, number: int, in_flight: int) -> list[Question]:
    """So many at a time: the next person writes when a question has its receipt and all its cards."""
    left = itertools.count()
    asked: list[Question] = []

    def one_after_the_other() -> None:
        while next(left) < number:
            question = running.ask()
            asked.append(question)
            question.whole.wait(PATIENCE)

    with ThreadPoolExecutor(in_flight) as pool:
        for each in [pool.submit(one_after_the_other) for _ in range(in_flight)]:
            each.result()
    return _finished(asked)


def _finished(questions: list[Question]) -> list[Question]:
    until = time.monotonic() + PATIENCE
    for question in questions:
        question.whole.wait(max(0.0, until - time.monotonic()))
    return questions


# ---- what is measured -----------------------------------------------------------------------------------------


def cell(running: Site, name: str, load: Any) -> Row:
    """One line of the table: the load is run, and everything about it is counted."""
    running.calm()
    running.world.reset_traffic()
    before = _spent(running)
    others = _cpu_ms(running.workspace.pid), 1000 * time.process_time()
    questions: list[Question] = load(running)
    whole = [q for q in questions if q.whole.is_set()]
    running.calm()
    spent = _spent(running) - before
    span = max([q for each in whole for q in each.cards], default=0) - min(q.asked for q in questions)
    calls = {name: round(n / len(questions), 2) for name, n in running.world.counts().items()}
    return {
        "load": name,
        "questions": len(questions),
        "missing": len(questions) - len(whole),
        "rate": round(len(whole) / span, 1) if whole else 0.0,
        "receipt_ms": _quantiles([q.receipt - q.asked for q in whole]),
        "first_card_ms": _quantiles([min(q.cards) - q.asked for q in whole]),
        "last_card_ms": _quantiles([max(q.cards) - q.asked for q in whole]),
        "cpu_ms": round(spent / len(questions), 1),
        "workspace_cpu_ms": round((_cpu_ms(running.workspace.pid) - others[0]) / len(questions), 1),
        "driver_cpu_ms": round((1000 * time.process_time() - others[1]) / len(questions), 1),
        "calls": calls,
    }


def _quantiles(seconds: Sequence[float]) -> dict[str, int]:
    """Nearest rank, in whole milliseconds."""
    ranked = sorted(seconds)
    return {
        f"p{p}": round(1000 * ranked[max(0, math.ceil(p / 100 * len(ranked)) - 1)]) if ranked else -1
        for p in (50, 95, 99)
    }


def _spent(running: Site) -> float:
    """CPU ms of all instances."""
    return sum(_cpu_ms(bot.pid) for bot in running.bots)


def _resident(pid: int) -> int:
    """MB that a process holds in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20


def _cpu_ms(pid: int) -> float:
    """User and system time of a process so far, all threads."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) * TICK


def by_rate(options: argparse.Namespace) -> Iterator[Row]:
    with houses(options.databases, options.instances) as found:
        for house, latency in itertools.product(found, options.latencies):
            with site(latency, house=house) as running:
                for row in _rates(running, options):
                    rest = {"start_s": round(running.start_up, 1), "resident_mb": _resident(running.bot.pid)}
                    yield {"house": house.name, "latency_ms": latency, **row, **rest}


def _rates(running: Site, options: argparse.Namespace) -> Iterator[Row]:
    for rate in options.rates:
        yield cell(running, f"{rate:g}/s", partial(_open, number=max(10, round(rate * options.seconds)), rate=rate))
    if options.closed:
        yield cell(running, f"{options.in_flight} in flight", partial(_closed, **_flight(options)))
    for rate in options.sustained:
        row = cell(running, f"{rate:g}/s held", partial(_open, number=round(rate * options.seconds), rate=rate))
        yield row
        if row["missing"] or row["receipt_ms"]["p95"] > KEPT_UP:
            return  # it falls behind: the rate before this one is the highest that is held


def _flight(options: argparse.Namespace) -> dict[str, int]:
    return {"number": options.closed, "in_flight": options.in_flight}


def home(stored: int) -> Row:
    """Home of an asker and of a helper, and the receipt, with so many questions in the database."""
    with site(0, stored) as running:
        seconds = {who: _homes(running, running.ids[mail]) for who, mail in HOMES.items()}
        row = cell(running, "5/s", lambda s: _open(s, 50, 5))
    return {"stored": stored, **{f"{who}_ms": _quantiles(took) for who, took in seconds.items()}, "flow": row}


HOMES = {"asker": organisation.asker(1100), "helper": organisation.helper(3, 1)}


def _homes(running: Site, who: str) -> list[float]:
    """From opening Home until the bot has published and acked."""
    return [_took(running, who) for _ in range(20)]


def _took(running: Site, who: str) -> float:
    began = time.monotonic()
    running.world.control.post(f"people/{who}/home", wait=True)
    return time.monotonic() - began


# ---- statements ---------------------------------------------------------------------------------------------------


def statements(number: int) -> Row:
    """SQL per question, counted inside: the same bot in this process, one question at a time."""
    with tempfile.TemporaryDirectory() as folder:
        inside = _Inside(Path(folder), organisation.Size(10, 2, 20), 0)
        try:
            inside.start()
            _closed(inside, inside.size.units, 1)
            inside.counted.clear()
            _closed(inside, number, 1)
            inside.calm()
            return {where: round(n / number, 1) for where, n in sorted(inside.counted.items())}
        finally:
            inside.stop()


class _Inside(Site):
    """The bot as a part of this process, with an ear at its database."""

    def __init__(self, folder: Path, size: organisation.Size, latency_ms: int) -> None:
        super().__init__(folder, size, latency_ms)
        self.counted: Counter[str] = Counter()
        self.shapes: Counter[str] = Counter()
        self.bot = _Within(self)  # type: ignore[assignment]
        self.bots = [self.bot]


class _Within:
    """Looks like a BotProcess."""

    def __init__(self, inside: _Inside) -> None:
        outer = inside.bot
        settings = Settings(
            slack_bot_token=inside.world.bot_token,
            slack_app_token=inside.world.app_token,
            slack_api_url=inside.world.api_url,
            database_url=outer.url,
        )
        self.url, self._running, self._inside = outer.url, Running(settings, threading.Event()), inside

    def start(self) -> None:
        self._running.db.engine.dispose()
        event.listen(self._running.db.engine, "connect", self._listen)
        self._running.start()

    def stop(self) -> None:
        self._running.stop()

    def _listen(self, connection: Any, _record: Any) -> None:
        connection.set_trace_callback(self._count)

    def _count(self, statement: str) -> None:
        thread = threading.current_thread().name
        where = {"delivery": "delivering", "letter": "delivering", "ThreadPoolExecutor": "hearing"}.get(
            re.split("[-_]", thread)[0], "background"
        )
        if statement == "COMMIT":
            return
        what = "transactions" if statement.startswith("begin") else "statements"
        self._inside.counted[f"{where}: {what}"] += 1
        self._inside.shapes[f"{where}: {' '.join(statement.split())}"] += 1


# ---- report ---------------------------------------------------------------------------------------------------------


HEAD = f"{'database, bots':>14} {'latency':>8} {'load':>14} {'n':>4} {'lost':>4} {'rate':>6} " + " ".join(
    f"{what:>15}" for what in ("receipt", "first card", "last card")
)


def main() -> None:
    options = _arguments()
    found: Row = {"machine": f"{os.cpu_count()} cores, Python {platform.python_version()}", "flow": []}
    print(f"{found['machine']}; milliseconds as p50/p95/p99; per question CPU (bot+workspace+driver) and calls\n"
          f"{HEAD}            CPU  calls")  # fmt: skip
    for row in by_rate(options):
        found["flow"].append(row)
        _print(row)
    if options.statements:
        found["statements"] = statements(options.statements)
        print("SQL per question:", ", ".join(f"{where} {n}" for where, n in found["statements"].items()))
    if options.stored:
        found["home"] = home(options.stored)
        print(f"Home with {options.stored} questions stored:", {k: v for k, v in found["home"].items() if "ms" in k})
        _print({"house": House().name, "latency_ms": 0, **found["home"]["flow"]})
    if options.json:
        options.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _print(row: Row) -> None:
    times = " ".join(
        f"{'/'.join(str(v) for v in row[key].values()):>15}" for key in ("receipt_ms", "first_card_ms", "last_card_ms")
    )
    calls = " ".join(f"{name} {n}" for name, n in row["calls"].items())
    start = f"{row['house']:>14} {row['latency_ms']:>5} ms {row['load']:>14} {row['questions']:>4}"
    start += f" {row['missing']:>4} {row['rate']:>6}"
    cpu = "+".join(str(row[key]) for key in ("cpu_ms", "workspace_cpu_ms", "driver_cpu_ms"))
    print(f"{start} {times} {cpu:>14}  {calls}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--databases", nargs="*", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--instances", type=int, nargs="*", default=[1, 2], help="of the bot, on PostgreSQL")
    parser.add_argument("--sustained", type=float, nargs="*", default=[], help="rates to try until it falls behind")
    parser.add_argument("--rates", type=float, nargs="*", default=[1, 5, 20], help="questions a second")
    parser.add_argument("--latencies", type=int, nargs="*", default=[0, 100], help="ms that each Slack call takes")
    parser.add_argument("--seconds", type=float, default=20, help="of each rate, at most 25")
    parser.add_argument("--closed", type=int, default=300, help="questions with some in flight; 0: none")
    parser.add_argument("--in-flight", type=int, default=16)
    parser.add_argument("--statements", type=int, default=40, help="questions whose SQL is counted; 0: none")
    parser.add_argument("--stored", type=int, default=50_000, help="questions stored for Home; 0: none")
    parser.add_argument("--json", type=Path, help="write everything here as well")
    options = parser.parse_args()
    size, asked = organisation.Size(), options.closed + sum(
        max(10, round(r * options.seconds)) for r in (*options.rates, *options.sustained)
    )
    if size.units + asked > size.askers:
        parser.error(f"{size.units + asked} questions, but each of the {size.askers} askers asks only once")
    return options


if __name__ == "__main__":
    main()
