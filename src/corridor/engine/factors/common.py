"""Attributes every kind shares, and the code lists that several kinds use."""

import re
from dataclasses import replace
from functools import cache

from .attribute import Attribute, Relation, Side, Type, called, coded
from .codelist import TreeList, UnknownCode, code_list
from .codes import chains, industry, places, strategic
from .codes.trade_words import trade_words
from .label import Label

# --- trees ---


_CODED = re.compile(
    r"^ *([A-Ta-t][0-9]{0,4})[ :：·-]+(.+)$|^(.+?) *[(（]([A-Ta-t][0-9]{0,4})[)）] *$"
)


def _read_industry(raw: str) -> str:
    """A code, a name, or both (C3973 集成电路制造): then they must agree."""
    code = industry.normalise(raw)
    if code is None and (both := _CODED.match(raw)):
        named = industry.normalise(both[1] or both[4])
        name = "".join((both[2] or both[3]).split()).lower()
        if named and name in ("".join(n.split()).lower() for n in _industry_names(named)):
            return named
    if code is None:
        near = industry.search(raw, 3) if len(raw) <= 20 else []
        raise UnknownCode(raw, tuple(industry.name_zh(c) for c in near))
    return code


def _industry_names(code: str) -> tuple[str, str]:
    return industry.name_zh(code), industry.name_en(code)


@cache
def _industry_label(code: str) -> Label:
    """The names; with the code where the name alone is read as another (a group and its class)."""
    zh, en = _industry_names(code)
    return Label(zh if industry.normalise(zh) == code else f"{zh}({code})", f"{en} ({code})")


@cache
def _place_label(code: str) -> Label:
    """The place's own name, or the full one where several places bear it."""
    zh, en = places.name_zh(code), places.name_en(code)
    try:
        alone = places.normalise(zh) == code
    except places.AmbiguousPlace:
        alone = False
    if alone:
        return Label(zh, en)
    return Label(places.full_name_zh(code), en)


def _read_place(raw: str) -> str:
    try:
        return places.normalise(raw)
    except places.AmbiguousPlace as error:
        names = tuple(places.full_name_zh(c) for c in error.candidates[:4])
        raise UnknownCode(raw, names) from error
    except places.UnknownPlace as error:
        raise UnknownCode(raw, tuple(places.suggest(raw))) from error


INDUSTRIES = TreeList(
    "industry",
    Label(
        "GB/T 4754-2017 行业代码或名称，如 C3973 或 集成电路制造",
        "GB/T 4754-2017 code or Chinese name, such as C3973",
    ),
    _read_industry,
    _industry_label,
    lambda ask, answer: answer.startswith(ask),
    trade_words,
    industry.proximity,
)
PLACES = TreeList(
    "place",
    Label(
        "GB/T 2260 省市区县名称或 6 位代码，如 嘉兴 或 330400",
        "GB/T 2260 name or 6-digit code, such as 330400",
    ),
    _read_place,
    _place_label,
    places.covers,
    places.unique_names,
    lambda a, b: 1.0 if places.covers(a, b) or places.covers(b, a) else 0.0,
)
STRATEGIC = code_list("strategic", *strategic())
CHAINS = code_list("chain", *chains())

# --- attributes ---


def place(*, hard: bool, asked_by: Side = Side.NEED, home: bool = True) -> Attribute:
    """Where: one side accepts places, the other is (or serves, or will go) in places.

    ``home``: an answering side that names no place is where its city is.
    """
    shape = coded(
        "place", "城市", "City", PLACES, Relation.ONE_OF, hard=hard, asked_by=asked_by,
        cues="城市 地区 地点 区域 所在地 位置 落户 选址",
    )  # fmt: skip
    return replace(called(shape, "可接受城市|Cities accepted", "服务城市|Cities served"), home=home)


def near_industry() -> Attribute:
    """The industries on both sides, compared by their distance in the classification."""
    return coded(
        "industry", "行业", "Industry", INDUSTRIES, Relation.NEAR, cues="行业 产业 领域 主营 从事"
    )


