"""The clock's jobs: all of them at start, one that fails is logged and stops no other, and tidying happens once a day."""

from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from sqlmodel import select

from bot import timetable
from handlers.desk import Desk
from handlers.listening import Job
from models import heard, outbox, roster
from models.heard import Heard
from models.outbox import Intent, Letter
from models.people import Person
from models.tickets import State, Ticket
from tests.places import breaks, mends

LOCK = "Låset i 12 blinkar rött"


def real_desk(town) -> Desk:
    return Desk(town.db, lambda: datetime.now(UTC), lambda: None)


def test_every_job_runs_at_start_and_one_that_fails_stops_no_other(town, caplog):
    ran, again = Event(), Event()

    def fails(_desk: Desk) -> None:
        if ran.is_set():
            again.set()
        ran.set()
        raise RuntimeError("070-123 45 67")

    fine = Event()
    jobs = [Job("fails", fails, timedelta(seconds=1)), Job("fine", lambda _desk: fine.set(), timedelta(hours=1))]
    scheduler = timetable.start(jobs, real_desk(town))
    try:
        assert ran.wait(10)
        assert fine.wait(10)
        assert again.wait(10)  # it comes again
    finally:
        scheduler.shutdown(wait=True)
    assert "job fails failed" in caplog.text
    assert "job fine failed" not in caplog.text


def test_every_job_of_the_product_is_on_the_timetable(town):
    scheduler = timetable.start([], real_desk(town))
    try:
        assert {"due", "tidy"} <= {job.name for job in town.on.jobs}
        assert all(job.every >= timedelta(seconds=1) for job in town.on.jobs)  # whole seconds: see the trigger
        assert len({job.name for job in town.on.jobs}) == len(town.on.jobs)
    finally:
        scheduler.shutdown(wait=True)


def run(town, name: str) -> None:
    next(job for job in town.on.jobs if job.name == name).run(town.desk)


def states(town) -> list[State]:
    with town.db.snapshot() as session:
        return list(session.exec(select(Ticket.state).order_by(Ticket.id)))


def test_one_question_that_fails_stops_no_other(town, caplog):
    town.anna.writes(LOCK)
    town.eva.writes(LOCK)
    breaks(town.db, "ticket", "update", "new.id = 1")
    town.time += timedelta(minutes=21)
    run(town, "due")
    assert "failed for 1" in caplog.text
    with town.db.snapshot() as session:
        first, second = session.exec(select(Ticket).order_by(Ticket.id)).all()
    assert first.next_at <= town.time
    assert second.next_at > town.time
    mends(town.db)
    run(town, "due")
    with town.db.snapshot() as session:
        assert all(at > town.time for at in session.exec(select(Ticket.next_at)))


@pytest.mark.sqlite
def test_nothing_due_writes_nothing(town):
    """It is asked every two seconds."""
    town.anna.writes(LOCK)
    with town.db.engine.connect() as connection:
        before = connection.exec_driver_sql("pragma data_version").scalar()
        run(town, "due")
        assert connection.exec_driver_sql("pragma data_version").scalar() == before


def test_drafts_questions_and_shifts_that_are_due(town):
    town.anna.writes("Låset")
    town.eva.writes(LOCK)
    bo = town.bo.id
    with town.db.transaction() as session:
        roster.declare(session, session.get(Person, bo), until=town.time + timedelta(minutes=5), now=town.time)
    town.time += timedelta(minutes=11)
    run(town, "due")
    run(town, "due")
    assert states(town) == [State.OPEN, State.OPEN]
    with town.db.snapshot() as session:
        assert not roster.any_run_out(session, now=town.time)


@pytest.mark.parametrize("days", [13, 15])
def test_tidying_forgets_what_has_served_its_purpose_and_keeps_the_rest(town, days):
    with town.db.transaction() as session:
        heard.first_time(session, "event:old", now=town.time)
        outbox.put(session, Intent("receipt", 1, None, "receipt:F-9", "1"), now=town.time)
    town.time += timedelta(days=days)
    run(town, "tidy")
    with town.db.snapshot() as session:
        assert bool(session.get(Heard, "event:old")) is (days == 13)
        assert session.exec(select(Letter)).one()  # it was never sent: nothing unfinished is thrown away
