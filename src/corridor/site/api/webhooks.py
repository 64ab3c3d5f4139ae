"""Events to webhooks: read off the audit chain, signed, tried again for 72 hours.

An event says which verb was done to which thing; the receiver asks the API for the rest and sees
there what its party may see.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ..core.actor import Actor, Role
from ..core.errors import Invalid
from ..core.models import AuditEntry
from ..docking.models import Introduction
from ..leads.models import Lead
from ..listings.models import Listing
from .models import Delivery, Webhook
from .outgoing import post

GIVE_UP = timedelta(hours=72)
LONGEST_WAIT = timedelta(hours=6)
BATCH = 500
#: Seconds that one round may spend on one webhook: another is not to wait for a slow receiver.
SHARE = 10.0
#: What happens to a listing that is everyone's business who sees it; the rest is its own side's.
OPEN_VERBS = frozenset({"listing.publish", "listing.renew", "listing.restore"})

State = Delivery.State


def wait(attempts: int) -> timedelta:
    """How long to wait after that many failed attempts: 1, 2, 4 … minutes, at most 6 hours."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 12)), LONGEST_WAIT)


def signature(secret: str, at: int, body: bytes) -> str:
    """The header by which a receiver knows us: HMAC-SHA256 of time and body."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


# --- collecting ---


def collect(webhook: Webhook) -> int:
    """Make deliveries of the events since the last look that concern the webhook's party; how many
    entries were looked at. Both are written in one transaction, so no event is lost or doubled."""
    with transaction.atomic():
        held = Webhook.objects.in_use().select_for_update(of=("self",)).get(pk=webhook.pk)
        entries = list(AuditEntry.objects.filter(id__gt=held.seen).order_by("id")[:BATCH])
        if not entries:
            return 0
        Delivery.objects.bulk_create(
            Delivery(
                webhook=held, entry=entry.id, verb=entry.verb, thing=entry.thing,
                at=entry.at, since=entry.at, next_at=entry.at,
            )
            for entry in concerning(held, entries)
        )  # fmt: skip
        held.seen = entries[-1].id
        held.save(update_fields=["seen"])
    return len(entries)


def concerning(webhook: Webhook, entries: Iterable[AuditEntry]) -> list[AuditEntry]:
    """Those of the entries that the webhook's party is told of."""
    actor = webhook.membership.actor()
    entries = [entry for entry in entries if entry.verb.startswith(_VERBS)]
    things = {entry.thing for entry in entries}
    seen = _seen(actor, things)
    own = _own(actor, things)
    return [
        entry for entry in entries if entry.thing in own or (entry.thing in seen and _open(entry))
    ]


#: What is told of at all; logins, memberships and reveals of contacts are nobody's events.
_VERBS = ("listing.", "match.", "introduction.", "lead.")


def _open(entry: AuditEntry) -> bool:
    return entry.verb in OPEN_VERBS or not entry.thing.startswith("listing:")


def _seen(actor: Actor, things: set[str]) -> set[str]:
    """Those of the things, as the audit names them, that the actor may see now."""
    found: set[str] = set()
    for model in (Listing, Introduction, Lead):
        found |= _named(model, things, actor, Q())
    return found


def _own(actor: Actor, things: set[str]) -> set[str]:
    """Those of the listings that are the actor's business: its party's, its city's, the office's."""
    if actor.role is Role.OFFICE:
        return _named(Listing, things, actor, Q())
    mine = Q(party=actor.party)
    if actor.role is Role.BUREAU:
        mine |= Q(city=actor.city)
    return _named(Listing, things, actor, mine)


def _named(
    model: type[Listing | Introduction | Lead], things: set[str], actor: Actor, only: Q
) -> set[str]:
    prefix = f"{model._meta.model_name}:"
    refs = [thing.removeprefix(prefix) for thing in things if thing.startswith(prefix)]
    if not refs:
        return set()
    found = model.objects.visible_to(actor).filter(only, ref__in=refs)
    return {prefix + ref for ref in found.values_list("ref", flat=True)}


# --- delivering ---


def deliver_due(webhook: Webhook) -> int:
    """Try what is due of one webhook, oldest event first; how many were tried.

    Where nobody answers, the webhook's other events wait as long as the one that was tried; a
    receiver that answers, if slowly, gets ten seconds a round.
    """
    until, tried = time.monotonic() + SHARE, 0
    due = Delivery.objects.filter(
        webhook=webhook, state=State.WAITING, next_at__lte=timezone.now()
    ).order_by("entry")
    for delivery in list(due[:BATCH]):
        answered = deliver(delivery, timezone.now())
        tried += 1
        if not answered:
            later = due.filter(next_at__lt=delivery.next_at)
            later.update(next_at=delivery.next_at)
            break
        if time.monotonic() > until:
            break
    return tried


def deliver(delivery: Delivery, now: datetime) -> bool:
    """Try one delivery and write down how it went; whether anyone answered.

    A receiver may get an event twice, and knows it by its id.
    """
    webhook, body = delivery.webhook, _body(delivery)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Corridor",
        "Corridor-Event": delivery.verb,
        "Corridor-Signature": signature(webhook.secret.reveal(), int(now.timestamp()), body),
    }
    status = 0
    try:
        status = post(webhook.url, body, headers)
        said = f"HTTP {status}"
    except (Invalid, OSError) as error:
        said = str(error) or type(error).__name__
    delivery.attempts += 1
    delivery.status = said[:120]
    delivery.next_at = now + wait(delivery.attempts)
    if 200 <= status < 300:
        delivery.state = State.TAKEN
    elif delivery.next_at > delivery.since + GIVE_UP:
        delivery.state = State.GIVEN_UP
    delivery.save(update_fields=["attempts", "status", "next_at", "state"])
    return status > 0


def _body(delivery: Delivery) -> bytes:
    said = {
        "id": delivery.entry,
        "event": delivery.verb,
        "thing": delivery.thing,
        "at": delivery.at.isoformat(),
    }
    return json.dumps(said, ensure_ascii=False).encode()
