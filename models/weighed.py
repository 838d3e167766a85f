"""What a number or a made-up word in a text most likely is, by the words around it: `weighed(text, low, near)`.

The rules (codes.py, names.py, homes.py, secrecy.py) know ways of saying; this has learnt from texts in which secrets
are marked (data/secrets.csv). Candidates are cheap and generous; each is weighed by multinomial logistic regression
over the words within a dozen of it (whole, their pieces, their sort), and its own shape. It only adds to the rules.
Learnt at set-up and kept beside the sheets under a key; without that file the rules stand alone. Not here: what is then
done with it (secrecy.py). Offsets are Unicode code points, the end exclusive. docs/decisions/0035.
"""
# ruff: noqa: RUF001 - quotes of every sort stand around what people write

import csv
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache, lru_cache
from hashlib import sha256
from importlib import resources
from math import exp
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from models import catalogue, names, spoken

Place = tuple[int, int]
Numbers = NDArray[np.float32]
Part = tuple[str, tuple[int, ...], float]  # what is seen, at which of PLACES (none: a word apart), how much it counts
Vocabulary = frozenset[str]

KINDS = ("none", "key_code", "apartment", "address")
# From which probability on each is hidden: chosen by leaving out (`benchmarks/weighing.py`).
BOUNDS = {"key_code": 0.8, "apartment": 0.6, "address": 0.55}
PERHAPS = 0.1  # so likely a code, it is not only a room's number
SURER = 0.8  # of a word alone, which may be any
DECAY, ROUNDS, ENOUGH, RAREST = 4.0, 60, 2e-4, 2


# --- candidates -------------------------------------------------------------------------------------------------------

STOPS = r"\s‹›\"'()“”«»<>\[\]{}:;,/=?!&"
UNITS = (
    r"kr|kronor|mah|mhz|ghz|kcal|ml|mg|mb|gb|g|kg|gram|liter|cm|mm|m|km|mil|st|stycken|min|minuter|minut|sek|sekunder"
    r"|tim|timmar|timme|dagar|dag|veckor|vecka|månader|år|procent|grader|gånger|ggr|personer|besök|steg|rader|poster"
    r"|tecken|siffror|stycken|kunder|boende|brukare|telefoner|plattor|nycklar|dörrar|bilar|bilder|rutor|larm|jan\w*|feb\w*|mars|april?|maj|jun\w*|jul\w*|aug\w*|sep\w*|okt\w*|nov\w*|dec\w*"
)
COUNTED = re.compile(rf" ?(?:%|(?:{UNITS})(?!\w))")
NUMBER = re.compile(
    r"(?P<passes><[@#!][^<>]{0,80}>?|https?://\S{1,200}|(?<!\w)[Ff]-?\d{1,9}(?!\w))"
    r"|(?P<nth>(?<!\w)\d{1,4}:(?:ans|an|as|a|es|e|s|n)(?!\w))"
    r"|(?P<tight>(?<![^\W_])[#*]{0,2}\d+(?:[-./:,_]\d+){0,8}(?:(?: ?[#*]{1,2})(?!\d)|(?![^\W_]|[-!_][^\W\d])))"
    rf"|(?P<mixed>(?<![^{STOPS}])(?=[^{STOPS}\d]{{0,30}}\d)[^{STOPS}]{{1,40}}(?:!(?=\d)[^{STOPS}]{{1,20}})?)"
)
SPACED = re.compile(
    r"(?:\d(?: ?, ?\d| {1,2}\d){2,7}|\d\d(?: \d\d){1,3}|\d{3} \d{3}|\d{4} \d{4}|\d \d{3})"
    r"(?!\w|[-.:,/]\d)(?: ?[#*]{1,2})?"
)
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
SIGNS_IN = re.compile(
    r"\w*l[öo]sen\w*|pass(?:word|ord|wd|phrase)|pwd?|psw|\w*inlogg\w*|login\w*|logga\w*|wi-?fi\w*|admin\w*"
    r"|\w*nyckeln?|\w*fras(?:en)?|kontot?|gästnät\w*"
)
PERHAPS_SIGNS_IN = re.compile(r"l[öo]sen|pass|pwd?|psw|logg|login|wi-?fi|admin|nyckel|fras|konto|gästnät")
BEFORE, AFTER = 6, 8  # words from one that speaks of signing in
TOKEN = re.compile(r"‹[^‹›]{1,20}›|[^\W\d_]+|\d+|[^\w\s]|\n")
TENTHS = frozenset([
    "nollor", "noller", "ettor", "tvåor", "treor", "fyror", "femmor", "femor", "sexor", "sjuor", "åttor", "nior",
    "nollan", "ettan", "tvåan", "trean", "fyran", "femman", "sexan", "sjuan", "åttan", "nian", "tian", "elvan",
    "tolvan",
])  # fmt: skip
NO_NUMBER_ALONE = frozenset(["en", "ett", "one", "oh", "två", "tre"])
PUBLIC = frozenset(["112", "1177", "9000", "11313", "11414"])
MOST_DIGITS = 9
CROWDED, CROWD = 10, 24  # so many numbers among so many tokens are a table


