"""What a listing that found nothing is told, against trying every limit by hand."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from tests.strategies import TODAY, markets
from tests.test_matching_laws import fitted, is_open, states

from corridor.engine.factors import Label, Listing, Range, Side, State, kind
from corridor.engine.matching import Matcher

ROOM = {"place": frozenset({"330400"}), "clear_height": Range.between(8, None)}
NEED = Listing("n", Side.NEED, "space", "求厂房", values=ROOM, city="330400")


def park(number: int, height: str, city: str = "330400", **more: object) -> Listing:
    values = {"clear_height": Range.exactly(height)}
    return Listing(
        f"o{number}", Side.OFFER, "space", f"厂房{number}", values=values, city=city, **more
    )


def strangers(need: Listing, offer: Listing) -> bool:
    return (not need.party or need.party != offer.party) and is_open(need) and is_open(offer)


@settings(max_examples=100, deadline=None)
@given(markets(needs=2, offers=6))
def test_freed_counts_are_those_of_trying_each_limit(market) -> None:
    _, needs, offers = market
    matcher = fitted(offers)
    for need in needs:
        told = matcher.why_nothing(need)
        open_ones = [o for o in offers if strangers(need, o)]
        assert told.considered == len(open_ones)
        freed: dict[str, int] = {}
        for offer in open_ones:
            broken = [
                a.name
                for a, state in zip(hard_attributes(need, offer), states(need, offer), strict=True)
                if state is State.BROKEN
            ]
            if len(broken) == 1:
                freed[broken[0]] = freed.get(broken[0], 0) + 1
        assert {r.change.attribute.name: r.freed for r in told.relaxations} == freed
        for relaxation in told.relaxations:
            (change,) = matcher.explain(need, relaxation.nearest).changes
            assert change == relaxation.change
        counts = [r.freed for r in told.relaxations]
        assert counts == sorted(counts, reverse=True)


def hard_attributes(need: Listing, offer: Listing) -> list:
    sides = {Side.NEED: need, Side.OFFER: offer}
    return [a for a in kind(need.kind).related if sides[a.asked_by].hard(a)]


def told(*offers: Listing, need: Listing = NEED) -> Label:
    return Matcher(today=TODAY).fit(offers).why_nothing(need).sentence()


def test_the_nearest_of_those_freed_is_named_with_its_change() -> None:
    said = told(park(1, "5"), park(2, "7.5"), park(3, "7"))
    assert "只放宽“净高”一项可得 3 条" in said.zh
    assert "由 ≥8 米 放宽到 ≥7.5 米" in said.zh
    assert "Relaxing Clear height alone frees 3" in said.en


def test_when_no_single_change_is_enough_all_of_them_are_named() -> None:
    said = told(park(1, "7", city="340100"))
    assert "只放宽一项不够" in said.zh
    assert "净高" in said.zh
    assert "城市" in said.zh


def test_an_expired_or_unpublished_need_hears_that_and_not_that_nothing_is_offered() -> None:
    expired = replace(NEED, expires=date(2026, 1, 1))
    assert told(park(1, "9"), need=expired).zh == "这条需求已于 2026-01-01 到期。"
    early = replace(NEED, published=date(2027, 1, 1))
    assert "2027-01-01 才发布" in told(park(1, "9"), need=early).zh


def test_an_offer_that_no_need_wants_is_told_of_needs() -> None:
    matcher = Matcher(today=TODAY).fit([], [NEED])
    said = matcher.why_nothing(park(1, "7")).sentence()
    assert said.zh.startswith("没有需求满足全部硬性条件")
    assert "No need passes" in said.en


def test_only_what_is_known_is_said() -> None:
    need = replace(NEED, city="", values=ROOM | {"industry": frozenset({"C3973"})})
    offer = park(1, "9", published=TODAY)
    offer = replace(offer, values={**offer.values, "industry": frozenset({"C1411"})})
    matcher = Matcher(today=TODAY, distance=lambda a, b: 0.0 if a == b else None).fit([offer])
    said = matcher.explain(need, offer)
    text = "".join(r.zh for r in said.reasons)
    assert "同一城市" not in text
    assert "行业相近" not in text
    assert "今天发布" in text
    vague = replace(offer, values={"clear_height": Range.between(6, None)})
    assert "写得不够细：净高" in matcher.explain(need, vague).verdict.zh
    silent = replace(offer, values={})
    assert "供方未写明净高" in matcher.explain(need, silent).verdict.zh
