"""What must not be stored, found and replaced: `mask(text)`. Every text of a person passes here before it is written.

Lives here: the finders of numbers (personnummer, phone), e-mail and street addresses, each by its shape and the words
before it. Not here: what opens something (codes.py), who is named and which flat (names.py), and what the person is
told about it.
Offsets are Unicode code points of the text as it came, the end exclusive.
"""
# ruff: noqa: RUF001 - the angle quotes of the tokens are chosen because Slack leaves them as they are

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise, takewhile

from models import codes, names
from models.codes import OTHER_LABEL


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


@dataclass(frozen=True)
class Span:
    """A secret in the text as it came."""

    start: int
    end: int
    kind: Secret


@dataclass(frozen=True)
class Masked:
    """The text with tokens in place of what was found. `spans` left to right, none overlaps another."""

    text: str
    spans: tuple[Span, ...]


def mask(text: str, *, known: frozenset[str] = frozenset(), allowed: frozenset[str] = frozenset()) -> Masked:
    """Hide what is secret. What has been masked stays as it is when it is masked again.

    `allowed`: numbers and places that are public and always pass, however they are spaced.
    `known`: names that the writer vouched for; they pass too.
    """
    public = _public(allowed | known)
    masked = Masked(text, ())
    for _ in range(MOST_PASSES):
        found = _found(masked.text, public)
        if not found:
            break
        spans = (*masked.spans, *(_as_it_came(span, masked.spans) for span in found))
        masked = _replaced(text, tuple(sorted(spans, key=lambda span: span.start)))
    return masked


def _replaced(text: str, spans: tuple[Span, ...]) -> Masked:
    ends = [0, *(span.end for span in spans)]
    kept = [text[end : span.start] + TOKENS[span.kind] for end, span in zip(ends, spans, strict=False)]
    return Masked("".join(kept) + text[ends[-1] :], spans)


def _as_it_came(span: Span, earlier: tuple[Span, ...]) -> Span:
    """A span of the masked text, in offsets of the text as it came."""
    shift = 0
    for one in earlier:
        if one.start >= span.start + shift:
            break
        shift += one.end - one.start - len(TOKENS[one.kind])
    return Span(span.start + shift, span.end + shift, span.kind)


@lru_cache(maxsize=64)
def _public(allowed: frozenset[str]) -> frozenset[str]:
    """What passes: the strings themselves, and every number and place inside them."""
    inside = (one[span.start : span.end] for one in allowed for span in _found(one, frozenset()))
    return frozenset(essence(one) for one in (*allowed, *inside))


def essence(text: str) -> str:
    """What two spellings of one number or place have in common."""
    plain = "".join(_View(text).text.casefold().split())
    if re.search(r"[^\W\d_]", plain):
        return plain
    return re.sub(r"\D", "", re.sub(r"^(?:\+|00)46(?:\(0\))?", "0", plain))


def _found(text: str, public: frozenset[str]) -> tuple[Span, ...]:
    """All secrets of a text, left to right. Where two overlap the surer sort, which is looked for first, wins."""
    view = _View(text)
    used = bytearray(len(view.text))
    for kept in KEPT.finditer(view.text):
        used[kept.start() : kept.end()] = b"\1" * (kept.end() - kept.start())
    found = []
    for span in (*_emails(view), *_numbers(view), *_addresses(view), *_codes(view), *_persons(view)):
        if any(used[span.start : span.end]):
            continue
        used[span.start : span.end] = b"\1" * (span.end - span.start)
        if not public or essence(view.text[span.start : span.end]) not in public:
            found.append(view.original(span))
    return tuple(sorted(found, key=lambda span: span.start))


# --- the text, read plainly -------------------------------------------------------------------------------------------

