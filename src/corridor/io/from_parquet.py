"""parquet, through polars, a slice at a time."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from corridor.engine.text import mask_contacts

from .errors import InputError, short
from .from_jsonl import raw, record
from .tables import MAX_COLUMNS, MAX_ROWS, RawRow, Sheet, too_many_columns, too_many_rows

if TYPE_CHECKING:
    import polars as pl

_SLICE = 50_000


def read(path: Path) -> Iterator[Sheet]:
    """The one sheet of a parquet file; row 1 is the first after the (nameless) header."""
    frame, names = _open(path)
    if len(names) > MAX_COLUMNS:
        raise too_many_columns(path, 1)
    total = _collect(path, frame.select(_count())).item()
    if total > MAX_ROWS:
        raise too_many_rows(path)
    yield Sheet(str(path), path.stem, _rows(path, frame, names, total), total, keyed=True)


def _count() -> "pl.Expr":
    import polars as pl

    return pl.len()


def _open(path: Path) -> "tuple[pl.LazyFrame, tuple[str, ...]]":
    import polars as pl

    try:
        frame = pl.scan_parquet(path, glob=False)
        return frame, tuple(frame.collect_schema().names())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise _damaged(path, error) from error


def _collect(path: Path, frame: "pl.LazyFrame") -> "pl.DataFrame":
    import polars as pl

    try:
        return frame.collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: BaseException) -> InputError:
    return InputError(
        path,
        "parquet 文件损坏或未下载完",
        f"the parquet file is damaged or cut short ({short(error)})",
    )


def _rows(
    path: Path, frame: "pl.LazyFrame", names: tuple[str, ...], total: int
) -> Iterator[RawRow]:
    shared: dict[tuple[str, ...], tuple[str, ...]] = {}
    shown = tuple(map(mask_contacts, names))
    for start in range(0, total, _SLICE):
        part = _collect(path, frame.slice(start, _SLICE))
        for number, cells in enumerate(part.iter_rows(), start + 1):
            if "values" in names:
                row = record(number, dict(zip(names, cells, strict=True)))
                if row.names not in shared:
                    shared[row.names] = tuple(map(mask_contacts, row.names))
                yield RawRow(number, shared[row.names], row.cells)
            else:
                yield RawRow(number, shown, [raw(cell) for cell in cells])
