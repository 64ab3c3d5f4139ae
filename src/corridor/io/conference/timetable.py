"""A timetable file → slot and table of each meeting, for ``corridor schedule --check``."""

from pathlib import Path

from corridor.engine.factors import Label

from ..errors import BadRows, InputError, RowError
from ..tables import sheets
from .cells import name, whole
from .instance import read_record
from .reading import read_page
from .sheets import TIMETABLE


def read_timetable(path: str | Path) -> tuple[dict[str, int], dict[str, int]]:
    """Slot (from 0) and table number of each meeting, from a workbook or the JSON of a run.

    Of a workbook, the sheet of that name, or the first; further columns are for people. Raises
    :class:`InputError` or :class:`BadRows`.
    """
    file = Path(path)
    if file.suffix.lower() == ".json":
        return read_record(file)
    errors: list[RowError] = []
    slot: dict[str, int] = {}
    table: dict[str, int] = {}
    pages = sheets(file)
    page = next(pages, None)
    if page is None:
        raise InputError(file, "文件里没有表格", "the file holds no table")
    for line in read_page(page, TIMETABLE, errors, more=True):
        key = line.read("id", name, "")
        if key in slot:
            line.wrong("id", Label("这个洽谈给了两次", "this meeting is given twice"), key)
        at, number = line.read("slot", whole, None), line.read("table", whole, None)
        if at is not None:
            slot[key] = at - 1
        if number is not None:
            table[key] = number
    if errors:
        raise BadRows(errors)
    return slot, table
