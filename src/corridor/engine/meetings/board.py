"""A timetable being made: its numbers in arrays, and the moves that every method here is made of.

Nothing leaves the rules on the way: a meeting is only put where it breaks none. What was put and
taken is noted on a trail, so that any number of moves can be undone together.
"""

from collections.abc import Mapping
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..compiled import lean
from .problem import Problem

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

NOWHERE = -1
# positions in Board.tally
MUSTS, MISSING, HELD, IDLE, OVER, TRAIL = range(6)
TRAIL_SIZE = 1 << 16
SPARE = 40
LONGEST = 400  # a chain of swaps that is longer is left alone


class Board(NamedTuple):
    """A problem and one timetable of it.

    Walks are kept between any two meetings of a participant, not only between neighbours, so that
    taking a meeting away never breaks a rule.

    Attributes:
        people, uses, value, must, open, room, least, most: as in :class:`Problem`; ``uses`` is
            hall and language (-1 for none).
        before, before_at: the meetings that come before meeting m are
            ``before[before_at[m]:before_at[m + 1]]``; ``after`` in the same way.
        own, own_at: the meetings of each participant, in the same way.
        walk: free slots between halls; ``reach`` is the longest.
        allowed: how many idle periods a participant may have before they count as over.
        since: meetings in an earlier slot stay where they are.
        slot: of each meeting, or -1.
        at: the meeting of each participant in each slot, or -1.
        members, used, place: the meetings that use a resource in a slot, how many, and the position
            of a meeting among those of its hall and language.
        degree, runs: meetings of each participant, and the runs of slots without a break they make.
        tally: musts held, promised meetings missing, value held, idle periods, idle periods over
            what is allowed, length of the trail.
        trail: (meeting, the slot it was taken from, or -1 where it was put).
        chain: room for the meetings of one chain; ``spare`` is room for whoever needs some.
        seed: the state of the random numbers.
    """

    people: Ints
    uses: Ints
    value: Ints
    must: Bools
    open: Bools
    room: Ints
    least: Ints
    most: Ints
    before: Ints
    before_at: Ints
    after: Ints
    after_at: Ints
    own: Ints
    own_at: Ints
    walk: Ints
    reach: int
    allowed: int
    since: int
    slot: Ints
    at: Ints
    members: Ints
    used: Ints
    place: Ints
    degree: Ints
    runs: Ints
    tally: Ints
    trail: Ints
    chain: Ints
    spare: Ints
    seed: NDArray[np.uint64]


def board(
    problem: Problem, slot: Mapping[int, int] | None = None, *, seed: int = 0, extra: int = 0
) -> Board:
    """A board with the given meetings on it (meeting → slot); they are taken to keep the rules.

    ``extra`` is by how much room may be made larger on the board.
    """
    meetings, slots, parties = len(problem.ids), problem.slots, len(problem.least)
    people = np.array(problem.people, dtype=np.int64).reshape(meetings, 2)
    uses = np.array([(*u, NOWHERE)[:2] for u in problem.uses], dtype=np.int64).reshape(meetings, 2)
    opened = slots_open(problem)
    wanted = np.bincount(uses[uses >= 0].ravel(), minlength=len(problem.room))
    room = np.minimum(np.array(problem.room, dtype=np.int64).reshape(-1, slots), wanted[:, None])
    walk = np.zeros((len(room), len(room)), dtype=np.int64)
    for pair, gap in problem.walk.items():
        walk[pair] = gap
    early, late = np.array(problem.before, dtype=np.int64).reshape(-1, 2).T
    before, before_at = _grouped(late, early, meetings)
    after, after_at = _grouped(early, late, meetings)
    both = np.repeat(np.arange(meetings, dtype=np.int64), 2)
    own, own_at = _grouped(people.ravel(), both, parties)
    allowed = slots if problem.fairness is None else problem.fairness
    least = np.array(problem.least, dtype=np.int64)
    tally = np.zeros(6, dtype=np.int64)
    tally[MISSING] = least.sum()
    made = Board(
        people, uses, np.array(problem.value, dtype=np.int64), np.array(problem.must, dtype=np.bool_),
        opened, room.astype(np.int64), least, np.array(problem.most, dtype=np.int64),
        before, before_at, after, after_at, own, own_at, walk, int(walk.max(initial=0)), allowed, 0,
        np.full(meetings, NOWHERE, dtype=np.int64),
        np.full((parties, slots), NOWHERE, dtype=np.int64),
        np.zeros((*room.shape, int(room.max(initial=0)) + extra), dtype=np.int64),
        np.zeros(room.shape, dtype=np.int64), np.zeros((meetings, 2), dtype=np.int64),
        np.zeros(parties, dtype=np.int64), np.zeros(parties, dtype=np.int64), tally,
        np.zeros((TRAIL_SIZE, 2), dtype=np.int64), np.zeros(LONGEST + 1, dtype=np.int64),
        np.zeros((4, SPARE), dtype=np.int64),
        np.array([seed * 2 + 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF | 1], dtype=np.uint64),
    )  # fmt: skip
    where = np.full(meetings, NOWHERE, dtype=np.int64)
    for m, s in (slot or {}).items():
        where[m] = s
    restore(made, where)
    return made


