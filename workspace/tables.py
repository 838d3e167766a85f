"""Tables and charts as Slack accepts them: what stands inside of `table`, `data_table` and `data_visualization`.

Sources: docs.slack.dev/reference/block-kit/blocks, table-block, data-table-block and data-visualization-block. Slack
has raised some of these numbers; where its pages of 2026 differ, the lower one counts here.
"""

from typing import Any, Final

from workspace.richtext import RICH_TEXT
from workspace.schema import (
    Place,
    Rule,
    anything,
    both,
    by_type,
    flag,
    items,
    number,
    or_null,
    shape,
    string,
    whole,
)
from workspace.shapes import Json

COLUMNS: Final = 20
MOST_TEXT: Final = 10_000  # characters in all cells of all tables of a message
_RAW_TEXT: Final = shape({"type": anything, "text": string(None, 1)})
_RAW_NUMBER: Final = shape({"type": anything, "value": number(), "text": string(None, 1)})
_HEADER: Final = by_type({"raw_text": _RAW_TEXT, "raw_number": _RAW_NUMBER})
_CELL: Final = by_type({"raw_text": _RAW_TEXT, "raw_number": _RAW_NUMBER, "rich_text": RICH_TEXT})
_ROW: Final = items(_CELL, COLUMNS)
_COLUMN: Final = shape({}, {"align": string(among=["left", "center", "right"]), "is_wrapped": flag})

TABLE: Final[tuple[dict[str, Rule], dict[str, Rule]]] = (
    {"rows": items(_ROW, 100)},
    {"column_settings": items(or_null(_COLUMN), COLUMNS, 0)},
)
DATA_TABLE: Final[tuple[dict[str, Rule], dict[str, Rule]]] = (
    {"rows": items(_ROW, 101, 2), "caption": string(None, 1)},
    {"page_size": whole(1, 100), "row_header_column_index": whole(0, COLUMNS - 1)},
)

_LABEL: Final = string(20, 1)
_SEGMENTS: Final = items(shape({"label": _LABEL, "value": number(above=0)}), 6)
_POINTS: Final = items(shape({"label": _LABEL, "value": number()}), 20)
_SERIES: Final = items(shape({"name": _LABEL, "data": _POINTS}), 6)
_AXIS: Final = shape({"categories": items(_LABEL, 20)}, {"x_label": string(50), "y_label": string(50)})


def data_table(value: Any, place: Place) -> None:
    """The first row is the header, without rich text; all rows are as long as it."""
    rows = _list(value, "rows")
    if not rows or not all(isinstance(row, list) for row in rows):
        return
    here = place.at("rows")
    _HEADERS(rows[0], here.at(0))
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            here.at(index).fault(f"must have {len(rows[0])} items, as the first row")
    column = value.get("row_header_column_index")
    if isinstance(column, int) and column >= len(rows[0]):
        place.at("row_header_column_index").fault("must be a column of the table")


def _chart(value: Any, place: Place) -> None:
    """Names are unique, and each series has one value for each category, in their order."""
    series = [each for each in _list(value, "series") if isinstance(each, dict)]
    names = [str(each.get("name")) for each in series]
    for index, name in enumerate(names):
        if name in names[:index]:
            place.at("series").at(index).at("name").fault(f"`name` already exists: {name}")
    axis = value.get("axis_config") if isinstance(value, dict) else None
    categories = _list(axis, "categories")
    for index, each in enumerate(series):
        labels = [point.get("label") for point in _list(each, "data") if isinstance(point, dict)]
        if labels != categories:
            place.at("series").at(index).at("data").fault("labels must match the categories of the axis")


_HEADERS: Final = items(_HEADER, COLUMNS)
_XY: Final = both(shape({"type": anything, "series": _SERIES, "axis_config": _AXIS}), _chart)
CHART: Final = by_type(
    {"pie": shape({"type": anything, "segments": _SEGMENTS}), **dict.fromkeys(("bar", "line", "area"), _XY)}
)


def cells_length(blocks: list[Json]) -> int:
    """Characters in the cells of all tables."""
    tables = [block for block in blocks if block.get("type") in ("table", "data_table")]
    return sum(_text_length(row) for table in tables for row in _list(table, "rows"))


def _text_length(value: Any) -> int:
    if isinstance(value, list):
        return sum(_text_length(each) for each in value)
    if not isinstance(value, dict):
        return 0
    own = value.get("text")
    return (len(own) if isinstance(own, str) else 0) + _text_length(value.get("elements"))


def _list(value: Any, key: str) -> list[Any]:
    """The list under that key; empty for anything else."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []
