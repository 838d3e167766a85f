"""A summary as .xlsx: real numbers and dates, a chart, and no live formulas. Made in the press's child process.

Texts are texts: strings_to_formulas and strings_to_urls are off, so that a unit called `=1+1` is a name.
"""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook

BLUE = "#0072B2"
CHART = 15  # rows that it covers
Row = dict[str, Any]


def made(texts: Row, at: datetime) -> bytes:
    """Two pages: the periods with a chart, and the breakdowns. The same texts give the same bytes."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": f"{texts['title']} {texts['place']}", "created": at.replace(tzinfo=None)})
        _periods(book, texts)
        _breakdowns(book, texts)
    return out.getvalue()


def _periods(book: Any, texts: Row) -> None:
    page, bars = book.add_worksheet(texts["sheet_periods"]), texts["bars"]
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    page.set_column(0, 2, 16)
    _on_paper(page)
    page.write_string(0, 0, f"{texts['place']}, {texts['period']}", bold)
    for at, line in enumerate(texts["lines"], 1):
        page.write_string(at, 0, line)
    top = len(texts["lines"]) + 2
    _heads(book, page, top, texts["bar_columns"])
    for at, bar in enumerate(bars, top + 1):
        page.write_string(at, 0, bar["label"])
        page.write_datetime(at, 1, date.fromisoformat(bar["date"]), day)
        page.write_number(at, 2, bar["value"])
    if bars:
        page.insert_chart(top, 4, _chart(book, texts, top + 1, top + len(bars)))
    page.write_string(top + max(len(bars), CHART) + 2, 0, texts["foot"])  # beside the chart it would end under it


def _chart(book: Any, texts: Row, first: int, last: int) -> Any:
    chart, name = book.add_chart({"type": "column"}), texts["sheet_periods"]
    values = {"categories": [name, first, 0, last, 0], "values": [name, first, 2, last, 2]}
    labels = {"value": True}
    chart.add_series({"name": texts["chart"], "fill": {"color": BLUE}, "data_labels": labels, **values})
    chart.set_title({"name": texts["chart"], "overlay": False})
    chart.set_legend({"none": True})
    chart.set_y_axis({"min": 0, "major_gridlines": {"visible": True, "line": {"color": "#D0D0D0"}}})
    return chart


def _breakdowns(book: Any, texts: Row) -> None:
    page, bold = book.add_worksheet(texts["sheet_parts"]), book.add_format({"bold": True})
    page.set_column(0, 0, 40)
    page.set_column(1, 1, 16)
    _on_paper(page)
    at = 0
    for part in texts["tables"]:
        page.write_string(at, 0, part["title"], bold)
        _heads(book, page, at + 1, part["columns"])
        least = book.add_format({"num_format": f'"{part["least"]} "0'})  # a number all the same
        for at_row, row in enumerate(part["rows"], at + 2):
            page.write_string(at_row, 0, row["name"])
            page.write_number(at_row, 1, row["value"], None if row["shown"] == str(row["value"]) else least)
        at += len(part["rows"]) + 3


def _heads(book: Any, page: Any, at: int, names: Sequence[str]) -> None:
    """Numbers and dates stand to the right, and so does what stands over them."""
    for column, name in enumerate(names):
        page.write_string(at, column, name, book.add_format({"bold": True, "align": "right" if column else "left"}))


def _on_paper(page: Any) -> None:
    """One page of A4, lying."""
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 1)
