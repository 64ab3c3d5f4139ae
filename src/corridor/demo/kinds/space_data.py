"""What the synthetic spaces are like: sizes, heights, loads, and the phrases around them."""

from dataclasses import dataclass
from decimal import Decimal

#: Square metres of one 亩.
MU = Decimal("666.67")

Pair = tuple[Decimal, Decimal]


def _pair(low: str, high: str) -> Pair:
    return Decimal(low), Decimal(high)


@dataclass(frozen=True, slots=True)
class Form:
    """A form of space: size in ㎡ (land in 亩), height in m, floor load in t/㎡, rent factor."""

    code: str
    group: str
    words: tuple[str, ...]
    accepts: tuple[str, ...]
    size: tuple[str, str]
    rent: Decimal
    height: Pair | None = None
    load: Pair | None = None
    fire: bool = False


FORMS = (
    Form(
        "multi",
        "plant",
        ("标准厂房", "多层厂房", "厂房", "高标准厂房"),
        ("multi", "workshop"),
        ("600", "8000"),
        Decimal("0.85"),
        _pair("3.9", "7.2"),
        _pair("0.7", "3"),
        True,
    ),
    Form(
        "single",
        "plant",
        ("单层厂房", "钢结构厂房", "带行车厂房", "单层车间"),
        ("single", "workshop"),
        ("1500", "15000"),
        Decimal(1),
        _pair("8", "14"),
        _pair("2", "5"),
        True,
    ),
    Form(
        "land", "land", ("工业用地", "工业地块", "产业用地"), ("land",), ("15", "150"), Decimal(1)
    ),
    Form(
        "office",
        "office",
        ("办公用房", "写字楼", "办公场地"),
        ("office",),
        ("100", "2000"),
        Decimal("1.7"),
    ),
    Form(
        "lab",
        "office",
        ("实验室", "研发用房", "研发楼"),
        ("lab",),
        ("200", "3000"),
        Decimal("1.4"),
        _pair("3.6", "5.4"),
        _pair("0.4", "1"),
    ),
    Form(
        "warehouse",
        "store",
        ("仓库", "仓储用房", "高标仓"),
        ("warehouse",),
        ("1000", "20000"),
        Decimal("0.75"),
        _pair("7", "11"),
        _pair("2", "5"),
        True,
    ),
)
SEEK = (
    "{n}企业求租{c}{w}{a}",
    "寻{c}及周边{w}{a}",
    "求{a}{w}，用于{p}",
    "{p}项目选址：{w}{a}",
    "{n}项目需{w}{a}",
    "{c}{w}需求（{a}）",
    "{a}{w}求租求购",
    "{p}扩产，找{w}{a}",
)
WHY = {
    "plant": (
        "我司生产{p}，现有场地不够，需另找{w}",
        "{n}项目扩产，拟新增{p}生产线，寻{w}",
        "企业从外地迁入，主做{p}，求{w}",
        "新成立的{n}公司，准备上{p}产线，找{w}",
        "老厂房到期，{p}产线要整体搬迁，需要{w}",
        "为给下游客户就近配套{p}，想在附近落一处{w}",
    ),
    "land": (
        "拟投资新建{p}生产基地，需{w}",
        "总部型{n}企业扩建，主要生产{p}，寻找合适{w}",
        "{n}项目计划拿地自建厂房，产品为{p}",
        "企业上市募投项目，建设{p}产线，需要{w}",
    ),
    "office": (
        "{n}团队扩编，需{w}用于{p}的研发和测试",
        "设立{n}区域研发中心，求{w}",
        "创业团队做{p}，想找配套成熟的{w}",
        "公司{n}业务部门搬迁，寻{w}",
    ),
    "store": (
        "存放{p}成品，需{w}",
        "{n}企业建区域分拨仓，找{w}",
        "{p}备货量增加，求{w}，要求车辆进出方便",
    ),
}
HAVE = (
    "{c}{d}{w}{a}招商",
    "{d}{w}{a}，适合{n}企业",
    "{c}{w}招商：{a}",
    "{d}产业园{w}{a}",
    "{c}{d}{a}{w}可分割",
    "{n}主题园区{w}{a}",
    "{d}{a}{w}对外招商",
    "{c}{n}产业园{w}，余{a}",
)
DONE = {
    "plant": (
        "位于{d}的{w}，周边{n}企业集中",
        "园区新建{w}，主要面向{n}类企业",
        "{d}开发区内{w}，卡车进出方便",
        "企业自有{w}闲置，适合{n}生产",
        "{w}已竣工验收，优先{n}项目入驻",
        "{d}工业园{w}，水电齐全，食堂宿舍配套",
    ),
    "land": (
        "{d}新挂牌{w}，主导产业{n}",
        "{d}开发区净地，优先安排{n}项目",
        "标准地出让，适合{n}企业新建厂房",
    ),
    "office": (
        "{d}科创园{w}，拎包入驻，{n}企业聚集",
        "{d}核心地段{w}，适合{n}团队",
        "孵化器{w}出租，配公共会议室和中试间",
    ),
    "store": (
        "{d}{w}，临近物流枢纽，可停大车",
        "{d}高标准{w}，适合{n}企业存放成品",
        "园区{w}，24小时安保，带装卸平台",
    ),
}
