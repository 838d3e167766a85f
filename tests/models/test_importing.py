"""The organisation from a folder of sheets: twice is once, and a fault is named to the cell with nothing written."""

import csv
import shutil
from datetime import date, timedelta
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, SQLModel, select

from models import book, catalogue, exporting, importing, layout, people, settings, words
from models.book import Fault
from models.db import Database
from models.importing import Faulty, Plan
from models.people import Appointment, Assignment, Department, Person, PersonKind, Role, Unit
from models.shifts import Pattern, Shift, Weekday
from tests.effort import examples
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
def fresh_db(empty_database, tmp_path):
    """A second municipality's database."""
    shutil.copy(empty_database, tmp_path / "other.db")
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    yield other
    other.close()


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
        "key,value\ncard.wait,7 s\n", encoding="utf-8"
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
        ("units", 4, {"live": "kanske"}, ("live", "no|yes")),
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


@pytest.mark.parametrize("sheet", [name for name, s in layout.SHEETS.items() if not s.optional])
def test_a_missing_sheet_and_a_missing_column_are_named(db, folder, sheet):
    file = folder / f"{sheet}.csv"
    rows = file.read_text(encoding="utf-8")
    gone = layout.SHEETS[sheet].shown[-1].name
    file.write_text(rows.replace(gone, "nonsense", 1), encoding="utf-8")
    assert (sheet, gone, "column") in {(f.sheet, f.column, f.expected) for f in faults(db, folder)}
    file.unlink()
    assert (sheet, "", "file") in {(f.sheet, f.column, f.expected) for f in faults(db, folder)}


def test_a_sheet_that_is_not_utf8_is_not_read_as_gibberish(db, folder):
    """Swedish Excel saves CSV in its own encoding unless it is told not to; the command line says so."""
    file, before = folder / "people.csv", everything(db)
    file.write_bytes(file.read_text(encoding="utf-8").encode("cp1252"))
    with pytest.raises(book.NotUtf8):
        bring_in(db, folder)
    assert everything(db) == before


def test_a_second_import_with_a_fault_leaves_the_first_as_it_was(db, folder):
    bring_in(db, folder)
    change(folder, "people", 2, name="Någon Annan")
    change(folder, "units", 4, live="kanske")
    assert faults(db, folder)


# ---- rows that vanish -----------------------------------------------------------------------------------------------

TODAY, YESTERDAY = NOON.date(), NOON.date() - timedelta(days=1)


def remove(folder: Path, sheet: str, *containing: str) -> None:
    file = folder / f"{sheet}.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not all(part in line for part in containing)]
    assert len(kept) < len(lines)
    file.write_text("".join(kept), encoding="utf-8")


def bring_in_anyway(db, folder: Path, now=NOON) -> Plan:
    """As with --confirm-endings."""
    with db.transaction() as session:
        found = importing.plan(session, book.read(folder, layout.SHEETS), now=now)
        importing.carry_out(session, found, now=now)
    return found


def test_what_vanishes_ends_from_today_and_comes_back_when_it_does(db, folder):
    bring_in(db, folder)
    before = everything(db)
    shutil.copytree(folder, folder.parent / "whole")
    remove(folder, "appointments", "bo.berg")
    remove(folder, "assignments", "filip.fors", "hemtjanst_soder")
    remove(folder, "units", "linden")
    found = bring_in_anyway(db, folder)
    assert {name: len(c.ended) for name, c in found.sheets.items() if c.ended} == {
        "appointments": 1,
        "assignments": 1,
        "units": 1,
    }
    with db.transaction() as session:
        bo = session.exec(select(Person).where(Person.email == "bo.berg@lovkoping.example")).one()
        assert [hat.ends_on for hat in session.exec(select(Appointment).where(Appointment.person_id == bo.id))] == [
            YESTERDAY
        ]
        assert people.roles_of(session, bo.pk, on=TODAY) == []
        assert len(people.roles_of(session, bo.pk, on=YESTERDAY)) == 1
        assert "Linden" not in {unit.name for unit, _ in people.open_units(session)}
    assert not bring_in_anyway(db, folder).any  # ended once
    bring_in_anyway(db, folder.parent / "whole")
    assert everything(db) == before  # nothing was deleted


def test_what_ended_by_itself_does_not_vanish_again(db, folder):
    change(folder, "appointments", 2, ends="2026-10-31")
    bring_in(db, folder)
    remove(folder, "appointments", "bo.berg")
    before = everything(db)
    assert not bring_in_anyway(db, folder).any
    assert everything(db) == before


