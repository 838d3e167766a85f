"""What Slack answers, and what becomes of the letter: later, looked up, given up, plainly, anew. Never twice, never lost."""

import logging
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Event, Lock
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from sqlalchemy import text
from sqlmodel import select

from bot.delivery import Delivery
from models import outbox, people, roster, tickets
from models.lines import Line
from models.outbox import Letter, Outcome
from models.people import Person
from models.tickets import State
from tests import slack as fake
from tests.places import breaks, mends

LOCK = "Låset i 12 blinkar rött"


def hears(town, who, words: str = LOCK, under: dict[str, Any] | None = None) -> None:
    """The bot has heard it; its letters are written and not sent yet."""
    message = town.slack.written(who.channel, who.user, words, under["ts"] if under else None)
    event = {**message, "channel": who.channel, "channel_type": "im"}
    town.dispatch({"type": "event_callback", "team_id": "T1", "event_id": f"Ev{message['ts']}", "event": event})


def deliver(town) -> None:
    while town.delivery.step(limit=5):
        pass


def later(town, **span: float) -> None:
    town.time += timedelta(**span)
    for job in town.on.jobs:
        if job.name == "due":
            job.run(town.desk)
    deliver(town)


def asked(town) -> None:
    """Anna has asked, her receipt and the two cards are out."""
    hears(town, town.anna)
    deliver(town)
    later(town, seconds=25)


def pressed(town, who, action_id: str, value: str = "1") -> None:
    number = town.slack.ts()
    town.dispatch(
        {"type": "block_actions", "user": {"id": who.user}, "team": {"id": "T1"}, "api_app_id": "A", "trigger_id": number,
         "actions": [{"type": "button", "block_id": "b", "action_id": action_id, "action_ts": number, "value": value}]}
    )  # fmt: skip


def letters(town, kind: str) -> list[Letter]:
    with town.db.snapshot() as session:
        return list(session.exec(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))


def letter(town, kind: str) -> Letter:
    return letters(town, kind)[-1]


def calls(town, method: str, channel: str | None = None) -> list[dict[str, Any]]:
    return [args for name, args in town.slack.calls if name == method and channel in (None, args.get("channel"))]


class Fails:
    """Slack refuses some calls, so many times."""

    def __init__(self, town, method: str, answer: Any, times: int = 1) -> None:
        self.method, self.answer, self.left = method, answer, times
        town.slack.fail = self

    def __call__(self, method: str, args: dict[str, Any]) -> Any:
        if method != self.method or self.left <= 0:
            return None
        self.left -= 1
        return self.answer


def http(status: int, **headers: str) -> SlackApiError:
    body = {"ok": False, "error": "Received a response in a non-JSON format: <html>"}
    answer = SlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data=body, headers=headers, status_code=status
    )
    return SlackApiError("no", answer)


class TakenButNotSaid:
    """Slack has it, and the answer is lost on the way."""

    def __init__(self, town, fault: BaseException) -> None:
        self.post, self.fault, self.slack = town.slack.chat_postMessage, fault, town.slack
        town.slack.chat_postMessage = self

    def __call__(self, **what: Any) -> dict[str, Any]:
        self.slack.chat_postMessage = self.post
        self.post(**what)
        raise self.fault


# ---- what goes well ----------------------------------------------------------------------------------------------------------


def test_a_plain_question_costs_one_receipt_and_one_card_a_candidate(town):
    asked(town)
    assert len(calls(town, "chat.postMessage", town.anna.channel)) == 1
    assert len(calls(town, "chat.update", town.anna.channel)) == 0
    assert Counter(args["channel"] for args in calls(town, "chat.postMessage")) == {
        town.anna.channel: 1, town.bo.channel: 1, town.gun.channel: 1,
    }  # fmt: skip
    assert {name for name, _ in town.slack.calls if name.startswith(("chat", "conversations"))} == {
        "chat.postMessage", "conversations.open",
    }  # fmt: skip


def test_a_conversation_is_opened_once_and_one_that_is_known_never(town):
    asked(town)
    later(town, minutes=15)
    hears(town, town.anna, "Skrivaren på kontoret skriver inte ut")
    deliver(town)
    later(town, seconds=25)
    assert sorted(args["users"] for args in calls(town, "conversations.open")) == [town.bo.user, town.gun.user]


