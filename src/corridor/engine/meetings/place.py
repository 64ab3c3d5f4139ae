"""Holding as much as can be held: one meeting at a time, others moved or given up for it.

A meeting goes where it fits; else a Kempe chain makes room for it; else it takes the place of
others where that is worth it, which a temperature decides (simulated annealing, Kirkpatrick et al.
1983). What it displaced looks for another place at once, and is undone with it where the whole
was not worth it.
"""

import math

from ..compiled import lean
from .board import (
    HELD,
    MISSING,
    MUSTS,
    NOWHERE,
    OVER,
    SPARE,
    TRAIL,
    Board,
    Ints,
    below,
    chance,
    commit,
    fits,
    ordered,
    put,
    remember,
    swap,
    take,
    undo,
)

MOST_IN_THE_WAY = 12
DEPTH, GONE = 2, SPARE  # how often what is ousted ousts others, and how many in all
SAMPLE = 6  # users of a full resource that are looked at for the least worth
CHAINS = 24  # tried to make room for one meeting
# Against the greatest value of a meeting. Not without end: promises have to be able to wait.
PROMISE, MUST = 16.0, 256.0


@lean
def room_for(b: Board, m: int) -> int:
    """The slot that m fits in beside the most other meetings of its participants, or -1.

    Of equal ones the one whose hall has the most tables left.
    """
    best, found = -1.0, NOWHERE
    slots = b.open.shape[1]
    for s in range(slots):
        if not fits(b, m, s):
            continue
        hall = b.uses[m, 0]
        worth = 1.0 - b.used[hall, s] / b.room[hall, s]
        for side in range(2):
            p = b.people[m, side]
            if s > 0 and b.at[p, s - 1] >= 0:
                worth += 0.1
            if s + 1 < slots and b.at[p, s + 1] >= 0:
                worth += 0.1
        if worth > best:
            best, found = worth, s
    return found


@lean
def _has_room(b: Board, m: int, s: int) -> bool:
    for side in range(2):
        r = b.uses[m, side]
        if r >= 0 and b.used[r, s] >= b.room[r, s]:
            return False
    return True


@lean
def _make_room(b: Board, m: int, tries: int) -> int:
    """A slot that m fits in after a chain of swaps, or -1 with nothing changed."""
    slots = b.open.shape[1]
    first, second = below(b, slots), below(b, slots)
    for i in range(slots):
        s = (first + i) % slots
        if not b.open[m, s]:
            continue
        x, y = b.at[b.people[m, 0], s], b.at[b.people[m, 1], s]
        if x >= 0 and y >= 0:
            continue
        if x < 0 and y < 0:
            if _has_room(b, m, s):
                continue
            # somebody else at a table of the hall, or with the interpreter, goes
            r = b.uses[m, 0]
            if b.used[r, s] < b.room[r, s]:
                r = b.uses[m, 1]
            x = b.members[r, s, below(b, b.used[r, s])]
        moved = x if x >= 0 else y
        for j in range(slots):
            t = (second + j) % slots
            if t == s or not b.open[moved, t]:
                continue
            mark = b.tally[TRAIL]
            tries -= 1
            if swap(b, moved, t):
                if fits(b, m, s):
                    return int(s)
                undo(b, mark)
            if tries <= 0:
                return NOWHERE
    return NOWHERE


@lean
def insert(b: Board, m: int, tries: int) -> bool:
    """Put m where it fits, with up to so many chains tried; the held meetings stay held."""
    for side in range(2):
        p = b.people[m, side]
        if b.degree[p] >= b.most[p]:
            return False
    s = room_for(b, m)
    if s < 0 and tries > 0:
        s = _make_room(b, m, tries)
    if s < 0:
        return False
    put(b, m, s)
    return True


@lean
def loss(b: Board, m: int, top: float) -> float:
    """What giving up m costs; ``top`` is the greatest value of a meeting."""
    cost = float(b.value[m])
    if b.must[m]:
        cost += MUST * top
    for side in range(2):
        p = b.people[m, side]
        if b.degree[p] <= b.least[p]:
            cost += PROMISE * top
    return cost


@lean
def _gain(b: Board, m: int, top: float) -> float:
    worth = float(b.value[m])
    if b.must[m]:
        worth += MUST * top
    for side in range(2):
        p = b.people[m, side]
        if b.degree[p] < b.least[p]:
            worth += PROMISE * top
    return worth


