"""A conference workbook → :class:`Conference`, or every reason why not, each with its cell."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from corridor.engine.factors import Label, join
from corridor.engine.meetings import HALL, Conference, Meeting, Participant, Slot, faults

from ..errors import BadRows, InputError, RowError, short
from ..tables import RawRow, Sheet, sheets
from .cells import BadCell, count, flag, moment, name, slots, whole
from .sheets import PAGES, Page

T = TypeVar("T")
E = TypeVar("E")
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Line:
    """A row by column name, with what it takes to say what is wrong in it."""

    sheet: Sheet
    number: int
    cells: Mapping[str, str]
    headers: Mapping[str, str]
    errors: list[RowError]

    def read(self, column: str, reader: Callable[[str], T], empty: E) -> T | E:
        """A cell as a value; ``empty`` where nothing stands, and where it is wrong (which is noted)."""
        text = self.cells.get(column, "")
        if not text:
            return empty
        try:
            return reader(text)
        except BadCell as bad:
            self.wrong(column, bad.message, text)
            return empty

    def wrong(self, column: str, message: Label, found: str = "") -> None:
        """Note a fault of this row."""
        self.errors.append(
            self.sheet.error(self.number, self.headers.get(column, ""), short(found), message)
        )


@dataclass(slots=True)
class Book:
    """The rows of every page, and the faults found so far."""

    file: Path
    rows: dict[str, list[Line]] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)

    def __getitem__(self, page: str) -> list[Line]:
        return self.rows.get(page, [])


def read_conference(path: str | Path) -> Conference:
    """The conference of a workbook (xlsx); sheets and columns are those of ``PAGES``.

    Times without a zone are in Asia/Shanghai. Raises :class:`InputError` for a file that cannot be
    read, :class:`BadRows` with every fault of every row; nothing is guessed.
    """
    file = Path(path)
    book = _book(file)
    conference = _conference(book)
    if book.errors:
        raise BadRows(book.errors)
    if wrong := faults(conference):
        said = join(list(wrong[:20]), "", " ")
        raise InputError(file, said.zh, said.en)
    return conference


def _book(file: Path) -> Book:
    book = Book(file)
    known = {_key(word): page for page in PAGES for word in page.label}
    for sheet in sheets(file):
        page = known.get(_key(sheet.name))
        if page is not None:
            book.rows[page.name] = list(read_page(sheet, page, book.errors))
    missing = [page.label for page in PAGES if page.required and page.name not in book.rows]
    if missing:
        wanted = join(missing)
        raise InputError(file, f"缺少工作表：{wanted.zh}", f"these sheets are missing: {wanted.en}")
    return book


def read_page(
    sheet: Sheet, page: Page, errors: list[RowError], *, more: bool = False
) -> Iterator[Line]:
    """The rows of a sheet under its header.

    Missing columns are noted as errors, and unknown ones too unless there may be ``more``.
    """
    header = next(sheet.lines, None)
    columns = {_key(word): one for one in page.columns for word in one.label}
    at: dict[str, int] = {}
    heads: dict[str, str] = {}
    for position, cell in enumerate(header.cells if header else ()):
        found = columns.get(_key(str(cell)))
        if found is None and cell != "" and not more:
            errors.append(_unknown(sheet, header.number if header else 1, str(cell), page))
        elif found is not None and found.name in at:
            repeated = Label("这一列重复了，只留一列", "this column is repeated; keep one")
            errors.append(sheet.error(1, str(cell), "", repeated))
        elif found is not None:
            at[found.name], heads[found.name] = position, str(cell)
    for one in page.columns:
        if one.required and one.name not in at:
            errors.append(sheet.error(1, "", "", Label("缺少列", "missing column: ") + one.label))
    for row in sheet.lines:
        yield _line(sheet, row, at, heads, page, errors)


def _line(
    sheet: Sheet,
    row: RawRow,
    at: Mapping[str, int],
    heads: Mapping[str, str],
    page: Page,
    errors: list[RowError],
) -> Line:
    for found, message, allowed in row.faults.values():
        errors.append(RowError(sheet.file, sheet.name, row.number, "", found, message, allowed))
    cells = {key: str(row.cells[i]) if i < len(row.cells) else "" for key, i in at.items()}
    line = Line(sheet, row.number, cells, heads, errors)
    for one in page.columns:
        if one.required and one.name in at and not cells[one.name]:
            line.wrong(one.name, Label("必填，却空着；应填：", "is empty; wanted: ") + one.help)
    return line


def _unknown(sheet: Sheet, row: int, cell: str, page: Page) -> RowError:
    allowed = join([one.label for one in page.columns])
    message = Label("不认识这一列；可用：", "unknown column; there are: ") + allowed
    return sheet.error(row, short(cell), "", message)


def _key(text: str) -> str:
    return "".join(text.split()).rstrip("*").casefold()


def _conference(book: Book) -> Conference:
    rounds = tuple(_slots(book["slots"]))
    total = len(rounds)
    rules = book["rules"][:1]
    return Conference(
        rounds,
        tuple(_participants(book["participants"], total)),
        tuple(_meetings(book)),
        _rooms(book["halls"], "hall", "tables", total),
        _rooms(book["interpreters"], "language", "count", total),
        tuple(
            (line.read("before", name, ""), line.read("after", name, ""))
            for line in book["precedences"]
        ),
        dict(_walk(line) for line in book["walks"]),
        rules[0].read("fairness", count, None) if rules else None,
    )


def _slots(lines: Iterable[Line]) -> Iterator[Slot]:
    for line in lines:
        yield Slot(
            line.read("session", name, ""),
            line.read("start", _local, None),
            line.read("end", _local, None),
        )


def _local(text: str) -> datetime:
    return moment(text, ZONE)


def _participants(lines: Iterable[Line], total: int) -> Iterator[Participant]:
    for line in lines:
        yield Participant(
            line.read("id", name, ""),
            line.read("name", name, ""),
            line.read("away", lambda text: slots(text, total), frozenset()),
            line.read("least", count, 0),
            line.read("most", count, None),
        )


def _meetings(book: Book) -> Iterator[Meeting]:
    pairs: dict[frozenset[str], int] = {}
    for line in book["meetings"]:
        a, b = line.read("a", name, ""), line.read("b", name, "")
        first = pairs.setdefault(frozenset((a, b)), line.number)
        if first != line.number and a and b and a != b:
            line.wrong("b", Label(f"与第 {first} 行是同样的双方", f"the same two as row {first}"))
        yield Meeting(
            line.read("id", name, f"{a}–{b}"),
            a,
            b,
            line.read("value", whole, 1),
            line.read("must", flag, False),
            line.read("session", name, None),
            line.read("fixed", lambda text: whole(text) - 1, None),
            line.read("hall", name, HALL),
            line.read("language", name, None),
        )


def _rooms(lines: Iterable[Line], key: str, number: str, total: int) -> dict[str, tuple[int, ...]]:
    """How many there are of each in each slot; a row for some slots goes before one for all."""
    found: dict[str, list[int]] = {}
    said: Counter[tuple[str, int]] = Counter()
    special: list[tuple[str, frozenset[int], int]] = []
    for line in lines:
        what, how_many = line.read(key, name, HALL), line.read(number, count, 0)
        some = line.read("slots", lambda text: slots(text, total), None)
        said.update((what, at) for at in some or {-1})
        if any(said[what, at] > 1 for at in some or {-1}):
            line.wrong(key, Label("同一场给了两次数目", "the number of a slot is given twice"))
        if some is None:
            found[what] = [how_many] * total
        else:
            special.append((what, some, how_many))
    for what, some, how_many in special:
        room = found.setdefault(what, [0] * total)
        for at in some:
            room[at] = how_many
    return {what: tuple(room) for what, room in found.items()}


def _walk(line: Line) -> tuple[tuple[str, str], int]:
    one, other = sorted((line.read("hall", name, HALL), line.read("other", name, HALL)))
    return (one, other), line.read("slots", count, 0)