class Candidate(NamedTuple):
    start: int
    end: int
    sort: str  # how it is written: tight, spaced, mixed, nth, row, word, pass


def candidates(text: str, low: str) -> list[Candidate]:
    found = [*_numbers(text, low)]
    words = [one.span() for one in WORD.finditer(low)]
    found += _spelt(low, words)
    if PERHAPS_SIGNS_IN.search(low):
        taken = {at for one in found for at in range(one.start, one.end)}
        found += (Candidate(*place, "pass") for place in _near_signing_in(low, words) if place[0] not in taken)
    return sorted(found)


LAST_WORD = re.compile(r"(?<!\w)[^\W\d_]+ $")
CLOCKS = frozenset(["kl", "klockan", "vecka"])
YEAR, OF_A_YEAR = re.compile(r"(?:19|20)\d\d"), frozenset(["sedan", "år", "våren", "hösten", "sommaren", "vintern"])


def _numbers(text: str, low: str) -> Iterator[Candidate]:
    done = 0
    for found in NUMBER.finditer(text):
        start, end = found.span()
        if start < done:
            continue
        sort = found.lastgroup or ""
        spaced = SPACED.match(text, start) if sort == "tight" else None
        if spaced and spaced.end() > end:
            end, sort = spaced.end(), "spaced"
        if sort == "mixed":
            kept = text[start:end].rstrip(".-!_%+*~").lstrip(".-+~")
            start += text[start:end].index(kept)
            end = start + len(kept)
        done = end
        digits = sum(map(str.isdigit, text[start:end]))
        if 0 < digits <= MOST_DIGITS and sort != "passes" and not _explained(text, low, start, end):
            yield Candidate(start, end, sort)


def _explained(text: str, low: str, start: int, end: int) -> bool:
    """Of something counted, a number to ring that everybody knows, a product's."""
    if text[start:end] in PUBLIC or COUNTED.match(low, end):
        return True
    if letters := WORD.match(low, start):
        return names.is_product(letters.group())
    found = LAST_WORD.search(low, max(0, start - 24), start)
    before = found.group().strip() if found else ""
    if before in CLOCKS or before in names.brands():
        return True
    return before in OF_A_YEAR and YEAR.fullmatch(low, start, end) is not None


@lru_cache(maxsize=4096)
def _says(word: str) -> str:
    return "5" if word in TENTHS else spoken.digits(word)


def _spelt(low: str, words: Sequence[Place]) -> Iterator[Candidate]:
    """Rows of number words, and single ones but for the commonest."""
    at = 0
    while at < len(words):
        start, end = words[at]
        if not _says(low[start:end]):
            at += 1
            continue
        many, first = 1, low[start:end]
        while many < MOST_DIGITS and (more := _more(low, words, at + 1)):
            at, many = at + more, many + 1
        if many > 1 or first not in NO_NUMBER_ALONE:
            yield Candidate(start, words[at][1], "row" if many > 1 else "word")
        at += 1


def _more(low: str, words: Sequence[Place], at: int) -> int:
    """How many words further the row goes on: 1, or 2 with an "och" between; 0 if it does not."""
    for more in (1, 2):
        place = at + more - 1
        if place >= len(words) or low[words[place - 1][1] : words[place][0]] not in (" ", ", ", ",", "-", " - "):
            return 0
        said = low[slice(*words[place])]
        if _says(said):
            return more
        if said not in ("och", "o", "å", "sen"):
            return 0
    return 0


def _near_signing_in(low: str, words: Sequence[Place]) -> Iterator[Place]:
    speaks = [at for at, place in enumerate(words) if SIGNS_IN.fullmatch(low, *place)]
    near = {at for one in speaks for at in range(max(0, one - BEFORE), min(len(words), one + AFTER + 1))}
    yield from (words[at] for at in sorted(near - set(speaks)) if words[at][1] - words[at][0] >= 4)


# --- what is seen of each ---------------------------------------------------------------------------------------------

