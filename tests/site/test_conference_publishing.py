"""A timetable published: what was settled while it was worked out, and what becomes of the others."""

from __future__ import annotations

import pytest
from browsing import Login
from conferring import Fair, begin, of, planned, published, solved  # noqa: F401
from django.urls import reverse

from corridor.site.conference import desk, meetings, planning
from corridor.site.conference.models import Conference, Meeting, Participant, Plan
from corridor.site.conference.views import planning as views
from corridor.site.core.errors import NotNow
from corridor.site.core.models import AuditEntry
from corridor.site.docking.models import Introduction
from corridor.site.docking.models import State as Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solved")]
S, M, P = Conference.State, Meeting.State, Plan.State
NAMES = ("alice", "dora", "erik", "frida", "gina")


def crowd() -> Fair:
    """Alice has agreed to meet everyone else."""
    fair = begin(NAMES, slots=6)
    for name in NAMES[1:]:
        fair.agree("alice", name)
    return fair


def between(fair: Fair, name: str) -> Meeting:
    """What Alice has with somebody."""
    return of(Meeting.objects.get(b=fair.parts[name]))


def without(plan: Plan, meeting: Meeting) -> Plan:
    """The timetable, had it left out a meeting."""
    plan.unplaced[meeting.introduction.ref] = "outweighed"
    del plan.placed[meeting.introduction.ref]
    plan.save()
    return plan


# --- what was settled meanwhile ---


@pytest.mark.parametrize("what", ["taken", "moved", "fixed"])
def test_publishing_undoes_nothing_that_was_settled_since_the_plan_was_asked_for(what: str) -> None:
    fair = crowd()
    one = between(fair, "gina")
    first = planned(fair)
    planning.publish(fair.who.office, without(first, one) if what == "taken" else first)
    plan = planned(fair)
    if what == "taken":
        without(plan, one)
        meetings.take(fair.who.alice, between(fair, "gina"), fair.slot(6))
    elif what == "moved":
        meetings.move(fair.who.office, between(fair, "gina"), fair.slot(6))
    else:
        without(plan, one)
        meetings.fix(fair.who.office, between(fair, "gina"), between(fair, "gina").slot)
    before, told = between(fair, "gina"), fair.told("gina")
    with pytest.raises(NotNow) as refused:
        planning.publish(fair.who.office, plan)
    assert "1 场洽谈" in refused.value.message and "请重新排期" in refused.value.message
    after = between(fair, "gina")
    assert (after.state, after.slot, after.version) == (M.PLACED, before.slot, before.version)
    assert fair.told("gina") == told


def test_what_was_settled_as_the_plan_has_it_does_not_hold_it_up() -> None:
    fair = crowd()
    one = between(fair, "gina")
    planning.publish(fair.who.office, without(planned(fair), one))
    plan = planned(fair)
    number, _table = plan.placed[one.introduction.ref]
    meetings.take(fair.who.alice, between(fair, "gina"), fair.slot(number))
    planning.publish(fair.who.office, plan)
    assert (of(one).state, of(one).slot.number, of(one).version) == (M.PLACED, number, 1)


def test_what_stood_when_the_plan_was_asked_for_may_lose_its_place() -> None:
    fair = crowd()
    published(fair)
    one = between(fair, "gina")
    planning.publish(fair.who.office, without(planned(fair), one))
    assert (of(one).state, of(one).slot) == (M.ACCEPTED, None)


# --- what becomes of the other timetables ---


def states(fair: Fair) -> list[str]:
    """Of all timetables, the first first."""
    found = Plan.objects.filter(conference=fair.conference).order_by("id")
    return list(found.values_list("state", flat=True))


def test_planning_anew_does_without_the_timetable_that_waited() -> None:
    fair = crowd()
    first = planned(fair)
    second = planned(fair)
    assert states(fair) == [P.DROPPED, P.READY]
    with pytest.raises(NotNow):
        planning.publish(fair.who.office, first)
    planning.publish(fair.who.office, second)
    assert states(fair) == [P.DROPPED, P.PUBLISHED]
    assert not desk.organised(fair.who.office).get().ready