@lean
def _add(out: Ints, n: int, m: int, first: int = 0) -> int:
    if m < 0:
        return -1
    for i in range(first, n):
        if out[i] == m:
            return n
    out[n] = m
    return n + 1


@lean
def _cheapest(b: Board, among: Ints, count: int, top: float, tries: int) -> int:
    """The least loss among ``tries`` of the first ``count``; all of them where they are few."""
    best, found = math.inf, NOWHERE
    for i in range(min(count, tries)):
        m = among[below(b, count)] if count > tries else among[i]
        if b.slot[m] < 0:
            continue
        cost = loss(b, m, top)
        if cost < best:
            best, found = cost, m
    return found


@lean
def in_the_way(b: Board, m: int, s: int, top: float, out: Ints) -> int:
    """What has to go for m to be in slot s, into ``out``; how many, or -1 where they are many."""
    n = _too_near(b, m, s, out)
    if n >= 0 and not ordered(b, m, s):
        n = _out_of_order(b, m, s, out, n)
    for side in range(2):
        p, r = b.people[m, side], b.uses[m, side]
        if n >= 0 and b.degree[p] - _freed(b, p, out, n) >= b.most[p]:
            own = b.own[b.own_at[p] : b.own_at[p + 1]]
            n = _add(out, n, _cheapest(b, own, len(own), top, len(own)))
        if n >= 0 and r >= 0 and b.used[r, s] >= b.room[r, s]:
            freed = False
            for i in range(n):
                x = out[i]
                freed |= b.slot[x] == s and (b.uses[x, 0] == r or b.uses[x, 1] == r)
            if not freed:
                n = _add(out, n, _cheapest(b, b.members[r, s], b.used[r, s], top, SAMPLE))
    return n


@lean
def _too_near(b: Board, m: int, s: int, out: Ints) -> int:
    """What m's participants have in slot s, or too near to walk."""
    n = 0
    for side in range(2):
        p = b.people[m, side]
        for t in range(max(0, s - b.reach), min(b.at.shape[1], s + b.reach + 1)):
            x = b.at[p, t]
            if x >= 0 and (t == s or abs(t - s) - 1 < b.walk[b.uses[m, 0], b.uses[x, 0]]):
                if n > MOST_IN_THE_WAY - 6:
                    return -1
                n = _add(out, n, x)
    return n


@lean
def _freed(b: Board, p: int, out: Ints, n: int) -> int:
    count = 0
    for i in range(n):
        count += int(b.people[out[i], 0] == p or b.people[out[i], 1] == p)
    return count


@lean
def _out_of_order(b: Board, m: int, s: int, out: Ints, n: int) -> int:
    for i in range(b.before_at[m], b.before_at[m + 1]):
        x = b.before[i]
        if b.slot[x] >= s:
            if n > MOST_IN_THE_WAY - 6:
                return -1
            n = _add(out, n, x)
    for i in range(b.after_at[m], b.after_at[m + 1]):
        x = b.after[i]
        if 0 <= b.slot[x] <= s:
            if n > MOST_IN_THE_WAY - 6:
                return -1
            n = _add(out, n, x)
    return n


@lean
def _cheapest_slot(b: Board, m: int, top: float, out: Ints) -> float:
    """The least that has to go for m, in ``out`` after the slot and the number; its cost."""
    best = math.inf
    gone = b.spare[0]
    slots = b.open.shape[1]
    first = below(b, slots)
    out[0] = NOWHERE
    noise = 0.2 if below(b, 4) > 0 else 4.0
    # now and then what is promised goes too: it may be what finds another place
    plain = below(b, 8) == 0
    for i in range(slots):
        s = (first + i) % slots
        if not b.open[m, s]:
            continue
        n = in_the_way(b, m, s, top, gone)
        if n < 0:
            continue
        cost = 0.0
        for j in range(n):
            cost += float(b.value[gone[j]]) if plain else loss(b, gone[j], top)
            cost += math.inf if b.slot[gone[j]] < b.since else 0.0
        # a little noise, or the same few are thrown out in turns
        cost *= 1.0 + noise * chance(b)
        if cost < best:
            best, out[0], out[1] = cost, s, n
            for j in range(n):
                out[2 + j] = gone[j]
    return best


