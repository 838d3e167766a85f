"""Files in and out: cells are text, whatever they look like, and a file that is not what it seems says so."""

import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import book
from models.book import Fault, Sheet
from tests.effort import examples

NAMES = ("people", "units")
DANGEROUS = [
    "=1+1",
    "+46 8 465 004 10",
    "-3",
    "@SUM(A1)",
    "'=1",
    "''=1",
    "'",
    '"x"',
    "a,b;c",
    '=HYPERLINK("x")',
    "'anna",
]


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    made.save(path)
    return path


def cells(read: book.Book, sheet: str = "people") -> list[dict[str, str]]:
    assert read.faults == []
    return [row for _, row in read.sheets[sheet].rows]


def written(path: Path, texts: list[str]) -> list[str]:
    """Written and read again."""
    book.write(path, {"people": Sheet(("email", "name"), [(2, {"email": "x", "name": text}) for text in texts])})
    return [row["name"] for row in cells(book.read(path, NAMES))]


@pytest.mark.parametrize("name", ["x.xlsx", "x"])
def test_what_looks_like_a_formula_is_text_both_ways(tmp_path, name):
    assert written(tmp_path / name, DANGEROUS) == DANGEROUS


def test_a_spreadsheet_that_opens_the_export_computes_nothing(tmp_path):
    written(tmp_path / "x.xlsx", DANGEROUS)
    column = openpyxl.load_workbook(tmp_path / "x.xlsx")["people"]["B"]
    assert {cell.data_type for cell in column} == {"s"}
    written(tmp_path / "x", DANGEROUS)
    lines = (tmp_path / "x" / "people.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1:3] == ["x,'=1+1", "x,'+46 8 465 004 10"]


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1), min_size=1, max_size=4)
)
def test_any_text_survives_both_kinds_of_file(tmp_path_factory, texts):
    folder = tmp_path_factory.mktemp("any")
    kept = [book.UNREADABLE.sub("", text).strip() for text in texts]
    assert [text.strip() for text in written(folder / "x", texts)] == [text.strip() for text in texts]
    assert written(folder / "x.xlsx", texts) == kept


def test_a_formula_in_a_workbook_is_what_stands_in_the_cell(tmp_path):
    file = workbook(tmp_path / "x.xlsx", people=[["email", "name"], ["=1+1", '=WEBSERVICE("http://x")']])
    assert cells(book.read(file, NAMES)) == [{"email": "=1+1", "name": '=WEBSERVICE("http://x")'}]


def test_days_times_numbers_and_ticks_are_read_as_people_see_them(tmp_path):
    file = workbook(
        tmp_path / "x.xlsx",
        people=[["Email ", "name"], [date(2026, 11, 30), datetime(2026, 11, 30)], [7, 7.0], [True, time(21, 0)], [None, 0.5]],
    )  # fmt: skip
    assert cells(book.read(file, NAMES)) == [
        {"email": "2026-11-30", "name": "2026-11-30"}, {"email": "7", "name": "7"},
        {"email": "yes", "name": "21:00"}, {"email": "", "name": "0.5"},
    ]  # fmt: skip


def test_rows_are_counted_as_a_spreadsheet_does(tmp_path):
    file = workbook(tmp_path / "x.xlsx", people=[["email"], ["a"], [None], ["b"]])
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "people.csv").write_text('email,name\na,"två\nrader"\n\n,\nb,\n', encoding="utf-8")
    assert [number for number, _ in book.read(file, NAMES).sheets["people"].rows] == [2, 4]
    assert [number for number, _ in book.read(tmp_path / "x", NAMES).sheets["people"].rows] == [2, 5]


def test_swedish_excel_writes_semicolons(tmp_path):
    (tmp_path / "people.csv").write_text("email;name\na;Alm, Anna\n", encoding="utf-8-sig")
    assert cells(book.read(tmp_path, NAMES)) == [{"email": "a", "name": "Alm, Anna"}]


def test_other_sheets_are_named(tmp_path):
    file = workbook(tmp_path / "x.xlsx", People=[["email"], ["a"]], Blad1=[["x"]])
    assert book.read(file, NAMES).unused == ["Blad1"]
    assert cells(book.read(file, NAMES)) == [{"email": "a"}]


# ---- what is wrong with a sheet -----------------------------------------------------------------------------------


def test_merged_cells_are_a_fault(tmp_path):
    file = workbook(tmp_path / "x.xlsx", people=[["email", "name"], ["a", "b"], ["c", "d"]])
    made = openpyxl.load_workbook(file)
    made["people"].merge_cells("A2:A3")
    made.save(file)
    assert book.read(file, NAMES).faults == [Fault("people", 2, "", "not_merged", "A2:A3")]


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([], Fault("people", 1, "", "heading")),
        ([[None], ["a"]], Fault("people", 1, "", "heading")),
        ([["email", "Email"], ["a", "b"]], Fault("people", 1, "email", "column_once")),
        ([["email"], ["a", "more"]], Fault("people", 2, "", "no_more_cells")),
    ],
)
def test_faults_of_a_sheet(tmp_path, rows, fault):
    assert book.read(workbook(tmp_path / "x.xlsx", people=rows), NAMES).faults == [fault]


def test_a_cell_with_an_error_is_a_fault(tmp_path):
    file = workbook(tmp_path / "x.xlsx", people=[["email"], ["#REF!"]])
    assert book.read(file, NAMES).faults == [Fault("people", 2, "", "no_error", "#REF!")]


@pytest.mark.parametrize("text", ['email\n"a"b\n', 'email\n"a\n'])
def test_a_file_with_broken_quotes_is_not_guessed_at(tmp_path, text):
    (tmp_path / "people.csv").write_text(text, encoding="utf-8")
    assert book.read(tmp_path, NAMES).faults == [Fault("people", 0, "", "table")]


def test_an_empty_file_has_no_heading(tmp_path):
    (tmp_path / "people.csv").write_text("", encoding="utf-8")
    assert book.read(tmp_path, NAMES).faults == [Fault("people", 1, "", "heading")]


def test_more_rows_than_anybody_has(tmp_path, monkeypatch):
    monkeypatch.setattr(book, "MOST_ROWS", 3)
    (tmp_path / "people.csv").write_text("email\na\nb\nc\n", encoding="utf-8")
    with pytest.raises(book.TooBig):
        book.read(tmp_path, NAMES)


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused_unopened(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(book.LARGEST + 1))
    with pytest.raises(book.TooBig):
        book.read(tmp_path / "bomb.xlsx", NAMES)


def test_a_failed_export_leaves_the_old_file_alone(tmp_path):
    file = tmp_path / "x.xlsx"
    written(file, ["before"])
    with pytest.raises(KeyError):
        book.write(file, {"people": Sheet(("email",), [(2, {})])})
    assert [row["name"] for row in cells(book.read(file, NAMES))] == ["before"]
