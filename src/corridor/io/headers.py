"""Finding the header row of a table, and judging its columns before any row is read."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain, islice

from corridor.engine.factors import Attribute, Label, Side, join
from corridor.engine.text import mask_contacts

from .cells import Raw
from .columns import Column, key, near, resolve
from .errors import RowError, short
from .tables import RawRow, Sheet

Candidates = Sequence[tuple[str, Side]]

_LOOK = 10
_EXTRA = (
    Label(
        "单元格比表头多，可能是文字里的逗号没有加引号",
        "more cells than headers; is a comma in a text not quoted?",
    ),
    Label("与表头一样多的单元格", "as many cells as headers"),
)


def headed(sheet: Sheet, candidates: Candidates) -> tuple[int, tuple[str, ...], Iterator[RawRow]]:
    """The header's row number and names, and the rows below it.

    The header is the first of ten rows that names two columns (lines of title may stand above
    it); where none does, the first row, so that its columns are reported.
    """
    top = list(islice(sheet.lines, _LOOK))
    if not top:
        return 0, (), iter(())
    known = [sum(_known(cell, candidates) for cell in row.cells) for row in top]
    widths = [sum(cell != "" for cell in row.cells) for row in top]
    at = next((i for i, n in enumerate(known) if n >= 2 or n == widths[i] == 1), 0)
    names = tuple(mask_contacts(" ".join(str(cell).split())) for cell in top[at].cells)
    below = chain(top[at + 1 :], sheet.lines)
    return top[at].number, names, (_fitted(row, names) for row in below)


def _known(cell: Raw, candidates: Candidates) -> bool:
    if not isinstance(cell, str) or not cell or len(cell) > 100:
        return False
    return any(resolve(cell, k, s) is not None for k, s in candidates)


def _fitted(row: RawRow, names: tuple[str, ...]) -> RawRow:
    """The row with exactly one cell for each name."""
    missing = len(names) - len(row.cells)
    if missing >= 0:
        row.cells.extend([""] * missing)
        faults = row.faults
    else:
        faults = {at: fault for at, fault in row.faults.items() if at < len(names)}
        if extra := [cell for cell in row.cells[len(names) :] if cell != ""]:
            faults[-1] = (short(extra[0]), *_EXTRA)
    if any(at >= len(names) for at in faults):
        faults = {at: fault for at, fault in faults.items() if at < len(names)}
    return replace(row, names=names, cells=row.cells[: len(names)], faults=faults)


def column_errors(
    sheet: Sheet,
    row: int,
    names: Sequence[str],
    candidates: Candidates,
) -> tuple[list[RowError], list[RowError]]:
    """What is wrong with the columns: those that mean nothing, and those that clash.

    The first kind can be passed over when the caller asks for it, the second cannot.
    """
    unknown, clashing = [], []
    seen: dict[str, str] = {}
    for name in filter(None, names):
        found = _found(name, tuple(candidates))
        if not found:
            unknown.append(_unknown(sheet, row, name, candidates))
        elif all(isinstance(column.target, tuple) for column in found):
            clashing.append(_unclear(sheet, row, name, found))
        for slot in _slots(name, found, alone=len(candidates) == 1):
            if slot in seen:
                clashing.append(
                    sheet.error(
                        row,
                        name,
                        "",
                        Label(
                            f"与列“{seen[slot]}”说的是同一项，只留一列",
                            f'it repeats column "{seen[slot]}"; keep one',
                        ),
                    )
                )
                break
            seen[slot] = name
    return unknown, clashing


@lru_cache(maxsize=10_000)
def _found(name: str, candidates: tuple[tuple[str, Side], ...]) -> tuple[Column, ...]:
    """What a header may mean; kept, because every line of jsonl brings its own names."""
    return tuple(c for k, s in candidates if (c := resolve(name, k, s)) is not None)


def _slots(name: str, found: Sequence[Column], *, alone: bool) -> list[str]:
    """What a second column must not name again: the header itself, a field, an attribute."""
    targets = {c.target if isinstance(c.target, str) else "" for c in found}
    slots = [f"header {key(name)}"]
    if len(targets) == 1 and (target := targets.pop()):
        slots.append(f"field {target}")
    if alone and found and isinstance(found[0].target, Attribute):
        slots.append(f"attribute {found[0].target.name}")
    return slots


def _unknown(sheet: Sheet, row: int, name: str, candidates: Candidates) -> RowError:
    close = near(name, candidates)
    said = Label("不认识这一列", "unknown column")
    allowed = close if close.zh else Label("模板里的列名", "a column of the template")
    return replace(sheet.error(row, short(name), "", said), allowed=allowed)


def _unclear(sheet: Sheet, row: int, name: str, found: Sequence[Column]) -> RowError:
    target = found[0].target
    labels = [a.label for a in target] if isinstance(target, tuple) else []
    several = join(labels, " 或 ", " or ")
    said = Label("这个列名可以指几项", "this column name may mean several things")
    return replace(sheet.error(row, name, "", said), allowed=several)
