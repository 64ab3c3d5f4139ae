"""Jobs and time: what is queued each slot, tidied away, and a clock that jumps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from job_kinds import Declare

from corridor.site.core import jobs
from corridor.site.core.models import Job, OnceToken, RateBucket

State = Job.State


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
