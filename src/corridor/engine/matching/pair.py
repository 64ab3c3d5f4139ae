"""One pair of a need and an offer."""

from dataclasses import dataclass

from ..factors import Label, Listing, Side

#: Need, offer and the score they have together.
Pair = tuple[Listing, Listing, float]


@dataclass(frozen=True, slots=True)
class Match:
    """One pair, weighed; what the matcher returns breaks no hard limit.

    Attributes:
        need, offer: the two listings.
        score: in [0, 1]; one half or more exactly when no hard ask is left unverified.
        parts: part of the score → value in [0, 1]; ``None`` where neither side asks.
        verified: False when some hard ask could not be checked.
        limits: how many hard asks the two sides make; with none, ``verified`` says nothing.
    """

    need: Listing
    offer: Listing
    score: float
    parts: dict[str, float | None]
    verified: bool
    limits: int = 1

    @property
    def standing(self) -> Label:
        """How far the hard limits are checked, as people are told."""
        if not self.limits:
            return Label("无硬性条件", "no hard limits")
        return (
            Label("条件已核实", "all verified") if self.verified else Label("有待核实", "to verify")
        )


def sides(listing: Listing, other: Listing) -> tuple[Listing, Listing]:
    """The need first, then the offer."""
    return (listing, other) if listing.side is Side.NEED else (other, listing)
