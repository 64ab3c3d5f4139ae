"""The day itself: arrivals, absences, lost tables, what came of the talks, and the report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from conferring import MINUTES, Fair, begin, of, published, solved, work  # noqa: F401
from django.utils import timezone

from corridor.site.conference import (
    actions,
    day,
    joining,
    meetings,
    planning,
    queries,
    reporting,
    seating,
)
from corridor.site.conference.models import Conference, Meeting, Participant, Plan, Seat, Table
from corridor.site.core.actor import PUBLIC
from corridor.site.core.audit import name_of
from corridor.site.core.errors import Forbidden, Invalid, Missing, NotNow
from corridor.site.core.models import AuditEntry
from corridor.site.docking import actions as docking
from corridor.site.docking.funnel import steps
from corridor.site.docking.models import Introduction, Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solved")]
S, M = Conference.State, Meeting.State
NAMES = ("alice", "dora", "erik", "frida")
Clock = Callable[[float], None]
DAY = 86400


@pytest.fixture
def fair(clock: Clock) -> Fair:
    """Alice meets Dora, Erik and Frida in the first three of four slots; the first has begun."""
    made = begin(NAMES, slots=4, tables=2)
    for name in NAMES[1:]:
        made.agree("alice", name)
    published(made)
    clock(DAY + 60)
    actions.start(made.who.office, made.conference)
    made.fresh()
    return made


def at(clock: Clock, number: int) -> None:
    """A minute into a slot."""
    clock(DAY + (number - 1) * MINUTES * 60 + 60)


def meeting(fair: Fair, number: int) -> Meeting:
    """The one that was planned for a slot."""
    return Meeting.objects.select_related("a", "b", "table", "slot", "conference").get(
        slot__number=number
    )


def guest(fair: Fair, one: Meeting) -> str:
    """Whom Alice meets in it."""
    return next(name for name in NAMES if fair.parts[name].pk == one.b_id)


# --- arrivals ---


def test_the_door_takes_badges_and_nothing_else(fair: Fair) -> None:
    code = fair.parts["alice"].code
    for name in ("alice", "suzhou", "hefei", "judge"):
        with pytest.raises(Forbidden):
            day.check_in(fair.actor(name), fair.conference, code)
        with pytest.raises(Forbidden):
            day.check_in(fair.actor(name), fair.conference, "P" + "0" * 20)
    for wrong in ("", "1", fair.parts["alice"].feed, Table.objects.all()[0].code):
        with pytest.raises(Missing):
            day.check_in(fair.who.office, fair.conference, wrong)
    one = day.check_in(fair.who.office, fair.conference, f" {code.lower()} ")
    again = day.check_in(fair.who.office, fair.conference, code)
    assert one.arrived_at == again.arrived_at is not None
    joining.withdraw(fair.actor("dora"), fair.parts["dora"])
    with pytest.raises(NotNow):
        day.check_in(fair.who.office, fair.conference, fair.parts["dora"].code)


def test_a_meeting_is_kept_once_both_are_at_its_table(fair: Fair, clock: Clock) -> None:
    one = meeting(fair, 1)
    other = guest(fair, one)
    code = one.table.code
    first = day.at_table(fair.who.alice, code)
    assert (first.present_a, first.present_b, first.state) == (True, False, M.PLACED)
    assert Participant.objects.get(pk=fair.parts["alice"].pk).arrived_at is not None
    day.at_table(fair.who.alice, code)
    assert day.at_table(fair.actor(other), code).state == M.KEPT
    assert day.at_table(fair.actor(other), code).state == M.KEPT


def test_who_was_taken_for_absent_and_reads_a_table_is_there_on_record(
    fair: Fair, clock: Clock
) -> None:
    alice = fair.parts["alice"]
    day.check_in(fair.who.office, fair.conference, alice.code)
    arrived = Participant.objects.get(pk=alice.pk).arrived_at
    day.no_show(fair.who.office, alice)
    day.at_table(fair.who.alice, meeting(fair, 1).table.code)
    here = Participant.objects.get(pk=alice.pk)
    assert (here.absent, here.arrived_at) == (False, arrived)
    assert seating.away(here, fair.conference.slots.all()) == set()
    entries = AuditEntry.objects.filter(verb="conference.check_in", thing=name_of(alice))
    assert [sorted(one.diff) for one in entries.order_by("id")] == [["arrived_at"], ["absent"]]
    day.at_table(fair.who.alice, meeting(fair, 1).table.code)
    assert entries.count() == 2


def test_what_ended_before_the_code_was_read_is_not_sat_down_to(
    fair: Fair, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = meeting(fair, 1)
    monkeypatch.setattr(day, "meeting_now", lambda *_given: stale)
    Meeting.objects.filter(pk=stale.pk).update(state=M.CANCELLED)
    with pytest.raises(NotNow):
        day.at_table(fair.who.alice, stale.table.code)
    assert not of(stale).present_a


def test_the_wrong_table_says_which_is_right(fair: Fair, clock: Clock) -> None:
    one = meeting(fair, 1)
    wrong = Table.objects.exclude(pk=one.table_id)[0]
    with pytest.raises(NotNow) as refused:
        day.at_table(fair.who.alice, wrong.code)
    assert f"{one.table.number} 号桌" in refused.value.message
    with pytest.raises(NotNow):
        day.at_table(fair.actor(guest(fair, meeting(fair, 3))), one.table.code)
    for actor in (fair.who.office, PUBLIC):
        with pytest.raises(Missing):
            day.at_table(actor, one.table.code)
    with pytest.raises(Missing):
        day.at_table(fair.who.alice, "TXXXX")
    at(clock, 4)
    with pytest.raises(NotNow):
        day.at_table(fair.who.alice, one.table.code)


# --- absences ---


def test_a_no_show_is_missed_now_and_waits_for_later(fair: Fair, clock: Clock) -> None:
    first, second = meeting(fair, 1), meeting(fair, 2)
    told = {name: fair.told(name) for name in NAMES}
    for name in ("alice", "suzhou", "judge"):
        with pytest.raises(Forbidden):
            day.no_show(fair.actor(name), fair.parts["alice"])
    with pytest.raises(NotNow):  # nothing of hers has begun
        day.no_show(fair.who.office, fair.parts[guest(fair, second)])
    day.no_show(fair.who.office, fair.parts["alice"])
    assert of(first).state == M.MISSED and of(first).slot is not None
    assert of(second).state == M.ACCEPTED and of(second).slot is None
    assert Seat.objects.count() == 2
    changed = {name for name in NAMES if fair.told(name) != told[name]}
    assert changed == set(NAMES) - {guest(fair, first)}
    assert Plan.objects.filter(again=True, state="working").count() == 1
    assert queries.offers(fair.actor(guest(fair, second)), fair.conference) == []
    at(clock, 2)
    day.check_in(fair.who.office, fair.conference, fair.parts["alice"].code)
    offers = queries.offers(fair.actor(guest(fair, second)), fair.conference)
    assert [slot.number for slot in offers[0][1]] == [3, 4]


def test_first_come_first_served(clock: Clock) -> None:
    fair = begin(NAMES, slots=2, tables=2)
    for name in NAMES[1:]:
        fair.agree("alice", name)
    published(fair)
    (left,) = Meeting.objects.filter(state=M.ACCEPTED)
    name = guest(fair, left)
    clock(60)
    gone = Meeting.objects.filter(slot__number=2).get()
    meetings.cancel(fair.who.alice, gone)
    assert fair.told(name)[-1] == "freed" and fair.told("alice")[-1] == "freed"
    ((row, slots),) = queries.offers(fair.actor(name), fair.conference)
    assert row.meeting == left and [slot.number for slot in slots] == [2]
    taken = meetings.take(fair.actor(name), left, slots[0])
    assert taken.state == M.PLACED
    with pytest.raises(NotNow):
        meetings.take(fair.who.alice, left, slots[0])


def test_who_is_late_meets_later(fair: Fair, clock: Clock) -> None:
    second, third = meeting(fair, 2), meeting(fair, 3)
    name = guest(fair, second)
    with pytest.raises(Forbidden):
        day.late(fair.who.alice, fair.parts[name], fair.slot(4))
    day.late(fair.actor(name), fair.parts[name], fair.slot(4))
    assert of(second).state == M.ACCEPTED and of(third).state == M.PLACED
    assert not Plan.objects.filter(again=True).exists()  # for the organiser to begin
    plan = planning.replan(fair.who.office, fair.conference, reason="晚到")
    work("conference.replan")
    planning.publish(fair.who.office, Plan.objects.get(pk=plan.pk))
    assert of(second).slot.number == 4
    assert fair.fresh().state == S.RUNNING


def test_the_rest_of_the_day_is_planned_without_what_has_begun(fair: Fair, clock: Clock) -> None:
    first = meeting(fair, 1)
    at(clock, 2)
    plan = planning.replan(fair.who.office, fair.conference)
    work("conference.replan")
    plan = Plan.objects.get(pk=plan.pk)
    assert first.introduction.ref not in plan.placed
    assert {number for number, _table in plan.placed.values()} <= {3, 4}
    planning.publish(fair.who.office, plan)
    assert of(first).slot.number == 1


def test_the_meetings_of_a_lost_table_move_to_another(fair: Fair) -> None:
    second = meeting(fair, 2)
    table = Table.objects.get(pk=second.table_id)
    other = Table.objects.exclude(pk=table.pk).get()
    with pytest.raises(Forbidden):
        day.lose_table(fair.who.alice, table, fair.slot(2))
    told = {name: fair.told(name) for name in NAMES}
    day.lose_table(fair.who.office, table, fair.slot(2))
    assert of(second).table_id == other.pk and of(second).slot.number == 2
    assert of(meeting(fair, 1)).table_id is not None
    changed = {name for name in NAMES if fair.told(name) != told[name]}
    assert guest(fair, second) in changed
    day.lose_table(fair.who.office, other, fair.slot(2))
    assert of(second).state == M.ACCEPTED
    assert not Plan.objects.filter(again=True).exists()  # there is no table to plan with
    assert day.lose_table(fair.who.office, table, None).lost_from is None


def test_a_must_meet_is_added_on_the_day(fair: Fair, clock: Clock) -> None:
    one = meeting(fair, 3)
    meetings.cancel(fair.who.alice, one)
    brought, name = fair.brings, guest(fair, one)
    Introduction.objects.filter(pk=one.introduction_id).update(state="closed")
    made = meetings.bring_together(
        fair.who.office, fair.conference, brought["alice"], brought[name], reason="省领导关注"
    )
    plan = planning.replan(fair.who.office, fair.conference)
    work("conference.replan")
    planning.publish(fair.who.office, Plan.objects.get(pk=plan.pk))
    assert of(made).state == M.PLACED


# --- what came of it ---


def test_two_taps_are_the_outcome_of_the_introduction(fair: Fair, clock: Clock) -> None:
    one = meeting(fair, 1)
    with pytest.raises(Forbidden):
        day.outcome(fair.who.carol, one, result="again")
    with pytest.raises(NotNow):
        day.outcome(fair.who.alice, meeting(fair, 3), result="again")
    for given in ({"result": "x"}, {"result": "none"}, {"result": "none", "reason": "?"}):
        with pytest.raises(Invalid):
            day.outcome(fair.who.alice, one, **given)
    told = day.outcome(fair.who.alice, one, result="intention", next_step="下周看场地，13800001234")
    assert told.introduction_id == one.introduction_id and told.result == "intention"
    assert "下周看场地" in told.note and "13800001234" not in told.note
    assert of(one).state == M.KEPT and of(one).introduction.state == "accepted"
    at(clock, 2)
    day.outcome(fair.who.alice, meeting(fair, 2), result="again", next_step="再约")
    at(clock, 3)
    day.outcome(fair.who.alice, meeting(fair, 3), result="none", reason="price")
    assert list(Outcome.objects.values_list("result", flat=True)) == ["intention", "met", "none"]
    assert of(meeting(fair, 3)).introduction.state == "closed"


def test_an_intention_is_no_agreement(fair: Fair) -> None:
    day.outcome(fair.who.alice, meeting(fair, 1), result="intention")
    assert steps(fair.who.office)[-1].count == 0


def test_one_introduction_goes_from_the_request_to_the_agreement(fair: Fair) -> None:
    """The meeting's reference is the introduction's: what is told at the table stands there, what is
    told there later counts for the conference, and nothing is counted twice.
    """
    one, office = meeting(fair, 1), fair.who.office
    day.outcome(fair.who.alice, one, result="intention", next_step="下周看场地")
    day.outcome(fair.actor(guest(fair, one)), one, result="again")
    talk = Introduction.objects.get(ref=one.introduction.ref)
    assert talk.occasion == fair.conference.ref and talk.state == "accepted"
    told = list(Outcome.objects.filter(introduction=talk).values_list("result", flat=True))
    assert told == ["intention", "met"]
    signed = docking.Report("agreement", timezone.localdate(), cooperation="lease")
    docking.report(fair.who.alice, talk, signed)
    made = reporting.report(office, fair.conference)
    for rows in (
        [made.total],
        *([row.steps for row in rows] for rows in (made.cities, made.kinds)),
    ):
        for row in rows:
            assert [(step.count, step.of) for step in row] == [
                (3, None), (3, 3), (3, 3), (1, 3), (1, 1),
            ]  # fmt: skip
    assert Introduction.objects.filter(occasion=fair.conference.ref).count() == 3
    assert steps(office)[-1].count == 2  # the site counts listings: the two of the one agreement


def test_what_is_told_on_the_introductions_page_counts_too(fair: Fair) -> None:
    one = meeting(fair, 1)
    talk = Introduction.objects.get(pk=one.introduction_id)
    docking.report(fair.who.alice, talk, docking.Report("met", timezone.localdate()))
    assert of(one).state == M.KEPT


def test_a_meeting_is_marked_missed_once_it_has_begun(fair: Fair) -> None:
    with pytest.raises(Forbidden):
        day.miss(fair.who.alice, meeting(fair, 1))
    with pytest.raises(NotNow):
        day.miss(fair.who.office, meeting(fair, 2))
    one = meeting(fair, 1)
    assert day.miss(fair.who.office, one).state == M.MISSED
    day.outcome(fair.who.alice, one, result="again")  # they met after all
    assert of(one).state == M.KEPT


def test_the_board_and_the_report_count_the_same(fair: Fair, clock: Clock) -> None:
    one = meeting(fair, 1)
    day.at_table(fair.who.alice, one.table.code)
    board = queries.board(fair.who.office, fair.conference)
    assert [(hall.name, used, all_) for hall, used, all_ in board.halls] == [("A 厅", 1, 2)]
    assert (board.arrived, board.registered) == (1, 4)
    day.outcome(fair.who.alice, one, result="intention")
    at(clock, 2)
    day.miss(fair.who.office, meeting(fair, 2))
    at(clock, 3)
    board = queries.board(fair.who.office, fair.conference)
    assert (board.kept, board.due, board.missed) == (1, 2, 1)
    for name in ("alice", "judge", "suzhou"):
        with pytest.raises(Forbidden):
            queries.board(fair.actor(name), fair.conference)
    made = reporting.report(fair.who.analyst, fair.conference)
    assert [(step.count, step.of) for step in made.total] == [
        (3, None), (3, 3), (3, 3), (1, 3), (1, 1),
    ]  # fmt: skip
    assert fair.conference.title in made.total[0].window
    counts = {one.key: [step.count for step in one.steps] for one in made.cities}
    assert counts == {"320500": [3, 3, 3, 1, 1], "340100": [3, 3, 3, 1, 1]}
    assert [(one.key, one.steps[0].count) for one in made.kinds] == [("space", 3)]
    for actor in (fair.who.alice, fair.who.judge, PUBLIC):
        with pytest.raises(Forbidden):
            reporting.report(actor, fair.conference)


def test_nothing_of_the_day_is_done_before_or_after_it(fair: Fair) -> None:
    office, alice = fair.who.office, fair.parts["alice"]
    table, one = Table.objects.all()[0], meeting(fair, 1)
    acts: list[Callable[[], Any]] = [
        lambda: day.no_show(office, alice),
        lambda: day.late(office, alice, fair.slot(2)),
        lambda: day.lose_table(office, table, fair.slot(2)),
        lambda: day.at_table(fair.who.alice, one.table.code),
        lambda: meetings.move(office, one, fair.slot(4)),
        lambda: meetings.cancel(office, one),
        lambda: planning.replan(office, fair.conference),
    ]
    for state in (S.OPEN, S.OVER, S.CANCELLED):
        Conference.objects.update(state=state)
        fair.fresh()
        for number, do in enumerate(acts):
            if state == S.OPEN and number == 5:
                continue
            with pytest.raises(NotNow):
                do()
