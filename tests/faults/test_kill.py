"""kill -9 at random moments: no question is lost, none is doubled, every asker has one receipt."""

import random
from collections import Counter

import pytest
from sqlmodel import col, select

from models import people, settings
from models.db import Database
from models.lines import Line
from models.outbox import Letter
from models.tickets import Ticket
from tests.faults.bot_process import DEMO, BotProcess
from tests.slackworld import Person, World, wait_for

SEED = 20261122


@pytest.fixture
def trial(tmp_path):
    """Whatever a test finds, nothing of it is left running."""
    with World(tmp_path, people=DEMO) as world:
        trial = Trial(tmp_path, world)
        yield trial
        trial.bot.kill()
        trial.db.close()


class Trial:
    """A workspace, a bot that dies, and the database it leaves behind."""

    def __init__(self, tmp_path, world: World) -> None:
        self.world, self.bot = world, BotProcess(world, tmp_path)
        self.db = Database(self.bot.url)
        self.dice = random.Random(SEED)
        with self.db.transaction() as session:
            for key in ("card.wait", "choice.wait"):  # the askers' units are unknown: to the coordinator at once
                settings.write(session, key, "0 s", now=self.bot.now())
        self.bot.start()
        world.wait_connected()
        wait_for(self._knows_everybody, 10, "Slack's list of people")

    def _knows_everybody(self) -> bool:
        with self.db.snapshot() as session:
            return bool(people.coordinators(session, on=self.bot.now().date()))

    def maybe_kill(self, share: float) -> None:
        if self.dice.random() < share:
            self.bot.kill()
            self.bot.start()

    def rest(self, tickets: int, within: float) -> None:
        """Until every question is there and every letter is finished."""
        wait_for(lambda: self._count() >= tickets and self._waiting() == 0, within, "all questions and letters")
        self.world.idle(timeout=20)

    def _count(self) -> int:
        with self.db.snapshot() as session:
            return len(session.exec(select(Ticket.id)).all())

    def _waiting(self) -> int:
        with self.db.snapshot() as session:
            return len(session.exec(select(Letter.id).where(col(Letter.done_at).is_(None))).all())


def askers(world: World, number: int) -> list[Person]:
    return [world.add_person(f"asker{n}@lovkoping.example", f"Fråga {n}") for n in range(number)]


@pytest.mark.slow
def test_a_hundred_questions(trial):
    everybody = askers(trial.world, 100)
    for number, asker in enumerate(everybody):
        asker.write(f"Låset på rum {number} blinkar rött")
        trial.maybe_kill(0.06)
    trial.rest(100, within=90)
    assert trial.bot.stop() == 0
    with trial.db.transaction() as session:
        tickets = session.exec(select(Ticket)).all()
        texts = Counter(session.exec(select(Line.text)))
    assert len(tickets) == 100
    assert len({ticket.asker_id for ticket in tickets}) == 100
    assert set(texts.values()) == {1}
    for asker in everybody:
        own = [m for m in asker.messages() if m["author"]["is_app"]]
        assert len(own) == 1, [m.words for m in own]
