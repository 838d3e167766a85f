"""The guided tour of the people folder, as the page gets it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.slackworld import ControlError, World

TOUR = {"stories": [{"id": "en", "title": "Första"}]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The people folder; people are not its matter here."""
    made = tmp_path / "people"
    made.mkdir()
    return made


@pytest.fixture
def world(new_world: Callable[..., World], folder: Path) -> World:
    return new_world(people=folder)


def tour(world: World) -> object:
    return world.control.get("tour")["tour"]


def write(folder: Path, content: object) -> None:
    (folder / "tour.json").write_text(json.dumps(content), encoding="utf-8")


def test_the_tour_as_it_is(world: World, folder: Path) -> None:
    write(folder, TOUR)
    assert tour(world) == TOUR


def test_no_file_no_tour(world: World) -> None:
    assert tour(world) is None


def test_no_folder_no_tour(new_world: Callable[..., World], tmp_path: Path) -> None:
    assert tour(new_world()) is None
    assert tour(new_world(people=tmp_path / "nowhere")) is None


def test_a_folder_of_that_name_is_no_tour(world: World, folder: Path) -> None:
    (folder / "tour.json").mkdir()
    assert tour(world) is None


def test_a_tour_that_is_written_while_the_page_is_open(world: World, folder: Path) -> None:
    assert tour(world) is None
    write(folder, TOUR)
    assert tour(world) == TOUR
    write(folder, TOUR | {"stories": []})
    assert tour(world) == {"stories": []}
    (folder / "tour.json").unlink()
    assert tour(world) is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "line 1 column 1"),
        (b'{"stories": [\n  {"id": "en",}\n]}', "line 2 column"),
        (b"[]", "holds no object"),
        (b"null", "holds no object"),
        ('{"stories": "för"}'.encode("latin-1"), "utf-8"),
    ],
    ids=["empty", "comma", "list", "null", "latin-1"],
)
def test_a_broken_tour_says_where(
    world: World, folder: Path, content: bytes, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "tour.json").write_bytes(content)
    with pytest.raises(ControlError) as caught:
        tour(world)
    assert caught.value.code == "broken_tour"
    assert str(caught.value).startswith("500 ")
    assert words in str(caught.value)
    assert caplog.records == [], "a fault in a file of theirs is no stack trace in our log"
    write(folder, TOUR)
    assert tour(world) == TOUR
