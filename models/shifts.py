"""Working hours that are known beforehand: shifts from the staffing system, and a person's recurring rota.

The rows, and sums over a `Plan`, which are pure. Not here: what somebody says of her own day, her leave, and so whether
she is at work (roster.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from heapq import merge

from sqlalchemy import bindparam, or_
from sqlmodel import Field, Session, SQLModel, col, select

from models import clock
from models.columns import check, code, instant

LONGEST_CYCLE = 10  # weeks
DAY = timedelta(days=1)
HORIZON = timedelta(weeks=LONGEST_CYCLE + 2)  # so far ahead a rota has begun anew


class Weekday(StrEnum):
    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


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
        if day.weekday() != NUMBER_OF[self.day] or not self.holds(day):
            return False
        gone = (clock.monday(day) - clock.monday(self.starts_on)) // timedelta(weeks=1)
        return gone % self.weeks == self.week - 1

    def span(self, day: date) -> Span:
        """As the clocks of that night go: 21 to 07 is nine hours in spring and eleven in autumn."""
        last = day + DAY if self.closes < self.opens else day
        opens, closes = time.fromisoformat(self.opens), time.fromisoformat(self.closes)
        return Span(clock.moment(day, opens), clock.moment(last, closes))


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
        for ahead in range(HORIZON // DAY):
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
    for person_id, starts_at, until_at in session.exec(_SHIFTS, params=around):
        staffed.setdefault(person_id, []).append(Span(starts_at, until_at))
    rotas: dict[int, list[Pattern]] = {}
    for spell in session.exec(_ROTAS, params={"ids": wanted, "day": clock.today(now) - 3 * DAY}):
        rotas.setdefault(spell.person_id, []).append(spell)
    return {
        person_id: Plan(tuple(staffed.get(person_id, ())), tuple(rotas.get(person_id, ())), gap)
        for person_id in staffed.keys() | rotas.keys()
    }
