"""The exact solver against trying everything, against the published optima, and by its command."""

import json
import time
from itertools import product
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from openpyxl import load_workbook
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
        assert said["conflict"]
        assert said["conflict_smallest"]
        assert said["ways"]
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


#: Everybody has to meet everybody in one slot too few.
SHORT = {
    "participants": 4, "slots": 2, "tables": 2, "morning_slots": 2, "fairness": None,
    "meetings": [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]],
}  # fmt: skip


def test_without_a_timetable_the_wishes_in_conflict_are_told_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "i.json"
    path.write_text(json.dumps(SHORT))
    wanted = [tmp_path / name for name in ("t.xlsx", "t.html", "t.json")]
    told = [option for one in wanted for option in ("-o", str(one))]
    run = CliRunner().invoke(app, ["schedule", str(path), *told, "--lang", "en"])
    assert run.exit_code == 0, run.output
    said = " ".join(run.output.split())
    assert "Result: proven infeasible These 3 wishes cannot hold together" in said
    assert "meeting “0” (0 × 1) must be held; meeting “1” (0 × 2) must be held" in said
    record = json.loads(wanted[2].read_text())
    jsonschema.validate(record, SCHEMA)
    assert [one["rule"] for one in record["conflict"]] == ["must"] * 3
    page = wanted[1].read_text(encoding="utf-8")
    sheet = load_workbook(wanted[0])["Conflict"]
    lines = [row[0].value for row in sheet.iter_rows()]
    for one in record["conflict"]:
        assert one["label_en"] in lines
        assert one["label_zh"] in page


def test_a_promise_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    from test_conference_files import GOOD, book

    people = [["编号", "名称", "最少场数"], ["A", "甲公司", 3], ["B", "", ""], ["C", "", ""]]
    path = book(tmp_path / "c.xlsx", GOOD | {"参会方": people})
    run = CliRunner().invoke(app, ["schedule", str(path)])
    said = "".join(run.output.split())
    assert "结果：已证明最优" in said
    assert "承诺的场数不能都兑现。下面1条要求不能同时成立" in said
    assert "·承诺“甲公司”至少3场" in said
    assert "·把对“甲公司”的承诺减为2场" in said


def test_looking_for_a_conflict_keeps_the_time_limit(tmp_path: Path) -> None:
    many = 400
    hard = {
        "participants": many + 1, "slots": 12, "tables": 30, "morning_slots": 6, "fairness": None,
        "meetings": [[0, at + 1] for at in range(many)],
    }  # fmt: skip
    path = tmp_path / "i.json"
    path.write_text(json.dumps(hard))
    begun = time.monotonic()
    run = CliRunner().invoke(app, ["schedule", str(path), "--json", "--time-limit", "4"])
    assert time.monotonic() - begun < 4 + 2
    assert json.loads(run.stdout)["status"] == "infeasible"


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
