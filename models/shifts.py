"""Working hours that are known beforehand: shifts from the staffing system, and a person's recurring rota.

The rows, and sums over a `Plan`, which are pure. Not here: what somebody says of her own day, her leave, and so whether
she is at work (roster.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import merge

from sqlalchemy import ColumnElement, and_, bindparam, or_
from sqlmodel import Field, Session, SQLModel, col, delete, select, update

from models import clock
from models.clock import Weekday as Weekday
from models.columns import check, code, instant
from models.db import changed, looked_up, values
from models.errors import Refused

LONGEST_CYCLE = 10  # weeks
DAY = timedelta(days=1)
HORIZON = timedelta(weeks=56)  # leave may take one turn of a rota after another


NUMBER_OF = {day: number for number, day in enumerate(Weekday)}


@dataclass(frozen=True, order=True)
class Span:
    starts_at: datetime
    until_at: datetime


class Shift(SQLModel, table=True):
    """A dated shift as the staffing system has it. One that vanishes before it begins is cancelled."""

    __table_args__ = (check("until_at > starts_at", "ends_after_it_starts"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    starts_at: datetime = instant(index=True)
    until_at: datetime = instant(index=True)
    cancelled_on: date | None = None


class Pattern(SQLModel, table=True):
    """A spell that comes again every `weeks` weeks; week 1 is the week in which it starts.

    `opens` and `closes` are `21:00`; 21:00 to 07:00 goes past midnight. `own`: she has set it herself.
    """

    __table_args__ = (
        check(f"week BETWEEN 1 AND weeks AND weeks <= {LONGEST_CYCLE}", "week_of_its_cycle"),
        check("opens <> closes", "two_times"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    weeks: int = 1
    week: int = 1
    day: Weekday = code(Weekday)
    opens: str = Field(max_length=5)
    closes: str = Field(max_length=5)
    starts_on: date
    ends_on: date | None = None
    own: bool = False

    def holds(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def falls_on(self, day: date) -> bool:
        """Whether it begins on this day."""
        return day.weekday() == NUMBER_OF[self.day] and self.holds(day) and self.in_week_of(clock.monday(day))

    def in_week_of(self, monday: date) -> bool:
        """Whether the week that begins so is its week of the cycle."""
        gone = (monday - clock.monday(self.starts_on)) // timedelta(weeks=1)
        return gone % self.weeks == self.week - 1

    def span(self, day: date) -> Span:
        """As the clocks of that night go: 21 to 07 is nine hours in spring and eleven in autumn."""
        return _span(day, self.opens, self.closes)


def _span(day: date, opens: str, closes: str) -> Span:
    last = day + DAY if closes < opens else day
    return Span(clock.moment(day, time.fromisoformat(opens)), clock.moment(last, time.fromisoformat(closes)))


@dataclass(frozen=True)
class Plan:
    """What is known of somebody's hours around now. `shifts` in the order of their beginnings.

    Between two shifts that are at most `gap` apart the staffing system has said that she is off. There her rota says
    nothing; elsewhere it says all, on the days on which it holds.
    """

    shifts: tuple[Span, ...] = ()
    rota: tuple[Pattern, ...] = ()
    gap: timedelta = timedelta(0)

    def covers(self, at: datetime) -> bool:
        """Whether it is known that she works, or is off, at this instant."""
        return self._staffing_covers(at) or any(spell.holds(clock.today(at)) for spell in self.rota)

    def _staffing_covers(self, at: datetime) -> bool:
        begun = [shift.until_at for shift in self.shifts if shift.starts_at <= at]
        if not begun:
            return False
        ended = max(begun)
        following = next((shift.starts_at for shift in self.shifts if shift.starts_at > at), None)
        return at < ended or (following is not None and following - ended <= self.gap)

    def coming(self, after: datetime) -> Iterator[Span]:
        """Spans that are not over at this instant, by their beginning."""
        staffed = (shift for shift in self.shifts if shift.until_at > after)
        return merge(staffed, self._rota(after))

    def _rota(self, after: datetime) -> Iterator[Span]:
        if not self.rota:
            return
        first = clock.today(after) - DAY
        last = min(first + HORIZON, max(spell.ends_on or date.max for spell in self.rota))
        for ahead in range((last - first).days + 1):
            for span in sorted(self._rota_on(first + ahead * DAY)):
                if span.until_at > max(after, span.starts_at) and not self._staffing_covers(span.starts_at):
                    yield span

    def _rota_on(self, day: date) -> list[Span]:
        """Her own rota is not mixed with the one that was imported."""
        mine = any(spell.own and spell.holds(day) for spell in self.rota)
        return [spell.span(day) for spell in self.rota if spell.falls_on(day) and spell.own >= mine]


NOTHING = Plan()

_SHIFTS = (
    select(Shift.person_id, Shift.starts_at, Shift.until_at)
    .where(
        col(Shift.person_id).in_(bindparam("ids", expanding=True)),
        col(Shift.cancelled_on).is_(None),
        col(Shift.until_at) > bindparam("since"),
        col(Shift.starts_at) < bindparam("until"),
    )
    .order_by(col(Shift.starts_at))
)
_ROTAS = select(Pattern).where(
    col(Pattern.person_id).in_(bindparam("ids", expanding=True)),
    or_(col(Pattern.ends_on).is_(None), col(Pattern.ends_on) >= bindparam("day")),
)


def plans(session: Session, ids: Iterable[int], *, gap: timedelta, now: datetime) -> dict[int, Plan]:
    """What is known of these people, in two queries; those of whom nothing is known are left out."""
    wanted = list(ids)
    around = {"ids": wanted, "since": now - gap, "until": now + gap}
    staffed: dict[int, list[Span]] = {}
    for person_id, starts_at, until_at in looked_up(session, _SHIFTS, around):
        staffed.setdefault(person_id, []).append(Span(starts_at, until_at))
    rotas: dict[int, list[Pattern]] = {}
    for spell in looked_up(session, _ROTAS, {"ids": wanted, "day": clock.today(now) - 3 * DAY}):
        rotas.setdefault(spell.person_id, []).append(spell)
    return {
        person_id: Plan(tuple(staffed.get(person_id, ())), tuple(rotas.get(person_id, ())), gap)
        for person_id in staffed.keys() | rotas.keys()
    }


# ---- when shifts change, for the clock -------------------------------------------------------------------------


def changes(session: Session, *, since: datetime, until: datetime) -> tuple[set[datetime], set[datetime]]:
    """The instants in this short while at which somebody's shift begins, and ends."""
    while_it_lasts = {"since": since, "until": until}
    begins, ends = (set(values(session, query, while_it_lasts)) for query in (_BEGINS, _ENDS))
    for day, opens, closes in looked_up(session, _SPELLS, _days(since)):
        for begun in _recently(Weekday(day), since):
            span = _span(begun, opens, closes)
            begins |= {span.starts_at} if since < span.starts_at <= until else set()
            ends |= {span.until_at} if since < span.until_at <= until else set()
    return begins, ends


