"""Both directions at once, near misses, scores of one listing, and evidence that is kept."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import TODAY, markets
from tests.test_explain_laws import relaxed
from tests.test_matching_laws import distance, fitted, may_meet, states
from tests.test_relax import strangers

from corridor.engine.factors import Listing, Side, State
from corridor.engine.matching import Evidence, Match, Matcher, counterpart, explain


def search(matcher: Matcher, listing: Listing, top: int) -> list[Match]:
    of_need = listing.side is Side.NEED
    return matcher.match(listing, top) if of_need else matcher.who_needs(listing, top)


@settings(max_examples=200, deadline=None)
@given(markets(needs=6, offers=6), st.integers(0, 4), st.integers(0, 4))
def test_both_ways_at_once_finds_what_each_listing_finds_alone(market, top, misses) -> None:
    of, needs, offers = market
    matcher = fitted(offers, needs)
    found = list(matcher.match_both(of.name, top, misses))
    assert [x.listing for x in found] == [*needs, *offers]
    for best in found:
        assert best.matches == search(matcher, best.listing, top)
        assert best == matcher.best(best.listing, top, misses)


@settings(max_examples=150, deadline=None)
@given(markets(needs=4, offers=6))
def test_the_nearest_misses_break_least_and_their_changes_suffice(market) -> None:
    of, needs, offers = market
    matcher = fitted(offers, needs)
    for best in matcher.match_both(of.name, 2, 2):
        pairs = [
            (n, o) for n in needs for o in offers if best.listing in (n, o) and strangers(n, o)
        ]
        broken = sorted(c for n, o in pairs if (c := states(n, o).count(State.BROKEN)))
        assert [states(m.need, m.offer).count(State.BROKEN) for m in best.misses] == broken[:2]
        for miss in best.misses:
            assert miss.changes == explain(miss.need, miss.offer, today=TODAY).changes
            assert may_meet(*relaxed(miss.need, miss.offer, miss.changes))


@settings(max_examples=100, deadline=None)
@given(markets())
def test_the_scores_of_a_listing_are_those_of_everything_it_matches(market) -> None:
    _, needs, offers = market
    matcher = fitted(offers, needs)
    for listing in (*needs, *offers):
        found = search(matcher, listing, 100)
        assert matcher.scores(listing) == {counterpart(listing, m).id: m.score for m in found}


@settings(max_examples=150, deadline=None)
@given(markets())
def test_what_is_kept_of_a_match_explains_it_as_the_matcher_does(market) -> None:
    _, needs, offers = market
    matcher = fitted(offers)
    for need in needs:
        for match in matcher.match(need):
            kept = json.loads(json.dumps(matcher.evidence(match).record()))
            said = explain(
                match.need, match.offer, Evidence.of(kept), today=TODAY, distance=distance
            )
            assert said == matcher.explain(match.need, match.offer)
            assert said.standing == match.standing
            assert (len(said.hard), said.passed) == (match.limits, True)


def test_without_evidence_a_pair_is_judged_and_no_reason_is_given() -> None:
    need = Listing("n", Side.NEED, "space", "求厂房")
    said = explain(need, Listing("o", Side.OFFER, "space", "厂房"), today=TODAY)
    assert said.passed
    assert said.reasons == ()
