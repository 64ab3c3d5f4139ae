"""Minimal and smallest unsatisfiable subsets of wishes, and the fewest that have to give way.

Wishes are literals that are assumed. A minimal subset: leave out one after another, and keep what
cannot be left out (deletion, with every core taken over). A smallest one: whatever is contradictory
has a wish in common with each set of wishes whose removal would satisfy the rest, so the smallest
sets that hit all of these known are tried in turn (Ignatiev, Previti, Liffiton and Marques-Silva,
"Smallest MUS extraction with minimal hitting set dualization", CP 2015). Turned round, the same
finds the fewest wishes to give up.
"""

from collections.abc import Mapping

from pysat.examples.hitman import Hitman
from pysat.solvers import Cadical195

from .formula import Formula


class Subsets:
    """The wishes of one formula, with the solver that knows about them."""

    def __init__(self, formula: Formula, wishes: Mapping[int, int]) -> None:
        """``wishes``: literal → how dear it is to give it up, for equally many."""
        self._solver = Cadical195(bootstrap_with=formula.clauses)
        self._weights = dict(wishes)
        self._all = [*wishes]

    def holds(self, without: frozenset[int] = frozenset()) -> bool:
        """Whether all wishes hold together, but for these."""
        return self._solve([one for one in self._all if one not in without])

    def minimal(self) -> list[int]:
        """Wishes that cannot hold together, none of which can be left out.

        All together must not hold.
        """
        self._solve(self._all)
        return self._shrunk()

    def smallest(self, found: list[int], rounds: int) -> tuple[list[int], bool]:
        """A subset that is not larger than the one found, and whether it is proven that none is smaller."""
        with Hitman() as hitman:
            for _ in range(rounds):
                chosen = hitman.get() or []
                if len(chosen) >= len(found):
                    return found, True
                if not self._solve(chosen):
                    return sorted(chosen), True
                hitman.hit(self._missing(chosen))
        return found, False

    def fewest(self, known: list[int]) -> frozenset[int]:
        """The fewest wishes without which the rest holds; of as many, those that are given up easily.

        ``known``: one set that cannot hold.
        """
        with Hitman(htype="rc2") as hitman:
            core = known
            while True:
                hitman.hit(core, weights={one: self._weights[one] for one in core})
                chosen = frozenset(hitman.get())
                if self.holds(chosen):
                    return chosen
                core = self._shrunk()

    def _solve(self, wishes: list[int]) -> bool:
        return bool(self._solver.solve(assumptions=wishes))

    def _shrunk(self) -> list[int]:
        """A minimal subset of the last contradiction."""
        kept: list[int] = []
        waiting = self._trimmed()
        while waiting:
            left_out = waiting.pop()
            if self._solve(kept + waiting):
                kept.append(left_out)
            else:
                core = set(self._solver.get_core() or ())
                waiting = [one for one in waiting if one in core]
        return sorted(kept)

    def _trimmed(self) -> list[int]:
        """The last contradiction, asked again while that makes it smaller."""
        core = sorted(self._solver.get_core() or ())
        while True:
            self._solve(core)
            smaller = sorted(self._solver.get_core() or ())
            if len(smaller) >= len(core):
                return core
            core = smaller

    def _missing(self, wishes: list[int]) -> list[int]:
        """What cannot be added to wishes that hold together, one half at a time."""
        kept, missing = [*wishes], []
        chosen = set(wishes)
        waiting = [[one for one in self._all if one not in chosen]]
        while waiting:
            part = waiting.pop()
            if self._solve(kept + part):
                kept += part
            elif len(part) == 1:
                missing += part
            else:
                middle = len(part) // 2
                waiting += [part[middle:], part[:middle]]
        return missing
