"""What words mean: the sheet of senses, and what a sense says beside its tool."""

from functools import cache

import pytest

from models import alike, catalogue

EMPTY = {"tools": "", "ambiguous": "", "signals": ""}


@cache
def senses() -> alike.Senses:
    return alike.senses(catalogue.load())


def sense_of(text: str) -> set[int]:
    return set(senses().of(text.split()))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("buller", "startljudet"),  # a beginning, and an ending in a compound
        ("löper ut", "giltighet"),  # words that stand together
        ("lasningen ar suddig", "oskarp"),  # without dots and rings
        ("broken", "trasig"),
    ],
)
def test_words_that_say_the_same_share_a_sense(one, other):
    assert sense_of(one) & sense_of(other)


def test_other_words_share_none():
    assert not sense_of("buller") & sense_of("giltighet")
    assert not sense_of("ut löper") & sense_of("löper ut")
    assert senses().of([]) == []


def test_a_sense_says_less_where_everybody_speaks_of_it():
    [printing] = sense_of("dubbelsidig") - sense_of("dubbel")
    skewed = senses().expected({"pc_print_network": 1.0})[printing] / senses().expected({"safety_camera": 1.0})[printing]
    assert skewed > 1
    assert (senses().expected({}) > 0).all()
