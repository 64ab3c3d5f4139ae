"""One raw row → one listing, or everything that is wrong with it."""

import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from corridor.engine import text as reading
from corridor.engine.factors import (
    SIDE_LABELS,
    Attribute,
    Label,
    Listing,
    Range,
    Relation,
    Side,
    Type,
    Value,
    kind,
    to_day,
)
from corridor.engine.factors.attribute import day
from corridor.engine.factors.common import place

from .cells import Raw, cell_text
from .columns import FIELDS, Target, key, lookup, resolve, spelling
from .errors import NOTHING, RowError, RowNote, short
from .freetext import fill
from .tables import RawRow, Sheet
from .values import MAX_CELL, CellError, ValueReader, check_text

MAX_TITLE, MAX_SHORT = 200, 300
TITLE_FROM_TEXT = 30

CITY = place(hard=False)
_DAYS = {
    name: day(name, *next(f.label for f in FIELDS if f.name == name), Relation.AT_MOST)
    for name in ("published", "expires")
}
SEPARATORS = re.compile(r"[、,，;；\n]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """What each column of a table means for one kind and side.

    ``fields`` maps a field to its columns; ``attributes`` is (position, attribute, unit);
    ``strangers`` are positions that mean nothing for this kind and side.
    """

    kind: str
    side: Side
    names: tuple[str, ...]
    fields: dict[str, list[int]]
    attributes: tuple[tuple[int, Attribute, str], ...]
    strangers: tuple[int, ...]

    @property
    def only_text(self) -> bool:
        """Whether no column holds an attribute, so that they stand in the text if anywhere."""
        return not self.attributes


def layout(names: tuple[str, ...], kind_name: str, side: Side) -> Layout:
    """The layout of a table for one kind and side."""
    fields: dict[str, list[int]] = {}
    attributes: list[tuple[int, Attribute, str]] = []
    strangers: list[int] = []
    for at, name in enumerate(names):
        column = resolve(name, kind_name, side) if name else None
        if column is None or isinstance(column.target, tuple):
            strangers.append(at)
        elif isinstance(column.target, str):
            fields.setdefault(column.target, []).append(at)
        else:
            attributes.append((at, column.target, column.unit))
    return Layout(kind_name, side, names, fields, tuple(attributes), tuple(strangers))


@dataclass(frozen=True, slots=True)
class ReadFromText:
    """A value nobody put in a column: it was read from the title and text of a listing."""

    id: str
    side: Side
    attribute: str
    span: str


@dataclass(slots=True)
class RowReader:
    """Reads the rows of one sheet; ``errors``, ``from_text`` and ``notes`` grow as it goes."""

    sheet: Sheet
    values: ValueReader
    read_text: bool | None = None
    ignored: AbstractSet[str] = frozenset()
    errors: list[RowError] = field(default_factory=list)
    from_text: list[ReadFromText] = field(default_factory=list)
    notes: list[RowNote] = field(default_factory=list)

    def listing(self, row: RawRow, plan: Layout) -> Listing | None:
        """The listing of a row; ``None`` when anything is wrong with it, all said in ``errors``."""
        before, noted = len(self.errors), len(self.notes)
        self.given_faults(row)
        stated = _Row(self, row, plan)
        fields = stated.fields()
        values = stated.values()
        if len(self.errors) > before:
            order = {name: at for at, name in enumerate(row.names)}
            said = sorted(self.errors[before:], key=lambda e: order.get(e.column, -1))
            self.errors[before:] = said
            del self.notes[noted:]
            return None
        made = Listing(side=plan.side, kind=plan.kind, values=values, **fields)
        wanted = plan.only_text if self.read_text is None else self.read_text
        return self._filled(made, row) if wanted else made

    def fault(self, row: RawRow, at: int, error: CellError) -> None:
        """Note what is wrong with a cell; position -1 means the row."""
        self.errors.append(
            RowError(
                self.sheet.file,
                self.sheet.name,
                row.number,
                row.names[at] if at >= 0 else "",
                error.found,
                error.message,
                error.allowed,
            )
        )

    def given_faults(self, row: RawRow) -> None:
        """Note what was already wrong with the row when it was read from the file."""
        for at, (found, message, allowed) in row.faults.items():
            name = row.names[at] if 0 <= at < len(row.names) else ""
            if name not in self.ignored or at < 0:
                self.fault(row, at if name else -1, CellError(found, message, allowed))

    def note(self, row: RawRow, column: str, messages: Iterable[Label]) -> None:
        """Note what to check in a row."""
        self.notes += [
            RowNote(self.sheet.file, self.sheet.name, row.number, column, message)
            for message in messages
        ]

    def _filled(self, listing: Listing, row: RawRow) -> Listing:
        listing, spans, notes = fill(listing, today=self.values.today, near=self.values.near)
        self.note(row, "", notes)
        self.from_text += [ReadFromText(listing.id, listing.side, n, s) for n, s in spans]
        return listing


class _Row:
    """The cells of one row, under the layout of its kind and side."""

    def __init__(self, reader: RowReader, row: RawRow, plan: Layout) -> None:
        self.reader, self.row, self.plan = reader, row, plan
        faults = row.faults
        self.cells = (
            row.cells
            if not faults
            else ["" if at in faults else cell for at, cell in enumerate(row.cells)]
        )

    def _fault(self, at: int, found: object, message: Label, allowed: Label = NOTHING) -> None:
        self.reader.fault(self.row, at, CellError(found, message, allowed))

    def fields(self) -> dict[str, Any]:
        """Every field but kind and side, ready for :class:`Listing`."""
        found: dict[str, Any] = {}
        for name, read in _READERS.items():
            at, raw = self._the(name)
            if raw != "" or name == "id":
                try:
                    found[name] = self.read_id(at, raw) if name == "id" else read(self, raw)
                except CellError as error:
                    self.reader.fault(self.row, at, error)
        self._title(found)
        if (
            found.get("published")
            and found.get("expires")
            and found["published"] > found["expires"]
        ):
            self._fault(
                self._the("expires")[0],
                found["expires"],
                Label("截止日期早于发布日期", "it expires before it is published"),
            )
        if found.get("must", frozenset()) & found.get("flexible", frozenset()):
            at, raw = self._the("flexible")
            self._fault(
                at,
                raw,
                Label(
                    "同一属性不能既必须又可商量", "an attribute cannot be both a must and flexible"
                ),
            )
        return {name: value for name, value in found.items() if value is not None}

    def _the(self, name: str) -> tuple[int, Raw]:
        """The one filled cell of a field and its position; two filled cells are a fault."""
        columns = self.plan.fields.get(name, ())
        if not columns:
            return -1, ""
        if len(columns) == 1:
            return columns[0], self.cells[columns[0]]
        filled = [at for at in columns if self.cells[at] != ""]
        if len(filled) > 1:
            self._twice(filled)
        at = (filled or columns)[0]
        return at, self.cells[at]

    def _twice(self, filled: Sequence[int]) -> None:
        other = self.plan.names[filled[0]]
        self._fault(
            filled[1],
            self.cells[filled[1]],
            Label(f"与列“{other}”说的是同一项", f'it says the same thing as column "{other}"'),
        )

    def _title(self, found: dict[str, Any]) -> None:
        if not found.get("title") and found.get("text"):
            found["title"] = found["text"].split("\n")[0][:TITLE_FROM_TEXT].strip()
        if not found.get("title") and not any(
            at in self.row.faults
            for name in ("title", "text")
            for at in self.plan.fields.get(name, ())
        ):
            at = self.plan.fields.get("title", [-1])[0]
            if "title" in found or self._the("title")[1] == "":
                self._fault(
                    at,
                    "",
                    Label("没有标题", "there is no title"),
                    Label("填标题，或填说明", "a title, or a description"),
                )

    def values(self) -> dict[str, Value]:
        """The stated attributes."""
        found: dict[str, Value] = {}
        places: dict[str, int] = {}
        for at, attribute, unit in self.plan.attributes:
            if not (raw := self.cells[at]):
                continue
            if attribute.name in places:
                self._twice([places[attribute.name], at])
            places[attribute.name] = at
            try:
                value = self._value(attribute, raw, unit)
            except CellError as error:
                self.reader.fault(self.row, at, error)
                continue
            if value is not None:
                found[attribute.name] = value
                if notes := self.reader.values.notes:
                    self.reader.note(self.row, self.plan.names[at], notes)
        for at in self.plan.strangers:
            if self.cells[at] != "" and self.plan.names[at] not in self.reader.ignored:
                self._stranger(at)
        return found

    def _value(self, attribute: Attribute, raw: Raw, unit: str) -> Value | None:
        side = self.plan.side
        if not attribute.stated_by(side):
            other = SIDE_LABELS[attribute.asked_by]
            answer = kind(self.plan.kind).by_name[attribute.answer_name].label
            raise CellError(
                raw,
                Label(f"只有{other.zh}方填这一列", f"only the {other.en.lower()} side states this"),
                Label(
                    f"留空；这一方填“{answer.zh}”",
                    f'leave it empty; this side states "{answer.en}"',
                ),
            )
        asking = attribute.asked_by is side and attribute.relation is not None
        return self.reader.values.read(attribute, raw, unit, asking)

    def _stranger(self, at: int) -> None:
        name, shape, side = self.plan.names[at], kind(self.plan.kind), SIDE_LABELS[self.plan.side]
        if not name:
            self._fault(
                at,
                self.cells[at],
                Label(
                    f"第 {at + 1} 列有内容却没有表头", f"column {at + 1} has content but no header"
                ),
            )
        else:
            self._fault(
                at,
                self.cells[at],
                Label(
                    f"{shape.label.zh}{side.zh}没有这一项",
                    f"a {shape.label.en.lower()} {side.en.lower()} has no such attribute",
                ),
                Label("留空", "leave it empty"),
            )

    # --- readers of single fields; each gives the field's value or raises CellError ---

    def text_of(self, raw: Raw, limit: int) -> str:
        """A cell as checked text."""
        if isinstance(raw, (list, dict)):
            raise CellError(raw, Label("这里只能填文字", "only text fits here"))
        return check_text(raw, limit)

    def read_id(self, at: int, raw: Raw) -> str:
        """The id; the sheet and row number where the table has no such column."""
        if at < 0:
            return f"{self.reader.sheet.name}-{self.row.number}"
        if raw == "":
            if at not in self.row.faults:
                raise CellError(
                    "",
                    Label("编号是空的", "the id is empty"),
                    Label("填编号，或删去整个编号列", "an id, or no id column at all"),
                )
            return ""
        text = self.text_of(raw, MAX_SHORT)
        if _holds_contact(text):
            raise CellError(
                text,
                Label("编号里有联系方式", "the id holds a contact, such as a telephone number"),
                Label("不含联系方式的编号", "an id without one"),
            )
        return text

    def read_city(self, raw: Raw) -> str:
        """The code of one place."""
        value = self.reader.values.read(CITY, raw, "", False)
        if not isinstance(value, frozenset) or len(value) != 1:
            raise CellError(
                raw,
                Label("只能填一个城市", "only one city fits here"),
                Label(
                    "一个城市；更多的填在“服务城市”或“可接受城市”",
                    "one city; more go into the column of cities served or accepted",
                ),
            )
        return next(iter(value))

    def read_day(self, name: str, raw: Raw) -> date:
        """One calendar day."""
        if isinstance(raw, str) and (day := _iso_day(raw)) is not None:
            return day
        value = self.reader.values.read(_DAYS[name], raw, "", False)
        if not isinstance(value, Range) or not value.single or value.lo is None:
            raise CellError(
                raw,
                Label("要填一个确定的日期", "one definite day is needed"),
                Label("如 2026-12-31", "such as 2026-12-31"),
            )
        return to_day(value.lo)

    def read_capacity(self, raw: Raw) -> int:
        """A whole number from 1."""
        text = self.text_of(raw, MAX_CELL)
        if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) < 1:
            raise CellError(
                text,
                Label("不是有效的可承接数", "not a valid capacity"),
                Label("1 到 999999 的整数", "a whole number from 1 to 999999"),
            )
        return int(text)

    def read_names(self, raw: Raw) -> frozenset[str]:
        """Attributes by any of their names; only those whose limit this side sets."""
        if isinstance(raw, dict):
            raise CellError(raw, Label("这里要填属性名称", "attribute names belong here"))
        words = [cell_text(x) for x in raw] if isinstance(raw, list) else SEPARATORS.split(raw)
        return frozenset(self._named(word.strip()) for word in words if word.strip())

    def _named(self, word: str) -> str:
        shape, side = kind(self.plan.kind), self.plan.side
        target: Target | None = shape.by_name.get(word)
        if target is None:
            target = lookup(shape.name, side).get(key(word))
        if isinstance(target, str):  # a field's word that an attribute bears too
            target = next((a for a in shape.attributes if word in a.label), None)
        if not isinstance(target, Attribute) or target.type is Type.WORDS:
            asked = [a.name for a in shape.related if a.asked_by is side]
            allowed = Label(
                *("、".join(spelling(shape.name, side, n, i) for n in asked[:12]) for i in (0, 1))
            )
            said = short(word)
            raise CellError(
                word,
                Label(f"没有叫“{said}”的条件", f'there is no condition called "{said}"'),
                allowed,
            )
        if target.asked_by is not side:
            asker = SIDE_LABELS[target.asked_by]
            raise CellError(
                word,
                Label(
                    f"“{target.label.zh}”的条件由{asker.zh}方定",
                    f'the {asker.en.lower()} side sets the limit on "{target.label.en}"',
                ),
            )
        return target.name


def _iso_day(text: str) -> date | None:
    """The day of a plain ISO date within two centuries; ``None`` leaves it to the reader."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year < 2200 else None


_READERS: dict[str, Callable[[_Row, Raw], Any]] = {
    "id": lambda r, raw: r.read_id(-1, raw),
    "title": lambda r, raw: reading.mask_contacts(r.text_of(raw, MAX_TITLE)),
    "text": lambda r, raw: reading.mask_contacts(r.text_of(raw, MAX_CELL)),
    "party": lambda r, raw: reading.mask_contacts(r.text_of(raw, MAX_SHORT)),
    "city": _Row.read_city,
    "must": _Row.read_names,
    "flexible": _Row.read_names,
    "published": lambda r, raw: r.read_day("published", raw),
    "expires": lambda r, raw: r.read_day("expires", raw),
    "capacity": _Row.read_capacity,
    "contact": lambda r, raw: reading.mask_contacts(r.text_of(raw, MAX_SHORT), contact=True),
}


def _holds_contact(text: str) -> bool:
    """One beside a letter is part of a longer code: ids such as UUIDs hold long digit runs."""
    return any(
        not text[max(found.start - 1, 0) : found.start].isalnum()
        and not text[found.end : found.end + 1].isalnum()
        for found in reading.find_contacts(text)
    )
