"""What time it is."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """The time as the conference takes it; the only place it is asked."""
    return timezone.now()


def today() -> date:
    """The day it is in the corridor."""
    return timezone.localdate(now())
