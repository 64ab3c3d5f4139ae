"""Reading free text: examples of every shape, laws, and text nobody should send."""

import subprocess
import sys
from datetime import date

import pytest

from corridor.engine.factors import (
    Range,
    Side,
    days,
    kind,
    value_text,
)
from corridor.engine.text import (
    read,
)

TODAY = date(2026, 11, 22)
EXAMPLE = "想在嘉兴或松江找3000平单层厂房,层高8米以上,带行车,租金1块以内,年底前搬"


def values(text, of=None, side="need"):
    return read(text, kind(of) if of else None, Side(side), today=TODAY).values()


def said(text, of, side="need"):
    """The values as text, for tables."""
    by_name = kind(of).by_name
    return {n: value_text(by_name[n], v).zh for n, v in values(text, of, side).items()}


def test_importing_the_room_loads_nothing_heavy():
    script = (
        "import sys, corridor.engine.text; print({'cn2an', 'numpy', 'polars'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


def test_the_shown_example():
    reading = read(EXAMPLE, today=TODAY)
    assert (reading.kind, reading.side) == ("space", Side.NEED)
    assert reading.values() == {
        "place": frozenset({"330400", "310117"}),
        "premises": frozenset({"single"}),
        "tenure": frozenset({"rent"}),
        "area": Range.exactly(3000),
        "clear_height": Range.between(8, None),
        "crane": Range.exactly(1),
        "rent": Range.between(None, 1),
        "available": days(None, date(2026, 12, 31)),
    }
    spans = {f.attribute.name: EXAMPLE[f.start : f.end] for f in reading.fields}
    assert spans["area"] == "3000平"
    assert spans["clear_height"] == "8米以上"
    assert spans["rent"] == "1块以内"
    assert spans["available"] == "年底前"
    assert spans["crane"] == "行车"


NEEDS = [
    (
        "space",
        "两三千平的厂房，不要高层，层高不低于9米",
        {"premises": "厂房", "area": "2000~3000 ㎡", "clear_height": "≥9 米"},
    ),
    ("space", "每平每天1块5以内，押一付三", {"rent": "≤1.5 元/㎡/天", "deposit": "1 个月"}),
    ("space", "用电400千伏安以上，年用电500万度", {"power": "≥400 千伏安"}),
    ("space", "不带行车，有没有喷淋", {"crane": "否", "sprinkler": "是"}),
    ("space", "公司成立12年，5条产线，年产值2亿", {}),
    ("space", "目前在上海租了2000平不够用，要找5000平", {"area": "5000 ㎡"}),
    (
        "capital",
        "融资500-800万，去年营收1.2亿净利润900万",
        {"amount": "500~800 万元", "revenue": "12000 万元", "profit": "900 万元"},
    ),
    (
        "capital",
        "股权也行，不考虑债权，额度100万美元以内",
        {"financing": "股权", "amount": "≤710 万元"},
    ),
    (
        "talent",
        "招2名工程师，本科及以上，月薪8000-12000",
        {"form": "岗位", "count": "2 人", "degree": "≥本科", "salary": "9.6~14.4 万元/年"},
    ),
    ("talent", "本科或硕士，一个月内到岗", {"degree": "本科~硕士", "start": "≤2026-12-22"}),
    (
        "product",
        "采购1万2千个，20天内交货，每个2块5以内",
        {"quantity": "12000", "lead_time": "≤20 天", "unit_price": "≤2.5 元"},
    ),
    (
        "product",
        "起订量500件，通过CCC认证，送到嘉善",
        {"quantity": "≥500", "certificate": "CCC", "delivery_place": "嘉善县"},
    ),
    (
        "technology",
        "TRL6以上，预算80万以内，明年6月底之前完成",
        {"trl": "≥6", "price": "≤80 万元", "due": "≤2027-06-30"},
    ),
    (
        "instrument",
        "30个样送检，每个样200元以内，一周内出结果",
        {
            "service": "检测",
            "samples": "30 件",
            "price_sample": "≤200 元/样",
            "turnaround": "≤7 天",
        },
    ),
    ("policy", "没有高企资质，有专精特新，成立3年", {"qualification": "专精特新", "years": "3 年"}),
    (
        "exhibit",
        "采购设备60台，12月8日见面",
        {"cooperation": "采购", "quantity": "60", "available": "2026-12-08"},
    ),
]


@pytest.mark.parametrize(("of", "text", "expected"), NEEDS, ids=[n[1] for n in NEEDS])
def test_needs(of, text, expected):
    found = said(text, of)
    found.pop("place", None)
    assert found == expected


def test_what_an_offer_refuses_goes_to_the_attribute_that_excludes():
    offer = said("厂房3800平，化工、电镀勿扰", "space", "offer")
    assert offer["excluded_industry"] == "化学原料和化学制品制造业、金属表面处理及热处理加工"
    assert "excluded_industry" not in said("厂房3800平，化工、电镀勿扰", "space", "need")


EXCLUDED = "化学原料和化学制品制造业、金属表面处理及热处理加工"


@pytest.mark.parametrize(
    "refusal",
    [
        "化工、电镀谢绝",
        "化工企业、电镀企业除外",
        "拒绝化工、电镀",
        "不涉及化工、电镀",
        "不碰化工、电镀",
        "不要化工、危化品类、电镀企业",
        "不涉及危化品、化工、电镀",
    ],
)
def test_refusals_in_many_words(refusal):
    offer = said(f"厂房3800平出租，{refusal}", "space", "offer")
    assert offer["excluded_industry"] == EXCLUDED
    assert "industry" not in offer


@pytest.mark.parametrize("refusal", ["不投", "不看", "不考虑", "不做"])
def test_what_a_fund_refuses_is_not_its_industry(refusal):
    fund = said(f"产业基金，{refusal}房地产、P2P、餐饮，专注生物医药", "capital", "offer")
    assert fund["industry"] == "医药制造业"


def test_a_refused_thing_is_not_a_wish():
    reading = read("不要化工、电镀企业，厂房5000平出租", today=TODAY)
    assert (reading.kind, reading.side) == ("space", Side.OFFER)
    assert (
        said("不要化工、电镀企业，厂房5000平出租", "space", "offer")["excluded_industry"]
        == EXCLUDED
    )


def test_at_once_in_an_offer_is_from_today_on():
    offer = read("厂房3000平，即日起可入驻，随时看房", kind("space"), Side.OFFER, today=TODAY)
    assert offer.values()["available"] == days(TODAY, None)
    need = read("找厂房3000平，即日起入驻", kind("space"), Side.NEED, today=TODAY)
    assert need.values()["available"] == days(None, date(2026, 12, 22))
    assert "available" not in said("厂房3000平出租，随时看房", "space", "offer")


@pytest.mark.parametrize("text", ["月租15元一平", "月租每平15元", "月租15元/平"])
def test_a_monthly_rent_by_area(text):
    assert said(text, "space", "offer")["rent"] == "0.493151 元/㎡/天"


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("厂房3000平，租金25万/年", ["25万/年"]),
        ("厂房3000平，租金1.2万/年", ["1.2万/年"]),
        ("厂房3000平，租金3000元/年", ["3000元/年"]),
        ("厂房3000平，月租15元", ["15元"]),
        ("找一个厂房3000平，预算500万以内", ["500万以内"]),
        ("厂房3000平，净高8米，年底前搬，电话13800001234", []),
        ("目前租了2000平不够用，要找5000平", []),
    ],
)
def test_amounts_that_were_read_into_nothing_are_shown(text, unread):
    reading = read(text, kind("space"), Side.OFFER, today=TODAY)
    assert [text[start:end] for start, end in reading.unread] == unread
    assert "rent" not in reading.values()


