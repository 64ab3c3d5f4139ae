"""For those who cannot log in: a link to a new password, and doing away with a lost second factor.

Whoever gives the link could follow it themselves, so only they may who decide on every party that the
person acts for; a second factor is done away with by the office alone, and everyone is logged out.
"""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from .actor import PUBLIC, Actor, Role
from .errors import Forbidden, Invalid, NotNow
from .memberships import manages
from .models import User
from .verbs import act


def may_give_link(actor: Actor, user: User) -> bool:
    """Whether an actor decides on every party that someone acts for; on who acts for none, the office."""
    held = list(user.memberships.filter(ended_at=None).select_related("party"))
    if not held:
        return actor.role is Role.OFFICE
    return all(manages(actor, one.party) for one in held)


def password_link(actor: Actor, user: User) -> tuple[str, str]:
    """The two parts of a link to a new password. It works once, for a day."""
    with act(actor, "user.password_link", user) as it:
        if not may_give_link(it.actor, it.thing):
            raise Forbidden(_("这位成员还代表别的单位，请走廊办重设密码。"))
        token = default_token_generator.make_token(it.thing)
        return urlsafe_base64_encode(str(it.thing.pk).encode()), token


def user_of(number: str, token: str) -> User:
    """Whose link it is. Raises ``NotNow`` for one that was used, is too old, or never was."""
    try:
        pk = int(urlsafe_base64_decode(number))
    except ValueError:
        pk = 0
    found = User.objects.filter(pk=pk, is_active=True).first() if 0 < pk < 2**63 else None
    if found is None or not default_token_generator.check_token(found, token):
        raise NotNow(_("这个链接已经用过或过期，请再要一个。"))
    return found


def new_password(number: str, token: str, password: str) -> User:
    """Set the password of a link's user; all their sessions end. Raises ``Invalid``, ``NotNow``."""
    with act(PUBLIC, "user.password", user_of(number, token)) as it:
        user_of(number, token)
        try:
            validate_password(password, it.thing)
        except ValidationError as error:
            said = " ".join(error.messages)
            raise Invalid(said, {"password": said}) from None
        it.thing.set_password(password)
        it.thing.save(update_fields=["password"])
    return it.thing


def factor_reset(actor: Actor, user: User, *, reason: str) -> None:
    """Do away with a lost second factor; the next login sets up a new one. For the office."""
    if actor.role is not Role.OFFICE or actor.user == user.pk:
        raise Forbidden(_("动态口令由走廊办的另一位管理人员重置。"))
    if not reason.strip():
        raise Invalid(_("请填写原因。"), {"reason": _("请填写原因。")})
    with act(actor, "user.factor_reset", user, reason=reason) as it:
        Authenticator.objects.filter(user=it.thing.pk).delete()
        for session in UserSession.objects.filter(user=it.thing.pk):
            session.end()
