"""What grows for ever is never read whole: neither for a question nor by what the clock does all the time.

Found by a hundred thousand questions in a row (benchmarks/hundred_thousand.py): one `ORDER BY` made SQLite go through
all that was ever posted, twice a question.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import event

from models.postgresql import Server
from tests.town import Town

GROWING = "ticket|line|letter|posted|history|candidate|heard|attempt"
Plans = dict[str, list[str]]  # of a statement, its steps
READS = re.compile(r"\s*(select|update|delete|with)\b", re.IGNORECASE)
OFTEN = timedelta(hours=1)


@pytest.mark.slow
@pytest.mark.both
def test_what_grows_is_found_by_an_index(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    plans = _on_file(town) if town.db.engine.dialect.name == "sqlite" else _on_server(town, monkeypatch)
    assert len(plans) > 80
    assert all(plans.values())
    assert {text: step for text, steps in plans.items() for step in steps if _is_whole(step)} == {}


def _lived(town: Town) -> None:
    """A question and its answer, and what the clock does meanwhile."""
    town.anna.writes("Hej, låset piper rött när jag öppnar")
    town.later(seconds=40)
    town.bo.presses("Ta frågan")
    town.bo.writes("Byt batteri")
    town.anna.presses("Löst, tack")
    for job in town.on.jobs:
        if job.every < OFTEN:
            job.run(town.desk)
    town.later(seconds=10)


def _on_file(town: Town) -> Plans:
    ran: set[str] = set()
    town.db.engine.dispose()
    event.listen(town.db.engine, "connect", lambda connection, _: connection.set_trace_callback(ran.add))
    _lived(town)
    with town.db.engine.connect() as file:
        return {text: [str(step[3]) for step in file.exec_driver_sql(f"explain query plan {text}")] for text in _ours(ran)}


def _on_server(town: Town, monkeypatch: pytest.MonkeyPatch) -> Plans:
    """Tables as small as these it would rather read whole: it is told not to, and does where it has no index."""
    ran, ask = set[str](), Server.ask

    def listening(server: Server, text: str, given: Sequence[Any]) -> Any:
        ran.add(text)
        return ask(server, text, given)

    monkeypatch.setattr(Server, "ask", listening)
    event.listen(town.db.engine, "before_cursor_execute", lambda _, cursor, text, *__: ran.add(_numbered(text)))
    _lived(town)
    with town.db.snapshot() as session:
        session.connection().exec_driver_sql("set local enable_seqscan = off")
        driver: Any = session.connection().connection.driver_connection
        told = {text: driver.pgconn.exec_(f"explain (generic_plan) {text}".encode()) for text in _ours(ran)}
    return {text: _steps("\n".join(bytes(found.get_value(at, 0)).decode() for at in range(found.ntuples))) for text, found in told.items()}


def _steps(plan: str) -> list[str]:
    """An index that is gone through from end to end, for its order, is the table read whole."""
    return re.sub(r"Index Scan (?:Backward )?using (\w+) on (\w+)(.*\n +Filter:)", r"Seq Scan on \2 by \1\3", plan).split("\n")


def _numbered(text: str) -> str:
    """`%(name)s` becomes `$1`: a plan for whatever is given."""
    number = count(1)
    return re.sub(r"%\(\w+\)s", lambda _: f"${next(number)}", text)


def _ours(ran: set[str]) -> list[str]:
    return [text for text in ran if READS.match(text) and "letter.error IN" not in text]  # which the town itself asks


def _is_whole(step: str) -> bool:
    """An index that holds only some of the rows (`ix_line_kept`) is small however many there are."""
    return bool(re.search(rf"^SCAN ({GROWING})\b|Seq Scan on ({GROWING})\b", step)) and "ix_line_kept" not in step
