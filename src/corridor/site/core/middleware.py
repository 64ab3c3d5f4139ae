"""What happens around every request: who is acting, how much they may send, how refusals look."""

import secrets
import time
from collections.abc import Callable
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.db import OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    UnreadablePostError,
)
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from . import audit, limits
from .actor import PUBLIC, Actor
from .errors import Forbidden, Missing, NotNow, Refused, TooLarge, TooOften
from .models import Membership

Answer = Callable[[HttpRequest], HttpResponseBase]

#: Where the session keeps the membership someone has chosen to act in.
ACTING = "membership"
#: Where one must be able to go before a second factor is set up.
_BEFORE_MFA = ("/account/", "/language/", "/demo/", "/text-size/")
#: Where the session keeps when it began and when it was last used, in seconds since 1970.
_BEGAN, _SEEN = "began", "seen"
#: Where the session keeps that there is a second factor.
_FACTOR = "second_factor"
#: How exactly the last use is kept: a page is not to write the session each time.
_SEEN_SECONDS = 300


def address(request: HttpRequest) -> str:
    """The address a request comes from, behind ``settings.PROXIES`` proxies of our own.

    For IPv6 the network of 64 bits, which is what one subscriber has; "0.0.0.0" where the server
    was reached by no address (a socket file) or names none.
    """
    said = str(request.META.get("REMOTE_ADDR", ""))
    if settings.PROXIES:
        chain = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(chain) >= settings.PROXIES:
            said = str(chain[-settings.PROXIES])
    try:
        found = ip_address(said.strip())
    except ValueError:
        return "0.0.0.0"
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or IPv6Network((int(found) >> 64 << 64, 64)).network_address
    return str(found)


def limit_size(answer: Answer) -> Answer:
    """Refuse a body that is too large before any of it is read."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length > settings.MAX_BODY_BYTES:
            most = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
            # Which language is asked for is not known yet.
            said = f"文件太大：最多 {most} MB，请拆分后再传。 The file is too large: at most {most} MB."
            if request.path.startswith("/api/"):
                return refused_program(TooLarge(said))
            return HttpResponse(f"{said}\n", status=413, content_type="text/plain; charset=utf-8")
        return answer(request)

    return middleware


def name_request(answer: Answer) -> Answer:
    """Give the request an id, by which its audit entries and log lines are found."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        token = audit.request_id.set(secrets.token_hex(8))
        try:
            return answer(request)
        finally:
            audit.request_id.reset(token)

    return middleware


def actor_of(request: HttpRequest) -> Actor:
    """Who is acting in a request, and as whom; looked up once."""
    known: Actor | None = getattr(request, "_actor", None)
    if known is None:
        known = _actor(request)
        be(request, known)
    return known


def be(request: HttpRequest, actor: Actor) -> None:
    """Let a request be acted in by ``actor``: for programs, which have no session."""
    request._actor = actor  # type: ignore[attr-defined]


def _actor(request: HttpRequest) -> Actor:
    mine = memberships_of(request)
    chosen = [one for one in mine if one.pk == request.session.get(ACTING)]
    return (chosen or mine)[0].actor() if mine else PUBLIC


def memberships_of(request: HttpRequest) -> list[Membership]:
    """In what the person who asks may act; looked up once.

    Nobody where a request was refused before it was looked who asks.
    """
    known: list[Membership] | None = getattr(request, "_memberships", None)
    if known is None:
        user = getattr(request, "user", None)
        open_ = Membership.objects.select_related("user", "party").filter(ended_at=None)
        known = list(open_.filter(user=user.pk)) if user and user.is_authenticated else []
        request._memberships = known  # type: ignore[attr-defined]
    return known


def in_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return bool(getattr(request, "htmx", False))


def end_old_sessions(answer: Answer) -> Answer:
    """Log out who has done nothing for a while, or has been logged in for long."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now, session = int(time.time()), request.session
            began, seen = session.get(_BEGAN, now), session.get(_SEEN, now)
            # A clock that went backwards makes both lie ahead: then the session begins anew.
            if (
                now - began > settings.SESSION_COOKIE_AGE
                or now - seen > settings.SESSION_IDLE_SECONDS
            ):
                logout(request)
            elif _BEGAN not in session or began > now:
                session[_BEGAN] = session[_SEEN] = now
            elif not 0 <= now - seen < _SEEN_SECONDS:
                session[_SEEN] = now
        return answer(request)

    return middleware


def keep_private(answer: Answer) -> Answer:
    """Let nothing on the way, and nobody at the same machine later, keep what a person was shown."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response

    return middleware


