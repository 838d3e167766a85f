"""Which answers are likely about the same trouble as a text.

Lives here: the index of answers, in memory, and what makes two texts alike. Pure: it is given texts and keeps numbers
only, so that an answer that was erased is in no file and in no memory. Not here: the answers themselves and who may
see them (answers), and following the database (shelf). docs/decisions/0023 says what each step gave.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from models import recognition
from models.catalogue import Catalogue, Urgency
from models.recognition import Decision, Reading

Id = int | str
Numbers = NDArray[np.float32]
Places = NDArray[np.int32]

MOST_SHOWN = 3
PLACES = 1 << 18  # of pieces of words
SIZES = (3, 4, 5)  # letters of a piece, the gap before and after a word counted
LONG = 400  # characters of an answer: what it is about is said early
FAINT = 0.02  # how likely a common tool is at least
SAME_TOOL, ALIKE, NEVER = 1.0, 10.0, -1.0
SHOWN_FROM, BESIDE_FROM = 0.5, 0.05  # the best, and others beside it
OWN = 0.7  # of an answer's tools: as its specialist says; the rest as its words say


@dataclass(frozen=True)
class Known:
    """An answer as it is searched. `tools`: whose it is; none where nobody has said so."""

    id: Id
    question: str
    answer: str
    tools: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """`score`: how likely it is the same trouble, 0 to 1."""

    id: Id
    score: float


@dataclass(frozen=True, eq=False)
class Index:
    """Answers as numbers, one after another: of answer `at` the pieces from `starts[at]` on, and what each weighs.

    `about`: how likely each tool (a column, in the order of `keys`) is.
    """

    ids: tuple[Id, ...] = ()
    keys: tuple[str, ...] = ()
    about: Numbers = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    starts: Places = field(default_factory=lambda: np.zeros(0, np.int32))
    pieces: Places = field(default_factory=lambda: np.zeros(0, np.int32))
    weights: Numbers = field(default_factory=lambda: np.zeros(0, np.float32))

    def with_(self, known: Iterable[Known], catalogue: Catalogue) -> "Index":
        """More answers, or other words of those that it has."""
        new = list({each.id: each for each in known}.values())
        kept = self.without([each.id for each in new])
        if not new:
            return kept
        keys = tuple(dict.fromkeys([*kept.keys, *catalogue.tools]))
        texts = [_weighed(f"{each.question} {each.answer[:LONG]}", catalogue) for each in new]
        sizes = [len(pieces) for pieces, _ in texts]
        about = np.array([_row(_tools(each, catalogue), keys) for each in new], np.float32)
        return Index(
            ids=(*kept.ids, *(each.id for each in new)),
            keys=keys,
            about=np.vstack([np.pad(kept.about, ((0, 0), (0, len(keys) - len(kept.keys)))), about]),
            starts=np.append(kept.starts, len(kept.pieces) + np.cumsum([0, *sizes[:-1]])).astype(np.int32),
            pieces=np.concatenate([kept.pieces, *(pieces for pieces, _ in texts)]),
            weights=np.concatenate([kept.weights, *(weights for _, weights in texts)]),
        )

    def without(self, ids: Iterable[Id]) -> "Index":
        gone = frozenset(ids)
        stay = np.array([each not in gone for each in self.ids], bool)
        if stay.all():
            return self
        sizes = np.diff(np.append(self.starts, len(self.pieces)))
        held = np.repeat(stay, sizes)
        return Index(
            ids=tuple(each for each in self.ids if each not in gone),
            keys=self.keys,
            about=self.about[stay],
            starts=np.append(0, np.cumsum(sizes[stay]))[:-1].astype(np.int32),
            pieces=self.pieces[held],
            weights=self.weights[held],
        )

    def nearest(self, text: str, reading: Reading, catalogue: Catalogue, limit: int = 5) -> tuple[Found, ...]:
        """The likeliest first, however unlikely."""
        if not self.ids:
            return ()
        scores = self._scores(text, reading, catalogue)
        best = np.argsort(-scores, kind="stable")[:limit]
        return tuple(Found(self.ids[at], round(float(scores[at]), 4)) for at in best)

    def likely(self, text: str, reading: Reading, catalogue: Catalogue, limit: int = MOST_SHOWN) -> tuple[Found, ...]:
        """What an asker is shown: nothing, unless it is likely the same trouble."""
        if not answerable(reading):
            return ()
        found = self.nearest(text, reading, catalogue, limit)
        shown = bool(found) and found[0].score >= SHOWN_FROM
        return tuple(each for each in found if each.score >= BESIDE_FROM) if shown else ()

    def _scores(self, text: str, reading: Reading, catalogue: Catalogue) -> Numbers:
        said = {scored.key: scored.score for scored in reading.tools}
        about = self.about @ _row(said, self.keys)
        points = SAME_TOOL * np.log(about + FAINT) + ALIKE * self._alike(text, catalogue) + NEVER
        return np.asarray(1 / (1 + np.exp(-points)), np.float32)

    def _alike(self, text: str, catalogue: Catalogue) -> Numbers:
        """Cosines."""
        pieces, weights = _weighed(text, catalogue)
        asked = np.zeros(PLACES, np.float32)
        asked[pieces] = weights
        return np.add.reduceat(np.append(asked[self.pieces] * self.weights, 0), self.starts).astype(np.float32)


EMPTY = Index()


def answerable(reading: Reading) -> bool:
    """Not where somebody may be in danger, nor what is not ours, nor where no tool is in sight."""
    return reading.urgency is not Urgency.ACUTE and reading.decision not in (Decision.REDIRECT, Decision.NONE)


def _tools(known: Known, catalogue: Catalogue) -> Mapping[str, float]:
    read = recognition.read(f"{known.question} {known.answer[:LONG]}", catalogue=catalogue)
    said = {scored.key: scored.score for scored in read.tools}
    if not known.tools:
        return said
    own = {key: OWN / len(known.tools) for key in known.tools}
    return {key: own.get(key, 0.0) + (1 - OWN) * said.get(key, 0.0) for key in {*own, *said}}


def _row(said: Mapping[str, float], keys: Sequence[str]) -> Numbers:
    return np.array([said.get(key, 0.0) for key in keys], np.float32)


def _weighed(text: str, catalogue: Catalogue) -> tuple[Places, Numbers]:
    """The pieces of a text by their places, and what each weighs: the rarer in what people write, the more."""
    times = Counter(place for word in _bare(text) for place in _pieces(word))
    places = np.fromiter(times, np.int32, len(times))
    often = np.fromiter(times.values(), np.float32, len(times))
    weights = _rare(catalogue)[places] * (1 + np.log(often))
    return places, np.asarray(weights / max(float(np.linalg.norm(weights)), 1e-9), np.float32)


def _bare(text: str) -> list[str]:
    """Many write without dots and rings: here nobody has them. Numbers say nothing."""
    return [word.translate(recognition.BARE) for word in recognition.words_of(text) if not word.isdigit()]


def _pieces(word: str) -> list[int]:
    """The word and its pieces, as places: two that share one are rare enough."""
    spaced = f" {word} "
    cut = (spaced[at : at + size] for size in SIZES for at in range(len(spaced) - size + 1))
    return [crc32(piece.encode()) % PLACES for piece in (f"={word}", *cut)]


@lru_cache(maxsize=2)
def _rare(catalogue: Catalogue) -> Numbers:
    """How rare the piece of each place is in the phrasings: far more texts than any bank of answers has."""
    often = np.zeros(PLACES, np.float32)
    for word, times in Counter(word for _, text in catalogue.phrasings for word in set(_bare(text))).items():
        often[list(set(_pieces(word)))] += times
    every = len(catalogue.phrasings)
    return np.asarray(np.log((1 + every) / (1 + np.minimum(often, every))), np.float32)
