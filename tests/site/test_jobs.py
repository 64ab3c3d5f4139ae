"""Jobs: claimed by one worker at a time, tried three times, and what they write last written once."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cast import cast
from django.db import connections, transaction
from django.utils import timezone

from corridor.site.core import jobs, worker
from corridor.site.core.actor import PUBLIC
from corridor.site.core.errors import Missing, NotNow
from corridor.site.core.models import AuditEntry, Job, OnceToken, RateBucket
from corridor.site.core.worker import heartbeat

Declare = Callable[..., frozenset[str]]
State = Job.State


def mark(name: str = "x") -> None:
    """Something a job writes, to be counted."""
    RateBucket.objects.create(key=f"{name}-{time.monotonic_ns()}", opened_at=timezone.now())


def marks() -> int:
    return RateBucket.objects.count()


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Iterator[Declare]:
    """Declares a kind of job for one test, the only one there is."""
    monkeypatch.setattr(jobs, "KINDS", {})

    def declared(
        name: str = "test.job", work: Callable[[jobs.Run], None] = lambda run: None, **how
    ):
        jobs.job(name, **how)(work)
        return frozenset({name})

    yield declared


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the clock so many seconds after a fixed time."""
    start = datetime(2026, 11, 22, 4, tzinfo=UTC)

    def at(seconds: float) -> None:
        monkeypatch.setattr(timezone, "now", lambda: start + timedelta(seconds=seconds))

    at(0)
    return at


def race(count: int, do: Callable[[int], None]) -> None:
    """Does the same in threads that begin together; their errors are raised here."""
    gate, errors = threading.Barrier(count), []

    def run(number: int) -> None:
        try:
            gate.wait()
            do(number)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.mark.django_db
class TestQueue:
    """What waits, and what is taken first."""

    def test_the_same_work_waits_once(self, declare: Declare) -> None:
        declare()
        first = jobs.enqueue("test.job", "a", {"n": 1})
        assert jobs.enqueue("test.job", "a", {"n": 2}) == first
        assert jobs.enqueue("test.job", "b") != first
        assert jobs.enqueue("test.job") != jobs.enqueue("test.job")
        assert Job.objects.count() == 4

    def test_a_kind_nobody_declared_is_refused(self, declare: Declare) -> None:
        declare()
        with pytest.raises(ValueError, match=r"test\.other"):
            jobs.enqueue("test.other")

    def test_a_kind_is_declared_once(self, declare: Declare) -> None:
        declare()
        with pytest.raises(ValueError, match="two jobs"):
            declare()

    def test_what_was_not_kept_queues_nothing(self, declare: Declare) -> None:
        declare()
        with pytest.raises(RuntimeError), transaction.atomic():
            jobs.enqueue("test.job", "a")
            raise RuntimeError
        assert not Job.objects.exists()

    def test_oldest_first_and_not_before_its_time(self, declare: Declare, clock) -> None:
        declare()
        later = jobs.enqueue("test.job", "later", after=timedelta(minutes=5))
        first, second = jobs.enqueue("test.job", "1"), jobs.enqueue("test.job", "2")
        taken = [jobs.claim(), jobs.claim(), jobs.claim()]
        assert [run and run.job for run in taken] == [first, second, None]
        clock(301)
        assert jobs.claim().job == later

    def test_work_under_way_is_not_begun_again_beside_itself(self, declare: Declare) -> None:
        declare()
        jobs.enqueue("test.job", "a")
        run = jobs.claim()
        again = jobs.enqueue("test.job", "a")
        assert again != run.job
        assert jobs.claim() is None
        jobs.perform(run)
        assert jobs.claim().job == again

    def test_only_the_kinds_asked_for(self, declare: Declare) -> None:
        declare("test.a")
        other = declare("test.b")
        jobs.enqueue("test.a")
        wanted = jobs.enqueue("test.b")
        assert jobs.claim(kinds=other).job == wanted


