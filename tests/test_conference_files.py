"""Conference workbooks, instance files, timetables and calendars, as people hand them in."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from icalendar import Calendar
from xlsxwriter import Workbook

from corridor.engine.meetings import Timetable, broken
from corridor.io import BadRows, InputError
from corridor.io.conference import (
    read_conference,
    read_instance,
    read_timetable,
    write_calendars,
    write_timetable,
)
from corridor.io.ical import Event, calendar

Rows = list[list[object]]

SLOTS: Rows = [
    ["时段", "开始", "结束"],
    ["上午", "2026-11-22 09:00", "2026-11-22 09:25"],
    ["上午", "2026-11-22 09:30", "2026-11-22 09:55"],
    ["下午", "2026-11-22T13:30:00+08:00", "2026-11-22T05:55:00+00:00"],
]
GOOD: dict[str, Rows] = {
    "场次": SLOTS,
    "会场": [["会场", "场次", "桌数"], ["", "", 2], ["", "2", 1]],
    "翻译": [["语种", "人数"], ["英语", 1]],
    "参会方": [
        ["编号", "名称", "不便场次", "最多场数"],
        ["A", "甲公司", "", ""],
        ["B", "乙公司", "1", 2],
        ["C", "丙公司", "1-2", ""],
    ],
    "洽谈": [
        ["编号", "甲方", "乙方", "价值", "必谈", "翻译"],
        ["M1", "A", "B", 3, "是", "英语"],
        ["", "A", "C", "", "", ""],
    ],
    "规则": [["空档公平差"], [2]],
}


def book(path: Path, pages: dict[str, Rows]) -> Path:
    with Workbook(path) as made:
        for name, rows in pages.items():
            sheet = made.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


def test_a_workbook_is_read_as_it_stands(tmp_path: Path) -> None:
    found = read_conference(book(tmp_path / "c.xlsx", GOOD))
    assert [slot.session for slot in found.slots] == ["上午", "上午", "下午"]
    assert found.slots[0].start == datetime(2026, 11, 22, 1, tzinfo=UTC)
    assert found.slots[2].end == datetime(2026, 11, 22, 5, 55, tzinfo=UTC)
    assert found.tables == {"": (2, 1, 2)}
    assert found.interpreters == {"英语": (1, 1, 1)}
    assert found.participants[1].most == 2
    assert found.participants[2].away == {0, 1}
    assert [one.id for one in found.meetings] == ["M1", "A–C"]
    assert found.meetings[0].must
    assert found.fairness == 2


def test_english_headers_mean_the_same(tmp_path: Path) -> None:
    english = {
        "Slots": [["Session", "Start", "End"], *SLOTS[1:]],
        "Halls": [["Hall", "Slots", "Tables"], ["", "", 2], ["", "2", 1]],
        "Interpreters": [["Language", "Interpreters"], ["英语", 1]],
        "Participants": [["Id", "Name", "Away", "Most"], *GOOD["参会方"][1:]],
        "Meetings": [["Id", "A", "B", "Value", "Must", "Interpreter"], *GOOD["洽谈"][1:]],
        "Rules": [["Fairness"], [2]],
    }
    chinese = read_conference(book(tmp_path / "zh.xlsx", GOOD))
    assert read_conference(book(tmp_path / "en.xlsx", english)) == chinese


@pytest.mark.parametrize(
    ("page", "rows", "said"),
    [
        ("洽谈", [["甲方", "乙方"], ["A", "A"]], "同一方"),
        ("洽谈", [["甲方", "乙方"], ["A", "Z"]], "不在参会名单"),
        ("洽谈", [["甲方", "乙方", "固定场次"], ["A", "B", 1]], "不便"),
        ("洽谈", [["甲方", "乙方", "固定场次"], ["A", "B", 9]], "不存在"),
        ("洽谈", [["甲方", "乙方", "时段"], ["A", "B", "晚上"]], "时段“晚上”不存在"),
        ("洽谈", [["甲方", "乙方", "翻译"], ["A", "B", "法语"]], "法语"),
        ("会场", [["会场", "桌数"], ["", 0]], "一张洽谈桌也没有"),
        ("场次", [*SLOTS[:3], ["", "2026-11-22 10:00", "2026-11-22 09:58"]], "结束不晚于开始"),
        ("场次", [*SLOTS[:3], ["", "2026-11-22 09:40", "2026-11-22 10:00"]], "上一场结束前开始"),
        ("先后", [["先", "后"], ["M1", "A–C"], ["A–C", "M1"]], "成了环"),
        ("先后", [["先", "后"], ["M1", "M9"]], "“M9”不存在"),
    ],
)  # fmt: skip
def test_what_is_no_conference_is_refused(tmp_path: Path, page: str, rows: Rows, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_conference(book(tmp_path / "c.xlsx", GOOD | {page: rows}))


@pytest.mark.parametrize(
    ("page", "rows", "row", "said"),
    [
        ("洽谈", [["甲方", "乙方"], ["A", "B"], ["B", "A"]], 3, "与第 2 行是同样的双方"),
        ("洽谈", [["甲方", "乙方"], ["A", ""]], 2, "必填"),
        ("洽谈", [["甲方", "乙方", "价值"], ["A", "B", "多"]], 2, "整数"),
        ("洽谈", [["甲方", "乙方", "颜色"], ["A", "B", "红"]], 1, "不认识这一列"),
        ("参会方", [["编号", "不便场次"], ["A", ""], ["B", "5"], ["C", ""]], 3, "1 至 3"),
        ("场次", [["开始", "结束"], ["九点", "2026-11-22 09:00"]], 2, "日期和时间"),
        ("会场", [["会场", "桌数"], ["", "-2"]], 2, "不小于 0"),
        ("会场", [["会场", "桌数"], ["", 2], ["", 3]], 3, "两次"),
    ],
)
def test_every_bad_cell_is_named(
    tmp_path: Path, page: str, rows: Rows, row: int, said: str
) -> None:
    with pytest.raises(BadRows) as bad:
        read_conference(book(tmp_path / "c.xlsx", GOOD | {page: rows}))
    assert any(e.sheet == page and e.row == row and said in e.message.zh for e in bad.value.errors)


def test_a_missing_sheet_is_named(tmp_path: Path) -> None:
    pages = {name: rows for name, rows in GOOD.items() if name != "会场"}
    with pytest.raises(InputError, match="会场"):
        read_conference(book(tmp_path / "c.xlsx", pages))


def test_a_timetable_is_read_back(tmp_path: Path) -> None:
    conference = read_conference(book(tmp_path / "c.xlsx", GOOD))
    made = Timetable.of(conference, {"M1": 1, "A–C": 2}, {"M1": 1, "A–C": 1})
    assert broken(conference, made) == ()
    write_timetable(tmp_path / "t.xlsx", conference, made, {})
    assert read_timetable(tmp_path / "t.xlsx") == (made.slot, made.table)


INSTANCE = {
    "participants": 3, "slots": 4, "tables": 2, "morning_slots": 2,
    "meetings": [[0, 1], [1, 2]], "session": ["AM", None], "forbidden": [[0], [], []],
    "fixed": [None, 3], "precedences": [[0, 1]], "fairness": 2,
}  # fmt: skip


def test_an_instance_is_read(tmp_path: Path) -> None:
    path = tmp_path / "i.json"
    path.write_text(json.dumps(INSTANCE), encoding="utf-8")
    found = read_instance(path)
    assert all(one.must for one in found.meetings)
    assert (found.meetings[0].session, found.meetings[1].fixed) == ("AM", 3)
    assert found.precedences == (("0", "1"),)


@pytest.mark.parametrize(
    "change",
    [
        {"meetings": [[0, 0], [1, 2]]},
        {"meetings": [[0, 7], [1, 2]]},
        {"meetings": [[0, 1]]},
        {"tables": 0},
        {"tables": -1},
        {"slots": True},
        {"fixed": [None, 9]},
        {"precedences": [[0, 1], [1, 0]]},
        {"forbidden": [[0]]},
        {"session": ["XX", None]},
        {"participants": None},
    ],
)
def test_a_bad_instance_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "i.json"
    path.write_text(json.dumps(INSTANCE | change), encoding="utf-8")
    with pytest.raises(InputError):
        read_instance(path)


def test_a_calendar_is_what_calendars_read(tmp_path: Path) -> None:
    conference = read_conference(book(tmp_path / "c.xlsx", GOOD))
    made = Timetable.of(conference, {"M1": 1, "A–C": 2}, {"M1": 1, "A–C": 1})
    stamp = datetime(2026, 11, 1, tzinfo=UTC)
    assert write_calendars(tmp_path / "ics", conference, made, stamp=stamp) == 3
    read = Calendar.from_ical((tmp_path / "ics" / "A.ics").read_bytes())
    events = read.walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in events] == ["洽谈：乙公司", "洽谈：丙公司"]
    assert events[0].decoded("DTSTART") == conference.slots[1].start
    assert events[0].decoded("DTEND") == conference.slots[1].end


def test_long_and_strange_words_survive_a_calendar() -> None:
    said = '走廊；"对接", 一\\二\n' + "长" * 200
    when = datetime(2026, 11, 22, 9, tzinfo=UTC)
    text = calendar("名\r\nX:1", [Event("u", when, when, said, description=said)], stamp=when)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    read = Calendar.from_ical(text)
    assert len(read.walk("VEVENT")) == 1
    assert str(read.walk("VEVENT")[0]["SUMMARY"]) == said
    assert str(read["X-WR-CALNAME"]) == "名 X:1"
