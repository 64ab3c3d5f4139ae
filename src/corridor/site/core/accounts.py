"""How allauth behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from . import limits
from .middleware import address


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """No open sign-up (parties join through their own form), and login limits in the database."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Accounts are made by joining a party."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before the password is looked at."""
        limits.hit(limits.LOGIN_BY_ADDRESS, address(request))
        limits.hit(limits.LOGIN_BY_ACCOUNT, str(credentials.get("username", "")).lower())
