"""The organisation from its sheets, people joined by e-mail: what would change (`plan`), and the change (`carry_out`).

All or nothing: faults are collected and named with sheet, row and column, and with one fault there is no plan. The
same sheets again change nothing. A row that has vanished from its sheet ends; nothing is ever deleted. Not here:
files (book.py), which columns there are (layout.py).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, bindparam
from sqlmodel import Session, SQLModel, select

from models import book, catalogue, clock, exporting, layout, secrecy, settings, stuga_series, words
from models.book import Book, Fault, Row, Tell
from models.errors import Refused
from models.exporting import Key, Stored, key_of
from models.layout import Column, Shape, Sheet
from models.people import Administration
from models.secrecy import Secret

TENTH = 10
FRESH = timedelta(minutes=10)
BIRTH_NUMBER = re.compile(r"(?<!\d)((?:19|20)?\d{6})[ ]?([-+]?)[ ]?\d{4}(?!\d)")
BIRTH_HEADING = re.compile(r"person.?n(umme)?r|pers.?nr|pnr|samordn|födelse|birth|social.?security|\bssn\b")
PHONE = re.compile(r"\+?\d[\d ()/-]{1,38}")
MAIL = re.compile(r"[^@\s]+@[^@\s]+")
SERIAL = re.compile(r"[2-7]\d{4}(\.\d+)?")  # a day as Excel counts them
NAME = re.compile(r"[a-z][a-z0-9_]*")
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d?\d)[:.](\d\d)(?:[:.]00(?:\.0+)?)?)?([+-]\d\d:\d\d)?")
LONGEST_ADVICE = 35  # words
LONGEST_SHIFT = timedelta(hours=25)  # a day and a night, also when the clocks go back
PUBLIC = frozenset({Secret.PHONE, Secret.EMAIL, Secret.ADDRESS})  # the catalogue is there to show them


class Faulty(Exception):
    """The sheets cannot be imported; every fault is listed."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


class TooManyEndings(Refused):
    """More than a tenth of a sheet has vanished: a truncated file looks just like that."""

    key = "refused.too_many_endings"


@dataclass
class Changes:
    """What one sheet would do. `in_force`: how many of its rows hold before."""

    rows: int = 0
    in_force: int = 0
    created: list[Row] = field(default_factory=list)
    changed: list[tuple[Stored, Row]] = field(default_factory=list)
    ended: list[Stored] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return bool(self.created or self.changed or self.ended)


@dataclass
class Plan:
    """By sheet, in the order in which they are written. `unused`: sheets of names that we do not know.

    `seen` and `at`: what it was compared with, and when.
    """

    sheets: dict[str, Changes]
    unused: list[str]
    seen: exporting.Raw
    gone: set[str]
    at: datetime

    @property
    def any(self) -> bool:
        return any(changes.any for changes in self.sheets.values())

    def too_many_endings(self) -> dict[str, Changes]:
        return {
            name: changes
            for name, changes in self.sheets.items()
            if layout.SHEETS[name].guarded and len(changes.ended) * TENTH > changes.in_force
        }


def from_folder(session: Session, folder: Path, *, now: datetime) -> dict[str, int]:
    """Import a folder or a workbook in one go; rows per sheet. Raises Faulty, TooManyEndings, and what book.read does.

    The caller's transaction must end with the exception: then nothing is written.
    """
    found = plan(session, book.read(folder, layout.SHEETS), now=now)
    refuse_many_endings(found)
    carry_out(session, found, now=now)
    return {name: changes.rows for name, changes in found.sheets.items()}


def refuse_many_endings(found: Plan) -> None:
    for name, changes in found.too_many_endings().items():
        raise TooManyEndings(sheet=name, ended=len(changes.ended), before=changes.in_force)


# ---- reading: cells to plain texts, faults collected -----------------------------------------------------------


