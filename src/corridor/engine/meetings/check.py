"""Whether a timetable keeps every rule of its conference.

Nothing here is shared with what makes timetables, so that it can judge them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from ..factors import Label
from .model import Conference, Meeting, Timetable, idle_periods


def broken(conference: Conference, timetable: Timetable) -> tuple[Label, ...]:
    """The rules a timetable breaks, each with the meeting and the slot; none for a good one.

    The conference itself is taken to be without :func:`faults`. An infeasible or unknown timetable
    holds nothing and so breaks whatever must be held.
    """
    meetings = {one.id: one for one in conference.meetings}
    strange = [key for key in timetable.slot if key not in meetings]
    if strange:
        return tuple(
            Label(f"“{key}”不是这场大会的洽谈。", f"“{key}” is no meeting of this conference.")
            for key in sorted(strange)
        )
    beyond = [key for key, slot in timetable.slot.items() if not 0 <= slot < len(conference.slots)]
    if beyond:
        return tuple(
            Label(
                f"洽谈“{key}”排在不存在的场次。",
                f"Meeting “{key}” is in a slot that does not exist.",
            )
            for key in sorted(beyond)
        )
    held = [(meetings[key], timetable.slot[key]) for key in sorted(timetable.slot)]
    return (
        *_own(conference, timetable, held),
        *_people(conference, held),
        *_rooms(conference, held),
        *_table_numbers(conference, timetable, held),
        *_order(conference, timetable),
        *_walks(conference, held),
        *_fairness(conference, held),
        *_numbers(conference, timetable, held),
    )


Held = list[tuple[Meeting, int]]


def _own(conference: Conference, timetable: Timetable, held: Held) -> Iterator[Label]:
    for one in conference.meetings:
        if one.must and one.id not in timetable.slot:
            yield Label(
                f"必谈的“{one.id}”没有排上。", f"Meeting “{one.id}” must be held and is not."
            )
    for one, slot in held:
        if one.fixed is not None and slot != one.fixed:
            yield Label(
                f"“{one.id}”应在第 {one.fixed + 1} 场，却在第 {slot + 1} 场。",
                f"“{one.id}” is fixed in slot {one.fixed + 1} and put in {slot + 1}.",
            )
        if one.session is not None and conference.slots[slot].session != one.session:
            yield Label(
                f"“{one.id}”应在“{one.session}”，第 {slot + 1} 场不是。",
                f"“{one.id}” belongs in “{one.session}”; slot {slot + 1} is not.",
            )


def _people(conference: Conference, held: Held) -> Iterator[Label]:
    away = {one.id: one.away for one in conference.participants}
    most = {one.id: one.most for one in conference.participants}
    busy: dict[tuple[str, int], str] = {}
    count: Counter[str] = Counter()
    for one, slot in held:
        for who in (one.a, one.b):
            count[who] += 1
            if slot in away[who]:
                yield Label(
                    f"“{who}”第 {slot + 1} 场不便，却排了“{one.id}”。",
                    f"“{who}” is away in slot {slot + 1}, where “{one.id}” is.",
                )
            other = busy.setdefault((who, slot), one.id)
            if other != one.id:
                yield Label(
                    f"“{who}”第 {slot + 1} 场有两个洽谈：“{other}”与“{one.id}”。",
                    f"“{who}” has two meetings in slot {slot + 1}: “{other}” and “{one.id}”.",
                )
    for who, times in sorted(count.items()):
        limit = most[who]
        if limit is not None and times > limit:
            yield Label(
                f"“{who}”排了 {times} 场，最多 {limit} 场。",
                f"“{who}” has {times} meetings, at most {limit} are allowed.",
            )


def _rooms(conference: Conference, held: Held) -> Iterator[Label]:
    tables = Counter((one.hall, slot) for one, slot in held)
    for (hall, slot), used in sorted(tables.items()):
        room = conference.tables[hall][slot]
        if used > room:
            yield Label(
                f"第 {slot + 1} 场{hall}用了 {used} 张桌，只有 {room} 张。",
                f"Slot {slot + 1} uses {used} tables of {room} {hall}".strip(),
            )
    voices = Counter((one.language, slot) for one, slot in held if one.language is not None)
    for (language, slot), used in sorted(voices.items()):
        room = conference.interpreters[language][slot]
        if used > room:
            yield Label(
                f"第 {slot + 1} 场要 {used} 位“{language}”翻译，只有 {room} 位。",
                f"Slot {slot + 1} needs {used} “{language}” interpreters of {room}.",
            )


def _table_numbers(conference: Conference, timetable: Timetable, held: Held) -> Iterator[Label]:
    if not timetable.table:
        return
    taken: dict[tuple[str, int, int], str] = {}
    for one, slot in held:
        number = timetable.table.get(one.id, 0)
        if not 1 <= number <= conference.tables[one.hall][slot]:
            yield Label(f"“{one.id}”没有可用的桌号。", f"“{one.id}” has no table that exists.")
        other = taken.setdefault((one.hall, slot, number), one.id)
        if other != one.id:
            yield Label(
                f"第 {slot + 1} 场 {number} 号桌有两个洽谈：“{other}”与“{one.id}”。",
                f"Table {number} has two meetings in slot {slot + 1}: “{other}” and “{one.id}”.",
            )


def _order(conference: Conference, timetable: Timetable) -> Iterator[Label]:
    slot = timetable.slot
    for first, second in conference.precedences:
        if first in slot and second in slot and slot[first] >= slot[second]:
            yield Label(f"“{first}”应在“{second}”之前。", f"“{first}” must be before “{second}”.")


def _walks(conference: Conference, held: Held) -> Iterator[Label]:
    for who, own in sorted(_agendas(held).items()):
        own.sort()
        for (slot, hall, key), (later, other, after) in pairwise(own):
            if later - slot - 1 < conference.walk(hall, other):
                yield Label(
                    f"“{who}”从“{key}”赶到“{after}”来不及换会场。",
                    f"“{who}” has no time to walk from “{key}” to “{after}”.",
                )


def _agendas(held: Held) -> dict[str, list[tuple[int, str, str]]]:
    found: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for one, slot in held:
        for who in (one.a, one.b):
            found[who].append((slot, one.hall, one.id))
    return found


def _idle(conference: Conference, held: Held) -> dict[str, int]:
    agendas = _agendas(held)
    return {
        one.id: idle_periods(slot for slot, _, _ in agendas.get(one.id, ()))
        for one in conference.participants
    }


def _fairness(conference: Conference, held: Held) -> Iterator[Label]:
    idle = _idle(conference, held)
    if conference.fairness is None or not idle:
        return
    least, most = min(idle.values()), max(idle.values())
    if most - least > conference.fairness:
        who = min(key for key, value in idle.items() if value == most)
        yield Label(
            f"“{who}”有 {most} 段空档，最少的只有 {least} 段，相差不应超过 {conference.fairness}。",
            f"“{who}” has {most} idle periods and somebody {least}; "
            f"they may differ by {conference.fairness}.",
        )


def _numbers(conference: Conference, timetable: Timetable, held: Held) -> Iterator[Label]:
    """What the timetable says of itself."""
    count = Counter(who for one, _ in held for who in (one.a, one.b))
    found = {
        "held": sum(one.value for one, _ in held),
        "idle": sum(_idle(conference, held).values()),
        "missing": sum(max(0, one.least - count[one.id]) for one in conference.participants),
    }
    for name, value in found.items():
        said = getattr(timetable, name)
        if said != value:
            yield Label(
                f"自称 {name}={said}，实为 {value}。", f"It says {name}={said}; it is {value}."
            )
