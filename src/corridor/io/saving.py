"""Listings → files that load back as the same listings."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from corridor.engine.factors import (
    SIDE_LABELS,
    Attribute,
    Listing,
    Range,
    Side,
    Type,
    Value,
    all_kinds,
    end_text,
    kind,
    value_text,
)

from .columns import FIELDS, Envelope, key, lookup, spelling
from .errors import InputError, short
from .rows import CITY, SEPARATORS
from .tables import suffix_format
from .values import CellError, ValueReader
from .writing import replacing, save_table, workbook, write_objects, write_sheet

_LANGS = {"zh": 0, "en": 1}
#: Any day will do: what is written names its dates in full.
_ANY_DAY = date(2020, 1, 1)
_PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


def save(path: str | Path, listings: Iterable[Listing], *, lang: str = "zh") -> None:
    """Write listings as csv, xlsx, jsonl or parquet, by suffix; :func:`load` gives them back.

    xlsx has one sheet for each kind and side. csv and parquet are one table with the columns of
    all; jsonl holds an object a line. The file is replaced whole or not at all. ``lang`` is the
    language of headers and codes, zh or en. Round trips drop space around texts.
    Raises :class:`InputError` for a value its column cannot hold.
    """
    file = Path(path)
    shape = suffix_format(file, writing=True)
    ordered = [*listings]
    writer = _Writer(file, _LANGS[lang])
    if shape == "jsonl":
        with replacing(file) as part:
            write_objects(part, map(writer.as_object, ordered))
    elif shape == "xlsx":
        with replacing(file) as part, workbook(part) as book:
            for (name, side), group in _grouped(ordered):
                sheet = book.add_worksheet(sheet_name(name, side, lang))
                write_sheet(file, book, sheet, *writer.table(group, typed=True))
            if not ordered:
                book.add_worksheet(sheet_name(next(iter(all_kinds())), Side.NEED, lang))
    else:
        save_table(file, *writer.table(ordered, typed=False))


def sheet_name(kind_name: str, side: Side, lang: str) -> str:
    """What a sheet is called so that it says its kind and side: 空间-需求, space-need."""
    if lang == "zh":
        return f"{kind(kind_name).label.zh}-{SIDE_LABELS[side].zh}"
    return f"{kind_name}-{side.value}"


def _grouped(listings: Sequence[Listing]) -> Iterator[tuple[tuple[str, Side], list[Listing]]]:
    """By kind in the order of kinds, needs before offers; within each, as given."""
    rank = {name: i for i, name in enumerate(all_kinds())}
    ordered = sorted(listings, key=lambda x: (rank[x.kind], x.side is Side.OFFER))
    for group, members in groupby(ordered, key=lambda x: (x.kind, x.side)):
        yield group, [*members]


class _Writer:
    """Spells values so that they read back equal; equal values are spelt once."""

    def __init__(self, file: Path, lang: int) -> None:
        self.file, self.lang = file, lang
        self._reader = ValueReader(_ANY_DAY)
        self._spelt: dict[tuple[str, str, bool, Value], str] = {}

    def table(
        self, listings: Sequence[Listing], *, typed: bool
    ) -> tuple[list[str], Iterator[list[object]]]:
        """Headers and rows; with ``typed``, plain numbers are numbers and one kind is implied."""
        stated = {(x.kind, x.side): set[str]() for x in listings}
        for x in listings:
            stated[x.kind, x.side].update(x.values)
        columns = {
            (*pair, a.name): spelling(*pair, a.name, self.lang)
            for pair, names in stated.items()
            for a in kind(pair[0]).attributes
            if a.name in names
        }
        fields = [f for f in FIELDS if not typed or f.name not in ("kind", "side")]
        before = [f for f in fields if f.name not in _LAST]
        after = [f for f in fields if f.name in _LAST]
        headers = [*dict.fromkeys(columns.values())]
        at = {text: i for i, text in enumerate(headers)}
        names = [
            *(f.label[self.lang] for f in before),
            *headers,
            *(f.label[self.lang] for f in after),
        ]

        def rows() -> Iterator[list[object]]:
            for x in listings:
                middle: list[object] = [""] * len(headers)
                for name, value in x.values.items():
                    middle[at[columns[x.kind, x.side, name]]] = self.cell(x, name, value, typed)
                yield [*self._fields(x, before), *middle, *self._fields(x, after)]

        return names, rows()

    def _fields(self, x: Listing, fields: Sequence[Envelope]) -> list[object]:
        return [_FIELDS[f.name](self, x) for f in fields]

    def cell(self, x: Listing, name: str, value: Value, typed: bool) -> object:
        """One value as a cell."""
        attribute = kind(x.kind).by_name[name]
        text = self.spelt(attribute, value, x)
        if typed and attribute.type is Type.NUMBER and _PLAIN.fullmatch(text):
            return Decimal(text)
        return text

    def spelt(self, attribute: Attribute, value: Value, x: Listing) -> str:
        """The first spelling that reads back equal: as people write it, else by ends or codes."""
        if isinstance(value, str):
            return value
        asking = attribute.asked_by is x.side and attribute.relation is not None
        slot = (x.kind, attribute.name, asking, value)
        if slot not in self._spelt:
            tried = [
                value_text(attribute, value, unit=False)[self.lang],
                _explicit(attribute, value),
            ]
            found = next((t for t in tried if self._reads_back(attribute, t, asking, value)), None)
            if found is None:
                raise _unwritable(self.file, x, attribute, value)
            self._spelt[slot] = found
        return self._spelt[slot]

    def _reads_back(self, attribute: Attribute, text: str, asking: bool, value: Value) -> bool:
        try:
            return self._reader.read(attribute, text, "", asking) == value
        except CellError:
            return False

    def as_object(self, x: Listing) -> dict[str, Any]:
        """A listing as a JSON object; what is unstated is left out."""
        found: dict[str, Any] = {
            "id": x.id,
            "kind": x.kind,
            "side": x.side.value,
            "title": x.title,
            "text": x.text,
            "party": x.party,
            "city": x.city,
            "must": sorted(x.must),
            "flexible": sorted(x.flexible),
            "published": x.published and x.published.isoformat(),
            "expires": x.expires and x.expires.isoformat(),
            "capacity": x.capacity if x.capacity != 1 else None,
            "contact": x.contact,
        }
        shape = kind(x.kind)
        values = {
            a.name: self._json(a, x.values[a.name], x)
            for a in shape.attributes
            if a.name in x.values
        }
        return {k: v for k, v in found.items() if v} | ({"values": values} if values else {})

    def _json(self, attribute: Attribute, value: Value, x: Listing) -> object:
        if isinstance(value, str):
            return value
        if isinstance(value, frozenset):
            found: object = sorted(value)
        else:
            ends = (value.lo, value.hi)
            found = dict(
                zip(
                    ("lo", "hi"),
                    (None if e is None else _end(attribute, e) for e in ends),
                    strict=True,
                )
            )
        try:
            if self._reader.read(attribute, found, "", False) == value:  # type: ignore[arg-type]
                return found
        except CellError:
            pass
        raise _unwritable(self.file, x, attribute, value)


def _end(attribute: Attribute, end: Decimal) -> str:
    """One end in full: exact digits, an ISO day, or a code's Chinese name."""
    if attribute.type is Type.NUMBER:
        text = f"{end:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return end_text(attribute, end).zh


