"""What must not be stored, found and replaced: `mask(text)`. Every text of a person passes here before it is written.

Lives here: the finders of numbers (personnummer, phone), e-mail and street addresses, each by its shape and the words
before it. Not here: what opens something (codes.py), who is named and which flat (names.py), and what the person is
told about it.
Offsets are Unicode code points of the text as it came, the end exclusive.
"""
# ruff: noqa: RUF001 - the angle quotes of the tokens are chosen because Slack leaves them as they are

import re
import unicodedata
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from enum import IntFlag, StrEnum
from functools import lru_cache
from itertools import accumulate, takewhile
from typing import NamedTuple

from models import codes, crowds, homes, names, spoken, weighed
from models.codes import OTHER_LABEL, RIGHT_BEFORE


class Secret(StrEnum):
    """The sort of secret, as the development set calls it."""

    PERSONNUMMER = "personnummer"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    KEY_CODE = "key_code"
    NAME = "name"  # of care recipients and relatives, as far as words can tell
    APARTMENT = "apartment"


# Stored in place of the secret. No character that Slack escapes or reads as markup, and nothing that is found again.
TOKENS = {
    Secret.PERSONNUMMER: "‹personnummer›",
    Secret.PHONE: "‹telefon›",
    Secret.EMAIL: "‹e-post›",
    Secret.ADDRESS: "‹adress›",
    Secret.KEY_CODE: "‹kod›",
    Secret.NAME: "‹namn›",
    Secret.APARTMENT: "‹lägenhet›",
}


# What stands beside a secret may be read differently once that is hidden; more than two passes are hardly ever needed.
MOST_PASSES = 8


class Rest(IntFlag):
    """Of a text that has been looked through: that it is crowded, and that some of it must be seen again."""

    CROWDED = 1
    UNSEEN = 2


class Span(NamedTuple):
    """A secret in the text as it came."""

    start: int
    end: int
    kind: Secret


@dataclass(frozen=True)
class Masked:
    """The text with tokens in place of what was found. `spans` left to right, none overlaps another.

    `crowded`: it has more numbers or names than are weighed; from some place on whole sentences are hidden (crowds.py).
    """

    text: str
    spans: tuple[Span, ...]
    crowded: bool = False


def mask(text: str, *, known: frozenset[str] = frozenset(), allowed: frozenset[str] = frozenset()) -> Masked:
    """Hide what is secret. What has been masked stays as it is when it is masked again.

    `allowed`: numbers and places that are public and always pass, however they are spaced.
    `known`: names that the writer vouched for; they pass too.
    """
    public = _public(allowed | known)
    masked = Masked(text, ())
    again = False
    for each in range(MOST_PASSES):
        found, rest = _found(masked.text, public, again=again, crowded=each == 0)
        if not found:
            break
        # What passes must be seen again; and a token is in small letters: now capitals say something everywhere.
        again = not rest & Rest.UNSEEN and not masked.text.isupper()
        spans = sorted((*masked.spans, *_as_they_came(found, masked.spans)), key=lambda span: span.start)
        masked = _replaced(text, tuple(spans), crowded=masked.crowded or bool(rest & Rest.CROWDED))
    return masked


def _replaced(text: str, spans: tuple[Span, ...], *, crowded: bool) -> Masked:
    ends = [0, *(span.end for span in spans)]
    kept = [text[end : span.start] + TOKENS[span.kind] for end, span in zip(ends, spans, strict=False)]
    return Masked("".join(kept) + text[ends[-1] :], spans, crowded)


def _as_they_came(found: tuple[Span, ...], earlier: tuple[Span, ...]) -> Iterator[Span]:
    """Spans of the masked text, in offsets of the text as it came. Both left to right."""
    shift = at = 0
    for span in found:
        while at < len(earlier) and earlier[at].start < span.start + shift:
            shift += earlier[at].end - earlier[at].start - len(TOKENS[earlier[at].kind])
            at += 1
        yield Span(span.start + shift, span.end + shift, span.kind)


@lru_cache(maxsize=64)
def _public(allowed: frozenset[str]) -> frozenset[str]:
    """What passes: the strings themselves, and every number and place inside them."""
    inside = (one[span.start : span.end] for one in allowed for span in _found(one, frozenset())[0])
    return frozenset(essence(one) for one in (*allowed, *inside))


LETTER, NO_DIGIT, FROM_ABROAD = re.compile(r"[^\W\d_]"), re.compile(r"\D"), re.compile(r"^(?:\+|00)46(?:\(0\))?")


def essence(text: str) -> str:
    """What two spellings of one number or place have in common."""
    plain = "".join(_View(text).text.casefold().split())
    if LETTER.search(plain):
        return plain
    return NO_DIGIT.sub("", FROM_ABROAD.sub("0", plain))


