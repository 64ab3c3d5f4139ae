"""One pair of a need and an offer, and what is worth keeping of how it was weighed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..factors import Label, Listing, Side
from .parts import PARTS

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
        return standing(self.limits, self.verified)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What weighing a pair found that its two listings alone do not say; kept, it explains the pair.

    Attributes:
        parts: part of the score → value in [0, 1]; ``None`` where neither side asks.
        words: the words the two share, most telling first.
    """

    parts: Mapping[str, float | None]
    words: tuple[str, ...]

    def record(self) -> dict[str, Any]:
        """As plain JSON; a part nobody asks for is left out."""
        parts = {part: value for part, value in self.parts.items() if value is not None}
        return {"parts": parts, "words": list(self.words)}

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Evidence":
        """From what :meth:`record` gave. Raises ``KeyError`` for anything else."""
        return cls({part: record["parts"].get(part) for part in PARTS}, tuple(record["words"]))


def standing(limits: int, verified: bool) -> Label:
    """How far the hard limits of a pair that passes are checked, as people are told."""
    if not limits:
        return Label("无硬性条件", "no hard limits")
    return Label("条件已核实", "all verified") if verified else Label("有待核实", "to verify")


def sides(listing: Listing, other: Listing) -> tuple[Listing, Listing]:
    """The need first, then the offer."""
    return (listing, other) if listing.side is Side.NEED else (other, listing)
