"""`supportstuga backup`, `restore`, `erasure-log` and `erase-anew`: what is said about them. How it is done:
models/backups.py, models/erasure_file.py.
"""

from pathlib import Path

from bot import app
from bot.voice import Voice
from models import audit, backups, erasure_file
from models.db import Database

DONE, SAID = 0, 1


def keep(url: str, out: Path, voice: Voice) -> int:
    try:
        backups.keep(url, out)
    except FileExistsError:
        voice.complain("cli.backup.exists", path=out)
        return SAID
    except OSError:
        voice.complain("cli.export.not_written", path=out)
        return SAID
    voice.say("cli.backup.kept", path=out)
    return DONE


def keep_log(db: Database, file: Path, voice: Voice) -> int:
    """What has been erased, apart from the database."""
    try:
        log = erasure_file.keep(db, file, now=app.wall_clock())
    except OSError:
        voice.complain("cli.export.not_written", path=file)
        return SAID
    voice.say("cli.erasures.kept", path=file, n=len(log.erasures))
    return DONE


def erase_anew(db: Database, file: Path, voice: Voice) -> int:
    """On a database that an older copy was put back into, with the bot stopped. Twice is once."""
    now, log = app.wall_clock(), erasure_file.read(file)
    with db.transaction() as session:
        again = erasure_file.carry_out(session, log, now=now)
        audit.note(session, "restored", by=None, now=now)
    db.fold()
    voice.say("cli.erasures.anew", n=again)
    return DONE


def restore(url: str, backup: Path, logs: list[Path], voice: Voice, *, without_log: bool) -> int:
    """The bot must be stopped. Answers what was done, and where the database lies that was replaced."""
    now = app.wall_clock()
    done = backups.restore(url, backup, logs, without_log=without_log, now=now)
    db = Database(url)
    with db.transaction() as session:
        audit.note(session, "restored", by=None, now=now)
    db.close()
    voice.say("cli.backup.restored", path=backup, again=done.again)
    if done.aside is not None:
        voice.say("cli.backup.aside", path=done.aside)
    return DONE