@lean
def _worth(b: Board, top: float) -> float:
    extra = top * (MUST * b.tally[MUSTS] - PROMISE * b.tally[MISSING])
    return float(b.tally[HELD] + extra)


@lean
def _oust(b: Board, m: int, top: float, dear: float, gone: Ints) -> bool:
    """Put m into its cheapest slot unless that costs more than ``dear``.

    What is in the way looks for another place, and is added to ``gone``: how many, then which.
    """
    out = b.spare[1]
    cost = _cheapest_slot(b, m, top, out)
    s, n, known = out[0], out[1], gone[0]
    if s < 0 or cost > dear or known + n >= len(gone):
        return False
    for i in range(n):
        take(b, out[2 + i])
    if not fits(b, m, s):
        return False
    put(b, m, s)
    for i in range(n):
        insert(b, out[2 + i], CHAINS)
        known = _add(gone, 1 + known, out[2 + i], 1) - 1
    gone[0] = known
    return True


@lean
def _dearest(b: Board, gone: Ints, top: float) -> int:
    """What is worth most of those that found no other place, or -1."""
    best, found = 0.0, NOWHERE
    for i in range(1, gone[0] + 1):
        if b.slot[gone[i]] < 0 and _gain(b, gone[i], top) > best:
            best, found = _gain(b, gone[i], top), gone[i]
    return found


@lean
def force(b: Board, m: int, top: float, heat: float, gone: Ints) -> bool:
    """Put m where it costs least; False, with nothing changed, where that is not worth it.

    ``gone`` gets what lost its place, held again or not. Now and then that may oust others in turn.
    """
    mark, before, over = b.tally[TRAIL], _worth(b, top), b.tally[OVER]
    gone[0] = 0
    # what is displaced finds a place half of the time, so twice the gain may be worth a look
    dear = 2.0 * _gain(b, m, top) + 4.0 * heat if below(b, 8) > 0 else math.inf
    if _oust(b, m, top, dear, gone):
        for _ in range(DEPTH if below(b, 4) == 0 else 0):
            other = _dearest(b, gone, top)
            if _worth(b, top) >= before or other < 0 or not _oust(b, other, top, math.inf, gone):
                break
        for i in range(1, gone[0] + 1):
            if b.slot[gone[i]] < 0:
                insert(b, gone[i], 0)
        change = _worth(b, top) - before
        if b.tally[OVER] <= over and (change >= 0 or chance(b) < math.exp(change / heat)):
            return True
    undo(b, mark)
    return False


@lean
def fill(b: Board, order: Ints, tries: int) -> None:
    """Insert the meetings of ``order`` that are nowhere, one after another."""
    for i in range(len(order)):
        if b.slot[order[i]] < 0:
            insert(b, order[i], tries)
            commit(b)


@lean
def _better(b: Board, best: Ints) -> bool:
    """Musts, then promises, then value: whether the board is better than the best so far."""
    now = (b.tally[MUSTS], -b.tally[MISSING], b.tally[HELD])
    for i in range(3):
        if now[i] != best[i]:
            if now[i] < best[i]:
                return False
            best[0], best[1], best[2] = now
            return True
    return False


@lean
def anneal(
    b: Board, waiting: Ints, size: int, steps: int, hot: float, cold: float, top: float,
    best: Ints, kept: Ints,
) -> int:  # fmt: skip
    """Try ``steps`` meetings of the waiting list, while the heat falls from hot to cold.

    ``best`` and ``kept`` hold the worth and the slots of the best timetable so far. Returns how
    many of ``waiting`` are still to be placed. ``top`` is the greatest value of a meeting.
    """
    gone = b.spare[2]
    for step in range(steps):
        if size == 0:
            break
        heat = hot * (cold / hot) ** (step / steps)
        i = below(b, size)
        m = waiting[i]
        gone[0] = 0
        if insert(b, m, CHAINS) or force(b, m, top, heat, gone):
            commit(b)
            if b.slot[m] >= 0:
                size -= 1
                waiting[i] = waiting[size]
            for j in range(1, gone[0] + 1):
                if b.slot[gone[j]] < 0 and gone[j] != m:
                    waiting[size] = gone[j]
                    size += 1
            if _better(b, best):
                remember(b, kept)
    return size
