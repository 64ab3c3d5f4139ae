"""When a listing finds nothing: which one limit to relax, and which counterparts come near."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from ..factors import Attribute, Listing
from .best import best_rows
from .block import Block
from .check import Change, check, not_open, smallest_change
from .nothing import NearMiss, Nothing, Relaxation
from .pair import sides
from .score import Weighed

Rows = NDArray[np.int64]


def why_nothing(listing: Listing, block: Block, weighed: Weighed, today: date) -> Nothing:
    """Which limits stand in the way of a listing (a need, or an offer seen from its side)."""
    single = np.flatnonzero(weighed.blocked & (np.bitwise_count(weighed.broken) == 1))
    found = [
        _relaxation(listing, block, weighed, single[weighed.broken[single] == bit])
        for bit in np.unique(weighed.broken[single])
    ]
    found.sort(key=lambda r: (-r.freed, r.change.attribute.name))
    nearest = None if found else next(iter(near_misses(listing, block, weighed, 1)), None)
    barred = not_open(block.kind, listing, today)
    return Nothing(listing.side, barred, int(weighed.open.sum()), tuple(found), nearest)


def near_misses(listing: Listing, block: Block, weighed: Weighed, most: int) -> list[NearMiss]:
    """The counterparts that come nearest: fewest limits broken, then the higher score, then the id."""
    rows = best_rows(weighed.nearness, block, most)
    return [NearMiss(*sides(listing, block.at(row))) for row in rows]


def _relaxation(listing: Listing, block: Block, weighed: Weighed, rows: Rows) -> Relaxation:
    bit = int(weighed.broken[rows[0]]).bit_length() - 1
    attribute = block.kind.related[bit]
    best = min(
        ((_change(attribute, listing, block.at(r)), r) for r in rows.tolist()),
        key=lambda found: (found[0].gap, -weighed.score[found[1]], block.at(found[1]).id),
    )
    return Relaxation(best[0], len(rows), block.at(best[1]))


def _change(attribute: Attribute, listing: Listing, other: Listing) -> Change:
    broken = check(attribute, *sides(listing, other))
    assert broken is not None, "a broken ask is an ask"
    return smallest_change(broken)
