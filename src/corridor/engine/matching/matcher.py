"""The matcher: fit once, then ask from either side; additions and removals rebuild nothing."""

from collections.abc import Iterable, Iterator
from datetime import date

import numpy as np

from ..factors import FactorKind, Listing, Side, kind
from .best import Best, Kept, best_rows, match_of
from .block import Block
from .columns import Floats
from .explain import Explanation, explain
from .lexical import LexicalIndex, Query
from .nothing import NearMiss, Nothing
from .overlap import shared_words
from .pair import Evidence, Match, sides
from .places import Distance, anywhere
from .pool import Pool
from .relax import near_misses, why_nothing
from .score import HALF_TEXT, Weighed, weigh
from .words import document

MOST_DOCUMENTS = 8192  # texts kept while the pairs of their listings are explained


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
        self._documents: dict[int, tuple[Listing, str]] = {}

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

    def scores(self, listing: Listing) -> dict[str, float]:
        """Id and score of every counterpart that passes: whose best a changed listing may enter."""
        block, weighed = self.weigh(listing)
        rows = np.flatnonzero(weighed.passing)
        scores = weighed.score[rows].tolist()
        return {block.at(row).id: x for row, x in zip(rows.tolist(), scores, strict=True)}

    def best(self, listing: Listing, top: int = 10, misses: int = 3) -> Best:
        """The best counterparts of a need or an offer, and the nearest misses."""
        return _best(listing, *self.weigh(listing), top, misses)

    def match_both(self, kind_name: str, top: int = 10, misses: int = 3) -> Iterator[Best]:
        """:meth:`best` of every need of a kind, then of every offer, by id; a pair is weighed once.

        The matcher must not change in between.
        """
        needs, offers = (self._block(kind(kind_name), side) for side in (Side.NEED, Side.OFFER))
        askers = needs.by_id()
        found, near = (Kept(len(offers.listings), most) for most in (top, misses))
        for number, need in enumerate(askers):
            _, weighed = self.weigh(need)
            found.enter(number, weighed.worth, weighed.figures)
            near.enter(number, weighed.nearness, weighed.figures)
            yield _best(need, offers, weighed, top, misses)
        for offer in offers.by_id():
            row = offers.row[offer.id]
            matches = [match_of(askers[at], offer, *how) for at, how in found.of(row)]
            yield Best(offer, matches, [NearMiss(askers[at], offer) for at, _ in near.of(row)])

    def pair(self, need: Listing, offer: Listing) -> Match:
        """One pair weighed as if the offer were fitted, whether or not it passes."""
        block = Block(kind(need.kind), Side.OFFER)
        block.add([offer])
        offers = self._block(block.kind, Side.OFFER).text
        query, said = (Query.of(document(block.kind, x)) for x in (need, offer))
        found = np.array([offers.pair(query, said)])
        text = _share(found, offers.best_for(query))
        weighed = weigh(need, block, text, today=self.today, distance=self.distance)
        return match_of(need, offer, float(weighed.score[0]), weighed.figures[:, 0])

    def evidence(self, match: Match) -> Evidence:
        """What the match's listings alone do not say of it; with it, :func:`.explain` can."""
        of = kind(match.need.kind)
        rarity = self._block(of, Side.OFFER).text.idf
        words = shared_words(self._said(of, match.need), self._said(of, match.offer), rarity)
        return Evidence(match.parts, tuple(words))

    def explain(self, need: Listing, offer: Listing) -> Explanation:
        """Explain any pair, whether or not the two are here."""
        said = explain(need, offer, today=self.today)
        return self.explain_match(self.pair(need, offer)) if said.passed else said

    def explain_match(self, match: Match) -> Explanation:
        """Explain a pair that was found."""
        evidence = self.evidence(match)
        return explain(match.need, match.offer, evidence, today=self.today, distance=self.distance)

    def why_nothing(self, listing: Listing) -> Nothing:
        """Which limits stand in the way of a listing (a need, or an offer seen from its side)."""
        return why_nothing(listing, *self.weigh(listing), self.today)

    def weigh(self, listing: Listing) -> tuple[Block, Weighed]:
        """A listing against every row of the other side: the block and what was found."""
        block = self._block(kind(listing.kind), listing.side.other)
        text = self._text(listing, block)
        return block, weigh(listing, block, text, today=self.today, distance=self.distance)

    def _said(self, of: FactorKind, listing: Listing) -> str:
        """What is searched of a listing; kept a while, for a listing is in many pairs."""
        known = self._documents.get(id(listing))
        if known is None or known[0] is not listing:
            if len(self._documents) >= MOST_DOCUMENTS:
                self._documents.clear()
            known = self._documents[id(listing)] = listing, document(of, listing)
        return known[1]

    def _search(self, listing: Listing, top: int, pool: Pool | None = None) -> list[Match]:
        block, weighed = self.weigh(listing)
        if pool is not None:
            pool.take(listing, block, weighed)
        return _matches(listing, block, weighed, top)

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


def _share(found: Floats, best: Floats | float) -> Floats:
    """Found over best; a need that says nothing searchable is one half about anything."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.asarray(best) > 0, found / best, HALF_TEXT)


def _best(listing: Listing, block: Block, weighed: Weighed, top: int, misses: int) -> Best:
    matches = _matches(listing, block, weighed, top)
    return Best(listing, matches, near_misses(listing, block, weighed, misses))


def _matches(listing: Listing, block: Block, weighed: Weighed, top: int) -> list[Match]:
    rows = best_rows(weighed.worth, block, top)
    figures = weighed.figures[:, rows].T
    return [
        match_of(*sides(listing, block.at(row)), float(weighed.score[row]), figure)
        for row, figure in zip(rows, figures, strict=True)
    ]
