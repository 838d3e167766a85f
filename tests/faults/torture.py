"""What must hold whatever breaks: one fault after the other, drawn from a seed, while people ask, answer and take.

    python -m tests.faults.torture --faults 1000 --seed 7 --database postgresql --instances 2

A seed that fails is run again with the same arguments. Not here: which faults a workspace can play (workspace/README.md).
"""

import argparse
import contextlib
import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import col, func, select

from models import people, settings
from models.db import Database
from models.lines import Line
from models.outbox import Letter
from models.tickets import History, Ticket
from tests.faults.bot_process import DEMO, BotProcess
from tests.faults.proxy import Proxy
from tests.places import Server
from tests.slackworld import Message, Person, World, wait_for

SECRET = "19811218-9876"
ROUND = 8  # faults between two looks at everything
QUIET = {
    "share_429": 0, "share_5xx_before": 0, "share_5xx_after": 0, "share_half": 0, "outage": False, "latency_ms": 0,
    "refuse_sockets": False, "duplicate_share": 0, "reorder_share": 0,
}  # fmt: skip


@dataclass
class Ordeal:
    """A workspace, some instances on one database, and what has been said so far."""

    folder: Path
    seed: int
    instances: int = 1
    server: Server | None = None
    bots: list[BotProcess] = field(default_factory=list)
    proxy: Proxy | None = None
    db: Database | None = None
    asked: list[tuple[Person, Message]] = field(default_factory=list)
    answered: Counter[int] = field(default_factory=Counter)
    suffered: Counter[str] = field(default_factory=Counter)

    def __enter__(self) -> "Ordeal":
        with contextlib.ExitStack() as undone:
            undone.push(self.__exit__)
            self._begin()
            undone.pop_all()
        return self

    def _begin(self) -> None:
        self.dice = random.Random(self.seed)
        self.world = World(self.folder, people=DEMO).start()
        self.world.switch(seed=self.seed, redelivery_factor=0.01, rate_scale=0)
        self.proxy, url = self._database()
        self.bots = [BotProcess(self.world, self.folder, url=url, name=f"bot{n}") for n in range(self.instances)]
        self.db = Database(self.server.address(self.server.name) if self.server else self.bots[0].url)
        with self.db.transaction() as session:
            for key in ("card.wait", "choice.wait"):
                settings.write(session, key, "0 s", now=self.bots[0].now())
            settings.write(session, "limit.questions", "1000", now=self.bots[0].now())
        for bot in self.bots:
            bot.start()
        self.world.wait_connected(self.instances, timeout=60)
        wait_for(self._knows_everybody, 60, "Slack's list of people")
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
            return bool(people.helper_hats(session, on=self.bots[0].now().date()))

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
        cards = self.cards()
        number = self.dice.choice(sorted(cards)) if cards else None
        if number is not None:
            self.cia.write(f"svar /{number}/ {self.answered[number]}", thread=cards[number][0])
            self.answered[number] += 1

    def cards(self) -> dict[int, list[Message]]:
        found: dict[int, list[Message]] = {}
        for message in self.cia.messages(limit=1000):
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
            "Slack is down": lambda: self.for_a_while(outage=True),
            "429 storm": lambda: self.for_a_while(share_429=0.6),
            "503 before the effect": lambda: self.for_a_while(share_5xx_before=0.5),
            "503 after the effect": lambda: self.for_a_while(share_5xx_after=0.4),
            "half an answer": lambda: self.for_a_while(share_half=0.3),
            "slow Slack": lambda: self.for_a_while(latency_ms=300),
            "events twice": lambda: self.for_a_while(duplicate_share=0.7),
            "events in another order": lambda: self.for_a_while(reorder_share=0.7),
            "socket dropped": lambda: self.drop("abrupt"),
            "socket closed": lambda: self.drop("close"),
            "socket renewed": lambda: self.drop("refresh"),
            "no new sockets": self.no_sockets,
        }
        if self.proxy:
            return known | {"database connections cut": self.cut, "database away": self.away}
        return known | {"database locked": self.lock, "disk full": self.full}

    def suffer(self, name: str) -> None:
        self.suffered[name] += 1
        self.faults()[name]()

    def for_a_while(self, **switches: Any) -> None:
        self.world.switch(**switches)
        self.act()
        time.sleep(self.dice.uniform(0.05, 0.6))  # the fault lasts; nothing is waited for
        self.world.switch(**QUIET)

    def one(self) -> BotProcess:
        return self.dice.choice(self.bots)

    def kill(self) -> None:
        bot = self.one()
        self.act()
        time.sleep(self.dice.uniform(0, 0.15))
        bot.kill()
        bot.start()

    def restart(self) -> None:
        bot = self.one()
        self.act()
        assert bot.stop() == 0, "it ends within 10 s when it is asked to"
        bot.start()

    def drop(self, how: str) -> None:
        self.act()
        self.world.drop_sockets(how)

    def no_sockets(self) -> None:
        self.world.switch(refuse_sockets=True)
        self.world.drop_sockets("abrupt")
        self.act()
        time.sleep(self.dice.uniform(0.05, 0.6))
        self.world.switch(**QUIET)

    def lock(self) -> None:
        with self.db.transaction():
            self.act()
            time.sleep(self.dice.uniform(0.05, 0.5))

    def full(self) -> None:
        """No file may grow any more: what a full disk says, to this one process."""
        bot = self.one()
        size = max(file.stat().st_size for file in self.folder.glob("bot.db*"))
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        self.act()
        time.sleep(self.dice.uniform(0.05, 0.5))
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def cut(self) -> None:
        assert self.proxy
        self.act()
        self.proxy.cut()

    def away(self) -> None:
        assert self.proxy
        self.proxy.refuse(True)
        self.act()
        time.sleep(self.dice.uniform(0.05, 0.6))
        self.proxy.refuse(False)

    # ---- what must hold ------------------------------------------------------------------------------------------

    def calm(self, within: float = 120) -> None:
        """Every question is there and every letter is finished."""
        for bot in self.bots:
            bot.start_if_ended()
        self.world.wait_connected(self.instances, timeout=60)
        wait_for(self._is_done, within, f"{len(self.asked)} questions and all letters; seed {self.seed}")

    def _is_done(self) -> bool:
        with self.db.snapshot() as session:
            waiting = session.exec(select(Letter.id).where(col(Letter.done_at).is_(None)).limit(1)).first()
            return waiting is None and session.exec(select(func.count(col(Line.id)))).one() >= self.said()

    def said(self) -> int:
        return len(self.asked) + self.answered.total()

    def look(self) -> None:
        """Raises AssertionError for whatever does not hold."""
        self.calm()
        with self.db.snapshot() as session:
            lines = Counter(session.exec(select(Line.ts)))
            words = "\n".join(session.exec(select(Line.text)))
            tickets = {ticket.id: ticket for ticket in session.exec(select(Ticket))}
            history = session.exec(select(History).order_by(col(History.id))).all()
            bad = session.exec(select(Letter).where(Letter.outcome != "sent", col(Letter.done_at).is_not(None))).all()
        assert set(lines.values()) <= {1}
        assert {message.ts for _, message in self.asked} <= set(lines), "a question is lost"
        assert sum(f"/{number}/ Låset" in words for number in range(len(self.asked))) == len(self.asked)
        assert SECRET not in words
        self._letters(bad)
        self._history(tickets, history)
        self._cards()
        self._logs()

    def _letters(self, bad: list[Letter]) -> None:
        told = Counter((letter.kind, letter.outcome, letter.error) for letter in bad if letter.outcome == "given_up")
        assert not told, f"letters given up: {told}"

    def _history(self, tickets: dict[Any, Ticket], history: Any) -> None:
        last = {row.ticket_id: row for row in history}
        first = {row.ticket_id: row for row in reversed(history)}
        assert set(first) == set(tickets)
        assert {row.event.value for row in first.values()} <= {"asked"}
        assert all(last[number].state is ticket.state for number, ticket in tickets.items())

    def _cards(self) -> None:
        """No card twice to a person; what the helper said reached the asker once and in its order."""
        cards = self.cards()
        assert {number: len(found) for number, found in cards.items() if len(found) > 1} == {}
        for asker in self.askers:
            got: dict[str, list[int]] = {}
            for message in self._read_by(asker):
                if "svar /" in message["text"] and message["author"]["is_app"]:
                    _, number, which = message["text"].split("svar ")[1].split("/")[:3]
                    got.setdefault(number, []).append(int(which.split()[0]))
            assert all(found == list(range(len(found))) for found in got.values()), (asker, got)

    def _read_by(self, asker: Person) -> list[Message]:
        own = [message for message in asker.messages(limit=1000) if message["author"]["is_app"]]
        return [told for message in own if "F-" in message.words for told in asker.thread(message)[1:]]

    def _logs(self) -> None:
        for bot in self.bots:
            assert SECRET not in bot.log.read_text(encoding="utf-8", errors="replace")


