"""Allocation against independent exact answers, and what a floor and a capacity mean."""

import itertools
from collections import Counter
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from tests.test_matching_laws import fitted

from corridor.engine.factors import Listing, Side
from corridor.engine.matching import Match, Pool, allocate

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


def big_market() -> tuple[str, list[Listing], list[Listing]]:
    """Forty needs after the same few popular offers, and a long tail of dull ones."""
    words = ["锂电池", "极片涂布", "激光焊接", "电芯检测", "烘烤除湿", "叠片"]
    offers = [
        Listing(f"o{j}", Side.OFFER, "technology", "".join(words[: 1 + j % 6]), capacity=1 + j % 3)
        for j in range(30)
    ]
    needs = [
        Listing(
            f"n{i}",
            Side.NEED,
            "technology",
            words[i % 6] + words[(i * 2 + 1) % 6],
            city=CITIES[i % 3],
            capacity=1 + i % 2,
        )
        for i in range(40)
    ]
    return "technology", needs, offers


@st.composite
def candidates(draw: st.DrawFn, most: int = 5) -> list[Match]:
    caps = tuple(draw(st.dictionaries(st.integers(0, most), st.integers(1, 3))) for _ in "no")
    chosen = draw(st.sets(st.tuples(st.integers(0, most), st.integers(0, most)), max_size=12))
    scores = st.integers(1, 1000).map(lambda n: n / 1000)
    return [pair(i, j, draw(scores), caps) for i, j in sorted(chosen)]


def capacities_hold(chosen: Iterable[tuple[Listing, Listing, float]]) -> bool:
    pairs = list(chosen)
    for side in (0, 1):
        load = Counter(pair[side].id for pair in pairs)
        if any(load[pair[side].id] > pair[side].capacity for pair in pairs):
            return False
    return True


def triples(matches: Iterable[Match]) -> list[tuple[Listing, Listing, float]]:
    return [(m.need, m.offer, m.score) for m in matches]


def best_by_trying_everything(matches: list[Match]) -> float:
    best = 0.0
    for size in range(len(matches) + 1):
        for subset in itertools.combinations(matches, size):
            if capacities_hold(triples(subset)):
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
    assert answer.bound == pytest.approx(answer.expected, abs=1e-4)
    assert answer.gap == 0
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
        got = sum(need.city == city for need, _, _ in answer.chosen)
        assert answer.shortfall.get(city, 0) == max(0, least - got)


def test_a_pool_that_was_cut_still_bounds_every_pair_and_a_whole_one_proves_the_best() -> None:
    _, needs, offers = big_market()
    best = {}
    for most in (1, 3, 10_000):
        matcher, pool = fitted(offers), Pool(most)
        list(matcher.match_all(needs, pool=pool))
        best[most] = allocate(pool)
    whole = best[10_000]
    assert whole.gap == 0
    for cut in best.values():
        assert cut.expected <= whole.expected + 1e-9 <= cut.bound + 1e-6
    assert best[1].gap > 0
    pairs = [m for _, found in fitted(offers).match_all(needs, top=10_000) for m in found]
    assert whole.expected == pytest.approx(best_by_integer_programme(pairs, {}), abs=1e-4)


def test_a_popular_offer_is_not_flooded_and_its_price_says_so() -> None:
    matches = [pair(i, 0, 0.9, ({}, {0: 2})) for i in range(10)]
    matches += [pair(i, 1, 0.3, ({}, {1: 10})) for i in range(10)]
    answer = allocate(matches)
    taken = [offer.id for _, offer, _ in answer.chosen]
    assert taken.count("o0") == 2
    assert taken.count("o1") == 8
    assert answer.price["space", "o0"] == pytest.approx(0.6)
    assert ("space", "o1") not in answer.price


def test_a_pair_gathered_twice_is_chosen_once() -> None:
    caps = ({0: 2}, {0: 2})
    once = allocate([pair(0, 0, 0.6, caps)])
    assert allocate([pair(0, 0, 0.6, caps)] * 2) == once
    assert len(once.chosen) == 1


def test_floors_over_nobody_are_all_shortfall_and_said_to_be_floors() -> None:
    answer = allocate([], floors={"330400": 2, "330100": 0})
    assert (answer.chosen, answer.floored) == ((), True)
    assert answer.shortfall == {"330400": 2}