def test_a_published_timetable_holds_until_another_is_published() -> None:
    fair = crowd()
    published(fair)
    second = planned(fair)
    assert states(fair) == [P.PUBLISHED, P.READY]
    Plan.objects.create(conference=fair.conference, state=P.READY)
    planning.publish(fair.who.office, second)
    assert states(fair) == [P.DROPPED, P.PUBLISHED, P.DROPPED]


# --- on record ---


def test_what_publishing_does_to_the_conference_is_on_record() -> None:
    fair = crowd()
    first = published(fair)
    mine = AuditEntry.objects.filter(thing=f"conference:{fair.conference.ref}")
    entry = mine.get(verb="conference.timetable")
    assert entry.diff == {"state": [S.CLOSED, S.PLANNED], "plan_id": [None, first.pk]}
    second = published(fair)
    entry = mine.filter(verb="conference.timetable").order_by("id").last()
    assert entry.diff == {"plan_id": [first.pk, second.pk]}
    assert entry.user == fair.who.office.user


def test_each_timetable_done_without_is_on_record() -> None:
    fair = crowd()
    first = planned(fair)
    second = published(fair)
    third = published(fair)
    gone = AuditEntry.objects.filter(verb="conference.plan_dropped").order_by("id")
    assert [(one.thing, one.diff) for one in gone] == [
        (f"plan:{first.pk}", {"state": [P.READY, P.DROPPED]}),
        (f"plan:{second.pk}", {"state": [P.PUBLISHED, P.DROPPED]}),
    ]
    assert Plan.objects.get(state=P.PUBLISHED) == third


# --- who is told of what came free ---


def waiting(fair: Fair) -> Meeting:
    """Alice and Gina wait, although there are slots that both have free; Dora meets Erik."""
    fair.agree("dora", "erik")
    one = between(fair, "gina")
    planning.publish(fair.who.office, without(planned(fair), one))
    return of(one)


def test_those_who_wait_are_told_of_what_came_free_for_them_and_of_nothing_else() -> None:
    fair = crowd()
    waiting(fair)
    told = fair.told("gina")
    meetings.cancel(fair.actor("dora"), Meeting.objects.get(a=fair.parts["dora"]))
    assert fair.told("gina") == told
    meetings.cancel(fair.actor("frida"), between(fair, "frida"))
    assert fair.told("gina") == [*told, "freed"]


def test_a_place_that_comes_free_by_number_is_told_too() -> None:
    fair = crowd()
    one = waiting(fair)
    Participant.objects.filter(pk=fair.parts["alice"].pk).update(most=3)
    Participant.objects.filter(pk=one.b_id).update(away=[between(fair, "frida").slot.number])
    told = fair.told("gina")
    meetings.cancel(fair.actor("frida"), between(fair, "frida"))
    assert fair.told("gina") == [*told, "freed"]


def test_of_an_introduction_that_has_ended_nobody_waits() -> None:
    fair = crowd()
    one = waiting(fair)
    Introduction.objects.filter(pk=one.introduction_id).update(state=Stage.CLOSED)
    told = fair.told("gina")
    meetings.cancel(fair.actor("frida"), between(fair, "frida"))
    assert fair.told("gina") == told


# --- what the page lists ---


def test_of_many_without_a_place_those_worth_most_are_listed(
    login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    fair = crowd()
    plan = planned(fair)
    left = [between(fair, name) for name in NAMES[1:]]
    for one in left:
        without(plan, one)
    meetings.set_value(fair.who.office, left[-1], 500)
    monkeypatch.setattr(views, "LISTED", 2)
    page = login(fair.who.office).get(reverse("conference:plan", args=[fair.conference.ref])).text
    shown = [one for one in left if one.introduction.ref in page]
    assert len(shown) == 2 and left[-1] in shown
