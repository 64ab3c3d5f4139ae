"""The matcher: fit once, then ask from either side; additions and removals rebuild nothing."""

from collections.abc import Iterable, Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ..factors import FactorKind, Listing, Side, kind
from .block import Block
from .columns import Floats
from .lexical import LexicalIndex, Query, head
from .pair import Match, sides
from .pool import Pool
from .score import HALF_TEXT, PARTS, Distance, Weighed, weigh
from .tokens import Ints
from .words import document


def anywhere(_here: str, _there: str) -> float | None:
    """The distance of those who have no map: unknown."""
    return None


class Matcher:
    """Finds counterparts for needs and offers of any kind.

    Results are exact (no pair that breaks a hard limit, no better pair left out) and depend only on
    the listings present, not on the order or manner in which they came. Equal scores are ordered by
    id. ``today`` is an argument because the engine has no clock.
    """

    def __init__(self, *, today: date, distance: Distance = anywhere) -> None:
        self.today = today
        self.distance = distance
        self._blocks: dict[tuple[str, Side], Block] = {}
        self._best: dict[str, tuple[tuple[int, int], Floats]] = {}
        self._said: tuple[Listing, str] | None = None

    def fit(self, offers: Iterable[Listing], needs: Iterable[Listing] = ()) -> "Matcher":
        """Forget everything and take these listings. Needs are wanted only for :meth:`who_needs`."""
        self._blocks.clear()
        self._best.clear()
        self.add([*offers, *needs])
        return self

    def add(self, listings: Iterable[Listing]) -> None:
        """Take more listings; one with a known id (same kind and side) replaces the old one."""
        groups: dict[tuple[str, Side], list[Listing]] = {}
        for listing in listings:
            groups.setdefault((listing.kind, listing.side), []).append(listing)
        for (name, side), group in groups.items():
            self._block(kind(name), side).add(group)

    def remove(self, listing: Listing) -> None:
        """Forget a listing, found by kind, side and id. Raises ``KeyError`` when it is not here."""
        self._block(kind(listing.kind), listing.side).remove(listing.id)

    def match(self, need: Listing, top: int = 10) -> list[Match]:
        """The best offers for a need, at most ``top``, best first."""
        return self._search(need, top)

    def who_needs(self, offer: Listing, top: int = 10) -> list[Match]:
        """The needs that suit an offer best: the same pairs with the same scores as :meth:`match`."""
        return self._search(offer, top)

    def match_all(
        self, listings: Iterable[Listing], top: int = 10, pool: Pool | None = None
    ) -> Iterator[tuple[Listing, list[Match]]]:
        """:meth:`match` for every need (:meth:`who_needs` for an offer), in the order given.

        A ``pool`` gathers every passing pair on the way, for :func:`allocate`.
        """
        for listing in listings:
            yield listing, self._search(listing, top, pool)

    def pair(self, need: Listing, offer: Listing) -> Match:
        """One pair weighed as if the offer were fitted, whether or not it passes."""
        block = Block(kind(need.kind), Side.OFFER)
        block.add([offer])
        offers = self._block(block.kind, Side.OFFER).text
        query, said = (Query.of(document(block.kind, x)) for x in (need, offer))
        found = np.array([offers.pair(query, said)])
        text = _share(found, offers.best_for(query))
        weighed = weigh(need, block, text, today=self.today, distance=self.distance)
        return _match(need, block, weighed, 0)

    def rarity(self, kind_name: str, tokens: Ints) -> Floats:
        """How telling each token is among the offers of a kind (its idf)."""
        return self._block(kind(kind_name), Side.OFFER).text.idf(tokens)

    def words_of(self, need: Listing) -> str:
        """What is searched of a need; kept for the last one, whose pairs come one after another."""
        said = self._said
        if said is None or said[0] is not need:
            said = self._said = need, document(kind(need.kind), need)
        return said[1]

    def weigh(self, listing: Listing) -> tuple[Block, Weighed]:
        """A listing against every row of the other side: the block and what was found."""
        block = self._block(kind(listing.kind), listing.side.other)
        text = self._text(listing, block)
        return block, weigh(listing, block, text, today=self.today, distance=self.distance)

    def _search(self, listing: Listing, top: int, pool: Pool | None = None) -> list[Match]:
        block, weighed = self.weigh(listing)
        if pool is not None:
            pool.take(listing, block, weighed)
        rows = best_rows(weighed.score, weighed.passing, block, top)
        return [_match(listing, block, weighed, row) for row in rows]

    def _block(self, of: FactorKind, side: Side) -> Block:
        key = of.name, side
        if key not in self._blocks:
            self._blocks[key] = Block(of, side)
        return self._blocks[key]

    def _text(self, listing: Listing, block: Block) -> Floats:
        """The share of each need's words that each offer holds, weighted by BM25."""
        if not len(block):
            return np.zeros(len(block.listings))
        query = Query.of(document(block.kind, listing))
        if listing.side is Side.NEED:
            return _share(block.text.score(query), block.text.best_for(query))
        offers = self._block(block.kind, Side.OFFER).text
        return _share(block.text.dot(query, offers.weights(query)), self._best_of(block, offers))

    def _best_of(self, needs: Block, offers: LexicalIndex) -> Floats:
        version = (needs.text.version, offers.version)
        known = self._best.get(needs.kind.name)
        if known is None or known[0] != version:
            known = version, offers.best_possible(needs.text)
            self._best[needs.kind.name] = known
        return known[1]


def best_rows(
    score: Floats, passing: NDArray[np.bool_], block: Block, top: int
) -> NDArray[np.int64]:
    """The ``top`` passing rows by score, equal scores by id."""
    rows = head(score, np.flatnonzero(passing), top)
    order = sorted(rows.tolist(), key=lambda row: (-score[row], block.at(row).id))
    return np.array(order[: max(top, 0)], dtype=np.int64)


def _share(found: Floats, best: Floats | float) -> Floats:
    """Found over best; a need that says nothing searchable is one half about anything."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.asarray(best) > 0, found / best, HALF_TEXT)


def _match(listing: Listing, block: Block, weighed: Weighed, row: int) -> Match:
    need, offer = sides(listing, block.at(row))
    parts = {p: _known(float(weighed.parts[p][row])) for p in PARTS}
    return Match(
        need,
        offer,
        float(weighed.score[row]),
        parts,
        not int(weighed.unverified[row]),
        int(weighed.asked[row]).bit_count(),
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
