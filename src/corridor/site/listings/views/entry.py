"""Who may come in: somebody logged in."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from ...core.errors import Forbidden
from ...core.middleware import actor_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def logged_in(view: View[P]) -> View[P]:
    """Send whoever is not logged in to do so, and back to this page."""

    @wraps(view)
    def entered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not actor_of(request).is_anonymous:
            return view(request, *args, **kwargs)
        if request.user.is_authenticated:
            raise Forbidden(_("您还没有加入任何主体，请先登记主体或接受邀请。"))
        return redirect_to_login(request.get_full_path())

    return entered
