"""The clocks of a lead as data (江门 2024: 1 day, 3 days, 1 week, every 2 weeks), and winding them.

Days are calendar days of 24 hours: the enterprise waits through weekends too. The first three
clocks count from the report, so that what the enterprise was promised does not slip when an
earlier step was late; the last counts from the answer, and anew from each word of progress.

A clock that goes backwards never makes a lead late: a step is not earlier than the report, and
progress not earlier than the progress before it. What was stamped while the clock was ahead is
put right by :func:`ahead` once it is set back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from ..core.errors import Text
from .models import ClockLength, Lead, State


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock.

    Attributes:
        name: also the stem of the lead's field ``NAME_due``, where the promise is kept.
        label: what is due.
        in_time: what the rate of those that met it is called; "" for the clock that starts anew.
        days: its length unless the office sets another.
        states: where it runs.
        done: the lead's field that holds when it was met; "" for the clock that starts anew.
    """

    name: str
    label: Text
    in_time: Text
    days: int
    states: frozenset[str]
    done: str


CLOCKS = (
    Clock(
        "contact",
        _("首次联系"),
        _("按时首次联系"),
        1,
        frozenset({State.HELD, State.RECEIVED}),
        "contacted_at",
    ),
    Clock("judge", _("研判"), _("按时研判"), 3, frozenset({State.CONTACTED}), "judged_at"),
    Clock(
        "answer",
        _("答复"),
        _("按时答复"),
        7,
        frozenset({State.VALID, State.INVALID}),
        "answered_at",
    ),
    Clock("progress", _("通报推进"), "", 14, frozenset({State.ANSWERED, State.TALKS}), ""),
)
BY_NAME: Mapping[str, Clock] = {clock.name: clock for clock in CLOCKS}
#: The clocks whose end the enterprise is told when it reports.
PROMISES = tuple(clock for clock in CLOCKS if clock.done)
#: A reminder comes when this part of a clock is left.
REMIND = 4


def lengths() -> dict[str, int]:
    """The length of each clock in days, as the office has set it."""
    chosen = dict(ClockLength.objects.values_list("clock", "days"))
    return {clock.name: chosen.get(clock.name, clock.days) for clock in CLOCKS}


def promise(lead: Lead) -> None:
    """Fix when the enterprise will have heard what, from the lengths of today."""
    days = lengths()
    for clock in PROMISES:
        due = lead.first_reported_at + timedelta(days=days[clock.name])
        setattr(lead, f"{clock.name}_due", due)


def not_before_report(lead: Lead, now: datetime) -> datetime:
    """``now``, or the report where the clock has gone behind it."""
    return max(now, lead.first_reported_at)


def wind(lead: Lead) -> None:
    """Start the clock of the state the lead is in; one that runs already keeps its end."""
    clock = next((clock for clock in CLOCKS if lead.state in clock.states), None)
    if clock is None:
        lead.clock, lead.due_at, lead.remind_at, lead.escalate_at = "", None, None, None
        return
    if lead.clock == clock.name and clock.done:
        return
    due = _due(lead, clock)
    lead.clock, lead.due_at, lead.escalate_at = clock.name, due, due
    lead.remind_at = due - (due - since(lead, clock)) / REMIND


def _due(lead: Lead, clock: Clock) -> datetime:
    if clock.done:
        promised: datetime = getattr(lead, f"{clock.name}_due")
        return promised
    return since(lead, clock) + timedelta(days=lengths()[clock.name])


def since(lead: Lead, clock: Clock) -> datetime:
    """When the clock began to run."""
    if clock.done:
        return lead.first_reported_at
    return lead.progress_at or lead.answered_at or lead.first_reported_at


def ahead(lead: Lead, now: datetime) -> bool:
    """Put right a clock that began in what is now the future; whether it had to be."""
    if not lead.clock or lead.due_at is None:
        return False
    clock = BY_NAME[lead.clock]
    began, length = since(lead, clock), _due(lead, clock) - since(lead, clock)
    if began <= now or lead.due_at - now <= length:
        return False
    lead.due_at = lead.escalate_at = now + length
    lead.remind_at = now + length - length / REMIND
    return True