def test_what_is_shown_already_is_not_sent_again(town):
    asked(town)
    before = len(town.slack.calls)
    with town.db.transaction() as session:
        ticket = tickets.get(session, 1)
        row = tickets.note_down(session, ticket, tickets.Event.WROTE, by=None, now=town.time)
        tickets.show_all(session, ticket, row, now=town.time)
    deliver(town)
    assert len(town.slack.calls) == before
    assert {row.outcome for row in (letter(town, "receipt"), letter(town, "card"))} == {Outcome.UNCHANGED}


def test_every_message_says_something_to_a_push_and_carries_its_mark(town):
    asked(town)
    for args in calls(town, "chat.postMessage"):
        assert args["text"]
        assert args["metadata"]["event_payload"]["letter"] in {
            row.mark for row in [*letters(town, "receipt"), *letters(town, "card")]
        }


# ---- later -------------------------------------------------------------------------------------------------------------------


def test_too_many_requests_wait_as_long_as_slack_says_and_hold_up_nobody_else(town):
    Fails(town, "chat.postMessage", "ratelimited")
    hears(town, town.anna)
    hears(town, town.eva, "Skrivaren på kontoret skriver inte ut")
    deliver(town)
    assert (town.anna.got, len(town.eva.got)) == ([], 1)
    waits = letter(town, "receipt") if not letter(town, "receipt").done_at else letters(town, "receipt")[0]
    assert (waits.retry_at, waits.in_doubt, waits.error) == (town.time + timedelta(seconds=30), False, "ratelimited")
    later(town, seconds=29)
    assert town.anna.got == []
    later(town, seconds=1)
    assert len(town.anna.got) == 1
    assert calls(town, "conversations.history") == []  # Slack said no: there is nothing to look up


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "message_limit_exceeded", "something_new_of_2027"])
def test_other_refusals_are_tried_again_with_growing_pauses(town, code):
    Fails(town, "chat.postMessage", code, times=3)
    hears(town, town.anna)
    deliver(town)
    pauses = []
    while not town.anna.got:
        waits = letter(town, "receipt")
        pauses.append((waits.retry_at - town.time).total_seconds())
        later(town, seconds=pauses[-1])
    assert pauses == [1, 2, 5]
    assert len(town.anna.got) == 1


def test_a_letter_that_cannot_be_drawn_is_logged_and_tried_again(town, caplog):
    asked(town)
    broken = town.on.letters["receipt"]
    town.on.letters["receipt"] = type(broken)(lambda *_: 1 / 0, broken.reader)
    pressed(town, town.bo, "ticket.take")
    deliver(town)
    assert "cannot be rendered" in caplog.text
    assert "Du har frågan från Anna Alm" in town.bo.phone  # nobody else waits for it
    town.on.letters["receipt"] = broken
    later(town, minutes=1)
    assert "Bo Berg har din fråga" in town.anna.phone


@pytest.mark.parametrize("fault", ["render", "something_new_of_2027"])
def test_a_letter_with_a_fault_of_its_own_lets_the_others_pass_and_comes_when_we_are_mended(town, fault):
    hears(town, town.anna)
    receipt = town.on.letters["receipt"]
    if fault == "render":
        town.on.letters["receipt"] = type(receipt)(lambda *_: 1 / 0, receipt.reader)
    else:
        Fails(town, "chat.postMessage", fault, times=5)
    deliver(town)
    later(town, seconds=25)
    pressed(town, town.bo, "ticket.take")
    for _ in range(8):
        later(town, minutes=1)
    assert "Bo Berg har tagit F-1" in town.anna.phone
    town.on.letters["receipt"] = receipt
    later(town, hours=1)
    assert "Bo Berg har din fråga" in town.anna.phone


