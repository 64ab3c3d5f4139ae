"""Each role's desk: what waits for whom, overdue first."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """The desk of the role that is acted in."""
    return render(request, "desks/desk.html")
