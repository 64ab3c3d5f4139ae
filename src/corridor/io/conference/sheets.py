"""The sheets of a conference workbook and their columns, declared once.

Reading, the empty template and the written examples are all made from this.
"""

from dataclasses import dataclass

from corridor.engine.factors import Label

REQUIRED = "*"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header in both languages, and what goes in."""

    name: str
    label: Label
    help: Label
    required: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet. ``required``: a conference cannot be without it."""

    name: str
    label: Label
    columns: tuple[Column, ...]
    required: bool = False


_SLOT = Label("第几场，从 1 数起", "which slot, counted from 1")
_SLOTS = Label("场次，如 3、5 或 1-4", "slots, such as 3, 5 or 1-4")
_HALL = Label("会场名；只有一个会场时空着", "the hall; empty where there is only one")
_ALWAYS = Label("空着为每一场", "empty: every slot")

PAGES = (
    Page(
        "slots",
        Label("场次", "Slots"),
        (
            Column("session", Label("时段", "Session"), Label("如 上午", "such as AM")),
            Column("start", Label("开始", "Start"), Label("如 2026-11-22 09:00", "such as 2026-11-22 09:00")),
            Column("end", Label("结束", "End"), Label("在开始之后", "after the start")),
        ),
        required=True,
    ),
    Page(
        "halls",
        Label("会场", "Halls"),
        (
            Column("hall", Label("会场", "Hall"), _HALL),
            Column("slots", Label("场次", "Slots"), _SLOTS + Label("；", "; ") + _ALWAYS),
            Column("tables", Label("桌数", "Tables"), Label("整数", "a whole number"), required=True),
        ),
        required=True,
    ),
    Page(
        "interpreters",
        Label("翻译", "Interpreters"),
        (
            Column("language", Label("语种", "Language"), Label("如 英语", "such as English"), required=True),
            Column("slots", Label("场次", "Slots"), _SLOTS + Label("；", "; ") + _ALWAYS),
            Column("count", Label("人数", "Interpreters"), Label("整数", "a whole number"), required=True),
        ),
    ),
    Page(
        "participants",
        Label("参会方", "Participants"),
        (
            Column("id", Label("编号", "Id"), Label("不重复", "unique"), required=True),
            Column("name", Label("名称", "Name"), Label("给人看的名称", "for people to read")),
            Column("away", Label("不便场次", "Away"), _SLOTS),
            Column("least", Label("最少场数", "Least"), Label("承诺至少排几场", "meetings promised")),
            Column("most", Label("最多场数", "Most"), Label("空着不限", "empty: no limit")),
        ),
        required=True,
    ),
    Page(
        "meetings",
        Label("洽谈", "Meetings"),
        (
            Column("id", Label("编号", "Id"), Label("不重复；空着为“甲方–乙方”", "unique; empty: “a–b”")),
            Column("a", Label("甲方", "A"), Label("参会方编号", "a participant's id"), required=True),
            Column("b", Label("乙方", "B"), Label("参会方编号", "a participant's id"), required=True),
            Column("value", Label("价值", "Value"), Label("正整数，空着为 1", "1 or more; empty: 1")),
            Column("must", Label("必谈", "Must"), Label("是 或 否", "yes or no")),
            Column("session", Label("时段", "Session"), Label("只能在这一时段", "only in this session")),
            Column("fixed", Label("固定场次", "Fixed slot"), _SLOT),
            Column("hall", Label("会场", "Hall"), _HALL),
            Column("language", Label("翻译", "Interpreter"), Label("需要的语种", "the language needed")),
        ),
        required=True,
    ),
    Page(
        "precedences",
        Label("先后", "Precedences"),
        (
            Column("before", Label("先", "Before"), Label("洽谈编号", "a meeting's id"), required=True),
            Column("after", Label("后", "After"), Label("洽谈编号", "a meeting's id"), required=True),
        ),
    ),
    Page(
        "walks",
        Label("步行", "Walks"),
        (
            Column("hall", Label("会场一", "Hall 1"), _HALL),
            Column("other", Label("会场二", "Hall 2"), _HALL),
            Column("slots", Label("需空场数", "Free slots"), Label("整数", "a whole number"), required=True),
        ),
    ),
    Page(
        "rules",
        Label("规则", "Rules"),
        (
            Column("fairness", Label("空档公平差", "Fairness"), Label(
                "任何两方空档段数最多差几；空着不限", "the most two participants' idle periods may differ")),
        ),
    ),
)  # fmt: skip

#: The sheet of a timetable.
TIMETABLE = Page(
    "timetable",
    Label("时间表", "Timetable"),
    (
        Column("id", Label("编号", "Id"), Label("洽谈编号", "a meeting's id"), required=True),
        Column("slot", Label("场次", "Slot"), _SLOT),
        Column("table", Label("桌号", "Table"), Label("从 1 数起", "counted from 1")),
    ),
)
