"""A synthetic conference planned, and its day planned again, beside first come, first served.

The peer takes requests in the order they come and gives each the first slot in which both are free
and there is a table and an interpreter: what an organiser does by hand, or a booking page does.
"""

import random
import sys
import time
from collections import Counter

from corridor.engine.meetings import Conference, Meeting, Participant, Slot, Timetable, broken
from corridor.engine.meetings.changes import Away, Change, FewerTables
from corridor.engine.meetings.large import arrange
from corridor.engine.meetings.replanning import replan

from .machine import describe, peak_mb, timed

SLOTS = 24


def synthetic(participants: int, requests: int, seed: int = 1) -> Conference:
    """Two sides, popularity with a long tail, absence, two sessions, halls and languages.

    Tables are enough for two thirds of the requests or so, and interpreters are short too.
    """
    chance = random.Random(seed)
    people = []
    for at in range(participants):
        away, drawn = frozenset[int](), chance.random()
        if drawn < 0.08:
            start = chance.choice((0, SLOTS // 2))
            away = frozenset(range(start, start + SLOTS // 2))
        elif drawn < 0.16:
            start = chance.randrange(SLOTS - 4)
            away = frozenset(range(start, start + chance.randint(1, 4)))
        people.append(
            Participant(f"p{at:05}", "", away, most=chance.choice((None, None, None, 10)))
        )
    half = participants // 2
    wanted = [min(12.0, chance.paretovariate(1.8)) for _ in people]
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < requests:
        a = chance.choices(range(half), wanted[:half], k=requests)
        b = chance.choices(range(half, participants), wanted[half:], k=requests)
        pairs.update(dict.fromkeys(zip(a, b, strict=True)))
    meetings = tuple(
        Meeting(
            f"m{at:05}", people[a].id, people[b].id, value=chance.choice((1, 1, 2, 2, 3, 3, 4, 5)),
            session=chance.choices((None, "AM", "PM"), (70, 15, 15))[0],
            hall=chance.choices(("A", "B"), (67, 33))[0],
            language=chance.choices((None, "en", "ja"), (80, 13, 7))[0],
        )
        for at, (a, b) in enumerate(list(pairs)[:requests])
    )  # fmt: skip
    slots = tuple(Slot("AM" if s < SLOTS // 2 else "PM") for s in range(SLOTS))
    room = {"A": 900, "B": 450}, {"en": 150, "ja": 80}
    tables, voices = (
        {name: (max(1, n * requests // 40_000),) * SLOTS for name, n in one.items()} for one in room
    )
    return Conference(slots, tuple(people), meetings, tables, voices)


def first_come(conference: Conference) -> Timetable:
    """Each request in the order it comes, into the first slot that is free."""
    away = {one.id: one.away for one in conference.participants}
    most = {one.id: one.most or len(conference.slots) for one in conference.participants}
    busy: set[tuple[str, int]] = set()
    used: Counter[tuple[str, int]] = Counter()
    count: Counter[str] = Counter()
    slot: dict[str, int] = {}
    for one in conference.meetings:
        if count[one.a] >= most[one.a] or count[one.b] >= most[one.b]:
            continue
        for s, where in enumerate(conference.slots):
            if (
                one.session in (None, where.session)
                and s not in away[one.a] | away[one.b]
                and not {(one.a, s), (one.b, s)} & busy
                and used[one.hall, s] < conference.tables[one.hall][s]
                and (
                    one.language is None
                    or used[one.language, s] < conference.interpreters[one.language][s]
                )
            ):
                slot[one.id] = s
                busy |= {(one.a, s), (one.b, s)}
                used.update(((one.hall, s), (one.language or "", s)))
                count.update((one.a, one.b))
                break
    return Timetable.of(conference, slot, {})


def plan(participants: int, requests: int) -> None:
    """Print how near the bound a whole plan is."""
    spent: dict[str, tuple[float, float]] = {}
    conference = synthetic(participants, requests)
    arrange(synthetic(40, 100))  # compiled once; kept on disk
    with timed(spent, "ours"):
        ours = arrange(conference)
    peak = peak_mb()
    with timed(spent, "first come"):
        peer = first_come(conference)
    assert not broken(conference, ours) and not broken(conference, peer)
    print(f"{participants} participants, {requests} requests, {SLOTS} slots; "
          f"value held at most {ours.held_bound}\n")  # fmt: skip
    print(
        "| | meetings | value | of bound | idle periods | wall s | CPU s |\n|---|---|---|---|---|---|---|"
    )
    for name, made in (("ours", ours), ("first come", peer)):
        wall, cpu = spent[name]
        print(f"| {name} | {len(made.slot)} | {made.held} | {made.held / ours.held_bound:.4f} "
              f"| {made.idle} | {wall:.1f} | {cpu:.1f} |")  # fmt: skip
    print(f"\nratio of value, ours / first come: {ours.held / peer.held:.3f}; of idle periods: "
          f"{ours.idle / max(1, peer.idle):.3f}; peak memory {peak:.0f} MB")  # fmt: skip


def day(participants: int, requests: int) -> None:
    """Print what a twentieth of no-shows moves, and then a worse day, from its second quarter on."""
    conference = synthetic(participants, requests)
    made = arrange(conference)
    gone = random.Random(5).sample([one.id for one in conference.participants], participants // 20)
    now = SLOTS // 4
    shows: list[Change] = [Away(who, frozenset(range(now, SLOTS))) for who in gone]
    late = [Away(one.id, frozenset(range(now + 3))) for one in conference.participants[::40]]
    fewer = [FewerTables("A", frozenset(range(now, now + 4)), 10)]
    print(f"\n{participants} participants, {len(made.slot)} meetings, {len(gone)} no-shows; "
          f"then also {len(late)} come 3 slots late and 10 tables are lost for 4 slots\n")  # fmt: skip
    replan(conference, made, now=now, changes=shows)  # compiled once; kept on disk
    print("| | moved | standing | dropped | offers, together | wall s | CPU s | first come moves |")
    print("|---|---|---|---|---|---|---|---|")
    for name, changes in (("no-shows", shows), ("all of it", [*shows, *late, *fewer])):
        started = time.perf_counter(), time.process_time()
        found = replan(conference, made, now=now, changes=changes)
        wall, cpu = time.perf_counter() - started[0], time.process_time() - started[1]
        assert not broken(found.conference, found.timetable)
        again = first_come(found.conference).slot
        moved = sum(made.slot[key] != s for key, s in again.items() if key in made.slot)
        together = sum(one.together for one in found.offers)
        print(f"| {name} | {len(found.moved)} | {len(found.timetable.slot)} | {len(found.dropped)} "
              f"| {len(found.offers)}, {together} | {wall:.2f} | {cpu:.2f} | {moved} |")  # fmt: skip


if __name__ == "__main__":
    print(describe() + "\n")
    plan(*map(int, sys.argv[1:3] or (5000, 40000)))
    day(1000, 13_000)
