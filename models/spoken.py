"""Numbers as people say them: in words, with a letter O for a nought, a date of birth with the month's name.

A row of number words is read as the digits that it stands for, so that a telephone number or a personnummer is known
by its digits, however it was said: "noll sjuttio ett sjuttiofyra …" is 070 174. Not here: which digits are whose
number (secrecy.py) and which words speak of a code (codes.py). Offsets are Unicode code points, the end exclusive.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

Place = tuple[int, int]

ONES = ("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio")
TEENS = ("tio", "elva", "tolv", "tretton", "fjorton", "femton", "sexton", "sjutton", "arton", "nitton")
TO_FIFTEEN = "|".join((*ONES[1:], *TEENS[:6]))  # as alternatives of a pattern
TENS = ("tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio")
OTHERWISE = {
    "nolla": "0", "nollan": "0", "en": "1", "etta": "1", "ettan": "1", "tvåa": "2", "trea": "3", "femma": "5",
    "sexa": "6", "sjua": "7", "åtta": "8", "nia": "9", "tjuge": "20", "förtio": "40",
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9",
}  # fmt: skip
MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


def _below_a_hundred() -> dict[str, str]:
    said = {word: str(value) for value, word in enumerate((*ONES, *TEENS))}
    for value, ten in enumerate(TENS, start=2):
        for spelling in {ten, ten.removesuffix("o") if ten.endswith("tio") else ten}:
            said[spelling] = f"{value}0"
            said |= {spelling + word: f"{value}{one}" for one, word in enumerate(ONES) if one}
    return said


SAID = {**OTHERWISE, **_below_a_hundred()}
ATOMS = "|".join(sorted(map(re.escape, SAID), key=len, reverse=True))
# "Hundrasjuttiofyra" is 174, "tolvhundratre" 1203; "nollsjuttio" is two words in one.
WORD = re.compile(
    rf"(?P<hundreds>(?:{ATOMS})?)hundra(?:och)?(?P<rest>(?:{ATOMS})?)|(?P<first>{ATOMS})(?P<more>.{{1,24}})"
)
WORDS_BEGIN = re.compile(
    r"\b(?:noll|ett|två|tre|fyr|fem|sex|sju|åtta|åtti|ni[ot]|tio|elva|tolv|fjort|art|tju|fört|zero|seven|five|four"
    r"|plus fyr)"
)
# One of these stands in every row that is long enough to be looked at.
STEMS = ("noll", "tio", "ton", "elva", "tolv", "zero")
PLUS = "plus "
NEXT = re.compile(r"[ ,.-]{1,3}(?:och )?(?P<piece>[a-zåäö]{2,32}|\d{1,4}(?!\d))(?!\w)")
PIECE = re.compile(r"[a-zåäö]{2,32}(?!\w)")
MOST_PIECES, FEWEST_WORDS = 14, 3
COUNTED = ("12345", "54321", "98765")  # "noll ett två tre fyra fem": somebody counts


class Row(NamedTuple):
    """A row of number words. `pieces`: each word's place and digits."""

    pieces: tuple[tuple[int, int, str], ...]

    @property
    def digits(self) -> str:
        return "".join(said for _, _, said in self.pieces)


@lru_cache(maxsize=512)
def digits(word: str) -> str:
    """What one word says, "" if it is no number: "tjugosju" 27, "elvahundrafyra" 1104, "nollsjuttio" 070."""
    if word.isdigit() or word in SAID:
        return SAID.get(word, word)
    found = WORD.fullmatch(word)
    if not found:
        return ""
    if found["first"] is None:
        hundreds = SAID[found["hundreds"]] if found["hundreds"] else "1"
        return hundreds + (SAID[found["rest"]] if found["rest"] else "0").zfill(2)
    more = digits(found["more"])
    return more and SAID[found["first"]] + more


def rows(low: str) -> Iterator[Row]:
    """Rows of number words, left to right, each as far as it goes on saying numbers. `low`: in small letters."""
    done = 0
    for found in WORDS_BEGIN.finditer(low) if any(stem in low for stem in STEMS) else ():
        if found.start() < done:
            continue
        start = found.start() + len(PLUS) * low.startswith(PLUS, found.start())
        pieces = tuple(_pieces(low, start))
        words = sum(not low[at].isdigit() for at, _, _ in pieces)
        done = pieces[-1][1] if pieces else start
        row = Row(pieces)
        if words >= FEWEST_WORDS and not any(counted in row.digits for counted in COUNTED):
            yield row


def row_at(low: str, start: int) -> Row:
    """The row of number words, or of words and digits, that begins there; empty if none does."""
    return Row(tuple(_pieces(low, start)))


def _pieces(low: str, start: int) -> Iterator[tuple[int, int, str]]:
    found, many = PIECE.match(low, start), 0
    place = found.span() if found else (0, 0)
    while found and many < MOST_PIECES and (said := digits(low[slice(*place)])):
        yield (*place, said)
        found, many = NEXT.match(low, place[1]), many + 1
        place = found.span("piece") if found else place


# --- a date of birth with its month's name, and four digits after it --------------------------------------------------

MONTH = rf"(?:{'|'.join(MONTHS)})[a-z]{{0,6}}\.?"
DATED = re.compile(
    r"(?<![\w/.,-])(?:(?P<day>\d{1,2})(?::?e)?(?: |\. ?|/)"
    rf"(?:(?P<named>{MONTH})|(?P<month>\d{{1,2}}))[ ,/-]{{1,2}}(?P<year>(?:19|20)?\d\d)"
    rf"|(?P<first_year>(?:19|20)\d\d) (?P<then>{MONTH}) (?P<last_day>\d{{1,2}}))"
    r"(?P<gap>[^\d\n]{1,40})(?P<four>\d{2} ?\d{2})(?!\w|[.:,/-]\d)"
)


class Dated(NamedTuple):
    """A date, what stands between, and four digits. `date`: YYMMDD or YYYYMMDD, whether there is such a day or not."""

    start: int
    end: int
    date: str
    gap: str
    four: str


def dated(low: str) -> Iterator[Dated]:
    """ "13 april 1957, sista fyra 9981", "13/4-57, 9981"."""
    for found in DATED.finditer(low) if "/" in low or any(month in low for month in MONTHS) else ():
        named = found["named"] or found["then"]
        month = f"{MONTHS.index(named[:3]) + 1:02}" if named else found["month"].zfill(2)
        year, day = found["year"] or found["first_year"], found["day"] or found["last_day"]
        four = found["four"].replace(" ", "")
        yield Dated(*found.span(), year + month + day.zfill(2), found["gap"], four)


# --- letters that stand for digits ------------------------------------------------------------------------------------

BESIDE_A_DIGIT = re.compile(r"\d[OoIl]|[OoIl]\d")
MIXED = re.compile(r"(?<!\w)(?=[OoIl]{0,12}\d)[\dOoIl]{2,13}(?![^\W_])")
AS_DIGITS = str.maketrans("OoIl", "0011")


def disguised(text: str) -> tuple[str, list[Place]]:
    """The text with "O7O" written 070, and where it was; the same text and nothing where no letter stands so."""
    if not BESIDE_A_DIGIT.search(text):
        return text, []
    places = [found.span() for found in MIXED.finditer(text) if not found.group().isdigit()]
    return MIXED.sub(lambda found: found.group().translate(AS_DIGITS), text) if places else text, places
