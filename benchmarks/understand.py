"""How well texts are understood: `python benchmarks/understand.py --questions FILE --urgency FILE --pii FILE`.

All files are JSON lines: questions with `text` and `tools` (all that count as right; none = about no tool), texts
with `text` and `urgency`, with `text`, `kind` and `owner` (empty: ours), texts with `text`, `spans` of `start`, `end`,
`kind`, and `optional`. Any may be given again and again. `--steps` reads the questions with less learnt, and each of
our own phrasings and urgent rows by what was learnt from the others (five-fold); `--cost` says what it takes;
`--longest` says what 10,000 characters of one sort take at most; `--misses` prints what went wrong. Nothing is
written but the tables.
"""
# ruff: noqa: RUF001 - the angle quotes of the gate's own tokens

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from models import catalogue as catalogues
from models import recognition, secrecy
from models.catalogue import Catalogue

HERE = Path(__file__).resolve().parent.parent

Row = dict[str, Any]
Read = list[tuple[Row, recognition.Reading]]

FOLDS = 5
LONG = 10_000
MORE_PIECES = (
    "12 ", "lgh 12, ", "+46 ", "400229 ", "Storgatan 4 ", "A.B. ", "kod ", "lösenord: ", "larma", "Losen1! ",
    "fyra sju ", "stjärna 31 ", "nyckel 14 hos Berit ",
)  # fmt: skip
# Long texts in which nothing comes twice: names, streets and numbers are drawn anew each time.
DRAWN = (
    "låset hos {name} på {street} {small} piper rött. ", "koden till {street} är {code}, {name} {word}. ",
    "hos {name} på {flat} ", "nyckel {small} hos {name} ", "rum {small} {name} ", "kod {code} ", "den kod. {code}. ",
    "{word} {code} ", "slå {small} {small} ", "lgh {small}, ", "{street} {small} ", "{birth}-{code} ", "{phone} ",
    "{name} ", "{name} {last} ", "{small} ", "{code} ", "{name}.{last}@b.example ", "+46 {small} ",
    "lösenord: {name}{code} ", "kod 1234 eller {code}, ", "{phone}/", "{birth}-{code}#", "{flat} ",
    "slå {code} och {code}. ", "{small}-{small}-{small}-{small} ", "{name}s nyckel {small} ",
    "koden slutar på {small}. ", "fru {name} på {flat}, ", "{small} {small} {flat} {small}-{small} {flat}#",
    "tel {phone}, ", "ärende {birth}-{code} ", "pin {small} {small} ",
    # The slowest of some 1,100 that chance put together, of the words of our own patterns:
    "* a@b.se  Sjuttiotre, sju)Smulor? {small}, Klockan: hänglås, ", "Lght. tolv/",
    "Norrby, Knappsatsen: dämpa beställa, a@b.se tvåan  <@U1> dungen/", "vårdtagar\n‹namn›; <@U1> a@b.se #)",
    "Bare nittioåtta _högt? {word}  O7O§Norrby:an  ", "<@U1>? {flat}\n", "sju\tsju. sju. holm; ‹kod› 19 Tuna/",
    "‹kod› fungera Ästra/:an  sjuttitvå  +46 Vilket! nollastor ", ":an natt nittiofyra  a@b.se. ", "More; Faster: ",
    "läst\n<@U1> {name}s  ", "Läses? :an? {name}\tsek? {flat}? larmade Dagets? www.a.se  ",
    'O7O! {last} lund\n{name}s  #"lösnaglar. fjorton\n', "Larmdosa/cykeldistrik Därefter. Femtiosju? blev; ",
    "{name}s(Storg tjuta? ", "hos {name} 12. {street}! ",
)  # fmt: skip
STREETS, ENDS = ("Stor", "Björk", "Kyrk", "Sjö", "Vasa", "Park"), ("gatan", "vägen", "gränd", "stigen", "backen")
WORDS = ("piper", "lyser", "hänger", "startar", "tappar", "visar", "ladda", "skärmen")
SURE_FROM = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)

COST = """
import time
from models import catalogue, recognition
def used(): return int(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])
before, began, busy = used(), time.monotonic(), time.process_time()
recognition.prepare(catalogue.load())
print(f"ready after {time.monotonic() - began:.1f} s, {time.process_time() - busy:.1f} s of them the processor's; "
      f"{(used() - before) / 1024:.0f} MB over the base")
"""


