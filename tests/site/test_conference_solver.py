"""From agreed meetings to a day that goes on: with the engine's own solvers, nothing in their place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsing import Login
from conferring import Fair, begin, of, planned, work
from django.urls import reverse
from django.utils import timezone

from corridor.site.conference import actions, day, meetings, planning, venue
from corridor.site.conference.models import Meeting, Participant, Plan, Table
from corridor.site.core import jobs

pytestmark = pytest.mark.django_db
Clock = Callable[[float], None]
DAY = 86400
NAMES = ("alice", "dora", "erik", "frida", "gina")


def places() -> dict[str, tuple[int, int | None]]:
    held = Meeting.objects.filter(state=Meeting.State.PLACED).select_related("slot", "introduction")
    return {one.introduction.ref: (one.slot.number, one.table_id) for one in held}


def test_a_day_is_planned_to_proven_optimality_and_planned_again() -> None:
    fair = begin(NAMES, slots=4, tables=2)
    for name in NAMES[1:]:
        fair.agree("alice", name)
    fair.agree("dora", "erik")
    fair.agree("frida", "gina")
    plan = planned(fair)
    assert (plan.state, plan.status) == ("ready", "optimal")
    assert plan.unplaced == {}
    assert plan.held == plan.held_bound and plan.idle == plan.idle_bound == 0
    assert plan.series
    planning.publish(fair.who.office, plan)
    before = places()
    assert len(before) == 6

    gina = Participant.objects.get(party_id=fair.actor("gina").party)
    day.late(fair.who.office, gina, fair.conference.slots.get(number=2))
    again = planning.replan(fair.who.office, fair.fresh(), reason="晚到")
    work("conference.replan")
    again.refresh_from_db()
    assert again.state == "ready"
    planning.publish(fair.who.office, again)
    after = places()
    late = {one.introduction.ref for one in Meeting.objects.of(gina.pk)}
    assert after.keys() == before.keys()
    assert all(after[ref][0] > 1 for ref in late)
    stood = [ref for ref in before if not (ref in late and before[ref][0] == 1)]
    assert sum(after[ref][0] != before[ref][0] for ref in stood) <= len(before) - len(stood)


# --- on the day ---


@pytest.fixture
def full(clock: Clock) -> Fair:
    """Under way, six slots of two tables; both tables of the third are taken."""
    fair = begin(NAMES, slots=6, tables=2)
    pairs = (("alice", "dora"), ("erik", "frida"), ("alice", "gina"), ("dora", "erik"))
    for number, (one, other) in zip((3, 3, 4, 5), pairs, strict=True):
        meetings.fix(fair.who.office, fair.agree(one, other), fair.slot(number))
    planning.publish(fair.who.office, planned(fair))
    clock(DAY + 60)
    actions.start(fair.who.office, fair.fresh())
    fair.fresh()
    return fair


def again(fair: Fair) -> Plan:
    """The timetable that was begun by itself, published."""
    work("conference.replan")
    return planning.publish(fair.who.office, Plan.objects.filter(again=True).latest("pk"))


def versions() -> dict[str, int]:
    return dict(Meeting.objects.values_list("introduction__ref", "version"))


def test_where_a_table_is_lost_only_its_meeting_moves(full: Fair) -> None:
    before, told = places(), versions()
    lost = Table.objects.order_by("number").first()
    assert lost is not None
    (gone,) = (ref for ref, place in before.items() if place == (3, lost.pk))
    moved = {ref for ref, (_slot, table) in before.items() if table == lost.pk} - {gone}
    day.lose_table(full.who.office, lost, full.slot(3))
    assert places().keys() == before.keys() - {gone}
    after_loss = places()
    assert {ref for ref in after_loss if after_loss[ref] != before[ref]} == moved
    plan = again(full)
    assert {ref: tuple(place) for ref, place in plan.placed.items() if ref != gone} == after_loss
    assert {ref: place for ref, place in places().items() if ref != gone} == after_loss
    assert places()[gone][0] not in (1, 3) and places()[gone][1] != lost.pk
    changed = {ref for ref, version in versions().items() if version != told[ref]}
    assert changed == moved | {gone}


def test_from_scratch_too_what_keeps_its_slot_keeps_its_table(clock: Clock) -> None:
    fair = begin(NAMES, slots=2, tables=3)
    for one, other in (("alice", "dora"), ("erik", "frida")):
        meetings.fix(fair.who.office, fair.agree(one, other), fair.slot(1))
    fair.agree("gina", "dora")
    planning.publish(fair.who.office, planned(fair))
    first = min(places().items(), key=lambda item: item[1])[0]
    Meeting.objects.filter(introduction__ref=first).update(table=Table.objects.latest("number"))
    before = places()
    plan = planned(fair)
    assert len(before) == 3
    assert {ref: tuple(place) for ref, place in plan.placed.items()} == before


def test_what_has_become_impossible_does_not_hold_up_the_rest_of_the_day(
    full: Fair, clock: Clock
) -> None:
    """Of someone who does not come, one meeting is fixed and one must be held."""
    both = list(Meeting.objects.of(full.parts["alice"].pk).order_by("slot__number"))
    for one in both:
        meetings.must(full.who.office, one, reason="重点")
    clock(DAY + 2 * 20 * 60 + 60)  # the third slot has begun
    others = {ref: place for ref, place in places().items() if place[0] == 5}
    day.no_show(full.who.office, full.parts["alice"])
    assert [of(one).state for one in both] == ["missed", "accepted"]
    plan = again(full)
    assert places().items() >= others.items()
    assert plan.unplaced == {both[1].introduction.ref: "time"}


def test_a_day_planned_again_does_not_wait_behind_other_heavy_work(full: Fair) -> None:
    heavy = jobs.enqueue("docking.match")
    plan = planning.replan(full.who.office, full.conference)
    first, second = (jobs.claim(kinds=frozenset({heavy.kind, "conference.replan"})) for _ in "12")
    assert first is not None and second is not None
    assert (first.job, second.job) == (plan.job, heavy)


# --- where there is no timetable ---


def test_why_there_is_no_timetable_is_said_with_what_would_help(login: Login) -> None:
    fair = begin(NAMES, slots=1, tables=1)
    for one, other in (("alice", "dora"), ("erik", "frida")):
        meetings.must(fair.who.office, fair.agree(one, other), reason="重点")
    fair.agree("alice", "gina")
    plan = planned(fair)
    assert (plan.state, plan.status) == ("failed", "infeasible")
    hour = f"{timezone.localtime(fair.slot(1).start):%H:%M}"
    wishes, ways = ({zh for zh, _en in plan.advice[name]} for name in ("wishes", "ways"))
    assert f"{hour} 场洽谈桌只有 1 张" in wishes and len(wishes) == 3
    assert f"{hour} 场增加 1 张洽谈桌" in ways and len(ways) == 3
    office, url = login(fair.who.office), reverse("conference:plan", args=[fair.conference.ref])
    page = office.get(url).text
    for said in (*wishes, *ways, "这 3 条不能同时满足", "任选一项就能排出", "已证明"):
        assert said in page, said
    english = office.get(url, headers={"Accept-Language": "en"}).text
    assert all(en in english for name in ("wishes", "ways") for _zh, en in plan.advice[name])
    venue.change_hall(fair.who.office, fair.conference.halls.get(), "A 厅", 2)
    assert planned(fair).status == "optimal"  # the way out is one


def test_what_would_place_more_is_said_beside_what_waits(login: Login) -> None:
    fair = begin(NAMES, slots=1, tables=1)
    for one, other in (("alice", "dora"), ("erik", "frida")):
        fair.agree(one, other)
    plan = planned(fair)
    assert (plan.status, len(plan.unplaced)) == ("optimal", 1)
    office, url = login(fair.who.office), reverse("conference:plan", args=[fair.conference.ref])
    assert "可多排 1 场" in office.get(url).text
    venue.change_hall(fair.who.office, fair.conference.halls.get(), "A 厅", 2)
    assert planned(fair).advice == {}
    assert "可多排" not in office.get(url).text


def test_an_interpreter_that_is_missing_is_named_by_the_language() -> None:
    fair = begin(("alice",), slots=1, tables=2)
    venue.add_interpreter(fair.who.office, fair.conference, name="林", language="ja", away=[1])
    fair.guest("dora", language="ja")
    meetings.must(fair.who.office, fair.agree("alice", "dora"), reason="重点")
    plan = planned(fair)
    assert plan.status == "infeasible"
    assert any("“日语 Japanese”翻译只有 0 位" in zh for zh, _en in plan.advice["wishes"])