# Our own tokens, and Slack's mentions and dates.
KEPT = re.compile(r"‹[a-zåäö-]{3,14}›|<[@#!][^<>]{0,80}>")
DASHES = dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63], "-")
SPACES = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x9], " ")
WIDE = {wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
SAME_LENGTH = {**WIDE, **DASHES, **SPACES}
INVISIBLE = re.compile("[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u20e3]")
MARKS = re.compile("[\u0300-\u0304\u0308\u030a]")


class _View:
    """The text as an eye reads it: one sort of dash and of space, no invisible characters, letters composed."""

    def __init__(self, raw: str) -> None:
        plain = raw.translate(SAME_LENGTH)
        self._places: list[tuple[int, int]] | None = None
        if INVISIBLE.search(plain) or MARKS.search(plain):
            plain, self._places = _composed(plain)
        self.text = plain

    def original(self, span: Span) -> Span:
        """The same span in the text as it came."""
        if self._places is None:
            return span
        return Span(self._places[span.start][0], self._places[span.end - 1][1], span.kind)

    def before(self, at: int, reach: int) -> str:
        """As `codes.before`."""
        return codes.before(self.text, at, reach)


def _composed(plain: str) -> tuple[str, list[tuple[int, int]]]:
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    unseen, marks = frozenset(INVISIBLE.findall(plain)), frozenset(MARKS.findall(plain))
    for at, letter in enumerate(plain):
        if letter in unseen:
            continue
        whole = unicodedata.normalize("NFC", letters[-1] + letter) if letter in marks and letters else ""
        if len(whole) == 1:
            letters[-1], places[-1] = whole, (places[-1][0], at + 1)
        else:
            letters.append(letter)
            places.append((at, at + 1))
    return "".join(letters), places


def _codes(view: _View) -> Iterator[Span]:
    """Door codes, PINs and passwords: the value, by what is said around it."""
    yield from (Span(start, end, Secret.KEY_CODE) for start, end in codes.codes(view.text))


def _persons(view: _View) -> Iterator[Span]:
    """Who is named, and behind which door she lives."""
    named = [*names.people(view.text), *names.initials(view.text)]
    yield from (Span(start, end, Secret.NAME) for start, end in named)
    yield from (Span(start, end, Secret.APARTMENT) for start, end in names.flats(view.text, named))


# --- e-mail -----------------------------------------------------------------------------------------------------------

AT = re.compile(r" ?@ ?| ?(?:\(at\)|\[at\]|\(a\)|snabel-?a) ?", re.IGNORECASE)
MAILBOX = re.compile(r"[\w.+%'&-]{1,64}")  # read backwards
DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,62})\.){1,8}[^\W\d_]{2,24}(?![\w-])")
USUAL_END = re.compile(r"\.(?:se|nu|com|org|net|eu|no|dk|fi|info|example)$", re.IGNORECASE)


def _emails(view: _View) -> Iterator[Span]:
    """Looked for from the @ outwards, so that a long text costs no more than its length."""
    for at in AT.finditer(view.text):
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
PHONE_GAP = re.compile(r"[ ()/-]{1,3}")
SHAPES = ((10,), (12,), (6, 4), (8, 4), (2, 6, 4), (2, 2, 2, 4), (4, 2, 2, 4), (4, 4, 4))
TIMESTAMPS = ((12,), (2, 2, 2, 4), (4, 2, 2, 4), (8, 4))
MOST_GROUPS, MOST_DIGITS, FARTHEST = 12, 15, 45
OWN_LABEL = re.compile(r"personn|pers\.? ?nr|\bp-?nr|född|fodd|födelse|samordn|reservn|\bssn\b|social security|birth")
HANGS_ON = re.compile(r"(?:[^\W\d_][-_]?|\d[-./:]|[_#])$")
GOES_ON = re.compile(r"[^\W\d_]{2}|_|[-./:]\d")
DIGITS_BEFORE, DIGITS_AFTER = re.compile(r"\d[ .:/-]{1,2}$"), re.compile(r"[ .:/-]{1,2}\d")
PLUS = re.compile(r"(?:^|[^\w)])\+$")
LAST_FOUR = re.compile(r"sista|slutsiffr|fyra|kontrollsiffr|siffror|last four|last 4")
RESERVED = re.compile(r"(?<![\w-])(\d{6}|\d{8})(?:[-+](?=[^\W_]*[A-Z0-9])|(?=[A-Z]))([0-9A-Za-z]{4})(?![\w-])")
PHONE_LABEL = re.compile(r"(?:\b(?:tel|tfn|mob|ring|ringa)|(?:telefon|mobil|mob|tel)-?(?:nr|nummer|numret))[ .:]{1,3}$")
AREA_CODES = frozenset(
    re.findall(r"\d+", "010 011 013 016 018 019 020 021 023 026 031 033 035 036 040 042 044 046 054 060 063 090")
)


@dataclass(slots=True)
class _Group:
    """A run of digits."""

    start: int
    end: int
    digits: str


@dataclass(slots=True)
class _Run:
    """Neighbouring groups, their digits in a row, how many each group has, and what stands between them."""

    view: _View
    groups: tuple[_Group, ...]
    digits: str
    shape: tuple[int, ...]
    gaps: tuple[str, ...] = ()

    def with_next(self, group: _Group) -> "_Run":
        gap = self.view.text[self.groups[-1].end : group.start]
        shape = (*self.shape, len(group.digits))
        return _Run(self.view, (*self.groups, group), self.digits + group.digits, shape, (*self.gaps, gap))

    def span(self, kind: Secret) -> Span:
        return Span(self.groups[0].start, self.groups[-1].end, kind)

    def labelled(self) -> bool:
        return bool(OWN_LABEL.search(self.view.before(self.groups[0].start, 24)))

    def labelled_otherwise(self) -> bool:
        return not self.labelled() and bool(OTHER_LABEL.search(self.view.before(self.groups[0].start, 20)))

    def attached(self) -> bool:
        """Part of something longer: a serial number, a longer row of digits."""
        text, start, end = self.view.text, self.groups[0].start, self.groups[-1].end
        return bool(HANGS_ON.search(text[max(0, start - 2) : start]) or GOES_ON.match(text[end : end + 2]))


