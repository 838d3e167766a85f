"""How much was asked: counted once, for good, and only what may be shown comes out."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import insert

from models import tally
from models.clock import STOCKHOLM
from models.people import Person
from models.tally import Dimension, Scope, Span
from models.tickets import Ticket

DAY = timedelta(days=1)
MONDAY = date(2026, 10, 5)


class Town:
    """A village in which much is asked; questions are written straight into the table."""

    def __init__(self, village: Any) -> None:
        self.village, self.rows, self.people = village, [], {}

    def asker(self, number: int) -> int:
        if number not in self.people:
            with self.village.work() as session:
                person = Person(name=f"P{number}", chat_user_id=f"UP{number}")
                session.add(person)
                session.flush()
                self.people[number] = person.pk
        return self.people[number]

    def ask(self, at: datetime, unit: int | None, asker: int | None, tool: str | None = "lock", **more: Any) -> None:
        usual = {
            "unit_id": unit, "asker_id": None if asker is None else self.asker(asker), "tool": tool, "kind": "handling",
            "urgency": "can_wait", "state": "open", "next_step": "ask", "next_at": at, "asked_at": at,
            "asker_wrote_at": at, "closed_at": None, "reason": None, "solved_by": None, "owner_id": None, "taken_at": None,
        }  # fmt: skip
        self.rows.append(usual | more)

    def solved(self, at: datetime, unit: int, asker: int, helper: int | None = None, by: str = "self_help", **more: Any):
        """Asked and answered at once."""
        closed = {"state": "closed", "closed_at": at, "next_step": None, "next_at": None, "solved_by": by}
        owner = {} if helper is None else {"owner_id": self.asker(helper), "taken_at": at}
        self.ask(at, unit, asker, **({"reason": "solved"} | closed | owner | more))

    def settle(self, now: datetime) -> list[str]:
        with self.village.work() as session:
            if self.rows:
                session.connection().execute(insert(Ticket), self.rows)
        self.rows, done = [], []
        while True:
            with self.village.work() as session:
                found = tally.settle(session, now=now)
            if found is None:
                return done
            done.append(found.code)

    def figures(self, scope: Scope, place: int, code: str) -> tally.Figures | None:
        with self.village.db.snapshot() as session:
            return tally.figures(session, scope, place, tally.period(code))


@pytest.fixture
def town(village):
    return Town(village)


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=STOCKHOLM)


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
