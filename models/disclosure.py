"""What may be shown of what was counted, so that nobody can be singled out. Pure: numbers in, keys out.

The reasons stand in docs/decisions/0026. In short: a cell needs k askers; hidden cells of one table are together a cell
too; no unit may be forced to hold some of what its department shows; and when a quarter adds unit's and department's
tables, every cell that stays hidden must have a witness: another way in which the same quarter could have gone, which
changes nothing that is shown. Not here: SQL, periods, what is a sum of what is shown already (tally.py).
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

NOBODY = "·"  # stands for every key that nobody has asked about: hidden like any other


@dataclass(frozen=True)
class Rules:
    """How many distinct people a cell needs. `pooled`: hidden cells protect each other; off only for the attack."""

    askers: int = 5
    helpers: int = 3
    pooled: bool = True


@dataclass
class Seen:
    """What stands behind a cell while it is counted. `helpers` is None where the cell says nothing of them.

    Somebody who is not known (any more) is nobody: then less is shown.
    """

    number: int = 0
    askers: set[int] = field(default_factory=set)
    helpers: set[int] | None = None

    def add(self, number: int, asker: int | None) -> None:
        self.number += number
        if asker is not None:
            self.askers.add(asker)

    def enough(self, rules: Rules) -> bool:
        helped = self.helpers is None or len(self.helpers) >= rules.helpers
        return len(self.askers) >= rules.askers and helped


Cells = Mapping[str, Seen]
Cell = tuple[str, int, int]  # of which table, which place, which key


def of_week(cells: Cells, units: Mapping[int, int], rules: Rules, keys: Collection[str] | None = None) -> set[str]:
    """The keys of a department's week that may be shown. `units`: its units' totals; `keys`: all there are, if closed.

    No number may be larger than what the other units together have: else one unit must hold some of it.
    """
    room = sum(units.values()) - max(units.values(), default=0)
    shown = {key for key, seen in cells.items() if seen.enough(rules) and (seen.number <= room or not rules.pooled)}
    return _pooled(cells, shown, rules, keys, {key: seen.number for key, seen in cells.items()})


def _pooled(
    cells: Cells, shown: set[str], rules: Rules, keys: Collection[str] | None, order: Mapping[str, int]
) -> set[str]:
    """The rarest go until what is hidden is a cell of k askers and more than one key."""
    while rules.pooled and shown and not _hides(cells, shown, rules, keys):
        shown.remove(min(shown, key=lambda key: (order[key], key)))
    return shown


def _hides(cells: Cells, shown: set[str], rules: Rules, keys: Collection[str] | None) -> bool:
    hidden = [seen for key, seen in cells.items() if key not in shown and seen.number]
    if not hidden:
        return keys is not None and shown == set(keys)
    return len(hidden) > 1 and len(set[int]().union(*(seen.askers for seen in hidden))) >= rules.askers


# ---- a quarter ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A department's quarter in one dimension.

    `counts` by unit, week and key (what came late of a week is a week of its own); `weeks`: the keys that its weeks
    show; `within`: in which longer times each lies; `department`: the questions of weeks that do not show their key;
    `units`: of those that were in it all the time, all their questions.
    """

    counts: Mapping[tuple[int, int, str], int]
    weeks: Mapping[int, Collection[str]]
    within: Mapping[int, Collection[str]]
    department: Cells
    units: Mapping[int, Cells]
    keys: Collection[str] | None = None


@dataclass
class Released:
    """What a quarter shows beside its weeks. `order`: how often a key was asked about; the rarest goes first."""

    department: set[str]
    units: dict[int, set[str]]
    order: Mapping[str, int]

    def hide_for(self, key: str, unit: int | None, cells: Mapping[int, Cells]) -> None:
        """So that a hidden cell with this key, perhaps a unit's, may get a witness.

        The key is hidden in more units, from the smallest on, then in the department; where it is hidden everywhere,
        the rarest of what is shown goes.
        """
        showing = [u for u, shown in self.units.items() if key in shown]
        showing.sort(key=lambda u: (cells[u][key].number, u))
        if showing:
            for other in showing[: max(1, len(self.units) - len(showing))]:  # twice as many hide it
                self.units[other].remove(key)
        elif key in self.department:
            self.department.remove(key)
        elif unit is not None and self.units[unit]:
            self.units[unit].remove(self._rarest(self.units[unit]))
        else:
            self._hide(self._rarest(self.department.union(*self.units.values())))

    def _hide(self, key: str) -> None:
        for shown in (self.department, *self.units.values()):
            shown.discard(key)

    def _rarest(self, keys: Collection[str]) -> str:
        return min(keys, key=lambda key: (self.order[key], key), default=NOBODY)

    def __bool__(self) -> bool:
        return bool(self.department or any(self.units.values()))


