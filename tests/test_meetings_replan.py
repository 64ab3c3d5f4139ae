"""The rest of the day: what stands stays, the past above all, and nothing is dropped in vain."""

import time
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.meetings_worlds import conferences, crowd

from corridor.engine.meetings import Conference, Meeting, Participant, Slot, Timetable, broken
from corridor.engine.meetings.changes import (
    Away,
    Change,
    FewerInterpreters,
    FewerTables,
    MustMeet,
    changed,
)
from corridor.engine.meetings.large import arrange
from corridor.engine.meetings.replanning import Offer, offers, replan


def changes(conference: Conference) -> st.SearchStrategy[list[Change]]:
    slots = st.frozensets(st.integers(0, len(conference.slots) - 1), min_size=1)
    ids = [one.id for one in conference.participants]
    drawn = [
        st.builds(Away, st.sampled_from(ids), slots),
        st.builds(FewerTables, st.sampled_from(sorted(conference.tables)), slots),
        st.builds(FewerInterpreters, st.sampled_from(sorted(conference.interpreters)), slots),
        st.builds(MustMeet, st.just(Meeting("new", ids[0], ids[1]))),
    ]
    if conference.meetings:
        drawn.append(st.builds(MustMeet, st.sampled_from(conference.meetings)))
    return st.lists(st.one_of(drawn), max_size=3)


def accept(conference: Conference, timetable: Timetable, *taken: Offer) -> Timetable:
    slot = {**timetable.slot, **{one.meeting: one.slot for one in taken}}
    return Timetable.of(conference, slot, {})


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_laws_of_the_day(data: st.DataObject) -> None:
    conference = data.draw(conferences(most_meetings=12, most_slots=6))
    plan = arrange(conference)
    assume(plan.slot)
    now = data.draw(st.integers(0, len(conference.slots)))
    found = replan(conference, plan, now=now, changes=data.draw(changes(conference)))
    slot = found.timetable.slot

    past = {key: s for key, s in plan.slot.items() if s < now}
    assert {key: s for key, s in slot.items() if s < now} == past
    assert broken(found.conference, found.timetable) == ()
    assert {one.meeting: (one.before, one.after) for one in found.moved} == {
        key: (s, slot[key]) for key, s in plan.slot.items() if key in slot and slot[key] != s
    }
    assert set(found.dropped) == set(plan.slot) - set(slot)
    assert set(found.added) == set(slot) - set(plan.slot)
    assert all(key in plan.slot or key in found.added for key in slot)
    # nothing was dropped that fits as things are
    fitting = {one.meeting for one in found.offers}
    assert not fitting & (set(found.dropped) | set(found.refused))


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_every_offer_fits_alone_and_the_first_ones_together(data: st.DataObject) -> None:
    conference = replace(data.draw(conferences(most_meetings=12, most_slots=6)), fairness=None)
    plan = arrange(conference)
    assume(plan.slot)
    some = data.draw(st.sets(st.sampled_from(sorted(plan.slot))))
    kept = {key: s for key, s in plan.slot.items() if key not in some}
    free = replace(conference, meetings=tuple(replace(m, must=False) for m in conference.meetings))
    now = data.draw(st.integers(0, len(conference.slots) - 1))
    timetable = Timetable.of(free, kept, {})
    found = offers(free, timetable, now=now)
    for one in found:
        assert one.slot >= now
        assert broken(free, accept(free, timetable, one)) == ()
    both = [one for one in found if one.together]
    assert broken(free, accept(free, timetable, *both)) == ()
    assert {one.meeting for one in found} >= {key for key in some if plan.slot[key] >= now}


def test_no_change_changes_nothing() -> None:
    conference = crowd(60, 8, 10, 20)
    plan = arrange(conference)
    found = replan(conference, plan, now=4)
    assert found.timetable.slot == plan.slot
    assert found.timetable.table == plan.table
    assert (found.moved, found.tables, found.dropped) == ((), (), {})


def _day(*meetings: Meeting, slots: int = 3, tables: int = 1) -> tuple[Conference, Timetable]:
    names = sorted({who for m in meetings for who in (m.a, m.b)})
    conference = Conference(
        tuple(Slot() for _ in range(slots)), tuple(Participant(name) for name in names), meetings,
        {"": (tables,) * slots},
    )  # fmt: skip
    slot = {m.id: at for at, m in enumerate(meetings) if at < slots}
    return conference, Timetable.of(conference, slot, dict.fromkeys(slot, 1))


