"""kill -9 at random moments: no question is lost, none is doubled, every asker has one receipt."""

import random
from collections import Counter

import pytest
from sqlmodel import select

from models.db import Database
from models.lines import Line
from models.outbox import Letter
from models.tickets import Ticket
from tests.faults.bot_process import DEMO, BotProcess
from tests.slackworld import World, wait_for

QUESTIONS = 100
KILLS = 6


@pytest.mark.slow
def test_killed_at_random_moments_under_a_hundred_questions(tmp_path):
    dice = random.Random(20261122)
    moments = set(dice.sample(range(5, QUESTIONS), KILLS))
    with World(tmp_path, people=DEMO) as world:
        bot = BotProcess(world, tmp_path)
        bot.start()
        world.wait_connected()
        askers = [world.add_person(f"asker{n}@lovkoping.example", f"Fråga {n}") for n in range(QUESTIONS)]
        for number, asker in enumerate(askers):
            asker.write(f"Låset på rum {number} blinkar rött")
            if number in moments:
                bot.kill()
                bot.start()
        db = Database(bot.url)
        wait_for(lambda: tickets_in(db) >= QUESTIONS and letters_waiting(db) == 0, 90, "all tickets and letters")
        world.idle()
        assert bot.stop() == 0

        with db.transaction() as session:
            tickets = session.exec(select(Ticket)).all()
            texts = Counter(session.exec(select(Line.text)))
        assert len(tickets) == QUESTIONS
        assert len({ticket.asker_id for ticket in tickets}) == QUESTIONS
        assert set(texts.values()) == {1}
        for asker in askers:
            own = [m for m in asker.messages() if m["author"]["is_app"]]
            assert len(own) == 1, [m.words for m in own]
        db.close()


def tickets_in(db: Database) -> int:
    with db.snapshot() as session:
        return len(session.exec(select(Ticket.id)).all())


def letters_waiting(db: Database) -> int:
    with db.snapshot() as session:
        return len(session.exec(select(Letter.id).where(Letter.done_at == None)).all())  # noqa: E711
