"""What a listing that found nothing is told, and the counterparts that came near."""

from dataclasses import dataclass

from ..factors import SIDE_LABELS, Label, Listing, Side, join
from .check import Change, changes
from .explain import change_text


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One limit whose loss would free counterparts that break nothing else.

    Attributes:
        change: the smallest change that frees at least one of them.
        freed: how many counterparts break this limit alone.
        nearest: the one the smallest change frees (equal gaps: the higher score, then the id).
    """

    change: Change
    freed: int
    nearest: Listing


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A pair that breaks few limits, and nothing else stands in its way."""

    need: Listing
    offer: Listing

    @property
    def changes(self) -> tuple[Change, ...]:
        """The smallest changes that together would make it pass; worked out when read."""
        return changes(self.need, self.offer)


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why a listing found nothing.

    Attributes:
        asked: the side that found nothing; the other side is what it was compared with.
        barred: why the listing itself may meet nobody: it expired, or is not published yet.
        considered: counterparts of the kind that are open to it at all.
        relaxations: limits that free counterparts by themselves, most freed first.
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
        wanted = join([change_text(c) for c in self.nearest.changes], "；", "; ")
        title = (self.nearest.offer if self.asked is Side.NEED else self.nearest.need).title
        return Label(
            f"{none.zh}，只放宽一项不够。最接近的“{title}”需要同时：{wanted.zh}。",
            f"{none.en} and no single change is enough. The nearest, “{title}”, needs all of: "
            f"{wanted.en}.",
        )
