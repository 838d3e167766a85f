"""Who is at work now, and where somebody works today. Known beats assumed; what is unknown follows the hours.

Off duty = known not to be at work (declaration ended, absence, do-not-disturb, deactivated) or, where nothing is
known, outside the role's hours (contracts.md). After a declared end the law's 11 hours of rest count as off duty.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Update, bindparam, func
from sqlmodel import Field, Session, SQLModel, col, select, update

from models import clock, people, settings
from models.clock import Hours
from models.columns import check, instant
from models.db import changed, insert
from models.errors import Gone, Refused
from models.people import Person, PersonKind, Role
from models.settings import Settings


class TooLong(Refused):
    key = "refused.duty_too_long"


class NotAhead(Refused):
    key = "refused.duty_not_ahead"


class Duty(SQLModel, table=True):
    """ "I tjänst till 19.00": declared by the person herself."""

    __table_args__ = (check("until_at > starts_at", "ends_after_it_starts"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    starts_at: datetime = instant()
    until_at: datetime = instant()
    ended_at: datetime | None = instant(default=None, nullable=True)


class WorkingUnit(SQLModel, table=True):
    """ "Idag jobbar jag på …": remembered for the shift."""

    __tablename__ = "working_unit"

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    unit_id: int = Field(foreign_key="unit.id")
    until_at: datetime = instant()


@dataclass(frozen=True)
class Presence:
    """`known` when she said so herself. `back_at`: when she may be reached again, now if at work."""

    at_work: bool
    known: bool
    back_at: datetime


def declare(session: Session, person: Person, *, until: datetime, now: datetime) -> Duty:
    """[I tjänst till …]. A new declaration replaces the current one."""
    rules = settings.read(session)
    if until <= now:
        raise NotAhead
    if until - now > rules.span("duty.longest"):
        raise TooLong(hours=rules.span("duty.longest") // timedelta(hours=1))
    changed(session, _current(person.pk, now).values(ended_at=now))
    duty = Duty(person_id=person.pk, starts_at=now, until_at=until)
    session.add(duty)
    session.flush()
    return duty


def end_day(session: Session, person: Person, *, now: datetime) -> None:
    """[Slutar för dagen], also by somebody who never said that she had begun."""
    if changed(session, _current(person.pk, now).values(ended_at=now)) == 0:
        moment = timedelta(microseconds=1)
        session.add(Duty(person_id=person.pk, starts_at=now - moment, until_at=now, ended_at=now))
        session.flush()


def _current(person_id: int, now: datetime) -> Update:
    return update(Duty).where(col(Duty.person_id) == person_id, col(Duty.ended_at).is_(None), col(Duty.until_at) > now)


def pause(session: Session, person: Person, *, until: datetime | None) -> None:
    """Away for a moment; None ends it."""
    changed(session, update(Person).where(col(Person.id) == person.id).values(paused_until=until))


def back_from_pause(session: Session, *, now: datetime) -> list[int]:
    """Whose pause has run out; each is reported once."""
    over = select(Person.id).where(col(Person.paused_until) <= now)
    ids = [i for i in session.exec(over) if i is not None]
    changed(session, update(Person).where(col(Person.id).in_(ids)).values(paused_until=None))
    return ids


def current(session: Session, person_id: int, *, now: datetime) -> Duty | None:
    """The declaration in force."""
    mine = select(Duty).where(Duty.person_id == person_id, col(Duty.ended_at).is_(None), col(Duty.until_at) > now)
    return session.exec(mine).first()


def last(session: Session, person_id: int) -> Duty | None:
    """The latest declaration, to pre-fill the next one."""
    return session.exec(select(Duty).where(Duty.person_id == person_id).order_by(col(Duty.id).desc())).first()


def any_run_out(session: Session, *, now: datetime) -> bool:
    """Whether `run_out` or `back_from_pause` have something to do; asked often, so it takes no lock."""
    over = select(Duty.id).where(col(Duty.ended_at).is_(None), col(Duty.until_at) <= now)
    paused = select(Person.id).where(col(Person.paused_until) <= now)
    return any(session.exec(query.limit(1)).first() is not None for query in (over, paused))


def run_out(session: Session, *, now: datetime) -> list[int]:
    """Whose declared shift has ended without a tap. Each is reported once."""
    over = select(Duty).where(col(Duty.ended_at).is_(None), col(Duty.until_at) <= now)
    ended = [duty.person_id for duty in session.exec(over)]
    changed(
        session,
        update(Duty).where(col(Duty.ended_at).is_(None), col(Duty.until_at) <= now).values(ended_at=col(Duty.until_at)),
    )
    return ended


def presences(
    session: Session, wanted: Iterable[tuple[int, Role]], *, now: datetime
) -> dict[tuple[int, Role], Presence]:
    """For people in their roles, in three queries whatever their number."""
    pairs = list(wanted)
    rules = settings.read(session)
    found = people.find(session, (person_id for person_id, _ in pairs))
    duties = _latest(session, list(found))
    away = people.away_until(session, list(found), on=clock.today(now))
    return {
        (person_id, role): _presence(found[person_id], role, duties.get(person_id), rules, now)
        if person_id not in away
        else _absent(role, away[person_id], rules, now)
        for person_id, role in pairs
        if person_id in found
    }


_NEWEST = (
    select(func.max(Duty.id))
    .where(col(Duty.person_id).in_(bindparam("ids", expanding=True)))
    .group_by(col(Duty.person_id))
)
_LATEST = select(Duty).where(col(Duty.id).in_(_NEWEST))  # built once: asked for every card


def _latest(session: Session, ids: list[int]) -> dict[int, Duty]:
    return {duty.person_id: duty for duty in session.exec(_LATEST, params={"ids": ids})}


def _presence(person: Person, role: Role, duty: Duty | None, rules: Settings, now: datetime) -> Presence:
    hours = hours_of(role, rules)
    if person.deactivated_at is not None:
        return Presence(False, True, clock.next_open(hours, now + timedelta(days=1)))
    for away in (person.quiet_until, person.paused_until):
        if away is not None and away > now:
            return Presence(False, True, away)
    if duty is not None and duty.ended_at is None and duty.starts_at <= now < duty.until_at:
        return Presence(True, True, now)
    rested = _rested_at(duty, rules)
    if rested is not None and rested > now:
        return Presence(False, True, clock.next_open(hours, rested))
    return Presence(clock.is_open(hours, now), False, clock.next_open(hours, now))


def _absent(role: Role, last_day: date, rules: Settings, now: datetime) -> Presence:
    """On leave. Without an end nothing is known but that it is not today."""
    day = clock.today(now) if last_day == date.max else last_day
    return Presence(False, True, clock.next_open(hours_of(role, rules), clock.midnight(day + timedelta(days=1))))


def _rested_at(duty: Duty | None, rules: Settings) -> datetime | None:
    """11 hours of daily rest after a declared end (Arbetstidslagen 13 §)."""
    if duty is None:
        return None
    return (duty.ended_at or duty.until_at) + rules.span("duty.daily_rest")


def hours_of(role: Role, rules: Settings) -> Hours:
    """When a role counts as reachable where nothing is known."""
    return clock.parse_hours(rules.text(f"hours.{role.value}"))


def may_notify_helper(session: Session, person_id: int, *, now: datetime) -> datetime:
    """When a helper may get a new message: now, or the moment she is back in one of her roles."""
    roles = {hat.role for hat in people.roles_of(session, person_id, on=clock.today(now))}
    found = presences(session, [(person_id, role) for role in roles or {Role.EXPERT_USER}], now=now)
    return min((p.back_at for p in found.values()), default=now)


def may_notify_asker(session: Session, person_id: int, *, now: datetime) -> datetime:
    """Askers have quiet hours only, and not while they are at work (10 h after asking count)."""
    rules = settings.read(session)
    person = people.find(session, [person_id]).get(person_id)
    recently = person is not None and person.active_at is not None
    if recently and now - person.active_at < rules.span("asker.at_work"):  # type: ignore[union-attr, operator]
        return now
    if current(session, person_id, now=now) is not None:
        return now
    return clock.next_open(clock.parse_hours(rules.text("hours.asker")), now)


def work_today(session: Session, person_id: int, unit_id: int, *, now: datetime) -> None:
    """Remember where somebody works for the rest of the shift. A menu from yesterday may name a closed unit: Gone."""
    if unit_id not in {unit.id for unit, _ in people.open_units(session)}:
        raise Gone
    until = now + settings.read(session).span("unit.remembered")
    put = insert(session, WorkingUnit).values(person_id=person_id, unit_id=unit_id, until_at=until)
    changed(
        session,
        put.on_conflict_do_update(index_elements=["person_id"], set_={"unit_id": unit_id, "until_at": until}),
    )


def working_unit(session: Session, person_id: int, *, now: datetime) -> int | None:
    """Declared today → only one assignment → primary → None: she has to be asked.

    A shared phone stands where it is assigned: what one of its users chose is not true of the next.
    """
    if _is_assigned_phone(session, person_id, now=now):
        return people.units_of(session, person_id, on=clock.today(now))[0].unit_id
    declared = session.get(WorkingUnit, person_id)
    if declared is not None and declared.until_at > now:
        return declared.unit_id
    places = people.units_of(session, person_id, on=clock.today(now))
    if len(places) == 1 or (places and places[0].is_primary):
        return places[0].unit_id
    return None


def _is_assigned_phone(session: Session, person_id: int, *, now: datetime) -> bool:
    person = session.get(Person, person_id)
    shared = person is not None and person.kind is PersonKind.SHARED_DEVICE
    return shared and bool(people.units_of(session, person_id, on=clock.today(now)))
