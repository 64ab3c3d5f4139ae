"""How an answer stands to an ask: the one scalar definition every other form must equal.

The array form in ``matching.constraints`` is tested against these functions, and so is the
brute-force property test; sentences and smallest changes are built from the same verdicts.
"""

from decimal import Decimal
from enum import IntEnum

from .attribute import Attribute, Relation, Type
from .value import Codes, Range, Value


class State(IntEnum):
    """What became of one ask."""

    BROKEN = 0
    UNVERIFIED = 1
    MET = 2
    NOT_ASKED = 3


def asks(attribute: Attribute, ask: Value | None) -> bool:
    """True when this value limits the other side (a flag asks only when it says yes)."""
    if ask is None or attribute.relation is None or isinstance(ask, str):
        return False
    if isinstance(ask, frozenset):
        return bool(ask)
    match attribute.relation:
        case Relation.AT_LEAST:
            return ask.lo is not None and not (attribute.type is Type.FLAG and ask.lo == 0)
        case Relation.AT_MOST:
            return ask.hi is not None
        case _:
            return True


def judge(attribute: Attribute, ask: Value | None, answer: Value | None) -> State:
    """The state of one ask against one answer.

    An answer that is only half stated ("6 m or more" to "at least 8 m") is UNVERIFIED unless the
    stated half already decides. Ends are inclusive. Ties: equal is met.
    """
    if not asks(attribute, ask):
        return State.NOT_ASKED
    if answer is None or isinstance(answer, str):
        return State.UNVERIFIED
    if isinstance(ask, frozenset) and isinstance(answer, frozenset):
        return _judge_codes(attribute, ask, answer)
    if isinstance(ask, Range) and isinstance(answer, Range):
        return _judge_range(attribute, ask, answer)
    raise TypeError(f"{attribute.name}: ask and answer have different shapes")


def _judge_codes(attribute: Attribute, ask: Codes, answer: Codes) -> State:
    covers = attribute.code_list().covers
    if not answer:
        return State.UNVERIFIED
    match attribute.relation:
        case Relation.ALL_OF:
            met = all(any(covers(a, b) for b in answer) for a in ask)
        case Relation.NONE_OF:
            met = not any(covers(a, b) for a in ask for b in answer)
        case _:
            if any(covers(a, b) for a in ask for b in answer):
                return State.MET
            # the answer is broader than the ask: 嘉兴 to 嘉善 may or may not be right
            broader = any(covers(b, a) for a in ask for b in answer)
            return State.UNVERIFIED if broader else State.BROKEN
    return State.MET if met else State.BROKEN


def _judge_range(attribute: Attribute, ask: Range, answer: Range) -> State:
    match attribute.relation:
        case Relation.AT_LEAST:
            return _at_least(ask.lo, answer)
        case Relation.AT_MOST:
            return _at_most(ask.hi, answer)
        case Relation.WITHIN:
            return min(_floor(ask.lo, answer.lo, answer.hi), _ceiling(ask.hi, answer.lo, answer.hi))
        case _:
            return State.MET if gap(attribute, ask, answer) == 0 else State.BROKEN


def _at_least(limit: Decimal | None, answer: Range) -> State:
    """The best the answer can reach is its upper end, where that is stated."""
    if limit is None or (answer.lo is not None and answer.lo >= limit):
        return State.MET
    if answer.hi is None:
        return State.UNVERIFIED
    return State.MET if answer.hi >= limit else State.BROKEN


def _at_most(limit: Decimal | None, answer: Range) -> State:
    if limit is None or (answer.hi is not None and answer.hi <= limit):
        return State.MET
    if answer.lo is None:
        return State.UNVERIFIED
    return State.MET if answer.lo <= limit else State.BROKEN


def _floor(limit: Decimal | None, lo: Decimal | None, hi: Decimal | None) -> State:
    """Every value of the answer must lie at or above the limit."""
    if limit is None or (lo is not None and lo >= limit):
        return State.MET
    undecided = lo is None and (hi is None or hi >= limit)
    return State.UNVERIFIED if undecided else State.BROKEN


def _ceiling(limit: Decimal | None, lo: Decimal | None, hi: Decimal | None) -> State:
    if limit is None or (hi is not None and hi <= limit):
        return State.MET
    undecided = hi is None and (lo is None or lo <= limit)
    return State.UNVERIFIED if undecided else State.BROKEN


def gap(attribute: Attribute, ask: Range, answer: Range) -> Decimal:
    """How far, in the attribute's unit, the answer stays from the ask; 0 when nothing is missing.

    An open end of the answer counts as reaching as far as it must.
    """
    need_lo, need_hi = ask.lo, ask.hi
    have_lo, have_hi = answer.lo, answer.hi
    zero = Decimal(0)
    short = zero if need_lo is None or have_hi is None else max(zero, need_lo - have_hi)
    over = zero if need_hi is None or have_lo is None else max(zero, have_lo - need_hi)
    match attribute.relation:
        case Relation.AT_LEAST:
            return short
        case Relation.AT_MOST:
            return over
        case Relation.WITHIN:
            below = zero if need_lo is None or have_lo is None else max(zero, need_lo - have_lo)
            above = zero if need_hi is None or have_hi is None else max(zero, have_hi - need_hi)
            return max(short, over, below, above)
        case _:
            return max(short, over)


def satisfaction(attribute: Attribute, ask: Value | None, answer: Value | None) -> float:
    """How well a preference is met, in [0, 1]: 1 met, one half at one ``scale`` past the limit.

    Numbers fall as 1/(1+(gap/scale)²), the scale being relative to the limit for quantities and
    absolute for days and positions. Codes count the share found (ALL_OF) or the closest branch.
    """
    state = judge(attribute, ask, answer)
    if state is State.UNVERIFIED:
        return 0.5
    if isinstance(ask, Range) and isinstance(answer, Range):
        if state is not State.BROKEN:
            return 1.0
        ratio = float(gap(attribute, ask, answer)) / width(attribute, ask)
        return 1.0 / (1.0 + ratio * ratio)
    if isinstance(ask, frozenset) and isinstance(answer, frozenset):
        return _code_satisfaction(attribute, ask, answer, state)
    return 1.0


def width(attribute: Attribute, ask: Range) -> float:
    """The gap that costs half the credit, in the attribute's unit."""
    if attribute.type is not Type.NUMBER:
        return float(attribute.scale)
    limit = ask.hi if attribute.relation is Relation.AT_MOST or ask.lo is None else ask.lo
    return max(float(attribute.scale) * abs(float(limit or 0)), 1e-9)


def _code_satisfaction(attribute: Attribute, ask: Codes, answer: Codes, state: State) -> float:
    listed = attribute.code_list()
    if attribute.relation is Relation.ALL_OF:
        return sum(any(listed.covers(a, b) for b in answer) for a in ask) / len(ask)
    proximity = getattr(listed, "proximity", None)
    if attribute.relation is Relation.NEAR and proximity is not None:
        return float(max(proximity(a, b) for a in ask for b in answer))
    return 1.0 if state is State.MET else 0.0
