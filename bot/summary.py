"""`supportstuga summary`: what a manager reads, printed, as JSON, or as a file for a meeting.

Not here: the lines and who gets them (models/summary), the words (handlers/figures), the counting.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import app, press, units
from bot.voice import Voice
from handlers import figures
from handlers.letters import Sheet
from handlers.words import Words, speak
from models import catalogue, people, settings, summary
from models.db import Database, Session
from models.errors import Refused
from models.summary import ADMINISTRATION, DEPARTMENT, TOOL, UNIT, Summary, Where
from models.tally import Period

DONE, SAID = 0, 1
PLACES = (UNIT, DEPARTMENT, ADMINISTRATION, TOOL)
SHEETS: dict[str, Callable[[Summary, Words], Sheet]] = {
    ".png": figures.picture,
    ".pdf": lambda made, words: figures.paper(made, words, "paper"),
    ".xlsx": lambda made, words: figures.paper(made, words, "workbook"),
}


@dataclass(frozen=True)
class Wishes:
    """What was asked for. `scope` and `name`: which place; no `period`: the last week that has been counted."""

    scope: str
    name: str
    period: Period | None = None
    as_json: bool = False
    out: Path | None = None


class NoPlace(Refused):
    """`about["near"]`: those that there are."""

    key = "cli.summary.place"


class NoForm(Refused):
    key = "cli.summary.form"


def show(wishes: Wishes, db: Database, voice: Voice) -> int:
    """0: shown. 1: not, and why was said."""
    now = app.wall_clock()
    with db.snapshot() as session:
        where = _meant(session, wishes)
        period = wishes.period or summary.newest(session, now=now)
        made = summary.make(session, where, period, now=now)
        words = speak(voice.language, settings.read(session), now=now)
    if wishes.out is not None:
        return _write(wishes.out, made, words, voice)
    voice.write(as_json(made, words) if wishes.as_json else "\n".join(figures.account(made, words)))
    return DONE


def _meant(session: Session, wishes: Wishes) -> Where:
    """Raises NoUnit, NoPlace."""
    name = wishes.name
    if wishes.scope == UNIT:
        return summary.of_row(session, UNIT, str(units.meant(session, name).id))
    if wishes.scope == TOOL:
        tools = catalogue.in_force(session).tools
        if name not in tools:
            raise NoPlace(name=name, near=", ".join(sorted(tools)))
        return Where(TOOL, name)
    if wishes.scope == DEPARTMENT:
        found = people.department(session, name)
        if found is not None:
            return summary.of_row(session, DEPARTMENT, str(found.id))
    there = [where for where in summary.everything(session) if where.scope == wishes.scope]
    hers = [where for where in there if name in ("", where.key, where.name)]
    if wishes.scope != ADMINISTRATION or not hers:
        raise NoPlace(name=name, near=", ".join(where.key for where in there))
    return hers[0]


def _write(path: Path, made: Summary, words: Words, voice: Voice) -> int:
    if path.suffix not in SHEETS:
        raise NoForm(forms=", ".join(SHEETS))
    try:
        path.write_bytes(press.PRESS.print(SHEETS[path.suffix](made, words)))
    except OSError:
        voice.complain("cli.export.not_written", path=path)
        return SAID
    voice.say("cli.poster.written", path=path)
    return DONE


def as_json(made: Summary, words: Words) -> str:
    """Codes beside the words."""
    of, counted = made.of, made.of.figures
    shown: dict[str, Any] = {
        "scope": of.where.scope,
        "key": of.where.key or of.where.id,
        "name": figures.place_name(of.where, words),
        "period": of.period.code,
        "first": of.period.first.isoformat(),
        "last": of.period.last.isoformat(),
        "quiet": made.quiet,
        "total": None if of.hidden else of.total,
        "whole": of.whole and not of.hidden,
        "before": list(of.before),
        "open": counted.open if counted else None,
        "oldest_days": counted.oldest if counted else None,
        "lines": [{"key": line.key, "mine": line.mine, "text": figures.filled(line, words)} for line in made.lines],
        "tables": {table.dimension: _table(table, words) for table in made.tables},
    }
    return json.dumps(shown, indent=2, ensure_ascii=False)


def _table(table: summary.Table, words: Words) -> dict[str, Any]:
    names = [name for name, _, _ in figures.rows_of(table, words)]
    cells = zip(table.cells, names, strict=False)
    return {
        "rest": table.rest,
        "cells": [{"key": c.key, "name": name, "number": c.number, "whole": c.whole} for c, name in cells],
    }
