"""How well answers are found: `python benchmarks/answers.py --set SOLVED SIMILAR [--set …] [--large N]`.

Files as the development set's: solved questions (`id`, `question`, `answer`), and queries (`query`, `answer_id` or
null where nothing answers). `--fit` fits what the evidence weighs to the set in `taught` and to three of `own`, and to
nothing else: says how that does on each of the three when left out, from which score on, and the weights. `--large`
builds a bank of N generated answers and says what it takes. Nothing is written.
"""

import argparse
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from models import catalogue as catalogues
from models import recognition, similar
from models.similar import Known

HERE = Path(__file__).parent
FITTED = ((HERE / "taught", ""), *((HERE / "own", name) for name in ("", "_two", "_tune")))  # `own`: by other hands
SET = ("solved", "similar")
THRICE = 3  # so much more a row of `own` weighs: they are few
FALSE = 0.17  # of the queries that nothing answers: the gate stays on the safe side of a fifth
WORDS = catalogues.load()
QUERIES = 200
MOST = similar.MOST_SHOWN
SMALL = 0.002  # rather small weights
BANKS, BANK = 6, 60  # banks drawn from what is taught, as large as the development set's
NONE, LEAST = -1, 99.0
BOUNDS = [(None, None), (0.5, None), *[(None, None)] * 7]  # people also write the very words of an answer; few here do

Row = dict[str, Any]
Case = tuple[Any, Any, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--set", nargs=2, type=Path, action="append", default=[], metavar=("SOLVED", "SIMILAR"))
    parser.add_argument("--fit", action="store_true", help="fit the weights; each of three sets left out by turns")
    parser.add_argument("--large", type=int, default=0, metavar="N", help="time and memory with N generated answers")
    args = parser.parse_args()
    recognition.prepare(WORDS)
    for solved, asked in args.set:
        _told(str(asked), _rows(solved), _rows(asked))
    if args.fit:
        taught, *own = (_evidence(*(_rows(folder / f"{what}{name}.jsonl") for what in SET)) for folder, name in FITTED)
        _fitted(taught, own)
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
    return np.array(seen, float), np.array(right), np.array([read.answerable for read in readings])


def _fitted(taught: Case, own: list[Case]) -> None:
    """By turns to all but one of `own`, asked of that one; the gate is read off what those have said."""
    chance = np.random.default_rng(0)
    every = np.ones(len(taught[1]), bool)
    banks = [np.sort(chance.choice(taught[0].shape[1], BANK, replace=False)) for _ in range(BANKS)]
    drawn = [_with(taught, bank, every) for bank in banks]
    told = [_answered(out, _fit(drawn + THRICE * [case for case in own if case is not out])) for out in own]
    best, hit, some, said = (np.concatenate(part) for part in zip(*told, strict=True))
    print(f"fitted to all but one set, asked of that one: among {MOST} {hit[some].mean():.2f}")
    for share in (0.05, 0.1, 0.15, FALSE, 0.2, 0.25):
        gate = np.quantile(best[~some], 1 - share)
        shown = (hit & some & (best > gate)).sum() / some.sum()
        print(f"  {share:.2f} of the others get something: right shown {shown:.2f} (from {_score(gate):.3f})")
    print(f"  of the right answers nineteen of twenty have {_score(np.quantile(said[some], 0.05)):.3f} or more")
    print("weights, and NOTHING:", _fit(drawn + THRICE * own).round(2).tolist())


def _score(points: float) -> float:
    return float(1 / (1 + np.exp(-points)))


def _with(whole: Case, bank: Any, asked: Any) -> Case:
    """As if only these answers were there: who needs another one gets none."""
    seen, right, may = whole
    place = np.full(seen.shape[1] + 1, NONE)
    place[bank] = np.arange(len(bank))
    return seen[asked][:, bank], place[right[asked]], may[asked]


def _answered(case: Case, weights: Any) -> tuple[Any, Any, Any, Any]:
    """Of each query how many points the best has that may be shown; whether the right one is among three, whether there
    is one, and what it has.
    """
    seen, right, may = case
    points = seen @ weights[:-1] - weights[-1]
    own = points[np.arange(len(right)), right]
    ahead = (points > own[:, None]).sum(axis=1)
    same = seen[:, :, 0] >= np.log(similar.SAME_TOOL + similar.FAINT)
    best = np.where(may, np.where(same, points, -LEAST).max(axis=1), -LEAST)
    return best, ahead < MOST, right >= 0, own


def _fit(cases: list[Case]) -> Any:
    """One answer or none, each with its share: the shares of what is right become as large as can be."""
    size = cases[0][0].shape[2] + 1
    return minimize(_missing, np.zeros(size), args=(cases,), jac=True, method="L-BFGS-B", bounds=BOUNDS[:size]).x


def _missing(weights: Any, cases: list[Case]) -> tuple[float, Any]:
    """What is missing of the shares (a logarithm, on average), and where to look for more."""
    missing, slope, of = 0.0, np.zeros_like(weights), sum(len(right) for _, right, _ in cases)
    for seen, right, _ in cases:
        points = np.hstack([seen @ weights[:-1], np.full((len(right), 1), weights[-1])])
        shares = np.exp(points - points.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        chosen = np.arange(len(right)), np.where(right < 0, points.shape[1] - 1, right)
        missing -= np.log(shares[chosen]).sum() / of
        shares[chosen] -= 1
        slope += np.append(np.einsum("qa,qaf->f", shares[:, :-1], seen), shares[:, -1].sum()) / of
    rather_small = SMALL * np.append(weights[:-1], 0)
    return missing + float(rather_small @ weights), slope + 2 * rather_small


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
        began = time.perf_counter()
        index.likely(text, reading, WORDS)
        index.nearest(text, reading, WORDS)
        times.append(1000 * (time.perf_counter() - began) / 2)
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