def test_a_letter_that_is_never_mended_is_given_up_visibly_after_a_day(town, caplog):
    hears(town, town.anna)
    receipt = town.on.letters["receipt"]
    town.on.letters["receipt"] = type(receipt)(lambda *_: 1 / 0, receipt.reader)
    deliver(town)
    began = town.time
    for _ in range(60):
        with town.db.snapshot() as session:
            town.time = outbox.next_due(session, now=town.time) or town.time
        deliver(town)
    [first] = letters(town, "receipt")
    assert first.outcome is Outcome.GIVEN_UP
    assert timedelta(hours=24) <= first.done_at - began < timedelta(hours=25)
    assert "is given up: render" in caplog.text
    with town.db.snapshot() as session:
        assert tickets.get(session, 1).state is State.OPEN  # the question itself goes on


# ---- in doubt ----------------------------------------------------------------------------------------------------------------

LOST = [TimeoutError(), ConnectionResetError(), http(500), http(503), http(502)]


@pytest.mark.parametrize("fault", LOST, ids=str)
def test_what_slack_had_taken_is_found_and_not_posted_again(town, fault):
    TakenButNotSaid(town, fault)
    hears(town, town.anna)
    deliver(town)
    assert letter(town, "receipt").in_doubt
    later(town, minutes=2)
    assert len(town.anna.got) == 1
    assert letter(town, "receipt").outcome is Outcome.SENT
    pressed(town, town.anna, "ticket.withdraw")
    deliver(town)
    assert "Du tog tillbaka" in town.anna.phone  # the place is known: it is edited, not posted
    assert len(town.anna.got) == 1


@pytest.mark.parametrize("fault", [*LOST, "internal_error", "fatal_error", "service_unavailable"], ids=str)
def test_what_slack_had_not_taken_is_posted_once(town, fault):
    Fails(town, "chat.postMessage", fault)
    hears(town, town.anna)
    deliver(town)
    assert (town.anna.got, letter(town, "receipt").in_doubt) == ([], True)
    later(town, minutes=2)
    assert len(town.anna.got) == 1
    assert len(calls(town, "conversations.history", town.anna.channel)) == 1


def test_a_message_in_a_thread_is_looked_for_in_the_thread(town):
    asked(town)
    pressed(town, town.bo, "ticket.take")
    TakenButNotSaid(town, TimeoutError())
    deliver(town)
    later(town, minutes=2)
    assert len([p for p in town.anna.pushes if "har tagit" in p]) == 1
    assert calls(town, "conversations.replies")


def test_the_look_up_itself_may_fail_and_the_doubt_stays(town):
    """Else a rate limit on the look-up would send the message twice."""
    TakenButNotSaid(town, TimeoutError())
    hears(town, town.anna)
    deliver(town)
    Fails(town, "conversations.history", "ratelimited", times=2)
    later(town, minutes=2)
    assert letter(town, "receipt").in_doubt
    later(town, minutes=2)
    later(town, minutes=2)
    assert len(town.anna.got) == 1


def test_a_process_that_dies_between_slack_and_the_mark(town):
    hears(town, town.anna)
    TakenButNotSaid(town, SystemExit())
    with pytest.raises(SystemExit):
        town.delivery.step()
    assert len(town.anna.got) == 1
    deliver(town)
    assert len(town.anna.got) == 1
    later(town, seconds=61)  # the lease runs out
    assert len(town.anna.got) == 1
    assert letter(town, "receipt").outcome in (Outcome.SENT, Outcome.UNCHANGED)
    assert all(row.done_at for row in letters(town, "receipt"))


def test_an_answer_under_a_card_that_is_not_marked_yet_reaches_the_asker(town):
    """Slack has the card, we do not know it yet, and she is fast. Her words became a question of her own."""
    who, card = carded(town)
    unheard = town.slack.written(who.channel, who.user, "Hej")
    hears(town, who, "För min egen del: skrivaren skriver inte ut", under=unheard)  # hers, not the asker's
    hears(town, who, "Håll in knappen i tio sekunder", under=card)
    assert said(town)[1:] == [(2, "asker"), (1, "helper")]
    later(town, minutes=2)
    assert "Håll in knappen" in town.anna.phone
    assert "skrivaren" not in town.anna.phone
    assert len([m for m in who.got if "F-1" in m["text"]]) == 1


