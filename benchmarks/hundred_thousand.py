"""Memory and database over 100,000 questions: `python benchmarks/hundred_thousand.py` (`--asked`, `--answers`).

A year in one process and thread, by a clock of its own: the Bolt app hears a question, its letters go to a client that
answers at once, its asker takes it back. Once a day the daily jobs run, so that what has served its purpose goes.
10,000 ready answers are held meanwhile. What the process holds and how large the file is, is read a hundred times.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from slack_bolt import BoltRequest
from sqlmodel import col, select

from benchmarks import organisation
from benchmarks.loop import Loop, settled
from models import answers, catalogue, shelf
from models.db import Database, Session
from models.people import Person
from models.tickets import Ticket

YEAR = timedelta(days=365)
SEEN = 100  # readings
DAILY = timedelta(hours=1)  # jobs that run as seldom as this are run once a day
Row = dict[str, Any]


class Year(Loop):
    """A loop with a clock that it moves itself."""

    def __init__(self, folder: Path, asked: int, stored: int) -> None:
        self.time, self.step = datetime.now(UTC) - YEAR, YEAR / asked
        self.folder = folder
        with ProcessPoolExecutor(1, get_context("spawn")) as other:  # what an import needs is not what the bot holds
            url = other.submit(_begun, folder, stored, self.time).result()
        super().__init__(url, organisation.Size())
        shelf.keep_up(self.db, answers.BANK, lambda: False)
        self._day = self.time.date()

    def clock(self) -> datetime:
        return self.time

    def question(self) -> None:
        self.time += self.step
        self.hearing()
        self.delivering()
        self._withdraw()
        self.delivering()
        if self.time.date() != self._day:
            self._day = self.time.date()
            for job in self.jobs:
                if job.every >= DAILY:
                    job.run(self.desk)

    def _withdraw(self) -> None:
        with self.db.snapshot() as session:
            ticket = session.exec(select(Ticket).order_by(col(Ticket.id).desc()).limit(1)).one()
        stamp = f"{self.time.timestamp():.6f}"
        action = {"type": "button", "block_id": "b", "action_id": "ticket.withdraw", "value": str(ticket.id)}
        where = {"user": {"id": f"U{ticket.asker_id}"}, "team": {"id": "T1"}, "api_app_id": "A1", "trigger_id": stamp}
        body = {"type": "block_actions", **where, "actions": [action | {"action_ts": stamp}]}
        self.app.dispatch(BoltRequest(body=body, mode="socket_mode"))

    def seen(self, number: int) -> Row:
        size = sum(each.stat().st_size for each in self.folder.glob("bot.db*"))
        return {"asked": number, "resident_mb": _resident(), "database_mb": round(size / 2**20, 1)}


def _begun(folder: Path, stored: int, now: datetime) -> str:
    url = settled(folder, organisation.Size())
    with Database(url).transaction() as session:
        by = session.exec(select(Person.id).where(Person.email == organisation.helper(0, 0))).one()
        _answers(session, stored, by=by or 0, now=now)
    return url


def _answers(session: Session, number: int, *, by: int, now: datetime) -> None:
    """Put together from phrasings, as long as answers are."""
    dice, known = random.Random(0), catalogue.load()
    said = [(tool, text) for tool, text in known.phrasings if tool in known.tools]
    chosen = dice.choices(said, k=number)
    rows = ({"tool": tool, "question": text, "text": f"{text}. {dice.choice(said)[1]}."} for tool, text in chosen)
    rest = {"state": answers.State.APPROVED, "author_id": by, "approved_at": now, "made_at": now,
            "review_on": (now + 2 * YEAR).date()}  # fmt: skip
    organisation.insert_many(session, answers.Answer, (row | rest for row in rows))
    shelf.changed_now(session)


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20


def measured(options: argparse.Namespace) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        year = Year(Path(folder), options.asked, options.answers)
        until = time.monotonic() + 60 * options.minutes
        yield year.seen(0)
        for number in range(1, options.asked + 1):
            year.question()
            late = time.monotonic() > until
            if late or number % max(1, options.asked // SEEN) == 0:
                yield year.seen(number)
            if late:
                return


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--asked", type=int, default=100_000, help="questions, spread over a year")
    parser.add_argument("--answers", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=90, help="ends earlier")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = []
    for row in measured(options):
        rows.append(row)
        held, stored = f"{row['resident_mb']} MB resident", f"{row['database_mb']} MB of database"
        print(f"{row['asked']:>7} questions: {held}, {stored}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
