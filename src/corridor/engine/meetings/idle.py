"""The fewest idle periods that holding so much costs."""

import numpy as np

from ..compiled import compiled
from .board import Bools, Ints
from .problem import Problem


def idle_bound(problem: Problem, held: int) -> int:
    """No timetable that holds this value has fewer idle periods.

    Whoever has all their meetings has at least the runs that their own slots allow. Where the value
    leaves room for n meetings that are not held, that may spare the 2n who would have the most.
    """
    if not problem.ids:
        return 0
    own: list[list[int]] = [[] for _ in problem.least]
    for m, pair in enumerate(problem.people):
        for p in pair:
            own[p].append(m)
    alone = np.array([_alone(problem, meetings) for meetings in own], dtype=np.int64)
    spare = sum(problem.value) - held
    without = int(np.count_nonzero(np.cumsum(np.sort(problem.value)) <= spare))
    return int(np.sort(alone)[: max(0, len(alone) - 2 * without)].sum())


def _alone(problem: Problem, meetings: list[int]) -> int:
    """The fewest idle periods of a participant who has all these meetings, other people aside."""
    opened = [problem.open[m] for m in meetings]
    allowed = np.zeros(problem.slots, dtype=np.bool_)
    forced = np.zeros(problem.slots, dtype=np.bool_)
    for where in opened:
        allowed[list(where)] = True
        if len(where) == 1:
            forced[list(where)] = True
    if len(meetings) > allowed.sum() or len(meetings) < 2:
        return 0  # they cannot have them all, or have no break between them
    # the last slot of each whole group of meetings that can be nowhere after it
    until = np.zeros(problem.slots, dtype=np.int64)
    after = np.zeros(problem.slots, dtype=np.int64)
    for where in opened:
        if where:
            until[where[-1]] += 1
            after[where[0]] += 1
    runs = _fewest_runs(allowed, forced, until.cumsum(), after.cumsum(), len(meetings))
    return max(0, runs - 1)


@compiled
def _fewest_runs(allowed: Bools, forced: Bools, done: Ints, begun: Ints, meetings: int) -> int:
    """The fewest runs of ``meetings`` slots, by the number taken so far and whether the last was.

    After slot s at least ``done[s]`` of the meetings have been, and at most ``begun[s]``; 0 where
    there is no such choice.
    """
    far = len(allowed) + 1
    best = np.full((2, meetings + 1), far, dtype=np.int64)
    best[0, 0] = 0
    for s in range(len(allowed)):
        after = np.full((2, meetings + 1), far, dtype=np.int64)
        for taken in range(meetings + 1):
            now = taken + 1
            fewest = min(best[0, taken], best[1, taken])
            if not forced[s] and done[s] <= taken <= begun[s]:
                after[0, taken] = fewest
            if allowed[s] and now <= meetings and done[s] <= now <= begun[s]:
                after[1, now] = min(best[0, taken] + 1, best[1, taken])
        best = after
    found = min(best[0, meetings], best[1, meetings])
    return int(found) if found < far else 0