def _explicit(attribute: Attribute, value: Range | frozenset[str]) -> str:
    if isinstance(value, frozenset):
        return "、".join(sorted(value))
    lo, hi = (None if e is None else _end(attribute, e) for e in (value.lo, value.hi))
    return f"≥{lo}" if hi is None else f"≤{hi}" if lo is None else f"{lo}~{hi}"


def _unwritable(file: Path, x: Listing, attribute: Attribute, value: Value) -> InputError:
    label = attribute.label
    return InputError(
        file,
        f"{x.id} 的“{label.zh}”写不成能读回的值：{short(value)}",
        f'"{label.en}" of {x.id} cannot be written so that it reads back: {short(value)}',
    )


def _names(writer: _Writer, x: Listing, names: frozenset[str]) -> str:
    """Attributes by label where the label names them alone, in the order of the kind."""
    known, said = lookup(x.kind, x.side), []
    for attribute in kind(x.kind).attributes:
        if attribute.name in names:
            label = attribute.label[writer.lang]
            alone = known.get(key(label)) is attribute and not SEPARATORS.search(label)
            said.append(label if alone else attribute.name)
    return "、".join(said)


def _city(writer: _Writer, x: Listing) -> str:
    return writer.spelt(CITY, frozenset({x.city}), x) if x.city else ""


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


_LAST = ("must", "flexible", "published", "expires", "capacity", "contact")
_FIELDS: dict[str, Callable[[_Writer, Listing], object]] = {
    "id": lambda _, x: x.id,
    "kind": lambda w, x: kind(x.kind).label.zh if w.lang == 0 else x.kind,
    "side": lambda w, x: SIDE_LABELS[x.side].zh if w.lang == 0 else x.side.value,
    "title": lambda _, x: x.title,
    "text": lambda _, x: x.text,
    "party": lambda _, x: x.party,
    "city": _city,
    "must": lambda w, x: _names(w, x, x.must),
    "flexible": lambda w, x: _names(w, x, x.flexible),
    "published": lambda _, x: _iso(x.published),
    "expires": lambda _, x: _iso(x.expires),
    "capacity": lambda _, x: x.capacity,
    "contact": lambda _, x: x.contact,
}
