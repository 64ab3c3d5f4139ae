"""The code tables: complete, well-formed, and read the way people write."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.engine.factors.codes import chains, industry, places, strategic

FOLDER = Path(industry.__file__).parent
INDUSTRY = st.sampled_from(sorted(industry.load()))
PLACE = st.sampled_from(sorted(places.load()))


def column(name: str) -> list[str]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return [row["code"] for row in csv.DictReader(file)]


# --- the files ---


@pytest.mark.parametrize("name", ["industry.csv", "places.csv", "strategic.csv", "chains.csv"])
def test_no_code_stands_twice_in_a_file(name):
    assert [code for code, n in Counter(column(name)).items() if n > 1] == []


@pytest.mark.parametrize("name", ["industry.csv", "places.csv", "strategic.csv"])
def test_a_file_is_sorted_by_code(name):
    assert column(name) == sorted(column(name))


def test_the_short_lists_are_complete():
    assert [row.split("|")[0] for row in strategic()] == list("123456789")
    assert strategic()[0] == "1|新一代信息技术产业|New-generation Information Technology"
    assert [row.split("|")[0] for row in chains()] == [
        "ic", "ai", "biomed", "equipment", "new_energy", "materials", "nev",
    ]  # fmt: skip
    assert all(all(row.split("|")) for row in (*strategic(), *chains()))


# --- industries ---


def test_industry_levels_have_the_counts_of_the_amended_edition():
    levels = Counter(len(code) for code in industry.load())
    assert levels == {1: 20, 3: 97, 4: 473, 5: 1382}


def test_every_industry_has_its_parent():
    parent = {3: 1, 4: 3, 5: 4}
    table = industry.load()
    assert [c for c in table if len(c) > 1 and c[: parent[len(c)]] not in table] == []


def test_every_group_has_a_class_and_a_lone_one_ends_in_0_under_the_same_name():
    table = industry.load()
    below: dict[str, list[str]] = {c: [] for c in table if len(c) == 4}
    for code in (c for c in table if len(c) == 5):
        below[code[:4]].append(code)
    for group, classes in below.items():
        assert classes, group
        assert (len(classes) == 1) == (group + "0" in classes), group
        if len(classes) == 1:
            assert table[group].zh == table[classes[0]].zh


def test_a_division_number_belongs_to_one_section():
    digits = [c[1:] for c in industry.load() if len(c) == 3]
    assert sorted(digits) == [f"{n:02}" for n in range(1, 98)]


@pytest.mark.parametrize(
    ("code", "zh"),
    [
        ("A", "农、林、牧、渔业"), ("C", "制造业"), ("I", "信息传输、软件和信息技术服务业"),
        ("M", "科学研究和技术服务业"), ("T", "国际组织"), ("A01", "农业"), ("C15", "酒、饮料和精制茶制造业"),
        ("C25", "石油、煤炭及其他燃料加工业"), ("C27", "医药制造业"), ("C36", "汽车制造业"),
        ("C39", "计算机、通信和其他电子设备制造业"), ("J66", "货币金融服务"), ("M75", "科技推广和应用服务业"),
        ("R87", "广播、电视、电影和录音制作业"), ("A014", "蔬菜、食用菌及园艺作物种植"), ("C276", "生物药品制品制造"),
        ("C339", "铸造及其他金属制品制造"), ("C361", "汽车整车制造"), ("C395", "非专业视听设备制造"),
        ("C396", "智能消费设备制造"), ("C397", "电子器件制造"), ("I643", "互联网平台"), ("A0111", "稻谷种植"),
        ("A0171", "中草药种植"), ("B0712", "海洋石油开采"), ("C2710", "化学药品原料药制造"),
        ("C3491", "工业机器人制造"), ("C3562", "半导体器件专用设备制造"), ("C3612", "新能源车整车制造"),
        ("C3841", "锂离子电池制造"), ("C3825", "光伏设备及元器件制造"), ("C3961", "可穿戴智能设备制造"),
        ("C3973", "集成电路制造"), ("I6520", "集成电路设计"), ("I6431", "互联网生产服务平台"),
        ("L7281", "科技会展服务"), ("M7517", "三维（3D）打印技术推广服务"), ("S9231", "监察委员会"),
        ("S9291", "消防管理机构"),
    ],
)  # fmt: skip
def test_well_known_industries(code, zh):
    assert industry.name_zh(code) == zh


def test_codes_of_older_editions_are_gone():
    assert {"C1364", "S9290", "A0390", "C3035"}.isdisjoint(industry.load())


def test_sections_and_divisions_have_english_and_finer_levels_borrow_it():
    table = industry.load()
    assert all(bool(label.en) == (len(code) < 4) for code, label in table.items())
    assert industry.name_en("C") == "Manufacturing"
    division = "Manufacture of Computers, Communication and Other Electronic Equipment"
    assert industry.name_en("C39") == industry.name_en("C3961") == division


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("3961", "C3961"), ("C3961", "C3961"), ("c3961", "C3961"), ("C39", "C39"), ("39", "C39"),
        (" 396 ", "C396"), ("Ｃ３９６１", "C3961"), ("３９", "C39"), ("C", "C"), ("制造业", "C"),
        ("集成电路制造", "C3973"), ("核燃料加工", "C253"), ("国际组织", "T"), ("0111", "A0111"),
        ("三维(3D)打印技术推广服务", "M7517"),
    ],
)  # fmt: skip
def test_industry_is_read_as_people_write_it(raw, code):
    assert industry.normalise(raw) == code


@pytest.mark.parametrize("raw", ["", " ", "D3961", "9999", "3", "集成电路", "A-01", "39610"])
def test_what_is_no_industry_is_none(raw):
    assert industry.normalise(raw) is None


@given(INDUSTRY)
def test_code_digits_and_name_lead_back(code):
    assert industry.normalise(code) == code
    assert len(code) == 1 or industry.normalise(code[1:]) == code
    named = industry.normalise(industry.name_zh(code))
    assert named is not None
    assert code.startswith(named)  # the coarsest that bears the name lies above, or is the code


@given(INDUSTRY)
def test_ancestors_are_the_prefixes_nearest_first(code):
    above = industry.ancestors(code)
    assert [len(c) for c in above] == [n for n in (4, 3, 1) if n < len(code)]
    assert all(code.startswith(c) for c in above)


@pytest.mark.parametrize(
    ("a", "b", "value"),
    [
        ("C3961", "C3961", 1.0), ("C", "C", 1.0), ("C3961", "C3962", 0.85), ("C3961", "C3973", 0.65),
        ("C396", "C397", 0.65), ("C3961", "C2710", 0.3), ("C39", "C27", 0.3), ("C3961", "I6520", 0.0),
        ("C", "I", 0.0), ("C396", "C3961", 0.9), ("C39", "C3961", 0.7), ("C39", "C396", 0.7),
        ("C", "C3961", 0.4), ("C", "C39", 0.4), ("C397", "C3961", 0.65),
    ],
)  # fmt: skip
def test_proximity_by_the_level_shared(a, b, value):
    assert industry.proximity(a, b) == value


@given(INDUSTRY, INDUSTRY)
def test_proximity_is_symmetric_and_1_only_for_the_same(a, b):
    assert industry.proximity(a, b) == industry.proximity(b, a)
    assert (industry.proximity(a, b) == 1.0) == (a == b)
    assert (industry.proximity(a, b) == 0.0) == (a[0] != b[0])


@pytest.mark.parametrize("call", [industry.name_zh, industry.name_en, industry.ancestors])
def test_an_unknown_industry_is_refused(call):
    with pytest.raises(industry.UnknownIndustry, match="X9999"):
        call("X9999")
    with pytest.raises(industry.UnknownIndustry):
        industry.proximity("C39", "X9999")


def test_search_puts_equal_names_first_then_beginnings_then_coarser_levels():
    assert industry.search("集成电路") == ["I652", "C3973", "I6520"]
    assert industry.search("造纸")[:2] == ["C222", "C22"]
    assert industry.search("软件")[:3] == ["I65", "I651", "I"]
    assert industry.search("制造", 3) == industry.search("制造", 50)[:3]
    assert industry.search("") == industry.search("集成电路", 0) == industry.search("走廊") == []


@given(INDUSTRY)
def test_search_finds_every_name_by_itself(code):
    assert code in industry.search(industry.name_zh(code), 5)


def test_words_to_scan_for_leave_out_the_others():
    words = industry.words()
    assert words["集成电路制造"] == "C3973"
    assert words["国际组织"] == "T"
    assert "C39" not in words and "39" not in words
    assert not any(word.startswith("其他") for word in words)


# --- places ---


def test_place_counts():
    levels = Counter(len(code.rstrip("0")) <= 2 for code in places.load())
    assert len(places.load()) == 3209
    assert levels[True] == 31


def test_every_place_is_six_digits_under_a_province():
    assert all(len(c) == 6 and c.isdigit() for c in places.load())
    assert all(c[:2] + "0000" in places.load() for c in places.load())


@pytest.mark.parametrize(
    ("code", "full"),
    [
        ("310117", "上海市松江区"), ("330400", "浙江省嘉兴市"), ("330100", "浙江省杭州市"),
        ("330700", "浙江省金华市"), ("320500", "江苏省苏州市"), ("330500", "浙江省湖州市"),
        ("341800", "安徽省宣城市"), ("340200", "安徽省芜湖市"), ("340100", "安徽省合肥市"),
        ("330113", "浙江省杭州市临平区"), ("340210", "安徽省芜湖市湾沚区"),
        ("330421", "浙江省嘉兴市嘉善县"), ("429004", "湖北省仙桃市"), ("441900", "广东省东莞市"),
    ],
)  # fmt: skip
def test_well_known_places(code, full):
    assert places.full_name_zh(code) == full


def test_abolished_districts_are_gone():
    assert {"330103", "330104", "340221", "340208"}.isdisjoint(places.load())


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("330400", "330400"), ("３３０４００", "330400"), ("3304", "330400"), ("33", "330000"),
        ("310100", "310000"), ("嘉兴", "330400"), ("嘉兴市", "330400"), ("嘉善", "330421"),
        ("嘉善县", "330421"), ("嘉兴市嘉善县", "330421"), ("浙江嘉兴", "330400"),
        ("浙江省 / 嘉兴市 / 嘉善县", "330421"), ("浙江·嘉善", "330421"), ("上海松江", "310117"),
        ("松江", "310117"), ("上海", "310000"), ("上海市普陀区", "310107"), ("舟山普陀", "330903"),
        ("南京鼓楼", "320106"), ("芜湖", "340200"), ("吉林", "220000"), ("吉林市", "220200"),
        ("西安", "610100"), ("长沙", "430100"), ("河南", "410000"), ("内蒙古", "150000"),
        ("恩施", "422800"), ("浦东", "310115"), ("鄂温克", "150724"),
        ("神农架", "429021"), ("清新", "441803"), ("合作", "623001"),
    ],
)  # fmt: skip
def test_place_is_read_as_people_write_it(raw, code):
    assert places.normalise(raw) == code


@pytest.mark.parametrize(
    "raw", ["", " ", "330199", "31011", "3", "嘉", "嘉善线", "杭州嘉善", "井陉矿", "嘉兴" * 999]
)
def test_what_is_no_place_is_refused(raw):
    with pytest.raises(places.UnknownPlace):
        places.normalise(raw)


def test_a_shared_name_is_refused_with_its_candidates():
    with pytest.raises(places.AmbiguousPlace, match="江苏省南京市鼓楼区") as caught:
        places.normalise("鼓楼区")
    assert caught.value.candidates == ("320106", "320302", "350102", "410204")
    with pytest.raises(places.AmbiguousPlace):
        places.normalise("普陀")


def test_a_shared_name_is_settled_by_the_one_preferred_city():
    assert places.normalise("普陀区", ["330900"]) == "330903"
    assert places.normalise("普陀区", ["340100", "310000"]) == "310107"
    assert places.normalise("鼓楼区", ["350100"]) == "350102"
    assert places.normalise("西安", ["231000"]) == "231005"


def test_two_preferred_bearers_or_none_settle_nothing():
    with pytest.raises(places.AmbiguousPlace):
        places.normalise("鼓楼区", ["320000"])
    with pytest.raises(places.AmbiguousPlace):
        places.normalise("鼓楼区", ["330400"])
    with pytest.raises(places.AmbiguousPlace):  # though a city bears it too, elsewhere
        places.normalise("朝阳", ["110000", "220100"])


def test_among_preferred_bearers_the_only_city_is_meant():
    assert places.normalise("长沙", ["430100"]) == "430100"
    assert places.normalise("朝阳", ["110000"]) == "110105"
    assert places.normalise("朝阳", ["330400"]) == places.normalise("朝阳") == "211300"


def test_a_preferred_place_cannot_override_what_was_written_in_full():
    assert places.normalise("上海市普陀区", ["330900"]) == "310107"
    with pytest.raises(places.UnknownPlace):
        places.normalise("鼓楼区", ["999999"])


@given(PLACE)
def test_code_and_full_name_lead_back(code):
    assert places.normalise(code) == code
    assert places.normalise(places.full_name_zh(code)) == code


@given(PLACE)
def test_every_form_of_a_name_can_mean_the_place(code):
    forms = [form for form, found in places._names().items() if code in found]
    assert places.name_zh(code) in forms
    for form in forms:
        assert len(form) >= 2
        assert places.normalise(form, [code]) in places._names()[form]


@pytest.mark.parametrize(
    ("a", "b", "answer"),
    [
        ("330000", "330421", True), ("330400", "330421", True), ("330421", "330421", True),
        ("330421", "330400", False), ("330400", "330500", False), ("310000", "310117", True),
        ("310100", "310117", True), ("310200", "310151", True), ("310117", "310000", False),
        ("320000", "310117", False), ("420000", "429004", True), ("110000", "120101", False),
        ("460000", "460100", True), ("500000", "500157", True), ("130100", "131000", False),
    ],
)  # fmt: skip
def test_a_place_covers_what_lies_in_it(a, b, answer):
    assert places.covers(a, b) is answer


@given(PLACE, PLACE, PLACE)
def test_covers_is_an_order(a, b, c):
    assert places.covers(a, a)
    assert a == b or not (places.covers(a, b) and places.covers(b, a))
    assert places.covers(a, c) or not (places.covers(a, b) and places.covers(b, c))


@pytest.mark.parametrize(
    ("code", "city"),
    [
        ("330421", "330400"), ("330400", "330400"), ("310117", "310117"), ("310000", "310000"),
        ("310100", "310000"), ("429004", "429004"), ("469001", "469001"), ("659001", "659001"),
        ("441900", "441900"), ("460302", "460300"), ("330000", None), ("650000", None),
    ],
)  # fmt: skip
def test_city_of(code, city):
    assert places.city_of(code) == city


@given(PLACE)
def test_a_city_covers_its_place_and_is_its_own_city(code):
    province = code[:2] + "0000"
    assert places.covers(province, code)
    city = places.city_of(code)
    if city is None:
        assert code == province
    else:
        assert places.covers(city, code)
        assert places.city_of(city) == city


@pytest.mark.parametrize("code", ["330199", "990000", "31", "", "嘉兴"])
def test_an_unknown_place_code_is_refused(code):
    for call in (places.name_zh, places.full_name_zh, places.city_of):
        with pytest.raises(places.UnknownPlace):
            call(code)
    with pytest.raises(places.UnknownPlace):
        places.covers("330000", code)


def test_short_names_for_the_scanner():
    names = places.short_names()
    assert names["嘉兴"] == names["嘉兴市"] == ("330400",)
    assert names["嘉善"] == names["嘉善县"] == ("330421",)
    assert names["普陀"] == ("310107", "330903")
    assert names["合作市"] == ("623001",)
    assert not any(len(form) < 2 for form in names)
    assert not {"合作", "资源", "城区", "郊区", "阿里", "高要", "沧", "市辖区"} & names.keys()


def test_every_word_left_out_is_a_form_of_some_place():
    assert places.everyday() <= places._names().keys()


def test_the_nine_cities_are_scanned_under_both_their_names():
    cities = ["330400", "330100", "330700", "320500", "330500", "341800", "340200", "340100"]
    names = places.unique_names()
    for code in [*cities, "310117"]:
        full = places.name_zh(code)
        assert names[full] == names[full[:-1]] == code


def test_unique_names_agree_with_normalise():
    names = places.unique_names()
    assert names["吉林"] == "220000"
    assert "鼓楼区" not in names and "普陀" not in names
    for form in sorted(names)[::97]:
        assert places.normalise(form) == names[form]


def test_suggestions_are_names_that_can_be_read_back():
    assert places.suggest("嘉善线") == ["浙江省嘉兴市嘉善县"]
    assert places.suggest("合肥是")[0] == "安徽省合肥市"
    assert places.suggest("?") == places.suggest("合肥是", 0) == []
    for name in places.suggest("鼓楼区区", 9):
        assert places.full_name_zh(places.normalise(name)) == name


def test_every_english_name_reads_back_and_names_one_place() -> None:
    assert places.name_en("330400") == "Jiaxing"
    assert places.name_en("320500") == "Suzhou (Jiangsu)"
    assert {c for c in places.load() if places.normalise(places.name_en(c)) != c} == set()
