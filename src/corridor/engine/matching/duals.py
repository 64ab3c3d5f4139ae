"""Prices that prove an allocation: a dual answer read off the flow's residual graph."""

import numpy as np
from numpy.typing import NDArray

from ..compiled import compiled

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def prices(
    cost: Ints, need_at: Ints, offer_at: Ints, need_room: Bools, offer_room: Bools, flow: Bools
) -> tuple[Ints, Ints]:
    """Prices u of needs and v of offers that go with an optimal flow (complementary slackness).

    An unused pair has u + v >= cost and a used one u + v <= cost, u and v are never negative, and
    0 where there is room left. They are shortest distances on the residual graph (Bellman–Ford), in
    whole numbers, so they are exact; on an optimal flow the rounds end by themselves.

    Args:
        cost: what each pair is worth, in whole units of the solver.
        need_room, offer_room: whether capacity is left over.
        flow: whether each pair is used.
    """
    need = np.zeros(len(need_room), dtype=np.int64)
    offer = np.zeros(len(offer_room), dtype=np.int64)
    hub = _settle(cost, need_at, offer_at, need_room, offer_room, flow, need, offer)
    return np.maximum(need - hub, 0), np.maximum(hub - offer, 0)


@compiled
def _settle(
    cost: Ints,
    need_at: Ints,
    offer_at: Ints,
    need_room: Bools,
    offer_room: Bools,
    flow: Bools,
    need: Ints,
    offer: Ints,
) -> int:
    """Lower distances until no arc is short; returns the distance of the hub (source and sink)."""
    hub = 0
    for _ in range(len(need) + len(offer) + 2):
        before = hub + need.sum() + offer.sum()
        for e in range(len(cost)):
            i, j = need_at[e], offer_at[e]
            if flow[e]:
                need[i] = min(need[i], offer[j] + cost[e])
            else:
                offer[j] = min(offer[j], need[i] - cost[e])
        for i in range(len(need)):
            if need_room[i]:
                need[i] = min(need[i], hub)
            hub = min(hub, need[i])
        for j in range(len(offer)):
            offer[j] = min(offer[j], hub)
            if offer_room[j]:
                hub = min(hub, offer[j])
        if hub + need.sum() + offer.sum() == before:
            break
    return hub


def bound(
    cost: Ints, need_at: Ints, offer_at: Ints, need_capacity: Ints, offer_capacity: Ints,
    need_price: Ints, offer_price: Ints, left_out: Ints,
) -> int:  # fmt: skip
    """What no allocation can exceed, whatever prices >= 0 it is worked out with; solver units.

    A chosen pair earns at most u + v + max(0, cost - u - v); capacities count how often u and v
    can be earned. Raising u to the best pair left out makes the bound cover those pairs too.
    """
    raised = np.maximum(need_price, left_out)
    rest = np.maximum(0, cost - raised[need_at] - offer_price[offer_at])
    return int((need_capacity * raised).sum() + (offer_capacity * offer_price).sum() + rest.sum())
