"""The organisation from a folder of sheets: twice is once, and a fault is named to the cell with nothing written."""

import csv
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel, select

from models import importing, people, settings
from models.importing import Fault, Faulty
from models.people import Appointment, Assignment, Department, Person, PersonKind, Role, Unit
from tests.models.village import NOON
from tests.town import DEMO


def everything(db) -> dict[str, list]:
    with db.engine.connect() as connection:
        tables = {table.name for table in SQLModel.metadata.sorted_tables}
        return {name: sorted(map(str, connection.execute(text(f"select * from {name}")))) for name in tables}


def bring_in(db, folder: Path = DEMO) -> dict[str, int]:
    with db.transaction() as session:
        return importing.from_folder(session, folder, now=NOON)


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(DEMO, tmp_path / "sheets"))


def change(folder: Path, sheet: str, row: int, **cells: str) -> None:
    """Row 2 is the first below the heading, as a spreadsheet counts."""
    file = folder / f"{sheet}.csv"
    with file.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    rows[row - 2].update(cells)
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def add(folder: Path, sheet: str, line: str) -> int:
    """One more row; its number."""
    file = folder / f"{sheet}.csv"
    before = file.read_text(encoding="utf-8").rstrip("\n")
    file.write_text(f"{before}\n{line}\n", encoding="utf-8")
    return before.count("\n") + 2


def faults(db, folder: Path) -> list[Fault]:
    before = everything(db)
    with pytest.raises(Faulty) as no:
        bring_in(db, folder)
    assert everything(db) == before  # nothing is written
    return no.value.faults


# ---- what comes in -------------------------------------------------------------------------------------------------


def test_the_demo_comes_in_and_the_same_folder_again_changes_nothing(db):
    counts = bring_in(db)
    before = everything(db)
    assert bring_in(db) == counts
    assert everything(db) == before
    assert counts["people"] == len(before["person"]) == 15
    assert counts["units"] == 6


def test_what_the_rows_say(db):
    bring_in(db)
    with db.transaction() as session:
        cia = session.exec(select(Person).where(Person.email == "cia.ceder@lovkoping.example")).one()
        hats = {
            (h.role, h.tool, h.department_id)
            for h in session.exec(select(Appointment).where(Appointment.person_id == cia.id))
        }
        house, home = (
            session.exec(select(Department.id).where(Department.key == key)).one()
            for key in ("sarskilt_boende", "hemtjanst")
        )
        tools = ("digital_lock", "medication_dispenser")
        assert hats == {(Role.OBJECT_SPECIALIST, tool, where) for tool in tools for where in (house, home)}
        phone = session.exec(select(Person).where(Person.kind == PersonKind.SHARED_DEVICE)).one()
        assert phone.name == "Björken mobil 2"
        assert [u.name for u in session.exec(select(Unit).where(Unit.live == False))] == ["Linden"]  # noqa: E712
        assert people.emergency_number(session, None) == "08-465 004 10"


def test_a_changed_cell_changes_the_row_and_not_the_people_behind_it(db, folder):
    bring_in(db, folder)
    with db.transaction() as session:
        anna = session.exec(select(Person).where(Person.email == "anna.alm@lovkoping.example")).one()
        anna.language, anna.chat_user_id = "en", "UANNA"
        anna_id = anna.id
    change(folder, "people", 2, name="Anna Ahl", email="Anna.Alm@Lovkoping.example ")
    change(folder, "units", 2, name="Nya Björken", live="no")
    change(folder, "appointments", 2, ends="2026-12-31")
    bring_in(db, folder)
    with db.transaction() as session:
        anna = session.get(Person, anna_id)
        assert (anna.name, anna.language, anna.chat_user_id) == ("Anna Ahl", "en", "UANNA")
        unit = session.exec(select(Unit).where(Unit.key == "bjorken")).one()
        assert (unit.name, unit.live) == ("Nya Björken", False)
        ends = session.exec(select(Appointment.ends_on).order_by(Appointment.id)).first()
        assert ends.isoformat() == "2026-12-31"


def test_a_new_period_is_a_new_row(db, folder):
    bring_in(db, folder)
    add(folder, "assignments", "anna.alm@lovkoping.example,eken,no,2026-12-01,2027-01-31")
    bring_in(db, folder)
    bring_in(db, folder)
    with db.transaction() as session:
        anna = session.exec(select(Person.id).where(Person.email == "anna.alm@lovkoping.example")).one()
        assert len(session.exec(select(Assignment).where(Assignment.person_id == anna)).all()) == 2


def test_settings_come_along_where_there_is_a_sheet(db, folder):
    (folder / "settings.csv").write_text(
        "key,value\ncard.wait,7 s\nword.unit.sv,bas|basen|baser|baserna\n", encoding="utf-8"
    )
    bring_in(db, folder)
    with db.transaction() as session:
        assert settings.read(session).text("card.wait") == "7 s"
    (folder / "settings.csv").unlink()
    bring_in(db, folder)


