"""Fewer idle periods with the same meetings held, by swaps of slots (simulated annealing)."""

import math

from ..compiled import lean
from .board import (
    IDLE,
    LONGEST,
    NOWHERE,
    OVER,
    Board,
    Ints,
    below,
    chance,
    commit,
    exchange,
    remember,
    take,
    undo,
)
from .place import insert, loss

TRIES = 4  # other chains looked at where tables are full
TOO_MANY = 4  # what an idle period beyond what is allowed counts more than another


@lean
def _someone(b: Board) -> int:
    """A participant with an idle period if one is soon found, else anyone."""
    p = 0
    for _ in range(200):
        p = below(b, len(b.runs))
        if b.runs[p] > 1:
            break
    return p


@lean
def _lonely(at: Ints, p: int, s: int, but: int) -> int:
    """What a meeting of p in slot s adds to the runs of p, slot ``but`` being free."""
    left = s > 0 and s - 1 != but and at[p, s - 1] >= 0
    right = s + 1 < at.shape[1] and s + 1 != but and at[p, s + 1] >= 0
    return 1 - int(left) - int(right)


@lean
def _worse(b: Board, p: int, s: int, t: int) -> int:
    """How much worse it is for p to have a meeting in slot t instead of s."""
    more = _lonely(b.at, p, t, s) - _lonely(b.at, p, s, t)
    idle = b.runs[p] - 1
    over = max(0, idle + more - b.allowed) - max(0, idle - b.allowed)
    return int(more + TOO_MANY * over)


@lean
def _slots(b: Board, p: int) -> tuple[int, int]:
    """A slot of p at the end of a run, and one that is free and beside another meeting of p.

    -1 where there is none. Now and then the slots are any.
    """
    at = b.at
    slots = at.shape[1]
    s, t, strict = below(b, slots), below(b, slots), below(b, 16) > 0
    source, target = NOWHERE, NOWHERE
    for _ in range(slots):
        if at[p, s] >= 0 and (not strict or _lonely(at, p, s, NOWHERE) >= 0):
            source = s
            break
        s = s + 1 if s + 1 < slots else 0
    for _ in range(slots):
        if at[p, t] < 0 and (not strict or _lonely(at, p, t, NOWHERE) <= 0):
            target = t
            break
        t = t + 1 if t + 1 < slots else 0
    return source, target


@lean
def _path(b: Board, p: int, s: int, t: int, n: int) -> tuple[int, int, int]:
    """Add to a chain of n what has to change slots for p to be free in s and not in t.

    Nobody but p and the last on the way then meets in other slots than before. Returns the length,
    the last, and the slot of theirs that becomes free; a length of -1 where it cannot be.
    """
    here, last, m = s, p, b.at[p, s]
    while m >= 0:
        there = t if here == s else s
        if n > LONGEST or not b.open[m, there]:
            return -1, last, here
        b.chain[n] = m
        n += 1
        last = b.people[m, 0] + b.people[m, 1] - last
        m, here = b.at[last, there], there
    return n, last, t if here == s else s


@lean
def _other(b: Board, s: int, t: int, n: int, worse: int) -> tuple[int, int]:
    """Lengthen the chain of n by another from slot t to s, where a resource of its first is full.

    Returns the length, or -1, and how much worse the other chain makes it.
    """
    r = b.uses[b.chain[0], below(b, 2)]
    if r < 0:
        r = b.uses[b.chain[0], 0]
    if b.used[r, t] < b.room[r, t] or b.used[r, t] == 0:
        return -1, 0
    m = b.members[r, t, below(b, b.used[r, t])]
    for i in range(n):
        if b.chain[i] == m:
            return -1, 0
    for side in range(2):
        p = b.people[m, side]
        if b.at[p, s] < 0:
            if _worse(b, p, t, s) > 1 - worse:
                return -1, 0
            longer, last, free = _path(b, p, t, s, n)
            return longer, _worse(b, p, t, s) + _worse(b, last, free, s + t - free)
    return -1, 0


@lean
def _accepted(b: Board, worse: int, heat: float) -> bool:
    return worse <= 0 or chance(b) < math.exp(-worse / heat)


@lean
def _step(b: Board, heat: float) -> bool:
    """Let somebody, and whoever is at the other end of the chain, meet in another slot."""
    p = _someone(b)
    s, t = _slots(b, p)
    if s < 0 or t < 0:
        return False
    worse = _worse(b, p, s, t)
    if worse > 2:
        return False
    n, last, free = _path(b, p, s, t, 0)
    if n < 0:
        return False
    worse += _worse(b, last, free, s + t - free)
    if _accepted(b, worse, heat) and exchange(b, n, s, t):
        return True
    for _ in range(TRIES):
        longer, more = _other(b, s, t, n, worse)
        if longer > 0 and _accepted(b, worse + more, heat) and exchange(b, longer, s, t):
            return True
    return False


@lean
def compact(b: Board, steps: int, hot: float, cold: float, best: Ints, kept: Ints) -> None:
    """Try ``steps`` swaps, while the heat (idle periods) falls from hot to cold.

    ``best`` and ``kept`` hold the idle periods (over what is allowed, in all) and the slots of the
    best timetable so far.
    """
    for step in range(steps):
        if b.tally[IDLE] == 0:
            break
        if not _step(b, hot * (cold / hot) ** (step / steps)):
            continue
        commit(b)
        over, idle = b.tally[OVER], b.tally[IDLE]
        if over < best[0] or (over == best[0] and idle < best[1]):
            best[0], best[1] = over, idle
            remember(b, kept)


@lean
def _run(b: Board, p: int, s: int, top: float) -> float:
    """Take the run of p that begins in slot s, up to the slot after it; what it costs."""
    cost = 0.0
    while s < b.at.shape[1] and b.at[p, s] >= 0:
        m = b.at[p, s]
        cost += math.inf if b.must[m] else loss(b, m, top)
        take(b, m)
        s += 1
    return cost


@lean
def give_up(b: Board, top: float) -> None:
    """Give up runs of meetings until nobody has more idle periods than allowed, the cheapest first.

    Cheapest for each idle period over that it does away with. Meetings that must be held stay, so
    it may end with some over.
    """
    while b.tally[OVER] > 0:
        best, who, start = math.inf, NOWHERE, 0
        for p in range(len(b.runs)):
            if b.runs[p] - 1 <= b.allowed:
                continue
            for s in range(b.at.shape[1]):
                if b.at[p, s] >= 0 and (s == 0 or b.at[p, s - 1] < 0):
                    over = b.tally[OVER]
                    cost = _run(b, p, s, top)
                    less = over - b.tally[OVER]
                    undo(b, 0)
                    if less > 0 and cost / less < best:
                        best, who, start = cost / less, p, s
        if who < 0:
            break
        _run(b, who, start, top)
        commit(b)


@lean
def regain(b: Board, order: Ints) -> None:
    """Insert what waits, in that order, wherever it leaves nobody with more idle periods over."""
    for i in range(len(order)):
        if b.slot[order[i]] < 0:
            over = b.tally[OVER]
            if insert(b, order[i], 4) and b.tally[OVER] > over:
                undo(b, 0)
            commit(b)
