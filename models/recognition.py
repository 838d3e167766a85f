"""What a text is about: which tool, what sort of trouble, how urgent, and what to do with it.

Lives here: the matching of words against the catalogue, what that and the likeness to its phrasings (likeness) make
together, and the small talk around a question. Not here: the words themselves (data/*.csv), who then helps (ladder),
and what must be hidden (secrecy). Nothing here remembers a text.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from hashlib import sha256
from math import exp, prod, sqrt
from operator import mul
from pathlib import Path
from types import MappingProxyType

from models import catalogue as catalogues
from models import likeness
from models.catalogue import MEDICATION, REDIRECT, Catalogue, Signal, Tool
from models.catalogue import Kind as Kind
from models.catalogue import Urgency as Urgency
from models.likeness import BARE as BARE
from models.likeness import FIRST_CHARACTERS, NEIGHBOURS, PLAIN, WORD, Course, Likeness
from models.likeness import words_of as words_of

MOST_TOOLS = 5

NAMED, MISSPELT, GENERAL, HINTED = 0.85, 0.75, 0.45, 0.35  # how much one mention says; several add up
COMPOUND, NEARLY = 0.85, 0.8  # how much of that is left inside a compound, and with one letter wrong
ONLY_HINTS = 0.58  # hints alone never make sure
FAINT = 0.2  # too little to speak of

# How much the evidence weighs in a text's score for a tool: fitted to the phrasings, each read by a likeness that had
# not seen it (docs/decisions/0019). A product is one thing; "the telephone" is named in texts about everything.
LIKE, NOTHING = 0.7, 0.5
NAMED_BY, CALLED, VAGUE_PRODUCT, VAGUELY, HINTED_AT = 5.4, 4.3, 7.6, 1.5, 2.1
UNTOLD = 9.0  # a name of a tool without a phrasing: nothing else can speak for it
SURE, UNNAMED_SURE, AHEAD = 0.84, 0.96, 0.2  # the best score when sure, where it is named and not; and its lead
AGREED = 0.05  # how likely it is by its likeness alone
WHERE_TOLD = 0.002  # and by that of the part alone that tells the trouble
CLEAR = 0.6  # names and hints that leave no doubt
TOPIC_LIKE = 1.2  # how much likeness says of the topic
OF_TOOLS = Course(times=8, unread=0.5, step=4.0, last_step=1.0, mean_of=4)  # how its phrasings are learnt
OF_TOPICS = Course(times=8)  # few rows
NO_TOOL = ""
KEPT = Path(__file__).parent / "data"

# "Larmet och kameran går bra, men nu står det …": in a longer text what goes well is told first, the trouble after the
# last of these words, or in its later half.
TURNS = frozenset({"men", "fast", "fastän", "däremot", "dock", "istället", "utan", "sedan", "sen", "but"})
LONG_TURNING, LONG, LATER, LEFT_AND_RIGHT = 10, 18, 0.45, 4
BESIDE, ALONE_BESIDE = 0.0, 0.5  # how much a name before that counts, where another one follows and where none does

# A wording that somebody has corrected: from what likeness on it counts, how much, and when a text says the same.
ALIKE, RECALLED, THE_SAME = 0.5, 9.0, 0.8
STEM = 6  # letters of a word that tell which one it is

# The same for urgency, fitted to urgent.csv: what such texts were like (acute and maybe_acute, each against can_wait),
# what single words say (acute, maybe_acute), how likely a tool is with which somebody depends on us; and a constant.
PRESSES: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        Urgency.ACUTE: (0.64, -0.09, 1.16, 0.16, 0.58, -0.82),
        Urgency.MAYBE_ACUTE: (-0.11, 0.32, -0.24, 0.99, 0.16, -0.01),
        Urgency.CAN_WAIT: (-0.53, -0.23, -0.92, -1.15, -0.74, 0.83),
    }
)
WORDED_ACUTE_FROM = 0.3
ACUTE_FROM, WAITS_FROM, UNSTAKED_WAITS_FROM = 0.46, 0.75, 0.7  # rather too urgent, where something is at stake
NOT_OURS_WAITS_FROM = 0.45
AT_STAKE = 0.45  # without such a tool and without a word that says so nothing is acute: "nej, det hjälpte inte"
FEWEST_WORDS = 3  # of fewer, only what the words say counts
ENOUGH_WORDS = 6  # to be sure of what is not named: "Jag tittar" is no question about a camera

SHORTEST_INFLECTED, SHORTEST_NEARLY = 4, 6
SHORTEST_PART = 4  # of a compound
LONGEST_JOIN = 4  # "trygghets larm", "n p ö": words that belong together
LONGEST_GAP = 4  # words that "…" in a phrase may stand for

ENDINGS = ("n", "en", "et", "na", "ar", "er", "or", "arna", "erna", "orna", "ns", "ens", "ets", "nas", "s")
VOWEL_ENDINGS = {"a": ("or", "orna", "ornas", "ar", "at", "ade"), "e": ("ar", "arna", "arnas")}
DROPPED_VOWEL = re.compile(r"e([lnr])$")  # nyckel, nycklar

APPROVING = re.compile(r":(?:\+1|thumbsup|pray|heart|ok_hand|clap)[a-z0-9_:-]{0,20}:|[👍🙏❤👌👏💚💙]")
EMOJI = re.compile(r":[a-z0-9_+'-]{1,40}:|[\U0001F000-\U0001FAFF\u2600-\u27BF]")

FIRST_KINDS = (
    Kind.ACCESS,
    Kind.FAULT,
    Kind.EQUIPMENT,
    Kind.ROUTINE,
    Kind.HANDLING,
)  # where a text says as much of two

Words = tuple[str, ...]
Told = tuple[tuple[str, str], ...]  # (label, text)


class Decision(StrEnum):
    """Sure (route, or redirect to its owner), unsure (ask), or no digital tool in sight (none)."""

    ROUTE = "route"
    REDIRECT = "redirect"
    ASK = "ask"
    NONE = "none"


@dataclass(frozen=True)
class Scored:
    """A tool that may be meant; `score` from 0 to 1."""

    key: str
    score: float


@dataclass(frozen=True)
class Reading:
    """What a text says. `tools` best first, at most five; `owner` is whom it is for (owners.csv) if redirected.

    A redirect may name no tool at all, or none for sure. `medication`: doses and medicines are spoken of, or the
    machine that gives them.
    """

    tools: tuple[Scored, ...]
    kind: Kind
    urgency: Urgency
    decision: Decision
    owner: str = ""
    medication: bool = False

    @property
    def answerable(self) -> bool:
        """Whether an asker may be shown ready answers: never if it is acute or about medication, where a number to ring
        stands, nor where it is somebody else's to answer or no tool is in sight.
        """
        ours = self.decision not in (Decision.REDIRECT, Decision.NONE)
        return ours and self.urgency is not Urgency.ACUTE and not self.medication


@dataclass(frozen=True)
class Learnt:
    """A wording that somebody has said is about this tool. `kept`: a specialist of the tool says so too."""

    tool: str
    text: str
    kept: bool = False


def read(text: str, *, catalogue: Catalogue | None = None, learnt: tuple[Learnt, ...] = ()) -> Reading:
    """Tool, kind, urgency and decision of a text. Any text will do: it takes bounded time and never raises."""
    heard = _heard(text, catalogue)
    return _judged(heard, _recalled(heard, learnt) if learnt else ())


def topics(text: str, catalogue: Catalogue) -> Mapping[str, float]:
    """What the trouble is, whatever the tool: topic → how likely, 1 together."""
    if not catalogue.topics:
        return {}
    like = _topics(catalogue).of(words_of(text))
    return {scored.key: scored.score for scored in _shares_of_one({key: TOPIC_LIKE * like[key] for key in like})}


def prepare(catalogue: Catalogue) -> None:
    """Now, and not while somebody waits for the first receipt: where nothing is kept, learning takes some seconds."""
    for letters in "åa":  # with dots and rings, and without
        _heard(letters, catalogue)
    topics("a", catalogue)


def is_greeting(text: str, *, catalogue: Catalogue | None = None) -> bool:
    """Nothing but a greeting, small talk, or an emoji that asks for nothing."""
    heard = _heard(text, catalogue)
    if not heard.words:
        return bool(EMOJI.search(text[:FIRST_CHARACTERS])) and not APPROVING.search(text[:FIRST_CHARACTERS])
    return heard.talk("greeting") == heard.places


def is_thanks(text: str, *, catalogue: Catalogue | None = None) -> bool:
    """Nothing but thanks or an ok: what never opens a question again."""
    return _thanks(text, _heard(text, catalogue))


def is_question(text: str, *, catalogue: Catalogue | None = None) -> bool:
    """A first real sentence, which becomes a ticket at once; a fragment waits for the next line."""
    heard = _heard(text, catalogue)
    if _thanks(text, heard):
        return False
    said = heard.places - heard.talk("greeting", "filler")
    if len(said) >= (2 if "?" in text else 3) or _more_than_a_name(said, heard):
        return True
    return _judged(heard).urgency is Urgency.ACUTE


def _thanks(text: str, heard: "_Heard") -> bool:
    if not heard.words:
        return bool(APPROVING.search(text[:FIRST_CHARACTERS]))
    covered = heard.talk("thanks", "greeting", "link")
    return "?" not in text and bool(heard.talk("thanks")) and covered == heard.places


def _more_than_a_name(said: set[int], heard: "_Heard") -> bool:
    named = {at for mention in heard.mentions for at in range(mention.start, mention.end)}
    return bool(named) and bool(said - named - heard.talk("function"))


# --- words ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Heard:
    """A text taken apart: its words, the names of tools in them, and the phrases that say something."""

    words: Words
    index: "_Index"
    mentions: "tuple[_Mention, ...]"
    hits: "tuple[_Hit, ...]"

    @property
    def places(self) -> set[int]:
        return set(range(len(self.words)))

    @cached_property
    def like(self) -> Mapping[str, float]:
        """What texts about each tool look like, and this one."""
        return self.index.like.of(self.words)

    def talk(self, *values: str) -> set[int]:
        """Which words are talk of these sorts, by their places."""
        hits = (hit for hit in self.hits if hit.signal.signal == "talk" and hit.signal.value in values)
        return {at for hit in hits for at in range(hit.start, hit.end)}


    @property
    def told_at(self) -> int:
        """From which word on the trouble is told; 0 where that is not to be seen."""
        many = len(self.words)
        inside = range(LEFT_AND_RIGHT, many - LEFT_AND_RIGHT) if many >= LONG_TURNING else range(0)
        turn = next((at for at in reversed(inside) if self.words[at] in TURNS), None)
        return turn + 1 if turn is not None else int(many * LATER) if many >= LONG else 0

    def from_word(self, place: int) -> "_Heard":
        """The rest of the text, with the names and phrases that begin in it."""
        mentions = tuple(mention for mention in self.mentions if mention.start >= place)
        return replace(self, mentions=mentions, hits=tuple(hit for hit in self.hits if hit.start >= place))

    @property
    def calm(self) -> set[int]:
        """The places of words that say "not acute"."""
        said = (hit for hit in self.hits if (hit.signal.signal, hit.signal.value) == ("urgency", Urgency.CAN_WAIT))
        return {at for hit in said for at in range(hit.start, hit.end)}


@lru_cache(maxsize=16)  # of one line several things are asked
def _heard(text: str, catalogue: Catalogue | None) -> _Heard:
    """Where the writer used no dots and rings, the catalogue is read without them too."""
    words = words_of(text)
    index = _index_for(words, catalogue)
    return _Heard(words, index, tuple(_mentions(words, index)), tuple(_hits(words, index)))


def _index_for(words: Words, catalogue: Catalogue | None) -> "_Index":
    bare = not any(letter in word for word in words for letter in "åäö")
    return _index(catalogue or catalogues.load(), bare)


def unnamed(text: str, catalogue: Catalogue) -> Words:
    """The words of a text that name no tool: its trouble."""
    words = words_of(text)
    mentions = _mentions(words, _index_for(words, catalogue))
    named = {at for mention in mentions for at in range(mention.start, mention.end)}
    return tuple(word for at, word in enumerate(words) if at not in named)


def _joined(phrase: str) -> str:
    """A name as one run of letters: hyphens and spaces are written as it happens."""
    return "".join(WORD.findall(phrase.casefold().translate(NEIGHBOURS)))


# --- the index: what the catalogue says, ready to be looked up --------------------------------------------------------


@dataclass(frozen=True)
class _Slot:
    """One word of a phrase: as it stands or as a beginning, perhaps after a gap."""

    word: str
    begins: bool
    gap: bool

    def fits(self, word: str, usual: str) -> bool:
        return word.startswith(self.word) if self.begins else usual == self.word


@dataclass(frozen=True)
class _Pattern:
    signal: Signal
    slots: tuple[_Slot, ...]


@dataclass(frozen=True, eq=False)
class _Index:
    """`terms`: form → tool → strength. `near`: a name less one letter → names. `usual`: a variant → the usual word.
    `owned`: a tool whose questions are not ours → whose they are.
    """

    order: Mapping[str, int]
    acute: frozenset[str]
    vague: Mapping[str, tuple[str, ...]]
    products: frozenset[str]
    terms: Mapping[str, Mapping[str, float]]
    near: Mapping[str, frozenset[str]]
    heads: frozenset[str]
    tails: frozenset[str]
    ordinary: frozenset[str]
    usual: Mapping[str, str]
    patterns: Mapping[str, tuple[_Pattern, ...]]
    beginnings: Mapping[str, tuple[_Pattern, ...]]
    shared: Mapping[str, int]
    owners: tuple[str, ...]
    owned: Mapping[str, str]
    medication: frozenset[str]
    often: Counter[str]  # in how many phrasings a word so beginning stands
    untold: frozenset[str]  # tools without a phrasing
    like: Likeness
    urgent: Likeness


@lru_cache(maxsize=8)
def _index(catalogue: Catalogue, bare: bool) -> _Index:
    names = _names(catalogue, bare)
    usual = dict(_usual(catalogue, bare))
    ordinary = frozenset(_spelt(phrase, bare) for phrase in catalogue.phrases("ordinary"))
    terms = _terms(names, ordinary)
    vague = _vague(catalogue, bare, ordinary)
    several = frozenset(form for form, tools in vague.items() if tools)
    own = [name for name in names if _tells(names[name]) and len(name) >= SHORTEST_PART]
    patterns = tuple(_pattern(signal, usual, bare) for signal in catalogue.signals if signal.signal in SPOKEN)
    return _Index(
        order=MappingProxyType({key: at for at, key in enumerate(catalogue.tools)}),
        acute=frozenset(key for key, tool in catalogue.tools.items() if tool.acute),
        vague=MappingProxyType(vague),
        products=frozenset(_spelt(name, bare) for tool in catalogue.tools.values() for name in tool.products),
        terms=MappingProxyType(terms),
        near=MappingProxyType(_near(names)),
        heads=several.union(own, terms.keys() & {f"{name}s" for name in own}),
        tails=several.union(
            terms.keys() & {form for name in own if len(name) > SHORTEST_PART for form in _forms(name)}
        ),
        ordinary=ordinary,
        usual=MappingProxyType(usual),
        patterns=MappingProxyType(_by_first_word(p for p in patterns if not p.slots[0].begins)),
        beginnings=MappingProxyType(_by_first_word(p for p in patterns if p.slots[0].begins)),
        shared=MappingProxyType(Counter(s.phrase for s in catalogue.signals if s.signal == "hint")),
        owners=tuple(catalogue.owners),
        owned=MappingProxyType({key: tool.owner for key, tool in catalogue.tools.items() if tool.owner}),
        medication=catalogue.medication,
        often=_often(catalogue),
        untold=frozenset(catalogue.tools.keys() - {key for key, _ in catalogue.phrasings}),
        like=_like(catalogue),
        urgent=_urgent(catalogue),
    )


def _like(catalogue: Catalogue) -> Likeness:
    """What texts about each tool look like."""
    return _learnt(_told(catalogue), OF_TOOLS)


def _told(catalogue: Catalogue) -> Told:
    """Each tool's phrasings, its names and its usual troubles."""
    told = [*catalogue.phrasings, *((key, name) for key, tool in catalogue.tools.items() for name, _ in _called(tool))]
    told += [(key, row) for key, rows in catalogue.troubles.items() for language in rows.values() for row in language]
    return tuple(told)


