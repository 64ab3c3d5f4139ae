"""Hypothesis strategies: conferences with everything a conference may have, small and crowded.

What is drawn is without faults, because faults are refused before anything is timetabled.
"""

from dataclasses import replace

from hypothesis import assume
from hypothesis import strategies as st

from corridor.engine.meetings import (
    Conference,
    Meeting,
    Participant,
    Slot,
    Timetable,
    broken,
    faults,
)

HALLS = ("", "东厅")
LANGUAGES = ("en", "ja")


@st.composite
def participants(draw: st.DrawFn, count: int, slots: int) -> tuple[Participant, ...]:
    made = []
    for at in range(count):
        away = draw(st.frozensets(st.integers(0, slots - 1), max_size=slots // 2))
        most = draw(st.none() | st.integers(1, slots))
        least = draw(st.sampled_from((0, 0, 0, 1, 2)))
        made.append(Participant(f"p{at}", "", away, min(least, most or least), most))
    return tuple(made)


@st.composite
def meetings(
    draw: st.DrawFn, pairs: list[tuple[int, int]], slots: int, musts: bool
) -> tuple[Meeting, ...]:
    made = []
    for at, (a, b) in enumerate(pairs):
        made.append(
            Meeting(
                f"m{at:02}",
                f"p{a}",
                f"p{b}",
                value=draw(st.integers(1, 4)),
                must=musts and draw(st.integers(0, 7)) == 0,
                session=draw(st.sampled_from((None, None, "AM", "PM"))),
                fixed=draw(st.none() | st.none() | st.none() | st.integers(0, slots - 1)),
                hall=draw(st.sampled_from(HALLS)),
                language=draw(st.sampled_from((None, None, *LANGUAGES))),
            )
        )
    return tuple(made)


@st.composite
def conferences(
    draw: st.DrawFn, most_meetings: int = 9, most_slots: int = 5, musts: bool = True
) -> Conference:
    """A conference of a few participants with two sessions, halls and languages."""
    slots = draw(st.integers(2, most_slots))
    count = draw(st.integers(2, 6))
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    pairs = draw(st.lists(pair.filter(lambda p: p[0] != p[1]), max_size=most_meetings))
    rooms = st.lists(st.integers(0, 3), min_size=slots, max_size=slots).map(tuple)
    order = st.lists(
        st.tuples(st.integers(0, max(0, len(pairs) - 1)), st.integers(0, max(0, len(pairs) - 1))),
        max_size=2,
    )
    made = Conference(
        tuple(Slot("AM" if s * 2 < slots else "PM") for s in range(slots)),
        draw(participants(count, slots)),
        draw(meetings(pairs, slots, musts)),
        {hall: draw(rooms) for hall in HALLS},
        {language: draw(rooms) for language in LANGUAGES},
        tuple((f"m{a:02}", f"m{b:02}") for a, b in draw(order) if a < b < len(pairs)),
        {("", "东厅"): draw(st.integers(0, 2))},
        draw(st.none() | st.integers(0, 2)),
    )
    made = replace(made, meetings=tuple(m for m in made.meetings if not _bad(made, m)))
    known = {m.id for m in made.meetings}
    made = replace(made, precedences=tuple(p for p in made.precedences if set(p) <= known))
    assume(not faults(made))
    return made


def _bad(conference: Conference, meeting: Meeting) -> bool:
    """Whether a fixed slot contradicts the rest; most of these faults are drawn too often."""
    if meeting.fixed is None:
        return False
    away = {p.id: p.away for p in conference.participants}
    return (
        meeting.session not in (None, conference.slots[meeting.fixed].session)
        or meeting.fixed in away[meeting.a] | away[meeting.b]
        or not conference.tables[meeting.hall][meeting.fixed]
    )


def crowd(count: int, each: int, slots: int, tables: int) -> Conference:
    """Two sides of a fair, the popular ones asked for by many: without chance, so always the same."""
    half = count // 2
    pairs = sorted(
        {(i, half + (i * 7 + k * k * 3 + k) % half) for i in range(half) for k in range(each)}
    )
    return Conference(
        tuple(Slot("AM" if s * 2 < slots else "PM") for s in range(slots)),
        tuple(
            Participant(f"p{i:03}", "", frozenset({i % slots} if i % 5 == 0 else ()))
            for i in range(2 * half)
        ),
        tuple(
            Meeting(
                f"m{at:04}", f"p{a:03}", f"p{b:03}", value=1 + (a + 2 * b) % 4,
                session=(None, None, None, "AM", "PM")[(a + b) % 5],
                language=(None, None, "en")[b % 3],
            )
            for at, (a, b) in enumerate(pairs)
        ),
        {"": (tables,) * slots},
        {"en": (max(1, tables // 3),) * slots},
    )  # fmt: skip


def brute(conference: Conference) -> tuple[int, int] | None:
    """The best (promises missing, value held) of all timetables; None where musts cannot be held.

    Tries every slot of every meeting and asks the checker. Fairness is not asked for.
    """
    free = replace(conference, fairness=None)
    best: list[tuple[int, int]] = []
    slot: dict[str, int] = {}

    def deeper(at: int) -> None:
        if at == len(free.meetings):
            made = Timetable.of(free, slot, {})
            worth = made.missing, -made.held
            if (not best or worth < best[0]) and not broken(free, made):
                best[:] = [worth]
            return
        one = free.meetings[at]
        for s in range(len(free.slots)):
            # rules that no other meeting can mend are looked at at once
            slot[one.id] = s
            if not any(_clash(free, one, slot, other) for other in free.meetings[: at + 1]):
                deeper(at + 1)
            del slot[one.id]
        if not one.must:
            deeper(at + 1)

    deeper(0)
    return (best[0][0], -best[0][1]) if best else None


def _clash(conference: Conference, one: Meeting, slot: dict[str, int], other: Meeting) -> bool:
    s = slot[one.id]
    if one is other:
        away = {p.id: p.away for p in conference.participants}
        room = conference.tables[one.hall][s]
        return one.fixed not in (None, s) or s in away[one.a] | away[one.b] or not room
    return slot.get(other.id) == s and bool({one.a, one.b} & {other.a, other.b})
