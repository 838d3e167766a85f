"""One fault after the other, drawn from a seed, while people ask and answer. What must hold: holds.py."""

import contextlib
import random
import resource
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, func, select

from models import lines, outbox, people, settings, tickets
from models.db import Database
from models.jobs import JobRun
from models.lines import Line, Side
from models.outbox import Letter
from models.tickets import State, Ticket
from tests.faults import weather
from tests.faults.bot_process import DEMO, BotProcess
from tests.faults.proxy import Proxy
from tests.places import Server
from tests.slackworld import Message, Person, World, wait_for

SECRET = "19811218-9876"
HOURS = 6  # that Slack is away, at most; of a longer night people would go home
SOON = timedelta(minutes=20)  # what is due later than that is held, not waiting
OPEN = 60  # questions that stay open between two looks: so many that each asker has several
STILL = 1.0  # seconds in which nothing moves: what is left waits for its time
QUIET = {
    "share_429": 0, "share_5xx_before": 0, "share_5xx_after": 0, "share_half": 0, "outage": False, "latency_ms": 0,
    "refuse_sockets": False, "duplicate_share": 0, "reorder_share": 0, "ack_seconds": 3, "redelivery_factor": 0.01,
}  # fmt: skip

PATIENCE = 60  # seconds for what takes ten on a machine with nothing else to do (test_kill.py)
IMPATIENT = {"ack_seconds": 0.1, "redelivery_factor": 0.0001}  # four tries within half a second


