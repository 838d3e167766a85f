"""Rensa: what slipped through goes, from the database's own bytes and from every message of the bot; a trace stays."""

import re

import pytest

from models import settings, tickets
from models.tickets import State
from tests import slack as fake

SLIP = "Hasselblomma syns från lekplatsen"  # what no rule can know


def the_ticket(town, number=1):
    with town.db.snapshot() as session:
        return tickets.get(session, number)


def in_bot_messages(town, words=SLIP):
    """Also what a message says to a screen reader, in every conversation."""
    posted = [m for messages in town.slack.messages.values() for m in messages if m["user"] == fake.BOT]
    return [m for m in posted if words in m.get("text", "") or words in fake.words_of({"blocks": m.get("blocks", [])})]


def in_files(town, words=SLIP):
    """Anywhere in the bytes of the database, its journal folded in."""
    town.db.close()
    return [file.name for file in town.file.parent.glob(f"{town.file.name}*") if words.encode() in file.read_bytes()]


def asked_and_answered(town):
    """A card to Gun, a taken card with a relayed line, a note, a digest, and Bo's quoting answer."""
    message = town.anna.writes(f"Låset i 12 blinkar rött. {SLIP}")
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    town.anna.writes(f"Och en sak till: {SLIP}", under=town.anna.got[0])
    town.bo.picks("Intern anteckning")
    town.bo.submits(word=f"Obs {SLIP}")
    town.bo.writes(f"Är det {SLIP}?", under=town.bo.got[0])
    town.gun.writes(f"Jag vet: {SLIP}", under=town.gun.got[0])
    return message


@pytest.mark.sqlite  # it reads the file
def test_the_asker_clears_a_whole_question(town):
    written = asked_and_answered(town)
    assert len(in_bot_messages(town)) == 3
    assert in_files(town)
    town.anna.picks("Rensa text")
    assert "Det går inte att ångra" in town.anna.modal_words()
    assert in_bot_messages(town), "nothing goes before she has said yes"
    pushes = [list(actor.pushes) for actor in (town.anna, town.bo, town.gun)]
    town.anna.submits(which="all")
    town.later(seconds=2)
    assert in_bot_messages(town) == []
    assert in_files(town) == []
    for actor in (town.anna, town.bo):
        assert re.search(r"Rensat av den som frågade kl\. 10\.0\d\.", actor.phone)
    assert pushes == [actor.pushes for actor in (town.anna, town.bo, town.gun)], "an edit disturbs nobody"
    assert the_ticket(town).state is State.TAKEN, "she still wants help"
    assert the_ticket(town).tool == "digital_lock"

    # Cleared stays cleared, whatever comes of the old message; a new line is a line.
    town.anna.edits({**written, "edited": {"user": town.anna.user, "ts": town.slack.ts()}}, f"Nej: {SLIP}")
    town.event({**written, "channel": town.anna.channel, "channel_type": "im"})
    town.anna.deletes(written)
    assert in_bot_messages(town) == []
    assert the_ticket(town).state is State.TAKEN
    town.anna.writes("Låset blinkar rött", under=town.anna.got[0])
    assert "Låset blinkar rött" in town.bo.phone
    town.bo.presses("Löst", on=town.bo.got[0])
    town.anna.presses("Ja, det löste sig")
    assert in_bot_messages(town) == in_files(town) == []


def test_a_helper_clears_one_line_from_its_message(town):
    asked_and_answered(town)
    relayed = town.bo.message_with("Och en sak till")
    town.gun.shortcut("clear.this", on={**town.gun.got[0]})
    assert "Bo Berg" in town.gun.whispers[-1], "who has not got it may not"
    town.bo.shortcut("clear.this", on=relayed)
    town.bo.submits()
    town.later(seconds=2)
    assert "Rensat av den som hjälper" in fake.words_of(town.bo.message_with("Rensat av den som hjälper"))
    assert "Och en sak till" not in town.bo.phone
    assert "Låset i 12 blinkar rött" in town.bo.phone
    assert "Rensat av den som hjälper" in town.anna.phone
    with town.db.snapshot() as session:
        told = [(row.by_id, row.event, row.note) for row in tickets.history(session, 1) if row.event == "cleared"]
    assert told == [(town.bo.id, "cleared", "2")]


def test_a_digest_and_a_closed_question(town):
    """What a digest quotes goes too; and the words of a question that is over can still be cleared."""
    town.anna.writes(f"Låset i 12 blinkar rött. {SLIP}")
    town.later(seconds=25)
    town.bo.presses("Slutar för dagen", on=_home(town.bo))
    town.gun.presses("Slutar för dagen", on=_home(town.gun))
    town.later(hours=21)
    assert any("väntar på dig" in fake.words_of(m) for m in in_bot_messages(town))
    town.anna.presses("Löst, tack", on=town.anna.got[0])
    assert town.anna.picks("Rensa text") == 200
    town.anna.submits()
    town.later(seconds=2)
    assert in_bot_messages(town) == in_files(town) == []


def _home(actor):
    actor.opens_home()
    return actor.home


def test_words_that_only_their_writer_knows_of(town):
    """Kept back under a question that another has."""
    asked_and_answered(town)
    kept = next(m for m in town.slack.messages[town.gun.channel] if m["user"] == town.gun.user)
    town.gun.shortcut("clear.this", on=kept)
    town.gun.submits()
    assert in_files(town, "Jag vet") == []
    town.later(seconds=2)
    assert "Jag vet" not in town.gun.phone + town.bo.phone + town.anna.phone


def test_a_line_that_waits_to_find_its_question(town):
    for words in ("Låset i 12 blinkar rött", "Skrivaren på kontoret skriver inte ut"):
        town.anna.writes(words)
        town.later(minutes=11)
    waiting = town.anna.writes("Den gröna Hasselblomman krånglar")
    assert "Vilken fråga gäller det?" in town.anna.phone
    town.bo.shortcut("clear.this", on={**waiting, "ts": "1.0"})
    assert town.bo.whispers
    town.anna.shortcut("clear.this", on=waiting)
    town.anna.submits()
    town.later(seconds=2)
    assert in_bot_messages(town, "Den gröna") == in_files(town, "Den gröna") == []


def test_pictures_go_out_of_the_thread(town):
    with town.db.transaction() as session:
        settings.write(session, "files.allowed", "yes", now=town.time)
    town.anna.opens_home()
    town.anna.presses("Ställ en fråga")
    town.anna.submits(what="Låset i 12 blinkar rött", pictures=[town.slack.picture(town.anna.user)], tick=["yes"])
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    there = [m for m in town.slack.messages[town.bo.channel] if m.get("files")]
    assert len(there) == 1
    town.bo.picks("Rensa text")
    town.bo.submits()
    town.later(seconds=2)
    assert not [m for m in town.slack.messages[town.bo.channel] if m.get("files")]
    assert the_ticket(town).picture_ids == []


@pytest.mark.parametrize("who", ["eva", "disa", "cia"])
def test_nobody_else_may(town, who):
    asked_and_answered(town)
    actor = getattr(town, who)
    actor.shortcut("clear.this", on={**town.bo.got[0]})
    assert actor.whispers
    assert actor.user not in town.slack.modals
