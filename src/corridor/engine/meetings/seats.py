"""Finding places on the day: what stands stays, and what moves takes as few others along as can be."""

import numpy as np

from ..compiled import compiled, lean
from .board import (
    NOWHERE,
    TRAIL,
    Board,
    Bools,
    Ints,
    commit,
    fits,
    put,
    take,
    undo,
)
from .place import force, in_the_way, insert, room_for

MOVED = 3  # others that move at once for one meeting, before whole chains do
LOOKS = 6  # where a resource is full: different users that are asked to move
CHAINS = 200
TRIES = 20  # for what must be held


@lean
def keep(b: Board, order: Ints, where: Ints) -> None:
    """Put every meeting of ``order`` where it stood, if it still fits there."""
    for i in range(len(order)):
        m = order[i]
        if fits(b, m, where[m]):
            put(b, m, where[m])
            commit(b)


@compiled
def elsewhere(b: Board, order: Ints, where: Ints) -> Ints:
    """In how many other slots each meeting of ``order`` would fit."""
    found = np.zeros(len(order), dtype=np.int64)
    for i in range(len(order)):
        for s in range(b.since, b.open.shape[1]):
            found[i] += int(s != where[order[i]] and fits(b, order[i], s))
    return found


@lean
def _give_way(b: Board, m: int, s: int, most: int, out: Ints) -> bool:
    """Put m into slot s, if what is there fits elsewhere and is no more than ``most``."""
    n = in_the_way(b, m, s, 1.0, out)
    if n < 0 or n > most:
        return False
    for i in range(n):
        if b.slot[out[i]] < b.since:
            return False
    mark = b.tally[TRAIL]
    for i in range(n):
        take(b, out[i])
    if fits(b, m, s):
        put(b, m, s)
        for i in range(n):
            if not insert(b, out[i], 0):
                break
        else:
            return True
    undo(b, mark)
    return False


@lean
def _seat(b: Board, m: int, out: Ints) -> bool:
    """Put m somewhere, moving nobody, else as few as can be found; nothing is given up for it."""
    s = room_for(b, m)
    if s >= 0:
        put(b, m, s)
        return True
    for most in range(1, MOVED + 1):
        for _ in range(LOOKS):
            for t in range(b.since, b.open.shape[1]):
                if b.open[m, t] and _give_way(b, m, t, most, out):
                    return True
    return insert(b, m, CHAINS)


@lean
def seat(b: Board, order: Ints, top: float) -> None:
    """Seat the meetings of ``order``; one that must be held takes the place of some that need not.

    What gave up its place is put at once where it fits, if anywhere.
    """
    out = b.spare[2]
    for i in range(len(order)):
        m = order[i]
        for _ in range(TRIES if b.must[m] else 1):
            if _seat(b, m, out) or (b.must[m] and force(b, m, top, 1e-9, out)):
                break
        commit(b)


@compiled
def alone(b: Board, order: Ints) -> Bools:
    """For each meeting of ``order``, which slots it fits in with nothing else changed."""
    found = np.zeros((len(order), b.open.shape[1]), dtype=np.bool_)
    for i in range(len(order)):
        for s in range(b.since, b.open.shape[1]):
            found[i, s] = fits(b, order[i], s)
    return found


@lean
def together(b: Board, order: Ints) -> None:
    """Put the meetings of ``order`` that fit, one after another."""
    for i in range(len(order)):
        s = room_for(b, order[i])
        if s != NOWHERE:
            put(b, order[i], s)
            commit(b)
