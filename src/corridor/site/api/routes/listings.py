"""Listings: found, stated, handed in, ended."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router
from ninja.responses import Status

from ...core.errors import Invalid
from ...core.kept import Kept
from ...core.middleware import actor_of
from ...listings import actions, desk, queries
from ...listings.conditions import in_order, matching
from ...listings.filters import parse
from ...listings.models import Listing, Review
from .. import shapes
from ..idempotency import once
from ..paging import At, PageIn, page_of, paged, span
from ..reading import content_of
from ..records import READ, facet_record, listing_record, listing_whole, review_record
from ..schemas import Agreement, Closing, ListingIn, Revision

#: Pages of so many are kept until something changes; larger ones take too much room.
KEPT = 20

router = Router(tags=["listings"])
router.add_decorator(once)


class Wanted(PageIn):
    """The filters of the list page, under the same names.

    Besides these, with a ``kind``: ``KIND.ATTRIBUTE=code`` for each attribute of codes, and
    ``KIND.ATTRIBUTE.lo``, ``KIND.ATTRIBUTE.hi`` for each of numbers (``space.area.lo=3000``).
    """

    q: str = Field(default="", max_length=100, description="words that must all be found")
    side: str = ""
    kind: str = ""
    city: list[str] = Field(default=[], description="GB/T 2260 codes")
    industry: list[str] = Field(default=[], description="GB/T 4754 codes or names")
    within: str = Field(default="", description="days until the deadline: 7, 30 or 90")
    sort: str = Field(default="", description="relevance, newest or deadline")
    facets: bool = Field(default=False, description="whether to count the choices beside them")


def _one(request: HttpRequest, ref: str) -> Listing:
    found: Listing = Listing.objects.select_related("party").one(actor_of(request), ref=ref)
    return found


def _answer(request: HttpRequest, ref: str) -> shapes.ListingWhole:
    return listing_whole(actor_of(request), _one(request, ref))


@router.get("/listings", response=shapes.Found)
def listings(request: HttpRequest, wanted: Query[Wanted]) -> shapes.Found:
    """The published listings that the caller may see and that pass all filters."""
    actor, today = actor_of(request), timezone.localdate()
    filters, notes = parse(dict(request.GET.lists()), today)
    if notes:
        raise Invalid(_("有条件无法识别。"), {str(n): note for n, note in enumerate(notes, 1)})
    kept = Kept()

    def found() -> shapes.Found:
        rows = matching(actor, filters, today).order_by(*in_order(filters))
        chosen = queries.read(rows, span(wanted), kept, READ)
        page = page_of(chosen, wanted, lambda one: listing_record(actor, one))
        if not wanted.facets:
            return {**page, "total": None, "facets": []}
        said = queries.search(actor, filters, kept)
        facets = list(map(facet_record, said.facets.values()))
        return {**page, "total": said.total, "facets": facets}

    return kept.for_page(request, found) if wanted.size <= KEPT else found()


@router.get("/listings/mine", response=shapes.Page[shapes.Listing])
def own_listings(request: HttpRequest, at: At, tab: str = "") -> shapes.Page[shapes.Listing]:
    """The listings of the caller's party, last changed first.

    ``tab``: todo (drafts, returned, expired), review, published or ended; all without one.
    """
    if tab and tab not in desk.TABS:
        raise Invalid(_("没有这个分组。"), {"tab": _("、").join(desk.TABS)})
    actor = actor_of(request)
    rows = desk.mine(actor, tab).select_related("party").only(*READ)
    return paged(rows, at, lambda one: listing_record(actor, one))


@router.get("/listings/{ref}", response=shapes.ListingWhole)
def listing(request: HttpRequest, ref: str) -> shapes.ListingWhole:
    """One listing."""
    return _answer(request, ref)


@router.get("/listings/{ref}/reviews", response=list[shapes.Review])
def reviews(request: HttpRequest, ref: str) -> list[shapes.Review]:
    """What was decided about a listing, latest first: for its party, its bureau and the office."""
    found = Review.objects.visible_to(actor_of(request)).filter(listing=_one(request, ref))
    return [review_record(one) for one in found]


@router.post("/listings", response={201: shapes.ListingWhole})
def create_listing(request: HttpRequest, said: ListingIn) -> Status[shapes.ListingWhole]:
    """A new draft of the caller's party."""
    made = actions.create(actor_of(request), content_of(said))
    return Status(201, _answer(request, made.ref))


@router.put("/listings/{ref}", response=shapes.ListingWhole)
def update_listing(request: HttpRequest, ref: str, said: ListingIn) -> shapes.ListingWhole:
    """Replace what a draft or a returned listing says."""
    found = _one(request, ref)
    actions.update(actor_of(request), found, content_of(said, found))
    return _answer(request, ref)


@router.delete("/listings/{ref}", response={204: None})
def discard_listing(request: HttpRequest, ref: str) -> Status[None]:
    """Delete a draft that was never handed in."""
    actions.discard(actor_of(request), _one(request, ref))
    return Status(204, None)


@router.post("/listings/{ref}/submit", response=shapes.ListingWhole)
def submit_listing(request: HttpRequest, ref: str, said: Agreement) -> shapes.ListingWhole:
    """Hand a listing in for review; ``agreed`` is the consent of whoever is named as contact."""
    agreed = actions.consent_text() if said.agreed else ""
    actions.submit(actor_of(request), _one(request, ref), agreed=agreed)
    return _answer(request, ref)


@router.post("/listings/{ref}/revise", response=shapes.ListingWhole)
def revise_listing(request: HttpRequest, ref: str, said: Revision) -> shapes.ListingWhole:
    """Change what is published or has expired; it is reviewed anew."""
    found = _one(request, ref)
    agreed = actions.consent_text() if said.agreed else ""
    actions.revise(actor_of(request), found, content_of(said, found), agreed=agreed)
    return _answer(request, ref)


@router.post("/listings/{ref}/renew", response=shapes.ListingWhole)
def renew_listing(request: HttpRequest, ref: str) -> shapes.ListingWhole:
    """Six more months."""
    actions.renew(actor_of(request), _one(request, ref))
    return _answer(request, ref)


@router.post("/listings/{ref}/close", response=shapes.ListingWhole)
def close_listing(request: HttpRequest, ref: str, said: Closing) -> shapes.ListingWhole:
    """End a listing, and say why."""
    actions.close(actor_of(request), _one(request, ref), said.reason, said.note)
    return _answer(request, ref)
