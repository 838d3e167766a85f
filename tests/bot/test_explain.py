"""`supportstuga explain`: the account in words and as JSON, and a database that is as it was."""

import hashlib
import json
from pathlib import Path

import pytest
from sqlmodel import select

from models import importing
from models.db import Database
from models.people import Person
from tests.bot.terminal import Said, type_in
from tests.town import DEMO, MONDAY

LOCK = "explain låset piper rött --unit bjorken --at 2026-11-23T10:00"


@pytest.fixture
def furnished(migrated: Path) -> Database:
    """The demo's municipality with the usual hours; everybody has an account."""
    db = Database(f"sqlite:///{migrated}")
    with db.transaction() as session:
        importing.from_folder(session, DEMO, now=MONDAY)
        for person in session.exec(select(Person)):
            person.chat_user_id = f"U{person.id}"
    return db


@pytest.mark.usefixtures("furnished")
def test_step_by_step_in_swedish(capsys: Said) -> None:
    type_in("settings reset hours.object_specialist", capsys)
    code, out, err = type_in(LOCK, capsys)
    assert (code, err) == (0, "")
    assert out.splitlines()[:9] == [
        "Text: låset piper rött",
        "Från Björken, 2026-11-23 kl. 10.00.",
        "Vi läser: Digitala lås (nyckelfri hemtjänst), fel, kanske akut.",
        "Väntar någon nu: ring 08-465 004 10.",
        "1. Steget kl. 10.00",
        "   expertanvändarna på enheten:",
        "      Bo Berg: tillfrågas, är nog på jobbet",
        "      Gun Grahn: tillfrågas, är nog på jobbet",
        "   Har ingen tagit frågan kl. 10.20, går den vidare.",
    ]
    assert "objektspecialist för verktyget i avdelningen:\n      Cia Ceder: tillfrågas" in out
    assert "Ingen ny är på plats. Nästa försök" in out


@pytest.mark.usefixtures("furnished")
def test_in_english(capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_LANGUAGE", "en")
    out = type_in(LOCK, capsys)[1]
    assert "Bo Berg: is asked, is probably at work" in out
    assert "If nobody has taken it at 10:20, it goes on." in out


@pytest.mark.usefixtures("furnished")
def test_at_night_it_says_who_is_not_there_and_until_when(capsys: Said) -> None:
    type_in("settings reset hours.expert_user", capsys)
    type_in("settings reset hours.object_specialist", capsys)
    type_in("settings reset hours.coordinator", capsys)
    out = type_in(LOCK.replace("10:00", "03:00"), capsys)[1]
    assert "Bo Berg: är inte på jobbet förrän kl. 07.00" in out
    assert "Ingen är på plats. Nästa försök kl. 07.00." in out


@pytest.mark.usefixtures("furnished")
def test_as_data(capsys: Said) -> None:
    first, second = (type_in(f"{LOCK} --json", capsys)[1] for _ in range(2))
    assert first == second
    found = json.loads(first)
    assert (found["tool"], found["unit"], found["at"]) == ("digital_lock", "bjorken", "2026-11-23T10:00:00+01:00")
    step = found["steps"][0]
    assert (step["asked_on"], step["next_at"]) == ("unit_expert", "2026-11-23T10:20:00+01:00")
    assert [person["email"] for person in step["rungs"]["unit_expert"] if person["asked"]] == [
        "bo.berg@lovkoping.example",
        "gun.grahn@lovkoping.example",
    ]


@pytest.mark.usefixtures("furnished")
def test_what_is_not_ours_and_what_must_not_be_said(capsys: Said) -> None:
    out = type_in("explain jag har glömt mitt lösenord, 19121212-1212 --unit bjorken", capsys)[1]
    assert "Inte vår fråga. IT-servicedesk hjälper med lösenord." in out
    assert "1212" not in out.replace("2026", "")


@pytest.mark.usefixtures("furnished")
def test_a_unit_that_is_off(capsys: Said) -> None:
    out = type_in("explain låset piper --unit linden", capsys)[1]
    assert "Enheten är inte i gång. Ingen tillfrågas." in out


@pytest.mark.usefixtures("furnished")
@pytest.mark.parametrize(
    ("line", "code", "answer"),
    [
        ("explain x --unit björken", 1, "Menade du bjorken?"),
        ("explain x --unit zzz", 1, "Enheten zzz finns inte."),
        ("explain x", 2, "Vi förstår inte"),
        ("explain x --unit bjorken --at tisdag", 2, "Vi förstår inte"),
        ("explain x --unit bjorken --tool hammare", 1, "Verktyget hammare finns inte. De som finns: ai_support"),
    ],
)
def test_what_cannot_be_meant(capsys: Said, line: str, code: int, answer: str) -> None:
    said = type_in(line, capsys)
    assert said[0] == code
    assert answer in said[2]


def test_the_database_is_as_it_was(furnished: Database, migrated: Path, capsys: Said) -> None:
    """To the byte: nothing is even tried."""
    furnished.close()
    files = sorted(migrated.parent.glob("supportstuga.db*"))
    before = {file.name: hashlib.sha256(file.read_bytes()).digest() for file in files if not file.name.endswith("-shm")}
    for line in (LOCK, f"{LOCK} --json", "explain jag har glömt mitt lösenord --unit eken"):
        assert type_in(line, capsys)[0] == 0
    left = {name: hashlib.sha256((migrated.parent / name).read_bytes()).digest() for name in before}
    assert left == before
