"""The organisation from a folder of CSV sheets, one a kind, people joined by e-mail.

The same folder again changes nothing. Faults are collected and named with sheet, row and column; with one
fault nothing is written. Not yet here: xlsx, dry run, ending what vanished from the sheets.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, SQLModel, col, select, update

from models import catalogue, settings
from models.db import changed, insert
from models.people import Administration, Appointment, Assignment, Department, Person, PersonKind, Role, Unit

Row = dict[str, str]
SHEETS: dict[str, tuple[str, ...]] = {
    "administrations": ("key", "name", "emergency_number"),
    "departments": ("key", "administration", "name"),
    "units": ("key", "department", "name", "live"),
    "people": ("email", "name", "title", "kind", "language", "chat"),
    "assignments": ("email", "unit", "primary", "starts", "ends"),
    "appointments": ("email", "role", "unit", "department", "tools", "starts", "ends"),
    "settings": ("key", "value"),
}
OPTIONAL = frozenset({"settings"})


@dataclass(frozen=True)
class Fault:
    """What is wrong, for a person: `expected` is a code that the text catalogues explain."""

    sheet: str
    row: int
    column: str
    expected: str


class Faulty(Exception):
    """The sheets cannot be imported; every fault is listed."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


@dataclass
class Reading:
    """One pass over the sheets: typed values out, faults collected."""

    session: Session
    now: datetime
    faults: list[Fault] = field(default_factory=list)
    sheet: str = ""
    row: int = 0

    def fault(self, column: str, expected: str) -> None:
        self.faults.append(Fault(self.sheet, self.row, column, expected))

    def one_of(self, row: Row, column: str, allowed: tuple[str, ...]) -> str:
        value = row[column].strip() or allowed[0]
        if value not in allowed:
            self.fault(column, "|".join(allowed))
            return allowed[0]
        return value

    def day(self, row: Row, column: str) -> date | None:
        try:
            return date.fromisoformat(row[column].strip()) if row[column].strip() else None
        except ValueError:
            self.fault(column, "date")
            return None

    def first_day(self, row: Row) -> date | None:
        return self.day(row, "starts") if self.text(row, "starts") else None

    def text(self, row: Row, column: str) -> str:
        if not row[column].strip():
            self.fault(column, "filled")
        return row[column].strip()

    def needed(self, table: type[SQLModel], row: Row, column: str) -> int | None:
        """As `ref`; an empty cell is a fault, or the row would vanish without a word."""
        return self.ref(table, row, column) if self.text(row, column) else None

    def ref(self, table: type[SQLModel], row: Row, column: str) -> int | None:
        """The id of the row that this cell names by key or e-mail; empty stays empty."""
        value = row[column].strip()
        if not value:
            return None
        name = "email" if table is Person else "key"
        value = value.casefold() if table is Person else value
        found = self.session.exec(select(table.id).where(getattr(table, name) == value)).first()  # type: ignore[attr-defined]
        if found is None:
            self.fault(column, f"known {table.__name__.casefold()}")
        return found


def from_folder(session: Session, folder: Path, *, now: datetime) -> dict[str, int]:
    """Import every sheet of the folder; rows per sheet. Raises Faulty, with nothing to keep, on any fault.

    The caller's transaction must end with the exception: then nothing is written.
    """
    reading = Reading(session, now)
    counts = {}
    for sheet, load in LOADERS.items():
        reading.sheet = sheet
        counts[sheet] = sum(1 for row in _rows(reading, folder / f"{sheet}.csv") if load(reading, row))
    if reading.faults:
        raise Faulty(reading.faults)
    return counts


def _rows(reading: Reading, file: Path) -> Iterator[Row]:
    if not file.exists():
        return None if reading.sheet in OPTIONAL else reading.fault("", "file")
    with file.open(encoding="utf-8-sig", newline="") as sheet:
        rows = csv.DictReader(sheet)
        missing = [column for column in SHEETS[reading.sheet] if column not in (rows.fieldnames or ())]
        for column in missing:
            reading.fault(column, "column")
        for number, row in enumerate(rows if not missing else (), start=2):
            reading.row = number
            yield {key: value or "" for key, value in row.items() if key}
    return None


def _upsert(session: Session, table: type[SQLModel], **values: object) -> bool:
    put = insert(session, table).values(**values)
    rest = {name: value for name, value in values.items() if name != "key"}
    return changed(session, put.on_conflict_do_update(index_elements=["key"], set_=rest)) == 1


