"""Writing tables: whole or not at all, and nothing in them that a spreadsheet would run."""

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .cells import cell_text, guard
from .errors import InputError
from .tables import suffix_format, unreadable

if TYPE_CHECKING:
    import polars as pl
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

XLSX_ROWS = 1_048_575
XLSX_CELL = 32_767
_SLICE = 50_000
#: A fixed day, so that equal tables give equal bytes.
_CREATED = datetime(2020, 1, 1)

Row = Sequence[object]


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary file beside ``path`` that takes its place when the block ends well.

    A run that is killed, or fails, leaves what stood there before. Raises :class:`InputError`
    where nothing can be written.
    """
    target = path.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if target.is_dir():
            raise InputError(
                path, "这是文件夹，请给出文件名", "this is a folder; name a file in it"
            )
        part.touch()
        yield part
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        part.replace(target)
    except OSError as error:
        raise unreadable(path if target.parent.is_dir() else target.parent, error) from error
    finally:
        part.unlink(missing_ok=True)


def save_table(path: str | Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Plain rows as csv, xlsx, jsonl or parquet, by suffix; an existing file is replaced.

    csv is UTF-8 with a byte order mark. Numbers stay numbers in xlsx, jsonl and parquet.
    Raises :class:`InputError`.
    """
    file = Path(path)
    writer = _WRITERS[suffix_format(file, writing=True)]
    with replacing(file) as part:
        writer(file, part, columns, rows)


def _csv(_file: Path, part: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    delimiter = "\t" if _file.suffix.lower() == ".tsv" else ","
    with part.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
        writer.writerow([guard(name) for name in columns])
        writer.writerows([guard(cell_text(cell)) for cell in row] for row in rows)


def _jsonl(_file: Path, part: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    write_objects(part, (dict(zip(columns, row, strict=True)) for row in rows))


def write_objects(part: Path, objects: Iterable[dict[str, Any]]) -> None:
    """One JSON object a line."""
    with part.open("w", encoding="utf-8", newline="\n") as stream:
        for item in objects:
            stream.write(json.dumps(item, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _parquet(_file: Path, part: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    import polars as pl

    table = [[float(c) if isinstance(c, Decimal) else c for c in row] for row in rows]
    data = {name: [row[i] for row in table] for i, name in enumerate(columns)}
    pl.DataFrame({n: _series(values) for n, values in data.items()}).write_parquet(part)


def _series(values: list[object]) -> "pl.Series":
    """A column of one type: its own where all agree, else text."""
    import polars as pl

    kinds = {type(v) for v in values if v is not None}
    if kinds <= {int, float} and len(kinds) == 2:
        values = [None if v is None else float(v) for v in values]  # type: ignore[arg-type]
    elif len(kinds) > 1 or not kinds <= {bool, int, float, str, date, datetime}:
        values = [None if v is None else cell_text(v) for v in values]
    return pl.Series(values, dtype=None if kinds else pl.String)


def _xlsx(file: Path, part: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with workbook(part) as book:
        write_sheet(file, book, book.add_worksheet("Sheet1"), columns, rows)


@contextmanager
def workbook(part: Path, *, streaming: bool = True) -> Iterator["Workbook"]:
    """A workbook that runs nothing: no text becomes a formula or a link."""
    from xlsxwriter import Workbook

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "constant_memory": streaming,
    }
    book = Workbook(part, options)
    book.set_properties({"created": _CREATED})
    try:
        yield book
    finally:
        book.close()


def write_sheet(
    file: Path, book: "Workbook", sheet: "Worksheet", columns: Sequence[str], rows: Iterable[Row]
) -> None:
    """A header that stays in view, and the rows."""
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    for at, name in enumerate(columns):
        sheet.write_string(0, at, name, bold)
        sheet.set_column(at, at, min(40, max(10, 2 * len(name))))
    for number, row in enumerate(rows, 1):
        if number > XLSX_ROWS:
            raise InputError(
                file,
                f"xlsx 最多 {XLSX_ROWS:,} 行，请改用 csv 或 parquet",
                f"xlsx holds at most {XLSX_ROWS:,} rows; use csv or parquet",
            )
        for at, cell in enumerate(row):
            _write_cell(file, sheet, number, at, cell, day)


def _write_cell(
    file: Path, sheet: "Worksheet", row: int, at: int, cell: object, day: "Format"
) -> None:
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool) and cell == cell:
        sheet.write_number(row, at, cell)
    elif type(cell) is date:
        sheet.write_datetime(row, at, cell, day)
    elif text := cell_text(cell):
        if len(text) > XLSX_CELL:
            raise InputError(
                file,
                f"第 {row + 1} 行的文字超过 xlsx 的 {XLSX_CELL:,} 字上限",
                f"a text in row {row + 1} passes the {XLSX_CELL:,} characters of an xlsx cell",
            )
        sheet.write_string(row, at, text)


_WRITERS: dict[str, Callable[[Path, Path, Sequence[str], Iterable[Row]], None]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "jsonl": _jsonl,
    "parquet": _parquet,
}
