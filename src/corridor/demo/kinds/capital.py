"""Synthetic financing needs and funds, banks, leases."""

from decimal import Decimal

from corridor.engine.factors import Range

from ..pen import Pen, money, month_end

#: Round, usual amount in 10k yuan, equity given in percent, revenue last year in 10k yuan.
_ROUNDS = (
    ("seed", (50, 300), (5, 15), (0, 50)),
    ("angel", (200, 1000), (8, 20), (10, 300)),
    ("pre_a", (500, 2000), (6, 15), (100, 1000)),
    ("a", (1000, 5000), (8, 18), (500, 4000)),
    ("b", (3000, 12000), (6, 15), (3000, 15000)),
    ("c", (8000, 30000), (5, 12), (8000, 40000)),
    ("d", (15000, 60000), (4, 10), (20000, 80000)),
    ("pre_ipo", (20000, 100000), (3, 8), (30000, 150000)),
)
_LABEL = {
    "seed": "种子轮融资",
    "angel": "天使轮融资",
    "pre_a": "Pre-A轮融资",
    "a": "A轮融资",
    "b": "B轮融资",
    "c": "C轮融资",
    "d": "D轮融资",
    "pre_ipo": "Pre-IPO轮融资",
}
#: Loan form: amount in 10k yuan, rate asked in tenths of a percent, term in months, security.
_LOANS = {
    "debt": ((100, 3000), (30, 55), (12, 36), ("property", "guarantor", "receivable", "none")),
    "tech_loan": ((100, 2000), (28, 45), (12, 36), ("none", "ip", "guarantor")),
    "ip_pledge": ((100, 1000), (32, 48), (12, 24), ("ip",)),
    "lease": ((200, 8000), (45, 80), (24, 60), ("equipment", "guarantor")),
    "guarantee": ((100, 3000), (10, 25), (12, 36), ("guarantor", "property", "receivable")),
}
_LOAN_LABEL = {
    "debt": "流动资金贷款",
    "tech_loan": "科技贷款",
    "ip_pledge": "专利质押贷款",
    "lease": "设备融资租赁",
    "guarantee": "融资担保",
}
_USES = {
    "equity": (
        "扩建{p}产线",
        "{p}新品研发",
        "{t}产业化",
        "市场拓展和海外认证",
        "{n}产能建设",
        "组建{t}研发团队",
    ),
    "debt": ("补充流动资金", "采购原材料", "{p}订单备货", "支付{n}项目货款"),
    "tech_loan": ("{p}新品研发", "{t}中试", "补充研发资金"),
    "ip_pledge": ("{p}新品研发", "补充流动资金", "{t}中试"),
    "lease": ("采购生产设备", "{p}产线设备更新", "购置检测设备"),
    "guarantee": ("{p}订单履约", "补充流动资金"),
}


def _firm(pen: Pen, low: int, high: int) -> None:
    draw = pen.draw
    revenue = pen.draw.nice(max(low, 1), high) if low or high > 60 else draw.nice(10, 50)
    if pen.often(75):
        pen.put("revenue", revenue)
        pen.facts.append(f"上年营收{money(revenue)}")
    if pen.often(40):
        pen.put("rd", draw.step(4, 25), "研发占比{}%")
    if pen.often(50):
        pen.put(
            "headcount",
            draw.nice(max(8, int(revenue / 120)), max(20, int(revenue / 40))),
            "员工{}人",
        )
    if pen.often(65):
        chosen = ["hightech"] if draw.chance(55) else ["sme_tech"]
        if revenue >= 3000 and draw.chance(45):
            chosen.append("special")
        pen.choose("qualification", chosen, "{}", "已是{}")


