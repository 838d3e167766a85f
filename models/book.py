"""A workbook (.xlsx) or a folder of CSV files, as sheets of text: read whole, written whole.

Nothing is ever evaluated: a formula is the text that stands in the cell. Lives here: files, encodings, cells.
Not here: which sheets and columns there are (layout.py), and what they mean (importing.py). openpyxl is read where a
workbook is: a bot that starts needs none, and it is a twentieth of the start.
"""

import csv
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path
from typing import Any

from models.errors import Refused

Row = dict[str, str]
Tell = Callable[[str], None]  # a sheet has been gone through; for a progress bar

LARGEST = 50_000_000  # bytes, unpacked: ten times what 10,000 people need
MOST_ROWS = 200_000
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
COMMAND = re.compile(r"'*[=+\-@\t\r]")  # what a spreadsheet may take for a formula when it opens a CSV file
UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no XML file can hold these


class NotASpreadsheet(Refused):
    key = "refused.not_a_spreadsheet"


class Locked(Refused):
    """Encrypted workbooks and Excel's format from before 2007 look the same from outside."""

    key = "refused.locked"


class TooBig(Refused):
    key = "refused.too_big"


class NotUtf8(Refused):
    key = "refused.not_utf8"


@dataclass(frozen=True)
class Fault:
    """What is wrong, for a person: `expected` is a code that the text catalogues explain, `about` fills it."""

    sheet: str
    row: int
    column: str
    expected: str
    about: str = ""


@dataclass
class Sheet:
    """Cells by column, with the row number that a spreadsheet shows. Empty rows are left out."""

    columns: tuple[str, ...] = ()
    rows: list[tuple[int, Row]] = field(default_factory=list)


@dataclass
class Book:
    sheets: dict[str, Sheet] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)  # sheets of other names


def silent(sheet: str) -> None:
    """Nobody watches."""


def read(path: Path, names: Iterable[str], *, tell: Tell = silent) -> Book:
    """The sheets of these names. Raises NotASpreadsheet, Locked, TooBig, NotUtf8."""
    if path.is_dir():
        return _folder(path, list(names), tell)
    if not path.is_file():
        raise NotASpreadsheet(name=path.name)
    with path.open("rb") as file:
        magic = file.read(4)
    if magic == OLE:
        raise Locked(name=path.name)
    if magic != ZIP:
        raise NotASpreadsheet(name=path.name)
    return _workbook(path, list(names), tell)


# ---- a folder of CSV files -----------------------------------------------------------------------------------


def _folder(folder: Path, names: list[str], tell: Tell) -> Book:
    book = Book()
    files = {name: folder / f"{name}.csv" for name in names}
    there = {name: file for name, file in files.items() if file.is_file()}
    if sum(file.stat().st_size for file in there.values()) > LARGEST:
        raise TooBig(name=folder.name)
    for name, file in there.items():
        try:
            _take(book, name, _csv(file.read_text(encoding="utf-8-sig")))
        except UnicodeDecodeError as broken:
            raise NotUtf8(name=file.name) from broken
        except csv.Error:
            book.faults.append(Fault(name, 0, "", "table"))
        tell(name)
    return book


def _csv(text: str) -> Iterator[Sequence[str]]:
    """Comma, or the semicolon of Swedish Excel. The apostrophe that keeps a spreadsheet from computing goes."""
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    for cells in csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True):
        yield [cell[1:] if cell.startswith("'") and COMMAND.match(cell) else cell for cell in cells]


# ---- a workbook ------------------------------------------------------------------------------------------------


def _workbook(file: Path, names: list[str], tell: Tell) -> Book:
    import openpyxl

    book = Book()
    try:
        merged = _measured(file)
        opened = openpyxl.load_workbook(file, read_only=True, keep_links=False)
    except Refused:
        raise
    except Exception as broken:  # a file that is damaged or something else raises whatever it likes
        raise NotASpreadsheet(name=file.name) from broken
    for title in opened.sheetnames:
        name = title.strip().casefold()
        if name not in names or not hasattr(opened[title], "iter_rows"):
            book.unused.append(title)
            continue
        _take(book, name, _cells(book, name, opened[title]))
        tell(name)
    opened.close()
    if merged:
        book.faults += _merged(file, names)
    return book


