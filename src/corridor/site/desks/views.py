"""Each role's desk: what waits for whom, overdue first."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..core.middleware import actor_of
from ..core.models import MembershipRequest


@require_safe
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """The desk of the role that is acted in."""
    actor = actor_of(request)
    if actor.is_anonymous:
        asked = MembershipRequest.objects.filter(user=request.user.pk).select_related("party")
        return render(request, "desks/waiting.html", {"requests": asked.order_by("-id")})
    return render(request, "desks/desk.html")
