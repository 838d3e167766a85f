"""Ninety days later: what was said has left the database's bytes and Slack, but for what people wrote there themselves."""

from datetime import timedelta

import pytest

from models import tickets
from models.tickets import State
from tests import slack as fake
from tests.stories.test_clearing import SLIP, asked_and_answered, in_bot_messages, in_files

LOCK = "Låset i 12 blinkar rött"


def tidy(town) -> None:
    next(job for job in town.on.jobs if job.name == "tidy").run(town.desk)
    town.later(minutes=5)


@pytest.mark.slow
@pytest.mark.sqlite  # it reads the file
def test_a_closed_question_goes_and_an_open_one_stays(town):
    written = asked_and_answered(town)
    town.eva.writes("Skrivaren på kontoret krånglar")
    town.anna.presses("Löst, tack", on=town.anna.got[0])
    town.time += timedelta(days=89)
    tidy(town)
    assert in_files(town)
    assert in_bot_messages(town)
    town.time += timedelta(days=2)
    tidy(town)
    assert not any(SLIP.encode() in file.read_bytes() for file in town.file.parent.glob("town.db*")), "also while it is open"
    assert in_bot_messages(town) == in_files(town) == []
    assert in_bot_messages(town, LOCK) == in_files(town, LOCK) == []
    assert [m["user"] for m in town.slack.messages[town.anna.channel]] == [town.anna.user] * 2, "only her own words stand"
    assert "Skrivaren" in town.gun.phone + town.bo.phone + "".join(town.words_of_ticket(2))
    assert fake.words_of(town.eva.got[0])
    town.anna.edits({**written, "edited": {"user": town.anna.user, "ts": town.slack.ts()}}, f"Nej: {SLIP}")
    assert in_bot_messages(town) == in_files(town) == []
    with town.db.snapshot() as session:
        assert tickets.get(session, 1).state is State.CLOSED
