"""A good timetable of a conference of any size, and how far from the best it may be.

Three phases. First as much as can be held (:mod:`.place`), the most worthwhile first: what a meeting
is worth beyond the prices that prove the bound (:mod:`.bounds`). Then, with the same meetings held,
as few idle periods as can be (:mod:`.compact`). Where the fairness of the conference is still not
kept, meetings are given up until it is.
"""

import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from . import bounds
from .board import (
    HELD,
    IDLE,
    MISSING,
    MUSTS,
    NOWHERE,
    OVER,
    Board,
    Floats,
    Ints,
    board,
    held,
    restore,
)
from .compact import compact, give_up, regain
from .idle import idle_bound
from .model import Conference, Status, Timetable
from .place import anneal, fill
from .problem import Problem

Progress = Callable[[int, int, int], None]

PER_MEETING, FEWEST, MOST = 100, 5_000, 400_000  # steps of placing
COMPACT_PER_MEETING, COMPACT_FEWEST, COMPACT_MOST = 2_000, 4_000, 10_000_000  # of compacting
CHUNKS = 20  # looks at the clock, and reports, in each phase
HOT, COLD = 0.5, 0.01  # against the mean value of a meeting
MANY = 2_000  # meetings from which on there are too few steps for so much heat
IDLE_HOT, IDLE_COLD = 0.5, 0.08  # idle periods


class _Clock(NamedTuple):
    until: float
    stop: Callable[[], bool] | None

    def over(self) -> bool:
        return time.monotonic() >= self.until or (self.stop is not None and self.stop())


def arrange(
    conference: Conference,
    *,
    seed: int = 0,
    limit: float | None = None,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Timetable:
    """A timetable that holds nearly as much as any, with few idle periods.

    The work is measured in steps, so the same conference and seed give the same timetable in
    whatever order participants and meetings come, unless ``limit`` or ``stop`` cut it short.

    Args:
        conference: one without :func:`faults`.
        limit: seconds after which no further chunk of steps begins.
        progress: told the value held, its bound and the idle periods, now and then.
        stop: asked between chunks whether to end with what there is.

    The status is ``infeasible`` where it is proven that not all musts can be held, and ``unknown``
    where they can perhaps but were not, or where fairness could not be kept; both hold nothing.
    """
    clock = _Clock(time.monotonic() + limit if limit is not None else float("inf"), stop)
    problem = Problem.of(conference)
    most = bounds.held_bound(problem)
    missing_bound = bounds.missing_bound(problem)
    if bounds.musts_bound(problem) < sum(problem.must):
        return problem.timetable(
            Status.INFEASIBLE, {}, missing_bound=missing_bound, held_bound=most.most, idle_bound=0
        )
    made = board(problem, seed=seed)

    def tell() -> None:
        if progress is not None:
            progress(int(made.tally[HELD]), most.most, int(made.tally[IDLE]))

    order = by_worth(problem, most.spare)
    _place(made, order, (most.most, missing_bound), clock, tell)
    _compact(made, order, clock, tell)
    good = made.tally[MUSTS] == sum(problem.must) and fair(made, problem.fairness)
    slot = held(made) if good else {}
    bound = idle_bound(problem, int(made.tally[HELD])) if good else 0
    reached = (
        made.tally[MISSING] == missing_bound
        and made.tally[HELD] == most.most
        and made.tally[IDLE] == bound
    )
    status = Status.UNKNOWN if not good else Status.OPTIMAL if reached else Status.FEASIBLE
    return problem.timetable(
        status, slot, missing_bound=missing_bound, held_bound=most.most, idle_bound=bound
    )


def by_worth(problem: Problem, spare: Floats) -> Ints:
    """The meetings that can be anywhere: musts first, then promised ones, then by what they spare.

    Of equal ones the more valuable, then the one with fewer slots open, then by id.
    """
    promised = [max(problem.least[p] > 0 for p in pair) for pair in problem.people]
    keys = [
        (not must, not wanted, -round(worth, 6), -value, len(opened), m)
        for m, (must, wanted, worth, value, opened) in enumerate(
            zip(problem.must, promised, spare.tolist(), problem.value, problem.open, strict=True)
        )
        if opened
    ]
    return np.array([key[-1] for key in sorted(keys)], dtype=np.int64)


def fair(made: Board, fairness: int | None) -> bool:
    """Whether the idle periods of any two participants differ by no more than that."""
    idle = np.maximum(0, made.runs - 1)
    return fairness is None or not len(idle) or int(idle.max() - idle.min()) <= fairness


def _place(
    made: Board,
    order: Ints,
    reach: tuple[int, int],
    clock: _Clock,
    tell: Callable[[], None],
) -> None:
    # fairness is for the second phase; here it would only be in the way
    free = made._replace(allowed=made.at.shape[1])
    for part in np.array_split(order, CHUNKS):
        fill(free, part, 12)
        tell()
    best = np.array([made.tally[MUSTS], -made.tally[MISSING], made.tally[HELD]], dtype=np.int64)
    kept = made.slot.copy()
    waiting = order[made.slot[order] == NOWHERE]
    size = len(waiting)
    mean, top = (float(made.value.mean()), float(made.value.max())) if size else (1.0, 1.0)
    waiting = np.append(waiting, np.zeros(len(order) - size, dtype=np.int64))
    start = HOT * min(1.0, max(0.2, MANY / max(1, len(order))))
    steps = min(MOST, FEWEST + PER_MEETING * len(order))
    for chunk in range(CHUNKS):
        done = (-best[1], best[2]) == (reach[1], reach[0]) and best[0] == made.must.sum()
        if size == 0 or done or clock.over():
            break
        hot, cold = (mean * start * (COLD / start) ** ((chunk + i) / CHUNKS) for i in (0, 1))
        size = anneal(free, waiting, size, steps // CHUNKS, hot, cold, top, best, kept)
        tell()
    restore(free, kept)


def _compact(made: Board, order: Ints, clock: _Clock, tell: Callable[[], None]) -> None:
    made.tally[OVER] = np.maximum(0, made.runs - 1 - made.allowed).sum()
    steps = min(COMPACT_MOST, COMPACT_FEWEST + COMPACT_PER_MEETING * len(order))
    best = np.array([made.tally[OVER], made.tally[IDLE]], dtype=np.int64)
    kept = made.slot.copy()
    for chunk in range(CHUNKS):
        if best[1] == 0 or clock.over():
            break
        hot, cold = (IDLE_HOT * (IDLE_COLD / IDLE_HOT) ** ((chunk + i) / CHUNKS) for i in (0, 1))
        compact(made, steps // CHUNKS, hot, cold, best, kept)
        tell()
    restore(made, kept)
    if made.tally[OVER]:
        give_up(made, float(made.value.max()))
        regain(made, order)
        tell()
