"""The compiled inner loops. Sums run in token order, so the same pair always adds up alike."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..factors import State

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Small = NDArray[np.int32]

BROKEN, UNVERIFIED, NOT_ASKED = int(State.BROKEN), int(State.UNVERIFIED), int(State.NOT_ASKED)
K1 = 1.2
B = 0.75
TOP = K1 + 1.0  # a token's worth can approach this many times its idf


@njit(cache=True)
def idf(frequency: Ints, documents: int) -> Floats:
    """ln(1 + (N - df + .5)/(df + .5)), never negative."""
    out = np.empty(len(frequency))
    for i in range(len(frequency)):
        df = frequency[i]
        out[i] = math.log(1.0 + (documents - df + 0.5) / (df + 0.5))
    return out


@njit(cache=True)
def _worth(idf: float, count: float, length: float, mean: float) -> float:
    return idf * (count * TOP / (count + K1 * (1.0 - B + B * length / mean)))


@njit(cache=True)
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


@njit(cache=True)
def weights(idf: Floats, counts: Floats, length: int, mean: float) -> Floats:
    """What each token of one document is worth to a query."""
    out = np.empty(len(idf))
    for t in range(len(idf)):
        out[t] = _worth(idf[t], counts[t], float(length), mean)
    return out


@njit(cache=True)
def dot(start: Ints, end: Ints, rows: Small, counts: Small, weights: Floats, out: Floats) -> None:
    """Add to ``out`` the count of each token times its weight."""
    for t in range(len(start)):
        for i in range(start[t], end[t]):
            out[rows[i]] += float(counts[i]) * weights[t]


@njit(cache=True)
def total(idf: Floats, counts: Floats) -> float:
    """Sum of count × idf, in token order."""
    out = 0.0
    for t in range(len(idf)):
        out += counts[t] * idf[t]
    return out


@njit(cache=True)
def tally(
    states: NDArray[np.int8],
    satisfaction: Floats,
    hard: NDArray[np.bool_],
    bit: np.uint64,
    weight: float,
    asked: NDArray[np.uint64],
    broken: NDArray[np.uint64],
    unverified: NDArray[np.uint64],
    total: Floats,
    weights: Floats,
) -> None:
    """Mark one attribute's hard asks by ``bit``, and add its wishes to ``total`` and ``weights``."""
    for row in range(len(states)):
        state = states[row]
        if state == NOT_ASKED:
            continue
        if hard[row]:
            asked[row] |= bit
            if state == BROKEN:
                broken[row] |= bit
            elif state == UNVERIFIED:
                unverified[row] |= bit
        else:
            total[row] += weight * satisfaction[row]
            weights[row] += weight