@lru_cache(maxsize=8)
def _learnt(told: Told, course: Course = PLAIN) -> Likeness:
    """Once a process for the same sheets, whatever else is another one in a catalogue; from the file if it is there."""
    return likeness.kept(_file(told, course)) or likeness.learn([(words_of(each), key) for key, each in told], course)


@lru_cache(maxsize=8)
def _topics(catalogue: Catalogue) -> Likeness:
    return _learnt(catalogue.topics, OF_TOPICS)


def is_kept(catalogue: Catalogue) -> bool:
    """Whether a start finds what was learnt from these sheets."""
    return all(_file(*taught).exists() for taught in _taught(catalogue).items())


def _taught(catalogue: Catalogue) -> dict[Told, Course]:
    """What is learnt, and how."""
    topics = {catalogue.topics: OF_TOPICS} if catalogue.topics else {}
    return {_told(catalogue): OF_TOOLS, catalogue.urgent: PLAIN, **topics}


def keep(catalogue: Catalogue) -> None:
    """Learn what ships and keep it beside the sheets, so that a start takes seconds less. Part of the set-up; where
    that was left out the first start does it. OSError where the place may not be written to.
    """
    files = {_file(*taught): taught for taught in _taught(catalogue).items()}
    for old in set(KEPT.glob("*.npz")) - files.keys():
        old.unlink(missing_ok=True)
    for file, taught in files.items():
        if likeness.kept(file) is None:
            likeness.keep(_learnt(*taught), file)


