"""What a text resembles: it is held against examples that people wrote, each with its label.

Multinomial logistic regression over pieces of words (TF-IDF, each text of length one), learnt from the examples by
stochastic gradient descent, in some seconds: nothing is fetched. What was learnt can be kept in a file under a key.
Here is all that what is learnt depends on besides the examples, from the words of a text to the file, and nothing else:
a change of this module makes every start learn anew until the set-up has run. Not here: whose examples they are
(data/*.csv) and what is made of the likeness (recognition). docs/decisions/0019 says what else was tried.
"""

import ast
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

Words = Sequence[str]
Example = tuple[Words, str]  # the words of a text, and its label
Numbers = NDArray[np.float32]
Rows = NDArray[np.intp]
Held = tuple[Rows, Numbers]  # a text: its pieces, each once, and how much each of them weighs

# Only so much of a text is analysed: the beginning and the end, where the trouble usually is told.
FIRST_CHARACTERS, LAST_CHARACTERS = 3000, 1000
FIRST_WORDS, LAST_WORDS = 140, 40
LONGEST_WORD = 40
INVISIBLE = dict.fromkeys(
    [0xAD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)
NEIGHBOURS = str.maketrans("æøéèü", "äöeeu")  # as other keyboards write them
MARKUP = re.compile(r"<[@#!][^<>]{0,80}>|\u2039[^\u2039\u203a]{1,40}\u203a|:[a-z0-9_+'-]{1,40}:")
WORD = re.compile(r"[^\W_]+")

SHORTEST_PIECE, LONGEST_PIECE = 3, 4  # letters, the gap before and after a word counted
RAREST = 2  # a piece of one single example teaches nothing

COMMON = 0.02  # how much of a step goes into how common a label is

BARE = str.maketrans("åäö", "aao")  # many write without dots and rings: here nobody has them


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: small letters, no markup, bounded."""
    clipped = _ends(text, FIRST_CHARACTERS, LAST_CHARACTERS)
    plain = unicodedata.normalize("NFKC", clipped.translate(INVISIBLE)).casefold().translate(NEIGHBOURS)
    spoken = MARKUP.sub(" ", _ends(plain, FIRST_CHARACTERS, LAST_CHARACTERS))
    found = [word[:LONGEST_WORD] for word in WORD.findall(spoken)]
    return tuple(found if len(found) <= FIRST_WORDS + LAST_WORDS else found[:FIRST_WORDS] + found[-LAST_WORDS:])


def _ends(text: str, first: int, last: int) -> str:
    return text if len(text) <= first + last else f"{text[:first]} {text[-last:]}"


@dataclass(frozen=True)
class Course:
    """How examples are gone through. `times`: each of them; more learns them by heart. `unread`: the share of a text's
    pieces that is left out, others each time, so that no text is known by its name alone. `step`, `last_step`: how far
    an example moves the weights, at the beginning and at the end. `mean_of`: so many of the last times are averaged.
    """

    times: int = 3
    unread: float = 0.0
    step: float = 2.0
    last_step: float = 0.01
    mean_of: int = 1


PLAIN = Course()


@dataclass(frozen=True, eq=False)
class Likeness:
    """`row`: piece → its row. `rare`: what a piece says by being rare. `speaks`: row x label. `common`: per label."""

    labels: tuple[str, ...]
    row: Mapping[str, int]
    rare: Numbers
    speaks: Numbers
    common: Numbers

    def of(self, words: Words) -> Mapping[str, float]:
        """Label → how much speaks for it, 0 on average: natural logarithms; all 0 where no piece is known."""
        rows, times = _counted([self.row[piece] for piece in _pieces(words) if piece in self.row])
        if not len(rows):
            return dict.fromkeys(self.labels, 0.0)
        said = _shares(self.rare[rows], times) @ self.speaks[rows] + self.common
        return dict(zip(self.labels, (said - said.mean()).tolist(), strict=True))


def learn(examples: Sequence[Example], course: Course = PLAIN) -> Likeness:
    """At least one example. The same examples give the same likeness."""
    labels = tuple(dict.fromkeys(label for _, label in examples))
    row, held = _kept([words for words, _ in examples])
    often = np.bincount(np.concatenate([rows for rows, _ in held]), minlength=len(row))
    rare = np.asarray(np.log((1 + len(examples)) / (1 + often)) + 1, np.float32)
    texts = [(rows, _shares(rare[rows], times)) for rows, times in held]
    place = {label: at for at, label in enumerate(labels)}
    right = [place[label] for _, label in examples]
    speaks, common = _descended(texts, right, (len(row), len(labels)), course)
    return Likeness(labels, row, rare, speaks, common)


@cache
def way() -> bytes:
    """How it is learnt and kept, as a key: this module's own code."""
    return meant(Path(__file__).read_text(encoding="utf-8"))


def meant(source: str) -> bytes:
    """What a source does, without its comments and its layout."""
    return ast.dump(ast.parse(source)).encode()


def keep(like: Likeness, file: Path) -> None:
    """Whole or not at all: somebody may be reading it."""
    new = file.with_suffix(".new.npz")
    pieces = np.array("\n".join(like.row))  # in the order of their rows; an array of texts would be ten times as large
    np.savez(new, labels=np.array(like.labels), pieces=pieces, rare=like.rare, speaks=like.speaks, common=like.common)
    new.replace(file)


def kept(file: Path) -> Likeness | None:
    """None where there is no such file, or half of one."""
    try:
        with np.load(file, allow_pickle=False) as found:
            pieces = str(found["pieces"]).split("\n")
            row = MappingProxyType({piece: at for at, piece in enumerate(pieces)})
            return Likeness(tuple(found["labels"].tolist()), row, found["rare"], found["speaks"], found["common"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def _descended(
    texts: Sequence[Held], right: Sequence[int], shape: tuple[int, int], course: Course
) -> tuple[Numbers, Numbers]:
    """Each example in turn moves the weights of its pieces, the further the more it was misjudged."""
    speaks, common = np.zeros(shape, np.float32), np.zeros(shape[1], np.float32)
    sums = np.zeros_like(speaks), np.zeros_like(common)
    chance = np.random.default_rng(0)  # a fixed order: what is learnt is the same at every start
    steps = np.linspace(course.step, course.last_step, course.times * len(texts), dtype=np.float32)
    for time, paces in enumerate(np.split(steps, course.times)):
        for step, at in zip(paces, chance.permutation(len(texts)).tolist(), strict=True):
            rows, share = _some(texts[at], chance, course.unread) if course.unread else texts[at]
            theirs = speaks.take(rows, 0)
            wrong = _chances(share @ theirs + common)
            wrong[right[at]] -= 1
            theirs -= np.multiply.outer(share * step, wrong)
            speaks[rows] = theirs  # each row is there once
            common -= COMMON * step * wrong
        if time >= course.times - course.mean_of:
            for whole, weights in zip(sums, (speaks, common), strict=True):
                whole += weights / course.mean_of
    return sums


def _some(text: Held, chance: np.random.Generator, unread: float) -> Held:
    """A part of a text, of length one again."""
    rows, share = text
    read = chance.random(len(rows), np.float32) >= unread
    part = share[read]
    return rows[read], part / max(float(np.linalg.norm(part)), 1e-9)


def _chances(points: Numbers) -> Numbers:
    powers = np.exp(points - points.max())
    chances: Numbers = powers / powers.sum()
    return chances


def _kept(texts: Sequence[Words]) -> tuple[Mapping[str, int], list[tuple[Rows, Rows]]]:
    """Pieces that are not too rare, with their rows; and of each text its rows, each once, and how often they come."""
    every: dict[str, int] = {}
    known: dict[str, list[int]] = {}  # a word → its pieces: most words come again and again
    held = [_counted(_numbered(_bare(words), every, known)) for words in texts]
    keep = np.bincount(np.concatenate([rows for rows, _ in held]), minlength=len(every)) >= RAREST
    after = np.cumsum(keep) - 1
    row = {piece: int(after[at]) for piece, at in every.items() if keep[at]}
    return MappingProxyType(row), [(after[rows[keep[rows]]], times[keep[rows]]) for rows, times in held]


def _numbered(words: Words, every: dict[str, int], known: dict[str, list[int]]) -> list[int]:
    rows: list[int] = []
    for word in words:
        if word not in known:
            known[word] = [every.setdefault(piece, len(every)) for piece in _of_word(word)]
        rows += known[word]
    rows += [every.setdefault(pair, len(every)) for pair in _pairs(words)]
    return rows


def _counted(rows: Sequence[int]) -> tuple[Rows, Rows]:
    times = Counter(rows)  # in the order in which they come: a tenth of the time that sorting takes
    return np.fromiter(times, np.intp, len(times)), np.fromiter(times.values(), np.intp, len(times))


def _shares(rare: Numbers, times: Rows) -> Numbers:
    """How much each piece of a text weighs: the text has the length one."""
    share = rare * (1 + np.log(times))
    return np.asarray(share / max(float(np.linalg.norm(share)), 1e-9), np.float32)


def _pieces(words: Words) -> Iterator[str]:
    """Words, pieces of words, and pairs of words: "lås" → "=las", " la", "las", "as ", … Numbers say nothing."""
    bare = _bare(words)
    for word in bare:
        yield from _of_word(word)
    yield from _pairs(bare)


def _bare(words: Words) -> list[str]:
    return [word.translate(BARE) for word in words if not word.isdigit()]


def _of_word(word: str) -> Iterator[str]:
    yield f"={word}"
    spaced = f" {word} "
    for length in range(SHORTEST_PIECE, LONGEST_PIECE + 1):
        yield from (spaced[at : at + length] for at in range(len(spaced) - length + 1))


def _pairs(words: Words) -> Iterator[str]:
    return (f"{word}+{after}" for word, after in pairwise(words))
