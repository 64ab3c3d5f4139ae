"""The one place where the engine's solvers are called. Heavy: for jobs alone."""

from collections.abc import Callable, Mapping

from corridor.engine import meetings as engine

#: What is told on the way: value held, the most of any timetable, idle periods.
Tell = Callable[[int, int, int], None]
#: A timetable is given this many seconds, and the reason why there is none.
SECONDS = 60.0


def schedule(conference: engine.Conference, tell: Tell) -> engine.Timetable:
    """The best timetable found in the time."""

    def progress(found: engine.Timetable) -> None:
        tell(found.held, found.held_bound, found.idle)

    return engine.schedule(conference, limit=SECONDS, progress=progress)


def replan(conference: engine.Conference, standing: Mapping[str, int]) -> engine.Timetable:
    """A timetable of what is left, with as few of the meetings moved that stand as possible; what
    waits is put where it fits with nothing else changed, since both have agreed to it.
    """
    stood = engine.Timetable.of(conference, standing, {})
    again = engine.replan(conference, stood, now=0)
    fits = {one.meeting: one.slot for one in again.offers if one.together}
    whole = engine.Timetable.of(again.conference, {**again.timetable.slot, **fits}, {})
    return again.timetable if engine.broken(again.conference, whole) else whole


def conflict(conference: engine.Conference) -> engine.Conflict | None:
    """Why there is no timetable: what cannot hold together, and what would help. ``None`` where that
    was not found in the time.
    """
    return engine.conflict(conference, limit=SECONDS)
