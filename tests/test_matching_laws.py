"""Laws the matcher keeps, against the scalar definitions and against itself."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import TODAY, markets

from corridor.engine.factors import Listing, State, judge, kind
from corridor.engine.matching import Matcher

KM = {frozenset({"310117", "330400"}): 60.0, frozenset({"330100", "340100"}): 330.0}


def distance(a: str, b: str) -> float | None:
    return 0.0 if a == b else KM.get(frozenset({a, b}))


def fitted(offers: list[Listing], needs: list[Listing] = ()) -> Matcher:
    return Matcher(today=TODAY, distance=distance).fit(offers, needs)


def states(need: Listing, offer: Listing) -> list[State]:
    """State of every hard ask of either side, by the scalar definitions alone."""
    found = []
    for attribute in kind(need.kind).related:
        asker, answerer = (need, offer) if attribute.asked_by is need.side else (offer, need)
        if asker.hard(attribute):
            state = judge(attribute, asker.ask(attribute), answerer.answer(attribute))
            found.append(state)
    return found


def is_open(listing: Listing) -> bool:
    last = kind(listing.kind).last_day(listing)
    begun = listing.published is None or listing.published <= TODAY
    return begun and (last is None or last >= TODAY)


def may_meet(need: Listing, offer: Listing) -> bool:
    strangers = not need.party or need.party != offer.party
    on_offer = is_open(need) and is_open(offer)
    return strangers and on_offer and State.BROKEN not in states(need, offer)


@settings(max_examples=400, deadline=None)
@given(markets())
def test_exactly_the_pairs_that_break_no_hard_limit_are_returned(market) -> None:
    _, needs, offers = market
    matcher = fitted(offers)
    for need in needs:
        found = {m.offer.id: m for m in matcher.match(need, top=100)}
        assert set(found) == {o.id for o in offers if may_meet(need, o)}
        for m in found.values():
            assert m.verified == (State.UNVERIFIED not in states(need, m.offer))
            assert (m.score >= 0.5) == m.verified
            assert 0 <= m.score <= 1


@settings(max_examples=200, deadline=None)
@given(markets())
def test_a_pair_has_one_score_whichever_side_asks(market) -> None:
    _, needs, offers = market
    matcher = fitted(offers, needs)
    forth = {(m.need.id, m.offer.id): m for n in needs for m in matcher.match(n, top=100)}
    back = {(m.need.id, m.offer.id): m for o in offers for m in matcher.who_needs(o, top=100)}
    assert forth == back


@settings(max_examples=200, deadline=None)
@given(markets(offers=12), st.data())
def test_adding_changing_and_removing_ends_where_a_fresh_fit_starts(market, data) -> None:
    _, needs, offers = market
    grown = fitted(offers[: len(offers) // 2])
    for offer in offers:  # the first half again: a change, not a double
        grown.add([offer])
    leaving = data.draw(st.sets(st.integers(0, max(len(offers) - 1, 0))), "leaving")
    for i in sorted(leaving & set(range(len(offers)))):
        grown.remove(offers[i])
    fresh = fitted([o for i, o in enumerate(offers) if i not in leaving])
    for need in needs:
        assert grown.match(need, top=100) == fresh.match(need, top=100)


@settings(max_examples=100, deadline=None)
@given(markets(offers=12), st.integers(0, 13))
def test_fewer_results_are_the_head_of_more_results_in_any_input_order(market, top) -> None:
    _, needs, offers = market
    whole, turned = fitted(offers), fitted(offers[::-1])
    for need in needs:
        assert whole.match(need, top=top) == turned.match(need, top=100)[:top]
