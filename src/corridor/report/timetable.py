"""A conference's timetable as one offline page: table by slot, everyone's agenda, what found no place."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from corridor.engine.factors import Label
from corridor.engine.meetings import (
    WAYS_LABEL,
    Conference,
    Conflict,
    Meeting,
    Slot,
    Status,
    Timetable,
    conflict_label,
    idle_periods,
    way_label,
    wish_label,
)
from corridor.io import replacing
from corridor.io.conference import agenda

from .environment import environment

STATUS = {
    Status.OPTIMAL: Label("已证明最优", "proven optimal"),
    Status.FEASIBLE: Label("可行，未证明最优", "feasible, not proven optimal"),
    Status.INFEASIBLE: Label("已证明无解", "proven infeasible"),
    Status.UNKNOWN: Label("未找到", "none found"),
}


def write_timetable_page(
    path: str | Path,
    conference: Conference,
    timetable: Timetable,
    reasons: Mapping[str, Label],
    conflict: Conflict | None = None,
    *,
    lang: Literal["zh", "en"],
    title: Label,
) -> None:
    """Write one HTML file in both languages, without any address in it.

    ``reasons``: why a meeting is not held, where known. ``conflict``: the wishes that cannot hold
    together. ``lang`` is what the page opens in. Raises :class:`InputError` where nothing can be
    written.
    """
    names = {one.id: one.name or one.id for one in conference.participants}
    context = {
        "lang": lang,
        "title": title,
        "status": STATUS[timetable.status],
        "timetable": timetable,
        "count": len(timetable.slot),
        "wanted": len(conference.meetings),
        "slots": [_slot(at, slot) for at, slot in enumerate(conference.slots)],
        "halls": [_hall(hall, conference, timetable, names) for hall in sorted(conference.tables)],
        "agendas": [*_agendas(conference, timetable, names)],
        "unplaced": [
            (one.id, names[one.a], names[one.b], reasons.get(one.id))
            for one in sorted(conference.meetings, key=lambda m: m.id)
            if one.id not in timetable.slot
        ],
        "conflict": _conflict(conference, conflict) if conflict else None,
    }
    with (
        replacing(Path(path)) as part,
        part.open("w", encoding="utf-8", errors="replace", newline="\n") as stream,
    ):
        stream.writelines(environment().get_template("timetable.html.j2").generate(context))


def _conflict(
    conference: Conference, conflict: Conflict
) -> tuple[Label, list[Label], Label, list[Label]]:
    return (
        conflict_label(conflict),
        [wish_label(conference, one) for one in conflict.wishes],
        WAYS_LABEL,
        [way_label(conference, way) for way in conflict.ways],
    )


def _slot(at: int, slot: Slot) -> tuple[int, str]:
    times = [_clock(when) for when in (slot.start, slot.end) if when]
    return at + 1, " – ".join(times) or slot.session


def _clock(when: datetime) -> str:
    return f"{when:%m-%d %H:%M}"


def _hall(
    hall: str, conference: Conference, timetable: Timetable, names: Mapping[str, str]
) -> tuple[str, list[tuple[int, list[str | None]]]]:
    """Rows of a hall: its tables, each with what is at it in each slot; None where it does not stand."""
    room = conference.tables[hall]
    at = {
        (timetable.slot[one.id], timetable.table[one.id]): f"{names[one.a]} × {names[one.b]}"
        for one in conference.meetings
        if one.hall == hall and one.id in timetable.slot
    }
    return hall, [
        (number, [at.get((s, number), "") if number <= room[s] else None for s in range(len(room))])
        for number in range(1, max(room, default=0) + 1)
    ]


def _agendas(
    conference: Conference, timetable: Timetable, names: Mapping[str, str]
) -> Iterator[tuple[str, str, int, list[tuple[int, str, str]]]]:
    agendas = agenda(conference, timetable)
    for one in sorted(conference.participants, key=lambda p: p.id):
        own = agendas.get(one.id, [])
        lines = [
            (s + 1, names[_other(m, one.id)], f"{m.hall} {timetable.table[m.id]}".strip())
            for m, s in own
        ]
        yield one.id, names[one.id], idle_periods(s for _, s in own), lines


def _other(meeting: Meeting, who: str) -> str:
    return meeting.b if meeting.a == who else meeting.a