BARE = str.maketrans("åäöéü", "aaoeu")
PLAIN = str.maketrans("åäöéü\n", "aaoeu¶")
OWN, WORDS, SORTS, PIECES, EXACT, EXACT_PIECES, PAIRS = 2.2, 1.0, 1.0, 0.32, 1.41, 0.55, 1.0
NEAR, FARTHEST = 3, 12  # words and numbers
REACH = 3 * FARTHEST  # tokens, signs among them: a row of nothing but signs is not gone through for each number
ENDS = frozenset(".!?¶")
THING = r"\w*(?:port|dorr|dor|grind|entre|trapp|garage|forrad|vind|kallar|soprum|sophus|tvattstug|miljorum|cykelrum"
THING += r"|skap|box|las|safe|gomma|hiss|luck|valv|rum|gate|door|lock|key|nyck|nyckel)\w{0,6}"
SORTED = {
    sort: re.compile(words)
    for sort, words in {
        "door": THING,
        "code": r"\w*(?:k[oa]d|pin|puk|losen|passord|password|code|siffr|kombination|otp)\w{0,5}",
        "other code": r"(?:fel|qr|streck|farg|rikt|post|artikel|status|lands|atgards|insats|diagnos|avvikelse|kall|kund"
        r"|bar|orsaks|yrkes|kostnads|projekt|aktivitets|franvaro|lone|tids?|verksamhets|ansvars|kurs|tur|rutt)k[oa]d"
        r"\w{0,3}|error|fel\w{0,5}",
        "types": r"(?:sla|slar|slog|slagit|knapp\w*|tryck\w*|mata\w*|ange|anger|angav|skriv\w*|skrev|vrid\w*|vred"
        r"|snurra\w*|rulla\w*|enter|type|press|punch|anvand\w*|prova\w*|testa\w*|kor|korde|dra|drar)",
        "opens": r"(?:oppna\w*|lasa|laser|laste|upp|in|ut|larma\w*|avlarma\w*|open\w*|unlock\w*|logga\w*|kom\w{0,3}"
        r"|slapp\w*)",
        "works": r"(?:funk\w*|fung\w*|galler|gallde|stamm\w*|nek\w*|tar|tas|tog|godkann\w*|godta\w*|accept\w*|blink\w*"
        r"|duger|vagra\w*|spar\w*|last|work\w*)",
        "told": r"(?:sa|sade|sager|skrev|gav|fick|fatt|star|stod|hette|heter|lapp\w*|parm\w*|papper\w*|lista\w*|minns"
        r"|glomt|vet|mejl\w*|sms\w*|told|said|tycker)",
        "changed": r"(?:byt\w*|andra\w*|gaml\w*|nya?|forra|innan|forut|tidigare|langre|numera|nu|istallet|utan|old|new"
        r"|ratt\w*)",
        "other": r"(?:arend\w*|order\w*|serie\w*|sn|ref\w*|faktur\w*|ocr|kund\w*|art|artikel\w*|batch|lot|inventarie\w*"
        r"|imei|id|version\w*|modell\w*|bestall\w*|incident\w*|case|ticket|diarie\w*|dnr|bankgiro|bg|pg|org\w*|avtal\w*"
        r"|produkt\w*|foljesedel\w*|kolli|paket\w*|licens\w*|mac|ip|tillgang\w*|lopnummer|kostnadsstall\w*|konto\w*|rad"
        r"|sidan?|kapitel|punkt|steg|buss\w*|linje|kanal|mote\w*|anknytning\w*|upplaga|rutin\w*|blankett\w*)",
        "unit": r"(?:kr|kronor|mah|mhz|ghz|kcal|m?[gl]|[mg]b|kg|gram|liter|[cmk]?m|mil|st|stycken|min|minuter|minut"
        r"|sek|sekunder|tim|timm\w*|dag|dagar|vecka|veckor|ar|manader|procent|grader|ganger|ggr|personer|boende|brukare"
        r"|kunder|besok|steg|rader|poster|tecken|siffror|nycklar|telefoner|plattor|bilar|e|enheter|watt|volt|v)",
        "time": r"(?:kl|klockan|sedan|sen|mellan|runt|ca|cirka|vid|vecka|v|den|dagen|ar|aret|fore|efter|till|fran|tid"
        r"|tiden|pass\w*|morgon\w*|kvall\w*|natt\w*|(?:jan|feb|mars|apr|maj|jun|jul|aug|sep|okt|nov|dec)\w*"
        r"|(?:man|tis|ons|tors|fre|lor|son)dag\w*|igar|idag|imorgon)",
        "street": r"\w+(?:gatan?|vagen|vag|grand|granden|stigen|stig|torget|torg|kajen|kroken|liden|allen|backen"
        r"|brinken|leden|ringen|slingan|passagen|svangen|bagen|stranden|hojden|platsen|plan|gard|garden|byn?|torp"
        r"|torpet|berga|gv|g|v)",
        "flat": r"(?:lgh\w*|lag\w{0,3}|lagenhet\w*|apartment|apt|flat|vaning\w*|van|plan|trp?|trappor|trappa|dorr|hoger"
        r"|vanster|rum\w*|bor|bodde|hos|boende\w*|tant\w*|gubb\w*|dam\w*|brukar\w*|kund\w*|patient\w*|larmar|granne\w*"
        r"|trapphus|uppgang\w*)",
        "person": r"(?:hon|han|henne|honom|hennes|hans|dottern?|son|sonen|frun?|man|mannen|mamma|pappa|anhorig\w*"
        r"|brukar\w*|kund\w*|tant\w*|gubb\w*|chef\w*|kolleg\w*|vikarie\w*|granne\w*)",
        "screen": r"(?:skarm\w*|display\w*|rutan|visar|visas|syns|meddelande\w*|blinkar|piper|lyser|appen)",
        "sign": r"(?:fyrkant\w*|stjarn\w*|nyckelsymbol\w*|hash\w*|star|bock|ok|gron\w*)",
    }.items()
}