def _file(told: Told, course: Course) -> Path:
    """Of exactly these rows, learnt in exactly this way: what is out of date is not found."""
    return KEPT / f"{sha256(repr((told, course)).encode() + likeness.way()).hexdigest()[:24]}.npz"


@lru_cache(maxsize=8)
def _often(catalogue: Catalogue) -> Counter[str]:
    """Roughly: `split` is a tenth of the time of reading them all as texts of people."""
    found = (text.casefold().translate(BARE).split() for _, text in catalogue.phrasings)
    return Counter(stem for words in found for stem in {word[:STEM] for word in words})


SPOKEN = frozenset({"kind", "urgency", "talk", REDIRECT, "hint"})


def _urgent(catalogue: Catalogue) -> Likeness:
    return _learnt(catalogue.urgent)


def _spelt(phrase: str, bare: bool) -> str:
    """As the index spells it; a short word that loses its rings may be quite another one (lås, läs) and is left out."""
    whole = _joined(phrase)
    plain = whole.translate(BARE) if bare else whole
    return "" if plain != whole and len(plain) < SHORTEST_INFLECTED else plain


def _names(catalogue: Catalogue, bare: bool) -> dict[str, dict[str, float]]:
    """What a tool is called, uninflected → tool → strength."""
    weak = {_spelt(phrase, bare) for phrase in catalogue.phrases("weak")}
    names: dict[str, dict[str, float]] = defaultdict(dict)
    for tool in catalogue.tools.values():
        for phrase, strength in _called(tool):
            name = _spelt(phrase, bare)
            if name:
                worth = GENERAL if name in weak else strength
                names[name][tool.key] = max(worth, names[name].get(tool.key, 0))
    return names


