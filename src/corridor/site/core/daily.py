"""What the site clears away once a day."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from . import jobs, limits, once, uploads


@jobs.job("core.tidy", every=timedelta(days=1))
def tidy(run: jobs.Run) -> None:
    """Drop closed rate windows, sent forms, ended jobs, lost files and sessions that are over."""
    with run.finish(files=uploads.tidy()) as found:
        found["limits"], found["forms"], found["jobs"] = limits.tidy(), once.tidy(), jobs.tidy()
        now = timezone.now()
        found["sessions"] = Session.objects.filter(expire_date__lt=now).delete()[0]
        over = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
        UserSession.objects.filter(created_at__lt=over).delete()
