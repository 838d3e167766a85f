"""What is missing, week by week, who sees it, and that nobody's leave can be read from it."""

from datetime import date, timedelta

import pytest

from models import gaps
from models.gaps import Gap, Kind, Scope
from models.people import Absence, Appointment, Role, Unit, UnitTool
from models.shifts import Shift
from tests.models.village import LONG_AGO, NOON

TODAY = NOON.date()  # Tuesday of week 48
MIDSUMMER = date(2027, 6, 1)  # Tuesday of week 22
BJORKEN = 3


@pytest.fixture(autouse=True)
def few_tools(village):
    """Each unit uses one tool, so that what lacks a specialist can be counted."""
    with village.work() as session:
        for unit in (1, 2, 3):
            session.add(UnitTool(unit_id=unit, tool="digital_lock", starts_on=LONG_AGO))


def away(village, person, first, last=None):
    with village.work() as session:
        session.add(Absence(person_id=person, starts_on=first, ends_on=last))


def found(village, *kinds, on=TODAY, scope=gaps.EVERYTHING):
    with village.work() as session:
        return [gap for gap in gaps.report(session, scope, on=on) if gap.kind in kinds]


def then(village, on=TODAY):
    return [(gap.weeks, gap.days) for gap in found(village, Kind.NO_EXPERT_THEN, on=on)]


def test_a_live_unit_without_an_expert(village):
    village.expert("Bo", unit=1)
    assert [gap.place for gap in found(village, Kind.NO_EXPERT)] == ["Björken", "Söder"]
    with village.work() as session:
        session.get(Unit, BJORKEN).live = False
    assert [gap.place for gap in found(village, Kind.NO_EXPERT)] == ["Söder"]


def test_weeks_in_a_row_without_anybody_are_one_line_and_single_days_another(village):
    bo = village.expert("Bo")
    away(village, bo, date(2026, 12, 7), date(2026, 12, 20))
    away(village, bo, date(2026, 12, 30), date(2026, 12, 31))
    assert then(village) == [((50, 51), 0), ((53,), 2)]


def test_this_week_counts_from_today(village):
    bo = village.expert("Bo")
    away(village, bo, TODAY - timedelta(days=1), date(2026, 11, 29))
    assert then(village) == [((48,), 0)]


def test_somebody_else_is_there(village):
    bo, _gun = village.expert("Bo"), village.expert("Gun")
    away(village, bo, TODAY)
    assert then(village) == []


@pytest.mark.parametrize("ends_on", [None, date(2026, 12, 20)])
def test_a_deputy_fills_the_gap_unless_she_is_away_too(village, ends_on):
    bo, moa = village.expert("Bo"), village.person("Moa")
    village.hat(moa, Role.EXPERT_USER, unit_id=1, deputy_for_id=bo, ends_on=ends_on)
    away(village, bo, date(2026, 12, 7), date(2026, 12, 13))
    assert then(village) == []
    away(village, moa, date(2026, 12, 7), date(2026, 12, 7))
    assert then(village) == [((50,), 1)]


def test_leave_until_further_notice_lasts(village):
    away(village, village.expert("Bo"), date(2026, 12, 7))
    assert then(village) == [((50, 51, 52, 53, 1, 2), 0)]


def test_an_expert_whose_time_ends_leaves_a_gap(village):
    bo = village.person("Bo")
    village.hat(bo, Role.EXPERT_USER, unit_id=1, ends_on=date(2027, 1, 3))
    assert then(village) == [((1, 2), 0)]


def test_a_tool_without_a_specialist_in_a_department_that_uses_it(village):
    assert {gap.place for gap in found(village, Kind.NO_SPECIALIST)} == {"Hemtjänst", "Boende"}
    cia = village.specialist("Cia", department=1, tool="digital_lock")
    assert [(gap.place, gap.tool) for gap in found(village, Kind.NO_SPECIALIST)] == [("Boende", "digital_lock")]
    away(village, cia, date(2026, 12, 7), date(2026, 12, 13))
    (gap,) = found(village, Kind.NO_SPECIALIST_THEN)
    assert (gap.place, gap.weeks) == ("Hemtjänst", (50,))


def test_what_hangs_on_one_in_july_is_told_from_april_until_somebody_is_named(village):
    disa, moa = village.person("Disa"), village.person("Moa")
    village.hat(disa, Role.UNIT_MANAGER, unit_id=1)
    assert found(village, Kind.NO_DEPUTY) == []
    (gap,) = found(village, Kind.NO_DEPUTY, on=MIDSUMMER)
    assert (gap.place, gap.role, gap.weeks) == ("Norr", Role.UNIT_MANAGER, (26, 27, 28, 29, 30))
    village.hat(moa, Role.UNIT_MANAGER, unit_id=1, deputy_for_id=disa, starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 18))
    assert [gap.weeks for gap in found(village, Kind.NO_DEPUTY, on=MIDSUMMER)] == [(26,), (29, 30)]
    village.hat(moa, Role.UNIT_MANAGER, unit_id=1, deputy_for_id=disa)
    assert found(village, Kind.NO_DEPUTY, on=MIDSUMMER) == []