@pytest.mark.parametrize(("gone", "refused"), [(1, False), (2, True)])
def test_more_than_a_tenth_has_to_be_confirmed(db, folder, gone, refused):
    for number in range(2):  # thirteen with the demo's eleven
        add(folder, "assignments", f"anna.alm@lovkoping.example,eken,no,2026-1{number}-01,")
    bring_in(db, folder)
    file = folder / "assignments.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[: len(lines) - gone]), encoding="utf-8")
    before = everything(db)
    if refused:
        with pytest.raises(importing.TooManyEndings) as no:
            bring_in(db, folder)
        assert no.value.about == {"sheet": "assignments", "ended": 2, "before": 13}
        assert everything(db) == before
    else:
        bring_in(db, folder)
        assert everything(db) != before


def test_last_nights_file_does_not_give_hats_back_to_somebody_whose_account_has_ended(db, folder):
    bring_in(db, folder)
    with db.transaction() as session:
        bo = session.exec(select(Person).where(Person.email == "bo.berg@lovkoping.example")).one()
        people.deactivate(session, bo.pk, now=NOON)
    before = everything(db)
    assert not bring_in_anyway(db, folder).any
    assert everything(db) == before


def test_people_whom_no_sheet_can_name_keep_what_they_have(db, folder):
    bring_in(db, folder)
    with db.transaction() as session:
        stranger = people.first_contact(session, "UNEW", now=NOON)
        session.add(Assignment(person_id=stranger.pk, unit_id=1, starts_on=TODAY))
    assert not bring_in_anyway(db, folder).any


def test_a_sheet_that_may_be_missing_ends_nothing_when_it_is(db, folder):
    bring_in(db, folder)
    for name, sheet in layout.SHEETS.items():
        if sheet.optional:
            (folder / f"{name}.csv").unlink(missing_ok=True)
    assert not bring_in_anyway(db, folder).any


# ---- never a personnummer -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    ["19850417-9876", "198504179876", "850417-9876", "8504179876", "850417+9876", "19850477-9876", "850417 9876",
     "Anna 0104179876", "anna.850417-9876@x.example", "20010203 - 1234"],
)  # fmt: skip
def test_what_looks_like_a_personnummer_refuses_the_file(db, folder, cell):
    change(folder, "people", 3, title=cell)
    assert faults(db, folder) == [Fault("people", 3, "title", "no_birth_number")]


@pytest.mark.parametrize(
    "cell", ["19851317-9876", "850432-9876", "85041-79876", "12345678901234", "2026-11-30", "0000-0000"]
)
def test_what_is_no_date_is_no_personnummer(db, folder, cell):
    change(folder, "people", 3, title=cell)
    assert bring_in(db, folder)["people"] == 15


@pytest.mark.parametrize(
    ("number", "refused"), [("0701740605", False), ("0708150605", False), ("070815-0605", True), ("8708150605", True)]
)
def test_a_number_to_ring_may_look_like_a_day(db, folder, number, refused):
    change(folder, "administrations", 2, emergency_number=number)
    if refused:
        assert Fault("administrations", 2, "emergency_number", "no_birth_number") in faults(db, folder)
    else:
        bring_in(db, folder)


@pytest.mark.parametrize(
    "heading", ["personnummer", "Person-nr", "PNR", "persnr", "samordningsnummer", "födelsedatum", "SSN"]
)
def test_a_column_for_personnummer_refuses_the_file(db, folder, heading):
    file = folder / "people.csv"
    head, _, rest = file.read_text(encoding="utf-8").partition("\n")
    file.write_text(f"{head},{heading}\n{rest}", encoding="utf-8")
    assert faults(db, folder) == [Fault("people", 1, heading.casefold(), "no_birth_number_column")]


def test_a_column_that_nobody_has_asked_for_is_named(db, folder):
    file = folder / "people.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("title", "befattning", 1), encoding="utf-8")
    assert {(f.column, f.expected) for f in faults(db, folder)} == {("befattning", "known_column"), ("title", "column")}


