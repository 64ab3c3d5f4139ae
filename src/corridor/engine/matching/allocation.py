"""Who is introduced to whom when everybody is matched at once: exact min-cost flow.

    maximise   sum of score(pair) over the chosen pairs
    subject to every need and every offer within its capacity, each pair chosen at most once,
               and first of all as many of the agreements each city's floor asks for as can be had.

It is a transportation problem, so the flow solver's integral answer is optimal. Only the pairs
that can matter are handed to it: after each solve, prices of needs and offers are read off the
residual graph (:mod:`.duals`), every pair worth more than its two prices joins, and the rest is
proven useless (column generation; Ahuja, Magnanti & Orlin, Network Flows, 1993, ch. 9 and 17).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from ..factors import Label, Listing
from .duals import Bools, Ints, bound, prices
from .pair import Match, Pair
from .pool import Pool

SCALE = 1_000_000  # the solver works in whole millionths of an expected agreement
FIRST = 8  # pairs of each need the first solve sees
JOIN = 500_000  # pairs that may join between two solves


class NoSolver(ImportError):
    """The flow solver is not installed; ``label`` says what to install."""

    def __init__(self) -> None:
        self.label = Label(
            "统筹分配需要 ortools，请安装 corridor[solvers]",
            "allocation needs ortools: install corridor[solvers]",
        )
        super().__init__(f"{self.label.zh} / {self.label.en}", name="ortools")


@dataclass(frozen=True, slots=True)
class Allocation:
    """An allocation and the proof of its worth.

    Attributes:
        chosen: (need, offer, score) of the pairs to introduce, by kind, need id and offer id.
        expected: sum of their scores, taken as chances of an agreement. Scores are not calibrated
            on outcomes yet, so read it as a comparison between allocations, not as a forecast.
        bound: no allocation under the same capacities can exceed this; floors are not counted in.
        gap: how far, as a share of the bound, the answer may be from the best, in the solver's
            millionths; 0 is proven optimal. With floors it also holds what the floors cost.
        price: (kind, offer id) → what one more unit of its capacity would be worth, where not 0.
        floored: whether floors were asked for.
        shortfall: city → agreements its floor asked for that no allocation could give.
    """

    chosen: tuple[Pair, ...]
    expected: float
    bound: float
    gap: float
    price: Mapping[tuple[str, str], float] = field(default_factory=dict)
    shortfall: Mapping[str, int] = field(default_factory=dict)
    floored: bool = False


def allocate(
    pairs: Pool | Sequence[Match], *, floors: Mapping[str, int] | None = None
) -> Allocation:
    """Choose pairs. Capacities are read off the listings.

    Args:
        pairs: every pair that may be chosen, most easily a pool filled by ``Matcher.match_all``.
        floors: city code → the fewest agreements its needs should get, before anything else.

    Ties between optimal allocations are settled by the solver on input sorted by kind, need id and
    offer id, so the answer does not depend on the order of the pairs.

    Raises :class:`NoSolver` where the solver is not installed.
    """
    pool = pairs if isinstance(pairs, Pool) else Pool.of(pairs)
    market = _Market(pool)
    if not len(market.worth):
        return Allocation((), 0.0, 0.0, 0.0, {}, _shortfall((), floors or {}), bool(floors))
    free, need_price, offer_price = _best(market)
    taken = _with_floors(market, floors) if floors else free
    most = bound(
        market.cost, market.need_at, market.offer_at, market.need_room, market.offer_room,
        need_price, offer_price, market.left_out,
    )  # fmt: skip
    chosen = tuple(
        (market.needs[market.need_at[e]], market.offers[market.offer_at[e]], float(market.worth[e]))
        for e in taken.tolist()
    )
    return Allocation(
        chosen,
        float(market.worth[taken].sum()),
        # half a millionth may be lost in rounding each pair that could be chosen
        (most + min(market.need_room.sum(), market.offer_room.sum()) / 2) / SCALE,
        (most - int(market.cost[taken].sum())) / max(most, 1),
        {
            (o.kind, o.id): p / SCALE
            for o, p in zip(market.offers, offer_price.tolist(), strict=True)
            if p
        },
        _shortfall(chosen, floors or {}),
        bool(floors),
    )


def _shortfall(chosen: Sequence[Pair], floors: Mapping[str, int]) -> dict[str, int]:
    got = Counter(need.city for need, _, _ in chosen)
    return {city: least - got[city] for city, least in floors.items() if got[city] < least}


class _Market:
    """The pairs of a pool as arrays, sorted by kind, need id and offer id."""

    def __init__(self, pool: Pool) -> None:
        need_order, offer_order = _order(pool.needs), _order(pool.offers)
        self.needs = [pool.needs[i] for i in need_order]
        self.offers = [pool.offers[i] for i in offer_order]
        need_at, offer_at, worth = pool.arrays()
        need_at, offer_at = np.argsort(need_order)[need_at], np.argsort(offer_order)[offer_at]
        # a pair gathered from both sides counts once
        _, order = np.unique(need_at * len(self.offers) + offer_at, return_index=True)
        self.need_at, self.offer_at, self.worth = need_at[order], offer_at[order], worth[order]
        self.cost = np.rint(self.worth * SCALE).astype(np.int64)
        self.need_room = np.array([n.capacity for n in self.needs], dtype=np.int64)
        self.offer_room = np.array([o.capacity for o in self.offers], dtype=np.int64)
        lost = np.array([pool.left_out.get((n.kind, n.id), 0.0) for n in self.needs])
        self.left_out = np.ceil(lost * SCALE).astype(np.int64)

    def best_of_each(self, most: int) -> Ints:
        """The ``most`` best pairs of every need, in market order."""
        order = np.lexsort((self.offer_at, -self.cost, self.need_at))
        first = np.searchsorted(self.need_at, np.arange(len(self.needs)))
        rank = np.arange(len(order)) - first[self.need_at[order]]
        return np.sort(order[rank < most])


def _order(listings: Sequence[Listing]) -> Ints:
    keys = [(x.kind, x.id) for x in listings]
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def _best(market: _Market) -> tuple[Ints, Ints, Ints]:
    """The best pairs without floors, and the prices of needs and offers that prove it."""
    seen = np.zeros(len(market.worth), dtype=np.bool_)
    seen[market.best_of_each(FIRST)] = True
    while True:
        edges = np.flatnonzero(seen)
        used = _flow(market, edges, {})
        u, v = _prices(market, edges, used)
        excess = market.cost - u[market.need_at] - v[market.offer_at]
        better = np.flatnonzero((excess > 0) & ~seen)
        if not len(better):
            return edges[used], u, v
        if len(better) > JOIN:
            better = better[np.argsort(-excess[better], kind="stable")[:JOIN]]
        seen[better] = True


def _prices(market: _Market, edges: Ints, used: Bools) -> tuple[Ints, Ints]:
    need_at, offer_at = market.need_at[edges], market.offer_at[edges]
    taken = np.bincount(need_at[used], minlength=len(market.needs))
    given = np.bincount(offer_at[used], minlength=len(market.offers))
    return prices(
        market.cost[edges], need_at, offer_at, taken < market.need_room,
        given < market.offer_room, used,
    )  # fmt: skip


def _with_floors(market: _Market, floors: Mapping[str, int]) -> Ints:
    """The best pairs when floors come first, over all pairs at once."""
    everything = np.arange(len(market.worth))
    return everything[_flow(market, everything, floors)]


def _solver() -> ModuleType:
    # Only here, because most installations match without allocating and go without the solver.
    try:
        from ortools.graph.python import min_cost_flow
    except ModuleNotFoundError as missing:
        raise NoSolver from missing
    return min_cost_flow  # type: ignore[no-any-return]


def _flow(market: _Market, edges: Ints, floors: Mapping[str, int]) -> Bools:
    """Flow source → city → need → offer → sink; a floor is an arc that pays more than anything."""
    min_cost_flow = _solver()
    cities = sorted({n.city for n in market.needs})
    n_needs, n_offers = len(market.needs), len(market.offers)
    city_node = {city: n_needs + n_offers + i for i, city in enumerate(cities)}
    source = n_needs + n_offers + len(cities)
    sink, supply = source + 1, int(market.need_room.sum())
    solver = min_cost_flow.SimpleMinCostFlow()

    def arcs(tail: NDArray[np.int64], head: NDArray[np.int64], room: Ints, cost: Ints) -> Ints:
        return np.asarray(solver.add_arcs_with_capacity_and_unit_cost(tail, head, room, cost))

    pairs = arcs(market.need_at[edges], n_needs + market.offer_at[edges],
                 np.ones(len(edges), dtype=np.int64), -market.cost[edges])  # fmt: skip
    at_city = np.array([city_node[n.city] for n in market.needs], dtype=np.int64)
    arcs(at_city, np.arange(n_needs), market.need_room, np.zeros(n_needs, dtype=np.int64))
    arcs(n_needs + np.arange(n_offers), np.full(n_offers, sink), market.offer_room,
         np.zeros(n_offers, dtype=np.int64))  # fmt: skip
    bonus = SCALE * (n_needs + n_offers + 1)
    for city, node in city_node.items():
        if floors.get(city, 0) > 0:
            solver.add_arc_with_capacity_and_unit_cost(source, node, floors[city], -bonus)
        solver.add_arc_with_capacity_and_unit_cost(source, node, supply, 0)
    solver.add_arc_with_capacity_and_unit_cost(source, sink, supply, 0)
    solver.set_node_supply(source, supply)
    solver.set_node_supply(sink, -supply)
    if (status := solver.solve()) != solver.OPTIMAL:
        raise RuntimeError(f"the flow solver ended with {status}")
    return np.asarray(solver.flows(pairs) > 0)
