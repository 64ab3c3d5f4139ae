"""The compiled inner loops. Sums run in token order, so the same pair always adds up alike."""

import math

import numpy as np
from numpy.typing import NDArray

from ..compiled import compiled
from ..factors import State

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Small = NDArray[np.int32]
Bools = NDArray[np.bool_]

# plain numbers: looking up an enum member costs more than the array work on a small block
BROKEN, UNVERIFIED, MET, NOT_ASKED = (int(state) for state in State)
AT_LEAST, AT_MOST, WITHIN, OVERLAPS, DIVISIBLE = range(5)  # NEAR is judged as OVERLAPS is
K1 = 1.2
B = 0.75
TOP = K1 + 1.0  # a token's worth can approach this many times its idf


@compiled
def idf(frequency: Ints, documents: int) -> Floats:
    """ln(1 + (N - df + .5)/(df + .5)), never negative."""
    out = np.empty(len(frequency))
    for i in range(len(frequency)):
        df = frequency[i]
        out[i] = math.log(1.0 + (documents - df + 0.5) / (df + 0.5))
    return out


@compiled
def _worth(idf: float, count: float, length: float, mean: float) -> float:
    return idf * (count * TOP / (count + K1 * (1.0 - B + B * length / mean)))


@compiled
def score(
    start: Ints,
    end: Ints,
    rows: Small,
    counts: Small,
    idf: Floats,
    wanted: Floats,
    lengths: Ints,
    mean: float,
    out: Floats,
) -> None:
    """Add to ``out`` the BM25 of each row for a query of ``wanted`` counts."""
    for t in range(len(start)):
        for i in range(start[t], end[t]):
            row = rows[i]
            out[row] += wanted[t] * _worth(idf[t], float(counts[i]), float(lengths[row]), mean)


@compiled
def weights(idf: Floats, counts: Floats, length: int, mean: float) -> Floats:
    """What each token of one document is worth to a query."""
    out = np.empty(len(idf))
    for t in range(len(idf)):
        out[t] = _worth(idf[t], counts[t], float(length), mean)
    return out


@compiled
def dot(start: Ints, end: Ints, rows: Small, counts: Small, weights: Floats, out: Floats) -> None:
    """Add to ``out`` the count of each token times its weight."""
    for t in range(len(start)):
        for i in range(start[t], end[t]):
            out[rows[i]] += float(counts[i]) * weights[t]


@compiled
def total(idf: Floats, counts: Floats) -> float:
    """Sum of count × idf, in token order."""
    out = 0.0
    for t in range(len(idf)):
        out += counts[t] * idf[t]
    return out


@compiled
def settle(
    states: NDArray[np.int8], satisfaction: Floats, stated: Bools, else_state: int, credit: float
) -> None:
    """Give rows that state nothing their state and credit, and what is unverified one half."""
    for row in range(len(states)):
        if not stated[row]:
            states[row], satisfaction[row] = else_state, credit
        elif states[row] == UNVERIFIED:
            satisfaction[row] = 0.5


@compiled
def tally(
    states: NDArray[np.int8],
    satisfaction: Floats,
    hard: Bools,
    bit: np.uint64,
    weight: float,
    asked: NDArray[np.uint64],
    broken: NDArray[np.uint64],
    unverified: NDArray[np.uint64],
    total: Floats,
    weights: Floats,
) -> None:
    """Mark one attribute's hard asks by ``bit``, and add its wishes to ``total`` and ``weights``.

    A ``hard`` of length one holds for all rows.
    """
    step = 0 if len(hard) == 1 else 1
    for row in range(len(states)):
        state = states[row]
        if state == NOT_ASKED:
            continue
        if hard[row * step]:
            asked[row] |= bit
            if state == BROKEN:
                broken[row] |= bit
            elif state == UNVERIFIED:
                unverified[row] |= bit
        else:
            total[row] += weight * satisfaction[row]
            weights[row] += weight


@compiled
def _ones(bits: np.uint64) -> int:
    count = 0
    while bits:
        bits &= bits - np.uint64(1)
        count += 1
    return count


