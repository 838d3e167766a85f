"""A while of questions counted anew by going through them all, and attacked with everything that anybody can see."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from models import clock, tally
from models.clock import STOCKHOLM
from models.disclosure import Rules
from models.people import Unit
from models.tally import SOLVED, Dimension, Figures, Scope, Shows, Span, Tally, TallyPeriod
from tests.models.attack import Attacker, Fact
from tests.models.town import Town

DAY = timedelta(days=1)
TOOLS = ("lock", "phone", "signing", "tv", "vr")
KINDS = ("access", "handling", "fault", "routine", "equipment")
ENDS = (("solved", "self_help"), ("solved", "expert_user"), ("solved", "it"), ("redirected", None), ("withdrawn", None))
UNITS = {1: 1, 2: 1, 4: 1, 5: 1, 3: 2}  # of a department; the third is alone in its own


def a_while(town: Town, seed: int, first: date, weeks: int, busy: float) -> list[dict[str, Any]]:
    dice = random.Random(seed)
    with town.village.work() as session:
        session.add_all(Unit(id=i, key=f"unit{i}", department_id=1, name=f"Enhet {i}") for i in (4, 5))
    for unit, n in [(unit, n) for unit in UNITS for n in range(7 * weeks)]:
        for _ in range(min(6, int(dice.expovariate(7 / busy) * (1 + unit % 4) / 2 + dice.random() / 2))):
            when = clock.midnight(first + n * DAY) + dice.randrange(24 * 60) * timedelta(minutes=1)
            asker, tool = unit * 50 + dice.randrange(25), dice.choices((*TOOLS, None), (16, 8, 5, 3, 2, 1))[0]
            kind, (reason, by) = dice.choice(KINDS), dice.choice(ENDS)
            if dice.random() < 0.2:
                town.ask(when, unit, asker, tool, kind=kind)
            else:
                later = when + dice.randrange(300) * timedelta(hours=1)
                town.solved(when, unit, asker, 900 + dice.randrange(4), by, reason=reason, tool=tool, kind=kind, closed_at=later)
    return list(town.rows)


class Slow:
    """The same numbers, each by going through all questions."""

    def __init__(self, asked: list[dict[str, Any]]) -> None:
        self.asked = [row | {f"{what}_in": self.codes(row[what]) for what in ("asked_at", "closed_at")} for row in asked]

    def codes(self, when: datetime | None) -> tuple[str, ...]:
        if when is None:
            return ()
        year, week, _ = when.astimezone(STOCKHOLM).isocalendar()
        day = date.fromisocalendar(year, week, 4)
        return f"{year}-W{week:02}", f"{day:%Y-%m}", f"{day.year}-Q{-(-day.month // 3)}", str(day.year)

    def here(self, found: Figures, row: dict[str, Any]) -> bool:
        unit = row["unit_id"]
        return found.scope_id == {Scope.UNIT: unit, Scope.DEPARTMENT: UNITS[unit], Scope.ADMINISTRATION: 1}[found.scope]

    def rows(self, found: Figures, dimension: Dimension, key: str | None = None) -> list[dict[str, Any]]:
        at_what = "closed_at_in" if dimension in (Dimension.SOLVED, Dimension.CLOSED) else "asked_at_in"
        mine = [row for row in self.asked if found.period.code in row[at_what] and self.here(found, row)]
        return mine if key is None else [row for row in mine if self.key(row, dimension) == key]

    def key(self, row: dict[str, Any], dimension: Dimension) -> str:
        if dimension is Dimension.SOLVED:
            return {"withdrawn": "ended", "redirected": "redirected"}.get(row["reason"], row["solved_by"])
        return row["tool"] or "" if dimension is Dimension.TOOL else row["kind"]

    def is_open(self, found: Figures, row: dict[str, Any]) -> bool:
        end = found.period.until
        return self.here(found, row) and row["asked_at"] < end and (row["closed_at"] is None or row["closed_at"] >= end)

    def agrees(self, found: Figures) -> None:
        assert found.total == len(self.rows(found, Dimension.TOTAL))
        assert found.closed == len(self.rows(found, Dimension.CLOSED))
        left = [row["asked_at"] for row in self.asked if self.is_open(found, row)]
        assert (found.open, found.oldest) == (len(left), (found.period.until - min(left)).days if left else None)
        for dimension, cells in found.cells.items():
            for cell in cells:
                rows = self.rows(found, dimension, cell.key)
                assert cell.number == len(rows) if cell.whole else 0 < cell.number <= len(rows)
                assert len({row["asker_id"] for row in rows}) >= 5
                if cell.key == "expert_user":
                    assert len({row["owner_id"] for row in rows}) >= 3
            self.hides(found, dimension, {cell.key for cell in cells})

    def hides(self, found: Figures, dimension: Dimension, shown: set[str]) -> None:
        """What is left over in a table of one block stands for k askers and more than one key."""
        if (found.scope, found.period.span) in ((Scope.UNIT, Span.QUARTER), (Scope.DEPARTMENT, Span.WEEK)):
            rest = [row for row in self.rows(found, dimension) if self.key(row, dimension) not in shown]
            if rest:
                assert len({row["asker_id"] for row in rest}) >= 5
                assert len({self.key(row, dimension) for row in rest}) > 1


def read_all(town: Town, codes: list[str]) -> list[Figures]:
    """Everything that anybody can see."""
    return [found for code in codes for found in town.everything(code)]


def adds_up(every: list[Figures]) -> int:
    """A number with parts is the sum of the parts that are shown. How many there are."""
    cells = {(f.scope, f.scope_id, f.period.code, d, c.key): c for f in every for d in f.cells for c in f.cells[d]}
    checked = 0
    for (scope, place, code, dimension, key), cell in cells.items():
        period = tally.period(code)
        inside = [p.code for p in period.weeks] if period.span is Span.MONTH else [f"{code}-Q{q}" for q in range(1, 5)]
        parts = {
            Scope.ADMINISTRATION: [(Scope.DEPARTMENT, d, code, dimension, key) for d in (1, 2)],
            Scope.DEPARTMENT: [(scope, place, part, dimension, key) for part in inside],
            Scope.UNIT: [(scope, place, part, dimension, key) for part in inside],
        }[scope]
        if scope is Scope.ADMINISTRATION or period.span in (Span.MONTH, Span.YEAR):
            checked += 1
            assert cell.number == sum(cells[part].number for part in parts if part in cells)
    return checked


def learnt(every: list[Figures], dimension: Dimension) -> list[Any]:
    """What an attacker gets to know beyond the rule, from all of it together."""
    weeks = {f.period.first for f in every if f.period.span is Span.WEEK}
    of_units = [f for f in every if f.scope is Scope.UNIT and f.period.span is Span.WEEK]
    sizes = [f.closed if dimension is Dimension.SOLVED else f.total for f in of_units]
    whole = {(f.scope_id, f.period.first): size for f, size in zip(of_units, sizes, strict=True)}

    def places(scope: Scope, place: int, inside: set[date]) -> list[tuple[int, date]]:
        above = {Scope.UNIT: lambda u: u, Scope.DEPARTMENT: UNITS.get, Scope.ADMINISTRATION: lambda _: 1}[scope]
        return [(unit, week) for unit, week in whole if above(unit) == place and week in inside]

    def covered(f: Figures) -> set[date]:
        return {week for week in weeks if f.period.first <= week <= f.period.last}

    facts = [
        Fact(places(f.scope, f.scope_id, covered(f)), cell.key, cell.number, cell.whole)
        for f in every for cell in f.table(dimension)
    ]  # fmt: skip
    listed = {Dimension.TOOL: (*TOOLS, "never"), Dimension.KIND: KINDS, Dimension.SOLVED: SOLVED}[dimension]
    keys = {fact.key for fact in facts} | set(listed)
    shown = {(f.scope, f.scope_id, f.period.code): {c.key for c in f.table(dimension) if c.whole} for f in every}
    attacker = Attacker(whole, keys, facts)

    def is_dark(key: str, unit: int, week: date, span: Span) -> bool:
        """No department's number, of the week or of a quarter that is over, covers it."""
        spans = (Span.WEEK, Span.QUARTER) if span in (Span.QUARTER, Span.YEAR) else (Span.WEEK,)
        codes = [tally.period_of(each, week).code for each in spans]
        return all(key not in shown.get((Scope.DEPARTMENT, UNITS[unit], code), ()) for code in codes)

    def hidden() -> Iterator[tuple[Any, str, list[tuple[int, date]]]]:
        for f in every:
            if f.scope is Scope.UNIT and f.period.span is not Span.QUARTER:
                continue
            for key in keys - shown[f.scope, f.scope_id, f.period.code]:
                here = places(f.scope, f.scope_id, covered(f))
                dark = here if f.scope is Scope.UNIT else [place for place in here if is_dark(key, *place, f.period.span)]
                yield f.period.code, key, dark

    return [found for *found, where in hidden() if where and attacker.learns(where, found[1], 5)]