def need(pen: Pen) -> None:
    """A firm that seeks equity or a loan."""
    draw = pen.draw
    product, topic = draw.pick(pen.field.goods), draw.pick(pen.field.topics)
    words = {
        "p": draw.pick(product.names),
        "t": draw.pick(topic.names),
        "n": pen.field.name,
        "c": pen.city.zh,
    }
    code, kind, amount = _equity_wanted(pen) if draw.chance(55) else _loan_wanted(pen)
    use = pen.note("use", draw.pick(_USES[code]).format(**words))
    words |= {"k": kind, "a": amount, "u": use}
    pen.title = draw.pick(
        (
            "{n}企业{k}{a}",
            "{p}项目寻求{k}{a}",
            "{k}需求：{a}用于{u}",
            "{c}{n}公司{k}{a}",
            "主营{p}，拟做{k}{a}",
            "{u}，{k}{a}",
            "{p}企业对接{k}，金额{a}",
        )
    ).format(**words)
    pen.lead = draw.pick(
        (
            "公司主营{p}，拟{k}{a}，资金主要用于{u}",
            "{n}领域企业，核心产品{p}已批量供货，现计划{k}{a}，用于{u}",
            "团队来自{n}行业，产品为{p}，{k}{a}，用途是{u}",
            "因{p}订单增长较快，需{k}{a}，用于{u}",
            "我司在{t}上有自主技术，{k}{a}，投向{u}",
        )
    ).format(**words)
    if pen.often(35):
        pen.due("due", month_end(pen.today, draw.between(2, 9)), "希望{}前到位")
    pen.sector()


def _equity_wanted(pen: Pen) -> tuple[str, str, str]:
    draw = pen.draw
    code, ticket, share, revenue = draw.weighted(
        tuple(zip(_ROUNDS, (8, 18, 20, 24, 14, 8, 3, 5), strict=True))
    )
    if pen.choosy:
        code, ticket = "seed", (8000, 12000)
    pen.choose("financing", ["equity"] if draw.chance(70) else ["equity", "convertible"])
    pen.choose("round", [code])
    low = draw.nice(*ticket)
    pen.span("amount", low, low * 6 / 5)
    percent = draw.between(*share)
    if pen.often(60):
        pen.put("equity", percent, "出让股比不超过{}%", "释放{}%以内股份")
    if pen.often(35):
        before = (low * (100 - percent) / percent / 100).to_integral_value() * 100 + 100
        pen.facts.append(f"投前估值{money(pen.put('valuation', before))}")
    _firm(pen, *revenue)
    if pen.often(35):
        pen.put("reinvest", draw.step("0.5", "2", "0.1"), "返投不高于{}倍")
    if pen.often(25):
        pen.yes("licensed", "要求机构已备案")
    return "equity", _LABEL[code], money(low)


def _ends(pen: Pen) -> tuple[Decimal, Decimal]:
    amount = pen.values["amount"]
    assert isinstance(amount, Range)
    assert amount.lo is not None
    assert amount.hi is not None
    return amount.lo, amount.hi


def _loan_wanted(pen: Pen) -> tuple[str, str, str]:
    draw = pen.draw
    code = draw.weighted(
        (("debt", 40), ("tech_loan", 22), ("ip_pledge", 14), ("lease", 16), ("guarantee", 8))
    )
    amounts, rates, terms, security = _LOANS[code]
    pen.choose("financing", [code, "tech_loan"] if code == "debt" and draw.chance(40) else [code])
    amount = draw.nice(*amounts)
    pen.span("amount", amount * 4 / 5, amount)
    if pen.often(70) or pen.choosy:
        ceiling = rates[0] // 3 if pen.choosy else draw.between(rates[0] + 3, rates[1] + 5)
        pen.put("rate", draw.step(ceiling, ceiling) / 10, "年利率不超过{}%", "综合成本{}%以内")
    if pen.often(70):
        pen.put("term", draw.step(*terms, "12"), "期限{}个月以上")
    if pen.often(75):
        pen.choose("security", draw.some(security, draw.between(1, 2)), "可提供{}", "担保方式：{}")
    _firm(pen, int(amount), int(amount) * 20)
    return code, _LOAN_LABEL[code], money(amount)


_OFFER_TITLES = (
    "{k}：面向{n}企业",
    "{n}方向{k}，单笔{lo}至{hi}",
    "{c}{k}寻{n}项目",
    "{k}（{lo}—{hi}）",
    "支持{n}企业的{k}",
    "{k}征集{p}类项目",
    "关注{t}的{k}",
)


