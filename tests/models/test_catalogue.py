"""The catalogue of tools: what ships, and what a faulty file is told."""

import csv
import re
from importlib import resources

import pytest

from models import catalogue

HEADERS = (
    ",".join(catalogue.TOOL_COLUMNS),
    ",".join(catalogue.AMBIGUOUS_COLUMNS),
    ",".join(catalogue.SIGNAL_COLUMNS),
)
LOCK = "digital_lock,Digitala lås,digital locks,Lås,Locks,hemma,yes,montör,låset|låsvred,Swedlock,swedlok,,🔒"


def built(tools: str = LOCK, ambiguous: str = "", signals: str = "") -> catalogue.Catalogue:
    texts = (f"{header}\n{rows}\n" for header, rows in zip(HEADERS, (tools, ambiguous, signals), strict=True))
    return catalogue.build(*texts)


def faults(**files: str) -> list[tuple[str, int, str, str]]:
    with pytest.raises(catalogue.FaultyCatalogue) as caught:
        built(**files)
    return [(fault.file, fault.row, fault.column, fault.why) for fault in caught.value.faults]


# --- what ships -----------------------------------------------------------------------------------


def test_all_the_tools_of_municipal_care_ship() -> None:
    assert len(catalogue.load().tools) == 38


def test_every_tool_has_short_words_for_a_button_in_both_languages() -> None:
    for tool in catalogue.load().tools.values():
        assert set(tool.short) == set(tool.name) == {"sv", "en"}
        assert all(0 < len(word) <= catalogue.LONGEST_SHORT for word in tool.short.values()), tool.key
        assert tool.picture
        assert tool.category
        assert tool.hand_off


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_two_tools_look_the_same_on_a_button(language: str) -> None:
    words = [tool.short[language] for tool in catalogue.load().tools.values()]
    assert len(set(words)) == len(words)
    pictures = [tool.picture for tool in catalogue.load().tools.values()]
    assert len(set(pictures)) == len(pictures)


def test_every_tool_can_be_recognised_by_several_words() -> None:
    assert all(len(tool.aliases) >= 8 for tool in catalogue.load().tools.values())


def test_the_words_that_may_mean_any_app_name_no_tool() -> None:
    assert catalogue.load().ambiguous["appen"] == ()
    assert set(catalogue.load().ambiguous["roboten"]) == {"medication_dispenser", "robotics"}


def test_the_packaged_catalogue_is_read_once() -> None:
    assert catalogue.load() is catalogue.load()


@pytest.mark.parametrize("name", ["tools.csv", "ambiguous.csv", "signals.csv"])
def test_the_shipped_files_are_plain_tables(name: str) -> None:
    text = resources.files("models.data").joinpath(name).read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines()))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not re.search(r"[\t\r]", text)


def test_no_phrase_is_said_twice_of_the_same_thing() -> None:
    said = [(s.signal, s.value, s.tools, s.phrase) for s in catalogue.load().signals]
    assert sorted(said) == sorted(set(said))


# --- a municipality's own files -------------------------------------------------------------------


def test_a_folder_may_replace_one_file_and_keep_the_others(tmp_path) -> None:
    (tmp_path / "ambiguous.csv").write_text("\ufeffword,tools\nlådan,sensors|siths\n", encoding="utf-8")
    own = catalogue.load(tmp_path)
    assert own.ambiguous == {"lådan": ("sensors", "siths")}
    assert len(own.tools) == 38


def test_a_tool_is_read_whole() -> None:
    tool = built().tools["digital_lock"]
    assert tool.acute is True
    assert tool.aliases == ("låset", "låsvred")
    assert tool.also == ()
    assert tool.name == {"sv": "Digitala lås", "en": "digital locks"}


def test_a_tool_cannot_be_changed_afterwards() -> None:
    with pytest.raises(TypeError):
        built().tools["digital_lock"].name["sv"] = "annat"  # type: ignore[index]


def test_every_fault_of_every_file_is_told_at_once() -> None:
    found = faults(
        tools=f"{LOCK}\ndigital_lock,,x,{'y' * 25},z,c,kanske,h,,,,,🔒",
        ambiguous="dosan,digital_lock|tvättstuga\nDosan,digital_lock",
        signals="mood,,,glad\nkind,sorg,,trött\nhint,,,vred\nkind,fault,,",
    )
    assert found == [
        ("tools.csv", 3, "key", "repeated"),
        ("tools.csv", 3, "name_sv", "empty"),
        ("tools.csv", 3, "short_sv", "too_long"),
        ("tools.csv", 3, "acute", "not_yes_or_no"),
        ("ambiguous.csv", 3, "word", "repeated"),
        ("ambiguous.csv", 2, "tools", "unknown_tool"),
        ("signals.csv", 2, "signal", "unknown_signal"),
        ("signals.csv", 3, "value", "unknown_value"),
        ("signals.csv", 4, "tool", "empty"),
        ("signals.csv", 5, "phrase", "empty"),
    ]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(catalogue.FaultyCatalogue, match=r"tools\.csv row 1, column picture: missing_column"):
        catalogue.build("key,name_sv\n", HEADERS[1], HEADERS[2])


@pytest.mark.parametrize("broken", ["", "\n", ",,,\n", '"', "word\x00,tools"])
def test_a_broken_file_is_a_fault_and_no_accident(broken: str) -> None:
    with pytest.raises(catalogue.FaultyCatalogue):
        catalogue.build(broken, broken, broken)


def test_owners_are_checked_and_a_redirect_names_one() -> None:
    texts = [f"{header}\n{rows}\n" for header, rows in zip(HEADERS, (LOCK, "", "redirect,nobody,,fel dos"), strict=True)]
    owners = f"{','.join(catalogue.OWNER_COLUMNS)}\nnurse,tvättstuga,maybe,yes,Who.,,How.,How.\n"
    with pytest.raises(catalogue.FaultyCatalogue) as caught:
        catalogue.build(*texts, owners=owners)
    assert [(fault.file, fault.column, fault.why) for fault in caught.value.faults] == [
        ("signals.csv", "value", "unknown_value"),
        ("owners.csv", "who_en", "empty"),
        ("owners.csv", "ring", "unknown_tool"),
        ("owners.csv", "order", "not_yes_or_no"),
    ]


def test_a_row_with_too_many_or_too_few_cells_is_a_fault() -> None:
    assert faults(ambiguous="dosan,digital_lock,siths") == [("ambiguous.csv", 2, "tools", "too_many_cells")]
    assert ("tools.csv", 2, "short_sv", "empty") in faults(tools="bara_nyckel,namn,name")


def test_a_phrase_of_signs_only_is_a_fault() -> None:
    assert faults(signals="hint,,digital_lock,…\nhint,,digital_lock,*") == [
        ("signals.csv", 2, "phrase", "no_word"),
        ("signals.csv", 3, "phrase", "no_word"),
    ]
