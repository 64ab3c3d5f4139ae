"""The worker: takes jobs one after another; heavy ones in a process of their own."""

import logging
import subprocess
import sys
import threading

from django.db import Error, close_old_connections, connection

from . import jobs

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0


def work(stop: threading.Event, *, idle: float = IDLE_SECONDS) -> None:
    """Take jobs until ``stop`` is set; a light one under way is finished, a heavy one put back."""
    while not stop.is_set():
        try:
            close_old_connections()
            jobs.queue_periodic()
            run = jobs.claim()
            if run is not None:
                perform(run, stop)
                continue
        except Exception:  # the database may be away for a moment; the worker stays
            log.exception("worker")
        stop.wait(idle)
    connection.close()


def perform(run: jobs.Run, stop: threading.Event) -> None:
    """Do one job: here, or in a process of its own so that its memory is given back."""
    with heartbeat(run):
        if jobs.KINDS[run.job.kind].heavy:
            _perform_apart(run, stop)
        else:
            jobs.perform(run)


def _perform_apart(run: jobs.Run, stop: threading.Event) -> None:
    """The child holds our pipe and ends when we do; Ctrl-C in the terminal is for us alone."""
    command = [sys.executable, "-m", "corridor.site.core.heavy", str(run.job.pk), run.lease]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as child:
        while child.poll() is None:
            if stop.wait(0.1):
                child.kill()
                child.wait()
                jobs.put_back(run)
                return
    if child.returncode:
        jobs.failed(run, RuntimeError(f"the job's process ended with {child.returncode}"))


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
            try:
                self._run.renew()
            except Error:  # a long last transaction holds SQLite; the next beat will do
                log.warning("no heartbeat: %s", self._run.job)
        connection.close()
