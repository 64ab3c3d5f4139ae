"""Synthetic exhibits of an import fair and those who would buy, represent or host them."""

from datetime import timedelta
from decimal import Decimal

from corridor.engine.factors import days

from ..pen import Pen, money
from ..words import Exhibit, exhibits, fields

_SYLLABLES = (
    "ver",
    "lu",
    "mo",
    "kan",
    "tel",
    "ri",
    "sol",
    "ne",
    "bra",
    "vi",
    "dor",
    "fen",
    "zu",
    "hal",
)
#: Zones whose exhibitors sell, and seek no site.
_TRADED = ("food", "consumer", "service")
_SOUGHT = {"buy": "采购商", "agent": "代理商", "venture": "合资伙伴", "settle": "落户地"}
_ZONE = {
    "life": "科技生活",
    "auto": "汽车",
    "equipment": "技术装备",
    "medical": "医疗器械及医药保健",
    "consumer": "消费品",
    "food": "食品及农产品",
    "service": "服务贸易",
}


def _lot(pen: Pen, thing: Exhibit) -> Decimal:
    price = Decimal(thing.price[0])
    return pen.draw.nice(max(1, int(50_000 / price)), max(3, int(1_500_000 / price)))


_NEED_LEADS = (
    "在进博会{z}展区看到{f}，想用于{u}",
    "公司客户有{u}需求，计划引进{f}",
    "对{k}等国的{f}有兴趣，用途为{u}",
    "渠道覆盖长三角，{u}方向想增加{f}",
)


def need(pen: Pen) -> None:
    """A buyer, an agent, or a place that wants an exhibit's maker."""
    draw = pen.draw
    thing = draw.pick([e for e in exhibits() if not pen.choosy or e.zone in _TRADED])
    mode = draw.weighted(
        ((("buy",), 55), (("agent",), 20), (("buy", "agent"), 15), (("venture", "settle"), 10))
    )
    if pen.choosy:
        mode = ("settle",)
    elif thing.zone in _TRADED and "venture" in mode:
        mode = ("buy", "agent")
    words = {
        "e": draw.pick(thing.names),
        "f": draw.pick(thing.names),
        "z": _ZONE[thing.zone],
        "c": pen.city.zh,
        "u": thing.use,
        "k": draw.pick(thing.countries),
    }
    pen.choose("zone", [thing.zone], "关注{}展区")
    pen.choose("cooperation", mode, "合作方式：{}", "希望{}")
    pen.title = draw.pick(
        {
            "buy": ("采购进博展品{e}", "意向采购{e}", "{c}采购商寻{e}", "{u}需采购{e}"),
            "agent": ("寻{e}国内代理权", "{c}企业愿代理{e}", "{z}展区{e}代理意向"),
        }.get(mode[0], ("邀{e}厂商来{c}合作", "引进{e}项目落地{c}", "与{e}展商合资意向"))
    ).format(**words)
    pen.lead = draw.pick(_NEED_LEADS).format(**words)
    _wanted(pen, thing, mode)
    _meet(pen)
    pen.sector(fields()[thing.industry])


def _wanted(pen: Pen, thing: Exhibit, mode: tuple[str, ...]) -> None:
    draw = pen.draw
    if "buy" in mode and pen.often(80):
        lot = Decimal(int(_lot(pen, thing)))
        if pen.often(80):
            pen.choose("measure", [pen.measure(thing.unit)])
        pen.put("quantity", lot, f"意向数量{{}}{thing.unit}")
        if pen.often(60):
            pen.put("unit_price", draw.nice(*thing.price), "单价不超过{}元")
        if pen.often(45):
            amount = max(Decimal(1), (lot * Decimal(thing.price[1]) / 10_000).quantize(Decimal(1)))
            pen.facts.append(f"意向金额{money(pen.put('amount', amount))}")
            pen.choose("amount_basis", [draw.pick(("once", "yearly"))], "金额为{}")
    if pen.often(35):
        pen.grade(
            "access",
            *draw.pick((("registering", "至少已在办理准入"), ("cleared", "须已完成国内准入"))),
        )
    if "agent" in mode and pen.often(60):
        pen.choose("agency", ["none"], "限国内{}的品牌")