@dataclass
class Ordeal:
    """A workspace, some instances on one database, and what has been said and suffered so far."""

    folder: Path
    seed: int
    instances: int = 1
    server: Server | None = None
    bots: list[BotProcess] = field(default_factory=list)
    proxy: Proxy | None = None
    db: Database | None = None
    asked: list[tuple[Person, Message]] = field(default_factory=list)
    answers: list[Message] = field(default_factory=list)
    answered: Counter[int] = field(default_factory=Counter)
    done: dict[int, str] = field(default_factory=dict)  # questions that were taken back, and where their receipts stand
    suffered: list[tuple[str, float]] = field(default_factory=list)  # what, and how many seconds it took
    ahead: float = 0.0  # seconds that all clocks are
    overtaken: set[tuple[int, int]] = field(default_factory=set)  # answers that came after later ones, and said so

    def __enter__(self) -> "Ordeal":
        with contextlib.ExitStack() as undone:
            undone.push(self.__exit__)
            self._begin()
            undone.pop_all()
        return self

    def _begin(self) -> None:
        self.dice = random.Random(self.seed)
        self.world = World(self.folder, people=DEMO).start()
        self.world.switch(seed=self.seed, rate_scale=0, **QUIET)
        self.proxy, url = self._database()
        made = [BotProcess(self.world, self.folder, url=url, name=f"bot{n}") for n in range(self.instances)]
        self.bots = [bot.under_weather() for bot in made]
        self.db = Database(self.server.address(self.server.name) if self.server else self.bots[0].url)
        with self.db.transaction() as session:
            for key in ("card.wait", "choice.wait"):
                settings.write(session, key, "0 s", now=self.now())
            settings.write(session, "draft.wait", "5 s", now=self.now())  # who does not say which question asks a new one
            settings.write(session, "limit.questions", "100000", now=self.now())
        for bot in self.bots:
            bot.start()
        self.world.wait_connected(self.instances, timeout=180)
        wait_for(self._knows_everybody, 180, "Slack's list of people")
        self.cia = self.world.person("cia.ceder@lovkoping.example")
        self.askers = [self.world.add_person(f"asker{n}@lovkoping.example", f"Fråga {n}") for n in range(20)]

    def __exit__(self, *_: object) -> None:
        for bot in self.bots:
            bot.kill()
        if self.db:
            self.db.close()
        if self.proxy:
            self.proxy.close()
        self.world.stop()

    def _database(self) -> tuple[Proxy | None, str | None]:
        if self.server is None:
            return None, None
        self.server.create(self.server.name, "template0")
        proxy = Proxy(self.folder, self.server.socket)
        return proxy, self.server.address(self.server.name, proxy.folder)

    def _knows_everybody(self) -> bool:
        with self.db.snapshot() as session:
            return bool(people.helper_hats(session, on=self.now().date()))

    def now(self) -> datetime:
        return self.bots[0].now()

    def advance(self, seconds: float) -> None:
        """Time goes by for everybody: what waits for a lease, a back-off or the clock need not be lived through."""
        self.ahead += seconds
        self.world.switch(clock_offset=self.ahead)
        for bot in self.bots:
            bot.weather.offset += seconds

    # ---- what people do meanwhile ------------------------------------------------------------------------------

    def act(self) -> None:
        for _ in range(self.dice.randint(1, 3)):
            if self.asked and self.dice.random() < 0.4:
                self.answer()
            else:
                self.ask()

    def ask(self) -> None:
        asker = self.askers[len(self.asked) % len(self.askers)]
        words = f"/{len(self.asked)}/ Låset i 12 blinkar rött, det gäller {SECRET}"
        self.asked.append((asker, asker.write(words)))

    def answer(self) -> None:
        """The specialist writes under a card, if she has got it."""
        cards = self.cards(limit=500)
        number = self.dice.choice(open_now) if (open_now := sorted(cards.keys() - self.done.keys())) else None
        if number is not None:
            said = f"svar /{number}/ {self.answered[number]}, det gäller {SECRET}"
            self.answers.append(self.cia.write(said, thread=cards[number][0]))
            self.answered[number] += 1

    def take_back(self) -> None:
        """All but the newest questions are over: else every gap in the socket means more threads to read."""
        newest = len(self.asked) - OPEN
        with self.db.transaction() as session:
            for ticket in session.exec(select(Ticket).where(Ticket.state != State.CLOSED)).all():
                said = lines.of_ticket(session, ticket.pk, Side.ASKER)
                numbers = [int(line.text.split("/")[1]) for line in said]
                if max(numbers) < newest:
                    place = tickets.receipt_place(ticket.pk)
                    self.done |= dict.fromkeys(numbers, outbox.where_is(session, [place])[place].ts)
                    tickets.withdraw(session, ticket.pk, by=ticket.asker_id or 0, now=self.now())

    def cards(self, limit: int = 100_000) -> dict[int, list[Message]]:
        found: dict[int, list[Message]] = {}
        for message in self.cia.messages(limit=limit):
            words = message.words
            if message["author"]["is_app"] and "F-" in words and words.count("/") >= 2 and "svar /" not in message["text"]:
                number = words.split("/")[1]
                if number.isdecimal():
                    found.setdefault(int(number), []).append(message)
        return found

    # ---- faults --------------------------------------------------------------------------------------------------

    def faults(self) -> dict[str, Callable[[], None]]:
        known = {
            "killed without a word": self.kill,
            "ended and started": self.restart,
            "exchanged one after the other": self.exchange,
            "away while people write": self.late,
            "Slack is down": lambda: self.for_a_while(outage=True),
            "Slack is down for an hour": self.hour,
            "429 storm": lambda: self.for_a_while(share_429=0.6),
            "503 before the effect": lambda: self.for_a_while(share_5xx_before=0.5),
            "503 after the effect": lambda: self.for_a_while(share_5xx_after=0.4),
            "half an answer": lambda: self.for_a_while(share_half=0.3),
            "slow Slack": lambda: self.for_a_while(latency_ms=300),
            "events twice": lambda: self.for_a_while(duplicate_share=0.7),
            "events in another order": lambda: self.for_a_while(reorder_share=0.7),
            "acks come too late": lambda: self.for_a_while(ack_seconds=0.02),
            "socket dropped": lambda: self.drop("abrupt"),
            "socket closed": lambda: self.drop("close"),
            "socket renewed": lambda: self.drop("refresh"),
            "no new sockets": self.no_sockets,
            "a clock is wrong": self.wrong_clock,
            "database locked": self.lock,
        }
        if self.instances == 1:
            del known["exchanged one after the other"]  # that is "ended and started"
        if self.proxy is None:
            return known | {"disk full": self.disk_full, "database full": self.full}
        more = {"database connections cut": self.cut, "database away": self.away, "database away for long": self.long_away}
        return known | more | ({"database started again": self.crash} if self.server and self.server.own else {})

    def suffer(self, name: str) -> None:
        began = time.monotonic()
        self.faults()[name]()
        self.suffered.append((name, time.monotonic() - began))

    def a_while(self, least: float = 0.05, most: float = 0.6) -> None:
        time.sleep(self.dice.uniform(least, most))  # the fault lasts; nothing is waited for

    def for_a_while(self, **switches: Any) -> None:
        self.world.switch(**switches)
        self.act()
        self.a_while()
        self.world.switch(**QUIET)

    def one(self) -> BotProcess:
        return self.dice.choice(self.bots)

    def kill(self) -> None:
        bot = self.one()
        self.act()
        self.a_while(0, 0.15)
        bot.kill()
        bot.start()

    def restart(self) -> None:
        bot = self.one()
        self.act()
        code = bot.stop(within=PATIENCE)
        assert code in (0, -signal.SIGTERM), f"it ended with {code}"  # the latter while it was still reading its program
        bot.start()

    def exchange(self) -> None:
        """As an upgrade does."""
        for bot in self.bots:
            self.act()
            assert bot.stop(within=PATIENCE) in (0, -signal.SIGTERM)
            bot.start()
            self.world.wait_connected(self.instances, timeout=180)

    def late(self) -> None:
        """Nobody is there, and Slack forgets what it could not tell: only its history knows."""
        for bot in self.bots:
            bot.kill()
        self.world.switch(keep_seconds=0)
        self.act()
        self.a_while()
        self._all_back()

    def hour(self) -> None:
        """By everybody's clock; what Slack could not tell in it, it does not tell afterwards."""
        if self.ahead > HOURS * 3600:
            self.for_a_while(outage=True)
            return
        self.world.switch(outage=True, keep_seconds=0)
        self.act()
        self.a_while(0.5, 1)
        self.advance(3600)
        self.act()
        self.world.switch(**QUIET)
        self._all_back()

    def _all_back(self) -> None:
        wait_for(self._is_up, 180, f"{self.instances} connections")
        self.world.switch(keep_seconds=360)

    def drop(self, how: str) -> None:
        self.act()
        self.world.drop_sockets(how)

    def no_sockets(self) -> None:
        self.world.switch(refuse_sockets=True)
        self.world.drop_sockets("abrupt")
        self.act()
        self.a_while()
        self.world.switch(**QUIET)

    def wrong_clock(self) -> None:
        """It jumps, forward or back, and is set right again."""
        bot, seconds = self.one(), self.dice.choice((-30, -5, 5, 30))
        bot.weather.offset += seconds
        self.act()
        self.a_while()
        bot.weather.offset -= seconds

    def lock(self) -> None:
        with self.db.transaction():
            self.act()
            self.a_while()

    def disk_full(self) -> None:
        """No file may grow any more: what a full disk says, to this one process."""
        bot = self.one()
        size = max(file.stat().st_size for file in self.folder.glob("bot.db*"))
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        self.act()
        self.a_while()
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def full(self) -> None:
        """For longer than Slack is patient with an event."""
        bot = self.one()
        bot.weather.pages = weather.AS_IT_IS
        self.world.switch(**IMPATIENT)
        self.act()
        self.a_while(0.6, 1.2)
        bot.weather.pages = weather.ANY_SIZE
        self.world.switch(**QUIET)

    def cut(self) -> None:
        self.act()
        self.proxy.cut()

    def away(self) -> None:
        self.proxy.refuse(True)
        self.act()
        self.a_while()
        self.proxy.refuse(False)

    def long_away(self) -> None:
        """For longer than Slack is patient with an event."""
        self.world.switch(**IMPATIENT)
        self.proxy.refuse(True)
        self.act()
        self.a_while(0.6, 1.2)
        self.proxy.refuse(False)
        self.world.switch(**QUIET)

    def crash(self) -> None:
        self.act()
        self.server.restart()
        self.db.engine.dispose()

    # ---- afterwards ----------------------------------------------------------------------------------------------

    def calm(self, within: float = 150) -> None:
        """Everything that was said is there, and every letter is finished."""
        wait_for(self._is_up, 180, f"{self.instances} connections")
        until, seen, since = time.monotonic() + within, self.left(), time.monotonic()
        while any(seen):
            assert time.monotonic() < until, f"not within {within} s: {dict(zip(LEFT, seen, strict=True))}"
            time.sleep(0.05)
            now = self.left()
            if now != seen:
                seen, since = now, time.monotonic()
            elif time.monotonic() - since > STILL and self._is_idle():
                self.advance(self._until_next())
                since = time.monotonic()

    def _is_up(self) -> bool:
        """As a supervisor does: one that gives up while its database is away is started again, whenever that is."""
        for bot in self.bots:
            bot.start_if_ended()
        return bool(self.world.app["connected"] == self.instances)

    def _is_idle(self) -> bool:
        return bool(self.world.control.post("idle", timeout=0.1, quiet=STILL)["idle"])

    def unfinished(self) -> list[str]:
        """Jobs that somebody has begun, and whose lease is over."""
        with self.db.snapshot() as session:
            begun = select(JobRun).where(col(JobRun.finished_at).is_(None), col(JobRun.lease_until) < self.now())
            return [f"{run.name} {run.slot}" for run in session.exec(begun)]

    def left(self) -> tuple[int, ...]:
        """How much of what was said is missing, how many of the askers' lines have no question, how many letters wait."""
        with self.db.snapshot() as session:
            heard = session.exec(_LINES).one()
            placed = session.exec(_PLACED).one()
            waiting = session.exec(_WAITING, params={"soon": self.now() + SOON}).one()
        return max(0, len(self.asked) + len(self.answers) - heard), heard - placed, waiting

    def _until_next(self) -> float:
        """Seconds until the first letter that waits may be tried, or a line without a question becomes one."""
        with self.db.snapshot() as session:
            when = func.coalesce(col(Letter.retry_at), col(Letter.lease_until), col(Letter.due_at))
            due = session.exec(select(when).where(col(Letter.done_at).is_(None)).order_by(when).limit(1)).first()
        return max(1.0, min(61.0, (due - self.now()).total_seconds() + 0.1)) if due else 10.0


LEFT = ("lines missing", "lines without a question", "letters waiting")
_LINES = select(func.count(col(Line.id)))
_PLACED = select(func.count(col(Line.id))).where(col(Line.ticket_id).is_not(None))
_WAITING = select(func.count(col(Letter.id))).where(col(Letter.done_at).is_(None), col(Letter.due_at) <= bindparam("soon"))
