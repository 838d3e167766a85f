"""Monday at seven in a large municipality: the week is counted and all that the summaries need is read.

    python benchmarks/monday.py [--questions 500000] [--weekly 2000] [--units 200] [--folder DIR]

The Monday is the dearest there is: a month, a quarter and a year end with its week. The weeks of that quarter have been
counted before, one by one, as the bot does; older ones are marked as counted. Measured in a process of its own:
seconds, peak memory, SQL statements; all once more with a tenth of the questions.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import event  # noqa: E402
from sqlmodel import SQLModel, insert  # noqa: E402

import models.tables  # noqa: E402, F401 (registers every table)
from bot import press  # noqa: E402
from handlers import summary as on_monday  # noqa: E402
from handlers.desk import Desk  # noqa: E402
from handlers.letters import Post, Print, Sheet  # noqa: E402
from handlers.listening import Open, Press  # noqa: E402
from handlers.views import summary as drawn  # noqa: E402
from handlers.words import speak  # noqa: E402
from models import clock, outbox, people, settings, summary, tally  # noqa: E402
from models.db import Database, Session  # noqa: E402
from models.outbox import Outcome  # noqa: E402
from models.people import Administration, Appointment, Department, Person, Role, Unit  # noqa: E402
from models.recognition import Kind  # noqa: E402
from models.tally import Period, Scope, Span, TallyPeriod  # noqa: E402
from models.tickets import Ticket  # noqa: E402

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
LAST = tally.period("2026-W53")
NOW = LAST.until + timedelta(hours=6, minutes=30)
DEPARTMENTS, ASKERS, TOOLS, BATCH = 10, 30, 25, 20_000


def build(db: Database, questions: int, weekly: int, units: int) -> None:
    SQLModel.metadata.create_all(db.engine)
    with db.transaction() as session:
        session.add(Administration(id=1, key="vo", name="Vård och omsorg", emergency_number="08-465 004 10"))
        session.flush()
        names = range(1, DEPARTMENTS + 1)
        session.add_all(Department(id=i, key=f"d{i}", administration_id=1, name=f"Avdelning {i}") for i in names)
        session.flush()
        homes = [(i, 1 + i % DEPARTMENTS) for i in range(1, units + 1)]
        session.add_all(Unit(id=i, key=f"u{i}", department_id=d, name=f"Enhet {i}", live=True) for i, d in homes)
        many = range(1, units * ASKERS + 10)
        session.add_all(Person(id=i, name=f"P{i}", chat_user_id=f"U{i}") for i in many)
        _hats(session, homes)
    weeks = questions // weekly
    rows = list[dict[str, Any]]()
    for row in asked(weeks, weekly, units):
        rows.append(row)
        if len(rows) == BATCH:
            store(db, rows)
    store(db, rows)
    old = [LAST.first - n * WEEK for n in range(len(tally.period_of(Span.QUARTER, LAST.first).weeks), weeks)]
    with db.transaction() as session:
        session.add_all(TallyPeriod(span=Span.WEEK, first=first, counted_at=NOW, upto=questions) for first in old)
    while settle(db, LAST.since + timedelta(hours=7)):
        pass


def _hats(session: Session, homes: list[tuple[int, int]]) -> None:
    """Everybody who gets a summary; the first two of a unit lead and help, every tenth unit has no expert user."""
    session.flush()
    since = {"starts_on": LAST.first - 100 * WEEK}
    for unit, _ in homes:
        for n, role in enumerate((Role.UNIT_MANAGER, Role.EXPERT_USER)[: 2 if unit % 10 else 1]):
            session.add(Appointment(person_id=1 + (unit - 1) * ASKERS + n, unit_id=unit, role=role, **since))
    for i in range(1, DEPARTMENTS + 1):
        session.add(Appointment(person_id=i, department_id=i, role=Role.DEPARTMENT_MANAGER, **since))
    session.add(Appointment(person_id=1, role=Role.COORDINATOR, **since))


def store(db: Database, rows: list[dict[str, Any]]) -> None:
    with db.transaction() as session:
        if rows:
            session.connection().execute(insert(Ticket), rows)
    rows.clear()


def asked(weeks: int, weekly: int, units: int) -> Iterator[dict[str, Any]]:
    """Nearly all answered within two days; a few tools are asked about much more than others."""
    dice, kinds = random.Random(53), list(Kind)
    tools, often = [f"tool{i}" for i in range(TOOLS)], [1 / (i + 1) for i in range(TOOLS)]
    ends = [("solved", "expert_user"), ("solved", "self_help"), ("solved", "object_specialist"), ("redirected", None)]
    for n in range(weeks):
        monday = clock.midnight(LAST.first - (weeks - 1 - n) * WEEK)
        for _ in range(weekly):
            unit, at = 1 + dice.randrange(units), monday + dice.random() * WEEK
            owner, (reason, by) = 1 + dice.randrange(units * ASKERS), dice.choice(ends)
            is_open, tool = dice.random() < 0.02, dice.choices(tools, often)[0]
            yield {
                "asker_id": 1 + (unit - 1) * ASKERS + dice.randrange(ASKERS), "unit_id": unit, "tool": tool,
                "kind": dice.choice(kinds), "urgency": "can_wait", "asked_at": at, "asker_wrote_at": at,
                "state": "open" if is_open else "closed", "next_step": "ask" if is_open else None,
                "next_at": at if is_open else None, "closed_at": None if is_open else at + dice.random() * 2 * DAY,
                "reason": None if is_open else reason, "solved_by": None if is_open else by,
                "owner_id": None if is_open else owner, "taken_at": None if is_open else at,
            }  # fmt: skip


def settle(db: Database, now: datetime) -> str | None:
    """As handlers/tally.py does it."""
    with db.snapshot() as session:
        found = tally.count(session, now=now)
    if found is None:
        return None
    with db.transaction() as session:
        tally.keep(session, found)
    return found.code


# ---- what Monday does ------------------------------------------------------------------------------------------------


def count(db: Database) -> str:
    done, begun = [], time.perf_counter()
    while found := settle(db, NOW):
        done.append(f"{found}: {time.perf_counter() - begun:.2f} s")
        begun = time.perf_counter()
    return ", ".join(done)


def one(db: Database) -> str:
    """What Home reads for one unit."""
    with db.snapshot() as session:
        return f"{_total(session, LAST)} and {_total(session, tally.period_of(Span.QUARTER, LAST.first))} questions"


def _total(session: Session, period: Period) -> int:
    found = tally.figures(session, Scope.UNIT, 1, period)
    return found.total if found else 0


def send(db: Database) -> str:
    """Every summary written and rendered as delivery renders it; nothing is sent."""
    now = summary.due_at(LAST)
    with db.snapshot() as session:
        due = summary.due(session, now=now)
    for where in due:
        with db.transaction() as session:
            summary.send(session, where, now=now)
    SHEETS.clear()
    messages = 0
    while made := _rendered(db, now + summary.RIPENS):
        SHEETS.extend(each.sheet for each in made if isinstance(each, Print))
        messages += sum(isinstance(each, Post) for each in made)
    return f"{messages} messages"


def draw(db: Database) -> str:
    """Their pictures, and what that weighs: after each, the child at its most and this process as it is."""
    pictures, most, both = 0, 0, 0
    for file in press.printed(SHEETS):
        pictures += len(file) > 0
        child = _memory(press.PRESS.pid, "VmHWM")
        most, both = max(most, child), max(both, child + _memory(os.getpid(), "VmRSS"))
    return f"{pictures} pictures; the press at most {most} MB, with this process {both} MB"


def _memory(pid: int | None, what: str) -> int:
    """MB, as Linux tells it. A child's `ru_maxrss` would begin with what its parent had."""
    if pid is None:  # it has just been ended, to begin anew
        return 0
    told = Path(f"/proc/{pid}/status").read_text(encoding="ascii").split(f"{what}:")[1]
    return int(told.split()[0]) // 1024


