"""What may be done with webhooks."""

import secrets

from django.utils import timezone
from django.utils.translation import gettext as _

from ..core.actor import Actor
from ..core.errors import Forbidden, Invalid, NotNow
from ..core.models import AuditEntry
from ..core.secret import Secret
from ..core.verbs import act
from .models import Delivery, Webhook
from .outgoing import checked_address

MOST = 5


def create(actor: Actor, url: str) -> Webhook:
    """Be told of events from now on. Raises ``Invalid`` for an address that is not public."""
    _manager(actor, actor.party)
    try:
        checked_address(url)
    except Invalid as error:
        raise Invalid(error.message, {"url": error.message}) from None
    if Webhook.objects.visible_to(actor).filter(active=True).count() >= MOST:
        raise NotNow(_("最多设置 %(most)s 个推送地址。") % {"most": MOST})
    last = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first()
    made = Webhook(
        party_id=actor.party,
        membership_id=actor.membership,
        url=url,
        secret=Secret(secrets.token_urlsafe(32)),
        seen=last or 0,
    )
    with act(actor, "webhook.create", made) as it:
        it.thing.save()
    return made


def end(actor: Actor, webhook: Webhook) -> None:
    """Send nothing more there."""
    _manager(actor, webhook.party_id)
    with act(actor, "webhook.end", webhook) as it:
        it.thing.active = False
        it.thing.save(update_fields=["active"])


def replay(actor: Actor, delivery: Delivery) -> None:
    """Send an event again, at the next round."""
    _manager(actor, delivery.webhook.party_id)
    with act(actor, "webhook.replay", delivery) as it:
        it.thing.state, it.thing.next_at = Delivery.State.WAITING, timezone.now()
        it.thing.save(update_fields=["state", "next_at"])


def _manager(actor: Actor, party: int | None) -> None:
    if not actor.manager or party is None or actor.party != party:
        raise Forbidden(_("只有本主体的管理员可以设置推送。"))
