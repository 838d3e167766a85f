"""Import and export at the command line: what is said, what is asked, and the exit code that a nightly run sees."""

import csv
import io
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import select

from bot import organisation
from models import book, layout
from models.audit import AuditEntry
from models.db import Database
from models.people import Appointment, Person
from tests.bot.terminal import Said, type_in

DEMO = Path(__file__).parents[2] / "demo"


@pytest.fixture
def sheets(migrated: Path) -> Path:
    """The demo's sheets, to be spoilt."""
    return Path(shutil.copytree(DEMO, migrated.parent / "sheets"))


def spoil(folder: Path, sheet: str, row: int, **cells: str) -> None:
    """Change cells of one row, counted as a spreadsheet does."""
    file = folder / f"{sheet}.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    rows[row - 2] |= cells
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def shorten(folder: Path, sheet: str, keep: int) -> None:
    file = folder / f"{sheet}.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[: keep + 1]), encoding="utf-8")


def people_stored(migrated: Path) -> int:
    with Database(f"sqlite:///{migrated}").snapshot() as session:
        return len(session.exec(select(Person)).all())


# ---- the usual way ---------------------------------------------------------------------------------------------


def test_what_would_change_is_said_and_a_second_time_nothing_does(sheets: Path, migrated: Path, capsys: Said) -> None:
    code, out, err = type_in("import sheets --yes", capsys)
    assert (code, err) == (0, "")
    assert "people: 15 rader. Nya: 15. Ändrade: 0. Avslutas från i dag: 0.\n" in out
    assert "Klart. Ändringarna gäller nu." in out
    assert "personer har inget konto i chatten" in out  # gaps, as in check
    code, out, err = type_in("import sheets --yes", capsys)
    assert (code, err) == (0, "")
    assert "people: 15 rader. Inget ändras." in out
    assert "Allt stämmer redan." in out


def test_a_dry_run_changes_nothing(sheets: Path, migrated: Path, capsys: Said) -> None:
    code, out, _ = type_in("import sheets --dry-run --yes", capsys)
    assert code == 0
    assert "people: 15 rader. Nya: 15." in out
    assert "Så skulle det bli. Inget är ändrat." in out
    assert people_stored(migrated) == 0


def test_where_nobody_sits_nobody_is_asked_and_nothing_changes(sheets: Path, migrated: Path, capsys: Said) -> None:
    code, _, err = type_in("import sheets", capsys)
    assert code == 1
    assert "Lägg till --yes" in err
    assert people_stored(migrated) == 0


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "people"), [("ja\n", 15), ("nej\n", 0), ("", 0)])
def test_somebody_at_a_terminal_is_asked(
    sheets: Path, migrated: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch, answer: str, people: int
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    code, out, _ = type_in("import sheets", capsys)
    assert "Ska det göras?" in out
    assert code == (0 if people else 1)
    assert people_stored(migrated) == people


class Slow(Terminal):
    """While she thinks, the nightly run does the same import."""

    def readline(self, *_: object) -> str:
        subprocess.run([sys.executable, "-m", "bot", "import", "sheets", "--yes"], check=True, capture_output=True)
        return "ja\n"


@pytest.mark.slow
def test_what_changed_while_somebody_thought_is_seen(
    sheets: Path, migrated: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Slow())
    assert type_in("import sheets", capsys)[0] == 0
    assert people_stored(migrated) == 15


def test_who_imported_is_noted(sheets: Path, migrated: Path, capsys: Said) -> None:
    type_in("import sheets --yes", capsys)
    with Database(f"sqlite:///{migrated}").snapshot() as session:
        assert "'people': '+15 ~0 -0'" in session.exec(select(AuditEntry)).one().about


# ---- rows that vanish ----------------------------------------------------------------------------------------------


def test_more_than_a_tenth_would_end(sheets: Path, migrated: Path, capsys: Said) -> None:
    type_in("import sheets --yes", capsys)
    shorten(sheets, "appointments", 5)  # of twelve: two specialists have two tools each
    code, out, err = type_in("import sheets --yes", capsys)
    assert code == 1
    assert "appointments: 7 rader. Nya: 0. Ändrade: 0. Avslutas från i dag: 5." in out
    assert "    avslutas: disa.dal@lovkoping.example · unit_manager · bjorken · 2025-03-01" in out
    assert "appointments: 5 av 12 rader saknas" in err
    assert "--confirm-endings" in err
    assert ended(migrated) == 0
    assert type_in("import sheets --yes --confirm-endings", capsys)[0] == 0
    assert ended(migrated) == 5


def ended(migrated: Path) -> int:
    with Database(f"sqlite:///{migrated}").snapshot() as session:
        return sum(hat.ends_on is not None for hat in session.exec(select(Appointment)))


# ---- faults ----------------------------------------------------------------------------------------------------------


def test_every_fault_is_named_and_nothing_is_written(sheets: Path, migrated: Path, capsys: Said) -> None:
    spoil(sheets, "people", 3, kind="robot")
    spoil(sheets, "units", 2, department="nowhere")
    spoil(sheets, "assignments", 4, starts="i går", unit="nowhere")
    spoil(sheets, "assignments", 5, starts="46000", ends="2020-01-01")
    spoil(sheets, "appointments", 2, email="nobody@x.example", role="king")
    spoil(sheets, "administrations", 2, emergency_number=" ")
    code, _, err = type_in("import sheets --yes --report report.txt", capsys)
    assert code == 1
    for sentence in (
        "administrations, rad 2, emergency_number: får inte vara tom.",
        "units, rad 2, department: avdelningen finns inte i bladet departments.",
        "people, rad 3, kind: ska vara ett av personal, shared_device.",
        "assignments, rad 4, starts: ska vara ett datum, till exempel 2026-11-30.",
        "assignments, rad 4, unit: enheten finns inte i bladet units.",
        "assignments, rad 5, starts: är Excels dagnummer.",
        "appointments, rad 2, email: personen finns inte i bladet people.",
        "Inget är ändrat. Rätta felen och kör igen.",
    ):
        assert sentence in err
        assert sentence in (migrated.parent / "report.txt").read_text(encoding="utf-8")
    assert people_stored(migrated) == 0


def test_a_personnummer_is_refused_and_shown_to_nobody(sheets: Path, migrated: Path, capsys: Said) -> None:
    spoil(sheets, "people", 4, title="född 19850417-9876")
    code, out, err = type_in("import sheets --yes --report report.txt", capsys)
    assert code == 1
    assert "people, rad 4, title: det ser ut som ett personnummer." in err
    assert "850417" not in out + err + (migrated.parent / "report.txt").read_text(encoding="utf-8")


def spoilt(name: str) -> str:
    """A file of a kind that people do give."""
    where = Path(name)
    match where.stem:
        case "letter":
            where.write_text("Hej! Här kommer listan.", encoding="utf-8")
        case "locked":
            where.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
        case "damaged":
            where.write_bytes(b"PK\x03\x04" + bytes(500))
        case "nothing":
            where.write_bytes(b"")
        case "blank":
            openpyxl.Workbook().save(where)
        case "folder":
            where.mkdir()
        case "latin":
            shutil.copytree(DEMO, where)
            people = where / "people.csv"
            people.write_bytes(people.read_text(encoding="utf-8").encode("latin-1"))
    return name


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nowhere", "nowhere finns inte."),
        ("letter.xlsx", "letter.xlsx är inget kalkylblad."),
        ("damaged.xlsx", "damaged.xlsx är inget kalkylblad."),
        ("nothing.xlsx", "nothing.xlsx är inget kalkylblad."),
        ("locked.xlsx", "locked.xlsx har lösenord eller är i det gamla formatet .xls."),
        ("blank.xlsx", "people: bladet saknas."),
        ("folder", "people: bladet saknas."),
        ("latin", "people.csv är inte sparad som UTF-8."),
    ],
)
def test_a_file_that_is_something_else(migrated: Path, capsys: Said, name: str, sentence: str) -> None:
    code, _, err = type_in(f"import {spoilt(name)} --yes", capsys)
    assert code == 1
    assert sentence in err


