"""Cells: typed values to one canonical spelling, and text a spreadsheet must not execute."""

import re
from datetime import date, datetime, time
from decimal import Decimal

#: What a cell holds once read: text, or from jsonl and parquet a list or an object.
Raw = str | list[object] | dict[str, object]

#: Characters no text should hold: controls but tab and line feed, lone surrogates, non-characters.
ILL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_DANGER = "=+\\-@\t\r\n＝＋－＠"
_RISKY = re.compile(f"'*[{_DANGER}]")
_GUARDED = re.compile(f"'+[{_DANGER}]")


def float_text(number: float) -> str:
    """The shortest decimal spelling of a float, without exponent and without ``.0``."""
    text = f"{Decimal(repr(number)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def cell_text(value: object) -> str:
    """A typed scalar as text: dates ISO, whole numbers without ``.0``, booleans 是 and 否."""
    match value:
        case None:
            return ""
        case str():
            return clean(value)
        case bool():
            return "是" if value else "否"
        case int():
            return str(value)
        case float():
            return float_text(value) if value == value else ""
        case Decimal():
            return f"{value:f}"
        case datetime():
            midnight = value.time() == time()
            return value.date().isoformat() if midnight else value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def clean(text: str) -> str:
    """Text with one kind of line end and no space around it."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()


def guard(text: str) -> str:
    """Text that no spreadsheet takes for a formula; :func:`unguard` gives it back.

    A plain number keeps its sign. What already looks guarded gets one more quote.
    """
    return "'" + text if _RISKY.match(text) and not _NUMBER.fullmatch(text) else text


def unguard(text: str) -> str:
    """The text that :func:`guard` was given."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text
