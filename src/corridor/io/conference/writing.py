"""A timetable as a workbook: by slot, by participant, and what was not placed with the reason."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from corridor.engine.factors import Label
from corridor.engine.meetings import (
    WAYS_LABEL,
    Conference,
    Conflict,
    Meeting,
    Timetable,
    conflict_label,
    idle_periods,
    way_label,
    wish_label,
)

from ..errors import InputError
from ..ical import Event, calendar
from ..tables import unreadable
from ..writing import Row, replacing, workbook, write_sheet
from .sheets import TIMETABLE

_LANGS = {"zh": 0, "en": 1}
_SLOT = (
    Label("编号", "Id"), Label("场次", "Slot"), Label("桌号", "Table"), Label("会场", "Hall"), Label("时段", "Session"),
    Label("开始", "Start"), Label("结束", "End"), Label("甲方", "A"), Label("甲方名称", "A's name"),
    Label("乙方", "B"), Label("乙方名称", "B's name"), Label("翻译", "Interpreter"),
)  # fmt: skip
_AGENDA = (
    Label("参会方", "Participant"), Label("名称", "Name"), Label("场数", "Meetings"), Label("空档段数", "Idle periods"),
)  # fmt: skip
_CONFLICT = Label("冲突", "Conflict")
_UNPLACED = (
    Label("编号", "Id"), Label("甲方", "A"), Label("乙方", "B"), Label("价值", "Value"), Label("未排原因", "Why not"),
)  # fmt: skip


def write_timetable(
    path: str | Path,
    conference: Conference,
    timetable: Timetable,
    reasons: Mapping[str, Label],
    conflict: Conflict | None = None,
    *,
    lang: str = "zh",
) -> None:
    """Three sheets: the timetable, everyone's agenda, and the meetings that are not held.

    Where wishes are in conflict, a sheet of them comes last. The first can be read back
    (:func:`.timetable.read_timetable`). Raises :class:`InputError`.
    """
    at, file = _LANGS[lang], Path(path)
    with replacing(file) as part, workbook(part) as book:
        pages: tuple[tuple[str, Iterable[str], Iterable[Row]], ...] = (
            (TIMETABLE.label[at], (h[at] for h in _SLOT), _held(conference, timetable)),
            (
                ("各方日程", "Agendas")[at],
                [*(h[at] for h in _AGENDA), *map(str, range(1, len(conference.slots) + 1))],
                _agendas(conference, timetable, at),
            ),
            (
                ("未排", "Not placed")[at],
                (h[at] for h in _UNPLACED),
                _unplaced(conference, timetable, reasons, at),
            ),
        )
        if conflict is not None:
            head = [conflict_label(conflict)[at]]
            pages += ((_CONFLICT[at], head, _in_conflict(conference, conflict, at)),)
        for title, headers, rows in pages:
            write_sheet(file, book, book.add_worksheet(title), [*headers], rows)


def _held(conference: Conference, timetable: Timetable) -> Iterator[Row]:
    names = {one.id: one.name for one in conference.participants}
    held = [one for one in conference.meetings if one.id in timetable.slot]
    for one in sorted(held, key=lambda m: _place(m, timetable)):
        slot = conference.slots[timetable.slot[one.id]]
        yield [
            one.id, timetable.slot[one.id] + 1, timetable.table[one.id], one.hall, slot.session,
            _clock(slot.start), _clock(slot.end), one.a, names[one.a], one.b, names[one.b], one.language,
        ]  # fmt: skip


def _place(one: Meeting, timetable: Timetable) -> tuple[int, str, int]:
    return timetable.slot[one.id], one.hall, timetable.table[one.id]


def _clock(when: datetime | None) -> str:
    return when.isoformat(sep=" ", timespec="minutes") if when else ""


def _agendas(conference: Conference, timetable: Timetable, lang: int) -> Iterator[Row]:
    agendas = agenda(conference, timetable)
    for one in sorted(conference.participants, key=lambda p: p.id):
        cells = [""] * len(conference.slots)
        for slot in one.away:
            cells[slot] = ("不便", "away")[lang]
        own = agendas.get(one.id, [])
        for meeting, slot in own:
            other = meeting.b if meeting.a == one.id else meeting.a
            cells[slot] = f"{other} @{meeting.hall}{timetable.table[meeting.id]}"
        taken = [slot for _, slot in own]
        yield [one.id, one.name, len(taken), idle_periods(taken), *cells]


def agenda(conference: Conference, timetable: Timetable) -> dict[str, list[tuple[Meeting, int]]]:
    """Each participant's meetings with their slots, in the order of time."""
    found: dict[str, list[tuple[Meeting, int]]] = {}
    held = [one for one in conference.meetings if one.id in timetable.slot]
    for one in sorted(held, key=lambda m: (timetable.slot[m.id], m.id)):
        for who in (one.a, one.b):
            found.setdefault(who, []).append((one, timetable.slot[one.id]))
    return found


def _unplaced(
    conference: Conference, timetable: Timetable, reasons: Mapping[str, Label], lang: int
) -> Iterator[Row]:
    for one in sorted(conference.meetings, key=lambda m: m.id):
        if one.id not in timetable.slot:
            yield [
                one.id,
                one.a,
                one.b,
                one.value,
                reasons[one.id][lang] if one.id in reasons else "",
            ]


def _in_conflict(conference: Conference, conflict: Conflict, lang: int) -> Iterator[Row]:
    yield from ([wish_label(conference, one)[lang]] for one in conflict.wishes)
    if conflict.ways:
        yield [WAYS_LABEL[lang]]
    yield from ([way_label(conference, way)[lang]] for way in conflict.ways)


def write_calendars(
    folder: str | Path,
    conference: Conference,
    timetable: Timetable,
    *,
    stamp: datetime,
    lang: str = "zh",
) -> int:
    """One iCalendar file for each participant with a meeting, named by their id.

    ``stamp`` is when it was made. Returns how many there are. Raises :class:`InputError`, for slots
    without times too.
    """
    target = Path(folder)
    if not all(slot.start and slot.end for slot in conference.slots):
        raise InputError(target, "场次没有时间，不能写日历", "slots without times make no calendar")
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unreadable(target, error) from error
    names = {one.id: one.name or one.id for one in conference.participants}
    agendas = agenda(conference, timetable)
    for who, own in sorted(agendas.items()):
        events = [
            _event(conference, timetable, names[m.b if m.a == who else m.a], m, s, _LANGS[lang])
            for m, s in own
        ]
        with replacing(target / f"{_file_name(who)}.ics") as part:
            text = calendar(names[who], events, stamp=stamp)
            part.write_text(text, encoding="utf-8", newline="")
    return len(agendas)


def _event(
    conference: Conference, timetable: Timetable, other: str, meeting: Meeting, slot: int, lang: int
) -> Event:
    times = conference.slots[slot]
    if times.start is None or times.end is None:
        raise ValueError(f"slot {slot} has no times")
    place = Label(f"{timetable.table[meeting.id]} 号桌", f"table {timetable.table[meeting.id]}")[
        lang
    ]
    first = conference.slots[0].start  # of two conferences the ids may be the same
    return Event(
        f"{meeting.id}-{first:%Y%m%d%H%M}@corridor",
        times.start,
        times.end,
        Label("洽谈：", "Meeting: ")[lang] + other,
        f"{meeting.hall} {place}".strip(),
    )


def _file_name(who: str) -> str:
    """A name every file system takes; two ids never share one."""
    plain = "".join(c if c.isalnum() or c in "-_" else "_" for c in who)[:80]
    return plain if plain == who else f"{plain}-{sha256(who.encode()).hexdigest()[:8]}"
