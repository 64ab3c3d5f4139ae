"""A listing as a card: what it is, where, how much, until when, whose."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.engine.factors import Attribute, CodeList, Type, value_text

from ..core.actor import Actor
from ..core.errors import Text
from ..core.region import in_language
from .filters import side_label
from .models import Anonymity, Listing
from .values import restored

#: What a card shows; nothing else of a row is read, its contact least of all.
SHOWN = (
    "ref", "side", "kind", "title", "city", "values", "anonymity", "state", "deadline",
    "published_at", "party__name", "party__city", "party__kind", "party__size",
)  # fmt: skip
FACTS = 3
_BADGES: Mapping[str, tuple[Text, str]] = {
    Anonymity.ANONYMOUS: (gettext_lazy("匿名"), "neutral"),
    Anonymity.CORRIDOR: (gettext_lazy("走廊内"), "info"),
    Anonymity.NAMED: (gettext_lazy("定向"), "info"),
}


def card(
    actor: Actor,
    listing: Listing,
    *,
    reasons: Sequence[str] = (),
    score: float | None = None,
    action: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """What ``ui/parts/listing_card.html`` shows. Needs ``SHOWN`` loaded."""
    return {
        "url": listing.get_absolute_url(),
        "title": listing.title,
        "side": listing.side,
        "side_label": side_label(listing.side),
        "kind": listing.kind,
        "kind_label": listing.factor.label,
        "city_label": listing.city_label,
        "party": listing.party_shown_to(actor),
        "badges": [_BADGES[listing.anonymity]] if listing.anonymity in _BADGES else [],
        "facts": list(_facts(listing)),
        "deadline": _("%(day)s 截止") % {"day": listing.deadline} if listing.deadline else "",
        "reasons": reasons,
        "score": score,
        "action": action,
    }


def _facts(listing: Listing) -> Iterator[tuple[str, str]]:
    """What it is and how much of it: the first choice a listing states, and the first numbers."""
    stated = [a for a in listing.factor.attributes if a.name in listing.values]
    numbers = [a.name for a in stated if a.type is Type.NUMBER]
    coded = [a.name for a in stated if _telling(a)]
    shown = [*coded[: max(1, FACTS - len(numbers))], *numbers][:FACTS]
    values = restored({name: listing.values[name] for name in shown})
    for attribute in stated:
        if attribute.name in shown:
            text = value_text(attribute, values[attribute.name])
            yield in_language(attribute.label), in_language(text)


def _telling(attribute: Attribute) -> bool:
    """Whether its codes say what a thing is; pieces and tonnes do not."""
    return isinstance(attribute.codes, CodeList) and attribute.codes.in_text
