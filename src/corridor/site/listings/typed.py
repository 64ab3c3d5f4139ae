"""What someone typed is not lost when their session has ended: it is there again after logging in.

A form carries a signed mark of whose it is. When it comes from someone not logged in, what was
typed is put, encrypted, into their new session, and offered to that same person on that same page.
"""

import json
from collections.abc import Mapping

from django.core import signing
from django.http import HttpRequest, QueryDict

from ..core.once import FIELD as ONCE
from ..core.secret import decrypt, encrypt

FIELD = "typed_by"
_SALT = "corridor.listings.typed"
_SESSION = "typed"
_MAX_AGE = 7 * 24 * 3600
_MAX_SIZE = 64 * 1024
_LEFT_OUT = frozenset({"csrfmiddlewaretoken", FIELD, ONCE})


def mark(request: HttpRequest) -> str:
    """The value of the form's hidden field."""
    return signing.dumps([request.user.pk, request.path], salt=_SALT)


def keep(request: HttpRequest) -> None:
    """Keep the form of someone whose session ended, if it was theirs on this page."""
    try:
        user, path = signing.loads(request.POST.get(FIELD, ""), salt=_SALT, max_age=_MAX_AGE)
    except (signing.BadSignature, ValueError):
        return
    said = json.dumps({k: v for k, v in request.POST.lists() if k not in _LEFT_OUT})
    if path == request.path and len(said) <= _MAX_SIZE:
        request.session[_SESSION] = {"user": user, "path": path, "said": encrypt(said)}


def offered(request: HttpRequest) -> QueryDict | None:
    """What this person had typed on this page, until they send it."""
    found: Mapping[str, object] = request.session.get(_SESSION, {})
    if found.get("user") != request.user.pk or found.get("path") != request.path:
        return None
    data = QueryDict(mutable=True)
    for name, values in json.loads(decrypt(str(found["said"]))).items():
        data.setlist(name, values)
    return data


def sent(request: HttpRequest) -> None:
    """The form has come: nothing is kept any more."""
    request.session.pop(_SESSION, None)