def sector() -> tuple[Attribute, ...]:
    """Industry, emerging-industry field and corridor chain, all preferences."""
    return (
        called(near_industry(), "行业|Industry", "行业|Industry"),
        called(
            coded(
                "strategic",
                "战略性新兴产业",
                "Strategic emerging industry",
                STRATEGIC,
                Relation.ONE_OF,
                weight=0.5,
            ),
            "战略性新兴产业|Strategic emerging industry",
        ),
        called(
            coded("chain", "产业链", "Industry chain", CHAINS, Relation.ONE_OF, weight=0.5),
            "产业链|Industry chain",
        ),
    )


def industry_limit(name: str, zh: str, en: str, relation: Relation, *, cues: str) -> Attribute:
    """Industries an offer takes or refuses; the need answers with its own industry."""
    return Attribute(
        name,
        Label(zh, en),
        Type.CODES,
        relation,
        hard=True,
        asked_by=Side.OFFER,
        codes=INDUSTRIES,
        cues=tuple(cues.split()),
        asker=Label(zh, en),
        answered_by="industry",
    )


def measure() -> Attribute:
    """What quantity and unit price are counted in; both sides must mean the same."""
    return called(
        coded("measure", "计量单位", "Measure", MEASURES, Relation.ONE_OF, hard=True),
        "计量单位|Measure",
        "计量单位|Measure",
    )


# --- code lists several kinds use ---

#: Words for single things are one code: a buyer's 套 is a seller's 台. Packages are not.
MEASURES = code_list(
    "measure",
    "piece|件|Piece|个 只 台 套 台套 片 支 颗 辆 双 根 条 把 块 张 副 pcs",
    "t|吨|Tonne|t",
    "kg|千克|Kilogram|公斤 kg",
    "g|克|Gram|g",
    "m|米|Metre|m",
    "m2|平方米|Square metre|㎡",
    "m3|立方米|Cubic metre|m³",
    "L|升|Litre",
    "box|箱|Box",
    "packet|盒|Packet",
    "bottle|瓶|Bottle",
    "barrel|桶|Barrel",
    "bag|袋|Bag|包",
    "roll|卷|Roll",
    "batch|批|Batch",
    "job|项|Job|次",
    in_text=False,
)

TECH_STAGE = code_list(
    "tech_stage",
    "rd|研发|Research|研发中 尚在研发 在研 实验室阶段 研发阶段 理论验证",
    "lab|小试|Lab scale|小试阶段 小试完成",
    "pilot|中试|Pilot scale|中试阶段 中试完成 完成中试",
    "sample|已有样品|Prototype|样品 样机 有样机 已有样机",
    "mass|可量产|Ready for production|量产 产业化 批量生产 成熟 已量产 规模化生产 可产业化",
)
QUALIFICATION = code_list(
    "qualification",
    "none|无|None",
    "hightech|高新技术企业|High-tech enterprise|高企 国高 国家高新",
    "sme_tech|科技型中小企业|Technology SME|科小",
    "special|专精特新|Specialised SME|专精特新中小企业",
    "giant|专精特新小巨人|Little giant|小巨人",
    "champion|制造业单项冠军|Single champion|单项冠军",
    "gazelle|瞪羚企业|Gazelle|瞪羚",
    "unicorn|独角兽|Unicorn|独角兽企业",
    "listed|上市公司|Listed company|上市企业",
    implies={"giant": ("special",)},
)
CERTIFICATES = code_list(
    "certificate",
    "iso9001|ISO9001|ISO 9001|iso9001质量体系",
    "iso14001|ISO14001|ISO 14001",
    "iso13485|ISO13485|ISO 13485",
    "iatf16949|IATF16949|IATF 16949|ts16949 16949",
    "ccc|CCC|CCC|3c 3c认证 ccc认证 强制性认证",
    "ce|CE|CE|ce认证",
    "fda|FDA|FDA|fda认证",
    "rohs|RoHS|RoHS|rohs认证",
    "ul|UL|UL|ul认证",
    "gmp|GMP|GMP|gmp认证",
    "device|医疗器械注册证|Medical device registration|注册证 器械注册证",
    "food|食品生产许可证|Food production licence|食品准入 sc证 食品许可",
)


def qualification() -> Attribute:
    """Titles an enterprise holds, where an offer asks for one of them."""
    shape = coded(
        "qualification",
        "企业资质",
        "Qualification",
        QUALIFICATION,
        Relation.ONE_OF,
        hard=True,
        asked_by=Side.OFFER,
    )
    return called(shape, "要求企业资质|Qualification required", "企业资质|Qualification")
