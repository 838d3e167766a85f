"""Whatever comes in: a clear sentence or a silent nothing, never a stack trace, never a lost question, nothing unmasked.

Everything goes through the real Bolt app and the real delivery.
"""

import itertools
import json
import logging
import sqlite3
from typing import Any

import pytest
from sqlmodel import select

from handlers import slack_text
from models import people
from models.lines import Line
from models.people import Person
from models.tickets import State, Ticket
from tests import slack as fake
from tests.effort import WHOLE
from tests.places import breaks, mends

LOCK = "Låset i 12 blinkar rött"
stamps = itertools.count(1)


def questions(town) -> list[Ticket]:
    with town.db.snapshot() as session:
        return list(session.exec(select(Ticket).order_by(Ticket.id)))


def said(town) -> list[str]:
    with town.db.snapshot() as session:
        return [line.text for line in session.exec(select(Line).order_by(Line.id))]


def event(who, words: str, **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": who.user, "text": words, "channel": who.channel, "channel_type": "im",
            "ts": who.town.slack.ts()} | more  # fmt: skip


def press(who, action_id: str, value: Any = None, **more: Any) -> int:
    number = f"{next(stamps)}.0"
    who.town.slack.triggers[number] = who.user
    action = {"type": "button", "block_id": "b", "action_id": action_id, "action_ts": number} | more
    if value is not None:
        action["value"] = value
    body = {"type": "block_actions", "user": {"id": who.user}, "team": {"id": "T1"}, "api_app_id": "A",
            "trigger_id": number, "actions": [action], "response_url": f"https://hooks.test/{who.user}"}  # fmt: skip
    status = who.town.dispatch(body)
    who.town.deliver()
    return status


def submit(who, callback_id: str, state: Any, **view: Any) -> dict[str, Any]:
    """What Slack would show after this form."""
    number = f"{next(stamps)}.0"
    who.town.slack.triggers[number] = who.user
    shown = {"id": "V", "type": "modal", "callback_id": callback_id, "hash": number, "blocks": []} | view
    if state is not None:
        shown["state"] = state
    body = {
        "type": "view_submission",
        "user": {"id": who.user},
        "team": {"id": "T1"},
        "api_app_id": "A",
        "trigger_id": number,
        "view": shown,
    }
    status = who.town.dispatch(body)
    who.town.deliver()
    assert status == 200
    return json.loads(who.town.answer.body or "{}")


# ---- what people write ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["", " ", "\n\n", "\u00a0\t", "\x00"])
def test_nothing_is_nothing(town, words):
    assert town.event(event(town.anna, words)) == 200
    town.later(minutes=11)
    assert (questions(town), said(town), town.anna.got) == ([], [], [])


@pytest.mark.parametrize("words", ["😀", ":wave:", "👋🏽👋🏽", "🇸🇪", ":smile: :+1:"])
def test_emoji_alone_make_no_question(town, words):
    town.anna.writes(words)
    town.later(minutes=11)
    assert questions(town) == []
    assert len(town.anna.got) <= 1


@pytest.mark.parametrize(
    "words",
    [
        "?!",
        "...",
        "‹",
        "<",
        "<>",
        "&",
        "*",
        "```",
        "\u202e",
        "\u200b\u200b",
        "%s {0} {name}",
        "'; drop table ticket; --",
    ],
)
def test_any_scrap_is_held_and_never_breaks_anything(town, words):
    assert town.event(event(town.anna, words)) == 200
    town.later(minutes=11)
    assert len(questions(town)) <= 1


@pytest.mark.slow
def test_forty_thousand_characters_are_a_question_like_any_other(town):
    words = "Låset blinkar rött och piper. " * 1333
    town.anna.writes(words)
    town.later(seconds=25)
    assert len(questions(town)) == 1
    assert said(town) == [words.strip()]
    town.bo.presses("Ta frågan")
    town.bo.writes(words, under=town.bo.got[0])
    town.anna.writes(words, under=town.anna.got[0])
    assert town.anna.message_with("Texten var längre")
    assert town.bo.message_with("Texten var längre")
    town.bo.opens_home()


def test_forty_thousand_digits_take_no_time_to_mask(town):
    town.anna.writes("Låset i 12 blinkar rött " + "0701234567 " * 3600)
    assert "0701234567" not in "".join(said(town))


