"""Wishes, what they come to, and more room, in the words of people."""

from collections.abc import Iterable

from ..factors import Label, join
from .conflicts import Conflict
from .model import Conference
from .wishes import Relaxation, Rule, Wish

WAYS_LABEL = Label(
    "下面任何一项都足以排开：", "Any one of these is enough to make a timetable possible:"
)


def conflict_label(conflict: Conflict) -> Label:
    """What is said above the wishes in conflict."""
    n = len(conflict.wishes)
    proven = Label("（已证明没有更少的）", " (proven: no fewer are in conflict)")
    promised = Label("承诺的场数不能都兑现。", "Not every promise can be kept. ")
    return (
        (promised if conflict.promises else Label("", ""))
        + Label(
            f"下面 {n} 条要求不能同时成立，去掉任何一条，其余的就不冲突",
            f"These {n} wishes cannot hold together; without any one of them the rest can",
        )
        + (proven if conflict.smallest else Label("", ""))
        + Label("：", ":")
    )


def wish_label(conference: Conference, wish: Wish) -> Label:
    """What a wish asks for, with the names of whom it is about; it ends without a full stop."""
    match wish.rule:
        case Rule.TABLES | Rule.INTERPRETERS:
            return _capacity(conference, wish)
        case Rule.AWAY | Rule.MOST | Rule.LEAST:
            return _of_participant(conference, wish)
        case Rule.MUST | Rule.SESSION | Rule.FIXED:
            return _of_meeting(conference, wish)
        case Rule.BEFORE:
            first, then = (_meeting(conference, one) for one in (wish.of, wish.other))
            return first + Label("应在", " must be before ") + then + Label("之前", "")
        case Rule.WALK:
            gap = conference.walk(wish.of, wish.other)
            way = _way(wish)
            return way + Label(f"要空出 {gap} 场", f" takes {_many(gap, 'free slot')}")
        case Rule.FAIRNESS:
            return Label(
                f"任何两方的空档段数最多差 {conference.fairness}",
                f"the idle periods of two participants differ by {conference.fairness} at most",
            )


def way_label(conference: Conference, way: Iterable[Relaxation]) -> Label:
    """What gives way and how far; it ends without a full stop."""
    alike: dict[tuple[str, str, int], list[int]] = {}
    said = []
    for one in way:
        if one.wish.rule in (Rule.TABLES, Rule.INTERPRETERS):
            key = one.wish.rule, one.wish.of, _more(conference, one)
            alike.setdefault(key, []).append(one.wish.slot)
        else:
            said.append(_gives_way(conference, one))
    rooms = []
    for (rule, name, more), slots in alike.items():
        what = more_label(name, more, voice=rule == Rule.INTERPRETERS)
        at = slot_label(conference, slots[0])
        if len(slots) > 1:
            at = Label(f"{len(slots)} 场每场", f"in each of {len(slots)} slots")
        rooms.append(Label(f"{at.zh}{what.zh}", f"{what.en} {at.en}"))
    return join([*rooms, *said], "，并且", ", and ")


def _more(conference: Conference, one: Relaxation) -> int:
    """How many more tables or interpreters; given up, as many as there are meetings."""
    voice = one.wish.rule is Rule.INTERPRETERS
    room = (conference.interpreters if voice else conference.tables)[one.wish.of]
    return (len(conference.meetings) if one.to is None else one.to) - room[one.wish.slot]


def _gives_way(conference: Conference, relaxation: Relaxation) -> Label:
    wish, to = relaxation.wish, relaxation.to
    match wish.rule:
        case Rule.AWAY | Rule.MOST | Rule.LEAST:
            return _participant_gives_way(conference, wish, to)
        case Rule.MUST | Rule.SESSION | Rule.FIXED:
            return _meeting_gives_way(conference, wish)
        case Rule.BEFORE:
            first, then = (_meeting(conference, one) for one in (wish.of, wish.other))
            return (
                Label("不要求", "do not ask for ")
                + first
                + Label("在", " before ")
                + then
                + Label("之前", "")
            )
        case Rule.WALK:
            return _way(wish) + Label(
                f"只空 {to or 0} 场", f" with {_many(to or 0, 'free slot')} only"
            )
        case _ if to is None:
            return Label("不限空档段数之差", "let idle periods differ by any number")
        case _:
            return Label(f"空档段数可差 {to}", f"let idle periods differ by {to}")


def slot_label(conference: Conference, slot: int) -> Label:
    """When a slot is: its time, and its day where there are several; else its number."""
    start = conference.slots[slot].start
    if start is None:
        return Label(f"第 {slot + 1} 场", f"in slot {slot + 1}")
    days = {one.start.date() for one in conference.slots if one.start}
    at = f"{start:%H:%M}" if len(days) == 1 else f"{start:%m-%d %H:%M}"
    return Label(f"{at} 场", f"at {at}")


