"""Reading one cell as the value of one attribute, whatever format it came from."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from corridor.engine import text as reading
from corridor.engine.factors import (
    UNITS,
    Attribute,
    Codes,
    Label,
    Range,
    Type,
    Value,
    value_text,
)
from corridor.engine.factors.common import PLACES

from .cells import ILL, Raw, cell_text
from .errors import NOTHING, short

Notes = tuple[Label, ...]

MAX_CELL = 20_000
_MEMO = 200_000

#: A cell that states its ends in so many words is taken by them; 3000 alone may mean about 3000.
_ENDS = re.compile(r"[≥≤].+|[^~]+~[^~]+")
_ABOUT = re.compile("左右|上下|大约|大概|约")
_NUMBER = r"(-?[0-9]{1,15}(?:\.[0-9]{1,6})?)"
_DIGITS = re.compile(rf"(?:([≥≤])(?!.*~))?{_NUMBER}(?:~{_NUMBER})?")
_BARE = re.compile(
    r"(?P<before>(?:约|大约|不低于|不少于|至少|不超过|不高于|最多|[≥≤<>]=?)?\s*-?[\d,.]+"
    r"(?:\s*(?:~|～|-|–|—|至|到)\s*-?[\d,.]+)?)(?P<after>\s*(?:以上|以下|以内|左右|上下|起)?)"
)


class CellError(ValueError):
    """A cell that cannot be read: what was found, what is wrong, what would be right."""

    def __init__(self, found: object, message: Label, allowed: Label = NOTHING) -> None:
        super().__init__(message.zh)
        self.found, self.message, self.allowed = short(found), message, allowed


def check_text(text: str, limit: int = MAX_CELL) -> str:
    """The text itself. Raises :class:`CellError` for one too long or with unprintable characters."""
    if len(text) > limit:
        raise CellError(
            text,
            Label(f"有 {len(text):,} 个字，太长", f"{len(text):,} characters is too long"),
            Label(f"不超过 {limit:,} 个字", f"at most {limit:,} characters"),
        )
    if bad := ILL.search(text):
        code = f"U+{ord(bad.group()):04X}"
        raise CellError(
            ILL.sub("?", text),
            Label(f"含不可打印字符 {code}", f"unprintable character {code}"),
            Label("删去该字符", "the text without it"),
        )
    return text


class ValueReader:
    """Reads cells into values; equal cells are read once.

    ``today`` settles dates written without a year, ``near`` places that share a name. ``notes`` is
    what a person should check in the cell that was read last: a rate of exchange, a widened 左右.
    """

    def __init__(self, today: date, near: Sequence[str] = ()) -> None:
        self.today, self.near = today, tuple(near)
        self.notes: tuple[Label, ...] = ()
        self._memo: dict[tuple[int, str, bool], tuple[Value | None, Notes] | CellError] = {}
        self._held: dict[int, Attribute] = {}

    def read(self, attribute: Attribute, raw: Raw, unit: str, asking: bool) -> Value | None:
        """The value a cell states; ``None`` for an empty one. Raises :class:`CellError`.

        ``unit`` is the header's, for bare numbers; ``asking`` reads a number as the limit it sets.
        """
        self.notes = ()
        if isinstance(raw, dict):
            return self._ends(attribute, raw)
        if isinstance(raw, list):
            return self._several(attribute, raw)
        if not raw:
            return None
        text = check_text(raw)
        return self._remembered(
            attribute, _in_unit(attribute, text, unit) if unit else text, asking
        )

    def _remembered(self, attribute: Attribute, text: str, asking: bool) -> Value | None:
        slot = (id(attribute), text, asking)
        if slot not in self._memo:
            if len(self._memo) >= _MEMO:
                self._memo.clear()
            self._held[id(attribute)] = attribute  # kept alive, so that its id stays its own
            try:
                self._memo[slot] = self._fresh(attribute, text, asking)
            except CellError as error:
                self._memo[slot] = error
        found = self._memo[slot]
        if isinstance(found, CellError):
            raise found
        self.notes += found[1]
        return found[0]

    def _fresh(self, attribute: Attribute, text: str, asking: bool) -> tuple[Value | None, Notes]:
        value: Value | None = _plain(attribute, text)
        if value is None:
            value = self._read(attribute, text, asking)
        about = bool(_ABOUT.search(text))
        notes = () if _DIGITS.fullmatch(text) else reading.cell_notes(attribute, text)
        if value is None or not asking or (_ENDS.fullmatch(text) and not about):
            return value, notes
        meant = reading.stated_as_ask(attribute, value, about)
        return meant, (*notes, *_widened(attribute, value, meant)) if about else notes

    def _read(self, attribute: Attribute, text: str, asking: bool) -> Value | None:
        try:
            return reading.read_value(
                attribute, text, today=self.today, near=self.near, answering=not asking
            )
        except reading.ReadError as error:
            message = error.hint if error.hint.zh else self._nearby(attribute, text)
            raise CellError(error.found or text, message, error.allowed) from error

    def _nearby(self, attribute: Attribute, text: str) -> Label:
        """Which of the near places a misspelt one may be, for two characters are soon too far."""
        if attribute.codes is PLACES:
            names = {PLACES.label(code).zh: code for code in self.near}
            if found := get_close_matches(text, names, n=1, cutoff=0.4):
                return Label(f"是否指：{found[0]}？", f"Did you mean: {found[0]}?")
        return Label("读不懂", "not understood")

    def _ends(self, attribute: Attribute, raw: dict[str, object]) -> Value:
        allowed = Label(
            '{"lo": …, "hi": …}，缺的一端写 null', '{"lo": …, "hi": …}, null for an open end'
        )
        if attribute.type in (Type.CODES, Type.WORDS) or not {"lo", "hi"} >= raw.keys():
            raise CellError(
                raw, Label("这里不能填这样的对象", "such an object does not fit here"), allowed
            )
        ends = [self._end(attribute, raw.get(name)) for name in ("lo", "hi")]
        lo, hi = (None if end is None else end.lo for end in ends)
        if lo is None and hi is None:
            raise CellError(raw, Label("两端都没有填", "both ends are missing"), allowed)
        if lo is not None and hi is not None and lo > hi:
            raise CellError(
                f"{raw['lo']}~{raw['hi']}",
                Label("下限大于上限", "the lower end is above the upper"),
                Label("下限~上限，小的在前", "lower~upper, the smaller first"),
            )
        return Range(lo, hi)

    def _end(self, attribute: Attribute, raw: object) -> Range | None:
        value = None if raw is None else self._remembered(attribute, cell_text(raw), False)
        if value is None:
            return None
        if not isinstance(value, Range) or not value.single:
            raise CellError(raw, Label("一端只能是一个值", "an end is one single value"))
        return value

    def _several(self, attribute: Attribute, raw: list[object]) -> Value | None:
        texts = [cell_text(item) for item in raw if item is not None]
        if attribute.type is Type.WORDS:
            return self._remembered(attribute, check_text("、".join(texts)), False)
        if attribute.type is not Type.CODES:
            raise CellError(
                raw,
                Label("这里不能填多个值", "a list does not fit here"),
                Label('一个值，或 {"lo": …, "hi": …}', 'one value, or {"lo": …, "hi": …}'),
            )
        found: Codes = frozenset()
        for text in texts:
            value = self._remembered(attribute, text, False)
            found |= value if isinstance(value, frozenset) else frozenset()
        return found or None


def _widened(attribute: Attribute, value: Value, meant: Value) -> Notes:
    """How a figure with 左右 is understood, where that is more than the figure."""
    if meant == value:
        return ()
    said = value_text(attribute, meant)
    return (Label(f"“左右”按 {said.zh} 计", f'"about" is taken as {said.en}'),)


def _plain(attribute: Attribute, text: str) -> Range | None:
    """The range plain digits state, as ``read_value`` has it, without its cost; else ``None``."""
    match = _DIGITS.fullmatch(text) if attribute.type is Type.NUMBER else None
    if match is None:
        return None
    bound, first, second = match.groups()
    one = Decimal(first)
    lo, hi = (one, one) if second is None else (one, Decimal(second))
    if not attribute.low <= lo <= hi <= attribute.high:
        return None
    return Range(None if bound == "≤" else lo, None if bound == "≥" else hi)


def _in_unit(attribute: Attribute, text: str, unit: str) -> str:
    """The cell with its header's unit written out, unless it brings a unit of its own."""
    match = _BARE.fullmatch(text)
    if match:
        return f"{match['before']}{unit}{match['after']}"
    if any(form in text.lower() for form in UNITS[attribute.unit].forms):
        return text
    raise CellError(
        text,
        Label("看不出单位", "the unit is unclear"),
        Label(
            f"阿拉伯数字（{unit}），或带单位的数", f"digits (in {unit}), or a number with its unit"
        ),
    )
