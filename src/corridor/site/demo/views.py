"""The role bar and the tour of the demo."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..core.errors import Missing
from ..core.models import User
from . import tour

#: How the address of the role bar names the public.
PUBLIC = "public"
#: Where the session keeps the stop of the tour, counted from 1.
STOP = "demo_stop"


def _become(request: HttpRequest, username: str) -> None:
    """Act as a demo login; the language and the tour go along."""
    stop = request.session.get(STOP)
    if username == PUBLIC:
        logout(request)
    else:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise Missing(_("演示中没有这个角色。"))
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    if stop is not None:
        request.session[STOP] = stop


@require_POST
def look_as(request: HttpRequest, username: str) -> HttpResponse:
    """See the site as one of the demo's roles."""
    _become(request, username)
    return redirect("/" if username == PUBLIC else "/desk/")


@require_POST
def take_tour(request: HttpRequest, number: int) -> HttpResponse:
    """Go to a stop of the tour, as the one who would; stop 0, or one beyond the last, ends it."""
    if not 1 <= number <= len(tour.STOPS):
        request.session.pop(STOP, None)
        return redirect("/")
    stop = tour.STOPS[number - 1]
    _become(request, stop.login)
    request.session[STOP] = number
    return redirect(tour.address(stop))
