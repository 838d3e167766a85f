"""What deserves a word: whether a week's count is more than usual. A rule for small counts, and nothing but arithmetic.

A week is more than usual when all of this holds:
1. there are at least FEWEST_WEEKS earlier weeks to compare with (the last eight are);
2. it has at least LEAST questions: from one to two is nothing, whatever the per cent;
3. it has more than each of those weeks: a place whose numbers jump is not told so each time they do;
4. were every week alike, as many or more would come in at most one week of a hundred (`SELDOM`).
The fourth is the exact conditional test of two Poisson rates (Przyborowski and Wilenski, Biometrika 31, 1940): with
`now` in this week and `before` in n weeks, `now` of them all is Binomial(now + before, 1 / (n + 1)) if nothing differs.
Where a tool is looked for among twenty the chance is `RARE`: twenty looks, two false words in a hundred weeks.
"""

from collections.abc import Sequence
from fractions import Fraction

WEEKS = 8
FEWEST_WEEKS = 4
LEAST = 5
SELDOM = Fraction(1, 100)
RARE = Fraction(1, 1000)


def is_more(now: int, before: Sequence[int], seldom: Fraction = SELDOM) -> bool:
    """Whether `now` deserves a word beside the weeks before, in whatever order."""
    if len(before) < FEWEST_WEEKS or now < LEAST or now <= max(before):
        return False
    return chance(now, sum(before), len(before)) <= seldom


def chance(now: int, before: int, weeks: int) -> Fraction:
    """Of `now` or more in one week, if it and the `weeks` before it, with `before` in all, are alike."""
    many = now + before
    fewer, term = 0, weeks**many  # the ways to place k of them in this week, k = 0 and up
    for k in range(now):
        fewer += term
        term = term * (many - k) // ((k + 1) * weeks)
    return 1 - Fraction(fewer, (weeks + 1) ** many)


def word(now: int, before: Sequence[int]) -> str:
    """`busy`, `above` (more than each week before, but not by much), `as_usual`, `calm` (fewer, or few anyway); empty
    where there is too little to compare with.
    """
    known = usual(before)
    if is_more(now, before):
        return "busy"
    if now < LEAST or (known is not None and now < known[0]):
        return "calm"
    return "" if known is None else "above" if now > known[1] else "as_usual"


def usual(before: Sequence[int]) -> tuple[int, int] | None:
    """The fewest and the most of the weeks before; None while there are too few of them to say."""
    return (min(before), max(before)) if len(before) >= FEWEST_WEEKS else None
