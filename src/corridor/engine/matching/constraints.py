"""Asks against answers, one listing against many rows: the array form of ``factors.relation``.

The ask may be the listing's (forward) or each row's (backward); ranges take the same formula either
way: one range stands for all rows. Tests hold every result equal to the scalar definitions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ..factors import Attribute, Codes, Range, Relation, TreeList, Type, Value
from . import kernels
from .columns import Bools, CodeColumn, Floats, RangeColumn, ends
from .kernels import BROKEN, MET, NOT_ASKED, UNVERIFIED

Ends = tuple[Floats, Floats]
States = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Outcome:
    """State and satisfaction of one attribute for every row."""

    states: States
    satisfaction: Floats


def forward(attribute: Attribute, ask: Value, column: RangeColumn | CodeColumn) -> Outcome:
    """The listing asks, each row answers."""
    if isinstance(column, CodeColumn):
        assert isinstance(ask, frozenset)
        states, satisfaction = _codes_forward(attribute, ask, column)
    else:
        assert isinstance(ask, Range)
        states, satisfaction = _ranges(attribute, _single(ask), (column.lo, column.hi))
    kernels.settle(states, satisfaction, column.stated, UNVERIFIED, 0.5)
    return Outcome(states, satisfaction)


def backward(
    attribute: Attribute, column: RangeColumn | CodeColumn, answer: Value | None
) -> Outcome:
    """Each row asks, the listing answers; rows that ask nothing are NOT_ASKED."""
    asked = _asking(attribute, column)
    if answer is None or isinstance(answer, str):
        states = np.where(asked, UNVERIFIED, NOT_ASKED).astype(np.int8)
        return Outcome(states, np.where(asked, 0.5, 1.0))
    if isinstance(column, CodeColumn):
        assert isinstance(answer, frozenset)
        states, satisfaction = _codes_backward(attribute, column, answer)
    else:
        assert isinstance(answer, Range)
        states, satisfaction = _ranges(attribute, (column.lo, column.hi), _single(answer))
    kernels.settle(states, satisfaction, asked, NOT_ASKED, 1.0)
    return Outcome(states, satisfaction)


def _asking(attribute: Attribute, column: RangeColumn | CodeColumn) -> Bools:
    if isinstance(column, CodeColumn):
        return column.stated
    if attribute.relation is Relation.AT_LEAST:
        asked: Bools = column.stated & np.isfinite(column.lo)
        return asked & (column.lo != 0) if attribute.type is Type.FLAG else asked
    if attribute.relation is Relation.AT_MOST:
        return column.stated & np.isfinite(column.hi)
    return column.stated


# --- ranges ---

_SHAPE = {
    Relation.AT_LEAST: kernels.AT_LEAST,
    Relation.AT_MOST: kernels.AT_MOST,
    Relation.WITHIN: kernels.WITHIN,
}


def _ranges(attribute: Attribute, ask: Ends, answer: Ends) -> tuple[States, Floats]:
    overlap = kernels.DIVISIBLE if attribute.divisible else kernels.OVERLAPS
    shape = _SHAPE.get(attribute.relation, overlap) if attribute.relation else overlap
    absolute = attribute.type is not Type.NUMBER
    return kernels.ranges(shape, float(attribute.scale), absolute, *ask, *answer)


def _single(value: Range) -> Ends:
    lo, hi = ends(value)
    return np.array([lo]), np.array([hi])


# --- codes ---


def _codes_forward(attribute: Attribute, ask: Codes, column: CodeColumn) -> tuple[States, Floats]:
    each = [_reach_forward(attribute, wanted, column) for wanted in sorted(ask)]
    states = np.stack(each)
    match attribute.relation:
        case Relation.ALL_OF:
            return states.min(axis=0), (states == MET).mean(axis=0)
        case Relation.NONE_OF:
            return _inverted(states.max(axis=0))
        case _:
            return _branching(attribute, ask, column, states.max(axis=0))


def _reach_forward(attribute: Attribute, wanted: str, column: CodeColumn) -> States:
    """Per row: whether it answers one code that is asked for."""
    covers = attribute.code_list().covers
    found = column.each(("found", wanted), partial(_reach, covers, wanted), BROKEN)
    return np.asarray(found.max(axis=1)).astype(np.int8)


def _codes_backward(
    attribute: Attribute, column: CodeColumn, answer: Codes
) -> tuple[States, Floats]:
    covers = attribute.code_list().covers

    def reached(wanted: str) -> float:
        return max(_reach(covers, wanted, one) for one in answer)

    if attribute.relation is Relation.ALL_OF:
        each = column.each(("all", answer), reached, MET)
        asked = np.maximum(column.tally(), 1)
        found = 1.0 - (each != MET).sum(axis=1) / asked
        return each.min(axis=1).astype(np.int8), found
    best = column.each(("best", answer), reached, BROKEN).max(axis=1).astype(np.int8)
    if attribute.relation is Relation.NONE_OF:
        return _inverted(best)
    return _branching(attribute, answer, column, best)


def _reach(covers: Callable[[str, str], bool], ask: str, answer: str) -> float:
    """MET, perhaps where the answer is broader than the ask, or BROKEN."""
    if covers(ask, answer):
        return MET
    return UNVERIFIED if covers(answer, ask) else BROKEN


def _inverted(states: States) -> tuple[States, Floats]:
    """What must not be found: found is broken, not found is met."""
    inverted = (MET - states).astype(np.int8)
    return inverted, (inverted == MET).astype(np.float64)


def _branching(
    attribute: Attribute, codes: Codes, column: CodeColumn, states: States
) -> tuple[States, Floats]:
    """ONE_OF and NEAR; NEAR counts the closest branch of the tree."""
    listed = attribute.code_list()
    if attribute.relation is Relation.NEAR and isinstance(listed, TreeList):
        proximity = listed.proximity
        near = column.each(
            ("near", codes), lambda c: float(max(proximity(a, c) for a in codes)), 0.0
        )
        return states, near.max(axis=1)
    return states, (states == MET).astype(np.float64)
