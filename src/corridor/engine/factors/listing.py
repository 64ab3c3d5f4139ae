"""A need or an offer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from .attribute import Attribute, Side
from .value import Value


@dataclass(frozen=True, slots=True)
class Listing:
    """What one party needs or offers.

    Attributes:
        id: unique among the listings of its side.
        side: need or offer.
        kind: name of the factor kind.
        title, text: what people read and what is searched.
        party: who states it (name or id); a party is never matched with itself.
        city: GB/T 2260 code of where the party, or the thing offered, is; "" when unstated.
        values: what is stated of the kind's attributes, in their units.
        must, flexible: attributes this listing makes hard, or a preference, against the default.
        published, expires: first and last day it is on offer; ``None`` when unstated.
        capacity: how many agreements it can carry at once, at least 1.
        contact: how to reach the party, already masked.
    """

    id: str
    side: Side
    kind: str
    title: str
    text: str = ""
    party: str = ""
    city: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    must: frozenset[str] = frozenset()
    flexible: frozenset[str] = frozenset()
    published: date | None = None
    expires: date | None = None
    capacity: int = 1
    contact: str = ""

    def __post_init__(self) -> None:
        empty = [name for name, value in self.values.items() if value == frozenset()]
        if empty:
            raise ValueError(f"{self.id}: no code at all for {', '.join(empty)}; leave it out")
        if self.capacity < 1:
            raise ValueError(f"{self.id}: the capacity must be at least 1, not {self.capacity}")

    def ask(self, attribute: Attribute) -> Value | None:
        """What this listing asks on the attribute, if it does."""
        return self.values.get(attribute.name)

    def answer(self, attribute: Attribute) -> Value | None:
        """What this listing answers to an ask on the attribute; its city where that is enough."""
        value = self.values.get(attribute.answer_name)
        if value is None and attribute.home and self.city:
            return frozenset({self.city})
        return value

    def hard(self, attribute: Attribute) -> bool:
        """Whether this listing's ask on the attribute excludes those who break it."""
        if attribute.name in self.must:
            return True
        return attribute.hard and attribute.name not in self.flexible