def slots_open(problem: Problem) -> Bools:
    """Whether each meeting may be in each slot for all that it says alone."""
    found = np.zeros((len(problem.ids), problem.slots), dtype=np.bool_)
    which = np.repeat(np.arange(len(problem.ids)), [len(where) for where in problem.open])
    found[which, list(chain.from_iterable(problem.open))] = True
    return found


def _grouped(key: Ints, what: Ints, groups: int) -> tuple[Ints, Ints]:
    order = np.lexsort((what, key))
    at = np.searchsorted(key[order], np.arange(groups + 1)).astype(np.int64)
    return what[order].astype(np.int64), at


def held(made: Board) -> dict[int, int]:
    """Meeting → slot, of the meetings on the board."""
    return {int(m): int(made.slot[m]) for m in np.flatnonzero(made.slot >= 0)}


@lean
def below(b: Board, n: int) -> int:
    """A random whole number from 0 to n - 1 (xorshift64*, Vigna 2016)."""
    x = b.seed[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    b.seed[0] = x
    x *= np.uint64(2685821657736338717)
    return np.int64((x >> np.uint64(33)) % np.uint64(n))  # type: ignore[return-value]


@lean
def chance(b: Board) -> float:
    """A random number from 0 to 1, neither included."""
    return (below(b, 1 << 30) + 0.5) / (1 << 30)


@lean
def _idle(b: Board, p: int, sign: int) -> None:
    idle = max(0, b.runs[p] - 1)
    b.tally[IDLE] += sign * idle
    b.tally[OVER] += sign * max(0, idle - b.allowed)


@lean
def _change(b: Board, p: int, s: int, m: int, sign: int) -> None:
    _idle(b, p, -1)
    slots = b.at.shape[1]
    left = s > 0 and b.at[p, s - 1] >= 0
    right = s + 1 < slots and b.at[p, s + 1] >= 0
    b.runs[p] += sign * (1 - int(left) - int(right))
    _idle(b, p, 1)
    b.tally[MISSING] -= max(0, b.least[p] - b.degree[p])
    b.degree[p] += sign
    b.tally[MISSING] += max(0, b.least[p] - b.degree[p])
    b.at[p, s] = m if sign > 0 else NOWHERE


@lean
def _note(b: Board, m: int, s: int) -> None:
    n = b.tally[TRAIL]
    b.trail[n, 0], b.trail[n, 1] = m, s
    b.tally[TRAIL] = n + 1


@lean
def put(b: Board, m: int, s: int) -> None:
    """Put a meeting that is nowhere into a slot where it :func:`fits`."""
    _note(b, m, NOWHERE)
    b.slot[m] = s
    for side in range(2):
        _change(b, b.people[m, side], s, m, 1)
        r = b.uses[m, side]
        if r >= 0:
            n = b.used[r, s]
            b.members[r, s, n], b.place[m, side] = m, n
            b.used[r, s] = n + 1
    b.tally[HELD] += b.value[m]
    b.tally[MUSTS] += int(b.must[m])


@lean
def take(b: Board, m: int) -> None:
    """Take a meeting out of its slot."""
    s = b.slot[m]
    _note(b, m, s)
    b.slot[m] = NOWHERE
    for side in range(2):
        _change(b, b.people[m, side], s, m, -1)
        r = b.uses[m, side]
        if r >= 0:
            n = b.used[r, s] - 1
            last, at = b.members[r, s, n], b.place[m, side]
            b.members[r, s, at] = last
            b.place[last, side] = at
            b.used[r, s] = n
    b.tally[HELD] -= b.value[m]
    b.tally[MUSTS] -= int(b.must[m])


@lean
def commit(b: Board) -> None:
    """What is on the trail stays."""
    b.tally[TRAIL] = 0


@lean
def undo(b: Board, mark: int) -> None:
    """Undo what was put and taken since the trail was ``mark`` long."""
    while b.tally[TRAIL] > mark:
        n = b.tally[TRAIL] - 1
        m, s = b.trail[n, 0], b.trail[n, 1]
        if s == NOWHERE:
            take(b, m)
        else:
            put(b, m, s)
        b.tally[TRAIL] = n


@lean
def walks(b: Board, p: int, m: int, s: int) -> int:
    """A meeting of p that is too near to reach from m's hall in slot s, or -1."""
    for t in range(max(0, s - b.reach), min(b.at.shape[1], s + b.reach + 1)):
        other = b.at[p, t]
        if other >= 0 and other != m and abs(t - s) - 1 < b.walk[b.uses[m, 0], b.uses[other, 0]]:
            return int(other)
    return NOWHERE


@lean
def ordered(b: Board, m: int, s: int) -> bool:
    """Whether every precedence of m is kept in slot s."""
    for i in range(b.before_at[m], b.before_at[m + 1]):
        t = b.slot[b.before[i]]
        if t >= s:
            return False
    for i in range(b.after_at[m], b.after_at[m + 1]):
        t = b.slot[b.after[i]]
        if 0 <= t <= s:
            return False
    return True


@lean
def fits(b: Board, m: int, s: int) -> bool:
    """Whether a meeting that is nowhere breaks no rule in slot s."""
    if not b.open[m, s]:
        return False
    for side in range(2):
        p, r = b.people[m, side], b.uses[m, side]
        if b.at[p, s] >= 0 or b.degree[p] >= b.most[p]:
            return False
        if r >= 0 and b.used[r, s] >= b.room[r, s]:
            return False
    if b.reach > 0 and (walks(b, b.people[m, 0], m, s) >= 0 or walks(b, b.people[m, 1], m, s) >= 0):
        return False
    return ordered(b, m, s)


@lean
def _gather(b: Board, m: int, t: int, n: int) -> int:
    """Add to the chain of n meetings m, what is in its way to slot t, and so on (a Kempe chain).

    Returns the length, or -1 where one of them may not be in its other slot or they are too many.
    """
    s = b.slot[m]
    b.chain[n] = m
    n += 1
    for side in range(1, -1, -1):
        last, p, here = m, b.people[m, side], s
        step = m
        while True:
            there = t if here == s else s
            if not b.open[last, there]:
                return -1
            step = b.at[p, there]
            if step < 0 or step == m:
                break
            if n > LONGEST:
                return -1
            b.chain[n] = step
            n += 1
            p = b.people[step, 0] + b.people[step, 1] - p
            last, here = step, there
        if step == m:  # all the way round
            break
    return n


@lean
def swap(b: Board, m: int, t: int) -> bool:
    """Move m to slot t, and what is in its way to m's slot, and so on.

    Nothing changes where the chain is too long or any meeting of it does not fit; then False.
    """
    n = _gather(b, m, t, 0)
    return n > 0 and exchange(b, n, b.slot[m], t)


@lean
def exchange(b: Board, n: int, s: int, t: int) -> bool:
    """Change slot s for t and t for s in a chain of n meetings; False where one does not fit."""
    mark = b.tally[TRAIL]
    for i in range(n):
        take(b, b.chain[i])
    for i in range(n):
        m = b.chain[i]
        # what was just taken is on the trail with the slot it came from
        to = t if b.trail[mark + i, 1] == s else s
        if not fits(b, m, to):
            undo(b, mark)
            return False
        put(b, m, to)
    return True


@lean
def remember(b: Board, kept: Ints) -> None:
    """Write down the slots of the board's meetings in ``kept``."""
    for m in range(len(kept)):
        kept[m] = b.slot[m]


@lean
def restore(b: Board, kept: Ints) -> None:
    """Make the board's timetable the one in ``kept``."""
    for m in range(len(kept)):
        if b.slot[m] >= 0 and b.slot[m] != kept[m]:
            take(b, m)
            commit(b)
    for m in range(len(kept)):
        if kept[m] >= 0 and b.slot[m] < 0:
            put(b, m, kept[m])
            commit(b)
