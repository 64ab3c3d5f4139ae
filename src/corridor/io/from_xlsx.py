"""xlsx, through openpyxl's streaming reader, with what it passes over said as row faults."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from xml.etree.ElementTree import Element, iterparse

from corridor.engine.factors import Label

from .cells import Raw, cell_text, clean
from .errors import InputError, short
from .tables import MAX_COLUMNS, MAX_ROWS, Fault, RawRow, Sheet, too_many_columns, too_many_rows

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_MAX_BYTES = 2 << 30
_MAX_MERGED = 10_000
#: Of a few bytes each, merged ranges name billions of rows, and blank rows billions of cells.
_MAX_MARKS, _MAX_CELLS = 1_000_000, 200_000_000
_BOMB_BYTES, _BOMB_RATIO = 64 << 20, 150
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_ESCAPE = re.compile("_x(005F|00[01][0-9A-Fa-f])_")
_MERGE = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")

#: Column position and the text of the formula or range that stands there.
_Marked = Sequence[tuple[int, str]]
_Marks = dict[int, list[tuple[int, str]]]

_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"}
_NO_RESULT = (
    Label("公式没有计算结果", "the formula has no stored result"),
    Label("用“粘贴为数值”换成值再交", "the value itself: paste it as a value"),
)
_MERGED = (
    Label(
        "合并的单元格，说不清属于哪一行", "merged cells: it is unclear which rows they speak for"
    ),
    Label("取消合并，每行都填上", "unmerge them and fill every row"),
)
_EXCEL_ERROR = (
    Label("单元格是计算错误", "the cell holds a calculation error"),
    Label("改成正确的值", "the right value"),
)


def read(path: Path) -> Iterator[Sheet]:
    """The sheets of a workbook that hold anything; hidden sheets are left out."""
    _refuse_bomb(path)
    with path.open("rb") as stream:
        book = _open(path, stream)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                yield _sheet(path, cast("ReadOnlyWorksheet", sheet))


def _open(path: Path, stream: object) -> Workbook:
    from openpyxl import load_workbook

    try:
        return load_workbook(stream, read_only=True, data_only=True)  # type: ignore[arg-type]
    except Exception as error:  # openpyxl lets every kind of error through for a damaged file
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> InputError:
    return InputError(
        path,
        "工作簿损坏或未下载完，请用 Excel 或 WPS 打开后另存",
        f"the workbook is damaged or cut short; open and save it again ({short(error)})",
    )


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if "[Content_Types].xml" not in archive.namelist():
                raise InputError(
                    path, "这是 zip 压缩包，不是工作簿", "this is a zip archive, not a workbook"
                )
    except (zipfile.BadZipFile, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise _damaged(path, error) from error
    swollen = any(
        p.file_size > _BOMB_BYTES and p.file_size > _BOMB_RATIO * p.compress_size for p in parts
    )
    if swollen or sum(p.file_size for p in parts) > _MAX_BYTES:
        raise InputError(
            path,
            "压缩内容展开后大得不合理，已拒绝（疑似压缩炸弹）",
            "the content unpacks to an absurd size and was refused (a zip bomb?)",
        )


def _sheet(path: Path, sheet: ReadOnlyWorksheet) -> Sheet:
    total = sheet.max_row or 0
    sheet.reset_dimensions()
    return Sheet(str(path), sheet.title, _rows(path, sheet), min(total, MAX_ROWS), named=True)


def _rows(path: Path, sheet: ReadOnlyWorksheet) -> Iterator[RawRow]:
    seen = 0
    try:
        broken, merged = _oddities(path, sheet)
        rows = cast("Any", sheet).iter_rows(values_only=True)
        for number, row in enumerate(rows, 1):
            if number > MAX_ROWS + 1:  # blank rows count: a single cell far down costs them all
                raise too_many_rows(path)
            seen += len(row)
            if seen > _MAX_CELLS:
                raise too_many_columns(path, number)
            cells = _cells(path, number, row)
            if cells is None and number not in broken:
                continue
            yield _row(number, cells or [], broken.get(number, ()), merged.get(number, ()))
    except InputError:
        raise
    except Exception as error:  # as in _open
        raise _damaged(path, error) from error


def _cells(path: Path, number: int, row: tuple[object, ...]) -> list[Raw] | None:
    """The cells without the empty tail; ``None`` for a blank row."""
    if not any(cell is not None for cell in row):
        return None
    texts = [_unescaped(cell_text(cell)) for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    if len(texts) > MAX_COLUMNS:
        raise too_many_columns(path, number)
    return [*texts] or None


def _unescaped(text: str) -> str:
    """Text with OOXML's ``_x000D_`` spelt out; ``_x005F_`` is the escape of an underscore."""
    if "_x" not in text:
        return text
    return clean(_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text))


