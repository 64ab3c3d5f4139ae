"""What a listing says, as one value: taken from a row and put back, kept as plain JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from corridor.engine.factors import FactorKind, Side, Value
from corridor.engine.factors import kind as kind_of

from ..core.secret import Secret
from .models import Anonymity, Listing
from .values import restored, stored


@dataclass(frozen=True, slots=True)
class Content:
    """Everything the party decides about a listing.

    ``must`` and ``flexible`` name only asks that go against the kind's default; ``named`` are ids
    of parties; ``deadline`` is the day after which the party wants no more approaches.
    """

    side: str
    kind: str
    title: str
    text: str = ""
    city: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    must: frozenset[str] = frozenset()
    flexible: frozenset[str] = frozenset()
    capacity: int = 1
    anonymity: str = Anonymity.PUBLIC
    named: tuple[int, ...] = ()
    contact_name: str = ""
    contact_phone: str = ""
    deadline: date | None = None

    @property
    def factor(self) -> FactorKind:
        """The declaration of the kind. Raises ``KeyError`` for one that does not exist."""
        return kind_of(self.kind)

    def strict(self, name: str) -> bool:
        """Whether the ask on an attribute excludes those who break it."""
        if name in self.must:
            return True
        return self.factor.by_name[name].hard and name not in self.flexible

    def asked(self) -> list[str]:
        """The attributes this side sets a limit on here, in the order of the kind."""
        return [
            attribute.name
            for attribute in self.factor.related
            if attribute.asked_by is Side(self.side) and attribute.name in self.values
        ]


def of(listing: Listing) -> Content:
    """What a listing says now, contact data included: for its own party's forms."""
    return replace(
        outline(listing),
        named=_named(listing),
        contact_name=_plain(listing.contact_name),
        contact_phone=_plain(listing.contact_phone),
    )


def outline(listing: Listing) -> Content:
    """What a listing says now but for whom to reach and whom it is shown to. No query."""
    return Content(
        side=listing.side,
        kind=listing.kind,
        title=listing.title,
        text=listing.text,
        city=listing.city,
        values=restored(listing.values),
        must=frozenset(listing.must),
        flexible=frozenset(listing.flexible),
        capacity=listing.capacity,
        anonymity=listing.anonymity,
        deadline=listing.deadline,
    )


def _named(listing: Listing) -> tuple[int, ...]:
    if listing.anonymity != Anonymity.NAMED:
        return ()
    return tuple(sorted(listing.named.values_list("pk", flat=True)))


def _plain(contact: Secret | str) -> str:
    return contact.reveal() if isinstance(contact, Secret) else contact


_PLAIN = (
    "side", "kind", "title", "text", "city", "capacity", "anonymity", "deadline", "contact_name",
    "contact_phone",
)  # fmt: skip


def put(content: Content, listing: Listing) -> None:
    """Set a listing's fields to ``content``; ``named`` is for the caller once the row is saved."""
    for name in _PLAIN:
        setattr(listing, name, getattr(content, name))
    listing.values = stored(content.values)
    listing.must, listing.flexible = sorted(content.must), sorted(content.flexible)
    listing.__dict__.pop("as_engine", None)


def record(content: Content) -> dict[str, Any]:
    """A content as plain JSON, for a version: the contact is kept masked only."""
    return {
        "side": content.side,
        "kind": content.kind,
        "title": content.title,
        "text": content.text,
        "city": content.city,
        "values": stored(content.values),
        "must": sorted(content.must),
        "flexible": sorted(content.flexible),
        "capacity": content.capacity,
        "anonymity": str(content.anonymity),
        "named": list(content.named),
        "contact_name": Secret(content.contact_name).masked,
        "contact_phone": Secret(content.contact_phone).masked,
        "deadline": content.deadline.isoformat() if content.deadline else None,
    }


def recorded(plain: Mapping[str, Any]) -> Content:
    """The content that :func:`record` made plain; its contact stays masked."""
    return Content(
        side=plain["side"],
        kind=plain["kind"],
        title=plain["title"],
        text=plain["text"],
        city=plain["city"],
        values=restored(plain["values"]),
        must=frozenset(plain["must"]),
        flexible=frozenset(plain["flexible"]),
        capacity=plain["capacity"],
        anonymity=plain["anonymity"],
        named=tuple(plain["named"]),
        contact_name=plain["contact_name"],
        contact_phone=plain["contact_phone"],
        deadline=date.fromisoformat(plain["deadline"]) if plain["deadline"] else None,
    )
