"""The organisation out of the database, as the sheets it came from: export, and what an import is compared with.

Only questions. Cells are the same plain texts both ways, so that what is written and read again differs in nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from models import book, layout
from models.book import Row
from models.layout import Shape
from models.people import Person
from models.settings import Setting

Key = tuple[str, ...]


@dataclass(frozen=True)
class Stored:
    """A row of the database as its sheet would show it."""

    id: int | str
    row: Row
    in_force: bool


def key_of(sheet: layout.Sheet, row: Row) -> Key:
    return tuple(row[name] for name in sheet.key)


def plain(text: str) -> str:
    """A cell as it is compared: nobody sees the difference between one space and two."""
    return " ".join(book.UNREADABLE.sub("", text).split())


def stored(session: Session, *, on: date) -> dict[str, dict[Key, Stored]]:
    """Every row that a sheet can name, ended ones too. People without an e-mail address are not in any sheet."""
    names: dict[type[SQLModel], dict[int, str]] = {}
    found: dict[str, dict[Key, Stored]] = {}
    ended: dict[type[SQLModel], set[str]] = {}
    for name, sheet in layout.SHEETS.items():
        rows = [_stored(sheet, raw, names, ended, on) for raw in _raw(session, sheet)]
        found[name] = {key_of(sheet, row.row): row for row in rows if row is not None}
        if sheet.table in layout.NAMED_BY:
            key = layout.NAMED_BY[sheet.table][1]
            names[sheet.table] = {int(row.id): row.row[key] for row in found[name].values()}
            ended[sheet.table] = {row.row[key] for row in found[name].values() if not row.in_force}
    return found


def _raw(session: Session, sheet: layout.Sheet) -> Iterator[Any]:
    table: Any = sheet.table
    row_id = table.key if table is Setting else table.id
    query = select(row_id, *(getattr(table, column.attr) for column in sheet.columns)).order_by(row_id)
    return iter(session.execute(query.where(col(Person.email).is_not(None)) if table is Person else query))


def _stored(
    sheet: layout.Sheet,
    raw: Any,
    names: dict[type[SQLModel], dict[int, str]],
    ended: dict[type[SQLModel], set[str]],
    on: date,
) -> Stored | None:
    """None where it points to somebody whom no sheet can name."""
    row: Row = {}
    in_force = True
    for column, value in zip(sheet.columns, raw[1:], strict=True):
        if column.of is not None and value is not None:
            if value not in names[column.of]:
                return None
            value = names[column.of][value]
            in_force = in_force and value not in ended[column.of]
        row[column.name] = _cell(value)
    ends = row[sheet.ends] if sheet.ends else ""
    return Stored(raw[0], row, in_force and (not ends or ends >= on.isoformat()))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return plain(value.value if isinstance(value, StrEnum) else str(value))


def export(session: Session, *, on: date) -> dict[str, book.Sheet]:
    """What holds now or will hold: the import's sheets, empty ones with their headings."""
    found = stored(session, on=on)
    wanted = {name: [row.row for row in rows.values() if row.in_force] for name, rows in found.items()}
    wanted["people"] = _people(session, wanted)
    return {name: _sheet(sheet, wanted[name]) for name, sheet in layout.SHEETS.items()}


def _people(session: Session, wanted: dict[str, list[Row]]) -> list[Row]:
    """Whoever has an account that has ended is left out, unless somebody still has her down for something."""
    gone = gone_people(session)
    needed = {
        row[column.name]
        for name, sheet in layout.SHEETS.items()
        for column in sheet.columns
        if column.of is Person
        for row in wanted[name]
    }
    return [row for row in wanted["people"] if row["email"] not in gone or row["email"] in needed]


def gone_people(session: Session) -> set[str]:
    """E-mail addresses of those whose chat account has ended."""
    return {mail or "" for mail in session.exec(select(Person.email).where(col(Person.deactivated_at).is_not(None)))}


def _sheet(sheet: layout.Sheet, rows: list[Row]) -> book.Sheet:
    """Rows that differ only in their tool stand as one, `a|b`."""
    columns = tuple(column.name for column in sheet.shown)
    tools = {column.name for column in sheet.columns if column.shape is Shape.TOOLS}
    groups: dict[Key, Row] = {}
    for row in sorted(rows, key=lambda row: key_of(sheet, row)):
        same = tuple(f"{name}={row[name]}" for name in columns if name not in tools or not row[name])
        if same in groups:
            groups[same] |= {name: f"{groups[same][name]}|{row[name]}" for name in tools}
        else:
            groups[same] = {name: row[name] for name in columns}
    return book.Sheet(columns, list(enumerate(groups.values(), start=2)))
