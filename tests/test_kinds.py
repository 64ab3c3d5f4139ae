"""The kinds as practitioners use them: who meets whom, what is refused, and what is declared."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product as pairs

import pytest

from corridor.engine.factors import (
    UNITS,
    Listing,
    Range,
    Side,
    State,
    Type,
    all_kinds,
    code_list,
    judge,
    kind,
    value_text,
)
from corridor.engine.factors.codelist import CodeList
from corridor.engine.matching import Matcher
from corridor.engine.text import ReadError, read, read_value

TODAY = date(2026, 11, 22)
CITIES = {"合肥": "340100", "嘉兴": "330400", "松江": "310117"}


def listing(of: str, side: Side, city: str = "", /, **cells: str) -> Listing:
    """A listing from what its table cells hold."""
    values = {n: read_value(kind(of).by_name[n], cell, today=TODAY) for n, cell in cells.items()}
    id = f"{side.value}-{of}"
    return Listing(id, side, of, id, party=id, city=CITIES.get(city, ""), values=values)


def met(of: str, need: dict[str, str], offer: dict[str, str], cities=("", "")):
    """What is said of a pair, and the state of each ask by attribute."""
    one = listing(of, Side.NEED, cities[0], **need)
    other = listing(of, Side.OFFER, cities[1], **offer)
    matcher = Matcher(today=TODAY).fit([other], [one])
    said = matcher.explain(one, other)
    assert said.passed == bool(matcher.match(one)) == bool(matcher.who_needs(other))
    return said, {c.attribute.name: c.state for c in said.checks}


def passes(of: str, need: dict[str, str], offer: dict[str, str], cities=("", "")) -> bool:
    return met(of, need, offer, cities)[0].passed


# --- policy ---


def test_a_policy_applies_where_it_says_and_nowhere_else():
    said, _ = met("policy", {}, {"place": "嘉兴"}, ("合肥", "嘉兴"))
    assert not said.passed
    assert said.verdict.zh.startswith("未通过：城市 合肥市，要求 嘉兴市。")
    assert passes("policy", {}, {"place": "安徽"}, ("合肥", "嘉兴"))
    assert passes("policy", {"place": "嘉善"}, {"place": "嘉兴"}, ("合肥", "合肥"))
    assert passes("policy", {}, {"benefit": "资金"}, ("合肥", "嘉兴")), "no region stated, no limit"


def test_a_little_giant_is_also_a_specialised_firm_and_not_the_other_way():
    assert passes("policy", {"qualification": "小巨人"}, {"qualification": "专精特新"})
    _, states = met("policy", {"qualification": "专精特新"}, {"qualification": "小巨人"})
    assert states["qualification"] is State.UNVERIFIED
    for other in ("上市公司", "单项冠军", "高企"):
        assert not passes("policy", {"qualification": other}, {"qualification": "专精特新"})


def test_working_days_are_counted_as_such():
    days = kind("policy").by_name["working_days"]
    said = [value_text(days, read_value(days, c, today=TODAY)).zh for c in ("2周", "3个月", "60")]
    assert said == ["10 工作日", "63 工作日", "60 工作日"]
    with pytest.raises(ReadError, match="不能换算成工作日"):
        read_value(days, "30天", today=TODAY)


# --- talent ---


def test_a_person_who_names_no_city_is_not_taken_to_stay_at_home():
    need = {"place": "松江"}
    _, states = met("talent", need, {}, ("松江", "合肥"))
    assert states["place"] is State.UNVERIFIED
    assert met("talent", need, {}, ("松江", "松江"))[1]["place"] is State.UNVERIFIED
    assert met("talent", need, {"place": "上海"}, ("松江", "合肥"))[1]["place"] is State.UNVERIFIED
    assert met("talent", need, {"place": "松江"}, ("松江", "合肥"))[1]["place"] is State.MET
    assert not passes("talent", need, {"place": "合肥"}, ("松江", "合肥"))


@pytest.mark.parametrize(
    ("wanted", "there", "state"),
    [
        ("3", "1", State.MET),  # one person for three posts
        ("30", "1~200", State.MET),  # a school that lets any number go
        ("3", "8", State.BROKEN),  # a team that comes as a whole
    ],
)
def test_a_count_only_counts_against_more_people_than_posts(wanted, there, state):
    need, offer = listing("talent", Side.NEED), listing("talent", Side.OFFER, count=there)
    count = kind("talent").by_name["count"]
    assert judge(count, Range.between(None, wanted), offer.answer(count)) is state
    assert need.ask(count) is None


@pytest.mark.parametrize("cell", ["40k", "2万", "8k", "20000元", "3000块", "0.5"])
def test_pay_without_a_period_is_refused_and_not_read_as_yearly(cell):
    with pytest.raises(ReadError):
        read_value(kind("talent").by_name["salary"], cell, today=TODAY)


@pytest.mark.parametrize(
    ("cell", "text"),
    [("25", "25"), ("40k/月", "48"), ("2万/月", "24"), ("30万/年", "30"), ("25万元/年", "25")],
)
def test_pay_with_a_period_or_a_bare_number_is_read(cell, text):
    salary = kind("talent").by_name["salary"]
    assert value_text(salary, read_value(salary, cell, today=TODAY)).zh == f"{text} 万元/年"


def test_half_a_year_of_experience():
    years = kind("talent").by_name["experience"]
    assert value_text(years, read_value(years, "6个月", today=TODAY)).zh == "0.5 年"


# --- product and exhibit ---


@pytest.mark.parametrize("of", ["product", "exhibit"])
def test_boxes_are_not_pieces_and_tonnes_need_their_own_measure(of):
    for name, cell in pairs(("quantity",), ("500箱", "20吨", "3批", "800千克", "100米")):
        with pytest.raises(ReadError, match="不能写"):
            read_value(kind(of).by_name[name], cell, today=TODAY)
    for cell in ("8元/箱", "3500元/吨", "12元/米"):
        with pytest.raises(ReadError, match="不能换算"):
            read_value(kind(of).by_name["unit_price"], cell, today=TODAY)
    assert "计量单位" in kind(of).by_name["quantity"].side_label(Side.NEED).zh
    tonnes = {"quantity": "20", "measure": "吨"}
    assert passes(of, tonnes, {"quantity": "5~100", "measure": "吨"})
    said, _ = met(of, tonnes, {"quantity": "5~100", "measure": "千克"})
    assert said.verdict.zh.startswith("未通过：计量单位 千克，要求 吨。")
    _, states = met(of, tonnes, {"quantity": "5~100"})
    assert states["measure"] is State.UNVERIFIED


def test_a_weight_in_a_sentence_is_not_taken_for_the_measure():
    for said in ("采购载重5公斤无人机100台", "采购硫酸20吨，单价350元/吨以内"):
        values = read(said, kind("product"), Side.NEED, today=TODAY).values()
        assert not {"measure", "unit_price"} & set(values)
        assert values.get("quantity", Range.exactly(100)) == Range.exactly(100)


def test_a_sellers_set_is_a_buyers_piece():
    assert passes("product", {"measure": "套", "quantity": "50台"}, {"measure": "件"})


def test_a_supplier_in_lots_asks_whether_the_buyer_takes_them():
    _, states = met("product", {"split": "是"}, {"split": "是"})
    assert states["split"] is State.MET
    said, states = met("product", {"split": "否"}, {"split": "是", "substitute": "是"})
    assert said.passed and states["split"] is State.BROKEN
    assert states["substitute"] is State.UNVERIFIED
    assert "split" not in met("product", {"split": "是"}, {})[1]


def test_clearance_and_agency_are_two_things():
    offer = {"access": "已准入", "agency": "无代理"}
    said, states = met("exhibit", {"access": "已准入", "agency": "无代理"}, offer)
    assert said.passed and states["access"] is states["agency"] is State.MET
    held = {"access": "已准入", "agency": "有代理"}
    said, states = met("exhibit", {"access": "≥注册中", "agency": "无代理"}, held)
    assert said.passed and states["agency"] is State.BROKEN
    assert not passes("exhibit", {"access": "≥已准入"}, {"access": "注册中"})


def test_an_amount_a_year_is_not_a_single_one():
    need, offer = {"amount": "300", "amount_basis": "一次性"}, {"amount_basis": "年化"}
    said, states = met("exhibit", need, offer)
    assert said.passed and states["amount_basis"] is State.BROKEN


# --- space ---


def test_land_use_is_a_hard_limit():
    said, _ = met("space", {"land_use": "M1"}, {"land_use": "M3"})
    assert not said.passed and "M1" in said.verdict.zh and "M3" in said.verdict.zh
    assert passes("space", {"land_use": "M1、M2"}, {"land_use": "M2"})


@pytest.mark.parametrize("name", ["sale_price", "sewage", "steam"])
def test_what_decides_a_plant_is_hard(name):
    need, offer = ("≤800", "900") if name == "sale_price" else ("≥20", "5")
    assert not passes("space", {name: need}, {name: offer})


def test_the_first_floor_lies_within_a_building_of_five():
    assert met("space", {"floor": "1"}, {"floor": "1~5"})[1]["floor"] is State.MET
    assert met("space", {"floor": "1~2"}, {"floor": "2~5"})[1]["floor"] is State.MET
    assert met("space", {"floor": "1"}, {"floor": "3"})[1]["floor"] is State.BROKEN


def test_the_plan_must_keep_to_the_conditions_of_the_plot():
    land = {"green": "≤20", "far": "1~2.5", "coverage": "35~65"}
    _, states = met("space", {"green": "15", "far": "2", "coverage": "40"}, land)
    assert {states[n] for n in land} == {State.MET}
    _, states = met("space", {"green": "30", "far": "3", "coverage": "20"}, land)
    assert {states[n] for n in land} == {State.BROKEN}
    assert not {"green", "far"} & set(met("space", {"green": "15", "far": "2"}, {})[1])


@pytest.mark.parametrize("cell", ["30000元/月", "15元/月", "2元/天", "25"])
def test_a_rent_for_the_whole_place_is_not_one_by_the_metre(cell):
    with pytest.raises(ReadError):
        read_value(kind("space").by_name["rent"], cell, today=TODAY)


def test_rents_and_loads_as_people_write_them():
    rent, load = (kind("space").by_name[n] for n in ("rent", "floor_load"))
    assert value_text(rent, read_value(rent, "1块5", today=TODAY)).zh == "1.5 元/㎡/天"
    assert value_text(rent, read_value(rent, "30元/㎡/月", today=TODAY)).zh == "0.986301 元/㎡/天"
    assert value_text(load, read_value(load, "9.80665kN/㎡", today=TODAY)).zh == "1 吨/㎡"
    beds = kind("space").by_name["dorm_beds"]
    for cell in ("40床", "40人", "40"):
        assert value_text(beds, read_value(beds, cell, today=TODAY)).zh == "40 床"


# --- capital, technology, instrument ---


def test_a_bank_that_wants_a_mortgage_and_a_firm_that_gives_none():
    said, _ = met("capital", {"security": "无抵押"}, {"security": "抵押"})
    assert said.verdict.zh.startswith("未通过：担保方式 无抵押，要求 不动产抵押。")
    assert met("capital", {}, {"security": "抵押"})[1]["security"] is State.UNVERIFIED
    assert passes("capital", {"security": "抵押、保证担保"}, {"security": "抵押"})


def test_an_exclusive_licence_is_a_licence():
    assert passes("technology", {"cooperation": "许可"}, {"cooperation": "独占许可"})
    assert not passes("technology", {"cooperation": "独占许可"}, {"cooperation": "普通许可"})
    _, states = met("technology", {"cooperation": "独占许可"}, {"cooperation": "许可"})
    assert states["cooperation"] is State.UNVERIFIED


def test_a_report_that_comes_too_late_and_a_scope_that_is_missing():
    need = {"turnaround": "≤5", "accreditation": "CNAS、CMA"}
    assert passes("instrument", need, {"turnaround": "3", "accreditation": "CMA、CNAS"})
    said, _ = met("instrument", need, {"turnaround": "7", "accreditation": "CNAS"})
    assert "出具周期 7 天，要求 ≤5 天" in said.verdict.zh and "资质范围" in said.verdict.zh


def test_a_day_of_hire_is_eight_hours():
    price = kind("instrument").by_name["price_hour"]
    assert value_text(price, read_value(price, "1600元/天", today=TODAY)).zh == "200 元/小时"


# --- code lists ---

LISTS = {a.codes.name: a.codes for k in all_kinds().values() for a in k.attributes if a.codes}
FLAT = [listed for listed in LISTS.values() if isinstance(listed, CodeList)]


@pytest.mark.parametrize("listed", FLAT, ids=lambda c: c.name)
def test_covering_is_reflexive_transitive_and_one_way(listed):
    codes = [e.code for e in listed.entries]
    assert all(listed.covers(c, c) for c in codes)
    for a, b in pairs(codes, codes):
        if listed.covers(a, b):
            assert all(listed.covers(a, c) for c in codes if listed.covers(b, c))
            assert a == b or not listed.covers(b, a)


def test_an_implied_code_must_be_in_the_list_and_may_lead_further():
    chain = code_list("x", "a|甲|A", "b|乙|B", "c|丙|C", implies={"a": ("b",), "b": ("c",)})
    assert chain.covers("c", "a") and not chain.covers("a", "c")
    with pytest.raises(ValueError, match=r"no such codes: \['z'\]"):
        code_list("x", "a|甲|A", implies={"a": ("z",)})


@pytest.mark.parametrize("listed", FLAT, ids=lambda c: c.name)
def test_every_word_of_a_list_means_one_code_and_its_names_are_read_back(listed):
    for entry in listed.entries:
        for word in (entry.code, entry.zh, entry.en, *entry.words):
            assert listed.read(word) == entry.code


def test_no_two_lists_bear_one_name():
    named = {
        (a.codes.name, id(a.codes)) for k in all_kinds().values() for a in k.attributes if a.codes
    }
    assert len(named) == len({name for name, _ in named})


# --- declarations ---

ATTRIBUTES = [(k.name, a) for k in all_kinds().values() for a in k.attributes]
UNITLESS = {
    ("technology", "trl"),
    ("instrument", "accuracy"),
    ("space", "far"),
    ("product", "quantity"),
    ("exhibit", "quantity"),
}


@pytest.mark.parametrize(("of", "attribute"), ATTRIBUTES, ids=lambda x: getattr(x, "name", x))
def test_every_attribute_is_called_something_and_measured_in_something(of, attribute):
    for side in (s for s in Side if attribute.stated_by(s)):
        label = attribute.side_label(side)
        assert re.search(r"[\u4e00-\u9fff]|^HS", label.zh) and re.fullmatch(r"[ -~–]+", label.en)
    if attribute.type is Type.NUMBER:
        assert bool(UNITS[attribute.unit].label.zh) != ((of, attribute.name) in UNITLESS)
        assert attribute.low < attribute.high
    if attribute.type in (Type.CODES, Type.ORDER):
        assert attribute.codes is not None
    assert attribute.name.isidentifier() and attribute.name.islower()


@pytest.mark.parametrize("of", all_kinds())
def test_labels_of_a_side_are_unique_and_no_attribute_is_named_as_a_kind(of):
    for side in Side:
        stated = [a for a in kind(of).attributes if a.stated_by(side)]
        for language in (0, 1):
            names = Counter(a.side_label(side)[language] for a in stated)
            assert [n for n, count in names.items() if count > 1] == []
    assert not {n for n in kind(of).by_name if n in all_kinds()} - {"instrument"}
    assert "instrument" not in kind(of).by_name or of == "instrument"


@pytest.mark.parametrize("of", all_kinds())
def test_every_attribute_with_cues_has_one_of_its_own_or_a_unit_that_tells(of):
    """Two attributes may share a cue only where another cue, or the unit, can part them."""
    attributes = [a for a in kind(of).attributes if a.cues]
    said = Counter(cue for a in attributes for cue in dict.fromkeys(a.cues))
    alone = [a.name for a in attributes if all(said[cue] > 1 for cue in a.cues)]
    assert alone == []


def test_every_unit_measures_an_attribute_or_keeps_another_measure_out():
    used = {a.unit for _, a in ATTRIBUTES if a.type is Type.NUMBER} | {"d", "ratio"}
    assert set(UNITS) - used == {"pack", "CNY/pack"}


def test_the_same_thing_bears_one_name_in_every_kind():
    assert (
        kind("technology").by_name["cooperation"].label
        == kind("exhibit").by_name["cooperation"].label
    )
    for name in ("place", "industry", "strategic", "chain"):
        assert all(name in k.by_name for k in all_kinds().values())


#: What the survey of real platforms asks of each kind; a field removed must be missed here.
SURVEYED = {
    "technology": "stage trl ip_type patent_no ip_status owner_share cooperation price metrics "
    "advantage due months ip_owner confidential open_call solver_share",
    "product": "item hs_code spec measure quantity period unit_price total_price delivery_place "
    "incoterm certificate payment split pooled price_tiers lead_time origin origin_country substitute",
    "space": "tenure land_use land_area area floor clear_height floor_load column_span crane "
    "crane_load crane_count lift_load power power_extension water sewage gas steam fire sprinkler "
    "eia excluded_industry deed far coverage green rent land_price property_fee deposit lease "
    "available investment_per_mu output_per_mu tax_per_mu energy dorm_beds to_expressway to_station "
    "last_verified",
    "capital": "financing round amount valuation equity rate term security use revenue profit rd "
    "headcount fund_size reinvest decision licensed",
    "talent": "form count degree title skills salary employment place start housing grade hours "
    "conflicts",
    "instrument": "instrument manufacturer original_value commissioned accuracy standard "
    "accreditation effective_hours hours price_hour price_sample voucher turnaround operator due safety",
    "exhibit": "edition booth zone country brand hs_code debut access agency cooperation "
    "bonded_sample available amount amount_basis",
    "policy": "issuer level document_no in_force for_industry headcount rd tax_per_mu years "
    "qualification benefit amount formula delivery materials working_days window office review",
}
LICENCES = {"licence", "exclusive", "sole", "ordinary"}


@pytest.mark.parametrize("of", all_kinds())
def test_the_surveyed_fields_are_declared(of):
    assert set(SURVEYED[of].split()) <= set(kind(of).by_name)
    assert {e.code for e in LISTS["tech_cooperation"].entries} >= LICENCES


def test_a_weakened_declaration_would_be_noticed(monkeypatch):
    """These tests can fail: the same case under the declaration as it was before."""
    was = kind("policy")
    asked = replace(was.by_name["place"], asked_by=Side.NEED)
    others = tuple(asked if a.name == "place" else a for a in was.attributes)
    old = replace(was, attributes=others)
    monkeypatch.setattr("corridor.engine.matching.matcher.kind", lambda name: old)
    monkeypatch.setattr("corridor.engine.matching.check.kind", lambda name: old)
    assert met("policy", {}, {"place": "嘉兴"}, ("合肥", "嘉兴"))[0].passed
