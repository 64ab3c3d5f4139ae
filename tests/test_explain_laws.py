"""What an explanation says must be true, and what it proposes must work."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import assume, given, settings
from tests.strategies import markets
from tests.test_matching_laws import fitted

from corridor.engine.factors import Listing, Range, State, Type, judge
from corridor.engine.matching import Change


def relaxed(need: Listing, offer: Listing, changes: tuple[Change, ...]) -> tuple[Listing, Listing]:
    """Both listings after these changes of what they ask."""
    sides = {need.side: need, offer.side: offer}
    for change in changes:
        listing = sides[change.asker]
        values = {k: v for k, v in listing.values.items() if k != change.attribute.name}
        if change.to is not None:
            values[change.attribute.name] = change.to
        sides[change.asker] = replace(listing, values=values)
    return sides[need.side], sides[offer.side]


@settings(max_examples=150, deadline=None)
@given(markets(needs=2, offers=4))
def test_explaining_agrees_with_matching_and_its_changes_suffice_and_are_all_needed(market) -> None:
    _, needs, offers = market
    matcher = fitted(offers)
    for need in needs:
        found = {m.offer.id: m for m in matcher.match(need, top=100)}
        for offer in offers:
            said = matcher.explain(need, offer)
            assert said.passed == (offer.id in found)
            if said.passed:
                assert said.reasons == matcher.explain(need, offer).reasons
                assert len(said.reasons) <= 3
                assert matcher.pair(need, offer) == found[offer.id]
            elif said.changes:
                assert matcher.explain(*relaxed(need, offer, said.changes)).passed
                for i in range(len(said.changes)):
                    fewer = said.changes[:i] + said.changes[i + 1 :]
                    assert not matcher.explain(*relaxed(need, offer, fewer)).passed


@settings(max_examples=150, deadline=None)
@given(markets(needs=2, offers=4))
def test_no_smaller_widening_of_a_number_would_do(market) -> None:
    _, needs, offers = market
    matcher = fitted(offers)
    for need in needs:
        for offer in offers:
            for change in matcher.explain(need, offer).changes:
                ask, to = change.ask, change.to
                if not isinstance(to, Range) or change.attribute.type is not Type.NUMBER:
                    continue
                answerer = offer if change.asker is need.side else need
                answer = answerer.answer(change.attribute)
                tiny = Decimal("0.000001")
                lo = to.lo if to.lo == ask.lo or to.lo is None else to.lo + tiny
                hi = to.hi if to.hi == ask.hi or to.hi is None else to.hi - tiny
                assume((lo, hi) != (to.lo, to.hi) and (lo is None or hi is None or lo <= hi))
                assert judge(change.attribute, Range(lo, hi), answer) is not State.MET
