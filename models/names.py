"""Who is named in a text, and which flat: `people(text)` and `flats(text)`, by lists of names and the words around.

Lists alone are not enough: "Stella" is a system and "hans" a pronoun, and no list knows every name. So a word of the
lists counts by itself only where it can hardly be anything else; the rest needs words around it that speak of a
person ("brukaren Leopold", "hos Maj-Britt", "Runa på 1203"). Not here: what is then done with it (secrecy.py).
Offsets are Unicode code points, the end exclusive.
"""
# ruff: noqa: RUF001 - the angle quotes of our own tokens

import csv
import re
import sys
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from importlib import resources
from itertools import takewhile

from models import catalogue, spoken

Place = tuple[int, int]


DIGIT = re.compile(r"\d")
DIGITS = re.compile(r"\d+(?:\D{1,60}\d+)*")  # and what stands between them, if they are near


def has(low: str, *stems: str) -> bool:
    """Whether one of these stands anywhere: what a pattern needs is found in a tenth of the time that it takes."""
    for stem in stems:  # noqa: SIM110 - any() takes twice as long, and this is asked thirty times a text
        if stem in low:
            return True
    return False


def around(
    anchor: re.Pattern[str], text: str, back: int, ahead: int, within: Place = (0, sys.maxsize)
) -> Iterator[Place]:
    """The stretches of a text that lie near something: what nothing is near costs nothing more."""
    start = end = -1
    for found in anchor.finditer(text, *within):
        if found.start() - back > end:
            if end >= 0:
                yield start, end
            start = max(0, found.start() - back)
        end = found.end() + ahead
    if end >= 0:
        yield start, end


@dataclass(frozen=True)
class _Lists:
    """Names in lower case. `first` count however written, `capital` with a capital letter, `word` in context."""

    first: frozenset[str]
    capital: frozenset[str]
    word: frozenset[str]
    last: frozenset[str]
    last_word: frozenset[str]
    products: frozenset[str]
    every: frozenset[str]  # first names and surnames

    def is_first(self, word: str) -> bool:
        return word in self.first or word in self.capital or word in self.word

    def is_last(self, word: str) -> bool:
        return word in self.last or word in self.last_word


@cache
def _lists() -> _Lists:
    """Read once. Spellings without å, ä and ö are names too: phones write them."""
    sorts: dict[str, set[str]] = {"first": set(), "first_capital": set(), "first_word": set(), "last": set()}
    sorts["last_word"] = set()
    for row in csv.DictReader(resources.files("models.data").joinpath("names.csv").open(encoding="utf-8")):
        sorts[row["sort"]].add(row["name"].casefold())
    plain = {name.translate(BARE) for name in sorts["first"] if len(name) > 4}
    return _Lists(
        every=frozenset(plain.union(*sorts.values())),
        first=frozenset(sorts["first"] | (plain - sorts["first_word"])),
        capital=frozenset(sorts["first_capital"]),
        word=frozenset(sorts["first_word"]),
        last=frozenset(sorts["last"]),
        last_word=frozenset(sorts["last_word"]),
        products=_products() - sorts["first"],
    )


def is_product(word: str) -> bool:
    return _stem(word.casefold(), _lists().products)


def is_listed(word: str) -> bool:
    """A name by the lists, spelt as one counts there: nothing is asked of what stands around it."""
    plain, lists = word.casefold(), _lists()
    return _stem(plain, lists.every if word[0].isupper() else lists.first)


def is_first(word: str) -> bool:
    """Whether it is a first name, however it is written. `word`: in small letters."""
    return word in _lists().first or word in _lists().capital


def is_thing(word: str) -> bool:
    """A tool, an ordinary word, or what a house or a team is called by. `word`: in small letters."""
    return is_product(word) or any(_stem(word, _around(sort)) for sort in ("nobody", "place", "thing"))


@cache
def brands() -> frozenset[str]:
    """Every word of what a tool is sold as: "phoniro", not "med". A number after one belongs to it."""
    sold = (name for tool in catalogue.load().tools.values() for name in tool.products)
    found = (found.group() for name in sold for found in WORD.finditer(name))
    return frozenset(word.casefold() for word in found if word[0].isupper()) - {"mina"}  # "Mina planer": "mina 4471"


def _products() -> frozenset[str]:
    """Every word that some tool is called by, and what else has a first name but is no person."""
    tools = catalogue.load().tools.values()
    called = (name for tool in tools for name in (*tool.aliases, *tool.products, *tool.misspellings, *tool.also))
    words = frozenset(found.group().casefold() for name in called for found in WORD.finditer(name))
    return words | _around("nobody") | _around("thing")


@cache
def _around(sort: str) -> frozenset[str]:
    """Words that say something of the one beside them, by their sort (data/README.md)."""
    rows = csv.DictReader(resources.files("models.data").joinpath("around_names.csv").open(encoding="utf-8"))
    return frozenset(row["word"] for row in rows if row["sort"] == sort)


BARE = str.maketrans("åäöéü", "aaoeu")
WORD = re.compile(r"[^\W\d_]+(?:[-'’´:][^\W\d_]+)*")

