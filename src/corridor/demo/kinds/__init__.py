"""One module per factor kind: how its synthetic needs and offers are written."""

from collections.abc import Callable, Mapping

from ..pen import Pen
from . import capital, exhibit, instrument, policy, product, space, talent, technology

Writer = Callable[[Pen], None]

#: Kind, its share of the listings in percent, and the share of needs among them in percent.
SHARES = (
    ("technology", 22, 50),
    ("product", 18, 48),
    ("space", 18, 45),
    ("capital", 12, 50),
    ("talent", 12, 50),
    ("instrument", 8, 36),
    ("exhibit", 5, 40),
    ("policy", 5, 30),
)
WRITERS: Mapping[str, tuple[Writer, Writer]] = {
    "technology": (technology.need, technology.offer),
    "product": (product.need, product.offer),
    "space": (space.need, space.offer),
    "capital": (capital.need, capital.offer),
    "talent": (talent.need, talent.offer),
    "instrument": (instrument.need, instrument.offer),
    "exhibit": (exhibit.need, exhibit.offer),
    "policy": (policy.need, policy.offer),
}
#: Which roles state the needs and the offers of a kind, with weights.
WHO: Mapping[str, tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]] = {
    "technology": ((("enterprise", 1),), (("institute", 7), ("enterprise", 3))),
    "product": ((("enterprise", 9), ("trader", 1)), (("enterprise", 9), ("trader", 1))),
    "space": ((("enterprise", 9), ("lab", 1)), (("park", 8), ("enterprise", 2))),
    "capital": ((("enterprise", 1),), (("fund", 1),)),
    "talent": ((("enterprise", 8), ("institute", 2)), (("staffing", 6), ("institute", 4))),
    "instrument": ((("enterprise", 9), ("institute", 1)), (("lab", 5), ("institute", 5))),
    "exhibit": ((("enterprise", 6), ("trader", 4)), (("trader", 1),)),
    "policy": ((("enterprise", 1),), (("bureau", 1),)),
}
