"""`supportstuga move-database --to ADDRESS`: from the SQLite file of the settings to an empty PostgreSQL, once."""

from bot.voice import Voice
from models import migrations, moving
from models.db import Database
from models.errors import Refused
from models.migrations import Schema


class CannotMove(Refused):
    """`key` says which of the two is in the way, and how."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


def move(source: str, target: str, voice: Voice) -> int:
    """Says what stands in both afterwards, a table a line. The file is left as it was."""
    if not source.startswith("sqlite:") or not target.startswith("postgresql"):
        raise CannotMove("cli.move.not_these")
    if not migrations.is_current(source):
        raise CannotMove(f"check.database.{migrations.state(source)}")
    state = migrations.state(target)
    if state in (Schema.UNREACHABLE, Schema.UNKNOWN):
        raise CannotMove(f"cli.move.target_{state}")
    migrations.upgrade(target)
    _carry(Database(source), Database(target), voice)
    return 0


def _carry(here: Database, there: Database, voice: Voice) -> None:
    try:
        carried = moving.carry(here, there)
    finally:
        here.close()
        there.close()
    for each in carried:
        voice.write(f"{each.table:24}{each.rows:>9}  {each.checksum}")
    voice.say("cli.move.done", n=sum(each.rows for each in carried))