def _administration(reading: Reading, row: Row) -> bool:
    return _upsert(
        reading.session,
        Administration,
        key=reading.text(row, "key"),
        name=reading.text(row, "name"),
        emergency_number=reading.text(row, "emergency_number"),
    )


def _department(reading: Reading, row: Row) -> bool:
    above = reading.needed(Administration, row, "administration")
    return above is not None and _upsert(
        reading.session,
        Department,
        key=reading.text(row, "key"),
        name=reading.text(row, "name"),
        administration_id=above,
    )


def _unit(reading: Reading, row: Row) -> bool:
    above = reading.needed(Department, row, "department")
    live = reading.one_of(row, "live", ("yes", "no")) == "yes"
    return above is not None and _upsert(
        reading.session,
        Unit,
        key=reading.text(row, "key"),
        name=reading.text(row, "name"),
        department_id=above,
        live=live,
    )


def _person(reading: Reading, row: Row) -> bool:
    email = reading.text(row, "email").casefold()
    kind = reading.one_of(row, "kind", tuple(PersonKind))
    language = reading.one_of(row, "language", ("sv", "en"))
    values: dict[str, Any] = {
        "name": row["name"].strip(),
        "title": row["title"].strip(),
        "kind": PersonKind(kind),
    }
    known = reading.session.exec(select(Person.id).where(Person.email == email)).first()
    if known is None:
        reading.session.add(Person(email=email, language=language, **values))
        reading.session.flush()
        return True
    # The language is the person's own choice once she exists.
    return changed(reading.session, update(Person).where(col(Person.id) == known).values(**values)) == 1


def _assignment(reading: Reading, row: Row) -> bool:
    person, unit = reading.needed(Person, row, "email"), reading.needed(Unit, row, "unit")
    starts, ends = reading.first_day(row), reading.day(row, "ends")
    primary = reading.one_of(row, "primary", ("no", "yes")) == "yes"
    if person is None or unit is None or starts is None:
        return False
    same: dict[str, object] = {"person_id": person, "unit_id": unit, "starts_on": starts}
    return _keep_dated(reading.session, Assignment, same, is_primary=primary, ends_on=ends)


def _appointment(reading: Reading, row: Row) -> bool:
    role = reading.one_of(row, "role", tuple(Role))
    person, starts, ends = (
        reading.needed(Person, row, "email"),
        reading.first_day(row),
        reading.day(row, "ends"),
    )
    tools = _tools(reading, row)
    where = {
        "unit_id": reading.ref(Unit, row, "unit"),
        "department_id": reading.ref(Department, row, "department"),
    }
    if person is None or starts is None or reading.faults:
        return False
    for tool in tools:
        same: dict[str, object] = {
            "person_id": person,
            "role": Role(role),
            "tool": tool,
            "starts_on": starts,
            **where,
        }
        _keep_dated(reading.session, Appointment, same, ends_on=ends)
    return True


def _tools(reading: Reading, row: Row) -> list[str | None]:
    named = [tool.strip() for tool in row["tools"].split("|") if tool.strip()]
    for tool in named:
        if tool not in catalogue.load().tools:
            reading.fault("tools", "known tool")
    return list(named) or [None]


def _keep_dated(session: Session, table: type[SQLModel], same: dict[str, object], **rest: object) -> bool:
    """A dated row is found by what makes it that row; only its end and rank may change."""
    found = session.exec(select(table).where(*(getattr(table, k) == v for k, v in same.items()))).first()
    row = found or table(**same)
    for key, value in rest.items():
        setattr(row, key, value)
    session.add(row)
    session.flush()
    return True


def _setting(reading: Reading, row: Row) -> bool:
    try:
        settings.write(reading.session, row["key"].strip(), row["value"].strip(), now=reading.now)
    except settings.NoSuchSetting:
        reading.fault("key", "known setting")
    except settings.WrongShape as wrong:
        reading.fault("value", str(wrong.about["expected"]))
    return True


LOADERS: dict[str, Callable[[Reading, Row], bool]] = {
    "administrations": _administration,
    "departments": _department,
    "units": _unit,
    "people": _person,
    "assignments": _assignment,
    "appointments": _appointment,
    "settings": _setting,
}
