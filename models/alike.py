"""Words that say much the same: "buller", "surrar" and "oväsen" are one sense.

Lives here: the senses of a text by the sheet `alike`, and how usual each is where people write about a tool. Not here:
what is made of it (similar).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models import recognition
from models.catalogue import Catalogue

Numbers = NDArray[np.float32]
Words = Sequence[str]

SHORTEST, ENDING = 4, 4  # letters of the last part of a compound, and at most so many after it
SHORTEST_HEAD = 3
STEADY = 20  # phrasings of all tools that count for each tool


@dataclass(frozen=True, eq=False)
class Senses:
    """Which senses (by number) words have. `usual`: tool → of each sense how likely a text about the tool has it."""

    size: int
    whole: Mapping[str, frozenset[int]]
    beginnings: Mapping[str, frozenset[int]]
    endings: Mapping[str, frozenset[int]]
    phrases: Mapping[str, Sequence[tuple[tuple[str, ...], int]]]
    usual: Mapping[str, Numbers] = field(default_factory=dict)
    everywhere: Numbers = field(default_factory=lambda: np.zeros(0, np.float32))

    def of(self, words: Words) -> list[int]:
        """Each once, in order. Without dots and rings, since many write so."""
        bare = bare_of(words)
        return sorted(self.together(bare).union(*map(self.of_word, bare)))

    def together(self, bare: Words) -> set[int]:
        """Of words that stand together."""
        begun = ((at, *each) for at, word in enumerate(bare) for each in self.phrases.get(word, ()))
        return {sense for at, phrase, sense in begun if tuple(bare[at : at + len(phrase)]) == phrase}

    def of_word(self, word: str) -> frozenset[int]:
        return self.whole.get(word, frozenset[int]()).union(
            *(self.beginnings.get(word[:size], ()) for size in range(2, len(word) + 1)),
            *(self._of_tail(word[at:]) for at in range(SHORTEST_HEAD, len(word) - SHORTEST + 1)),
            *(self.endings.get(word[at:], ()) for at in range(1, len(word) - 2)),
        )

    def _of_tail(self, tail: str) -> frozenset[int]:
        """"kortläsaren": what a compound ends with."""
        sizes = range(max(SHORTEST, len(tail) - ENDING), len(tail) + 1)
        both = (each.get(tail[:size], frozenset[int]()) for size in sizes for each in (self.whole, self.beginnings))
        return frozenset[int]().union(*both)

    def expected(self, tools: Mapping[str, float]) -> Numbers:
        """How likely each sense is in a text that is about these tools with such likelihoods; never 0."""
        told = sum((self.usual[key] * share for key, share in tools.items() if key in self.usual), 0 * self.everywhere)
        return np.asarray((told + self.everywhere) / 2, np.float32)


def bare_of(words: Words) -> list[str]:
    return [word.translate(recognition.BARE) for word in words]


@lru_cache(maxsize=2)
def senses(catalogue: Catalogue) -> Senses:
    found = _sorted(catalogue.alike)
    usual, everywhere = _usual(_told(found, catalogue), found.size)
    return replace(found, usual=usual, everywhere=everywhere)


def _told(found: Senses, catalogue: Catalogue) -> Iterator[tuple[str, list[int]]]:
    """The senses of each phrasing. Each word is looked up once: most come again and again. One text after the other:
    with all their words at once the process grew by 11 MB instead of 6.
    """
    of_word = lru_cache(maxsize=None)(found.of_word)
    for tool, text in catalogue.phrasings:
        words = bare_of(recognition.words_of(text))
        yield tool, [*found.together(words).union(*map(of_word, words))]


def _sorted(rows: Sequence[Sequence[str]]) -> Senses:
    kinds: tuple[dict[str, set[int]], ...] = (defaultdict(set), defaultdict(set), defaultdict(set))
    phrases: dict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
    for sense, row in enumerate(rows):
        for entry in row:
            words = tuple(bare_of(recognition.words_of(entry)))
            if len(words) > 1:
                phrases[words[0]].append((words, sense))
            elif words:
                kinds[1 if entry.endswith("*") else 2 if entry.startswith("*") else 0][words[0]].add(sense)
    whole, beginnings, endings = ({word: frozenset(held) for word, held in kind.items()} for kind in kinds)
    return Senses(len(rows), whole, beginnings, endings, phrases)


def _usual(every: Iterable[tuple[str, list[int]]], size: int) -> tuple[dict[str, Numbers], Numbers]:
    """Counted in the phrasings; a tool with few of them is much like all."""
    often, texts = defaultdict[str, Numbers](lambda: np.zeros(size, np.float32)), Counter[str]()
    for tool, found in every:
        texts[tool] += 1
        often[tool][found] += 1
    everywhere = _share(sum(often.values(), np.ones(size, np.float32)), texts.total() + 2)
    usual = {tool: _share(held + STEADY * everywhere, texts[tool] + STEADY) for tool, held in often.items()}
    return usual, everywhere


def _share(times: Numbers, of: int) -> Numbers:
    return np.asarray(times / of, np.float32)
