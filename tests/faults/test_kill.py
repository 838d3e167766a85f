"""kill -9 at random moments: no question is lost, none is doubled, and what is said keeps its order."""

import random
from collections import Counter

import pytest
from sqlmodel import col, func, select

from models import people, settings
from models.db import Database
from models.lines import Line
from models.outbox import Letter
from models.tickets import Ticket
from tests.faults.bot_process import DEMO, BotProcess
from tests.slackworld import Message, Person, World, wait_for

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
            for key in ("card.wait", "choice.wait"):  # the askers' units are unknown: to the lock's specialist at once
                settings.write(session, key, "0 s", now=self.bot.now())
        self.bot.start()
        world.wait_connected()
        wait_for(self._knows_everybody, 10, "Slack's list of people")

    def _knows_everybody(self) -> bool:
        with self.db.snapshot() as session:
            return bool(people.helper_hats(session, on=self.bot.now().date()))

    def maybe_kill(self, share: float) -> None:
        if self.dice.random() < share:
            self.bot.kill()
            self.bot.start()

    def rest(self, tickets: int, within: float) -> None:
        """Until every question is there and every letter is finished."""
        wait_for(lambda: self._is_done(tickets), within, "all questions and letters")
        self.world.idle(timeout=20)

    def _is_done(self, tickets: int) -> bool:
        """Asked hundreds of times a second, in the process in which the workspace runs: it must cost nothing."""
        with self.db.snapshot() as session:
            waiting = session.exec(_A_LETTER_WAITS).first() is not None
            return not waiting and session.exec(_TICKETS).one() >= tickets


_A_LETTER_WAITS = select(Letter.id).where(col(Letter.done_at).is_(None)).limit(1)
_TICKETS = select(func.count(col(Ticket.id)))


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


QUESTIONS, LINES = 300, 2


@pytest.mark.slow
def test_three_hundred_questions_with_talk(trial):
    """Everybody talks while the bot dies now and then; both sides read every line once, in its order."""
    cia = trial.world.person("cia.ceder@lovkoping.example")
    everybody = askers(trial.world, QUESTIONS)
    for number, asker in enumerate(everybody):
        asker.write(f"/{number}/ Låset i 12 blinkar rött")
        trial.maybe_kill(0.02)
    trial.rest(QUESTIONS, within=300)
    cards = _cards(cia)
    assert len(cards) == QUESTIONS
    for number in range(QUESTIONS):
        cia.write("jag tittar", thread=cards[number])  # takes it: what is added before that stands on the card
        trial.maybe_kill(0.01)
    trial.rest(QUESTIONS, within=300)
    for number, asker in enumerate(everybody):
        receipt = next(m for m in asker.messages() if m["author"]["is_app"])
        for line in range(LINES):
            cia.write(f"svar {number}.{line}", thread=cards[number])
            asker.write(f"mer {number}.{line}", thread=receipt)
        trial.maybe_kill(0.02)
    trial.rest(QUESTIONS, within=300)
    assert trial.bot.stop() == 0
    for number, asker in enumerate(everybody):
        receipt = next(m for m in asker.messages() if m["author"]["is_app"])
        said = [f"{number}.{n}" for n in range(LINES)]
        assert _carried("svar ", asker.thread(receipt), asker) == said
        assert _carried("mer ", cia.thread(cards[number]), cia) == said


def _carried(mark: str, thread: list[Message], reader: Person) -> list[str]:
    """The numbers of the other side's lines, as they stand in the reader's thread."""
    others = [m["text"] for m in thread if m["author"]["id"] != reader.id and mark in m["text"]]
    return [text.split(mark)[1].split()[0] for text in others]


def _cards(helper: Person) -> dict[int, Message]:
    """By the number in the asker's own words."""
    cards = [m for m in helper.messages(limit=1000) if m["author"]["is_app"] and m.words.count("/") >= 2]
    return {int(m.words.split("/")[1]): m for m in cards}


WAITING = 1200


@pytest.mark.slow
def test_a_backlog_is_heard_whole_and_no_word_of_it_is_logged(trial):
    """Hundreds of envelopes at once made slack_sdk's reader lose its place, and print pieces of them."""
    trial.bot.kill()
    everybody = askers(trial.world, WAITING // 4)
    for number, asker in enumerate(everybody):
        for line in range(4):
            asker.write(f"hemligord {number}.{line} låset på rummet blinkar rött " + "x" * 700)
    trial.bot.start()
    trial.rest(len(everybody), within=120)
    assert trial.bot.stop() == 0
    with trial.db.transaction() as session:
        assert len(session.exec(select(Line.id)).all()) == WAITING
    log = trial.bot.log.read_text(encoding="utf-8", errors="replace")
    assert "hemligord" not in log
    assert "xxxxxx" not in log
    assert "Recursion" not in log