def run(ordeal: Ordeal, faults: int, say: Callable[[str], None] = lambda _: None) -> None:
    """So many faults, each kind about as often; after every few of them everything is looked at."""
    for number in range(faults):
        known = sorted(ordeal.faults())
        ordeal.suffer(known[number] if number < len(known) else ordeal.dice.choice(known))
        if number % ROUND == ROUND - 1 or number == faults - 1:
            ordeal.look()
            say(f"{number + 1} faults, {len(ordeal.asked)} questions, {ordeal.answered.total()} answers")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--instances", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--minutes", type=float, default=60, help="ends earlier")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        server = Server(folder / "data") if chosen.database == "postgresql" else None
        try:
            with Ordeal(folder, chosen.seed, chosen.instances, server) as ordeal:
                done = 0
                while done < chosen.faults and time.monotonic() - began < chosen.minutes * 60:
                    run(ordeal, min(ROUND * 10, chosen.faults - done), lambda said: sys.stdout.write(said + "\n"))
                    done += ROUND * 10
                sys.stdout.write(json.dumps(told := summary(ordeal, time.monotonic() - began), indent=1, ensure_ascii=False) + "\n")
                if chosen.json:
                    chosen.json.write_text(json.dumps(told, ensure_ascii=False))
        finally:
            if server:
                server.close()


def summary(ordeal: Ordeal, seconds: float) -> dict[str, Any]:
    with ordeal.db.snapshot() as session:
        letters = dict(session.connection().execute(text("select outcome, count(*) from letter group by outcome")).all())
    return {
        "seed": ordeal.seed, "instances": ordeal.instances, "database": "postgresql" if ordeal.server else "sqlite",
        "seconds": round(seconds), "faults": ordeal.suffered.total(), "questions": len(ordeal.asked),
        "answers": ordeal.answered.total(), "letters": letters, "of each kind": dict(sorted(ordeal.suffered.items())),
    }  # fmt: skip


if __name__ == "__main__":
    main()
