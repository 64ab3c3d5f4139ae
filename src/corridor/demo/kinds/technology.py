"""Synthetic technology needs and results."""

from decimal import Decimal

from corridor.engine.factors import Side, number_text

from ..pen import Pen, money, month_end
from ..words import Topic

_STAGES = (("rd", 2, 4), ("lab", 4, 5), ("pilot", 6, 6), ("sample", 6, 7), ("mass", 8, 9))
_SEEK = (
    "{c}企业寻求{t}技术",
    "{t}难题求解",
    "{n}生产中的{t}问题攻关",
    "求{t}合作单位",
    "委托开发：{t}",
    "关于{t}的技术需求",
    "急需{t}解决方案",
    "{n}企业征集{t}方案",
)
_TROUBLE = (
    "公司主要生产{p}等产品，目前在{t}方面遇到瓶颈",
    "我司做{n}多年，{t}一直没有解决好，客户多次反馈",
    "公司产品有{p}等，下一代产品需要突破{t}",
    "新产品试制时发现{t}达不到指标，内部试了几轮没有结果",
    "拟在{n}产品上作工艺改进，需要{t}方面的成熟方案",
    "进口方案价格高、交期长，希望在{t}上找到国内替代",
    "随着{n}订单增加，{t}成了影响交付的关键",
)
_HAVE = (
    "{t}技术成果转化",
    "{t}：可用于{n}",
    "自主研发的{t}方案",
    "面向{n}的{t}技术",
    "{t}工艺包对外合作",
    "{t}关键技术及应用",
    "{c}{n}团队{t}成果",
    "{t}（{g}）寻求产业化合作",
)
_DONE = (
    "团队多年从事{n}研究，在{t}方面形成整套方案",
    "针对{n}企业的共性问题，开发了{t}技术",
    "本成果面向{t}，思路与现有做法不同，成本有优势",
    "围绕{t}完成了从机理到装置的研究",
    "该技术采用新的工艺路线实现{t}，适合{p}等生产企业导入",
    "依托{n}方向的项目积累，形成{t}能力",
)


def _metric(pen: Pen, topic: Topic) -> None:
    low, high = topic.span
    places = max(len(n.partition(".")[2]) for n in topic.span)
    step = "0." + "0" * (places - 1) + "1" if places else "1"
    number = pen.draw.nice(low, high) if Decimal(low) >= 100 else pen.draw.step(low, high, step)
    phrases = ("要求{}", "目标{}", "{}") if pen.side is Side.NEED else ("实测{}", "指标：{}", "{}")
    pen.note("metrics", f"{topic.label}{topic.sign}{number_text(number)}{topic.unit}", *phrases)


def need(pen: Pen) -> None:
    """A problem to be solved, or a mature result wanted."""
    draw, topic, product = pen.draw, pen.draw.pick(pen.field.topics), pen.draw.pick(pen.field.goods)
    words = {
        "t": draw.pick(topic.names),
        "p": draw.pick(product.names),
        "c": pen.city.zh,
        "n": pen.field.name,
    }
    pen.title = draw.pick(_SEEK).format(**words)
    pen.lead = draw.pick(_TROUBLE).format(**words | {"t": draw.pick(topic.names)})
    _metric(pen, topic)
    if pen.choosy:
        pen.choose("cooperation", ["transfer"], "只接受{}")
        pen.put("price", draw.between(2, 5), "预算{}万元以内")
        pen.grade("stage", "mass", "成熟度须为{}")
    elif draw.chance(35):
        _mature(pen)
    else:
        _develop(pen)
    if "months" not in pen.values and pen.often(45):
        pen.due("due", month_end(pen.today, draw.between(4, 20)), "{}前完成", "希望{}前拿出结果")
    if pen.often(35):
        pen.choose("ip_owner", [draw.pick(("need", "shared", "need"))], "成果{}", "知识产权{}")
    if pen.often(30):
        pen.yes("confidential", "需签保密协议")
    if pen.often(12):
        pen.choose("place", [pen.city.code, *pen.city.near])
    pen.sector()


def _mature(pen: Pen) -> None:
    draw = pen.draw
    pen.grade(
        "stage",
        draw.pick(("pilot", "sample", "sample", "mass")),
        "成熟度要求：{}",
        "成熟度不低于“{}”",
    )
    if pen.often(35):
        pen.put("trl", draw.between(6, 8), "成熟度TRL{}级以上")
    pen.choose(
        "cooperation",
        draw.some(("transfer", "licence", "equity"), draw.between(1, 2)),
        "希望以{}方式合作",
        "可谈{}",
    )
    if pen.often():
        pen.put("price", draw.nice(30, 800), "预算{}万元以内", "费用不超过{}万元")
    if pen.often(40):
        pen.grade("ip_status", "granted", "专利须{}")


