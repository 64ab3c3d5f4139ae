"""jsonl: one object a line; ``values`` holds attributes by name, anything else is a column."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from corridor.engine.factors import Label
from corridor.engine.text import mask_contacts

from .cells import Raw, cell_text
from .columns import VALUES
from .errors import short
from .from_csv import encoding_of
from .tables import MAX_COLUMNS, MAX_ROWS, RawRow, Sheet, too_many_columns, too_many_rows


def read(path: Path) -> Iterator[Sheet]:
    """The one sheet of a jsonl file."""
    encoding, total = encoding_of(path)
    yield Sheet(str(path), path.stem, _rows(path, encoding), total, keyed=True)


class _Doubled(ValueError):
    """A key that stands twice in one object."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [short(key) for key, _ in pairs]
        raise _Doubled(next(key for key in keys if keys.count(key) > 1))
    return found


def _constant(name: str) -> object:
    raise ValueError(f"{name} is not a JSON number")


def _number(text: str) -> str:
    """A JSON float spelt out; one of absurd size stays as written, to be refused later."""
    number = Decimal(text)
    return f"{number:f}" if len(text) < 40 and abs(number.adjusted()) < 40 else text


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_number, parse_int=str, parse_constant=_constant
)


def _rows(path: Path, encoding: str) -> Iterator[RawRow]:
    shared: dict[tuple[str, ...], tuple[str, ...]] = {}
    with path.open(encoding=encoding) as stream:
        for number, line in enumerate(stream, 1):
            if not (text := line.strip()):
                continue
            if number > MAX_ROWS:
                raise too_many_rows(path)
            try:
                found = _DECODER.decode(text)
                if not isinstance(found, dict):
                    raise TypeError("not an object")
                row = record(number, found)
            except (ValueError, TypeError, RecursionError) as error:
                yield RawRow(number, (), [], {-1: (short(text), *_wrong(error))})
                continue
            if len(row.names) > MAX_COLUMNS:
                raise too_many_columns(path, number)
            if row.names not in shared:
                shared[row.names] = tuple(map(mask_contacts, row.names))
            yield RawRow(number, shared[row.names], row.cells)


def record(number: int, found: dict[str, object]) -> RawRow:
    """A row out of an object, its ``values`` spread as columns; nulls are left out."""
    nested = found.pop("values", None)
    if nested is not None and not isinstance(nested, dict):
        raise TypeError("values is not an object")
    names = [name for name, value in found.items() if value is not None]
    cells = [raw(found[name]) for name in names]
    for name, value in (nested or {}).items():
        if value is not None:
            names.append(VALUES + name)
            cells.append(raw(value))
    return RawRow(number, tuple(names), cells)


def raw(value: object) -> Raw:
    """A JSON or parquet value as a cell."""
    return value if isinstance(value, (list, dict)) else cell_text(value)


def _wrong(error: Exception) -> tuple[Label, Label]:
    allowed = Label(
        '一行一个 JSON 对象，如 {"title": "…"}', 'one JSON object a line, such as {"title": "…"}'
    )
    if isinstance(error, _Doubled):
        return Label(f"键“{error}”写了两次", f'the key "{error}" stands twice'), allowed
    if isinstance(error, json.JSONDecodeError):
        return Label(
            f"不是有效的 JSON（第 {error.colno} 个字符处）",
            f"not valid JSON (at character {error.colno})",
        ), allowed
    return Label("不是 JSON 对象，或含无效的值", f"not a JSON object, or it holds {error}"), allowed