def _called(tool: Tool) -> Iterator[tuple[str, float]]:
    for phrase in (*tool.aliases, *tool.products, *tool.also, *tool.short.values()):
        yield phrase, NAMED
    for phrase in tool.name.values():
        yield phrase.partition("(")[0], NAMED
    for phrase in tool.misspellings:
        yield phrase, MISSPELT


def _terms(names: Mapping[str, Mapping[str, float]], ordinary: frozenset[str]) -> dict[str, Mapping[str, float]]:
    """Every form of every name; a name as it stands goes before another name's inflection.

    Forms of one name share what they say: of their own they took 8 MB.
    """
    terms: dict[str, Mapping[str, float]] = {}
    for name, tools in names.items():
        for form in _forms(name):
            if form == name or (form not in names and form not in ordinary):
                known = terms.get(form, tools)
                terms[form] = tools if known is tools else _best(known, tools)
    return terms


def _best(one: Mapping[str, float], other: Mapping[str, float]) -> Mapping[str, float]:
    return {key: max(one.get(key, 0.0), other.get(key, 0.0)) for key in (*one, *other)}


def _forms(name: str) -> Iterator[str]:
    yield name
    if len(name) < SHORTEST_INFLECTED:
        return
    yield from (name + ending for ending in ENDINGS)
    yield from (name[:-1] + ending for ending in VOWEL_ENDINGS.get(name[-1], ()))
    dropped = DROPPED_VOWEL.sub(r"\1", name)
    if dropped != name:
        yield from (dropped + ending for ending in ENDINGS)


