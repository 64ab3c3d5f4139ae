"""``python -m corridor.site.demo.warm``: have the solver of timetables compiled, and kept on disk.

On a machine where it never ran that takes as long as half of the demo does, and needs nothing of it;
so it is done beside the rest, by a process of its own.
"""

from datetime import UTC, datetime, timedelta

from corridor.engine import meetings as engine

PEOPLE, SLOTS, TABLES = 60, 10, 25
#: More than the exact solver is asked for.
MEETINGS = 420


def conference() -> engine.Conference:
    """One in which everything is short, so that every part of the solver has something to do."""
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    length = timedelta(minutes=20)
    slots = [engine.Slot("", begin + length * at, begin + length * (at + 1)) for at in range(SLOTS)]
    pairs = [(a, (a + 1 + step) % PEOPLE) for step in range(7) for a in range(PEOPLE)]
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
        {"en": (20,) * SLOTS},
    )


def main() -> None:
    """Work out a timetable, and the second half of it anew."""
    here = conference()
    found = engine.schedule(here)
    engine.replan(here, found, now=SLOTS // 2)


if __name__ == "__main__":
    main()
