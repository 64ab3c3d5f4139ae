"""The API's long work: sending events."""

from datetime import timedelta

from django.utils import timezone

from ..core.jobs import Run, job
from .models import Delivery, Remembered, Webhook
from .webhooks import collect, deliver


@job("api.webhooks", every=timedelta(minutes=1))
def send(run: Run) -> None:
    """Read new events off the audit chain and try what is due."""
    for webhook in Webhook.objects.filter(active=True):
        while collect(webhook):
            run.progress(0, 1)
    now = timezone.now()
    due = Delivery.objects.filter(
        state=Delivery.State.WAITING, next_at__lte=now, webhook__active=True
    ).select_related("webhook")
    numbers = list(due.order_by("id").values_list("pk", flat=True)[:2000])
    for done, number in enumerate(numbers):
        deliver(due.get(pk=number), timezone.now())
        run.progress(done + 1, len(numbers))


@job("api.tidy", every=timedelta(days=1))
def tidy(run: Run) -> None:
    """Forget remembered answers and finished deliveries after 30 days."""
    old = timezone.now() - timedelta(days=30)
    with run.finish():
        Remembered.objects.filter(created_at__lt=old).delete()
        Delivery.objects.filter(at__lt=old).exclude(state=Delivery.State.WAITING).delete()
