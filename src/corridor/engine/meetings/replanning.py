"""The rest of the day, planned again after something happened, with as little moved as can be.

In order: what must be held is held; nothing that stands is dropped that can be anywhere; as few
standing meetings as can be found move; and nothing before now changes. New meetings from the
waiting list are only offered (:func:`offers`), because somebody has to be asked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ..factors import Label
from .board import NOWHERE, Board, Ints, board, held, restore
from .changes import Change, changed, freed
from .model import Conference, Timetable
from .problem import Problem
from .seats import alone, elsewhere, keep, seat, together
from .unplaced import reasons


@dataclass(frozen=True, slots=True)
class Moved:
    """A standing meeting in another slot than before."""

    meeting: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A meeting from the waiting list that fits into a slot with nothing else changed.

    Attributes:
        together: whether it still fits when all offers above it that say so are accepted too; the
            others fit alone. After one is accepted, offers are to be asked for again.
    """

    meeting: str
    slot: int
    value: int
    together: bool


@dataclass(frozen=True, slots=True)
class Replan:
    """The rest of the day and what is different about it.

    Attributes:
        conference: as it now is. What had to be dropped, or could not be added, need no longer be
            held, so that the timetable keeps every rule of it.
        timetable: all of the day. It claims no bounds beyond the trivial ones.
        moved: in the order of meeting ids.
        tables: standing meetings that only change their table, by id.
        added: meetings that must be held and were not before → their slot.
        dropped: meetings that stood → why they can no longer be held.
        refused: meetings that must be held and cannot be, and did not stand → why.
        offers: as :func:`offers` gives them.
    """

    conference: Conference
    timetable: Timetable
    moved: tuple[Moved, ...]
    tables: tuple[str, ...]
    added: Mapping[str, int]
    dropped: Mapping[str, Label]
    refused: Mapping[str, Label]
    offers: tuple[Offer, ...]


def replan(
    conference: Conference, timetable: Timetable, *, now: int, changes: Iterable[Change] = ()
) -> Replan:
    """Plan the slots from ``now`` on again; a meeting before ``now`` stays whatever happens.

    Args:
        conference: as it was when the timetable was made or last replanned.
        now: the first slot that has not begun; the number of slots where the day is over.

    A resource that is lost first takes leave of those who fit elsewhere, then of those worth least.
    Raises KeyError where a change or the timetable names what the conference does not have.
    """
    after = changed(conference, changes, now=now)
    problem = Problem.of(after)
    which = {key: m for m, key in enumerate(problem.ids)}
    before = np.full(len(problem.ids), NOWHERE, dtype=np.int64)
    for key, s in timetable.slot.items():
        before[which[key]] = s
    made = _from(problem, before, now)
    _stand(made, before, now)
    homeless = np.flatnonzero((made.slot == NOWHERE) & ((before >= now) | made.must))
    if len(homeless):
        order = np.lexsort((homeless, -made.value[homeless], ~made.must[homeless]))
        seat(made, homeless[order], float(made.value.max()))
    return _told(after, problem, made, before, timetable, now)


def _from(problem: Problem, where: Ints, now: int) -> Board:
    """A board with what was before now, on which nothing more can be put there."""
    made = board(problem)._replace(since=now)
    made.open[:, :now] = False
    restore(made, np.where(where < now, where, NOWHERE))
    return made


def _stand(made: Board, before: Ints, now: int) -> None:
    """Put what can stay; where a resource is short, first those who fit nowhere else."""
    later = np.flatnonzero(before >= now)
    asked = np.zeros(made.room.shape, dtype=np.int64)
    for side in range(2):
        using = later[made.uses[later, side] >= 0]
        np.add.at(asked, (made.uses[using, side], before[using]), 1)
    short = asked > made.room
    pressed = np.zeros(len(later), dtype=np.bool_)
    for side in range(2):
        r = made.uses[later, side]
        pressed |= (r >= 0) & short[r, before[later]]
    keep(made, later[~pressed], before)
    rest = later[pressed]
    ways = elsewhere(made, rest, before)
    order = np.lexsort((rest, -made.value[rest], ways > 0, ~made.must[rest]))
    keep(made, rest[order], before)


