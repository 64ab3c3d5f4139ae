"""All pairs that pass, gathered while matching, for those who decide over everyone at once."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ..factors import Listing, Side
from .block import Block
from .columns import Floats
from .pair import Match
from .score import Weighed

Key = tuple[str, str]  # kind and id


class Pool:
    """Passing pairs as arrays: 16 bytes a pair.

    Of each asking listing the best ``most`` pairs are kept; ``left_out`` remembers, for a need
    whose list was cut, the best score it lost, so that a bound can still cover every pair.
    """

    def __init__(self, most: int = 2000) -> None:
        self.most = most
        self.needs: list[Listing] = []
        self.offers: list[Listing] = []
        self.left_out: dict[Key, float] = {}
        self._need_index: dict[Key, int] = {}
        self._offer_index: dict[Key, int] = {}
        self._chunks: list[tuple[NDArray[np.int32], NDArray[np.int32], Floats]] = []

    @classmethod
    def of(cls, matches: Iterable[Match]) -> "Pool":
        """The pool holding just these matches."""
        pool = cls()
        rows = [(pool._at(m.need), pool._at(m.offer), m.score) for m in matches]
        need, offer, score = zip(*rows, strict=True) if rows else ((), (), ())
        pool._chunks.append(
            (
                np.array(need, dtype=np.int32),
                np.array(offer, dtype=np.int32),
                np.array(score, dtype=float),
            )
        )
        return pool

    def take(self, listing: Listing, block: Block, weighed: Weighed) -> None:
        """Keep what passes between a listing and a block of the other side."""
        rows = np.flatnonzero(weighed.passing)
        score = weighed.score[rows]
        if len(rows) > self.most:
            order = np.lexsort((rows, -score))
            self._cut(listing, block, rows[order[self.most :]], float(score[order[self.most]]))
            rows, score = rows[order[: self.most]], score[order[: self.most]]
        here = np.full(len(rows), self._at(listing), dtype=np.int32)
        there = np.array([self._at(block.at(r)) for r in rows.tolist()], dtype=np.int32)
        pair = (here, there) if listing.side is Side.NEED else (there, here)
        self._chunks.append((*pair, score))

    def _cut(self, listing: Listing, block: Block, rows: NDArray[np.int64], lost: float) -> None:
        of_need = listing.side is Side.NEED
        for need in [listing] if of_need else (block.at(row) for row in rows.tolist()):
            key = need.kind, need.id
            self.left_out[key] = max(lost, self.left_out.get(key, 0.0))

    def _at(self, listing: Listing) -> int:
        index, listings = (
            (self._need_index, self.needs)
            if listing.side is Side.NEED
            else (self._offer_index, self.offers)
        )
        key = listing.kind, listing.id
        if key not in index:
            index[key] = len(listings)
            listings.append(listing)
        return index[key]

    def arrays(self) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
        """Need position, offer position and score of every pair kept."""
        if not self._chunks:
            nothing = np.zeros(0, dtype=np.int64)
            return nothing, nothing, np.zeros(0)
        need, offer, score = zip(*self._chunks, strict=True)
        at = [np.concatenate(side).astype(np.int64) for side in (need, offer)]
        return at[0], at[1], np.concatenate(score)
