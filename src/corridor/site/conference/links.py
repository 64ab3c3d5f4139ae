"""Where notices and printed codes lead to."""


def conference_page(ref: str) -> str:
    """The page of a conference."""
    return f"/conferences/{ref}/"


def agenda_page(ref: str) -> str:
    """The agenda of whoever looks."""
    return f"/conferences/{ref}/agenda/"


def meeting_page(ref: str, introduction: str) -> str:
    """The page of a meeting, for the two who meet and who runs the conference."""
    return f"/conferences/{ref}/meetings/{introduction}/"


def plan_page(ref: str) -> str:
    """Where the timetable is worked out and published."""
    return f"/conferences/{ref}/plan/"


def table_page(code: str) -> str:
    """What the QR on a table leads to: its two say there that they are at it."""
    return f"/conferences/t/{code}/"


def door_page(ref: str, code: str) -> str:
    """What the QR of a badge leads to: at the door, who runs the conference lets its bearer in."""
    return f"/conferences/{ref}/door/?code={code}"
