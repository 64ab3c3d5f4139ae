"""Days that move with the moon, and the plan periods, for reading 春节前 and 十五五末.

First days of the feasts 2024 to 2035, as printed in the almanac (GB/T 33661-2017 编算和颁行农历);
outside these years a feast is not read.
"""

from datetime import date

_MOVING = {
    "春节": (
        "2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 "
        "2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08"
    ),
    "端午": (
        "2024-06-10 2025-05-31 2026-06-19 2027-06-09 2028-05-28 2029-06-16 "
        "2030-06-05 2031-06-24 2032-06-12 2033-06-01 2034-06-20 2035-06-10"
    ),
    "中秋": (
        "2024-09-17 2025-10-06 2026-09-25 2027-09-15 2028-10-03 2029-09-22 "
        "2030-09-12 2031-10-01 2032-09-19 2033-09-08 2034-09-27 2035-09-16"
    ),
}
_DAYS = {
    name: {day.year: day for day in map(date.fromisoformat, days.split())}
    for name, days in _MOVING.items()
}
_FIXED = {"元旦": (1, 1), "五一": (5, 1), "劳动节": (5, 1), "国庆": (10, 1)}
_SAME = {"过年": "春节", "农历新年": "春节", "端午节": "端午", "中秋节": "中秋", "国庆节": "国庆"}

#: Every name :func:`feast` knows, longest first.
FEASTS = sorted({*_DAYS, *_FIXED, *_SAME}, key=lambda n: (-len(n), n))

#: First and last year of the five-year plans people name.
PLANS = {
    "十三五": (2016, 2020),
    "十四五": (2021, 2025),
    "十五五": (2026, 2030),
    "十六五": (2031, 2035),
}


def feast(name: str, year: int) -> date | None:
    """The first day of a feast in a year; ``None`` where the table does not reach."""
    name = _SAME.get(name, name)
    fixed = _FIXED.get(name)
    if fixed:
        return date(year, *fixed)
    return _DAYS.get(name, {}).get(year)


def next_feast(name: str, today: date) -> date | None:
    """The first such feast on or after a day; ``None`` where the table does not reach."""
    days = (feast(name, year) for year in (today.year, today.year + 1))
    return next((day for day in days if day and day >= today), None)