def _found(
    text: str, public: frozenset[str], *, again: bool = False, crowded: bool = False
) -> tuple[tuple[Span, ...], Rest]:
    """All secrets of a text, left to right, and what must be seen again.

    Where two overlap the surer sort, which is looked for first, wins.

    `crowded`: it may have more numbers than are weighed; then not all of it is looked at yet.
    `again`: this text has been looked through, but for what has been hidden since: away from that nothing is new.
    """
    view = _View(text)
    crowd = crowds.beyond(view.text, public) if crowded else None
    if again:
        view.near = tuple(names.around(TOKEN, view.text, CHANGES, CHANGES))
    used = bytearray(len(view.text))
    seen = view.until(crowd.weighed) if crowd else view
    for kept in KEPT.finditer(view.text, 0, crowd.hidden[0][0] if crowd else len(view.text)):
        used[kept.start() : kept.end()] = b"\1" * (kept.end() - kept.start())
    found, rest = [], _left(crowd, len(view.text)) if crowd else Rest(0)
    for span in (*_emails(seen), *_numbers(seen), *_addresses(seen), *_codes(seen), *_persons(seen), *_weighed(seen)):
        start, end, _ = span
        if used.find(1, start, end) >= 0:
            continue
        used[start:end] = b"\1" * (end - start)
        if public and essence(view.text[start:end]) in public:
            rest |= Rest.UNSEEN
        else:
            found.append(view.original(span))
    found += map(view.original, _crowded(view.text, crowd, used)) if crowd else ()
    return tuple(sorted(found)), rest


def _left(crowd: crowds.Crowd, size: int) -> Rest:
    """What is not weighed yet: nothing, if all of it is hidden but for what stands right after."""
    everything = len(crowd.hidden) == 1 and size - crowd.hidden[0][1] <= CHANGES
    return Rest.CROWDED if everything else Rest.CROWDED | Rest.UNSEEN


BIRTH_NUMBER = re.compile(r"\d{6}[-+ ]?\d{4}")


def _crowded(text: str, crowd: crowds.Crowd, used: bytearray) -> Iterator[Span]:
    """What is hidden without being weighed, but for what was found or passes in it."""
    for at, end in crowd.hidden:
        while 0 <= at < end:
            stop = used.find(1, at, end)
            piece = text[at : stop if stop >= 0 else end]
            said = piece.strip()
            if any(sign.isalnum() for sign in said):
                start = at + piece.index(said)
                yield Span(start, start + len(said), _likely(said))
            at = used.find(0, stop, end) if stop >= 0 else end


def _likely(said: str) -> Secret:
    if BIRTH_NUMBER.search(said):
        return Secret.PERSONNUMMER
    return Secret.KEY_CODE if DIGITS.search(said) else Secret.NAME


# --- the text, read plainly -------------------------------------------------------------------------------------------

# Our own tokens, and Slack's mentions and dates.
TOKEN = re.compile(r"‹[a-zåäö-]{3,14}›")
KEPT = re.compile(TOKEN.pattern + r"|<[@#!][^<>]{0,80}>")
CHANGES = 300  # characters: farther away a hidden part changes nothing
DASHES = dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63], "-")
SPACES = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x9], " ")
WIDE = {wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
DOTLESS = {0x130: "I", 0x131: "i", 0x17F: "s"}  # letters whose small or capital form is another one's
SAME_LENGTH = {**WIDE, **DASHES, **SPACES, **DOTLESS}
OTHERWISE = re.compile(f"[{re.escape(''.join(map(chr, SAME_LENGTH)))}]")
INVISIBLE = re.compile("[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u20e3]")
MARKS = re.compile("[\u0300-\u0304\u0308\u030a]")
UNSEEN = re.compile(f"[{INVISIBLE.pattern[1:-1]}{MARKS.pattern[1:-1]}]")


class _Places(NamedTuple):
    """Where each letter of the text as an eye reads it begins and ends in the text as it came.

    `left_out`: before which letters a sign was left out, once for each sign. `ends`: of letters put together.
    """

    left_out: list[int]
    ends: dict[int, int]

    def start(self, at: int) -> int:
        return at + bisect_right(self.left_out, at)

    def end(self, at: int) -> int:
        return self.ends.get(at) or self.start(at) + 1


class _View:
    """The text as an eye reads it: one sort of dash and of space, no invisible characters, letters composed."""

    def __init__(self, raw: str) -> None:
        plain = raw.translate(SAME_LENGTH) if OTHERWISE.search(raw) else raw
        self._places: _Places | None = None
        if UNSEEN.search(plain):
            plain, self._places = _composed(plain)
        self.text = plain
        self.low = plain.lower()  # as long as the text: see DOTLESS
        self.near: tuple[tuple[int, int], ...] = ((0, len(plain)),)  # where to look, left to right

    def until(self, end: int) -> "_View":
        """The beginning of it."""
        view = copy(self)
        view.text, view.low, view.near = self.text[:end], self.low[:end], ((0, end),)
        return view

    def original(self, span: Span) -> Span:
        """The same span in the text as it came."""
        if self._places is None:
            return span
        return Span(self._places.start(span.start), self._places.end(span.end - 1), span.kind)

    def before(self, at: int, reach: int) -> str:
        """As `codes.before`."""
        return codes.before(self.low, at, reach)


def _composed(plain: str) -> tuple[str, _Places]:
    letters: list[str] = []
    places = _Places([], {})
    composed: dict[str, str] = {}
    done = 0
    for found in UNSEEN.finditer(plain):
        at, sign = found.start(), found.group()
        letters += plain[done:at]
        done = at + 1
        if MARKS.match(sign):
            both = letters[-1] + sign if letters else sign
            whole = composed.get(both) or composed.setdefault(both, unicodedata.normalize("NFC", both))
            if not len(whole) == 1 < len(both):
                letters.append(sign)
                continue
            letters[-1], places.ends[len(letters) - 1] = whole, done
        places.left_out.append(len(letters))
    return "".join(letters) + plain[done:], places


def _codes(view: _View) -> Iterator[Span]:
    """Door codes, PINs and passwords: the value, by what is said around it."""
    yield from (Span(start, end, Secret.KEY_CODE) for start, end in codes.codes(view.text, view.low, view.near))


def _weighed(view: _View) -> Iterator[Span]:
    """What no rule knows, by the words around it as they were learnt."""
    for start, end, kind in weighed.weighed(view.text, view.low, view.near):
        said = view.before(start, 24)
        house = OF_A_HOUSE.search(said) or (kind == Secret.ADDRESS and OF_A_HOUSE.match(view.low, start))
        if not house and not codes.explained(said):
            yield Span(start, end, Secret(kind))


# "Rum 1203", "team Norrby 3": of a house or a ward, not of somebody.
OF_A_HOUSE = re.compile(
    r"(?<!\w)(?:(?:rum|sal|team|grupp|enhet|byggnad|bil|plan|krok|avdelning|område)(?:met|et|en)?|avd\.?"
    r"|(?:norra|södra|östra|västra) teamet)"
    r"(?: nr| nummer)? (?:$|\d|[^\W\d_]+ \d)"
)


def _persons(view: _View) -> Iterator[Span]:
    """Who is named, and behind which door she lives."""
    places = [*names.initials(view.text), *names.people(view.text, view.near), *names.listed(view.text, view.low)]
    yield from (Span(start, end, Secret.NAME) for start, end in places)
    named = names.Named(places)
    yield from (Span(start, end, Secret.KEY_CODE) for start, end in names.keys(view.low, named))
    for start, end in names.flats(view.text, view.low, named):
        if not RIGHT_BEFORE.search(view.before(start, 24)):
            yield Span(start, end, Secret.APARTMENT)


# --- e-mail -----------------------------------------------------------------------------------------------------------

PERHAPS_AT = ("@", "(at)", "[at]", "(a)", "snabel")
AT = re.compile(r" ?@ ?| ?(?:\(at\)|\[at\]|\(a\)|snabel-?a) ?", re.IGNORECASE)
MAILBOX = re.compile(r"[\w.+%'&-]{1,64}")  # read backwards
DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,62})\.){1,8}[^\W\d_]{2,24}(?![\w-])")
USUAL_END = re.compile(r"\.(?:se|nu|com|org|net|eu|no|dk|fi|info|example)$", re.IGNORECASE)


