"""How well answers are found: `python benchmarks/answers.py --set SOLVED SIMILAR [--set …] [--large N]`.

Files as the development set's: solved questions (`id`, `question`, `answer`), and queries (`query`, `answer_id` or
null where nothing answers). `--large` builds a bank of N generated answers and says what it takes. Nothing is written.
"""

import argparse
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from models import catalogue as catalogues
from models import recognition, similar
from models.similar import Known

WORDS = catalogues.load()
QUERIES = 200

Row = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--set", nargs=2, type=Path, action="append", default=[], metavar=("SOLVED", "SIMILAR"))
    parser.add_argument("--large", type=int, default=0, metavar="N", help="time and memory with N generated answers")
    args = parser.parse_args()
    recognition.prepare(WORDS)
    for solved, asked in args.set:
        _told(str(asked), _rows(solved), _rows(asked))
    if args.large:
        _large(args.large)


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _told(name: str, solved: list[Row], asked: list[Row]) -> None:
    index = similar.EMPTY.with_([Known(row["id"], row["question"], row["answer"]) for row in solved], WORDS)
    near, shown = [], []
    for row in asked:
        reading = recognition.read(row["query"], catalogue=WORDS)
        near.append([each.id for each in index.nearest(row["query"], reading, WORDS)])
        shown.append([each.id for each in index.likely(row["query"], reading, WORDS)])
    some = [at for at, row in enumerate(asked) if row["answer_id"]]
    none = [at for at, row in enumerate(asked) if not row["answer_id"]]
    right = [near[at].index(asked[at]["answer_id"]) if asked[at]["answer_id"] in near[at] else 9 for at in some]
    print(f"{name}: {len(some)} queries with one of {len(solved)} answers, {len(none)} with none")
    among = (f"among {most} {sum(at < most for at in right) / len(some):.2f}" for most in (1, 3, 5))
    print(f"  nearest: {', '.join(among)}")
    hit = sum(asked[at]["answer_id"] in shown[at] for at in some)
    wrong = sum(bool(shown[at]) and asked[at]["answer_id"] not in shown[at] for at in some)
    print(f"  shown: the right one among three {hit / len(some):.2f}, only others {wrong / len(some):.2f},"
          f" something where nothing answers {sum(bool(shown[at]) for at in none)} of {len(none)}")  # fmt: skip


def _large(size: int) -> None:
    """Answers put together from phrasings: two on one tool each, as long as answers are."""
    chance = random.Random(0)
    by_tool: dict[str, list[str]] = {}
    for tool, text in WORDS.phrasings:
        by_tool.setdefault(tool, []).append(text)
    tools = [tool for tool in by_tool if tool]
    bank = []
    for at in range(size):
        tool = chance.choice(tools)
        bank.append(Known(at, chance.choice(by_tool[tool]), " ".join(chance.sample(by_tool[tool], 2)), (tool,)))
    before, began = _used(), time.process_time()
    index = similar.EMPTY
    for at in range(0, size, 500):
        index = index.with_(bank[at : at + 500], WORDS)
    print(f"{size} answers: built in {time.process_time() - began:.1f} s, {_used() - before:.0f} MB more")
    asked = [text for _, text in chance.sample(WORDS.phrasings, QUERIES)]
    readings = [recognition.read(text, catalogue=WORDS) for text in asked]
    times = []
    for text, reading in zip(asked, readings, strict=True):
        began = time.process_time()
        index.likely(text, reading, WORDS)
        index.nearest(text, reading, WORDS)
        times.append(1000 * (time.process_time() - began) / 2)
    times.sort()
    print(f"  a query: median {times[QUERIES // 2]:.1f} ms, 99 of 100 within {times[int(QUERIES * 0.99)]:.1f} ms")
    began = time.process_time()
    index.without([0]).with_([bank[0]], WORDS)
    print(f"  one answer said anew: {1000 * (time.process_time() - began):.0f} ms")


def _used() -> float:
    """Megabytes resident."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
