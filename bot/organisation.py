"""`supportstuga import` and `supportstuga export`: what would change is shown before it does, every fault at once.

Fit for a nightly run: exit codes, a report, a flag instead of the question. Not here: the rules (models/importing).
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from bot import app, check
from bot.voice import Voice
from models import audit, book, clock, exporting, importing, layout, stuga
from models import settings as kept
from models.book import Fault
from models.db import Database
from models.errors import Refused
from models.importing import Changes, Faulty, Plan

DONE, SAID = 0, 1
NAMED = 5  # of what ends, the first few
WIDTH = 24


@dataclass(frozen=True)
class Wishes:
    """What was asked for beside the file."""

    only_look: bool = False
    unasked: bool = False
    many_endings: bool = False


@dataclass(frozen=True)
class Noted(Voice):
    """Speaks, and remembers it for the report."""

    lines: list[str] = field(default_factory=list)

    def write(self, text: str) -> None:
        self.lines.append(text)
        super().write(text)

    def grumble(self, text: str) -> None:
        self.lines.append(text)
        super().grumble(text)


class Bar:
    """How far it has come, on a terminal only."""

    def __init__(self, steps: int, stream: TextIO) -> None:
        self.steps, self.done = steps, 0
        self.stream = stream if stream.isatty() else None

    def __call__(self, sheet: str) -> None:
        self.done = min(self.done + 1, self.steps)
        full = WIDTH * self.done // self.steps
        self._draw(f"[{'#' * full}{'.' * (WIDTH - full)}] {100 * self.done // self.steps} % {sheet}")

    def gone(self) -> None:
        self._draw("")

    def _draw(self, text: str) -> None:
        if self.stream is not None:
            self.stream.write(f"\r{text:<60}" + ("" if text else "\r"))
            self.stream.flush()


@contextmanager
def _progress() -> Iterator[Bar]:
    bar = Bar(2 * len(layout.SHEETS), sys.stderr)
    try:
        yield bar
    finally:
        bar.gone()


# ---- import ----------------------------------------------------------------------------------------------------


def bring_in(path: Path, wishes: Wishes, report: Path | None, find: Callable[[], Database], voice: Voice) -> int:
    """0: it stands as the file says. 1: it does not, and why was said. The report says what was said."""
    noted = Noted(voice.language)
    now = app.wall_clock()
    try:
        return _bring_in(path, wishes, find, noted)
    except Faulty as faulty:
        for fault in faulty.faults:
            noted.grumble(_sentence(fault, noted))
        noted.complain("cli.import.nothing")
    except Refused as no:
        noted.complain(no.key, **no.about)
    finally:
        if report is not None:
            heading = f"supportstuga import {path} {clock.local(now):%Y-%m-%d %H:%M}"
            _write_report(report, [heading, *noted.lines, ""], voice)
    return SAID


def _write_report(report: Path, lines: list[str], voice: Voice) -> None:
    try:
        report.write_text("\n".join(lines), encoding="utf-8")
    except OSError:
        voice.complain("cli.export.not_written", path=report)


def _bring_in(path: Path, wishes: Wishes, find: Callable[[], Database], voice: Voice) -> int:
    if not path.exists():
        voice.complain("cli.import.no_path", path=path)
        return SAID
    db, now = find(), app.wall_clock()
    with _progress() as bar:
        read = book.read(path, layout.SHEETS, tell=bar)
        with db.snapshot() as session:
            found = importing.plan(session, read, now=now, tell=bar)
    _show(found, voice)
    if not wishes.many_endings:
        importing.refuse_many_endings(found)
    if found.any and not wishes.only_look:
        if not (wishes.unasked or _agreed(voice)):
            voice.complain("cli.import.not_agreed")
            return SAID
        _carry_out(db, read, found, wishes)
    voice.say(_outcome(found, wishes))
    if not wishes.only_look:
        _gaps(db, voice)
    return DONE


def _carry_out(db: Database, read: book.Book, found: Plan, wishes: Wishes) -> None:
    """As it was shown, or planned anew in the transaction that writes if something has changed meanwhile."""
    now = app.wall_clock()
    with db.transaction() as session:
        if not importing.still_holds(session, found, now=now):
            found = importing.plan(session, read, now=now)
            if not wishes.many_endings:
                importing.refuse_many_endings(found)
        importing.carry_out(session, found, now=now)
        stuga.keep_calendar(session, now=now)
        about = {name: _counts(changes) for name, changes in found.sheets.items() if changes.any}
        audit.note(session, "import", by=None, now=now, about=str(about))


def _counts(changes: Changes) -> str:
    return f"+{len(changes.created)} ~{len(changes.changed)} -{len(changes.ended)}"


def _outcome(found: Plan, wishes: Wishes) -> str:
    if not found.any:
        return "cli.import.same"
    return "cli.import.only_looked" if wishes.only_look else "cli.import.done"


def _agreed(voice: Voice) -> bool:
    """Nobody is asked where nobody sits."""
    if not sys.stdin.isatty():
        return False
    voice.say("cli.import.ask")
    return sys.stdin.readline().strip().casefold() in ("j", "ja", "y", "yes")


def _show(found: Plan, voice: Voice) -> None:
    """What would change, sheet by sheet; of what would end, which."""
    for name, changes in found.sheets.items():
        key = "cli.import.changes" if changes.any else "cli.import.unchanged"
        new, other, ended = len(changes.created), len(changes.changed), len(changes.ended)
        voice.say(key, sheet=name, rows=changes.rows, new=new, changed=other, ended=ended)
        for stored in changes.ended[:NAMED]:
            what = exporting.key_of(layout.SHEETS[name], stored.row)
            voice.write("    " + voice("cli.import.ends", row=" · ".join(filter(None, what))))
        if ended > NAMED:
            voice.write("    …")
    for title in found.unused:
        voice.say("cli.import.unused", sheet=title)


def _gaps(db: Database, voice: Voice) -> None:
    with db.snapshot() as session:
        for finding in check.organisation(session):
            voice.report(finding)


def _sentence(fault: Fault, voice: Voice) -> str:
    """`people, rad 3, email: …`; a cell, a row or a whole sheet."""
    expected = _expected(fault, voice)
    if not fault.row:
        return voice("cli.import.fault_in_sheet", sheet=fault.sheet, expected=expected)
    if not fault.column:
        return voice("cli.import.fault_in_row", sheet=fault.sheet, row=fault.row, expected=expected)
    return voice("cli.import.fault", sheet=fault.sheet, row=fault.row, column=fault.column, expected=expected)


def _expected(fault: Fault, voice: Voice) -> str:
    """What ought to stand there. `known unit`: a thing that exists; `a|b`: one of these."""
    if "|" in fault.expected:
        return voice("cli.import.one_of", values=fault.expected.replace("|", ", "))
    if fault.expected in kept.SHAPES:
        return voice("cli.import.shape", shape=voice(f"cli.shape.{fault.expected}"))
    return voice(f"cli.import.expected.{fault.expected.replace(' ', '_')}", about=fault.about)


# ---- export -----------------------------------------------------------------------------------------------------


def put_out(path: Path, db: Database, voice: Voice) -> int:
    """The import's sheets with what holds now; from an empty database the template."""
    if not _may_be_written(path):
        voice.complain("cli.export.where", path=path)
        return SAID
    with db.snapshot() as session:
        sheets = exporting.export(session, now=app.wall_clock())
    try:
        book.write(path, sheets)
    except OSError:
        voice.complain("cli.export.not_written", path=path)
        return SAID
    voice.say("cli.export.done", path=path, rows=sum(len(sheet.rows) for sheet in sheets.values()))
    return DONE


def _may_be_written(path: Path) -> bool:
    """A workbook by its name, a folder that is there, or a new one: nothing else is replaced by mistake."""
    if path.suffix.casefold() == ".xlsx":
        return not path.is_dir()
    return path.is_dir() or not (path.suffix or path.exists())
