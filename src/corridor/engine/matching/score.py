"""How well two listings suit each other: the parts of the score, and the score.

One listing is weighed against all rows of the other side at once. A pair has one score, whichever
side asks: text is always what the need says looked up in the offer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..factors import Attribute, Listing, Side, asks
from . import kernels
from .block import Block
from .check import not_open
from .columns import Bools, Floats
from .constraints import Outcome, backward, forward
from .parts import PARTS, is_industry
from .places import Distance, apart, origins

HALF_TEXT = 0.15  # share of a need's words found in the offer that counts one half
HALF_DISTANCE = 100.0  # km
HALF_AGE = 90.0  # days
UNKNOWN = 0.5  # what is not stated counts one half

Bits = NDArray[np.uint64]


@dataclass
class Weighed:
    """What one listing is to every row of the other side.

    Attributes:
        open: rows that may be returned at all: still there, on offer today, another party's.
        asked, broken, unverified: one bit per attribute, for hard asks of either side.
        parts: part → value in [0, 1]; NaN where neither side asks.
        score: 0.5 + s/2 when every hard ask is verified, else s/2 × (1 + share verified)/2, where s
            is the weighted mean of the parts; a verified pair always ranks above an unverified one.
    """

    open: Bools
    asked: Bits
    broken: Bits
    unverified: Bits
    parts: dict[str, Floats]
    score: Floats

    @property
    def passing(self) -> Bools:
        """Rows that break no hard ask."""
        return np.asarray(self.open & (self.broken == 0))

    @cached_property
    def worth(self) -> Floats:
        """The score of the rows that pass, -inf elsewhere."""
        return np.where(self.passing, self.score, -np.inf)

    @cached_property
    def figures(self) -> Floats:
        """What a match holds of every row, a row each: the parts, whether verified, the hard asks."""
        parts = (self.parts[part] for part in PARTS)
        return np.stack([*parts, self.unverified == 0, np.bitwise_count(self.asked)])

    @property
    def blocked(self) -> Bools:
        """Rows kept apart by hard asks alone."""
        return np.asarray(self.open & (self.broken != 0))

    @cached_property
    def nearness(self) -> Floats:
        """Of the rows blocked: fewer limits first, then the score, which weighs less than a limit."""
        return np.where(self.blocked, self.score - 2.0 * np.bitwise_count(self.broken), -np.inf)


def weigh(
    listing: Listing, block: Block, text: Floats, *, today: date, distance: Distance
) -> Weighed:
    """Weigh one listing against a block of the other side.

    Args:
        listing: a need or an offer of the block's kind, of the other side.
        block: the counterparts.
        text: the share, in [0, 1], of the need's words each pair shares.
        today: the day freshness and expiry are judged on.
        distance: kilometres between two places by code, ``None`` when unknown.
    """
    parts = {"text": text / (text + HALF_TEXT)}
    seen = _Asks(len(block.listings))
    for bit, attribute in enumerate(block.kind.related):
        outcome = _outcome(attribute, listing, block)
        if outcome is not None:
            seen.take(attribute, bit, outcome, _hard(attribute, listing, block))
    parts |= seen.parts()
    parts["distance"] = _distance_part(listing, block, distance)
    parts["freshness"] = _freshness(listing, block, today)
    score = _score(block.kind.part_weights, parts, seen)
    is_open = _open(listing, block, today)
    return Weighed(is_open, seen.asked, seen.broken, seen.unverified, parts, score)


def _outcome(attribute: Attribute, listing: Listing, block: Block) -> Outcome | None:
    """State and satisfaction of every row on one attribute; ``None`` when nobody asks."""
    if attribute.asked_by is listing.side:
        ask = listing.ask(attribute)
        if ask is None or not asks(attribute, ask):
            return None
        return forward(attribute, ask, block.columns[attribute.answer_name])
    column = block.columns[attribute.name]
    if not column.any_stated:
        return None
    return backward(attribute, column, listing.answer(attribute))


def _hard(attribute: Attribute, listing: Listing, block: Block) -> Bools | bool:
    if attribute.asked_by is listing.side:
        return listing.hard(attribute)
    return block.columns[attribute.name].hard


class _Asks:
    """Adds up, attribute by attribute in declaration order, what became of every ask."""

    def __init__(self, rows: int) -> None:
        self.asked, self.broken, self.unverified = (np.zeros(rows, dtype=np.uint64) for _ in "abc")
        self._sums = {part: np.zeros(rows) for part in ("industry", "soft", "reciprocity")}
        self._weights = {part: np.zeros(rows) for part in self._sums}

    def take(self, attribute: Attribute, bit: int, outcome: Outcome, hard: Bools | bool) -> None:
        """Count one attribute."""
        part = "soft" if attribute.asked_by is Side.NEED else "reciprocity"
        part = "industry" if is_industry(attribute) else part
        binding = hard if isinstance(hard, np.ndarray) else np.array([hard])
        kernels.tally(
            outcome.states, outcome.satisfaction, binding, np.uint64(1 << bit), attribute.weight,
            self.asked, self.broken, self.unverified, self._sums[part], self._weights[part],
        )  # fmt: skip

    def parts(self) -> dict[str, Floats]:
        """Weighted means; NaN where no preference is asked."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return {part: self._sums[part] / self._weights[part] for part in self._sums}


def _distance_part(listing: Listing, block: Block, distance: Distance) -> Floats:
    here = origins(listing)

    def closeness(there: tuple[str, ...]) -> float:
        km = apart(here, there, distance)
        return UNKNOWN if km is None else 1.0 / (1.0 + (km / HALF_DISTANCE) ** 2)

    return np.array([closeness(places) for places in block.origin.table])[block.origin.at]


def _freshness(listing: Listing, block: Block, today: date) -> Floats:
    """Mean of both sides' freshness, each halving every ``HALF_AGE`` days."""
    there = np.where(np.isnan(block.published), UNKNOWN, _fade(today.toordinal() - block.published))
    if listing.published is None:
        return (UNKNOWN + there) / 2
    age = np.array([float(today.toordinal() - listing.published.toordinal())])
    return (_fade(age) + there) / 2


def _fade(age: Floats) -> Floats:
    whole = np.clip(np.nan_to_num(age), 0, None).astype(np.int64)
    return _FADE[np.minimum(whole, len(_FADE) - 1)]


_FADE = np.array([0.5 ** (day / HALF_AGE) for day in range(2000)])


def _score(weights: Mapping[str, float], parts: dict[str, Floats], seen: _Asks) -> Floats:
    values = np.stack([parts[part] for part in PARTS])
    return kernels.blend(
        values, np.array([weights[part] for part in PARTS]), seen.asked, seen.unverified
    )


def _open(listing: Listing, block: Block, today: date) -> Bools:
    day = float(today.toordinal())
    # an unstated day of publication (NaN) is no bar
    may = block.alive & (block.expires >= day) & ~(block.published > day)
    if not_open(block.kind, listing, today) is not None:
        may = np.zeros_like(may)
    if listing.party:
        may = may & (block.party.at != block.party.find(listing.party))
    return may
