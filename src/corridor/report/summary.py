"""Counting a stream of results, and keeping the few of it that are shown in full.

"Needs" here are the listings that asked: offers, when the match ran in reverse.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heappush, heappushpop
from typing import TYPE_CHECKING

from corridor.engine.factors import Corridor, Listing, Side, all_kinds

if TYPE_CHECKING:  # the site draws flows, and must not load the matcher
    from corridor.engine.matching import Result

#: Needs that found nothing and are shown with the reason.
UNFOUND = 100
#: The place of cities that are unstated or outside the corridor.
OUTSIDE = ""

Flows = Counter[tuple[str, str]]


@dataclass
class Count:
    """Needs, those with a match, and those with a match whose every hard limit is verified."""

    needs: int = 0
    found: int = 0
    verified: int = 0

    @property
    def nothing(self) -> int:
        """Needs that found nothing."""
        return self.needs - self.found

    def take(self, result: Result) -> None:
        """Count one need."""
        self.needs += 1
        self.found += bool(result.found)
        self.verified += any(f.match.verified and f.match.limits for f in result.found)


class Summary:
    """What the page says, gathered in one pass; holds at most ``shown`` + 100 results.

    Shown are the first need of every kind, then the second of every kind, and so on, kinds in
    their usual order: the ``shown`` smallest of (number within its kind, kind).
    """

    def __init__(self, corridor: Corridor, shown: int) -> None:
        self.total = Count()
        self.kinds: dict[str, Count] = {}
        self.flows: Flows = Counter()
        self.unfound: list[Result] = []
        self.side = Side.NEED
        self._corridor, self._room = corridor, max(0, shown)
        self._rank = {name: i for i, name in enumerate(all_kinds())}
        self._kept: list[tuple[int, int, Result]] = []

    def take(self, result: Result) -> None:
        """Count one need, and keep it if it is among those to show."""
        name, self.side = result.listing.kind, result.listing.side
        count = self.kinds.setdefault(name, Count())
        self.total.take(result)
        count.take(result)
        if result.found:
            best = result.found[0].match
            self.flows.update(flows(self._corridor, [(best.need, best.offer)]))
            self._keep(count.found, self._rank[name], result)
        elif len(self.unfound) < UNFOUND:
            self.unfound.append(result)

    def shown(self) -> list[Result]:
        """The needs to show, in the order of the round robin."""
        return [result for *_, result in sorted(self._kept, key=lambda k: (-k[0], -k[1]))]

    def by_kind(self) -> list[tuple[str, Count]]:
        """The kinds that occur, in their usual order."""
        return sorted(self.kinds.items(), key=lambda item: self._rank[item[0]])

    def _keep(self, number: int, rank: int, result: Result) -> None:
        entry = (-number, -rank, result)  # the heap's smallest is the last of the round robin
        if len(self._kept) < self._room:
            heappush(self._kept, entry)
        elif self._room:
            heappushpop(self._kept, entry)


def flows(corridor: Corridor, pairs: Iterable[tuple[Listing, Listing]]) -> Flows:
    """How many of the pairs (need, offer) run from each city to each, by corridor code."""
    return Counter((_place(corridor, need), _place(corridor, offer)) for need, offer in pairs)


def _place(corridor: Corridor, listing: Listing) -> str:
    city = corridor.city(listing.city) if listing.city else None
    return city.code if city else OUTSIDE
