"""Which answers are likely about the same trouble as a text.

Lives here: the index of answers, in memory, and what makes two texts alike. Pure: it is given texts and keeps numbers
only, so that an answer that was erased is in no file and in no memory. Not here: the answers themselves and who may
see them (answers), and following the database (shelf). docs/decisions/0024 says what each step gave.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress
from math import exp, inf, log
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from models import alike, recognition
from models.catalogue import Catalogue, Kind
from models.recognition import Reading

Id = int | str
Words = Sequence[str]
Numbers = NDArray[np.float32]
Places = NDArray[np.int32]
Weighed = tuple[Places, Numbers]  # each once, and what it weighs

MOST_SHOWN = 3
KINDS = tuple(Kind)
PLACES = 1 << 18  # of pieces of words
NONE = -1
SIZE = 4  # letters of a piece, the gap before and after a word counted
LONG = 400  # characters of an answer: what it is about is said early
FAINT = 0.02  # how likely a common tool is at least
ANOTHER = 0.1  # of what two texts on any topics share by chance: so much they have at least
TINY = 1e-9
SOME = 500  # answers that are gone through at a time
USUAL = 1.0  # a sense that one text in e has says nothing

# What the evidence weighs, and what speaks for none: fitted (benchmarks/answers.py --fit, docs/decisions/0024).
WEIGHTS = np.array([1.28, 0.5, 1.12, 0.47, -0.08, 0.38, -1.03, 0.6], np.float32)
NOTHING = 1.01
SHOWN_FROM, BESIDE_FROM = 0.24, 0.07  # the best, and others beside it: docs/decisions/0024
NEAR_FROM = 0.03  # for who searches and can pass over what is not hers
SAME_TOOL = 0.01  # how likely the tool of what is shown is at least
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
class Rows:
    """Of each answer some numbers, each with a weight; of answer `at` those from `starts[at]` on."""

    starts: Places = field(default_factory=lambda: np.zeros(0, np.int32))
    places: Places = field(default_factory=lambda: np.zeros(0, np.int32))
    weights: Numbers = field(default_factory=lambda: np.zeros(0, np.float32))

    def with_(self, new: Sequence[Weighed]) -> "Rows":
        more = [(np.append(places, NONE), np.append(weights, 0)) for places, weights in new]  # none is quite empty
        sizes = [len(places) for places, _ in more]
        return Rows(
            starts=np.append(self.starts, len(self.places) + np.cumsum([0, *sizes[:-1]])).astype(np.int32),
            places=np.concatenate([self.places, *(places for places, _ in more)]).astype(np.int32),
            weights=np.concatenate([self.weights, *(weights for _, weights in more)]).astype(np.float32),
        )

    def those(self, stay: NDArray[np.bool_]) -> "Rows":
        sizes = np.diff(np.append(self.starts, len(self.places)))
        held = np.repeat(stay, sizes)
        starts = np.append(0, np.cumsum(sizes[stay]))[:-1].astype(np.int32)
        return Rows(starts, self.places[held], self.weights[held])

    def summed(self, asked: Numbers, *weights: Numbers | None) -> list[Numbers]:
        """Of each answer the sum over its numbers by each of `weights`; by None as they are. Some answers at a time:
        what is held meanwhile stays small, and near the processor.
        """
        sums: list[Numbers] = [np.zeros(len(self.starts), np.float32) for _ in weights]
        ends = [*self.starts[SOME::SOME], len(self.places)]
        for at, end in zip(range(0, len(self.starts), SOME), ends, strict=False):
            starts = self.starts[at : at + SOME]
            part = slice(int(starts[0]), int(end))
            found = asked.take(self.places[part])
            for whole, by in zip(sums, weights, strict=True):
                of_each = found if by is None else found * by[part]
                np.add.reduceat(of_each, starts - starts[0], out=whole[at : at + SOME])
        return sums


@dataclass(frozen=True, eq=False)
class Index:
    """Answers as numbers. `about`: how likely each tool (a column, in the order of `keys`) is. `kinds`: of question, by
    its place in KINDS. `topics`: how likely its question is about each topic of trouble. `pieces`: pieces of words.
    `senses`: what the words mean (alike), with a weight if the question has it too.
    """

    ids: tuple[Id, ...] = ()
    keys: tuple[str, ...] = ()
    about: Numbers = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    kinds: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    topics: Numbers = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    pieces: Rows = field(default_factory=Rows)
    senses: Rows = field(default_factory=Rows)

    def with_(self, known: Iterable[Known], catalogue: Catalogue) -> "Index":
        """More answers, or other words of those that it has."""
        new = list({each.id: each for each in known}.values())
        kept = self.without([each.id for each in new])
        if not new:
            return kept
        keys = tuple(dict.fromkeys([*kept.keys, *catalogue.tools]))
        read = [recognition.read(f"{each.question} {each.answer[:LONG]}", catalogue=catalogue) for each in new]
        tools = [_tools(each, reading) for each, reading in zip(new, read, strict=True)]
        words = [(_words(each.question, catalogue), _words(each.answer[:LONG], catalogue)) for each in new]
        about = np.array([_row(likely, keys) for likely in tools], np.float32)
        return Index(
            ids=(*kept.ids, *(each.id for each in new)),
            keys=keys,
            about=_below(kept.about, about),
            kinds=np.append(kept.kinds, [KINDS.index(reading.kind) for reading in read]).astype(np.int8),
            topics=_below(kept.topics, np.array([_topics(each.question, catalogue) for each in new], np.float32)),
            pieces=kept.pieces.with_([_weighed([*asked, *said], catalogue) for asked, said in words]),
            senses=kept.senses.with_([_sensed(*each, catalogue) for each in zip(words, tools, strict=True)]),
        )

    def without(self, ids: Iterable[Id]) -> "Index":
        gone = frozenset(ids)
        stay = np.array([each not in gone for each in self.ids], bool)
        if stay.all():
            return self
        return Index(
            ids=tuple(compress(self.ids, stay)),
            keys=self.keys,
            about=self.about[stay],
            kinds=self.kinds[stay],
            topics=self.topics[stay],
            pieces=self.pieces.those(stay),
            senses=self.senses.those(stay),
        )

    def nearest(self, text: str, reading: Reading, catalogue: Catalogue, limit: int = 5) -> tuple[Found, ...]:
        """The likeliest first, however unlikely."""
        return self._best(self.evidence(text, reading, catalogue), limit) if self.ids else ()

    def near(self, text: str, reading: Reading, catalogue: Catalogue, limit: int) -> tuple[Found, ...]:
        """What somebody who searches is shown: the likeliest first, and nothing that is about something else."""
        return tuple(each for each in self.nearest(text, reading, catalogue, limit) if each.score >= NEAR_FROM)

    def likely(self, text: str, reading: Reading, catalogue: Catalogue, limit: int = MOST_SHOWN) -> tuple[Found, ...]:
        """What an asker is shown: nothing, unless it is likely the same trouble, and a ready answer may stand there."""
        if not self.ids or not reading.answerable:
            return ()
        evidence = self.evidence(text, reading, catalogue)
        evidence[evidence[:, 0] < log(SAME_TOOL + FAINT), 0] = -inf
        found = self._best(evidence, limit)
        return tuple(each for each in found if each.score >= BESIDE_FROM) if found[0].score >= SHOWN_FROM else ()

    def _best(self, evidence: Numbers, limit: int) -> tuple[Found, ...]:
        points = evidence @ WEIGHTS - NOTHING
        best = np.argsort(-points, kind="stable")[:limit]
        return tuple(Found(self.ids[at], round(1 / (1 + exp(-points[at])), 4)) for at in best)

    def evidence(self, text: str, reading: Reading, catalogue: Catalogue) -> Numbers:
        """A row an answer: the same tool; pieces of words; senses shared with its question (of length one), with all of
        it, and with its question, the rarer with this tool the more; the same kind; how sure the tool is, for the
        less sure it is the less can any answer have of it; and the same topic of trouble, the rarer the more.
        """
        said = {scored.key: scored.score for scored in reading.tools}
        words = _words(text, catalogue)
        found, worth = _worth(words, said, catalogue)
        meant, long = _spread(found, worth, alike.senses(catalogue).size), max(float(np.linalg.norm(worth)), TINY)
        of_question = np.asarray(self.senses.weights > 0, np.float32)
        near, every, asked = self.senses.summed(meant, self.senses.weights, None, of_question)
        topics = _topics(text, catalogue) / _often(catalogue)
        columns = (
            np.log(self.about @ _row(said, self.keys) + FAINT),
            *self.pieces.summed(_spread(*_weighed(words, catalogue), PLACES), self.pieces.weights),
            near / long,
            every,
            asked,
            np.asarray(self.kinds == KINDS.index(reading.kind), np.float32),
            np.full(len(self.ids), max(said.values(), default=0.0), np.float32),
            np.log(self.topics @ topics + ANOTHER),
        )
        return np.stack(columns, axis=1)


EMPTY = Index()


def _words(text: str, catalogue: Catalogue) -> Words:
    """What it is called is the tool's business."""
    return recognition.unnamed(text, catalogue)


