"""What was written while the bot was away becomes questions too, once, and in the order in which it was said."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlalchemy import text
from sqlmodel import select

from bot import catch_up
from models import tickets
from models.lines import Line
from models.recognition import Urgency
from models.tickets import State, Ticket
from tests.places import breaks, mends
from tests.stories.told import deletes, edits, entombs, writes

LOCK, PRINTER = "Låset i 12 blinkar rött", "Skrivaren på kontoret skriver inte ut"


def away(town, who, words: str, under: dict[str, Any] | None = None) -> dict[str, Any]:
    """Written, and no event reached us."""
    return town.slack.written(who.channel, who.user, words, under["ts"] if under else None)


def back(town) -> int:
    count = catch_up.run(town.app, WebClient(token="x"), town.desk)
    town.deliver()
    return count


def test_what_was_written_while_we_were_away_was_asked_then(town):
    """Also for the week in which it is counted, for how long it has waited, and for how many may be asked an hour."""
    written = away(town, town.anna, LOCK)
    town.time += timedelta(days=1)
    back(town)
    with town.db.snapshot() as session:
        ticket = session.exec(select(Ticket)).one()
    assert ticket.asked_at.timestamp() == pytest.approx(float(written["ts"]))
    assert ticket.asker_wrote_at == town.time


def said(town) -> list[str]:
    with town.db.snapshot() as session:
        return [line.text for line in session.exec(select(Line).order_by(Line.said_at, Line.id))]


def questions(town) -> int:
    with town.db.snapshot() as session:
        return len(session.exec(select(Ticket)).all())


def test_what_was_written_while_away_becomes_a_question(town):
    away(town, town.anna, LOCK)
    assert back(town) == 1
    assert "F-1" in town.anna.phone
    town.later(seconds=25)
    assert LOCK in town.bo.phone


def test_nothing_twice_however_often_and_whoever_tells_it_too(town):
    message = away(town, town.anna, LOCK)
    assert back(town) == 1
    assert back(town) == 0
    town.event({**message, "channel": town.anna.channel, "channel_type": "im"})  # Slack's own redelivery, late
    assert (questions(town), said(town), len(town.anna.got)) == (1, [LOCK], 1)


def test_what_was_heard_as_an_event_is_not_heard_again(town):
    town.anna.writes(LOCK)
    assert back(town) == 0
    assert questions(town) == 1


def test_several_messages_are_heard_in_the_order_in_which_they_were_said(town):
    for words in ("Hej!", "Låset", "i 12 blinkar rött"):
        away(town, town.anna, words)
        town.time += timedelta(seconds=1)
    assert back(town) == 3
    assert (questions(town), said(town)) == (1, ["Hej!", "Låset", "i 12 blinkar rött"])


def test_threads_of_open_questions_too_on_both_sides(town):
    town.anna.writes(LOCK)
    town.later(seconds=25)
    away(town, town.bo, "Har du startat om det?", under=town.bo.got[0])
    assert back(town) == 1
    with town.db.snapshot() as session:
        assert tickets.get(session, 1).state is State.TAKEN
    town.later(seconds=1)
    away(town, town.anna, "Ja, två gånger", under=town.anna.got[0])
    assert back(town) == 1
    town.later(seconds=1)
    assert "Har du startat om det?" in town.anna.phone
    assert "Ja, två gånger" in town.bo.phone
    assert back(town) == 0


def test_a_thread_that_is_only_in_the_thread_is_found_in_a_conversation_without_recent_activity(town):
    """The helper's own last word to the bot is weeks old: her card's thread is read all the same."""
    town.anna.writes(LOCK)
    town.later(seconds=25)
    with town.db.engine.begin() as connection:
        connection.execute(text("update person set active_at = null where chat_user_id = 'UBO'"))
    away(town, town.bo, "Har du startat om det?", under=town.bo.got[0])
    assert catch_up.recent(town.app, WebClient(token="x"), town.desk) == 1


def test_strangers_are_heard_after_those_with_something_going_on(town):
    town.anna.writes(LOCK)
    town.later(minutes=11)
    away(town, town.moa, PRINTER)  # nobody whose conversation we know
    away(town, town.anna, PRINTER)
    order: list[str] = []
    dispatch = town.app.dispatch
    town.app.dispatch = lambda request: (order.append(request.body["event"]["user"]), dispatch(request))[1]
    assert back(town) == 2
    assert order == [town.anna.user, town.moa.user]
    assert questions(town) == 3


def test_our_own_messages_and_other_bots_are_not_heard(town):
    town.anna.writes(LOCK)
    town.slack.messages[town.anna.channel] += [
        {"type": "message", "ts": town.slack.ts(), "user": "UBOT2", "bot_id": "B2", "text": PRINTER},
        {"type": "message", "ts": town.slack.ts(), "text": PRINTER},
        {"type": "channel_join", "ts": town.slack.ts(), "user": town.anna.user, "text": PRINTER},
    ]
    assert back(town) == 0
    assert questions(town) == 1


def test_long_conversations_are_read_to_their_end(town, monkeypatch):
    """Slack gives a page at a time."""
    for number in range(7):
        away(town, town.anna, f"Låset i {number} blinkar rött")
        town.time += timedelta(seconds=1)
    everything = town.slack.conversations_history
    pages = itertools.count(1)

    def paged(channel: str, cursor: str = "", **how: Any) -> dict[str, Any]:
        next(pages)
        found = everything(channel, **how)["messages"]
        start = int(cursor or 0)
        more = str(start + 2) if start + 2 < len(found) else ""
        return {"ok": True, "messages": found[start : start + 2], "response_metadata": {"next_cursor": more}}

    monkeypatch.setattr(town.slack, "conversations_history", paged)
    assert back(town) == 7
    assert len(said(town)) == 7
    assert next(pages) > 4


def test_it_asks_for_a_week(town):
    town.anna.writes(LOCK)
    back(town)
    asked = [args for method, args in town.slack.calls if method == "conversations.history"]
    assert {float(args["oldest"]) for args in asked} == {(town.time - timedelta(days=7)).timestamp()}


def test_one_message_that_fails_stops_no_other_and_is_tried_again(town, caplog):
    away(town, town.anna, LOCK)
    away(town, town.eva, PRINTER)
    breaks(town.db, "line", when="new.text like 'Låset%'")
    back(town)
    assert said(town) == [PRINTER]
    assert "could not be heard" in caplog.text
    mends(town.db)
    assert back(town) == 1
    assert sorted(said(town)) == [LOCK, PRINTER]


def test_a_fault_that_passes_does_not_lose_the_message(town):
    away(town, town.anna, LOCK)
    dispatch, told = town.app.dispatch, itertools.count(1)

    def stutters(request: Any) -> Any:
        if next(told) == 1:
            breaks(town.db, "line")
        answer = dispatch(request)
        mends(town.db)
        return answer

    town.app.dispatch = stutters
    back(town)
    assert said(town) == [LOCK]


def answers(town, *numbers: int) -> list[dict[str, Any]]:
    """Bo writes them, one after the other, under the card of Anna's question."""
    if not town.bo.got:
        town.anna.writes(LOCK)
        town.later(seconds=25)
    return [writes(town.bo, f"svar {number}", under=town.bo.got[0]) for number in numbers]