# ---- rules between rows and cells ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "row", "cells", "fault"),
    [
        ("people", 3, {"email": "anna.alm@lovkoping.example"}, ("email", "only_once", "2")),
        ("people", 3, {"email": "Anna.Alm@Lovkoping.example "}, ("email", "only_once", "2")),
        ("units", 3, {"key": "bjorken"}, ("key", "only_once", "2")),
        ("assignments", 3, {"email": "anna.alm@lovkoping.example", "starts": "2025-02-01"}, ("email", "only_once", "2")),
        ("people", 3, {"email": "bo berg"}, ("email", "email", "")),
        ("people", 3, {"name": "x" * 201}, ("name", "at_most", "200")),
        ("administrations", 2, {"emergency_number": "växeln"}, ("emergency_number", "phone", "")),
        ("assignments", 2, {"ends": "2024-01-01"}, ("ends", "not_before_start", "")),
        ("assignments", 2, {"starts": "46000"}, ("starts", "no_serial", "")),
        ("assignments", 2, {"starts": "20250201"}, ("starts", "date", "")),
        ("appointments", 2, {"unit": ""}, ("unit", "filled", "")),
        ("appointments", 7, {"unit": ""}, ("unit", "filled", "")),
        ("appointments", 8, {"department": ""}, ("department", "filled", "")),
    ],
)  # fmt: skip
def test_what_cannot_be_meant(db, folder, sheet, row, cells, fault):
    change(folder, sheet, row, **cells)
    column, expected, about = fault
    assert Fault(sheet, row, column, expected, about) in faults(db, folder)


def test_a_tool_named_twice_in_a_cell_counts_once(db, folder):
    change(folder, "appointments", 5, tools="digital_lock|digital_lock| medication_dispenser")
    bring_in(db, folder)
    assert not bring_in_anyway(db, folder).any


# ---- out and in again -----------------------------------------------------------------------------------------------------


def put_out(db, path: Path) -> Path:
    with db.snapshot() as session:
        book.write(path, exporting.export(session, now=NOON))
    return path


@pytest.mark.parametrize("name", ["out.xlsx", "out"])
def test_what_goes_out_changes_nothing_when_it_comes_in(db, folder, tmp_path, name):
    bring_in(db, folder)
    before = everything(db)
    assert not bring_in_anyway(db, put_out(db, tmp_path / name)).any
    assert everything(db) == before


@pytest.mark.parametrize("name", ["out.xlsx", "out"])
def test_what_goes_out_makes_the_same_municipality_anew(db, fresh_db, folder, tmp_path, name):
    bring_in(db, folder)
    first = put_out(db, tmp_path / name)
    bring_in(fresh_db, first)
    with db.snapshot() as one, fresh_db.snapshot() as other:
        assert exporting.export(one, now=NOON) == exporting.export(other, now=NOON)


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Nd",)), max_size=30)
FILLED = TEXTS.filter(lambda text: exporting.plain(text) != "")
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@st.composite
def periods(draw):
    starts, ends = draw(DAYS), draw(st.none() | DAYS)
    return {"starts": starts.isoformat(), "ends": ends.isoformat() if ends and ends >= starts else ""}


def rows_of(sheet: str, **cells):
    """A few rows of a sheet, each with its own key."""
    row = st.fixed_dictionaries(cells)
    dated = st.tuples(row, periods()).map(lambda both: both[0] | both[1])
    key = [name for name in layout.SHEETS[sheet].key if name != "tools"]
    return st.lists(dated, max_size=5, unique_by=lambda found: tuple(found.get(name, "") for name in key))


