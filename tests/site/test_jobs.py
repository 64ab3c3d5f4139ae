"""Jobs: claimed by one worker at a time, tried three times, and what they write last written once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from job_kinds import Declare, mark, marks

from corridor.site.core import jobs
from corridor.site.core.models import Job

State = Job.State


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

    def test_the_urgent_first_then_the_oldest(self, declare: Declare) -> None:
        declare("test.heavy", heavy=True)
        declare("test.now", urgent=True)
        heavy = [jobs.enqueue("test.heavy", name) for name in "abc"]
        urgent = [jobs.enqueue("test.now", name, after=timedelta(0)) for name in "de"]
        taken = [jobs.claim() for _ in range(6)]
        assert [run and run.job for run in taken] == [*urgent, *heavy, None]

    def test_the_urgent_waits_its_own_time_and_its_turn(self, declare: Declare) -> None:
        declare("test.heavy", heavy=True)
        declare("test.now", urgent=True)
        jobs.enqueue("test.now", "a", after=timedelta(minutes=1))
        heavy = jobs.enqueue("test.heavy")
        assert jobs.claim().job == heavy
        assert jobs.claim() is None  # one under way is not broken off, one to come not taken early

    def test_an_urgent_job_that_fails_is_behind_the_other_urgent(
        self, declare: Declare, clock
    ) -> None:
        declare("test.now", urgent=True)
        declare("test.heavy")
        first, second = jobs.enqueue("test.now", "1"), jobs.enqueue("test.now", "2")
        heavy = jobs.enqueue("test.heavy")
        jobs.failed(jobs.claim(), RuntimeError())
        clock(31)
        assert [jobs.claim().job for _ in range(3)] == [second, first, heavy]

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
