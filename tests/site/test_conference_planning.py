"""The timetable: worked out by a job, published at once, told to exactly those it concerns."""

from __future__ import annotations

from typing import Any

import pytest
from conferring import Fair, begin, greedy, of, planned, published, solved, work  # noqa: F401

from corridor.engine import meetings as engine
from corridor.site.conference import actions, meetings, planning, queries, solver, venue
from corridor.site.conference.jobs import POINTS, thinned
from corridor.site.conference.models import Conference, Meeting, Participant, Plan, Seat, Table
from corridor.site.conference.picture import Why, picture
from corridor.site.core import jobs as queue
from corridor.site.core.errors import Forbidden, Invalid, NotNow
from corridor.site.core.models import AuditEntry, Job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solved")]
S, M = Conference.State, Meeting.State
NAMES = ("alice", "dora", "erik", "frida", "gina")


def crowd(**given: Any) -> Fair:
    """Alice has agreed to meet everyone else, and Dora and Erik each other."""
    fair = begin(NAMES, **given)
    for name in NAMES[1:]:
        fair.agree("alice", name)
    fair.agree("dora", "erik")
    return fair


def refs(fair: Fair) -> dict[str, int | None]:
    found = Meeting.objects.filter(conference=fair.conference).select_related("slot")
    return {one.introduction.ref: one.slot.number if one.slot else None for one in found}


def test_a_plan_is_worked_out_and_changes_nothing_until_it_is_published() -> None:
    fair = crowd(slots=3)
    plan = planned(fair)
    assert plan.state == "ready" and plan.status == "feasible"
    assert len(plan.placed) == 4 and list(plan.unplaced.values()) == [Why.OUTWEIGHED]
    assert plan.held <= plan.held_bound and plan.series[-1][1:] == [plan.held, plan.held_bound,
                                                                    plan.idle]  # fmt: skip
    assert not Seat.objects.exists() and fair.told("alice") == ["plan_ready"][:0]
    assert fair.told("office") == ["plan_ready"]
    changes = queries.changes(fair.who.office, plan)
    assert len(changes) == 4 and all(change.before is None for change in changes)
    planning.publish(fair.who.office, plan)
    assert {ref: n for ref, n in refs(fair).items() if n} == {
        ref: number for ref, (number, _table) in plan.placed.items()
    }
    assert fair.fresh().state == S.PLANNED and fair.conference.plan == plan
    assert Seat.objects.count() == 8 and Plan.objects.get().state == "published"
    assert all(fair.told(name)[-1] == "planned" for name in ("alice", "dora", "erik"))


def test_who_may_plan_and_publish() -> None:
    fair = crowd()
    actions.close(fair.who.office, fair.conference)
    for name in ("alice", "suzhou", "hefei", "judge", "analyst"):
        with pytest.raises(Forbidden):
            planning.plan(fair.actor(name), fair.fresh())
    plan = planned(fair)
    for name in ("alice", "suzhou", "judge"):
        for do in (planning.publish, planning.drop):
            with pytest.raises(Forbidden):
                do(fair.actor(name), plan)
        assert not Plan.objects.visible_to(fair.actor(name)).exists()


def test_only_those_are_told_whose_agenda_changed() -> None:
    fair = crowd()
    published(fair)
    before = {name: fair.told(name) for name in NAMES}
    kept, gone = refs(fair), Meeting.objects.get(b__party=fair.actor("frida").party)
    meetings.cancel(fair.actor("frida"), gone)
    told = {name for name in NAMES if fair.told(name) != before[name]}
    assert told == {"alice", "frida"}
    before = {name: fair.told(name) for name in NAMES}
    plan = planned(fair)
    moved = {change.meeting for change in queries.changes(fair.who.office, plan)}
    planning.publish(fair.who.office, plan)
    concerned = {part for one in moved for part in one.parts}
    names = {name for name in NAMES if fair.parts[name].pk in concerned}
    assert {name for name in NAMES if fair.told(name) != before[name]} == names
    assert fair.told("alice").count("planned") == 1
    for one in Meeting.objects.filter(state=M.PLACED):
        same = kept[one.introduction.ref] == refs(fair)[one.introduction.ref]
        assert one.version == (1 if same else 2)


def test_publishing_the_same_again_tells_nobody() -> None:
    fair = crowd()
    published(fair)
    before, versions = {name: fair.told(name) for name in NAMES}, refs(fair)
    published(fair)
    assert {name: fair.told(name) for name in NAMES} == before and refs(fair) == versions
    assert set(Meeting.objects.values_list("version", flat=True)) == {1}
    assert [plan.state for plan in Plan.objects.all()] == ["published", "dropped"]


