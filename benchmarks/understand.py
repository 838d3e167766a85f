"""How well texts are understood: `python benchmarks/understand.py --questions FILE --urgency FILE --pii FILE`.

All files are JSON lines: questions with `text` and `tools` (all that count as right; none = about no tool), texts
with `text` and `urgency`, texts with `text`, `spans` of `start`, `end`, `kind`, and `optional`. `--misses` prints what
went wrong. Nothing is written but the tables.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from models import recognition, secrecy

Row = dict[str, Any]


def main() -> None:
    args = _arguments()
    if args.questions:
        _questions(_rows(args.questions), show=args.misses)
    if args.urgency:
        _urgency(_rows(args.urgency))
    if args.pii:
        _secrets(_rows(args.pii), show=args.misses)
    if not (args.questions or args.urgency or args.pii):
        print("Nothing to measure: give --questions FILE, --urgency FILE, --pii FILE, or several.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--questions", type=Path, help="questions.jsonl")
    parser.add_argument("--urgency", type=Path, help="urgency.jsonl")
    parser.add_argument("--pii", type=Path, help="pii.jsonl")
    parser.add_argument("--misses", action="store_true", help="print what went wrong, row by row")
    return parser.parse_args()


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _questions(rows: list[Row], *, show: bool) -> None:
    recognition.read("")
    began = time.process_time()
    read = [(row, recognition.read(row["text"])) for row in rows]
    spent = time.process_time() - began
    told = Counter(verdict for row, reading in read for verdict in _verdicts(row, reading))
    with_tool = sum(bool(row["tools"]) for row in rows)
    print(f"questions {len(rows)}, {1000 * spent / max(1, len(rows)):.2f} ms each")
    print(f"  right first {told['first']} of {with_tool}, among three {told['three']}")
    print(f"  sent on without asking {told['sent']} of {with_tool}, wrong {told['sent wrong']}")
    print(f"  about no tool {len(rows) - with_tool}, not sent on {told['kept']}")
    if show:
        _show(read)


def _verdicts(row: Row, reading: recognition.Reading) -> Iterator[str]:
    keys = [scored.key for scored in reading.tools]
    sent = reading.decision in (recognition.Decision.ROUTE, recognition.Decision.REDIRECT)
    if not row["tools"]:
        yield "sent null" if sent else "kept"
        return
    right = [key in row["tools"] for key in keys]
    yield from (name for name, many in (("first", 1), ("three", 3)) if any(right[:many]))
    if sent:
        yield "sent"
        yield "sent right" if right[:1] == [True] else "sent wrong"


def _show(read: list[tuple[Row, recognition.Reading]]) -> None:
    for row, reading in read:
        best = [(scored.key, scored.score) for scored in reading.tools[:3]]
        if "first" not in set(_verdicts(row, reading)) and "kept" not in set(_verdicts(row, reading)):
            print(f"  {row['id']} {reading.decision} {best} wanted {row['tools']}: {row['text']}")


def _urgency(rows: list[Row]) -> None:
    told = Counter((row["urgency"], str(recognition.read(row["text"]).urgency)) for row in rows)
    print(f"urgency {len(rows)}")
    for wanted in recognition.Urgency:
        said = ", ".join(f"{told[wanted, answer]} {answer}" for answer in recognition.Urgency)
        print(f"  {wanted}: read as {said}")


def _secrets(rows: list[Row], *, show: bool) -> None:
    began = time.process_time()
    masked = [(row, secrecy.mask(row["text"])) for row in rows]
    spent = time.process_time() - began
    print(f"texts {len(rows)}, {1000 * spent / max(1, len(rows)):.2f} ms each")
    for kind in secrecy.Secret:
        wanted = [(row, result, span) for row, result in masked for span in row["spans"] if span["kind"] == kind]
        found = [one for one in wanted if _hidden(*one)]
        print(f"  {kind}: {len(found)} of {len(wanted)}")
    wrong = [(row, span) for row, result in masked for span in result.spans if not _wanted(row, span)]
    print(f"  masked without reason: {len(wrong)} spans")
    if show:
        _show_secrets(masked, wrong)


def _hidden(row: Row, result: secrecy.Masked, span: Row) -> bool:
    """A span is found when every letter and digit in it is masked."""
    covered = {at for found in result.spans for at in range(found.start, found.end)}
    return all(at in covered for at in range(span["start"], span["end"]) if row["text"][at].isalnum())


def _wanted(row: Row, span: secrecy.Span) -> bool:
    return any(one["start"] < span.end and span.start < one["end"] for one in [*row["spans"], *row["optional"]])


def _show_secrets(masked: list[tuple[Row, secrecy.Masked]], wrong: list[tuple[Row, secrecy.Span]]) -> None:
    kinds = set(secrecy.Secret)
    for row, result in masked:
        for span in row["spans"]:
            if span["kind"] in kinds and not _hidden(row, result, span):
                print(f"  {row['id']} missed {span['kind']}: {row['text']}")
    for row, found in wrong:
        print(f"  {row['id']} masked {found.kind} {row['text'][found.start : found.end]!r}: {row['text']}")


if __name__ == "__main__":
    main()
