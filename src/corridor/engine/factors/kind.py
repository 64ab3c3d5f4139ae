"""A factor kind: its names, its attributes, and how much each part of the score counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from .attribute import Attribute, Side, Type
from .label import Label
from .listing import Listing
from .value import Range, to_day

#: Share of each part of the score, before a kind says otherwise.
WEIGHTS: Mapping[str, float] = {
    "text": 0.40,
    "industry": 0.15,
    "soft": 0.20,
    "distance": 0.10,
    "freshness": 0.05,
    "reciprocity": 0.10,
}


MOST_RELATED = 64  # each has a bit of its own where broken limits are noted


@dataclass(frozen=True)
class FactorKind:
    """One kind of factor, declared once in its own module under ``kinds/``.

    Attributes:
        name: ASCII identifier.
        label: what people call it.
        about: one sentence on what is sought and what is offered.
        attributes: everything a listing of this kind may state, in the order people expect.
        cues: words in free text that point to this kind.
        weights: parts of the score that count differently here; the rest keep :data:`WEIGHTS`.
        closes_by: a day attribute whose end closes an offer (an application window).
    """

    name: str
    label: Label
    about: Label
    attributes: tuple[Attribute, ...]
    cues: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    closes_by: str = ""

    def __post_init__(self) -> None:
        names = [a.name for a in self.attributes]
        doubled = {n for n in names if names.count(n) > 1}
        if doubled:
            raise ValueError(f"kind {self.name}: attributes declared twice: {sorted(doubled)}")
        if len(self.related) > MOST_RELATED:
            raise ValueError(
                f"kind {self.name}: more than {MOST_RELATED} attributes relate the sides"
            )
        unknown = set(self.weights) - set(WEIGHTS)
        if unknown:
            raise ValueError(f"kind {self.name}: no such part of the score: {sorted(unknown)}")

    @cached_property
    def by_name(self) -> Mapping[str, Attribute]:
        """The attributes by name."""
        return {a.name: a for a in self.attributes}

    @cached_property
    def related(self) -> tuple[Attribute, ...]:
        """The attributes that relate the two sides; the rest are words."""
        return tuple(a for a in self.attributes if a.type is not Type.WORDS)

    @cached_property
    def part_weights(self) -> Mapping[str, float]:
        """The share of each part of the score, adding up to one."""
        merged = {**WEIGHTS, **self.weights}
        total = sum(merged.values())
        return {part: weight / total for part, weight in merged.items()}

    def last_day(self, listing: Listing) -> date | None:
        """The last day a listing is on offer; ``None`` when nothing ends it."""
        window = listing.values.get(self.closes_by) if listing.side is Side.OFFER else None
        closing = to_day(window.hi) if isinstance(window, Range) and window.hi is not None else None
        days = [day for day in (listing.expires, closing) if day is not None]
        return min(days, default=None)
