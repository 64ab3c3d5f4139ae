"""Empty tables to fill in, made from the declaration of a kind."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from corridor.engine.factors import (
    SIDE_LABELS,
    UNITS,
    Attribute,
    CodeList,
    Label,
    Relation,
    Side,
    Type,
    kind,
    number_text,
)

from .columns import FIELDS, Envelope, spelling
from .errors import InputError
from .saving import sheet_name
from .tables import suffix_format
from .writing import replacing, workbook

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_LANGS = {"zh": 0, "en": 1}
_REQUIRED = {"title"}
_LAST = ("must", "flexible", "published", "expires", "capacity", "contact")
_FILLABLE = 1000
#: A drop-down holds at most 255 characters of entries.
_LIST_CHARS = 255
_DAY_FIELDS = {"published", "expires"}

_FIELD_HELP = {
    "id": Label(
        "同一供需方向内不得重复；不用编号就删去整列", "unique within its side; or delete the column"
    ),
    "title": Label(
        "一句话说明要什么、供什么；只填说明也可以",
        "one line on what is sought or offered; a description will do too",
    ),
    "text": Label("详细说明，最多 20000 字", "in detail, at most 20,000 characters"),
    "party": Label("单位名称", "name of the organisation"),
    "city": Label(
        "主体或所供之物所在的一个城市，名称或 6 位代码",
        "one city: where the party or the offered thing is",
    ),
    "must": Label(
        "本条信息的硬性条件，用顿号隔开列名",
        "conditions that must hold here, names separated by commas",
    ),
    "flexible": Label(
        "可以商量的条件，用顿号隔开列名",
        "conditions that may give way here, names separated by commas",
    ),
    "published": Label("日期，如 2026-03-01", "a date such as 2026-03-01"),
    "expires": Label(
        "最后一天，如 2026-12-31；空着表示长期有效",
        "the last day, such as 2026-12-31; empty: no end",
    ),
    "capacity": Label("能同时承接几家，整数，空着为 1", "how many agreements at once; empty: 1"),
    "contact": Label("联系方式入库时自动打码", "contacts are masked when read"),
    "kind": Label("要素类别", "the factor kind"),
    "side": Label("需求 或 供给", "need or offer"),
}


def write_template(
    path: str | Path, kind_name: str, *, lang: str = "zh", side: Side | str | None = None
) -> None:
    """An empty table for a kind, xlsx or csv by suffix.

    xlsx: one sheet for each side (or only ``side``), with drop-downs, a note on each header and a
    sheet that explains every column. csv: the header only, columns for kind and side included.
    Raises :class:`InputError`, or ``KeyError`` for a kind that does not exist.
    """
    file = Path(path)
    kind(kind_name)
    sides = [Side(side)] if side else [*Side]
    shape = suffix_format(file, writing=True)
    if shape not in ("xlsx", "csv"):
        raise InputError(file, "模板只有 xlsx 和 csv 两种", "templates are xlsx or csv")
    with replacing(file) as part:
        if shape == "csv":
            _csv(part, kind_name, sides, _LANGS[lang])
        else:
            _xlsx(part, kind_name, sides, lang)


def _fields(*, implied: bool) -> tuple[list[Envelope], list[Envelope]]:
    """The fields before the attributes, and those after."""
    shown = [f for f in FIELDS if not implied or f.name not in ("kind", "side")]
    return [f for f in shown if f.name not in _LAST], [f for f in shown if f.name in _LAST]


def _stated(kind_name: str, side: Side) -> list[Attribute]:
    """The attributes this side fills in, in order of declaration."""
    return [a for a in kind(kind_name).attributes if a.stated_by(side)]


def _csv(part: Path, kind_name: str, sides: list[Side], lang: int) -> None:
    before, after = _fields(implied=False)
    middle = dict.fromkeys(
        spelling(kind_name, s, a.name, lang) for s in sides for a in _stated(kind_name, s)
    )
    with part.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerow(
            [_marked(f, lang) for f in before] + [*middle] + [_marked(f, lang) for f in after]
        )


def _marked(field: Envelope, lang: int) -> str:
    return field.label[lang] + ("*" if field.name in _REQUIRED else "")


def _xlsx(part: Path, kind_name: str, sides: list[Side], lang: str) -> None:
    at = _LANGS[lang]
    with workbook(part, streaming=False) as book:
        formats = {
            "required": book.add_format({"bold": True, "bg_color": "#FFE7BA", "border": 1}),
            "plain": book.add_format({"bold": True, "bg_color": "#F0F0F0", "border": 1}),
            "text": book.add_format({"num_format": "@"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        for side in sides:
            _fill_in_sheet(
                book.add_worksheet(sheet_name(kind_name, side, lang)), formats, kind_name, side, at
            )
        _notes_sheet(book.add_worksheet(("说明", "Notes")[at]), formats, kind_name, sides, at)


def _fill_in_sheet(
    sheet: "Worksheet", formats: dict[str, "Format"], kind_name: str, side: Side, lang: int
) -> None:
    sheet.freeze_panes(1, 0)
    for at, (name, item) in enumerate(_columns(kind_name, side, lang)):
        required = isinstance(item, Envelope) and item.name in _REQUIRED
        sheet.write_string(0, at, name, formats["required" if required else "plain"])
        sheet.write_comment(
            0, at, "\n".join(_help(item, side)[lang].split("; ")), {"x_scale": 2, "y_scale": 1.5}
        )
        sheet.set_column(
            at, at, min(36, 4 + 2 * len(name) if lang == 0 else 4 + len(name)), formats["text"]
        )
        if choices := _choices(item, lang):
            sheet.data_validation(
                1,
                at,
                _FILLABLE,
                at,
                {
                    "validate": "list",
                    "source": choices,
                    "error_type": "information",
                    "error_title": ("可用的值", "Allowed")[lang],
                    "error_message": "、".join(choices)[:250],
                },
            )


def _columns(kind_name: str, side: Side, lang: int) -> Iterator[tuple[str, Envelope | Attribute]]:
    before, after = _fields(implied=True)
    yield from ((_marked(f, lang), f) for f in before)
    yield from ((spelling(kind_name, side, a.name, lang), a) for a in _stated(kind_name, side))
    yield from ((_marked(f, lang), f) for f in after)


def _choices(item: Envelope | Attribute, lang: int) -> list[str]:
    """What a drop-down offers; empty where the list is too long for one."""
    if isinstance(item, Envelope):
        return []
    if item.type is Type.FLAG:
        return [["是", "否"], ["yes", "no"]][lang]
    if not isinstance(item.codes, CodeList):
        return []
    labels = [entry[lang] for entry in ((e.zh, e.en) for e in item.codes.entries)]
    fits = len(",".join(labels)) <= _LIST_CHARS and not any("," in label for label in labels)
    return labels if fits else []


_UNSTATED = {
    True: Label("空着：没有要求", "empty: no limit"),
    False: Label(
        "空着：对方的硬性要求算“待核实”，偏好算一半",
        "empty: unverified for hard limits, half credit for preferences",
    ),
}
_SETS = {
    Relation.AT_LEAST: Label("对方不得低于", "the other side must reach it"),
    Relation.AT_MOST: Label("对方不得高于", "the other side must not pass it"),
    Relation.WITHIN: Label("对方须在范围内", "the other side must lie within"),
    Relation.OVERLAPS: Label("双方范围要有交集", "both ranges must meet"),
    Relation.NEAR: Label("双方越接近越好", "the closer the better"),
    Relation.ONE_OF: Label("符合其中一项即可", "one in common is enough"),
    Relation.ALL_OF: Label("对方须全部具备", "the other side must have all"),
    Relation.NONE_OF: Label("对方不得属于其中", "the other side must be none"),
}


def _help(item: Envelope | Attribute, side: Side) -> Label:
    """Everything a column's note says, parts separated by ``; ``."""
    if isinstance(item, Envelope):
        return _FIELD_HELP[item.name]
    asks = item.asked_by is side and item.relation is not None
    parts = [what_may_stand(item)]
    if asks and item.relation is not None:
        hard = Label("硬性条件", "a hard limit") if item.hard else Label("偏好", "a preference")
        parts += [hard, _SETS[item.relation]]
    if item.relation is not None:
        parts.append(_UNSTATED[asks])
    return Label("; ".join(p.zh for p in parts), "; ".join(p.en for p in parts))


