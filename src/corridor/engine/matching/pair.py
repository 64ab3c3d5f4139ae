"""One pair of a need and an offer."""

from dataclasses import dataclass

from ..factors import Listing


@dataclass(frozen=True, slots=True)
class Match:
    """One pair that breaks no hard limit.

    Attributes:
        need, offer: the two listings.
        score: in [0, 1]; above one half exactly when every hard ask is verified.
        parts: part of the score → value in [0, 1]; ``None`` where neither side asks.
        verified: False when some hard ask could not be checked.
    """

    need: Listing
    offer: Listing
    score: float
    parts: dict[str, float | None]
    verified: bool
