"""The timetable of a conference: who meets whom, when, and at which table."""

from .check import broken
from .faults import faults
from .model import (
    HALL,
    Conference,
    Meeting,
    Participant,
    Slot,
    Status,
    Timetable,
    idle_periods,
)

__all__ = [
    "HALL",
    "Conference",
    "Meeting",
    "Participant",
    "Slot",
    "Status",
    "Timetable",
    "broken",
    "faults",
    "idle_periods",
]