def main() -> None:
    args = _arguments()
    for path in args.questions:
        rows = _rows(path)
        _questions(path, rows, show=args.misses)
    for path in args.urgency:
        _urgency(path.name, [(row, recognition.read(row["text"])) for row in _rows(path)])
    for path in args.kinds:
        _kinds(path.name, [(row, recognition.read(row["text"])) for row in _rows(path)])
    for path in args.pii:
        _secrets(_rows(path), show=args.misses)
    for asked, told in ((args.steps, _steps), (args.cost, _cost), (args.longest, _longest)):
        if asked:
            told(args)
    if not any(vars(args).values()):
        print("Nothing to measure: give --questions, --urgency, --kinds or --pii FILE, --steps, --cost or --longest.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    for name in ("questions", "urgency", "kinds", "pii"):
        parser.add_argument(f"--{name}", type=Path, action="append", default=[], help=f"{name}.jsonl")
    parser.add_argument("--steps", action="store_true", help="what each step gives, cross-validated")
    parser.add_argument("--cost", action="store_true", help="start-up and memory")
    parser.add_argument("--longest", action="store_true", help="the slowest of long texts")
    parser.add_argument("--misses", action="store_true", help="print what went wrong, row by row")
    return parser.parse_args()


def _cost(_args: argparse.Namespace) -> None:
    subprocess.run([sys.executable, "-c", COST], cwd=HERE, check=True)


def _longest(_args: argparse.Namespace) -> None:
    """Each piece of the fuzz test and some more, repeated to 10,000 characters, and texts in which nothing comes twice:
    processor time, the best of five.
    """
    secrecy.mask("hos Berit på Storgatan 4")
    found = []
    for name, text in _long_texts():
        hidden = secrecy.mask(text).text
        recognition.read(hidden)
        found.append((min(_spent(secrecy.mask, text) for _ in range(5)), _read_anew(hidden), name))
    print(f"{LONG} characters: masked in at most {max(found)[0]:.0f} ms, read in {max(f[1] for f in found):.0f} ms")
    for most in (35, 50):
        both = sum(masked + read > most for masked, read, _ in found)
        print(f"  over {most} ms: masked {sum(f[0] > most for f in found)}, and read {both} of {len(found)}")
    for masked, read, name in sorted(found, reverse=True)[:12]:
        print(f"  {masked:5.1f} + {read:4.1f} ms {name[:44]!r}")


def _long_texts() -> Iterator[tuple[str, str]]:
    from tests.models.test_gate_fuzz import PIECES

    for piece in (*PIECES, *MORE_PIECES, "".join(PIECES)):
        yield piece, (piece * LONG)[:LONG]
    dice = random.Random(6)
    sheet = HERE / "models/data/names.csv"
    rows = [row.split(",") for row in sheet.read_text(encoding="utf-8").splitlines()[1:]]
    sorts = {sort: [name for name, *rest in rows if sort in rest] for sort in ("first", "last")}
    for shape in DRAWN:
        yield shape, "".join(shape.format(**_draw(dice, sorts)) for _ in range(LONG // 3))[:LONG]


def _draw(dice: random.Random, names: dict[str, list[str]]) -> dict[str, str]:
    return {
        "name": dice.choice(names["first"]).capitalize(),
        "last": dice.choice(names["last"]).capitalize(),
        "street": dice.choice(STREETS) + dice.choice(ENDS),
        "word": dice.choice(WORDS),
        "small": str(dice.randrange(1, 99)),
        "flat": f"1{dice.randrange(9)}{dice.randrange(1, 20):02}",
        "code": f"{dice.randrange(10_000):04}",
        "birth": f"{dice.randrange(30, 99)}{dice.randrange(1, 13):02}{dice.randrange(1, 29):02}",
        "phone": f"070174{dice.randrange(10_000):04}",
    }


def _read_anew(text: str) -> float:
    return min(_spent(recognition.read, f"{at} {text}") for at in range(3))  # it remembers what it has just read


def _spent(what: Callable[[str], object], text: str) -> float:
    began = time.thread_time()
    what(text)
    return 1000 * (time.thread_time() - began)


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _questions(path: Path, rows: list[Row], *, show: bool) -> None:
    recognition.prepare(catalogues.load())
    began = time.process_time()
    read = [(row, recognition.read(row["text"])) for row in rows]
    spent = time.process_time() - began
    print(f"{path}: {len(rows)} questions, {1000 * spent / max(1, len(rows)):.2f} ms each")
    _told(read)
    _calibration(read)
    if show:
        _show(read)


def _told(read: Read) -> None:
    told = Counter(verdict for row, reading in read for verdict in _verdicts(row, reading))
    with_tool = sum(bool(row["tools"]) for row, _ in read)
    print(f"  right first {told['first']} of {with_tool}, among three {told['three']}")
    print(f"  sent on without asking {told['sent']} of {with_tool}, wrong {told['sent wrong']}")
    print(f"  about no tool {len(read) - with_tool}, not sent on {told['kept']}")


def _calibration(read: Read) -> None:
    """Of the best tools with such a score: how many are right, and what the scores promise."""
    best = [(reading.tools[0], row) for row, reading in read if reading.tools]
    for low, high in zip(SURE_FROM, (*SURE_FROM[1:], 1.01), strict=True):
        found = [(one.score, one.key in row["tools"]) for one, row in best if low <= one.score < high]
        if found:
            right, promised = sum(good for _, good in found), sum(score for score, _ in found)
            print(f"  score {low:.2f}-{min(high, 1):.2f}: right {right} of {len(found)}, promised {promised:.1f}")


def _steps(args: argparse.Namespace) -> None:
    """A line for each share of the phrasings learnt; then our own rows, each read without having been learnt."""
    whole = catalogues.load()
    for share in (0.0, 0.25, 0.5, 1.0):
        some = replace(whole, phrasings=_some(whole.phrasings, share))
        print(f"learnt from {len(some.phrasings)} phrasings")
        for path in args.questions:
            print(f" {path}")
            _told([(row, recognition.read(row["text"], catalogue=some)) for row in _rows(path)])
    print(f"each phrasing by what was learnt from the others, {FOLDS}-fold")
    _told(list(_unseen(whole)))
    _urgency(f"urgent.csv {FOLDS}-fold", list(_unseen_urgent(whole)))


def _some(rows: tuple[tuple[str, str], ...], share: float) -> tuple[tuple[str, str], ...]:
    return tuple(random.Random(1).sample(rows, round(share * len(rows))))


def _unseen(whole: Catalogue) -> Iterator[tuple[Row, recognition.Reading]]:
    rows = _some(whole.phrasings, 1)
    for fold in range(FOLDS):
        others = replace(whole, phrasings=tuple(row for at, row in enumerate(rows) if at % FOLDS != fold))
        for tool, text in rows[fold::FOLDS]:
            yield {"tools": [tool] if tool else []}, recognition.read(text, catalogue=others)


def _unseen_urgent(whole: Catalogue) -> Iterator[tuple[Row, recognition.Reading]]:
    rows = _some(whole.urgent, 1)
    for fold in range(FOLDS):
        others = replace(whole, urgent=tuple(row for at, row in enumerate(rows) if at % FOLDS != fold))
        for urgency, text in rows[fold::FOLDS]:
            yield {"urgency": urgency}, recognition.read(text, catalogue=others)


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


def _show(read: Read) -> None:
    for row, reading in read:
        best = [(scored.key, scored.score) for scored in reading.tools[:3]]
        if "first" not in set(_verdicts(row, reading)) and "kept" not in set(_verdicts(row, reading)):
            print(f"  {row['id']} {reading.decision} {best} wanted {row['tools']}: {row['text']}")


def _urgency(name: str, read: Read) -> None:
    told = Counter((row["urgency"], str(reading.urgency)) for row, reading in read)
    print(f"urgency of {name}: {len(read)}")
    for wanted in recognition.Urgency:
        said = ", ".join(f"{told[wanted, answer]} {answer}" for answer in recognition.Urgency)
        print(f"  {wanted}: read as {said}")


def _kinds(name: str, read: Read) -> None:
    """What sort of trouble it is, of those that are ours; and whose the others are."""
    ours = [(row, reading) for row, reading in read if not row["owner"]]
    told = Counter((row["kind"], str(reading.kind)) for row, reading in ours)
    print(f"kind of {name}: right {sum(told[kind, kind] for kind in recognition.Kind)} of {len(ours)}")
    for (wanted, answer), many in sorted(told.items()):
        if wanted != answer:
            print(f"  {wanted}: read as {answer} {many}")
    away = [(row, reading) for row, reading in read if row["owner"]]
    right = sum(reading.owner == row["owner"] for row, reading in away)
    sent = sum(bool(reading.owner) for _, reading in ours)
    print(f"  not ours {len(away)}: owner right {right}, none {sum(not reading.owner for _, reading in away)}")
    print(f"  ours {len(ours)}: sent to an owner {sent}")


def _secrets(rows: list[Row], *, show: bool) -> None:
    """The first text of all has the sheets read, a quarter of a second that no other takes."""
    secrecy.mask("hos Berit på Storgatan 4, kod 4711")
    began = time.process_time()
    masked = [(row, secrecy.mask(row["text"])) for row in rows]
    spent = time.process_time() - began
    print(f"texts {len(rows)}, {1000 * spent / max(1, len(rows)):.2f} ms each")
    for kind in secrecy.Secret:
        wanted = [(row, result, span) for row, result in masked for span in row["spans"] if span["kind"] == kind]
        found = [one for one in wanted if _hidden(*one)]
        print(f"  {kind}: {len(found)} of {len(wanted)}")
    wrong = [(row, span) for row, result in masked for span in result.spans if not _wanted(row, span)]
    clean = [row["id"] for row in rows if not row["spans"]]
    kinds = ", ".join(f"{many} {kind}" for kind, many in Counter(str(span.kind) for _, span in wrong).items())
    print(f"  masked without reason: {len(wrong)} spans ({kinds or 'none'})")
    print(f"  clean texts masked: {len(set(clean) & {row['id'] for row, _ in wrong})} of {len(clean)}")
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
