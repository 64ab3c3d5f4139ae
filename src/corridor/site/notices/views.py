"""Pages of notices."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ..core.middleware import actor_of
from . import actions, queries
from .models import Notice

PER_PAGE = 30


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """What one was told, unread first, each with the next thing to do."""
    actor = actor_of(request)
    page = Paginator(queries.told(actor), PER_PAGE).get_page(request.GET.get("page"))
    others = queries.unread_elsewhere(actor)
    return render(request, "notices/list.html", {"page": page, "others": others})


@require_POST
@login_required
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and go to the next thing to do."""
    actor = actor_of(request)
    notice: Notice = Notice.objects.one(actor, pk=pk)
    actions.read(actor, notice.pk)
    return redirect(notice.url)


@require_POST
@login_required
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice as read."""
    actions.read(actor_of(request), pk)
    return redirect("notices:list")


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    actions.read(actor_of(request))
    return redirect("notices:list")
