"""The states of a listing and the moves between them."""

from ..core.actor import SYSTEM, Actor, Role
from ..core.lifecycle import Lifecycle, move
from .models import Listing, State

_OPEN = (State.CITY_REVIEW, State.CORRIDOR_REVIEW, State.RETURNED, State.PUBLISHED, State.EXPIRED)


def own(actor: Actor, listing: Listing) -> bool:
    """The party's members."""
    return actor.role is Role.MEMBER and actor.party == listing.party_id


def bureau(actor: Actor, listing: Listing) -> bool:
    """The bureau of the listing's city."""
    return actor.role is Role.BUREAU and actor.city == listing.city


def office(actor: Actor, _listing: Listing) -> bool:
    """The corridor's office."""
    return actor.role is Role.OFFICE


def reviewer(actor: Actor, listing: Listing) -> bool:
    """Whoever reviews the listing at either stage."""
    return bureau(actor, listing) or office(actor, listing)


def clock(actor: Actor, _listing: Listing) -> bool:
    """Nobody but the site's own clock."""
    return actor == SYSTEM


LISTING = Lifecycle(
    move("submit", [State.DRAFT, State.RETURNED], State.CITY_REVIEW, own),
    move("pass_city", [State.CITY_REVIEW], State.CORRIDOR_REVIEW, bureau),
    move("return_city", [State.CITY_REVIEW], State.RETURNED, bureau, reason=True),
    move("publish", [State.CORRIDOR_REVIEW], State.PUBLISHED, office),
    move("return_corridor", [State.CORRIDOR_REVIEW], State.RETURNED, office, reason=True),
    move("revise", [State.PUBLISHED, State.EXPIRED], State.CITY_REVIEW, own),
    move("renew", [State.PUBLISHED, State.EXPIRED], State.PUBLISHED, own),
    move("expire", [State.PUBLISHED], State.EXPIRED, clock),
    move("close", _OPEN, State.CLOSED, own),
    move("hide", [State.PUBLISHED, State.EXPIRED], State.HIDDEN, reviewer, reason=True),
    move("restore", [State.HIDDEN], State.PUBLISHED, reviewer, reason=True),
)
