"""A conference in whole numbers, in an order that does not depend on how it was given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .model import Conference, Meeting, Participant, Status, Timetable, idle_periods


@dataclass(frozen=True, slots=True)
class Problem:
    """What the solvers see. Participants and meetings are numbered in the order of their ids.

    Attributes:
        slots: how many there are.
        people: the two participants of each meeting.
        value, must: of each meeting.
        open: the slots in which each meeting may be for all that it says alone, ascending.
        room: resource → capacity in each slot. A hall's tables are a resource, and so are the
            interpreters of a language.
        uses: the resources of each meeting; the first is its hall.
        least, most: of each participant.
        before: pairs of meetings; where both are held, the first is in an earlier slot.
        walk: the free slots between two halls (resources), where not 0; both orders are there.
        fairness: the most by which idle periods may differ, or None.
        ids: the id of each meeting.
    """

    slots: int
    people: tuple[tuple[int, int], ...]
    value: tuple[int, ...]
    must: tuple[bool, ...]
    open: tuple[tuple[int, ...], ...]
    room: tuple[tuple[int, ...], ...]
    uses: tuple[tuple[int, ...], ...]
    least: tuple[int, ...]
    most: tuple[int, ...]
    before: tuple[tuple[int, int], ...]
    walk: dict[tuple[int, int], int]
    fairness: int | None
    ids: tuple[str, ...]

    @classmethod
    def of(cls, conference: Conference) -> "Problem":
        """The numbers of a conference that is without faults."""
        participants = sorted(conference.participants, key=lambda one: one.id)
        meetings = sorted(conference.meetings, key=lambda one: one.id)
        halls, languages = sorted(conference.tables), sorted(conference.interpreters)
        who = {one.id: at for at, one in enumerate(participants)}
        which = {one.id: at for at, one in enumerate(meetings)}
        hall = {name: at for at, name in enumerate(halls)}
        voice = {name: len(halls) + at for at, name in enumerate(languages)}
        room = tuple(conference.tables[h] for h in halls)
        room += tuple(conference.interpreters[v] for v in languages)
        people = tuple((who[one.a], who[one.b]) for one in meetings)
        uses = tuple(
            (hall[one.hall], *([voice[one.language]] if one.language is not None else []))
            for one in meetings
        )
        total = len(conference.slots)
        return cls(
            total,
            people,
            tuple(one.value for one in meetings),
            tuple(one.must for one in meetings),
            _opened(conference, meetings, uses, room),
            room,
            uses,
            tuple(one.least for one in participants),
            tuple(_most(one, total) for one in participants),
            tuple(sorted({(which[a], which[b]) for a, b in conference.precedences})),
            _walk(conference, hall),
            conference.fairness,
            tuple(one.id for one in meetings),
        )

    def timetable(
        self,
        status: Status,
        slot: Mapping[int, int],
        *,
        missing_bound: int,
        held_bound: int,
        idle_bound: int,
    ) -> Timetable:
        """A timetable of the given slots (meeting → slot), with tables handed out."""
        agendas = self.agendas(slot)
        return Timetable(
            status,
            {self.ids[m]: s for m, s in sorted(slot.items())},
            table_numbers(self, slot),
            missing=sum(max(0, n - len(a)) for n, a in zip(self.least, agendas, strict=True)),
            missing_bound=missing_bound,
            held=sum(self.value[m] for m in slot),
            held_bound=held_bound,
            idle=sum(map(idle_periods, agendas)),
            idle_bound=idle_bound,
        )

    def agendas(self, slot: Mapping[int, int]) -> list[list[int]]:
        """The slots in which each participant has a meeting."""
        found: list[list[int]] = [[] for _ in self.least]
        for m, s in slot.items():
            for p in self.people[m]:
                found[p].append(s)
        return found


def _opened(
    conference: Conference,
    meetings: Sequence[Meeting],
    uses: Sequence[tuple[int, ...]],
    room: Sequence[tuple[int, ...]],
) -> tuple[tuple[int, ...], ...]:
    """The open slots of each meeting; worked out once for all that ask for the same."""
    away = {one.id: one.away for one in conference.participants}
    alike: dict[tuple[object, ...], list[int]] = {}
    found = []
    for one, used in zip(meetings, uses, strict=True):
        key = (one.fixed, one.session, used)
        if key not in alike:
            alike[key] = [
                s
                for s in range(len(conference.slots))
                if _says(one, s, conference) and all(room[r][s] > 0 for r in used)
            ]
        gone = away[one.a] | away[one.b]
        found.append(tuple(s for s in alike[key] if s not in gone))
    return tuple(found)


def _most(one: Participant, slots: int) -> int:
    """The most meetings somebody can have."""
    there = slots - len(one.away)
    return there if one.most is None else min(one.most, there)


def _walk(conference: Conference, hall: Mapping[str, int]) -> dict[tuple[int, int], int]:
    return {
        pair: gap
        for (a, b), gap in conference.walks.items()
        if gap and a in hall and b in hall
        for pair in ((hall[a], hall[b]), (hall[b], hall[a]))
    }


def _says(one: Meeting, slot: int, conference: Conference) -> bool:
    return one.fixed in (None, slot) and one.session in (None, conference.slots[slot].session)


def table_numbers(problem: Problem, slot: Mapping[int, int]) -> dict[str, int]:
    """The table of each meeting held, from 1 in its hall.

    Whoever sat at a table in their last meeting of a hall stays at it where it is free, the one with
    the lower meeting first; the others take the lowest free number.
    """
    rounds: list[list[int]] = [[] for _ in range(problem.slots)]
    for m in sorted(slot):
        rounds[slot[m]].append(m)
    last: dict[tuple[int, int], int] = {}
    found: dict[int, int] = {}
    for s, meetings in enumerate(rounds):
        free = [set(range(1, room[s] + 1)) for room in problem.room]
        for m in meetings:
            hall = problem.uses[m][0]
            kept = (last.get((p, hall), 0) for p in problem.people[m])
            found[m] = next((n for n in kept if n in free[hall]), 0)
            free[hall].discard(found[m])
        for m in meetings:
            hall = problem.uses[m][0]
            found[m] = found[m] or min(free[hall])
            free[hall].discard(found[m])
            last.update({(p, hall): found[m] for p in problem.people[m]})
    return {problem.ids[m]: number for m, number in sorted(found.items())}