@dataclass
class Reading:
    """One pass over a sheet."""

    name: str
    sheet: Sheet
    known: dict[type[SQLModel], set[str]]
    tools: set[str]
    department_of: dict[str, str]  # of each area
    faults: list[Fault]
    row: int = 0

    def fault(self, column: str, expected: str, about: str = "") -> None:
        self.faults.append(Fault(self.name, self.row, column, expected, about))

    def cell(self, column: Column, raw: str) -> str:
        """As it is compared and stored; empty where it is a fault."""
        value = exporting.plain(raw)
        if not value:
            if column.filled:
                self.fault(column.name, "filled")
            return column.codes[0] if column.codes else ""
        if len(value) > column.longest:
            self.fault(column.name, "at_most", str(column.longest))
        return READERS[column.shape](self, column, value)

    def text(self, column: Column, value: str) -> str:
        return value

    def prose(self, column: Column, value: str) -> str:
        if len(value.split()) > LONGEST_ADVICE:
            self.fault(column.name, "words", str(LONGEST_ADVICE))
        if any(span.kind not in PUBLIC for span in secrecy.mask(value).spans):
            self.fault(column.name, "no_secret")
        return value

    def email(self, column: Column, value: str) -> str:
        if not MAIL.fullmatch(value):
            self.fault(column.name, "email")
        return value.casefold()

    def phone(self, column: Column, value: str) -> str:
        if not PHONE.fullmatch(value):
            self.fault(column.name, "phone")
        return value

    def day(self, column: Column, value: str) -> str:
        try:
            return date.fromisoformat(value if "-" in value else "").isoformat()
        except ValueError:
            self.fault(column.name, "no_serial" if SERIAL.fullmatch(value) else "date")
            return ""

    def time(self, column: Column, value: str) -> str:
        found = re.fullmatch(r"([01]?\d|2[0-3])[.:]([0-5]\d)", value)
        if not found:
            self.fault(column.name, "time")
            return ""
        return f"{int(found[1]):02}:{found[2]}"

    def moment(self, column: Column, value: str) -> str:
        found = MOMENT.fullmatch(value)
        try:
            day, hour, minute, offset = found.groups("") if found else ("", "", "", "")
            return exporting.moment(exporting.instant(f"{day} {hour or 0:>02}:{minute or '00'}{offset}"))
        except ValueError:
            self.fault(column.name, "no_serial" if SERIAL.fullmatch(value) else "moment")
            return ""

    def forms(self, column: Column, value: str) -> str:
        try:
            noun = words.parse(value)
        except ValueError:
            self.fault(column.name, "forms")
            return ""
        return f"{noun.one}|{noun.the}|{noun.many}|{noun.all}"

    def code(self, column: Column, value: str) -> str:
        if value not in column.codes:
            self.fault(column.name, "|".join(filter(None, column.codes)))
            return column.codes[0]
        return value

    def listed_tools(self, column: Column, value: str) -> str:
        named = self.several(column, value)
        if not set(named.split("|")) <= self.tools:
            self.fault(column.name, "known tool")
        return named

    def several(self, column: Column, value: str) -> str:
        return catalogue.as_list(value)

    def code_name(self, column: Column, value: str) -> str:
        if not NAME.fullmatch(value):
            self.fault(column.name, "code_name")
        return value

    def keys(self, column: Column, value: str) -> str:
        assert column.lists is not None  # noqa: S101 (layout.py says whose keys)
        named = list(dict.fromkeys(key.strip() for key in value.split("|") if key.strip()))
        if not set(named) <= self.known[column.lists]:
            self.fault(column.name, f"known {column.lists.__name__.casefold()}")
        return "|".join(named)

    def weeks(self, column: Column, value: str) -> str:
        try:
            stuga_series.paused_weeks(value)
        except ValueError:
            self.fault(column.name, "weeks")
        return value

    def ref(self, column: Column, value: str) -> str:
        assert column.of is not None  # noqa: S101 (layout.py gives every reference its table)
        value = value.casefold() if layout.NAMED_BY[column.of][1] == "email" else value
        if value not in self.known[column.of]:
            self.fault(column.name, f"known {column.of.__name__.casefold()}")
        return value


READERS = {
    Shape.TEXT: Reading.text,
    Shape.PROSE: Reading.prose,
    Shape.EMAIL: Reading.email,
    Shape.PHONE: Reading.phone,
    Shape.DAY: Reading.day,
    Shape.TIME: Reading.time,
    Shape.CODE: Reading.code,
    Shape.NUMBER: Reading.code,
    Shape.MOMENT: Reading.moment,
    Shape.FORMS: Reading.forms,
    Shape.FLAG: Reading.code,
    Shape.TOOLS: Reading.listed_tools,
    Shape.THEMES: Reading.listed_tools,
    Shape.KEYS: Reading.keys,
    Shape.WEEKS: Reading.weeks,
    Shape.LIST: Reading.several,
    Shape.NAME: Reading.code_name,
    Shape.REF: Reading.ref,
}


