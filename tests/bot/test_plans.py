"""What grows for ever is never read whole: neither for a question nor by what the clock does all the time.

Found by a hundred thousand questions in a row (benchmarks/hundred_thousand.py): one `ORDER BY` made SQLite go through
all that was ever posted, twice a question.
"""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.town import Town

GROWING = ("ticket", "line", "letter", "posted", "history", "candidate", "heard", "attempt")
READS = re.compile(r"\s*(select|update|delete|with)\b", re.IGNORECASE)
OFTEN = timedelta(hours=1)


@pytest.mark.slow
@pytest.mark.sqlite
def test_what_grows_is_found_by_an_index(town: Town) -> None:
    ran: set[str] = set()
    town.db.engine.dispose()
    event.listen(town.db.engine, "connect", lambda connection, _: connection.set_trace_callback(ran.add))
    town.anna.writes("Hej, låset piper rött när jag öppnar")
    town.later(seconds=40)
    town.bo.presses("Ta frågan")
    town.bo.writes("Byt batteri")
    town.anna.presses("Löst, tack")
    for job in town.on.jobs:
        if job.every < OFTEN:
            job.run(town.desk)
    town.later(seconds=10)
    asked = [text for text in ran if READS.match(text) and "letter.error IN" not in text]  # which the town itself asks
    with town.db.engine.connect() as connection:
        plans = {text: connection.exec_driver_sql(f"explain query plan {text}").all() for text in asked}
    assert len(plans) > 100
    whole = {text: str(step[3]) for text, plan in plans.items() for step in plan if _is_whole(str(step[3]))}
    assert whole == {}


def _is_whole(step: str) -> bool:
    """An index that holds only some of the rows (`ix_line_kept`) is small however many there are."""
    return bool(re.match(rf"SCAN ({'|'.join(GROWING)})\b", step)) and "ix_line_kept" not in step