# Who is a care recipient or a relative; the word after it is a name, whatever it is.
PERSON = re.compile(
    r"(?:brukar|kund|patient|boend|vårdtagar|omsorgstagar|hyresgäst|gäst|klient|elev|deltagar|anhörig|närståend"
    r"|mamma|pappa|mor|far|mormor|morfar|farmor|farfar|son|dotter|syster|bror|brorsa|syrra|maka|hustru|sambo"
    r"|särbo|änka|änkling|granne|kusin|tant|farbror|gubbe|gumma|pojke|flicka|kille|tjej|barnbarn|dotterdotter|dotterson"
    r"|sonson|sondotter|svärdotter|svärson|moster|faster|vän|väninna|kompis|förvaltare|herr|dam)"
    r"(?:e|n|en|et|an|ns|ens|ar|arna|s|a|na|ern|tern|nen|ets|erns)?",
)
# "Jag heter Hanna": who writes, not whom it is about.
SAYS_WHO = (
    "jag heter", "mitt namn är", "jag är", "det är", "mvh", "med vänlig hälsning", "hälsningar", "hälsning", "hälsar",
    "hej", "hejsan", "tack", "tjena", "hälsn", "my name is", "i am", "regards",
)  # fmt: skip
SIGNS_BETWEEN = " ,:/–-"
SELF = re.compile(rf"(?:\b(?:{'|'.join(SAYS_WHO)})|/)[{SIGNS_BETWEEN}]*$")
# Endings that only surnames have.
SURNAME = re.compile(
    r"[^\W\d_]{2,}(?:sson|berg|ström|qvist|kvist|gren|dahl|lund|stedt|blad|blom|löf|felt|mark|man|vall|strand|borg"
    r"|sjö|nen|ovic|ović|ovski|oglu|poor|zadeh|skog|roth|fors|holm|quist|lind|hult|bäck|ell|én)$",
)
ALONE = re.compile(r"[^\W\d_]{3,}(?:sson|qvist|kvist|ström|gren|stedt|ović)$")  # hardly an ordinary word
ALONE_ENDS = ("sson", "qvist", "kvist", "ström", "gren", "stedt", "ović")  # what ends in none of these is not asked
SMALL_SURNAME = re.compile(
    r"(?!person)[^\W\d_]{2,}(?:son|berg|qvist|kvist|gren|stedt|wall|vall|borg|holm|quist|blom|lind)"
)
MOST_PARTS = 4
ENDS_IN_S = ("us", "es", "is", "as", "rs", "ls", "ns")  # "Mats", "Lars": no genitive, a surname may follow
HONORIFICS = ("ms", "mr", "miss")
NICKNAMES = ("an", "is", "ne", "ka", "pa", "ke")


@dataclass(slots=True)
class _Word:
    """A word as it is spelt, wherever it stands."""

    text: str
    plain: str  # in lower case
    capital: bool
    shouted: bool  # the whole text is in capitals: they say nothing


class _Said:
    """The words of a text, and what may be asked about one of them."""

    def __init__(self, text: str) -> None:
        self.text, self.low, self.names = text, text.lower(), _lists()
        self.found = list(WORD.finditer(text))
        self.words = [found.group() for found in self.found]
        self._shouted = text.isupper()
        self._known: dict[str, _Word] = {}  # each spelling is judged once a text, and of most nothing is asked
        self._introduces: dict[str, bool] = {}

    def word(self, place: int) -> _Word:
        word = self.words[place]
        return self._known.get(word) or self._known.setdefault(word, _word(word, self._shouted))

    def at(self, place: int) -> _Word | None:
        return self.word(place) if 0 <= place < len(self.words) else None

    def telling(self, near: Sequence[Place]) -> Iterator[int]:
        """The places of words that may be names; each word is looked at once, however often it comes."""
        telling = {word for word in set(self.words) if word[0].isupper() or "-" in word or self._is_known(word)}
        for first, last in near:
            places = range(*(bisect_left(self.found, at, key=re.Match.start) for at in (first, last)))
            yield from (place for place in places if self.words[place] in telling)

    def _is_known(self, word: str) -> bool:
        """In a list, or "bengan": of other words in small letters nothing around makes a name."""
        plain = word.casefold()
        if plain in self.names.every or (plain[-1] == "s" and plain[:-1] in self.names.every):
            return True
        return plain.endswith(NICKNAMES) and _nickname(plain)

    def before(self, place: int, back: int = 1) -> str:
        """The word before in lower case, empty where a sentence or a hidden part lies between."""
        near = place - back
        if near < 0:
            return ""
        between = self.between(near + 1)
        return "" if between != " " and STOP.search(between) else self.words[near].casefold()

    def between(self, place: int) -> str:
        """What stands between the word before and this one."""
        return self.text[self.found[place - 1].end() : self.found[place].start()]

    def in_a_place(self, place: int) -> bool:
        """ "Sal Astrid", "appen Stella"; but not "i appen, Gunvor sitter där"."""
        return self.joined(place) and self.words[place - 1].casefold() in _around("place")

    def names_a_house(self, place: int) -> bool:
        """ "Maria sjukhus", "Astrid Lindgrens barnsjukhus": by the word after the name."""
        after = self.at(place)
        return after is not None and self.joined(place) and after.plain in _around("house")

    def joined(self, place: int) -> bool:
        """Whether a blank alone parts this word from the one before."""
        return 0 < place < len(self.words) and self.between(place) in (" ", "  ")

    def starts(self, place: int) -> bool:
        """Whether it is the first of a sentence, where a capital letter says nothing."""
        start = self.found[place].start()
        return BEGINNING.search(self.text[max(0, start - 6) : start]) is not None

    def touches_a_number(self, place: int) -> bool:
        start, end = self.found[place].span()
        return _of_a_number(self.text[start - 1 : start]) or _of_a_number(self.text[end : end + 1])

    def introduces(self, before: str) -> bool:
        """Whether a word may say that the one after it is somebody."""
        if before not in self._introduces:
            self._introduces[before] = before in _introducing() or _is_person(before)
        return self._introduces[before]


