"""Tables of a few plainly named columns, such as the labelled sets ``corridor evaluate`` reads."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from corridor.engine.text import mask_contacts

from .errors import InputError
from .tables import Sheet, sheets


def read_columns(path: str | Path, names: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The named columns of the first sheet: (row number, one text per name).

    Other columns are ignored; names are compared without case and spaces.
    Raises :class:`InputError` for a file that cannot be read or lacks a column.
    """
    sheet = next(sheets(path), None)
    if sheet is None:
        raise InputError(path, "文件里没有表格", "the file holds no table")
    yield from _keyed(sheet, names) if sheet.keyed else _headed(sheet, names)


def _headed(sheet: Sheet, names: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    header = next(sheet.lines, None)
    if header is None:
        raise InputError(sheet.file, "文件是空的", "the file is empty")
    at = _positions(sheet, [str(cell) for cell in header.cells], names)
    for row in sheet.lines:
        cells = [*row.cells, *[""] * len(header.cells)]
        yield row.number, [str(cells[i]) for i in at]


def _keyed(sheet: Sheet, names: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    for row in sheet.lines:
        at = _positions(sheet, row.names, names)
        yield row.number, [str(row.cells[i]) for i in at]


def _positions(sheet: Sheet, header: Sequence[str], names: Sequence[str]) -> list[int]:
    known = {name.strip().lower(): i for i, name in reversed(list(enumerate(header)))}
    missing = [name for name in names if name not in known]
    if missing:
        there = [mask_contacts(name) for name in header]
        raise InputError(
            sheet.file,
            f"缺少列 {'、'.join(missing)}；需要 {'、'.join(names)}，文件里有 {'、'.join(there)[:200]}",
            f"no column {', '.join(missing)}; wanted {', '.join(names)}, "
            f"the file has {', '.join(there)[:200]}",
        )
    return [known[name] for name in names]
