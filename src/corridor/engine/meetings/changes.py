"""What may happen on the day, and the conference as it then is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .model import Conference, Meeting


@dataclass(frozen=True, slots=True)
class Away:
    """A participant who is not there in these slots: a no-show, or a late arrival."""

    participant: str
    slots: frozenset[int]


@dataclass(frozen=True, slots=True)
class FewerTables:
    """So many tables of a hall that are lost in these slots."""

    hall: str
    slots: frozenset[int]
    count: int = 1


@dataclass(frozen=True, slots=True)
class FewerInterpreters:
    """So many interpreters of a language who are missing in these slots."""

    language: str
    slots: frozenset[int]
    count: int = 1


@dataclass(frozen=True, slots=True)
class MustMeet:
    """A meeting that must be held from now on: a new one, or one known by its id."""

    meeting: Meeting


Change = Away | FewerTables | FewerInterpreters | MustMeet


def changed(conference: Conference, changes: Iterable[Change], *, now: int = 0) -> Conference:
    """The conference after the changes, which reach no slot before ``now``.

    Fairness ends with the first change: it was promised of the plan, and nobody is moved on the day
    to make others' breaks alike.

    Raises KeyError for a participant, hall or language that the conference does not have.
    """
    participants = {one.id: one for one in conference.participants}
    meetings = {one.id: one for one in conference.meetings}
    tables, interpreters = dict(conference.tables), dict(conference.interpreters)
    for change in changes:
        match change:
            case Away(who, slots):
                own = participants[who]
                later = frozenset(s for s in slots if s >= now)
                participants[who] = replace(own, away=own.away | later)
            case FewerTables(hall, slots, count):
                tables[hall] = _less(tables, hall, slots, count, now)
            case FewerInterpreters(language, slots, count):
                interpreters[language] = _less(interpreters, language, slots, count, now)
            case MustMeet(meeting):
                meetings[meeting.id] = replace(meeting, must=True)
    return replace(
        conference,
        participants=tuple(participants.values()),
        meetings=tuple(meetings.values()),
        tables=tables,
        interpreters=interpreters,
        fairness=None,
    )


def _less(
    room: Mapping[str, tuple[int, ...]], key: str, slots: frozenset[int], count: int, now: int
) -> tuple[int, ...]:
    return tuple(
        max(0, n - count) if s >= now and s in slots else n for s, n in enumerate(room[key])
    )


def freed(conference: Conference, keys: frozenset[str]) -> Conference:
    """The conference where these meetings no longer must be held."""
    return replace(
        conference,
        meetings=tuple(
            replace(one, must=False) if one.id in keys else one for one in conference.meetings
        ),
    )
