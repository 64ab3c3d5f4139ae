"""Every part of the score against a plain reading of what it is said to be."""

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from tests.strategies import TODAY, markets
from tests.test_matching_laws import distance, fitted

from corridor.engine.factors import Listing, Side, State, Type, asks, judge, kind, satisfaction
from corridor.engine.matching import TextSearch, ranking_quality


def wishes(need: Listing, offer: Listing, asking: str) -> float | None:
    """Weighted mean satisfaction of one side's soft asks, industry apart."""
    total = weight = 0.0
    for attribute in kind(need.kind).related:
        asker, other = (need, offer) if attribute.asked_by is need.side else (offer, need)
        ask = asker.ask(attribute)
        if attribute.name == "industry" or asker.side != asking or asker.hard(attribute):
            continue
        if asks(attribute, ask):
            met = satisfaction(attribute, ask, other.answer(attribute))
            total += attribute.weight * met
            weight += attribute.weight
    return total / weight if weight else None


def freshness(listing: Listing) -> float:
    if listing.published is None:
        return 0.5
    return 0.5 ** ((TODAY - listing.published).days / 90)


def places(listing: Listing) -> list[str]:
    if listing.city:
        return [listing.city]
    return sorted(listing.values.get("place") or ())


def closeness(need: Listing, offer: Listing) -> float:
    known = [distance(a, b) for a in places(need) for b in places(offer)]
    km = min((d for d in known if d is not None), default=None)
    return 0.5 if km is None else 1 / (1 + (km / 100) ** 2)


def hard_states(need: Listing, offer: Listing) -> list[State]:
    states = []
    for attribute in kind(need.kind).related:
        asker, other = (need, offer) if attribute.asked_by is need.side else (offer, need)
        ask = asker.ask(attribute)
        if asker.hard(attribute) and asks(attribute, ask):
            states.append(judge(attribute, ask, other.answer(attribute)))
    return states


@settings(max_examples=150, deadline=None)
@given(markets(needs=2, offers=4))
def test_parts_and_score_are_what_the_documentation_says(market) -> None:
    shape, needs, offers = market
    for need in needs:
        for match in fitted(offers).match(need, top=100):
            offer, parts = match.offer, match.parts
            assert parts["soft"] == pytest.approx(wishes(need, offer, "need"))
            assert parts["reciprocity"] == pytest.approx(wishes(need, offer, "offer"))
            fresh = (freshness(need) + freshness(offer)) / 2
            assert parts["freshness"] == pytest.approx(fresh)
            assert parts["distance"] == pytest.approx(closeness(need, offer))
            weights = shape.part_weights
            known = {p: v for p, v in parts.items() if v is not None}
            mean = sum(weights[p] * v for p, v in known.items()) / sum(weights[p] for p in known)
            states = hard_states(need, offer)
            verified = states.count(State.MET) / len(states) if states else 1.0
            expected = 0.5 + mean / 2 if verified == 1 else mean / 2 * (1 + verified) / 2
            assert match.score == pytest.approx(expected)


def grams(text: str) -> Counter[str]:
    return Counter([*text, *(text[i : i + 2] for i in range(len(text) - 1))])


def plain_bm25(query: str, document: str, corpus: list[str]) -> float:
    """The formula of Robertson & Zaragoza with k1 = 1.2 and b = 0.75, word by word."""
    mean = sum(sum(grams(d).values()) for d in corpus) / len(corpus)
    held, length = grams(document), sum(grams(document).values())
    score = 0.0
    for token, wanted in grams(query).items():
        df = sum(token in grams(d) for d in corpus)
        idf = math.log(1 + (len(corpus) - df + 0.5) / (df + 0.5))
        tf = held[token]
        score += wanted * idf * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length / mean))
    return score


def test_text_score_is_bm25_over_characters_and_pairs() -> None:
    corpus = ["锂电池极片涂布", "锂电池热失控预警", "厂房出租带行车", "电池", "5g基站射频芯片"]
    ids = [f"d{i}" for i in range(len(corpus))]
    found = dict(TextSearch().fit(zip(ids, corpus, strict=True)).search("锂电池涂布电池", top=10))
    expected = {
        i: plain_bm25("锂电池涂布电池", d, corpus) for i, d in zip(ids, corpus, strict=True)
    }
    assert found == pytest.approx({i: s for i, s in expected.items() if s > 0})


def test_case_and_width_do_not_matter_and_punctuation_parts_words() -> None:
    search = TextSearch().fit([("a", "ＬＥＤ封装"), ("b", "封，装")])
    assert [i for i, _ in search.search("led封装")] == ["a", "b"]
    assert dict(search.search("封装"))["b"] < dict(search.search("封装"))["a"]


def test_ranking_measures_on_a_case_worked_by_hand() -> None:
    judged = {"q1": {"a": 2.0, "b": 1.0, "c": 0.0}, "q2": {"a": 1.0}, "q3": {"a": 0.0}}
    found = ranking_quality({"q1": ["c", "b", "a"], "q2": []}, judged)
    ideal = 3 + 1 / math.log2(3)
    dcg = 1 / math.log2(3) + 3 / 2
    assert found.ndcg == pytest.approx((dcg / ideal + 0) / 2)
    assert (found.recall, found.mrr) == (0.5, 0.25)
    assert (found.queries, found.skipped) == (2, 1)


def test_words_of_a_limit_do_not_count_as_relevance() -> None:
    shape = kind("product")
    assert shape.by_name["certificate"].type is Type.CODES
    say = {"kind": "product", "values": {"certificate": frozenset({"iatf16949"})}}
    offers = [
        Listing("same", Side.OFFER, title="铝压铸件", **say),
        Listing("other", Side.OFFER, title="橡胶密封件 IATF16949 5000件 IATF16949", **say),
    ]
    need = Listing("n", Side.NEED, title="求铝压铸件，要IATF16949，5000件", **say)
    assert [m.offer.id for m in fitted(offers).match(need)] == ["same", "other"]