def _meet(pen: Pen) -> None:
    if pen.often(55):
        first = pen.today + timedelta(days=pen.draw.between(3, 40))
        last = first + timedelta(days=pen.draw.between(1, 12))
        pen.values["available"] = days(first, last)
        pen.facts.append(f"{first.month}月{first.day}日至{last.month}月{last.day}日可洽谈")


_OFFER_TITLES = (
    "{k}{e}寻{s}",
    "进博展品：{k}{e}",
    "{b}{e}（{k}）寻国内合作",
    "{e}招{s}",
    "{k}{b}牌{e}",
    "{z}展区{e}推介",
)


_OFFER_LEADS = (
    "{k}品牌{b}带来{f}，适合{u}，寻求{s}",
    "{f}用于{u}，产地{k}，本次参展希望找到{s}",
    "代表{k}展商推介{f}，用途为{u}，诚寻{s}",
)


def offer(pen: Pen) -> None:
    """An exhibit that seeks buyers, agents, ventures or a site."""
    draw, thing = pen.draw, pen.draw.pick(exhibits())
    grow = () if thing.zone in _TRADED else ("venture", "settle")
    sought = draw.some(("buy", "buy", "agent", *grow), draw.between(1, 3))
    brand = pen.note("brand", "".join(draw.some(_SYLLABLES, draw.between(2, 3))).capitalize())
    country = pen.note("country", draw.pick(thing.countries))
    words = {
        "e": draw.pick(thing.names),
        "f": draw.pick(thing.names),
        "z": _ZONE[thing.zone],
        "k": country,
        "b": brand,
        "u": thing.use,
        "s": "、".join(_SOUGHT[s] for s in dict.fromkeys(sought)),
    }
    pen.choose("zone", [thing.zone], "{}展区")
    pen.choose("cooperation", sought)
    pen.title = draw.pick(_OFFER_TITLES).format(**words)
    pen.lead = draw.pick(_OFFER_LEADS).format(**words)
    pen.note("edition", "第九届", "{}进博会参展")
    if thing.heading != "9999" and pen.often(70):
        pen.note("hs_code", thing.heading, "HS编码{}")
    if pen.often(45):
        pen.note("booth", f"{draw.between(1, 8)}.{draw.between(1, 2)}号馆", "展位在{}")
    if pen.often(60):
        pen.grade(
            "debut", draw.weighted((("none", 40), ("china", 35), ("asia", 17), ("world", 8))), "{}"
        )
    if pen.often(72):
        pen.grade("access", draw.weighted((("registering", 35), ("cleared", 65))), "{}")
    if pen.often(55):
        pen.choose("agency", [draw.pick(("none", "none", "held"))], "国内{}")
    _supply(pen, thing)
    _meet(pen)
    pen.capacity = draw.between(1, 5)
    pen.sector(fields()[thing.industry])


def _supply(pen: Pen, thing: Exhibit) -> None:
    draw = pen.draw
    least = Decimal(int(max(Decimal(1), _lot(pen, thing) / draw.pick((2, 5, 10)))))
    if pen.often(80):
        if pen.often(90):
            pen.choose("measure", [pen.measure(thing.unit)])
        most = least * draw.pick((3, 5, 10) if Decimal(thing.price[0]) > 50_000 else (20, 50, 200))
        pen.span("quantity", least, most, f"起订{{}}{thing.unit}，最多可供{{}}{thing.unit}")
    if pen.often(70):
        pen.put("unit_price", draw.nice(*thing.price), "参考价{}元", f"单价{{}}元/{thing.unit}")
    if thing.zone != "service" and pen.often(30):
        pen.yes("bonded_sample", "有保税样品可看")
