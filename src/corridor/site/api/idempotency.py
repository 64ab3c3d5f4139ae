"""Idempotency keys: the same write sent twice is done once and answered twice.

The answer is kept in the transaction of what was done, so that neither can be without the other.
A refused write did nothing, so nothing is kept of it: sent again it is looked at again.
"""

import hashlib
import re
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ..core.errors import Invalid
from ..core.middleware import actor_of
from .answering import Operation, answered
from .models import Remembered

HEADER = "Idempotency-Key"
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_KEY = re.compile(r"[!-~]{1,80}")


def once(operation: Operation[Any]) -> Operation[HttpResponse]:
    """Make an operation do a write that carries a key once."""
    answer = answered(operation)

    @wraps(operation)
    def wrapped(request: HttpRequest, *given: Any, **more: Any) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None or request.method not in WRITES:
            return answer(request, *given, **more)
        if not _KEY.fullmatch(key):
            raise Invalid(_("幂等键为 1 至 80 个可见的英文字符。"))
        token = actor_of(request).token
        assert token is not None
        row = Remembered(token_id=token, key=key, asked=_digest(request))
        with transaction.atomic():
            known = _known(row)
            if known is None:
                said = answer(request, *given, **more)
                row.status, row.body = said.status_code, said.content.decode()
                row.save(update_fields=["status", "body"])
                return said
        return _again(known, row.asked)

    return wrapped


def _known(row: Remembered) -> Remembered | None:
    """The row of an earlier sending, or ``None`` where this is the first and now holds the key.

    PostgreSQL waits here while another transaction holds it; SQLite has waited before.
    """
    while True:
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            found: Remembered | None = Remembered.objects.filter(
                token=row.token_id, key=row.key
            ).first()
            if found is not None:
                return found
        else:
            return None


def _again(known: Remembered, asked: str) -> HttpResponse:
    if known.asked != asked:
        raise Invalid(_("这个幂等键已用于另一个请求，请换一个键。"))
    again = HttpResponse(known.body, status=known.status, content_type="application/json")
    again["Cache-Control"] = "no-store"
    again["Idempotent-Replay"] = "true"
    return again


def _digest(request: HttpRequest) -> str:
    said = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(said).hexdigest()