def what_may_stand(attribute: Attribute) -> Label:
    """Unit and bounds, code list, or date form: what a cell of the attribute may hold."""
    match attribute.type:
        case Type.NUMBER:
            unit = UNITS[attribute.unit].label
            low, high = number_text(attribute.low), number_text(attribute.high)
            zh, en = f" {unit.zh}".rstrip(), f" {unit.en}".rstrip()
            return Label(
                f"数字或范围（8、≥8、6~10），{low} 到 {high}{zh}，别的单位请写在数字后",
                f"a number or range (8, ≥8, 6~10), {low} to {high}{en}; write any other unit",
            )
        case Type.DAY:
            return Label("日期，如 2026-12-31", "a date such as 2026-12-31")
        case Type.FLAG:
            return Label("是 或 否", "yes or no")
        case Type.ORDER:
            names = attribute.code_list().allowed()
            return Label(f"由低到高之一：{names.zh}", f"one of, from low to high: {names.en}")
        case Type.CODES:
            names = attribute.code_list().allowed()
            return Label(
                f"一项或多项，顿号隔开：{names.zh}", f"one or more, separated by commas: {names.en}"
            )
        case _:
            return Label("文字", "words")


def _notes_sheet(
    sheet: "Worksheet", formats: dict[str, "Format"], kind_name: str, sides: list[Side], lang: int
) -> None:
    heads = (("供需", "列", "填什么"), ("Side", "Column", "What goes in"))[lang]
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 36)
    sheet.set_column(2, 2, 100, formats["wrap"])
    for at, head in enumerate(heads):
        sheet.write_string(0, at, head, formats["plain"])
    lines = (
        (SIDE_LABELS[s][lang], name, _help(item, s)[lang])
        for s in sides
        for name, item in _columns(kind_name, s, lang)
    )
    for row, line in enumerate(lines, 1):
        for at, text in enumerate(line):
            sheet.write_string(row, at, text, formats["wrap"])
