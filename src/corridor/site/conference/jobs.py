"""Timetables worked out, and what comes due by the clock."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

from corridor.engine import meetings as engine

from ..core.jobs import Cancelled, Run, job
from ..notices.actions import notify, to_party
from . import alarms, notices
from .links import plan_page
from .models import Plan
from .picture import Picture, displaced, picture, why_not
from .tables import tables_for

#: Of a long series, the points that a picture needs; all are kept where there are fewer.
POINTS = 400
#: There is a timetable.
GOOD = (engine.Status.OPTIMAL, engine.Status.FEASIBLE)
#: Seconds from one word of progress to the next.
EVERY = 0.5

#: So many ways to place more are said.
RELIEFS = 5

Solve = Callable[[Picture, Callable[[int, int, int], None]], engine.Timetable]


@job("conference.plan", heavy=True)
def plan(run: Run) -> None:
    """Work out the timetable of a conference, the job's key."""
    from . import solver

    _work(run, lambda seen, tell: solver.schedule(seen.conference, tell), again=False)


@job("conference.replan", heavy=True, urgent=True)
def replan(run: Run) -> None:
    """Work out the rest of a running day of a conference, the job's key."""
    from . import solver

    def solve(seen: Picture, _tell: object) -> engine.Timetable:
        return solver.replan(seen.conference, {**displaced(seen), **seen.standing})

    _work(run, solve, again=True)


def _work(run: Run, solve: Solve, *, again: bool) -> None:
    """Work on the plan that was asked for last; one that was dropped meanwhile is given up."""
    waiting = Plan.objects.filter(conference__ref=run.job.key, again=again)
    one = waiting.filter(state=Plan.State.WORKING).select_related("conference").first()
    if one is None:
        return
    seen = picture(one.conference)
    begun, series = time.monotonic(), list[list[float]]()
    written = 0.0

    def tell(held: int, bound: int, idle: int) -> None:
        nonlocal written
        at = time.monotonic() - begun
        series.append([round(at, 2), held, bound, idle])
        if len(series) > 1 and at - written < EVERY:
            return
        written = at
        run.progress(held, max(held, bound), now=True)
        mine = Plan.objects.filter(pk=one.pk, state=Plan.State.WORKING)
        if not mine.update(series=thinned(series)):
            raise Cancelled(str(one))

    wrong = engine.faults(seen.conference)
    timetable = engine.Timetable(engine.Status.UNKNOWN) if wrong else solve(seen, tell)
    tell(timetable.held, timetable.held_bound, timetable.idle)
    advice: dict[str, Any] = {}
    if timetable.status in GOOD:
        advice = {} if again else _reliefs(seen.conference, timetable)
    elif not wrong and (advice := _conflict(seen.conference)):
        timetable = replace(timetable, status=engine.Status.INFEASIBLE)
    with run.finish(plan=one.pk):
        _store(one, seen, timetable, advice, thinned(series))


def _reliefs(conference: engine.Conference, timetable: engine.Timetable) -> dict[str, Any]:
    """What would place more, as :class:`Plan` keeps it; empty where nothing is left to place."""
    if len(timetable.slot) == len(conference.meetings):
        return {}
    return {"ways": [one.label for one in engine.reliefs(conference, timetable)[:RELIEFS]]}


def _conflict(conference: engine.Conference) -> dict[str, Any]:
    """Why there is no timetable, as :class:`Plan` keeps it; empty where that is not known."""
    from . import solver

    found = solver.conflict(conference)
    if found is None:
        return {}
    return {
        "wishes": [engine.wish_label(conference, wish) for wish in found.wishes],
        "ways": [engine.way_label(conference, way) for way in found.ways],
        "smallest": found.smallest,
    }


def _store(
    one: Plan,
    seen: Picture,
    timetable: engine.Timetable,
    advice: dict[str, Any],
    series: list[list[float]],
) -> None:
    """Part of the job's last transaction; a plan that was dropped meanwhile stays dropped."""
    fresh = Plan.objects.select_for_update().get(pk=one.pk)
    if fresh.state != Plan.State.WORKING:
        return
    good = timetable.status in GOOD
    fresh.state = Plan.State.READY if good else Plan.State.FAILED
    fresh.status, fresh.advice, fresh.series = timetable.status, advice, series
    for name in ("held", "held_bound", "idle", "idle_bound"):
        setattr(fresh, name, getattr(timetable, name))
    tables = tables_for(one.conference, seen, timetable.slot)
    fresh.placed = {ref: [seen.slots[at].number, tables[ref]] for ref, at in timetable.slot.items()}
    fresh.unplaced = {
        ref: why.value for ref, why in why_not(seen.conference, timetable.slot).items()
    }
    fresh.save()
    conference, kind = one.conference, notices.READY if good else notices.NOT_READY
    params = {"title": conference.title, "reason": fresh.get_status_display()}
    notify(to_party(conference.party_id), kind, fresh, plan_page(conference.ref), params)


def thinned(series: list[list[float]]) -> list[list[float]]:
    """The points of a series at which something changed; of very many, evenly chosen ones."""
    told = [two for one, two in pairwise(series) if one[1:] != two[1:]]
    points = [*series[:1], *told]
    step = -(-len(points) // POINTS)
    return [*points[:: step or 1], *series[-1:]] if points else []


@job("conference.clock", every=timedelta(minutes=5))
def clock(run: Run) -> None:
    """Close, start and finish conferences in time; remind people."""
    rang = alarms.ring()
    with run.finish(rang=rang):
        pass