def _rendered(db: Database, now: datetime) -> list[Any]:
    """What is due next, of each person's one letter."""
    with db.transaction() as session:
        words = speak("sv", settings.read(session), now=now)
        letters = outbox.claim(session, now=now, limit=20)
        made = [RENDER[letter.kind](session, letter, words) or letter for letter in letters]
        for letter in letters:
            outbox.finish(session, letter, Outcome.SENT, now=now)
    return made


def home(db: Database) -> str:
    """What Home asks for a unit's manager."""
    desk = Desk(db, lambda: summary.due_at(LAST), lambda: None)
    with db.snapshot() as session:
        person = people.find(session, [1])[1]
        return f"{len(drawn.home(on_monday.load(session, person, desk), desk.words(session, person)))} block"


def window(db: Database) -> str:
    """What is behind its button."""
    desk = Desk(db, lambda: summary.due_at(LAST), lambda: None)
    with db.snapshot() as session:
        press_ = Press(people.find(session, [1])[1], value=f"unit-1|{LAST.code}")
        shown = on_monday.open_window(session, press_, desk)
    return f"{len(shown.view['blocks'])} blocks" if isinstance(shown, Open) else "nothing"


SHEETS: list[Sheet] = []
RENDER = {"summary": on_monday.message, "summary_picture": on_monday.picture}
STEPS: list[tuple[str, Callable[[Database], str]]] = [("count", count), ("read one unit", one)]
STEPS += [("send all", send), ("draw all", draw), ("Home, its line", home), ("its window", window)]


def measure(url: str) -> None:
    statements, before = [0], [""]

    def heard(sql: str) -> None:
        """SQLite tells of every row that one INSERT writes."""
        statements[0] += not (sql.startswith("INSERT") and sql[:40] == before[0])
        before[0] = sql[:40]

    db = Database(url)
    event.listen(db.engine, "connect", lambda connection, _: connection.set_trace_callback(heard))
    for name, step in STEPS:
        begun, statements[0] = time.perf_counter(), 0
        found = step(db)
        print(f"  {name:15} {time.perf_counter() - begun:7.2f} s {statements[0]:5} statements   {found}")
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, without the press")


def run(where: Path, questions: int, weekly: int, units: int) -> None:
    url = f"sqlite:///{where}/monday{questions}.db"
    db = Database(url)
    build(db, questions, weekly, units)
    db.close()
    print(f"{questions:,} questions, {weekly:,} a week, {units} units:", flush=True)
    subprocess.run([sys.executable, __file__, "--measure", url], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--questions", type=int, default=500_000)
    parser.add_argument("--weekly", type=int, default=2_000)
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.measure)
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for part in (1, 10):
            run(Path(folder), options.questions // part, options.weekly // part, options.units)


if __name__ == "__main__":
    main()