@pytest.mark.parametrize("what", ["cancelled", "away", "table", "must", "interpreter"])
def test_what_changed_meanwhile_keeps_a_plan_from_being_published(what: str) -> None:
    fair = crowd(tables=1 if what == "must" else 2, slots=4 if what == "must" else 5)
    if what == "interpreter":
        one = venue.add_interpreter(fair.who.office, fair.conference, name="林", language="en")
        Participant.objects.filter(pk=fair.parts["dora"].pk).update(language="en")
        Meeting.objects.filter(b=fair.parts["dora"]).update(language="en")
    plan = planned(fair)
    first = Meeting.objects.get(introduction__ref=min(plan.placed))
    if what == "cancelled":
        meetings.cancel(fair.who.alice, Meeting.objects.get(a__party=fair.who.alice.party,
                                                            b=fair.parts["dora"]))  # fmt: skip
    elif what == "away":
        Participant.objects.filter(pk=first.b_id).update(away=[1, 2, 3, 4, 5])
    elif what == "table":
        Table.objects.update(lost_from=fair.slot(1))
    elif what == "must":
        left = Meeting.objects.get(introduction__ref=next(iter(plan.unplaced)))
        meetings.must(fair.who.office, left, reason="重点")
    else:
        venue.change_interpreter(fair.who.office, one, away=[1, 2, 3, 4, 5])
    with pytest.raises(NotNow) as refused:
        planning.publish(fair.who.office, plan)
    assert "请重新排期" in refused.value.message
    assert fair.fresh().state == S.CLOSED and not Seat.objects.exists()


def test_a_plan_is_published_once_and_a_dropped_one_never() -> None:
    fair = crowd()
    plan = planned(fair)
    planning.publish(fair.who.office, plan)
    with pytest.raises(NotNow):
        planning.publish(fair.who.office, plan)
    other = planned(fair)
    planning.drop(fair.who.office, other)
    for do in (planning.publish, planning.drop):
        with pytest.raises(NotNow):
            do(fair.who.office, other)