def test_two_of_a_kind_need_no_deputy(village):
    village.expert("Bo"), village.expert("Gun")
    assert found(village, Kind.NO_DEPUTY, on=MIDSUMMER) == []


def test_nobody_is_named_in_the_report_but_who_lacks_an_account(village):
    bo = village.expert("Bo Berg")
    away(village, bo, TODAY)
    village.person("Lennart Lund", chat_user_id=None, email="lennart@lovkoping.example")
    everything = str(found(village, *Kind))
    assert "Bo Berg" not in everything
    assert "lennart@lovkoping.example" in everything


# ---- who sees what -----------------------------------------------------------------------------------------------

IN_UNIT = Gap(Kind.NO_EXPERT, "Norr", 1, 1)
ELSEWHERE = Gap(Kind.NO_EXPERT, "Björken", 3, 2)
LOCK_HERE = Gap(Kind.NO_SPECIALIST, "Hemtjänst", None, 1, "digital_lock")
LOCK_ELSEWHERE = Gap(Kind.NO_SPECIALIST, "Boende", None, 2, "digital_lock")
VR_ELSEWHERE = Gap(Kind.NO_SPECIALIST, "Boende", None, 2, "vr")
NOBODYS_PLACE = Gap(Kind.NO_DEPUTY, "", role=Role.COORDINATOR, weeks=(28,))
ACCOUNT = Gap(Kind.NO_ACCOUNT, email="lennart@lovkoping.example")
ALL = (IN_UNIT, ELSEWHERE, LOCK_HERE, LOCK_ELSEWHERE, VR_ELSEWHERE, NOBODYS_PLACE, ACCOUNT)

HATS = [
    (Role.UNIT_MANAGER, {"unit_id": 1}, {IN_UNIT}),
    (Role.DEPARTMENT_MANAGER, {"department_id": 1}, {IN_UNIT, LOCK_HERE}),
    (Role.OBJECT_SPECIALIST, {"department_id": 1, "tool": "digital_lock"}, {LOCK_HERE, LOCK_ELSEWHERE}),
    (Role.OBJECT_SPECIALIST, {}, {LOCK_HERE, LOCK_ELSEWHERE, VR_ELSEWHERE}),
    (Role.COORDINATOR, {}, set(ALL) - {ACCOUNT}),
    (Role.ADMIN, {}, set(ALL)),
    (Role.EXPERT_USER, {"unit_id": 1}, None),
]


@pytest.mark.parametrize(("role", "where", "expected"), HATS)
def test_everybody_sees_what_she_looks_after(village, role, where, expected):
    who = village.person("Disa")
    village.hat(who, role, **where)
    with village.work() as session:
        scope = gaps.scope_of(session, who, on=TODAY)
    assert (scope and {gap for gap in ALL if scope.sees(gap)}) == expected


def test_a_deputy_sees_it_while_she_stands_in(village):
    disa, dora = village.person("Disa"), village.person("Dora")
    village.hat(disa, Role.UNIT_MANAGER, unit_id=1)
    village.hat(dora, Role.UNIT_MANAGER, unit_id=1, deputy_for_id=disa)
    with village.work() as session:
        assert gaps.scope_of(session, dora, on=TODAY) is None
    away(village, disa, TODAY)
    with village.work() as session:
        assert gaps.scope_of(session, dora, on=TODAY) == Scope(units=frozenset({1}))


# ---- the coming week's hours ---------------------------------------------------------------------------------------


def share(village):
    with village.work() as session:
        return gaps.known_share(session, 1, now=NOON)


def shift(village, person, first, hours):
    with village.work() as session:
        begins = NOON + timedelta(hours=first)
        session.add(Shift(person_id=person, starts_at=begins, until_at=begins + timedelta(hours=hours)))


def test_hours_are_counted_once_and_only_where_something_is_known(village):
    bo, gun = village.expert("Bo"), village.expert("Gun")
    assert share(village) is None
    shift(village, bo, 0, 8)
    shift(village, gun, 4, 8)
    shift(village, bo, 24, 30)
    assert share(village) == round(100 * (12 + 30) / 168)
    away(village, gun, TODAY)
    assert share(village) == round(100 * (8 + 30) / 168)


def test_a_thousand_hats_are_looked_through_quickly(village):
    """It is drawn in Home: for the largest municipality too, in well under the second that a press may take."""
    with village.work() as session:
        session.add_all(
            Unit(id=n, key=f"u{n}", department_id=1, name=f"Enhet {n}", live=True) for n in range(10, 310)
        )
        session.flush()
    people = [village.person(f"P{n}") for n in range(40)]
    with village.work() as session:
        session.add_all(
            Appointment(person_id=people[n % 40], role=Role.EXPERT_USER, unit_id=10 + n % 300, starts_on=LONG_AGO)
            for n in range(1000)
        )
        session.add_all(Absence(person_id=p, starts_on=TODAY, ends_on=TODAY + timedelta(days=40)) for p in people)
    before = len(found(village, Kind.NO_EXPERT_THEN))
    assert before >= 300