def _check(read: Book, before: dict[str, dict[Key, Stored]], tell: Tell) -> dict[str, list[Row]]:
    """The rows of every sheet that is there. Raises Faulty."""
    faults = list(read.faults)
    known = {table: _known(read, before, *where) for table, where in layout.NAMED_BY.items()}
    tools = _tools(read, before)
    rows: dict[str, list[Row]] = {}
    for name, sheet in layout.SHEETS.items():
        if name in read.sheets:
            reading = Reading(name, sheet, known, tools, _departments(read, before), faults)
            rows[name] = list(_rows(reading, read.sheets[name]))
        elif not sheet.optional and not any(fault.sheet == name for fault in faults):
            faults.append(Fault(name, 0, "", "file"))
        tell(name)
    if faults:
        raise Faulty(faults)
    return rows


def _known(read: Book, before: dict[str, dict[Key, Stored]], name: str, column: str) -> set[str]:
    """What other sheets may point to: the rows of that sheet, or what is stored where there is none."""
    if name not in read.sheets:
        return {stored.row[column] for stored in before[name].values() if stored.in_force}
    found = {exporting.plain(row.get(column, "")) for _, row in read.sheets[name].rows}
    return {value.casefold() for value in found} if column == "email" else found


def _tools(read: Book, before: dict[str, dict[Key, Stored]]) -> set[str]:
    """Those that are known and those that this file brings."""
    fresh = read.sheets["tools"].rows if "tools" in read.sheets else []
    return {stored.row["key"] for stored in before["tools"].values()} | {
        exporting.plain(row.get("key", "")) for _, row in fresh
    }


def _departments(read: Book, before: dict[str, dict[Key, Stored]]) -> dict[str, str]:
    """To which department each area belongs."""
    if "areas" not in read.sheets:
        return {stored.row["key"]: stored.row["department"] for stored in before["areas"].values()}
    rows = [row for _, row in read.sheets["areas"].rows]
    return {exporting.plain(row.get("key", "")): exporting.plain(row.get("department", "")) for row in rows}


def _rows(reading: Reading, sheet: book.Sheet) -> Iterator[Row]:
    if not _headings(reading, sheet.columns):
        return
    seen: dict[Key, int] = {}
    for number, raw in sheet.rows:
        reading.row = number
        before = len(reading.faults)
        _no_birth_numbers(reading, raw)
        row = {column.name: reading.cell(column, raw.get(column.name, "")) for column in reading.sheet.shown}
        row |= {column.name: "" for column in reading.sheet.columns if column.name not in row}
        for rule in RULES.get(reading.name, ()):
            rule(reading, row)
        if len(reading.faults) > before:
            continue
        for each in _one_tool_each(reading.sheet, row):
            first = seen.setdefault(key_of(reading.sheet, each), number)
            if first != number:
                reading.fault(reading.sheet.key[0], "only_once", str(first))
            yield each


def _headings(reading: Reading, columns: tuple[str, ...]) -> bool:
    """Every column that is needed, and none that nobody has asked for. False: the rows say nothing."""
    reading.row = 1
    if not columns:
        return False
    ours = {column.name for column in reading.sheet.shown}
    for heading in columns:
        if BIRTH_HEADING.search(heading):
            reading.fault(heading, "no_birth_number_column")
        elif heading and heading not in ours and (reading.name, heading) not in layout.IGNORED:
            reading.fault(heading[:40], "known_column")
    lacking = [c for c in reading.sheet.shown if c.name not in columns and not c.may_lack]
    for column in lacking:
        reading.fault(column.name, "column")
    return not lacking


def _no_birth_numbers(reading: Reading, raw: Row) -> None:
    """Never stored, never shown: a fault names the place and not the number."""
    shapes = {column.name: column.shape for column in reading.sheet.shown}
    for heading, cell in raw.items():
        may_be_phone = shapes.get(heading) in (Shape.PHONE, Shape.PROSE)
        if any(_is_birth_number(found, may_be_phone) for found in BIRTH_NUMBER.finditer(cell)):
            reading.fault(heading, "no_birth_number")


def _is_birth_number(found: re.Match[str], may_be_phone: bool) -> bool:
    """The date is real; a coordination number has its day plus 60. A number to ring begins with 0 and has no hyphen."""
    digits = found[1]
    if may_be_phone and len(digits) == 6 and digits[0] == "0" and not found[2]:
        return False
    year, month, day = int(digits[-6:-4]), int(digits[-4:-2]), int(digits[-2:])
    try:
        date(2000 + year if len(digits) == 6 else int(digits[:4]), month, day - 60 if day > 60 else day)
    except ValueError:
        return False
    return True


