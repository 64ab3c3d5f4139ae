"""When a need finds nothing: which one limit to relax, and how many offers that would free."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..factors import SIDE_LABELS, Attribute, Label, Listing, Side, State, join
from .block import Block
from .checks import Change, check, checks, not_open, smallest_change
from .explain import change_text
from .matcher import Matcher
from .pair import sides
from .score import Weighed

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One limit whose loss would free offers that break nothing else.

    Attributes:
        change: the smallest change that frees at least one of them.
        freed: how many offers break this limit alone.
        nearest: the offer the smallest change frees (equal gaps: the higher score, then the id).
    """

    change: Change
    freed: int
    nearest: Listing


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The offer that breaks the fewest limits, and what would have to change for it."""

    offer: Listing
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why a need found nothing.

    Attributes:
        asked: the side that found nothing; the other side is what it was compared with.
        barred: why the listing itself may meet nobody: it expired, or is not published yet.
        considered: counterparts of the kind that are open to it at all.
        relaxations: limits that free offers by themselves, most freed first.
        nearest: the nearest miss, when no single limit frees anything.
    """

    asked: Side
    barred: Label | None
    considered: int
    relaxations: tuple[Relaxation, ...]
    nearest: NearMiss | None

    def sentence(self) -> Label:
        """The answer in one sentence."""
        other = SIDE_LABELS[self.asked.other]
        zh, en = other.zh, other.en.lower()
        if self.barred is not None:
            mine = SIDE_LABELS[self.asked]
            return Label(
                f"这条{mine.zh}{self.barred.zh}。", f"This {mine.en.lower()} {self.barred.en}."
            )
        if not self.considered:
            return Label(
                f"没有可以比较的同类{zh}（须有效，且不属同一主体）。",
                f"There is no {en} of this kind to compare: open, and of another party.",
            )
        none = Label(f"没有{zh}满足全部硬性条件", f"No {en} passes every hard limit")
        if self.relaxations:
            best = self.relaxations[0]
            how, name = change_text(best.change), best.change.attribute.label
            return Label(
                f"{none.zh}。只放宽“{name.zh}”一项可得 {best.freed} 条；其中改动最小的一条：{how.zh}。",
                f"{none.en}. Relaxing {name.en} alone frees {best.freed}; "
                f"the one that needs least: {how.en}.",
            )
        if self.nearest is None:
            return Label(f"{none.zh}。", f"{none.en}.")
        changes = join([change_text(c) for c in self.nearest.changes], "；", "; ")
        title = self.nearest.offer.title
        return Label(
            f"{none.zh}，只放宽一项不够。最接近的“{title}”需要同时：{changes.zh}。",
            f"{none.en} and no single change is enough. The nearest, “{title}”, needs all of: "
            f"{changes.en}.",
        )


def why_nothing(matcher: Matcher, need: Listing) -> Nothing:
    """Which limits stand in the way of a listing (a need, or an offer seen from its side)."""
    block, weighed = matcher.weigh(need)
    blocked = weighed.open & (weighed.broken != 0)
    count = np.bitwise_count(weighed.broken)
    single = np.flatnonzero(blocked & (count == 1))
    found = [
        _relaxation(need, block, weighed, single[weighed.broken[single] == bit])
        for bit in np.unique(weighed.broken[single])
    ]
    found.sort(key=lambda r: (-r.freed, r.change.attribute.name))
    nearest = None if found else _nearest(need, block, weighed, np.flatnonzero(blocked), count)
    barred = not_open(block.kind, need, matcher.today)
    return Nothing(need.side, barred, int(weighed.open.sum()), tuple(found), nearest)


def _relaxation(need: Listing, block: Block, weighed: Weighed, rows: Rows) -> Relaxation:
    bit = int(weighed.broken[rows[0]]).bit_length() - 1
    attribute = block.kind.related[bit]
    best = min(
        ((_change(attribute, need, block.at(r)), r) for r in rows.tolist()),
        key=lambda found: (found[0].gap, -weighed.score[found[1]], block.at(found[1]).id),
    )
    return Relaxation(best[0], len(rows), block.at(best[1]))


def _nearest(
    need: Listing, block: Block, weighed: Weighed, rows: Rows, count: NDArray[np.uint8]
) -> NearMiss | None:
    if not len(rows):
        return None
    row = min(rows.tolist(), key=lambda r: (count[r], -weighed.score[r], block.at(r).id))
    return NearMiss(block.at(row), _changes(need, block.at(row)))


def _change(attribute: Attribute, listing: Listing, other: Listing) -> Change:
    broken = check(attribute, *sides(listing, other))
    assert broken is not None, "a broken ask is an ask"
    return smallest_change(broken)


def _changes(listing: Listing, other: Listing) -> tuple[Change, ...]:
    broken = [c for c in checks(*sides(listing, other)) if c.hard and c.state is State.BROKEN]
    return tuple(smallest_change(c) for c in broken)
