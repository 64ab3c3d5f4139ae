"""Reading one table cell into one attribute, strictly: all of it must be understood."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import takewhile

from ..factors import (
    UNITS,
    Attribute,
    CodeList,
    Codes,
    Label,
    Range,
    TreeList,
    Type,
    UnknownCode,
    Value,
    days,
    to_day,
)
from ..factors.codes import places
from ..factors.common import PLACES
from .contacts import mask_contacts
from .dates import find_days, impossible_day
from .normal import fold
from .quantities import Quantity, clean, exchanged, factor_of, find_quantities, whole_sum

_UNSTATED_TEXT = """
- -- --- / 无 不限 面议 面谈 待定 待议 另议 详谈 空 暂无 未填 不详 未知 均可 none null nil
n/a na tbd any nan unlimited negotiable unstated
"""
_UNSTATED = frozenset(_UNSTATED_TEXT.split()) | {""}
_YES_TEXT = """
是 有 要 需要 可 可以 支持 提供 具备 含 带 yes y true t 1 √ ✓ ✔ ☑ 1.0
"""
_YES = frozenset(_YES_TEXT.split())
_NO_TEXT = """
否 无 没有 不 不要 不需要 不可 不支持 不提供 不具备 不含 不带 no n false f 0 × ✗ ✘ x 0.0
"""
_NO = frozenset(_NO_TEXT.split())
_SEPARATORS = re.compile(r"[、,，;；|/\n+ ]+")
_SIGN = re.compile(r"(?:^|(?<=[~至到≥≤=<> ]))-(?=[0-9])")
_TO = re.compile(r"[~至到]")
_PARTS_PLACES = re.compile(r"[、,，;；|\n+]")
_MOST_PARTS, _MOST_IN_NAME, _LONGEST_NAME = 200, 24, 160
_NO_HINT = Label("", "")


class ReadError(ValueError):
    """A cell that does not say what its column may hold.

    Attributes:
        found: what was written, shortened to 60 characters, contacts masked.
        allowed: what may be written.
        hint: what is wrong, or what was probably meant; may be empty.
        message: all three as a sentence in each language.
    """

    def __init__(self, found: str, allowed: Label, hint: Label = _NO_HINT) -> None:
        found = mask_contacts(found[:120])
        self.found = found if len(found) <= 60 else f"{found[:59]}…"
        self.allowed, self.hint = allowed, hint
        self.message = Label(
            f"写的是“{self.found}”；应为{allowed.zh}。{hint.zh}",
            f'found "{self.found}"; expected {allowed.en}. {hint.en}'.rstrip(),
        )
        super().__init__(f"{self.message.zh} / {self.message.en}")


def read_value(
    attribute: Attribute,
    raw: str,
    *,
    today: date,
    near: Sequence[str] = (),
    answering: bool = False,
) -> Value | None:
    """The value a table cell states; ``None`` where it states none (empty, 无, 不限, 面议, -).

    Words are kept as they stand, 无 and - too; only an empty cell states none.

    Numbers without a unit are in the attribute's own; other units of the same measure are
    converted. Ends of a range may be left open (≥3000, 3000以上, ≤2026-12-31). Codes are read by
    code or by either name, several of them separated by 、,;/| or spaces. What
    :func:`~corridor.engine.factors.value_text` writes is read back as the same value.

    Args:
        today: the day relative dates count from.
        near: codes of places preferred where a name is borne by several.
        answering: the side that answers states it: 即日起 and 随时 then mean from today on.

    Raises:
        ReadError: part of the cell is not understood, the measure is another one, the number lies
            outside what the attribute takes, the day is impossible, or an end passes the other.
    """
    if attribute.type is Type.WORDS:
        return mask_contacts(raw.strip()) or None
    text = fold(raw).replace("\n", " ").strip()
    if attribute.type is Type.CODES:
        return _codes(attribute, raw.strip(), near)
    if attribute.type is Type.ORDER:
        return _order(attribute, text, raw)
    if attribute.type is Type.FLAG:
        return _flag(attribute, text, raw)
    if text in _UNSTATED:
        return None
    if len(text) > 200:
        raise ReadError(raw, allowed(attribute))
    found = (
        _day(text, raw, today, attribute, answering)
        if attribute.type is Type.DAY
        else _number(attribute, text, raw)
    )
    return _within_limits(attribute, found, raw)


def cell_notes(attribute: Attribute, raw: str) -> tuple[Label, ...]:
    """What a person should check in a cell that :func:`read_value` reads: a rate of exchange."""
    if attribute.type is not Type.NUMBER:
        return ()
    notes = (exchanged(quantity.form) for quantity in find_quantities(fold(raw)))
    return tuple(dict.fromkeys(note for note in notes if note is not None))


def allowed(attribute: Attribute) -> Label:
    """What a cell of the attribute may hold, as a sentence part."""
    match attribute.type:
        case Type.NUMBER:
            unit = UNITS[attribute.unit].label
            zh, en = (f"（{unit.zh}）", f" in {unit.en}") if unit.zh else ("", "")
            return Label(f"数字或范围{zh}，如 8、≥8、6~10", f"a number or a range{en}: 8, ≥8, 6~10")
        case Type.DAY:
            return Label(
                "日期，如 2026-12-31、2026年12月、≤2026-12-31",
                "a date: 2026-12-31, 2026-12, ≤2026-12-31",
            )
        case Type.FLAG:
            return Label("是 或 否", "yes or no")
        case Type.WORDS:
            return Label("文字", "words")
        case _:
            names = attribute.code_list().allowed()
            return Label(f"下列之一：{names.zh}", f"one of: {names.en}")


# --- flags and codes ---


def _flag(attribute: Attribute, text: str, raw: str) -> Value | None:
    text = re.sub(r"^[≥≤]|^.*[~]", "", text)
    for words, value in ((_YES, 1), (_NO, 0)):
        if text in words:
            return Range.exactly(value)
    if text in _UNSTATED:
        return None
    raise ReadError(raw, allowed(attribute))


def _codes(attribute: Attribute, raw: str, near: Sequence[str]) -> Value | None:
    """Greedy from the left, so that a name holding 、 or a comma is read whole."""
    listed = attribute.code_list()
    found: set[str] = set()
    pieces = list(_SEPARATORS.finditer(raw))
    starts = [0, *(m.end() for m in pieces)]
    ends = [*(m.start() for m in pieces), len(raw)]
    if len(starts) > _MOST_PARTS:
        raise ReadError(raw, allowed(attribute))
    at = 0
    while at < len(starts):
        if starts[at] >= len(raw) or starts[at] >= ends[at]:
            at += 1
            continue
        last = _last_part(listed, [m[0] for m in pieces[at:]], at)
        tries = ((j, raw[starts[at] : ends[j]]) for j in range(last, at - 1, -1))
        hit = next(((j, c) for j, part in tries if (c := _code(listed, part, near))), None)
        if hit is None:
            if fold(raw) in _UNSTATED:
                return None
            raise _unknown(attribute, raw[starts[at] : ends[at]])
        found.add(hit[1])
        at = hit[0] + 1
    return Codes(found) if found else None


def _last_part(listed: CodeList | TreeList, separators: list[str], at: int) -> int:
    """The last piece that may belong to one name; 、 always parts two places (嘉兴、嘉善)."""
    joined: Iterator[str]
    if listed is PLACES:
        joined = takewhile(lambda s: not _PARTS_PLACES.search(s), separators)
    else:
        joined = iter(separators[:_MOST_IN_NAME])
    return at + sum(1 for _ in joined)


def _code(listed: CodeList | TreeList, raw: str, near: Sequence[str]) -> str | None:
    try:
        if len(raw) > _LONGEST_NAME:
            return None
        return places.normalise(raw, near) if listed is PLACES else listed.read(raw)
    except (places.UnknownPlace, places.AmbiguousPlace):
        return None
    except UnknownCode:
        try:
            return listed.read(fold(raw).strip())
        except UnknownCode:
            return None


def _unknown(attribute: Attribute, raw: str) -> ReadError:
    try:
        attribute.code_list().read(raw)
    except UnknownCode as error:
        names = "、".join(error.near)
        hint = Label(f"是否指：{names}？", f"Did you mean: {names}?") if names else Label("", "")
        return ReadError(raw, allowed(attribute), hint)
    return ReadError(raw, allowed(attribute))


_ORDER_LEAST = re.compile(r"^(?:≥|>=|不低于|至少)?(.+?)(?:及其?以上|以上|起|\+)?$")
_ORDER_MOST = re.compile(r"^(?:≤|<=|不高于|最高)?(.+?)(?:及其?以下|以下)?$")


def _order(attribute: Attribute, text: str, raw: str) -> Value | None:
    listed = attribute.code_list()
    assert isinstance(listed, CodeList)

    def position(word: str) -> Decimal | None:
        try:
            return Decimal(listed.index(listed.read(word)))
        except UnknownCode:
            return None

    if (exact := position(text)) is not None:
        return Range.exactly(exact)
    if text in _UNSTATED:
        return None
    for pattern, least in ((_ORDER_LEAST, True), (_ORDER_MOST, False)):
        word = pattern.match(text)
        if word and (end := position(word[1])) is not None:
            return Range(end, None) if least else Range(None, end)
    for cut in (m.start() for m in re.finditer(r"[~至到-]", text)):
        lo, hi = position(text[:cut]), position(text[cut + 1 :])
        if lo is not None and hi is not None:
            return _ordered(attribute, lo, hi, raw)
    raise _unknown(attribute, raw)


def _ordered(attribute: Attribute, lo: Decimal, hi: Decimal, raw: str) -> Range:
    if lo > hi:
        raise ReadError(
            raw, allowed(attribute), Label("下限高于上限。", "The lower end is above the upper.")
        )
    return Range(lo, hi)


# --- days and numbers ---


def _day(text: str, raw: str, today: date, attribute: Attribute, answering: bool) -> Range:
    found = find_days(text, today)
    if len(found) == 1 and (found[0].start, found[0].end) == (0, len(text)):
        if found[0].now and answering:
            return days(today, None)
        return days(found[0].lo, found[0].hi)
    backwards = len(found) == 2 and text[found[0].end : found[1].start].strip() in (
        "~",
        "-",
        "至",
        "到",
    )
    if backwards:
        hint = Label("起始日晚于截止日。", "The first day is after the last.")
    elif impossible_day(text, today):
        hint = Label("日历上没有这一天。", "There is no such day.")
    else:
        hint = Label("", "")
    raise ReadError(raw, allowed(attribute), hint)


def _number(attribute: Attribute, text: str, raw: str) -> Range:
    text = _without_name(attribute, text)
    for label in map(fold, UNITS[attribute.unit].label):
        body = text.removesuffix(label).rstrip() if label else text
        if body != text and re.search(r"[0-9十百千万亿]$", body):
            text = body
            break
    if not _SIGN.search(text):
        return _unsigned(attribute, text, raw)
    cut = _TO.search(text)
    parts = [text[: cut.start()], text[cut.end() :]] if cut else [text]
    ends = [_signed(attribute, part.strip(), raw) for part in parts]
    lo, hi = ends[0].lo, ends[-1].hi
    if len(parts) == 2 and (not ends[0].single or not ends[1].single):
        raise ReadError(raw, allowed(attribute))
    return Range(lo, hi) if lo is None or hi is None else _ordered(attribute, lo, hi, raw)


def _signed(attribute: Attribute, part: str, raw: str) -> Range:
    sign = _SIGN.search(part)
    value = _unsigned(attribute, _SIGN.sub("", part), raw)
    if sign is None:
        return value
    return Range(*(None if end is None else -end for end in (value.lo, value.hi)))


def _without_name(attribute: Attribute, text: str) -> str:
    """``TRL 6`` in a column of TRLs: the name before the number says nothing new."""
    for name in (*attribute.cues, attribute.label.zh, attribute.label.en):
        name = fold(name)
        if text.startswith(name) and re.match(r"[:为 ]?[≥≤~ ]*[0-9]", text[len(name) :]):
            return text[len(name) :].lstrip(":为 ")
    return text


def _unsigned(attribute: Attribute, text: str, raw: str) -> Range:
    found = find_quantities(text)
    if len(found) == 2 and text[found[0].end : found[1].start].strip() in ("~", "-", "至", "到"):
        hint = Label(
            "下限高于上限，或两端单位不同。",
            "The lower end is above the upper, or the units differ.",
        )
        raise ReadError(raw, allowed(attribute), hint)
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(text)):
        raise ReadError(raw, allowed(attribute))
    return _converted(attribute, found[0], raw)


def _converted(attribute: Attribute, quantity: Quantity, raw: str) -> Range:
    figure = quantity.hi or quantity.lo or Decimal(0)
    if whole_sum(quantity.form, quantity.per, quantity.scaled, figure, attribute.unit):
        zh = "这是总额；这里要写每平方米多少。"
        raise ReadError(
            raw,
            allowed(attribute),
            Label(zh, "This is a sum for the whole; say how much for a square metre."),
        )
    factor = factor_of(quantity.form, quantity.per, quantity.scaled, attribute.unit)
    if factor is None:
        unit, form = UNITS[attribute.unit].label, quantity.form or "/".join(quantity.per)
        zh = f"“{form}”不能换算成{unit.zh}。" if unit.zh else f"这一项没有单位，不能写“{form}”。"
        en = (
            f'"{form}" does not convert to {unit.en}.'
            if unit.en
            else f'This has no unit; "{form}" does not fit.'
        )
        raise ReadError(raw, allowed(attribute), Label(zh, en))
    return quantity.value(factor)


def _within_limits(attribute: Attribute, value: Range, raw: str) -> Range:
    low, high = attribute.low, attribute.high
    if all(end is None or low <= end <= high for end in (value.lo, value.hi)):
        return value
    if attribute.type is Type.DAY:
        ends = [to_day(end).isoformat() for end in (low, high)]
    else:
        ends = [f"{clean(end)}" for end in (low, high)]
    raise ReadError(
        raw,
        allowed(attribute),
        Label(f"超出可接受的 {ends[0]}~{ends[1]}。", f"Outside the accepted {ends[0]}~{ends[1]}."),
    )