def _emails(view: _View) -> Iterator[Span]:
    """Looked for from the @ outwards, so that a long text costs no more than its length."""
    for at in AT.finditer(view.text) if any(sign in view.low for sign in PERHAPS_AT) else ():
        mailbox = MAILBOX.match(view.text[max(0, at.start() - 64) : at.start()][::-1])
        domain = DOMAIN.match(view.text, at.end(), at.end() + 255)
        if not (mailbox and domain) or (at.group() != "@" and not USUAL_END.search(domain.group())):
            continue
        start = at.start() - len(mailbox.group().rstrip(".&'%-"))
        if start < at.start():
            yield Span(start, domain.end(), Secret.EMAIL)


# --- numbers ----------------------------------------------------------------------------------------------------------

DIGITS = re.compile(r"\d+")
PLAIN_GAP = re.compile(r" {0,2}[-+]? {0,2}")
DATE_GAP = re.compile(r" ?[-./]? ?")
LOOSE_GAP = re.compile(r"[\s+.,:/()_*-]{1,4}")
TIGHT_GAP = re.compile(r"[ .:/-]{1,2}")
PHONE_GAP = re.compile(r"[ ()/-]{1,3}")
SHAPES = frozenset([(10,), (12,), (6, 4), (8, 4), (2, 6, 4), (2, 2, 2, 4), (4, 2, 2, 4), (4, 4, 4)])
TIMESTAMPS = ((12,), (2, 2, 2, 4), (4, 2, 2, 4), (8, 4))
MOST_IN_A_SHAPE, MOST_GROUPS, MOST_DIGITS, FARTHEST, FEWEST_TO_RING = 4, 12, 15, 45, 6
# Whatever begins with a letter of its own is found quickest: so "no letter before" is asked after that.
OWN_LABEL = re.compile(
    r"personn|pers\.? ?nr|p(?<!\wp)-?nr|född|fodd|födelse|samordn|reservn|ssn(?<!\wssn)\b|social security|birth"
)
HANGS_ON = re.compile(r"(?:[^\W\d_][-_]?|\d[-./:]|[_#])$")
GOES_ON = re.compile(r"[^\W\d_]{2}|_|[-./:]\d")
PLUS = re.compile(r"(?:^|[^\w)])\+$")
LAST_FOUR = re.compile(r"sista|slutsiffr|fyra|kontrollsiffr|siffror|last four|last 4")
FOLLOWED = re.compile(r"streck|minus|dash|följ|därefter|(?<!\w)se(?:da)?n(?!\w)|sist|slut|och så|nummer(?!\w)")
MOST_BETWEEN = 24
WRAPPED = frozenset(["(", "_", "."])  # "570413 (9981)", "570413_9981"
FOUR_FIRST = re.compile(
    r"(?:sista|slutsiffr\w{0,4})[^\d\n]{0,20}(?P<both>\d{4}[^\d\n]{1,40}(?P<date>\d{6}|\d{8}))(?!\w|[.:,/-]\d)"
)
RESERVED = re.compile(r"(?<![\w-])(\d{6}|\d{8})(?:[-+](?=[^\W_]*[A-Z0-9])|(?=[A-Z]))([0-9A-Za-z]{4})(?![\w-])")
PHONE_LABEL = re.compile(
    r"(?:(?:t(?<!\wt)(?:el|fn)|m(?<!\wm)ob|r(?<!\wr)inga?)|(?:telefon|mobil|mob|tel)-?(?:nr|nummer|numret))[ .:]{1,3}$"
)
# "Ring henne på 465 00 41", "sonen har 465 004 17": in groups, a number needs no area code there.
REACHED_AT = re.compile(
    r"(?:(?<!\w)(?:ring|nå|svara|slå|mess|sms|kontakta|tel|tfn|mobil|fax|num|hemnum|nr|call)\w{0,10}"
    r"|(?:son|dotter|hustru|fru|man|syster|bror|maka|make|granne|anhörig|mamma|pappa)\w{0,4} (?:har|är))"
    r"(?: [^\W\d_]{1,12}){0,3}[ :.]{1,3}$"
)
LOCAL_SHAPES = frozenset([(3, 2, 2), (3, 3, 2), (2, 2, 2), (3, 3), (2, 3, 2), (4, 3), (3, 4), (2, 2, 2, 2)])
LOCAL = frozenset(shape[:2] for shape in LOCAL_SHAPES)
MOST_LOCAL = 8
DOTS = frozenset(".,·•_:")
MACHINE = re.compile(r"(?<!\w)(?:ip|ipv4|adress\w{0,2}|version\w{0,2}|v)[ .:]{0,2}$")
# One of them stands in whatever PHONE_LABEL and REACHED_AT find.
PHONE_STEMS = (
    "tel", "tfn", "mob", "ring", "nå", "svar", "slå", "mess", "sms", "kontakta", "fax", "num", "nr", "call", "har",
    "är",
)  # fmt: skip
PHONE_SIGNS, PHONE_ENDS = frozenset(" .:"), frozenset("lnbgart")  # the last letters of what PHONE_LABEL finds
AREA_CODES = frozenset(
    re.findall(r"\d+", "010 011 013 016 018 019 020 021 023 026 031 033 035 036 040 042 044 046 054 060 063 090")
)
DOUBLED = str.maketrans("0123456789", "0246813579")  # and the sum of the digits of that
# Month and day of every birth number, a coordination number's (day + 60) too.
LEAP_DAYS = ("0229", "0289")
DAYS = frozenset(
    f"{month:02}{day + more:02}"
    for month in range(1, 13)
    for day in range(1, monthrange(2000, month)[1] + 1)
    for more in (0, 60)
)


