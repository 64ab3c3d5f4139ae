"""Idempotency keys: the same write sent twice is done once and answered twice.

The answer is kept in the transaction of what was done, so that neither can be without the other.
"""

import hashlib
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from .models import Remembered

HEADER = "Idempotency-Key"
MAX_KEY = 80
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def answer_once(
    answer: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware for the API's writes that carry a key."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        key = request.headers.get(HEADER, "")
        if not key or request.method not in WRITES or not request.path.startswith("/api/"):
            return answer(request)
        if len(key) > MAX_KEY:
            return _refusal(422, _("幂等键最多 80 个字符。"))
        caller = hashlib.sha256(request.headers.get("Authorization", "").encode()).hexdigest()
        said = f"{request.method} {request.get_full_path()}\n".encode() + request.body
        digest = hashlib.sha256(said).hexdigest()
        known = Remembered.objects.filter(caller=caller, key=key).first()
        if known is None:
            try:
                with transaction.atomic():
                    return _first(
                        answer, request, Remembered(caller=caller, key=key, request=digest)
                    )
            except IntegrityError:  # the twin was a moment earlier: its answer is there now
                known = Remembered.objects.filter(caller=caller, key=key).first()
        if known is None:
            return answer(request)
        return _again(known, digest)

    return middleware


def _first(
    answer: Callable[[HttpRequest], HttpResponseBase], request: HttpRequest, row: Remembered
) -> HttpResponseBase:
    row.status, row.body = 0, b""
    row.save(force_insert=True)
    response = answer(request)
    if response.status_code >= 500 or response.status_code in (401, 429):
        transaction.set_rollback(True)
        return response
    assert isinstance(response, HttpResponse)
    row.status, row.body = response.status_code, response.content
    row.save()
    return response


def _again(known: Remembered, digest: str) -> HttpResponse:
    if known.request != digest:
        return _refusal(422, _("这个幂等键已用于另一个请求，请换一个键。"))
    again = HttpResponse(
        bytes(known.body), status=known.status, content_type="application/json; charset=utf-8"
    )
    again["Idempotent-Replay"] = "true"
    return again


def _refusal(status: int, message: str) -> JsonResponse:
    return JsonResponse({"code": "idempotency", "message": message}, status=status)
