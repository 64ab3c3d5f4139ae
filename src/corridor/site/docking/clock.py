"""What comes due by the clock: reminders, and the end of what was not answered."""

from datetime import timedelta

from django.utils import timezone

from ..core.actor import SYSTEM
from ..core.verbs import act
from ..notices.actions import notify, to_bureau
from . import notices
from .actions import ended, tell
from .lifecycle import INTRODUCTION
from .models import Introduction, State

REMIND_DAYS = 3


def expire_due() -> int:
    """End every introduction that was not answered in time; how many."""
    due = Introduction.objects.filter(state=State.ASKED, expires_at__lte=timezone.now())
    done = 0
    for found in due.order_by("id"):
        with act(SYSTEM, "introduction.expire", found) as it:
            if it.thing.state == State.ASKED:
                INTRODUCTION.move(it.actor, it.thing, "expire")
                ended(it.thing, notices.EXPIRED, it.thing.from_party_id, it.thing.to_party_id)
                done += 1
    return done


def remind_due() -> int:
    """Tell the party asked, and the bureaus of both, of what runs out within three days; how many.

    What was asked for an occasion is left to that.
    """
    now = timezone.now()
    until = now + timedelta(days=REMIND_DAYS)
    due = Introduction.objects.filter(
        state=State.ASKED, occasion="", reminded_at=None, expires_at__lte=until
    )
    done = 0
    for found in due.order_by("id"):
        with act(SYSTEM, "introduction.expiring", found) as it:
            if it.thing.state != State.ASKED or it.thing.reminded_at is not None:
                continue
            it.thing.reminded_at = now
            it.thing.save()
            days = max(1, (it.thing.expires_at - now).days)
            tell(it.thing, notices.EXPIRING, it.thing.to_party_id, days=days)
            to = to_bureau(it.thing.from_party.city) | to_bureau(it.thing.to_party.city)
            params = {"ref": it.thing.ref, "title": it.thing.target.title, "days": days}
            notify(to, notices.UNANSWERED, it.thing, it.thing.get_absolute_url(), params)
            done += 1
    return done
