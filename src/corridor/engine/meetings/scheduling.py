"""The best timetable of a conference: proven where that can be done, bounded where it cannot."""

import time
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec

from .large import arrange
from .model import Conference, Status, Timetable
from .problem import Problem

#: Meetings up to which the exact solver is asked; beyond, a method with a computed bound.
EXACT = 400
#: Seconds the exact solver has where nobody says how long.
PATIENCE = 600.0
#: Seconds kept back, so that something is found where the exact solver finds nothing in time.
RESERVE = 3.0

OnProgress = Callable[[Timetable], None]


def schedule(
    conference: Conference,
    *,
    seed: int = 0,
    limit: float | None = None,
    progress: OnProgress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Timetable:
    """The best timetable found, and how far from the best it may be.

    Up to 400 meetings it is solved to proven optimality, as far as the time allows; larger ones by
    a method with a computed bound. Without ``corridor[solvers]`` all are. The same conference and
    seed give the same timetable in whatever order things come, unless it is cut short.

    Args:
        conference: one without :func:`faults`.
        limit: seconds after which the best found is returned.
        progress: told now and then what is known: a timetable, or ``unknown`` before there is one.
        stop: asked now and then whether to end with what there is.
    """
    tell = progress or (lambda _found: None)
    if len(conference.meetings) > EXACT or find_spec("pysat") is None:
        return _near(conference, seed, limit, tell, stop)
    begun = time.monotonic()
    most = PATIENCE if limit is None else limit
    found = _exact(conference, seed, most - min(RESERVE, most / 4), tell, stop)
    if found.status is not Status.UNKNOWN:
        return found
    left = None if limit is None else max(0.5, limit - (time.monotonic() - begun))
    near = _near(conference, seed, left, tell, stop)
    return near if near.slot else found


def _exact(
    conference: Conference,
    seed: int,
    limit: float,
    tell: OnProgress,
    stop: Callable[[], bool] | None,
) -> Timetable:
    from .child import told
    from .exact import Known, solve

    problem = Problem.of(conference)

    def read(known: Known | None) -> Timetable:
        if known is None or (known.slot is None and not known.done):
            return Timetable(Status.UNKNOWN, held_bound=sum(problem.value))
        if known.slot is None:
            return Timetable(Status.INFEASIBLE)
        return problem.timetable(
            Status.OPTIMAL if known.done else Status.FEASIBLE,
            known.slot,
            missing_bound=known.missing_bound,
            held_bound=known.held_bound,
            idle_bound=known.idle_bound,
        )

    last: Known | None = None
    for last in told(partial(solve, problem, seed=seed), limit):
        tell(read(last))
        if last.done or (stop is not None and stop()):
            break
    return read(last)


def _near(
    conference: Conference,
    seed: int,
    limit: float | None,
    tell: OnProgress,
    stop: Callable[[], bool] | None,
) -> Timetable:
    def heard(held: int, most: int, idle: int) -> None:
        tell(Timetable(Status.UNKNOWN, held=held, held_bound=most, idle=idle))

    return arrange(conference, seed=seed, limit=limit, progress=heard, stop=stop)
