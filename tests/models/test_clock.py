"""When support is open in Sweden: red days, eves, both clock changes, and time that only counts while open."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import clock
from models.clock import STOCKHOLM
from tests.effort import examples

EVERY_DAY = clock.parse_hours("mon-sun 07:00-21:00")
OFFICE = clock.parse_hours("mon-fri 08:00-16:30")
ALWAYS = clock.parse_hours("mon-sun 00:00-24:00")
WEDNESDAY = clock.parse_hours("wed 13:30-15:00")
ALL = (EVERY_DAY, OFFICE, ALWAYS, WEDNESDAY)


def at(text: str) -> datetime:
    """`2026-11-24 10:00` as a Swedish clock shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


@pytest.mark.parametrize(
    ("hours", "moment", "is_open"),
    [
        (EVERY_DAY, "2026-11-24 07:00", True),
        (EVERY_DAY, "2026-11-24 06:59", False),
        (EVERY_DAY, "2026-11-24 20:59", True),
        (EVERY_DAY, "2026-11-24 21:00", False),
        (EVERY_DAY, "2026-12-24 12:00", True),  # care never closes, and every-day hours know no red days
        (OFFICE, "2026-11-24 08:00", True),
        (OFFICE, "2026-11-24 16:30", False),
        (OFFICE, "2026-11-21 12:00", False),  # a Saturday
        (OFFICE, "2026-12-24 12:00", False),  # julafton, a Thursday
        (OFFICE, "2026-12-25 12:00", False),  # juldagen
        (OFFICE, "2026-12-31 12:00", False),  # nyårsafton
        (OFFICE, "2026-12-30 12:00", True),  # the Wednesday of week 53
        (OFFICE, "2027-01-01 12:00", False),
        (OFFICE, "2027-01-06 12:00", False),  # trettondagen
        (OFFICE, "2027-03-26 12:00", False),  # långfredagen
        (OFFICE, "2027-03-29 12:00", False),  # annandag påsk
        (OFFICE, "2027-05-06 12:00", False),  # Kristi himmelsfärd
        (OFFICE, "2027-06-25 12:00", False),  # midsommarafton
        (OFFICE, "2027-06-24 12:00", True),  # the Thursday before
        (ALWAYS, "2026-11-24 23:59", True),
        (ALWAYS, "2026-11-24 00:00", True),
        (WEDNESDAY, "2026-11-25 13:30", True),
        (WEDNESDAY, "2026-11-26 13:30", False),
    ],
)
def test_open_or_not(hours, moment, is_open):
    assert clock.is_open(hours, at(moment)) is is_open


@pytest.mark.parametrize(
    ("hours", "after", "opens"),
    [
        (EVERY_DAY, "2026-11-24 10:00", "2026-11-24 10:00"),
        (EVERY_DAY, "2026-11-24 21:00", "2026-11-25 07:00"),
        (EVERY_DAY, "2026-11-24 03:00", "2026-11-24 07:00"),
        (OFFICE, "2026-11-20 16:30", "2026-11-23 08:00"),  # from Friday afternoon
        (OFFICE, "2026-12-23 17:00", "2026-12-28 08:00"),  # over Christmas, into week 53
        (OFFICE, "2026-12-30 17:00", "2027-01-04 08:00"),  # over New Year, out of week 53
        (OFFICE, "2027-03-25 17:00", "2027-03-30 08:00"),  # over Easter and the clock change
        (OFFICE, "2027-06-24 17:00", "2027-06-28 08:00"),  # over Midsummer
        (EVERY_DAY, "2027-03-27 22:00", "2027-03-28 07:00"),  # the night is an hour shorter
        (EVERY_DAY, "2027-10-30 22:00", "2027-10-31 07:00"),  # and here an hour longer
    ],
)
def test_when_it_opens_next(hours, after, opens):
    assert clock.next_open(hours, at(after)) == at(opens)


@pytest.mark.parametrize(
    ("hours", "start", "span", "due"),
    [
        (EVERY_DAY, "2026-11-24 10:00", 20, "2026-11-24 10:20"),
        (EVERY_DAY, "2026-11-24 20:55", 20, "2026-11-25 07:15"),
        (EVERY_DAY, "2026-11-24 20:40", 20, "2026-11-24 21:00"),  # just in time
        (EVERY_DAY, "2026-11-24 20:41", 20, "2026-11-25 07:01"),  # and just not
        (EVERY_DAY, "2026-11-24 23:00", 20, "2026-11-25 07:20"),
        (EVERY_DAY, "2027-03-27 20:50", 20, "2027-03-28 07:10"),  # spring forward in between
        (EVERY_DAY, "2027-10-30 20:50", 20, "2027-10-31 07:10"),  # fall back in between
        (OFFICE, "2026-12-23 16:00", 60, "2026-12-28 08:30"),
        (OFFICE, "2026-11-23 16:00", 17 * 60 + 1, "2026-11-25 16:01"),  # more than a whole day's hours
        (ALWAYS, "2026-11-24 23:50", 20, "2026-11-25 00:10"),
    ],
)
def test_targets_count_open_time_only(hours, start, span, due):
    found = clock.add_open_time(hours, at(start), minutes(span))
    assert abs(found - at(due)) < timedelta(milliseconds=1)  # 24:00 is the last microsecond of its day


def test_an_hour_of_open_time_is_an_hour_of_real_time_when_clocks_change():
    """02:30 comes twice on 31 October: ten minutes are ten minutes all the same."""
    first = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert clock.add_open_time(ALWAYS, first, minutes(90)) == first + minutes(90)
    night = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    assert clock.add_open_time(ALWAYS, night, minutes(90)) == night + minutes(90)