def _near(names: Mapping[str, Mapping[str, float]]) -> dict[str, frozenset[str]]:
    near: dict[str, frozenset[str]] = {}
    for name, tools in names.items():
        if len(name) >= SHORTEST_NEARLY and _tells(tools):
            alone = frozenset((name,))  # one for all: a set of its own for each takes 5 MB
            for shorter in _less_one(name):
                near[shorter] = near[shorter] | alone if shorter in near else alone
    return near


def _tells(tools: Mapping[str, float]) -> bool:
    """A name of its own, not a general word."""
    return max(tools.values()) > GENERAL


def _less_one(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _vague(catalogue: Catalogue, bare: bool, ordinary: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Every form of the words that may mean several tools, or any."""
    words = {_spelt(word, bare): tools for word, tools in catalogue.ambiguous.items()}
    forms = {form: tools for word, tools in words.items() for form in _forms(word) if form not in ordinary}
    return {word: tools for word, tools in {**forms, **words}.items() if word}


def _usual(catalogue: Catalogue, bare: bool) -> Iterator[tuple[str, str]]:
    """Variants of everyday words: the first of `inte/ej/ite` stands for all."""
    for phrase in catalogue.phrases("same"):
        words = [_letters(word, bare) for word in phrase.split("/")]
        yield from ((word, words[0]) for word in words)


def _letters(word: str, bare: bool) -> str:
    plain = word.casefold().translate(NEIGHBOURS)
    return plain.translate(BARE) if bare else plain


def _pattern(signal: Signal, usual: Mapping[str, str], bare: bool) -> _Pattern:
    """A phrase as slots: `*` after a beginning, `…` for a few words of any kind."""
    slots: list[_Slot] = []
    gap = False
    for part in signal.phrase.split():
        if part == "…":
            gap = True
            continue
        slots += _slots(_letters(part, bare), usual, gap)
        gap = False
    return _Pattern(signal, tuple(slots))


def _slots(part: str, usual: Mapping[str, str], gap: bool) -> Iterator[_Slot]:
    words = WORD.findall(part)
    for at, word in enumerate(words):
        begins = part.endswith("*") and at == len(words) - 1
        yield _Slot(word if begins else usual.get(word, word), begins, gap and at == 0)


def _by_first_word(patterns: Iterable[_Pattern]) -> dict[str, tuple[_Pattern, ...]]:
    by_word: dict[str, list[_Pattern]] = defaultdict(list)
    for pattern in patterns:
        by_word[pattern.slots[0].word].append(pattern)
    return {word: tuple(found) for word, found in by_word.items()}


# --- mentions: names of tools in the text -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Mention:
    """Words that name a tool. `vague`: they may mean several, or any."""

    start: int
    end: int
    word: str
    tools: Mapping[str, float]
    vague: bool = False


def _mentions(words: Words, index: _Index) -> Iterator[_Mention]:
    """Left to right, the longest name first."""
    at = 0
    while at < len(words):
        mention = _name_at(words, at, index) or _resembling(words[at], at, index)
        if mention:
            yield mention
        at = mention.end if mention else at + 1


def _name_at(words: Words, at: int, index: _Index) -> _Mention | None:
    for length in range(min(LONGEST_JOIN, len(words) - at), 0, -1):
        name = "".join(words[at : at + length])
        if name in index.vague:
            return _Mention(at, at + length, name, _several(index.vague[name], 1), vague=True)
        if name in index.terms:
            return _Mention(at, at + length, name, index.terms[name])
    return None


def _several(tools: tuple[str, ...], share: float) -> dict[str, float]:
    """The tools of a vague word, in the order in which the catalogue lists them."""
    return {key: (GENERAL - at / 100) * share for at, key in enumerate(tools)}


def _resembling(word: str, at: int, index: _Index) -> _Mention | None:
    """A compound with a name in it, or a name with one letter wrong."""
    if word in index.ordinary or word in index.usual:
        return None
    for name, share in ((_part(word, index), COMPOUND), (_nearly(word, index), NEARLY)):
        if name in index.vague:
            return _Mention(at, at + 1, name, _several(index.vague[name], share), vague=True)
        if name:
            return _Mention(at, at + 1, name, {key: worth * share for key, worth in index.terms[name].items()})
    return None


def _part(word: str, index: _Index) -> str:
    """The longest name that a compound begins or ends with, or nothing."""
    begins = (word[:at] for at in range(len(word) - 3, SHORTEST_PART - 1, -1))
    ends = (word[at:] for at in range(3, len(word) - SHORTEST_PART + 1))
    return next((head for head in begins if head in index.heads), "") or next(
        (tail for tail in ends if tail in index.tails), ""
    )


def _nearly(word: str, index: _Index) -> str:
    for stem in _stems(word):
        for shorter in _less_one(stem):
            for name in index.near.get(shorter, ()):
                if name[0] == stem[0] and _one_off(name, stem):
                    return name
    return ""


def _stems(word: str) -> Iterator[str]:
    """The word, and the word less an ending: none shorter than what may be misspelt."""
    if len(word) >= SHORTEST_NEARLY:
        yield word
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_NEARLY:
            yield word[: -len(ending)]


def _one_off(one: str, other: str) -> bool:
    """One letter too many, too few, another one, or two that changed places."""
    if len(one) != len(other):
        longer, shorter = sorted((one, other), key=len, reverse=True)
        return shorter in _less_one(longer)
    unlike = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    swapped = len(unlike) == 2 and unlike[1] == unlike[0] + 1 and one[unlike[0]] == other[unlike[1]]
    return len(unlike) <= 1 or (swapped and one[unlike[1]] == other[unlike[0]])


# --- hits: phrases that say something ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Hit:
    signal: Signal
    start: int
    end: int


def _hits(words: Words, index: _Index) -> Iterator[_Hit]:
    usual = tuple(index.usual.get(word, word) for word in words)
    for at in range(len(words)):
        for pattern in _beginning_at(words[at], usual[at], index):
            end = _end(pattern.slots, words, usual, at)
            if end:
                yield _Hit(pattern.signal, at, end)


def _beginning_at(word: str, usual: str, index: _Index) -> Iterator[_Pattern]:
    yield from index.patterns.get(usual, ())
    for length in range(1, len(word) + 1):
        yield from index.beginnings.get(word[:length], ())


def _end(slots: tuple[_Slot, ...], words: Words, usual: Words, at: int) -> int:
    """Where the phrase ends that begins at `at`; 0 if it does not stand there."""
    if not slots:
        return at
    reach = LONGEST_GAP + 1 if slots[0].gap else 1
    for here in range(at, min(at + reach, len(words))):
        end = _end(slots[1:], words, usual, here + 1) if slots[0].fits(words[here], usual[here]) else 0
        if end:
            return end
    return 0


# --- wordings that were corrected -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Recalled:
    """How much a text is like a learnt wording about this tool, from 0 to 1."""

    tool: str
    alike: float
    kept: bool


def _recalled(heard: _Heard, learnt: tuple[Learnt, ...]) -> tuple[_Recalled, ...]:
    """Of each tool the wording that the text is most like, if it is enough so."""
    wordings, best = _by_stem(learnt, heard.index), dict[str, _Recalled]()
    alike: dict[int, float] = defaultdict(float)
    for stem, weight in _weighed(heard.words, heard.index).items():
        for at, other in wordings.get(stem, ()):
            alike[at] += weight * other
    for at, share in sorted(alike.items(), key=lambda found: found[1]):
        if share >= ALIKE and learnt[at].tool in heard.index.order:
            best[learnt[at].tool] = _Recalled(learnt[at].tool, min(share, 1.0), learnt[at].kept)
    return tuple(best.values())


@lru_cache(maxsize=4)
def _by_stem(learnt: tuple[Learnt, ...], index: _Index) -> Mapping[str, list[tuple[int, float]]]:
    """A beginning of a word → which wordings have it, and how much it weighs there."""
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for at, wording in enumerate(learnt):
        for stem, weight in _weighed(words_of(wording.text), index).items():
            found[stem].append((at, weight))
    return found


def _weighed(words: Words, index: _Index) -> dict[str, float]:
    """The beginnings of a text's words; what everybody writes weighs little. Of length one."""
    stems = {word.translate(BARE)[:STEM] for word in words}
    weights = {stem: 1 / sqrt(1 + index.often[stem]) for stem in stems}
    length = sqrt(sum(weight**2 for weight in weights.values())) or 1.0
    return {stem: weight / length for stem, weight in weights.items()}


def _also_kept(said: tuple[Scored, ...], recalled: tuple[_Recalled, ...]) -> tuple[Scored, ...]:
    """A specialist has said what such a text is about: as good as its name."""
    kept = {each.tool: NAMED for each in recalled if each.kept and each.alike >= THE_SAME}
    if not kept:
        return said
    scores = {scored.key: scored.score for scored in said}
    whole = (Scored(key, max(score, kept.get(key, 0.0))) for key, score in (dict.fromkeys(kept, 0.0) | scores).items())
    return tuple(sorted(whole, key=lambda scored: -scored.score))


# --- judging ----------------------------------------------------------------------------------------------------------


def _judged(heard: _Heard, recalled: tuple[_Recalled, ...] = ()) -> Reading:
    said = _also_kept(_scored(heard.mentions, heard.hits, heard.index), recalled)
    tools = _likely(heard, said, recalled)
    kind = _kind(heard.hits)
    about = _decision(heard, said, tools, recalled)
    owner = _owner(heard, tools[0].key if about is Decision.ROUTE else "")
    return Reading(
        tools=tuple(scored for scored in tools if scored.key)[:MOST_TOOLS],
        kind=kind,
        urgency=_urgency(heard, _worded(heard, said, kind), tools, owner),
        decision=Decision.REDIRECT if owner else about,
        owner=owner,
        medication=_medication(heard, said, tools),
    )


def _medication(heard: _Heard, said: tuple[Scored, ...], tools: tuple[Scored, ...]) -> bool:
    """Also where another owner goes first ("fel dos, hur skriver jag avvikelsen"), and rather once too often."""
    dose = any((hit.signal.signal, hit.signal.value) == (REDIRECT, MEDICATION) for hit in heard.hits)
    named = {scored.key for scored in said if scored.score >= CLEAR} | {scored.key for scored in tools[:1]}
    return dose or bool(named & heard.index.medication)


def _likely(heard: _Heard, said: tuple[Scored, ...], recalled: tuple[_Recalled, ...]) -> tuple[Scored, ...]:
    """All tools and NO_TOOL, best first, their scores 1 together; nothing where nothing was said."""
    like = heard.like
    if not said and not recalled and not any(like.values()):
        return ()
    points = {key: LIKE * like.get(key, 0.0) for key in heard.index.order}
    points[NO_TOOL] = LIKE * like.get(NO_TOOL, 0.0) + NOTHING
    for key, named in _by_names(heard, said, recalled).items():
        points[key] += named
    for wording in recalled:
        points[wording.tool] += RECALLED * wording.alike
    return _shares_of_one(points)


def _by_names(
    heard: _Heard, said: tuple[Scored, ...], recalled: tuple[_Recalled, ...]
) -> dict[str, float]:
    """What names and hints speak for: those beside the trouble less than those in it, if there are any in it."""
    whole = _weighed_names(heard, said)
    if not heard.told_at:
        return whole
    rest = heard.from_word(heard.told_at)
    told = _weighed_names(rest, _also_kept(_scored(rest.mentions, rest.hits, rest.index), recalled))
    beside = BESIDE if told else ALONE_BESIDE
    return {key: beside * points + (1 - beside) * told.get(key, 0.0) for key, points in whole.items()}


def _weighed_names(heard: _Heard, said: tuple[Scored, ...]) -> dict[str, float]:
    weight = _weights(heard)
    return {scored.key: weight.get(scored.key, HINTED_AT) * scored.score for scored in said}


def _weights(heard: _Heard) -> dict[str, float]:
    """How much a tool's names count: the most that one of its names does."""
    weights: dict[str, float] = defaultdict(float)
    for mention in heard.mentions:
        for key in mention.tools:
            weights[key] = max(weights[key], _weight(mention, key, heard.index))
    return weights


def _weight(mention: _Mention, key: str, index: _Index) -> float:
    """A tool without phrasings is known by its names alone."""
    if key in index.untold:
        return UNTOLD
    if mention.word in index.products:
        return VAGUE_PRODUCT if mention.vague else NAMED_BY
    return VAGUELY if mention.vague else CALLED


def _shares_of_one(points: Mapping[str, float]) -> tuple[Scored, ...]:
    most = max(points.values())
    powers = {key: exp(points - most) for key, points in points.items()}
    whole = sum(powers.values())
    found = (Scored(key, round(power / whole, 4)) for key, power in powers.items())
    return tuple(sorted((scored for scored in found if scored.score), key=lambda scored: -scored.score))


def _owner(heard: _Heard, tool: str) -> str:
    """Whom it is for if not for us: the first of owners.csv for whom a phrase speaks, of this tool or of any; else
    whose the tool is.
    """
    redirects = (hit.signal for hit in heard.hits if hit.signal.signal == REDIRECT)
    meant = {signal.value for signal in redirects if not signal.tools or tool in signal.tools}
    return next((key for key in heard.index.owners if key in meant), "") or heard.index.owned.get(tool, "")


def _scored(mentions: tuple[_Mention, ...], hits: tuple[_Hit, ...], index: _Index) -> tuple[Scored, ...]:
    """Tools with any evidence, best first; every name and hint counts once."""
    named = {(key, mention.word): worth for mention in mentions for key, worth in mention.tools.items()}
    hinted = {(key, h.signal.phrase): _hint(h, index) for h in _hints(hits, mentions) for key in h.signal.tools}
    scores = []
    for key in {key for key, _ in (*named, *hinted)}:
        missing = prod(1 - worth for (tool, _), worth in (*named.items(), *hinted.items()) if tool == key)
        known = any(tool == key for tool, _ in named)
        scores.append(Scored(key, round(min(1 - missing, 0.99 if known else ONLY_HINTS), 3)))
    return tuple(sorted(scores, key=lambda scored: (-scored.score, index.order[scored.key])))


def _hints(hits: tuple[_Hit, ...], mentions: tuple[_Mention, ...]) -> Iterator[_Hit]:
    """Hints outside the names: a word that names a tool does not hint at another one too."""
    named = {at for m in mentions if not m.vague and max(m.tools.values()) > GENERAL for at in range(m.start, m.end)}
    return (hit for hit in hits if hit.signal.signal == "hint" and hit.start not in named)


def _hint(hit: _Hit, index: _Index) -> float:
    return HINTED / sqrt(index.shared[hit.signal.phrase])


def _kind(hits: tuple[_Hit, ...]) -> Kind:
    said = Counter(value for value, _ in {(h.signal.value, h.start) for h in hits if h.signal.signal == "kind"})
    return max(FIRST_KINDS, key=lambda kind: (said[kind], -FIRST_KINDS.index(kind))) if said else Kind.HANDLING


def _urgency(heard: _Heard, worded: Urgency, tools: tuple[Scored, ...], owner: str) -> Urgency:
    """Rather too urgent than not: what the words say, what such texts were like, and what is at stake with the tool;
    less so of what is somebody else's (`owner`).
    """
    if heard.calm or len(heard.places - heard.talk("greeting", "filler")) < FEWEST_WORDS:
        return worded
    like = heard.index.urgent.of(heard.words)
    pressing, milder = (like.get(each, 0.0) - like.get(Urgency.CAN_WAIT, 0.0) for each in list(Urgency)[:2])
    at_stake = sum(scored.score for scored in tools if scored.key in heard.index.acute)
    said = (pressing, milder, float(worded is Urgency.ACUTE), float(worded is Urgency.MAYBE_ACUTE), at_stake, 1.0)
    points = {urgency: sum(map(mul, weights, said)) for urgency, weights in PRESSES.items()}
    chance = {scored.key: scored.score for scored in _shares_of_one(points)}
    staked = at_stake >= AT_STAKE or worded is not Urgency.CAN_WAIT
    enough = WORDED_ACUTE_FROM if worded is Urgency.ACUTE else ACUTE_FROM
    if staked and chance.get(Urgency.ACUTE, 0.0) >= enough:
        return Urgency.ACUTE
    calm_from = WAITS_FROM if staked else NOT_OURS_WAITS_FROM if owner else UNSTAKED_WAITS_FROM
    wished = worded is Urgency.CAN_WAIT and bool(heard.talk("wish"))  # "it would be nice if": nobody waits for that
    waits = wished or chance.get(Urgency.CAN_WAIT, 0.0) > calm_from
    return Urgency.CAN_WAIT if waits else Urgency.MAYBE_ACUTE


def _worded(heard: _Heard, said: tuple[Scored, ...], kind: Kind) -> Urgency:
    """What single words say; only words that say "not acute" themselves take it back."""
    meant = frozenset(scored.key for scored in said if scored.score >= FAINT)
    told = [h for h in heard.hits if h.signal.signal == "urgency"]
    told = [h for h in told if not h.signal.tools or meant & set(h.signal.tools)]
    if any(h.signal.value == Urgency.ACUTE and not heard.calm & set(range(h.start, h.end)) for h in told):
        return Urgency.ACUTE
    fault = kind is Kind.FAULT and any(one.key in heard.index.acute and one.score >= CLEAR for one in said)
    hurry = any(h.signal.value == Urgency.MAYBE_ACUTE for h in told)
    return Urgency.MAYBE_ACUTE if not heard.calm and (fault or hurry) else Urgency.CAN_WAIT


def _decision(
    heard: _Heard, said: tuple[Scored, ...], tools: tuple[Scored, ...], recalled: tuple[_Recalled, ...]
) -> Decision:
    """Sure only if the score is, the surer where nothing is named; then only of what nobody has corrected."""
    best, second = (*tools, Scored(NO_TOOL, 0.0), Scored(NO_TOOL, 0.0))[:2]
    if best.key == NO_TOOL and (not said or said[0].score < FAINT) and not any(m.vague for m in heard.mentions):
        return Decision.ASK if recalled else Decision.NONE
    named = _named(heard, said, best.key)
    sure = best.key != NO_TOOL and best.score >= (SURE if named else UNNAMED_SURE)
    sure = sure and best.score - second.score >= AHEAD
    sure = sure and (named or (not recalled and len(heard.words) >= ENOUGH_WORDS))
    sure = sure and _settled(heard, said, best.key) and _agreed(heard, best.key) and _told_of(heard, best.key)
    return Decision.ROUTE if sure else Decision.ASK


def _agreed(heard: _Heard, best: str) -> bool:
    """What is named is also what the text resembles: "the telephone" is named in texts about everything. Not asked of
    a tool without phrasings, or of a wording that was kept.
    """
    if best in heard.index.untold or not any(best in mention.tools for mention in heard.mentions):
        return True
    return _share(heard.like, best) >= AGREED


def _told_of(heard: _Heard, best: str) -> bool:
    """The part that tells the trouble does not speak of something else altogether."""
    if best in heard.index.untold or not heard.told_at:
        return True
    return _share(heard.index.like.of(heard.words[heard.told_at :]), best) >= WHERE_TOLD


def _share(like: Mapping[str, float], tool: str) -> float:
    """How likely a tool is by likeness alone."""
    found = _shares_of_one({key: LIKE * points for key, points in like.items()})
    return next((scored.score for scored in found if scored.key == tool), 0.0)


def _named(heard: _Heard, said: tuple[Scored, ...], tool: str) -> bool:
    """By a name of its own, by a wording that was kept, or by a product that may be several."""
    clear = any(scored.key == tool and scored.score >= CLEAR for scored in said)
    return clear or any(tool in m.tools and m.word in heard.index.products for m in heard.mentions)


def _settled(heard: _Heard, said: tuple[Scored, ...], best: str) -> bool:
    """No product that cannot mean the best tool; and where a word may mean several, words around it that tell which."""
    names = [m for m in heard.mentions if m.vague or m.word in heard.index.products]
    if any(best not in m.tools for m in names if m.word in heard.index.products):
        return False
    mine = next((scored.score for scored in said if scored.key == best), 0.0)
    other = max((scored.score for scored in said if scored.key != best), default=0.0)
    return mine - other >= AHEAD or not any(best in m.tools for m in names if m.vague)
