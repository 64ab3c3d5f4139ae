"""The home page and the switches every page has."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from ..core.kept import Kept
from ..core.middleware import actor_of
from ..core.views import back_to
from . import queries
from .context import LARGE


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page."""
    about = {"market": queries.market, "conference": queries.conference, "minute": queries.MINUTE}
    about["latest"] = Kept().for_page(request, lambda: _latest(request))
    return render(request, "ui/home.html", about)


def _latest(request: HttpRequest) -> str:
    return render_to_string("ui/parts/latest.html", queries.latest(actor_of(request)))


@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    """Larger or normal text, kept in a cookie."""
    answer = redirect(back_to(request, "/"))
    size = "large" if request.POST.get("size") == "large" else "normal"
    answer.set_cookie(LARGE, size, max_age=365 * 86400, samesite="Lax", httponly=True)
    return answer
