"""The review desk: what waits, one listing, and the decision; and every version of a listing."""

from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ...core import typed
from ...core.actor import Actor, Role
from ...core.errors import Forbidden, Invalid
from ...core.middleware import actor_of
from .. import actions, desk
from ..content import outline, recorded
from ..findings import findings, latest_changes
from ..forms.common import accuse
from ..forms.verbs import ReturnForm
from ..lifecycle import own, reviewer
from ..models import Listing, ListingVersion, State
from ..words import Change, differences, facts
from .entry import logged_in

PAGE = 50
REVIEWERS = (Role.BUREAU, Role.OFFICE)


@logged_in
@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for this officer, longest waiting first."""
    actor = _reviewer(request)
    page = Paginator(desk.review_queue(actor), PAGE).get_page(request.GET.get("page"))
    return render(request, "listings/review.html", {"page": page})


def _reviewer(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if actor.role not in REVIEWERS:
        raise Forbidden(_("只有投促局和走廊办可以审核。"))
    return actor


@logged_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, ref: str) -> HttpResponse:
    """One listing under review: what it says, what to check, and the decision."""
    actor = _reviewer(request)
    listing: Listing = Listing.objects.select_related("party").one(actor, ref=ref)
    form = ReturnForm(typed.offered(request))
    if request.method == "POST":
        version = request.POST.get("version", "")
        seen = int(version) if version.isdecimal() and len(version) < 9 else 0
        if "pass" in request.POST:
            return _passed(request, actor, listing, seen)
        form = ReturnForm(request.POST)
        if form.is_valid() and _returned(request, actor, listing, form, seen):
            return _next(actor)
    elif not desk.review_queue(actor).filter(pk=listing.pk).exists():
        return redirect(listing.get_absolute_url())
    return render(
        request,
        "listings/review_one.html",
        _about(actor, listing) | {"form": form},
        status=422 if request.method == "POST" else 200,
    )


def _passed(request: HttpRequest, actor: Actor, listing: Listing, seen: int) -> HttpResponse:
    verify = "verify" in request.POST
    if actor.role is Role.BUREAU:
        actions.pass_city(actor, listing, version=seen, verify=verify)
        said = _("“%(title)s”已通过，转走廊办复核。")
    else:
        actions.publish(actor, listing, version=seen, verify=verify)
        said = _("“%(title)s”已发布。")
    messages.success(request, said % {"title": listing.title})
    return _next(actor)


def _returned(
    request: HttpRequest, actor: Actor, listing: Listing, form: ReturnForm, seen: int
) -> bool:
    said = form.cleaned_data
    try:
        actions.return_(actor, listing, said["reasons"], said["note"], version=seen)
    except Invalid as error:
        accuse(error, form)
        return False
    messages.success(request, _("“%(title)s”已退回。") % {"title": listing.title})
    return True


def _next(actor: Actor) -> HttpResponse:
    """On to whatever waits longest now; to the empty queue where nothing does."""
    waiting = desk.review_queue(actor).values_list("ref", flat=True).first()
    return redirect("listings:review_one", waiting) if waiting else redirect("listings:review")


def _about(actor: Actor, listing: Listing) -> dict[str, Any]:
    party = listing.party
    may_verify = actor.role is Role.OFFICE or actor.city == party.city
    return {
        "listing": listing,
        "facts": facts(outline(listing)),
        "checks": findings(actor, listing),
        "changes": latest_changes(listing),
        "history": desk.history(actor, listing),
        "offer_verify": party.verified_at is None and may_verify,
        "waiting": desk.review_queue(actor).count(),
    }


@logged_in
@never_cache
@require_safe
def versions(request: HttpRequest, ref: str) -> HttpResponse:
    """Every version of a listing, and what each changed, for its party and its reviewers."""
    actor = actor_of(request)
    listing: Listing = Listing.objects.select_related("party").one(actor, ref=ref)
    if not (own(actor, listing) or reviewer(actor, listing)):
        raise Forbidden(_("版本和审核意见只给主体自己和审核部门看。"))
    kept = ListingVersion.objects.visible_to(actor).filter(listing=listing).select_related("user")
    found = list(kept.order_by("number"))
    rows: list[tuple[ListingVersion, list[Change]]] = [(version, []) for version in found[:1]]
    for before, now in pairwise(found):
        rows.append((now, differences(recorded(before.content), recorded(now.content))))
    about = {"listing": listing, "rows": rows[::-1], "history": desk.history(actor, listing)}
    about["ended"] = listing.state == State.CLOSED
    return render(request, "listings/versions.html", about)