class _Row:
    """The groups of a text, how long each is, and what stands between it and the next."""

    def __init__(self, view: _View) -> None:
        self.view = view
        found = list(DIGITS.finditer(view.text))
        self.starts, self.ends = [one.start() for one in found], [one.end() for one in found]
        self.lengths = tuple(end - start for start, end in zip(self.starts, self.ends, strict=True))
        self.gaps = tuple(view.text[end:start] for end, start in zip(self.ends, self.starts[1:], strict=False))
        sorts = set(self.gaps)  # few
        loose = {gap for gap in sorts if len(gap) <= 4 and LOOSE_GAP.fullmatch(gap)}
        tight = {gap for gap in sorts if len(gap) <= 2 and TIGHT_GAP.fullmatch(gap)}
        ringing = {gap for gap in sorts if len(gap) <= 3 and PHONE_GAP.fullmatch(gap)}
        self.loose = [gap in loose for gap in self.gaps]
        self.tight = [gap in tight for gap in self.gaps]
        self.ringing = [gap in ringing for gap in self.gaps]
        self.digits = _plain("".join(one.group() for one in found))
        self.offsets = (0, *accumulate(self.lengths))
        self.rung = names.has(view.low, *PHONE_STEMS)  # whether a short one may be labelled
        self._anywhere = OWN_LABEL.search(view.low) is not None
        self._labelled: dict[int, bool] = {}

    def run(self, at: int, many: int) -> "_Run":
        return _Run(self, at, many, self.digits[self.offsets[at] : self.offsets[at + many]])

    def begins_with_a_date(self, at: int) -> bool:
        """What most numbers do not: of them only a telephone's is looked for."""
        digits = self.digits[self.offsets[at] : self.offsets[at] + 8]
        return (digits[2:6] in DAYS and _date(digits[:6])) or (digits[4:] in DAYS and _date(digits))

    def of(self, at: int) -> str:
        """The digits of one group."""
        return self.digits[self.offsets[at] : self.offsets[at + 1]]

    def labelled(self, at: int) -> bool:
        """Whether the group is said to begin a personnummer."""
        if not self._anywhere:
            return False
        if at not in self._labelled:
            self._labelled[at] = bool(OWN_LABEL.search(self.view.before(self.starts[at], 24)))
        return self._labelled[at]

    def beside(self, at: int, many: int) -> bool:
        """Further digits on either side, which would make these a piece of a longer number."""
        after = at + many - 1
        return (at > 0 and self.tight[at - 1]) or (after < len(self.tight) and self.tight[after])


