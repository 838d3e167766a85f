"""The clock counts what is over: weeks, and the months, quarters and years that end with them (models/tally.py)."""

from datetime import timedelta

from handlers.desk import Desk
from handlers.listening import Job, Listeners
from models import summary, tally


def register(on: Listeners) -> None:
    on.job(Job("tally", count, every=timedelta(minutes=10)))


def count(desk: Desk) -> None:
    """Each period is a transaction of its own, which only writes: no question waits while a quarter is counted."""
    while True:
        with desk.db.snapshot() as session:
            found = tally.count(session, now=desk.now())
        if found is None:
            return
        with desk.db.transaction() as session:
            tally.keep(session, found)
            if found.late:
                summary.forget_pictures(session, before=desk.now())  # their numbers are others now
