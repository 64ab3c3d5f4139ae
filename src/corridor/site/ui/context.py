"""What every page has: who is acting, their unread notices, the navigation, the demo's role bar."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from ..core.actor import Actor
from ..core.middleware import actor_of
from ..core.region import corridor, in_language
from ..notices.models import Notice

LARGE = "text_size"


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of every page. One query for those logged in, none for the public."""
    actor = actor_of(request)
    return {
        "actor": actor,
        "unread": 0 if actor.is_anonymous else _unread(actor),
        "nav": _nav(request, actor),
        "site_name": settings.SITE_NAME,
        "corridor_name": in_language(corridor().name),
        "large_text": request.COOKIES.get(LARGE) == "large",
        "icp": settings.ICP,
        "police": settings.POLICE,
    }


def _unread(actor: Actor) -> int:
    return int(Notice.objects.visible_to(actor).filter(read_at=None).count())


def _nav(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    """Where one can go, as (url, label, current)."""
    links = [("ui:home", _("首页")), ("listings:list", _("供需"))]
    if not actor.is_anonymous:
        links += [("desks:desk", _("工作台"))]
    return [
        {"url": reverse(name), "label": label, "current": request.path == reverse(name)}
        for name, label in links
    ]