def test_a_card_that_may_stand_and_is_not_true_any_more_is_looked_for_and_says_so(town):
    """Another takes the question before the doubt is settled: her card lay there as it was, and nobody knew of it."""
    who, _ = carded(town)
    deliver(town)
    other = town.gun if who is town.bo else town.bo
    pressed(town, other, "ticket.take")
    Fails(town, "conversations.history", "ratelimited", times=1)
    later(town, minutes=2)
    later(town, minutes=2)
    assert len([m for m in who.got if "F-1" in m["text"]]) == 1
    assert "ticket.take" not in str(who.got[-1])
    with town.db.snapshot() as session:
        assert outbox.at(session, who.channel, who.got[-1]["ts"]) == f"card:F-1:{who.id}"


def test_one_that_never_came_is_looked_for_once_and_dropped(town):
    Fails(town, "chat.postMessage", http(503), times=2)
    hears(town, town.anna)
    town.time += timedelta(seconds=20)
    with town.db.transaction() as session:
        session.execute(text("update letter set due_at = '2027-01-01' where kind = 'receipt'"))
    deliver(town)
    pressed(town, town.anna, "ticket.withdraw")
    later(town, minutes=2)
    assert {row.outcome for row in letters(town, "card")} == {Outcome.DROPPED}
    assert town.bo.got + town.gun.got == []


def test_which_of_two_messages_is_meant_nobody_can_tell(town):
    """Two letters to her are in doubt: her words reach nobody, rather than the wrong one."""
    who, card = carded(town)
    other = outbox.Intent("card", who.id, 1, "card:F-2:2", "two")
    with town.db.transaction() as session:
        outbox.put(session, other, now=town.time)
        session.execute(text("update letter set in_doubt = true, retry_at = '2027-01-01' where place = 'card:F-2:2'"))
    hears(town, who, "Skrivaren på kontoret skriver inte ut", under=card)
    assert said(town)[1:] == [(2, "asker")]


def carded(town) -> tuple[Any, dict[str, Any]]:
    """Anna has asked; somebody sees her card, of which we do not know that it is there."""
    hears(town, town.anna)
    deliver(town)
    town.time += timedelta(seconds=20)
    TakenButNotSaid(town, TimeoutError())
    town.delivery.step()
    (doubtful,) = [letter for letter in letters(town, "card") if letter.in_doubt]
    who = next(who for who in (town.bo, town.gun) if who.id == doubtful.to_id)
    return who, who.got[-1]


def said(town) -> list[tuple[int | None, str]]:
    """The question and the side of every line."""
    with town.db.snapshot() as session:
        return [(line.ticket_id, line.side.value) for line in session.exec(select(Line).order_by(Line.id))]


def test_a_letter_in_doubt_that_has_to_wait_for_the_morning_is_not_sent_twice(town):
    """Posted at 20.59, the answer lost; the person is asleep when it is tried again."""
    town.time = town.time.replace(hour=20, minute=59)
    asked(town)
    pressed(town, town.bo, "ticket.take")
    with town.db.transaction() as session:
        session.get(Person, people.by_chat_user(session, town.anna.user).id).active_at = town.time - timedelta(hours=11)
    TakenButNotSaid(town, TimeoutError())
    deliver(town)
    town.time = town.time.replace(hour=21, minute=30)
    deliver(town)
    town.time += timedelta(hours=11)
    deliver(town)
    assert len([p for p in town.anna.pushes if "har tagit" in p]) == 1


# ---- never -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", ["channel_not_found", "user_disabled", "is_archived", "user_not_found", "cannot_dm_bot"]
)
@pytest.mark.parametrize("method", ["chat.postMessage", "conversations.open"])
def test_a_card_that_can_never_arrive_is_given_up_visibly_and_the_question_moves_on(town, caplog, code, method):
    hears(town, town.anna)
    deliver(town)
    town.slack.fail = lambda name, args: code if name == method and town.anna.channel != args.get("channel") else None
    later(town, seconds=25)
    deliver(town)
    with town.db.snapshot() as session:
        lost = outbox.given_up(session)
        ticket = tickets.get(session, 1)
        left = {c.person_id for c in tickets.candidates(session, 1) if c.left_at is None}
    assert {row.kind for row in lost} == {"card"}
    assert {row.error for row in lost} == {code}
    assert code in caplog.text
    assert left.isdisjoint({row.to_id for row in lost})
    assert ticket.state is State.OPEN
    assert ticket.next_at > town.time