def _tools(known: Known, reading: Reading) -> Mapping[str, float]:
    said = {scored.key: scored.score for scored in reading.tools}
    if not known.tools:
        return said
    own = {key: OWN / len(known.tools) for key in known.tools}
    return {key: own.get(key, 0.0) + (1 - OWN) * said.get(key, 0.0) for key in {*own, *said}}


def _below(kept: Numbers, new: Numbers) -> Numbers:
    """More rows; what was kept knows nothing of columns that are new."""
    return np.vstack([np.pad(kept, ((0, 0), (0, new.shape[1] - kept.shape[1]))), new])


def _topics(text: str, catalogue: Catalogue) -> Numbers:
    """How likely each topic of trouble is, in the order of `_often`."""
    return _row(recognition.topics(text, catalogue), list(_counted(catalogue)))


@lru_cache(maxsize=2)
def _counted(catalogue: Catalogue) -> Counter[str]:
    return Counter(topic for topic, _ in catalogue.topics)


@lru_cache(maxsize=2)
def _often(catalogue: Catalogue) -> Numbers:
    """How usual each topic is."""
    times = np.array(list(_counted(catalogue).values()), np.float32)
    return np.asarray(times / max(times.sum(), 1), np.float32)


def _row(said: Mapping[str, float], keys: Sequence[str]) -> Numbers:
    return np.array([said.get(key, 0.0) for key in keys], np.float32)