@compiled
def blend(
    parts: Floats,
    weights: Floats,
    asked: NDArray[np.uint64],
    unverified: NDArray[np.uint64],
) -> Floats:
    """The score of every row from its parts (one row of ``parts`` each, NaN where not asked)."""
    out = np.empty(parts.shape[1])
    for row in range(len(out)):
        total, share = 0.0, 0.0
        for part in range(len(weights)):
            value = parts[part, row]
            if not math.isnan(value):
                total += weights[part] * value
                share += weights[part]
        mean = total / share
        unknown = _ones(unverified[row])
        if unknown == 0:
            out[row] = 0.5 + mean / 2
        else:
            verified = 1.0 - unknown / _ones(asked[row])
            out[row] = mean / 2 * (1.0 + verified) / 2
    return out


@compiled
def enter(asker: int, worth: Floats, kept: Floats, at: Ints, least: Ints) -> Ints:
    """The slot each row gives an asker: that of the least it keeps, or -1 where it keeps no less.

    Of equal worth the one that came last is the least.
    """
    slots = np.full(len(worth), -1, dtype=np.int64)
    for row in range(len(worth)):
        slot = least[row]
        if not worth[row] > kept[row, slot]:
            continue
        kept[row, slot], at[row, slot], slots[row] = worth[row], asker, slot
        low = 0
        for i in range(1, kept.shape[1]):
            less = kept[row, i] < kept[row, low]
            if less or (kept[row, i] == kept[row, low] and at[row, i] > at[row, low]):
                low = i
        least[row] = low
    return slots


@compiled
def _over(a: float, b: float) -> float:
    return a - b if a > b and math.isfinite(a) and math.isfinite(b) else 0.0


@compiled
def _gaps(shape: int, ask_lo: float, ask_hi: float, lo: float, hi: float) -> tuple[float, float]:
    """How far an answer stays below and above an ask; an open end reaches as far as it must."""
    below, above = _over(ask_lo, hi), _over(lo, ask_hi)
    if shape == AT_LEAST:
        return below, 0.0
    if shape == AT_MOST:
        return 0.0, above
    if shape == WITHIN:
        return max(below, _over(ask_lo, lo)), max(above, _over(hi, ask_hi))
    return below, above


@compiled
def _range_state(shape: int, ask_lo: float, ask_hi: float, lo: float, hi: float, gap: float) -> int:
    if shape == AT_LEAST:
        if math.isinf(hi) and lo < ask_lo:
            return UNVERIFIED
        return MET if hi >= ask_lo else BROKEN
    if shape == AT_MOST:
        if math.isinf(lo) and hi > ask_hi:
            return UNVERIFIED
        return MET if lo <= ask_hi else BROKEN
    if shape == DIVISIBLE and lo == hi and lo > ask_hi:
        return UNVERIFIED
    if gap > 0:
        return BROKEN
    if shape == WITHIN and not (lo >= ask_lo and hi <= ask_hi):
        return UNVERIFIED
    return MET


@compiled
def ranges(
    shape: int,
    scale: float,
    absolute: bool,
    ask_lo: Floats,
    ask_hi: Floats,
    lo: Floats,
    hi: Floats,
) -> tuple[NDArray[np.int8], Floats]:
    """State and satisfaction of each ask against each answer; open ends are infinite.

    ``scale`` is the gap that costs half the credit: absolute, or relative to the limit. The side
    that states one range for all rows gives arrays of length one.
    """
    rows = len(lo) if len(ask_lo) == 1 else len(ask_lo)
    ask_step, step = 0 if len(ask_lo) == 1 else 1, 0 if len(lo) == 1 else 1
    states = np.empty(rows, dtype=np.int8)
    satisfaction = np.empty(rows)
    for row in range(rows):
        low, high = ask_lo[row * ask_step], ask_hi[row * ask_step]
        there_lo, there_hi = lo[row * step], hi[row * step]
        below, above = _gaps(shape, low, high, there_lo, there_hi)
        gap = max(below, above)
        states[row] = _range_state(shape, low, high, there_lo, there_hi, gap)
        limit = abs(low if below >= above else high)
        if limit == 0 or not math.isfinite(limit):
            limit = 1.0
        ratio = gap / (scale if absolute else scale * limit)
        satisfaction[row] = 1.0 / (1.0 + ratio * ratio)
    return states, satisfaction
