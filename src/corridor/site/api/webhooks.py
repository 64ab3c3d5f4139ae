"""Events to webhooks: read off the audit chain, signed, tried again for 72 hours.

An event says which verb was done to which thing; the receiver asks the API for the rest and sees
there what its party may see.
"""

import hashlib
import hmac
import json
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from ..core.errors import Invalid
from ..core.models import AuditEntry
from ..docking.models import Introduction
from ..listings.models import Listing
from .models import Delivery, Webhook
from .outgoing import post

GIVE_UP = timedelta(hours=72)
BATCH = 500

State = Delivery.State


def wait(attempts: int) -> timedelta:
    """How long to wait after that many failed attempts: 1, 2, 4 … minutes, at most 6 hours."""
    return min(timedelta(minutes=2 ** (attempts - 1)), timedelta(hours=6))


def signature(secret: str, at: int, body: bytes) -> str:
    """The header by which a receiver knows us: HMAC-SHA256 of time and body."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def collect(webhook: Webhook) -> int:
    """Make deliveries of the events since the last look that the webhook's party may see."""
    with transaction.atomic():
        locked = Webhook.objects.select_for_update().select_related("membership").get(pk=webhook.pk)
        entries = list(AuditEntry.objects.filter(id__gt=locked.seen).order_by("id")[:BATCH])
        if not entries:
            return 0
        seen = _visible(locked, entries)
        Delivery.objects.bulk_create(
            Delivery(
                webhook=locked, entry=entry.id, verb=entry.verb, thing=entry.thing,
                at=entry.at, next_at=timezone.now(),
            )
            for entry in entries
            if entry.thing in seen
        )  # fmt: skip
        locked.seen = entries[-1].id
        locked.save(update_fields=["seen"])
    return len(entries)


def _visible(webhook: Webhook, entries: list[AuditEntry]) -> set[str]:
    """The names of those things in the entries that the webhook's party may see now."""
    if webhook.membership.ended_at is not None:
        return set()
    actor = webhook.membership.actor()
    found: set[str] = set()
    for model in (Listing, Introduction):
        prefix = f"{model._meta.model_name}:"
        refs = {entry.thing[len(prefix) :] for entry in entries if entry.thing.startswith(prefix)}
        if refs:
            visible = model.objects.visible_to(actor).filter(ref__in=refs)
            found |= {prefix + ref for ref in visible.values_list("ref", flat=True)}
    return found


def deliver(delivery: Delivery, now: datetime) -> None:
    """Try one delivery and write down how it went. A receiver may get an event twice, by its id."""
    body = json.dumps(
        {
            "id": delivery.entry,
            "event": delivery.verb,
            "thing": delivery.thing,
            "at": delivery.at.isoformat(),
        },
        ensure_ascii=False,
    ).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Corridor",
        "Corridor-Event": delivery.verb,
        "Corridor-Signature": signature(
            delivery.webhook.secret.reveal(), int(now.timestamp()), body
        ),
    }
    try:
        status = post(delivery.webhook.url, body, headers)
        taken, said = 200 <= status < 300, f"HTTP {status}"
    except (Invalid, OSError) as error:
        taken, said = False, str(error) or type(error).__name__
    delivery.attempts += 1
    delivery.status = said[:120]
    delivery.next_at = now + wait(delivery.attempts)
    if taken:
        delivery.state = State.TAKEN
    elif delivery.next_at - delivery.at > GIVE_UP:
        delivery.state = State.GIVEN_UP
    delivery.save()