def test_a_file_that_unpacks_to_too_much(migrated: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "LARGEST", 2000)
    assert "blank.xlsx är för stor." in type_in(f"import {spoilt('blank.xlsx')} --yes", capsys)[2]
    assert f"{DEMO.name} är för stor." in type_in(f"import {DEMO} --yes", capsys)[2]


def test_a_report_that_cannot_be_written_is_said(sheets: Path, capsys: Said) -> None:
    code, _, err = type_in("import sheets --yes --report no/such/report.txt", capsys)
    assert code == 0
    assert "no/such/report.txt går inte att skriva." in err


# ---- export -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["out.xlsx", "out"])
def test_what_is_exported_comes_in_again_and_changes_nothing(
    sheets: Path, migrated: Path, capsys: Said, name: str
) -> None:
    type_in("import sheets --yes", capsys)
    code, out, err = type_in(f"export {name}", capsys)
    assert (code, err) == (0, "")
    assert out.startswith(f"Klart. {name} har ")
    assert "Allt stämmer redan." in type_in(f"import {name} --yes", capsys)[1]


def test_an_empty_database_gives_the_template(migrated: Path, capsys: Said) -> None:
    assert type_in("export template.xlsx", capsys)[0] == 0
    template = openpyxl.load_workbook(migrated.parent / "template.xlsx")
    assert template.sheetnames == list(layout.SHEETS)
    assert [cell.value for cell in template["people"][1]] == ["email", "name", "title", "kind", "language"]


@pytest.mark.parametrize("name", ["report.pdf", "taken"])
def test_an_export_replaces_nothing_by_mistake(migrated: Path, capsys: Said, name: str) -> None:
    (migrated.parent / "taken").write_text("mine", encoding="utf-8")
    assert type_in(f"export {name}", capsys)[0] == 1
    assert (migrated.parent / "taken").read_text(encoding="utf-8") == "mine"


# ---- the bar ---------------------------------------------------------------------------------------------------------


def test_the_bar_is_drawn_on_a_terminal_and_is_gone_afterwards() -> None:
    screen = Terminal()
    bar = organisation.Bar(4, screen)
    for sheet in ("units", "people"):
        bar(sheet)
    assert "[############............] 50 % people" in screen.getvalue()
    bar.gone()
    assert screen.getvalue().endswith("\r" + " " * 60 + "\r")


def test_no_bar_in_a_file() -> None:
    pipe = io.StringIO()
    bar = organisation.Bar(4, pipe)
    bar("units")
    bar.gone()
    assert pipe.getvalue() == ""