def test_a_plan_that_does_not_hold_all_musts_cannot_be_published(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fair = crowd()
    answer = engine.Timetable(engine.Status.INFEASIBLE)
    monkeypatch.setattr(solver, "schedule", lambda *_given: answer)
    plan = planned(fair)
    assert (plan.state, plan.status) == ("failed", "infeasible")
    assert fair.told("office") == ["plan_failed"]
    with pytest.raises(NotNow):
        planning.publish(fair.who.office, plan)


# --- what is refused ---


def test_there_is_nothing_to_plan_without_agreed_meetings() -> None:
    fair = begin()
    fair.ask("alice", "bob")
    with pytest.raises(NotNow):
        planning.plan(fair.who.office, fair.conference)  # still open
    actions.close(fair.who.office, fair.conference)
    with pytest.raises(NotNow):
        planning.plan(fair.who.office, fair.fresh())


def test_a_conference_with_faults_is_refused_naming_them() -> None:
    fair = crowd()
    one = Meeting.objects.filter(b=fair.parts["dora"], a=fair.parts["alice"]).get()
    meetings.fix(fair.who.office, one, fair.slot(1))
    Participant.objects.filter(pk=fair.parts["dora"].pk).update(away=[1])
    actions.close(fair.who.office, fair.conference)
    with pytest.raises(Invalid) as refused:
        planning.plan(fair.who.office, fair.fresh())
    assert "dora 有限公司" in refused.value.message and "不便" in refused.value.message
    Participant.objects.update(away=[])
    venue.remove_hall(fair.who.office, fair.conference.halls.get())
    with pytest.raises(Invalid) as refused:
        planning.plan(fair.who.office, fair.fresh())
    assert "洽谈桌" in refused.value.message
    assert not Job.objects.filter(kind="conference.plan").exists()


def test_why_a_meeting_has_no_place() -> None:
    fair = begin(("alice", "bob"), slots=2, tables=1)
    fair.guest("dora", away=[1, 2])
    fair.guest("erik", language="en")
    fair.guest("frida", most=1)
    fair.guest("gina")
    for name in ("bob", "dora", "erik", "frida"):
        fair.agree("alice", name)
    fair.agree("frida", "gina")
    plan = planned(fair)
    said = {
        one.b.party.name.split()[0]: plan.unplaced.get(one.introduction.ref)
        for one in Meeting.objects.select_related("b__party", "introduction")
    }
    assert said["dora"] == Why.TIME
    assert said["erik"] in (Why.INTERPRETER, Why.OUTWEIGHED)
    assert set(plan.unplaced.values()) <= set(Why.values)


# --- the job ---


def test_asking_twice_is_one_job_and_asking_anew_drops_the_first() -> None:
    fair = crowd()
    actions.close(fair.who.office, fair.conference)
    one = planning.plan(fair.who.office, fair.fresh())
    assert planning.plan(fair.who.office, fair.conference) == one
    run = queue.claim(kinds=frozenset({"conference.plan"}))
    assert run is not None
    two = planning.plan(fair.who.office, fair.conference)
    assert two != one and Job.objects.filter(kind="conference.plan").count() == 2
    queue.perform(run)  # works on what was asked for last
    work()
    assert [plan.state for plan in Plan.objects.order_by("id")] == ["dropped", "ready"]


def test_a_plan_dropped_while_it_is_worked_out_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    fair = crowd()
    actions.close(fair.who.office, fair.conference)
    one = planning.plan(fair.who.office, fair.fresh())

    def dropped(conference: engine.Conference, tell: solver.Tell) -> engine.Timetable:
        tell(1, 9, 0)
        planning.drop(fair.who.office, one)
        return greedy(conference)

    monkeypatch.setattr(solver, "schedule", dropped)
    run = queue.claim(kinds=frozenset({"conference.plan"}))
    assert run is not None
    queue.perform(run)
    one.refresh_from_db()
    assert one.state == "dropped" and not one.placed


def test_progress_is_kept_as_a_short_series(monkeypatch: pytest.MonkeyPatch) -> None:
    fair = crowd()
    seen: list[Any] = []

    def slowly(conference: engine.Conference, tell: solver.Tell) -> engine.Timetable:
        for held in range(3):
            tell(held, 50, 7)
            seen.append(Plan.objects.get().series)
        return greedy(conference)

    monkeypatch.setattr(solver, "schedule", slowly)
    plan = planned(fair)
    assert seen[0][0][1:] == [0, 50, 7]
    assert [point[1] for point in plan.series[:3]] == [0, 1, 2]
    assert len(thinned([[float(n), n, 10**6, 0] for n in range(10**5)])) <= POINTS + 1
    assert thinned([]) == [] and thinned([[0.0, 1, 2, 3], [1.0, 1, 2, 3]])[-1] == [1.0, 1, 2, 3]


# --- what the engine is given ---


def test_the_picture_holds_what_is_agreed_and_nothing_else() -> None:
    fair = crowd()
    fair.ask("frida", "gina")
    one = Meeting.objects.filter(b=fair.parts["dora"], a=fair.parts["alice"]).get()
    meetings.fix(fair.who.office, one, fair.slot(2))
    said = picture(fair.fresh()).conference
    assert len(said.meetings) == 5 and len(said.participants) == 5
    assert {meeting.fixed for meeting in said.meetings} == {None, 1}
    assert said.tables[engine.HALL] == (2, 2, 2, 2)
    assert engine.faults(said) == ()


def test_a_self_booked_meeting_stays_where_the_two_put_it() -> None:
    fair = begin(NAMES, scheduling_mode="participants")
    one = fair.agree("alice", "dora", slot=fair.slot(4))
    Conference.objects.update(state=S.CLOSED)
    fair.fresh()
    published(fair)
    assert of(one).slot.number == 4 and of(one).version == 1


# --- one by one, afterwards ---


def test_moving_one_meeting() -> None:
    fair = crowd(slots=6)
    published(fair)
    one = Meeting.objects.filter(b=fair.parts["gina"]).get()
    before = {name: fair.told(name) for name in NAMES}
    with pytest.raises(Forbidden):
        meetings.move(fair.who.alice, one, fair.slot(6))
    busy = Meeting.objects.filter(b=fair.parts["frida"]).get().slot
    with pytest.raises(NotNow):
        meetings.move(fair.who.office, one, busy)
    meetings.move(fair.who.office, one, fair.slot(6))
    moved = of(one)
    assert (moved.slot.number, moved.version, moved.state) == (6, 2, M.PLACED)
    assert {name for name in NAMES if fair.told(name) != before[name]} == {"alice", "gina"}
    assert Seat.objects.filter(meeting=one, slot=fair.slot(6)).count() == 2


def test_two_may_change_places() -> None:
    fair = crowd()
    plan = published(fair)
    one, two = (
        Meeting.objects.get(b=fair.parts[name]).introduction.ref for name in ("frida", "gina")
    )
    placed = plan.placed | {one: plan.placed[two], two: plan.placed[one]}
    swapped = planned(fair)
    swapped.placed = placed
    swapped.save()
    planning.publish(fair.who.office, swapped)
    assert refs(fair) == {ref: number for ref, (number, _table) in placed.items()}
    assert Seat.objects.count() == 10


def test_each_publication_is_in_the_audit() -> None:
    fair = crowd()
    plan = published(fair)
    entry = AuditEntry.objects.filter(verb="conference.publish").get()
    assert entry.thing == f"plan:{plan.pk}" and entry.diff["moved"] == len(plan.placed)
