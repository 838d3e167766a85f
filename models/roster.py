"""Who is at work now, and where somebody works today. Known beats assumed; what is unknown follows the hours.

What is known, the stronger first: an account that has ended, do-not-disturb and a pause; what she has said of her own
day, with the law's 11 hours of rest after it; her leave; the staffing system's shifts; her rota (shifts.py). Off duty =
known not to be at work or, where nothing is known, outside the role's hours (contracts.md).
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from typing import Any

from sqlalchemy import Update, bindparam, func
from sqlmodel import Field, Session, SQLModel, col, select, update

from models import clock, people, settings, shifts
from models.clock import Hours
from models.columns import check, instant
from models.db import changed, insert, looked_up
from models.errors import Gone, Refused
from models.people import Absence, Person, PersonKind, Role
from models.settings import Settings
from models.shifts import Plan, Span

LOOK_AHEAD = 400  # days, about
REMEMBERED = 60  # declarations: two months


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
    """`known`: not only assumed from the role's hours. `back_at`: when she may be reached again, now if at work.

    `until`: when a time at work that is known ends.
    """

    at_work: bool
    known: bool
    back_at: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Known:
    """All that is known of somebody's working time around now."""

    person: Person
    duty: Duty | None = None
    absences: tuple[Absence, ...] = ()
    plan: Plan = shifts.NOTHING


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


@dataclass(frozen=True)
class Offer:
    """A declaration in one tap: as duty `duty_id`. `like`: the earlier day that it repeats, None for the latest."""

    duty_id: int
    until: datetime
    like: datetime | None = None


def offers(session: Session, person_id: int, *, now: datetime) -> list[Offer]:
    """Until the same time as last time, and as on the same day of an earlier week where that was another time."""
    said = [duty for duty in _said(session, person_id) if _again(duty, now) - now <= _longest(session)]
    day = clock.today(now)
    begun = [(duty, clock.today(duty.starts_at)) for duty in said]
    earlier = [duty for duty, on in begun if on != day and on.weekday() == day.weekday()]
    found = [Offer(duty.id or 0, _again(duty, now)) for duty in said[:1]]
    found += [Offer(duty.id or 0, _again(duty, now), duty.starts_at) for duty in earlier[:1]]
    return found[:1] if len({offer.until for offer in found}) < 2 else found


def repeat(session: Session, person: Person, duty_id: int | None, *, now: datetime) -> Duty:
    """One of her offers, tapped. Raises Gone for what is not hers."""
    before = session.get(Duty, duty_id) if duty_id is not None else None
    if before is None or before.person_id != person.id:
        raise Gone
    return declare(session, person, until=_again(before, now), now=now)


def _again(duty: Duty, now: datetime) -> datetime:
    return clock.next_time(clock.local(duty.until_at).time(), now)


def _longest(session: Session) -> timedelta:
    return settings.read(session).span("duty.longest")


def _said(session: Session, person_id: int) -> list[Duty]:
    """Her declarations, the newest first; [Slutar för dagen] of one who had declared nothing is none."""
    hers = select(Duty).where(Duty.person_id == person_id).order_by(col(Duty.id).desc()).limit(REMEMBERED)
    return [duty for duty in session.exec(hers) if duty.until_at - duty.starts_at > timedelta(minutes=1)]


def on_duty(session: Session, ids: Iterable[int], *, now: datetime) -> list[Duty]:
    """The declarations in force of these people, the next to end first."""
    in_force = (col(Duty.ended_at).is_(None), col(Duty.starts_at) <= now, col(Duty.until_at) > now)
    theirs = select(Duty).where(col(Duty.person_id).in_(list(ids)), *in_force)
    return list(session.exec(theirs.order_by(col(Duty.until_at), col(Duty.id))))


def last(session: Session, person_id: int) -> Duty | None:
    """The latest declaration, to pre-fill the next one."""
    return next(iter(_said(session, person_id)), None)


def any_run_out(session: Session, *, now: datetime) -> bool:
    """Whether `run_out` or `back_from_pause` have something to do; asked often, so it takes no lock."""
    return any(looked_up(session, query, {"now": now}) for query in _RUN_OUT)


_RUN_OUT: tuple[Any, ...] = (
    select(Duty.id).where(col(Duty.ended_at).is_(None), col(Duty.until_at) <= bindparam("now")).limit(1),
    select(Person.id).where(col(Person.paused_until) <= bindparam("now")).limit(1),
)


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
    """For people in their roles, in five queries whatever their number."""
    pairs = list(wanted)
    rules = settings.read(session)
    known = known_of(session, (person_id for person_id, _ in pairs), now=now)
    return {
        (person_id, role): presence(known[person_id], role, rules, now=now)
        for person_id, role in pairs
        if person_id in known
    }


