"""What happens when a clock nears its end or runs out: once for each clock, however often asked."""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from ..core import audit
from ..core.actor import SYSTEM
from ..core.verbs import locked
from ..notices.actions import notify, to_bureau, to_office
from . import clocks, notices
from .actions import told
from .models import Lead, LeadEvent, State


def ring(now: datetime | None = None) -> int:
    """Remind of what is due soon, tell the office of what is overdue; how many clocks rang."""
    at = now or timezone.now()
    leads = Lead.objects.open()
    for lead in leads.filter(
        Q(first_reported_at__gt=at) | Q(progress_at__gt=at) | Q(answered_at__gt=at)
    ):
        _put_right(lead, at)
    held = Counter[str]()
    overdue = [lead for lead in leads.filter(escalate_at__lte=at) if _escalate(lead, at)]
    for lead in overdue:
        held[lead.city] += lead.state == State.HELD
    for city, count in held.items():
        _tell_of_held(city, count)
    soon = [lead for lead in leads.filter(remind_at__lte=at, due_at__gt=at) if _remind(lead)]
    return len(overdue) + len(soon)


def _escalate(lead: Lead, at: datetime) -> bool:
    """Whether this call was the one to do it. Held leads are told of together."""
    with transaction.atomic():
        mine = Lead.objects.filter(pk=lead.pk, escalate_at=lead.escalate_at)
        if not mine.update(escalate_at=None, remind_at=None):
            return False
        told(SYSTEM, lead, LeadEvent.What.ESCALATE, at)
        if lead.state != State.HELD:
            to = to_office() | to_bureau(lead.city) if lead.city else to_office()
            notify(
                to, notices.OVERDUE[lead.clock], lead, lead.get_absolute_url(), {"ref": lead.ref}
            )
        diff = {"clock": lead.clock, "due_at": lead.due_at}
        audit.record(SYSTEM, "lead.escalate", lead, diff=diff)
        return True


def _remind(lead: Lead) -> bool:
    with transaction.atomic():
        mine = Lead.objects.filter(pk=lead.pk, remind_at=lead.remind_at)
        if not mine.update(remind_at=None) or lead.state == State.HELD:
            return False
        to = to_bureau(lead.city) if lead.city else to_office()
        notify(to, notices.REMINDERS[lead.clock], lead, lead.get_absolute_url(), {"ref": lead.ref})
        return True


def _tell_of_held(city: str, count: int) -> None:
    """One notice for all: a flood of held leads must not become one of mails."""
    if not count:
        return
    newest = Lead.objects.filter(city=city, state=State.HELD).first()
    if newest is not None:
        to = to_office() | to_bureau(city) if city else to_office()
        notify(to, notices.HELD, newest, f"{reverse('leads:list')}?show=held", {"n": count})


def _put_right(lead: Lead, at: datetime) -> None:
    """Let a clock that was stamped in what is now the future end in time after all."""
    with transaction.atomic():
        found = locked(lead)
        if clocks.ahead(found, at):
            found.save()
            audit.record(SYSTEM, "lead.rewind", found, diff={"due_at": found.due_at})