def _measured(file: Path) -> bool:
    """Whether cells are merged somewhere. Raises TooBig before anything is unpacked into memory."""
    with zipfile.ZipFile(file) as packed:
        if sum(part.file_size for part in packed.infolist()) > LARGEST:
            raise TooBig(name=file.name)
        parts = [part for part in packed.namelist() if part.startswith("xl/worksheets/") and part.endswith(".xml")]
        return any(b"<mergeCell " in packed.read(part) for part in parts)


def _merged(file: Path, names: list[str]) -> Iterator[Fault]:
    """A merged cell shows one value for several rows; only the first would get it."""
    import openpyxl

    for sheet in openpyxl.load_workbook(file).worksheets:
        name = sheet.title.strip().casefold()
        if name in names:
            yield from (Fault(name, part.min_row, "", "not_merged", part.coord) for part in sheet.merged_cells.ranges)


def _cells(book: Book, name: str, sheet: Any) -> Iterator[Sequence[str]]:
    sheet.reset_dimensions()  # some programs write wrong ones
    for number, row in enumerate(sheet.iter_rows(), start=1):
        for cell in row:
            if getattr(cell, "data_type", "") == "e":
                book.faults.append(Fault(name, number, "", "no_error", str(cell.value)))
        yield [_text(cell.value) for cell in row]


def _text(value: object) -> str:
    """As a person reads the cell; a formula as it is written."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(getattr(value, "text", value))


# ---- what both have in common ------------------------------------------------------------------------------------


def _take(book: Book, name: str, raw: Iterator[Sequence[str]]) -> None:
    """The first row names the columns; what stands outside them is a fault."""
    columns = tuple(cell.strip().casefold() for cell in next(raw, ()))
    while columns and not columns[-1]:
        columns = columns[:-1]
    book.sheets[name] = sheet = Sheet(columns)
    if not columns:
        book.faults.append(Fault(name, 1, "", "heading"))
        return
    book.faults += [Fault(name, 1, c, "column_once") for c in dict.fromkeys(columns) if c and columns.count(c) > 1]
    for number, cells in enumerate(raw, start=2):
        if number > MOST_ROWS:
            raise TooBig(name=name)
        if any(cell.strip() for cell in cells[len(columns) :]):
            book.faults.append(Fault(name, number, "", "no_more_cells"))
        if any(cell.strip() for cell in cells):
            filled = [*(cell.strip() for cell in cells), *[""] * len(columns)]
            sheet.rows.append((number, dict(zip(columns, filled, strict=False))))


# ---- writing -------------------------------------------------------------------------------------------------------


def write(path: Path, sheets: dict[str, Sheet]) -> None:
    """A workbook where the name says so, else a folder. What stood there is replaced, whole or not at all."""
    if path.suffix.casefold() == ".xlsx":
        _write_workbook(path, sheets)
    else:
        path.mkdir(parents=True, exist_ok=True)
        for name, sheet in sheets.items():
            _write_csv(path / f"{name}.csv", sheet)


def _write_csv(file: Path, sheet: Sheet) -> None:
    draft = file.with_suffix(".new")
    with draft.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(sheet.columns)
        writer.writerows([_harmless(row[column]) for column in sheet.columns] for _, row in sheet.rows)
    os.replace(draft, file)


def _harmless(cell: str) -> str:
    """A spreadsheet that opens the file shows the text and computes nothing."""
    return f"'{cell}" if COMMAND.match(cell) else cell


def _write_workbook(file: Path, sheets: dict[str, Sheet]) -> None:
    import openpyxl

    texts = {
        name: [[row[column] for column in sheet.columns] for _, row in sheet.rows] for name, sheet in sheets.items()
    }
    book = openpyxl.Workbook(write_only=True)
    for name, sheet in sheets.items():
        page = book.create_sheet(name)
        page.freeze_panes = "A2"
        for at, column in enumerate(sheet.columns):
            page.column_dimensions[chr(ord("A") + at)].width = max(14, min(40, len(column) + 4))
        page.append([_literal(page, column, bold=True) for column in sheet.columns])
        for cells in texts[name]:
            page.append([_literal(page, cell) for cell in cells])
    draft = file.with_suffix(".new")
    book.save(draft)
    os.replace(draft, file)


def _literal(page: Any, text: str, *, bold: bool = False) -> Any:
    """A cell of text, whatever it begins with."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(page, UNREADABLE.sub("", text))
    cell.data_type, cell.quotePrefix, cell.number_format = "s", COMMAND.match(text) is not None, "@"
    if bold:
        cell.font = Font(bold=True)
    return cell
