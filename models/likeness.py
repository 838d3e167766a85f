"""What a text resembles: it is held against examples that people wrote, each with its label.

Multinomial naive Bayes over pieces of words (TF-IDF, each text of length one), learnt from the examples in a fifth of
a second when the process starts: nothing is stored, nothing fetched. Not here: whose examples they are (data/*.csv)
and what is made of the likeness (recognition). docs/decisions/0019 says what else was tried.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
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
    often = np.bincount(held.row, minlength=len(row))
    rare = np.asarray(np.log((1 + len(examples)) / (1 + often)) + 1, np.float32)
    share = rare[held.row] * (1 + np.log(held.times))
    length = np.sqrt(np.bincount(held.text, share**2, minlength=len(examples)))
    of_text = np.asarray([labels.index(label) for _, label in examples], np.intp)
    place = held.row * len(labels) + of_text[held.text]
    told = np.bincount(place, share / np.maximum(length[held.text], 1e-9), minlength=len(row) * len(labels))
    sums = told.reshape(len(row), len(labels)) + SMOOTHING
    speaks = np.log(sums / sums.sum(axis=0))
    return Likeness(labels, row, rare, np.asarray(speaks - speaks.mean(axis=1, keepdims=True), np.float32))


@dataclass(frozen=True)
class _Held:
    """Each piece of each text once: in which text (in their order), which row of pieces, how many times."""

    text: Rows
    row: Rows
    times: Rows


def _kept(texts: Sequence[Words]) -> tuple[Mapping[str, int], _Held]:
    """Pieces that are not too rare, with their rows, and where they come. All texts at once: one by one takes a
    second.
    """
    every: dict[str, int] = {}
    of_word: dict[str, list[int]] = {}
    rows = [_rows(words, every, of_word) for words in texts]
    text = np.repeat(np.arange(len(rows)), [len(found) for found in rows])
    place, times = np.unique(text * len(every) + np.asarray(list(chain(*rows)), np.intp), return_counts=True)
    row = place % max(1, len(every))
    keep = np.bincount(row, minlength=len(every)) >= RAREST
    after = np.cumsum(keep) - 1
    held = _Held(place[keep[row]] // max(1, len(every)), after[row[keep[row]]], times[keep[row]])
    return MappingProxyType({piece: int(after[at]) for piece, at in every.items() if keep[at]}), held


def _rows(words: Words, every: dict[str, int], of_word: dict[str, list[int]]) -> list[int]:
    """The pieces of a text as their numbers in `every`, which grows; those of a word are taken apart once."""
    bare, found = _bare(words), list[int]()
    for word in bare:
        if word not in of_word:
            of_word[word] = [every.setdefault(piece, len(every)) for piece in _pieces_of(word)]
        found += of_word[word]
    return found + [every.setdefault(f"{word}+{after}", len(every)) for word, after in pairwise(bare)]


def _counted(rows: Sequence[int]) -> tuple[Rows, Rows]:
    found, times = np.unique(np.asarray(rows, np.intp), return_counts=True)
    return found, times


def _shares(rare: Numbers, times: Rows) -> Numbers:
    """How much each piece of a text weighs: the text has the length one."""
    share = rare * (1 + np.log(times))
    return np.asarray(share / max(float(np.linalg.norm(share)), 1e-9), np.float32)


def _pieces(words: Words) -> Iterator[str]:
    """Words, pairs of words, and pieces of words. Numbers say nothing."""
    bare = _bare(words)
    yield from (f"{word}+{after}" for word, after in pairwise(bare))
    yield from chain.from_iterable(_pieces_of(word) for word in bare)


def _bare(words: Words) -> list[str]:
    return [word.translate(BARE) for word in words if not word.isdigit()]


def _pieces_of(word: str) -> Iterator[str]:
    """ "las" → "=las", " la", "las", "as ", " las", …"""
    yield f"={word}"
    spaced = f" {word} "
    for length in range(SHORTEST_PIECE, LONGEST_PIECE + 1):
        yield from (spaced[at : at + length] for at in range(len(spaced) - length + 1))
