"""Clauses in conjunctive normal form, and the three building blocks the timetable needs."""

from __future__ import annotations

from itertools import combinations

#: Up to so many literals, one clause a pair is the smallest encoding of "at most one".
_PAIRWISE = 5


class Formula:
    """A growing list of clauses; a literal is ±variable, ``true`` and ``-true`` are constants."""

    def __init__(self) -> None:
        self.clauses: list[list[int]] = []
        self._variables = 0
        self.true = self.new()
        self.add(self.true)

    def new(self) -> int:
        """A fresh variable."""
        self._variables += 1
        return self._variables

    def add(self, *literals: int) -> None:
        """At least one of the literals holds; none given: the formula is contradictory."""
        if self._variables > 1 and self.true in literals:
            return
        self.clauses.append([literal for literal in literals if literal != -self.true])

    def at_most_one(self, literals: list[int]) -> None:
        """At most one literal holds (pairs; longer lists are split by a fresh variable)."""
        while len(literals) > _PAIRWISE:
            rest = self.new()
            head = [*literals[: _PAIRWISE - 2], rest]
            self._pairs(head)
            literals = [*literals[_PAIRWISE - 2 :], -rest]
        self._pairs(literals)

    def any_of(self, literals: list[int]) -> int:
        """A literal that holds exactly when one of these does."""
        if len(literals) < 2:
            return literals[0] if literals else -self.true
        result = self.new()
        self.add(-result, *literals)
        for literal in literals:
            self.add(-literal, result)
        return result

    def running_any(self, literals: list[int]) -> list[int]:
        """For each place, a literal for: one of these up to here holds."""
        result: list[int] = []
        previous = -self.true
        for literal in literals:
            previous = literal if previous == -self.true else self.any_of([previous, literal])
            result.append(previous)
        return result

    def counts(self, literals: list[int], most: int, *, both: bool = True) -> list[int]:
        """Literals o with o[k]: at least k + 1 of these hold, for k < most (totalizer).

        Bailleux and Boufkhad, CP 2003. ``both`` False drops the half that lets o[k] be derived
        false, which an upper limit on the count does not need.
        """
        if len(literals) <= 1:
            return literals[:most]
        middle = len(literals) // 2
        left = self.counts(literals[:middle], most, both=both)
        right = self.counts(literals[middle:], most, both=both)
        size = min(most, len(left) + len(right))
        result = [self.new() for _ in range(size)]
        for i in range(len(left) + 1):
            for j in range(len(right) + 1):
                if size and i + j:
                    reason = [-v for v in (*left[max(0, i - 1) : i], *right[max(0, j - 1) : j])]
                    self.add(*reason, result[min(i + j, size) - 1])
                if both and i + j < size:
                    self.add(*left[i : i + 1], *right[j : j + 1], -result[i + j])
        return result

    def _pairs(self, literals: list[int]) -> None:
        for a, b in combinations(literals, 2):
            self.add(-a, -b)
