"""A backup is put back: what was erased, cleared or deleted since stays gone, and nothing is said twice."""

import pytest

from bot import cli
from models import erasing, erasure_file, migrations, tickets
from models.people import Person
from models.tickets import State
from tests.stories.test_clearing import SLIP, in_bot_messages, in_files

OF_EVA = "Plattan i korridoren vill inte starta"


@pytest.mark.slow
@pytest.mark.sqlite  # it is about the file
@pytest.mark.parametrize("how", ["database", "log"])
def test_no_backup_brings_back_what_was_erased(town, tmp_path, capsys, monkeypatch, how):
    """What was erased since is known from the database that is replaced, or from the log that was kept apart."""
    monkeypatch.setenv("DATABASE_URL", town.db.url)
    with town.db.engine.begin() as connection:  # the test's tables were made without a migration
        connection.exec_driver_sql("create table alembic_version (version_num varchar(32) not null)")
        connection.exec_driver_sql("insert into alembic_version values (?)", (migrations.newest(),))
    copy = tmp_path / "copy.db"
    town.anna.writes(f"Låset i 12 blinkar rött. {SLIP}")
    town.eva.writes(OF_EVA)
    town.later(seconds=30)
    eva = town.eva.id
    assert cli.main(["backup", str(copy)]) == 0
    assert cli.main(["backup", str(copy)]) == 1, "an older copy is not overwritten"
    assert SLIP.encode() in copy.read_bytes()

    late = town.disa.writes(f"Skrivaren krånglar. {SLIP} igen")  # not in the backup
    for actor in (town.anna, town.disa):
        actor.picks("Rensa text")
        actor.submits(which="all")
    with town.db.transaction() as session:
        name = session.get(Person, eva).name
        erasing.erase(session, session.get(Person, eva), now=town.time)
    town.later(minutes=1)
    log = tmp_path / "erasures.json"
    erasure_file.keep(town.db, log, now=town.time)
    said = sum(len(messages) for messages in town.slack.messages.values())

    assert cli.main(["restore", str(copy)]) == 1, "the bot has it open, though it does nothing"
    assert "Stoppa boten" in capsys.readouterr().err
    town.db.close()
    capsys.readouterr()
    if how == "log":  # the disk is lost
        town.file.unlink()
        assert cli.main(["restore", str(copy)]) == 1, "nobody knows what was erased since"
        assert cli.main(["restore", str(copy), "--log", str(copy.with_name("no.json"))]) == 1
        assert not town.file.exists()
        capsys.readouterr()
    assert cli.main(["restore", str(copy), *(["--log", str(log)] if how == "log" else [])]) == 0
    assert "3 raderingar" in capsys.readouterr().out
    for aside in town.file.parent.glob(f"{town.file.name}.before-*"):
        aside.unlink()  # as whoever restores is told
    restored = [town.file, *town.file.parent.glob(f"{town.file.name}-*")]
    assert [f.name for f in restored for words in (SLIP, OF_EVA, name) if words.encode() in f.read_bytes()] == []

    # What was cleared after it was written is not read again from Slack either.
    town.event({**late, "channel": town.disa.channel, "channel_type": "im"})
    town.later(minutes=1)
    with town.db.snapshot() as session:
        assert session.get(Person, eva).name == ""
        assert tickets.get(session, 1).state is State.OPEN
        assert tickets.get(session, 2).state is State.CLOSED
    assert in_bot_messages(town) == in_files(town) == []
    assert sum(len(messages) for messages in town.slack.messages.values()) <= said, "nothing is said twice"
    town.later(minutes=11)
    town.anna.writes("Skrivaren på kontoret skriver inte ut")
    assert town.words_of_ticket(3) == []
    assert town.words_of_ticket(4), "F-3 was somebody else's"
    assert cli.main(["restore", str(tmp_path / "no.db")]) == 1
