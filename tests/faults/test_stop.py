"""SIGTERM: what is held is finished, what is not begun is handed back, and the process is gone within ten seconds."""

import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import col, select

from models import people, settings
from models.db import Database
from models.lines import Line
from models.outbox import Letter, Outcome
from models.tickets import Ticket
from tests.faults.bot_process import DEMO, BotProcess
from tests.faults.test_kill import _cards, askers
from tests.places import Server
from tests.slackworld import Person, World, wait_for

SEED = 20261122
QUESTIONS = 60

pytestmark = pytest.mark.slow


@pytest.fixture
def world(tmp_path):
    with World(tmp_path, people=DEMO) as running:
        yield running


def stopped(bot: BotProcess) -> float:
    """Seconds that it took."""
    began = time.monotonic()
    assert bot.stop(within=10) == 0
    return time.monotonic() - began


class Pair:
    """Two instances on one PostgreSQL, and an open look into it."""

    def __init__(self, world: World, tmp_path, server: Server) -> None:
        server.create(server.name, "template0")
        url = server.address(server.name)
        self.world = world
        self.bots = [BotProcess(world, tmp_path, url=url, name=f"bot{n}") for n in range(2)]
        self.db = Database(url)
        with self.db.transaction() as session:
            for key in ("card.wait", "choice.wait"):
                settings.write(session, key, "0 s", now=self.bots[0].now())
        for bot in self.bots:
            bot.start()
        world.wait_connected(2, timeout=60)
        wait_for(self._knows_everybody, 60, "Slack's list of people")

    def _knows_everybody(self) -> bool:
        with self.db.snapshot() as session:
            return bool(people.helper_hats(session, on=self.bots[0].now().date()))

    def exchange(self, which: int) -> float:
        """As an upgrade does: one is stopped, and started anew, while the other works."""
        took = stopped(self.bots[which])
        self.bots[which].start()
        self.world.wait_connected(2, timeout=60)
        return took

    def letters(self) -> list[Letter]:
        with self.db.snapshot() as session:
            return list(session.exec(select(Letter).order_by(col(Letter.id))))

    def rest(self, questions: int) -> list[Letter]:
        """The letters as they stood when every question was there and none of them waited. A moment later one may wait
        again: a job of the minute finds that many ask the same.
        """
        return wait_for(lambda: self._finished(questions), 60, "all questions and letters")

    def _finished(self, questions: int) -> list[Letter]:
        with self.db.snapshot() as session:
            waits = session.exec(select(Letter.id).where(col(Letter.done_at).is_(None)).limit(1)).first()
            if waits is not None or len(session.exec(select(Ticket.id)).all()) < questions:
                return []
            return list(session.exec(select(Letter).order_by(col(Letter.id))))

    def close(self) -> None:
        for bot in self.bots:
            bot.kill()
        self.db.close()


@pytest.fixture
def pair(world, tmp_path):
    server = Server(tmp_path / "server")
    pair = Pair(world, tmp_path, server)
    yield pair
    pair.close()
    server.close()


def test_two_instances_are_exchanged_one_after_the_other_and_nothing_is_lost(world, pair):
    """People write and press all the time: no line is lost or doubled, no card comes twice. Slack does not send a press
    again; one that meets a socket just as it closes shows a triangle, and is pressed again.
    """
    dice, everybody, pressed = random.Random(SEED), askers(world, QUESTIONS), []
    cia = world.person("cia.ceder@lovkoping.example")
    with world.in_background() as run:
        upgrade = run(lambda: [pair.exchange(which) for which in (0, 1)])
        for number, asker in enumerate(everybody):
            asker.write(f"/{number}/ Låset i 12 blinkar rött")
            pressed.append(asker.command("/stuga")["acked"])
            time.sleep(dice.uniform(0.02, 0.2))  # people, not a test, set the pace
        took = upgrade.result()
    rested = pair.rest(QUESTIONS)
    assert max(took) < 10, took
    assert pressed.count(False) <= len(took), pressed
    with pair.db.snapshot() as session:
        assert Counter(session.exec(select(Line.text))) == Counter(f"/{n}/ Låset i 12 blinkar rött" for n in range(QUESTIONS))
    assert [len(_from_the_bot(asker)) for asker in everybody] == [1] * QUESTIONS
    cards = _cards(cia)
    lost = [letter for letter in rested if letter.kind == "card" and letter.outcome is not Outcome.SENT]
    assert (set(range(QUESTIONS)) - set(cards), lost) == (set(), [])
    assert len(cards) == QUESTIONS == sum("/ Låset" in message.words for message in _from_the_bot(cia))
    assert {letter.outcome for letter in rested} <= {Outcome.SENT, Outcome.UNCHANGED, Outcome.DROPPED}
    for bot in pair.bots:
        assert stopped(bot) < 10
    assert [letter.id for letter in pair.letters() if letter.lease_until] == [], "no lease is left behind"


def _from_the_bot(person: Person) -> list:
    return [message for message in person.messages(limit=1000) if message["author"]["is_app"]]


def test_it_is_gone_in_time_although_slack_hangs(world, tmp_path):
    """In the middle of a letter, and in the middle of a start; what was asked meanwhile is not lost, and told once."""
    bot = BotProcess(world, tmp_path)
    bot.start()
    world.wait_connected(timeout=60)
    anna, moa = world.person("anna.alm@lovkoping.example"), world.person("moa.myr@lovkoping.example")
    moa.write("Skärmen i bilen är svart")
    moa.sees("F-1", timeout=20)
    world.switch(latency_ms=30_000)
    anna.write("Låset i 12 blinkar rött")
    db = Database(bot.url)
    wait_for(lambda: _in_hand(db), 20, "a letter is being sent")
    assert stopped(bot) < 10
    bot.start()
    wait_for(lambda: _listens_for_signals(bot), 20)  # and hangs in its start: what it asks of Slack takes half a minute
    assert stopped(bot) < 10
    world.switch(latency_ms=0)
    with db.transaction() as session:
        assert [line.text for line in session.exec(select(Line))][1:] == ["Låset i 12 blinkar rött"]
        for letter in session.exec(select(Letter).where(col(Letter.lease_until).is_not(None))):
            assert letter.in_doubt, "Slack may have it"
            letter.lease_until = bot.now()  # as a minute later
    bot.start()
    anna.sees("F-2", timeout=60)
    wait_for(lambda: not _in_hand(db) and len(_from_the_bot(anna)) == 1, 20)
    assert stopped(bot) < 10
    db.close()


def _listens_for_signals(bot: BotProcess) -> bool:
    status = Path(f"/proc/{bot.pid}/status").read_text(encoding="ascii")
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


def _in_hand(db: Database) -> bool:
    with db.snapshot() as session:
        return session.exec(select(Letter.id).where(col(Letter.lease_until).is_not(None))).first() is not None