@dataclass(slots=True)
class _Run:
    """Neighbouring groups, from one on, and their digits in a row."""

    row: _Row
    at: int
    many: int
    digits: str

    @property
    def start(self) -> int:
        return self.row.starts[self.at]

    @property
    def end(self) -> int:
        return self.row.ends[self.at + self.many - 1]

    @property
    def shape(self) -> tuple[int, ...]:
        return self.row.lengths[self.at : self.at + self.many]

    @property
    def gaps(self) -> tuple[str, ...]:
        return self.row.gaps[self.at : self.at + self.many - 1]

    def span(self, kind: Secret) -> Span:
        return Span(self.start, self.end, kind)

    def labelled(self) -> bool:
        return self.row.labelled(self.at)

    def labelled_otherwise(self) -> bool:
        return not self.labelled() and bool(OTHER_LABEL.search(self.row.view.before(self.start, 20)))

    def right_after_another(self) -> bool:
        """ "Ärende 0412-334455": the label of another number, and nothing between."""
        return bool(RIGHT_BEFORE.search(self.row.view.before(self.start, 24))) and not self.labelled()

    def attached(self) -> bool:
        """Part of something longer: a serial number, a longer row of digits."""
        text, start, end = self.row.view.text, self.start, self.end
        return bool(HANGS_ON.search(text[max(0, start - 2) : start]) or GOES_ON.match(text[end : end + 2]))


def _numbers(view: _View) -> Iterator[Span]:
    """Every personnummer and phone number: as digits, in words, and with letters for digits."""
    if not names.DIGIT.search(view.text):
        yield from _in_words(view.low)
        return
    row = _Row(view)
    yield from _reserved(row)
    yield from _in_words(view.low)
    yield from _dated(view.low)
    yield from _in_a_row(row)
    text, places = spoken.disguised(view.text)
    for span in _in_a_row(_Row(_View(text))) if places else ():
        if any(start < span.end and span.start < end for start, end in places):
            yield span


def _in_words(low: str) -> Iterator[Span]:
    """ "Noll sjuttio ett sjuttiofyra …": what a row of words says, from one word on to another."""
    for row in spoken.rows(low):
        for at, (start, _, _) in enumerate(row.pieces):
            found = _longest(row.pieces[at:])
            if found:
                yield Span(start, *found)
                break


def _longest(pieces: tuple[tuple[int, int, str], ...]) -> tuple[int, Secret] | None:
    """Where the longest number ends that begins with the first of them, and its sort."""
    found, said = None, ""
    for _, end, more in pieces:
        said += more
        local = "0" + said[2:] if said[:2] == "46" and len(said) > MOST_LOCAL else said
        if local[0] == "0" and _national(local):
            found = end, Secret.PHONE
        elif _birth_number(said):
            found = end, Secret.PERSONNUMMER
    return found


def _dated(low: str) -> Iterator[Span]:
    """ "13 april 1957 med sista fyra 9981", "sista fyra är 9981, född 570413"."""
    for one in spoken.dated(low):
        if _date(one.date) and (LAST_FOUR.search(one.gap) or _four_follow(one.date, one.gap, one.four)):
            yield Span(one.start, one.end, Secret.PERSONNUMMER)
    for found in FOUR_FIRST.finditer(low) if names.has(low, "sista", "slutsiff") else ():
        if _date(_plain(found["date"])):
            yield Span(*found.span("both"), Secret.PERSONNUMMER)


def _four_follow(date: str, gap: str, four: str) -> bool:
    """Whether what stands between says so, or hardly anything does, and the four are no time of a day of now."""
    if int(four[:2]) < 24 and int(four[2:]) < 60 and "15" <= date[-6:-4] <= "35":
        return False
    said = gap.strip(" ,;:")
    return not said or said in WRAPPED or (len(gap) <= MOST_BETWEEN and FOLLOWED.search(gap) is not None)


def _in_a_row(row: "_Row") -> Iterator[Span]:
    """By their digits alone, the surest reading of the same digits first."""
    for first, last in row.view.near:
        at, looked = bisect_left(row.starts, first), first > 0
        while at < len(row.starts) and row.starts[at] < last:
            found = None if looked and at and _spelt_out(row, at) else _number_at(row, at)
            if found:
                yield found[0]
            looked = not found
            at += found[1] if found else 1


def _plain(digits: str) -> str:
    """Those of other scripts too."""
    return digits if digits.isascii() else "".join(str(int(digit)) for digit in digits)


def _spelt_out(row: _Row, at: int) -> bool:
    """Inside a row of single digits: only its beginning is looked at."""
    return row.lengths[at - 1] == row.lengths[at] == 1 and len(row.gaps[at - 1]) <= 2


def _number_at(row: _Row, at: int) -> tuple[Span, int] | None:
    """A number that begins with group `at`, and how many groups it takes."""
    rule, dated = _phone_rule(row, at), row.begins_with_a_date(at)
    found = _shaped(row, at) if dated else None
    if not found and rule:
        found = _phone(row, at, rule)
    if not found and dated:
        found = _worded(row, at) or _loose(row, at)
    return found


