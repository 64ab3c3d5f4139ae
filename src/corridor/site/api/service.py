"""The API itself: its routes, who may call, how refusals look."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from ..core.errors import Invalid, Refused
from ..core.middleware import refused_program
from .routes import introductions, kinds, leads, listings
from .tokens import Bearer


api = NinjaAPI(
    title="Corridor",
    version="1",
    description="走廊 · 要素对接平台。The same actions, queries and visibility as the pages.",
    urls_namespace="api",
    docs_url=None,
    auth=Bearer(),
)
for _router in (kinds.router, listings.router, introductions.router, leads.router):
    api.add_router("", _router)


class Unknown(Refused):
    """No token, or one that is not known."""

    status, code = 401, "unknown"


@api.exception_handler(Refused)
def _refused(_request: HttpRequest, error: Refused) -> HttpResponse:
    return refused_program(error)


@api.exception_handler(AuthenticationError)
def _unknown(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return refused_program(Unknown(_("请在 Authorization 中带上有效的令牌：Bearer crd_…")))


@api.exception_handler(ValidationError)
def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = {
        ".".join(str(part) for part in fault["loc"][1:]): str(fault["msg"]) for fault in error.errors
    }
    return refused_program(Invalid(_("请求的内容不符合接口的格式。"), fields))
