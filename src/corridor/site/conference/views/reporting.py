"""The report of a conference: how far its meetings came, every rate with both its numbers."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ...core.errors import Missing
from ...core.middleware import actor_of
from .. import reporting
from ..lifecycle import runs
from ..models import Conference
from .frame import page


@login_required
@require_safe
def report(request: HttpRequest, ref: str) -> HttpResponse:
    """For who runs it, and for those who read sums: all bureaus, the office, analysts."""
    actor = actor_of(request)
    conference: Conference = Conference.objects.one(actor, ref=ref)
    organises = runs(actor, conference)
    if not organises and actor.role not in reporting.READERS:
        raise Missing(_("没有找到这个页面。"))
    found = reporting.report(actor, conference)
    context = {
        "report": found,
        "stages": [(step.label, step.count, "") for step in found.total],
        "window": found.total[0].window,
        "any": found.total[0].count,
    }
    if organises:
        return page(request, "report", conference, context)
    return render(request, "conference/report.html", {"conference": conference, **context})