def counted(
    village: Any, seed: int, first: date, weeks: int, busy: float, late: float = 0
) -> tuple[list[dict[str, Any]], list[Figures]]:
    """`late`: what part of the questions is heard of only up to three weeks after it was asked."""
    town, dice = Town(village), random.Random(seed)
    asked = a_while(town, seed, first, weeks, busy)
    heard = [(row["asked_at"] + (dice.random() < late) * dice.randrange(21) * DAY, row) for row in asked]
    codes: list[str] = []
    for n in range(1, weeks + 5) if late else (weeks,):
        at_six = clock.midnight(first + (7 * n + 1) * DAY) + timedelta(hours=6)
        town.rows = [row for when, row in heard if when < at_six]
        heard = [(when, row) for when, row in heard if when >= at_six]
        codes += [code for code in town.settle(at_six) if code]
    return asked, read_all(town, codes)


def test_every_number_is_right_over_a_new_year_with_a_week_53(village):
    """October to January: a clock change, fourteen weeks in the quarter, the year that ends with it."""
    asked, every = counted(village, 7, date(2026, 9, 28), 14, 5)
    slow = Slow(asked)
    for found in every:
        slow.agrees(found)
    assert adds_up(every) > 20
    assert {f.period.code for f in every} >= {"2026-W53", "2026-12", "2026-Q4", "2026"}
    assert sum(len(f.table(Dimension.TOOL)) for f in every if f.scope is Scope.UNIT) > 2