def test_an_offer_of_so_many_pieces_is_the_most():
    offer = read("供应轴承，可供8000个", kind("product"), Side.OFFER, today=TODAY)
    assert offer.limits()["quantity"] == Range.between(None, 8000)


def test_a_converted_sum_says_the_rate():
    reading = read("额度100万美元以内", kind("capital"), Side.NEED, today=TODAY)
    assert [n.zh for n in reading.notes()] == ["按参考汇率 7.1 折算，请核对。"]


def test_a_lower_and_an_upper_bound_are_joined_and_a_contradiction_is_noted():
    offer = read("总面积1.5万平，500平起租", kind("space"), Side.OFFER, today=TODAY)
    assert offer.values()["area"] == Range.between(500, 15000)
    twice = read("面积3000平，面积5000平", kind("space"), Side.NEED, today=TODAY)
    assert twice.values()["area"] == Range.exactly(3000)
    assert "5000平" in twice.notes()[0].zh


@pytest.mark.parametrize(
    ("text", "of", "side"),
    [
        ("招聘2名机械工程师", "talent", Side.NEED),
        ("标准厂房出租，8000平", "space", Side.OFFER),
        ("产业基金，单笔500-3000万，投天使轮", "capital", Side.OFFER),
        ("求购轴承5000套", "product", Side.NEED),
        ("今天天气不错", None, Side.NEED),
    ],
)
def test_kind_and_side_are_guessed(text, of, side):
    reading = read(text, today=TODAY)
    assert (reading.kind, reading.side) == (of, side)


def test_near_settles_a_district_that_several_cities_have():
    def place(near):
        return (
            read("找鼓楼区的办公室", kind("space"), Side.NEED, today=TODAY, near=near)
            .values()
            .get("place")
        )

    assert place([]) is None
    assert place(["320100"]) == {"320106"}
    assert values("南京鼓楼区的办公室", "space")["place"] == {"320106"}
