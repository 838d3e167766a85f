"""What is learnt beside the gate's rules, left out: `python benchmarks/weighing.py [FOLDS [HOW MANY OF THEM]]`.

Each text of data/secrets.csv is weighed by what was learnt from the other folds: how many secrets are found at each
bound, and how many texts without a secret are touched. The rules take no part. Nothing is written.
"""

import sys
import zlib
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from models import weighed

BOUNDS = (0.3, 0.4, 0.5, 0.6, 0.7)


def main(folds: int = 4, many: int = 0) -> None:
    told: Counter[tuple[float, str]] = Counter()
    for fold in range(many or folds):
        theirs = {row for row in weighed.taught() if zlib.crc32(row.text.encode()) % folds == fold}
        model = weighed.learn([row for row in weighed.taught() if row not in theirs])
        for bound in BOUNDS:
            weighed.BOUNDS.update(dict.fromkeys(weighed.BOUNDS, bound))
            for row in theirs:
                told.update((bound, what) for what in _verdicts(model, row))
    for bound in BOUNDS:
        kinds = (f"{kind} {told[bound, kind]} of {told[bound, kind + '?']}" for kind in weighed.KINDS[1:])
        print(f"from {bound}: {', '.join(kinds)}; clean touched {told[bound, 'touched']} of {told[bound, 'clean']}")


def _verdicts(model: weighed.Model, row: weighed.Marked) -> list[str]:
    found = list(weighed._weighed(model, row.text, row.text.lower(), [(0, len(row.text))]))  # noqa: SLF001 - the model left out
    hidden = {at for start, end, _ in found for at in range(start, end)}
    if not row.spans:
        return ["clean", *["touched"] * bool(found)]
    wanted = [span for span in row.spans if span[2] in weighed.KINDS]
    shown = {at for at, letter in enumerate(row.text) if letter.isalnum()} - hidden
    whole = [kind for start, end, kind in wanted if not shown & set(range(start, end))]
    return [*whole, *(f"{kind}?" for _, _, kind in wanted)]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