@pytest.mark.slow
def test_every_number_of_a_year_is_right(village):
    asked, every = counted(village, 1, date(2027, 1, 4), 53, 6)
    slow = Slow(asked)
    for found in every:
        slow.agrees(found)
    assert adds_up(every) > 100


@pytest.mark.slow
def test_what_is_heard_of_late_is_in_its_own_week_in_the_end(village):
    asked, every = counted(village, 3, date(2026, 11, 23), 7, 6, late=0.3)
    assert sum(f.late for f in every if f.scope is Scope.UNIT and f.period.span is Span.WEEK) > 20
    assert sum(f.late for f in every if f.period.span is not Span.WEEK) > 20
    slow = Slow(asked)
    for found in every:
        slow.agrees(found)
    assert adds_up(every) > 10


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "busy"), [(7, 5), (8, 1), (9, 9)])
def test_nobody_who_reads_everything_learns_what_is_hidden(village, seed, busy):
    _, every = counted(village, seed, date(2026, 9, 28), 14, busy)
    assert learnt(every, Dimension.TOOL) == []
    assert learnt(every, Dimension.KIND) == []
    assert learnt(every, Dimension.SOLVED) == []
    assert sum(len(f.table(Dimension.SOLVED)) for f in every) > 0 or busy < 2


class Versions:
    """What somebody knows who has read every number each time that it changed: each block of each week by itself."""

    def __init__(self, session: Any, dimension: Dimension) -> None:
        periods = session.exec(select(TallyPeriod)).all()
        self.at = {(p.first, p.late): p.counted_at for p in periods if p.span is Span.WEEK}
        self.base = {(p.span, p.first): p.counted_at for p in periods if p.span is not Span.WEEK}
        rows = session.exec(select(Tally).where(Tally.shows != Shows.NOTHING)).all()
        size = Dimension.CLOSED if dimension is Dimension.SOLVED else Dimension.TOTAL
        of_units = [r for r in rows if r.scope is Scope.UNIT and r.span is Span.WEEK and r.dimension is size]
        self.whole = {(r.scope_id, (r.first, r.late)): r.number for r in of_units}
        self.rows = {(r.scope, r.scope_id, r.span, r.first, r.late, r.key): r for r in rows if r.dimension is dimension}
        listed = {Dimension.TOOL: (*TOOLS, "", "never"), Dimension.KIND: KINDS, Dimension.SOLVED: SOLVED}[dimension]
        self.keys = set(listed)
        facts = [Fact(self.covered(r), r.key, r.number, r.shows is Shows.WHOLE) for r in self.rows.values()]
        self.attacker = Attacker(self.whole, self.keys, facts)

    def covered(self, row: Tally) -> list[Any]:
        period, base = tally.period_of(row.span, row.first), self.base.get((row.span, row.first))
        day = period.last + row.late * DAY
        above = {Scope.UNIT: lambda u: u, Scope.DEPARTMENT: UNITS.get, Scope.ADMINISTRATION: lambda _: 1}[row.scope]

        def is_in(block: Any) -> bool:
            if row.span is Span.WEEK:
                return block == (row.first, row.late)
            known = self.at[block] <= base if row.late == 0 else clock.today(self.at[block]) == day
            return known and period.first <= block[0] <= period.last

        return [(unit, block) for unit, block in self.whole if above(unit) == row.scope_id and is_in(block)]

    def hidden(self) -> Iterator[tuple[str, str, list[Any]]]:
        """Of a department each block, week, month and quarter as far as it is dark; of a unit its quarter."""
        quarters = {tally.period_of(Span.QUARTER, first) for first, _ in self.at}
        for key in sorted(self.keys):
            for department in (1, 2):
                dark = [b for b in self.at if (Scope.DEPARTMENT, department, Span.WEEK, *b, key) not in self.rows]
                for name, blocks in [(str(b), [b]) for b in dark] + self.longer(department, key, dark):
                    yield name, key, [place for place in self.whole if UNITS[place[0]] == department and place[1] in blocks]
            for unit, quarter in [(unit, q) for unit in UNITS for q in quarters if (q.span, q.first) in self.base]:
                if (Scope.UNIT, unit, Span.QUARTER, quarter.first, 0, key) not in self.rows:
                    inside = [p for p in self.whole if p[0] == unit and quarter.first <= p[1][0] <= quarter.last]
                    yield f"{unit} {quarter.code}", key, inside

    def longer(self, department: int, key: str, dark: list[Any]) -> list[tuple[str, list[Any]]]:
        found: dict[str, list[Any]] = {}
        for block in dark:
            for span in (Span.WEEK, Span.MONTH, Span.QUARTER):
                period = tally.period_of(span, block[0])
                row = self.rows.get((Scope.DEPARTMENT, department, span, period.first, 0, key))
                released = span is Span.QUARTER and row is not None and row.shows is Shows.WHOLE
                if not released or self.at[block] > self.base[span, period.first]:
                    found.setdefault(period.code, []).append(block)
        return list(found.items())

    def learnt(self) -> Iterator[Any]:
        return ((name, key) for name, key, where in self.hidden() if where and self.attacker.learns(where, key, 5))


@pytest.mark.slow
@pytest.mark.parametrize("pooled", [True, False])
def test_nobody_who_reads_every_version_learns_what_is_hidden(village, monkeypatch, pooled):
    """Seven weeks with the end of a quarter and a year. Without complementary suppression the same attack finds leaks in
    what it was about, of which kind, and how it was solved.
    """
    monkeypatch.setattr(tally, "rules", lambda session: Rules(pooled=pooled))
    counted(village, 7, date(2026, 11, 16), 7, 12, late=0.2)
    with village.db.snapshot() as session:
        for dimension in (Dimension.TOOL, Dimension.KIND, Dimension.SOLVED):
            versions = Versions(session, dimension)
            assert any(row.scope is Scope.DEPARTMENT for row in versions.rows.values())
            assert any(versions.learnt()) is not pooled, dimension