STOP = re.compile(r"[.!?\n‹›]")
BEGINNING = re.compile(r"(?:^|[.!?:;\n•\"”(/–-])[\s*>\"”'(-]*$")


def _word(word: str, shouted: bool) -> _Word:
    if not word[0].isupper():
        return _Word(word, word.casefold(), False, False)
    return _Word(word, word.casefold(), not (word.isupper() and len(word) > 1), shouted and len(word) > 3)


def _of_a_number(near: str) -> bool:
    return near.isdigit() or (near != "" and near in "_@/\\")


@cache
def _introducing() -> frozenset[str]:
    return frozenset(HONORIFICS).union(*map(_around, ("title", "spouse", "called", "at", "with")))


def people(text: str, near: Sequence[Place] | None = None) -> Iterator[Place]:
    """Where somebody is named, left to right, first name and surname as one; a genitive -s belongs to the name.

    `near`: only there, left to right; everywhere else nobody is.
    """
    said = _Said(text)
    done = 0
    for place in said.telling(near or ((0, len(text)),)):
        if place < done:
            continue
        if said.in_a_place(place) and said.word(place).capital:
            done = place + 1 + _more_parts(said, place)  # "sal Astrid Lindgren" is a room
            continue
        parts = _name_at(said, place) if len(said.words[place]) > 1 else 0
        if parts and not said.names_a_house(place + parts):
            yield said.found[place].start(), _with_initial(said, place, said.found[place + parts - 1].end())
        done = place + parts


# "K.A. har ny larmknapp", "brukaren AL", "hos B L", "fru A": initials instead of a name.
WHOSE = r"(?:[Bb]rukare[n]?|[Kk]und(?:en)?|[Pp]atient(?:en)?|[Bb]oende[n]?|[Ff]ru|[Hh]err|[Ff]röken|[Vv]årdtagare[n]?)"
INITIALS = re.compile(
    r"(?<![\w.&])(?P<dotted>(?!P\.?S|O\.?S|N\.?B|U\.?S|F\.?K|T\.?F)[A-ZÅÄÖ]\. ?[A-ZÅÄÖ]\.?)(?![\w.])"
    rf"|(?<!\w)(?:[Hh]os|{WHOSE})"
    r" (?P<bare>(?!IT|HR|VR|AI|AB|MAS|MAR|SSK|USK|OK|SF|EK)[A-ZÅÄÖ] ?[A-ZÅÄÖ])(?!\w)"
    rf"|(?<!\w){WHOSE} (?P<one>(?![IÅ] )[A-ZÅÄÖ])(?:\.|(?![\w.:-]))"
)
# "B. Svensson", "K-E Lindqvist", "G.A. Holm"; and "Berit S.".
LED = re.compile(
    r"(?<![\w.&-])(?P<led>(?![IÅ] )[A-ZÅÄÖ](?:(?:\.-?|-)? ?[A-ZÅÄÖ](?![^\W_]))?(?:\. ?| )"
    r"(?P<last>[A-ZÅÄÖ][a-zåäöé]{2,20}))(?!\w)"
)
TRAILED = re.compile(r" (?![IÅ] )[A-ZÅÄÖ](?:\.|(?![\w.:-]))(?! ?\d)")
ONE_CAPITAL = re.compile(r"(?<!\w)[A-ZÅÄÖ](?![^\W\d_])")  # in all of them; the word before has up to thirteen letters


def initials(text: str) -> Iterator[Place]:
    """Only where capitals say something."""
    for place in () if text.isupper() else around(ONE_CAPITAL, text, 16, 26):
        yield from (one.span("led") for one in LED.finditer(text, *place) if _surname(one["last"].casefold()))
        for found in INITIALS.finditer(text, *place):
            yield found.span(found.lastgroup or 0)


def _surname(plain: str) -> bool:
    known = _stem(plain, _lists().last) or _stem(plain, _lists().last_word)
    return known or SURNAME.match(plain.removesuffix("s")) is not None


def _with_initial(said: _Said, place: int, end: int) -> int:
    """Where a name ends, with an initial for the surname: "Berit S."."""
    trailed = TRAILED.match(said.text, end) if said.word(place).capital else None
    return trailed.end() if trailed else end


