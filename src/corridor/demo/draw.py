"""Counter-based draws: every listing of the synthetic world has its own, from (seed, index) alone.

The generator is splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators,
OOPSLA 2014). Integers only, so that every machine draws the same world.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import TypeVar

T = TypeVar("T")

_MASK = (1 << 64) - 1
_GAMMA = 0x9E3779B97F4A7C15
#: What people write when they round: 12, 15, 18, 20 … and never 13.7.
_ROUND = (10, 12, 15, 18, 20, 22, 25, 28, 30, 35, 40, 45, 50, 60, 65, 70, 75, 80, 85, 90)


def _mix(z: int) -> int:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


@cache
def round_numbers(low: str, high: str, whole: bool = False) -> tuple[Decimal, ...]:
    """The round numbers, whole ones only if so asked, from ``low`` to ``high``; ``low`` itself when there is none."""
    lo, hi = Decimal(low), Decimal(high)
    power, found = Decimal("0.001"), []
    while power <= hi:
        found += [n for m in _ROUND if lo <= (n := m * power / 10) <= hi]
        power *= 10
    return tuple(plain(n) for n in found if not whole or n == int(n)) or (lo,)


def plain(number: Decimal) -> Decimal:
    """The same number without exponent or trailing zeros."""
    return Decimal(f"{number:f}".rstrip("0").rstrip(".")) if "." in f"{number:f}" else number


class Draw:
    """A stream of draws that depends only on the seed and the path of integers."""

    __slots__ = ("_state",)

    def __init__(self, seed: int, *path: int) -> None:
        state = _mix(seed & _MASK)
        for step in path:
            state = _mix((state ^ (step * _GAMMA)) & _MASK)
        self._state = state

    def below(self, n: int) -> int:
        """An integer in [0, n)."""
        self._state = z = (self._state + _GAMMA) & _MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK  # _mix, written out for speed
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return ((z ^ (z >> 31)) * n) >> 64

    def between(self, low: int, high: int) -> int:
        """An integer in [low, high]."""
        return low + self.below(high - low + 1)

    def chance(self, percent: int) -> bool:
        """True in ``percent`` of a hundred draws."""
        return self.below(100) < percent

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.below(len(items))]

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """``count`` different items, or all when there are fewer."""
        left, taken = list(items), list[T]()
        while left and len(taken) < count:
            taken.append(left.pop(self.below(len(left))))
        return taken

    def weighted(self, items: Sequence[tuple[T, int]]) -> T:
        """One item, each as likely as its weight."""
        at = self.below(sum(weight for _, weight in items))
        for item, weight in items:
            at -= weight
            if at < 0:
                return item
        raise AssertionError("weights do not add up")

    def nice(self, low: object, high: object) -> Decimal:
        """A round number from low to high, small ones as likely as large ones.

        Whole when both ends are given as ``int``.
        """
        whole = isinstance(low, int) and isinstance(high, int)
        return self.pick(round_numbers(str(low), str(high), whole))

    def step(self, low: object, high: object, step: str = "1") -> Decimal:
        """A multiple of ``step`` from low to high."""
        unit = Decimal(step)
        first, last = -(-Decimal(str(low)) // unit), Decimal(str(high)) // unit
        return plain(self.between(int(first), max(int(first), int(last))) * unit)
