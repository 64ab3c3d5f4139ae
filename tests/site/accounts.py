"""Having an account: the form that makes one, logging in, the digits a phone shows."""

from __future__ import annotations

from typing import Any

from allauth.mfa.totp.internal import auth as totp
from cast import SUZHOU, credit_code
from django.core.cache import cache
from django.test import Client

from corridor.site.core.models import User

PASSWORD = "zoulang-2026-duijie"


def form(**given: Any) -> dict[str, Any]:
    return {
        "credit_code": credit_code(1),
        "name": "苏州新材料有限公司",
        "kind": "enterprise",
        "city": SUZHOU,
        "industry": "C3973",
        "agreed": "on",
        "person_name": "李梅",
        "phone": "139 1234 5678",
        "email": "li@example.cn",
        "username": "limei",
        "password": PASSWORD,
    } | given


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def code(secret: str) -> str:
    """The six digits of now, as a phone shows them."""
    cache.clear()
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def log_in(client: Client, username: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/account/login/", {"login": username, "password": password} | more)