def _develop(pen: Pen) -> None:
    draw = pen.draw
    pen.choose(
        "cooperation",
        draw.some(("develop", "develop", "service", "consult"), draw.between(1, 3)),
        "合作方式：{}",
        "希望{}",
    )
    if pen.often(75):
        pen.put("price", draw.nice(15, 600), "预算{}万元", "研发经费{}万元以内", "可投入{}万元")
    if pen.often(65):
        pen.put(
            "months",
            draw.pick((6, 8, 10, 12, 12, 18, 18, 24, 24, 36)),
            "周期不超过{}个月",
            "{}个月内完成",
        )
    if pen.often(20):
        pen.grade("stage", draw.pick(("lab", "lab", "pilot")), "希望对方已有{}基础")
    if pen.often(22):
        pen.yes("open_call", "可揭榜挂帅", "已列入揭榜项目")


def offer(pen: Pen) -> None:
    """A research result or a technical service."""
    draw, topic, product = pen.draw, pen.draw.pick(pen.field.topics), pen.draw.pick(pen.field.goods)
    stage, low, high = draw.weighted(
        tuple((s, w) for s, w in zip(_STAGES, (12, 25, 25, 20, 18), strict=True))
    )
    label = {"rd": "研发", "lab": "小试", "pilot": "中试", "sample": "已有样品", "mass": "可量产"}[
        stage
    ]
    words = {
        "t": draw.pick(topic.names),
        "p": draw.pick(product.names),
        "c": pen.city.zh,
        "n": pen.field.name,
        "g": label,
    }
    pen.title = draw.pick(_HAVE).format(**words)
    pen.lead = draw.pick(_DONE).format(**words | {"t": draw.pick(topic.names)})
    _metric(pen, topic)
    pen.grade("stage", stage, "目前成熟度为{}", "成熟度：{}")
    if pen.often(60):
        pen.put("trl", draw.between(low, high), "TRL{}级")
    _rights(pen)
    _deal(pen, early=stage in ("rd", "lab"))
    pen.capacity = draw.between(1, 4)
    pen.sector()


def _deal(pen: Pen, *, early: bool) -> None:
    draw = pen.draw
    licence = draw.pick(("licence", "licence", "exclusive", "sole", "ordinary"))
    modes = (
        ("develop", "equity", "service")
        if early
        else ("transfer", licence, "equity", "develop", "service")
    )
    chosen = draw.some(modes, draw.between(1, 3))
    pen.choose("cooperation", chosen, "可{}", "合作方式：{}", "接受{}")
    if "transfer" in chosen or pen.often(65):
        price = draw.nice(12, 120) if early else draw.nice(20, 500)
        pen.facts.append(
            draw.pick(("价格{}", "报价{}", "费用约{}")).format(money(pen.put("price", price)))
        )
    else:
        pen.facts.append("价格面议")
    _offer_terms(pen, early=early)


def _offer_terms(pen: Pen, *, early: bool) -> None:
    draw = pen.draw
    if pen.often(65):
        usual = (9, 12, 12, 18, 24) if early else (3, 4, 6, 6, 8, 9, 12, 12)
        pen.put("months", draw.pick(usual), "导入周期约{}个月", "{}个月可交付")
    if pen.often(25):
        pen.choose("ip_owner", [draw.pick(("shared", "offer", "need"))], "后续成果{}")
    if pen.often(30):
        pen.yes("confidential", "可签保密协议")
    if pen.often(25):
        pen.yes("open_call", "接受揭榜")


def _rights(pen: Pen) -> None:
    draw = pen.draw
    if not pen.often(70):
        return
    kind = (
        "software"
        if pen.field.domains == ("soft",) and draw.chance(70)
        else draw.pick(("patent", "patent", "patent", "secret"))
    )
    pen.choose("ip_type", [kind])
    if kind == "patent":
        status = draw.weighted((("granted", 65), ("pending", 30), ("none", 5)))
        if status != "none":
            pen.grade("ip_status", status, "发明专利{}", "核心专利{}")
    elif kind == "software":
        pen.facts.append("已登记软件著作权")
