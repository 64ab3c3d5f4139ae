"""Tokens: made, shown once, revoked; and who acts when one is used."""

import hashlib
import secrets
from dataclasses import replace

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from corridor.engine.text import mask_contacts

from ..core import limits
from ..core.actor import Actor
from ..core.errors import Forbidden, Invalid
from ..core.middleware import be
from ..core.verbs import act
from .models import ApiToken

PREFIX = "crd_"


def digest(token: str) -> str:
    """How a token is kept. It has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def create(actor: Actor, name: str) -> tuple[ApiToken, str]:
    """A token that acts as the actor does, and its text, which is never shown again.

    Raises ``Forbidden`` unless a manager of the party, ``Invalid`` without a name.
    """
    if not name.strip():
        raise Invalid(_("请填写名称。"), {"name": _("写明由哪个系统使用，例如“招商系统”。")})
    text = PREFIX + secrets.token_urlsafe(32)
    made = ApiToken(name=mask_contacts(name.strip())[:60], digest=digest(text), hint=text[-4:])
    with act(actor, "token.create", made) as it:
        made.party_id, made.membership_id = managed(it.actor)
        made.save()
    return made, text


def revoke(actor: Actor, token: ApiToken) -> None:
    """End a token at once. Raises ``Forbidden`` unless a manager of its party."""
    with act(actor, "token.revoke", token) as it:
        managed(it.actor, it.thing.party_id)
        it.thing.revoked_at = it.thing.revoked_at or timezone.now()
        it.thing.save(update_fields=["revoked_at"])


def managed(actor: Actor, party: int | None = None) -> tuple[int, int]:
    """Party and membership of a manager, who is of ``party`` where one is given."""
    if not actor.manager or actor.party is None or actor.membership is None:
        raise Forbidden(_("只有本主体的管理员可以管理接口。"))
    if party is not None and party != actor.party:
        raise Forbidden(_("只有本主体的管理员可以管理接口。"))
    return actor.party, actor.membership


#: What an actor is made of; a token is looked up at every call.
_READ = (
    "used_on", "membership__user", "membership__party", "membership__role", "membership__city",
    "membership__manager", "membership__user__name", "membership__user__username",
    "membership__party__name",
)  # fmt: skip


class Bearer(HttpBearer):
    """``Authorization: Bearer crd_…``; the actor is that of the token's membership."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor, or ``None`` for 401. Raises ``TooOften``."""
        found: ApiToken | None = (
            ApiToken.objects.select_related("membership__user", "membership__party")
            .only(*_READ)
            .filter(digest=digest(token), revoked_at=None, membership__ended_at=None)
            .filter(membership__user__is_active=True)
            .order_by()
            .first()
        )
        if found is None:
            return None
        limits.hit(limits.API_BY_TOKEN, found.pk)
        today = timezone.localdate()
        if found.used_on != today:
            ApiToken.objects.filter(pk=found.pk).update(used_on=today)
        actor = replace(found.membership.actor(), token=found.pk)
        be(request, actor)
        return actor
