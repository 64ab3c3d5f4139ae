"""Who is introduced to whom when everybody is matched at once: exact min-cost flow.

    maximise   sum of p(pair) over the chosen pairs
    subject to every need and every offer within its capacity, each pair chosen at most once,
               and first of all as many of the agreements each city's floor asks for as can be had.

The problem is a transportation problem, so the flow solver's integral answer is optimal. A dual
answer is worked out from the flow by shortest paths on its residual graph (Ahuja, Magnanti & Orlin,
Network Flows, 1993, §9): prices of needs and offers whose total bounds every possible allocation,
also of pairs that were left out of the candidate lists. It proves the optimum, and its prices say
how contested an offer is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from ..factors import Listing
from .duals import Floats, bound, prices
from .matcher import Match

SCALE = 1_000_000  # the solver works in whole millionths of an expected agreement


@dataclass(frozen=True, slots=True)
class Allocation:
    """An allocation and the proof of its worth.

    Attributes:
        chosen: the pairs to introduce, by need id then offer id.
        expected: sum of their scores, taken as chances of an agreement. Scores are not calibrated
            on outcomes yet, so read it as a comparison between allocations, not as a forecast.
        bound: no allocation under the same capacities, with or without floors, can exceed this.
        price: offer id → what one more unit of its capacity would be worth; 0 when it has room.
        shortfall: city → agreements its floor asked for that no allocation could give.
    """

    chosen: tuple[Match, ...]
    expected: float
    bound: float
    price: Mapping[str, float] = field(default_factory=dict)
    shortfall: Mapping[str, int] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """How far, as a share of the bound, the answer may be from the best; 0 is proven optimal."""
        return max(0.0, self.bound - self.expected) / self.bound if self.bound else 0.0


def allocate(
    matches: Sequence[Match],
    *,
    floors: Mapping[str, int] | None = None,
    left_out: Mapping[str, float] | None = None,
) -> Allocation:
    """Choose pairs among candidates.

    Args:
        matches: candidate pairs of one or more kinds; capacities are read off the listings.
        floors: city code → the fewest agreements its needs should get, before anything else.
        left_out: need id → the highest score of any pair of that need that is *not* among
            ``matches``; with it the bound holds for all pairs and not only for the candidates.

    Ties between optimal allocations are settled by the solver on input sorted by (need, offer), so
    the answer does not depend on the order of ``matches``.
    """
    pairs = sorted(matches, key=lambda m: (m.need.kind, m.need.id, m.offer.id))
    if not pairs:
        return Allocation((), 0.0, 0.0)
    market = _Market(pairs)
    free = _solve(market, {})
    flow = _solve(market, floors) if floors else free
    chosen = tuple(pair for pair, taken in zip(pairs, flow, strict=True) if taken)
    most, offer_price = _prove(market, free, left_out or {})
    priced = {i: p for i, p in zip(market.offer_ids, offer_price.tolist(), strict=True) if p > 0}
    got = _by_city(chosen)
    short = {c: n - got.get(c, 0) for c, n in (floors or {}).items() if got.get(c, 0) < n}
    return Allocation(chosen, float(sum(m.score for m in chosen)), most, priced, short)


def _prove(
    market: "_Market", flow: NDArray[np.bool_], left_out: Mapping[str, float]
) -> tuple[float, Floats]:
    """The bound and the offers' prices that go with the best flow without floors."""
    need_at, offer_at = market.need_at, market.offer_at
    used = np.bincount(need_at[flow], minlength=len(market.need_capacity))
    given = np.bincount(offer_at[flow], minlength=len(market.offer_capacity))
    u, v = prices(
        market.cost,
        need_at,
        offer_at,
        used < market.need_capacity,
        given < market.offer_capacity,
        flow,
    )
    most = bound(
        market.worth,
        need_at,
        offer_at,
        market.need_capacity,
        market.offer_capacity,
        u / SCALE,
        v / SCALE,
        market.left_out(left_out),
    )
    return most, v / SCALE


class _Market:
    """The candidates as arrays. Needs and offers are numbered per kind, in order of appearance."""

    def __init__(self, pairs: Sequence[Match]) -> None:
        needs: dict[tuple[str, str], Listing] = {(m.need.kind, m.need.id): m.need for m in pairs}
        offers: dict[tuple[str, str], Listing] = {
            (m.offer.kind, m.offer.id): m.offer for m in pairs
        }
        need_row = {key: i for i, key in enumerate(needs)}
        offer_row = {key: i for i, key in enumerate(offers)}
        self.need_at = np.array([need_row[m.need.kind, m.need.id] for m in pairs], dtype=np.int64)
        self.offer_at = np.array(
            [offer_row[m.offer.kind, m.offer.id] for m in pairs], dtype=np.int64
        )
        self.worth = np.array([m.score for m in pairs])
        self.cost = np.rint(self.worth * SCALE).astype(np.int64)
        self.needs = list(needs.values())
        self.offer_ids = [offer.id for offer in offers.values()]
        self.need_capacity = np.array([n.capacity for n in self.needs], dtype=np.int64)
        self.offer_capacity = np.array([o.capacity for o in offers.values()], dtype=np.int64)

    def left_out(self, best: Mapping[str, float]) -> NDArray[np.float64]:
        """For every need, the best score among the pairs that are no candidates."""
        return np.array([best.get(n.id, 0.0) for n in self.needs])


def _solve(market: _Market, floors: Mapping[str, int]) -> NDArray[np.bool_]:
    """Flow source → city → need → offer → sink; a floor is an arc that pays more than anything."""
    cities = sorted({n.city for n in market.needs})
    city_row = {city: i for i, city in enumerate(cities)}
    n_needs, n_offers = len(market.needs), len(market.offer_ids)
    first_offer = n_needs
    first_city = first_offer + n_offers
    source, sink = first_city + len(cities), first_city + len(cities) + 1
    solver = min_cost_flow.SimpleMinCostFlow()
    ones = np.ones(len(market.worth), dtype=np.int64)
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        market.need_at, first_offer + market.offer_at, ones, -market.cost
    )
    at_city = np.array([first_city + city_row[n.city] for n in market.needs])
    free = np.zeros(n_needs, dtype=np.int64)
    solver.add_arcs_with_capacity_and_unit_cost(
        at_city, np.arange(n_needs), market.need_capacity, free
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        first_offer + np.arange(n_offers),
        np.full(n_offers, sink),
        market.offer_capacity,
        np.zeros(n_offers, dtype=np.int64),
    )
    supply = int(market.need_capacity.sum())
    bonus = SCALE * (n_needs + n_offers + 1)
    for city, row in city_row.items():
        if floors.get(city, 0) > 0:
            solver.add_arc_with_capacity_and_unit_cost(
                source, first_city + row, floors[city], -bonus
            )
        solver.add_arc_with_capacity_and_unit_cost(source, first_city + row, supply, 0)
    solver.add_arc_with_capacity_and_unit_cost(source, sink, supply, 0)
    solver.set_node_supply(source, supply)
    solver.set_node_supply(sink, -supply)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"the flow solver ended with {status}")
    return np.asarray(solver.flows(arcs) > 0)


def _by_city(chosen: Sequence[Match]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for match in chosen:
        counts[match.need.city] = counts.get(match.need.city, 0) + 1
    return counts
