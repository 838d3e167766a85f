"""What deserves a word, against an independent calculation and against chance itself."""

import random
from fractions import Fraction

import pytest

from models import comparing


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        (2, [1] * 8, False),  # "+100 %"
        (4, [0] * 8, False),
        (5, [0] * 8, True),
        (5, [1] * 8, False),
        (6, [1] * 8, True),
        (9, [3, 4, 2, 3, 4, 3, 2, 3], True),
        (8, [3, 4, 2, 3, 8, 3, 2, 3], False),  # as many as in one of them
        (40, [30, 28, 33, 25, 31, 29, 30, 32], False),
        (50, [30, 28, 33, 25, 31, 29, 30, 32], True),
        (99, [1, 1, 1], False),  # nothing to compare with yet
        (99, [], False),
    ],
)
def test_what_deserves_a_word(now: int, before: list[int], told: bool) -> None:
    assert comparing.is_more(now, before) is told


def test_the_chance_is_what_scipy_says() -> None:
    from scipy.stats import binomtest  # a second, which not every process that runs tests needs to pay

    for now in range(1, 40, 3):
        for before in range(0, 200, 17):
            for weeks in (4, 8):
                independent = binomtest(now, now + before, 1 / (weeks + 1), alternative="greater").pvalue
                assert float(comparing.chance(now, before, weeks)) == pytest.approx(independent, abs=1e-12)


@pytest.mark.parametrize("rate", [1, 3, 10, 60])
def test_in_a_place_where_nothing_changes_hardly_a_week_is_called_unusual(rate: int) -> None:
    """The promise itself: at most one week of a hundred (600 weeks: seven or fewer, with room for luck)."""
    chance = random.Random(rate)
    weeks = [sum(chance.random() < rate / 500 for _ in range(500)) for _ in range(600)]
    told = sum(comparing.is_more(weeks[at], weeks[at - 8 : at]) for at in range(8, 600))
    assert told <= 9
    assert comparing.is_more(3 * rate + 6, weeks[-8:])  # and what is unusual is


def test_the_usual_is_a_span_and_needs_some_weeks() -> None:
    assert comparing.usual([3, 9, 4, 5]) == (3, 9)
    assert comparing.usual([3, 9, 4]) is None
    assert comparing.SELDOM > comparing.RARE > Fraction(0)


@pytest.mark.parametrize(
    ("now", "before", "word"),
    [(25, [15] * 8, "above"), (15, [15] * 8, "as_usual"), (14, [15] * 8, "calm"), (40, [15] * 8, "busy"),
     (4, [0, 1, 0, 1], "calm"), (6, [], ""), (12, [3, 20, 8, 11], "as_usual")],
)  # fmt: skip
def test_a_week_is_called_what_its_number_is(now, before, word):
    assert comparing.word(now, before) == word
