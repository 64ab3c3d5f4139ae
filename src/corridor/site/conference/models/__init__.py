"""What is: conferences and where they are held, who takes part, meetings and timetables."""

from .event import Conference, Hall, Interpreter, Language, Slot, Table
from .meeting import HELD, TO_COME, Meeting, Plan, Seat
from .participant import Participant

__all__ = [
    "HELD",
    "TO_COME",
    "Conference",
    "Hall",
    "Interpreter",
    "Language",
    "Meeting",
    "Participant",
    "Plan",
    "Seat",
    "Slot",
    "Table",
]