HOSTILE = [
    "<!channel> låset i 12 blinkar rött",
    "<!here|here> låset i 12 blinkar rött",
    "<!everyone> låset i 12 blinkar rött",
    "<@UBO> låset i 12 blinkar rött",
    "<#C123|allmänt> låset i 12 blinkar rött",
    "<!subteam^S1|experter> låset i 12 blinkar rött",
    "<https://elak.example|Klicka här> låset i 12 blinkar rött",
    "&lt;!channel&gt; låset i 12 blinkar rött",
    "https://elak.example #allmänt @here låset i 12 blinkar rött",
    "*låset* i _12_ ~blinkar~ `rött`",
    "&lt;https://elak.example|Klicka&gt; låset i 12 blinkar rött",
    "låset i 12 blinkar rött\n&gt; citat\n• punkt",
]


def markup_shown(messages: list[dict[str, Any]]) -> str:
    """Everything that Slack reads as markup: mrkdwn objects, and the text that stands in for blocks."""

    def mrkdwn(thing: Any) -> list[str]:
        if isinstance(thing, dict):
            own = [thing["text"]] if thing.get("type") == "mrkdwn" else []
            assert not own or thing["verbatim"], thing  # an address, #word or @here in it becomes no link
            return own + [t for v in thing.values() for t in mrkdwn(v)]
        return [t for v in thing for t in mrkdwn(v)] if isinstance(thing, list) else []

    return "\n".join(t for m in messages for t in [m.get("text", ""), *mrkdwn(m.get("blocks", []))])


@pytest.mark.parametrize("words", [*HOSTILE[::3], *(pytest.param(words, marks=pytest.mark.slow) for n, words in enumerate(HOSTILE) if n % 3)])
def test_no_words_become_markup_in_front_of_others(town, words):
    town.bo.opens_home()
    town.bo.presses("Slutar för dagen")
    town.anna.writes(words)
    town.later(seconds=25)
    town.bo.opens_home()
    town.bo.presses("I tjänst till …")
    town.bo.submits(until="15:30")  # the digest
    town.gun.presses("Ta frågan")
    town.gun.writes(words, under=town.gun.got[0])
    town.anna.writes(words, under=town.anna.got[0])
    town.gun.opens_home()
    seen = [*town.bo.got, *town.gun.got, *town.anna.got, town.gun.home, town.anna.home]
    shown = markup_shown(seen)
    for markup in ("<!", "<@", "<#", "<http"):
        assert markup not in shown
    for word in ("*låset*", "_12_", "~blinkar~", "`rött`"):
        assert word not in shown
    assert len(questions(town)) == 1


@pytest.mark.parametrize("name", ["<!channel>", "*Bo* <@UANNA>", "<https://elak.example|Bo>"])
def test_nor_does_a_name(town, name):
    with town.db.transaction() as session:
        session.get(Person, people.by_chat_user(session, town.bo.user).id).name = name
        session.get(Person, people.by_chat_user(session, town.anna.user).id).name = name
    town.anna.writes(LOCK)
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    town.bo.writes("Starta om", under=town.bo.got[0])
    town.anna.writes("Det hjälpte inte", under=town.anna.got[0])
    press(town.gun, "ticket.take", "1")
    town.bo.presses("Löst")
    town.anna.presses("Nej, inte än")
    town.anna.opens_home()
    shown = markup_shown([*town.anna.got, *town.bo.got, *town.gun.got, town.anna.home]) + "".join(town.gun.whispers)
    for markup in ("<!", "<@", "<http", "*Bo*"):
        assert markup not in shown
    assert town.gun.whispers


def test_what_a_person_meant_is_what_is_stored(town):
    town.anna.writes("Låset på <#C1|rum> 12: &lt;fel&gt; &amp; <https://lås.se|lås.se> <mailto:x|x> 3 &gt; 2")
    assert said(town) == ["Låset på @rum 12: <fel> & lås.se x 3 > 2"]
    assert slack_text.plain("<!channel>") == "@channel"


# ---- who writes, and where -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B2"},
        {"bot_id": "B2", "subtype": "bot_message", "user": None},
        {"user": None},
        {"user": "USLACKBOT"},
        {"subtype": "channel_join"},
        {"subtype": "me_message_of_tomorrow"},
        {"channel_type": "channel", "channel": "C1"},
        {"channel_type": "mpim"},
        {"channel_type": None},
    ],
)
def test_what_no_person_said_to_us_is_acked_and_forgotten(town, more):
    told = {key: value for key, value in event(town.anna, LOCK, **more).items() if value is not None}
    assert town.event(told) == 200
    assert (questions(town), said(town), town.slack.messages) == ([], [], {})


