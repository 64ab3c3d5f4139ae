"""What is no conference is refused with the reason, in workbooks and instances; what cannot be placed says why."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from corridor.cli import app
from corridor.engine.meetings import Conference, Meeting, Participant, Slot, schedule, why_not
from corridor.io import InputError
from corridor.io.conference import read_conference, read_instance, read_timetable
from test_conference_files import GOOD, INSTANCE, SLOTS, Rows, book

PAIR = ["甲方", "乙方"]
DAY = ["", "2026-11-22 10:00"]
FIXED: dict[str, Rows] = {
    "会场": [["会场", "桌数"], ["", 1]],
    "参会方": [["编号"], ["A"], ["B"], ["C"], ["D"]],
    "洽谈": [[*PAIR, "固定场次"], ["A", "B", 3], ["C", "D", 3]],
}


def refused(path: Path) -> str:
    """What the program says of a file that it does not take, in both languages."""
    run = CliRunner().invoke(app, ["schedule", str(path)])
    assert run.exit_code == 1, run.output
    return " ".join(run.output.split())


@pytest.mark.parametrize(
    ("pages", "zh", "en"),
    [
        ({"洽谈": [PAIR, ["A", "A"]]}, "双方是同一方“A”", "“A” meets itself"),
        ({"洽谈": [PAIR, ["A", "B"], ["B", "A"]]}, "与第 2 行是同样的双方", "the same two as row 2"),
        ({"洽谈": [[*PAIR, "固定场次"], ["B", "C", 1]]}, "“B”那时不便", "when “B” is away"),
        ({"洽谈": [[*PAIR, "固定场次", "时段"], ["A", "B", 3, "上午"]]}, "却要求在“上午”", "outside its"),
        ({"先后": [["先", "后"], ["M1", "A–C"], ["A–C", "M1"]]}, "成了环", "go in a circle"),
        ({"先后": [["先", "后"], ["M1", "M1"]]}, "成了环", "go in a circle"),
        ({"会场": [["会场", "桌数"], ["", 0]]}, "一张洽谈桌也没有", "not a single table"),
        (FIXED, "定了 2 个洽谈，只有 1 张桌", "which has 1 tables"),
        ({"场次": [*SLOTS[:2], [*DAY, "2026-11-22 09:58"], SLOTS[3]]}, "结束不晚于开始", "ends before it begins"),
        ({"场次": [*SLOTS[:3], ["", "2026-11-22 10:20+09:00"]]}, "上一场结束前开始", "before the one"),
        ({"场次": [["开始"], [DAY[1]], ["2026-11-22 09:00"], ["2026-11-23"]]}, "上一场结束前开始", "before the one"),
        ({"场次": [["开始"], [DAY[1] + "+25:00"]]}, "应为日期和时间", "must be a day and time"),
    ],
)  # fmt: skip
def test_a_workbook(tmp_path: Path, pages: dict[str, Rows], zh: str, en: str) -> None:
    said = refused(book(tmp_path / "c.xlsx", GOOD | pages))
    assert zh in said
    assert en in said


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        ({"meetings": [[0, 0], [1, 2]]}, "双方是同一方“0”", "“0” meets itself"),
        ({"fixed": [0, 3]}, "“0”那时不便", "when “0” is away"),
        ({"fixed": [3, None]}, "却要求在“AM”", "outside its session"),
        ({"precedences": [[0, 1], [1, 0]]}, "成了环", "go in a circle"),
        ({"precedences": [[1, 1]]}, "成了环", "go in a circle"),
        ({"tables": 0}, "一张洽谈桌也没有", "not a single table"),
        ({"session": [["AM"], None]}, "不是洽谈实例：", "should be the name of a session"),
        (
            {"participants": 4, "forbidden": [[]] * 4, "meetings": [[0, 1], [2, 3]],
             "session": [None, None], "fixed": [3, 3], "tables": 1},
            "定了 2 个洽谈，只有 1 张桌", "which has 1 tables",
        ),
    ],
)  # fmt: skip
def test_an_instance(tmp_path: Path, change: dict[str, object], zh: str, en: str) -> None:
    path = tmp_path / "i.json"
    path.write_text(json.dumps(INSTANCE | change), encoding="utf-8")
    said = refused(path)
    assert zh in said
    assert en in said


@pytest.mark.parametrize(
    ("record", "zh", "en"),
    [
        ({"meetings": ["a", "a"], "slots": [0, 1]}, "“a”给了两次", "“a” is given twice"),
        ({"meetings": {"a": 0}, "slots": [0]}, "不是时间表", "no timetable"),
        ({"slots": {"a": 0}}, "不是时间表", "no timetable"),
    ],
)
def test_a_timetable(tmp_path: Path, record: dict[str, object], zh: str, en: str) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_timetable(path)
    assert zh in caught.value.label.zh
    assert en in caught.value.label.en


def test_the_literature_lets_two_meet_twice(tmp_path: Path) -> None:
    twice = {
        "meetings": [[1, 2], [2, 1]],
        "session": [None, None],
        "precedences": [],
        "fixed": None,
    }
    path = tmp_path / "i.json"
    path.write_text(json.dumps(INSTANCE | twice), encoding="utf-8")
    slots = schedule(read_instance(path)).slot
    assert len(set(slots.values())) == 2


def test_times_of_other_zones_are_the_same_moments(tmp_path: Path) -> None:
    abroad = [*SLOTS[:3], ["下午", "2026-11-22T05:30Z", "2026-11-22T14:55+09:00"]]
    assert read_conference(book(tmp_path / "a.xlsx", GOOD | {"场次": abroad})).slots == (
        read_conference(book(tmp_path / "b.xlsx", GOOD)).slots
    )


def test_a_thousand_requests_of_one_are_placed_as_far_as_there_are_slots() -> None:
    made = Conference(
        (Slot(),) * 12,
        (Participant("x"), *(Participant(f"p{at}") for at in range(1000))),
        tuple(Meeting(f"m{at}", "x", f"p{at}") for at in range(1000)),
        {"": (9,) * 12},
    )
    plan = schedule(made)
    said = why_not(made, plan)
    assert (len(plan.slot), plan.held_bound, len(said)) == (12, 12, 988)
    assert {label.en for label in said.values()} == {"There is no slot in which both are free."}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_template_is_empty_and_takes_a_conference(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "c.xlsx"
    written = CliRunner().invoke(app, ["template", "conference", "-o", str(path), "--lang", lang])
    assert written.exit_code == 0, written.output
    with pytest.raises(InputError, match="没有场次"):
        read_conference(path)
    made = load_workbook(path)
    sheet, _, participants, meetings = [made.worksheets[at] for at in (0, 2, 3, 4)]
    for row in SLOTS[1:]:
        sheet.append(row)
    made.worksheets[1].append(["", "", 2])
    for who in "ABC":
        participants.append([who, f"公司{who}"])
    meetings.append(["", "A", "B", "", "是"])
    meetings.append(["M2", "B", "C"])
    made.save(path)
    run = CliRunner().invoke(app, ["schedule", str(path), "--json"])
    assert run.exit_code == 0, run.output
    said = json.loads(run.stdout)
    assert (said["status"], said["meetings"], said["conflict"]) == ("optimal", ["A–B", "M2"], [])
    assert None not in said["slots"]


def test_the_template_refuses_what_it_is_not(tmp_path: Path) -> None:
    for wrong in (
        ["-o", str(tmp_path / "c.csv")],
        ["-o", str(tmp_path / "c.xlsx"), "--side", "need"],
    ):
        assert CliRunner().invoke(app, ["template", "大会", *wrong]).exit_code == 2
