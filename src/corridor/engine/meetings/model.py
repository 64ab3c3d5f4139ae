"""A conference to be timetabled, and a timetable: what everyone else in this room works on.

Slots are numbered from 0 in the order of time. Every capacity is given per slot: the tables of a
hall, the interpreters of a language. The words are those of the literature (Bofill et al., "B2B
meeting scheduling", JAIR 74, 2022): an *idle period* is a maximal run of slots without a meeting
between two meetings of one participant.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

HALL = ""  # the one hall of a conference that names none


@dataclass(frozen=True, slots=True)
class Slot:
    """One round of talks.

    Attributes:
        session: the part of the conference it belongs to, such as "AM".
        start, end: aware times, or None where only the order is known.
    """

    session: str = ""
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """Someone who meets others.

    Attributes:
        id: unique in the conference.
        name: for people to read; the id where empty.
        away: slots in which they are not to be booked.
        least: how many meetings they are promised; a promise goes before the value of meetings.
        most: how many they may have; None for as many as there are slots.
    """

    id: str
    name: str = ""
    away: frozenset[int] = frozenset()
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that both sides agreed to.

    Attributes:
        id: unique in the conference.
        a, b: ids of the two who meet.
        value: what holding it is worth, a whole number from 1.
        must: whether a timetable without it is no timetable.
        session: the session it has to be in; None for any.
        fixed: the slot it has to be in; None for any.
        hall: where its table stands.
        language: the language an interpreter is needed for; None where none is.
    """

    id: str
    a: str
    b: str
    value: int = 1
    must: bool = False
    session: str | None = None
    fixed: int | None = None
    hall: str = HALL
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Conference:
    """Everything that a timetable has to respect.

    Attributes:
        slots: in the order of time.
        participants, meetings: in any order; the answer does not depend on it.
        tables: hall → how many tables it has in each slot.
        interpreters: language → how many interpreters there are in each slot.
        precedences: (before, after) meeting ids: where both are held, the first is in an earlier slot.
        walks: two halls, in the order of their names → the slots that somebody with a meeting in
            one needs free before a meeting in the other; 0 where not given.
        fairness: the most by which the idle periods of two participants may differ; None for any.
    """

    slots: tuple[Slot, ...]
    participants: tuple[Participant, ...]
    meetings: tuple[Meeting, ...]
    tables: Mapping[str, tuple[int, ...]]
    interpreters: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    precedences: tuple[tuple[str, str], ...] = ()
    walks: Mapping[tuple[str, str], int] = field(default_factory=dict)
    fairness: int | None = None

    def walk(self, hall: str, other: str) -> int:
        """The free slots that the way from one hall to another takes."""
        return self.walks.get((min(hall, other), max(hall, other)), 0)


class Status(StrEnum):
    """How much a timetable says of itself."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Timetable:
    """A timetable and the proof of its worth.

    Objectives in order: the fewest promised meetings (``least``) are missing, the value of the
    meetings held is the greatest, the number of idle periods is the least.

    Attributes:
        status: ``optimal`` where both bounds are reached; ``infeasible`` where it is proven that
            not every meeting that must be held can be; ``unknown`` where time ran out before any
            timetable was found.
        slot: meeting id → its slot, for the meetings that are held.
        table: meeting id → the number of its table in its hall, from 1.
        missing, missing_bound: promised meetings that are not held, and the fewest possible.
        held, held_bound: the value of the meetings held, and the most of any timetable.
        idle, idle_bound: idle periods, and the fewest of any timetable that holds as much.
    """

    status: Status
    slot: Mapping[str, int] = field(default_factory=dict)
    table: Mapping[str, int] = field(default_factory=dict)
    missing: int = 0
    missing_bound: int = 0
    held: int = 0
    held_bound: int = 0
    idle: int = 0
    idle_bound: int = 0

    @classmethod
    def of(
        cls, conference: Conference, slot: Mapping[str, int], table: Mapping[str, int]
    ) -> "Timetable":
        """A timetable somebody made, with what it is worth and nothing proven.

        Raises ``KeyError`` for a meeting that the conference does not have.
        """
        meetings = {one.id: one for one in conference.meetings}
        taken: dict[str, list[int]] = {one.id: [] for one in conference.participants}
        for key, at in slot.items():
            for who in (meetings[key].a, meetings[key].b):
                taken[who].append(at)
        least = ((one.least, len(taken[one.id])) for one in conference.participants)
        return cls(
            Status.FEASIBLE,
            slot,
            table,
            missing=sum(max(0, wanted - held) for wanted, held in least),
            held=sum(meetings[key].value for key in slot),
            held_bound=sum(one.value for one in conference.meetings),
            idle=sum(map(idle_periods, taken.values())),
        )


def idle_periods(slots: Iterable[int]) -> int:
    """The idle periods of one participant with meetings in the given slots."""
    taken = sorted(slots)
    return sum(1 for one, other in pairwise(taken) if other - one > 1)
