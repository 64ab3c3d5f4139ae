"""Work that takes long or comes due by the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.utils import timezone

from corridor.engine.factors import all_kinds

from ..core import jobs
from ..core.jobs import Run, job
from . import telling
from .clock import expire_due, remind_due
from .models import Refresh

#: By then the day's matches are made anew, before people come to work.
NIGHT_HOUR = 2


@job("docking.match", heavy=True)
def match(run: Run) -> None:
    """Bring the matches of a kind, the job's key, up to date; then tell people of new ones."""
    from .refresh import refresh

    def progress(done: int, total: int, message: str) -> None:
        run.progress(done, total, message, now=True)

    @contextmanager
    def finish() -> Iterator[Any]:
        with run.finish():
            yield
            jobs.enqueue("docking.tell", "new")

    refresh(run.job.key, progress, finish)


@job("docking.tell")
def tell(_run: Run) -> None:
    """Tell parties of their new matches."""
    telling.tell_matches()


@job("docking.clock", every=timedelta(hours=1))
def clock(_run: Run) -> None:
    """What is due: reminders, expiry, notices of the day, and the nightly matching."""
    remind_due()
    expire_due()
    telling.tell_matches()
    today = timezone.localdate()
    if timezone.localtime().hour < NIGHT_HOUR:
        return
    done = set(Refresh.objects.filter(full_on=today).values_list("kind", flat=True))
    for kind in all_kinds().keys() - done:
        jobs.enqueue("docking.match", kind)