def test_excels_byte_order_mark_and_empty_lines_are_no_fault(db, folder):
    for file in folder.glob("*.csv"):
        file.write_text("\ufeff" + file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert bring_in(db, folder)["people"] == 15


# ---- faults ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "row", "cells", "fault"),
    [
        ("administrations", 2, {"emergency_number": " "}, ("emergency_number", "filled")),
        ("administrations", 2, {"name": ""}, ("name", "filled")),
        ("departments", 3, {"administration": "okänd"}, ("administration", "known administration")),
        ("departments", 2, {"name": ""}, ("name", "filled")),
        ("units", 4, {"department": "okänd"}, ("department", "known department")),
        ("units", 4, {"live": "kanske"}, ("live", "yes|no")),
        ("people", 3, {"email": ""}, ("email", "filled")),
        ("people", 3, {"kind": "robot"}, ("kind", "personal|shared_device")),
        ("people", 3, {"language": "de"}, ("language", "sv|en")),
        ("assignments", 2, {"email": "okänd@x.se"}, ("email", "known person")),
        ("assignments", 2, {"unit": "okänd"}, ("unit", "known unit")),
        ("assignments", 2, {"starts": "1 mars"}, ("starts", "date")),
        ("assignments", 2, {"ends": "2026-02-30"}, ("ends", "date")),
        ("assignments", 2, {"primary": "ja"}, ("primary", "no|yes")),
        ("appointments", 2, {"role": "boss"}, ("role", "|".join(Role))),
        ("appointments", 2, {"email": "okänd@x.se"}, ("email", "known person")),
        ("appointments", 2, {"unit": "okänd"}, ("unit", "known unit")),
        ("appointments", 5, {"department": "okänd"}, ("department", "known department")),
        ("appointments", 5, {"tools": "digital_lock|hammare"}, ("tools", "known tool")),
        ("appointments", 2, {"starts": "i fjol"}, ("starts", "date")),
        ("settings", 2, {"key": "hours.okänd"}, ("key", "known setting")),
        ("settings", 2, {"value": "jämt"}, ("value", "hours")),
        ("settings", 2, {"value": "mon-sun 21:00-07:00"}, ("value", "hours")),
    ],
)
def test_each_fault_is_named_with_its_sheet_row_and_column(db, folder, sheet, row, cells, fault):
    change(folder, sheet, row, **cells)
    assert Fault(sheet, row, *fault) in faults(db, folder)


@pytest.mark.parametrize(("sheet", "column"), [("assignments", "starts"), ("appointments", "starts")])
def test_a_period_without_a_beginning_is_a_fault_and_not_a_row_that_vanishes(db, folder, sheet, column):
    change(folder, sheet, 2, **{column: ""})
    assert Fault(sheet, 2, column, "filled") in faults(db, folder)


@pytest.mark.parametrize(("sheet", "column"), [("assignments", "email"), ("assignments", "unit"), ("appointments", "email"),
                                               ("units", "department"), ("departments", "administration")])  # fmt: skip
def test_a_row_that_points_nowhere_is_a_fault_and_not_a_row_that_vanishes(db, folder, sheet, column):
    change(folder, sheet, 2, **{column: ""})
    assert Fault(sheet, 2, column, "filled") in faults(db, folder)


def test_every_fault_is_told_at_once(db, folder):
    change(folder, "administrations", 2, name="")
    change(folder, "people", 4, kind="robot")
    change(folder, "appointments", 5, tools="hammare")
    change(folder, "appointments", 6, tools="såg", starts="x")
    found = {(f.sheet, f.row, f.column) for f in faults(db, folder)}
    assert found == {("administrations", 2, "name"), ("people", 4, "kind"), ("appointments", 5, "tools"),
                     ("appointments", 6, "tools"), ("appointments", 6, "starts")}  # fmt: skip


@pytest.mark.parametrize("sheet", [s for s in importing.SHEETS if s not in importing.OPTIONAL])
def test_a_missing_sheet_and_a_missing_column_are_named(db, folder, sheet):
    file = folder / f"{sheet}.csv"
    rows = file.read_text(encoding="utf-8")
    gone = importing.SHEETS[sheet][-1]
    file.write_text(rows.replace(gone, "nonsense", 1), encoding="utf-8")
    assert (sheet, gone, "column") in {(f.sheet, f.column, f.expected) for f in faults(db, folder)}
    file.unlink()
    assert (sheet, "", "file") in {(f.sheet, f.column, f.expected) for f in faults(db, folder)}


def test_a_sheet_that_is_not_utf8_is_not_read_as_gibberish(db, folder):
    """Swedish Excel saves CSV in its own encoding unless it is told not to; the command line says so."""
    file, before = folder / "people.csv", everything(db)
    file.write_bytes(file.read_text(encoding="utf-8").encode("cp1252"))
    with pytest.raises(UnicodeDecodeError):
        bring_in(db, folder)
    assert everything(db) == before


def test_a_second_import_with_a_fault_leaves_the_first_as_it_was(db, folder):
    bring_in(db, folder)
    change(folder, "people", 2, name="Någon Annan")
    change(folder, "units", 4, live="kanske")
    assert faults(db, folder)
