"""The clock counts what is over: weeks, and the months, quarters and years that end with them (models/tally.py)."""

from datetime import timedelta

from handlers.desk import Desk
from handlers.listening import Job, Listeners
from models import summary, tally
from models.tally import Count


def register(on: Listeners) -> None:
    on.job(Job("tally", count, every=timedelta(minutes=1)))


def count(desk: Desk) -> None:
    """Each period is a transaction of its own, which only writes: no question waits while a quarter is counted.

    A week waits some hours for what was written while we were away: who counts it has heard everything.
    """
    while True:
        with desk.db.snapshot() as session:
            found = tally.count(session, now=desk.now(), ready=tally.READY if desk.caught_up() else tally.PATIENCE)
        if found is None:
            return
        _keep(desk, found)


def _keep(desk: Desk, found: Count) -> None:
    with desk.db.transaction() as session:
        if tally.keep(session, found) and found.late:
            summary.tell_anew(session, found.late, now=desk.now())
    desk.nudge()
