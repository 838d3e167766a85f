"""`make torture`: one fault after the other, drawn from a seed, and after every few of them a look at everything.

    python -m tests.faults.torture --faults 1000 --seed 7 --database postgresql --instances 2

A seed that fails is run again with the same arguments; what was found then lies in the folder that is named.
Which faults there are: ordeal.py. What must hold: holds.py.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.faults.holds import keep, look
from tests.faults.ordeal import Ordeal
from tests.places import Server

ROUND = 8  # faults between two looks at everything
DEEP = 10  # looks between two that read the database server's own files

Say = Callable[[str], None]


def run(ordeal: Ordeal, faults: int, say: Say, until: float) -> None:
    """So many faults, each kind about as often; ends earlier when it is late. Raises AssertionError."""
    for number in range(faults):
        known = sorted(ordeal.faults())
        ordeal.suffer(known[number] if number < len(known) else ordeal.dice.choice(known))
        is_last = number == faults - 1 or time.monotonic() > until
        if number % ROUND == ROUND - 1 or is_last:
            began = time.monotonic()
            look(ordeal, deep=is_last or number // ROUND % DEEP == DEEP - 1)
            say(f"{number + 1} faults, {len(ordeal.asked)} questions, {len(ordeal.answers)} answers, calm after "
                f"{time.monotonic() - began:.0f} s")  # fmt: skip
        if is_last:
            return


def main() -> int:
    chosen = _arguments()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        server = Server(Path(place) / "data") if chosen.database == "postgresql" else None
        try:
            folder = Path(place) / "ordeal"
            folder.mkdir()
            with Ordeal(folder, chosen.seed, chosen.instances, server) as ordeal:
                failed = _tried(ordeal, chosen, began)
                told = summary(ordeal, time.monotonic() - began, failed)
        finally:
            if server:
                server.close()
    sys.stdout.write(told)
    if chosen.report:
        _put(chosen.report, told, f"{chosen.database}, instances {chosen.instances}")
    return 1 if failed else 0


def _tried(ordeal: Ordeal, chosen: argparse.Namespace, began: float) -> str:
    """What did not hold; empty if everything did."""
    try:
        run(ordeal, chosen.faults, _say, until=began + 60 * chosen.minutes)
    except (Exception, KeyboardInterrupt) as fault:
        keep(ordeal, chosen.kept, fault)
        _say(f"what was found lies in {chosen.kept}")
        return f"{type(fault).__name__}: {fault}"
    return ""


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def summary(ordeal: Ordeal, seconds: float, failed: str) -> str:
    """A page for docs/torture.md."""
    with ordeal.db.snapshot() as session:
        counted = session.connection().execute(text("select outcome, count(*) from letter group by outcome order by 1"))
        letters = ", ".join(f"{count} {outcome or 'waiting'}" for outcome, count in counted.all())
    kinds = sorted({name for name, _ in ordeal.suffered})
    spent = {kind: [took for name, took in ordeal.suffered if name == kind] for kind in kinds}
    head = [
        f"{date.today()}, {os.cpu_count()} cores, Python {platform.python_version()}, seed {ordeal.seed}.",
        f"{len(ordeal.suffered)} faults in {seconds / 60:.0f} minutes, {ordeal.ahead / 3600:.1f} hours by the bot's clock;",
        f"{len(ordeal.asked)} questions, {len(ordeal.answers)} answers, of which {len(ordeal.overtaken)} came after later ones and",
        f"said so; letters: {letters}.",
        f"**{failed or 'Everything held after each look.'}**",
    ]
    rows = [f"| {kind} | {len(took)} | {sum(took) / len(took):.1f} |" for kind, took in spent.items()]
    return "\n".join([*head, "", "| fault | times | seconds each |", "|---|---|---|", *rows, ""])


HEAD = """# What was broken on purpose

Written by `make torture ARGS="--report docs/torture.md"`; each part by its last run. Faults are drawn from the seed while
twenty askers write and a specialist answers. After every eight faults the bot is left in peace, and then must hold: every
question that was written is one line of one question, every answer reached its asker once, in order, and nobody else (one
that Slack told us after the next one says when it was written, decision 31); no letter waits or was given up; no card
stands twice; histories are whole; no lease is held; the personnummer that everybody writes stands in no row, log or raw file.
"""


def _put(file: Path, told: str, name: str) -> None:
    """In the place of the last run on the same kind of database."""
    parts = file.read_text(encoding="utf-8").split("\n## ")[1:] if file.exists() else []
    kept = {part.partition("\n")[0]: part.partition("\n")[2].strip() for part in parts} | {name: told.strip()}
    sections = [f"\n## {title}\n\n{body}\n" for title, body in sorted(kept.items())]
    file.write_text(HEAD + "".join(sections), encoding="utf-8")


def _arguments() -> Any:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--faults", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--instances", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--minutes", type=float, default=60, help="ends earlier")
    parser.add_argument("--report", type=Path, help="a page of Markdown, in which this run's part is renewed")
    parser.add_argument("--kept", type=Path, default=Path("torture-kept"), help="where rows, threads and logs go when it fails")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
