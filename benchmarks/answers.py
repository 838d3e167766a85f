"""How well answers are found: `python benchmarks/answers.py --set SOLVED SIMILAR [--set …] [--large N]`.

Files as the development set's: solved questions (`id`, `question`, `answer`), and queries (`query`, `answer_id` or
null where nothing answers). `--fit` fits what the evidence weighs to all sets but one, by turns, and says how that does
on the one, then the weights fitted to all. `--large` builds a bank of N generated answers and says what it takes.
Nothing is written.
"""

import argparse
import json
import random
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from models import catalogue as catalogues
from models import recognition, similar
from models.similar import Known

WORDS = catalogues.load()
QUERIES = 200
MOST = similar.MOST_SHOWN
SMALL = 0.001  # rather small weights

Row = dict[str, Any]
Case = tuple[Any, Any, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--set", nargs=2, type=Path, action="append", default=[], metavar=("SOLVED", "SIMILAR"))
    parser.add_argument("--fit", action="store_true", help="fit the weights, a set left out at a time")
    parser.add_argument("--large", type=int, default=0, metavar="N", help="time and memory with N generated answers")
    args = parser.parse_args()
    recognition.prepare(WORDS)
    for solved, asked in args.set:
        _told(str(asked), _rows(solved), _rows(asked))
    if args.fit:
        _fitted([(str(asked), *_evidence(_rows(solved), _rows(asked))) for solved, asked in args.set])
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


def _evidence(solved: list[Row], asked: list[Row]) -> Case:
    """Queries x answers x sorts of evidence; which answer is right (-1: none); which queries may be answered."""
    index = similar.EMPTY.with_([Known(row["id"], row["question"], row["answer"]) for row in solved], WORDS)
    readings = [recognition.read(row["query"], catalogue=WORDS) for row in asked]
    seen = [index.evidence(row["query"], read, WORDS) for row, read in zip(asked, readings, strict=True)]
    right = [index.ids.index(row["answer_id"]) if row["answer_id"] else -1 for row in asked]
    return np.array(seen), np.array(right), np.array([read.answerable for read in readings])


def _fitted(cases: list[tuple[str, *Case]]) -> None:
    whole: list[tuple[Any, ...]] = []
    for at, (name, seen, right, may) in enumerate(cases):
        weights = _fit([case for other, case in enumerate(cases) if other != at])
        points = seen @ weights[:-1] - weights[-1]
        ahead = (points > points[np.arange(len(right)), right][:, None]).sum(axis=1)
        same = seen[:, :, 0] >= np.log(similar.SAME_TOOL + similar.FAINT)
        best = np.where(may, np.where(same, points, -np.inf).max(axis=1), -np.inf)
        some = right >= 0
        print(f"{name}: among 1 {(ahead[some] < 1).mean():.2f}, among 3 {(ahead[some] < 3).mean():.2f}")
        whole.append((best, some & (ahead < MOST), some))
        _gates(*whole[-1])
    print("all, each by the others")
    _gates(*(np.concatenate(part) for part in zip(*whole, strict=True)))
    print("weights fitted to all:", _fit(cases).round(2).tolist())


def _gates(best: Any, hit: Any, some: Any) -> None:
    """Where the gate has to be for so many of the queries without an answer to get something; what then is shown."""
    for share in (0.1, 0.15, 0.2, 0.3):
        ranked = np.sort(best[~some])[::-1]
        gate = max(ranked[min(int(share * len(ranked) + 1e-9), len(ranked) - 1)], -99)
        shown = (hit & (best > gate)).sum() / some.sum()
        print(f"  {share:.2f} of the others get something: right shown {shown:.2f} (from {gate:.2f})")
    for low, high in pairwise((-99, -3, -2, -1, -0.5, 0, 0.5, 1, 2, 99)):
        held = (best > low) & (best <= high)
        print(f"    {low} to {high}: {(hit & held).sum()} right among three of {held.sum()}")


def _fit(cases: list[tuple[str, *Case]]) -> Any:
    """One answer or none, each with its share: the shares of what is right become as large as can be."""

    def loss(weights: Any) -> float:
        told = [_missing(seen, right, weights) for _, seen, right, _ in cases]
        return float(np.concatenate(told).mean() + SMALL * (weights[:-1] ** 2).sum())

    size = cases[0][1].shape[2] + 1
    return minimize(loss, np.zeros(size), method="L-BFGS-B").x


def _missing(seen: Any, right: Any, weights: Any) -> Any:
    points = np.hstack([seen @ weights[:-1], np.full((len(right), 1), weights[-1])])
    most = points.max(axis=1)
    chosen = np.where(right < 0, points.shape[1] - 1, right)
    return most + np.log(np.exp(points - most[:, None]).sum(axis=1)) - points[np.arange(len(right)), chosen]


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