def told(town) -> list[str]:
    """What Anna reads under her receipt."""
    return [post["text"].partition("svar ")[2] for post in town.anna.got if "svar " in post["text"]]


def test_nothing_is_heard_before_what_the_database_did_not_take(town):
    """Slack is not acked, and tells it again; in other conversations all goes on."""
    first, second, third, fourth, fifth = answers(town, 1, 2, 3, 4, 5)
    breaks(town.db, "line", when="new.text in ('svar 1', 'svar 3')", full=True)
    assert [town.event(each) for each in (first, second)] == [500, 500]
    assert town.event(writes(town.eva, PRINTER)) == 200
    catch_up.behind(town.app, WebClient(token="x"), town.desk)
    assert (said(town)[1:], len(town.desk.hearing)) == ([PRINTER], 1)
    mends(town.db)
    breaks(town.db, "line", when="new.text = 'svar 3'", full=True)  # it fits no longer: what came before it is kept
    catch_up.behind(town.app, WebClient(token="x"), town.desk)
    mends(town.db)
    assert town.event(fourth) == 500
    catch_up.behind(town.app, WebClient(token="x"), town.desk)
    assert len(town.desk.hearing) == 0
    assert [town.event(each) for each in (second, first, fifth)] == [200, 200, 200]
    town.later(seconds=2)
    assert told(town) == ["1", "2", "3", "4", "5"]
    assert "Skrevs" not in town.anna.phone


def test_what_can_never_be_stored_holds_up_nobody_and_says_later_when_it_was_written(town):
    """Nor what the database does not take for an hour."""
    first, second, third, fourth = answers(town, 1, 2, 3, 4)
    breaks(town.db, "line", when="new.text = 'svar 1'")
    assert [town.event(each) for each in (first, second)] == [500, 200]
    mends(town.db)
    breaks(town.db, "line", when="new.text = 'svar 3'", full=True)
    assert [town.event(each) for each in (third, fourth)] == [500, 500]
    town.later(minutes=61)
    catch_up.behind(town.app, WebClient(token="x"), town.desk)
    town.later(seconds=2)
    mends(town.db)
    assert back(town) == 1
    town.later(seconds=2)
    assert told(town) == ["2", "1", "4", "3"]
    late = [post for post in town.anna.got if "före det som står ovanför" in str(post["blocks"])]
    assert [post["text"].partition("svar ")[2] for post in late] == ["1", "3"]


