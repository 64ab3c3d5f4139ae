"""A form is sent once: a second tap, a retry or the back button lead to the first answer.

In the template, inside the form: ``{% load once %}{% once %}``. In the view::

    with once.claim(request) as sent:
        if not sent.url:
            sent.url = actions.create(actor, ...).get_absolute_url()
    return redirect(sent.url)

The block is one transaction with the token's row: of two that come at once the second waits for the
first. Where the block raises, or sets no url, the token is free again. Count rate limits before the
block, or a refusal inside takes the count back.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import OnceToken

FIELD = "once"
#: How long a sent form is remembered.
KEPT = timedelta(hours=24)


@dataclass
class Sent:
    """Where the form led when it was sent first; "" when this is the first time."""

    url: str = ""


@contextmanager
def claim(request: HttpRequest) -> Iterator[Sent]:
    """Take the form's token; the block sets ``url`` to where the answer leads.

    A form without a token is not guarded. Someone who changed the form before sending it again is
    told that the changes were not kept.
    """
    token = request.POST.get(FIELD, "")
    if not token:
        yield Sent()
        return
    key, content = _key(request, token), _content(request)
    with transaction.atomic():
        earlier = _insert(key, content)
        if earlier is not None:
            if earlier.content != content:
                messages.warning(request, _("这份表单已经提交过，后来的修改没有保存。"))
            yield Sent(earlier.url)
            return
        sent = Sent()
        yield sent
        row = OnceToken.objects.filter(key=key)
        row.update(url=sent.url) if sent.url else row.delete()


def _insert(key: str, content: str) -> OnceToken | None:
    """The row of an earlier sending, or ``None`` where this is the first.

    PostgreSQL waits here while another transaction holds the key; SQLite has waited before.
    """
    while True:
        try:
            with transaction.atomic():
                OnceToken.objects.create(key=key, content=content, at=timezone.now())
        except IntegrityError:
            found = OnceToken.objects.filter(key=key).first()
            if found is not None:
                return found
        else:
            return None


def _key(request: HttpRequest, token: str) -> str:
    """The token as it is kept: another's, or the same in another form, is another key."""
    return _digest(str(request.user.pk), request.path, token)


def _content(request: HttpRequest) -> str:
    """A digest of what was typed and which files were chosen."""
    typed = [
        repr((name, values))
        for name, values in sorted(request.POST.lists())
        if name not in (FIELD, "csrfmiddlewaretoken")
    ]
    files = [
        repr((name, [(file.name, file.size) for file in found]))
        for name, found in sorted(request.FILES.lists())
    ]
    return _digest(*typed, *files)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode(errors="surrogatepass")).hexdigest()


def tidy() -> int:
    """Forget the forms sent longer than a day ago; how many."""
    return OnceToken.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
