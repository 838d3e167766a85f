"""What a text resembles: it is held against examples that people wrote, each with its label.

Multinomial naive Bayes over pieces of words (TF-IDF, each text of length one), learnt from the examples in half a
second when the process starts: nothing is stored, nothing fetched. Not here: whose examples they are (data/*.csv) and
what is made of the likeness (recognition). docs/decisions/0019 says what else was tried.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Words = Sequence[str]
Example = tuple[Words, str]  # the words of a text, and its label
Numbers = NDArray[np.float32]
Rows = NDArray[np.intp]

SHORTEST_PIECE, LONGEST_PIECE = 3, 5  # letters, the gap before and after a word counted
RAREST = 2  # a piece of one single example teaches nothing
SMOOTHING = 0.05  # added to every sum, so that no piece rules a label out

BARE = str.maketrans("åäö", "aao")  # many write without dots and rings: here nobody has them


@dataclass(frozen=True, eq=False)
class Likeness:
    """`row`: piece → its row. `rare`: what a piece says by being rare. `speaks`: row x label, centred logarithms."""

    labels: tuple[str, ...]
    row: Mapping[str, int]
    rare: Numbers
    speaks: Numbers

    def of(self, words: Words) -> Mapping[str, float]:
        """Label → how much speaks for it, 0 on average; all 0 where no piece is known."""
        rows, times = _counted([self.row[piece] for piece in _pieces(words) if piece in self.row])
        said = _shares(self.rare[rows], times) @ self.speaks[rows]
        return dict(zip(self.labels, said.tolist(), strict=True))


def learn(examples: Sequence[Example]) -> Likeness:
    """At least one example. The same examples give the same likeness."""
    labels = tuple(dict.fromkeys(label for _, label in examples))
    row, held = _kept([words for words, _ in examples])
    often = np.bincount(np.concatenate([rows for rows, _ in held]), minlength=len(row))
    rare = np.asarray(np.log((1 + len(examples)) / (1 + often)) + 1, np.float32)
    sums = np.full((len(row), len(labels)), SMOOTHING, np.float32)
    for (rows, times), (_, label) in zip(held, examples, strict=True):
        sums[rows, labels.index(label)] += _shares(rare[rows], times)
    speaks = np.log(sums / sums.sum(axis=0))
    return Likeness(labels, row, rare, np.asarray(speaks - speaks.mean(axis=1, keepdims=True), np.float32))


def _kept(texts: Sequence[Words]) -> tuple[Mapping[str, int], list[tuple[Rows, Rows]]]:
    """Pieces that are not too rare, with their rows; and of each text its rows, each once, and how often they come."""
    every: dict[str, int] = {}
    held = [_counted([every.setdefault(piece, len(every)) for piece in _pieces(words)]) for words in texts]
    keep = np.bincount(np.concatenate([rows for rows, _ in held]), minlength=len(every)) >= RAREST
    after = np.cumsum(keep) - 1
    row = {piece: int(after[at]) for piece, at in every.items() if keep[at]}
    return MappingProxyType(row), [(after[rows[keep[rows]]], times[keep[rows]]) for rows, times in held]


def _counted(rows: Sequence[int]) -> tuple[Rows, Rows]:
    found, times = np.unique(np.asarray(rows, np.intp), return_counts=True)
    return found, times


def _shares(rare: Numbers, times: Rows) -> Numbers:
    """How much each piece of a text weighs: the text has the length one."""
    share = rare * (1 + np.log(times))
    return np.asarray(share / max(float(np.linalg.norm(share)), 1e-9), np.float32)


def _pieces(words: Words) -> Iterator[str]:
    """Words, pairs of words, and pieces of words: "lås" → "=las", " la", "las", "as ", … Numbers say nothing."""
    bare = [word.translate(BARE) for word in words if not word.isdigit()]
    yield from (f"={word}" for word in bare)
    yield from (f"{word}+{after}" for word, after in pairwise(bare))
    for word in bare:
        spaced = f" {word} "
        for length in range(SHORTEST_PIECE, LONGEST_PIECE + 1):
            yield from (spaced[at : at + length] for at in range(len(spaced) - length + 1))
