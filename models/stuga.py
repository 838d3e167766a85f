"""Drop-ins (supportstugor) and the questions that are brought to them: find one, park, cancel, move, keep the calendar.

Every parked question is at a session that comes, or waits for one with a time at which it goes back to the ladder.
Not here: the rows (stuga_series.py), the day itself (stuga_day.py), how a series is written down (stuga_plan.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session, col, delete, select, update

from models import clock, ladder, outbox, people, roster, settings, stuga_series, tickets
from models.db import add_once, changed
from models.errors import NotYours, Refused
from models.outbox import Intent
from models.people import Department, Person, Unit
from models.stuga_series import (
    SAID_ALIKE,
    Day,
    NotComing,
    Part,
    Stage,
    Stuga,
    StugaSeries,
    StugaStaff,
    StugaStep,
    slot_of,
)
from models.tickets import Event, History, Ticket

LAST_MINUTES = timedelta(minutes=15)  # in these nothing more is brought
MORNING, NOON = time(7), time(12)
LONG_WEEKEND = timedelta(days=10)  # so far back lies the last working day at most
PARKED = (Event.PARKED, Event.STUGA_CHANGED)


class NotAhead(Refused):
    """A session begins later than now, and ends after it has begun."""

    key = "refused.stuga_not_ahead"


# ---- finding one -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wish:
    """What somebody needs a session for. None: not known."""

    tool: str | None = None
    department: str | None = None  # its key
    night: bool = False  # she works at night


def fits(stuga: Stuga, wish: Wish) -> bool:
    """An open one suits every question, one about tools those on them."""
    invited = not stuga.invited or wish.department in (None, *stuga.invited)
    return invited and (not stuga.themes or wish.tool in stuga.themes)


def suitable(session: Session, wish: Wish, *, now: datetime, most: int = 3) -> list[Stuga]:
    """The next ones within the time that a question may wait. Who works at night gets those for her first, others
    get them last.
    """
    until = now + settings.read(session).span("parked.back")
    coming = stuga_series.planned(session, since=now + LAST_MINUTES, until=until)
    found = [stuga for stuga in coming if fits(stuga, wish)]
    return sorted(found, key=lambda stuga: (stuga.for_night is not wish.night, stuga.starts_at, stuga.pk))[:most]


def wish_of(session: Session, ticket: Ticket, *, now: datetime) -> Wish:
    return Wish(ticket.tool, _department(session, ticket.unit_id), works_nights(session, ticket.asker_id, now=now))


def wish_for(session: Session, person: Person, *, now: datetime) -> Wish:
    """For somebody without a question: Home and `/stuga`."""
    unit_id = roster.working_unit(session, person.pk, now=now)
    return Wish(None, _department(session, unit_id), works_nights(session, person.id, now=now))


def _department(session: Session, unit_id: int | None) -> str | None:
    keys = select(Department.key).join(Unit, col(Unit.department_id) == col(Department.id)).where(Unit.id == unit_id)
    return session.exec(keys).first()


def works_nights(session: Session, person_id: int | None, *, now: datetime) -> bool:
    """Her shift now, or the next one, goes through three at night; where none is known, she is up at night now."""
    known = roster.known_of(session, [] if person_id is None else [person_id], now=now)
    for who in known.values():
        span = next(who.plan.coming(now), None)
        if span is not None:
            three = clock.next_time(time(3), span.starts_at)
            return three < span.until_at
    return not clock.is_open(clock.parse_hours(settings.read(session).text("hours.asker")), now)


def options(session: Session, ticket_id: int, *, now: datetime, most: int = 3) -> list[Stuga]:
    """Which sessions a question may be brought to."""
    return suitable(session, wish_of(session, tickets.get(session, ticket_id), now=now), now=now, most=most)


# ---- what views show -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A session as people see it. `tools`: keys; `departments`: names; `helpers` without the host."""

    id: int
    name: str
    starts_at: datetime
    ends_at: datetime
    stage: Stage = Stage.PLANNED
    tools: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    for_night: bool = False
    room: str = ""
    address: str = ""
    way_in: str = ""
    link: str = ""
    host: str = ""
    helpers: tuple[str, ...] = ()
    parked: int = 0
    heads: int = 0
    sequence: int = 0


