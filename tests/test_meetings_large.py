"""The method for large conferences: it keeps every rule, and is near the best where that is known."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.meetings_worlds import brute, conferences, crowd

from corridor.engine.meetings import Conference, Meeting, Participant, Slot, Status, broken
from corridor.engine.meetings.large import arrange

GOOD = (Status.OPTIMAL, Status.FEASIBLE)


@settings(max_examples=60, deadline=None)
@given(conferences(most_meetings=14, most_slots=7))
def test_every_rule_is_kept(conference: Conference) -> None:
    found = arrange(conference)
    if found.status in GOOD:
        assert broken(conference, found) == ()
        assert found.held <= found.held_bound
        assert found.missing >= found.missing_bound
        assert found.idle >= found.idle_bound
    else:
        assert not found.slot


@settings(max_examples=60, deadline=None)
@given(conferences(most_meetings=6, most_slots=4))
def test_on_a_tiny_conference_it_finds_the_best(conference: Conference) -> None:
    free = replace(conference, fairness=None, walks={})
    found, best = arrange(free), brute(free)
    if best is None:
        assert found.status in (Status.INFEASIBLE, Status.UNKNOWN)
    else:
        assert found.status in GOOD
        assert (found.missing, found.held) == best


@settings(max_examples=15, deadline=None)
@given(conferences(), st.randoms(use_true_random=False))
def test_the_order_it_is_given_in_does_not_matter(conference: Conference, random) -> None:
    people, meetings = list(conference.participants), list(conference.meetings)
    random.shuffle(people)
    random.shuffle(meetings)
    other = replace(conference, participants=tuple(people), meetings=tuple(meetings))
    assert arrange(conference, seed=3) == arrange(other, seed=3)


def test_a_crowd_is_near_the_bound_with_few_idle_periods() -> None:
    conference = crowd(120, 12, 12, 40)
    told: list[tuple[int, int, int]] = []
    found = arrange(conference, progress=lambda *now: told.append(now))
    assert broken(conference, found) == ()
    assert found.held >= 0.99 * found.held_bound
    assert found.idle <= 75
    assert told[-1][0] == found.held
    assert {bound for _, bound, _ in told} == {found.held_bound}
    assert arrange(conference) == found
    assert arrange(conference, seed=1).slot != found.slot


def test_it_stops_when_told_with_a_timetable_in_hand() -> None:
    conference = crowd(60, 8, 8, 20)
    for found in (arrange(conference, stop=lambda: True), arrange(conference, limit=0.0)):
        assert broken(conference, found) == ()
        assert found.held >= 0.9 * found.held_bound


def _pairs(*meetings: Meeting, slots: int = 3, tables: int = 5, **more) -> Conference:
    names = sorted({who for m in meetings for who in (m.a, m.b)})
    people = tuple(Participant(name) for name in names)
    return Conference(tuple(Slot() for _ in range(slots)), people, meetings,
                      {"": (tables,) * slots}, **more)  # fmt: skip


def test_a_promise_goes_before_value_and_a_must_before_both() -> None:
    dear, poor = Meeting("1", "a", "b", value=9), Meeting("2", "a", "c")
    one = _pairs(dear, poor, slots=1)
    assert set(arrange(one).slot) == {"1"}
    promised = replace(one, participants=(Participant("a"), Participant("b"),
                                          Participant("c", least=1)))  # fmt: skip
    assert set(arrange(promised).slot) == {"2"}
    must = replace(promised, meetings=(replace(dear, must=True), poor))
    assert set(arrange(must).slot) == {"1"}
    both = replace(one, meetings=(replace(dear, must=True), replace(poor, must=True)))
    assert arrange(both).status is Status.INFEASIBLE


@pytest.mark.parametrize("fairness", [None, 0])
def test_fairness_is_kept_by_giving_up_what_it_must(fairness: int | None) -> None:
    first, last = Meeting("1", "a", "b", fixed=0, value=2), Meeting("2", "a", "b", fixed=2)
    conference = replace(
        _pairs(first, last), fairness=fairness,
        participants=tuple(Participant(name) for name in "abc"),
    )  # fmt: skip
    assert set(arrange(conference).slot) == ({"1", "2"} if fairness is None else {"1"})


def test_nothing_to_do() -> None:
    assert arrange(Conference((Slot(),), (), (), {})).status is Status.OPTIMAL
