"""The synthetic demo world: deterministic, valid, varied, and worth matching."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal
from itertools import islice

import pytest

from corridor.demo import corridor_file, party_count, stream, world
from corridor.demo.parties import AVOID, check_organisation
from corridor.demo.words import apparatus_for, fields, supports
from corridor.demo.world import TODAY, six_months_after
from corridor.engine.factors import Range, Relation, Side, State, Type, all_kinds, judge, kind
from corridor.engine.factors.codes import places
from corridor.engine.factors.credit_code import credit_check

CITIES = {"310117", "330400", "330100", "330700", "320500", "330500", "341800", "340200", "340100"}


@pytest.fixture(scope="module")
def demo():
    return world()


@pytest.fixture(scope="module")
def listings(demo):
    return [*demo.needs, *demo.offers]


def test_same_seed_same_world_and_another_seed_another():
    assert world(listings=400) == world(listings=400)
    assert world(listings=400).needs != world(listings=400, seed=8).needs


def test_a_smaller_world_is_a_part_of_a_larger_one(demo):
    small = world(listings=1000)
    assert small.needs == demo.needs[: len(small.needs)]
    assert small.offers == demo.offers[: len(small.offers)]
    assert small.parties == demo.parties[: len(small.parties)]
    few = list(stream(listings=3000, parties=40))
    assert list(stream(listings=500, parties=40)) == few[:500]
    assert {x.party for x in few} <= {f"P{k:07d}" for k in range(40)}


def test_a_stream_is_lazy():
    assert len(list(islice(stream(listings=10**9), 5))) == 5


def test_parties_are_one_for_ten_listings_and_too_few_are_refused(demo):
    assert len(demo.parties) == party_count(20_000) == 2000
    assert party_count(50) == 20
    with pytest.raises(ValueError, match="at least 20"):
        world(listings=10, parties=19)


def test_counts_shares_cities_and_kinds(demo, listings):
    assert len(listings) == 20_000
    assert len({x.id for x in listings}) == 20_000
    assert 0.42 < len(demo.needs) / 20_000 < 0.5
    share = Counter(x.kind for x in listings)
    wanted = {
        "technology": 22,
        "product": 18,
        "space": 18,
        "capital": 12,
        "talent": 12,
        "instrument": 8,
        "exhibit": 5,
        "policy": 5,
    }
    assert set(share) == set(all_kinds()) == set(wanted)
    for name, percent in wanted.items():
        assert abs(share[name] / 200 - percent) < 1
        assert {x.side for x in listings if x.kind == name} == {Side.NEED, Side.OFFER}
    assert {x.city for x in listings} == {p.city for p in demo.parties} == CITIES


def _fault(attribute, value):
    if attribute.type is Type.WORDS:
        return None if isinstance(value, str) and value else "not words"
    if attribute.type is Type.CODES:
        if not isinstance(value, frozenset) or not value:
            return "not codes"
        read = attribute.code_list().read
        return None if all(read(code) == code for code in value) else "unknown code"
    if not isinstance(value, Range):
        return "not a range"
    ends = [end for end in (value.lo, value.hi) if end is not None]
    whole = attribute.type is not Type.NUMBER
    if any(not isinstance(e, Decimal) or (whole and e != int(e)) for e in ends):
        return "not a number of its type"
    return None if all(attribute.low <= e <= attribute.high for e in ends) else "out of bounds"


def test_every_value_is_valid(listings):
    faults = []
    for item in listings:
        declared = kind(item.kind).by_name
        for name, value in item.values.items():
            attribute = declared[name]
            fault = _fault(attribute, value)
            if fault is None and not attribute.stated_by(item.side):
                fault = "stated by the wrong side"
            if fault:
                faults.append((item.id, name, value, fault))
    assert faults == []


def test_open_ends_stand_on_the_asking_side(listings):
    for item in listings:
        for name, value in item.values.items():
            attribute = kind(item.kind).by_name[name]
            if isinstance(value, Range) and attribute.asked_by is item.side:
                if attribute.relation is Relation.AT_LEAST and attribute.type is not Type.FLAG:
                    assert value.lo is not None and value.hi is None, (item.id, name, value)
                if attribute.relation is Relation.AT_MOST:
                    assert value.lo is None and value.hi is not None, (item.id, name, value)


def test_envelope(demo, listings):
    parties = {p.id: p for p in demo.parties}
    expired = 0
    for item in listings:
        assert 4 <= len(item.title) <= 60
        assert 40 <= len(item.text) <= 150, item.text
        assert "{" not in item.title + item.text
        assert item.capacity >= 1
        assert re.fullmatch(r"1\d\d\*{4}0000", item.contact)
        assert item.city == parties[item.party].city
        assert timedelta(0) <= TODAY - item.published < timedelta(days=180)
        current = item.expires >= TODAY
        assert current == (item.expires == six_months_after(item.published))
        expired += not current
        assert not item.must & item.flexible
        assert (item.must | item.flexible) <= set(item.values)
    assert 0.01 < expired / len(listings) < 0.03
    changed = sum(bool(x.must or x.flexible) for x in listings)
    assert 0.03 < changed / len(listings) < 0.07


def test_credit_codes_have_correct_check_characters(demo):
    assert credit_check("91350100M000100Y4") == "3"  # the example printed in GB 32100-2015
    codes = {p.credit_code for p in demo.parties}
    assert len(codes) == len(demo.parties)
    for party in demo.parties:
        code = party.credit_code
        assert len(code) == 18 and code[2:8] == party.city
        assert code[8:10] == "YY" and code[16] == check_organisation(code[8:16])
        assert code[17] == credit_check(code[:17])


def test_no_well_known_name(demo):
    found = [p.name for p in demo.parties if any(word in p.name for word in AVOID)]
    assert found == []
    assert len({p.name for p in demo.parties}) > 0.9 * len(demo.parties)


def test_parties_crowd_in_the_large_cities(demo):
    count = Counter(p.city for p in demo.parties)
    assert {c for c, _ in count.most_common(3)} == {"330100", "320500", "340100"}
    assert {p.kind for p in demo.parties} == {
        "enterprise",
        "park",
        "institute",
        "fund",
        "bureau",
        "lab",
        "trader",
        "staffing",
    }


def test_vocabulary_is_wide_enough():
    assert len(fields()) >= 40
    assert len(supports()) >= 6
    for field in fields().values():
        assert len(field.products) >= 6 and len(field.topics) >= 6
        assert sum(len(names) for names in field.posts) >= 6
        assert len(apparatus_for(field.domains)) >= 4
        assert all(len(t.names) >= 2 for t in field.topics)


def test_texts_vary(listings):
    assert len({x.title for x in listings}) > 0.6 * len(listings)
    assert len({x.text for x in listings}) > 0.98 * len(listings)


#: Words around a number in the text, per kind, and the attribute that must hold it.
QUOTED = {
    "space": {
        "clear_height": r"(?:净高|层高)(?:不低于|≥)?([\d.]+)米",
        "rent": r"租金(?:不超过)?([\d.]+)元/",
        "floor_load": r"(?:承重|荷载)≥?([\d.]+)吨",
        "land_price": r"地价([\d.]+)万元",
    },
    "product": {"lead_time": r"(?:交期|下单后)(\d+)天", "warranty": r"质保(?:不少于)?(\d+)个月"},
    "technology": {"months": r"周期(?:不超过|约)(\d+)个月", "trl": r"TRL(\d)级"},
    "capital": {"rate": r"利率(?:不超过)?([\d.]+)%", "rd": r"研发占比([\d.]+)%"},
    "talent": {"experience": r"(\d+)年以上(?:经验，|相关)", "count": r"招(\d+)人[，。；]"},
    "instrument": {"price_hour": r"机时费([\d.]+)元", "turnaround": r"(\d+)天(?:内)?出报告"},
    "policy": {"rd": r"研发占比(?:不低于)?([\d.]+)%", "working_days": r"(\d+)个工作日内"},
    "exhibit": {"unit_price": r"单价(?:不超过)?([\d.]+)元"},
}


def test_numbers_in_the_text_are_the_structured_ones(listings):
    seen = Counter()
    for item in listings:
        for name, pattern in QUOTED[item.kind].items():
            body = item.text.split("。", 1)[1]
            for number in re.findall(pattern, body):
                value = item.values[name]
                assert Decimal(number) in (value.lo, value.hi), (item.text, name, value)
                seen[item.kind, name] += 1
    assert set(seen) == {(k, n) for k, names in QUOTED.items() for n in names}
    assert min(seen.values()) >= 20


def _blocked(need, offer):
    declared = kind(need.kind)
    for attribute in declared.related:
        asker, answerer = (need, offer) if attribute.asked_by is Side.NEED else (offer, need)
        if (
            asker.hard(attribute)
            and judge(attribute, asker.ask(attribute), answerer.answer(attribute)) is State.BROKEN
        ):
            return True
    return need.party == offer.party


def test_most_needs_can_be_met_and_not_all(demo):
    offers = defaultdict(list)
    for offer in demo.offers:
        offers[offer.kind].append(offer)
    total = met = 0
    for name in all_kinds():
        sample = [x for x in demo.needs if x.kind == name][:60]
        found = sum(any(not _blocked(n, o) for o in offers[name]) for n in sample)
        assert found >= 0.6 * len(sample), (name, found)
        total, met = total + len(sample), met + found
    assert met < 0.98 * total, (met, total)


def test_a_need_is_met_by_few_of_the_offers(demo):
    """Hard limits must bite: no kind in which most pairs pass."""
    for name in all_kinds():
        needs = [x for x in demo.needs if x.kind == name][:20]
        offers = [x for x in demo.offers if x.kind == name][:300]
        passed = sum(not _blocked(n, o) for n in needs for o in offers)
        assert passed < 0.6 * len(needs) * len(offers), name


def test_some_hard_answers_are_unstated(demo):
    """An unstated answer to a hard ask is what "unverified" is about."""
    for name in all_kinds():
        asked = [a for a in kind(name).related if a.hard]
        answers = {
            Side.NEED: [x for x in demo.offers if x.kind == name],
            Side.OFFER: [x for x in demo.needs if x.kind == name],
        }
        stated = [
            sum(a.answer_name in x.values for x in answers[a.asked_by]) / len(answers[a.asked_by])
            for a in asked
        ]
        assert any(0.3 < share < 0.95 for share in stated), (name, stated)


def test_corridor_file_names_the_nine_cities():
    read = tomllib.loads(corridor_file().read_text(encoding="utf-8"))
    assert read["name_zh"] and read["name_en"]
    assert {c["code"] for c in read["city"]} == CITIES
    for city in read["city"]:
        assert places.name_zh(city["code"]).startswith(city["zh"])
        assert 28 < city["lat"] < 33 and 117 < city["lon"] < 122