def more_label(name: str, more: int, *, voice: bool) -> Label:
    """So many more tables of a hall, or interpreters of a language."""
    if voice:
        return Label(f"增加 {more} 位“{name}”翻译", _many(more, f"more “{name}” interpreter"))
    return Label(
        f"增加 {more} 张{name}洽谈桌", _many(more, f"more {name} table".replace("  ", " "))
    )


def more_meetings_label(n: int) -> Label:
    """So many more meetings."""
    return Label(f"{n} 场洽谈", _many(n, "more meeting"))


def _capacity(conference: Conference, wish: Wish) -> Label:
    at = slot_label(conference, wish.slot)
    if wish.rule is Rule.INTERPRETERS:
        has = conference.interpreters[wish.of][wish.slot]
        return Label(
            f"{at.zh}“{wish.of}”翻译只有 {has} 位",
            f"there {_are(has, f'“{wish.of}” interpreter')} {at.en}",
        )
    has = conference.tables[wish.of][wish.slot]
    what = f"{wish.of} table".strip()
    return Label(f"{at.zh}{wish.of}洽谈桌只有 {has} 张", f"there {_are(has, what)} {at.en}")


def _of_participant(conference: Conference, wish: Wish) -> Label:
    one = next(one for one in conference.participants if one.id == wish.of)
    who = f"“{one.name or one.id}”"
    if wish.rule is Rule.AWAY:
        slots = [slot_label(conference, slot) for slot in sorted(one.away)]
        return (
            Label(who, who) + Label("在", " is away ") + join(slots, "、", ", ") + Label("不便", "")
        )
    if wish.rule is Rule.MOST:
        return Label(
            f"{who}最多 {one.most} 场", f"{who} has {_many(one.most or 0, 'meeting')} at most"
        )
    return Label(
        f"承诺{who}至少 {one.least} 场", f"{who} is promised {_many(one.least, 'meeting')}"
    )


def _of_meeting(conference: Conference, wish: Wish) -> Label:
    one = next(one for one in conference.meetings if one.id == wish.of)
    what = _meeting(conference, wish.of)
    if wish.rule is Rule.MUST:
        return what + Label("必谈", " must be held")
    if wish.rule is Rule.SESSION:
        return what + Label(f"只能在“{one.session}”", f" is only for session “{one.session}”")
    return what + Label("定在", " is fixed ") + slot_label(conference, one.fixed or 0)


def _participant_gives_way(conference: Conference, wish: Wish, to: int | None) -> Label:
    one = next(one for one in conference.participants if one.id == wish.of)
    who = Label(*[f"“{one.name or one.id}”"] * 2)
    match wish.rule, to:
        case Rule.AWAY, None:
            return Label("请", "have ") + who + Label("每一场都到", " there in every slot")
        case Rule.AWAY, int(slot):
            return (
                Label("请", "have ") + who + Label("也能在", " there ")
                + slot_label(conference, slot) + Label("参加", "")
            )  # fmt: skip
        case Rule.MOST, None:
            return Label("不限", "let ") + who + Label("的场数", " have any number of meetings")
        case Rule.MOST, int(most):
            return (
                Label("允许", "let ")
                + who
                + Label(f"有 {most} 场", f" have {_many(most, 'meeting')}")
            )
        case _:
            return (
                Label("把对", "promise ") + who
                + Label(f"的承诺减为 {to or 0} 场", f" {_many(to or 0, 'meeting')} only")
            )  # fmt: skip


def _meeting_gives_way(conference: Conference, wish: Wish) -> Label:
    one = next(one for one in conference.meetings if one.id == wish.of)
    what = _meeting(conference, wish.of)
    if wish.rule is Rule.MUST:
        return what + Label("不再必谈", " need not be held")
    if wish.rule is Rule.SESSION:
        return what + Label(f"不限在“{one.session}”", f" may be outside session “{one.session}”")
    return what + Label("不再定在", " need not be ") + slot_label(conference, one.fixed or 0)


def _meeting(conference: Conference, key: str) -> Label:
    names = {one.id: one.name or one.id for one in conference.participants}
    one = next(one for one in conference.meetings if one.id == key)
    pair = f"{names[one.a]} × {names[one.b]}"
    return Label(f"洽谈“{key}”（{pair}）", f"meeting “{key}” ({pair})")


def _way(wish: Wish) -> Label:
    ends = [Label(*[f"“{hall}”"] * 2) for hall in (wish.of, wish.other)]
    return join(ends, "与", " and ") + Label("之间换会场", ": the way between them")


def _are(n: int, what: str) -> str:
    return f"{'is' if n == 1 else 'are'} only {_many(n, what)}" if n else f"is no {what}"


def _many(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
