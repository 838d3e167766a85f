"""Texts with more numbers or names than anybody writes: what is hidden there outright, `beyond(text, public)`.

A number and a name are weighed by what is said around them, which takes its time; a text of nothing else has thousands.
The first of them are weighed as everywhere. From there on every sentence with one in it is hidden whole, with what
stands near: words that only the number makes a name or a place go with it. Nothing here looks at a clock: what counts
is how many there are. Offsets are Unicode code points, the end exclusive.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from models import names, spoken

Place = tuple[int, int]

MOST = 100  # numbers, addresses and names that are weighed; of all texts of our sets none has a sixth of them
NEAR = 100  # characters: what a number says of the words around it reaches no farther
SEEN = 300  # characters after the last one that is weighed: what is said there of those before
SHORTEST = 2  # characters, with what parts it from the next
COUNTED, WORD = re.compile(r"\d+|@[\w-]{1,40}\.[^\W\d_]{2}"), re.compile(r"[^\W\d_]{2,}")
SAID = frozenset(spoken.SAID) - {"en", "ett", "one", "oh"}  # numbers in words; of these a long text is full
REST_OF_SENTENCE = re.compile(rf"[^\n]{{0,{NEAR}}}[^.!?\n]*")
ENDS = ".!?\n"
BETWEEN = r"[\s()/+.-]{0,3}"


class Crowd(NamedTuple):
    """`weighed`: up to where the text is looked at. `hidden`: stretches left to right, none overlaps another."""

    weighed: int
    hidden: tuple[Place, ...]


def beyond(text: str, public: frozenset[str]) -> Crowd | None:
    """None for every text that somebody wrote. `public`: what passes, as `secrecy.essence` has it.

    Where what is beyond has been hidden, nothing is: what passes is no number here.
    """
    if len(text) <= SHORTEST * MOST or len(_weighed(text)) <= MOST:
        return None
    passing = _passing(text, public)
    plain = text
    for start, end in passing:
        plain = f"{plain[:start]}{' ' * (end - start)}{plain[end:]}"
    rest = _weighed(plain)[MOST:]
    hidden = _stretches(text, rest, passing) if rest else ()
    return Crowd(min(len(text), hidden[0][0] + SEEN), hidden) if hidden else None


def _weighed(text: str) -> list[Place]:
    """Numbers, e-mail addresses, and words of the lists of names, however few of them are persons; left to right."""
    listed = {word for word in set(WORD.findall(text)) if names.is_listed(word) or word.casefold() in SAID}
    found = [one.span() for one in COUNTED.finditer(text)]
    if listed:
        found += [one.span() for one in WORD.finditer(text) if one.group() in listed]
    return sorted(found)


def _stretches(text: str, places: list[Place], passing: list[Place]) -> tuple[Place, ...]:
    """What of a text is hidden for these places, neighbours as one."""
    joined: list[Place] = []
    for begin, end in _sentences(text, places, passing):
        if joined and joined[-1][1] == begin:
            begin, _ = joined.pop()
        joined.append((begin, end))
    return tuple(joined)


def _sentences(text: str, places: list[Place], passing: list[Place]) -> Iterator[Place]:
    """The sentences that these places are in, from the word of the first one on, but for what passes."""
    start = _word_of(text, places[0][0])
    for free, go_on in (*passing, (len(text), len(text))):
        done = start
        for first, last in places[bisect_left(places, (start, start)) : bisect_left(places, (free, free))]:
            if first < done:
                continue
            begin = max(done, *(text.rfind(sign, done, max(done, first - NEAR)) + 1 for sign in ENDS))
            rest = REST_OF_SENTENCE.match(text, min(last, free), free)
            done = rest.end() if rest else free
            yield begin, done
        start = max(start, go_on)


def _word_of(text: str, at: int) -> int:
    """Where the word begins that this is in; a long one is cut."""
    return max(text.rfind(sign, max(0, at - NEAR), at) for sign in " \n") + 1 or at


def _passing(text: str, public: frozenset[str]) -> list[Place]:
    """Where public numbers and places stand, the first of them, as many as are weighed of others."""
    spelt = (_spelt(essence) for essence in public if COUNTED.search(essence))
    found = sorted(one.span() for pattern in spelt for one in pattern.finditer(text))
    places: list[Place] = []
    for place in found:
        if len(places) < MOST and (not places or place[0] >= places[-1][1]):
            places.append(place)
    return places


@lru_cache(maxsize=512)
def _spelt(essence: str) -> re.Pattern[str]:
    """However it is spaced, and as it is dialled from abroad."""
    if not essence.isdigit():
        spaced = r"\s*".join(map(re.escape, essence))
        return re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE)
    first = r"(?:(?:\+|00)46(?:\s?\(0\))?|0)" if essence[0] == "0" else essence[0]
    return re.compile(rf"(?<!\d){BETWEEN.join((first, *essence[1:]))}(?!\d)")