moments = st.datetimes(datetime(2026, 10, 1), datetime(2028, 1, 31)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
)
near_a_change = st.builds(
    lambda day, minute: datetime(*day, tzinfo=UTC) + minutes(minute),
    st.sampled_from([(2027, 3, 26), (2027, 10, 29), (2026, 12, 22), (2027, 6, 23)]),
    st.integers(0, 4 * 1440),
)
whenever = st.one_of(moments, near_a_change)


def by_counting(hours: clock.Hours, start: datetime, span: int) -> datetime:
    """The slow way: walk minute by minute and count the open ones."""
    here = start
    while not clock.is_open(hours, here):
        here += minutes(1)
    while span:
        span -= clock.is_open(hours, here)
        here += minutes(1)
    return here


@settings(max_examples=examples(40), deadline=None)
@given(st.sampled_from([EVERY_DAY, OFFICE]), whenever, st.integers(0, 600))
def test_the_target_is_the_one_you_get_by_counting_minutes(hours, start, span):
    assert clock.add_open_time(hours, start, minutes(span)) == by_counting(hours, start, span)


@settings(max_examples=examples(80), deadline=None)
@given(st.sampled_from(ALL), whenever, st.integers(0, 3000), st.integers(0, 3000))
def test_a_due_time_moves_only_forward_and_is_never_outside_hours(hours, start, one, more):
    due = clock.add_open_time(hours, start, minutes(one))
    assert due >= start
    assert clock.is_open(hours, due) or clock.is_open(hours, due - timedelta(microseconds=1))
    assert clock.add_open_time(hours, start, minutes(one + more)) >= due
    assert clock.add_open_time(hours, start + minutes(more), minutes(one)) >= due


@settings(max_examples=examples(80), deadline=None)
@given(st.sampled_from(ALL), whenever)
def test_the_next_opening_is_open_and_nothing_before_it_is(hours, after):
    opens = clock.next_open(hours, after)
    assert opens >= after
    assert clock.is_open(hours, opens)
    assert opens == after or not clock.is_open(hours, opens - timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("start", "days", "then"),
    [
        ("2026-11-24 10:00", 0, "2026-11-24 10:00"),
        ("2026-11-24 10:00", 2, "2026-11-26 10:00"),
        ("2026-11-20 10:00", 1, "2026-11-23 10:00"),  # Friday to Monday
        ("2026-11-21 10:00", 0, "2026-11-23 00:00"),  # from a Saturday
        ("2026-11-21 10:00", 2, "2026-11-25 00:00"),  # all of Monday and all of Tuesday
        ("2026-11-22 23:59", 2, "2026-11-25 00:00"),
        ("2026-11-20 23:59", 2, "2026-11-24 23:59"),
        ("2026-12-24 10:00", 1, "2026-12-29 00:00"),  # Christmas Eve: Monday the 28th
        ("2026-12-22 10:00", 2, "2026-12-28 10:00"),  # Christmas does not count
        ("2026-12-29 10:00", 2, "2027-01-04 10:00"),  # nor New Year, and week 53 ends
        ("2027-03-25 10:00", 1, "2027-03-30 10:00"),  # Easter: the same clock time in summer time
        ("2027-06-23 10:00", 2, "2027-06-28 10:00"),
        ("2027-10-29 10:00", 1, "2027-11-01 10:00"),  # and in winter time
    ],
)
def test_working_days(start, days, then):
    assert clock.working_days_later(at(start), days) == at(then)


@settings(max_examples=examples(80), deadline=None)
@given(whenever, st.integers(0, 6), st.integers(0, 9000))
def test_who_comes_later_is_never_due_earlier(start, days, more):
    due = clock.working_days_later(start, days)
    assert due >= start
    assert clock.is_working_day(clock.today(due))
    assert clock.working_days_later(start + minutes(more), days) >= due
    assert clock.working_days_later(start, days + 1) > due


def test_week_53_belongs_to_the_year_it_began_in():
    assert date(2027, 1, 3).isocalendar()[:2] == (2026, 53)
    assert clock.today(datetime(2027, 1, 3, 22, 59, tzinfo=UTC)) == date(2027, 1, 3)
    assert clock.today(datetime(2027, 1, 3, 23, 0, tzinfo=UTC)) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("shown", "after", "then"),
    [
        (time(15, 30), "2026-11-24 10:00", "2026-11-24 15:30"),
        (time(7, 0), "2026-11-24 21:00", "2026-11-25 07:00"),
        (time(10, 0), "2026-11-24 10:00", "2026-11-25 10:00"),
        (time(7, 0), "2027-03-27 21:00", "2027-03-28 07:00"),
        (time(7, 0), "2027-10-30 21:00", "2027-10-31 07:00"),
    ],
)
def test_next_time_the_clock_shows_this(shown, after, then):
    assert clock.next_time(shown, at(after)) == at(then)


@settings(max_examples=examples(100), deadline=None)
@given(st.times().map(lambda t: t.replace(second=0, microsecond=0)), whenever)
def test_next_time_lies_ahead_and_within_a_day(shown, after):
    then = clock.next_time(shown, after)
    assert after < then <= after + timedelta(hours=26)


def test_hours_that_never_open_are_said_to_be_so():
    never = clock.Hours(frozenset(), time(8), time(16))
    with pytest.raises(ValueError, match="never open"):
        clock.next_open(never, at("2026-11-24 10:00"))
