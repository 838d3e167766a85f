"""Deletions that nobody told us of, read from a real history and real threads over HTTP."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_bolt.authorization import AuthorizeResult
from sqlmodel import select

from bot import app as composition
from bot import catch_up, directory
from bot.delivery import Delivery
from handlers.desk import Desk
from models import importing, tickets
from models.lines import Line
from models.tickets import State
from tests.slackworld import World

DEMO = Path(__file__).parent.parent.parent / "demo"
LOCK = "Låset i 12 blinkar rött"


class Deaf:
    """The bot without its socket: it reads and writes, and no event reaches it."""

    def __init__(self, db, world: World) -> None:
        self.db, self.ahead = db, timedelta()
        self.desk = Desk(db, lambda: datetime.now(UTC) + self.ahead, lambda: None)
        self.web = composition.client(world.bot_token, world.api_url)
        me = AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_user_id="UBOT", bot_id="B", bot_token=world.bot_token
        )
        safe = {"signing_secret": "x", "request_verification_enabled": False}
        self.app, on = composition.build(self.desk, client=self.web, authorize=lambda **_: me, **safe)
        self.delivery = Delivery(self.desk, self.web, on.letters)
        with db.transaction() as session:
            importing.from_folder(session, DEMO, now=self.desk.now())
        directory.sync(self.web, self.desk)

    def comes_back(self) -> int:
        """A minute later: how much it has missed."""
        self.ahead += timedelta(minutes=1)
        missed = catch_up.run(self.app, self.web, self.desk)
        while self.delivery.step(limit=5):
            pass
        return missed

    def said(self) -> list[str]:
        with self.db.snapshot() as session:
            return [line.text for line in session.exec(select(Line).order_by(Line.said_at, Line.id))]


@pytest.fixture
def world(tmp_path):
    with World(tmp_path, people=DEMO) as running:
        yield running


def test_what_is_gone_from_a_conversation_and_from_a_thread(world, db):
    bot, anna = Deaf(db, world), world.person("anna.alm@lovkoping.example")
    first = anna.write(LOCK)
    assert bot.comes_back() == 1
    more = anna.write("Nu piper det också", thread=anna.sees("F-1"))
    assert bot.comes_back() == 1
    assert bot.comes_back() == 0
    anna.delete(more)
    assert bot.comes_back() == 1
    assert bot.said() == [LOCK, ""]
    anna.delete(first)
    assert bot.comes_back() == 1
    assert bot.comes_back() == 0
    with db.snapshot() as session:
        assert tickets.get(session, 1).state is State.CLOSED


def test_a_message_that_has_replies_becomes_a_tombstone(world, db):
    bot, anna = Deaf(db, world), world.person("anna.alm@lovkoping.example")
    first = anna.write(LOCK)
    assert bot.comes_back() == 1
    anna.write("i rum tolv alltså", thread=first)
    anna.delete(first)
    assert bot.comes_back() == 1
    assert bot.said()[0] == ""
