"""iCalendar (RFC 5545): what calendars on a phone take in.

Own code, for a library would be the forty-first package of the site; the tests read it back with one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

_LINE = 75  # octets of a line, RFC 5545 §3.1
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar.

    Attributes:
        uid: the same for as long as it is the same meeting, so that a change moves the entry.
        start, end: aware times.
        sequence: larger after each change.
        cancelled: whether it is not to be held after all.
    """

    uid: str
    start: datetime
    end: datetime
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    sequence: int = 0
    cancelled: bool = False


def calendar(name: str, events: Iterable[Event], *, stamp: datetime) -> str:
    """A calendar as text, in the order of start and uid. ``stamp`` is when it was made."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Corridor//Conference//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(' '.join(name.split()))}",
    ]
    for event in sorted(events, key=lambda one: (one.start, one.uid)):
        lines += _event(event, stamp)
    lines.append("END:VCALENDAR")
    return "".join(map(_folded, lines))


def _event(event: Event, stamp: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"DTSTAMP:{_time(stamp)}",
        f"DTSTART:{_time(event.start)}",
        f"DTEND:{_time(event.end)}",
        f"SEQUENCE:{event.sequence}",
        f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}",
        f"SUMMARY:{_text(event.summary)}",
    ]
    if event.location:
        lines.append(f"LOCATION:{_text(event.location)}")
    if event.description:
        lines.append(f"DESCRIPTION:{_text(event.description)}")
    if event.url:
        lines.append("URL:" + event.url.replace("\r", "").replace("\n", ""))
    return [*lines, "END:VEVENT"]


def _time(when: datetime) -> str:
    if when.tzinfo is None:
        raise ValueError("a calendar needs times with a zone")
    return when.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    plain = "".join(c for c in text if c == "\n" or c.isprintable())
    return plain.translate(_ESCAPED)


def _folded(line: str) -> str:
    """A content line in pieces of at most 75 octets, never within a character."""
    pieces, piece, size = [], "", 0
    for char in line:
        width = len(char.encode())
        if size + width > _LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + char, size + width
    return "\r\n".join([*pieces, piece]) + "\r\n"