def _shaped(row: _Row, at: int) -> tuple[Span, int] | None:
    """A personnummer as it is usually written; also with a wrong check digit, because a typo still identifies."""
    for many in range(1, min(MOST_IN_A_SHAPE, len(row.starts) - at) + 1):
        if row.offsets[at + many] - row.offsets[at] in (10, 12) and row.lengths[at : at + many] in SHAPES:
            run = row.run(at, many)
            if _well_spaced(run) and _birth_number(run.digits) and _meant(run):
                return run.span(Secret.PERSONNUMMER), many
    return None


def _well_spaced(run: _Run) -> bool:
    gaps = run.gaps
    if not gaps:
        return True
    return PLAIN_GAP.fullmatch(gaps[-1]) is not None and all(DATE_GAP.fullmatch(gap) for gap in gaps[:-1])


def _meant(run: _Run) -> bool:
    if run.labelled():
        return True
    if run.many == 1 and _phone_like(run) and not _checks(run.digits):
        return False
    if _checks(run.digits):
        return not (run.shape[0] == 8 and run.digits[:4] >= "2015" and run.right_after_another())
    return not (run.labelled_otherwise() or run.attached() or _timestamp(run))


def _timestamp(run: _Run) -> bool:
    """A date and a time of day, not a birth number: only where nothing else speaks for one."""
    if run.shape not in TIMESTAMPS or (len(run.digits) == 12 and int(run.digits[:4]) < 2015):
        return False
    return int(run.digits[-4:-2]) < 24 and int(run.digits[-2:]) < 60


def _birth_number(digits: str) -> bool:
    """Ten or twelve digits that begin with a real date, or a coordination number's (day + 60)."""
    return len(digits) in (10, 12) and _date(digits[:-4])


def _date(digits: str) -> bool:
    """YYMMDD in any of the centuries that live, or YYYYMMDD from 1880 to 2039."""
    if digits[-4:] not in DAYS or not (len(digits) == 6 or (len(digits) == 8 and "1880" <= digits[:4] < "2040")):
        return False
    return digits[-4:] not in LEAP_DAYS or (int(digits[:-4]) % 4 == 0 and digits[:-4] != "1900")


def _checks(digits: str) -> bool:
    """The check digit is right (Luhn, over the last ten digits)."""
    last = digits[-10:]
    return sum(map(int, last[::2].translate(DOUBLED) + last[1::2])) % 10 == 0


def _reserved(row: _Row) -> Iterator[Span]:
    """Reserve numbers: a date and four characters with letters among them."""
    for at, length in enumerate(row.lengths):
        found = RESERVED.match(row.view.text, row.starts[at]) if length in (6, 8) else None
        if not found:
            continue
        rest, run = found[2], row.run(at, 1)
        if rest.isdigit() or not found[1].isascii() or not _date(run.digits) or run.labelled_otherwise():
            continue
        if run.labelled() or any(letter.isdigit() for letter in rest):
            yield Span(found.start(), found.end(), Secret.PERSONNUMMER)


def _worded(row: _Row, at: int) -> tuple[Span, int] | None:
    """The date and, some words later, the last four."""
    many = 2 if row.lengths[at : at + 2] in ((6, 4), (8, 4)) else 4
    if many == 4 and row.lengths[at : at + 4] not in ((2, 2, 2, 4), (4, 2, 2, 4)):
        return None
    gap = row.gaps[at + many - 2].casefold()
    if len(gap) > FARTHEST or not all(DATE_GAP.fullmatch(one) for one in row.gaps[at : at + many - 2]):
        return None
    run = row.run(at, many)
    if not _birth_number(run.digits):
        return None
    if LAST_FOUR.search(gap) or (len(gap) <= 12 and run.labelled()) or _follows(run, gap):
        return run.span(Secret.PERSONNUMMER), many
    return None


def _follows(run: _Run, gap: str) -> bool:
    """ "570413 streck 9981", "570413 (9981)", and nothing says that it is another number."""
    if not gap.strip(" ,;:-+") or run.attached() or run.labelled_otherwise():
        return False
    return _four_follow(run.digits[:-4], gap, run.digits[-4:])


def _loose(row: _Row, at: int) -> tuple[Span, int] | None:
    """Any other spacing, where the check digit or a label says that it is one."""
    if at and row.tight[at - 1] and not row.labelled(at):  # always a piece of something longer
        return None
    before, many = row.offsets[at], 1
    while at + many < len(row.starts) and many < MOST_GROUPS and row.loose[at + many - 1]:
        many += 1
        total = row.offsets[at + many] - before
        if total > 12:
            return None
        if total not in (10, 12) or not (row.labelled(at) or not row.beside(at, many)):
            continue
        run = row.run(at, many)
        if not _birth_number(run.digits):
            continue
        if run.labelled() or ((_checks(run.digits) or _spelt_in_twelve(run)) and _alone(run)):
            return run.span(Secret.PERSONNUMMER), many
    return None


def _spelt_in_twelve(run: _Run) -> bool:
    """Twelve single digits that begin with a birthday: nothing else is written so."""
    return run.many == 12 and run.digits[:2] in ("19", "20")


def _alone(run: _Run) -> bool:
    """Neither a piece of something longer nor something else."""
    return not (run.row.beside(run.at, run.many) or run.attached() or run.labelled_otherwise() or _timestamp(run))