@pytest.mark.parametrize(
    "told",
    [
        {"type": "message", "subtype": "message_changed", "channel": "D1", "channel_type": "im", "message": {"ts": "1.0", "user": "UANNA", "text": "x"}},
        {"type": "message", "subtype": "message_deleted", "channel": "D1", "channel_type": "im", "deleted_ts": "1.0"},
        {"type": "message", "subtype": "message_deleted", "channel": "D1", "channel_type": "im", "deleted_ts": "1.0",
         "previous_message": {"user": "UANNA", "ts": "1.0"}},
        {"type": "message", "subtype": "message_changed", "channel": "DUANNA", "channel_type": "im",
         "message": {"subtype": "tombstone", "user": "USLACKBOT", "ts": "1.0", "text": "This message was deleted."}},
        {"type": "app_home_opened", "user": "UANNA", "tab": "messages", "channel": "D1"},
        {"type": "app_home_opened", "user": "UNOBODY", "tab": "home", "channel": "D1"},
        {"type": "reaction_added", "user": "UANNA", "reaction": "eyes", "item": {}},
        {"type": "team_join", "user": {"id": "UFRESH"}},
        {"type": "user_change", "user": {"id": "UANNA", "profile": {}}},
    ],
)  # fmt: skip
def test_events_about_what_we_do_not_know_are_acked(town, told):
    assert town.event(told) == 200
    assert questions(town) == []


def test_somebody_whose_account_has_ended_is_not_heard_and_heard_again_when_it_is_back(town):
    town.event({"type": "user_change", "user": {"id": town.anna.user, "deleted": True}})
    town.anna.writes(LOCK)
    assert questions(town) == []
    town.event({"type": "user_change", "user": town.slack.users[town.anna.user] | {"deleted": False}})
    town.anna.writes(LOCK)
    assert len(questions(town)) == 1


def test_a_helper_whose_account_ends_loses_what_she_had(town):
    town.anna.writes(LOCK)
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    town.event({"type": "user_change", "user": {"id": town.bo.user, "deleted": True}})
    assert questions(town)[0].state is State.OPEN
    assert "Vi har frågat Gun Grahn" in town.anna.phone


# ---- what comes twice, and in the wrong order --------------------------------------------------------------------------------


def test_the_same_event_again_does_nothing(town):
    told = event(town.anna, LOCK)
    for _ in range(3):
        assert town.event(told, event_id="Ev1") == 200
    assert (len(questions(town)), said(town), len(town.anna.got)) == (1, [LOCK], 1)


def test_nor_the_same_message_under_another_event(town):
    told = event(town.anna, LOCK)
    for number in range(3):
        assert town.event(told, event_id=f"Ev{number}") == 200
    assert (len(questions(town)), said(town), len(town.anna.got)) == (1, [LOCK], 1)


def test_lines_that_arrive_in_the_wrong_order_stand_in_the_right_one(town):
    first = town.slack.written(town.anna.channel, town.anna.user, "Hej!")
    town.later(seconds=1)
    second = town.slack.written(town.anna.channel, town.anna.user, LOCK)
    for message in (second, first):
        town.event({**message, "channel": town.anna.channel, "channel_type": "im"})
    assert len(questions(town)) == 1
    assert town.words_of_ticket(1) == ["Hej!", LOCK]


def test_a_message_that_was_deleted_before_it_was_heard_does_not_become_a_question(town):
    message = town.slack.written(town.anna.channel, town.anna.user, LOCK)
    town.anna.deletes(message)
    town.event({**message, "channel": town.anna.channel, "channel_type": "im"})
    town.later(minutes=11)
    assert (questions(town), said(town)) == ([], [])


def test_an_edit_and_a_deletion_reach_the_helper_and_a_second_deletion_nobody(town):
    message = town.anna.writes(LOCK)
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    more = town.anna.writes("rum 14 också", under=town.anna.got[0])
    town.anna.edits(more, "rum 15 också")
    assert "rum 15 också" in town.bo.phone
    assert "rum 14 också" not in town.bo.phone
    for _ in range(2):
        town.anna.deletes(more)
    assert "rum 15 också" not in town.bo.phone
    town.anna.edits(more, "rum 16 också")  # an edit that was on its way when she deleted it
    assert "rum 16" not in town.bo.phone
    assert message["text"] == LOCK


