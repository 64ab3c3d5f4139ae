"""Why a meeting is not held, and what more tables or interpreters would do about it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..compiled import lean
from ..factors import Label, join
from .board import HELD, NOWHERE, Board, Ints, board, commit, ordered, restore, walks
from .model import Conference, Participant, Timetable
from .place import insert
from .problem import Problem
from .words import more_label, more_meetings_label, slot_label

CHAINS = 12  # tried for each meeting when more room is tried out


@dataclass(frozen=True, slots=True)
class Relief:
    """What more of one resource would do.

    Attributes:
        resource: the hall or the language; ``interpreters`` says which of the two it is.
        slots: where there would be more.
        more: how many more in each of these slots.
        meetings, value: what could then be held beside all that is held, found by trial: others may
            change slots, nothing is given up. The best may be more, but in number of meetings never
            more than ``more`` for each slot: taking these away again leaves a timetable of today.
        label: the same for people to read.
    """

    resource: str
    interpreters: bool
    slots: tuple[int, ...]
    more: int
    meetings: int
    value: int
    label: Label


def why_not(conference: Conference, timetable: Timetable) -> dict[str, Label]:
    """Why each meeting that is not held is not, by id, in the order of ids."""
    problem, made = _read(conference, timetable)
    unheld = [int(m) for m in np.flatnonzero(made.slot == NOWHERE)]
    return reasons(conference, made, problem, unheld)


def _read(conference: Conference, timetable: Timetable, extra: int = 0) -> tuple[Problem, Board]:
    problem = Problem.of(conference)
    which = {key: m for m, key in enumerate(problem.ids)}
    slot = {which[key]: s for key, s in timetable.slot.items()}
    return problem, board(problem, slot, extra=extra)


def reasons(
    conference: Conference, made: Board, problem: Problem, meetings: Sequence[int]
) -> dict[str, Label]:
    """Why each of these meetings (numbers) is not on the board, by id."""
    people = sorted(conference.participants, key=lambda one: one.id)
    resources = [*sorted(conference.tables), *sorted(conference.interpreters)]
    found = {}
    for m in meetings:
        pair = [people[p] for p in problem.people[m]]
        label = _absent(made, pair)
        if label is None and not made.open[m].any():
            label = Label(
                "没有双方都在、会场和翻译又都有的场次。",
                "In no slot are both there and the hall and the interpreter to be had.",
            )
        label = label or _most(made, m, pair)
        found[problem.ids[m]] = label or _full(made, m, [resources[r] for r in problem.uses[m]])
    return found


def _absent(made: Board, pair: Sequence[Participant]) -> Label | None:
    rest = set(range(made.since, made.at.shape[1]))
    gone = [one.name or one.id for one in pair if rest <= one.away]
    if not gone:
        return None
    who = join([Label(f"“{name}”", f"“{name}”") for name in gone], "、", " and ")
    verb = "is" if len(gone) == 1 else "are"
    return who + Label("不在。", f" {verb} away.")


def _most(made: Board, m: int, pair: Sequence[Participant]) -> Label | None:
    for p, one in zip(made.people[m], pair, strict=True):
        if one.most is not None and made.degree[p] >= one.most:
            name = one.name or one.id
            return Label(
                f"“{name}”最多 {one.most} 场，已排满。",
                f"“{name}” has all of the {one.most} meetings they may have.",
            )
    return None


def _full(made: Board, m: int, resources: Sequence[str]) -> Label:
    """What is in the way in each slot where both are free."""
    a, b = made.people[m]
    free = np.flatnonzero(made.open[m] & (made.at[a] < 0) & (made.at[b] < 0)).tolist()
    if not free:
        return Label("双方没有共同的空闲场次。", "There is no slot in which both are free.")
    kinds = Counter(_lack(made, m, s, resources) for s in free)
    if len(kinds) == 1:
        (label,) = kinds
        return Label(
            f"双方都空闲的 {len(free)} 场里，{label.zh}。",
            f"In every slot in which both are free ({len(free)}), {label.en}.",
        )
    parts = [
        Label(f"{n} 场{label.zh}", f"in {n} {label.en}")
        for label, n in sorted(kinds.items(), key=lambda one: (-one[1], one[0]))
    ]
    return (
        Label(f"双方都空闲的 {len(free)} 场里，", f"Of {len(free)} slots in which both are free, ")
        + join(parts, "，", ", ")
        + Label("。", ".")
    )


def _lack(made: Board, m: int, s: int, resources: Sequence[str]) -> Label:
    """What keeps m from a slot in which both are free."""
    hall, voice = made.uses[m]
    if made.used[hall, s] >= made.room[hall, s]:
        of = f"of {resources[0]} " if resources[0] else ""
        return Label(f"{resources[0]}洽谈桌都占满", f"every table {of}is taken")
    if voice >= 0 and made.used[voice, s] >= made.room[voice, s]:
        return Label(
            f"“{resources[1]}”翻译都已安排", f"every “{resources[1]}” interpreter is taken"
        )
    if not ordered(made, m, s):
        return Label("先后顺序不允许", "the order of meetings does not allow it")
    if any(walks(made, p, m, s) >= 0 for p in made.people[m]):
        return Label("来不及换会场", "there is no time to walk between halls")
    return Label("还排得下，只是没有排", "it would still fit and is merely not held")


def reliefs(conference: Conference, timetable: Timetable, *, more: int = 1) -> tuple[Relief, ...]:
    """What ``more`` tables or interpreters would do: in each slot that is full, and in all of them.

    The most meetings for each table or interpreter added first, then the greatest value, then the
    earliest. A relief that would do nothing is left out. Fairness is not asked for here.
    """
    _, made = _read(conference, timetable, more)
    order = np.flatnonzero(made.slot == NOWHERE)
    order = order[np.lexsort((order, -made.value[order]))]
    grow(made, order, len(order))  # what fits as it is, is no merit of any relief
    halls = sorted(conference.tables)
    names = [*halls, *sorted(conference.interpreters)]
    found: list[Relief] = []
    for r, name in enumerate(names):
        full = np.flatnonzero((made.used[r] >= made.room[r]) & (made.room[r] > 0)).tolist()
        tried = [(s,) for s in full] + ([tuple(full)] if len(full) > 1 else [])
        for slots in tried:
            meetings, value = _try(made, order, r, slots, more)
            if meetings:
                label = _said(conference, name, r >= len(halls), slots, more, meetings)
                found.append(Relief(name, r >= len(halls), slots, more, meetings, value, label))
    return tuple(sorted(found, key=lambda one: (
        -one.meetings / len(one.slots), -one.value / len(one.slots), one.interpreters, one.resource,
        one.slots,
    )))  # fmt: skip


def _try(made: Board, order: Ints, r: int, slots: Sequence[int], more: int) -> tuple[int, int]:
    before, kept, seed = int(made.tally[HELD]), made.slot.copy(), made.seed.copy()
    made.room[r, list(slots)] += more
    meetings = grow(made, order, more * len(slots))
    value = int(made.tally[HELD]) - before
    made.room[r, list(slots)] -= more
    restore(made, kept)
    made.seed[:] = seed
    return meetings, value


@lean
def grow(b: Board, order: Ints, most: int) -> int:
    """Insert what is not held, up to ``most`` meetings; others may move. Returns how many."""
    found = 0
    for i in range(len(order)):
        if found >= most:
            break
        if b.slot[order[i]] < 0 and insert(b, order[i], CHAINS):
            found += 1
        commit(b)
    return found


def _said(
    conference: Conference, name: str, voice: bool, slots: Sequence[int], more: int, meetings: int
) -> Label:
    one = slot_label(conference, slots[0])
    when = one if len(slots) == 1 else Label(
        f"占满的 {len(slots)} 场每场", f"in each of the {len(slots)} full slots"
    )  # fmt: skip
    what, then = more_label(name, more, voice=voice), more_meetings_label(meetings)
    return Label(
        f"{when.zh}{what.zh}，可多排 {then.zh}。", f"{what.en} {when.en} would place {then.en}."
    )