def known_of(session: Session, ids: Iterable[int], *, now: datetime) -> dict[int, Known]:
    """What the database knows of these people's working time."""
    found = people.find(session, ids)
    duties = _latest(session, list(found))
    absences = people.absences(session, found, on=clock.today(now) - timedelta(days=3))
    plans = shifts.plans(session, found, gap=settings.read(session).span("shifts.gap"), now=now)
    return {
        i: Known(person, duties.get(i), tuple(absences.get(i, ())), plans.get(i, shifts.NOTHING))
        for i, person in found.items()
    }


_NEWEST = (
    select(func.max(Duty.id))
    .where(col(Duty.person_id).in_(bindparam("ids", expanding=True)))
    .group_by(col(Duty.person_id))
)
_LATEST = select(Duty).where(col(Duty.id).in_(_NEWEST))  # built once: asked for every card


def _latest(session: Session, ids: list[int]) -> dict[int, Duty]:
    return {duty.person_id: duty for duty in looked_up(session, _LATEST, {"ids": ids})}


def presence(known: Known, role: Role, rules: Settings, *, now: datetime) -> Presence:
    """Pure: the order of the module's first lines."""
    hours = hours_of(role, rules)
    if known.person.deactivated_at is not None:
        return Presence(False, True, clock.next_open(hours, now + timedelta(days=1)))
    left_alone = max((at for at in (known.person.quiet_until, known.person.paused_until) if at), default=now)
    if left_alone > now:
        return Presence(False, True, _expected(known, hours, left_alone, rules, now))
    declared = _declared_until(known.duty, now)
    if declared is not None:
        return Presence(True, True, now, declared)
    return _as_planned(known, hours, rules, now)


def _as_planned(known: Known, hours: Hours, rules: Settings, now: datetime) -> Presence:
    """Where she has said nothing of today."""
    rested = _rested_at(known, rules, now)
    until = _planned_until(known, now)
    if rested <= now and until is not None:
        return Presence(True, True, now, until)
    if rested > now or _is_away(known, now, now) or known.plan.covers(now):
        return Presence(False, True, _expected(known, hours, now, rules, now))
    return Presence(clock.is_open(hours, now), False, _expected(known, hours, now, rules, now))


def _declared_until(duty: Duty | None, now: datetime) -> datetime | None:
    if duty is None or duty.ended_at is not None or not duty.starts_at <= now < duty.until_at:
        return None
    return duty.until_at


def _planned_until(known: Known, now: datetime) -> datetime | None:
    """The end of the shift that she is in; shifts that follow each other without a break are one."""
    until = None
    for span in _attended(known, now, now):
        if span.starts_at > (until or now):
            break
        until = max(until or span.until_at, span.until_at)
    return until


def _attended(known: Known, after: datetime, now: datetime) -> Iterator[Span]:
    """Planned spans that are not over, but for those that begin on a day of her leave."""
    return (span for span in known.plan.coming(after) if not _is_away(known, span.starts_at, now))


def known_share(session: Session, ids: Iterable[int], *, now: datetime, ahead: timedelta) -> int | None:
    """Per cent of the time ahead with somebody of these known to be at work. None where nothing is known of any."""
    known = known_of(session, ids, now=now).values()
    if all(who.plan is shifts.NOTHING for who in known):
        return None
    covered, end = timedelta(0), now
    for span in merge(*(_attended(who, now, now) for who in known)):
        if span.starts_at >= now + ahead:
            break
        until = min(span.until_at, now + ahead)
        covered += max(timedelta(0), until - max(span.starts_at, end))
        end = max(end, until)
    return round(100 * covered / ahead)


def _is_away(known: Known, at: datetime, now: datetime) -> bool:
    """On leave that day. One without an end is known for today: tomorrow we look again."""
    day, today = clock.today(at), clock.today(now)
    return any(away.starts_on <= day <= (away.ends_on or max(today, away.starts_on)) for away in known.absences)


def _rested_at(known: Known, rules: Settings, now: datetime) -> datetime:
    """11 hours of daily rest after a declared end, and after a last shift with nothing known to follow (ATL 13 §)."""
    ends = [] if known.duty is None else [known.duty.ended_at or known.duty.until_at]
    if not known.plan.covers(now):
        ends += [span.until_at for span in _attended(known, now - timedelta(days=2), now)]
    over = [end for end in ends if end <= now]
    return max(over) + rules.span("duty.daily_rest") if over else now


def _expected(known: Known, hours: Hours, after: datetime, rules: Settings, now: datetime) -> datetime:
    """The first instant at or after `after` at which she is expected: by a plan, or where there is none by her role."""
    after = max(after, _rested_at(known, rules, now))
    planned = next((max(span.starts_at, after) for span in _attended(known, after, now)), None)
    opening = clock.next_open(hours, after)
    for _ in range(LOOK_AHEAD):
        if planned is not None and planned <= opening:
            return planned
        rested = _rested_at(known, rules, opening)
        if rested <= opening and not _is_away(known, opening, now) and not known.plan.covers(opening):
            return opening
        opening = clock.next_open(hours, rested if rested > opening else _changes_at(known.plan, opening))
    return opening