@pytest.mark.parametrize("secret", ["19811218-9876", "070-123 45 67"])
def test_what_is_caught_up_is_masked_like_everything_else(town, secret, caplog):
    away(town, town.anna, f"Låset hos {secret} blinkar rött")
    back(town)
    assert secret not in "".join(said(town)) + caplog.text + town.anna.phone
    assert "‹" in said(town)[0]


# ---- edits, deletions, and what was written hours ago ---------------------------------------------------------------


def test_an_edit_that_was_made_while_away(town):
    first = writes(town.anna, LOCK)
    town.event(first)
    missed = edits(town.anna, first, "Låset i 14 blinkar rött")
    assert back(town) == 1
    assert said(town) == ["Låset i 14 blinkar rött"]
    assert back(town) == 0
    town.event(missed)  # late, from Slack itself
    assert said(town) == ["Låset i 14 blinkar rött"]
    assert (questions(town), len(town.anna.got)) == (1, 1)


def test_an_edit_that_was_heard_is_not_told_again(town):
    first = writes(town.anna, LOCK)
    town.event(first)
    town.event(edits(town.anna, first, "Låset i 14 blinkar rött"))
    assert back(town) == 0


def test_an_acute_edit_that_was_made_while_away(town):
    first = writes(town.anna, "Låset i 12 krånglar lite ibland")
    town.event(first)
    edits(town.anna, first, "hon ligger på golvet och larmet svarar inte")
    assert back(town) == 1
    with town.db.snapshot() as session:
        assert tickets.get(session, 1).urgency is Urgency.ACUTE


def test_written_and_edited_while_away_and_both_events_come_late(town):
    first = writes(town.anna, LOCK)
    older = edits(town.anna, first, PRINTER)
    town.time += timedelta(seconds=2)
    newest = edits(town.anna, first, "Låset i 14 blinkar rött")
    assert back(town) == 1
    for late in (first, newest, older):
        town.event(late)
    assert said(town) == ["Låset i 14 blinkar rött"]
    assert (questions(town), back(town)) == (1, 0)


def test_what_slack_leaves_of_a_deleted_message_is_not_heard(town):
    first = away(town, town.anna, LOCK)
    entombs(town.anna, first)
    del first["thread_ts"]  # as the parent of a thread it stands in the history
    assert back(town) == 0
    assert questions(town) == 0


def test_two_questions_that_were_asked_hours_apart_are_two(town):
    """They are heard within a second of each other."""
    away(town, town.anna, LOCK)
    town.time += timedelta(hours=3)
    away(town, town.anna, PRINTER)
    town.time += timedelta(hours=1)
    assert back(town) == 2
    assert questions(town) == 2


def test_one_that_was_asked_in_two_messages_is_one(town):
    away(town, town.anna, LOCK)
    town.time += timedelta(minutes=2)
    away(town, town.anna, "Det är i rum tolv alltså")
    town.time += timedelta(hours=3)
    assert back(town) == 2
    assert (questions(town), len(said(town))) == (1, 2)


def test_an_answer_to_a_helper_belongs_to_what_she_asked_however_late(town):
    town.anna.writes(LOCK)
    town.later(seconds=25)
    town.bo.writes("Har du startat om det?", under=town.bo.got[0])
    town.time += timedelta(hours=2)
    away(town, town.anna, "Ja, och nu blinkar det grönt")
    town.time += timedelta(hours=1)
    assert back(town) == 1
    assert questions(town) == 1


def test_what_was_written_before_the_helper_s_word_is_no_answer_to_it(town):
    town.anna.writes(LOCK)
    town.later(hours=1)
    away(town, town.anna, PRINTER)
    town.time += timedelta(minutes=30)
    town.bo.writes("Har du startat om det?", under=town.bo.got[0])
    town.time += timedelta(minutes=30)
    assert back(town) == 1
    assert questions(town) == 2


# ---- what was deleted meanwhile ---------------------------------------------------------------------------------------


def state_of(town, number: int = 1) -> State:
    with town.db.snapshot() as session:
        return tickets.get(session, number).state


def asks(town, words: str = LOCK) -> dict[str, Any]:
    """Anna's question, half an hour old."""
    first = writes(town.anna, words)
    town.event(first)
    town.later(minutes=2)
    return first


def test_a_question_that_was_deleted_while_away_is_withdrawn_once(town):
    first = asks(town)
    missed = deletes(town.anna, first)
    assert back(town) == 1
    assert state_of(town) is State.CLOSED
    assert said(town) == [""]
    assert "togs tillbaka" in town.bo.phone
    before = history(town)
    assert back(town) == 0
    town.event(missed)  # late, from Slack itself
    assert history(town) == before


