"""What may be done with webhooks."""

import secrets

from django.utils import timezone
from django.utils.translation import gettext as _

from ..core.actor import Actor
from ..core.errors import NotNow
from ..core.models import AuditEntry
from ..core.secret import Secret
from ..core.verbs import act
from .models import Delivery, Webhook
from .outgoing import check
from .tokens import managed

MOST = 5


def create(actor: Actor, url: str) -> tuple[Webhook, str]:
    """Be told of events from now on; the webhook, and its secret, which is never shown again.

    Raises ``Forbidden`` unless a manager of the party, ``Invalid`` for an address that is not on the
    open internet, ``NotNow`` beyond five.
    """
    check(url)
    secret = secrets.token_urlsafe(32)
    made = Webhook(url=url)
    made.secret = Secret(secret)
    with act(actor, "webhook.create", made) as it:
        made.party_id, made.membership_id = managed(it.actor)
        if Webhook.objects.visible_to(it.actor).filter(active=True).count() >= MOST:
            raise NotNow(_("最多设置 %(most)s 个推送地址。") % {"most": MOST})
        last = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first()
        made.seen = last or 0
        made.save()
    return made, secret


def end(actor: Actor, webhook: Webhook) -> None:
    """Send nothing more there. Raises ``Forbidden`` unless a manager of its party."""
    with act(actor, "webhook.end", webhook) as it:
        managed(it.actor, it.thing.party_id)
        it.thing.active = False
        it.thing.save(update_fields=["active"])


def replay(actor: Actor, delivery: Delivery) -> None:
    """Send an event again, at the next round, and for 72 hours from now.

    Raises ``Forbidden`` unless a manager of the party, ``NotNow`` for an address that has ended.
    """
    with act(actor, "webhook.replay", delivery) as it:
        managed(it.actor, it.thing.webhook.party_id)
        if not it.thing.webhook.active:
            raise NotNow(_("这个推送地址已停用。"))
        it.thing.state, it.thing.attempts = Delivery.State.WAITING, 0
        it.thing.since = it.thing.next_at = timezone.now()
        it.thing.save(update_fields=["state", "attempts", "since", "next_at"])