# Names as lists have them: "Namn: Zlatko Perin", "Perin, Zlatko, 570413-…"; found once what is beside is hidden.
PROPER = r"[A-ZÅÄÖ][a-zåäöéüć'-]{1,20}"
BESIDE = r"‹(?:personnummer|telefon|adress|lägenhet|e-post)›"
LISTED = (
    re.compile(rf"(?<!\w)(?P<name>{PROPER}(?:(?: |, ){PROPER}){{1,2}})[,;:|/]?[ \t-]{{0,3}}{BESIDE}"),
    re.compile(rf"{BESIDE}[,;:|/]?[ \t]{{1,2}}(?P<name>{PROPER}(?: {PROPER}){{1,2}})(?!\w)"),
    re.compile(rf"(?:^|\n|: )(?P<name>{PROPER}),? ‹namn›[,;]? ?‹"),
    re.compile(rf"(?:[Kk]ontakt(?:person)?|[Aa]nhörig|[Gg]od man)[: ]{{1,2}}(?P<name>{PROPER})[,;:]? {BESIDE}"),
)
LABELLED = re.compile(
    rf"(?<!\w)(?:[Ff]ör|[Ee]fter|[Tt]ill)?[Nn]amn(?:et)?\s?[:=] ?(?P<name>{PROPER}(?: {PROPER}){{0,2}})"
)


def listed(text: str, low: str) -> Iterator[Place]:
    """Names in a list of what is known of somebody, though nothing but the neighbours says that they are names."""
    for pattern in LISTED if "‹" in low else ():
        for found in pattern.finditer(text):
            yield from _proper(text, *found.span("name"), 2 if " " in found["name"] else 1)
    for found in LABELLED.finditer(text) if has(low, "namn:", "namn :", "namn=", "namnet:") else ():
        yield from _proper(text, *found.span("name"), 1)


def _proper(text: str, start: int, end: int, fewest: int) -> Iterator[Place]:
    """The words from the first on that may be somebody's name, if they are that many."""
    words = list(WORD.finditer(text, start, end))
    while words and _no_name(words[0].group()):
        words.pop(0)
    said = list(takewhile(lambda word: not _no_name(word.group()), words))
    if len(said) >= fewest:
        yield said[0].start(), said[-1].end()


def _no_name(word: str) -> bool:
    plain = word.casefold()
    other = any(plain in _around(sort) for sort in ("house", "title")) or plain.endswith(("namn", "nummer", "adress"))
    return not word[0].isupper() or other or is_thing(plain) or _is_person(plain)


def _name_at(said: _Said, place: int) -> int:
    """How many words, from this one on, are somebody's name; 0 for none."""
    word = said.word(place)
    if _is_ordinary(said, place, word):
        return 0
    if not (_is_called_so(said, place) or _is_listed(said, place) or _is_surname(said, place)):
        return 0
    if said.touches_a_number(place) or said.in_a_place(place) or _is_self(said, place):
        return 0
    return 1 + _more_parts(said, place)


def _is_ordinary(said: _Said, place: int, word: _Word) -> bool:
    if word.capital or word.shouted or "-" in word.plain:
        return False
    return not (_stem(word.plain, said.names.every) or _lives(said, place))


def _is_self(said: _Said, place: int) -> bool:
    start = said.found[place].start()
    near = said.low[max(0, start - 24) : start]
    words = near.removesuffix("\n").rstrip(SIGNS_BETWEEN)  # $ is before the last line break, too
    return (words.endswith(SAYS_WHO) or "/" in near[len(words) :]) and SELF.search(near) is not None


def _stem(plain: str, known: frozenset[str]) -> bool:
    return plain in known or (plain.endswith("s") and plain[:-1] in known)


def _is_listed(said: _Said, place: int) -> bool:
    """A first name that can hardly be anything else here."""
    word, names = said.word(place), said.names
    if _is_double(word.plain):
        return True
    if _stem(word.plain, names.first) and word.plain not in _around("nobody"):
        return not _is_product(said, place) and (not word.text.isupper() or word.shouted)
    if not (word.capital or word.shouted) or word.plain in _around("nobody") or _is_product(said, place):
        return False
    if _stem(word.plain, names.capital):
        return True
    if not _stem(word.plain, names.word):
        return False
    return not said.starts(place) or _has_surname(said, place) or _lives(said, place)


def _is_double(plain: str) -> bool:
    """ "Karl-Göran", "gun-britts": two first names with a hyphen are one, whether a list has it or not."""
    one, _, other = plain.partition("-")
    return len(one) > 1 and len(other) > 1 and _lists().is_first(one) and _lists().is_first(_bare_stem(other))


def _is_product(said: _Said, place: int) -> bool:
    """Named as a tool is, and no surname follows."""
    plain = said.word(place).plain
    return _stem(plain, said.names.products) and not _has_surname(said, place)


def _has_surname(said: _Said, place: int) -> bool:
    after = said.at(place + 1)
    if after is None or not after.capital or not said.joined(place + 1):
        return False
    known = _stem(after.plain, said.names.last) or _stem(after.plain, said.names.last_word)
    return known or bool(SURNAME.match(after.plain.removesuffix("s")))


LIVES = re.compile(r" ?(?:,? ?(?:\(lss\)|\d{2,3} år)|,? ?(?:på|i|rum|lgh|lägenhet) ?\d{1,4}\b)")


def _lives(said: _Said, place: int) -> bool:
    """ "Runa på 1203", "Isak (LSS)", "Leopold, 87 år"."""
    return LIVES.match(said.low, said.found[place].end()) is not None


