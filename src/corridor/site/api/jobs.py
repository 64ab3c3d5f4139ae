"""The API's long work: sending events."""

import time
from datetime import timedelta

from django.db.models import Min
from django.utils import timezone

from ..core.jobs import Run, job
from .models import Delivery, Remembered, Webhook
from .webhooks import collect, deliver_due

#: Seconds a round may take; what is left waits for the next, and other work gets its turn.
ROUND = 20.0
KEPT = timedelta(days=30)


@job("api.webhooks", every=timedelta(minutes=1))
def send(run: Run) -> None:
    """Read new events off the audit chain and try what is due."""
    until = time.monotonic() + ROUND
    hooks = Webhook.objects.in_use()
    for webhook in hooks:
        while collect(webhook):
            run.progress(0, 1)
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, next_at__lte=timezone.now())
    # Whoever has waited longest comes first, or the last of many would never have a turn.
    turns = waiting.filter(webhook__in=hooks).values("webhook").annotate(first=Min("next_at"))
    for number in turns.order_by("first").values_list("webhook", flat=True):
        deliver_due(hooks.get(pk=number))
        run.progress(0, 1)
        if time.monotonic() > until:
            break


@job("api.tidy", every=timedelta(days=1))
def tidy(run: Run) -> None:
    """Forget remembered answers and deliveries after 30 days."""
    old = timezone.now() - KEPT
    with run.finish():
        Remembered.objects.filter(at__lt=old).delete()
        Delivery.objects.filter(since__lt=old).delete()
