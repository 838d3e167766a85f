"""Writes docs/data-map.md from the declaration of every column: `python -m tests.models.data_map`."""

from collections.abc import Iterator
from pathlib import Path

import models.tables  # noqa: F401 (registers every table)
from models import disposal, settings
from models.privacy import DECLARED, Column, Keep, What

FILE = Path(__file__).parents[2] / "docs" / "data-map.md"
SAYS = {What.NOTHING: "", What.PSEUDONYM: "pseudonym", What.PERSONAL: "personal", What.FREE_TEXT: "free text"}
OTHERWISE = {Keep.ORGANISATION: "as long as the place exists", Keep.FOREVER: "no end", Keep.VALID: "while it is in force"}
AFTER = {
    Keep.WITH_QUESTION: "after its question was closed", Keep.ROUTING: "after its question, or what it is about, ended",
    Keep.EMPLOYMENT: "after she has left; the row stays, empty", Keep.SHIFT: "after its end", Keep.APPOINTMENT: "after its end",
    Keep.VALID: "after it was refused or withdrawn",
}  # fmt: skip
HEAD = """# Data map

Every column of every table: what it says about a human being, why it is kept, and how long. Written from
`models/privacy.py` by `python -m tests.models.data_map`; a test fails when this page is not current, and another when
something that has a time is not reached by the disposal (`tests/models/test_disposal.py`). Times are settings
(`supportstuga settings`); here with the values that ship.

A *pseudonym* is a number that leads to somebody by way of another table or Slack. *Free text* has been masked at the
door, and yet anything may stand in it. Columns without a mark say nothing of anybody by themselves.
"""


def how_long(column: Column) -> str:
    if column.keep in OTHERWISE and column.keep not in disposal.SPANS:
        return OTHERWISE[Keep(column.keep)]
    key = disposal.SPANS.get(column.keep, column.keep)
    after = f" {AFTER[Keep(column.keep)]}" if column.keep in AFTER else ""
    first = f"{OTHERWISE[Keep.VALID]}; " if column.keep == Keep.VALID else ""
    return f"{first}{settings.defaults()[key].value}{after} (`{key}`)"


def page() -> str:
    return "\n".join([HEAD, *(line for table in DECLARED for line in _table(table))])


def _table(table: str) -> Iterator[str]:
    yield from (f"## {table}", "", "| column | says | why | how long |", "|---|---|---|---|")
    for name, column in DECLARED[table].items():
        yield f"| {name} | {SAYS[column.what]} | {column.why} | {how_long(column)} |"
    yield ""


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