def test_who_comes_late_meets_later_and_others_give_way() -> None:
    conference, plan = _day(Meeting("1", "a", "b"), Meeting("2", "c", "d"), Meeting("3", "e", "f"))
    found = replan(conference, plan, now=0, changes=[Away("a", frozenset({0}))])
    assert found.timetable.slot["1"] > 0
    assert len(found.moved) == 2
    assert not found.dropped


def test_who_does_not_come_makes_room_for_the_waiting() -> None:
    meetings = [Meeting("1", "a", "b"), Meeting("2", "c", "d"), Meeting("3", "e", "f"),
                Meeting("4", "b", "c", value=3), Meeting("5", "b", "d", value=2)]  # fmt: skip
    conference, plan = _day(*meetings)
    found = replan(conference, plan, now=0, changes=[Away("a", frozenset({0, 1, 2}))])
    assert found.timetable.slot == {"2": 1, "3": 2}
    assert found.dropped["1"].zh == "“a”不在。"
    assert found.dropped["1"].en == "“a” is away."
    assert found.offers == (Offer("4", 0, 3, True), Offer("5", 0, 2, False))


def test_a_lost_table_moves_who_can_move_and_a_must_goes_first() -> None:
    conference, plan = _day(
        Meeting("1", "a", "b"), Meeting("2", "c", "d"), Meeting("3", "e", "f"), slots=3
    )
    lost = FewerTables("", frozenset({1}))
    found = replan(conference, plan, now=1, changes=[lost])
    assert found.timetable.slot == {"1": 0, "3": 2}
    assert set(found.dropped) == {"2"}
    must = MustMeet(replace(conference.meetings[1], must=True))
    found = replan(conference, plan, now=1, changes=[lost, must])
    assert found.timetable.slot == {"1": 0, "2": 2}
    assert set(found.dropped) == {"3"}
    new = MustMeet(Meeting("9", "a", "c"))
    found = replan(conference, plan, now=2, changes=[new])
    assert found.added == {"9": 2}
    assert set(found.dropped) == {"3"}
    refused = replan(conference, plan, now=3, changes=[new])
    assert set(refused.refused) == {"9"}
    assert refused.timetable.slot == plan.slot


def test_who_stays_keeps_the_table_and_a_lost_number_is_given_up() -> None:
    conference, plan = _day(Meeting("1", "a", "b"), Meeting("2", "c", "d"), slots=2, tables=3)
    plan = replace(plan, slot={"1": 0, "2": 0}, table={"1": 2, "2": 3}, idle=0)
    found = replan(conference, plan, now=0, changes=[FewerTables("", frozenset({0}))])
    assert found.timetable.table == {"1": 2, "2": 1}
    assert found.tables == ("2",)


def test_a_change_before_now_or_of_nobody_is_no_change() -> None:
    conference, _ = _day(Meeting("1", "a", "b"))
    assert changed(conference, [Away("a", frozenset({0}))], now=1) == conference
    with pytest.raises(KeyError):
        changed(conference, [Away("nobody", frozenset({0}))])


def test_a_twentieth_of_no_shows_moves_hardly_anybody() -> None:
    conference = crowd(300, 10, 16, 60)
    plan = arrange(conference)
    gone = [one.id for one in conference.participants[::20]]
    away = [Away(who, frozenset(range(4, 16))) for who in gone]
    replan(conference, plan, now=4, changes=away)
    started = time.process_time()
    found = replan(conference, plan, now=4, changes=away)
    assert time.process_time() - started < 2
    assert len(found.moved) <= 0.02 * len(plan.slot)
    assert broken(found.conference, found.timetable) == ()
    assert found.offers


def test_of_those_short_of_tables_only_so_many_move_and_first_who_can() -> None:
    names = ("ab", "cd", "ef", "gh")
    meetings = [Meeting(str(at), *pair) for at, pair in enumerate(names)]
    meetings[0] = replace(meetings[0], session="AM")  # fits nowhere else
    conference, _ = _day(*meetings, slots=2, tables=3)
    conference = replace(
        conference, slots=(Slot("AM"), Slot("PM")), tables={"": (4, 2)},
    )  # fmt: skip
    plan = Timetable.of(
        conference, dict.fromkeys("0123", 0), dict(zip("0123", range(1, 5), strict=True))
    )
    lost = [FewerTables("", frozenset({0}), 2)]
    found = replan(conference, plan, now=0, changes=lost)
    assert len(found.moved) == 2
    assert found.timetable.slot["0"] == 0
    assert not found.dropped
