"""What a cell of a conference workbook may hold."""

import re
from datetime import datetime
from unicodedata import normalize
from zoneinfo import ZoneInfo

from corridor.engine.factors import Label

from ..cells import ILL

_YES = {"是", "yes", "y", "true", "1", "√"}
_NO = {"否", "no", "n", "false", "0", "×"}
_PART = re.compile(r"(\d+)(?:[-~–至到](\d+))?")
_LONG = 200


class BadCell(ValueError):
    """A cell that says something else than its column asks for."""

    def __init__(self, zh: str, en: str) -> None:
        self.message = Label(zh, en)
        super().__init__(zh)


def name(text: str) -> str:
    """A name or id of at most 200 characters."""
    if len(text) > _LONG or ILL.search(text):
        raise BadCell("应为不超过 200 字的文字", "must be text of at most 200 characters")
    return text


def count(text: str) -> int:
    """A whole number of 0 or more."""
    if not re.fullmatch(r"\d{1,7}", _plain(text)):
        raise BadCell("应为不小于 0 的整数", "must be a whole number of 0 or more")
    return int(_plain(text))


def whole(text: str) -> int:
    """A whole number of 1 or more."""
    if (number := count(text)) < 1:
        raise BadCell("应为不小于 1 的整数", "must be a whole number of 1 or more")
    return number


def flag(text: str) -> bool:
    """Yes or no."""
    word = _plain(text).casefold()
    if word not in _YES | _NO:
        raise BadCell("应为 是 或 否", "must be yes or no")
    return word in _YES


def slots(text: str, total: int) -> frozenset[int]:
    """Slot numbers from 1, such as ``3、5`` or ``1-4``, as numbers from 0."""
    found: set[int] = set()
    for part in filter(None, re.split(r"[\s,，、;；]+", _plain(text))):
        match = _PART.fullmatch(part)
        low, high = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= low <= high <= total:
            raise BadCell(
                f"应为 1 至 {total} 的场次，如 3、5 或 1-4",
                f"must be slots from 1 to {total}, such as 3, 5 or 1-4",
            )
        found.update(range(low - 1, high))
    return frozenset(found)


def moment(text: str, zone: ZoneInfo) -> datetime:
    """A day and time; without a zone it is in ``zone``."""
    try:
        when = datetime.fromisoformat(_plain(text).replace("/", "-"))
    except ValueError:
        raise BadCell(
            "应为日期和时间，如 2026-11-22 09:00", "must be a day and time such as 2026-11-22 09:00"
        ) from None
    return when if when.tzinfo else when.replace(tzinfo=zone)


def _plain(text: str) -> str:
    """Full-width digits and signs as the plain ones."""
    return normalize("NFKC", text).strip()