# ---- buttons -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action_id", ["ticket.vanished", "old_button", "", "ticket.takeover", "x" * 255])
def test_a_button_from_before_a_restart_is_answered_kindly(town, action_id):
    assert press(town.anna, action_id, "1") == 200
    assert town.anna.whispers == ["Knappen gäller inte längre. Titta på det senaste meddelandet."]


NUMBERS = [
    "4711",
    "0",
    "-1",
    "abc",
    "",
    " 1",
    "1.0",
    "١",
    "²",
    "999999999999999",
    "9" * 40,
    "1;drop table ticket",
    "F-1",
    None,
]


def test_a_number_that_no_question_has_is_answered_kindly(town):
    town.anna.writes(LOCK)
    town.later(seconds=25)
    before = [q.model_dump() for q in questions(town)]
    about_questions = [name for name in town.on.rules if name.startswith("ticket.")]
    every = itertools.product(NUMBERS, about_questions)
    for count, (number, name) in enumerate(every if WHOLE else zip(itertools.cycle(NUMBERS), about_questions), start=1):
        assert press(town.bo, name, number) == 200
        assert len(town.bo.whispers) == count
    assert [q.model_dump() for q in questions(town)] == before
    assert not [words for words in town.bo.whispers if "Något gick fel" in words]


@pytest.mark.parametrize(
    "name",
    ["line.which", "line.split", "line.which:9999999999999999999999", "line.which:²", "ticket.tool:..", "ticket.unit"],
)
def test_nor_a_line_or_a_choice(town, name):
    town.anna.writes(LOCK)
    town.later(seconds=25)
    for number in NUMBERS:
        assert press(town.anna, name, number) == 200
    assert not [words for words in town.anna.whispers if "Något gick fel" in words]
    assert town.words_of_ticket(1) == [LOCK]


@pytest.mark.parametrize("choice", ["", "0", "-1", "999", "9" * 40, "²", "Björken"])
def test_a_unit_that_does_not_exist_is_answered_kindly(town, choice):
    town.moa.writes(LOCK)
    option = {"type": "static_select", "selected_option": {"value": f"1:{choice}"}}
    assert press(town.moa, "ticket.unit", **option) == 200
    assert questions(town)[0].unit_id is None
    assert town.moa.whispers == ["Knappen gäller inte längre. Titta på det senaste meddelandet."]


@pytest.mark.parametrize(
    "how", [{"selected_option": None}, {"selected_options": []}, {"value": None}, {"selected_option": {}}]
)
def test_a_control_without_a_value(town, how):
    town.anna.writes(LOCK)
    assert press(town.anna, "ticket.unit", **how) == 200
    assert not [words for words in town.anna.whispers if "Något gick fel" in words]


def test_a_double_tap_is_one_tap(town):
    town.anna.writes(LOCK)
    town.later(seconds=25)
    (where, button) = next(town.bo._offers("Ta frågan", None))
    for _ in range(2):
        town.bo.sends(button, where)
    assert town.bo.whispers == []
    assert len([p for p in town.anna.pushes if "har tagit" in p]) == 1
    assert (
        press(town.bo, "ticket.solve", "1", action_ts="7.0")
        == press(town.bo, "ticket.solve", "1", action_ts="7.0")
        == 200
    )
    assert town.bo.whispers == []  # the very same press, delivered twice
    press(town.bo, "ticket.solve", "1")
    assert town.bo.whispers == ["Det går inte i det här läget. Titta på det senaste meddelandet."]


# ---- forms ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [None, {}, {"values": {}}, {"values": {"until": {}}}, {"values": {"until": {"until": {}}}},
                                   {"values": {"old_block": {"old_field": {"type": "x", "value": "7"}}}}])  # fmt: skip
def test_a_form_of_an_older_version_gets_a_sentence(town, state):
    for callback_id in (
        "duty.on",
        "ask.send",
        "onward.send",
        "onward.note",
        "onward.out",
        "ticket.solve_with",
        "form.of.old",
    ):
        answer = submit(town.bo, callback_id, state, private_metadata="1")
        assert "Något gick fel" not in fake.words_of(answer)
    assert questions(town) == [] or [q.asker_id for q in questions(town)] == [town.bo.id]


