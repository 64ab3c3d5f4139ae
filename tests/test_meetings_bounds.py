"""Bounds: never below what can be done, and equal to the linear program they stand for."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from scipy.optimize import linprog
from tests.meetings_worlds import brute, conferences, crowd

from corridor.engine.meetings import Conference, Meeting, Participant, Slot, Status
from corridor.engine.meetings.bounds import held_bound, missing_bound, musts_bound
from corridor.engine.meetings.idle import idle_bound
from corridor.engine.meetings.large import arrange
from corridor.engine.meetings.problem import Problem


@settings(max_examples=80, deadline=None)
@given(conferences(most_meetings=6, most_slots=4))
def test_no_timetable_is_better_than_the_bounds(conference: Conference) -> None:
    problem = Problem.of(replace(conference, fairness=None))
    best = brute(conference)
    if best is not None:
        missing, held = best
        assert missing_bound(problem) <= missing
        assert held_bound(problem).most >= held
        assert musts_bound(problem) == sum(problem.must)


def program(problem: Problem) -> float:
    """The linear program with a variable for every meeting and slot, by another solver."""
    columns = [(m, s) for m, where in enumerate(problem.open) for s in where]
    rows: dict[tuple[str, int, int], list[int]] = {}
    limit: dict[tuple[str, int, int], int] = {}

    def bounded(key: tuple[str, int, int], column: int, by: int) -> None:
        rows.setdefault(key, []).append(column)
        limit[key] = by

    for at, (m, s) in enumerate(columns):
        bounded(("meeting", m, 0), at, 1)
        for p in problem.people[m]:
            bounded(("busy", p, s), at, 1)
            bounded(("most", p, 0), at, problem.most[p])
        for r in problem.uses[m]:
            bounded(("room", r, s), at, problem.room[r][s])
    matrix = np.zeros((len(rows), len(columns)))
    for row, at in enumerate(rows.values()):
        matrix[row, at] = 1
    worth = [-problem.value[m] for m, _ in columns]
    return -float(linprog(worth, A_ub=matrix, b_ub=[limit[key] for key in rows]).fun)


def test_it_is_as_tight_as_the_linear_program() -> None:
    for tables in (3, 8, 30):
        problem = Problem.of(crowd(30, 6, 8, tables))
        exact, found = program(problem), held_bound(problem).most
        assert exact - 1 < found <= exact * 1.002 + 1


def test_a_meeting_that_spares_most_is_worth_holding() -> None:
    problem = Problem.of(crowd(30, 6, 8, 4))
    spare = held_bound(problem).spare
    held = arrange(crowd(30, 6, 8, 4)).slot
    taken = [worth for key, worth in zip(problem.ids, spare, strict=True) if key in held]
    left = [worth for key, worth in zip(problem.ids, spare, strict=True) if key not in held]
    assert np.mean(taken) > np.mean(left) + 0.5


def _line(*fixed: int, slots: int = 6) -> Conference:
    meetings = tuple(Meeting(f"{at}", "a", "bcdef"[at], fixed=s) for at, s in enumerate(fixed))
    return Conference(tuple(Slot() for _ in range(slots)),
                      tuple(Participant(name) for name in "abcdef"), meetings,
                      {"": (5,) * slots})  # fmt: skip


def test_idle_periods_that_nobody_can_avoid() -> None:
    assert idle_bound(Problem.of(_line(0, 2, 4)), 3) == 2
    assert idle_bound(Problem.of(_line(0, 1, 2)), 3) == 0
    # one meeting less may spare whoever has the most
    assert idle_bound(Problem.of(_line(0, 2, 4)), 2) == 0


@settings(max_examples=40, deadline=None)
@given(conferences(most_meetings=10, most_slots=6))
def test_the_idle_bound_holds_for_what_is_found(conference: Conference) -> None:
    found = arrange(conference)
    if found.status is not Status.UNKNOWN and found.slot:
        assert idle_bound(Problem.of(conference), found.held) <= found.idle


def test_more_musts_than_tables_are_seen() -> None:
    crowded = replace(_line(0, 0, slots=1), tables={"": (1,)})
    musts = replace(crowded, meetings=tuple(replace(m, must=True) for m in crowded.meetings))
    assert musts_bound(Problem.of(musts)) == 1
