"""The stated values of many listings, attribute by attribute, as arrays that grow."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ..factors import Attribute, Range, Type, Value

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_BLANK = {"lo": -np.inf, "hi": np.inf}  # what an unstated row holds; 0 elsewhere
MOST_KEPT = 4096  # lookups a column keeps before it starts again
_PAD = 0  # position 0 of a code table stands for "no code"


def ends(value: Range) -> tuple[float, float]:
    """Both ends as floats, open ends infinite. Decimal to float keeps the order of numbers."""
    lo = -np.inf if value.lo is None else float(value.lo)
    hi = np.inf if value.hi is None else float(value.hi)
    return lo, hi


class Column:
    """One attribute of every row: whether it is stated, and whether its ask is hard."""

    def __init__(self, attribute: Attribute) -> None:
        self.attribute = attribute
        self.stated: Bools = np.zeros(0, dtype=np.bool_)
        self.hard: Bools = np.zeros(0, dtype=np.bool_)

    def extend(self, rows: int, stated: Sequence[tuple[int, Value, bool]]) -> None:
        """Append ``rows`` rows, of which those listed as (offset, value, hard) state something."""
        base = len(self.stated)
        for name in self._arrays():
            setattr(self, name, _longer(getattr(self, name), rows, _BLANK.get(name, 0)))
        for offset, value, hard in stated:
            self.stated[base + offset] = True
            self.hard[base + offset] = hard
            self._set(base + offset, value)

    def _arrays(self) -> tuple[str, ...]:
        return ("stated", "hard")

    def _set(self, row: int, value: Value) -> None:
        raise TypeError(f"{self.attribute.name}, row {row}: {value!r} has the wrong shape")

    @property
    def any_stated(self) -> bool:
        """Whether any row states the attribute."""
        return bool(self.stated.any())


class RangeColumn(Column):
    """Lower and upper ends; open or unstated ends are infinite."""

    def __init__(self, attribute: Attribute) -> None:
        super().__init__(attribute)
        self.lo: Floats = np.zeros(0)
        self.hi: Floats = np.zeros(0)

    def _arrays(self) -> tuple[str, ...]:
        return ("stated", "hard", "lo", "hi")

    def _set(self, row: int, value: Value) -> None:
        if not isinstance(value, Range):
            super()._set(row, value)
        else:
            self.lo[row], self.hi[row] = ends(value)


class CodeColumn(Column):
    """Up to ``width`` codes a row as positions in ``table``; position 0 pads."""

    def __init__(self, attribute: Attribute) -> None:
        super().__init__(attribute)
        self.table: list[str] = [""]
        self._position: dict[str, int] = {}
        self.codes: NDArray[np.int32] = np.zeros((0, 1), dtype=np.int32)
        self._luts: dict[object, NDArray[np.float64]] = {}

    def _arrays(self) -> tuple[str, ...]:
        return ("stated", "hard", "codes")

    def _set(self, row: int, value: Value) -> None:
        if not isinstance(value, frozenset):
            super()._set(row, value)
            return
        if len(value) > self.codes.shape[1]:
            wider = len(value) - self.codes.shape[1]
            self.codes = np.pad(self.codes, ((0, 0), (0, wider)), constant_values=_PAD)
        self.codes[row, : len(value)] = sorted(self._code(code) for code in value)

    def _code(self, code: str) -> int:
        if code not in self._position:
            self._position[code] = len(self.table)
            self.table.append(code)
            self._luts.clear()
        return self._position[code]

    def each(self, key: object, of: Callable[[str], float], pad: float) -> Floats:
        """``of(code)`` for every code of every row, ``pad`` where there is none.

        ``of`` is asked once for each code of the table and the answers are kept under ``key``.
        Shape ``(rows, width)``.
        """
        if len(self._luts) > MOST_KEPT:
            self._luts.clear()
        if key not in self._luts:
            self._luts[key] = np.array([pad, *(of(code) for code in self.table[1:])])
        return self._luts[key][self.codes]

    def tally(self) -> NDArray[np.int64]:
        """How many codes each row states."""
        return np.asarray((self.codes != _PAD).sum(axis=1))


def column(attribute: Attribute) -> RangeColumn | CodeColumn:
    """An empty column for an attribute that relates the two sides."""
    return CodeColumn(attribute) if attribute.type is Type.CODES else RangeColumn(attribute)


def _longer(array: NDArray[np.generic], rows: int, blank: float) -> NDArray[np.generic]:
    more = np.full((rows, *array.shape[1:]), blank, dtype=array.dtype)
    return np.concatenate([array, more])
