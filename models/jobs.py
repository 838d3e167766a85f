"""Who does the clock's work, once: a slot of a job is claimed by a lease and finished with its effects."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, select, update

from models.columns import instant
from models.db import changed, insert

LEASE = timedelta(minutes=5)


class JobRun(SQLModel, table=True):
    __tablename__ = "job_run"

    name: str = Field(primary_key=True, max_length=60)
    slot: str = Field(primary_key=True, max_length=60)
    lease_until: datetime = instant()
    finished_at: datetime | None = instant(default=None, nullable=True)


def claim(session: Session, name: str, slot: str, *, now: datetime, lease: timedelta = LEASE) -> bool:
    """True for one instance only; again after the lease if the first one died before `finish`."""
    expired = col(JobRun.finished_at).is_(None) & (col(JobRun.lease_until) <= now)
    mine = insert(session, JobRun).values(name=name, slot=slot, lease_until=now + lease)
    return (
        changed(
            session,
            mine.on_conflict_do_update(
                index_elements=["name", "slot"], set_={"lease_until": now + lease}, where=expired
            ),
        )
        == 1
    )


def prolong(session: Session, name: str, slot: str, *, now: datetime, lease: timedelta) -> None:
    """Of work that is under way; nothing where it is done."""
    same = col(JobRun.name) == name, col(JobRun.slot) == slot, col(JobRun.finished_at).is_(None)
    changed(session, update(JobRun).where(*same).values(lease_until=now + lease))


def unfinished(session: Session, name: str, slot: str) -> bool:
    """Whether it was begun and is not done."""
    run = session.get(JobRun, (name, slot))
    return run is not None and run.finished_at is None


def finished(session: Session, name: str, slots: Sequence[str]) -> set[str]:
    """Which of these slots are done."""
    mine = select(JobRun.slot).where(JobRun.name == name, col(JobRun.finished_at).is_not(None))
    return set(session.exec(mine.where(col(JobRun.slot).in_(slots)))) if slots else set()


def finish(session: Session, name: str, slot: str, *, now: datetime) -> None:
    """In the same transaction as the job's effects: then either both happened or neither."""
    changed(
        session,
        update(JobRun).where(col(JobRun.name) == name, col(JobRun.slot) == slot).values(finished_at=now),
    )
