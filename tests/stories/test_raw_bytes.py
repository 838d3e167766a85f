"""A day full of secrets, typed in every way there is: not one byte of them is in anything that the process wrote.

Slack itself (here: the fake) keeps what people typed; the bot's own messages, files, logs and printed words must not.
"""

import contextlib
import io
import json
import logging

import pytest

from bot import cli, logs
from models import exporting
from models.db import Database
from tests import slack as fake
from tests.places import breaks, mends

SECRETS = {
    "number": "811218-9876", "coordination": "811278-9873", "phone": "070-174 06 12", "mail": "maj.berg@example.com",
    "street": "Kornblomsgatan 14", "code": "koden är 8341", "name": "brukaren Ingegerd Lindqvist", "flat": "lgh 1203",
}  # fmt: skip
# Long enough that no number of ours, time or mark can hold one by chance.
NEEDLES = ("811218-9876", "8112189876", "811278-9873", "174 06 12", "0701740612", "maj.berg", "Kornbloms", "är 8341", "Ingegerd",
           "Lindqvist", "lgh 1203")  # fmt: skip
ALL = ", ".join(SECRETS.values())


class Ways:
    """Each adds a mark of its own, so that what came through can be told."""

    def __init__(self, town) -> None:
        self.town, self.anna, self.bo = town, town.anna, town.bo

    def all(self) -> None:
        self.message_and_edit()
        self.helpers_talk()
        self.forms_and_doors()
        self.a_fault()

    def message_and_edit(self) -> None:
        self.asked = self.anna.writes(f"Det digitala låset piper rött och Phoniro låser inte upp dörren, {ALL}")
        self.town.later(seconds=25)
        self.anna.edits({**self.asked, "edited": {"user": self.anna.user, "ts": self.town.slack.ts()}}, f"Det digitala låset blinkar och Phoniro låser inte upp dörren, {ALL}")
        self.anna.writes(f"och dessutom {ALL}", under=self.anna.got[0])

    def helpers_talk(self) -> None:
        self.bo.writes(f"Menar du {ALL}?", under=self.bo.got[0])
        self.town.gun.writes(f"Jag tror {ALL}", under=self.town.gun.got[0])  # kept back: she has not got it
        self.bo.picks("Intern anteckning")
        self.bo.submits(word=ALL)
        self.bo.taps_in_modal("Ta bort åt mig", word=ALL)
        self.bo.picks("Till IT eller leverantör")
        self.bo.submits(text=ALL)
        self.bo.presses("Tillbaka till mig", on=self.bo.got[0])

    def forms_and_doors(self) -> None:
        self.town.later(minutes=11)
        self.anna.command("/fraga", f"skrivaren skriver inte ut, {ALL}")
        self.anna.shortcut("ask.this", message=f"skrivaren igen {ALL}")
        self.anna.submits()
        self.anna.opens_home()
        self.anna.presses("Ställ en fråga")
        self.anna.submits(what=f"Plattan är död, {ALL}")
        self.anna.taps_in_modal("Ta bort åt mig", what=f"Plattan är död, {ALL}")
        self.anna.submits(what="Plattan är död")
        self.town.event({"type": "app_mention", "user": self.anna.user, "text": f"<@{fake.BOT}> låset {ALL}", "channel": "C1", "ts": self.town.slack.ts()})
        self.town.later(minutes=11)

    def a_fault(self) -> None:
        breaks(self.town.db, "line")
        self.anna.writes(f"Allt är nere {ALL}")
        mends(self.town.db)


def printed(town, capsys, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the commands say that read people's words, or the database."""
    monkeypatch.setenv("DATABASE_URL", town.db.url)
    said = ""
    for line in (f"explain --unit bjorken Låset piper {ALL}", "gaps", "check"):
        with contextlib.suppress(SystemExit):
            cli.main(line.split())
        said += "".join(capsys.readouterr())
    return said


@pytest.mark.sqlite  # it reads the file
def test_no_byte_of_a_secret(town, capsys, monkeypatch):
    log = io.StringIO()
    before = logging.getLogger().handlers[:]
    logs.set_up("DEBUG", log)
    try:
        Ways(town).all()
        words = printed(town, capsys, monkeypatch)
    finally:
        logging.getLogger().handlers[:] = before
    posted = [json.dumps(args, ensure_ascii=False, default=str) for method, args in town.slack.calls if method.startswith("chat.")]
    everything = {"log": log.getvalue(), "printed": words, "messages": "".join(posted)}
    files = sorted(town.file.parent.glob(f"{town.file.name}*"))
    assert any(file.name.endswith("-wal") for file in files), "the journal is read too"
    everything |= {file.name: file.read_bytes().decode("latin-1") for file in files}
    town.db.close()
    everything["folded"] = town.file.read_bytes().decode("latin-1")
    with Database(town.db.url).snapshot() as session:
        everything["export"] = repr(exporting.export(session, now=town.time))
    found = [(where, needle) for where, text in everything.items() for needle in NEEDLES if needle in text]
    assert found == []
    assert "‹personnummer›" in everything["messages"], "the story did reach somebody"
    assert "no room" in everything["log"] or "reference" in everything["log"]
