"""What is wrong with a conference before anyone timetables it, and with any timetable of it.

Nothing here is shared with what makes timetables, so that it can judge them.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from graphlib import CycleError, TopologicalSorter

from ..factors import Label
from .model import Conference, Meeting


def faults(conference: Conference) -> tuple[Label, ...]:
    """What makes a conference no conference: every fault names what, where and what would be right.

    A conference that has faults is not to be timetabled. One that has none may still not have room
    for all that must be held; that is for the solver to prove.
    """
    checks: tuple[Callable[[Conference], Iterator[Label]], ...] = (
        _slots, _participants, _meetings, _capacities, _fixed, _precedences,
    )  # fmt: skip
    found = [label for check in checks for label in check(conference)]
    return tuple(found)


def _slots(conference: Conference) -> Iterator[Label]:
    if not conference.slots:
        yield Label("没有场次，至少要一场。", "There are no slots; at least one is needed.")
    last: datetime | None = None
    for at, slot in enumerate(conference.slots, 1):
        times = [when for when in (slot.start, slot.end) if when]
        if any(when.utcoffset() is None for when in times):
            yield Label(f"第 {at} 场的时间没有时区。", f"The times of slot {at} have no time zone.")
            return
        if slot.start and slot.end and slot.end <= slot.start:
            yield Label(
                f"第 {at} 场结束不晚于开始，结束应在开始之后。",
                f"Slot {at} ends before it begins; its end must be after its start.",
            )
        if last and times and times[0] < last:
            yield Label(
                f"第 {at} 场在上一场结束前开始，场次应按时间先后、互不重叠。",
                f"Slot {at} begins before the one before it ends; slots follow one another.",
            )
        last = times[-1] if times else last


def _participants(conference: Conference) -> Iterator[Label]:
    for key, times in Counter(one.id for one in conference.participants).items():
        if times > 1:
            yield Label(
                f"参会方“{key}”重复了 {times} 次。", f"Participant “{key}” is given {times} times."
            )
    count = len(conference.slots)
    for one in conference.participants:
        if any(not 0 <= slot < count for slot in one.away):
            yield Label(
                f"参会方“{one.id}”不便的场次应在 1 至 {count} 之间。",
                f"The slots participant “{one.id}” is away must be between 1 and {count}.",
            )
        if one.least < 0 or (one.most is not None and one.most < one.least):
            yield Label(
                f"参会方“{one.id}”的最少场数应不小于 0 且不大于最多场数。",
                f"The least number of meetings of “{one.id}” must be from 0 to the most.",
            )


def _meetings(conference: Conference) -> Iterator[Label]:
    for key, times in Counter(one.id for one in conference.meetings).items():
        if times > 1:
            yield Label(
                f"洽谈“{key}”重复了 {times} 次。", f"Meeting “{key}” is given {times} times."
            )
    known = {one.id for one in conference.participants}
    sessions = {slot.session for slot in conference.slots}
    for one in conference.meetings:
        yield from _meeting(one, known, sessions, conference)


def _meeting(
    one: Meeting, known: set[str], sessions: set[str], conference: Conference
) -> Iterator[Label]:
    if one.a == one.b:
        yield Label(
            f"洽谈“{one.id}”的双方是同一方“{one.a}”。",
            f"Meeting “{one.id}”: “{one.a}” meets itself.",
        )
    for who in sorted({one.a, one.b} - known):
        yield Label(
            f"洽谈“{one.id}”的“{who}”不在参会名单中。",
            f"Meeting “{one.id}”: “{who}” is not among the participants.",
        )
    if one.value < 1:
        yield Label(
            f"洽谈“{one.id}”的价值应为正整数。",
            f"The value of meeting “{one.id}” must be 1 or more.",
        )
    if one.session is not None and one.session not in sessions:
        said = "、".join(sorted(sessions))
        yield Label(
            f"洽谈“{one.id}”的时段“{one.session}”不存在，只有：{said}。",
            f"Meeting “{one.id}”: there is no session “{one.session}”, only: {said}.",
        )
    if one.hall not in conference.tables:
        yield Label(
            f"洽谈“{one.id}”的会场“{one.hall}”没有洽谈桌。",
            f"Meeting “{one.id}”: hall “{one.hall}” has no tables.",
        )
    if one.language is not None and one.language not in conference.interpreters:
        yield Label(
            f"洽谈“{one.id}”需要“{one.language}”翻译，但没有安排。",
            f"Meeting “{one.id}” needs a “{one.language}” interpreter and there is none.",
        )


def _capacities(conference: Conference) -> Iterator[Label]:
    count = len(conference.slots)
    named = {**conference.tables, **conference.interpreters}
    for name, room in named.items():
        if len(room) != count or min(room, default=0) < 0:
            yield Label(
                f"“{name}”应给出 {count} 场各自的数目，都不小于 0。",
                f"“{name}” needs a number of 0 or more for each of the {count} slots.",
            )
    if conference.meetings and not any(map(sum, conference.tables.values())):
        yield Label("一张洽谈桌也没有。", "There is not a single table.")
    if conference.fairness is not None and conference.fairness < 0:
        yield Label("空档公平差应不小于 0。", "The fairness of idle periods must be 0 or more.")


def _fixed(conference: Conference) -> Iterator[Label]:
    if any(len(room) != len(conference.slots) for room in conference.tables.values()):
        return
    away = {one.id: one.away for one in conference.participants}
    per_table: Counter[tuple[str, int]] = Counter()
    busy: dict[tuple[str, int], str] = {}
    for one in conference.meetings:
        if one.fixed is None:
            continue
        if not 0 <= one.fixed < len(conference.slots):
            yield Label(
                f"洽谈“{one.id}”定在不存在的第 {one.fixed + 1} 场。",
                f"Meeting “{one.id}” is fixed in slot {one.fixed + 1}, which does not exist.",
            )
            continue
        yield from _fixed_one(one, one.fixed, conference, away, busy)
        per_table[one.hall, one.fixed] += 1
    for (hall, slot), wanted in sorted(per_table.items()):
        room = conference.tables.get(hall, ())
        if slot < len(room) and wanted > room[slot] > 0:
            yield Label(
                f"第 {slot + 1} 场定了 {wanted} 个洽谈，{hall}只有 {room[slot]} 张桌。",
                f"{wanted} meetings are fixed in slot {slot + 1}, which has {room[slot]} tables {hall}",
            )


def _fixed_one(
    one: Meeting,
    slot: int,
    conference: Conference,
    away: Mapping[str, frozenset[int]],
    busy: dict[tuple[str, int], str],
) -> Iterator[Label]:
    if one.session is not None and conference.slots[slot].session != one.session:
        yield Label(
            f"洽谈“{one.id}”定在第 {slot + 1} 场，却要求在“{one.session}”。",
            f"Meeting “{one.id}” is fixed in slot {slot + 1}, outside its session “{one.session}”.",
        )
    if one.hall in conference.tables and conference.tables[one.hall][slot] == 0:
        yield Label(
            f"洽谈“{one.id}”定在第 {slot + 1} 场，那一场没有洽谈桌。",
            f"Meeting “{one.id}” is fixed in slot {slot + 1}, which has no table.",
        )
    for who in (one.a, one.b):
        if slot in away.get(who, ()):
            yield Label(
                f"洽谈“{one.id}”定在第 {slot + 1} 场，“{who}”那时不便。",
                f"Meeting “{one.id}” is fixed in slot {slot + 1}, when “{who}” is away.",
            )
        other = busy.setdefault((who, slot), one.id)
        if other != one.id:
            yield Label(
                f"“{who}”在第 {slot + 1} 场定了两个洽谈：“{other}”与“{one.id}”。",
                f"“{who}” has two meetings fixed in slot {slot + 1}: “{other}” and “{one.id}”.",
            )


def _precedences(conference: Conference) -> Iterator[Label]:
    known = {one.id for one in conference.meetings}
    after: dict[str, set[str]] = defaultdict(set)
    for first, second in conference.precedences:
        for key in sorted({first, second} - known):
            yield Label(
                f"先后关系中的洽谈“{key}”不存在。", f"A precedence names “{key}”, no meeting."
            )
        after[second].add(first)
    try:
        TopologicalSorter(after).prepare()
    except CycleError as error:
        cycle = " → ".join(reversed(error.args[1]))
        yield Label(f"先后关系成了环：{cycle}。", f"Precedences go in a circle: {cycle}.")
