"""Asks against answers, one listing against many rows: the array form of ``factors.relation``.

The ask may be the listing's (forward) or each row's (backward); ranges take the same formula either
way, by broadcasting. Tests hold every result equal to the scalar definitions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ..factors import Attribute, Codes, Range, Relation, State, Type, Value
from . import kernels
from .columns import Bools, CodeColumn, Floats, RangeColumn, code_key, ends

Ends = tuple[Floats | float, Floats | float]
States = NDArray[np.int8]
# plain numbers: looking up an enum member costs more than the array work on a small block
BROKEN, UNVERIFIED, MET, NOT_ASKED = (np.int8(state) for state in State)


@dataclass(frozen=True, slots=True)
class Outcome:
    """State and satisfaction of one attribute for every row."""

    states: States
    satisfaction: Floats


def forward(attribute: Attribute, ask: Value, column: RangeColumn | CodeColumn) -> Outcome:
    """The listing asks, each row answers."""
    if isinstance(column, CodeColumn):
        assert isinstance(ask, frozenset)
        return _finish(*_codes_forward(attribute, ask, column), column.stated)
    assert isinstance(ask, Range)
    states, satisfaction = _ranges(attribute, ends(ask), (column.lo, column.hi))
    return _finish(states, satisfaction, column.stated)


def backward(
    attribute: Attribute, column: RangeColumn | CodeColumn, answer: Value | None
) -> Outcome:
    """Each row asks, the listing answers; rows that ask nothing are NOT_ASKED."""
    asked = _asking(attribute, column)
    if answer is None or isinstance(answer, str) or answer == frozenset():
        states = np.where(asked, UNVERIFIED, NOT_ASKED).astype(np.int8)
        return Outcome(states, np.where(asked, 0.5, 1.0))
    if isinstance(column, CodeColumn):
        assert isinstance(answer, frozenset)
        states, satisfaction = _codes_backward(attribute, column, answer)
    else:
        assert isinstance(answer, Range)
        states, satisfaction = _ranges(attribute, (column.lo, column.hi), ends(answer))
    satisfaction = np.where(states == UNVERIFIED, 0.5, satisfaction)
    states = np.where(asked, states, NOT_ASKED).astype(np.int8)
    return Outcome(states, np.where(asked, satisfaction, 1.0))


def _finish(states: States, satisfaction: Floats, answered: Bools) -> Outcome:
    states = np.where(answered, states, UNVERIFIED).astype(np.int8)
    return Outcome(states, np.where(states == UNVERIFIED, 0.5, satisfaction))


def _asking(attribute: Attribute, column: RangeColumn | CodeColumn) -> Bools:
    if isinstance(column, CodeColumn):
        return np.asarray(column.stated & (column.codes[:, 0] != 0))
    if attribute.relation is Relation.AT_LEAST:
        asked: Bools = column.stated & np.isfinite(column.lo)
        return asked & (column.lo != 0) if attribute.type is Type.FLAG else asked
    if attribute.relation is Relation.AT_MOST:
        return column.stated & np.isfinite(column.hi)
    return column.stated


# --- ranges ---

_SHAPE = {Relation.AT_LEAST: 0, Relation.AT_MOST: 1, Relation.WITHIN: 2}  # the rest: 3


def _ranges(attribute: Attribute, ask: Ends, answer: Ends) -> tuple[States, Floats]:
    rows = np.broadcast_shapes(*(np.shape(end) for end in (*ask, *answer)))
    ask_lo, ask_hi, lo, hi = (np.broadcast_to(np.float64(end), rows) for end in (*ask, *answer))
    relation = attribute.relation
    shape = 3 if relation is None else _SHAPE.get(relation, 3)
    absolute = attribute.type is not Type.NUMBER
    return kernels.ranges(shape, float(attribute.scale), absolute, ask_lo, ask_hi, lo, hi)


# --- codes ---


def _codes_forward(attribute: Attribute, ask: Codes, column: CodeColumn) -> tuple[States, Floats]:
    covers = attribute.code_list().covers

    def reached(code: str) -> float:
        return float(any(covers(a, code) for a in ask))

    if attribute.relation is Relation.ALL_OF:
        found = np.zeros(len(column.stated))
        for wanted in sorted(ask):
            found += column.each(("covers", wanted), partial(_covering, covers, wanted), 0.0).max(
                axis=1
            )
        return _state(found == len(ask)), found / len(ask)
    hit = column.each(code_key("hit", ask), reached, 0.0).max(axis=1) > 0
    if attribute.relation is Relation.NONE_OF:
        return _state(~hit), (~hit).astype(np.float64)
    broader = (
        column.each(
            code_key("broader", ask), lambda c: float(any(covers(c, a) for a in ask)), 0.0
        ).max(axis=1)
        > 0
    )
    return _branching(attribute, ask, column, hit, broader)


def _covering(covers: Callable[[str, str], bool], ask: str, answer: str) -> float:
    return float(covers(ask, answer))


def _codes_backward(
    attribute: Attribute, column: CodeColumn, answer: Codes
) -> tuple[States, Floats]:
    covers = attribute.code_list().covers

    def reached(code: str) -> float:
        return float(any(covers(code, b) for b in answer))

    each = column.each(code_key("reached", answer), reached, 0.0)
    if attribute.relation is Relation.ALL_OF:
        asked = np.maximum(column.tally(), 1)
        found = each.sum(axis=1)
        return _state(found == asked), found / asked
    hit = each.max(axis=1) > 0
    if attribute.relation is Relation.NONE_OF:
        return _state(~hit), (~hit).astype(np.float64)
    finer = (
        column.each(
            code_key("finer", answer), lambda c: float(any(covers(b, c) for b in answer)), 0.0
        ).max(axis=1)
        > 0
    )
    return _branching(attribute, answer, column, hit, finer)


def _branching(
    attribute: Attribute, codes: Codes, column: CodeColumn, hit: Bools, broader: Bools
) -> tuple[States, Floats]:
    """ONE_OF and NEAR: met, or perhaps met where the answer is broader than the ask."""
    states = np.where(hit, MET, np.where(broader, UNVERIFIED, BROKEN))
    proximity = getattr(attribute.code_list(), "proximity", None)
    if attribute.relation is Relation.NEAR and proximity is not None:
        near = column.each(
            code_key("near", codes), lambda c: float(max(proximity(a, c) for a in codes)), 0.0
        )
        return states.astype(np.int8), near.max(axis=1)
    return states.astype(np.int8), hit.astype(np.float64)


def _state(met: Bools) -> States:
    return np.where(met, MET, BROKEN).astype(np.int8)
