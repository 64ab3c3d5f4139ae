"""What a bare figure means on the side that asks: 层高8米 is at least 8, 租金1块 at most 1."""

from decimal import Decimal

from ..factors import Attribute, Range, Relation, Side, Type, Value
from .quantities import clean


def stated_as_ask(attribute: Attribute, value: Value, approximate: bool = False) -> Value:
    """The limit a value means when the asking side states it.

    A single number x becomes [x, open) where the answer must be AT_LEAST, (open, x] where AT_MOST,
    (open, x] where an offer asks that the answer lie WITHIN (8000 件 is the most it supplies, while
    the 3 楼 a need asks for is that floor), and [x(1-about), x(1+about)] where it OVERLAPS or is
    NEAR and the attribute declares ``about``, kept within the attribute's low and high. A range
    keeps its deciding end: the lower for AT_LEAST, the upper for AT_MOST (so a month becomes its
    last day). Flags, codes, words and the other relations stay as they are. An attribute that is
    ``approximate`` (左右) with a single end is widened the same way where ``about`` is declared, and
    is otherwise as stated. No errors.
    """
    if not isinstance(value, Range) or attribute.type is Type.FLAG:
        return value
    match attribute.relation:
        case Relation.AT_LEAST:
            return value if value.lo is None else Range(value.lo, None)
        case Relation.AT_MOST:
            return value if value.hi is None else Range(None, value.hi)
        case Relation.WITHIN:
            most = value.single and attribute.asked_by is Side.OFFER
            return Range(None, value.hi) if most else value
        case Relation.OVERLAPS | Relation.NEAR:
            return _widened(attribute, value) if value.single or approximate else value
        case _:
            return value


def _widened(attribute: Attribute, value: Range) -> Range:
    if not attribute.about:
        return value
    lo, hi = value.lo, value.hi
    if lo is not None:
        lo = max(attribute.low, clean(lo * (Decimal(1) - attribute.about)))
    if hi is not None:
        hi = min(attribute.high, clean(hi * (Decimal(1) + attribute.about)))
    return Range(lo, hi)
