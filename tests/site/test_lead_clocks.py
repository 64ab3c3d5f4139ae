"""The clocks of leads: what is promised, what is overdue, what rings once, what a wrong clock does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from cast import HEFEI, SUZHOU, Cast
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from corridor.site.core import audit, jobs
from corridor.site.core.actor import Actor
from corridor.site.core.errors import Forbidden, Invalid
from corridor.site.leads import actions, alarms, clocks, intake, queries
from corridor.site.leads.models import EndReason, Lead, LeadEvent, State, Stated
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALL = [str(one) for one in Stated]
Travel = Callable[[datetime | timedelta], datetime]


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Travel:
    """Sets the clock on the wall, or moves it on from where it stands; it then stands still."""
    now = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: now[0])

    def to(when: datetime | timedelta) -> datetime:
        now[0] = now[0] + when if isinstance(when, timedelta) else when
        return now[0]

    return to


def reported(number: int = 0, wish: str = SUZHOU, **more: Any) -> Lead:
    said = intake.Report(
        need=f"第 {number} 条需求，找厂房",
        company=f"公司{number}",
        contact_name="周明远",
        phone=f"139{number:08d}",
        wish=wish,
    )
    return intake.report(said, **more)


def overdue(lead: Lead) -> bool:
    timing = queries.timing(Lead.objects.get(pk=lead.pk))
    return timing is not None and timing.overdue


def told(kind: str) -> int:
    return Notice.objects.filter(kind=kind).count()


def test_the_defaults_are_one_three_seven_and_fourteen_days(people: Cast) -> None:
    assert clocks.lengths() == {"contact": 1, "judge": 3, "answer": 7, "progress": 14}


def test_a_late_step_does_not_move_the_promise(people: Cast, travel: Travel) -> None:
    lead = reported()
    start = lead.first_reported_at
    assert (lead.contact_due, lead.judge_due, lead.answer_due) == (
        start + DAY, start + 3 * DAY, start + 7 * DAY,
    )  # fmt: skip
    travel(2 * DAY)
    assert overdue(lead)
    actions.contact(people.suzhou, lead)
    assert not overdue(lead)
    travel(2 * DAY)
    assert overdue(lead)
    actions.judge_valid(people.suzhou, lead, ALL)
    lead.refresh_from_db()
    assert (lead.clock, lead.due_at) == ("answer", start + 7 * DAY)
    answered = travel(DAY)
    actions.answer(people.suzhou, lead, "可以安排")
    lead.refresh_from_db()
    assert (lead.clock, lead.due_at) == ("progress", answered + 14 * DAY)
    again = travel(10 * DAY)
    actions.progress(people.suzhou, lead, "在谈")
    lead.refresh_from_db()
    assert lead.due_at == again + 14 * DAY


def test_invalid_leads_are_still_owed_an_answer(people: Cast, travel: Travel) -> None:
    lead = reported()
    actions.contact(people.suzhou, lead)
    actions.judge_invalid(people.suzhou, lead, [], EndReason.EXCLUDED, "不在招商范围")
    travel(8 * DAY)
    assert overdue(lead)
    actions.close(people.suzhou, lead, EndReason.EXCLUDED, "抱歉，不在招商范围")
    assert not overdue(lead)


def test_overdue_comes_first(people: Cast, travel: Travel) -> None:
    old = reported(1)
    actions.contact(people.suzhou, old)
    late = reported(2)
    travel(2 * DAY)
    new = reported(3)
    done = reported(4)
    actions.close(people.suzhou, done, EndReason.SPAM)
    other = reported(5, wish=HEFEI)
    assert list(queries.open_leads(people.suzhou)) == [late, new, old]
    dues = [lead.due_at for lead in queries.open_leads(people.suzhou)]
    assert dues == sorted(dues)
    assert set(queries.open_leads(people.office)) == {old, late, new, other}
    assert queries.counts(people.suzhou) == {
        "open": 3, "overdue": 1, "held": 0, "asked": 0, "done": 1,
    }  # fmt: skip


def test_each_clock_reminds_once_and_escalates_once(people: Cast, travel: Travel) -> None:
    lead = reported()
    assert alarms.ring() == 0
    travel(17 * HOUR)
    assert alarms.ring() == 0
    travel(2 * HOUR)
    assert [alarms.ring(), alarms.ring()] == [1, 0]
    assert (told("lead.remind_contact"), told("lead.over_contact")) == (1, 0)
    travel(6 * HOUR)
    assert [alarms.ring(), alarms.ring()] == [1, 0]
    users = set(Notice.objects.filter(kind="lead.over_contact").values_list("user", flat=True))
    assert users == {people.suzhou.user, people.office.user}
    assert lead.events.filter(what="escalate").count() == 1
    actions.contact(people.suzhou, lead)
    travel(5 * DAY)
    assert [alarms.ring(), alarms.ring()] == [1, 0]
    assert told("lead.remind_judge") == 0
    assert told("lead.over_judge") == 2
    assert list(audit.faults()) == []


def test_an_action_in_time_silences_the_clock(people: Cast, travel: Travel) -> None:
    lead = reported()
    travel(12 * HOUR)
    actions.contact(people.suzhou, lead)
    travel(20 * HOUR)
    assert alarms.ring() == 0
    actions.close(people.suzhou, lead, EndReason.GAVE_UP, "感谢关注")
    travel(60 * DAY)
    assert alarms.ring() == 0


def test_the_job_rings(people: Cast, travel: Travel) -> None:
    reported()
    travel(2 * DAY)
    jobs.enqueue("leads.clocks")
    run = jobs.claim(kinds=frozenset({"leads.clocks"}))
    assert run is not None
    jobs.perform(run)
    run.job.refresh_from_db()
    assert (run.job.state, run.job.result) == ("done", {"rang": 1})


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_ring_once(people: Cast) -> None:
    lead = reported()
    later = lead.first_reported_at + 2 * DAY

    def work() -> None:
        alarms.ring(later)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert LeadEvent.objects.filter(what="escalate").count() == 1
    assert told("lead.over_contact") == 2


def test_held_leads_ring_together(people: Cast, travel: Travel) -> None:
    for number in range(5):
        reported(number, suspicions=["link"])
    travel(2 * DAY)
    assert alarms.ring() == 5
    notice = Notice.objects.filter(user_id=people.suzhou.user).get()
    assert (notice.kind, notice.params) == ("lead.held", {"n": 5})
    assert notice.url.endswith("?show=held")
    assert alarms.ring() == 0


def test_a_lead_of_nobody_rings_at_the_office(people: Cast, travel: Travel) -> None:
    reported(wish="")
    travel(2 * DAY)
    alarms.ring()
    assert {n.user_id for n in Notice.objects.filter(kind="lead.over_contact")} == {
        people.office.user
    }


# --- a clock that is wrong ---


def test_a_clock_set_back_makes_nothing_late_and_nothing_long(people: Cast, travel: Travel) -> None:
    lead = reported()
    travel(-400 * DAY)
    timing = queries.timing(Lead.objects.get(pk=lead.pk))
    assert timing is not None
    assert not timing.overdue
    assert timing.due - timezone.now() == DAY
    assert alarms.ring() == 0
    actions.contact(people.suzhou, lead)
    actions.judge_valid(people.suzhou, lead, ALL)
    actions.answer(people.suzhou, lead, "可以安排")
    actions.talk(people.suzhou, lead)
    lead.refresh_from_db()
    assert lead.contacted_at == lead.judged_at == lead.answered_at == lead.first_reported_at
    travel(401 * DAY)
    assert not overdue(lead)
    assert [(r.part, r.whole) for r in queries.numbers(people.suzhou).rates[:3]] == [(1, 1)] * 3


def test_progress_told_while_the_clock_is_back_is_not_late_after(
    people: Cast, travel: Travel
) -> None:
    lead = reported()
    travel(HOUR)
    actions.contact(people.suzhou, lead)
    actions.judge_valid(people.suzhou, lead, ALL)
    actions.answer(people.suzhou, lead, "可以安排")
    right = travel(10 * DAY)
    actions.progress(people.suzhou, lead, "一")
    travel(-9 * DAY)
    actions.progress(people.suzhou, lead, "二")
    lead.refresh_from_db()
    assert lead.progress_at == right
    travel(right)
    assert not overdue(lead)


def test_what_was_stamped_while_the_clock_was_ahead_ends_in_time(
    people: Cast, travel: Travel
) -> None:
    right = timezone.now()
    travel(1000 * DAY)
    lead = reported()
    travel(right)
    alarms.ring()
    lead.refresh_from_db()
    assert lead.due_at == right + DAY
    alarms.ring()
    lead.refresh_from_db()
    assert lead.due_at == right + DAY
    travel(2 * DAY)
    assert overdue(lead)
    assert alarms.ring() == 1
    assert told("lead.over_contact") == 2


# --- the office sets them ---


def test_the_office_sets_the_clocks_for_leads_to_come(
    people: Cast, login: Callable[[Actor], Client]
) -> None:
    before = reported(1)
    office, url = login(people.office), reverse("leads:clocks")
    data = {"contact": "2", "judge": "5", "answer": "10", "progress": "30"}
    assert office.post(url, data).status_code == 302
    after = reported(2)
    assert after.answer_due - after.first_reported_at == 10 * DAY
    before.refresh_from_db()
    assert before.answer_due - before.first_reported_at == 7 * DAY
    form = Client().get(reverse("leads:new")).content.decode()
    assert "2 天内与您联系，10 天内给出答复" in form
    for wrong in ("0", "91", "x", ""):
        assert office.post(url, {**data, "contact": wrong}).status_code == 422
    assert "由走廊办调整" in login(people.suzhou).get(url).content.decode()
    assert login(people.suzhou).post(url, data).status_code == 403
    assert list(audit.faults()) == []


def test_clocks_are_set_by_the_office_only(people: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.set_clocks(people.suzhou, {"contact": 2})
    for wrong in ({"contact": 0}, {"contact": 91}, {"lunch": 1}):
        with pytest.raises(Invalid):
            actions.set_clocks(people.office, wrong)


# --- the numbers ---


def test_rates_count_clocks_that_have_ended(people: Cast, travel: Travel) -> None:
    in_time, late, waiting, spam = (reported(n) for n in range(4))
    actions.contact(people.suzhou, in_time)
    actions.judge_valid(people.suzhou, in_time, ALL)
    actions.close(people.suzhou, spam, EndReason.SPAM)
    early = reported(5)
    actions.close(people.suzhou, early, EndReason.DUPLICATE, "与您上一条合并办理")
    travel(2 * DAY)
    actions.contact(people.suzhou, late)
    fresh = reported(6)
    found = queries.numbers(people.suzhou)
    assert found.received == 5
    contact, judge, answer, valid, converted = found.rates
    assert (contact.part, contact.whole) == (1, 3)
    assert (judge.part, judge.whole) == (1, 1)
    assert (answer.part, answer.whole) == (1, 1)
    assert (valid.part, valid.whole) == (1, 1)
    assert (converted.part, converted.whole) == (0, 1)
    assert found.window == "近 30 天"
    assert waiting.state == fresh.state == State.RECEIVED
    assert queries.numbers(people.office, city=HEFEI).received == 0
    travel(40 * DAY)
    assert queries.numbers(people.suzhou).received == 0
    assert queries.numbers(people.alice).received == 0
