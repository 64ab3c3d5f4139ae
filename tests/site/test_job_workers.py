"""Workers: several at once, processes of their own, killed and stopped."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections, transaction
from django.utils import timezone
from job_kinds import Declare, mark, marks
from together import race

from corridor.site.core import jobs, worker
from corridor.site.core.models import Job
from corridor.site.core.worker import heartbeat

State = Job.State


@pytest.mark.django_db(transaction=True)
class TestTogether:
    """Several workers, and writers who queue while they take."""

    def test_each_job_is_done_once(self, declare: Declare) -> None:
        def work(run: jobs.Run) -> None:
            with run.finish():
                mark(run.job.key)

        declare(work=work)
        for number in range(24):
            jobs.enqueue("test.job", str(number))

        def take(_: int) -> None:
            while (run := jobs.claim()) is not None or Job.objects.filter(
                state=State.QUEUED
            ).exists():
                if run is not None:
                    jobs.perform(run)

        race(4, take)
        assert Job.objects.filter(state=State.DONE, attempts=1).count() == 24
        assert marks() == 24

    def test_the_same_work_is_never_done_side_by_side(self, declare: Declare) -> None:
        def work(run: jobs.Run) -> None:
            under_way.append(1)
            most.append(len(under_way))
            time.sleep(0.05)
            under_way.pop()

        under_way, most = [], [0]
        declare(work=work)

        def take(number: int) -> None:
            for _ in range(6):
                jobs.enqueue("test.job", "same")
                if (run := jobs.claim()) is not None:
                    jobs.perform(run)

        race(4, take)
        assert max(most) == 1

    def test_a_slot_is_queued_once(self, declare: Declare) -> None:
        declare(every=timedelta(minutes=1))
        at = timezone.now()

        def turn(_: int) -> None:
            jobs.queue_periodic(at)
            if (run := jobs.claim()) is not None:
                jobs.perform(run)

        race(6, turn)
        assert Job.objects.count() == 1

    def test_work_that_waits_does_not_begin_before_who_asked_last_is_done(
        self, declare: Declare
    ) -> None:
        """Else what the last one wrote would be seen by no job."""
        seen: list[int] = []
        declare(work=lambda run: seen.append(marks()))
        jobs.enqueue("test.job", "a")
        asked = threading.Event()

        def turn(number: int) -> None:
            if number == 0:
                with transaction.atomic():
                    mark()
                    jobs.enqueue("test.job", "a")
                    asked.set()
                    time.sleep(0.4)
                return
            asked.wait()
            while not seen:
                if (run := jobs.claim()) is not None:
                    jobs.perform(run)
                time.sleep(0.02)

        race(2, turn)
        assert seen == [1]


@pytest.mark.django_db(transaction=True)
class TestWorker:
    """The loop, and the process of a heavy job."""

    def until(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        """Let a worker work until something is so."""
        stop = threading.Event()

        def run(_: int) -> None:
            worker.work(stop, idle=0.02)

        def wait() -> None:
            end = time.monotonic() + seconds
            while not condition() and time.monotonic() < end:
                time.sleep(0.02)
            stop.set()
            connections.close_all()

        watcher = threading.Thread(target=wait)
        watcher.start()
        race(1, run)
        watcher.join()
        assert condition()

    def ended(self, job: Job) -> bool:
        return Job.objects.get(pk=job.pk).state in (State.DONE, State.FAILED, State.CANCELLED)

    def test_it_stays_when_something_breaks(self, declare: Declare, caplog) -> None:
        def work(run: jobs.Run) -> None:
            if run.job.attempts == 1:
                raise RuntimeError("first")

        def ended() -> bool:
            Job.objects.filter(state=State.QUEUED).update(not_before=timezone.now())
            return self.ended(job)

        declare(work=work)
        job = jobs.enqueue("test.job", "a")
        self.until(ended)
        job.refresh_from_db()
        assert (job.state, job.attempts) == (State.DONE, 2)
        assert "job failed" in caplog.text

    def test_a_light_job_longer_than_its_lease_keeps_it(
        self, declare: Declare, monkeypatch
    ) -> None:
        monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.6))
        declare(work=lambda run: time.sleep(1.2))
        jobs.enqueue("test.job", "a")
        run = jobs.claim()
        with heartbeat(run):
            time.sleep(1.2)
            assert jobs.claim() is None
        jobs.perform(run)
        assert Job.objects.get().state == State.DONE

    @pytest.fixture
    def apart(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, declare: Declare) -> None:
        """A heavy kind of job that the child's process knows too."""
        (tmp_path / "heavy_settings.py").write_text(
            "from corridor.site.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'heavy_app']\n"
        )
        (tmp_path / "heavy_app").mkdir()
        (tmp_path / "heavy_app" / "__init__.py").touch()
        (tmp_path / "heavy_app" / "jobs.py").write_text(
            textwrap.dedent("""
            import os, time
            from corridor.site.core.jobs import job

            @job("test.heavy", heavy=True)
            def work(run):
                if run.payload.get("kill") and run.job.attempts == 1:
                    os.kill(os.getpid(), 9)
                if run.payload.get("sleep"):
                    run.progress(1, 2, "sleeping", now=True)
                    time.sleep(60)
                with run.finish(pid=os.getpid()):
                    pass
            """)
        )
        path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH", "")]))
        monkeypatch.setenv("PYTHONPATH", path)
        monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "heavy_settings")
        declare("test.heavy", heavy=True)

    def test_a_heavy_job_has_a_process_of_its_own(self, apart: None) -> None:
        job = jobs.enqueue("test.heavy", "a")
        self.until(lambda: self.ended(job))
        job.refresh_from_db()
        assert job.state == State.DONE
        assert job.result["pid"] != os.getpid()

    def test_a_killed_process_is_tried_again(self, apart: None) -> None:
        job = jobs.enqueue("test.heavy", "a", {"kill": True})
        run = jobs.claim()
        worker.perform(run, threading.Event())
        job.refresh_from_db()
        assert (job.state, job.attempts) == (State.QUEUED, 1)
        assert "-9" in job.message
        Job.objects.update(not_before=timezone.now())
        worker.perform(jobs.claim(), threading.Event())
        job.refresh_from_db()
        assert (job.state, job.attempts) == (State.DONE, 2)

    def test_a_worker_told_to_stop_puts_it_back(self, apart: None) -> None:
        job = jobs.enqueue("test.heavy", "a", {"sleep": True})

        def asleep() -> bool:
            return Job.objects.get(pk=job.pk).message == "sleeping"

        self.until(asleep)
        job.refresh_from_db()
        assert (job.state, job.attempts, job.lease) == (State.QUEUED, 0, "")

    def test_the_process_ends_with_its_worker(self, apart: None) -> None:
        jobs.enqueue("test.heavy", "a", {"sleep": True})
        run = jobs.claim()
        command = [sys.executable, "-m", "corridor.site.core.heavy", str(run.job.pk), run.lease]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as child:
            while Job.objects.get().message != "sleeping":
                time.sleep(0.02)
            child.stdin.close()  # what the system does when the worker is killed
            assert child.wait(timeout=5) == 1
