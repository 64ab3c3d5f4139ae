"""The values a listing states: a range of numbers or days, a set of codes, or words.

A single number is a range whose ends are equal; a missing end is open. Keeping one shape for
"8", "at least 8" and "8 to 10" is what lets every relation be defined once.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Range:
    """A closed range in the attribute's own unit; ``None`` at an end means unbounded there.

    Raises:
        ValueError: both ends are open, or the lower end lies above the upper.
    """

    lo: Decimal | None
    hi: Decimal | None

    def __post_init__(self) -> None:
        if self.lo is None and self.hi is None:
            raise ValueError("a range needs at least one end")
        if self.lo is not None and self.hi is not None and self.lo > self.hi:
            raise ValueError(f"the lower end {self.lo} is above the upper end {self.hi}")

    @classmethod
    def exactly(cls, value: Decimal | int | str) -> "Range":
        """The range holding one number."""
        number = Decimal(value)
        return cls(number, number)

    @classmethod
    def between(cls, lo: Decimal | int | str | None, hi: Decimal | int | str | None) -> "Range":
        """The range from ``lo`` to ``hi``; either may be ``None``."""
        return cls(None if lo is None else Decimal(lo), None if hi is None else Decimal(hi))

    @property
    def single(self) -> bool:
        """True when the range holds exactly one number."""
        return self.lo is not None and self.lo == self.hi


Codes = frozenset[str]
Value = Range | Codes | str


def days(lo: date | None, hi: date | None) -> Range:
    """A range of calendar days, kept as proleptic ordinals so that one ``Range`` serves both."""
    return Range.between(lo.toordinal() if lo else None, hi.toordinal() if hi else None)


def to_day(ordinal: Decimal) -> date:
    """The calendar day of an ordinal made by :func:`days`."""
    return date.fromordinal(int(ordinal))