def shown(session: Session, stuga: Stuga) -> Shown:
    staff = stuga_series.staff_of(session, stuga.pk)
    names = people.find(session, staff)
    hosts = [names[who].name for who, part in staff.items() if part is Part.HOST]
    return Shown(
        stuga.pk,
        stuga.name,
        stuga.starts_at,
        stuga.ends_at,
        stuga.stage,
        stuga.themes,
        _names(session, stuga.invited),
        stuga.for_night,
        stuga.room,
        stuga.address,
        stuga.way_in,
        stuga.link,
        host=", ".join(hosts),
        helpers=tuple(names[who].name for who, part in staff.items() if part is Part.HELPER),
        parked=len(tickets.parked_at(session, stuga.pk)),
        heads=stuga.heads,
        sequence=stuga.sequence,
    )


def _names(session: Session, keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(session.exec(select(Department.name).where(col(Department.key).in_(keys)).order_by(Department.name)))


def next_for(session: Session, person: Person, *, now: datetime, most: int = 3) -> list[Shown]:
    """What Home and `/stuga` show: of those that suit her best, the next first, as a list of dates is read."""
    found = suitable(session, wish_for(session, person, now=now), now=now, most=most)
    return [shown(session, each) for each in sorted(found, key=lambda stuga: (stuga.starts_at, stuga.pk))]


def open_to(session: Session, person_id: int, *, now: datetime, own: bool = False) -> list[Stuga]:
    """What she may run today, the next first: those that come, are on, or have ended and take outcomes still.

    `own`: only where she is host or helper.
    """
    lately = (col(Stuga.stage) == Stage.ENDED) & (col(Stuga.ends_at) > now - LONG_WEEKEND)
    query = select(Stuga).where((col(Stuga.stage) == Stage.PLANNED) | lately)
    if own:
        query = query.where(col(Stuga.id).in_(select(StugaStaff.stuga_id).where(StugaStaff.person_id == person_id)))
    found = session.exec(query.order_by(col(Stuga.starts_at), col(Stuga.id)))
    here = [stuga for stuga in found if stuga.stage is Stage.PLANNED or now <= ends_by_itself(stuga)]
    on = clock.today(now)
    return here if own else [each for each in here if stuga_series.may_run(session, person_id, each, on=on)]


@dataclass(frozen=True)
class Pause:
    """No session in these weeks. `back_on`: the day of the next one after them, None where none is planned."""

    first_week: int
    last_week: int
    back_at: datetime | None


def pause_now(session: Session, *, now: datetime) -> Pause | None:
    """The paused weeks that today lies in, for a clear message; None outside them, and where a session comes anyway."""
    rules, week = settings.read(session), clock.today(now).isocalendar().week
    weeks = stuga_series.paused_weeks(rules.text("stuga.pauses"))
    if week not in weeks or suitable(session, Wish(), now=now):
        return None
    first = next(w for w in range(week, 0, -1) if w - 1 not in weeks)
    last = next(w for w in range(week, 54) if w + 1 not in weeks)
    coming = stuga_series.planned(session, since=now)
    return Pause(first, last, coming[0].starts_at if coming else _first_after(session, now))


def _first_after(session: Session, now: datetime) -> datetime | None:
    today = clock.today(now)
    rows = stuga_series.series_in_force(session, on=today)
    ahead = stuga_series.days(rows, settings.read(session), first=today, last=today + timedelta(days=120))
    return min((found.series.span(found.day)[0] for found in ahead if not found.why_not), default=None)


# ---- parking ---------------------------------------------------------------------------------------------------------


def park(session: Session, ticket_id: int, *, by: int | None, now: datetime, stuga_id: int | None = None) -> Ticket:
    """Bring it to this session, or to the next that suits; parked already: to that one instead.

    Without a suitable one it waits, and goes back to the ladder at its time. Raises NotComing for a session that it
    cannot be brought to, NotYourTurn and AlreadyClosed.
    """
    ticket = tickets.get(session, ticket_id)
    found = options(session, ticket_id, now=now, most=50)
    if stuga_id is not None:
        found = [stuga for stuga in found if stuga.id == stuga_id]
        if not found:
            raise NotComing
    _put(session, ticket, found[0] if found else None, by=by, now=now)
    return ticket


def _put(session: Session, ticket: Ticket, stuga: Stuga | None, *, by: int | None, now: datetime) -> None:
    before = ticket.stuga_id
    if stuga is not None and stuga.id == before:
        return
    to = stuga_series.coming_one(session, stuga.pk).pk if stuga is not None else None  # held: nobody cancels it now
    tickets.park(session, ticket, stuga_id=to, by=by, now=now)
    for each in (before, to):
        show_agenda(session, each, now=now)


def unpark(session: Session, ticket_id: int, *, by: int | None, now: datetime) -> Ticket:
    """ "Jag vill ha hjälp nu": back to the ladder, and somebody is asked."""
    ticket = tickets.get(session, ticket_id)
    before = ticket.stuga_id
    tickets.unpark(session, ticket, by=by, now=now)
    ladder.advance(session, ticket, now=now)
    show_agenda(session, before, now=now)
    return ticket


def place_anew(session: Session, ticket: Ticket, *, by: int | None, now: datetime) -> None:
    """Its session will not take it up: the next that suits, else the ladder."""
    found = suitable(session, wish_of(session, ticket, now=now), now=now, most=2)
    other = [stuga for stuga in found if stuga.id != ticket.stuga_id]
    if other:
        _put(session, ticket, other[0], by=by, now=now)
    else:
        unpark(session, ticket.pk, by=by, now=now)


def settle(session: Session, *, now: datetime) -> None:
    """Questions that wait without a session: one that suits may have been planned since."""
    for ticket in tickets.parked_at(session, None):
        found = suitable(session, wish_of(session, ticket, now=now), now=now, most=1)
        if found:
            _put(session, ticket, found[0], by=None, now=now)


def brought(session: Session, stuga_id: int, person_id: int | None = None) -> list[Ticket]:
    """Questions that were parked for this session at some time, by whomever asked them."""
    here = select(History.ticket_id).where(col(History.event).in_(PARKED), History.note == str(stuga_id))
    found = select(Ticket).where(col(Ticket.id).in_(here)).order_by(col(Ticket.id))
    return [each for each in session.exec(found) if person_id in (None, each.asker_id)]


# ---- cancel, move ----------------------------------------------------------------------------------------------------


def need_run(session: Session, person_id: int, stuga: Stuga, *, now: datetime) -> None:
    if not stuga_series.may_run(session, person_id, stuga, on=clock.today(now)):
        raise NotYours


def cancel(session: Session, stuga_id: int, *, by: int, now: datetime) -> Stuga:
    """One tap: its questions go on, everybody concerned is told once. Raises NotYours, NotComing, Gone."""
    stuga = stuga_series.coming_one(session, stuga_id)
    need_run(session, by, stuga, now=now)
    _cancel(session, [(stuga, concerned_by(session, stuga))], by=by, now=now)
    return stuga


def _cancel(
    session: Session, those: Sequence[tuple[Stuga, "Concerned"]], *, by: int | None, now: datetime
) -> None:
    """First all of them: no question goes to one that is cancelled a moment later."""
    for stuga, _ in those:
        close(session, stuga, Stage.CANCELLED, now=now)
    for stuga, concerned in those:
        for ticket in tickets.parked_at(session, stuga.pk):
            place_anew(session, ticket, by=by, now=now)
        _tell(session, stuga, concerned, by=by, now=now)


def close(session: Session, stuga: Stuga, stage: Stage, *, now: datetime) -> None:
    """Over, one way or the other, once. Raises NotComing for the second one."""
    still = update(Stuga).where(col(Stuga.id) == stuga.id, col(Stuga.stage) == Stage.PLANNED)
    over = {"stage": stage, "next_step": None, "next_at": None, "closed_at": now, "changed_at": now}
    more = {"sequence": stuga.sequence + 1} if stage is Stage.CANCELLED else {}
    if changed(session, still.values(**over, **more)) == 0:
        raise NotComing
    session.refresh(stuga)


@dataclass(frozen=True)
class Move:
    """Another time or place. None: as it was."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room: str | None = None
    address: str | None = None
    way_in: str | None = None
    link: str | None = None


def move(session: Session, stuga_id: int, to: Move, *, by: int, now: datetime) -> Stuga:
    """This one only. Questions that would wait too long go on. Raises NotAhead, NotYours, NotComing, Gone."""
    stuga = stuga_series.coming_one(session, stuga_id)
    need_run(session, by, stuga, now=now)
    alter(session, stuga, {name: value for name, value in vars(to).items() if value is not None}, by=by, now=now)
    return stuga


def alter(session: Session, stuga: Stuga, values: dict[str, Any], *, by: int, now: datetime) -> None:
    """This one only, which is held by who asks: its series does not change it back. Raises NotAhead."""
    starts_at, ends_at = values.get("starts_at", stuga.starts_at), values.get("ends_at", stuga.ends_at)
    if ends_at <= starts_at or (starts_at != stuga.starts_at and starts_at <= now) or ends_at <= now:
        raise NotAhead
    _change(session, stuga, values | {"own": True}, concerned_by(session, stuga), by=by, now=now)


def _is_news(stuga: Stuga, values: dict[str, object]) -> bool:
    return any(getattr(stuga, name) != value for name, value in values.items() if name in TOLD)


def _change(
    session: Session, stuga: Stuga, values: dict[str, object], concerned: "Concerned", *, by: int | None, now: datetime
) -> None:
    """What its guests have to know of is told, once, and makes a new edition for their calendars."""
    news = _is_news(stuga, values)
    for name, value in values.items():
        setattr(stuga, name, value)
    if news:
        stuga.sequence, stuga.changed_at = stuga.sequence + 1, now
        stuga.next_step, stuga.next_at = next_step(stuga, after=None, now=now)
    session.add(stuga)
    session.flush()
    _send_on_what_waits_too_long(session, stuga, by=by, now=now)
    for ticket in tickets.parked_at(session, stuga.pk) if news else ():
        tickets.show_all(session, ticket, int(now.timestamp() * 1_000_000), now=now)
    _tell(session, stuga, concerned if news else Concerned(set(), set()), by=by, now=now)


TOLD = ("starts_at", "ends_at", "room", "address", "way_in", "link")


def _send_on_what_waits_too_long(session: Session, stuga: Stuga, *, by: int | None, now: datetime) -> None:
    for ticket in tickets.parked_at(session, stuga.pk):
        wish = wish_of(session, ticket, now=now)
        late = stuga.starts_at > now + settings.read(session).span("parked.back")
        if late or not fits(stuga, wish):
            place_anew(session, ticket, by=by, now=now)


@dataclass(frozen=True)
class Concerned:
    """Whom a change concerns: who asked what is brought or has it in her calendar, and who runs it."""

    guests: set[int]
    staff: set[int]


def concerned_by(session: Session, stuga: Stuga) -> Concerned:
    asked = {ticket.asker_id for ticket in tickets.parked_at(session, stuga.pk)}
    kept = {posted.to_id for posted in outbox.placed(session, f"stuga_ics:{stuga.id}:")}
    guests = {each for each in asked if each is not None} | kept
    return Concerned(guests, set(stuga_series.staff_of(session, stuga.pk)) - guests)


def _tell(session: Session, stuga: Stuga, concerned: Concerned, *, by: int | None, now: datetime) -> None:
    """Once an edition. Who did it knows."""
    for person_id in sorted(concerned.guests - {by}):
        _tell_one(session, stuga, "stuga_told", person_id, now=now)
    for person_id in sorted(concerned.staff - {by}):
        _tell_one(session, stuga, "stuga_told_staff", person_id, now=now)
    for posted in outbox.placed(session, f"stuga_ics:{stuga.id}:"):
        _put_file(session, stuga, posted.to_id, now=now)
    show_agenda(session, stuga.pk, now=now)


def keep_in_calendar(session: Session, stuga_id: int, *, by: int, now: datetime) -> Stuga:
    """[Lägg i min kalender]: a message, and the calendar file under it; again after every change. Raises NotComing."""
    stuga = stuga_series.coming_one(session, stuga_id)
    place = f"stuga_ics:{stuga.id}:{by}"
    outbox.put(session, Intent("stuga_ics", by, stuga.id, place, f"{stuga.sequence}"), now=now)
    _put_file(session, stuga, by, now=now)
    return stuga


def _put_file(session: Session, stuga: Stuga, person_id: int, *, now: datetime) -> None:
    """Once an edition."""
    place = f"stuga_ics_file:{stuga.id}:{person_id}:{stuga.sequence}"
    outbox.put(session, Intent("stuga_ics_file", person_id, stuga.id, place, "file"), now=now)


def _tell_one(session: Session, stuga: Stuga, kind: str, person_id: int, *, now: datetime) -> None:
    place = f"{kind}:{stuga.id}:{person_id}:{stuga.sequence}"
    outbox.put(session, Intent(kind, person_id, stuga.id, place, "changed"), now=now)


def show_agenda(session: Session, stuga_id: int | None, *, now: datetime) -> None:
    """The agendas that stand somewhere already say what is true now."""
    if stuga_id is not None:
        for posted in outbox.placed(session, f"stuga_agenda:{stuga_id}:"):
            cause = f"{now:%Y%m%dT%H%M%S%f}"
            outbox.put(session, Intent("stuga_agenda", posted.to_id, stuga_id, posted.place, cause), now=now)


# ---- the clock -------------------------------------------------------------------------------------------------------


def steps(stuga: Stuga) -> list[tuple[StugaStep, datetime]]:
    """When the clock does what, for one session."""
    soon = stuga.starts_at - timedelta(minutes=30)
    morning = clock.moment(stuga.day, MORNING)
    found = [(StugaStep.AGENDA, clock.moment(stuga.day - timedelta(days=1), NOON))]
    found += [(StugaStep.MORNING, morning)] if morning < soon - timedelta(hours=1) else []
    return [*found, (StugaStep.SOON, soon), (StugaStep.END, ends_by_itself(stuga))]


def ends_by_itself(stuga: Stuga) -> datetime:
    """The next working day at noon; until then outcomes can be logged."""
    return clock.moment(clock.today(clock.working_days_later(stuga.ends_at, 1)), NOON)


def next_step(stuga: Stuga, *, after: StugaStep | None, now: datetime) -> tuple[StugaStep, datetime]:
    """What comes next; what lies behind is left out, but never its end."""
    order = list(StugaStep)
    begin = order.index(after) + 1 if after else 0
    return next(
        (step, at) for step, at in steps(stuga) if order.index(step) >= begin and (at > now or step is StugaStep.END)
    )


def keep_calendar(session: Session, *, now: datetime) -> None:
    """Sessions as the series say, some weeks ahead. Safe twice: what is right is left alone.

    Called by the clock every day, after an import and after every change of a series.
    """
    rules, monday = settings.read(session), clock.monday(clock.today(now))
    last = clock.monday(clock.today(now + rules.span("stuga.ahead"))) + timedelta(days=6)
    rows = stuga_series.series_in_force(session, on=monday)
    season = {(d.series.key, d.slot): d for d in stuga_series.days(rows, rules, first=monday, last=last)}
    ahead = {key: day for key, day in season.items() if not day.why_not and day.series.span(day.day)[0] > now}
    for key in ahead.keys() - _known(session, {slot for _, slot in ahead}):
        _create(session, ahead[key], now=now)
    told: set[str] = set()
    off: list[tuple[Stuga, Concerned]] = []
    for stuga in stuga_series.planned(session, since=now):
        key = stuga.series, stuga.slot
        near = stuga.starts_at > now and slot_of(monday) <= stuga.slot <= slot_of(last)
        if near and not (stuga.own and key in season):  # moved by hand it stays there, while its series goes on
            concerned = _untold(concerned_by(session, stuga), stuga, told)
            told |= set() if key in ahead and not _is_news(stuga, _values(ahead[key])) else {stuga.series}
            if key in ahead:
                _adjust(session, stuga, ahead[key], concerned, now=now)
            else:
                off.append((stuga, concerned))
    _cancel(session, off, by=None, now=now)
    settle(session, now=now)


def _known(session: Session, slots: Iterable[str]) -> set[tuple[str, str]]:
    return set(session.exec(select(Stuga.series, Stuga.slot).where(col(Stuga.slot).in_(sorted(slots)))))


def _untold(concerned: "Concerned", stuga: Stuga, told: set[str]) -> "Concerned":
    """Host and helpers are told of the first that changes: one message says it of all that follow."""
    return Concerned(concerned.guests, set()) if stuga.series in told else concerned


def _adjust(session: Session, stuga: Stuga, day: Day, concerned: "Concerned", *, now: datetime) -> None:
    values = _values(day)
    if any(getattr(stuga, name) != value for name, value in values.items()):
        _change(session, stuga, values, concerned, by=None, now=now)
    _staff(session, stuga, day.series, now=now)


def _values(day: Day) -> dict[str, object]:
    starts_at, ends_at = day.series.span(day.day)
    alike = {name: getattr(day.series, name) for name in SAID_ALIKE}
    return alike | {"starts_at": starts_at, "ends_at": ends_at}


def _create(session: Session, day: Day, *, now: datetime) -> None:
    values: dict[str, Any] = _values(day)
    stuga = Stuga(series=day.series.key, slot=day.slot, uid=stuga_series.token(), changed_at=now, **values)
    stuga.next_step, stuga.next_at = next_step(stuga, after=None, now=now)
    if add_once(session, Stuga, **stuga.model_dump(exclude={"id"})):
        made = session.exec(select(Stuga).where(Stuga.series == stuga.series, Stuga.slot == stuga.slot)).one()
        _staff(session, made, day.series, now=now)


def _staff(session: Session, stuga: Stuga, series: StugaSeries, *, now: datetime) -> None:
    """Whose turn it is, unless somebody has said otherwise for this one."""
    if stuga.own_staff:
        return
    turns = [turn for turn in stuga_series.turns_of(session, series.key) if turn.holds(stuga.day)]
    away = _away(session, {turn.person_id for turn in turns}, stuga.day)
    set_staff(session, stuga, stuga_series.on_turn(turns, stuga.day, every=series.weeks, away=away), now=now)


def _away(session: Session, ids: set[int], day: date) -> frozenset[int]:
    """On leave that day, or gone."""
    gone = {who for who, person in people.find(session, ids).items() if person.deactivated_at is not None}
    return frozenset(gone | people.away_until(session, ids, on=day).keys())


def set_staff(session: Session, stuga: Stuga, staff: dict[int, Part], *, now: datetime) -> None:
    """Who runs it. When the agenda is out, all get it, and those who come in for others are told."""
    before = stuga_series.staff_of(session, stuga.pk)
    if before == staff:
        return
    changed(session, delete(StugaStaff).where(col(StugaStaff.stuga_id) == stuga.id))
    session.add_all(StugaStaff(stuga_id=stuga.pk, person_id=who, part=part) for who, part in staff.items())
    session.flush()
    if stuga.next_step is not StugaStep.AGENDA:
        for person_id in sorted(staff.keys() - before.keys() if before else ()):
            _tell_one(session, stuga, "stuga_told_staff", person_id, now=now)
        hand_out_agenda(session, stuga, now=now)


def hand_over(session: Session, stuga_id: int, to: int, *, by: int, now: datetime) -> Stuga:
    """Another host for this one: the former one falls ill. Raises NotYours, NotComing, Gone."""
    stuga = stuga_series.coming_one(session, stuga_id)
    need_run(session, by, stuga, now=now)
    others = {who: part for who, part in stuga_series.staff_of(session, stuga.pk).items() if part is not Part.HOST}
    staff_one(session, stuga, {**others, to: Part.HOST}, by=by, now=now)
    return stuga


def staff_one(session: Session, stuga: Stuga, staff: dict[int, Part], *, by: int, now: datetime) -> None:
    """Who runs this one, whosesoever turn it is; those who come in are told."""
    new = staff.keys() - stuga_series.staff_of(session, stuga.pk).keys()
    hosts = {who for who, part in staff.items() if part is Part.HOST} - set(hosts_of(session, stuga))
    stuga.own_staff = True
    set_staff(session, stuga, staff, now=now)
    _tell(session, stuga, Concerned(set(), new | hosts), by=by, now=now)


def hosts_of(session: Session, stuga: Stuga) -> list[int]:
    return [who for who, part in stuga_series.staff_of(session, stuga.pk).items() if part is Part.HOST]


def due(session: Session, *, now: datetime) -> list[int]:
    """Sessions whose next step is due."""
    found = select(Stuga.id).where(Stuga.stage == Stage.PLANNED, col(Stuga.next_at) <= now)
    return [i for i in session.exec(found.order_by(col(Stuga.next_at))) if i is not None]


def step_on(session: Session, stuga: Stuga, *, now: datetime) -> None:
    """The step that was due is done."""
    stuga.next_step, stuga.next_at = next_step(stuga, after=stuga.next_step, now=now)
    session.add(stuga)
    session.flush()


def remind(session: Session, stuga: Stuga, *, now: datetime) -> None:
    """Those who bring something, once a step."""
    for person_id in sorted({t.asker_id for t in tickets.parked_at(session, stuga.pk) if t.asker_id is not None}):
        place = f"stuga_reminder:{stuga.id}:{person_id}:{stuga.next_step}:{stuga.sequence}"
        outbox.put(session, Intent("stuga_reminder", person_id, stuga.id, place, "due"), now=now)


def hand_out_agenda(session: Session, stuga: Stuga, *, now: datetime) -> None:
    for person_id in stuga_series.staff_of(session, stuga.pk):
        place = f"stuga_agenda:{stuga.id}:{person_id}"
        outbox.put(session, Intent("stuga_agenda", person_id, stuga.id, place, "due"), now=now)
