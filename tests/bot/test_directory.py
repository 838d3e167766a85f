"""Who has a chat account: the whole list, accounts that come and go, strangers, and who wants quiet."""

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlmodel import select

from bot import directory
from models import people, tickets
from models.people import Person
from models.tickets import State


def sync(town) -> int:
    return directory.sync(WebClient(token="x"), town.desk)


def complete(town, limit: int = 20) -> int:
    return directory.complete(WebClient(token="x"), town.desk, limit=limit)


def person(town, user: str) -> Person | None:
    with town.db.snapshot() as session:
        return people.by_chat_user(session, user)


def everybody(town) -> int:
    with town.db.snapshot() as session:
        return people.count(session)


def test_the_list_again_changes_nothing(town):
    before = everybody(town)
    with town.db.snapshot() as session:
        rows = [p.model_dump(exclude={"profile_at"}) for p in people.everybody(session)]
    assert sync(town) == len(town.slack.users)
    with town.db.snapshot() as session:
        assert [p.model_dump(exclude={"profile_at"}) for p in people.everybody(session)] == rows
    assert everybody(town) == before


def test_imported_people_are_found_by_their_address(town):
    anna = person(town, town.anna.user)
    assert (anna.name, anna.email, anna.language) == ("Anna Alm", "anna.alm@lovkoping.example", "sv")
    assert person(town, town.kate.user).language == "en"
    assert everybody(town) == 15  # nobody is there twice


def test_bots_and_slack_itself_are_nobody(town):
    town.slack.users |= {"UB": {"id": "UB", "is_bot": True}, "USLACKBOT": {"id": "USLACKBOT"}}
    sync(town)
    assert person(town, "UB") is None
    assert person(town, "USLACKBOT") is None


def test_somebody_new_is_stored_and_somebody_who_has_left_before_we_knew_her_is_not(town):
    town.slack.users |= {
        "UNEW": {"id": "UNEW", "profile": {"real_name": "Ny Nilsson"}, "locale": "en-US"},
        "UGONE": {"id": "UGONE", "deleted": True},
    }
    sync(town)
    assert (person(town, "UNEW").name, person(town, "UNEW").language) == ("Ny Nilsson", "en")
    assert person(town, "UGONE") is None


def test_the_language_is_her_own_choice_after_the_first_time(town):
    anna = town.anna.id
    with town.db.transaction() as session:
        session.get_one(Person, anna).language = "en"
    sync(town)
    assert person(town, town.anna.user).language == "en"


def test_an_account_that_ends_and_comes_back(town):
    town.anna.writes("Låset i 12 blinkar rött")
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    town.slack.users[town.bo.user]["deleted"] = True
    sync(town)
    assert person(town, town.bo.user).deactivated_at is not None
    with town.db.snapshot() as session:
        assert tickets.get(session, 1).state is State.OPEN
    town.slack.users[town.bo.user]["deleted"] = False
    sync(town)
    assert person(town, town.bo.user).deactivated_at is None


def test_the_list_is_read_to_its_end(town, monkeypatch):
    pages = {"": (["UA", "UB1"], "2"), "2": (["UC"], "3"), "3": (["UD"], "")}

    def paged(cursor: str = "", **_: Any) -> dict[str, Any]:
        ids, more = pages[cursor]
        return {"ok": True, "members": [{"id": i} for i in ids], "response_metadata": {"next_cursor": more}}

    monkeypatch.setattr(town.slack, "users_list", paged)
    assert sync(town) == 4
    assert all(person(town, user) for user in ("UA", "UB1", "UC", "UD"))


# ---- strangers -----------------------------------------------------------------------------------------------------------


def test_a_stranger_who_wrote_is_asked_about_once(town):
    town.event(
        {
            "type": "message",
            "user": "UNEW",
            "text": "Hej!",
            "channel": "DNEW",
            "channel_type": "im",
            "ts": town.slack.ts(),
        }
    )
    town.slack.users["UNEW"] = {
        "id": "UNEW",
        "profile": {"real_name": "Ny Nilsson", "email": "lennart.lund@lovkoping.example"},
    }
    assert person(town, "UNEW").name == ""
    assert complete(town) == 1
    assert person(town, "UNEW").email == "lennart.lund@lovkoping.example"
    assert everybody(town) == 15  # Lennart, whom the sheets knew without an account
    assert complete(town) == 0


def test_her_question_is_still_hers_once_we_know_who_she_is(town):
    town.event(
        {
            "type": "message",
            "user": "UNEW",
            "text": "Låset i 12 blinkar rött",
            "channel": "DNEW",
            "channel_type": "im",
            "ts": town.slack.ts(),
        }
    )
    town.slack.users["UNEW"] = {
        "id": "UNEW",
        "profile": {"real_name": "Lennart Lund", "email": "lennart.lund@lovkoping.example"},
    }
    complete(town)
    with town.db.snapshot() as session:
        lennart = session.exec(select(Person).where(Person.email == "lennart.lund@lovkoping.example")).one()
        assert [t.id for t in tickets.alive_of(session, lennart.pk)] == [1]
        assert lennart.chat_channel_id == "DNEW"


