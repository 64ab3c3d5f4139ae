"""Listings and their matches."""

from django.http import HttpRequest
from ninja import Router

from ...core.actor import Actor
from ...core.middleware import actor_of
from ...docking.models import Match
from ...docking.queries import matches_of
from ...listings import actions
from ...listings.models import Listing
from ..paging import Page, Paged, page
from ..reading import content_of
from ..records import Record, listing_record, match_record
from ..schemas import Close, ListingIn, ListingOut, MatchOut, SubmitIn

router = Router(tags=["listings"])


def _one(request: HttpRequest, ref: str) -> Listing:
    found: Listing = Listing.objects.select_related("party").one(actor_of(request), ref=ref)
    return found


def _answer(request: HttpRequest, ref: str) -> Record:
    return listing_record(actor_of(request), _one(request, ref))


@router.get("/listings/{ref}", response=ListingOut)
def listing(request: HttpRequest, ref: str) -> Record:
    """One listing."""
    return _answer(request, ref)


@router.post("/listings", response={201: ListingOut})
def create(request: HttpRequest, said: ListingIn) -> tuple[int, Record]:
    """A new draft of the caller's party."""
    made = actions.create(actor_of(request), content_of(said))
    return 201, _answer(request, made.ref)


@router.put("/listings/{ref}", response=ListingOut)
def update(request: HttpRequest, ref: str, said: ListingIn) -> Record:
    """Replace what a draft or a returned listing says."""
    actions.update(actor_of(request), _one(request, ref), content_of(said))
    return _answer(request, ref)


@router.post("/listings/{ref}/submit", response=ListingOut)
def submit(request: HttpRequest, ref: str, said: SubmitIn) -> Record:
    """Hand a listing in for review; ``agreed`` is the consent of whoever is named as contact."""
    agreed = actions.consent_text() if said.agreed else ""
    actions.submit(actor_of(request), _one(request, ref), agreed=agreed)
    return _answer(request, ref)


@router.post("/listings/{ref}/renew", response=ListingOut)
def renew(request: HttpRequest, ref: str) -> Record:
    """Six more months."""
    actions.renew(actor_of(request), _one(request, ref))
    return _answer(request, ref)


@router.post("/listings/{ref}/close", response=ListingOut)
def close(request: HttpRequest, ref: str, said: Close) -> Record:
    """End a listing, and say why."""
    actions.close(actor_of(request), _one(request, ref), said.reason, said.note)
    return _answer(request, ref)
