"""Writing values the way people read them; ``text.read_value`` reads them back."""

from decimal import Decimal

from .attribute import Attribute, Side, Type
from .codelist import CodeList
from .label import Label, join
from .units import UNITS
from .value import Range, Value, to_day

_FLAG = {0: Label("否", "no"), 1: Label("是", "yes")}


def number_text(number: Decimal) -> str:
    """A decimal without exponent or trailing zeros, at most six places: 1200000, 0.35."""
    text = f"{round(number, 6):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def value_text(attribute: Attribute, value: Value, *, unit: bool = True) -> Label:
    """A value in both languages: ``≥8 米``, ``3000~5000 ㎡``, ``嘉兴、松江``.

    ``unit=False`` leaves the unit out, for table cells whose header names it.
    """
    if isinstance(value, str):
        return Label(value, value)
    if isinstance(value, frozenset):
        listed = attribute.code_list()
        return join([listed.label(code) for code in sorted(value)])
    text = _range(attribute, value)
    tail = UNITS[attribute.unit].label if unit and attribute.type is Type.NUMBER else Label("", "")
    return Label(f"{text.zh} {tail.zh}".rstrip(), f"{text.en} {tail.en}".rstrip())


def _range(attribute: Attribute, value: Range) -> Label:
    if value.single and value.lo is not None:
        return end_text(attribute, value.lo)
    if value.lo is None and value.hi is not None:
        return Label("≤", "≤") + end_text(attribute, value.hi)
    if value.hi is None and value.lo is not None:
        return Label("≥", "≥") + end_text(attribute, value.lo)
    assert value.lo is not None and value.hi is not None
    return end_text(attribute, value.lo) + Label("~", "~") + end_text(attribute, value.hi)


def end_text(attribute: Attribute, end: Decimal) -> Label:
    """One end of a range, without its unit."""
    match attribute.type:
        case Type.DAY:
            return Label(to_day(end).isoformat(), to_day(end).isoformat())
        case Type.FLAG:
            return _FLAG[int(end)]
        case Type.ORDER:
            listed = attribute.code_list()
            assert isinstance(listed, CodeList)
            return listed.label(listed.entries[int(end)].code)
        case _:
            return Label(number_text(end), number_text(end))


def header(attribute: Attribute, side: Side) -> Label:
    """The column header of an attribute: what this side calls it, with the unit to write in."""
    label, unit = attribute.side_label(side), UNITS[attribute.unit].label
    if attribute.type is not Type.NUMBER or not unit.zh:
        return label
    return Label(f"{label.zh}({unit.zh})", f"{label.en} ({unit.en})")
