"""Hypothesis strategies: conferences with everything a conference may have, small and crowded.

What is drawn is without faults, because faults are refused before anything is timetabled.
"""

from dataclasses import replace

from hypothesis import assume
from hypothesis import strategies as st

from corridor.engine.meetings import Conference, Meeting, Participant, Slot, faults

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

    Tries every slot of every meeting, by the words of the model alone. Fairness is not asked for.
    """
    away = {p.id: p.away for p in conference.participants}
    best: list[tuple[int, int]] = []
    slot: dict[str, int] = {}

    def allowed(m: Meeting, s: int) -> bool:
        if m.fixed not in (None, s) or m.session not in (None, conference.slots[s].session):
            return False
        if s in away[m.a] | away[m.b]:
            return False
        there = [o for o in conference.meetings if slot.get(o.id) == s]
        if any({m.a, m.b} & {o.a, o.b} for o in there):
            return False
        if sum(o.hall == m.hall for o in there) >= conference.tables[m.hall][s]:
            return False
        voice = m.language
        return voice is None or (
            sum(o.language == voice for o in there) < conference.interpreters[voice][s]
        )

    def worth() -> tuple[int, int] | None:
        held = {m.id: m for m in conference.meetings if m.id in slot}
        if any(m.must and m.id not in held for m in conference.meetings):
            return None
        if any(a in slot and b in slot and slot[a] >= slot[b] for a, b in conference.precedences):
            return None
        missing = 0
        for p in conference.participants:
            own = sorted((slot[m.id], m.hall) for m in held.values() if p.id in (m.a, m.b))
            if p.most is not None and len(own) > p.most:
                return None
            missing += max(0, p.least - len(own))
            for (s, hall), (t, other) in zip(own, own[1:], strict=False):
                if t - s - 1 < conference.walk(hall, other):
                    return None
        return missing, -sum(m.value for m in held.values())

    def deeper(at: int) -> None:
        if at == len(conference.meetings):
            found = worth()
            if found is not None and (not best or found < best[0]):
                best[:] = [found]
            return
        one = conference.meetings[at]
        for s in range(len(conference.slots)):
            if allowed(one, s):
                slot[one.id] = s
                deeper(at + 1)
                del slot[one.id]
        if not one.must:
            deeper(at + 1)

    deeper(0)
    return (best[0][0], -best[0][1]) if best else None