def of_quarter(asked: Asked, rules: Rules) -> Released:
    """What may be shown: all that has enough, less what would leave a hidden cell without a witness.

    What is rare in the department is hidden in it and in its units alike: they are witnesses for each other.
    """
    order = Counter[str]()
    for (_, _, key), number in asked.counts.items():
        order[key] += number
    enough = {key for key, seen in asked.department.items() if seen.enough(rules)}
    shown = _pooled(asked.department, enough, rules, asked.keys, order)
    rare = asked.department.keys() - shown if rules.pooled else set()
    found = Released(shown, {}, order)
    for unit, cells in asked.units.items():
        enough = {key for key, seen in cells.items() if seen.enough(rules)} - rare
        found.units[unit] = _pooled(cells, enough, rules, asked.keys, order)
    safe: set[Cell] = set()  # what has a witness keeps it when more is hidden
    while rules.pooled and found and (bare := Witness(asked, found, rules).missing(safe)):
        for key, bare_unit in bare.items():
            found.hide_for(key, bare_unit, asked.units)
    return found


class Witness:
    """Looks for other ways in which a quarter could have gone, one question at a time.

    A move says of one question that it was about another key; that changes three sums: its week's, its unit's and its
    department's for the quarter. A move is free where the sums are hidden; where one is shown, a second move has to set
    it right. Only pairs are tried: what needs more counts as unsafe. Each question is moved once for a cell.
    """

    def __init__(self, asked: Asked, shown: Released, rules: Rules) -> None:
        keys = sorted({key for _, _, key in asked.counts} | set(asked.keys or (NOBODY,)))
        units, weeks = sorted({u for u, _, _ in asked.counts}), sorted({w for _, w, _ in asked.counts})
        at = {key: i for i, key in enumerate(keys)}
        self.keys, self.units, self.most = keys, units, rules.askers - 1
        self.unit = np.array([units.index(u) for u, _, _ in asked.counts], dtype=np.intp)
        self.week = np.array([weeks.index(w) for _, w, _ in asked.counts], dtype=np.intp)
        self.key = np.array([at[key] for _, _, key in asked.counts], dtype=np.intp)
        self.number = np.array(list(asked.counts.values()), dtype=np.int64)
        longer = sorted({span for w in weeks for span in asked.within[w]})
        self.longer = [np.array([span in asked.within[w] for w in weeks], dtype=np.bool_) for span in longer]
        self.week_hides = _mask(at, [asked.weeks.get(w, ()) for w in weeks])
        self.unit_hides = _mask(at, [shown.units.get(u, ()) for u in units])
        self.hides = _mask(at, [shown.department])[0]
        self.whole = [units.index(u) for u in units if u in asked.units]

    def missing(self, safe: set[Cell]) -> dict[str, int | None]:
        """Keys with a hidden cell that could not be nothing, or not up to k - 1 (or its table's total), and a unit."""
        found: dict[str, int | None] = {}
        for cell, inside in self._hidden():
            table, place, key = cell
            if cell in safe or self._is_safe(key, inside):
                safe.add(cell)
            else:
                found[self.keys[key]] = self.units[place] if table == "unit" else None
        return found

    def _hidden(self) -> Iterator[tuple[Cell, NDArray[np.bool_]]]:
        """Each hidden cell and its table's questions; of longer times and the quarter those that weeks hide."""
        for key in range(len(self.keys)):
            dark = self.week_hides[self.week, key]
            for week in np.flatnonzero(self.week_hides[:, key]):
                yield ("week", int(week), key), self.week == week
            for at, weeks in enumerate(self.longer):
                yield ("longer", at, key), dark & weeks[self.week]
            for unit in self.whole:
                if self.unit_hides[unit, key]:
                    yield ("unit", unit, key), self.unit == unit
            if self.hides[key]:
                yield ("quarter", 0, key), dark

    def _is_safe(self, key: int, inside: NDArray[np.bool_]) -> bool:
        own = self.key == key
        there = int(self.number[inside & own].sum())
        wanted = min(self.most, int(self.number[inside].sum())) - there
        return self._shift(key, inside, inside & own, there, away=True) and self._shift(
            key, inside, inside & ~own, wanted, away=False
        )

    def _shift(self, key: int, inside: NDArray[np.bool_], of: NDArray[np.bool_], wanted: int, *, away: bool) -> bool:
        """Whether so many of these questions can leave the key (or come to it) unseen."""
        left, find = self.number.copy(), self._away if away else self._here
        for one in np.flatnonzero(of):
            if wanted <= 0:
                return True
            if self._alone(one, key):
                wanted, left[one] = wanted - int(left[one]), 0
            while wanted > 0 and left[one]:
                left[one] -= 1
                partner = find(one, key, inside, left)
                if partner is None:
                    break
                left[partner] -= 1
                wanted -= 1
        return wanted <= 0

    def _alone(self, one: np.intp, key: int) -> bool:
        """Both keys are hidden in all three sums: no second move is needed."""
        dark = self._dark(one)
        if self.key[one] == key:
            return bool(dark[key] and dark.sum() > 1)
        return bool(dark[key] and dark[self.key[one]])

    def _dark(self, one: np.intp) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self.week_hides[self.week[one]] & self.unit_hides[self.unit[one]] & self.hides
        return found

    def _away(
        self, one: np.intp, key: int, inside: NDArray[np.bool_], left: NDArray[np.int64]
    ) -> int | None:
        """A question about something else, outside, that can be about `key` instead."""
        fits = (left > 0) & ~inside & (self.key != key)
        fits &= self._meet(self.week_hides, self.week, one, key, self.key)
        fits &= self._meet(self.unit_hides, self.unit, one, key, self.key)
        return _first(fits)

    def _here(
        self, one: np.intp, key: int, inside: NDArray[np.bool_], left: NDArray[np.int64]
    ) -> int | None:
        """A question that can take this one's old key: outside and about `key`, or about what is hidden too."""
        old = self.key[one]
        same = ~inside & (self.key == key)
        other = (self.key != key) & (self.key != old) & self.hides[key] & self.hides[self.key]
        fits = (left > 0) & (same | other)
        fits &= self._join(self.week_hides, self.week, one, key)
        fits &= self._join(self.unit_hides, self.unit, one, key)
        return _first(fits)

    def _meet(
        self, hides: NDArray[np.bool_], place: NDArray[np.intp], one: np.intp, key: int, other: NDArray[np.intp]
    ) -> NDArray[np.bool_]:
        """The two swap keys: in one place nothing changes, in two both keys must be hidden in both."""
        here = place[one]
        apart = hides[here, key] & hides[here, other] & hides[place, key] & hides[place, other]
        found: NDArray[np.bool_] = (place == here) | apart
        return found

    def _join(
        self, hides: NDArray[np.bool_], place: NDArray[np.intp], one: np.intp, key: int
    ) -> NDArray[np.bool_]:
        """This one becomes `key`, the other takes its old key: `key` gains, the other's loses, the old one stays."""
        here, old = place[one], self.key[one]
        near = (self.key == key) | (hides[here, key] & hides[here, self.key])
        apart = hides[here, key] & hides[here, old] & hides[place, old] & hides[place, self.key]
        found: NDArray[np.bool_] = np.where(place == here, near, apart)
        return found


def _mask(at: Mapping[str, int], shown: list[Collection[str]]) -> NDArray[np.bool_]:
    hides = np.ones((len(shown), len(at)), dtype=np.bool_)
    for row, keys in enumerate(shown):
        hides[row, [at[key] for key in keys if key in at]] = False
    return hides


def _first(fits: NDArray[np.bool_]) -> int | None:
    found = int(fits.argmax()) if fits.size else 0
    return found if fits.size and fits[found] else None