@pytest.mark.parametrize("until", ["", "25:00", "kvart över", "12:60", "²²:00", "24:00", None])
def test_a_time_that_is_none(town, until):
    answer = submit(
        town.bo, "duty.on", {"values": {"until": {"until": {"type": "timepicker", "selected_time": until}}}}
    )
    assert answer["response_action"] == "errors"
    assert answer["errors"]["until"] == "Välj en tid, till exempel 15.30."


def test_more_than_thirteen_hours_are_refused_in_the_form(town):
    answer = submit(
        town.bo, "duty.on", {"values": {"until": {"until": {"type": "timepicker", "selected_time": "09:30"}}}}
    )
    assert "13" in answer["errors"]["until"]


@pytest.mark.parametrize("about", ["4711", "", "abc", None, "9" * 40])
def test_a_form_about_no_question(town, about):
    for callback_id in ("onward.send", "onward.note", "onward.out", "ticket.solve_with"):
        answer = submit(town.bo, callback_id, {"values": {"word": {"word": {"value": "Ring"}}}}, private_metadata=about)
        assert "Något gick fel" not in fake.words_of(answer)
        assert answer["response_action"] == "update"


def test_other_shapes_are_acked(town):
    bodies = [
        {"type": "view_closed", "user": {"id": "UANNA"}, "view": {"id": "V", "callback_id": "x", "type": "modal"}},
        {"type": "shortcut", "callback_id": "old", "user": {"id": "UANNA"}, "trigger_id": "1"},
        {
            "type": "message_action",
            "callback_id": "old",
            "user": {"id": "UANNA"},
            "trigger_id": "1",
            "message": {},
            "channel": {},
        },
        {"command": "/gammalt", "text": "x", "user_id": "UANNA", "trigger_id": "1"},
    ]
    for body in bodies:
        assert town.dispatch(body | {"team": {"id": "T1"}, "api_app_id": "A"}) == 200, body


# ---- what must not be written ------------------------------------------------------------------------------------------------


SECRETS = [
    "19811218-9876",
    "811218-9876",
    "070-123 45 67",
    "+46 70 123 45 67",
    "maj.britt@example.com",
    "20121218+9876",
]
HERS = SECRETS + [s.replace("-", "").replace(" ", "") for s in SECRETS]


def written(town) -> str:
    """Every byte that the process has written about anybody: the database, its journal, letters."""
    files = sorted(town.file.parent.glob(f"{town.file.name}*"))
    assert len(files) > 1  # the journal too
    return "".join(file.read_bytes().decode("latin-1") for file in files)


@pytest.mark.sqlite  # it reads the file
@pytest.mark.parametrize("way", ["message", "under", "helper", "edit", "form", "command", "fault"])
def test_nothing_unmasked_is_written_anywhere(town, caplog, monkeypatch, way):
    caplog.set_level(logging.DEBUG, logger="handlers")
    caplog.set_level(logging.DEBUG, logger="bot")
    caplog.set_level(logging.DEBUG, logger="models")
    words = "Låset hos " + " och ".join(SECRETS) + " piper rött"
    town.anna.writes(LOCK)
    town.later(seconds=25)
    if way == "message":
        town.later(minutes=11)
        town.anna.writes(words)
    elif way == "under":
        town.anna.writes(words, under=town.anna.got[0])
    elif way == "helper":
        town.bo.writes(words, under=town.bo.got[0])
    elif way == "edit":
        town.anna.edits(next(m for m in town.slack.messages[town.anna.channel] if m["user"] == town.anna.user), words)
    elif way == "form":
        submit(town.anna, "ask.send", {"values": {"what": {"what": {"value": words}}}})
        submit(town.bo, "onward.note", {"values": {"word": {"word": {"value": words}}}}, private_metadata="1")
    elif way == "command":
        town.dispatch(
            {"command": "/fraga", "text": words, "user_id": town.anna.user, "team_id": "T1", "trigger_id": "1"}
        )
    else:
        breaks(town.db, "line")
        town.anna.writes(words)
        mends(town.db)
    town.later(minutes=11)
    posted = [
        json.dumps(args, ensure_ascii=False, default=str)
        for method, args in town.slack.calls
        if method.startswith("chat.")
    ]
    for secret in HERS:
        assert secret not in written(town)
        assert secret not in caplog.text
        assert secret not in "".join(posted)
        for record in caplog.records:
            assert secret not in str(record.args)
    if way in ("message", "under", "helper"):
        assert "‹personnummer›" in "".join(said(town))


