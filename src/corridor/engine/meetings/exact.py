"""Timetables to proven optimality: core-guided MaxSAT over an incremental SAT solver.

The search is OLL (Andres, Kaufmann, Matheis and Schaub, ICLP 2012; Morgado, Dodaro and
Marques-Silva, CP 2014): suppose that nothing is lost; every contradiction names a set of losses
of which one must be taken, which raises the bound and is counted from then on; the first
timetable found is optimal. Heavier losses are looked at before lighter ones (stratification).
The solver is CaDiCaL (Biere et al., CAV 2024) through python-sat.

It runs until it is done, so it has a process of its own, which is ended when time is over: see
:mod:`.child`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from pysat.solvers import Cadical195

from .encoding import Encoding
from .problem import Problem
from .reduced import reduced

#: Few restarts and kept phases: the last, satisfiable call takes most of the time.
_OPTIONS = {"stabilizeonly": 1}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known at some time.

    Attributes:
        slot: of each meeting that the best timetable so far holds; None before there is one.
        missing_bound, held_bound, idle_bound: what no timetable beats.
        done: the timetable is optimal, or without one it is proven that there is none.
    """

    slot: dict[int, int] | None
    missing_bound: int
    held_bound: int
    idle_bound: int
    done: bool = False


Tell = Callable[[Known], None]


def solve(problem: Problem, tell: Tell, *, seed: int = 0) -> Known:
    """The best timetable, or the proof that there is none. ``tell`` hears of every step.

    The same problem and seed give the same timetable.
    """
    known = _Search(Encoding(reduced(problem)), tell, seed).run()
    tell(known)
    return known


class _Search:
    """The solver, the best timetable seen and the reformulated losses."""

    def __init__(self, encoding: Encoding, tell: Tell, seed: int) -> None:
        self._encoding = encoding
        self._formula = encoding.formula
        self._tell = tell
        self._solver = Cadical195()
        self._solver.configure(_OPTIONS | {"seed": seed})
        self._sent = 0
        self._best: tuple[tuple[int, int, int], dict[int, int]] | None = None
        self._total = sum(encoding.problem.value)
        self._bounds = [0, 0, 0]
        self._stage = 0

    def run(self) -> Known:
        """Each objective in its order, the ones before it held at their best."""
        encoding, problem = self._encoding, self._encoding.problem
        if [] in self._formula.clauses or not self._satisfy([]):
            return self._known(done=True)
        if encoding.missing:
            self._minimise([(loss, 1) for loss in encoding.missing])
        self._stage = 1
        if not encoding.reduced.required:
            self._minimise([(-h, v) for h, v in zip(encoding.held, problem.value, strict=True)])
        self._stage = 2
        self._minimise([(idle, 1) for person in encoding.idle for idle in person])
        return self._known(done=True)

    def _known(self, *, done: bool = False) -> Known:
        missing, lost, idle = self._bounds
        slot = self._best[1] if self._best else None
        return Known(slot, missing, self._total - lost, idle, done)

    def _satisfy(self, assumptions: list[int]) -> bool:
        """Whether a timetable exists under the assumptions; the best one seen is kept."""
        self._solver.append_formula(self._formula.clauses[self._sent :])
        self._sent = len(self._formula.clauses)
        if not self._solver.solve(assumptions=assumptions):
            return False
        model = set(self._solver.get_model())
        slot = self._encoding.read(model)
        worth = self._worth(model, slot)
        if self._best is None or worth < self._best[0]:
            self._best = (worth, slot)
        self._tell(self._known())
        return True

    def _worth(self, model: set[int], slot: dict[int, int]) -> tuple[int, int, int]:
        encoding, value = self._encoding, self._encoding.problem.value
        idle = sum(loss in model for person in encoding.idle for loss in person)
        return sum(m in model for m in encoding.missing), -sum(value[m] for m in slot), idle

    def _minimise(self, losses: list[tuple[int, int]]) -> None:
        """Lose as little as can be; from then on only timetables that lose no more."""
        weights: dict[int, int] = {}
        for loss, weight in losses:
            weights[-loss] = weights.get(-loss, 0) + weight
        following: dict[int, int] = {}
        level = max(weights.values(), default=0)
        while level:
            supposed = [literal for literal, weight in weights.items() if weight >= level]
            if self._satisfy(supposed):
                level = max((w for w in weights.values() if w < level), default=0)
            else:
                self._relax(self._core(), weights, following)
        for literal in weights:
            self._formula.add(literal)
        self._tell(self._known())

    def _core(self) -> list[int]:
        """The contradictory assumptions, narrowed while asking again narrows them."""
        core: list[int] = self._solver.get_core()
        while len(core) > 1:
            self._solver.solve(assumptions=core)
            smaller = self._solver.get_core()
            if len(smaller) >= len(core):
                break
            core = smaller
        return core

    def _relax(self, core: list[int], weights: dict[int, int], following: dict[int, int]) -> None:
        """Take the loss that a core proves, and count the losses beyond it."""
        cost = min(weights[literal] for literal in core)
        self._bounds[self._stage] += cost
        self._tell(self._known())
        for literal in core:
            weights[literal] -= cost
            if not weights[literal]:
                del weights[literal]
            if literal in following:
                weights[following[literal]] = weights.get(following[literal], 0) + cost
        self._formula.add(*(-literal for literal in core))
        count = self._formula.counts([-literal for literal in core], len(core), both=False)
        for fewer, more in pairwise(count[1:]):
            following[-fewer] = -more
        if len(count) > 1:
            weights[-count[1]] = weights.get(-count[1], 0) + cost