def _numbers(view: _View) -> Iterator[Span]:
    """Every personnummer and phone number, left to right, the surest reading of the same digits first."""
    yield from _reserved(view)
    groups = tuple(_group(found) for found in DIGITS.finditer(view.text))
    at = looked = 0
    while at < len(groups):
        found = None if looked and _spelt_out(groups[at - 1], groups[at]) else _number_at(view, groups, at)
        if found:
            yield found[0]
        looked = 0 if found else 1
        at += found[1] if found else 1


def _group(found: re.Match[str]) -> _Group:
    digits = found.group()
    plain = digits if digits.isascii() else "".join(str(int(digit)) for digit in digits)
    return _Group(found.start(), found.end(), plain)


def _first(view: _View, group: _Group) -> _Run:
    return _Run(view, (group,), group.digits, (len(group.digits),))


def _spelt_out(last: _Group, this: _Group) -> bool:
    """Inside a row of single digits: only its beginning is looked at."""
    return len(last.digits) == len(this.digits) == 1 and this.start - last.end <= 2


def _number_at(view: _View, groups: tuple[_Group, ...], at: int) -> tuple[Span, int] | None:
    """A number that begins with group `at`, and how many groups it takes."""
    if not (_begins_with_a_date(groups, at) or _phone_rule(_first(view, groups[at]))):
        return None
    runs = _runs(view, groups[at : at + MOST_GROUPS])
    found = (finder(runs) for finder in (_shaped, _phone, _worded, _loose))
    return next((one for one in found if one), None)


def _begins_with_a_date(groups: tuple[_Group, ...], at: int) -> bool:
    """What most numbers do not: of them nothing else needs to be looked at."""
    digits = ""
    for group in groups[at : at + MOST_GROUPS]:
        digits += group.digits
        if len(digits) >= 8:
            break
    return (len(digits) >= 6 and _date(digits[:6])) or (len(digits) >= 8 and _date(digits[:8]))


def _runs(view: _View, ahead: tuple[_Group, ...]) -> list[_Run]:
    """Ever longer rows of groups, as far as one number could reach."""
    runs = [_first(view, ahead[0])]
    for last, group in pairwise(ahead):
        if len(runs[-1].digits) + len(group.digits) > MOST_DIGITS or group.start - last.end > FARTHEST:
            break
        runs.append(runs[-1].with_next(group))
    return runs


def _shaped(runs: list[_Run]) -> tuple[Span, int] | None:
    """A personnummer as it is usually written; also with a wrong check digit, because a typo still identifies."""
    for run in runs[:4]:
        if run.shape in SHAPES and _well_spaced(run) and _birth_number(run.digits) and _meant(run):
            return run.span(Secret.PERSONNUMMER), len(run.groups)
    return None


def _well_spaced(run: _Run) -> bool:
    if not run.gaps:
        return True
    return PLAIN_GAP.fullmatch(run.gaps[-1]) is not None and all(DATE_GAP.fullmatch(gap) for gap in run.gaps[:-1])


def _meant(run: _Run) -> bool:
    if run.labelled():
        return True
    if run.shape == (10,) and _phone_like(run) and not _checks(run.digits):
        return False
    if _checks(run.digits):
        return True
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
    month, day = int(digits[-4:-2]), int(digits[-2:])
    years = [int(digits[:4])] if len(digits) == 8 else [century + int(digits[:2]) for century in (1900, 2000)]
    day -= 60 if day > 60 else 0
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return False
    return any(1880 <= year < 2040 and day <= monthrange(year, month)[1] for year in years)


