"""Which answers suit a text: a small bank, what is in it, and when nothing is shown."""

import pytest

from models import catalogue, recognition, similar
from models.similar import EMPTY, Known

WORDS = catalogue.load()
BANK = [
    Known(1, "Låset går trögt på vintern.", "Smörj kolven. Ring montören om det inte hjälper.", ("digital_lock",)),
    Known(2, "Skrivaren drar snett.", "Papperet är fuktigt. Byt bunt och ställ in A4.", ("pc_print_network",)),
    Known(3, "Glömt koden till SITHS-kortet.", "Sätt en ny på Mina sidor."),
    Known(4, "Kameran visar suddig bild.", "Torka linsen med en torr trasa."),
]  # fmt: skip


@pytest.fixture(scope="module")
def bank() -> similar.Index:
    return EMPTY.with_(BANK, WORDS)


def nearest(index: similar.Index, text: str) -> list[similar.Id]:
    found = index.nearest(text, recognition.read(text, catalogue=WORDS), WORDS)
    assert all(0 <= each.score <= 1 for each in found)
    assert list(found) == sorted(found, key=lambda each: -each.score)
    return [each.id for each in found]


def likely(index: similar.Index, text: str) -> list[similar.Id]:
    return [each.id for each in index.likely(text, recognition.read(text, catalogue=WORDS), WORDS)]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("dorrlaset ar trogt att vrida nar det ar kallt", 1),
        ("skrivern matar papper snet", 2),
        ("minns inte pinkoden till sitskortet", 3),
        ("the camera picture is blurry", 4),
    ],
)
def test_the_right_one_comes_first_however_it_is_spelt(bank, text, right):
    assert nearest(bank, text)[0] == right
    assert len(nearest(bank, text)) == len(BANK)


def test_what_is_gone_or_said_anew_is_found_as_it_is_now(bank):
    text = "skrivaren drar snett"
    assert 2 not in nearest(bank.without([2]), text)
    said = bank.without([2]).with_([Known(2, "Kameran är suddig", "Torka"), Known(5, "Skrivaren drar snett", "Byt")], WORDS)
    assert nearest(said, text)[0] == 5
    assert sorted(map(int, said.ids)) == [1, 2, 3, 4, 5]
    assert nearest(EMPTY, text) == [] == nearest(bank.without([1, 2, 3, 4]), text)
    again = bank.without([1, 2, 3, 4]).with_(BANK, WORDS)
    assert nearest(again, text) == nearest(bank, text)


@pytest.mark.parametrize("some", [1, 3, 4])
def test_some_at_a_time_weigh_as_all_at_once(bank, monkeypatch, some):
    text = "skrivaren drar snett när låset går trögt"
    reading = recognition.read(text, catalogue=WORDS)
    whole = bank.evidence(text, reading, WORDS)
    monkeypatch.setattr(similar, "SOME", some)
    assert (bank.evidence(text, reading, WORDS) == whole).all()
    assert whole.any(axis=0)[1:3].all()


def test_an_asker_sees_what_is_likely_hers_and_otherwise_nothing(bank):
    assert likely(bank, "Skrivaren drar papperet snett, hur gör jag?")[0] == 2
    assert likely(bank, "Hur skickar jag in mitt friskvårdskvitto?") == []
    assert likely(bank, "hej") == []


def test_the_same_tool_is_not_the_same_trouble(bank):
    other = "måste kunden skriva på innan vi sätter upp ett digitalt lås?"
    assert nearest(bank, other)[0] == 1
    assert likely(bank, other) == []
    said = bank.with_([Known(7, "Får vi sätta upp lås utan samtycke?", "Nej, kunden skriver på.", ("digital_lock",))], WORDS)
    assert likely(said, other) == [7]


def test_who_searches_sees_what_is_near_and_no_more(bank):
    def near(text: str) -> list[similar.Id]:
        return [each.id for each in bank.near(text, recognition.read(text, catalogue=WORDS), WORDS, 10)]

    assert near("låset")[0] == 1
    assert near("skrivare")[0] == 2
    assert near("hur byter jag däck på bilen") == []


def test_nothing_is_shown_where_somebody_may_be_in_danger_or_it_is_about_medication_or_not_ours(bank):
    doses = bank.with_([Known(6, "Medicinroboten är tyst.", "Höj ljudet i portalen.", ("medication_dispenser",))], WORDS)
    assert nearest(doses, "medicinroboten är tyst")[0] == 6
    assert likely(doses, "medicinroboten är tyst") == []
    assert likely(bank, "AKUT låset går trögt, hon har ramlat där inne och ingen kommer in") == []
    assert likely(bank, "Jag har glömt mitt lösenord och låset går trögt") == []