def offer(pen: Pen) -> None:
    """A fund or a lender."""
    draw = pen.draw
    equity = draw.chance(52)
    kind = _fund(pen) if equity else _lender(pen)
    low, high = _ends(pen)
    words = {
        "n": pen.field.name,
        "c": pen.city.zh,
        "k": kind,
        "lo": money(low),
        "hi": money(high),
        "p": draw.pick(draw.pick(pen.field.products).names),
        "t": draw.pick(draw.pick(pen.field.topics).names),
    }
    pen.title = draw.pick(_OFFER_TITLES).format(**words)
    pen.lead = draw.pick(
        (
            "重点支持{n}企业，单笔{lo}到{hi}，看好{p}方向",
            "{k}，单个项目{lo}至{hi}，优先{t}等有自主技术的团队",
            "面向九城{n}企业提供{k}，额度{lo}至{hi}",
            "专注{n}产业链，{lo}起，最高{hi}，可跟进{p}上下游",
        )
    ).format(**words)
    if pen.often(60):
        pen.put(
            "decision",
            draw.pick((1, 2, 2, 3, 4) if not equity else (4, 6, 8, 8, 12)),
            "决策周期约{}周",
        )
    if pen.often(70):
        pen.yes("licensed", "已备案" if equity else "持牌机构")
    if pen.often(20):
        pen.due("due", month_end(pen.today, draw.between(0, 3)), "最早{}放款")
    pen.capacity = draw.between(2, 5) if equity else draw.between(3, 20)
    pen.sector()


def _fund(pen: Pen) -> str:
    draw = pen.draw
    first = draw.weighted(tuple(zip(range(7), (10, 16, 20, 22, 16, 9, 7), strict=True)))
    last = min(7, first + draw.between(0, 2))
    rounds = _ROUNDS[first : last + 1]
    pen.choose("financing", ["equity", "convertible"] if draw.chance(35) else ["equity"])
    pen.choose("round", [r[0] for r in rounds], "投{}", "投资阶段：{}")
    pen.span(
        "amount",
        draw.nice(rounds[0][1][0], rounds[0][1][0] * 3 // 2),
        draw.nice(rounds[-1][1][1] * 2 // 3, rounds[-1][1][1]),
    )
    if pen.often(55):
        pen.put("reinvest", draw.step("0.5", "2", "0.1"), "返投要求{}倍")
    if pen.often(30):
        pen.put("equity", draw.between(5, 12), "希望持股{}%左右")
    if first >= 2 and pen.often(45):
        floor = max(rounds[0][3][0], 100)
        pen.put("revenue", floor)
        pen.facts.append(f"要求上年营收{money(draw.step(floor, floor))}以上")
    if first >= 2 and pen.often(30):
        pen.choose("qualification", ["hightech", "sme_tech", "special"], "须为{}之一")
    _, most = _ends(pen)
    size = draw.nice(int(most) * 5, int(most) * 20)
    pen.note("fund_size", money(size), "基金规模{}")
    return draw.pick(
        ("股权投资", "产业基金", "创投基金", "成长期基金" if first >= 3 else "早期基金")
    )


def _lender(pen: Pen) -> str:
    draw = pen.draw
    code = draw.weighted(
        (("debt", 38), ("tech_loan", 24), ("ip_pledge", 14), ("lease", 16), ("guarantee", 8))
    )
    amounts, rates, terms, security = _LOANS[code]
    pen.choose("financing", ["debt", "tech_loan"] if code == "debt" and draw.chance(30) else [code])
    pen.span(
        "amount", draw.nice(amounts[0] // 2, amounts[0] * 2), draw.nice(amounts[1] // 2, amounts[1])
    )
    if pen.often(78):
        pen.put("rate", draw.step(*rates) / 10, "年利率{}%", "利率{}%")
    if pen.often():
        pen.put("term", draw.step(*terms, "12"), "最长{}个月")
    if pen.often(75):
        pen.choose("security", draw.some(security, draw.between(1, 3)), "接受{}", "担保方式：{}")
    if pen.often(45):
        floor = draw.pick((200, 500, 1000, 2000))
        pen.put("revenue", floor, "上年营收不低于{}万元")
    if pen.often(40):
        pen.choose(
            "qualification",
            ["hightech", "sme_tech", "special", "giant"][: draw.between(2, 4)],
            "面向{}",
        )
    return _LOAN_LABEL[code]
