"""Each role's desk: what waits for whom, overdue first."""

from collections.abc import Callable, Mapping

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..core.actor import Actor, Role
from ..core.errors import Missing
from ..core.middleware import actor_of
from ..core.models import MembershipRequest
from . import boards

#: The windows the numbers are given for, in days.
WINDOWS = (30, 90, 365)
_DESKS: Mapping[Role, tuple[str, Callable[[Actor], boards.Board]]] = {
    Role.MEMBER: ("desks/party.html", boards.party),
    Role.BUREAU: ("desks/bureau.html", boards.bureau),
    Role.OFFICE: ("desks/office.html", boards.office),
    Role.JUDGE: ("desks/judge.html", boards.judge),
}


@require_safe
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """The desk of the role that is acted in; for an analyst, the numbers."""
    actor = actor_of(request)
    if actor.is_anonymous:
        asked = MembershipRequest.objects.filter(user=request.user.pk).select_related("party")
        return render(request, "desks/waiting.html", {"requests": asked.order_by("-id")})
    if actor.role is Role.ANALYST:
        return numbers(request)
    page, board = _DESKS[actor.role]
    return render(request, page, board(actor))


@require_safe
@login_required
def numbers(request: HttpRequest) -> HttpResponse:
    """How far listings get, by kind and city; counts alone, of nobody in particular."""
    actor = actor_of(request)
    if actor.role not in (Role.OFFICE, Role.ANALYST):
        raise Missing(_("没有找到，或您无权查看。"))
    board = boards.numbers(_days(request)) | {"windows": WINDOWS}
    return render(request, "desks/numbers.html", board)


@require_safe
@login_required
def exits(request: HttpRequest) -> HttpResponse:
    """Why listings and introductions went no further."""
    actor = actor_of(request)
    if actor.role not in (Role.BUREAU, Role.OFFICE, Role.ANALYST):
        raise Missing(_("没有找到，或您无权查看。"))
    board = boards.exits(actor, _days(request)) | {"windows": WINDOWS}
    return render(request, "desks/exits.html", board)


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in map(str, WINDOWS) else boards.WINDOW
