"""Swedish time: when a role's support is open, red days, working days. Pure: the instant is always passed in.

Sources: red days and the eves that are closed in practice (midsommarafton, julafton, nyårsafton) from the
package `holidays`, categories public and de_facto; default hours from settings.csv.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

import holidays

STOCKHOLM = ZoneInfo("Europe/Stockholm")


class Weekday(StrEnum):
    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


DAYS = tuple(Weekday)


@dataclass(frozen=True)
class Hours:
    """Open from `opens` to `closes` on `days` (0 = Monday). Hours of weekdays only are closed on red days."""

    days: frozenset[int]
    opens: time
    closes: time

    @property
    def every_day(self) -> bool:
        return len(self.days) == 7


@cache
def parse_hours(text: str) -> Hours:
    """`mon-fri 08:00-16:30`; the shape is checked by settings.py."""
    days, span = text.split(" ")
    first, _, last = days.partition("-")
    start, end = DAYS.index(first), DAYS.index(last or first)
    opens, closes = (_clock(part) for part in span.split("-"))
    return Hours(frozenset(range(start, end + 1)), opens, closes)


def _clock(text: str) -> time:
    return time.max if text == "24:00" else time.fromisoformat(text)


def local(at: datetime) -> datetime:
    """The instant as a Swedish wall clock shows it."""
    return at.astimezone(STOCKHOLM)


def midnight(day: date) -> datetime:
    """When this day begins on Swedish clocks."""
    return moment(day, time.min)


def monday(day: date) -> date:
    """Of the day's ISO week."""
    return day - timedelta(days=day.weekday())


def today(at: datetime) -> date:
    return local(at).date()


@cache
def _red_days(year: int) -> frozenset[date]:
    found = holidays.country_holidays("SE", years=year, categories=("public", "de_facto"), include_sundays=False)
    return frozenset(found)


def is_red(day: date) -> bool:
    """A public holiday, or an eve on which offices are closed in practice."""
    return day in _red_days(day.year)


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and not is_red(day)


def is_open(hours: Hours, at: datetime) -> bool:
    """Whether a role with these hours counts as reachable at this instant."""
    here = local(at)
    return _open_on(hours, here.date()) and hours.opens <= here.time() < hours.closes


def _open_on(hours: Hours, day: date) -> bool:
    return day.weekday() in hours.days and (hours.every_day or not is_red(day))


def next_open(hours: Hours, after: datetime) -> datetime:
    """The first instant at or after `after` when these hours are open."""
    if is_open(hours, after):
        return after
    day = today(after)
    for ahead in range(30):  # the longest closed stretch in Sweden is under a week
        opens = moment(day + timedelta(days=ahead), hours.opens)
        if opens >= after and _open_on(hours, opens.date()):
            return opens
    raise ValueError("hours that never open")


def opens_anew(hours: Hours, after: datetime) -> datetime:
    """The next time these hours begin, later than `after`."""
    return next_open(hours, closes(hours, after) if is_open(hours, after) else after)


def closes(hours: Hours, at: datetime) -> datetime:
    """When the hours that are open at `at` close."""
    return moment(today(at), hours.closes)


def add_open_time(hours: Hours, start: datetime, span: timedelta) -> datetime:
    """`span` later, counting only open time: 20 minutes from 20.55 with closing at 21 is 07.15."""
    now = next_open(hours, start)
    while now + span > closes(hours, now):
        span -= closes(hours, now) - now
        now = next_open(hours, closes(hours, now))
    return now + span


def working_days_later(at: datetime, days: int) -> datetime:
    """The same wall-clock time, `days` working days on. What comes on a day off counts from the beginning of the next
    working day: two working days after a Saturday are over when Tuesday is, no earlier than after its Friday.
    """
    day, clock = today(at), local(at).time()
    while not is_working_day(day):
        day, clock = day + timedelta(days=1), time.min
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return moment(day, clock)


def week_start(at: datetime) -> datetime:
    """Monday 00.00 of the ISO week, as Swedish clocks show it."""
    return midnight(monday(today(at)))


def next_time(clock: time, after: datetime) -> datetime:
    """The first instant after `after` at which Swedish clocks show `clock`."""
    here = moment(today(after), clock)
    return here if here > after else moment(today(after) + timedelta(days=1), clock)


def moment(day: date, clock: time) -> datetime:
    """When Swedish clocks show this; of the hour that comes twice in autumn the first."""
    return datetime.combine(day, clock, STOCKHOLM).astimezone(UTC)  # sums in UTC are sums of real time
