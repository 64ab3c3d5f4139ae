"""Things as records: what a program sees is what the page of the same actor shows."""

from typing import Any

from django.conf import settings

from corridor.engine.factors import Attribute, value_text

from ..core.actor import Actor
from ..docking import release
from ..docking.models import Introduction, Match
from ..listings.models import Listing
from ..listings.values import restored

Record = dict[str, Any]


def listing_record(actor: Actor, listing: Listing) -> Record:
    """A listing. Needs ``party`` loaded. Contacts are never part of it."""
    shape = listing.factor.by_name
    values = restored(listing.values)
    return {
        "ref": listing.ref,
        "url": settings.SITE_URL + listing.get_absolute_url(),
        "own": actor.party is not None and actor.party == listing.party_id,
        "side": listing.side,
        "kind": listing.kind,
        "title": listing.title,
        "text": listing.text,
        "party": listing.party_shown_to(actor),
        "city": listing.city,
        "values": listing.values,
        "facts": [_fact(shape[name], value) for name, value in values.items() if name in shape],
        "must": listing.must,
        "flexible": listing.flexible,
        "capacity": listing.capacity,
        "anonymity": listing.anonymity,
        "state": listing.state,
        "version": listing.version,
        "deadline": listing.deadline,
        "published_at": listing.published_at,
        "expires_on": listing.expires_on,
    }


def _fact(attribute: Attribute, value: Any) -> Record:
    said = value_text(attribute, value)
    return {
        "name": attribute.name,
        "label_zh": attribute.label.zh,
        "label_en": attribute.label.en,
        "text_zh": said.zh,
        "text_en": said.en,
    }


def match_record(actor: Actor, listing: Listing, match: Match) -> Record:
    """A match as seen from ``listing``. Needs both listings and their parties loaded."""
    other = match.other_than(listing)
    return {
        "ref": other.ref,
        "title": other.title,
        "party": other.party_shown_to(actor),
        "city": other.city,
        "score": round(match.score, 6),
        "verified": match.verified,
        "parts": match.parts,
    }


def introduction_record(actor: Actor, introduction: Introduction) -> Record:
    """An introduction. Needs ``full()``. Contacts are asked for apart, and on record."""
    return {
        "ref": introduction.ref,
        "url": settings.SITE_URL + introduction.get_absolute_url(),
        "state": introduction.state,
        "target": introduction.target.ref,
        "own": introduction.own.ref if introduction.own else None,
        "from_party": introduction.party_shown_to(actor, introduction.from_party_id),
        "to_party": introduction.party_shown_to(actor, introduction.to_party_id),
        "cooperation": introduction.cooperation,
        "question": introduction.question,
        "reason": introduction.reason,
        "note": introduction.note,
        "created_at": introduction.created_at,
        "expires_at": introduction.expires_at,
        "released": release.released(introduction),
    }
