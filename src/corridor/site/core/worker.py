"""The worker: takes jobs one after another; heavy ones in a process of their own."""

import logging
import subprocess
import sys
import threading
from datetime import timedelta

from django.db import close_old_connections, connection
from django.utils import timezone

from . import jobs
from .models import Job

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0


def work(stop: threading.Event, *, idle: float = IDLE_SECONDS) -> None:
    """Take jobs until ``stop`` is set; a job under way is finished first."""
    while not stop.is_set():
        try:
            close_old_connections()
            jobs.queue_periodic()
            run = jobs.claim()
            if run is not None:
                perform(run)
                continue
        except Exception:  # the database may be away for a moment; the worker stays
            log.exception("worker")
        stop.wait(idle)
    connection.close()


def perform(run: jobs.Run) -> None:
    """Do one job: here, or in a process of its own so that its memory is given back."""
    if not jobs.KINDS[run.job.kind].heavy:
        with heartbeat(run):
            jobs.perform(run)
        return
    command = [sys.executable, "-m", "corridor.site.core.heavy", str(run.job.pk), run.lease]
    with heartbeat(run):
        code = subprocess.run(command, check=False).returncode
    if code:
        jobs.failed(run, RuntimeError(f"the job's process ended with {code}"))


class heartbeat:  # noqa: N801 - used like a function
    """Renews the lease of a run every few seconds while the block lasts."""

    def __init__(self, run: jobs.Run) -> None:
        self._run = run
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._stop.wait(jobs.LEASE.total_seconds() / 3):
            until = timezone.now() + timedelta(seconds=jobs.LEASE.total_seconds())
            mine = Job.objects.filter(pk=self._run.job.pk, lease=self._run.lease)
            mine.update(lease_until=until)
        connection.close()
