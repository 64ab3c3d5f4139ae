"""Hypothesis strategies: listings of any kind, drawn from the kind's own declaration.

Values come from small pools on purpose, so that asks and answers often touch, just miss or tie.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from corridor.engine.factors import (
    Attribute,
    CodeList,
    FactorKind,
    Listing,
    Range,
    Side,
    Type,
    Value,
    all_kinds,
)

TODAY = date(2026, 11, 22)
PLACES = ("310117", "330400", "330421", "330100", "340100", "340000", "320500")
INDUSTRIES = ("C", "C39", "C397", "C3973", "C3974", "C36", "C367", "I65", "I6513")
WORDS = (
    "锂电池",
    "极片涂布",
    "厂房",
    "数控机床",
    "激光焊接",
    "芯片封装",
    "检测",
    "LED",
    "5G基站",
    "电镜",
)


def ranges(low: Decimal, high: Decimal) -> st.SearchStrategy[Range]:
    """Closed, half-open and single ranges over six points of the allowed interval."""
    top = min(high, low + 50)
    points = sorted({low + (top - low) * i / 5 for i in range(6)})
    pair = st.tuples(st.sampled_from(points), st.sampled_from(points)).map(sorted)
    shape = st.sampled_from(("both", "lo", "hi", "one"))

    def build(drawn: tuple[list[Decimal], str]) -> Range:
        (lo, hi), how = drawn
        match how:
            case "lo":
                return Range(lo, None)
            case "hi":
                return Range(None, hi)
            case "one":
                return Range(lo, lo)
        return Range(lo, hi)

    return st.tuples(pair, shape).map(build)


def values(attribute: Attribute) -> st.SearchStrategy[Value]:
    """Any value the attribute may take."""
    match attribute.type:
        case Type.WORDS:
            return st.lists(st.sampled_from(WORDS), max_size=3).map("".join)
        case Type.CODES:
            pool: Sequence[str] = PLACES if attribute.codes.name == "place" else INDUSTRIES
            if isinstance(attribute.codes, CodeList):
                pool = [entry.code for entry in attribute.codes.entries[:4]]
            return st.frozensets(st.sampled_from(pool), min_size=1, max_size=3)
        case Type.DAY:
            base = Decimal(TODAY.toordinal())
            return ranges(base, base + 100).map(
                lambda r: Range(r.lo and r.lo.to_integral(), r.hi and r.hi.to_integral())
            )
        case Type.FLAG:
            return st.sampled_from((0, 1)).map(lambda n: Range.exactly(n))
        case Type.ORDER:
            last = int(attribute.high)
            ends = st.tuples(st.integers(0, last), st.integers(0, last)).map(sorted)
            return ends.map(lambda e: Range.between(*e))
        case _:
            return ranges(attribute.low, attribute.high)


def kinds() -> st.SearchStrategy[FactorKind]:
    """One of the declared kinds."""
    return st.sampled_from(tuple(all_kinds().values()))


@st.composite
def listings(draw: st.DrawFn, kind: FactorKind, side: Side, number: int) -> Listing:
    """A listing of that kind and side whose id ends in ``number``."""
    own = [a for a in kind.attributes if a.stated_by(side)]
    chosen = draw(st.lists(st.sampled_from(own), max_size=6, unique_by=lambda a: a.name))
    names = [a.name for a in chosen]
    some = st.frozensets(st.sampled_from(names), max_size=2) if names else st.just(frozenset())
    words = st.lists(st.sampled_from(WORDS), max_size=5).map("".join)
    age = draw(st.one_of(st.none(), st.integers(-5, 400)))
    left = draw(st.one_of(st.none(), st.integers(-3, 100)))
    return Listing(
        id=f"{side.value}-{number}",
        side=side,
        kind=kind.name,
        title=draw(words),
        text=draw(words),
        party=draw(st.sampled_from(("", "甲", "乙", "丙"))),
        city=draw(st.sampled_from(("", *PLACES))),
        values={a.name: draw(values(a)) for a in chosen},
        must=draw(some),
        flexible=draw(some),
        published=None if age is None else TODAY - timedelta(days=age),
        expires=None if left is None else TODAY + timedelta(days=left),
        capacity=draw(st.integers(1, 3)),
    )


@st.composite
def markets(
    draw: st.DrawFn, needs: int = 4, offers: int = 8
) -> tuple[FactorKind, list[Listing], list[Listing]]:
    """A kind, some needs and some offers of it."""
    kind = draw(kinds())
    return (
        kind,
        [draw(listings(kind, Side.NEED, i)) for i in range(draw(st.integers(1, needs)))],
        [draw(listings(kind, Side.OFFER, i)) for i in range(draw(st.integers(0, offers)))],
    )