def test_a_receipt_that_can_never_arrive_does_not_stop_the_question(town):
    Fails(town, "chat.postMessage", "channel_not_found")
    asked(town)
    assert town.anna.got == []
    assert len(town.bo.got) == 1
    assert letters(town, "receipt")[0].outcome is Outcome.GIVEN_UP


# ---- our own bugs ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["invalid_blocks", "invalid_blocks_format", "msg_too_long"])
def test_blocks_that_slack_does_not_take_arrive_as_a_plain_sentence_and_we_hear_of_it(town, caplog, code):
    town.slack.fail = lambda name, args: code if name.startswith("chat.") and args.get("blocks") else None
    hears(town, town.anna)
    deliver(town)
    (message,) = town.anna.got
    assert not message.get("blocks")
    assert message["text"]
    assert any(code in r.getMessage() and r.levelno == logging.ERROR for r in caplog.records)
    assert letter(town, "receipt").outcome is Outcome.SENT
    deliver(town)
    assert len(town.anna.got) == 1


def test_an_edit_that_slack_does_not_take_shows_the_sentence_too(town):
    """Without `blocks` Slack keeps the old ones: they have to be taken away in so many words."""
    asked(town)
    town.slack.fail = lambda name, args: "invalid_blocks" if name == "chat.update" and args.get("blocks") else None
    pressed(town, town.anna, "ticket.withdraw")
    deliver(town)
    (message,) = town.anna.got
    assert "Du tog tillbaka" in message["text"]
    assert not message["blocks"]


def test_a_plain_sentence_whose_fate_is_unknown_is_looked_up_before_it_is_sent_again(town):
    def fail(name: str, args: dict[str, Any]) -> str | None:
        return "invalid_blocks" if name == "chat.postMessage" and args.get("blocks") else None

    town.slack.fail = fail
    TakenButNotSaid(town, TimeoutError())
    hears(town, town.anna)
    deliver(town)
    town.slack.fail = lambda name, args: None
    later(town, minutes=2)
    later(town, minutes=2)
    assert len(town.anna.got) == 1


@pytest.mark.parametrize("code", ["message_not_found", "cant_update_message", "edit_window_closed"])
def test_an_edit_of_a_message_that_is_gone_is_posted_anew(town, code):
    asked(town)
    town.slack.messages[town.anna.channel] = [
        m for m in town.slack.messages[town.anna.channel] if m["user"] != fake.BOT
    ]
    Fails(town, "chat.update", code)
    pressed(town, town.bo, "ticket.take")
    deliver(town)
    receipt = [m for m in town.anna.got if "har din fråga" in fake.words_of(m)]
    assert len(receipt) == 1
    pressed(town, town.bo, "ticket.solve")
    deliver(town)
    assert len([m for m in town.anna.got if "löst. Stämmer det?" in fake.words_of(m)]) == 1  # and edited from then on


# ---- off duty ------------------------------------------------------------------------------------------------------------------


def goes_home(town, who) -> None:
    person = who.id
    with town.db.transaction() as session:
        roster.end_day(session, session.get(Person, person), now=town.time)


def test_a_card_to_somebody_who_has_gone_home_is_dropped_and_the_question_moves_on(town):
    hears(town, town.anna)
    deliver(town)
    goes_home(town, town.bo)  # between being asked and the card that waited twenty seconds
    later(town, seconds=25)
    assert town.bo.got == []
    assert len(town.gun.got) == 1
    assert "Gun Grahn" in town.anna.phone
    assert "Bo Berg" not in town.anna.phone


def test_an_edit_disturbs_nobody_and_is_not_held(town):
    asked(town)
    goes_home(town, town.gun)
    pressed(town, town.bo, "ticket.take")
    deliver(town)
    assert "Bo Berg har tagit F-1." in town.gun.phone


