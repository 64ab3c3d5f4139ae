"""How long a listing stands, and when its party is reminded."""

from calendar import monthrange
from datetime import date, timedelta

MONTHS = 6
#: Days before the last day on which the party is reminded, once each.
REMINDERS = (14, 3)


def in_months(day: date, months: int) -> date:
    """The same day of the month so many months on; the last one where there is no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def expiry(today: date, deadline: date | None) -> date:
    """The last day of a listing published or renewed today."""
    last = in_months(today, MONTHS)
    return last if deadline is None else min(last, deadline)


def reminder_due(today: date, expires: date, reminded: date | None) -> bool:
    """Whether a reminder is due that was not sent yet.

    Sent ones are known by the day of the latest, so a clock that goes back and forth sends none
    twice, and a site that slept through both days sends one.
    """
    begun = [expires - timedelta(days=days) for days in REMINDERS]
    passed = [day for day in begun if day <= today]
    return bool(passed) and (reminded is None or reminded < max(passed))
