"""Searches people keep, and reports of bad content."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...core import limits, once
from ...core.actor import Role
from ...core.errors import Forbidden, Invalid
from ...core.middleware import actor_of, address
from ...core.views import back_to
from .. import panel, reports
from .. import saved as searches
from ..filters import parse
from ..forms.common import accuse
from ..forms.finding import DecisionForm, ReportForm
from ..models import ContentReport, Listing, SavedSearch
from .entry import logged_in

PAGE = 20


@logged_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def saved(request: HttpRequest) -> HttpResponse:
    """The searches one keeps; sending one keeps it too."""
    actor = actor_of(request)
    if request.method == "POST":
        given = dict(QueryDict(request.POST.get("query", "")).lists())
        filters, _notes = parse(given, timezone.localdate())
        try:
            kept = searches.save(actor, request.POST.get("name", ""), filters)
        except Invalid as error:
            messages.error(request, str(error.message))
            return redirect(f"{back_to(request, '/listings/')}")
        messages.success(request, _("已保存“%(name)s”，有新发布时会通知您。") % {"name": kept.name})
        return redirect("listings:saved")
    kept_ones = SavedSearch.objects.visible_to(actor)
    rows = [(kept, panel.in_words(searches.filters_of(kept))) for kept in kept_ones]
    return render(request, "listings/saved.html", {"rows": rows})


@logged_in
@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a search no longer."""
    searches.forget(actor_of(request), pk)
    messages.success(request, _("已删除。"))
    return redirect("listings:saved")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, ref: str) -> HttpResponse:
    """Say that a listing should not be there. Open to everyone who sees it."""
    actor = actor_of(request)
    listing: Listing = Listing.objects.published().one(actor, ref=ref)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        limits.hit(limits.REPORTS_BY_ADDRESS, address(request))
        try:
            with once.claim(request) as sent:
                if not sent.url:
                    reports.report(actor, listing, **form.cleaned_data)
                    sent.url = listing.get_absolute_url()
        except Invalid as error:
            accuse(error, form)
        else:
            messages.success(request, _("已收到，谢谢。投促局和走廊办会在 2 天内处理。"))
            return redirect(sent.url)
    about = {"form": form, "listing": listing}
    return render(request, "listings/report.html", about, status=422 if form.errors else 200)


@logged_in
@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The reports one decides on, each with its clock."""
    actor = actor_of(request)
    if actor.role not in (Role.BUREAU, Role.OFFICE):
        raise Forbidden(_("举报由投促局和走廊办处理。"))
    return _queue(request)


def _queue(request: HttpRequest, wrong: tuple[int, DecisionForm] | None = None) -> HttpResponse:
    page = Paginator(reports.queue(actor_of(request)), PAGE).get_page(request.GET.get("page"))
    failed, sent = wrong or (0, None)
    rows = [
        (found, reports.due(found), sent if found.pk == failed else _decision(found.pk))
        for found in page
    ]
    about = {"page": page, "rows": rows, "sent": sent}
    return render(request, "listings/reports.html", about, status=422 if sent else 200)


def _decision(pk: int, data: QueryDict | None = None) -> DecisionForm:
    return DecisionForm(data, auto_id=f"report-{pk}-%s")


@logged_in
@never_cache
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide the listing, or let it stay; with the reason."""
    actor = actor_of(request)
    found: ContentReport = ContentReport.objects.select_related("listing").one(actor, pk=pk)
    form = _decision(pk, request.POST)
    if form.is_valid():
        upheld = request.POST.get("verdict") == "hide"
        verb = reports.uphold if upheld else reports.dismiss
        try:
            verb(actor, found, form.cleaned_data["answer"])
        except Invalid as error:
            accuse(error, form)
        else:
            said = _("“%(title)s”已下架。") if upheld else _("已记录：“%(title)s”保留。")
            messages.success(request, said % {"title": found.listing.title})
            return redirect("listings:reports")
    return _queue(request, (pk, form))
