"""Reading table cells: what is understood, what is refused, and what is written reads back."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.engine.factors import (
    Attribute,
    CodeList,
    Range,
    Type,
    all_kinds,
    days,
    kind,
    to_day,
    value_text,
)
from corridor.engine.text import ReadError, cell_notes, mask_contacts, read_value, stated_as_ask

TODAY = date(2026, 11, 22)
ATTRIBUTES = [a for k in all_kinds().values() for a in k.attributes]


def attribute(path: str) -> Attribute:
    of, name = path.split(".")
    return kind(of).by_name[name]


def number(lo: str | None, hi: str | None) -> Range:
    return Range.between(lo, hi)


NUMBERS = [
    ("space.area", "3000", number("3000", "3000")),
    ("space.area", "3,000 ㎡", number("3000", "3000")),
    ("space.area", "３０００平米", number("3000", "3000")),
    ("space.area", "3000-5000", number("3000", "5000")),
    ("space.area", "3000~5000 m²", number("3000", "5000")),
    ("space.area", "≥3000", number("3000", None)),
    ("space.area", "3000以上", number("3000", None)),
    ("space.area", "不超过2万平", number(None, "20000")),
    ("space.area", "30亩", number("20000.1", "20000.1")),
    ("space.area", "两千平", number("2000", "2000")),
    ("space.land_area", "1.3公顷", number("13000", "13000")),
    ("space.floor_load", "800kg/㎡", number("0.8", "0.8")),
    ("space.rent", "1.2元/㎡/天", number("1.2", "1.2")),
    ("space.rent", "≤1", number(None, "1")),
    ("space.power", "1 MVA", number("1000", "1000")),
    ("capital.amount", "500-800万", number("500", "800")),
    ("capital.amount", "500 万元", number("500", "500")),
    ("capital.amount", "1.5亿", number("15000", "15000")),
    ("capital.amount", "100万美元", number("710", "710")),
    ("capital.profit", "-300", number("-300", "-300")),
    ("capital.profit", "-500~-300 万元", number("-500", "-300")),
    ("capital.term", "3年", number("36", "36")),
    ("technology.trl", "TRL 6", number("6", "6")),
    ("product.unit_price", "8元/件", number("8", "8")),
    ("talent.salary", "20-30万/年", number("20", "30")),
    ("talent.salary", "15k-20k每月", number("18", "24")),
]


@pytest.mark.parametrize(("path", "raw", "value"), NUMBERS, ids=[f"{p}:{r}" for p, r, _ in NUMBERS])
def test_numbers(path, raw, value):
    assert read_value(attribute(path), raw, today=TODAY) == value


DAYS = [
    ("2026-12-31", (2026, 12, 31), (2026, 12, 31)),
    ("2026/12/31", (2026, 12, 31), (2026, 12, 31)),
    ("20261231", (2026, 12, 31), (2026, 12, 31)),
    ("2026-12-31 00:00:00", (2026, 12, 31), (2026, 12, 31)),
    ("2026年12月", (2026, 12, 1), (2026, 12, 31)),
    ("年底前", None, (2026, 12, 31)),
    ("≤2026-12-31", None, (2026, 12, 31)),
    ("2027年1月1日起", (2027, 1, 1), None),
    ("明年三季度", (2027, 7, 1), (2027, 9, 30)),
    ("2026-12-01~2026-12-31", (2026, 12, 1), (2026, 12, 31)),
]


@pytest.mark.parametrize(("raw", "lo", "hi"), DAYS, ids=[d[0] for d in DAYS])
def test_days(raw, lo, hi):
    expected = days(lo and date(*lo), hi and date(*hi))
    assert read_value(attribute("space.available"), raw, today=TODAY) == expected


CODES = [
    ("space.premises", "厂房、仓库", {"workshop", "warehouse"}),
    ("space.premises", "workshop; Office", {"workshop", "office"}),
    ("space.place", "嘉兴 松江", {"330400", "310117"}),
    ("space.place", "330400/310117", {"330400", "310117"}),
    ("space.industry", "农、林、牧、渔业", {"A"}),
    ("space.industry", "C3973 集成电路制造，C27", {"C3973", "C27"}),
    ("talent.form", "岗位|团队", {"post", "team"}),
]


@pytest.mark.parametrize(("path", "raw", "value"), CODES, ids=[c[1] for c in CODES])
def test_codes(path, raw, value):
    assert read_value(attribute(path), raw, today=TODAY) == frozenset(value)


def test_a_name_of_several_places_is_settled_by_what_is_near():
    place = attribute("space.place")
    with pytest.raises(ReadError, match="江苏省南京市鼓楼区"):
        read_value(place, "鼓楼区", today=TODAY)
    assert read_value(place, "鼓楼区", today=TODAY, near=["320100"]) == {"320106"}


@pytest.mark.parametrize("raw", ["是", "有", "yes", "TRUE", "1", "√"])
def test_yes(raw):
    assert read_value(attribute("space.crane"), raw, today=TODAY) == Range.exactly(1)


@pytest.mark.parametrize("raw", ["否", "无", "no", "False", "0", "没有"])
def test_no(raw):
    assert read_value(attribute("space.crane"), raw, today=TODAY) == Range.exactly(0)


@pytest.mark.parametrize("raw", ["本科及以上", "≥本科", "Bachelor 以上".replace(" ", "")])
def test_ordered_lists_take_bounds(raw):
    assert read_value(attribute("talent.degree"), raw, today=TODAY) == number("1", None)


@pytest.mark.parametrize("raw", ["", "  ", "-", "无", "不限", "面议", "N/A"])
@pytest.mark.parametrize("path", ["space.area", "space.available", "space.premises"])
def test_unstated(path, raw):
    assert read_value(attribute(path), raw, today=TODAY) is None


def test_none_is_a_code_where_the_list_has_it():
    assert read_value(attribute("talent.title"), "无", today=TODAY) == Range.exactly(0)


REFUSED = [
    ("space.area", "3000元", "不能换算成㎡"),
    ("space.area", "-5", "超出"),
    ("space.area", "abc", "数字或范围"),
    ("space.area", "3000平左右搬家", "数字或范围"),
    ("space.area", "5000-3000", "下限高于上限"),
    ("space.clear_height", "800", "超出可接受的 0~60"),
    ("technology.trl", "10", "超出可接受的 1~9"),
    ("space.available", "2026-02-30", "没有这一天"),
    ("space.available", "2月30日", "没有这一天"),
    ("space.available", "2027-01-01~2026-01-01", "晚于"),
    ("space.available", "1869-01-01", "日期"),
    ("space.premises", "厂方", "厂房"),
    ("space.crane", "也许", "是 或 否"),
    ("talent.degree", "高中", "本科"),
]


@pytest.mark.parametrize(("path", "raw", "part"), REFUSED, ids=[f"{p}:{r}" for p, r, _ in REFUSED])
def test_refused_with_what_would_be_right(path, raw, part):
    with pytest.raises(ReadError) as caught:
        read_value(attribute(path), raw, today=TODAY)
    error = caught.value
    assert error.found == raw
    assert part in error.message.zh
    assert error.message.zh.startswith("写的是“")
    assert error.allowed.en
    assert error.message.en.startswith("found ")


@pytest.mark.parametrize(
    "raw", ["\0" * 50, "🏭" * 50, "9" * 5000, "一" * 5000, "、" * 5000, "a" * 9]
)
@pytest.mark.parametrize(
    "path", ["space.area", "space.available", "space.premises", "talent.degree"]
)
def test_odd_cells_are_read_or_refused(path, raw):
    try:
        read_value(attribute(path), raw, today=TODAY)
    except ReadError as error:
        assert len(error.found) <= 60


def ends(low: Decimal, high: Decimal):
    exact = st.integers(int(max(low, -(10**7)) * 100), int(min(high, 10**7) * 100))
    return exact.map(lambda n: Decimal(n) / 100)


def ranges(lows):
    pair = st.tuples(lows, lows).map(lambda p: Range(min(p), max(p)))
    return st.one_of(
        lows.map(Range.exactly),
        pair,
        lows.map(lambda n: Range(n, None)),
        lows.map(lambda n: Range(None, n)),
    )


@st.composite
def stated(draw):
    """An attribute and a value of it."""
    found = draw(st.sampled_from([a for a in ATTRIBUTES if a.type is not Type.WORDS]))
    match found.type:
        case Type.NUMBER:
            return found, draw(ranges(ends(found.low, found.high)))
        case Type.DAY:
            day = st.dates(date(1990, 1, 1), date(2100, 12, 31)).map(
                lambda d: Decimal(d.toordinal())
            )
            return found, draw(ranges(day))
        case Type.ORDER:
            return found, draw(ranges(st.integers(0, int(found.high)).map(Decimal)))
        case Type.FLAG:
            return found, Range.exactly(draw(st.integers(0, 1)))
    listed = found.code_list()
    known = (
        [e.code for e in listed.entries]
        if isinstance(listed, CodeList)
        else sorted(set(listed.words().values()))
    )
    return found, draw(st.frozensets(st.sampled_from(known), min_size=1, max_size=4))


@settings(deadline=None)
@given(stated())
def test_what_is_written_reads_back(case):
    found, value = case
    for written in value_text(found, value):
        assert read_value(found, written, today=TODAY) == value


@settings(deadline=None)  # suggestions for a misspelt place are slow
@given(st.text(max_size=40), st.sampled_from(ATTRIBUTES))
def test_any_cell_is_read_or_refused(raw, found):
    try:
        read_value(found, raw, today=TODAY)
    except ReadError as error:
        assert error.message.zh
        assert error.message.en


ASKS = [
    ("space.clear_height", number("8", "8"), number("8", None)),
    ("space.clear_height", number("8", "10"), number("8", None)),
    ("space.rent", number("1", "1"), number(None, "1")),
    ("space.rent", number("0.8", "1"), number(None, "1")),
    ("space.area", number("3000", "3000"), number("2400", "3600")),
    ("space.area", number("3000", "5000"), number("3000", "5000")),
    ("space.area", number("3000", None), number("3000", None)),
    ("space.floor", number("1", "1"), number("1", "1")),
    ("space.crane", number("1", "1"), number("1", "1")),
]


@pytest.mark.parametrize(("path", "value", "ask"), ASKS)
def test_stated_as_ask(path, value, ask):
    assert stated_as_ask(attribute(path), value, False) == ask


def test_a_month_asked_for_ends_on_its_last_day():
    december = days(date(2026, 12, 1), date(2026, 12, 31))
    asked = stated_as_ask(attribute("space.available"), december, False)
    assert isinstance(asked, Range)
    assert asked.lo is None
    assert asked.hi is not None
    assert to_day(asked.hi) == date(2026, 12, 31)


# --- what words, bounds, days and sums mean ---


@pytest.mark.parametrize("raw", ["无", "n/a", "-", "不限"])
def test_words_stay_as_they_are_written(raw):
    assert read_value(attribute("space.remarks"), f" {raw} ", today=TODAY) == raw
    assert read_value(attribute("space.remarks"), "  ", today=TODAY) is None


def test_a_phone_among_words_is_masked_and_a_customs_code_is_not():
    spec, code = attribute("product.spec"), attribute("product.hs_code")
    assert read_value(spec, "问张工13800001234", today=TODAY) == "问张工138****1234"
    assert read_value(code, "4001100000", today=TODAY) == "4001100000"


def test_a_lone_number_an_offer_supplies_is_the_most():
    quantity = attribute("product.quantity")
    assert stated_as_ask(quantity, number("8000", "8000")) == number(None, "8000")
    assert stated_as_ask(quantity, number("500", "8000")) == number("500", "8000")
    assert stated_as_ask(quantity, number("500", None)) == number("500", None)


@pytest.mark.parametrize("raw", ["即日起", "随时", "现房", "立即可用", "随时可入驻"])
def test_at_once_means_from_today_on_for_who_has_it(raw):
    available = attribute("space.available")
    assert read_value(available, raw, today=TODAY, answering=True) == days(TODAY, None)
    assert read_value(available, raw, today=TODAY) == days(None, date(2026, 12, 22))


def test_soon_means_the_same_on_both_sides():
    for answering in (False, True):
        found = read_value(attribute("space.available"), "尽快", today=TODAY, answering=answering)
        assert found == days(None, date(2026, 12, 22))


@pytest.mark.parametrize(
    ("raw", "first", "last"),
    [
        ("1998年5月", date(1998, 5, 1), date(1998, 5, 31)),
        ("1998年", date(1998, 1, 1), date(1998, 12, 31)),
        ("2078年3月1日", date(2078, 3, 1), date(2078, 3, 1)),
        ("二〇七八年三月", date(2078, 3, 1), date(2078, 3, 31)),
        ("2100年12月31日", date(2100, 12, 31), date(2100, 12, 31)),
    ],
)
def test_years_of_other_decades_are_read(raw, first, last):
    assert read_value(attribute("space.available"), raw, today=TODAY) == days(first, last)


def test_a_year_before_the_attribute_begins_is_refused():
    with pytest.raises(ReadError, match="超出可接受的 1970-01-01"):
        read_value(attribute("space.available"), "1951年5月", today=TODAY)


@pytest.mark.parametrize("raw", ["1.2万/年", "5000元"])
def test_a_sum_for_the_whole_is_no_rent_by_area(raw):
    with pytest.raises(ReadError, match="这是总额"):
        read_value(attribute("space.rent"), raw, today=TODAY)


def test_a_rate_of_exchange_is_said():
    (note,) = cell_notes(attribute("capital.amount"), "100万美元")
    assert "按参考汇率 7.1 折算" in note.zh
    assert "reference rate 7.1" in note.en
    assert cell_notes(attribute("capital.amount"), "100万元") == ()
    assert cell_notes(attribute("capital.due"), "2026-12-31") == ()


def test_a_quoted_cell_holds_no_part_of_a_phone():
    with pytest.raises(ReadError) as caught:
        read_value(attribute("space.area"), "好" * 55 + "13800001234", today=TODAY)
    assert "1380000" not in str(caught.value)


@pytest.mark.parametrize(
    "written",
    ["138.1234.5678", "(138)12345678", "138/1234/5678", "138_1234_5678", "138 12 34 56 78",
     "1 3 8 1 2 3 4 5 6 7 8"],
)  # fmt: skip
def test_a_mobile_is_masked_however_its_digits_are_parted(written: str) -> None:
    masked = mask_contacts(f"请联系{written}，谢谢")
    assert "*" in masked
    assert sum(c.isdigit() for c in masked) <= 7
    assert mask_contacts("135.5 2026-11-22 100.2") == "135.5 2026-11-22 100.2"