def _one_tool_each(sheet: Sheet, row: Row) -> Iterator[Row]:
    listed = next((column.name for column in sheet.columns if column.shape is Shape.TOOLS), None)
    for tool in row[listed].split("|") if listed else ():
        yield row | {listed: tool} if listed else row
    if listed is None:
        yield row


# ---- rules between the cells of a row ---------------------------------------------------------------------------


def _ends_after_it_starts(reading: Reading, row: Row) -> None:
    if row["starts"] and row["ends"] and row["ends"] < row["starts"]:
        reading.fault("ends", "not_before_start")


def _role_has_its_place(reading: Reading, row: Row) -> None:
    """Without it nobody would ever be asked, and nobody would see why."""
    needed = {"expert_user": "unit", "unit_manager": "unit", "department_manager": "department"}.get(row["role"])
    if needed and not row[needed]:
        reading.fault(needed, "filled")


def _area_is_in_its_department(reading: Reading, row: Row) -> None:
    if row["area"] and reading.department_of.get(row["area"], row["department"]) != row["department"]:
        reading.fault("area", "area_of_department")


def _deputy_for_somebody_else(reading: Reading, row: Row) -> None:
    if row["deputy_for"] and row["deputy_for"] == row["email"]:
        reading.fault("deputy_for", "not_herself")


def _unit_or_area(reading: Reading, row: Row) -> None:
    if bool(row["unit"]) == bool(row["area"]):
        reading.fault("unit", "unit_or_area")


def _both_times_or_none(reading: Reading, row: Row) -> None:
    """The same time twice would be never, or always: nobody knows which."""
    if bool(row["from"]) != bool(row["to"]) or (row["from"] and row["from"] == row["to"]):
        reading.fault("to", "two_times")


def _two_times(reading: Reading, row: Row) -> None:
    """By the clock alone: 07:00 to 07:00 would be a day and a night, or nothing."""
    if row["from"] == row["to"]:
        reading.fault("to", "two_times")


def _week_of_its_cycle(reading: Reading, row: Row) -> None:
    if int(row["week"]) > int(row["weeks"]):
        reading.fault("week", "week_of_cycle", row["weeks"])


def _shift_ends_within_a_day(reading: Reading, row: Row) -> None:
    if not row["starts"] or not row["ends"]:
        return
    length = exporting.instant(row["ends"]) - exporting.instant(row["starts"])
    if length <= timedelta(0):
        reading.fault("ends", "not_before_start")
    elif length > LONGEST_SHIFT:
        reading.fault("ends", "within_a_day")


def _setting_exists(reading: Reading, row: Row) -> None:
    sheet = settings.sheet_of(row["key"])
    if sheet != "settings":
        reading.fault("key", f"in_{sheet}")
        return
    try:
        kind = settings.kind_of(row["key"])
    except settings.NoSuchSetting:
        if row["key"]:
            reading.fault("key", "known setting")
    else:
        if not settings.fits(kind, row["value"]):
            reading.fault("value", kind)


def _tool_is_whole(reading: Reading, row: Row) -> None:
    """An empty cell: as it ships. A tool of their own has everything that is shown of it."""
    base = catalogue.shipped().get(row["key"])
    for column in catalogue.FILLED if base is None else ():
        if not row[column]:
            reading.fault(column, "filled")
    base = base or catalogue.new_tool(row["key"])
    row |= {column: base[column] for column in catalogue.SHEET_COLUMNS if not row[column]}


def _ends_the_same_day(reading: Reading, row: Row) -> None:
    if row["from"] and row["to"] and row["from"] >= row["to"]:
        reading.fault("to", "after_from")


def _room_or_link(reading: Reading, row: Row) -> None:
    """Nobody finds a drop-in that is nowhere."""
    if not row["room"] and not row["link"]:
        reading.fault("room", "room_or_link")


