"""Where notices and printed codes lead to."""

from django.urls import reverse


def conference_page(ref: str) -> str:
    """The page of a conference."""
    return reverse("conference:detail", args=[ref])


def agenda_page(ref: str) -> str:
    """The agenda of whoever looks."""
    return reverse("conference:agenda", args=[ref])


def meeting_page(ref: str, introduction: str) -> str:
    """The page of a meeting, for the two who meet and who runs the conference."""
    return reverse("conference:meeting", args=[ref, introduction])


def plan_page(ref: str) -> str:
    """Where the timetable is worked out and published."""
    return reverse("conference:plan", args=[ref])


def table_page(code: str) -> str:
    """What the QR on a table leads to: its two say there that they are at it."""
    return reverse("conference:table", args=[code])


def door_page(ref: str, code: str) -> str:
    """What the QR of a badge leads to: at the door, who runs the conference lets its bearer in."""
    return f"{reverse('conference:door', args=[ref])}?code={code}"
