"""Which of two versions of a message is the newer one: Slack's own times, in all the ways in which it gives them."""

from typing import Any

import pytest
from sqlmodel import select

from models import settings
from models.lines import Line
from tests import slack as fake

AT = 1795424400  # the second in which the message was written


def message(who, text: str, **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": who.user, "ts": f"{AT}.500000", "text": text} | more


def written(who, text: str, **more: Any) -> dict[str, Any]:
    return message(who, text, **more) | {"channel": who.channel, "channel_type": "im"}


def changed(who, text: str, edited: str | None, told_at: str | None, **more: Any) -> dict[str, Any]:
    inner = message(who, text, **more) | ({"edited": {"user": who.user, "ts": edited}} if edited else {})
    times = {"ts": told_at, "event_ts": told_at} if told_at else {}
    where = {"type": "message", "subtype": "message_changed", "channel": who.channel, "channel_type": "im"}
    return where | {"message": inner, "hidden": True} | times


def said(town) -> str:
    with town.db.snapshot() as session:
        return session.exec(select(Line.text)).one()


OLDER_AND_NEWER = {
    "whole seconds": ((f"{AT + 5}.000000", f"{AT + 5}.100000"), (f"{AT + 9}.000000", f"{AT + 9}.100000")),
    "the older is told later": ((f"{AT + 5}.000000", f"{AT + 60}.000000"), (f"{AT + 9}.000000", f"{AT + 10}.000000")),
    "fractions": ((f"{AT + 5}.200000", f"{AT + 5}.900000"), (f"{AT + 5}.300000", f"{AT + 5}.400000")),
    "in one second": ((f"{AT + 5}.000000", f"{AT + 5}.100000"), (f"{AT + 5}.000000", f"{AT + 5}.200000")),
    "in the second of the message": ((f"{AT}.000000", f"{AT}.600000"), (f"{AT}.000000", f"{AT}.700000")),
    "no time of the edit": ((None, f"{AT + 5}.000000"), (None, f"{AT + 9}.000000")),
    "nonsense for a time": (("0000000000.000000", f"{AT + 5}.000000"), (f"{AT + 9}.000000", f"{AT + 9}.100000")),
    "a preview, then an edit": ((None, f"{AT + 5}.800000"), (f"{AT + 5}.000000", f"{AT + 5}.900000")),
    "no time at all": ((None, None), (f"{AT + 9}.000000", f"{AT + 9}.100000")),
    "only the edit's time": ((f"{AT + 5}.000000", None), (f"{AT + 9}.000000", None)),
}


@pytest.mark.parametrize("first", ["message", "older", "newer"])
@pytest.mark.parametrize("times", OLDER_AND_NEWER.values(), ids=OLDER_AND_NEWER)
def test_the_newer_of_two_edits_stands(town, times, first):
    older, newer = times
    events = {
        "message": written(town.anna, "Låset i 12 blinkar rött"),
        "older": changed(town.anna, "Låset i 14 blinkar rött", *older),
        "newer": changed(town.anna, "Låset i 16 blinkar rött", *newer),
    }
    for name in (first, "newer", "older", "message"):
        assert town.event(events[name]) == 200
    assert said(town) == "Låset i 16 blinkar rött"


def test_a_missed_message_that_catch_up_reads_with_its_edit(town):
    """It stands in the history as it is now, under its first time."""
    now = written(town.anna, "Låset i 16 blinkar rött", edited={"user": town.anna.user, "ts": f"{AT + 9}.000000"})
    town.event(now)
    town.event(changed(town.anna, "Låset i 14 blinkar rött", f"{AT + 5}.000000", f"{AT + 5}.000000"))
    town.event(written(town.anna, "Låset i 12 blinkar rött"))
    assert said(town) == "Låset i 16 blinkar rött"


def test_an_edit_in_the_second_of_the_message_that_only_its_own_time_tells_of(town):
    town.event(written(town.anna, "Låset i 12 blinkar rött"))
    town.event(changed(town.anna, "Låset i 14 blinkar rött", f"{AT}.000000", None))
    assert said(town) == "Låset i 14 blinkar rött"


def test_an_edit_of_what_somebody_wrote_to_nobody_is_heard_when_there_are_words(town):
    town.event(written(town.anna, "\n"))
    town.event(changed(town.anna, "Låset i 12 blinkar rött", f"{AT + 5}.000000", f"{AT + 5}.100000"))
    assert said(town) == "Låset i 12 blinkar rött"


@pytest.mark.parametrize("subtype", ["bot_message", "me_message", "channel_join", "reminder_add"])
def test_what_is_not_heard_as_a_message_is_not_heard_as_an_edit(town, subtype):
    event = changed(town.anna, "Låset i 12 blinkar rött", f"{AT + 5}.000000", None, subtype=subtype)
    assert town.event(event) == 200
    assert town.anna.got == []


def test_nor_what_is_written_in_a_channel(town):
    event = changed(town.anna, "Låset i 12 blinkar rött", f"{AT + 5}.000000", None)
    assert town.event(event | {"channel": "C1", "channel_type": "channel"}) == 200
    assert town.anna.got == []


def test_a_bot_s_own_edit_is_nobody_s(town):
    town.anna.writes("Låset i 12 blinkar rött")
    receipt = town.anna.got[0]
    event = changed(town.anna, "annat", f"{AT + 5}.000000", None)
    event["message"] |= {"ts": receipt["ts"], "user": fake.BOT, "bot_id": "B"}
    assert town.event(event) == 200
    assert said(town) == "Låset i 12 blinkar rött"


def test_our_own_message_that_was_taken_away_from_under_its_thread(town):
    """The bot empties a shared phone: a tombstone stays, and it is nobody's."""
    town.anna.writes("Låset i 12 blinkar rött")
    receipt = town.anna.got[0]
    stone = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "ts": receipt["ts"], "hidden": True}
    event = changed(town.anna, "", None, None) | {"message": stone, "previous_message": receipt}
    assert town.event(event) == 200
    assert said(town) == "Låset i 12 blinkar rött"


def test_memory_is_as_long_as_the_setting_says(town):
    with town.db.snapshot() as session:
        memory = settings.read(session).span("keep.heard")
    old = f"{town.time.timestamp() - memory.total_seconds() - 1:.6f}"
    young = f"{town.time.timestamp() - memory.total_seconds() + 1:.6f}"
    for ts, heard in ((old, 0), (young, 1)):
        event = changed(town.anna, "Låset i 12 blinkar rött", f"{town.time.timestamp():.6f}", None)
        event["message"]["ts"] = ts
        town.event(event)
        assert len(town.anna.got) == heard
