"""Revealing a contact: the only way to one, and always on record."""

from django.db import models
from django.utils.translation import gettext as _

from corridor.engine.text import mask_contacts

from . import audit, limits
from .actor import Actor
from .errors import Invalid
from .models import Reveal
from .secret import Secret


def reveal(
    actor: Actor, thing: models.Model, secrets: dict[str, Secret], owner: int | None, purpose: str
) -> dict[str, str]:
    """The texts behind ``secrets``, which belong to party ``owner``; the caller has decided that
    the actor may. Part of the caller's transaction.

    Raises ``Invalid`` without a purpose, ``TooOften`` for someone who collects contacts.
    """
    if not purpose.strip():
        raise Invalid(_("请填写查看用途。"), {"purpose": _("请填写查看用途，对方会看到。")})
    limits.hit(limits.REVEALS_BY_ACCOUNT, actor.user)
    Reveal.objects.create(
        owner_id=owner,
        user_id=actor.user,
        party_id=actor.party,
        thing=audit.name_of(thing),
        purpose=mask_contacts(purpose.strip())[:200],
    )
    audit.record(actor, "contact.reveal", thing, reason=purpose.strip())
    return {name: secret.reveal() for name, secret in secrets.items() if secret}