def _told(
    after: Conference, problem: Problem, made: Board, before: Ints, timetable: Timetable, now: int
) -> Replan:
    ids, slot = problem.ids, held(made)
    gone = [int(m) for m in np.flatnonzero((before >= 0) & (made.slot == NOWHERE))]
    never = [int(m) for m in np.flatnonzero((before < 0) & (made.slot == NOWHERE) & made.must)]
    why = reasons(after, made, problem, [*gone, *never])
    conference = freed(after, frozenset(why))
    seats = _tables(problem, slot, timetable, now) if timetable.table else {}
    placed = Timetable.of(conference, {ids[m]: s for m, s in slot.items()}, seats)
    same = np.flatnonzero((before >= 0) & (made.slot == before))
    moved = np.flatnonzero((before >= 0) & (made.slot >= 0) & (made.slot != before))
    added = np.flatnonzero((before < 0) & (made.slot >= 0))
    return Replan(
        conference,
        placed,
        tuple(Moved(ids[m], int(before[m]), int(made.slot[m])) for m in moved),
        tuple(ids[m] for m in same if seats.get(ids[m]) != timetable.table.get(ids[m])),
        {ids[m]: int(made.slot[m]) for m in added},
        {ids[m]: why[ids[m]] for m in gone},
        {ids[m]: why[ids[m]] for m in never},
        _offers(problem, made),
    )


def _tables(
    problem: Problem, slot: Mapping[int, int], timetable: Timetable, now: int
) -> dict[str, int]:
    """Table numbers: whoever stays in a slot stays at the table, where it is still there."""
    found: dict[str, int] = {}
    free: dict[tuple[int, int], list[int]] = {}
    waiting: list[int] = []
    taken: dict[tuple[int, int], set[int]] = {}
    for m, s in slot.items():
        key, hall = problem.ids[m], problem.uses[m][0]
        number = timetable.table.get(key, 0) if timetable.slot.get(key) == s else 0
        if s < now or 1 <= number <= problem.room[hall][s]:
            found[key] = number
            taken.setdefault((hall, s), set()).add(number)
        else:
            waiting.append(m)
    for m in waiting:
        place = (problem.uses[m][0], slot[m])
        if place not in free:
            room = problem.room[place[0]][place[1]]
            free[place] = sorted(set(range(1, room + 1)) - taken.get(place, set()), reverse=True)
        found[problem.ids[m]] = free[place].pop()
    return found


def offers(conference: Conference, timetable: Timetable, *, now: int = 0) -> tuple[Offer, ...]:
    """Meetings not held that fit somewhere from ``now`` on with nothing moved.

    Those that fit together first, in the order of promises, value and id; then those that only fit
    where one of these is not accepted. Fairness is not asked for here.
    """
    problem = Problem.of(conference)
    where = np.array([timetable.slot.get(key, NOWHERE) for key in problem.ids], dtype=np.int64)
    made = _from(problem, where, now)
    keep(made, np.flatnonzero(where >= now), where)
    return _offers(problem, made)


def _offers(problem: Problem, made: Board) -> tuple[Offer, ...]:
    """The same from a board, which is left with the offers put on it."""
    short = np.maximum(made.least - made.degree, 0)
    wanted = short[made.people].sum(axis=1)
    waiting = np.flatnonzero(made.slot == NOWHERE)
    waiting = waiting[np.lexsort((waiting, -made.value[waiting], -wanted[waiting]))]
    fitted = alone(made, waiting)
    waiting, fitted = waiting[fitted.any(axis=1)], fitted[fitted.any(axis=1)]
    together(made, waiting)
    both = made.slot[waiting] >= 0
    slots = np.where(both, made.slot[waiting], fitted.argmax(axis=1))
    found = [
        Offer(problem.ids[m], int(s), problem.value[m], bool(with_others))
        for m, s, with_others in zip(waiting, slots, both, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: not one.together))
