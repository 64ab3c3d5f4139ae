"""What the site does once a day: it clears away, and notes where the audit chain ends."""

import logging
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from . import audit, jobs, limits, once, uploads

log = logging.getLogger(__name__)


@jobs.job("core.tidy", every=timedelta(days=1))
def tidy(run: jobs.Run) -> None:
    """Drop closed rate windows, sent forms, ended jobs, lost files and sessions that are over; note
    where the audit chain ends, so that a later one that ends before is known to be cut."""
    number, seal = audit.head()
    # In the log too: who cuts off the end of the chain may well be able to edit this job.
    log.info("the audit chain ends with entry %s, sealed %s", number, seal)
    with run.finish(files=uploads.tidy(), audit=[number, seal]) as found:
        found["limits"], found["forms"], found["jobs"] = limits.tidy(), once.tidy(), jobs.tidy()
        now = timezone.now()
        found["sessions"] = Session.objects.filter(expire_date__lt=now).delete()[0]
        over = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
        UserSession.objects.filter(created_at__lt=over).delete()
