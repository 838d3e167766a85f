"""What no rule knows, told by the words around it: as it was learnt from data/secrets.csv."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from models import secrecy, weighed


@pytest.fixture(scope="module", autouse=True)
def _learnt() -> None:
    if not weighed.is_kept():
        pytest.skip("nothing is learnt here: run make install")


@pytest.mark.parametrize(
    "text",
    [
        "vaktmästaren svor på 4481 men porten är lika låst för det",
        "luckan på trappan går upp först efter 7 7 3 1 och en smäll",
        "nattens siffror är visst 6092 numera, tar inte på boxen",
    ],
)
def test_a_code_that_is_said_in_no_known_way_is_hidden(text: str) -> None:
    hidden = secrecy.mask(text)
    assert [span.kind for span in hidden.spans] == ["key_code"]
    assert secrecy.mask(hidden.text).text == hidden.text


@pytest.mark.parametrize(
    "text",
    [
        "vi sålde 4481 lotter på marknaden",
        "skrivaren hostade fram 7731 sidor i natt",
        "bussen 6092 stod still hela vägen",
        "F-104711 är min fråga",
        "logga in med Windows11",
        "<@U12345678> kan du titta på porten",
        "Larmet i 14 piper. Vi har bytt batteri",
        "Dosetten i 7 larmar, sjuksköterskan vet",
        "Låset i 12 blinkar rött. Låset i 14 är tyst.",
    ],
)
def test_what_only_has_digits_stays(text: str) -> None:
    assert secrecy.mask(text).text == text


def test_without_what_was_learnt_the_rules_stand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighed, "_kept", lambda: None)
    assert secrecy.mask("portkoden är 4471, vi är 1234 boende").text == "portkoden är ‹kod›, vi är 1234 boende"


def test_the_same_rows_teach_the_same() -> None:
    rows = [weighed.marked(f"{way} {{key_code:{4000 + at}}}") for way in ("koden är", "porten tar") for at in range(9)]
    rows += [weighed.marked(f"vi har {4000 + at} kunder") for at in range(9)]
    one, other = weighed.learn(rows), weighed.learn(rows)
    assert np.array_equal(one.said, other.said)
    assert [found[2] for found in _found(one, "porten tar 5512")] == ["key_code"]
    assert not list(_found(one, "vi har 5512 kunder"))


def test_what_cannot_be_written_is_known_until_the_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    taught = [weighed.marked(f"kvisten {{key_code:{4000 + at}}} snurrar") for at in range(9)]
    taught += [weighed.marked(f"ljungen {4000 + at} snurrar") for at in range(9)]
    monkeypatch.setattr(weighed, "_file", lambda: tmp_path / "no folder" / "kept.npz")
    monkeypatch.setattr(weighed, "taught", lambda: taught)
    monkeypatch.setattr(weighed, "_kept", cache(weighed._kept.__wrapped__))
    monkeypatch.setattr(weighed, "_IN_HAND", [])
    assert secrecy.mask("kvisten 5512 snurrar").spans == ()
    with pytest.raises(FileNotFoundError):
        weighed.keep()
    assert [span.kind for span in secrecy.mask("kvisten 5512 snurrar").spans] == ["key_code"]


def _found(model: weighed.Model, text: str) -> Iterator[tuple[int, int, str]]:
    return weighed._weighed(model, text, text.lower(), [(0, len(text))])


def test_a_row_says_itself_what_is_secret() -> None:
    text, spans = weighed.marked("{name:Runa} på {apartment:1203} har koden {key_code:4711}")
    assert text == "Runa på 1203 har koden 4711"
    assert [(text[start:end], kind) for start, end, kind in spans] == [
        ("Runa", "name"), ("1203", "apartment"), ("4711", "key_code"),
    ]  # fmt: skip