class _Token(NamedTuple):
    said: str  # a word without dots and rings, a sign, or how a number is written
    capital: bool


Window = tuple[object, ...]


class _Seen:
    """The tokens of a text, each candidate one of them."""

    def __init__(self, text: str, low: str, found: Sequence[Candidate]) -> None:
        self.text, self.low = text, low
        self.tokens: list[_Token] = []
        self.at: dict[Candidate, int] = {}
        done = 0
        for one in found:
            self._read(done, one.start)
            self.at[one] = len(self.tokens)
            self.tokens.append(_Token("#" + _written(text[one.start : one.end], one.sort), capital=False))
            done = one.end
        self._read(done, len(low))

    def _read(self, start: int, end: int) -> None:
        for found in TOKEN.finditer(self.low, start, end):
            said = found.group()
            capital = self.text[found.start()].isupper()
            self.tokens.append(_Token("#" if said[0].isdigit() else said.translate(PLAIN), capital))

    def crowded(self) -> Set[int]:
        """Tokens of tables: what has been hidden is counted too, so that it stays one."""
        numbers = [at for at, one in enumerate(self.tokens) if one.said[0] in "#‹"]
        ends = zip(numbers, numbers[CROWDED - 1 :], strict=False)
        rows = [at for at, (first, last) in enumerate(ends) if last - first < CROWD]
        return {numbers[at] for row in rows for at in range(row, row + CROWDED)}

    def of(self, one: Candidate, usual: Vocabulary) -> Iterator[Part]:
        """What is seen of a candidate."""
        at = self.at[one]
        ends = ("first",) * (at == 0) + ("last",) * (at == len(self.tokens) - 1)
        yield from ((each, (), OWN) for each in (*self._own(one, usual), *ends))
        yield from self._side("L", reversed(self.tokens[max(0, at - REACH) : at]))
        yield from self._side("R", self.tokens[at + 1 : at + 1 + REACH])
        near = [self._pair_word(each) for each in range(at - 2, at + 3)]
        pairs = (("P", near[0], near[1]), ("N", near[3], near[4]), ("M", near[1], near[3]))
        yield from ((f"{sort}2:{before}+{after}", (), PAIRS) for sort, before, after in pairs)

    def window(self, one: Candidate) -> Window:
        """All that `of` looks at: what is alike here is alike there."""
        at = self.at[one]
        return (
            self.text[one.start - 1 : one.start], self.text[one.start : one.end], self.text[one.end : one.end + 1],
            one.sort, at == 0, at == len(self.tokens) - 1,
            *self.tokens[max(0, at - REACH) : at], None, *self.tokens[at + 1 : at + 1 + REACH],
        )  # fmt: skip

    def _pair_word(self, at: int) -> str:
        said = self.tokens[at].said if 0 <= at < len(self.tokens) else "^"
        return "#" if said[0] == "#" else said

    def _side(self, side: str, tokens: Iterable[_Token]) -> Iterator[Part]:
        far = crossed = 0
        for said, capital in tokens:
            if not (said[0].isalnum() or said[0] in "#‹"):
                if not crossed and far < NEAR:
                    yield f"{side}{far}{said}", (), OWN
                crossed += said in ENDS
                if crossed > 1 + (side == "L"):
                    return
                continue
            far += 1
            if far > FARTHEST:
                return
            where = _places(side, far, crossed)
            yield said, where, 1.0
            if capital and far < NEAR:
                yield CAPITAL, where, 1.0

    def _own(self, one: Candidate, usual: Vocabulary) -> Iterator[str]:
        text = self.text[one.start : one.end]
        yield f"is {_written(text, one.sort)}"
        if one.sort in ("row", "word", "pass"):
            yield from _of_words(text, one.sort, usual)
        else:
            yield from _of_digits(text)
        before, after = self.text[one.start - 1 : one.start], self.text[one.end : one.end + 1]
        yield from (f"{side} {sign}" for side, sign in (("<", before), (">", after)) if sign and not sign.isspace())