def _is_surname(said: _Said, place: int) -> bool:
    """ "Fru Ahlgren" is for the context; here "Bergström har ingen app"."""
    word = said.word(place)
    if not word.capital or _is_product(said, place):
        return False
    plain = word.plain.removesuffix("s") if not word.plain.endswith("ss") else word.plain
    return _sounds_so(plain) or (plain in said.names.last and not said.starts(place))


def _sounds_so(plain: str) -> bool:
    """Whether it ends as hardly anything but a surname does."""
    return plain.endswith(ALONE_ENDS) and ALONE.match(plain) is not None


def _is_called_so(said: _Said, place: int) -> bool:
    """The words around say that this is somebody: then any capital letter will do, and small ones of the lists."""
    word, before = said.word(place), said.before(place)
    if not _could_be(said, word, before):
        return False
    if before in _around("at") and word.capital and said.names.is_first(word.plain):  # "hos Maj"
        return True
    if word.plain in _around("nobody"):
        return False
    if _lives(said, place) and word.plain not in _around("with"):
        return said.names.is_first(_bare_stem(word.plain)) or _nickname(word.plain)
    return said.introduces(before) and _is_introduced(said, place)


def _is_introduced(said: _Said, place: int) -> bool:
    """The word before says whose name this is: "fru Ahl", "brukaren Runa", "hos Bengt", "med Berit"."""
    word, before = said.word(place), said.before(place)
    if before in HONORIFICS:
        return word.capital
    if before in _around("title") or (before in _around("spouse") and said.before(place, 2) in _around("owner")):
        return word.capital or _is_name(said, word)
    if _is_person(before) or (before in _around("called") and _of_somebody(said, place)):
        return word.capital or _listed_small(said, word)
    if before in _around("at"):
        return (word.capital and not _organisation(word)) or _listed_small(said, word)
    return before in _around("with") and word.capital and said.names.is_first(_bare_stem(word.plain))


def _could_be(said: _Said, word: _Word, before: str) -> bool:
    if len(word.text) < 2 or (word.text.isupper() and not word.shouted):
        return False
    if not _stem(word.plain, said.names.products):
        return True
    surely = before in _around("title") or before in _around("at") or _is_person(before)
    return surely and said.names.is_first(_bare_stem(word.plain))


def _is_name(said: _Said, word: _Word) -> bool:
    return said.names.is_first(_bare_stem(word.plain)) or said.names.is_last(word.plain.removesuffix("s"))


def _bare_stem(plain: str) -> str:
    names = _lists()
    return plain if names.is_first(plain) or not plain.endswith("s") else plain[:-1]


def _nickname(plain: str) -> bool:
    """ "bengan", "maggan": -an after a name's beginning; but "ring henne på 465 …"."""
    likely = len(plain) > 4 and plain.endswith(NICKNAMES) and plain[:4] in _beginnings()
    return likely and plain not in _around("pronoun")


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(name[:4] for name in _lists().first)


def _listed_small(said: _Said, word: _Word) -> bool:
    """In small letters a listed name is enough here, unless it is the commonest of words."""
    return word.plain not in _around("small") and said.names.is_first(_bare_stem(word.plain))


def _is_person(word: str) -> bool:
    return bool(word) and PERSON.fullmatch(word) is not None


def _of_somebody(said: _Said, place: int) -> bool:
    """ "Han heter", "brukaren heter", "som heter", "namnet": not "appen heter"."""
    owner = said.before(place, 2)
    return owner in _around("who") or _is_person(owner)


ORGANISATION = ("tjänst", "tjänsten", "kommun", "support", "företaget")


def _organisation(word: _Word) -> bool:
    return word.plain.removesuffix("s") in _around("nobody") or word.plain.endswith(ORGANISATION)


def _more_parts(said: _Said, place: int) -> int:
    """Surnames and further names after the first; a particle counts only with a name after it."""
    last = place
    while last < place + MOST_PARTS - 1 and _goes_on(said, last + 1):
        last += 1
    while last > place and said.word(last).plain in _around("particle"):
        last -= 1
    return last - place


def _goes_on(said: _Said, place: int) -> bool:
    if not said.joined(place) or said.touches_a_number(place):
        return False
    word, one = said.word(place), said.word(place - 1)
    if one.plain.endswith("s") and not one.plain.endswith(ENDS_IN_S):
        return False
    if word.plain in _around("particle"):
        after = said.at(place + 1)
        return after is not None and after.capital
    if word.plain in _around("nobody") or _stem(word.plain, said.names.products):
        return False
    if word.capital:
        return True
    small = word.plain.removesuffix("s")
    known = small in said.names.last or small in said.names.last_word
    return not one.capital and (known or _sounds_so(small) or SMALL_SURNAME.fullmatch(small) is not None)


# --- flats ------------------------------------------------------------------------------------------------------------