def history(town) -> list[str]:
    with town.db.snapshot() as session:
        return [row.event.value for row in tickets.history(session, 1)]


def test_one_that_has_become_a_tombstone_too(town):
    first = asks(town)
    entombs(town.anna, first)
    del town.slack.messages[town.anna.channel][0]["thread_ts"]  # as the parent of a thread it stands in the history
    assert back(town) == 1
    assert state_of(town) is State.CLOSED


def test_who_writes_it_anew_and_deletes_the_old_one_has_one_question(town):
    first = asks(town)
    away(town, town.anna, "Låset i 14 blinkar rött")
    deletes(town.anna, first)
    assert back(town) == 2
    assert (questions(town), state_of(town)) == (1, State.OPEN)
    assert sorted(said(town)) == ["", "Låset i 14 blinkar rött"]


def test_a_masked_line_that_was_deleted_as_we_advise_changes_nothing_and_is_told_once(town):
    deletes(town.anna, asks(town, "Låset hos 19811218-9876 blinkar rött"))
    assert back(town) == 1
    assert state_of(town) is State.OPEN
    assert back(town) == 0


def test_lines_under_a_card_and_a_receipt_are_looked_for_in_their_threads(town):
    asks(town)
    hers = writes(town.bo, "Starta om det", under=town.bo.got[0])
    town.event(hers)
    town.later(minutes=2)
    more = writes(town.anna, "Nu piper det också", under=town.anna.got[0])
    town.event(more)
    town.later(minutes=2)
    assert back(town) == 0
    deletes(town.bo, hers)
    deletes(town.anna, more)
    assert back(town) == 2
    assert said(town) == [LOCK, "", ""]
    assert "Starta om det" not in town.anna.phone
    assert "Nu piper" not in town.bo.phone


def test_a_line_in_a_thread_that_nobody_reads_is_not_missing(town):
    """Of a question that is closed: its thread is not asked for."""
    asks(town)
    hers = writes(town.bo, "Starta om det", under=town.bo.got[0])
    town.event(hers)
    town.later(minutes=2)
    town.anna.presses("Löst, tack")
    deletes(town.bo, hers)
    assert back(town) == 0
    assert said(town) == [LOCK, "Starta om det"]


def test_what_was_heard_while_we_read_is_not_missing(town, monkeypatch):
    """An event overtakes the page that was made before it."""
    asks(town)
    read = town.slack.conversations_history

    def slow(channel: str, **how: Any) -> dict[str, Any]:
        page = read(channel, **how)
        if channel == town.anna.channel and questions(town) == 1:
            town.event(writes(town.anna, PRINTER) | {"thread_ts": ""})
        return page

    monkeypatch.setattr(town.slack, "conversations_history", slow)
    back(town)
    assert LOCK in said(town)
    assert PRINTER in said(town)
    assert "" not in said(town)


def test_what_was_heard_just_now_may_be_missing_in_the_history(town):
    first = writes(town.anna, LOCK)
    town.event(first)
    town.later(seconds=5)
    deletes(town.anna, first)
    assert back(town) == 0
    town.later(minutes=1)
    assert back(town) == 1


def test_half_a_history_says_nothing_about_what_is_missing(town, monkeypatch):
    asks(town)
    read = town.slack.conversations_history

    def breaks(channel: str, cursor: str = "", **how: Any) -> dict[str, Any]:
        if cursor:
            raise TimeoutError
        return {**read(channel, **how), "messages": [], "response_metadata": {"next_cursor": "more"}}

    monkeypatch.setattr(town.slack, "conversations_history", breaks)
    with pytest.raises(TimeoutError):
        back(town)
    assert said(town) == [LOCK]


def test_what_slack_itself_has_thrown_away_was_not_deleted_by_its_author(town):
    """Messages may live for a day only: what is older than everything there has simply gone."""
    first = asks(town)
    town.later(hours=25)
    town.slack.messages[town.anna.channel].remove(next(m for m in town.slack.messages[town.anna.channel] if m["ts"] == first["ts"]))
    town.slack.messages[town.anna.channel].sort(key=lambda m: float(m["ts"]))
    assert back(town) == 0
    assert said(town) == [LOCK]


def test_an_old_line_that_older_ones_have_outlived_was_deleted(town):
    asks(town)
    second = writes(town.anna, "Det är i rum tolv alltså")
    town.event(second)
    town.later(hours=25)
    deletes(town.anna, second)
    assert back(town) == 1
    assert said(town) == [LOCK, ""]


def test_a_thread_that_is_gone_stops_nothing(town):
    asks(town)
    town.slack.fail = lambda method, args: "thread_not_found" if method == "conversations.replies" else None
    away(town, town.eva, PRINTER)
    assert back(town) == 1
    assert PRINTER in said(town)
