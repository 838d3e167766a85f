"""Who is at work: known beats assumed, nobody is disturbed in her rest, and where somebody works today."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from models import clock, people, roster, settings
from models.clock import STOCKHOLM
from models.people import Absence, Assignment, Person, Role
from models.roster import Duty, Known, NotAhead, TooLong
from models.settings import Settings
from models.shifts import Pattern, Shift, Weekday
from tests.effort import examples
from tests.models.village import NOON

HOUR = timedelta(hours=1)
SHIPPED = Settings({key: default.value for key, default in settings.defaults().items()})


def presence(village, person: int, role: Role = Role.EXPERT_USER):
    with village.work() as session:
        return roster.presences(session, [(person, role)], now=village.now)[person, role]


def on_duty(village, person: int, **span: float) -> None:
    with village.work() as session:
        roster.declare(session, session.get(Person, person), until=village.now + timedelta(**span), now=village.now)


def goes_home(village, person: int) -> None:
    with village.work() as session:
        roster.end_day(session, session.get(Person, person), now=village.now)


def stockholm(text: str):
    return clock.datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


# ---- at work or not ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "when", "there"),
    [
        (Role.EXPERT_USER, "2026-11-24 07:00", True),
        (Role.EXPERT_USER, "2026-11-24 21:00", False),
        (Role.EXPERT_USER, "2026-11-22 12:00", True),  # a Sunday
        (Role.OBJECT_SPECIALIST, "2026-11-24 16:29", True),
        (Role.OBJECT_SPECIALIST, "2026-11-22 12:00", False),
        (Role.OBJECT_SPECIALIST, "2026-12-24 12:00", False),  # julafton
        (Role.COORDINATOR, "2026-11-24 07:59", False),
    ],
)
def test_where_nothing_is_known_the_hours_of_the_role_decide(village, role, when, there):
    bo = village.person("Bo")
    village.now = stockholm(when)
    found = presence(village, bo, role)
    assert (found.at_work, found.known) == (there, False)
    assert (found.back_at == village.now) is there


def test_who_says_that_she_is_at_work_is_at_work_at_night_too(village):
    bo = village.person("Bo")
    village.now = stockholm("2026-11-24 22:00")
    on_duty(village, bo, hours=9)
    assert presence(village, bo) == roster.Presence(True, True, village.now, village.now + 9 * HOUR)
    village.later(hours=8, minutes=59)
    assert presence(village, bo).at_work
    village.later(minutes=1)
    assert not presence(village, bo).at_work


def test_after_a_shift_come_eleven_hours_of_rest(village):
    bo = village.person("Bo")
    on_duty(village, bo, hours=8)  # until 20.00
    village.later(hours=8, minutes=30)
    found = presence(village, bo)
    assert (found.at_work, found.known) == (False, True)
    assert found.back_at == stockholm("2026-11-25 07:00")


def test_a_late_shift_keeps_the_morning_free(village):
    bo = village.person("Bo")
    on_duty(village, bo, hours=11)  # until 23.00
    village.now = stockholm("2026-11-25 09:59")
    assert not presence(village, bo).at_work
    village.now = stockholm("2026-11-25 10:00")
    assert presence(village, bo) == roster.Presence(True, False, village.now)


def test_going_home_ends_it_at_once_with_or_without_a_declaration(village):
    bo, gun = village.person("Bo"), village.person("Gun")
    on_duty(village, bo, hours=8)
    village.later(hours=1)
    for person in (bo, gun):
        goes_home(village, person)
        found = presence(village, person)
        assert (found.at_work, found.known, found.back_at) == (False, True, stockholm("2026-11-25 07:00"))


def test_a_new_declaration_beats_the_rest_and_replaces_the_old_one(village):
    bo = village.person("Bo")
    on_duty(village, bo, hours=8)
    village.later(hours=1)
    goes_home(village, bo)
    on_duty(village, bo, hours=2)
    assert presence(village, bo).at_work
    on_duty(village, bo, hours=5)
    with village.work() as session:
        assert roster.current(session, bo, now=village.now).until_at == village.now + 5 * HOUR
        assert roster.last(session, bo).until_at == village.now + 5 * HOUR
        assert len(session.exec(roster.select(Duty).where(roster.col(Duty.ended_at).is_(None))).all()) == 1


def test_do_not_disturb_beats_a_declaration(village):
    bo = village.person("Bo", quiet_until=NOON + HOUR)
    on_duty(village, bo, hours=8)
    assert presence(village, bo) == roster.Presence(False, True, NOON + HOUR)
    village.later(hours=1)
    assert presence(village, bo).at_work


def test_somebody_whose_account_has_ended_is_never_there(village):
    bo = village.person("Bo")
    on_duty(village, bo, hours=8)
    with village.work() as session:
        people.deactivate(session, bo, now=village.now)
    found = presence(village, bo)
    assert (found.at_work, found.known) == (False, True)
    assert found.back_at > village.now


@pytest.mark.parametrize(("hours", "refused"), [(0, NotAhead), (-1, NotAhead), (13.01, TooLong), (24, TooLong)])
def test_a_duty_ends_ahead_and_within_thirteen_hours(village, hours, refused):
    bo = village.person("Bo")
    with pytest.raises(refused):
        on_duty(village, bo, hours=hours)
    on_duty(village, bo, hours=13)


def test_a_shift_that_runs_out_is_reported_once(village):
    bo, gun = village.person("Bo"), village.person("Gun")
    on_duty(village, bo, hours=1)
    on_duty(village, gun, hours=2)
    village.later(hours=1)
    with village.work() as session:
        assert roster.any_run_out(session, now=village.now)
        assert roster.run_out(session, now=village.now) == [bo]
        assert not roster.any_run_out(session, now=village.now)
        assert roster.run_out(session, now=village.now) == []


@hypothesis_settings(max_examples=examples(80), deadline=None)
@given(
    st.sampled_from(list(Role)),
    st.integers(0, 14 * 24 * 60),
    st.one_of(st.none(), st.tuples(st.integers(-30 * 60, 0), st.integers(1, 13 * 60), st.booleans())),
    st.one_of(st.none(), st.integers(-60, 600)),
    st.booleans(),
)
def test_whoever_is_away_has_a_moment_ahead_when_she_is_back(role, minute, duty, quiet, gone):
    now = NOON + timedelta(days=22, minutes=minute)  # Christmas and New Year lie in it
    person = Person(id=1, name="Bo", quiet_until=None if quiet is None else now + timedelta(minutes=quiet))
    person.deactivated_at = now if gone else None
    hers = None
    if duty is not None:
        begun, long, ended = duty
        start = now + timedelta(minutes=begun)
        hers = Duty(person_id=1, starts_at=start, until_at=start + timedelta(minutes=long), ended_at=None)
        hers.ended_at = min(now, hers.until_at) if ended else None
    found = roster.presence(Known(person, hers), role, SHIPPED, now=now)
    assert (found.back_at == now) if found.at_work else (found.back_at > now)
    assert not (gone and found.at_work)
    assert not (quiet is not None and quiet > 0 and found.at_work)


# ---- whom a message may disturb --------------------------------------------------------------------------------


def test_a_helper_with_two_hats_is_reached_in_either(village):
    cia, doris = village.expert("Cia"), village.specialist("Doris")
    village.hat(cia, Role.OBJECT_SPECIALIST)
    village.now = stockholm("2026-11-24 18:00")
    with village.work() as session:
        assert roster.may_notify_helper(session, cia, now=village.now) == village.now
        assert roster.may_notify_helper(session, doris, now=village.now) == stockholm("2026-11-25 08:00")


def test_an_asker_has_quiet_hours_unless_she_is_at_work(village):
    anna = village.person("Anna", active_at=NOON)
    bo = village.expert("Bo")
    village.now = stockholm("2026-11-24 21:59")
    with village.work() as session:
        assert roster.may_notify_asker(session, anna, now=village.now) == village.now  # asked less than 10 h ago
        assert roster.may_notify_asker(session, bo, now=village.now) == stockholm("2026-11-25 07:00")
    village.later(minutes=1)
    with village.work() as session:
        assert roster.may_notify_asker(session, anna, now=village.now) == stockholm("2026-11-25 07:00")
    on_duty(village, bo, hours=9)
    with village.work() as session:
        assert roster.may_notify_asker(session, bo, now=village.now) == village.now
    village.now = stockholm("2026-11-25 07:00")
    with village.work() as session:
        assert roster.may_notify_asker(session, anna, now=village.now) == village.now


# ---- where she works -------------------------------------------------------------------------------------------


def test_where_somebody_works_declared_then_only_then_primary_then_unknown(village):
    moa = village.person("Moa", unit=None)

    def works_on():
        with village.work() as session:
            return roster.working_unit(session, moa, now=village.now)

    def employed(unit: int, **values):
        with village.work() as session:
            session.add(Assignment(person_id=moa, unit_id=unit, **({"starts_on": date(2025, 1, 1)} | values)))

    assert works_on() is None
    employed(1)
    assert works_on() == 1  # the only one
    employed(2)
    assert works_on() is None  # two, neither first: she has to be asked
    employed(3, is_primary=True)
    assert works_on() == 3
    with village.work() as session:
        roster.work_today(session, moa, 1, now=village.now)
        roster.work_today(session, moa, 2, now=village.now)
    assert works_on() == 2
    village.later(hours=13)
    assert works_on() == 3  # remembered for the shift, not longer


def test_where_she_works_is_remembered_until_the_end_of_her_shift(village):
    moa = village.person("Moa", unit=None)
    on_duty(village, moa, hours=3)
    with village.work() as session:
        roster.work_today(session, moa, 2, now=village.now)
        assert roster.working_unit(session, moa, now=village.now + 3 * HOUR - timedelta(minutes=1)) == 2
        assert roster.working_unit(session, moa, now=village.now + 3 * HOUR) is None


def test_an_asker_on_a_planned_night_is_told_at_night(village):
    anna = village.person("Anna")
    with village.work() as session:
        session.add(Shift(person_id=anna, starts_at=stockholm("2026-11-24 21:00"), until_at=stockholm("2026-11-25 07:00")))
    for when, there in (("20:59", True), ("23:30", True), ("21:00", True)):
        now = stockholm(f"2026-11-24 {when}")
        with village.work() as session:
            assert (roster.may_notify_asker(session, anna, now=now) == now) is there
    with village.work() as session:
        now = stockholm("2026-11-25 23:00")
        assert roster.may_notify_asker(session, anna, now=now) == stockholm("2026-11-26 07:00")


def test_a_card_is_judged_by_the_rota_when_it_is_sent(village):
    bo = village.expert("Bo")
    with village.work() as session:
        session.add(Pattern(person_id=bo, day=Weekday.TUE, opens="06:30", closes="15:30", starts_on=date(2026, 1, 1)))
    with village.work() as session:
        assert roster.may_notify_helper(session, bo, now=NOON) == NOON
        off = stockholm("2026-11-24 15:30")
        assert roster.may_notify_helper(session, bo, now=off) == stockholm("2026-12-01 06:30")


def test_an_employment_that_has_ended_or_not_begun_does_not_count(village):
    moa = village.person("Moa", unit=None)
    with village.work() as session:
        session.add(Assignment(person_id=moa, unit_id=1, starts_on=date(2025, 1, 1), ends_on=date(2026, 11, 23)))
        session.add(Assignment(person_id=moa, unit_id=2, starts_on=date(2026, 11, 25)))
    with village.work() as session:
        assert roster.working_unit(session, moa, now=village.now) is None
        assert roster.working_unit(session, moa, now=village.now + 24 * HOUR) == 2


# ---- minus absence ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "first", "last", "back"),
    [
        (Role.EXPERT_USER, "2026-11-24", "2026-11-24", "2026-11-25 07:00"),
        (Role.EXPERT_USER, "2026-11-01", "2026-11-27", "2026-11-28 07:00"),
        (Role.OBJECT_SPECIALIST, "2026-11-24", "2026-11-27", "2026-11-30 08:00"),  # Friday, so Monday
        (Role.EXPERT_USER, "2026-11-24", None, "2026-11-25 07:00"),  # until further notice: asked again tomorrow
    ],
)
def test_who_is_away_is_not_at_work(village, role, first, last, back):
    bo = village.person("Bo")
    away(village, bo, first, last)
    assert presence(village, bo, role) == roster.Presence(False, True, stockholm(back))


def away(village, person: int, first: str, last: str | None) -> None:
    with village.work() as session:
        ends = date.fromisoformat(last) if last else None
        session.add(Absence(person_id=person, starts_on=date.fromisoformat(first), ends_on=ends))


def test_who_says_that_she_is_at_work_knows_better_than_the_list_of_leave(village):
    bo = village.person("Bo")
    away(village, bo, "2026-11-24", "2026-11-27")
    on_duty(village, bo, hours=8)
    assert presence(village, bo).at_work
    goes_home(village, bo)
    assert presence(village, bo) == roster.Presence(False, True, stockholm("2026-11-28 07:00"))


@pytest.mark.parametrize(("first", "last"), [("2026-11-25", "2026-11-30"), ("2026-11-01", "2026-11-23")])
def test_an_absence_of_other_days_changes_nothing(village, first, last):
    bo = village.person("Bo")
    with village.work() as session:
        session.add(Absence(person_id=bo, starts_on=date.fromisoformat(first), ends_on=date.fromisoformat(last)))
    assert presence(village, bo).at_work


@hypothesis_settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.tuples(st.integers(-5, 20), st.integers(0, 9)), max_size=4),
    st.sampled_from([Role.EXPERT_USER, Role.COORDINATOR]),
)
def test_she_is_back_on_a_day_when_she_is_not_away(periods, role):
    """Pure: the chain of absences in any order, and the moment that is promised to the asker."""
    today = NOON.date()
    away = {today + timedelta(days=start + n) for start, length in periods for n in range(length + 1)}
    found = [
        Absence(person_id=1, starts_on=today + timedelta(days=s), ends_on=today + timedelta(days=s + length))
        for s, length in periods
    ]
    last = people.last_days_away(found, on=today).get(1)
    assert (last is not None) == (today in away)
    if last is not None:
        assert last in away
        assert last + timedelta(days=1) not in away
        there = roster.presence(Known(Person(id=1), absences=tuple(found)), role, SHIPPED, now=NOON)
        assert not there.at_work
        assert clock.today(there.back_at) not in away
        assert there.back_at > NOON