@st.composite
def municipalities(draw):
    """Any organisation whose rows are whole: names are whatever people type, periods lie anywhere."""
    area = st.sampled_from(["", "north"])
    units = st.sampled_from([f"u{n}" for n in range(draw(st.integers(1, 3)))])
    mails = st.sampled_from([f"p{n}@x.example" for n in range(draw(st.integers(1, 3)))])
    tools = st.sampled_from(["digital_lock", "vr|digital_lock"])
    others = st.sampled_from(["", "p9@x.example"])
    yes = st.sampled_from(["yes", "no"])
    return {
        "administrations": [{"key": "a", "name": draw(FILLED), "emergency_number": "112"}],
        "departments": [{"key": "d", "administration": "a", "name": draw(FILLED)}],
        "areas": [{"key": "north", "department": "d", "name": draw(FILLED)}],
        "units": [
            {"key": key, "department": "d", "area": draw(area), "name": draw(FILLED), "live": draw(yes)}
            for key in units.elements
        ],
        "people": [{"email": mail, "name": draw(TEXTS), "title": draw(TEXTS)} for mail in (*mails.elements, "p9@x.example")],
        "assignments": draw(rows_of("assignments", email=mails, unit=units, primary=yes)),
        "appointments": draw(
            rows_of("appointments", email=mails, role=st.sampled_from([role.value for role in Role]), unit=units,
                    department=st.just("d"), tools=st.just("") | tools, deputy_for=others)
        ),
        "absences": draw(rows_of("absences", email=mails)),
        "shifts": draw(
            st.lists(st.tuples(mails, st.integers(-60, 400), st.integers(1, 24)), max_size=5, unique_by=lambda row: row[:2])
            .map(lambda rows: [{"email": mail, "starts": moment(begins), "ends": moment(begins + long)} for mail, begins, long in rows])
        ),
        "patterns": draw(
            rows_of("patterns", email=mails, weeks=st.just("4"), week=st.sampled_from("1234"), day=st.sampled_from(list(Weekday)),
                    **{"from": st.sampled_from(["07:00", "21:00"]), "to": st.sampled_from(["06:00", "15:30"])})
        ),
        "words": draw(st.sampled_from([[], [{"key": "unit", "sv": "bas|basen|baser|baserna", "en": ""}]])),
        "unit_tools": draw(rows_of("unit_tools", unit=units, tools=tools)),
        "contacts": draw(
            rows_of("contacts", unit=units, tools=st.just("") | tools, number=st.just("08-465 004 10"),
                    second_number=st.sampled_from(["", "112"]), what_to_do=st.sampled_from(["", "=Ring först!", "+Ta nyckeln"]))
        ),
    }  # fmt: skip


def moment(quarter: int) -> str:
    return exporting.moment(NOON + timedelta(hours=quarter))


def as_book(municipality) -> book.Book:
    made = book.Book()
    for name, rows in municipality.items():
        columns = tuple(column.name for column in layout.SHEETS[name].shown)
        cells = [{column: row.get(column, "") for column in columns} for row in rows]
        made.sheets[name] = book.Sheet(columns, list(enumerate(cells, start=2)))
    return made


def carry_out(session, read: book.Book) -> bool:
    found = importing.plan(session, read, now=NOON)
    importing.carry_out(session, found, now=NOON)
    return found.any


@pytest.mark.slow
@hypothesis.settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
@hypothesis.given(first=municipalities(), second=municipalities(), suffix=st.sampled_from(["", ".xlsx"]))
def test_twice_is_once_and_out_and_in_is_nothing_for_any_municipality_after_any_other(
    db, tmp_path, first, second, suffix
):
    with db.engine.connect() as connection, Session(connection) as session:
        session.begin()
        carry_out(session, as_book(first))
        carry_out(session, as_book(second))
        assert not carry_out(session, as_book(second))
        out = exporting.export(session, now=NOON)
        file = tmp_path / f"out{suffix}"
        book.write(file, out)
        assert not carry_out(session, book.read(file, layout.SHEETS))
        assert exporting.export(session, now=NOON) == out
        session.rollback()


# ---- areas, deputies, absences, tools of units ------------------------------------------------------------------------------


def write(folder: Path, sheet: str, *lines: str) -> None:
    heading = ",".join(column.name for column in layout.SHEETS[sheet].shown)
    (folder / f"{sheet}.csv").write_text("\n".join([heading, *lines, ""]), encoding="utf-8")


