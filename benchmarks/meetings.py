"""The published instances of the meeting scheduling problem, each to proven optimality.

    python -m benchmarks meetings               ours, on all instances of ../shared/data/meetings
    python -m benchmarks.meetings peer          a plain CP-SAT model beside it, 20 originals, 60 s each

CPU seconds are those of the solver's process, its start included.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

from corridor.engine.meetings import Conference, Timetable, broken, schedule
from corridor.io.conference import read_instance

from .machine import describe

DATA = Path(__file__).parents[2] / "shared" / "data" / "meetings"
SECONDS = 60.0  # the peer's limit for one instance


def _cpu() -> float:
    own, others = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def proven(found: Timetable, conference: Conference, published: int | str) -> bool:
    """Whether the published answer was reached and proven, by the checker that solvers share nothing with."""
    if published == "UNSAT":
        return found.status == "infeasible"
    good = found.status == "optimal" and found.idle == found.idle_bound == published
    return good and not broken(conference, found)


def plain_cp_sat(conference: Conference) -> tuple[float | None, float]:
    """Idle periods and bound of the textbook model: a Boolean for each meeting and slot."""
    from ortools.sat.python import cp_model

    from corridor.engine.meetings.problem import Problem

    problem, model = Problem.of(conference), cp_model.CpModel()
    at = [{s: model.new_bool_var("") for s in opened} for opened in problem.open]
    for m, choices in enumerate(at):
        model.add_exactly_one(choices.values())
        for a, b in problem.before:
            if a == m:
                model.add(_slot(at[a]) < _slot(at[b]))
    for s in range(problem.slots):
        model.add(sum(c[s] for c in at if s in c) <= problem.room[0][s])
    idle = [_idle(model, problem, at, p) for p in range(len(problem.least))]
    if problem.fairness is not None:
        least, most = (
            model.new_int_var(0, problem.slots, ""),
            model.new_int_var(0, problem.slots, ""),
        )
        model.add_min_equality(least, idle)
        model.add_max_equality(most, idle)
        model.add(most - least <= problem.fairness)
    model.minimize(sum(idle))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = SECONDS, 2
    status = solver.solve(model)
    found = solver.objective_value if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
    return found, solver.best_objective_bound


def _slot(choices: dict[int, Any]) -> Any:
    return sum(s * one for s, one in choices.items())


def _idle(model: Any, problem: Any, at: list[dict[int, Any]], p: int) -> Any:
    """Idle periods of a participant: beginnings of a run of meetings, less the first."""
    own = [at[m] for m, pair in enumerate(problem.people) if p in pair]
    busy = [sum(c[s] for c in own if s in c) for s in range(problem.slots)]
    begins = []
    for s in range(problem.slots):
        model.add(busy[s] <= 1)
        begins.append(model.new_bool_var(""))
        model.add(begins[s] >= busy[s] - (busy[s - 1] if s else 0))
    count = model.new_int_var(0, problem.slots, "")
    model.add(count == sum(begins) - (1 if own else 0))
    return count


def main() -> None:
    """Print a row for each instance, and the totals against the bars."""
    published = json.loads((DATA / "published.json").read_text(encoding="utf-8"))
    print(
        f"{describe()}\n\n| instance | published | ours | CPU s | MaxSAT, published s |\n|---|---|---|---|---|"
    )
    times, good = [], 0
    for name in sorted(published):
        conference, want = read_instance(DATA / f"{name}.json"), published[name]["optimum"]
        begun = _cpu()
        found = schedule(conference)
        times.append(_cpu() - begun)
        ok = proven(found, conference, want)
        good += ok
        said = "infeasible" if found.status == "infeasible" else str(found.idle)
        anchor = published[name]["MaxSAT"]["time_s"]
        print(
            f"| {name} | {want} | {said}{'' if ok else ' NOT PROVEN'} | {times[-1]:.1f} | {anchor} |",
            flush=True,
        )
    anchor = sum(row["MaxSAT"]["time_s"] or 0 for row in published.values())
    print(f"\nproven {good} of {len(times)}; total {sum(times):.0f} CPU s (bar 300), worst {max(times):.1f} (bar 120); "
          f"MaxSAT as published, on its authors' machine: {anchor:.0f} s")  # fmt: skip


def peer() -> None:
    """The plain CP-SAT model on the originals."""
    published = json.loads((DATA / "published.json").read_text(encoding="utf-8"))
    print(
        f"{describe()}\n\n| instance | published | CP-SAT | bound | CPU s |\n|---|---|---|---|---|"
    )
    for name in sorted(n for n in published if n.endswith(".original")):
        begun = _cpu()
        found, bound = plain_cp_sat(read_instance(DATA / f"{name}.json"))
        print(
            f"| {name} | {published[name]['optimum']} | {found} | {bound} | {_cpu() - begun:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    peer() if sys.argv[1:] == ["peer"] else main()
