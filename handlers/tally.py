"""The clock counts what is over: weeks, and the months, quarters and years that end with them (models/tally.py)."""

from datetime import timedelta

from handlers.desk import Desk
from handlers.listening import Job, Listeners
from models import tally


def register(on: Listeners) -> None:
    on.job(Job("tally", count, every=timedelta(minutes=10)))


def count(desk: Desk) -> None:
    """Each period is its own transaction: after a long stop nobody waits for all of them."""
    while True:
        with desk.db.transaction() as session:
            if tally.settle(session, now=desk.now()) is None:
                return