def _changes_at(plan: Plan, after: datetime) -> datetime:
    """When something else may hold: from midnight, or from the end of a shift."""
    tomorrow = clock.midnight(clock.today(after) + timedelta(days=1))
    return min([tomorrow, *(shift.until_at for shift in plan.shifts if shift.until_at > after)])


def hours_of(role: Role, rules: Settings) -> Hours:
    """When a role counts as reachable where nothing is known."""
    return clock.parse_hours(rules.text(f"hours.{role.value}"))


def may_notify_helper(session: Session, person_id: int, *, now: datetime) -> datetime:
    """When a helper may get a new message: now, or the moment she is back in one of her roles."""
    return may_notify_helpers(session, [person_id], now=now)[person_id]


def may_notify_helpers(session: Session, ids: Collection[int], *, now: datetime) -> dict[int, datetime]:
    """As `may_notify_helper`, in as many queries for all of them."""
    worn = {(hat.person_id, hat.role) for hat in people.worn_by(session, ids, on=clock.today(now))}
    bare = set(ids) - {person_id for person_id, _ in worn}
    return _back_at(session, ids, worn | {(person_id, Role.EXPERT_USER) for person_id in bare}, now=now)


def may_notify_managers(session: Session, ids: Collection[int], *, now: datetime) -> dict[int, datetime]:
    """As above, for what they get as managers: their other hats may be worn at other hours."""
    return _back_at(session, ids, {(person_id, Role.UNIT_MANAGER) for person_id in ids}, now=now)


def _back_at(
    session: Session, ids: Collection[int], worn: Iterable[tuple[int, Role]], *, now: datetime
) -> dict[int, datetime]:
    """When the first of her roles begins; now for whom nobody knows."""
    found: dict[int, list[datetime]] = {}
    for (person_id, _), seen in presences(session, worn, now=now).items():
        found.setdefault(person_id, []).append(seen.back_at)
    return {person_id: min(found.get(person_id, [now])) for person_id in ids}


def may_notify_askers(session: Session, ids: Collection[int], *, now: datetime) -> dict[int, datetime]:
    return {person_id: may_notify_asker(session, person_id, now=now) for person_id in ids}


def may_notify_asker(session: Session, person_id: int, *, now: datetime) -> datetime:
    """Askers have quiet hours only, and not while they are at work (10 h after asking count)."""
    rules = settings.read(session)
    person = people.find(session, [person_id]).get(person_id)
    recently = person is not None and person.active_at is not None
    if recently and now - person.active_at < rules.span("asker.at_work"):  # type: ignore[union-attr, operator]
        return now
    awake_at = clock.next_open(clock.parse_hours(rules.text("hours.asker")), now)
    return now if awake_at > now and on_duty_until(session, person_id, now=now) else awake_at


def on_duty_until(session: Session, person_id: int, *, now: datetime) -> datetime | None:
    """The end of the working time that she has declared or that is planned; None where she is not known to work."""
    key = (person_id, Role.EXPERT_USER)  # what is known does not depend on the role
    found = presences(session, [key], now=now).get(key)
    return found.until if found else None


def work_today(session: Session, person_id: int, unit_id: int, *, now: datetime) -> None:
    """Remember where somebody works for the rest of the shift: as long as it is known to be, else for a setting.

    A menu from yesterday may name a closed unit: Gone.
    """
    if unit_id not in {unit.id for unit, _ in people.open_units(session)}:
        raise Gone
    known = on_duty_until(session, person_id, now=now)
    until = known or now + settings.read(session).span("unit.remembered")
    put = insert(session, WorkingUnit).values(person_id=person_id, unit_id=unit_id, until_at=until)
    changed(
        session,
        put.on_conflict_do_update(index_elements=["person_id"], set_={"unit_id": unit_id, "until_at": until}),
    )


_DECLARED = select(WorkingUnit).where(WorkingUnit.person_id == bindparam("person"))


def working_unit(session: Session, person_id: int, *, now: datetime) -> int | None:
    """Declared today → only one assignment → primary → None: she has to be asked.

    A shared phone stands where it is assigned: what one of its users chose is not true of the next.
    """
    if _is_assigned_phone(session, person_id, now=now):
        return people.units_of(session, person_id, on=clock.today(now))[0].unit_id
    for declared in looked_up(session, _DECLARED, {"person": person_id}):
        if declared.until_at > now:
            return declared.unit_id
    places = people.units_of(session, person_id, on=clock.today(now))
    if len(places) == 1 or (places and places[0].is_primary):
        return places[0].unit_id
    return None


def _is_assigned_phone(session: Session, person_id: int, *, now: datetime) -> bool:
    person = people.get(session, person_id)
    shared = person is not None and person.kind is PersonKind.SHARED_DEVICE
    return shared and bool(people.units_of(session, person_id, on=clock.today(now)))
