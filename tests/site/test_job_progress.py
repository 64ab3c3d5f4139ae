"""Jobs while they run: what they tell, and how they are cancelled."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cast import cast
from django.utils import timezone
from job_kinds import Declare, mark, marks

from corridor.site.core import jobs
from corridor.site.core.actor import PUBLIC
from corridor.site.core.errors import Missing, NotNow
from corridor.site.core.models import AuditEntry, Job

State = Job.State


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
