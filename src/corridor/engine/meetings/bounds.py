"""What no timetable can exceed: proofs that need no timetable.

    maximise   sum of value(m) · x(m, c)
    subject to each meeting held once at most, each participant in each class c of slots in no more
               meetings than slots, and in no more than their most in all, each resource in each
               class in no more meetings than its capacity

A class is one slot where the conference is small and a session where it is large. Any prices of the
limits, none negative, prove a bound by linear programming duality (Schrijver, Combinatorial
Optimization, 2003, ch. 31 for b-matchings); good prices are found by a primal-dual gradient method
(Chambolle & Pock 2011, with the diagonal steps of Pock & Chambolle 2011 and restarts from the mean)
and are then rounded to whole numbers, so that the bound itself is exact arithmetic.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..compiled import compiled
from .board import Bools, Floats, Ints, slots_open
from .problem import Problem

FINE = 80_000  # meetings × classes of slots, about
ROUND, ROUNDS = 100, 20  # gradient steps between two looks at the bound; looks
ENOUGH = 2e-5  # share of the bound that a further look has to gain
UNIT = 1 << 16  # the fineness of prices


class Bound(NamedTuple):
    """A bound and the prices that prove it.

    Attributes:
        most: what no timetable exceeds.
        spare: of each meeting, its value less the prices of what it would use, the best class of
            slots taken. What is worth holding has the most to spare.
    """

    most: int
    spare: Floats


class _Limits(NamedTuple):
    """The limits; every price belongs to one. See the module for what they say."""

    people: Ints  # meeting × 2
    uses: Ints  # meeting × 2, -1 for none
    open: Bools  # meeting × class
    slots: Ints  # participant × class
    room: Ints  # resource × class
    most: Ints  # participant
    promised: Ints  # participant; what more than this gains nothing by being promised


class _Prices(NamedTuple):
    """The prices, in floating point while they are looked for and whole where they prove."""

    slots: NDArray[Any]
    room: NDArray[Any]
    most: NDArray[Any]
    short: NDArray[Any]  # what a promised meeting is worth, from 0 to 1 promise


def held_bound(problem: Problem) -> Bound:
    """The greatest value of meetings that may be held together."""
    value = np.array(problem.value, dtype=np.int64)
    return _bound(problem, value, np.zeros(len(problem.least), dtype=np.int64))


def musts_bound(problem: Problem) -> int:
    """How many of the meetings that must be held may be held together."""
    if not any(problem.must):
        return 0
    value = np.array(problem.must, dtype=np.int64)
    return _bound(problem, value, np.zeros(len(problem.least), dtype=np.int64)).most


def missing_bound(problem: Problem) -> int:
    """The fewest promised meetings that any timetable leaves out."""
    least = np.array(problem.least, dtype=np.int64)
    if not least.any():
        return 0
    return (
        int(least.sum()) - _bound(problem, np.zeros(len(problem.ids), dtype=np.int64), least).most
    )


def _bound(problem: Problem, value: Ints, promised: Ints) -> Bound:
    """The most of the value held and the promises kept together, a promise being worth 1."""
    most = int(value.sum() + promised.sum())
    spare = value.astype(np.float64)
    if not len(value) or not most:
        return Bound(0, spare)
    limits = _limits(problem, promised)
    scale = max(1.0, float(value.mean()))
    top = int(value.max(initial=0)) + 2  # no price need be more
    unit = max(1, min(UNIT, (1 << 61) // (top * int(limits.slots.sum() + limits.room.sum() + 1))))
    common = 1 if promised.any() else int(np.gcd.reduce(value))  # what any sum is a multiple of
    prices, x, kept = _prices(limits), np.zeros(limits.open.shape), np.zeros(len(promised))
    best, width = most * unit, _widths(limits)
    for _ in range(ROUNDS):
        mean, before = _prices(limits), best
        _climb(limits, value / scale, x, kept, prices, mean, width, ROUND)
        for tried in (prices, mean):
            for grid in (1, max(1, unit // 2)):
                whole = _whole(tried, scale * unit, grid, top * unit)
                proven = _proven(limits, value * unit, whole, unit)
                if proven < best:
                    best, spare = proven, _spare(limits, value * unit, whole) / unit
        if before - best < ENOUGH * best and best < most * unit:
            break
    return Bound(best // unit // common * common, spare)


def _limits(problem: Problem, promised: Ints) -> _Limits:
    meetings, slots = len(problem.ids), problem.slots
    opened = slots_open(problem)
    people = np.array(problem.people, dtype=np.int64).reshape(meetings, 2)
    uses = np.array([(*u, -1)[:2] for u in problem.uses], dtype=np.int64).reshape(meetings, 2)
    times = np.zeros((len(problem.least), slots), dtype=np.int64)
    wanted = np.zeros((len(problem.room), slots), dtype=np.int64)
    for side in range(2):
        np.add.at(times, people[:, side], opened)
        np.add.at(wanted, uses[uses[:, side] >= 0, side], opened[uses[:, side] >= 0])
    room = np.minimum(np.array(problem.room, dtype=np.int64).reshape(-1, slots), wanted)
    first = _classes(opened)
    return _Limits(
        people,
        uses,
        np.logical_or.reduceat(opened, first, axis=1),
        np.add.reduceat((times > 0).astype(np.int64), first, axis=1),
        np.add.reduceat(room, first, axis=1),
        np.array(problem.most, dtype=np.int64),
        np.minimum(promised, times.any(axis=1) * promised),
    )


def _classes(opened: Bools) -> Ints:
    """The first slot of each class: slots side by side in which nearly the same meetings may be."""
    slots = opened.shape[1]
    count = min(slots, max(2, FINE // max(1, len(opened))))
    change = np.count_nonzero(opened[:, 1:] != opened[:, :-1], axis=0)
    cuts = np.sort(np.argsort(-change, kind="stable")[: count - 1]) + 1
    return np.append(0, cuts).astype(np.int64)


def _prices(limits: _Limits) -> _Prices:
    return _Prices(
        np.zeros(limits.slots.shape),
        np.zeros(limits.room.shape),
        np.zeros(len(limits.most)),
        np.zeros(len(limits.most)),
    )


@compiled
def _asked(limits: _Limits, prices: _Prices, m: int, c: int) -> int:
    """What the prices of others ask for holding m in class c, less what promises give for it."""
    total = 0
    for side in range(2):
        p, r = limits.people[m, side], limits.uses[m, side]
        total += prices.slots[p, c] + prices.most[p] - prices.short[p]
        if r >= 0:
            total += prices.room[r, c]
    return total


@compiled
def _least_asked(limits: _Limits, prices: _Prices, m: int) -> int:
    """The same in the class that asks least; a great deal where no class is open."""
    least = 1 << 62
    for c in range(limits.open.shape[1]):
        if limits.open[m, c]:
            least = min(least, _asked(limits, prices, m, c))
    return least


@compiled
def _project(x: Floats, m: int) -> None:
    """Make x[m] the nearest point with nothing negative and a sum of 1 at most (Duchi et al. 2008)."""
    total = 0.0
    for c in range(x.shape[1]):
        total += max(0.0, x[m, c])
    level = 0.0
    for _ in range(x.shape[1]):
        if total <= 1.0:
            break
        active, total = 0, 0.0
        for c in range(x.shape[1]):
            if x[m, c] > level:
                active += 1
                total += x[m, c]
        level = max(level, (total - 1.0) / active)
        total -= active * level
    for c in range(x.shape[1]):
        x[m, c] = max(0.0, x[m, c] - level)


@compiled
def _ascend(limits: _Limits, value: Floats, x: Floats, prices: _Prices, load: _Prices) -> None:
    """One step of the meetings; ``load`` gets what they use, looking ahead."""
    # arrays by name: looking them up in the tuples costs more than the arithmetic
    people, uses, opened = limits.people, limits.uses, limits.open
    by_slot, by_room, by_most, by_short = prices
    slots, room, most, short = load
    classes = x.shape[1]
    ahead = np.empty(classes)
    for m in range(len(x)):
        a, b, r, q = people[m, 0], people[m, 1], uses[m, 0], uses[m, 1]
        size = 1.0 / (7.0 + (q >= 0))
        worth = value[m] + by_short[a] + by_short[b] - by_most[a] - by_most[b]
        for c in range(classes):
            ahead[c] = -x[m, c]
            if opened[m, c]:
                asked = by_slot[a, c] + by_slot[b, c] + by_room[r, c]
                if q >= 0:
                    asked += by_room[q, c]
                x[m, c] += size * (worth - asked)
        _project(x, m)
        for c in range(classes):
            move = ahead[c] + 2.0 * x[m, c]
            slots[a, c] += move
            slots[b, c] += move
            room[r, c] += move
            if q >= 0:
                room[q, c] += move
            most[a] += move
            most[b] += move
            short[a] -= move
            short[b] -= move


@compiled
def _climb(
    limits: _Limits, value: Floats, x: Floats, kept: Floats,
    prices: _Prices, mean: _Prices, width: _Prices, steps: int,
) -> None:  # fmt: skip
    """``steps`` gradient steps from the prices; ``mean`` gets their mean."""
    load = _Prices(
        np.zeros(prices.slots.shape), np.zeros(prices.room.shape),
        np.zeros(prices.most.shape), np.zeros(prices.short.shape),
    )  # fmt: skip
    nothing = np.zeros(len(kept), dtype=np.int64)
    for _ in range(steps):
        for one in (load.slots.ravel(), load.room.ravel(), load.most):
            one[:] = 0.0
        for p in range(len(kept)):
            ahead = min(limits.promised[p], max(0.0, kept[p] + 1.0 - prices.short[p]))
            load.short[p], kept[p] = 2.0 * ahead - kept[p], ahead
        _ascend(limits, value, x, prices, load)
        for now, far, used, room, all_of in (
            (
                prices.slots.ravel(),
                width.slots.ravel(),
                load.slots.ravel(),
                limits.slots.ravel(),
                mean.slots.ravel(),
            ),
            (
                prices.room.ravel(),
                width.room.ravel(),
                load.room.ravel(),
                limits.room.ravel(),
                mean.room.ravel(),
            ),
            (prices.most, width.most, load.most, limits.most, mean.most),
            (prices.short, width.short, load.short, nothing, mean.short),
        ):
            _move(now, far, used, room, all_of, steps)


@compiled
def _move(price: Floats, width: Floats, used: Floats, room: Ints, mean: Floats, steps: int) -> None:
    """Raise the prices of what is used too much and lower the others, to nothing at the least."""
    for i in range(len(price)):
        price[i] = max(0.0, price[i] + width[i] * (used[i] - room[i]))
        mean[i] += price[i] / steps


def _widths(limits: _Limits) -> _Prices:
    """How far each price moves: against how many meetings its limit is about."""
    found = _prices(limits)
    for side in range(2):
        np.add.at(found.slots, limits.people[:, side], limits.open)
        np.add.at(found.most, limits.people[:, side], limits.open.sum(axis=1))
        some = limits.uses[:, side] >= 0
        np.add.at(found.room, limits.uses[some, side], limits.open[some])
    found.short[:] = np.where(limits.promised > 0, found.most + 1, np.inf)
    return _Prices(*(1.0 / np.maximum(1.0, one) for one in found))


def _whole(prices: _Prices, scale: float, grid: int, top: int) -> _Prices:
    """Prices in whole units, each a multiple of ``grid``."""
    rounded = (np.minimum(np.rint(one * (scale / grid)) * grid, top) for one in prices)
    return _Prices(*(one.astype(np.int64) for one in rounded))


@compiled
def _paid(room: Ints, price: Ints) -> int:
    total = 0
    for i in range(len(room)):
        total += room[i] * price[i]
    return total


@compiled
def _proven(limits: _Limits, value: Ints, prices: _Prices, unit: int) -> int:
    """What the limits are worth at these prices, and meetings and promises beyond what they pay."""
    total = _paid(limits.slots.ravel(), prices.slots.ravel())
    total += _paid(limits.room.ravel(), prices.room.ravel()) + _paid(limits.most, prices.most)
    for p in range(len(limits.promised)):
        total += limits.promised[p] * max(0, unit - prices.short[p])
    for m in range(len(value)):
        total += max(0, value[m] - _least_asked(limits, prices, m))
    return int(total)


@compiled
def _spare(limits: _Limits, value: Ints, prices: _Prices) -> Floats:
    found = np.empty(len(value))
    for m in range(len(value)):
        found[m] = value[m] - _least_asked(limits, prices, m)
    return found