COUNTED = r"(?:två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv|tretton|fjorton|femton|sexton|sjutton|arton|tjugo)"
FLAT_LABEL = re.compile(
    r"(?:l(?<!\wl)(?:gh|ght|g|[äa]g(?:enh\w{0,6})?|ägenhetsnummer|gh-?nr)|a(?<!\wa)(?:partment|pt)|f(?<!\wf)lat)"
    r"\.?:?[ #-]?"
    r"(?:nr\.?|nummer)? ?"
    rf"(?P<flat>\d{{1,4}}[:/-]\d{{1,4}}(?!\w)|{COUNTED}(?!\w)|\d{{1,4}} ?[a-f]?(?!\w)"
    r"|[a-f][ -]?\d{1,4}(?!\w)|[a-f](?!\w))(?![.:]\d)"
    r"(?! ?(?:st|utan|har inte|totalt|på plan|personer|som)\b)"
)
SMALL_LETTERS = frozenset("abcdef")
FURTHER = re.compile(r"(?: ?, ?| (?:och|eller|samt|resp\.?) |/| ?& ?)(?P<flat>\d{1,4}(?!\w))(?![.:]\d)")
# "Hos 12:an", "hos tvåan", "i tvåan på fjärde", "2 tr till höger": whoever lives there is meant.
NUMBERED = r"(?:ettan|tvåan|trean|fyran|femman|sexan|sjuan|åttan|nian|tian|elvan|tolvan)"
FLOOR = r"(?:första|andra|tredje|fjärde|femte|sjätte|botten)"
HOSTS = ("ettan", "tvåan", "trean", "fyran", "femman", "sexan", "sjuan", "åttan", "nian", "tian", "elvan", "tolvan")
# What stands in small letters wherever the pattern is found, whether a number does, and the pattern.
SAID_TO_BE_THERE = (
    (
        ("hos ",),
        True,
        re.compile(
            r"hos (?<!\whos )(?:\w{2,8} i |nr )?(?P<flat>\d{1,4}(?: ?[a-f])?)(?=(?::?(?:an|ans|a|s))?(?!\w))(?![.:,]\d)"
        ),
    ),
    (
        ("larm",),
        True,
        re.compile(
            r"larm(?<!\wlarm)(?:et|at|ar)? (?:på|i|från|hos) (?:nr )?(?P<flat>\d{1,4})"
            r"(?=[,!?)]|\.?$|\.? (?:går|tjuter|funkar|slutar|svarar|är|har|vill)\b)(?!,\d)"
        ),
    ),
    ((":an",), True, re.compile(r"\b(?:i|på|från|till|vid|utanför) (?P<flat>\d{1,4})(?=:(?:an|ans)(?!\w))")),
    (HOSTS, False, re.compile(rf"hos (?<!\whos )(?P<flat>{NUMBERED})s?(?!\w)")),
    (HOSTS, False, re.compile(rf"\b(?P<flat>{NUMBERED},? (?:på )?{FLOOR}(?: våningen| vån)?)(?!\w)")),
    (
        ("tr",),
        True,
        re.compile(
            r"(?P<flat>\d(?<!\w.) ?(?:tr|trp|trappor)\.?(?: upp)?,? (?:till )?(?:höger|vänster|hö|vä|mitten))(?!\w)"
        ),
    ),
)
# Lantmäteriet's numbers: two figures for the floor (10 is the ground), two for the door, counted from the left.
# Higher floors look like years, and need their label.
FLAT_NUMBER = re.compile(
    r"(?P<flat>[01](?<![\w.,:/+-].)(?:(?<=0)[89]|(?<=1)[0-8])(?:0[1-9]|1[0-9]|2[0-4]))(?=(?::?(?:an|ans|s|a))?(?!\w))"
    r"(?![.:,/-]\d| ?(?:kr|st|kl|min|%|gånger|ggr|personer|steg|timmar|dagar|poster|rader|meter|mb|gb|ms|sek))"
)
LARMS = re.compile(
    r" (?:larmar|larmade|har larmat|har ramlat|svarar|ringer|trycker|öppnar inte|behöver hjälp|är inlåst)\b"
)
FLAT_BEFORE = re.compile(
    r"(?:\b(?:alltså|dvs|nämligen"
    r"|på|i|till|hos|från|vid|in på|nr|nummer|boende|boenden|kund|kunden|brukare|brukaren|dörr|dörren|låset|lås"
    r"|larmet|knappen|bor|besök|insats|tant|tanten|gubben|damen|mannen)|\d{4},? (?:och|eller|samt)|[,(])[ :]{0,2}$"
)
NOT_A_FLAT = re.compile(
    r"\b(?:kl|klockan|år|årgång|fel|felkod|version|kod|koden|pin|avd|art|sedan|från år|anknytning|ankn)[. :]{0,2}"
    r"(?:på|i|till)? ?$"
)
# A room's number is told by ROOM: only where somebody is spoken of, whatever the number.
OF_A_ROOM = re.compile(r"(?<!\w)(?:boende|sov)?(?:rum(?:met)?|room) (?:nr\.? ?|nummer )?$")
SOMETHING_ELSE = re.compile(
    r"\b(?:fel\w*|error|meddelande\w*|modell\w*|typ|serie\w*|ärende\w*|ref\w*|order\w*|visar|säger|står|börja\w*|sluta\w*"
    r"|status|redan|efter|före|innan|runt|ca|cirka|mellan|vid|tid\w*|ungefär|över|under|minst|högst|totalt|alla"
    r"|av|(?:pass|skift|schema|turs?)-?kod\w*|slinga\w*|turen|rutt\w*|pass(?:et)?|skift\w*)[ :]{1,2}$"
)
ROOM = re.compile(
    r"(?:r(?<!\wr)(?:um(?:met)?|oom)|d(?<!\wd)örr(?:en)?|b(?<!\wb)oende(?:rum)?|s(?<!\ws)ovrum)"
    r" (?:nr\.? ?|nummer )?(?P<flat>\d{1,4} ?[a-f]?)(?!\w)"
)
SOMEBODY_IN = re.compile(
    r"(?:b(?<!\wb)(?:or|oenden?|rukaren?)|h(?<!\wh)(?:on|an|en|errn|yresgästen?)|t(?<!\wt)(?:anten?|jejen)"
    r"|g(?<!\wg)(?:ubben?|rannen?)|d(?<!\wd)amen|k(?<!\wk)(?:unden?|vinnan|illen)|m(?<!\wm)annen"
    r"|p(?<!\wp)(?:atienten?|ensionären|aret|ojken)|f(?<!\wf)(?:amiljen|arbrorn|lickan)|v(?<!\wv)årdtagaren?)"
    r" (?:på|i|nr)"
    r" (?:nr |nummer )?"
    r"(?P<flat>\d{1,4} ?[a-f]?)(?!\w|[.:,]\d| ?(?:min|tim|dag|veck|år|mån|st|ggr|gång|sek|appar|plats|%))"
)
BEFORE_A_DIGIT, AFTER_A_DIGIT = 60, 40
# With a letter behind it: "1302B larmar", "hos Berit 12C"; a label spelt otherwise; in words.
LETTERED = re.compile(
    r"(?P<flat>[01](?<![\w.,:/+-].)(?:(?<=0)[89]|(?<=1)[0-8])(?:0[1-9]|1[0-9]|2[0-4])(?:[a-hA-H]|[ -][A-H])(?!\w))"
)
OPENED = re.compile(r" (?:går|gick) inte(?: att)? (?:att )?(?:låsa|öppna|upp|in)")
OF_A_NAME = re.compile(r"(?<=[^\W\d_] )(?P<flat>\d{1,4}(?:[a-hA-H]| [A-H])(?!\w))")
LABEL_LIKE = re.compile(
    r"\b(?P<label>l[^\W\d_]{0,3}g[^\W\d_]{1,10})\.?:? (?:nr\.? |nummer )?(?P<flat>\d{1,4}(?: ?[a-f])?(?!\w))(?![.:]\d)"
)
WHOLE_LABELS, ALIKE = ("lägenhet", "lägenheten"), 0.8
BEFORE_WORDS = re.compile(
    r"\b(?:lgh|lght|lgn|l[äae]g(?:enh\w{0,6})?|lägenhetsnummer|apartment|apt|flat)\.?:? (?:nr\.? |nummer )?(?=[a-zåäö])"
)
COUNTS_SOMETHING = re.compile(r" (?:st|stycken|trappor|gånger|dagar|personer|tag|utan|som|av|år|rum)(?!\w)")
HUNDREDS = re.compile(
    rf"\b(?:{'|'.join(spoken.TEENS[:-1])})hundra(?:och)?"  # "nittonhundra" begins a year
    rf"(?:{spoken.TO_FIFTEEN})(?!\w| (?:kr|kronor|besök|poster))"
)
OF_SO_MANY = re.compile(r" av (?:de |våra |alla |totalt )?(?:\d|alla|allihop|tio|tolv)")  # "hos 3 av 12 kunder"


