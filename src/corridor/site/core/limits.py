"""Rate limits by account and by address, counted in the database, on by default."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from .errors import TooOften
from .models import RateBucket


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``count`` attempts in each window of ``seconds``."""

    name: str
    count: int
    seconds: int


LOGIN_BY_ACCOUNT = Limit("login-account", 10, 900)
LOGIN_BY_ADDRESS = Limit("login-address", 60, 900)
CODES_BY_ACCOUNT = Limit("code-account", 10, 900)
LEAD_BY_ADDRESS = Limit("lead-address", 20, 3600)
#: At a fair all phones of a hall share one address; the officers' card on its wall vouches for them.
LEAD_BY_CARD = Limit("lead-card", 300, 3600)
WRITES_BY_ACCOUNT = Limit("write-account", 120, 60)
WRITES_BY_ADDRESS = Limit("write-address", 240, 60)
API_BY_TOKEN = Limit("api-token", 600, 60)
REVEALS_BY_ACCOUNT = Limit("reveal-account", 60, 3600)
JOIN_BY_ADDRESS = Limit("join-address", 60, 3600)
REPORTS_BY_ADDRESS = Limit("report-address", 10, 3600)


def hit(limit: Limit, who: object) -> None:
    """Count one attempt by ``who``. Raises :class:`TooOften` once the window is full.

    A window opens with its first attempt. A clock that goes backwards opens a new window rather
    than shutting people out for as long as it was wrong.
    """
    key, window = _key(limit, who), timedelta(seconds=limit.seconds)
    # Most attempts find their window open and not full: that takes one statement.
    now = timezone.now()
    bucket = RateBucket.objects.filter(key=key, count__lt=limit.count)
    if bucket.filter(opened_at__gt=now - window, opened_at__lte=now).update(count=F("count") + 1):
        return
    with transaction.atomic():
        RateBucket.objects.get_or_create(key=key, defaults={"opened_at": timezone.now()})
        found = RateBucket.objects.select_for_update().get(key=key)
        # Only now: before the turn came it was earlier than the window's start.
        now = timezone.now()
        age = now - found.opened_at
        if not timedelta() <= age < window:
            found.opened_at, found.count, age = now, 0, timedelta()
        found.count += 1
        found.save()
    if found.count > limit.count:
        wait = max(1, limit.seconds - int(age.total_seconds()))
        raise TooOften(_("操作过于频繁，请 %(wait)s 秒后再试。") % {"wait": wait}, wait)


def forget(limit: Limit, who: object) -> None:
    """Count anew: ``who`` has shown to be the right one."""
    RateBucket.objects.filter(key=_key(limit, who)).delete()


def _key(limit: Limit, who: object) -> str:
    return f"{limit.name}:{hashlib.sha256(str(who).encode()).hexdigest()[:32]}"


def tidy() -> int:
    """Drop the counters of windows long closed; how many."""
    old = timezone.now() - timedelta(days=1)
    return RateBucket.objects.filter(opened_at__lt=old).delete()[0]