def test_an_askers_letters_wait_for_the_morning_and_arrive_in_order(town):
    asked(town)
    with town.db.transaction() as session:
        session.get(Person, people.by_chat_user(session, town.anna.user).id).active_at = town.time - timedelta(hours=11)
    town.time = town.time.replace(hour=22)
    pressed(town, town.bo, "ticket.take")
    pressed(town, town.bo, "ticket.solve")
    deliver(town)
    assert len(town.anna.pushes) == 1  # her receipt, in the morning
    assert "löst. Stämmer det?" in town.anna.phone  # an edit
    town.time = town.time.replace(hour=6, minute=59) + timedelta(days=1)
    deliver(town)
    assert len(town.anna.pushes) == 1
    town.time += timedelta(minutes=1)
    deliver(town)
    assert len(town.anna.pushes) == 3


def test_somebody_without_an_account_gets_nothing_and_nothing_waits_for_her(town):
    hears(town, town.anna)
    deliver(town)
    with town.db.transaction() as session:
        session.get(Person, people.by_chat_user(session, town.bo.user).id).deactivated_at = town.time
    later(town, seconds=25)
    assert town.bo.got == []
    with town.db.snapshot() as session:
        assert {row.error for row in outbox.given_up(session)} == {"no_account"}
    assert "Bo Berg" not in town.anna.phone


# ---- many workers ----------------------------------------------------------------------------------------------------------------


def test_eight_post_offices_send_every_letter_once(town):
    """Eight instances on one database, a dozen questions."""
    lock, call = Lock(), town.slack.call
    town.slack.call = lambda *args: _alone(lock, call, args)
    for who in (town.anna, town.eva, town.hanna, town.filip, town.kate, town.moa):
        hears(town, who)
    town.time += timedelta(seconds=25)
    start = Barrier(8)
    offices = [Delivery(town.desk, WebClient(token="x"), town.on.letters) for _ in range(8)]

    def work(office: Delivery) -> None:
        start.wait(10)
        for _ in range(30):
            office.step(limit=2)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, offices))
    deliver(town)
    marks = Counter(args["metadata"]["event_payload"]["letter"] for args in calls(town, "chat.postMessage"))
    assert set(marks.values()) == {1}
    with town.db.snapshot() as session:
        assert outbox.waiting(session, now=town.time) == 0
    for who in (town.anna, town.eva, town.hanna, town.filip, town.kate, town.moa):
        assert len([m for m in who.got if "F-" in fake.words_of(m) + m["text"]]) >= 1


def _alone(lock: Lock, call: Any, args: tuple[Any, ...]) -> Any:
    with lock:
        return call(*args)


def test_the_worker_delivers_what_it_is_nudged_for_and_stops(town):
    stop, wake = Event(), Event()
    lock, call = Lock(), town.slack.call
    arrived = Event()

    def answers(*args: Any) -> Any:
        with lock:
            answer = call(*args)
        arrived.set()
        return answer

    town.slack.call = answers
    with running(town, stop, wake):
        hears(town, town.anna)
        wake.set()
        assert arrived.wait(10)
    assert len(town.anna.got) == 1
    assert letter(town, "receipt").outcome is Outcome.SENT


@contextmanager
def running(town, stop: Event, wake: Event) -> Iterator[None]:
    """The real loop in its thread, ended whatever happens."""
    with ThreadPoolExecutor(1) as pool:
        loop = pool.submit(town.delivery.run, stop, wake, 4)
        try:
            yield
        finally:
            stop.set()
            wake.set()
            loop.result(10)


class Heard(logging.Handler):
    """Sets when these words are logged."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words, self.when = words, Event()

    def emit(self, record: logging.LogRecord) -> None:
        if self.words in record.getMessage():
            self.when.set()


def test_a_database_that_fails_for_a_moment_does_not_end_the_worker(town):
    stop, wake, arrived = Event(), Event(), Event()
    trouble = Heard("could not read its letters")
    logging.getLogger("bot.delivery").addHandler(trouble)
    call = town.slack.call
    town.slack.call = lambda *args: (call(*args), arrived.set())[0]
    hears(town, town.anna)
    breaks(town.db, "letter", "update")
    try:
        with running(town, stop, wake):
            assert trouble.when.wait(10)
            mends(town.db)
            wake.set()
            assert arrived.wait(10)
    finally:
        logging.getLogger("bot.delivery").removeHandler(trouble)
    assert len(town.anna.got) == 1


def run(town, statement: str) -> None:
    with town.db.engine.begin() as connection:
        connection.execute(text(statement))