def _phone(row: _Row, at: int, accepts: Callable[[_Run], bool]) -> tuple[Span, int] | None:
    """A phone number: abroad with + or 00, in Sweden with its area code, or a short one after "tel"."""
    best = _dotted(row, at)
    for many in range(1, min(MOST_GROUPS, len(row.starts) - at) + 1):
        digits = row.offsets[at + many] - row.offsets[at]
        if many > 1 and (digits > MOST_DIGITS or not row.ringing[at + many - 2]):
            break
        if digits >= FEWEST_TO_RING and accepts(run := row.run(at, many)):
            best = run
    if not best or (best.many == 1 and best.labelled_otherwise()) or best.right_after_another():
        return None
    plus = row.view.text[max(0, best.start - 1) : best.start] == "+"
    return Span(best.start - plus, best.end, Secret.PHONE), best.many


def _dotted(row: _Row, at: int) -> _Run | None:
    """ "070.174.06.05": one sign between all groups, and a complete number, no date and no address of a machine."""
    sign = row.gaps[at] if at < len(row.gaps) and row.of(at)[0] == "0" else ""
    if sign not in DOTS or sign == "" or row.lengths[at : at + 2] == (2, 2):
        return None
    many = 1 + sum(1 for _ in takewhile(sign.__eq__, row.gaps[at : at + MOST_GROUPS]))
    run = row.run(at, many)
    whole = len(run.digits) <= MOST_LOCAL + 3 and _national(run.digits) and not run.attached()
    other = run.labelled_otherwise() or MACHINE.search(row.view.before(run.start, 12))
    return run if whole and not other else None


def _phone_rule(row: _Row, at: int) -> Callable[[_Run], bool] | None:
    start, text, digits = row.starts[at], row.view.text, row.of(at)
    last = text[start - 1 : start] if start else ""
    if digits.startswith("00") or (last == "+" and PLUS.search(text[max(0, start - 2) : start])):
        return _abroad
    if digits.startswith("0"):
        return _phone_like
    if digits.startswith("46"):
        return _without_plus
    if digits[0] == "7" and row.lengths[at : at + 4] == (2, 3, 2, 2):
        return _without_nought
    said = row.view.low[max(0, start - 4) : start].rstrip(" .:")[-1:] if row.rung and last in PHONE_SIGNS else ""
    if not said.isalpha():
        return None
    near = row.view.before(start, 40)
    if said in PHONE_ENDS and PHONE_LABEL.search(near[-20:]):
        return _short
    return _local if row.lengths[at : at + 2] in LOCAL and REACHED_AT.search(near) else None


def _without_plus(run: _Run) -> bool:
    """ "46 70 174 06 05": a mobile's number whole, another only in groups; or where somebody is reached at it."""
    if run.row.beside(run.at, run.many) or run.attached() or run.labelled_otherwise():
        return False
    if run.digits[2:3] == "7" or run.digits[2:4] == "07" or run.many > MOST_IN_A_SHAPE:
        return _national("0" + run.digits[2:].removeprefix("0"))
    return _local(run) and bool(REACHED_AT.search(run.row.view.before(run.start, 40)))


def _without_nought(run: _Run) -> bool:
    alone = run.many == MOST_IN_A_SHAPE and not run.row.beside(run.at, run.many)
    return alone and not run.attached() and not run.labelled_otherwise()


def _local(run: _Run) -> bool:
    """Without its area code, in groups as it is said."""
    return run.shape in LOCAL_SHAPES and not run.attached() and not run.labelled_otherwise()


def _abroad(run: _Run) -> bool:
    number = run.digits.removeprefix("00")
    if number.startswith("46"):
        return _national("0" + number[2:].removeprefix("0"))
    return number[:1] > "0" and 9 <= len(number) <= 13


def _phone_like(run: _Run) -> bool:
    """Swedish with an area code, in no shape that a date or two times of day have."""
    if not _national(run.digits):
        return False
    shape, gaps = run.shape, run.gaps
    dated = shape[:2] == (2, 2) and (gaps[:2] in (("-", "-"), ("/", "/")) or shape[2:] in ((4,), (2, 4)))
    if dated or shape == (4, 4, 2) or run.attached():
        return False
    return len(run.digits) > 8 or (bool(gaps) and "-" in gaps[0])


def _national(digits: str) -> bool:
    """A complete number: the length that its area code allows."""
    if digits[:2] == "07" or digits[:3] == "010":
        return len(digits) == 10
    if digits[:2] == "08" or digits[:3] in AREA_CODES:
        return 8 <= len(digits) <= 10
    return digits[:1] == "0" and digits[1:2] > "0" and 9 <= len(digits) <= 10


def _short(run: _Run) -> bool:
    return 6 <= len(run.digits) <= 9 and not run.attached()


# --- addresses --------------------------------------------------------------------------------------------------------

