"""The organisation out of the database, as the sheets it came from: export, and what an import is compared with.

Only questions. Cells are the same plain texts both ways, so that what is written and read again differs in nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from models import book, catalogue, clock, layout, settings, words
from models.book import Row
from models.layout import Shape
from models.people import Person
from models.settings import Setting

Key = tuple[str, ...]
Raw = dict[str, list[tuple[Any, ...]]]
LATELY = timedelta(days=2)


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


def moment(at: datetime) -> str:
    """As Swedish clocks show it. The second 02.30 of an autumn night says which it is: `2027-10-31 02:30+01:00`."""
    here = clock.local(at)
    return f"{here:%Y-%m-%d %H:%M}{'+01:00' if here.fold else ''}"


def instant(text: str) -> datetime:
    """What `moment` wrote, or a cell that says the same."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=clock.STOCKHOLM)).astimezone(UTC)


def raw(session: Session, *, now: datetime) -> Raw:
    """As the database holds it, by sheet: the id of each row and what its columns hold.

    Of what passes (shifts) only what is not long over.
    """
    return {name: list(map(tuple, _raw(session, name, now))) for name in layout.SHEETS}


def stored(rows_of: Raw, *, now: datetime) -> dict[str, dict[Key, Stored]]:
    """Every row that a sheet can name, ended ones too. People without an e-mail address are not in any sheet."""
    names: dict[type[SQLModel], dict[int, str]] = {}
    found: dict[str, dict[Key, Stored]] = {}
    ended: dict[type[SQLModel], set[str]] = {}
    for name, sheet in layout.SHEETS.items():
        rows = [_stored(sheet, row, names, ended, now) for row in rows_of[name]]
        found[name] = {key_of(sheet, row.row): row for row in rows if row is not None}
        if sheet.table in layout.NAMED_BY:
            key = layout.NAMED_BY[sheet.table][1]
            names[sheet.table] = {int(row.id): row.row[key] for row in found[name].values()}
            ended[sheet.table] = {row.row[key] for row in found[name].values() if not row.in_force}
    return found


def _raw(session: Session, name: str, now: datetime) -> Iterator[Any]:
    sheet = layout.SHEETS[name]
    table: Any = sheet.table
    if name in FROM_SETTINGS:
        return FROM_SETTINGS[name](session)
    query = select(table.id, *(getattr(table, column.attr) for column in sheet.columns)).order_by(table.id)
    if sheet.passes:
        query = query.where(getattr(table, sheet.column(sheet.passes[1]).attr) > now - LATELY)
    return iter(session.execute(query.where(col(Person.email).is_not(None)) if table is Person else query))


def _settings(session: Session) -> Iterator[Any]:
    rows = session.execute(select(Setting.key, Setting.value).order_by(col(Setting.key)))
    return ((key, key, value) for key, value in rows if settings.sheet_of(key) == "settings")


def _words(session: Session) -> Iterator[Any]:
    """A row for every word there is, so that one sees which; empty where the one that ships holds."""
    own = settings.read(session).values
    for key in words.defaults()[words.LANGUAGES[0]]:
        yield key, key, *(own.get(settings.word(key, language)) for language in words.LANGUAGES)


def _tools(session: Session) -> Iterator[Any]:
    """Every tool with all that holds of it, so that one sees what there is to change."""
    for key, row in catalogue.rows(settings.read(session).own_tools).items():
        yield key, *(row[column] for column in catalogue.SHEET_COLUMNS)


FROM_SETTINGS: dict[str, Callable[[Session], Iterator[Any]]] = {
    "settings": _settings,
    "words": _words,
    "tools": _tools,
}


def _stored(
    sheet: layout.Sheet,
    values: tuple[Any, ...],
    names: dict[type[SQLModel], dict[int, str]],
    ended: dict[type[SQLModel], set[str]],
    now: datetime,
) -> Stored | None:
    """None where it points to somebody whom no sheet can name."""
    row: Row = {}
    in_force = True
    for column, value in zip(sheet.columns, values[1:], strict=True):
        if column.of is not None and value is not None:
            if value not in names[column.of]:
                return None
            value = names[column.of][value]
            in_force = in_force and value not in ended[column.of]
        row[column.name] = cell(value)
    ends = row[sheet.ends] if sheet.ends else ""
    over = sheet.passes is not None and row[sheet.passes[1]] <= moment(now)
    return Stored(values[0], row, in_force and not over and (not ends or ends >= clock.today(now).isoformat()))


def cell(value: object) -> str:
    """As a sheet shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    return plain(value.value if isinstance(value, StrEnum) else str(value))


def export(session: Session, *, now: datetime) -> dict[str, book.Sheet]:
    """What holds now or will hold: the import's sheets, empty ones with their headings."""
    found = stored(raw(session, now=now), now=now)
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