def _row(number: int, cells: list[Raw], broken: _Marked, merged: _Marked) -> RawRow:
    faults: dict[int, Fault] = {}
    for at, cell in enumerate(cells):
        if isinstance(cell, str) and cell in _ERRORS:
            faults[at] = (cell, *_EXCEL_ERROR)
    faults |= {at: (area, *_MERGED) for at, area in merged}
    faults |= {at: (short(formula), *_NO_RESULT) for at, formula in broken}
    return RawRow(number, (), cells, faults)


def _oddities(path: Path, sheet: ReadOnlyWorksheet) -> tuple[_Marks, _Marks]:
    """By row: formulas without a stored result, and merged ranges (column position, text).

    The sheet is parsed a second time only where its bytes name a formula or a merge at all.
    """
    with zipfile.ZipFile(path) as archive:
        part = cast("Any", sheet)._worksheet_path
        if not _mentions(archive, part):
            return {}, {}
        return _parse(path, archive, part)


def _mentions(archive: zipfile.ZipFile, part: str) -> bool:
    tail = b""
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(1 << 20):
                text = tail + chunk
                if re.search(rb"<(?:\w+:)?(?:f[ >/]|mergeCell )", text):
                    return True
                tail = chunk[-16:]
    except (zipfile.BadZipFile, EOFError, OSError, KeyError):
        return False  # the reader proper says what is wrong
    return False


def _parse(path: Path, archive: zipfile.ZipFile, part: str) -> tuple[_Marks, _Marks]:
    from openpyxl.utils import coordinate_to_tuple

    broken: _Marks = {}
    merged: _Marks = {}
    marks = 0
    with archive.open(part) as stream:
        for _, element in iterparse(stream):
            tag = element.tag.removeprefix(_MAIN).removeprefix(_STRICT)
            if tag == "mergeCell":
                marks += _spread(element.get("ref", ""), merged)
                if marks > _MAX_MARKS:
                    raise InputError(
                        path,
                        "合并的单元格太多，请取消合并后再交",
                        "too many merged cells; unmerge them",
                    )
            elif tag == "c":
                kids = {k.tag.removeprefix(_MAIN).removeprefix(_STRICT): k for k in element}
                if "f" in kids and not _result(element, kids.get("v")):
                    row, column = coordinate_to_tuple(element.get("r", "A1"))
                    broken.setdefault(row, []).append((column - 1, f"={kids['f'].text or ''}"))
            elif tag == "row":
                element.clear()
    return broken, merged


def _result(cell: Element, value: Element | None) -> bool:
    """Whether a formula's cell holds a result; an empty text is one."""
    return value is not None and (bool(value.text) or cell.get("t") == "str")


def _spread(ref: str, merged: _Marks) -> int:
    """Mark the first column of a merged range on each of its rows; how many."""
    from openpyxl.utils import column_index_from_string

    found = _MERGE.fullmatch(ref)
    if found is None:
        return 0
    column = column_index_from_string(found[1]) - 1
    rows = range(int(found[2]), min(int(found[4]), int(found[2]) + _MAX_MERGED) + 1)
    for row in rows:
        merged.setdefault(row, []).append((column, ref))
    return len(rows)