def test_the_one_who_wrote_it_is_asked_to_delete_it_and_deleting_it_keeps_the_question(town):
    message = town.anna.writes("Låset hos 19811218-9876 piper rött")
    assert "Ta bort ditt eget meddelande" in town.anna.phone
    town.anna.deletes(message)
    assert questions(town)[0].state is State.OPEN
    assert "‹personnummer›" in town.words_of_ticket(1)[0]


# ---- faults --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["line", "ticket", "history", "letter", "heard"])
def test_a_fault_in_an_event_is_not_acked_and_the_redelivery_makes_one_question(town, table):
    told = event(town.anna, LOCK)
    breaks(town.db, table)
    assert town.event(told, event_id="Ev1") == 500
    assert (questions(town), said(town), town.anna.got) == ([], [], [])
    mends(town.db)
    for _ in range(2):
        assert town.event(told, event_id="Ev1") == 200
    assert (len(questions(town)), said(town), len(town.anna.got)) == (1, [LOCK], 1)


@pytest.mark.sqlite
def test_a_locked_database_is_not_acked_either(town, monkeypatch):
    told = event(town.anna, LOCK)
    town.db.engine.dispose()
    with town.db.engine.connect() as impatient:
        impatient.exec_driver_sql("pragma busy_timeout = 1")
        impatient.commit()
    other = sqlite3.connect(town.file, isolation_level=None)
    other.execute("begin immediate")
    assert _dispatch(town, told, "Ev1") == 500
    other.execute("rollback")
    other.close()
    assert town.event(told, event_id="Ev1") == 200
    assert len(questions(town)) == 1


def _dispatch(town, told: dict[str, Any], event_id: str) -> int:
    return town.dispatch({"type": "event_callback", "team_id": "T1", "event_id": event_id, "event": told})


def test_a_fault_on_a_button_is_told_with_a_reference_and_nothing_is_half_done(town, caplog):
    town.anna.writes(LOCK)
    town.later(seconds=25)
    breaks(town.db, "history")
    town.bo.presses("Ta frågan")
    (told,) = town.bo.whispers
    assert told.startswith("Något gick fel hos oss.")
    reference = next(r.getMessage().rsplit(" ", 1)[-1] for r in caplog.records if "reference" in r.getMessage())
    assert reference in told
    assert [r.reference for r in caplog.records if hasattr(r, "reference")] == [reference], "as a field of its own too"
    assert "Traceback" not in told
    assert "no room" not in told
    assert questions(town)[0].state is State.OPEN
    mends(town.db)
    town.bo.presses("Ta frågan")
    assert questions(town)[0].owner_id == town.bo.id


@pytest.mark.sqlite
def test_a_fault_on_a_button_is_told_although_the_database_is_locked(town):
    town.anna.writes(LOCK)
    town.later(seconds=25)
    town.db.engine.dispose()
    with town.db.engine.connect() as impatient:
        impatient.exec_driver_sql("pragma busy_timeout = 1")
        impatient.commit()
    other = sqlite3.connect(town.file, isolation_level=None)
    other.execute("begin immediate")
    number = next(stamps)
    body = {"type": "block_actions", "user": {"id": town.bo.user}, "team": {"id": "T1"}, "api_app_id": "A", "trigger_id": f"{number}",
            "actions": [{"type": "button", "block_id": "b", "action_id": "ticket.take", "action_ts": f"{number}.0", "value": "1"}],
            "response_url": f"https://hooks.test/{town.bo.user}"}  # fmt: skip
    assert town.dispatch(body) == 200
    other.execute("rollback")
    other.close()
    assert town.bo.whispers[0].startswith("Något gick fel hos oss.")


def test_a_fault_in_a_form_is_told_in_its_window(town):
    breaks(town.db, "ticket")
    answer = submit(town.anna, "ask.send", {"values": {"what": {"what": {"value": LOCK}}}})
    assert answer["response_action"] == "update"
    assert "Något gick fel hos oss." in fake.words_of(answer["view"])


def test_an_answer_that_slack_does_not_take_does_not_lose_the_ack(town):
    """The response_url is used up and the trigger has expired: still no warning triangle."""
    town.anna.writes(LOCK)
    town.slack.whisper = lambda url, body: (_ for _ in ()).throw(TimeoutError())
    assert press(town.eva, "ticket.take", "1") == 200
    town.slack.fail = lambda method, args: "expired_trigger_id" if method == "views.open" else None
    assert press(town.bo, "duty.form", "0") == 200
