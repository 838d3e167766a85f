"""How much was asked: counted once, for good, and only what may be shown comes out."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import delete, update

from models import tally
from models.people import Unit
from models.stuga_series import Stuga
from models.tally import Dimension, Scope, Shows, Span
from models.tickets import Ticket
from tests.models.town import Town, at

DAY = timedelta(days=1)
MONDAY = date(2026, 10, 5)


@pytest.fixture
def town(village):
    return Town(village)


def many(town: Town, day: date, unit: int, askers: range, tool: str = "lock", **more: Any) -> None:
    for asker in askers:
        town.ask(at(day), unit, asker, tool, **more)


# ---- periods ---------------------------------------------------------------------------------------------------------


def test_every_week_lies_in_one_month_one_quarter_and_one_year():
    """From 2020 to 2040, by the Thursday, with its weeks 53; nothing overlaps, nothing is left out."""
    monday = date(2019, 12, 30)
    while monday < date(2041, 1, 1):
        thursday = monday + 3 * DAY
        year, week, _ = monday.isocalendar()
        codes = [tally.period_of(span, monday + n * DAY).code for n in (0, 6) for span in Span]
        expected = [f"{year}-W{week:02}", f"{thursday:%Y-%m}", f"{year}-Q{(thursday.month + 2) // 3}", str(year)]
        assert codes == expected * 2
        for span in Span:
            period = tally.period_of(span, monday)
            assert period.first <= monday < period.last
            assert tally.period(period.code) == period
            assert period.earlier().last + DAY == period.first
        monday += 7 * DAY
    assert len(tally.period("2026").weeks) == 53
    for wrong in ("2025-W53", "2026-13", "2026-Q5", "W47", "2026-W4"):
        with pytest.raises(ValueError):  # noqa: PT011 (what Python says of numbers is not ours)
            tally.period(wrong)


def test_a_week_begins_at_midnight_on_swedish_clocks():
    """Also in the weeks of 167 and 169 hours."""
    spring, autumn = tally.period("2027-W12"), tally.period("2027-W43")
    assert (spring.until - spring.since) // timedelta(hours=1) == 167
    assert (autumn.until - autumn.since) // timedelta(hours=1) == 169
    assert spring.since == datetime(2027, 3, 21, 23, tzinfo=UTC)


# ---- counting ----------------------------------------------------------------------------------------------------


def test_an_empty_municipality_has_nothing_to_count(town):
    assert town.settle(at(MONDAY)) == []
    assert town.figures(Scope.UNIT, 1, "2026-W40") is None


def test_a_week_is_counted_once_from_six_on_monday(town):
    many(town, MONDAY, 1, range(6))
    many(town, MONDAY, 2, range(10, 16))
    many(town, MONDAY, 1, range(6), "phone")
    many(town, MONDAY, 2, range(10, 13), "tv")
    many(town, MONDAY, 2, range(13, 16), "vr")
    assert town.settle(at(MONDAY + 7 * DAY, 5)) == []
    assert town.settle(at(MONDAY + 7 * DAY, 6)) == ["2026-W41"]
    many(town, MONDAY, 1, range(50, 60))  # what comes later belongs to no week any more
    assert town.settle(at(MONDAY + 7 * DAY, 7)) == []
    unit, home = (town.figures(scope, 1, "2026-W41") for scope in (Scope.UNIT, Scope.DEPARTMENT))
    assert (unit.total, unit.open, unit.oldest, unit.cells) == (12, 12, 6, {})
    assert (home.total, home.rest(Dimension.TOOL)) == (24, 6)
    assert home.table(Dimension.TOOL) == (tally.Cell("lock", 12), tally.Cell("phone", 6))
    with town.village.db.snapshot() as session:
        tools = tally.tool_figures(session, home.period)
    assert {tool: (f.whole, f.departments) for tool, f in tools.items()} == {
        "lock": (True, {1: tally.Cell("lock", 12)}), "phone": (True, {1: tally.Cell("phone", 6)})
    }  # fmt: skip


def test_what_came_in_late_stands_for_itself(town):
    """Heard of after the week was counted: the totals come right the next morning; of what it was about only what so
    many asked late. Two versions of a number tell no more than that.
    """
    week, next_week = tally.period("2026-W41"), MONDAY + 7 * DAY

    def read(code: str = "2026-W41") -> tuple[Any, ...]:
        home, unit = (town.figures(scope, 1, code) for scope in (Scope.DEPARTMENT, Scope.UNIT))
        cells = [(cell.key, cell.number, cell.whole) for cell in home.table(Dimension.TOOL)]
        return home.total, home.late, home.open, unit.total, home.oldest, cells

    for unit in (1, 2):
        for at_, tool in enumerate(("lock", "phone", "tv", "vr")):
            many(town, MONDAY + DAY, unit, range(10 * unit + 3 * at_, 10 * unit + 3 * at_ + 3), tool)
    town.settle(at(next_week, 6))
    assert read() == (24, 0, 24, 12, 5, [("tv", 6, True), ("vr", 6, True)])
    many(town, MONDAY, 1, range(2), "tv")
    assert town.settle(at(next_week, 23)) == []
    assert town.settle(at(next_week + DAY, 5)) == []
    assert town.settle(at(next_week + DAY, 6)) == [""]
    assert town.settle(at(next_week + DAY, 7)) == []
    assert read() == (26, 2, 26, 14, 6, [("tv", 6, False), ("vr", 6, False)])
    assert town.settle(at(date(2026, 11, 3)))[-1] == "2026-10"
    for unit in (1, 2):  # of a week that is counted, and of a month
        many(town, MONDAY, unit, range(70 + 10 * unit, 75 + 10 * unit), "tv")
        many(town, MONDAY, unit, range(70 + 10 * unit, 73 + 10 * unit), "lock")
        many(town, MONDAY, unit, range(70 + 10 * unit, 73 + 10 * unit), None)
    assert town.settle(at(date(2026, 11, 4))) == [""]
    assert read() == (48, 24, 48, 25, 6, [("tv", 16, False), ("vr", 6, False)])
    assert read("2026-10")[:4] == (48, 22, 48, 25)
    assert read("2026-W44")[:4] == (0, 0, 48, 0), "they were open all the time"
    with town.village.db.snapshot() as session:
        assert tally.totals(session, Scope.UNIT, tally.period("2026-W42"))[1] == [25]
        tools = tally.tool_figures(session, week)
    assert {tool: (f.number, f.whole) for tool, f in tools.items()} == {"tv": (16, False), "vr": (6, False)}


def test_the_first_week_ever_has_nothing_before_it(town):
    many(town, MONDAY, 1, range(3))
    town.settle(at(MONDAY + 14 * DAY))
    with town.village.db.snapshot() as session:
        week = tally.period("2026-W42")
        assert tally.totals(session, Scope.UNIT, week.earlier()) == {}
        assert tally.totals(session, Scope.UNIT, week) == {1: [3]}
        assert tally.figures(session, Scope.UNIT, 2, week).total == 0


def test_a_manager_who_is_the_only_asker_shows_nothing_but_the_total(town):
    for day in range(5):
        for _ in range(4):
            town.ask(at(MONDAY + day * DAY), 1, 7)
    many(town, MONDAY, 2, range(20, 26), "phone")
    town.settle(at(date(2027, 2, 1)))
    home = town.figures(Scope.DEPARTMENT, 1, "2026-W41")
    assert (home.total, home.table(Dimension.TOOL)) == (26, ())
    quarter = town.figures(Scope.UNIT, 1, "2026-Q4")
    assert (quarter.total, quarter.cells) == (20, {})


def test_what_helpers_did_needs_three_of_them(town):
    def week(monday: date, helpers: int) -> set[str]:
        for asker in range(12):
            town.solved(at(monday), 1 + asker % 2, asker, 100 + asker % helpers, "expert_user")
            town.solved(at(monday), 1 + asker % 2, asker, by="self_help")
            town.solved(at(monday), 1 + asker % 2, asker, by=None, reason="redirected")
        for asker in range(3):
            town.solved(at(monday), 1, asker, 110, "it")
            town.solved(at(monday), 2, asker + 3, None, None, reason="rung")
        town.settle(at(monday + 7 * DAY))
        found = town.figures(Scope.DEPARTMENT, 1, tally.period_of(Span.WEEK, monday).code)
        assert found.closed == 42
        return {cell.key for cell in found.table(Dimension.SOLVED)}

    assert week(MONDAY, 3) == {"expert_user", "self_help", "redirected"}
    assert week(MONDAY + 7 * DAY, 2) == {"self_help", "redirected"}


def came(town: Town, day: date, heads: int, departments: str = "") -> None:
    with town.village.work() as session:
        session.add(
            Stuga(series="tis", slot=f"{day:%m%d}{heads}{departments}", uid=f"{day}{heads}{departments}", name="Stugan", departments=departments,
                  starts_at=at(day, 13), ends_at=at(day, 15), stage="ended", heads=heads, changed_at=at(day, 15), closed_at=at(day, 15))
        )  # fmt: skip


def test_drop_ins_are_counted_where_their_guests_work_and_heads_from_five(town):
    many(town, MONDAY, 1, range(1))
    for day, heads, departments in ((1, 9, ""), (2, 6, "home"), (3, 4, "home"), (4, 4, "house"), (5, 3, "house")):
        came(town, MONDAY + day * DAY, heads, departments)
    came(town, MONDAY + 8 * DAY, 7, "home")
    town.settle(at(date(2026, 11, 2)))
    found = {(scope, place): town.figures(scope, place, code) for scope, place, code in PLACES}
    gathered = {key: (each.sessions, each.heads) for key, each in found.items()}
    assert gathered == {
        (Scope.DEPARTMENT, 1): (3, 19), (Scope.DEPARTMENT, 2): (3, 9), (Scope.ADMINISTRATION, 1): (5, 19)
    }  # fmt: skip
    month = town.figures(Scope.DEPARTMENT, 1, "2026-10")
    assert (month.sessions, month.heads) == (4, 26)


def test_heads_that_are_hidden_are_in_no_number(town):
    """Whatever they were, the same is read; heads that are shown are told apart."""
    many(town, MONDAY, 1, range(1))
    dice, guests = random.Random(4), ("", "home", "house", "home|house")
    for n in range(12):
        of = guests[n % 4]
        came(town, MONDAY + n % 5 * DAY, dice.randrange(5) if of in ("home", "") else 3 + n, of)
    town.settle(at(MONDAY))

    def read(heads: int, *of: str) -> list[Any]:
        with town.village.work() as session:
            session.execute(update(Stuga).where(Stuga.departments.in_(of)).values(heads=heads))
            rows = tally.count(session, now=at(MONDAY + 7 * DAY)).rows
        return [row for row in rows if row["dimension"] in (Dimension.HEADS, Dimension.SESSIONS)]

    for hidden in ("home", ""):
        assert read(0, hidden) == read(4, hidden)
    shown = [row["shows"] for row in read(4, "home") if row["dimension"] is Dimension.HEADS]
    assert shown == [Shows.PART] * 3
    assert read(5, "home") != read(4, "home")


PLACES = [
    (Scope.DEPARTMENT, 1, "2026-W41"),
    (Scope.DEPARTMENT, 2, "2026-W41"),
    (Scope.ADMINISTRATION, 1, "2026-W41"),
]


def test_what_was_counted_stays_when_the_questions_are_gone(town):
    """Disposed of, erased, retagged: the number that was read on Monday is the number of June."""
    many(town, MONDAY, 1, range(6))
    many(town, MONDAY, 2, range(10, 16))
    many(town, MONDAY, 1, range(6), "phone")
    many(town, MONDAY, 2, range(10, 16), "tv")
    town.settle(at(MONDAY + 7 * DAY))
    before = town.figures(Scope.DEPARTMENT, 1, "2026-W41")
    with town.village.work() as session:
        session.execute(delete(Ticket))
    assert "2026-Q4" in town.settle(at(date(2027, 1, 4)))
    assert town.figures(Scope.DEPARTMENT, 1, "2026-W41") == before
    quarter = town.figures(Scope.DEPARTMENT, 1, "2026-Q4")
    assert (quarter.total, quarter.open) == (24, 0)
    assert [(c.key, c.number) for c in quarter.table(Dimension.TOOL)] == [("lock", 12)]


def test_a_unit_that_is_merged_in_mid_week_and_one_that_moves(town):
    """An old question keeps its unit, and what was counted for its department stays there."""
    with town.village.work() as session:
        session.add(Unit(id=4, key="unit4", department_id=1, name="Sammanslagen", live=True))
    many(town, MONDAY, 1, range(6))
    with town.village.work() as session:
        session.get(Unit, 1).ended_on = MONDAY + 2 * DAY
    many(town, MONDAY + 3 * DAY, 4, range(6))
    town.settle(at(MONDAY + 7 * DAY))
    with town.village.work() as session:
        session.get(Unit, 4).department_id = 2
    many(town, MONDAY + 8 * DAY, 4, range(8))
    town.settle(at(date(2027, 1, 4)))

    def total(scope: Scope, place: int, code: str) -> int:
        return town.figures(scope, place, code).total

    assert [total(Scope.UNIT, unit, "2026-W41") for unit in (1, 4)] == [6, 6]
    assert [total(Scope.DEPARTMENT, d, code) for d in (1, 2) for code in ("2026-W41", "2026-W42", "2026-Q4")] == [
        12, 0, 12, 0, 8, 8
    ]  # fmt: skip
    moved = town.figures(Scope.UNIT, 4, "2026-Q4")
    assert (moved.total, moved.cells) == (14, {})  # in two departments: nothing more is told of it


def test_two_instances_count_a_period_once(town):
    many(town, MONDAY, 1, range(6))
    many(town, MONDAY + 7 * DAY, 2, range(9))
    town.settle(at(MONDAY))
    with ThreadPoolExecutor(4) as instances:
        list(instances.map(lambda _: town.settle(at(date(2026, 11, 2))), range(4)))
    with town.village.db.snapshot() as session:
        assert tally.totals(session, Scope.DEPARTMENT, tally.period("2026-W44")) == {1: [6, 9, 0]}
        assert tally.figures(session, Scope.DEPARTMENT, 1, tally.period("2026-10")).total == 15
