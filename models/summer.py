"""In week 20 every expert user is asked once for her summer weeks. They are her leave, and nobody's business but hers.

What becomes of them: leave beats shifts and hours (roster.py), and a unit without anybody shows in the gap report.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlmodel import Session, and_, col, delete, select, update

from models import clock, jobs, outbox, people, settings
from models.db import changed
from models.errors import Refused
from models.outbox import Intent
from models.people import Absence, Appointment, Person, Role

JOB = "summer"
WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)


class NotSummer(Refused):
    """A forged form; the form itself offers nothing else."""

    key = "refused.gone"


def mondays(session: Session, *, now: datetime) -> list[date]:
    """The weeks of this summer; of the next one when it is over."""
    first, today = _number(session, "summer.first"), clock.today(now)
    last = max(first, _number(session, "summer.last"))
    year = today.year + (today > _last(date.fromisocalendar(today.year, last, 1)))
    return [date.fromisocalendar(year, week, 1) for week in range(first, last + 1)]


def _number(session: Session, key: str) -> int:
    """Of a week that every year has, whatever somebody has set."""
    return min(max(settings.read(session).number(key), 1), 52)


def asking_week(session: Session) -> int:
    """The number of the week in which one is asked."""
    return _number(session, "summer.week")


def to_ask(session: Session, *, now: datetime) -> list[int]:
    """Expert users who can be reached and have not been asked this year."""
    today = clock.today(now)
    if today.isocalendar().week != asking_week(session):
        return []
    hats = select(Appointment.person_id).join(Person, col(Person.id) == col(Appointment.person_id))
    experts = hats.where(
        Appointment.role == Role.EXPERT_USER,
        col(Person.chat_user_id).is_not(None),
        col(Person.deactivated_at).is_(None),
        people.hat_holds(),
    )
    found = sorted(set(session.exec(experts, params={"today": today})))
    asked = jobs.finished(session, JOB, [_slot(person_id, today) for person_id in found])
    return [person_id for person_id in found if _slot(person_id, today) not in asked]


def ask(session: Session, person_id: int, *, now: datetime) -> None:
    """Once a year and person. The letter waits until she is on duty."""
    slot = _slot(person_id, clock.today(now))
    if jobs.claim(session, JOB, slot, now=now):
        outbox.put(session, Intent("summer", person_id, None, f"summer:{slot}", "week"), now=now)
        jobs.finish(session, JOB, slot, now=now)


def _slot(person_id: int, today: date) -> str:
    return f"{today.year}:{person_id}"


def weeks_of(session: Session, person_id: int, *, now: datetime) -> list[date]:
    """The Mondays of the summer weeks that she has said she is away."""
    away = _said(session, person_id, now)
    return [monday for monday in mondays(session, now=now) if any(_touches(absence, monday) for absence in away)]


def _touches(absence: Absence, monday: date) -> bool:
    return absence.starts_on <= _last(monday) and monday <= (absence.ends_on or monday)


def _last(monday: date) -> date:
    return monday + WEEK - DAY


def _said(session: Session, person_id: int, now: datetime) -> list[Absence]:
    """Her own word, of this summer."""
    weeks = mondays(session, now=now)
    within = and_(col(Absence.starts_on) <= _last(weeks[-1]), col(Absence.ends_on) >= weeks[0])
    mine = select(Absence).where(Absence.person_id == person_id, col(Absence.own), within)
    return list(session.exec(mine.order_by(col(Absence.starts_on))))


def choose(session: Session, person: Person, chosen: Iterable[date], *, now: datetime) -> None:
    """These weeks and no others. What has been is not rewritten: only from today on."""
    wanted, today = set(chosen), clock.today(now)
    if not wanted <= set(mondays(session, now=now)):
        raise NotSummer
    for absence in _said(session, person.pk, now):
        this = col(Absence.id) == absence.id
        if absence.starts_on >= today:
            changed(session, delete(Absence).where(this))
        elif absence.ends_on and absence.ends_on >= today:
            changed(session, update(Absence).where(this).values(ends_on=today - DAY))
    for starts, ends in _periods(sorted(wanted)):
        if ends >= today:
            session.add(Absence(person_id=person.pk, starts_on=max(starts, today), ends_on=ends, own=True))
    session.flush()


def _periods(weeks: list[date]) -> list[tuple[date, date]]:
    """Weeks that follow each other are one leave."""
    found: list[tuple[date, date]] = []
    for monday in weeks:
        if found and found[-1][1] + DAY == monday:
            found[-1] = (found[-1][0], _last(monday))
        else:
            found.append((monday, _last(monday)))
    return found