RULES = {
    "units": (_area_is_in_its_department,),
    "assignments": (_ends_after_it_starts,),
    "appointments": (_ends_after_it_starts, _role_has_its_place, _deputy_for_somebody_else),
    "absences": (_ends_after_it_starts,),
    "shifts": (_shift_ends_within_a_day,),
    "patterns": (_ends_after_it_starts, _two_times, _week_of_its_cycle),
    "unit_tools": (_ends_after_it_starts,),
    "contacts": (_ends_after_it_starts, _unit_or_area, _both_times_or_none),
    "tools": (_tool_is_whole,),
    "stuga_series": (_ends_after_it_starts, _ends_the_same_day, _room_or_link),
    "stuga_turns": (_ends_after_it_starts,),
    "settings": (_setting_exists,),
}


# ---- one row that somebody has typed in a form -----------------------------------------------------------------------


def one(session: Session, name: str, typed: Row, names: dict[type[SQLModel], dict[str, int]]) -> list[dict[str, Any]]:
    """Checked as a row of that sheet is: the values for its table, once for each tool. Raises Faulty.

    `names`: what it may point to, as in the sheets; people by their ids, since not everybody has an e-mail address.
    """
    row = {column.name: typed.get(column.name, "") for column in layout.SHEETS[name].shown}
    known = {table: set(names.get(table, ())) for table in layout.NAMED_BY}
    reading = Reading(name, layout.SHEETS[name], known, set(catalogue.in_force(session).known), {}, [])
    rows = list(_rows(reading, book.Sheet(tuple(row), [(2, row)])))
    if reading.faults:
        raise Faulty(reading.faults)
    return [_values(reading.sheet.columns, each, names) for each in rows]


# ---- comparing -----------------------------------------------------------------------------------------------------


def plan(session: Session, read: Book, *, now: datetime, tell: Tell = book.silent) -> Plan:
    """What these sheets would change. Raises Faulty. Changes nothing."""
    seen = exporting.raw(session, now=now)
    before = exporting.stored(seen, now=now)
    gone = exporting.gone_people(session)
    wanted = _check(read, before, tell)
    at = exporting.moment(now)
    sheets = {name: _compare(name, rows, before[name], gone, at) for name, rows in wanted.items()}
    return Plan(sheets, read.unused, seen, gone, now)


def still_holds(session: Session, found: Plan, *, now: datetime) -> bool:
    """Whether the database is as it was when the plan was made, a short while ago: then it need not be made anew.

    Reading costs a tenth of planning, and it is done under the lock for which everybody waits.
    """
    if now - found.at > FRESH or exporting.gone_people(session) != found.gone:
        return False
    return exporting.raw(session, now=found.at) == found.seen


def _compare(name: str, rows: list[Row], before: dict[Key, Stored], gone: set[str], at: str) -> Changes:
    """`at`: now, as cells say it."""
    sheet = layout.SHEETS[name]
    found = Changes(rows=len(rows), in_force=sum(stored.in_force for stored in before.values()))
    left = dict(before)
    for row in rows:
        known = left.pop(key_of(sheet, row), None)
        if known is None and sheet.passes and row[sheet.passes[1]] <= at:
            continue  # over, and never known
        if known is None:
            found.created.append(row)
        elif _differs(sheet, known.row, row) and not _ended_with_her_account(sheet, known, gone):
            found.changed.append((known, row))
    if sheet.ends is not None:
        found.ended = [stored for stored in left.values() if stored.in_force and _may_end(sheet, stored, at)]
    return found


def _may_end(sheet: Sheet, stored: Stored, at: str) -> bool:
    """Not what somebody has said herself, and not a shift that has begun: a file may begin with this morning's."""
    begun = sheet.passes is not None and stored.row[sheet.passes[0]] <= at
    return not begun and stored.row.get(layout.OWN.name) != "yes"


def _differs(sheet: Sheet, before: Row, row: Row) -> bool:
    return any(before[column.name] != row[column.name] for column in sheet.columns if not column.once)


def _ended_with_her_account(sheet: Sheet, known: Stored, gone: set[str]) -> bool:
    """Her account has ended and her hats with it: last night's file, which does not know, gives them not back."""
    return sheet.ends is not None and not known.in_force and known.row.get("email") in gone


# ---- writing ---------------------------------------------------------------------------------------------------------


