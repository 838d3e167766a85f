"""Working time against a sum that shares nothing with it: Easter by its own rule, summer time by the law's, minute by minute.

The moments are the awkward ones: both clock changes, New Year, week 53, Easter, midsommar.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from models import clock

MINUTE = timedelta(minutes=1)
OFFICE, EXPERTS, NIGHT = "mon-fri 08:00-16:30", "mon-sun 07:00-21:00", "mon-sun 00:00-24:00"
AWKWARD = [
    datetime(2026, 12, 23, 15, 0, tzinfo=UTC),  # the afternoon before julafton
    datetime(2026, 12, 30, 15, 10, tzinfo=UTC),  # week 53, and nyårsafton next
    datetime(2027, 1, 5, 15, 20, tzinfo=UTC),  # trettondagen next
    datetime(2027, 3, 25, 15, 0, tzinfo=UTC),  # skärtorsdagen; the clocks change on Easter Sunday
    datetime(2027, 3, 27, 19, 50, tzinfo=UTC),  # ten to nine the evening before
    datetime(2027, 3, 28, 0, 59, tzinfo=UTC),  # a minute before the hour that is not there
    datetime(2027, 5, 5, 14, 0, tzinfo=UTC),  # Kristi himmelsfärd next
    datetime(2027, 6, 24, 14, 0, tzinfo=UTC),  # midsommarafton next
    datetime(2027, 10, 30, 18, 45, tzinfo=UTC),  # the evening before the hour that comes twice
    datetime(2027, 10, 31, 0, 30, tzinfo=UTC),  # in the first of the two
]


def easter(year: int) -> date:
    """The anonymous Gregorian rule."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def closed(day: date) -> bool:
    """Red days of the law (1989:253) and the three eves, as weekday offices keep them."""
    fixed = {(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)}
    moving = {easter(day.year) + timedelta(days=n) for n in (-2, 0, 1, 39, 49)}
    midsommarafton = day.month == 6 and 19 <= day.day <= 25 and day.weekday() == 4
    return (day.month, day.day) in fixed or day in moving or midsommarafton


@cache
def last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def wall(at: datetime) -> datetime:
    """Swedish clocks: an hour ahead, two from the last Sunday of March to that of October, at one o'clock UTC."""
    begins, ends = (
        datetime.combine(last_sunday(at.year, month), datetime.min.time(), UTC) + timedelta(hours=1) for month in (3, 10)
    )
    return (at + timedelta(hours=2 if begins <= at < ends else 1)).replace(tzinfo=None)


def open_minute(hours: str, at: datetime) -> bool:
    here = wall(at)
    at_least, below = {OFFICE: ((8, 0), (16, 30)), EXPERTS: ((7, 0), (21, 0)), NIGHT: ((0, 0), (24, 0))}[hours]
    if hours == OFFICE and (here.weekday() > 4 or closed(here.date())):
        return False
    return at_least <= (here.hour, here.minute) < below


def counted(hours: str, start: datetime, minutes: int) -> datetime:
    """The end of the last of so many open minutes."""
    at = start
    while minutes:
        minutes -= open_minute(hours, at)
        at += MINUTE
    return at


@pytest.mark.parametrize("hours", [OFFICE, EXPERTS])
@pytest.mark.parametrize("start", AWKWARD, ids=str)
@pytest.mark.parametrize("minutes", [3, 20, 60, 700])
def test_a_target_is_what_one_gets_by_counting(hours, start, minutes):
    due = clock.add_open_time(clock.parse_hours(hours), start, timedelta(minutes=minutes))
    assert due == counted(hours, start, minutes)


@pytest.mark.parametrize("hours", [OFFICE, EXPERTS, NIGHT])
@pytest.mark.parametrize("start", AWKWARD, ids=str)
def test_the_next_opening_is_the_first_open_minute(hours, start):
    at = start
    while not open_minute(hours, at):
        at += MINUTE
    assert clock.next_open(clock.parse_hours(hours), start) == at


def test_every_day_of_three_years_is_red_for_both_or_for_neither():
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(3 * 365)]
    offices = [day for day in days if day.weekday() < 5]
    assert [day for day in offices if clock.is_red(day)] == [day for day in offices if closed(day)]