def _spread(places: Places, weights: Numbers, size: int) -> Numbers:
    row = np.zeros(size + 1, np.float32)  # the last place is NONE
    row[places] = weights
    return row


def _worth(words: Words, tools: Mapping[str, float], catalogue: Catalogue) -> Weighed:
    """The senses of words, and what each says beside its tool: "natt" says little of a camera at night."""
    senses = alike.senses(catalogue)
    found = np.array(senses.of(words), np.int32)
    return found, np.asarray(np.maximum(-np.log(senses.expected(tools)[found]) - USUAL, 0), np.float32)


def _sensed(words: tuple[Words, Words], tools: Mapping[str, float], catalogue: Catalogue) -> Weighed:
    """All senses of question and answer; those of its question with their weights, of length one."""
    asked, worth = _worth(words[0], tools, catalogue)
    whole, _ = _worth(words[1], tools, catalogue)
    row = _spread(asked, worth / max(float(np.linalg.norm(worth)), TINY), alike.senses(catalogue).size)
    every = np.union1d(whole, asked).astype(np.int32)
    return every, row[every]


def _weighed(words: Words, catalogue: Catalogue) -> Weighed:
    """The pieces of words, and what each weighs: the rarer in what people write, the more. Of length one."""
    times = Counter(place for word in _bare(words) for place in _pieces(word))
    places = np.fromiter(times, np.int32, len(times))
    often = np.fromiter(times.values(), np.float32, len(times))
    weights = _rare(catalogue)[places] * (1 + np.log(often))
    return places, np.asarray(weights / max(float(np.linalg.norm(weights)), TINY), np.float32)


def _bare(words: Sequence[str]) -> list[str]:
    """Numbers say nothing."""
    return [word for word in alike.bare_of(words) if not word.isdigit()]


def _pieces(word: str) -> list[int]:
    """The word and its pieces, as places: two that share one are rare enough."""
    spaced = f" {word} "
    cut = (spaced[at : at + SIZE] for at in range(len(spaced) - SIZE + 1))
    return [crc32(piece.encode()) % PLACES for piece in (f"={word}", *cut)]


@lru_cache(maxsize=2)
def _rare(catalogue: Catalogue) -> Numbers:
    """How rare the piece of each place is in the phrasings: far more texts than any bank of answers has."""
    often = np.zeros(PLACES, np.float32)
    texts = (set(_bare(recognition.words_of(text))) for _, text in catalogue.phrasings)
    for word, times in Counter(word for words in texts for word in words).items():
        often[list(set(_pieces(word)))] += times
    every = len(catalogue.phrasings)
    return np.asarray(np.log((1 + every) / (1 + np.minimum(often, every))), np.float32)