def carry_out(session: Session, found: Plan, *, now: datetime) -> None:
    """Write the plan, in this transaction."""
    session.exec(select(Administration.id).with_for_update()).all()  # two imports wait for each other
    names = {table: _ids(session, table) for table in layout.NAMED_BY}
    for name, changes in found.sheets.items():
        sheet = layout.SHEETS[name]
        if name in TO_SETTINGS:
            TO_SETTINGS[name](session, changes, now=now)
            continue
        _create(session, sheet, changes.created, names)
        _change(session, sheet, changes.changed, names)
        _end(session, sheet, changes.ended, on=clock.today(now) - timedelta(days=1))
        if sheet.table in names:
            names[sheet.table] = _ids(session, sheet.table)
    session.expire_all()


def _ids(session: Session, table: type[SQLModel]) -> dict[str, int]:
    """The row that a key or an e-mail address names."""
    named: Any = table
    key = getattr(table, layout.NAMED_BY[table][1])
    rows = session.execute(select(key, named.id).where(key.is_not(None)))
    return {exporting.plain(key): row_id for key, row_id in rows}


def _write_settings(session: Session, changes: Changes, *, now: datetime) -> None:
    for row in [*changes.created, *(row for _, row in changes.changed)]:
        settings.write(session, row["key"], row["value"], now=now)


def _write_words(session: Session, changes: Changes, *, now: datetime) -> None:
    """An empty cell: the word that ships."""
    for row in [*changes.created, *(row for _, row in changes.changed)]:
        for language in words.LANGUAGES:
            name = settings.word(row["key"], language)
            if row[language]:
                settings.write(session, name, row[language], now=now)
            else:
                settings.reset(session, name)


def _write_tools(session: Session, changes: Changes, *, now: datetime) -> None:
    """Only what differs from what ships; of a tool of their own its name at least, by which it is there."""
    own = dict(settings.read(session).own_tools)
    for row in [*changes.created, *(row for _, row in changes.changed)]:
        base = catalogue.shipped().get(row["key"]) or catalogue.new_tool(row["key"]) | {"name_sv": ""}
        for column in catalogue.SHEET_COLUMNS[1:]:
            name = settings.tool(row["key"], column)
            if row[column] != base[column]:
                settings.put(session, name, row[column], now=now)
            elif name in own:
                settings.reset(session, name)


TO_SETTINGS: dict[str, Callable[..., None]] = {
    "settings": _write_settings,
    "words": _write_words,
    "tools": _write_tools,
}


def _create(session: Session, sheet: Sheet, rows: Iterable[Row], names: dict[type[SQLModel], dict[str, int]]) -> None:
    fresh = [sheet.table(**_values(sheet.columns, row, names)).model_dump(exclude={"id"}) for row in rows]
    if fresh:
        session.connection().execute(_table(sheet).insert(), fresh)


def _change(
    session: Session, sheet: Sheet, rows: Iterable[tuple[Stored, Row]], names: dict[type[SQLModel], dict[str, int]]
) -> None:
    columns = tuple(column for column in sheet.columns if not column.once)
    fresh = [{**_values(columns, row, names), "row": stored.id} for stored, row in rows]
    if fresh:
        table = _table(sheet)
        values: Any = {column.attr: bindparam(column.attr) for column in columns}
        session.connection().execute(table.update().where(table.c.id == bindparam("row")).values(values), fresh)


def _end(session: Session, sheet: Sheet, rows: list[Stored], *, on: date) -> None:
    """From today: yesterday was the last day."""
    if rows and sheet.ends:
        table = _table(sheet)
        ends: Any = {sheet.column(sheet.ends).attr: on}
        ended = table.update().where(table.c.id == bindparam("row")).values(ends)
        session.connection().execute(ended, [{"row": stored.id} for stored in rows])


def _table(sheet: Sheet) -> Table:
    return SQLModel.metadata.tables[str(sheet.table.__tablename__)]


def _values(columns: Iterable[Column], row: Row, names: dict[type[SQLModel], dict[str, int]]) -> dict[str, object]:
    return {column.attr: _value(column, row[column.name], names) for column in columns}


def _value(column: Column, text: str, names: dict[type[SQLModel], dict[str, int]]) -> object:
    if column.of is not None:
        return names[column.of][text] if text else None
    if column.shape in (Shape.DAY, Shape.HIDDEN_DAY):
        return date.fromisoformat(text) if text else None
    if column.shape in (Shape.FLAG, Shape.HIDDEN_FLAG):
        return text == "yes"
    if column.shape is Shape.MOMENT:
        return exporting.instant(text)
    if column.shape is Shape.NUMBER:
        return int(text)
    if column.shape is Shape.TOOLS:
        return text or None
    return next((code for code in column.codes if code == text), text)