def whose(session: Session, at: datetime) -> list[int]:
    """Whose shift begins or ends at this instant."""
    either = or_(col(Shift.starts_at) == at, col(Shift.until_at) == at)
    found = set(session.exec(select(Shift.person_id).where(_STANDS, either)))
    rows = session.exec(select(Pattern).where(_holds_lately()), params=_days(at))
    for row in rows:
        spans = [row.span(day) for day in _recently(row.day, at) if row.falls_on(day)]
        if any(at in (span.starts_at, span.until_at) for span in spans):
            found.add(row.person_id)
    return sorted(found)


def _recently(weekday: Weekday, at: datetime) -> list[date]:
    """The day of that name that is today, was yesterday or is tomorrow."""
    near = (clock.today(at) + ahead * DAY for ahead in (-1, 0, 1))
    return [day for day in near if day.weekday() == NUMBER_OF[weekday]]


def _days(at: datetime) -> dict[str, object]:
    near = [clock.today(at) + ahead * DAY for ahead in (-1, 0, 1)]
    return {"first": near[0], "last": near[-1], "days": [list(Weekday)[day.weekday()] for day in near]}


def _holds_lately() -> ColumnElement[bool]:
    ends = or_(col(Pattern.ends_on).is_(None), col(Pattern.ends_on) >= bindparam("first"))
    on_the_day = col(Pattern.day).in_(bindparam("days", expanding=True))
    return and_(col(Pattern.starts_on) <= bindparam("last"), ends, on_the_day)


