"""A whole question, counted exactly: what each phone did."""

import pytest


def test_what_each_phone_did(town):
    town.anna.writes("Signeringsappen säger att jag saknar delegering")
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    town.bo.writes("Be Disa beställa den", under=town.bo.got[0])
    town.bo.presses("Löst")
    town.anna.presses("Ja, det löste sig")
    town.later(hours=80)
    assert len(town.anna.got) == 4  # receipt, taken, answer, outcome
    assert [push.split(".")[0] for push in town.anna.pushes] == [
        "F-1: Vi har frågat Bo Berg och Gun Grahn",
        "Bo Berg har tagit F-1 och svarar här",
        "Bo Berg: Be Disa beställa den",
        "Bo Berg skriver att F-1 är löst",
    ]
    assert len(town.bo.got) == 2  # card, and [Löst] under the first reply
    assert len(town.gun.got) == len(town.gun.pushes) == 1  # the card, and no buzz when it shrank


@pytest.mark.slow
def test_twelve_cards_in_a_shift(town):
    """An expert's shift: a card a question, no reminder for what she never took, no second card on any round."""
    for number in range(12):
        asker = (town.anna, town.filip)[number % 2]
        asker.writes(f"Låset på rum {number + 1} blinkar rött sedan i morse, nummer {number}")
        town.later(minutes=15)
        if asker is town.filip and number == 1:
            asker.presses("Välj enhet", choose="Björken")
    assert "5 av 12 visas här." in town.bo.opens_home()
    town.later(hours=5)
    cards = [m for m in town.bo.got if "thread_ts" not in m]
    assert len(cards) <= 12
    assert len(town.bo.pushes) == len(cards)