def test_her_question_finds_the_people_of_her_unit_by_itself(town):
    """At a first start somebody may ask before the list of people has been read to her name."""
    said = {"text": "Låset i 12 blinkar rött", "channel": "DNEW", "channel_type": "im", "ts": town.slack.ts()}
    town.event({"type": "message", "user": "UNEW", **said})
    town.slack.users["UNEW"] = {
        "id": "UNEW",
        "profile": {"real_name": "Lennart Lund", "email": "lennart.lund@lovkoping.example"},
    }
    with town.db.snapshot() as session:
        assert (tickets.get(session, 1).unit_id, tickets.candidates(session, 1)) == (None, [])
    complete(town)
    with town.db.snapshot() as session:
        assert tickets.get(session, 1).unit_id is not None
        assert town.bo.id in [c.person_id for c in tickets.candidates(session, 1)]


def test_one_whom_slack_does_not_show_keeps_nobody_else_waiting(town):
    for user in ("UHIDDEN", "UNEW"):
        town.event(
            {
                "type": "message",
                "user": user,
                "text": "Hej!",
                "channel": f"D{user}",
                "channel_type": "im",
                "ts": town.slack.ts(),
            }
        )
    town.slack.users["UNEW"] = {"id": "UNEW", "profile": {"real_name": "Ny Nilsson"}}
    town.slack.fail = lambda method, args: "user_not_found" if args.get("user") == "UHIDDEN" else None
    complete(town)
    assert person(town, "UNEW").name == "Ny Nilsson"
    assert complete(town) == 0  # and she is not asked about every second


def test_when_slack_is_busy_it_is_asked_again(town):
    town.event(
        {
            "type": "message",
            "user": "UNEW",
            "text": "Hej!",
            "channel": "DNEW",
            "channel_type": "im",
            "ts": town.slack.ts(),
        }
    )
    town.slack.users["UNEW"] = {"id": "UNEW", "profile": {"real_name": "Ny Nilsson"}}
    town.slack.fail = lambda method, args: "ratelimited"
    with pytest.raises(SlackApiError):
        complete(town)
    town.slack.fail = lambda method, args: None
    assert complete(town) == 1


def test_many_strangers_are_asked_about_a_few_at_a_time(town):
    for number in range(5):
        town.event(
            {
                "type": "message",
                "user": f"U{number}",
                "text": "Hej!",
                "channel": f"D{number}",
                "channel_type": "im",
                "ts": town.slack.ts(),
            }
        )
        town.slack.users[f"U{number}"] = {"id": f"U{number}", "profile": {"real_name": f"P{number}"}}
    assert [complete(town, limit=2) for _ in range(4)] == [2, 2, 1, 0]


# ---- do not disturb ----------------------------------------------------------------------------------------------------------


def quiet(town, **status: Any) -> Any:
    town.slack.dnd_teamInfo = lambda users, **_: {"ok": True, "users": {town.bo.user: status}}
    directory.listen_for_quiet(WebClient(token="x"), town.desk)
    return person(town, town.bo.user).quiet_until


def test_the_end_of_quiet_is_stored_and_taken_away_again(town):
    now, hour = int(town.time.timestamp()), 3600
    running = {"dnd_enabled": True, "next_dnd_start_ts": now - hour, "next_dnd_end_ts": now + hour}
    assert quiet(town, **running) == town.time + timedelta(hours=1)
    assert quiet(town, **(running | {"dnd_enabled": False})) is None
    assert quiet(town, dnd_enabled=True, next_dnd_start_ts=now + hour, next_dnd_end_ts=now + 9 * hour) is None
    assert quiet(town, **running) is not None
    assert quiet(town) is None


def test_helpers_are_asked_about_fifty_at_a_time(town):
    asked: list[int] = []
    with town.db.transaction() as session:
        for number in range(120):
            new = Person(chat_user_id=f"UX{number}", name="x")
            session.add(new)
            session.flush()
            session.add(
                people.Appointment(
                    person_id=new.pk, role=people.Role.EXPERT_USER, unit_id=1, starts_on=town.time.date()
                )
            )
    town.slack.dnd_teamInfo = lambda users, **_: asked.append(len(users.split(","))) or {"ok": True, "users": {}}
    directory.listen_for_quiet(WebClient(token="x"), town.desk)
    assert sorted(asked, reverse=True)[:2] == [50, 50]
    assert max(asked) == 50
    assert sum(asked) >= 120
