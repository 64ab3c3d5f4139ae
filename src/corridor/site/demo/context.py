"""What the demo adds to every page: the role bar and the stop of the tour."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from ..core.models import Membership
from ..core.region import city_name
from . import people, tour
from .views import PUBLIC, STOP


def bar(request: HttpRequest) -> dict[str, Any]:
    """The context ``demo`` (its roles), and ``tour`` where one is under way. One query.

    Nothing on the page of a request that was refused before it was looked who asks.
    """
    if not hasattr(request, "user"):
        return {}
    logins = Membership.objects.filter(user__username__in=people.NAMED).select_related(
        "user", "party"
    )
    labels = {one.user.username: _label(one) for one in logins}
    now = request.user.get_username() if request.user.is_authenticated else PUBLIC
    roles = [
        {"url": reverse("demo:as", args=[name]), "label": label, "current": name == now}
        for name, label in [
            (PUBLIC, _("公众")),
            *((n, labels[n]) for n in people.NAMED if n in labels),
        ]
    ]
    return {
        "demo": {"roles": roles, "begin": reverse("demo:tour", args=[1])},
        "tour": _tour(request),
    }


def _label(one: Membership) -> str:
    return f"{one.user.name} · {city_name(one.city)}{one.party.get_kind_display()}"


def _tour(request: HttpRequest) -> dict[str, Any] | None:
    number = int(request.session.get(STOP, 0))
    if not 1 <= number <= len(tour.STOPS):
        return None
    stop = tour.STOPS[number - 1]
    last = number == len(tour.STOPS)
    return {
        "step": number,
        "total": len(tour.STOPS),
        "title": stop.title,
        "text": stop.text,
        "url": reverse("demo:tour", args=[0 if last else number + 1]),
        "label": _("完成导览") if last else _("下一步"),
        "leave": "" if last else reverse("demo:tour", args=[0]),
    }
