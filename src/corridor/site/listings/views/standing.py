"""One's own listings, and what may be done to one that stands: renew, close, hide, restore."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ...core.errors import Forbidden, Invalid
from ...core.middleware import actor_of
from .. import actions, desk
from ..forms.common import accuse
from ..forms.verbs import CloseForm, ReasonForm
from ..lifecycle import LISTING
from ..models import Listing, State
from ..terms import expiry
from .entry import logged_in

PAGE = 30


@logged_in
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own listings by state, each with what to do next."""
    actor = actor_of(request)
    if actor.party is None:
        raise Forbidden(_("您还没有加入任何主体，请先登记主体或接受邀请。"))
    tab = request.GET.get("tab", "")
    tab = tab if tab in desk.TABS else ""
    counts = desk.tab_counts(actor)
    page = Paginator(desk.mine(actor, tab), PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    rows = [(listing, *desk.next_step(actor, listing, today)) for listing in page]
    tabs = [
        {"name": name, "label": label, "count": counts[name], "current": name == tab}
        for name, (label, _states) in desk.TABS.items()
    ]
    about = {"page": page, "rows": rows, "tabs": tabs, "tab": tab, "total": sum(counts.values())}
    return render(request, "listings/mine.html", about)


@logged_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, ref: str) -> HttpResponse:
    """One button: six more months. Where reminders lead."""
    actor = actor_of(request)
    listing: Listing = Listing.objects.select_related("party").one(actor, ref=ref)
    LISTING.allow(actor, listing, "renew")
    if request.method == "POST":
        renewed = actions.renew(actor, listing)
        day = renewed.expires_on.isoformat() if renewed.expires_on else ""
        messages.success(
            request, _("“%(title)s”已续期到 %(day)s。") % {"title": renewed.title, "day": day}
        )
        return redirect("listings:mine")
    today = timezone.localdate()
    last = expiry(today, listing.deadline)
    about = {"listing": listing, "last": last, "too_late": last < today}
    return render(request, "listings/renew.html", about)


@logged_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, ref: str) -> HttpResponse:
    """End a listing, with the reason."""
    actor = actor_of(request)
    listing: Listing = Listing.objects.select_related("party").one(actor, ref=ref)
    LISTING.allow(actor, listing, "close")
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close(actor, listing, form.cleaned_data["why"], form.cleaned_data["note"])
        except Invalid as error:
            accuse(error, form)
        else:
            messages.success(request, _("“%(title)s”已结束。") % {"title": listing.title})
            return redirect("listings:mine")
    return _form(request, "listings/close.html", {"form": form, "listing": listing})


@logged_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def moderate(request: HttpRequest, ref: str, verb: str) -> HttpResponse:
    """Hide a listing from the market, or restore it, with the reason."""
    actor = actor_of(request)
    listing: Listing = Listing.objects.select_related("party").one(actor, ref=ref)
    LISTING.allow(actor, listing, verb, "…")
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.hide if verb == "hide" else actions.restore
            done(actor, listing, form.cleaned_data["reason"])
        except Invalid as error:
            accuse(error, form)
        else:
            said = _("“%(title)s”已下架。") if verb == "hide" else _("“%(title)s”已恢复发布。")
            messages.success(request, said % {"title": listing.title})
            return redirect(listing.get_absolute_url())
    about = {
        "form": form,
        "listing": listing,
        "verb": verb,
        "hidden": listing.state == State.HIDDEN,
    }
    return _form(request, "listings/close_moderate.html", about)


def _form(request: HttpRequest, template: str, about: dict[str, Any]) -> HttpResponse:
    return render(request, template, about, status=422 if about["form"].errors else 200)
