"""The timetable of a conference: who meets whom, when, and at which table.

What says something of a timetable is imported at once; what makes one needs numpy and numba, and is
imported when it is first asked for, so that a process that only shows results stays small.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from .changes import Away, Change, FewerInterpreters, FewerTables, MustMeet, changed
from .check import broken
from .conflicts import Conflict, conflict
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
from .wishes import Relaxation, Rule, Wish, relaxed
from .words import WAYS_LABEL, conflict_label, way_label, wish_label

if TYPE_CHECKING:
    from .replanning import Moved, Offer, Replan, offers, replan
    from .scheduling import OnProgress, schedule
    from .unplaced import Relief, reliefs, why_not
else:
    _MODULES = {
        "Moved": "replanning",
        "Offer": "replanning",
        "OnProgress": "scheduling",
        "Relief": "unplaced",
        "Replan": "replanning",
        "offers": "replanning",
        "reliefs": "unplaced",
        "replan": "replanning",
        "schedule": "scheduling",
        "why_not": "unplaced",
    }

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        globals()[name] = found
        return found


__all__ = [
    "HALL",
    "WAYS_LABEL",
    "Away",
    "Change",
    "Conference",
    "Conflict",
    "FewerInterpreters",
    "FewerTables",
    "Meeting",
    "Moved",
    "MustMeet",
    "Offer",
    "OnProgress",
    "Participant",
    "Relaxation",
    "Relief",
    "Replan",
    "Rule",
    "Slot",
    "Status",
    "Timetable",
    "Wish",
    "broken",
    "changed",
    "conflict",
    "conflict_label",
    "faults",
    "idle_periods",
    "offers",
    "relaxed",
    "reliefs",
    "replan",
    "schedule",
    "way_label",
    "why_not",
    "wish_label",
]
