"""When the clock's jobs run: each instance has the same triggers, the database decides who does the work."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from handlers.desk import Desk
from handlers.listening import Job
from models.clock import STOCKHOLM

log = logging.getLogger(__name__)


Ran = Callable[[str, bool], None]  # a job's name, and whether it went well


def start(jobs: Iterable[Job], desk: Desk, ran: Ran = lambda name, went_well: None) -> BackgroundScheduler:
    """Every job once at start (catch-up) and then at its pace, never twice at a time in this process."""
    scheduler = BackgroundScheduler(
        timezone=STOCKHOLM, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600}
    )
    for job in jobs:
        scheduler.add_job(
            safely(job, desk, ran),
            IntervalTrigger(seconds=job.every // timedelta(seconds=1)),
            id=job.name,
            next_run_time=datetime.now(STOCKHOLM),  # noqa: TID251 (the scheduler sleeps by the machine's clock, not ours)
        )
    scheduler.start()
    return scheduler


def safely(job: Job, desk: Desk, ran: Ran) -> Callable[[], None]:
    """A job that fails is logged and comes again; it stops nothing else."""

    def run() -> None:
        try:
            job.run(desk)
        except Exception:
            log.exception("job %s failed", job.name)
            ran(job.name, False)
        else:
            ran(job.name, True)

    return run