SINGLE_LETTER = re.compile(r"#?(?:\d{1,4}[A-Za-z]|[A-Za-z]\d{1,4})#?")


def _written(text: str, sort: str) -> str:
    """How it is written, roughly: "4" for four digits, "spaced", "mixed", …"""
    if sort == "mixed":
        return "letter" if SINGLE_LETTER.fullmatch(text) else "mixed"
    if sort != "tight":
        return sort
    if "#" in text or "*" in text:
        return "sign"
    if not text.isdigit():
        return "single" if re.fullmatch(r"\d(?:-\d)+", text) else "dash" if "-" in text else "dotted"
    many = len(text)
    return str(many) if many <= 4 else "5-6" if many <= 6 else "7+"


CLOCK, FLAT = re.compile(r"([01]\d|2[0-3])[0-5]\d"), re.compile(r"[01]\d(0[1-9]|1\d|2[0-4])")
SHAPES = ((r"\d", "9"), (r"[a-zåäöé]", "a"), (r"[A-ZÅÄÖÉ]", "A"), (r"a{3,}", "aa+"), (r"A{3,}", "AA+"))


def _of_digits(text: str) -> tuple[str, ...]:
    digits = "".join(filter(str.isdigit, text))
    shape = text
    for pattern, instead in SHAPES:
        shape = re.sub(pattern, instead, shape)
    told = {
        "zero": digits[0] == "0",
        "year": len(text) == 4 and text[:2] in ("19", "20"),
        "clock": CLOCK.fullmatch(text),
        "round clock": CLOCK.fullmatch(text) and text[-1] in "05",
        "flat": FLAT.fullmatch(text),
        "hundreds": len(digits) >= 4 and digits.endswith("00"),
        "tens": len(digits) >= 2 and digits.endswith("0"),
        "few": len(set(digits)) <= 2 and len(digits) >= 4,
        f"value {digits}": len(digits) <= 2,
    }
    return (f"shape {shape}", f"many {len(digits)}", *(each for each, so in told.items() if so))


def _of_words(text: str, sort: str, usual: Vocabulary) -> Iterator[str]:
    said = WORD.findall(text.lower())
    if sort == "row":
        yield f"row {len(said)}"
        yield from ["ones"] if all(len(_says(word)) < 2 for word in said) else []
    elif sort == "word":
        yield f"word {said[0]}"
    else:
        yield "capital" if text[0].isupper() and not text.isupper() else "upper" if text.isupper() else "small"
        yield "usual" if said[0].translate(BARE) in usual else "unusual"


# Where a word may stand: anywhere; near or far on a side, so many ends of sentences between; and exactly there.
PLACES = ("", *(f"{side}{far}{'|' * ends}" for side in "LR" for far in "nf" for ends in range(3)), *(
    f"{side}{far}" for side in "LR" for far in range(1, NEAR + 1)
))  # fmt: skip
PLACE = {name: at for at, name in enumerate(PLACES)}
CAPITAL = "Capital"
# How much the word itself, its sort and its pieces count at each place.
MUCH = {
    "=": np.array([EXACT if name[1:].isdigit() else WORDS for name in PLACES], np.float32),
    "@": np.array([EXACT if name[1:].isdigit() else SORTS for name in PLACES], np.float32),
    "": np.array([EXACT_PIECES * name.endswith("1") if name[1:].isdigit() else PIECES for name in PLACES], np.float32),
}


@cache
def _places(side: str, far: int, crossed: int) -> tuple[int, ...]:
    pool = f"{side}{'n' if far <= NEAR else 'f'}{'|' * crossed}"
    return (0, PLACE[pool], *([PLACE[f"{side}{far}"]] if far <= NEAR and not crossed else []))


def _seen_in(said: str) -> Iterator[tuple[str, Numbers]]:
    """A word, its sorts and its pieces, and how much each counts at each place."""
    yield "=" + said, MUCH["="]
    if said[0].isalpha() and said != CAPITAL:
        yield from (("@" + sort, MUCH["@"]) for sort in _sorts(said))
        spaced = f" {said} "
        yield from ((spaced[at : at + long], MUCH[""]) for long in (4, 5) for at in range(len(spaced) - long + 1))


