"""Data protection at the command line: disposal, holds, one person's copy and her erasure. Each leaves an audit row.

Not here: what goes and when (models/disposal, models/erasing); backups (backup.py).
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path

from bot import app
from bot.voice import Voice
from handlers import disposal as clockwork
from handlers.desk import Desk
from models import audit, clock, disposal, erasing, holds, privacy
from models.db import Database, Session, key
from models.disposal import Done
from models.errors import Refused
from models.people import Person

DONE, SAID = 0, 1


class NobodyKnown(Refused):
    key = "cli.person.unknown"


class NoSuchQuestion(Refused):
    key = "cli.hold.which"


# ---- disposal ------------------------------------------------------------------------------------------------------


def dispose(db: Database, voice: Voice, *, only_look: bool) -> int:
    """What would go, or what has gone, by the log."""
    now = app.wall_clock()
    if only_look:
        with db.snapshot() as session:
            _show(disposal.would_go(session, now=now), voice)
        voice.say("cli.dispose.only_looked")
        return DONE
    _show(clockwork.dispose(Desk(db, app.wall_clock, lambda: None), f"{clock.local(now):%Y-%m-%d %H:%M:%S}"), voice)
    with db.transaction() as session:
        audit.note(session, "disposal", by=None, now=now)
    return DONE


def _show(found: Sequence[Done], voice: Voice) -> None:
    for done in found:
        voice.say("cli.dispose.line", what=voice(f"cli.dispose.step.{done.step}"), number=done.number, held=done.held)
    if not found:
        voice.say("cli.dispose.nothing")


# ---- holds ---------------------------------------------------------------------------------------------------------


def hold(db: Database, what: str, until: date, voice: Voice) -> int:
    """`what` is F-123, or `all`. Until the end of that day."""
    ticket_id, now = _question(what), app.wall_clock()
    ends = datetime.combine(until, time.max, clock.STOCKHOLM)
    with db.transaction() as session:
        fresh = holds.put(session, ticket_id, until=ends, now=now)
        audit.note(session, "hold.put", by=None, now=now, about=f"{what} {until}")
    voice.say("cli.hold.put", number=fresh.pk, what=what, until=until)
    return DONE


def _question(what: str) -> int | None:
    if what.casefold() == "all":
        return None
    number = key(what.casefold().removeprefix("f-"))
    if number is None:
        raise NoSuchQuestion(what=what)
    return number


def release(db: Database, number: int, voice: Voice) -> int:
    now = app.wall_clock()
    with db.transaction() as session:
        holds.release(session, number, now=now)
        audit.note(session, "hold.released", by=None, now=now, about=str(number))
    voice.say("cli.hold.released", number=number)
    return DONE


def list_holds(db: Database, voice: Voice) -> int:
    with db.snapshot() as session:
        found = holds.in_force(session, now=app.wall_clock())
    for each in found:
        what = f"F-{each.ticket_id}" if each.ticket_id is not None else "all"
        voice.say("cli.hold.line", number=each.pk, what=what, until=clock.local(each.until_at).date())
    if not found:
        voice.say("cli.hold.none")
    return DONE


# ---- one person ----------------------------------------------------------------------------------------------------


def export(db: Database, email: str, out: Path, voice: Voice) -> int:
    """A copy of what leads to her, and why it is there. The audit says that it was made, and never her name."""
    now = app.wall_clock()
    with db.transaction() as session:
        person = _known(session, email)
        rows = erasing.copy(session, person)
        audit.note(session, "person.exported", by=None, now=now, about=str(person.pk))
    told = {name: {"why": _why(name, found), "rows": found} for name, found in rows.items()}
    try:
        out.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError:
        voice.complain("cli.export.not_written", path=out)
        return SAID
    voice.say("cli.person.exported", path=out, rows=sum(len(found) for found in rows.values()))
    return DONE


def _why(table: str, rows: Sequence[dict[str, str]]) -> dict[str, str]:
    there = {name for row in rows for name in row}
    return {name: column.why for name, column in privacy.DECLARED[table].items() if name in there}


def erase(db: Database, email: str, voice: Voice, *, agreed: bool) -> int:
    """It cannot be undone: without --yes it says how much there is, and stops."""
    now = app.wall_clock()
    if not agreed:
        with db.snapshot() as session:
            rows = erasing.copy(session, _known(session, email))
        voice.complain("cli.person.sure", rows=sum(len(found) for found in rows.values()))
        return SAID
    with db.transaction() as session:
        person = _known(session, email)
        gone = erasing.erase(session, person, now=now)
        audit.note(session, "person.erased", by=None, now=now, about=str(person.pk))
    voice.say("cli.person.erased", **asdict(gone))
    if db.fold():
        return DONE
    voice.complain("cli.person.not_folded")
    return SAID


def _known(session: Session, email: str) -> Person:
    found = erasing.known_as(session, email)
    if found is None:
        raise NobodyKnown(email=email)
    return found
