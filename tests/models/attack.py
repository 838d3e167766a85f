"""Somebody who has read everything that is shown, and works out what is not: linear programs over the questions.

The unknowns are how many questions each unit asked in each week about each key. Known are the totals, which everybody
sees, and every number that is shown. Independent of how disclosure.py decides.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Where = tuple[int, int]  # unit, week
EPSILON = 1e-6


@dataclass(frozen=True)
class Fact:
    """So many questions about a key in these places; or at least so many."""

    places: Collection[Where]
    key: str
    number: int
    exact: bool = True


class Attacker:
    def __init__(self, totals: Mapping[Where, int], keys: Collection[str], facts: Iterable[Fact]) -> None:
        self.totals, self.keys = totals, sorted(keys)
        self.at = {(place, key): i for i, (place, key) in enumerate((p, k) for p in totals for k in self.keys)}
        exact, least = [], []
        for place, number in totals.items():
            exact.append(([self.at[place, key] for key in self.keys], number))
        for fact in facts:
            (exact if fact.exact else least).append((self._places(fact.places, fact.key), fact.number))
        self.exact, self.least = self._matrix(exact), self._matrix(least)
        self.possible = np.empty((0, len(self.at)))  # ways in which it all may have been

    def _places(self, places: Iterable[Where], key: str) -> list[int]:
        return [self.at[place, key] for place in places if place in self.totals]

    def _matrix(self, rows: list[tuple[list[int], int]]) -> "tuple[csr_matrix, np.ndarray]":
        from scipy.sparse import csr_matrix  # a second: who attacks nothing does not wait for it

        at = [(row, column) for row, (columns, _) in enumerate(rows) for column in columns]
        filled = csr_matrix((np.ones(len(at)), tuple(zip(*at, strict=True)) or ([], [])), (len(rows), len(self.at)))
        return filled, np.array([number for _, number in rows], dtype=float)

    def learns(self, places: Collection[Where], key: str, k: int) -> bool:
        """Whether the cell cannot be nothing any more, or not all up to k - 1 (or to its table's total)."""
        at = self._places(places, key)
        if not at:
            return False  # nobody asked, and everybody may know
        most = min(k - 1, sum(self.totals.get(place, 0) for place in places))
        return not (self._may_be(at, 0, 1) and self._may_be(at, most, -1))

    def _may_be(self, at: list[int], number: int, sign: int) -> bool:
        """Whether the cell can stand for as few (sign 1) or as many questions. What was found to be possible for one
        cell is kept: it often shows the same of others, without a program.
        """
        known = sign * self.possible[:, at].sum(axis=1)
        if (known <= sign * number + EPSILON).any():
            return True
        aim = np.zeros(len(self.at))
        aim[at] = sign
        more = {"A_ub": -self.least[0], "b_ub": -self.least[1]} if len(self.least[1]) else {}
        from scipy.optimize import linprog

        done = linprog(aim, A_eq=self.exact[0], b_eq=self.exact[1], method="highs", **more)
        assert done.status == 0, done.message
        self.possible = np.vstack([self.possible, done.x])
        return bool(done.fun <= sign * number + EPSILON)