def _checks(digits: str) -> bool:
    """The check digit is right (Luhn, over the last ten digits)."""
    doubled = (int(digit) * (2 - at % 2) for at, digit in enumerate(digits[-10:]))
    return sum(n // 10 + n % 10 for n in doubled) % 10 == 0


def _reserved(view: _View) -> Iterator[Span]:
    """Reserve numbers: a date and four characters with letters among them."""
    for found in RESERVED.finditer(view.text):
        date, rest = found.groups()
        run = _first(view, _Group(found.start(), found.end(), date))
        if rest.isdigit() or not date.isascii() or not _date(date) or run.labelled_otherwise():
            continue
        if run.labelled() or any(letter.isdigit() for letter in rest):
            yield run.span(Secret.PERSONNUMMER)


def _worded(runs: list[_Run]) -> tuple[Span, int] | None:
    """The date and, some words later, the last four."""
    if len(runs) < 2 or runs[1].shape not in ((6, 4), (8, 4)) or not _birth_number(runs[1].digits):
        return None
    gap = runs[1].gaps[0].casefold()
    if len(gap) <= 45 and (LAST_FOUR.search(gap) or (len(gap) <= 12 and runs[1].labelled())):
        return runs[1].span(Secret.PERSONNUMMER), 2
    return None


def _loose(runs: list[_Run]) -> tuple[Span, int] | None:
    """Any other spacing, where the check digit or a label says that it is one."""
    for run in runs[1:]:
        total = len(run.digits)
        if total > 12 or not LOOSE_GAP.fullmatch(run.gaps[-1]):
            return None
        if not _birth_number(run.digits):
            continue
        if (_alone(run) and (_checks(run.digits) or _spelt_in_twelve(run))) or run.labelled():
            return run.span(Secret.PERSONNUMMER), len(run.groups)
    return None


def _spelt_in_twelve(run: _Run) -> bool:
    """Twelve single digits that begin with a birthday: nothing else is written so."""
    return len(run.shape) == 12 and run.digits[:2] in ("19", "20")


def _alone(run: _Run) -> bool:
    """No further digits beside it, which would make it a piece of a longer number."""
    text, start, end = run.view.text, run.groups[0].start, run.groups[-1].end
    beside = DIGITS_BEFORE.search(text[max(0, start - 3) : start]) or DIGITS_AFTER.match(text[end : end + 3])
    return not (beside or run.attached() or run.labelled_otherwise() or _timestamp(run))


def _phone(runs: list[_Run]) -> tuple[Span, int] | None:
    """A phone number: abroad with + or 00, in Sweden with its area code, or a short one after "tel"."""
    accepts = _phone_rule(runs[0])
    if not accepts:
        return None
    reachable = takewhile(lambda run: not run.gaps or PHONE_GAP.fullmatch(run.gaps[-1]), runs)
    accepted = [run for run in reachable if accepts(run)]
    if not accepted or (len(accepted[-1].groups) == 1 and accepted[-1].labelled_otherwise()):
        return None
    span = accepted[-1].span(Secret.PHONE)
    plus = runs[0].view.text[max(0, span.start - 1) : span.start] == "+"
    return Span(span.start - plus, span.end, span.kind), len(accepted[-1].groups)


def _phone_rule(first: _Run) -> Callable[[_Run], bool] | None:
    start, text = first.groups[0].start, first.view.text
    plus = text[start - 1 : start] == "+" and PLUS.search(text[max(0, start - 2) : start])
    if plus or first.digits.startswith("00"):
        return _abroad
    if first.digits.startswith("0"):
        return _phone_like
    return _short if PHONE_LABEL.search(first.view.before(start, 20)) else None


def _abroad(run: _Run) -> bool:
    number = run.digits.removeprefix("00")
    if number.startswith("46"):
        return _national("0" + number[2:].removeprefix("0"))
    return number[:1] > "0" and 9 <= len(number) <= 13


def _phone_like(run: _Run) -> bool:
    """Swedish with an area code, in no shape that a date or two times of day have."""
    dated = run.shape[:2] == (2, 2) and (run.gaps[:2] in (("-", "-"), ("/", "/")) or run.shape[2:] in ((4,), (2, 4)))
    if dated or run.shape == (4, 4, 2) or not _national(run.digits) or run.attached():
        return False
    return len(run.digits) > 8 or (bool(run.gaps) and "-" in run.gaps[0])


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
COUNTED = r"(?:ett|två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv|tretton|fjorton|femton)"
COUNTED += r"(?!\w| (?:gånger|dagar|timmar))"
ONE_WORD = re.compile(rf"(?<!\w){BEFORE_IT}{NOT_A_STREET}[^\W\d_]{{2,30}}{STREET}{HOUSE}", re.IGNORECASE)
TWO_WORDS = re.compile(rf"(?<!\w){BEFORE_IT.removesuffix('?')}{STREET}{HOUSE}", re.IGNORECASE)
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
POSTAL = re.compile(r"(?<![\w-])[1-9]\d{2} \d{2} {1,2}[A-ZÅÄÖ][a-zåäöé]{2,20}(?!\w)")


def _addresses(view: _View) -> Iterator[Span]:
    for pattern in (MORE_WORDS, ONE_WORD, TWO_WORDS, CAPITAL, SHORTENED, IN_WORDS, POSTAL):
        for found in pattern.finditer(view.text):
            yield Span(found.start(), found.end(), Secret.ADDRESS)
    for pattern in (LIVES_AT, SHORTENED_SMALL):
        for found in pattern.finditer(view.text):
            yield Span(*found.span("place"), Secret.ADDRESS)