@pytest.mark.django_db
class TestOnce:
    """What a job writes last, and its end, are one."""

    def test_done_with_what_it_wrote(self, declare: Declare) -> None:
        def work(run: jobs.Run) -> None:
            assert run.payload == {"n": 3}
            with run.finish("好了", told=1) as result:
                result["more"] = 2
                mark()

        declare(work=work)
        job = jobs.enqueue("test.job", "a", {"n": 3})
        jobs.perform(jobs.claim())
        job.refresh_from_db()
        assert (job.state, job.result, job.message) == (State.DONE, {"told": 1, "more": 2}, "好了")
        assert (job.attempts, marks()) == (1, 1)
        assert job.finished_at is not None and job.lease == ""

    def test_nothing_is_written_where_the_last_step_fails(self, declare: Declare) -> None:
        def work(run: jobs.Run) -> None:
            with run.finish():
                mark()
                raise RuntimeError("电话 13800001234")

        declare(work=work)
        job = jobs.enqueue("test.job", "a")
        jobs.perform(jobs.claim())
        job.refresh_from_db()
        assert (job.state, marks()) == (State.QUEUED, 0)
        assert "138****1234" in job.message

    def test_three_attempts_with_longer_and_longer_waits(self, declare: Declare, clock) -> None:
        def work(run: jobs.Run) -> None:
            raise RuntimeError("no")

        declare(work=work)
        job = jobs.enqueue("test.job", "a")
        waits, now = [], 0
        while (run := jobs.claim()) is not None:
            jobs.perform(run)
            job.refresh_from_db()
            if job.state == State.QUEUED:
                wait = (job.not_before - timezone.now()).total_seconds()
                waits.append(wait)
                clock(now + wait - 1)
                assert jobs.claim() is None
                now += wait
                clock(now)
        assert waits == [30, 180]
        assert (job.state, job.attempts, job.message) == (State.FAILED, 3, "RuntimeError: no")

    def test_a_failure_makes_way_for_the_same_work_queued_anew(self, declare: Declare) -> None:
        def work(run: jobs.Run) -> None:
            jobs.enqueue("test.job", "a")
            raise RuntimeError("no")

        declare(work=work)
        job = jobs.enqueue("test.job", "a")
        jobs.perform(jobs.claim())
        job.refresh_from_db()
        assert job.state == State.FAILED
        assert Job.objects.filter(state=State.QUEUED).count() == 1

    def test_who_lost_the_lease_cannot_finish(self, declare: Declare, clock) -> None:
        declare()
        job = jobs.enqueue("test.job", "a")
        slow = jobs.claim()
        clock(31)
        quick = jobs.claim()
        assert (quick.job, slow.lease != quick.lease) == (job, True)
        with pytest.raises(jobs.LeaseLost):
            slow.progress(1, 2, now=True)
        with pytest.raises(jobs.LeaseLost), slow.finish():
            mark("slow")
        with quick.finish():
            mark("quick")
        with pytest.raises(jobs.LeaseLost), slow.finish():
            mark("slow")
        job.refresh_from_db()
        assert (job.state, job.attempts, marks()) == (State.DONE, 2, 1)

    def test_perform_leaves_a_lost_job_to_the_other(self, declare: Declare, clock) -> None:
        def work(run: jobs.Run) -> None:
            clock(31)
            others.append(jobs.claim())
            with run.finish():
                mark()

        others: list[jobs.Run] = []
        declare(work=work)
        job = jobs.enqueue("test.job", "a")
        jobs.perform(jobs.claim())
        job.refresh_from_db()
        assert (job.state, job.lease, marks()) == (State.RUNNING, others[0].lease, 0)

    def test_three_killed_workers_are_enough(self, declare: Declare, clock) -> None:
        declare()
        job = jobs.enqueue("test.job", "a")
        for attempt in range(3):
            clock(attempt * 31)
            assert jobs.claim().job == job
        clock(93)
        assert jobs.claim() is None
        job.refresh_from_db()
        assert (job.state, job.attempts) == (State.FAILED, 3)
        assert "三次" in job.message


@pytest.mark.django_db
class TestProgress:
    """How far a job is, and asking it to stop."""

    def test_told_at_most_once_a_second(self, declare: Declare, clock) -> None:
        declare()
        job = jobs.enqueue("test.job", "a")
        run = jobs.claim()
        run.progress(1, 9, "甲")
        job.refresh_from_db()
        assert job.total_units == 0
        clock(1)
        run.progress(2, 9, "乙")
        job.refresh_from_db()
        assert (job.done_units, job.total_units, job.message) == (2, 9, "乙")
        assert job.lease_until == timezone.now() + jobs.LEASE

    def test_a_job_that_waits_is_cancelled_at_once(self, declare: Declare) -> None:
        people = cast()
        declare()
        job = jobs.cancel(people.alice, jobs.enqueue("test.job", actor=people.alice).pk)
        assert job.state == State.CANCELLED
        assert jobs.claim() is None
        assert AuditEntry.objects.get().verb == "job.cancel"
        with pytest.raises(NotNow):
            jobs.cancel(people.alice, job.pk)

    def test_a_job_under_way_stops_at_its_next_word(self, declare: Declare) -> None:
        def work(run: jobs.Run) -> None:
            jobs.cancel(people.alice, run.job.pk)
            run.progress(1, 2, now=True)
            mark()

        people = cast()
        declare(work=work)
        job = jobs.enqueue("test.job", actor=people.alice)
        jobs.perform(jobs.claim())
        job.refresh_from_db()
        assert (job.state, marks()) == (State.CANCELLED, 0)

    def test_or_at_its_end(self, declare: Declare) -> None:
        def work(run: jobs.Run) -> None:
            jobs.cancel(people.alice, run.job.pk)
            with run.finish():
                mark()

        people = cast()
        declare(work=work)
        job = jobs.enqueue("test.job", actor=people.alice)
        jobs.perform(jobs.claim())
        job.refresh_from_db()
        assert (job.state, marks()) == (State.CANCELLED, 0)

    def test_or_when_its_worker_has_died(self, declare: Declare, clock) -> None:
        people = cast()
        declare()
        job = jobs.enqueue("test.job", actor=people.alice)
        jobs.claim()
        jobs.cancel(people.alice, job.pk)
        clock(31)
        assert jobs.claim() is None
        job.refresh_from_db()
        assert job.state == State.CANCELLED

    def test_not_by_others(self, declare: Declare) -> None:
        people = cast()
        declare()
        job = jobs.enqueue("test.job", actor=people.alice)
        for stranger in (people.bob, people.carol, people.suzhou, people.judge, PUBLIC):
            with pytest.raises(Missing):
                jobs.cancel(stranger, job.pk)

    def test_its_page(self, declare: Declare, login: Callable[..., object]) -> None:
        people = cast()
        declare()
        job = jobs.enqueue("test.job", actor=people.alice)
        Job.objects.update(done_units=3, total_units=12, message="第 3 批")
        page = login(people.alice).get(f"/jobs/{job.pk}/")
        assert "第 3 批" in page.text and "3" in page.text
        part = login(people.alice).get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"})
        assert "<html" not in part.text and "第 3 批" in part.text
        assert login(people.bob).get(f"/jobs/{job.pk}/").status_code == 404
        assert login(people.alice).post(f"/jobs/{job.pk}/cancel/").status_code == 302
        assert "已取消" in login(people.alice).get(f"/jobs/{job.pk}/").text