NOT_A_STREET = r"(?!(?:motor|flykt|utrymnings|kör|rese|gen|luft|urin|gång|cykel|hem|om|in|ut|till|halv|mellan)väg)"
BEFORE_IT = r"(?:(?:norra|södra|östra|västra|stora|lilla|gamla|nya|övre|nedre|sankta?|s:t[ae]?) )?"
STAIRS = r"(?:,? ?\d{1,2} ?(?:tr|trp|trappor)(?!\w)(?: upp)?)?"
HOUSE = r",? {0,2}(?:nr\.? ?)?\d{1,3}(?:-\d{1,3}(?!\d))?(?: ?[a-hA-H](?!\w))?(?!\w)"
HOUSE += r"(?![.:,]\d| ?(?:(?:min|minuter|st|km|m|kr|ggr|gånger|tim|timmar|dagar|veckor|steg|personer|platser)\b|%))"
HOUSE += STAIRS
STREET = (
    r"(?:gatan|gata|vägen|väg|vagen|gränden|gränd|stigen|stig|allén|torget|torg|kajen|kroken|liden|esplanaden|stråket)"
)
SQUARE = (
    r"(?:backe|backen|brinken|leden|ringen|slingan|passagen|svängen|bågen|stranden|höjden|platsen|plats|allé|parken|plan)"
)
NO_SQUARE = r"(?!(?:Vånings|Tids|Arbets|Genomförande|Vård|Hem|Rese|Hand)plan)"
COUNTED = rf"(?:{spoken.TO_FIFTEEN})(?!\w| (?:gånger|dagar|timmar))"
ONE_WORD = re.compile(rf"\b{BEFORE_IT}{NOT_A_STREET}[^\W\d_]{{2,30}}{STREET}{HOUSE.replace('[a-hA-H]', '[a-h]')}")
TWO_WORDS = re.compile(rf"\b{BEFORE_IT.removesuffix('?')}{STREET}{HOUSE.replace('[a-hA-H]', '[a-h]')}")
CAPITAL = re.compile(rf"(?<!\w){NO_SQUARE}[A-ZÅÄÖ][a-zåäöé]{{2,30}}{SQUARE}{HOUSE}")
SHORTENED = re.compile(r"(?<!\w)[A-ZÅÄÖ][a-zåäöé]{2,30}[gv]\. ?\d{1,3}(?: ?[a-hA-H](?!\w))?(?![\w.:,]\d)")
SHORTENED_SMALL = re.compile(
    r"(?<!\w)(?:på|vid|till|i|från|hos|bor|utanför|adress) (?P<place>[a-zåäö]{3,20}[gv]\. ?\d{1,3}(?: ?[a-h](?!\w))?)"
    r"(?![\w.:,]\d)"
)
IN_WORDS = re.compile(rf"(?<!\w)[A-ZÅÄÖ][a-zåäöé]{{2,30}}{STREET} {COUNTED}")
MORE_WORDS = re.compile(
    r"(?<!\w)(?:[A-ZÅÄÖ][\w:]{0,25} )?[A-ZÅÄÖ][\w:]{1,25}s"
    rf" (?:gata|väg|gränd|plats|torg|allé|stig|backe){HOUSE}"
)
# "Bor på Norrby 12": with such words before, any name with a number is one.
LIVES_AT = re.compile(
    r"(?:\badress(?:en)?(?: är| var)?|\bbor (?:nu |numera )?(?:på|i|vid)|\bhemma på|\bflytta(?:t|r) till)[: ]{1,2}"
    r"(?P<place>[A-ZÅÄÖ][\w-]{2,30}(?: [a-zåäöA-ZÅÄÖ]{2,20})? \d{1,4}(?: ?[a-hA-H](?!\w))?)(?!\w)"
)
POSTAL = re.compile(r"[1-9](?<![\w-].)\d{2} \d{2} {1,2}[A-ZÅÄÖ][a-zåäöé]{2,20}(?!\w)")
# What all but the last two have in the middle; only around it they are looked for.
NUMBERED = re.compile(rf"(?:{STREET}|{SQUARE}|[gv]\.),? {{0,2}}(?:(?:nr\.? ?)?\d|{COUNTED})")
BEFORE_A_NUMBER, AFTER_A_NUMBER = 64, 64


# What stands in small letters wherever a pattern is found, and in which text it is looked for.
SQUARES = (
    "back", "brinken", "leden", "ringen", "slingan", "passagen", "svängen", "bågen", "stranden", "höjden", "plats",
    "allé", "park", "plan",
)  # fmt: skip
NUMBERED_PLACES = (
    (MORE_WORDS, ("s gata", "s väg", "s gränd", "s plats", "s torg", "s allé", "s stig", "s backe")),
    (ONE_WORD, ("",)),
    (TWO_WORDS, ("",)),
    (CAPITAL, SQUARES),
    (SHORTENED, ("g.", "v.")),
    (IN_WORDS, ("",)),
)


def _addresses(view: _View) -> Iterator[Span]:
    yield from (Span(start, end, Secret.ADDRESS) for start, end in homes.addresses(view.text, view.low))
    low = view.low
    near = list(names.around(NUMBERED, low, BEFORE_A_NUMBER, AFTER_A_NUMBER))
    for pattern, needs in NUMBERED_PLACES if near else ():
        text = low if pattern in (ONE_WORD, TWO_WORDS) else view.text
        places = near if names.has(low, *needs) else []
        yield from (Span(*one.span(), Secret.ADDRESS) for place in places for one in pattern.finditer(text, *place))
    if not names.DIGIT.search(low):
        return
    yield from (Span(*found.span(), Secret.ADDRESS) for found in POSTAL.finditer(view.text))
    if names.has(low, "adress", "bor ", "hemma på", "flytta"):
        yield from (Span(*found.span("place"), Secret.ADDRESS) for found in LIVES_AT.finditer(view.text))
    if near and names.has(low, "g.", "v."):
        small = (one for place in near for one in SHORTENED_SMALL.finditer(view.text, *place))
        yield from (Span(*found.span("place"), Secret.ADDRESS) for found in small)