# Which key is whose: "nyckel 14 hos Gunnel", "på krok 26 hänger Vivis nyckel". Its number alone tells nothing.
KEY_NUMBER = re.compile(
    r"\b(?:nyckel(?:n|knippan?|knippe|brickan?)?|krok(?:en)?|plats|fack(?:et)?|skåp|bricka|brickan|och(?= \d{1,4} ?=))"
    r"(?: nr\.?| nummer| står)? ?(?P<key>\d{1,4})(?!\w|[.:,/-]\d)"
)
KEY_LABEL = re.compile(r"\bnyckel(?:nr|nummer|numret)[ :]{0,2}(?P<key>\d{1,4})(?!\w)")
NEAR_A_KEY = 40


class Named:
    """Where somebody is named, looked up by place: a long text names many."""

    def __init__(self, places: list[Place]) -> None:
        self._starts, self._ends = sorted(start for start, _ in places), sorted(end for _, end in places)

    def begins(self, first: int, last: int) -> bool:
        """Whether a name begins there, both places included."""
        return _any_in(self._starts, first, last)

    def ends(self, first: int, last: int) -> bool:
        return _any_in(self._ends, first, last)


def _any_in(places: list[int], first: int, last: int) -> bool:
    at = bisect_left(places, first)
    return at < len(places) and places[at] <= last


def keys(low: str, named: Named) -> Iterator[Place]:
    """The numbers of keys, where somebody is named or spoken of as whose they are."""
    if "nyckel" not in low:
        return
    yield from (found.span("key") for found in KEY_LABEL.finditer(low))
    for found in KEY_NUMBER.finditer(low):
        start, end = found.start() - NEAR_A_KEY, found.end() + NEAR_A_KEY
        if "nyckel" in low[max(0, start) : end] and named.begins(start, end):
            yield found.span("key")


