"""Rotas and imported shifts: the plan against a slow sum of its own, across both clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import event

from models import clock, roster, settings
from models.clock import STOCKHOLM
from models.people import Absence, Person, Role
from models.roster import Duty, Known
from models.settings import Settings
from models.shifts import Pattern, Plan, Shift, Span, Weekday
from tests.effort import WHOLE, examples
from tests.models.village import LONG_AGO, NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHIPPED = Settings({key: default.value for key, default in settings.defaults().items()})
DAYS = list(Weekday)


def stockholm(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def spell(day: str, opens: str, closes: str, **values) -> Pattern:
    usual = {"person_id": 1, "weeks": 1, "week": 1, "starts_on": LONG_AGO}
    return Pattern(day=Weekday(day), opens=opens, closes=closes, **(usual | values))


def shift(begins: str, ends: str) -> Span:
    return Span(stockholm(begins).astimezone(UTC), stockholm(ends).astimezone(UTC))


def there(now: datetime, plan: Plan, **known) -> roster.Presence:
    person = known.pop("person", None) or Person(id=1)
    return roster.presence(Known(person, plan=plan, **known), Role.EXPERT_USER, SHIPPED, now=now)


def weekdays(opens: str, closes: str, **values) -> tuple[Pattern, ...]:
    return tuple(spell(day, opens, closes, **values) for day in DAYS[:5])


# ---- a rota ------------------------------------------------------------------------------------------------------


def test_within_her_rota_she_is_at_work_and_outside_known_to_be_off():
    plan = Plan(rota=weekdays("06:30", "15:30"))
    at = stockholm("2026-11-24 06:30")
    assert there(at, plan) == roster.Presence(True, True, at, stockholm("2026-11-24 15:30"))
    off = there(stockholm("2026-11-27 15:30"), plan)  # a Friday: experts' hours are until 21, she is off all the same
    assert off == roster.Presence(False, True, stockholm("2026-11-30 06:30"))


def test_a_night_goes_past_midnight_and_belongs_to_the_day_on_which_it_begins():
    plan = Plan(rota=(spell("sun", "21:00", "07:00"),))
    assert there(stockholm("2026-11-22 20:59"), plan).back_at == stockholm("2026-11-22 21:00")
    assert there(stockholm("2026-11-23 03:00"), plan).until == stockholm("2026-11-23 07:00")
    assert there(stockholm("2026-11-23 07:00"), plan).back_at == stockholm("2026-11-29 21:00")


@pytest.mark.parametrize(("night", "hours"), [("2027-03-27", 9), ("2027-10-30", 11), ("2027-11-06", 10)])
def test_the_night_of_a_clock_change_is_shorter_or_longer(night, hours):
    spans = list(Plan(rota=(spell("sat", "21:00", "07:00"),)).coming(stockholm(f"{night} 20:00")))
    assert spans[0].starts_at == stockholm(f"{night} 21:00")
    assert spans[0].until_at - spans[0].starts_at == hours * HOUR


def test_a_cycle_of_weeks_comes_again_and_the_red_day_does_not_stop_it():
    rota = (
        spell("fri", "07:00", "16:00", weeks=3, week=1, starts_on=date(2026, 11, 4)),
        spell("fri", "15:00", "23:00", weeks=3, week=2, starts_on=date(2026, 11, 4)),
    )
    spans = [span.starts_at for span in Plan(rota=rota).coming(stockholm("2026-11-01 00:00"))][:5]
    days = ["2026-11-06 07:00", "2026-11-13 15:00", "2026-11-27 07:00", "2026-12-04 15:00", "2026-12-18 07:00"]
    assert spans == [stockholm(day) for day in days]
    assert there(stockholm("2026-12-25 18:00"), Plan(rota=rota)).at_work  # juldagen is in week 2 of the cycle


def test_before_and_after_the_rota_the_hours_of_the_role_hold():
    plan = Plan(rota=weekdays("07:00", "16:00", starts_on=date(2026, 11, 23), ends_on=date(2026, 11, 27)))
    assert not there(stockholm("2026-11-22 12:00"), plan).known
    assert there(stockholm("2026-11-22 12:00"), plan).at_work
    assert there(stockholm("2026-11-27 18:00"), plan).back_at == stockholm("2026-11-28 07:00")
    assert not there(stockholm("2026-11-28 12:00"), plan).known


def test_her_own_rota_is_not_mixed_with_the_imported_one():
    plan = Plan(rota=(*weekdays("07:00", "16:00"), spell("tue", "21:00", "06:00", own=True)))
    assert not there(NOON, plan).at_work
    assert there(NOON, plan).back_at == stockholm("2026-11-24 21:00")


# ---- imported shifts -----------------------------------------------------------------------------------------------


WEEKEND = Plan(shifts=(shift("2026-11-21 07:00", "2026-11-21 15:30"), shift("2026-11-27 15:00", "2026-11-27 23:00")),
               gap=14 * DAY)  # fmt: skip


def test_between_two_shifts_she_is_off_and_after_the_last_one_rests_and_then_nobody_knows():
    assert there(stockholm("2026-11-21 06:59"), WEEKEND) == roster.Presence(False, False, stockholm("2026-11-21 07:00"))
    assert there(NOON, WEEKEND) == roster.Presence(False, True, stockholm("2026-11-27 15:00"))
    assert there(stockholm("2026-11-27 15:00"), WEEKEND).until == stockholm("2026-11-27 23:00")
    rests = there(stockholm("2026-11-28 08:00"), WEEKEND)
    assert rests == roster.Presence(False, True, stockholm("2026-11-28 10:00"))
    assert not there(stockholm("2026-11-28 10:00"), WEEKEND).known


def test_a_longer_gap_says_nothing():
    far = Plan(shifts=WEEKEND.shifts, gap=5 * DAY)
    assert there(NOON, far) == roster.Presence(True, False, NOON)


def test_imported_shifts_beat_the_rota_where_they_reach():
    plan = Plan(WEEKEND.shifts, weekdays("06:30", "15:30"), gap=14 * DAY)
    assert not there(NOON, plan).at_work
    assert there(stockholm("2026-11-30 08:00"), plan).at_work  # the Monday after the last of them


def test_two_shifts_without_a_break_are_one():
    plan = Plan(shifts=(shift("2026-11-24 07:00", "2026-11-24 12:00"), shift("2026-11-24 12:00", "2026-11-24 16:00")))
    assert there(stockholm("2026-11-24 11:00"), plan).until == stockholm("2026-11-24 16:00")


# ---- what is stronger ------------------------------------------------------------------------------------------------


def test_her_own_word_beats_the_plan_both_ways():
    plan = Plan(rota=weekdays("06:30", "15:30"))
    stays = Duty(person_id=1, starts_at=NOON - HOUR, until_at=NOON + 8 * HOUR)
    assert there(NOON + 7 * HOUR, plan, duty=stays).until == NOON + 8 * HOUR
    left = Duty(person_id=1, starts_at=NOON - HOUR, until_at=NOON, ended_at=NOON)
    assert there(NOON, plan, duty=left) == roster.Presence(False, True, stockholm("2026-11-25 06:30"))


def test_eleven_hours_of_rest_hold_over_an_early_shift():
    plan = Plan(rota=weekdays("06:30", "15:30"))
    late = Duty(person_id=1, starts_at=NOON, until_at=stockholm("2026-11-24 23:00"))
    at = stockholm("2026-11-25 07:00")
    assert there(at, plan, duty=late) == roster.Presence(False, True, stockholm("2026-11-25 10:00"))


def test_leave_takes_the_shifts_that_begin_on_its_days_and_no_others():
    plan = Plan(rota=tuple(spell(day, "21:00", "07:00") for day in DAYS))
    away = (Absence(person_id=1, starts_on=date(2026, 11, 25), ends_on=date(2026, 11, 26)),)
    assert there(stockholm("2026-11-25 03:00"), plan, absences=away).at_work  # the night that began on Tuesday
    assert there(stockholm("2026-11-25 12:00"), plan, absences=away).back_at == stockholm("2026-11-27 21:00")
    assert not there(stockholm("2026-11-27 03:00"), plan, absences=away).at_work


def test_somebody_who_has_left_or_wants_peace_is_not_at_work_whatever_her_rota():
    plan = Plan(rota=weekdays("06:30", "15:30"))
    quiet = there(NOON, plan, person=Person(id=1, quiet_until=NOON + 5 * HOUR))
    assert quiet == roster.Presence(False, True, stockholm("2026-11-25 06:30"))
    assert not there(NOON, plan, person=Person(id=1, deactivated_at=NOON)).at_work


# ---- the rows ------------------------------------------------------------------------------------------------------


def test_what_the_rows_say_of_many_takes_as_many_questions_as_of_one(village):
    people_of_it = [village.expert(f"Expert {n}") for n in range(12)]
    with village.work() as session:
        for person in people_of_it:
            session.add_all(Shift(person_id=person, starts_at=span.starts_at, until_at=span.until_at) for span in WEEKEND.shifts)
            session.add(spell("tue", "06:30", "15:30", person_id=person))

    def asked(persons) -> tuple[int, dict]:
        seen = []
        with village.work() as session:
            connection = session.connection()

            event.listen(connection, "before_cursor_execute", lambda *args: seen.append(args[2]))
            found = roster.presences(session, [(p, Role.EXPERT_USER) for p in persons], now=NOON)
        return len(seen), found

    one, _ = asked(people_of_it[:1])
    many, found = asked(people_of_it)
    assert one == many <= 6
    assert {presence.back_at for presence in found.values()} == {stockholm("2026-11-27 15:00")}


def test_a_cancelled_shift_says_nothing(village):
    bo = village.expert("Bo")
    with village.work() as session:
        session.add_all(
            Shift(person_id=bo, starts_at=span.starts_at, until_at=span.until_at, cancelled_on=NOON.date())
            for span in WEEKEND.shifts
        )
    with village.work() as session:
        assert roster.presences(session, [(bo, Role.EXPERT_USER)], now=NOON)[bo, Role.EXPERT_USER].known is False


# ---- against a slow sum of its own -----------------------------------------------------------------------------------

times = st.integers(0, 24 * 4 - 1).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")


@st.composite
def spells(draw) -> Pattern:
    weeks = draw(st.integers(1, 10))
    opens, closes = draw(times), draw(times)
    starts = date(2027, 1, 1) + timedelta(days=draw(st.integers(0, 120)))
    ends = draw(st.one_of(st.none(), st.integers(0, 200).map(lambda days: starts + timedelta(days=days))))
    return spell(draw(st.sampled_from(DAYS)).value, opens, closes if closes != opens else "23:59",
                 weeks=weeks, week=draw(st.integers(1, weeks)), starts_on=starts, ends_on=ends)  # fmt: skip


def works_slowly(rota: list[Pattern], at: datetime) -> bool:
    """By the wall clock and the calendar of weeks, without spans: her own watch and her own wall calendar."""
    watch = at.astimezone(STOCKHOLM).replace(tzinfo=None)
    for row in rota:
        for begins in (watch.date(), watch.date() - DAY):
            if begins.strftime("%a").lower() != row.day or begins < row.starts_on or (row.ends_on and begins > row.ends_on):
                continue
            week, monday = 0, row.starts_on - timedelta(days=row.starts_on.isoweekday() - 1)
            while monday + timedelta(days=7) <= begins:
                week, monday = week + 1, monday + timedelta(days=7)
            if week % row.weeks + 1 != row.week:
                continue
            opens = datetime.combine(begins, datetime.strptime(row.opens, "%H:%M").time())
            closes = datetime.combine(begins, datetime.strptime(row.closes, "%H:%M").time())
            if opens <= watch < (closes if closes > opens else closes + DAY):
                return True
    return False


instants = st.one_of(
    st.integers(0, 365 * 96).map(lambda quarter: datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarter)),
    st.integers(-200, 200).map(lambda quarter: datetime(2027, 3, 28, 1, tzinfo=UTC) + timedelta(minutes=15 * quarter)),
    st.integers(-200, 200).map(lambda quarter: datetime(2027, 10, 31, 1, tzinfo=UTC) + timedelta(minutes=15 * quarter)),
)
CHANGES = (date(2027, 3, 28), date(2027, 10, 31))


def in_the_odd_hour(rota: list[Pattern], at: datetime) -> bool:
    """02 to 03 on a night of clock change: what begins or ends there has two readings, and ours is the first."""
    near = [day for day in CHANGES if abs(clock.today(at) - day) <= DAY]
    return bool(near) and any("02:00" <= text <= "03:00" for row in rota for text in (row.opens, row.closes))


@hypothesis_settings(max_examples=examples(200), deadline=None)
@given(st.lists(spells(), min_size=1, max_size=6), instants)
def test_in_shift_at_an_instant_as_by_a_slow_sum(rota, at):
    if in_the_odd_hour(rota, at):
        return
    span = next(Plan(rota=tuple(rota)).coming(at), None)
    assert (span is not None and span.starts_at <= at) == works_slowly(rota, at)


@hypothesis_settings(max_examples=examples(40), deadline=None)
@given(st.lists(spells(), min_size=1, max_size=4), instants)
def test_the_next_shift_is_the_first_quarter_at_which_she_works(rota, at):
    if any(in_the_odd_hour(rota, at + ahead * DAY) for ahead in range(9)):
        return
    span = next(Plan(rota=tuple(rota)).coming(at), None)
    quarters = (at + timedelta(minutes=15 * n) for n in range(8 * 96))
    slow = next((quarter for quarter in quarters if works_slowly(rota, quarter)), None)
    soon = span is not None and max(span.starts_at, at) < at + 8 * DAY
    assert (max(span.starts_at, at) if soon else None) == slow


@st.composite
def shifts_of(draw) -> tuple[Span, ...]:
    found, at = [], datetime(2027, 3, 20, tzinfo=UTC)
    for _ in range(draw(st.integers(0, 6))):
        at += draw(st.integers(0, 500)) * HOUR
        ends = at + draw(st.integers(1, 12)) * HOUR
        found.append(Span(at, ends))
        at = ends
    return tuple(found)


@hypothesis_settings(max_examples=80 if WHOLE else 12, deadline=None)
@example(  # rested in the middle of a morning: that morning, not the next day's
    found=(Span(datetime(2027, 3, 25, 8, tzinfo=UTC), datetime(2027, 3, 25, 20, tzinfo=UTC)),),
    rota=[],
    leave=[],
    said=(-1, 1, False),
    quarter=708,
    role=Role.EXPERT_USER,
)
@example(  # a leave over the only turn of her rota in seven weeks: the turn after that
    found=(),
    rota=[Pattern(person_id=1, weeks=7, week=4, day=Weekday.MON, opens="00:00", closes="23:59", starts_on=date(2027, 1, 1))],
    leave=[(36, 20)],
    said=None,
    quarter=0,
    role=Role.EXPERT_USER,
)
@given(
    shifts_of(),
    st.lists(spells(), max_size=4),
    st.lists(st.tuples(st.integers(0, 250), st.integers(0, 20)), max_size=3),
    st.one_of(st.none(), st.tuples(st.integers(-40, 0), st.integers(1, 13), st.booleans())),
    st.integers(0, 40 * 96),
    st.sampled_from([Role.EXPERT_USER, Role.COORDINATOR]),
)
def test_when_she_is_said_to_be_back_she_is(found, rota, leave, said, quarter, role):
    """Whatever is known: off duty now, at work at `back_at`, and at no moment before it."""
    now = datetime(2027, 3, 18, tzinfo=UTC) + timedelta(minutes=15 * quarter)
    first = date(2027, 3, 1)
    away = tuple(
        Absence(person_id=1, starts_on=first + timedelta(days=a), ends_on=first + timedelta(days=a + n)) for a, n in leave
    )
    duty = None
    if said is not None:
        begun, hours, ended = said
        duty = Duty(person_id=1, starts_at=now + begun * HOUR, until_at=now + (begun + hours) * HOUR)
        duty.ended_at = min(now, duty.until_at) if ended else None
    known = Known(Person(id=1), duty, away, Plan(found, tuple(rota), 14 * DAY))
    presence = roster.presence(known, role, SHIPPED, now=now)
    if presence.at_work:
        assert presence.back_at == now
        assert (presence.until or now + HOUR) > now
        return
    assert presence.back_at > now
    assert roster.presence(known, role, SHIPPED, now=presence.back_at).at_work
    step = now + timedelta(minutes=15)
    while step < min(presence.back_at, now + 6 * DAY):
        assert not roster.presence(known, role, SHIPPED, now=step).at_work, step
        step += timedelta(hours=2)
