"""What is shown hides what is not: an attack with linear programs, and the rules one by one."""

import random
from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from models import disclosure
from models.disclosure import Asked, Rules, Seen
from tests.effort import examples
from tests.models.attack import Attacker, Fact

K = 5
OPEN, LIST = None, ("access", "fault", "handling")  # tools may be any; kinds are these
Question = tuple[int, int, int, str]  # unit, week, asker, key


class Scene:
    """A department's quarter, published as tally.py does, and everything that can be read of it."""

    def __init__(
        self, questions: list[Question], rules: Rules, listed: tuple[str, ...] | None = OPEN, late: bool = False
    ) -> None:
        """`late`: each second week stands for what came late of the one before it."""
        self.questions, self.rules, self.listed = questions, rules, listed
        self.keys = set(listed or {key for *_, key in questions} | {"never_asked"})
        self.totals = self._count(lambda u, w, a, key: (u, w))
        self.units = sorted({u for u, _ in self.totals})
        self.weeks = {w: self._week(w) for w in sorted({w for _, w in self.totals})}
        self.months = {w: w // 4 for w in self.weeks}
        self.longer = {f"month {m}": {w for w in self.months if self.months[w] == m} for m in self.months.values()}
        self.longer |= {f"week {w}": {w, w + 1} for w in self.weeks if w % 2 == 0 and late}
        self.within = {w: tuple(name for name, weeks in self.longer.items() if w in weeks) for w in self.weeks}
        self.quarter = disclosure.of_quarter(self._asked(), rules)

    def _count(self, by) -> dict:
        found: dict = defaultdict(int)
        for question in self.questions:
            found[by(*question)] += 1
        return dict(found)

    def _cells(self, questions: Iterator[Question]) -> dict[str, Seen]:
        found: dict[str, Seen] = defaultdict(Seen)
        for _, _, asker, key in questions:
            found[key].add(1, asker)
        return found

    def _week(self, week: int) -> set[str]:
        units = {u: n for (u, w), n in self.totals.items() if w == week}
        cells = self._cells(q for q in self.questions if q[1] == week)
        return disclosure.of_week(cells, units, self.rules, self.listed)

    def _asked(self) -> Asked:
        counts = self._count(lambda u, w, a, key: (u, w, key))
        hidden = self._cells(q for q in self.questions if q[3] not in self.weeks[q[1]])
        units = {unit: self._cells(q for q in self.questions if q[0] == unit) for unit in self.units}
        return Asked(counts, self.weeks, self.within, hidden, units, self.listed)

    def _places(self, unit: int | None = None, weeks: set[int] | None = None) -> list[tuple[int, int]]:
        return [(u, w) for u, w in self.totals if unit in (None, u) and (weeks is None or w in weeks)]

    def _fact(self, places: list[tuple[int, int]], key: str) -> Fact:
        return Fact(places, key, sum(k == key and (u, w) in set(places) for u, w, _, k in self.questions))

    def facts(self) -> Iterator[Fact]:
        for week, shown in self.weeks.items():
            yield from (self._fact(self._places(weeks={week}), key) for key in shown)
        yield from (self._fact(self._places(), key) for key in self.quarter.department)
        for unit, shown in self.quarter.units.items():
            yield from (self._fact(self._places(unit), key) for key in shown)

    def hidden(self) -> Iterator[tuple[str, list[tuple[int, int]]]]:
        """Every cell of a week, a month, the quarter and a unit's quarter; of longer ones what no week shows."""
        for key in sorted(self.keys):
            dark = {week for week, shown in self.weeks.items() if key not in shown}
            yield from ((key, self._places(weeks={week})) for week in dark)
            yield from ((key, self._places(weeks=dark & weeks)) for weeks in self.longer.values())
            if key not in self.quarter.department:
                yield key, self._places(weeks=dark)
            for unit in self.units:
                if key not in self.quarter.units[unit]:
                    yield key, self._places(unit)

    def learnt(self) -> list[tuple[str, list[tuple[int, int]]]]:
        """Hidden cells of which the attacker knows more than the rule allows."""
        attacker = Attacker(self.totals, self.keys, self.facts())
        return [(key, places) for key, places in self.hidden() if attacker.learns(places, key, self.rules.askers)]


def a_quarter(seed: int, units: int = 4, weeks: int = 6, busy: float = 4.0, spread: float = 1.0) -> list[Question]:
    """Drawn with dice: units of different size, a few tools that are asked about much more than others."""
    dice, keys = random.Random(seed), LIST if seed % 2 else ("lock", "phone", "signing", "tv", "vr")
    weight = [(i + 1) ** -spread for i in range(len(keys))]
    return [
        (unit, week, unit * 100 + dice.randrange(3 + 4 * unit), dice.choices(keys, weight)[0])
        for unit in range(units)
        for week in range(weeks)
        for _ in range(min(20, int(dice.expovariate(1 / busy) * (1 + unit) / 2)))
    ]


def listed(seed: int) -> tuple[str, ...] | None:
    return LIST if seed % 2 else OPEN


def shown(scene: Scene) -> int:
    units = sum(len(keys) for keys in scene.quarter.units.values())
    return units + len(scene.quarter.department) + sum(len(keys) for keys in scene.weeks.values())


@pytest.mark.parametrize(("seed", "late"), [(4, False), (5, True)])
def test_nobody_learns_what_is_hidden(seed, late):
    scene = Scene(a_quarter(seed, weeks=6, busy=8), Rules(K), listed(seed), late)
    assert shown(scene) > 3
    assert scene.learnt() == []


@pytest.mark.slow
@given(
    seed=st.integers(0, 10_000),
    units=st.integers(1, 5),
    weeks=st.integers(1, 9),
    busy=st.sampled_from([0.5, 2, 4, 8]),
    spread=st.sampled_from([0, 1, 2]),
    late=st.booleans(),
)
@effort(max_examples=examples(60), deadline=None)
def test_nobody_learns_what_is_hidden_in_any_quarter(seed, units, weeks, busy, spread, late):
    assert Scene(a_quarter(seed, units, weeks, busy, spread), Rules(K), listed(seed), late).learnt() == []


def test_without_complementary_suppression_the_attack_finds_the_leak():
    """So it would find one if there were any."""
    assert len(Scene(a_quarter(4, weeks=6, busy=8), Rules(K, pooled=False)).learnt()) > 10
