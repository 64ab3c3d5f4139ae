"""The exact solver against trying everything, against the published optima, and by its command."""

import json
from itertools import product
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from typer.testing import CliRunner

from corridor.cli import app
from corridor.engine.meetings import Conference, Status, Timetable, broken, schedule
from corridor.engine.meetings.exact import Known, solve
from corridor.engine.meetings.problem import Problem
from meetings_worlds import conferences, crowd

DATA = Path(__file__).parents[2] / "shared" / "data" / "meetings"
#: Of each family, what is quickly solved; the benchmark solves all.
QUICK = (
    "tic-12.original",
    "tic-12.fixed020-Forb",
    "tic-13.forb0003",
    "tic-13.prec15",
    "forumt-14.original",
)
SCHEMA = json.loads(
    (Path(__file__).parents[1] / "docs" / "schema" / "schedule.schema.json").read_text("utf-8")
)
Worth = tuple[int, int, int]


def best_of_all(conference: Conference) -> Worth | None:
    """(missing, -held, idle) of the best timetable that breaks no rule: every one is tried."""
    slots = [None, *range(len(conference.slots))]
    found: list[Worth] = []
    for chosen in product(slots, repeat=len(conference.meetings)):
        slot = {m.id: s for m, s in zip(conference.meetings, chosen, strict=True) if s is not None}
        made = Timetable.of(conference, slot, {})
        if not broken(conference, made):
            found.append((made.missing, -made.held, made.idle))
    return min(found, default=None)


def solved(conference: Conference, seed: int = 0) -> tuple[Known, Timetable]:
    problem = Problem.of(conference)
    steps: list[Known] = []
    known = solve(problem, steps.append, seed=seed)
    told = [(k.missing_bound, -k.held_bound, k.idle_bound) for k in steps]
    assert told == sorted(told)  # a bound only ever comes closer
    made = problem.timetable(
        Status.OPTIMAL, known.slot or {}, missing_bound=known.missing_bound,
        held_bound=known.held_bound, idle_bound=known.idle_bound,
    )  # fmt: skip
    return known, made


@given(conferences(most_meetings=4, most_slots=4))
@settings(max_examples=60, deadline=None)
def test_it_finds_the_best_and_proves_it(conference: Conference) -> None:
    known, made = solved(conference)
    best = best_of_all(conference)
    assert known.done
    assert (known.slot is None) == (best is None)
    if best is not None:
        assert broken(conference, made) == ()
        assert (made.missing, -made.held, made.idle) == best
        assert (known.missing_bound, -known.held_bound, known.idle_bound) == best


@given(conferences(most_meetings=9, most_slots=5))
@settings(max_examples=40, deadline=None)
def test_the_order_it_is_given_in_does_not_matter(conference: Conference) -> None:
    turned = Conference(
        conference.slots, conference.participants[::-1], conference.meetings[::-1],
        conference.tables, conference.interpreters, conference.precedences[::-1],
        conference.walks, conference.fairness,
    )  # fmt: skip
    assert solved(conference)[1] == solved(turned)[1]


def test_when_time_is_over_the_best_so_far_is_returned() -> None:
    conference = crowd(40, 8, 10, 9)
    found = schedule(conference, limit=1.0)
    assert found.status in (Status.FEASIBLE, Status.OPTIMAL)
    assert broken(conference, found) == ()
    assert found.held <= found.held_bound
    assert found.idle >= found.idle_bound


def test_it_stops_when_told() -> None:
    heard: list[Timetable] = []
    conference = crowd(30, 4, 8, 9)
    found = schedule(conference, progress=heard.append, stop=lambda: len(heard) > 2)
    assert heard
    assert broken(conference, found) == ()


@pytest.mark.skipif(not DATA.is_dir(), reason="the published instances are not there")
@pytest.mark.parametrize("name", QUICK)
def test_published_optima(name: str, tmp_path: Path) -> None:
    want = json.loads((DATA / "published.json").read_text())[name]["optimum"]
    run = CliRunner().invoke(app, ["schedule", str(DATA / f"{name}.json"), "--json"])
    assert run.exit_code == 0, run.output
    said = json.loads(run.stdout)
    jsonschema.validate(said, SCHEMA)
    if want == "UNSAT":
        assert (said["status"], said["objective"]) == ("infeasible", None)
        return
    assert (said["status"], said["objective"], said["bound"]) == ("optimal", want, want)
    (tmp_path / "t.json").write_text(run.stdout)
    check = [str(DATA / f"{name}.json"), "--check", str(tmp_path / "t.json")]
    assert CliRunner().invoke(app, ["schedule", *check]).exit_code == 0
    said["slots"][0] = said["slots"][1] = 0
    (tmp_path / "t.json").write_text(json.dumps(said))
    assert CliRunner().invoke(app, ["schedule", *check]).exit_code == 1


def test_from_a_workbook_to_every_file(tmp_path: Path) -> None:
    from test_conference_files import GOOD, book

    path = book(tmp_path / "c.xlsx", GOOD)
    wanted = [tmp_path / name for name in ("t.xlsx", "t.html", "t.json")]
    told = [option for one in wanted for option in ("-o", str(one))]
    run = CliRunner().invoke(
        app, ["schedule", str(path), *told, "--ics", str(tmp_path / "ics"), "--lang", "en"]
    )
    assert run.exit_code == 0, run.output
    assert "Result: proven optimal" in run.output
    assert all(one.stat().st_size for one in wanted)
    assert sorted(one.name for one in (tmp_path / "ics").iterdir()) == ["A.ics", "B.ics", "C.ics"]
    for made in (wanted[0], wanted[2]):
        check = CliRunner().invoke(app, ["schedule", str(path), "--check", str(made), "--json"])
        assert check.exit_code == 0, check.output
        checked = json.loads(check.stdout)
        jsonschema.validate(checked, SCHEMA)
        assert checked["valid"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["c.xlsx", "-o", "t.pdf"], "时间表的后缀"),
        (["none.xlsx"], "none.xlsx"),
        (["none.json"], "none.json"),
    ],
)
def test_a_wrong_command_says_what_would_be_right(arguments: list[str], said: str) -> None:
    run = CliRunner().invoke(app, ["schedule", *arguments])
    assert run.exit_code in (1, 2)
    assert said in run.output