def test_everything_that_is_dated_comes_in_and_goes_out(db, fresh_db, folder, tmp_path):
    write(folder, "areas", "centrum,hemtjanst,Centrum")
    write(folder, "contacts", "bjorken,,digital_lock|vr,21.00,7:00,08-465 004 11,,Ring 0701740605 först,,2026-01-01,",
          ",centrum,,,,+46 8 465 004 12,112,,,2026-01-01,")  # fmt: skip
    write(
        folder, "absences", "bo.berg@lovkoping.example,2026-12-01,2026-12-05", "gun.grahn@lovkoping.example,2026-11-01,"
    )
    write(folder, "unit_tools", "bjorken,digital_lock|vr,2026-01-01,")
    write(folder, "units", "bjorken,sarskilt_boende,,Björken,yes", "eken,sarskilt_boende,,Eken,yes",
          "linden,sarskilt_boende,,Linden,no", "hemtjanst_norr,hemtjanst,centrum,Hemtjänst Norr,yes",
          "hemtjanst_soder,hemtjanst,centrum,Hemtjänst Söder,yes", "nattpatrullen,hemtjanst,,Nattpatrullen,yes")  # fmt: skip
    deputies = ("moa.myr@lovkoping.example,expert_user,bjorken,,,bo.berg@lovkoping.example,2026-11-01,",
                "moa.myr@lovkoping.example,expert_user,bjorken,,,gun.grahn@lovkoping.example,2026-11-01,")  # fmt: skip
    write(folder, "appointments", *deputies)
    bring_in(db, folder)
    with db.transaction() as session:
        bo, gun = (session.exec(select(Person).where(Person.name == name)).one() for name in ("Bo Berg", "Gun Grahn"))
        hats = session.exec(select(Appointment)).all()
        assert [hat.deputy_for_id for hat in hats] == [bo.id, gun.id]
        assert people.away_until(session, [bo.pk, gun.pk], on=TODAY) == {gun.pk: date.max}
        assert people.away_until(session, [bo.pk], on=date(2026, 12, 3)) == {bo.pk: date(2026, 12, 5)}
        norr = session.exec(select(Unit).where(Unit.key == "hemtjanst_norr")).one()
        assert session.get(people.Area, norr.area_id).name == "Centrum"
        assert people.tools_of(session, 1, on=TODAY) == {"digital_lock", "vr"}
    assert not bring_in_anyway(db, folder).any
    bring_in(fresh_db, put_out(db, tmp_path / "out.xlsx"))
    with db.snapshot() as one, fresh_db.snapshot() as other:
        assert exporting.export(one, now=NOON) == exporting.export(other, now=NOON)


def test_an_absence_that_vanishes_ends_without_a_question(db, folder):
    write(folder, "absences", "bo.berg@lovkoping.example,2026-11-20,2026-12-05")
    bring_in(db, folder)
    write(folder, "absences")
    bring_in(db, folder)
    with db.transaction() as session:
        assert session.exec(select(people.Absence.ends_on)).all() == [YESTERDAY]


@pytest.mark.parametrize(
    ("sheet", "line", "fault"),
    [
        ("areas", "c,hemtjänst,Centrum", ("department", "known department")),
        ("absences", "okänd@x.example,2026-12-01,", ("email", "known person")),
        ("absences", "bo.berg@lovkoping.example,,2026-12-01", ("starts", "filled")),
        ("absences", "bo.berg@lovkoping.example,2026-12-02,2026-12-01", ("ends", "not_before_start")),
        ("unit_tools", "bjorken,hammare,2026-01-01,", ("tools", "known tool")),
        ("unit_tools", "bjorken,,2026-01-01,", ("tools", "filled")),
        ("unit_tools", "bjorken,vr,2026-01-01,2025-01-01", ("ends", "not_before_start")),
        ("contacts", ",,,,,112,,,,2026-01-01,", ("unit", "unit_or_area")),
        ("contacts", "bjorken,norra,,,,112,,,,2026-01-01,", ("unit", "unit_or_area")),
        ("contacts", "bjorken,,,,,,112,,,2026-01-01,", ("number", "filled")),
        ("contacts", "bjorken,,,,,112,jouren,,,2026-01-01,", ("second_number", "phone")),
        ("contacts", "bjorken,,,21:00,,112,,,,2026-01-01,", ("to", "two_times")),
        ("contacts", "bjorken,,,7.00,07:00,112,,,,2026-01-01,", ("to", "two_times")),
        ("contacts", "bjorken,,,25:00,07:00,112,,,,2026-01-01,", ("from", "time")),
        ("contacts", "bjorken,,hammare,,,112,,,,2026-01-01,", ("tools", "known tool")),
        ("contacts", f"bjorken,,,,,112,,{'ord ' * 36},,2026-01-01,", ("what_to_do", "words", "35")),
        ("appointments", "bo.berg@lovkoping.example,admin,,,,bo.berg@lovkoping.example,2026-01-01,", ("deputy_for", "not_herself")),
        ("appointments", "bo.berg@lovkoping.example,admin,,,,x@x.example,2026-01-01,", ("deputy_for", "known person")),
    ],
)  # fmt: skip
def test_faults_of_the_newer_sheets(db, folder, sheet, line, fault):
    write(folder, sheet, line)
    assert Fault(sheet, 2, *fault) in faults(db, folder)


