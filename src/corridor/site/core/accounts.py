"""How allauth behaves here."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.account.forms import ReauthenticateForm as PasswordAgainForm
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from . import limits
from .actor import STAFF
from .middleware import address
from .models import Membership
from .secret import decrypt, encrypt


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """No open sign-up (parties join through their own form), and login limits in the database."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("登录名或密码不对。"),
        "account_inactive": _("这个账号已停用。"),
        "incorrect_password": _("密码不对。"),
        "enter_current_password": _("现在的密码不对。"),
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Accounts are made by joining a party."""
        return False

    def is_reauthentication_required(self, *, app: str, **_more: object) -> bool:
        """Whether the password, or a code, was given too long ago for what matters.

        To have just logged in is enough: an officer's first login leads straight to the second factor.
        """
        del app
        given = get_authentication_records(self.request, self.request.user)
        ages = (time.time() - one["at"] for one in given)
        return not any(0 <= age < app_settings.REAUTHENTICATION_TIMEOUT for age in ages)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address a session is listed with."""
        return address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before the password is looked at. Raises ``TooOften``."""
        limits.hit(limits.LOGIN_BY_ADDRESS, address(request))
        limits.hit(limits.LOGIN_BY_ACCOUNT, _account(credentials))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The user, or ``None``; the right password forgets the account's wrong ones."""
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            limits.forget(limits.LOGIN_BY_ACCOUNT, _account(credentials))
        return user


def _account(credentials: dict[str, Any]) -> str:
    return str(credentials.get("username", "")).strip().casefold()


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secret of a second factor encrypted; its QR code is drawn by the template."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("动态口令不对，或已经用过；请等下一个口令。"),
        "cannot_delete_authenticator": _("您的身份必须使用动态口令，不能停用。"),
        "cannot_generate_recovery_codes": _("请先启用动态口令。"),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not that of someone who holds a role that needs it."""
        held = Membership.objects.filter(user=authenticator.user_id, ended_at=None)
        return not held.filter(role__in=STAFF).exists()

    def build_totp_svg(self, _url: str) -> str:
        """Nothing: the template draws the code in place, where the content policy lets it."""
        return ""

    def encrypt(self, text: str) -> str:
        """As the database keeps it."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """As it was. Raises ``ValueError`` where the secret key is not the one."""
        return decrypt(encrypted_text)


#: What allauth's fields are called here.
LABELS = {
    "login": _("登录名"),
    "password": _("密码"),
    "oldpassword": _("现在的密码"),
    "password1": _("新密码"),
    "password2": _("再输一次新密码"),
}


class Worded(forms.Form):
    """A form of allauth in the words of this site, without placeholders that vanish on typing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS[name]
            field.widget.attrs.pop("placeholder", None)


class LogIn(Worded, LoginForm):  # type: ignore[misc]
    """Name and password."""


class PasswordAgain(Worded, PasswordAgainForm):  # type: ignore[misc]
    """The password once more, before something that matters."""


class NewPassword(Worded, ChangePasswordForm):  # type: ignore[misc]
    """The old password and a new one."""

    def clean_oldpassword(self) -> str:
        """The old password, if it is right. Raises ``TooOften`` before it is looked at."""
        limits.hit(limits.LOGIN_BY_ACCOUNT, _account({"username": self.user.username}))
        return str(super().clean_oldpassword())


class Counted(forms.Form):
    """A form that asks for a code of six digits: so few that the tries must be counted."""

    user: AbstractBaseUser

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("动态口令")
        code.widget.attrs = {"autocomplete": "one-time-code", "autofocus": True}

    def clean_code(self) -> str:
        """The code, if it is right. Raises ``TooOften`` before it is looked at."""
        limits.hit(limits.CODES_BY_ACCOUNT, self.user.pk)
        code = str(super().clean_code())  # type: ignore[misc]
        limits.forget(limits.CODES_BY_ACCOUNT, self.user.pk)
        return code


class CodeForm(Counted, AuthenticateForm):  # type: ignore[misc]
    """The second step of a login."""


class CodeAgainForm(Counted, ReauthenticateForm):  # type: ignore[misc]
    """The code once more, before something that matters."""


class ActivateForm(Counted, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new second factor."""
