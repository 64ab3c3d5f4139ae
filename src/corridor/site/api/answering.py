"""From what an operation returns to its answer, and from what went wrong to a problem."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, ValidationError
from ninja.parser import Parser
from ninja.responses import Status

from corridor.io.cells import ILL

from ..core.errors import Invalid, Refused, TooLarge
from ..core.middleware import broken_off

T = TypeVar("T")
Operation = Callable[Concatenate[HttpRequest, ...], T]


class Unknown(Refused):
    """No token, or one that is not known."""

    status, code = 401, "unknown"


def answered(operation: Operation[Any]) -> Operation[HttpResponse]:
    """Make an operation answer with the JSON of what it returns: a record, or ``Status`` and one.

    What it returns is typed and checked against the OpenAPI by tests; checking each answer again
    would take most of the time of a list.
    """

    @wraps(operation)
    def answer(request: HttpRequest, *given: Any, **more: Any) -> HttpResponse:
        for name, values in request.GET.lists():
            _printable([name, *values])
        said = operation(request, *given, **more)
        status, record = (said.status_code, said.value) if isinstance(said, Status) else (200, said)
        text = "" if record is None else _json(record)
        response = HttpResponse(text, status=status, content_type="application/json")
        response["Cache-Control"] = "no-store"
        return response

    return answer


def _json(record: object) -> str:
    return json.dumps(record, cls=DjangoJSONEncoder, ensure_ascii=False, allow_nan=False)


class PrintableJson(Parser):
    """Bodies are JSON whose texts can be printed and stored: no NUL, no half of a character."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The body. Raises ``Invalid``."""
        try:
            said: dict[str, Any] = json.loads(request.body, parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise Invalid(_("请求的正文不是 JSON。")) from None
        _printable(said)
        return said


def _no_number(said: str) -> None:
    raise ValueError(said)  # NaN and Infinity, which Python reads though JSON has none


def _printable(said: object) -> None:
    waiting = [said]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str) and (found := ILL.search(one)):
            code = f"U+{ord(found.group()):04X}"
            raise Invalid(_("含有不可显示的字符 %(code)s，请删去。") % {"code": code})


def refusal_of(error: Exception) -> Refused:
    """What ninja or Django found wrong with a request, as a refusal."""
    if isinstance(error, AuthenticationError):
        return Unknown(_("请在 Authorization 中带上有效的令牌：Bearer crd_…"))
    if isinstance(error, ValidationError):
        fields = {_place(fault["loc"]): str(fault["msg"]) for fault in error.errors}
        return Invalid(_("请求的内容不符合接口的格式。"), fields)
    if isinstance(error.__cause__, Refused):
        return error.__cause__
    if isinstance(error, RequestDataTooBig):
        return TooLarge(_("请求的正文太大，最多 2 MB。"))
    if isinstance(error, UnreadablePostError):
        return Refused(broken_off())
    return Invalid(_("请求的正文不是 JSON。"))  # it was read as a form already


def _place(loc: tuple[str | int, ...]) -> str:
    """Where a fault is, without the names of our own arguments: ``body.said.city`` is ``city``."""
    inner = loc[2:] if loc[0] == "body" else loc[1:]
    return ".".join(map(str, inner)) or str(loc[0])
