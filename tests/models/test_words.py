"""The municipality's words: four forms each, in both languages, and a broken one never reaches a sentence."""

import pytest

from models import settings, words
from models.settings import Settings


def test_a_word_has_four_forms():
    noun = words.parse("superanvändare|superanvändaren | superanvändare|superanvändarna")
    assert str(noun) == "superanvändare"
    assert f"{noun.the} {noun.many} {noun.all}" == "superanvändaren superanvändare superanvändarna"


@pytest.mark.parametrize("text", ["", "superanvändare", "a|b|c", "a|b|c|d|e", "a|b|c|", "a| |c|d"])
def test_fewer_forms_would_show_the_wrong_one(text):
    with pytest.raises(ValueError, match=r".*"):
        words.parse(text)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_word_that_ships_has_its_forms_in_both_languages(language):
    assert set(words.defaults()[language]) == set(words.defaults()["sv"])
    for text in words.defaults()[language].values():
        words.parse(text)


def test_the_municipality_says_it_its_own_way(village):
    with village.work() as session:
        settings.write(
            session,
            "word.expert_user.sv",
            "it-ambassadör|it-ambassadören|it-ambassadörer|it-ambassadörerna",
            now=village.now,
        )
        rules = settings.read(session)
    assert words.nouns(rules, "sv")["expert_user"].all == "it-ambassadörerna"
    assert words.nouns(rules, "en")["expert_user"].all == "the expert users"
    assert words.nouns(rules, "sv")["unit"].the == "enheten"


@pytest.mark.parametrize("broken", ["it-ambassadör", "a|b|c", "|||"])
def test_a_broken_word_falls_back_to_what_ships(broken):
    found = words.nouns(Settings({"word.expert_user.sv": broken}), "sv")
    assert found["expert_user"].the == "expertanvändaren"