def test_an_area_belongs_to_the_department_of_its_units(db, folder):
    bring_in(db, folder)
    for row in (2, 3, 4):
        change(folder, "units", row, area="norra")
    assert faults(db, folder) == [Fault("units", row, "area", "area_of_department") for row in (2, 3, 4)]
    (folder / "areas.csv").unlink()  # the stored ones count then
    assert faults(db, folder) == [Fault("units", row, "area", "area_of_department") for row in (2, 3, 4)]


def test_what_points_to_a_unit_that_was_closed_by_hand_does_not_stand_in_the_way(db, folder, tmp_path):
    bring_in(db, folder)
    with db.transaction() as session:
        session.exec(select(Unit).where(Unit.key == "bjorken")).one().ended_on = YESTERDAY
    before = everything(db)
    assert not bring_in_anyway(db, put_out(db, tmp_path / "out")).any
    assert everything(db) == before


# ---- shifts, rotas, words ------------------------------------------------------------------------------------------------


def shifts_of(db) -> list[tuple]:
    with db.snapshot() as session:
        return [(s.starts_at, s.until_at, s.cancelled_on is not None) for s in session.exec(select(Shift).order_by(Shift.starts_at))]


BO = "bo.berg@lovkoping.example"


def test_shifts_come_in_by_the_clock_on_the_wall_and_go_out_as_they_came(db, fresh_db, folder, tmp_path):
    nights = (f"{BO},2027-03-27 21:00,2027-03-28T07.00", f"{BO},2027-10-30 21:00:00,2027-10-31 07:00")
    odd = f"{BO},2027-10-31 02:30+01:00,2027-10-31 9:00"
    write(folder, "shifts", *nights, odd, f"{BO},2026-12-01,2026-12-01 07:00")
    bring_in(db, folder)
    lengths = [(ends - begins) // timedelta(minutes=30) for begins, ends, _ in shifts_of(db)]
    assert lengths == [14, 18, 22, 13]  # half hours: midnight to seven, nine hours, eleven, from the second half past two
    before = everything(db)
    assert not bring_in_anyway(db, folder).any
    assert not bring_in_anyway(db, put_out(db, tmp_path / "out.xlsx")).any
    assert everything(db) == before
    bring_in(fresh_db, tmp_path / "out.xlsx")
    assert shifts_of(fresh_db) == shifts_of(db)


def test_a_late_change_takes_the_shift_away_and_what_has_begun_or_is_over_stays(db, folder):
    """NOON is a Tuesday; the nightly file begins with today."""
    write(folder, "shifts", f"{BO},2026-11-24 07:00,2026-11-24 15:30", f"{BO},2026-11-24 21:00,2026-11-25 07:00",
          f"{BO},2026-11-20 07:00,2026-11-20 15:30", f"{BO},2026-11-28 07:00,2026-11-28 15:30")  # fmt: skip
    bring_in(db, folder)
    assert [cancelled for _, _, cancelled in shifts_of(db)] == [False, False, False]  # Friday's was over already
    write(folder, "shifts", f"{BO},2026-11-28 07:00,2026-11-28 13:00", f"{BO},2026-11-29 07:00,2026-11-29 15:30")
    assert bring_in_anyway(db, folder).any
    assert [(begins.day, cancelled) for begins, _, cancelled in shifts_of(db)] == [(24, False), (24, True), (28, False), (29, False)]
    assert shifts_of(db)[2][1].hour == 12  # 13:00 on the wall
    assert not bring_in_anyway(db, folder).any


def test_a_rota_comes_in_and_what_she_has_set_herself_is_not_ended(db, folder, tmp_path):
    write(folder, "patterns", f"{BO},2,1,mon,06:30,15:30,2026-11-23,", f"{BO},,,sun,21.00,7:00,2026-11-23,2027-01-31")
    bring_in(db, folder)
    with db.transaction() as session:
        rows = session.exec(select(Pattern).order_by(Pattern.id)).all()
        assert [(r.weeks, r.week, r.day, r.opens, r.closes) for r in rows] == [
            (2, 1, Weekday.MON, "06:30", "15:30"), (1, 1, Weekday.SUN, "21:00", "07:00")]  # fmt: skip
        session.add(Pattern(person_id=rows[0].person_id, day="fri", opens="15:00", closes="23:00", starts_on=TODAY, own=True))
        session.add(people.Absence(person_id=rows[0].person_id, starts_on=TODAY, own=True))
    assert not bring_in_anyway(db, put_out(db, tmp_path / "out")).any
    write(folder, "patterns")
    write(folder, "absences")
    bring_in_anyway(db, folder)
    with db.transaction() as session:
        ends = session.exec(select(Pattern.ends_on).order_by(Pattern.id)).all()
        assert ends == [YESTERDAY, YESTERDAY, None]
        assert session.exec(select(people.Absence.ends_on)).all() == [None]


def test_words_come_in_four_forms_and_an_empty_cell_is_the_word_that_ships(db, folder, tmp_path):
    write(folder, "words", "unit,bas|basen | baser|baserna,", "stuga,,drop-in|the drop-in|drop-ins|the drop-ins")
    bring_in(db, folder)
    with db.snapshot() as session:
        assert str(words.nouns(settings.read(session), "sv")["unit"].all) == "baserna"
        assert str(words.nouns(settings.read(session), "sv")["stuga"]) == "supportstuga"
        assert not any(row["key"].startswith("word.") for _, row in exporting.export(session, now=NOON)["settings"].rows)
    assert not bring_in_anyway(db, put_out(db, tmp_path / "out.xlsx")).any
    write(folder, "words", "unit,,", "stuga,,drop-in|the drop-in|drop-ins|the drop-ins")
    bring_in(db, folder)
    with db.snapshot() as session:
        assert str(words.nouns(settings.read(session), "sv")["unit"]) == "enhet"
    assert not bring_in_anyway(db, folder).any


@pytest.mark.slow
def test_tools_are_laid_over_the_catalogue_and_only_what_differs_is_kept(db, fresh_db, folder, tmp_path):
    own = "bath_lift,,password,Badlift,Bath lift,Badlift,Bath lift,lyft,yes,,badlift|lyftkorg | badlift,Aquatec,,,🛁"
    write(folder, "tools", "digital_lock,,,,,Lås,Locks,,no,,,Phoniro|Nyckelfritt,,,", "vr,no,,,,,,,,,,,,,", own)
    bring_in(db, folder)
    with db.snapshot() as session:
        kept = {key for key, _ in settings.read(session).own_tools}
        found = catalogue.in_force(session)
        assert catalogue.in_force(session) is found
    assert {key for key in kept if "bath_lift" not in key} == {
        "tool.digital_lock.short_sv", "tool.digital_lock.short_en", "tool.digital_lock.acute", "tool.digital_lock.products",
        "tool.vr.enabled"}  # fmt: skip
    lock, shipped, lift = found.tools["digital_lock"], catalogue.load().tools["digital_lock"], found.tools["bath_lift"]
    assert (lock.short["sv"], lock.acute, lock.products) == ("Lås", False, ("Phoniro", "Nyckelfritt"))
    assert (lock.aliases, lock.name, lock.picture) == (shipped.aliases, shipped.name, shipped.picture)
    assert (lift.aliases, lift.owner, lift.acute) == (("badlift", "lyftkorg"), "password", True)
    assert ("vr" in found.known, "vr" in found.tools, found.usual("vr", "sv")) == (True, False, ())
    assert not any("vr" in (*each.tools, *(key for key, _ in found.phrasings)) for each in found.signals)
    before = everything(db)
    assert not bring_in_anyway(db, folder).any
    assert not bring_in_anyway(db, put_out(db, tmp_path / "out.xlsx")).any
    assert everything(db) == before
    bring_in(fresh_db, tmp_path / "out.xlsx")
    with fresh_db.snapshot() as session:
        assert {key for key, _ in settings.read(session).own_tools} == kept
    write(folder, "tools", "digital_lock,,,,,,,,,,,,,,")
    assert bring_in_anyway(db, folder).any
    with db.snapshot() as session:
        assert catalogue.in_force(session).tools["digital_lock"] == shipped
        assert "vr" not in catalogue.in_force(session).tools  # a row that has vanished says nothing
        assert "tools" not in {settings.sheet_of(r["key"]) for _, r in exporting.export(session, now=NOON)["settings"].rows}


def test_a_new_tool_may_be_used_by_the_sheets_beside_it(db, folder):
    write(folder, "tools", "bath_lift,,,Badlift,Bath lift,Badlift,Bath lift,lyft,,,,,,,🛁")
    write(folder, "unit_tools", "bjorken,bath_lift|vr,2026-01-01,")
    bring_in(db, folder)
    (folder / "tools.csv").unlink()
    assert not bring_in_anyway(db, folder).any


@pytest.mark.parametrize(
    ("sheet", "line", "fault"),
    [
        ("tools", "bath_lift,,,Badlift,Bath lift,Badlift,,lyft,,,,,,,🛁", ("short_en", "filled")),
        ("tools", "Bath lift,,,Badlift,Bath lift,Badlift,Bath lift,lyft,,,,,,,🛁", ("key", "code_name")),
        ("tools", "vr,nej,,,,,,,,,,,,,", ("enabled", "no|yes")),
        ("tools", "vr,,nobody,,,,,,,,,,,,", ("owner", "|".join(catalogue.load().owners))),
        ("tools", "vr,,,,,En knapp som är längre än så,,,,,,,,,", ("short_sv", "at_most", "24")),
        ("unit_tools", "bjorken,bath_lift,2026-01-01,", ("tools", "known tool")),
        ("settings", "tool.vr.enabled,no", ("key", "in_tools")),
        ("shifts", f"{BO},2026-11-30,", ("ends", "filled")),
        ("shifts", f"{BO},2026-11-30 25:00,2026-11-30 26:00", ("starts", "moment")),
        ("shifts", f"{BO},46356.29,2026-11-30 15:00", ("starts", "no_serial")),
        ("shifts", f"{BO},2026-11-30 07:00,2026-11-30 07:00", ("ends", "not_before_start")),
        ("shifts", f"{BO},2026-11-30 07:00,2026-12-01 15:30", ("ends", "within_a_day")),
        ("shifts", "okänd@x.example,2026-11-30 07:00,2026-11-30 15:00", ("email", "known person")),
        ("patterns", f"{BO},2,3,mon,07:00,16:00,2026-01-01,", ("week", "week_of_cycle", "2")),
        ("patterns", f"{BO},11,1,mon,07:00,16:00,2026-01-01,", ("weeks", "1|2|3|4|5|6|7|8|9|10")),
        ("patterns", f"{BO},1,1,mån,07:00,16:00,2026-01-01,", ("day", "mon|tue|wed|thu|fri|sat|sun")),
        ("patterns", f"{BO},1,1,,07:00,16:00,2026-01-01,", ("day", "filled")),
        ("patterns", f"{BO},1,1,mon,07:00,7.00,2026-01-01,", ("to", "two_times")),
        ("patterns", f"{BO},1,1,mon,07:00,,2026-01-01,", ("to", "filled")),
        ("patterns", f"{BO},1,1,mon,07:00,16:00,2026-01-02,2026-01-01", ("ends", "not_before_start")),
        ("words", "unit,bas|basen|baser,", ("sv", "forms")),
        ("words", "unit,bas,", ("sv", "forms")),
        ("words", "enhet,a|b|c|d,", ("key", "|".join(words.defaults()["sv"]))),
        ("settings", "word.unit.sv,a|b|c|d", ("key", "in_words")),
    ],
)  # fmt: skip
def test_faults_of_shifts_rotas_and_words(db, folder, sheet, line, fault):
    write(folder, sheet, line)
    assert Fault(sheet, 2, *fault) in faults(db, folder)


# ---- a plan and the moment at which it is carried out ---------------------------------------------------------------------


def test_a_plan_holds_for_a_while_and_until_somebody_changes_what_it_was_compared_with(db, folder):
    bring_in(db, folder)
    change(folder, "people", 2, name="Någon Annan")

    def planned() -> Plan:
        with db.snapshot() as session:
            return importing.plan(session, book.read(folder, layout.SHEETS), now=NOON)

    def holds(found: Plan, **later) -> bool:
        with db.transaction() as session:
            return importing.still_holds(session, found, now=NOON + timedelta(**later))

    found = planned()
    assert holds(found)
    assert not holds(found, minutes=11)
    with db.transaction() as session:
        bo = session.exec(select(Person).where(Person.email == BO)).one()
        bo.active_at, bo.chat_channel_id = NOON, "D1"
    assert holds(found)  # the bot's own columns are in no sheet
    with db.transaction() as session:
        session.add(people.Absence(person_id=bo.pk, starts_on=TODAY))
    assert not holds(found)
    found = planned()
    with db.transaction() as session:
        people.deactivate(session, bo.pk, now=NOON)
    assert not holds(found)
