"""``python -m corridor.site.demo.warm``: have the engine's loops compiled, and kept on disk.

On a machine where they never ran that takes as long as half of the demo does, and needs nothing of
it; so it is done beside the rest, by a process of its own: matching first, which is needed first.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import django

from corridor.demo import TODAY, world
from corridor.engine import meetings as engine
from corridor.engine.matching import Matcher
from corridor.engine.meetings.changes import FewerTables
from corridor.engine.meetings.large import arrange

LISTINGS = 120
PEOPLE, SLOTS, TABLES, MEETINGS = 24, 8, 8, 84


_under_way: list["subprocess.Popen[bytes]"] = []


def begin() -> None:
    """Start the process."""
    _under_way.append(subprocess.Popen([sys.executable, "-m", __name__]))


def wait() -> None:
    """Wait until it has ended, where it was started."""
    while _under_way:
        _under_way.pop().wait()


def step_behind() -> None:
    """Set a process up that works beside it, and has to let it go first."""
    os.nice(10)
    django.setup()


def conference() -> engine.Conference:
    """One in which everything is short, so that every part of the solver has something to do."""
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    length = timedelta(minutes=20)
    slots = [engine.Slot("", begin + length * at, begin + length * (at + 1)) for at in range(SLOTS)]
    pairs = [(a, (a + 1 + step) % PEOPLE) for step in range(5) for a in range(PEOPLE)]
    return engine.Conference(
        tuple(slots),
        tuple(
            engine.Participant(
                str(at), away=frozenset({at % SLOTS}) if at % 9 == 0 else frozenset()
            )
            for at in range(PEOPLE)
        ),
        tuple(
            engine.Meeting(
                f"{a}-{b}", str(a), str(b), 10 + at % 9, language="en" if at % 8 else None
            )
            for at, (a, b) in enumerate(pairs[:MEETINGS])
        ),
        {engine.HALL: (TABLES,) * SLOTS},
        {"en": (6,) * SLOTS},
    )


def main() -> None:
    """Match a few, work out a timetable, and the second half of it anew."""
    few = world(seed=1, listings=LISTINGS)
    matcher = Matcher(today=TODAY).fit(few.offers, few.needs)
    for kind in {one.kind for one in few.needs}:
        list(matcher.match_both(kind, top=5, misses=3))
    here = conference()
    found = arrange(here)  # whatever its size
    lost = FewerTables(engine.HALL, frozenset({SLOTS - 1}), TABLES)  # somebody has to move
    engine.replan(here, found, now=SLOTS // 2, changes=[lost])


if __name__ == "__main__":
    main()
