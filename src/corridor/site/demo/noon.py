"""Whoever opens the demo finds its conference half over, whenever that is on its day."""

from django.db.models import F
from django.utils import timezone

from ..conference.models import Conference, Slot
from ..conference.moment import now


def hold() -> int:
    """Where the round of talks in the middle of the day is over, put the whole day off, so that
    whoever opens the demo later finds it half over too; by how many minutes.

    The conference that was made with the demo, and no other. It stays on its date: later it runs on
    and ends.
    """
    one = Conference.objects.order_by("id").first()
    if one is None or one.state != Conference.State.RUNNING:
        return 0
    slots = list(one.slots.all())
    middle, at = slots[len(slots) // 2], now()
    length = middle.end - middle.start
    by = max(0, (at - middle.start) // length) * length
    first = slots[0].start
    if timezone.localdate(first + by) != timezone.localdate(first):
        return 0
    Slot.objects.filter(conference=one).update(start=F("start") + by, end=F("end") + by)
    return int(by.total_seconds()) // 60
