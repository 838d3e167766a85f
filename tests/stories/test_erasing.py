"""One person asks for a copy of what there is about her, and has it erased: text, name and face, also in Slack."""

import json

import pytest
from sqlmodel import SQLModel, select

from bot import cli, commands
from models import erasure_log, people, tickets
from models.lines import Line
from models.people import Person
from models.privacy import DECLARED
from models.tickets import Event, State, Ticket
from tests import slack as fake
from tests.stories.test_clearing import SLIP, asked_and_answered, in_bot_messages, in_files

BO_SAID = "Prova att trycka på stjärnan"


def by_the_bot(town) -> str:
    """All of it, with the names above the messages."""
    everywhere = [m for messages in town.slack.messages.values() for m in messages if m["user"] == fake.BOT]
    return json.dumps(everywhere, ensure_ascii=False)


def says(monkeypatch, town, capsys, *words) -> tuple[int, str]:
    monkeypatch.setenv("DATABASE_URL", town.db.url)
    monkeypatch.setattr(commands, "_database", lambda: town.db)
    monkeypatch.setattr("bot.app.wall_clock", lambda: town.time)
    code = cli.main([*words])
    return code, "".join(capsys.readouterr())


def in_database(town, words=SLIP) -> list[str]:
    """In the very bytes of SQLite's files; on PostgreSQL, which rewrites its own in its time, in the rows."""
    if town.db.engine.dialect.name == "sqlite":
        return in_files(town, words)
    with town.db.snapshot() as session:
        rows = {table.name: str(session.connection().execute(table.select()).all()) for table in SQLModel.metadata.sorted_tables}
    return [name for name, told in rows.items() if words in told]


@pytest.mark.slow
@pytest.mark.both
def test_an_asker_and_then_her_helper_are_erased(town, tmp_path, capsys, monkeypatch):
    asked_and_answered(town)
    town.bo.writes(BO_SAID, under=town.bo.got[0])
    town.bo.presses("Löst", on=town.bo.got[0])
    town.later(minutes=5)
    town.anna.presses("Ja, det löste sig")
    town.later(minutes=15)
    town.anna.writes("Skrivaren på kontoret har gått sönder")
    town.later(seconds=30)
    out = tmp_path / "anna.json"
    assert says(monkeypatch, town, capsys, "export-person", town.anna.email, "--out", str(out))[0] == 0
    copy = json.loads(out.read_text(encoding="utf-8"))
    assert copy["person"]["rows"][0]["email"] == town.anna.email
    assert SLIP in json.dumps(copy["line"], ensure_ascii=False)
    assert copy["line"]["why"]["text"] == DECLARED["line"]["text"].why

    # Nothing without --yes; nothing while somebody waits for the record.
    code, said = says(monkeypatch, town, capsys, "erase-person", town.anna.email)
    assert (code, "--yes" in said) == (1, True)
    says(monkeypatch, town, capsys, "hold", "F-1", "--until", "2027-01-31")
    code, said = says(monkeypatch, town, capsys, "erase-person", town.anna.email, "--yes")
    assert (code, "stopp 1" in said) == (1, True)
    assert in_database(town)
    assert in_database(town, town.anna.email)
    assert says(monkeypatch, town, capsys, "hold", "--release", "1")[0] == 0
    asker = town.anna.id
    with town.db.snapshot() as session:
        name = session.get(Person, asker).name
    assert name in by_the_bot(town)
    code, said = says(monkeypatch, town, capsys, "erase-person", town.anna.email, "--yes")
    assert code == 0, said
    if town.db.engine.dialect.name == "sqlite":
        assert not any(SLIP.encode() in file.read_bytes() for file in town.file.parent.glob("town.db*")), "while it is open"
    town.later(minutes=1)
    assert in_bot_messages(town) == [place for words in (SLIP, name, town.anna.email) for place in in_database(town, words)] == []
    assert [m for m in town.slack.messages[town.anna.channel] if m["user"] == fake.BOT] == [], "her screen is empty"
    assert name not in by_the_bot(town)
    with town.db.snapshot() as session:
        first, second = session.exec(select(Ticket).order_by(Ticket.id)).all()
        assert (first.asker_id, second.asker_id) == (asker, asker), "counts stay"
        assert (second.state, second.reason) == (State.CLOSED, "withdrawn")
        assert {line.text for line in session.exec(select(Line))} == {""}
        assert not people.is_helper(session, session.get(Person, asker), on=town.time.date())
        (entry,) = [each for each in erasure_log.entries(session) if each.what is erasure_log.What.PERSON]
        assert (entry.row_id, town.anna.user in str(entry.model_dump())) == (asker, False)

    # She who helped: her words leave the asker's screen too, with her name and face above them.
    town.disa.writes("Låset i 12 blinkar rött")
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    town.bo.writes(BO_SAID, under=town.bo.got[-1])
    assert BO_SAID in town.disa.phone
    helper = town.bo.id
    with town.db.snapshot() as session:
        hers = session.get(Person, helper).name
    assert says(monkeypatch, town, capsys, "erase-person", town.bo.user, "--yes")[0] == 0
    town.later(minutes=1)
    assert in_database(town, BO_SAID) == in_database(town, hers) == in_bot_messages(town, BO_SAID) == []
    assert hers not in by_the_bot(town)
    with town.db.snapshot() as session:
        third = session.exec(select(Ticket).order_by(Ticket.id.desc())).first()
        assert third.owner_id != helper, "somebody else has it, or is asked"
        assert Event.WENT_HOME in {row.event for row in tickets.history(session, third.pk)}
