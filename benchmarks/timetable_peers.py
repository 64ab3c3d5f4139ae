"""The peers of the timetable: CP-SAT with a plain model, and the MaxSAT anchor with ours.

CP-SAT gets the textbook model: a Boolean for each meeting and slot. The anchor is UWrMaxSAT, the best
of the MaxSAT solvers tried. On a plain model (the same Booleans, a km-totalizer for the tables) it
leaves most instances open at the limit, so it gets our own clauses, which favours it. It is installed
from the package hermax into an environment of its own, once, and runs in a process that ends at the
limit.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from corridor.engine.meetings import Conference

SECONDS = 60  # of wall time for one instance
ENVIRONMENT = Path(".venv-hermax").resolve()
#: The value of a peer that did not prove its answer.
OPEN = "open"


# --- CP-SAT ---


def plain_cp_sat(conference: Conference) -> str:
    """The least number of idle periods, "UNSAT", or ``OPEN``."""
    from ortools.sat.python import cp_model

    from corridor.engine.meetings.problem import Problem

    problem, model = Problem.of(conference), cp_model.CpModel()
    at = [{s: model.new_bool_var("") for s in opened} for opened in problem.open]
    for choices in at:
        model.add_exactly_one(choices.values())
    for a, b in problem.before:
        model.add(_slot(at[a]) < _slot(at[b]))
    for s in range(problem.slots):
        model.add(sum(c[s] for c in at if s in c) <= problem.room[0][s])
    idle = [_idle(model, problem, at, p) for p in range(len(problem.least))]
    if problem.fairness is not None:
        least, most = (model.new_int_var(0, problem.slots, "") for _ in range(2))
        model.add_min_equality(least, idle)
        model.add_max_equality(most, idle)
        model.add(most - least <= problem.fairness)
    model.minimize(sum(idle))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = SECONDS, 2
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return "UNSAT"
    return str(round(solver.objective_value)) if status == cp_model.OPTIMAL else OPEN


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


# --- MaxSAT ---


def max_sat(conference: Conference) -> str:
    """The least number of idle periods, "UNSAT", or ``OPEN``."""
    hard, soft = _clauses(conference)
    python = ENVIRONMENT / "bin" / "python"
    if not (ENVIRONMENT / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "hermax==1.2.10"], check=True)
        (ENVIRONMENT / "ready").touch()
    given = json.dumps({"hard": hard, "soft": soft})
    try:
        done = subprocess.run(
            [python, "-c", _CHILD], input=given, timeout=SECONDS, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return OPEN
    cost = json.loads(done.stdout.splitlines()[-1])
    return "UNSAT" if cost is None else str(cost)


_CHILD = """
import json, sys
from hermax.non_incremental import UWrMaxSATCompetition
from pysat.formula import WCNF
given, formula = json.load(sys.stdin), WCNF()
formula.extend(given["hard"])
formula.extend(given["soft"], weights=[1] * len(given["soft"]))
solver = UWrMaxSATCompetition(formula)
print(json.dumps(solver.get_cost() if solver.solve() else None))
"""


def _clauses(conference: Conference) -> tuple[list[list[int]], list[list[int]]]:
    """The hard clauses, and a soft one for each idle period there may be."""
    from corridor.engine.meetings.encoding import Encoding
    from corridor.engine.meetings.problem import Problem
    from corridor.engine.meetings.reduced import reduced

    encoding = Encoding(reduced(Problem.of(conference)))
    return encoding.formula.clauses, [[-one] for counted in encoding.idle for one in counted]
