"""What docking adds to the pages of apps below it: ``{% load docking %}``."""

from typing import Any

from django import template
from django.template.context import Context

from ...listings.models import Listing
from ...listings.models import State as ListingState
from .. import cards, queries

register = template.Library()

SHOWN = 3


@register.inclusion_tag("docking/parts/on_listing.html", takes_context=True)
def matches(context: Context, listing: Listing) -> dict[str, Any]:
    """On the page of a listing: its best matches for its own side; for another party the button to
    ask, and how well it matches theirs. Nothing for those it does not concern.
    """
    actor = context["actor"]
    inside = queries.sees_list(actor, listing)
    found = queries.matches_of(actor, listing)[:SHOWN] if inside else []
    mine = [] if inside else queries.own_matches_with(actor, listing)
    may_ask = not inside and not actor.is_staff and listing.state == ListingState.PUBLISHED
    return {
        "request": context.get("request"),
        "actor": actor,
        "listing": listing,
        "inside": inside and listing.state == ListingState.PUBLISHED,
        "cards": cards.match_cards(actor, listing, found) if found else [],
        "mine": [(match.other_than(listing), match, round(100 * match.score)) for match in mine],
        "may_ask": may_ask,
        "talk": queries.talk_about(actor, listing) if may_ask else None,
    }