def limit_rate(answer: Answer) -> Answer:
    """Count every write, by account where there is one and by address always."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return answer(request)
        try:
            limits.hit(limits.WRITES_BY_ADDRESS, address(request))
            if request.user.is_authenticated:
                limits.hit(limits.WRITES_BY_ACCOUNT, request.user.pk)
        except TooOften as refusal:
            return refused(request, refusal)
        return answer(request)

    return middleware


def require_second_factor(answer: Answer) -> Answer:
    """Send staff without a second factor to set one up, before anything else."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(_BEFORE_MFA) or not request.user.is_authenticated:
            return answer(request)
        if actor_of(request).is_staff and not _has_second_factor(request):
            page = reverse("mfa_activate_totp")
            # A part of a page asked for by htmx is not to become the page of the second factor.
            return HttpResponseClientRedirect(page) if in_part(request) else redirect(page)
        return answer(request)

    return middleware


def _has_second_factor(request: HttpRequest) -> bool:
    """Whether one is set up. Once it is, staff cannot turn it off, so the session remembers it."""
    if not request.session.get(_FACTOR):
        if not is_mfa_enabled(request.user):
            return False
        request.session[_FACTOR] = True
    return True


class Refusals:
    """Turns a :class:`Refused` into a page that says what was wrong and what would be right."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request; one that holds NUL, which PostgreSQL keeps in no text, is refused, and
        one that broke off."""
        if "\0" in request.path:
            return not_found(request, ValueError("NUL"))
        try:
            typed = (request.GET, request.POST)
        except UnreadablePostError:
            return refused(request, Refused(broken_off()))
        if any("\0" in one for form in typed for _name, sent in form.lists() for one in sent):
            return bad_request(request, ValueError("NUL"))
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for a refusal, and for two who wait for each other; anything else is not ours."""
        if isinstance(error, OperationalError) and _collided(error):
            error = NotNow(_("有人正在同时办理，本次操作没有执行，请再试一次。"))
        return refused(request, error) if isinstance(error, Refused) else None


def _collided(error: OperationalError) -> bool:
    """Whether PostgreSQL ended a deadlock at our cost, or SQLite's turn did not come in time."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state in ("40P01", "40001") or "database is locked" in str(error)


def broken_off() -> str:
    """What is said of a request of which only a part came."""
    return _("请求没有传完整，什么都没有改变，请再发一次。")


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """The page of a refusal; for programs, its record."""
    if request.path.startswith("/api/"):
        return refused_program(error)
    page = "404" if error.status == 404 else "refused"
    response = render(request, f"ui/errors/{page}.html", {"error": error}, status=error.status)
    if isinstance(error, TooOften):
        response["Retry-After"] = str(error.retry)
    return response


def refused_program(error: Refused) -> HttpResponse:
    """A refusal as the API answers it."""
    fields = {name: str(text) for name, text in error.fields.items()}
    body = {"code": error.code, "message": str(error.message), "fields": fields}
    response = JsonResponse(body, status=error.status, json_dumps_params={"ensure_ascii": False})
    if isinstance(error, TooOften):
        response["Retry-After"] = str(error.retry)
    return response


def csrf_failure(request: HttpRequest, reason: str = "", **_more: Any) -> HttpResponse:
    """The page for a form whose token does not fit: sent from a page opened before logging in."""
    del reason
    return refused(request, Refused(_("页面已过期，内容没有提交。请返回上一页，刷新后再提交。")))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that makes no sense."""
    del exception
    return refused(request, Refused(_("请求无法理解，请返回上一页重试。")))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Something the actor may not do."""
    del exception
    return refused(request, Forbidden(_("您的身份不能进行这一操作。")))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere."""
    del exception
    return refused(request, Missing(_("没有找到这个页面。")))


def server_error(_request: HttpRequest) -> HttpResponse:
    """Our own mistake; the page depends on nothing that may be broken."""
    return HttpResponse(
        render_to_string("ui/errors/500.html", {"request_id": audit.request_id.get()}), status=500
    )
