"""What someone typed is not lost when their session has ended: it is there again after logging in.

In the template, inside the form: ``{% load typed %}{% typed %}``; ``{% typed page action %}`` where
the form is sent to another address than its page's. In the view that shows the page::

    form = TextForm(typed.offered(request))  # of an action of its own: typed.offered(request, action)

The form carries a signed mark of whose it is. When it comes from someone not logged in, what was
typed is put, encrypted, into their new session, and offered to that same person until they send it.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict

from .once import FIELD as ONCE
from .secret import decrypt, encrypt

FIELD = "typed_by"
_SALT = "corridor.typed"
_SESSION = "typed"
_MAX_AGE = 7 * 24 * 3600
_MAX_SIZE = 64 * 1024
_LEFT_OUT = frozenset({"csrfmiddlewaretoken", FIELD, ONCE})


def mark(request: HttpRequest, page: str) -> str:
    """The value of the form's hidden field; ``page`` is where the form is shown again."""
    return signing.dumps([request.user.pk, page], salt=_SALT)


def offered(request: HttpRequest, action: str = "") -> QueryDict | None:
    """What this person had typed in the form sent to ``action``, this page's address without one."""
    found: Mapping[str, object] = request.session.get(_SESSION, {})
    if found.get("user") != request.user.pk or found.get("action") != (action or request.path):
        return None
    data = QueryDict(mutable=True)
    for name, values in json.loads(decrypt(str(found["said"]))).items():
        data.setlist(name, values)
    return data


class KeepTyped:
    """Keeps what comes from someone whose session has ended, and sends them to log in."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.answer(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Once it is known that the form is one of ours: the way to the login for who needs one."""
        if request.method != "POST":
            return None
        if not request.user.is_authenticated:
            return _keep(request)
        if request.session.get(_SESSION, {}).get("action") == request.path:
            del request.session[_SESSION]
        return None


def _keep(request: HttpRequest) -> HttpResponse | None:
    try:
        user, page = signing.loads(request.POST.get(FIELD, ""), salt=_SALT, max_age=_MAX_AGE)
    except (signing.BadSignature, ValueError):
        return None
    said = json.dumps({k: v for k, v in request.POST.lists() if k not in _LEFT_OUT})
    if len(said) <= _MAX_SIZE:
        kept = {"user": user, "action": request.path, "said": encrypt(said)}
        request.session[_SESSION] = kept
    return redirect_to_login(page)