_STANDS = col(Shift.cancelled_on).is_(None)
_BEGINS = (
    select(Shift.starts_at)
    .where(_STANDS, col(Shift.starts_at) > bindparam("since"), col(Shift.starts_at) <= bindparam("until"))
    .distinct()
)
_ENDS = (
    select(Shift.until_at)
    .where(_STANDS, col(Shift.until_at) > bindparam("since"), col(Shift.until_at) <= bindparam("until"))
    .distinct()
)
_SPELLS = select(Pattern.day, Pattern.opens, Pattern.closes).where(_holds_lately()).distinct()


# ---- what somebody sets herself ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spells:
    """The same hours on some days of one week of a cycle. `week`: 0 is this week. No hours: off on those days."""

    weeks: int
    week: int
    days: frozenset[Weekday]
    hours: tuple[str, str] | None


@dataclass(frozen=True)
class Week:
    """A week of somebody's cycle as it comes next: its Monday, and (day, from, to) in order."""

    monday: date
    spells: tuple[tuple[Weekday, str, str], ...]


class NoSuchHours(Refused):
    """A forged form; the form itself offers nothing else."""

    key = "refused.gone"


def rota_of(session: Session, person_id: int, *, now: datetime) -> list[Week]:
    """One cycle of the rota that holds today, from this week on; empty where there is none."""
    rows = _in_force(session, person_id, clock.today(now))
    return _unrolled(rows, max((row.weeks for row in rows), default=0), clock.monday(clock.today(now)))


def _unrolled(rows: Iterable[Pattern], weeks: int, monday: date) -> list[Week]:
    """Also to another length of the cycle than the rows': what comes in the weeks ahead is what stands."""
    kept = list(rows)
    mondays = [monday + timedelta(weeks=ahead) for ahead in range(weeks)]
    return [
        Week(first, tuple((r.day, r.opens, r.closes) for r in sorted(kept, key=_order) if r.in_week_of(first)))
        for first in mondays
    ]


def _order(row: Pattern) -> tuple[int, str]:
    return NUMBER_OF[row.day], row.opens


def _in_force(session: Session, person_id: int, day: date) -> list[Pattern]:
    rows = [row for row in session.exec(_ROTAS, params={"ids": [person_id], "day": day}) if row.holds(day)]
    mine = any(row.own for row in rows)
    return [row for row in rows if row.own >= mine]


def set_pattern(session: Session, person_id: int, change: Spells, *, now: datetime) -> None:
    """From today her rota is as it was, but for these days. Weeks count from this one; what was imported rests."""
    if not 1 <= change.weeks <= LONGEST_CYCLE or (change.hours and change.hours[0] == change.hours[1]):
        raise NoSuchHours
    today = clock.today(now)
    weeks = _unrolled(_in_force(session, person_id, today), change.weeks, clock.monday(today))
    fresh = [
        (number, *spell)
        for number, week in enumerate(weeks)
        for spell in week.spells
        if number != change.week % change.weeks or spell[0] not in change.days
    ]
    fresh += [(change.week % change.weeks, day, *change.hours) for day in change.days if change.hours]
    end_pattern(session, person_id, now=now)
    for number, day, opens, closes in fresh:
        session.add(
            Pattern(person_id=person_id, weeks=change.weeks, week=number + 1, day=day, opens=opens, closes=closes,
                    starts_on=today, own=True)
        )  # fmt: skip
    session.flush()


def end_pattern(session: Session, person_id: int, *, now: datetime) -> None:
    """The rota that she has set herself ends; the imported one, if there is one, holds again."""
    today = clock.today(now)
    mine = and_(col(Pattern.person_id) == person_id, col(Pattern.own))
    changed(session, delete(Pattern).where(mine, col(Pattern.starts_on) >= today))
    lasting = or_(col(Pattern.ends_on).is_(None), col(Pattern.ends_on) >= today)
    changed(session, update(Pattern).where(mine, lasting).values(ends_on=today - DAY))
