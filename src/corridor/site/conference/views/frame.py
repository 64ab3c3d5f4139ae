"""What the organiser's pages have in common: whose they are, their tabs, how a form is sent."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...core import once
from ...core.actor import Actor, Role
from ...core.errors import Invalid, Missing, NotNow, Text
from ...core.forms import Form
from ...core.middleware import actor_of
from ..models import Conference

#: The organiser's pages of a conference, in the order in which they are needed.
TABS = (
    ("manage", gettext_lazy("概况")),
    ("setup", gettext_lazy("设置")),
    ("venue", gettext_lazy("场次与场地")),
    ("people", gettext_lazy("参会方")),
    ("meetings", gettext_lazy("洽谈")),
    ("plan", gettext_lazy("日程")),
    ("board", gettext_lazy("现场")),
    ("report", gettext_lazy("报告")),
)


def officer(request: HttpRequest) -> Actor:
    """Who acts, when it is an officer of a bureau or the office; to others the page is not there."""
    actor = actor_of(request)
    if actor.role not in (Role.BUREAU, Role.OFFICE):
        raise Missing(_("没有找到这个页面。"))
    return actor


def organised(request: HttpRequest, ref: str) -> tuple[Actor, Conference]:
    """Who acts, and the conference at ``ref`` that they run; to others the page is not there."""
    actor = officer(request)
    found: Conference = Conference.objects.organised(actor).one(actor, ref=ref)
    return actor, found


def page(
    request: HttpRequest,
    name: str,
    conference: Conference,
    context: dict[str, Any],
    *,
    tab: str = "",
    refused: Form | None = None,
) -> HttpResponse:
    """A page under the organiser's tabs; with ``refused``, the form whose errors it shows."""
    here = tab or name
    tabs = [
        (reverse(f"conference:{to}", args=[conference.ref]), label, to == here)
        for to, label in TABS
    ]
    whole = {"conference": conference, "tabs": tabs, "refused": refused, **context}
    status = 422 if refused is not None else 200
    return render(request, f"conference/{name}.html", whole, status=status)


def attempt(
    request: HttpRequest,
    form: Form,
    do: Callable[[dict[str, Any]], object],
    *,
    to: str | Callable[[Any], str],
    said: Text,
) -> HttpResponse | None:
    """Do what a form asks for, once, and lead on; ``None`` where it is to be shown with its errors.

    ``to`` is the address that follows, or makes it of what was done.
    """
    if not form.is_valid():
        return None
    try:
        with once.claim(request) as sent:
            if not sent.url:
                done = do(form.cleaned_data)
                sent.url = to(done) if callable(to) else to
                messages.success(request, str(said))
    except (Invalid, NotNow) as error:
        form.refuse(Invalid(error.message, error.fields))
        return None
    return redirect(sent.url)