def flats(text: str, low: str, named: Named) -> Iterator[Place]:
    """The number of a flat, after its label or words of a place; that of a room where somebody is spoken of.

    `low`: the text in small letters; `named`: where somebody is.
    """
    return (place for place in _flats(text, low, named) if not OF_SO_MANY.match(low, place[1]))


def _flats(text: str, low: str, named: Named) -> Iterator[Place]:
    if has(low, "lg", "lag", "läg", "ap", "flat"):
        yield from _in_words(low)
        yield from _labelled(text, low)
    elif "hundra" in low:
        yield from _in_words(low)
    digits = DIGIT.search(low) is not None
    if digits:
        yield from _otherwise(text, low, named)
    yield from (found.span("flat") for pattern in _said_there(low, digits) for found in pattern.finditer(low))
    if not digits:
        return
    yield from (found.span("flat") for found in FLAT_NUMBER.finditer(text) if _is_flat(text, low, found, named))
    near = list(around(DIGITS, low, BEFORE_A_DIGIT, AFTER_A_DIGIT))
    yield from (found.span("flat") for place in near for found in SOMEBODY_IN.finditer(low, *place))
    if has(low, "rum", "dörr", "room", "boende"):
        rooms = (found for place in near for found in ROOM.finditer(low, *place))
        yield from (found.span("flat") for found in rooms if _near(text, found, named))


def _otherwise(text: str, low: str, named: Named) -> Iterator[Place]:
    """With a letter behind a name, or after a label that is spelt as it sounds."""
    yield from (found.span("flat") for found in LETTERED.finditer(text) if _is_told(low, found))
    for found in OF_A_NAME.finditer(text):
        if named.ends(found.start("flat") - 2, found.start("flat") - 1):
            yield found.span("flat")
    yield from (found.span("flat") for found in LABEL_LIKE.finditer(low) if _means_a_flat(found["label"]))


def _is_told(low: str, found: re.Match[str]) -> bool:
    before = low[max(0, found.start() - 24) : found.start()]
    if NOT_A_FLAT.search(before) or SOMETHING_ELSE.search(before):
        return False
    return bool(LARMS.match(low, found.end()) or OPENED.match(low, found.end()) or FLAT_BEFORE.search(before))


@lru_cache(maxsize=512)
def _means_a_flat(label: str) -> bool:
    """ "Legenhet", "lägnhet": nearly the word."""
    if len(label) < 6:
        return label in ("lgt", "lgn", "lägh", "lghn", "lgeh", "lghet", "lägen", "legh", "lagh")
    return max(SequenceMatcher(None, label, whole).ratio() for whole in WHOLE_LABELS) >= ALIKE


def _in_words(low: str) -> Iterator[Place]:
    """ "Lägenhet tolv noll tre", "hon i tolvhundratvå"."""
    for label in BEFORE_WORDS.finditer(low):
        row = spoken.row_at(low, label.end())
        if row.pieces and 1 <= len(row.digits) <= 4 and low[slice(*row.pieces[0][:2])] != "en":
            counted = len(row.digits) > 2 and row.digits in "0123456789"
            if not counted and not COUNTS_SOMETHING.match(low, row.pieces[-1][1]):
                yield row.pieces[0][0], row.pieces[-1][1]
    for found in HUNDREDS.finditer(low) if "hundra" in low else ():
        if LARMS.match(low, found.end()) or FLAT_BEFORE.search(low[max(0, found.start() - 24) : found.start()]):
            yield found.span()


def _said_there(low: str, digits: bool) -> Iterator[re.Pattern[str]]:
    """Those that can be found at all, in their order."""
    return (pattern for needs, number, pattern in SAID_TO_BE_THERE if (digits or not number) and has(low, *needs))


def _labelled(text: str, low: str) -> Iterator[Place]:
    """ "Lägenheterna 1203, 1204 och 7": further ones in the same breath. A letter alone is a capital."""
    for found in FLAT_LABEL.finditer(low):
        one: re.Match[str] | None = found
        while one and text[slice(*one.span("flat"))] not in SMALL_LETTERS:
            yield one.span("flat")
            one = FURTHER.match(low, one.end())


def _is_flat(text: str, low: str, found: re.Match[str], named: Named) -> bool:
    """Unless the word before says that such a number is something else here."""
    before, after = low[max(0, found.start() - 24) : found.start()], text[found.end() : found.end() + 1]
    if NOT_A_FLAT.search(before) or OF_A_ROOM.search(before):
        return False
    told = LARMS.match(low, found.end()) or FLAT_BEFORE.search(before) or after.isalpha() or after == ":"
    return bool(told) or named.ends(found.start() - 3, found.start()) or not SOMETHING_ELSE.search(before)


def _near(text: str, found: re.Match[str], named: Named) -> bool:
    """Whether somebody is spoken of near a room."""
    first, last = found.start() - 40, found.end() + 40
    if named.begins(first, last):
        return True
    words = {word.group().casefold() for word in WORD.finditer(text[max(0, first) : last])}
    return bool(words & _around("pronoun")) or "namn" in words or any(_is_person(word) for word in words)
