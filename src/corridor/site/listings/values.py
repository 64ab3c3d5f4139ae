"""The engine's values as plain JSON, and back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from corridor.engine.factors import Range, Value

Plain = dict[str, str | None] | list[str] | str


def stored(values: Mapping[str, Value]) -> dict[str, Any]:
    """Values as JSON takes them: ``[lo, hi]`` in a dict, a sorted list of codes, or words."""
    return {name: _plain(value) for name, value in values.items()}


def restored(plain: Mapping[str, Any]) -> dict[str, Value]:
    """The values that :func:`stored` made plain."""
    return {name: _value(value) for name, value in plain.items()}


def _plain(value: Value) -> Plain:
    if isinstance(value, Range):
        return {"lo": _text(value.lo), "hi": _text(value.hi)}
    return value if isinstance(value, str) else sorted(value)


def _text(end: Decimal | None) -> str | None:
    return None if end is None else f"{end:f}"


def _value(plain: Plain) -> Value:
    if isinstance(plain, dict):
        return Range.between(plain["lo"], plain["hi"])
    return plain if isinstance(plain, str) else frozenset(plain)
