"""A conference in and out: workbooks, the literature's instances, timetables, calendars."""

from .instance import read_instance, timetable_record
from .reading import read_conference
from .template import write_conference_template
from .timetable import read_timetable
from .writing import agenda, write_calendars, write_timetable

__all__ = [
    "agenda",
    "read_conference",
    "read_instance",
    "read_timetable",
    "timetable_record",
    "write_calendars",
    "write_conference_template",
    "write_timetable",
]
