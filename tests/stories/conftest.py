"""Every story is counted: no message and no push that nothing in its history asks for, and no message too long.

The bounds come from "Talking to one person" (contracts.md): one receipt a question, one card a candidate, a new
message only for taken, an answer, "du behöver göra något" and the outcome.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from models.lines import Line, Side
from models.orders import AccessOrder
from models.outbox import Letter, Outcome, Posted
from models.tickets import Candidate, Event, History, Ticket
from tests import slack as fake
from tests.town import Town

OWN_ACCORD = ("receipt", "prompt", "which")
WORDS = 90  # in one message, the quoted question not counted
ALLOWED = {
    "taken": (Event.TAKEN, Event.TAKEN_OVER),
    "taken_over": (Event.TAKEN_OVER,),
    "outcome": (Event.SOLVED, Event.ANSWERED_ALL),
    "needs_you": (Event.ASKED_BACK,),
    "rest_warning": (Event.WARNED,),
    "reminder": (Event.REMINDED,),
    "denied": (Event.DENIED,),
    "check_outside": (Event.CHECKED,),
}


@pytest.fixture
def town(town: Town) -> Iterator[Town]:
    """After the story: every message is one that somebody needed."""
    yield town
    counted(town)


def counted(town: Town) -> None:
    every_message_has_a_place(town)
    no_kind_comes_too_often(town)
    one_message_in_the_first_minute(town)
    no_message_is_long(town)


def every_message_has_a_place(town: Town) -> None:
    with town.db.snapshot() as session:
        posted = Counter(session.exec(select(Posted.channel)))
    for channel, messages in town.slack.messages.items():
        from_bot = [m for m in messages if m["user"] == fake.BOT]
        assert len(from_bot) <= posted[channel], f"{channel} has messages that no place stands for"


def no_kind_comes_too_often(town: Town) -> None:
    with town.db.snapshot() as session:
        places = session.exec(select(Posted.place)).all()
        events = Counter(session.exec(select(History.event)))
        tickets = len(session.exec(select(Ticket.id)).all())
        cards = len(session.exec(select(Candidate.id)).all())
        orders = len(session.exec(select(AccessOrder.id)).all())
        answers = len(session.exec(select(Line.id).where(Line.side == Side.HELPER)).all())
    kinds = Counter(place.split(":")[0] for place in places)
    assert kinds["receipt"] <= tickets
    assert kinds["card"] <= cards
    assert kinds["solve_offer"] <= answers
    assert kinds["order_again"] <= kinds["order"], "a manager is reminded once"
    assert kinds["order_stuck"] <= orders
    assert kinds["answered_all"] <= events[Event.ANSWERED_ALL]
    assert kinds["idea_told"] <= events[Event.SUGGESTED]
    assert kinds["outage_over"] <= tickets
    assert kinds["fault_note"] == 0 or events[Event.RUNG]
    for kind, causes in ALLOWED.items():
        happened = sum(events[event] for event in causes)
        assert kinds[kind] <= happened, f"{kinds[kind]} × {kind}, but only {happened} × {causes}"


def one_message_in_the_first_minute(town: Town) -> None:
    """What the bot says of its own accord: at most one message within a minute of a question's first line."""
    with town.db.snapshot() as session:
        tickets = session.exec(select(Ticket)).all()
        sent = session.exec(select(Letter).where(Letter.outcome == Outcome.SENT)).all()
    for ticket in tickets:
        minute = ticket.asked_at + timedelta(seconds=60)
        first = {
            letter.place
            for letter in sent
            if letter.to_id == ticket.asker_id
            and letter.kind in OWN_ACCORD
            and ticket.asked_at <= letter.created_at < minute
            and not any(t.id != ticket.id and letter.place == f"receipt:{t.shown}" for t in tickets)
        }
        assert len(first) <= 1, f"{ticket.shown} began with {first}"


def no_message_is_long(town: Town) -> None:
    for messages in town.slack.messages.values():
        for message in messages:
            if message["user"] == fake.BOT and not message.get("username"):
                ours = [b for b in message.get("blocks", []) if (b.get("text") or {}).get("type") != "plain_text"]
                spoken = " ".join(fake.words_of(block) for block in ours if block["type"] != "actions")
                assert len(spoken.split()) <= WORDS, f"{len(spoken.split())} words: {spoken}"