@pytest.mark.django_db
class TestClock:
    """The clock's own jobs, and a clock that goes backwards."""

    def test_one_a_slot(self, declare: Declare) -> None:
        declare(every=timedelta(minutes=1))
        at = datetime(2026, 11, 22, 4, 0, 30, tzinfo=UTC)
        jobs.queue_periodic(at)
        jobs.queue_periodic(at + timedelta(seconds=20))
        assert Job.objects.count() == 1
        jobs.perform(jobs.claim())
        jobs.queue_periodic(at + timedelta(seconds=29))
        assert Job.objects.count() == 1
        jobs.queue_periodic(at + timedelta(seconds=30))
        jobs.queue_periodic(at)
        assert Job.objects.count() == 2

    def test_a_slot_longer_than_ended_jobs_are_kept_is_refused(self, declare: Declare) -> None:
        with pytest.raises(ValueError, match="cannot be queued"):
            declare(every=timedelta(days=31))

    def test_tidied_jobs_do_not_come_again(self, declare: Declare, clock) -> None:
        declare(every=timedelta(days=7))
        declare("test.minute", every=timedelta(minutes=1))
        declare("test.asked")
        jobs.enqueue("test.asked")
        jobs.queue_periodic()
        while (run := jobs.claim()) is not None:
            jobs.perform(run)
        clock(2 * 86400)
        assert jobs.tidy() == 1  # the minute's
        clock(3 * 86400)
        jobs.queue_periodic()
        assert Job.objects.filter(kind="test.job").count() == 1
        clock(31 * 86400)
        assert jobs.tidy() == 2

    def test_a_job_from_the_future_is_done_now(self, declare: Declare, clock) -> None:
        declare()
        job = jobs.enqueue("test.job", "a")
        clock(-3600)
        assert jobs.claim().job == job

    def test_a_worker_that_died_in_the_future_is_not_waited_for(
        self, declare: Declare, clock
    ) -> None:
        declare()
        job = jobs.enqueue("test.job", "a")
        dead = jobs.claim()
        clock(-3600)
        again = jobs.claim()
        assert (again.job, again.lease != dead.lease) == (job, True)

    def test_progress_is_told_although_the_clock_went_back(self, declare: Declare, clock) -> None:
        declare()
        jobs.enqueue("test.job", "a")
        run = jobs.claim()
        clock(-3600)
        run.progress(1, 2)
        job = Job.objects.get()
        assert (job.done_units, job.lease_until) == (1, timezone.now() + jobs.LEASE)

    def test_the_daily_tidying(self) -> None:
        old = timezone.now() - timedelta(days=40)
        RateBucket.objects.create(key="old", opened_at=old)
        OnceToken.objects.create(key="old", content="", at=old)
        RateBucket.objects.create(key="new", opened_at=timezone.now())
        ended = Job.objects.create(
            kind="x", key="y", not_before=old, finished_at=old, state=State.DONE
        )
        job = jobs.enqueue("core.tidy")
        jobs.perform(jobs.claim(kinds=frozenset({"core.tidy"})))
        job.refresh_from_db()
        assert job.state == State.DONE
        assert job.result.pop("audit")[0] == 0
        assert job.result == {"files": 0, "limits": 1, "forms": 1, "jobs": 1, "sessions": 0}
        assert not Job.objects.filter(pk=ended.pk).exists()
        assert jobs.KINDS["core.tidy"].every == timedelta(days=1)


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
