"""The matches of a listing, and the counterparts that were set aside."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status

from ...core.errors import Missing
from ...core.middleware import actor_of
from ...docking import aside, queries
from ...listings.models import Listing
from .. import shapes
from ..idempotency import once
from ..records import match_record, near_miss_record, unsuitable_record
from ..schemas import Aside

router = Router(tags=["matches"])
router.add_decorator(once)


def _listing(request: HttpRequest, ref: str) -> Listing:
    """A listing whose matches are the caller's business; to others there are none."""
    actor = actor_of(request)
    found: Listing = Listing.objects.select_related("party").one(actor, ref=ref)
    if not queries.sees_list(actor, found):
        raise Missing(_("没有找到，或您无权查看。"))
    return found


@router.get("/listings/{ref}/matches", response=shapes.Matches)
def matches(request: HttpRequest, ref: str) -> shapes.Matches:
    """The best counterparts of a listing with the reasons, for its party, its bureau, the office."""
    actor, found = actor_of(request), _listing(request, ref)
    return {
        "matches": [match_record(actor, found, one) for one in queries.matches_of(actor, found)],
        "near_misses": [
            near_miss_record(actor, found, one) for one in queries.near_misses_of(actor, found)
        ],
        "unsuitable": [unsuitable_record(one) for one in queries.set_aside(actor, found)],
    }


@router.post("/listings/{ref}/unsuitable", response={201: shapes.Unsuitable})
def mark_unsuitable(request: HttpRequest, ref: str, said: Aside) -> Status[shapes.Unsuitable]:
    """Set a counterpart aside, and say why; its party is not told."""
    actor = actor_of(request)
    other = Listing.objects.one(actor, ref=said.other)
    made = aside.mark_unsuitable(
        actor, _listing(request, ref), other, reason=said.reason, note=said.note
    )
    return Status(201, unsuitable_record(made))


@router.delete("/listings/{ref}/unsuitable/{other}", response={204: None})
def undo_unsuitable(request: HttpRequest, ref: str, other: str) -> Status[None]:
    """Let a counterpart be matched again."""
    actor = actor_of(request)
    aside.undo_unsuitable(actor, _listing(request, ref), Listing.objects.one(actor, ref=other))
    return Status(204, None)
