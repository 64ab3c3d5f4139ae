"""Allocation against independent exact answers, and what a floor and a capacity mean."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from corridor.engine.factors import Listing, Side
from corridor.engine.matching import Match, allocate

CITIES = ("330400", "330100", "310117")


def pair(need: int, offer: int, score: float, caps: tuple[dict[int, int], dict[int, int]]) -> Match:
    return Match(
        Listing(
            f"n{need}", Side.NEED, "space", "", city=CITIES[need % 3], capacity=caps[0].get(need, 1)
        ),
        Listing(f"o{offer}", Side.OFFER, "space", "", capacity=caps[1].get(offer, 1)),
        score,
        {},
        True,
    )


@st.composite
def candidates(draw: st.DrawFn, most: int = 5) -> list[Match]:
    caps = tuple(draw(st.dictionaries(st.integers(0, most), st.integers(1, 3))) for _ in "no")
    chosen = draw(st.sets(st.tuples(st.integers(0, most), st.integers(0, most)), max_size=12))
    scores = st.integers(1, 1000).map(lambda n: n / 1000)
    return [pair(i, j, draw(scores), caps) for i, j in sorted(chosen)]


def capacities_hold(chosen) -> bool:
    for side in ("need", "offer"):
        for one, group in itertools.groupby(
            sorted(chosen, key=lambda m: getattr(m, side).id), key=lambda m: getattr(m, side)
        ):
            if len(list(group)) > one.capacity:
                return False
    return True


def best_by_trying_everything(matches: list[Match]) -> float:
    best = 0.0
    for size in range(len(matches) + 1):
        for subset in itertools.combinations(matches, size):
            if capacities_hold(subset):
                best = max(best, sum(m.score for m in subset))
    return best


def best_by_integer_programme(matches: list[Match], floors: dict[str, int]) -> float:
    """HiGHS on the same problem written down as it stands."""
    rows, low, high = [], [], []
    for side in ("need", "offer"):
        for listing in {getattr(m, side).id: getattr(m, side) for m in matches}.values():
            rows.append([float(getattr(m, side).id == listing.id) for m in matches])
            low.append(0)
            high.append(listing.capacity)
    for city, least in floors.items():
        rows.append([float(m.need.city == city) for m in matches])
        low.append(least)
        high.append(np.inf)
    found = milp(
        -np.array([m.score for m in matches]),
        integrality=np.ones(len(matches)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(np.array(rows), low, high),
    )
    return float(-found.fun) if found.success else float("nan")


@settings(max_examples=150, deadline=None)
@given(candidates())
def test_optimal_within_capacities_and_proven_so_by_its_own_prices(matches) -> None:
    answer = allocate(matches)
    assert capacities_hold(answer.chosen)
    assert answer.expected == pytest.approx(best_by_trying_everything(matches), abs=1e-5)
    assert answer.bound == pytest.approx(answer.expected, abs=1e-5)
    assert allocate(matches[::-1]) == answer


@settings(max_examples=150, deadline=None)
@given(candidates(), st.dictionaries(st.sampled_from(CITIES), st.integers(1, 3)))
def test_floors_come_first_and_the_rest_is_still_best(matches, floors) -> None:
    answer = allocate(matches, floors=floors)
    assert capacities_hold(answer.chosen)
    if not matches:
        return
    exact = best_by_integer_programme(matches, floors)
    assert np.isnan(exact) == bool(answer.shortfall)
    if not answer.shortfall:
        assert answer.expected == pytest.approx(exact, abs=1e-5)
    for city, least in floors.items():
        got = sum(m.need.city == city for m in answer.chosen)
        assert answer.shortfall.get(city, 0) == max(0, least - got)


def test_the_bound_covers_pairs_that_were_no_candidates() -> None:
    rng = np.random.default_rng(5)
    scores = rng.random((12, 9))
    caps = ({i: 2 for i in range(12)}, {j: 2 for j in range(9)})
    everything = [pair(i, j, float(scores[i, j]), caps) for i in range(12) for j in range(9)]
    kept, left_out = [], {}
    for i in range(12):
        order = np.argsort(-scores[i])
        kept += [pair(i, int(j), float(scores[i, j]), caps) for j in order[:4]]
        left_out[f"n{i}"] = float(scores[i, order[4]])
    full, cut = allocate(everything), allocate(kept, left_out=left_out)
    assert cut.expected <= full.expected <= cut.bound + 1e-6
    assert full.gap == pytest.approx(0, abs=1e-6)


def test_a_popular_offer_is_not_flooded_and_its_price_says_so() -> None:
    matches = [pair(i, 0, 0.9, ({}, {0: 2})) for i in range(10)]
    matches += [pair(i, 1, 0.3, ({}, {1: 10})) for i in range(10)]
    answer = allocate(matches)
    taken = [m.offer.id for m in answer.chosen]
    assert taken.count("o0") == 2
    assert taken.count("o1") == 8
    assert answer.price["o0"] == pytest.approx(0.6)
    assert "o1" not in answer.price
