"""How an answer stands to an ask: the one scalar definition every other form must equal.

The array form in ``matching.constraints`` is tested against these functions, and so is the
brute-force property test; sentences and smallest changes are built from the same verdicts.
"""

from decimal import Decimal
from enum import IntEnum

from .attribute import Attribute, Relation, Type
from .codelist import TreeList
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
    stated half already decides; to OVERLAPS and NEAR an open end reaches as far as it must. So is an
    answer broader than a code asked for (嘉兴 to 嘉善). Ends are inclusive. Ties: equal is met.
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
    each = [_reach(attribute, one, answer) for one in ask]
    match attribute.relation:
        case Relation.ALL_OF:
            return min(each)
        case Relation.NONE_OF:
            return State(2 - max(each))  # found is broken, not found is met
        case _:
            return max(each)


def _reach(attribute: Attribute, ask: str, answer: Codes) -> State:
    """Whether one code asked for is answered: MET, perhaps (by a broader one), or BROKEN."""
    covers = attribute.code_list().covers
    if any(covers(ask, one) for one in answer):
        return State.MET
    return State.UNVERIFIED if any(covers(one, ask) for one in answer) else State.BROKEN


def _judge_range(attribute: Attribute, ask: Range, answer: Range) -> State:
    match attribute.relation:
        case Relation.AT_LEAST:
            return _at_least(ask.lo, answer)
        case Relation.AT_MOST:
            return _at_most(ask.hi, answer)
        case Relation.WITHIN:
            return min(_floor(ask.lo, answer.lo, answer.hi), _ceiling(ask.hi, answer.lo, answer.hi))
        case _:
            if gap(attribute, ask, answer) == 0:
                return State.MET
            larger = ask.hi is not None and answer.single and (answer.lo or 0) > ask.hi
            return State.UNVERIFIED if attribute.divisible and larger else State.BROKEN


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
    return max(_gaps(attribute, ask, answer))


def _gaps(attribute: Attribute, ask: Range, answer: Range) -> tuple[Decimal, Decimal]:
    """How far the answer stays below the lower end of the ask, and above its upper end."""
    below, above = _over(ask.lo, answer.hi), _over(answer.lo, ask.hi)
    match attribute.relation:
        case Relation.AT_LEAST:
            return below, Decimal(0)
        case Relation.AT_MOST:
            return Decimal(0), above
        case Relation.WITHIN:
            return max(below, _over(ask.lo, answer.lo)), max(above, _over(answer.hi, ask.hi))
        case _:
            return below, above


def _over(a: Decimal | None, b: Decimal | None) -> Decimal:
    return Decimal(0) if a is None or b is None else max(Decimal(0), a - b)


def satisfaction(attribute: Attribute, ask: Value | None, answer: Value | None) -> float:
    """How well a preference is met, in [0, 1]: 1 met, one half at one ``scale`` past the limit.

    Numbers fall as 1/(1+(gap/scale)²), the scale being relative to the limit that is passed for
    quantities and absolute for days and positions. Codes count the share found (ALL_OF) or the
    closest branch (NEAR).
    """
    state = judge(attribute, ask, answer)
    if state is State.UNVERIFIED:
        return 0.5
    if isinstance(ask, Range) and isinstance(answer, Range):
        if state is not State.BROKEN:
            return 1.0
        ratio = float(gap(attribute, ask, answer)) / _width(attribute, ask, answer)
        return 1.0 / (1.0 + ratio * ratio)
    if isinstance(ask, frozenset) and isinstance(answer, frozenset):
        return _code_satisfaction(attribute, ask, answer, state)
    return 1.0


def _width(attribute: Attribute, ask: Range, answer: Range) -> float:
    """The gap that costs half the credit; a limit of 0 is measured like a limit of 1 unit."""
    if attribute.type is not Type.NUMBER:
        return float(attribute.scale)
    below, above = _gaps(attribute, ask, answer)
    limit = ask.lo if below >= above else ask.hi
    return float(attribute.scale) * (abs(float(limit or 0)) or 1.0)


def _code_satisfaction(attribute: Attribute, ask: Codes, answer: Codes, state: State) -> float:
    listed = attribute.code_list()
    if attribute.relation is Relation.ALL_OF:
        return sum(any(listed.covers(a, b) for b in answer) for a in ask) / len(ask)
    if attribute.relation is Relation.NEAR and isinstance(listed, TreeList):
        return float(max(listed.proximity(a, b) for a in ask for b in answer))
    return 1.0 if state is State.MET else 0.0
