"""The instance files of the meeting scheduling literature, as JSON.

Bofill, Coll, Garcia, Giráldez-Cru, Pesant, Suy and Villaret: "Constraint solving approaches to the
business-to-business meeting scheduling problem", JAIR 74, 2022. Every meeting must be held.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from corridor.engine.factors import Label, join
from corridor.engine.meetings import (
    HALL,
    Conference,
    Conflict,
    Meeting,
    Participant,
    Slot,
    Timetable,
    faults,
    way_label,
    wish_label,
)

from ..errors import InputError, short
from ..tables import unreadable

SESSIONS = ("AM", "PM")


def read_instance(path: str | Path) -> Conference:
    """The conference of an instance file. Meetings and participants are named by their numbers.

    Raises :class:`InputError`.
    """
    file = Path(path)
    raw = _object(file)
    try:
        conference = _conference(raw)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        wanted = "participants, slots, tables, morning_slots, meetings, session, forbidden, fixed"
        raise InputError(
            file,
            f"不是洽谈实例：{short(error)}；应有 {wanted}",
            f"no meeting instance: {short(error)}; wanted {wanted}",
        ) from error
    if wrong := faults(conference):
        said = join(list(wrong[:20]), "", " ")
        raise InputError(file, said.zh, said.en)
    return conference


def _object(file: Path) -> dict[str, Any]:
    try:
        raw = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise unreadable(file, error) from error
    except (ValueError, RecursionError) as error:
        raise InputError(file, "不是 JSON 文件", "this is no JSON file") from error
    if not isinstance(raw, dict):
        raise InputError(file, "应为一个 JSON 对象", "a JSON object is wanted")
    return raw


def _conference(raw: dict[str, Any]) -> Conference:
    total, morning = _number(raw["slots"]), _number(raw["morning_slots"])
    pairs = [(_number(a), _number(b)) for a, b in raw["meetings"]]
    nothing = [None] * len(pairs)
    session, fixed = raw.get("session") or nothing, raw.get("fixed") or nothing
    if not len(session) == len(fixed) == len(pairs):
        raise ValueError("session and fixed need an entry for each meeting")
    people = range(_number(raw["participants"]))
    away = raw.get("forbidden") or [[]] * len(people)
    fairness = raw.get("fairness")
    return Conference(
        tuple(Slot(SESSIONS[at >= morning]) for at in range(total)),
        tuple(
            Participant(str(at), away=frozenset(map(_number, slots)))
            for at, slots in zip(people, away, strict=True)
        ),
        tuple(
            Meeting(
                str(at), str(a), str(b), must=True, session=_session(session[at]),
                fixed=None if fixed[at] is None else _number(fixed[at]),
            )
            for at, (a, b) in enumerate(pairs)
        ),
        {HALL: (_number(raw["tables"]),) * total},
        precedences=tuple(
            (str(_number(a)), str(_number(b))) for a, b in raw.get("precedences") or ()
        ),
        fairness=None if fairness is None else _number(fairness),
    )  # fmt: skip


def _session(value: object) -> str | None:
    if not (value is None or isinstance(value, str)):
        raise ValueError(f"{value!r} should be the name of a session, or null")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{value!r} should be a whole number of 0 or more")
    return value


def timetable_record(
    conference: Conference, timetable: Timetable, conflict: Conflict | None = None
) -> dict[str, Any]:
    """A timetable as JSON takes it; ``slots`` has one entry for each meeting, as they were given.

    ``objective`` and ``bound`` are idle periods, ``held`` and ``held_bound`` the value of the
    meetings held. Slots are counted from 0; null is a meeting that is not held. ``conflict`` has the
    wishes that cannot hold together, ``ways`` what would make them.
    """
    found = bool(timetable.slot) or not conference.meetings
    return {
        "status": str(timetable.status),
        "objective": timetable.idle if found else None,
        "bound": timetable.idle_bound if found else None,
        "held": timetable.held if found else None,
        "held_bound": timetable.held_bound if found else None,
        "meetings": [one.id for one in conference.meetings],
        "slots": [timetable.slot.get(one.id) for one in conference.meetings],
        "tables": [timetable.table.get(one.id) for one in conference.meetings],
        "conflict": [
            {"rule": str(one.rule)} | _said(wish_label(conference, one))
            for one in (conflict.wishes if conflict else ())
        ],
        "conflict_smallest": conflict.smallest if conflict else None,
        "ways": [_said(way_label(conference, way)) for way in (conflict.ways if conflict else ())],
    }


def _said(label: Label) -> dict[str, str]:
    return {"label_zh": label.zh, "label_en": label.en}


_NO_TIMETABLE = Label(
    "不是时间表：应有 meetings 和 slots", "no timetable: meetings and slots are wanted"
)


def read_record(path: str | Path) -> tuple[dict[str, int], dict[str, int]]:
    """Slot and table of each meeting of a timetable that :func:`timetable_record` made.

    Without ``meetings``, the slots are those of meetings 0, 1, 2 and so on. Raises
    :class:`InputError`.
    """
    file = Path(path)
    raw = _object(file)
    slots = raw.get("slots")
    if not isinstance(slots, list):
        raise InputError(file, *_NO_TIMETABLE)
    ids, tables = raw.get("meetings") or [*map(str, range(len(slots)))], raw.get("tables") or []
    if not (isinstance(ids, list) and isinstance(tables, list)):
        raise InputError(file, *_NO_TIMETABLE)
    if twice := next((str(k) for k, n in Counter(map(str, ids)).items() if n > 1), ""):
        raise InputError(file, f"洽谈“{twice}”给了两次", f"the meeting “{twice}” is given twice")
    try:
        slot = {str(k): _number(s) for k, s in zip(ids, slots, strict=True) if s is not None}
        table = {str(k): _number(n) for k, n in zip(ids, tables, strict=False) if n is not None}
    except (TypeError, ValueError) as error:
        raise InputError(file, *_NO_TIMETABLE) from error
    return slot, table