@lru_cache(maxsize=1 << 14)
def _sorts(said: str) -> tuple[str, ...]:
    found = [sort for sort, words in SORTED.items() if words.fullmatch(said)]
    also = (("tool", names.is_product(said)), ("name", names.is_first(said)), ("number", bool(_says(said))))
    return (*found, *(sort for sort, so in also if so))


# --- learning ---------------------------------------------------------------------------------------------------------

MARKED = re.compile(r"\{(?P<kind>[a-z_]+):(?P<said>[^{}]*)\}")
OURS = resources.files("models.data")
KEPT = Path(__file__).parent / "data"


class Marked(NamedTuple):
    """A text, and what is secret in it: `(start, end, kind)`; kind "optional" is neither."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


def marked(row: str) -> Marked:
    """ "koden är {key_code:4711}" """
    text, spans, done = "", [], 0
    for found in MARKED.finditer(row):
        text += row[done : found.start()]
        spans.append((len(text), len(text) + len(found["said"]), found["kind"]))
        text, done = text + found["said"], found.end()
    return Marked(text + row[done:], tuple(spans))


@cache
def taught() -> tuple[Marked, ...]:
    """secrets.csv; and phrasings with a number, in which nothing is secret."""
    with OURS.joinpath("secrets.csv").open(encoding="utf-8") as file:
        rows = [marked(row["text"]) for row in csv.DictReader(file)]
    return (*rows, *(Marked(text, ()) for _, text in catalogue.load().phrasings if names.DIGIT.search(text)))


class Model:
    """`words`: a part of a word → its row of `said`, row x place x kind. `apart`: what else is seen → its row of
    `told`, row x kind. `common`: per kind. `usual`: words that everybody writes.
    """

    def __init__(self, seen: Mapping[str, Sequence[str]], told: Numbers, said: Numbers, common: Numbers) -> None:
        self.seen, self.told, self.said, self.common = seen, told, said, common
        self.usual = frozenset(seen["usual"])
        self._words = {word: at for at, word in enumerate(seen["words"])}
        self._apart = dict(zip(seen["apart"], told.tolist(), strict=True))
        self._table = lru_cache(maxsize=1 << 14)(self._weigh)
        self._row = lru_cache(maxsize=1 << 16)(self._at)

    def chances(self, parts: Iterable[Part]) -> list[float]:
        """How likely it is of each kind."""
        points = list(map(sum, zip(self.common.tolist(), *(self._row(*part) for part in parts), strict=True)))
        powers = [exp(point - max(points)) for point in points]
        return [power / sum(powers) for power in powers]

    def _at(self, seen: str, places: tuple[int, ...], much: float) -> tuple[float, ...]:
        rows = [self._table(seen)[place] for place in places] if places else [self._apart.get(seen, NOTHING)]
        return tuple(much * sum(column) for column in zip(*rows, strict=True))

    def _weigh(self, word: str) -> list[list[float]]:
        """What a word says, at each place."""
        held = [(self._words[each], much) for each, much in _seen_in(word) if each in self._words]
        if not held:
            return [NOTHING] * len(PLACES)
        much = np.array([much for _, much in held])[:, :, None]
        table: list[list[float]] = (self.said[[at for at, _ in held]] * much).sum(0).tolist()
        return table


NOTHING = [0.0] * len(KINDS)


def learn(rows: Sequence[Marked]) -> Model:
    """The same rows give the same model, on one machine."""
    every = " ".join(text.lower() for _, text in catalogue.load().phrasings)
    words = Counter(WORD.findall(every.translate(BARE)))
    usual = frozenset(word for word, times in words.items() if times > 1)
    seen = [one for row in rows for each in _as_read(row) for one in _examples(each, usual)]
    times = Counter(feature for held, _ in seen for feature in held)
    row = {feature: at for at, feature in enumerate(each for each, often in times.items() if often >= RAREST)}
    held = [{row[each]: much for each, much in one.items() if each in row} for one, _ in seen]
    return _model(row, *_fitted(held, [kind for _, kind in seen], len(row)), sorted(usual))


def _model(row: Mapping[tuple[str, int], int], weights: Numbers, common: Numbers, usual: Sequence[str]) -> Model:
    words = list(dict.fromkeys(seen for seen, place in row if place >= 0))
    at = {word: at for at, word in enumerate(words)}
    said = np.zeros((len(words), len(PLACES), len(KINDS)), np.float32)
    for (seen, place), one in row.items():
        if place >= 0:
            said[at[seen], place] = weights[one]
    apart = {seen: weights[one] for (seen, place), one in row.items() if place < 0}
    told = np.array(list(apart.values()), np.float32).reshape(-1, len(KINDS))
    return Model({"words": words, "apart": list(apart), "usual": usual}, told, said, common)


def _as_read(row: Marked) -> Iterator[Marked]:
    """As it came, and as it is once half of its secrets have been hidden."""
    yield row
    for rest in (0, 1) if len(row.spans) > 1 else ():
        text, spans, done = "", [], 0
        for at, (start, end, kind) in enumerate(row.spans):
            text += row.text[done:start]
            said = row.text[start:end] if at % 2 == rest else HIDDEN.get(kind, row.text[start:end])
            spans += [(len(text), len(text) + len(said), kind)] if at % 2 == rest else []
            text, done = text + said, end
        yield Marked(text + row.text[done:], tuple(spans))


HIDDEN = {
    "key_code": "‹kod›", "apartment": "‹lägenhet›", "address": "‹adress›", "name": "‹namn›", "phone": "‹telefon›",
    "personnummer": "‹personnummer›", "email": "‹e-post›",
}  # fmt: skip


def _examples(row: Marked, usual: Vocabulary) -> Iterator[tuple[dict[tuple[str, int], float], int]]:
    low = row.text.lower()
    found = candidates(row.text, low)
    seen = _Seen(row.text, low, found)
    for one in found:
        kinds = {kind for start, end, kind in row.spans if start < one.end and one.start < end}
        if kinds <= set(KINDS):
            yield dict(_held(seen.of(one, usual))), KINDS.index(min(kinds, default="none"))


def _held(parts: Iterable[Part]) -> Iterator[tuple[tuple[str, int], float]]:
    for seen, places, much in parts:
        if not places:
            yield (seen, -1), much
        for each, counts in _seen_in(seen) if places else ():
            yield from (((each, place), float(counts[place])) for place in places if counts[place])


def _fitted(held: Sequence[Mapping[int, float]], kinds: Sequence[int], many: int) -> tuple[Numbers, Numbers]:
    """Multinomial logistic regression with decaying weights, by L-BFGS."""
    columns = np.fromiter((at for one in held for at in one), np.intp)
    values = np.fromiter((much for one in held for much in one.values()), np.float32)
    begins = np.cumsum([0, *map(len, held[:-1])])
    owner = np.repeat(np.arange(len(held)), [len(one) for one in held])
    right = np.eye(len(KINDS), dtype=np.float32)[list(kinds)]

    def loss(at: Numbers) -> tuple[float, Numbers]:
        speaks, common = at[:-1], at[-1]
        points = np.add.reduceat(speaks[columns] * values[:, None], begins) + common
        powers = np.exp(points - points.max(1, keepdims=True))
        shares = powers / powers.sum(1, keepdims=True)
        wrong = shares - right
        slope = np.empty_like(at)
        for kind in range(len(KINDS)):
            slope[:-1, kind] = np.bincount(columns, values * wrong[owner, kind], many)
        slope[:-1] += DECAY * speaks
        slope[-1] = wrong.sum(0)
        missed = -np.log(np.maximum((shares * right).sum(1), 1e-12)).sum()
        return float(missed + DECAY / 2 * (speaks * speaks).sum()), slope

    at = _descended(loss, np.zeros((many + 1, len(KINDS)), np.float32))
    return at[:-1], at[-1]


def _descended(loss: Callable[[Numbers], tuple[float, Numbers]], at: Numbers) -> Numbers:
    """L-BFGS: down the slope, bent by how the slope has changed of late."""
    value, slope = loss(at)
    steps: list[tuple[Numbers, Numbers]] = []
    for _ in range(ROUNDS):
        way = _bent(slope, steps)
        far = 1.0
        while (found := loss(at - far * way))[0] > value - 1e-4 * far * float((slope * way).sum()) and far > 1e-4:
            far /= 2
        steps = [*steps[-7:], (-far * way, found[1] - slope)]
        at, enough = at - far * way, abs(value - found[0]) < ENOUGH * abs(value)
        value, slope = found
        if enough:
            break
    return at


def _bent(slope: Numbers, steps: Sequence[tuple[Numbers, Numbers]]) -> Numbers:
    way = slope.copy()
    shares = []
    for step, change in reversed(steps):
        share = float((step * way).sum()) / float((step * change).sum())
        shares.append(share)
        way -= share * change
    if not steps:
        return np.asarray(way / max(1.0, float(np.abs(slope).max())), np.float32)
    step, change = steps[-1]
    way *= float((step * change).sum()) / float((change * change).sum())
    for (step, change), share in zip(steps, reversed(shares), strict=True):
        way += step * (share - float((change * way).sum()) / float((step * change).sum()))
    return way


# --- what was learnt, kept --------------------------------------------------------------------------------------------


@cache
def _file() -> Path:
    """Where it is kept: by what it was learnt from and how."""
    sources = (Path(module.__file__ or "").read_bytes() for module in (sys.modules[__name__], spoken))
    sheets = (OURS.joinpath(f"{name}.csv").read_bytes() for name in ("secrets", "phrasings"))
    return KEPT / f"{sha256(b''.join((*sources, *sheets))).hexdigest()[:24]}.weighed.npz"


_IN_HAND: list[Model] = []  # what was learnt and could not be written


def keep() -> None:
    """Learn it and keep it beside the sheets, whole or not at all. Part of the set-up. Raises OSError where it cannot
    be written; then this process has it all the same.
    """
    if is_kept():
        return
    model, new = learn(taught()), _file().with_suffix(".new.npz")
    _IN_HAND[:] = [model]
    seen = {name: np.array("\n".join(each)) for name, each in model.seen.items()}  # an array of texts would be large
    weights = {"told": model.told, "said": model.said, "common": model.common}
    np.savez(new, allow_pickle=False, **seen, **weights)
    new.replace(_file())
    for old in set(KEPT.glob("*.weighed.npz")) - {_file()}:
        old.unlink()
    _IN_HAND.clear()
    _kept.cache_clear()


def is_kept() -> bool:
    return _file().exists()


@cache
def _kept() -> Model | None:
    try:
        with np.load(_file(), allow_pickle=False) as found:
            seen = {name: str(found[name]).split("\n") for name in ("words", "apart", "usual")}
            return Model(seen, found["told"], found["said"], found["common"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


# --- weighing ---------------------------------------------------------------------------------------------------------

LETTER = re.compile(r" ?[A-Ha-h](?!\w)")
MOST_WORDS = 3
REACHES = 60  # characters
LIVES = re.compile(
    r"(?<!\w)(?:lgh\w*|läg(?!g)\w*|apartment|apt|flat|bor|bodde|bott|flytta\w*|hos|tant\w*|gubb\w*|dam(?:en)?|brukar\w*"
    r"|kund\w*|boende\w*|patient\w*|hon|han|henne|honom|hennes|hans|dottern?|son(?:en)?|frun?|mannen|mamman?|pappan?"
    r"|anhörig\w*|she|he|her|him|trappa\w*|trp?|dörr(?:en)?|våning\w*|uppgång\w*)(?!\w)|:an?(?!\w)"
)


def weighed(text: str, low: str, near: Sequence[Place]) -> Iterator[tuple[int, int, str]]:
    """What is hidden: start, end, kind. Nothing where nothing was learnt. `near`: only there."""
    model = _kept() or next(iter(_IN_HAND), None)
    yield from _weighed(model, text, low, near) if model else ()


def _weighed(model: Model, text: str, low: str, near: Sequence[Place]) -> Iterator[tuple[int, int, str]]:
    found = candidates(text, low)
    if not found:
        return
    seen = _Seen(text, low, found)
    crowded = seen.crowded() if len(found) >= CROWDED else frozenset()
    known: dict[Window, list[float]] = {}  # in this text alone: what has been hidden is remembered nowhere
    for one in found:
        if seen.at[one] in crowded or not any(start <= one.start < end for start, end in near):
            continue
        window = seen.window(one)
        if window not in known:
            known[window] = model.chances(seen.of(one, model.usual))
        chances = dict(zip(KINDS, known[window], strict=True))
        kind = max(BOUNDS, key=lambda kind: chances[kind] - BOUNDS[kind])
        enough = SURER if one.sort == "pass" else BOUNDS[kind]
        room = kind == "apartment" and chances["key_code"] < PERHAPS and _is_a_room(low, one)
        if chances[kind] >= enough and not room:
            yield *_whole(text, one, kind), kind


def _is_a_room(low: str, one: Candidate) -> bool:
    """ "Larmet i 14 piper": one or two figures say who is meant only with a person (domain.md, section 6)."""
    alone = low[one.start : one.end].isdigit() and one.end - one.start <= 2
    return alone and not LIVES.search(low, max(0, one.start - REACHES), one.end + REACHES)


def _whole(text: str, one: Candidate, kind: str) -> Place:
    """A number with its letter, and an address with the street before it."""
    start, end = one.start, one.end
    if kind in ("apartment", "address") and (letter := LETTER.match(text, end)):
        end = letter.end()
    for at in range(MOST_WORDS) if kind == "address" else ():
        words = text[max(0, start - 40) : start].rstrip(" ,")
        word = re.search(r"[^\W\d_][\w:.'-]*$", words)
        if not word or (at and not word.group()[0].isupper()):
            break
        start = max(0, start - 40) + word.start()
    return start, end
