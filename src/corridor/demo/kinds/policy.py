"""Synthetic support sought by firms, and invented policies. None of them is in force anywhere."""

from decimal import Decimal

from corridor.engine.factors import days

from ..pen import Pen, by_month, make_range, money, month_end
from ..words import Support, supports

_CLASSES = ("hightech", "sme_tech", "special", "giant", "gazelle")


def _words(pen: Pen, support: Support) -> dict[str, str]:
    draw = pen.draw
    inner = {
        "p": draw.pick(draw.pick(pen.field.goods).names),
        "j": draw.pick(draw.pick(pen.field.posts)),
        "t": draw.pick(draw.pick(pen.field.topics).names),
    }
    return inner | {
        "s": draw.pick(support.names),
        "k": draw.pick(support.names),
        "n": pen.field.name,
        "c": pen.city.zh,
        "u": support.purpose.format(**inner),
    }


def need(pen: Pen) -> None:
    """A firm that looks for support, with the facts a policy asks for."""
    draw, support = pen.draw, pen.draw.pick(supports())
    words = _words(pen, support)
    pen.title = draw.pick(
        (
            "想申报{s}",
            "咨询{s}",
            "{n}企业申请{s}",
            "{u}能否享受{s}",
            "寻找{c}{s}",
            "{s}申报对接（{n}）",
        )
    ).format(**words)
    pen.lead = draw.pick(
        (
            "我司从事{n}，今年{u}，想了解有没有{k}",
            "公司正在{u}，希望申请{k}",
            "{n}企业，准备{u}，咨询{k}的条件",
            "听说{c}有{k}，我们{u}，不知道是否符合",
        )
    ).format(**words)
    pen.choose("place", [pen.city.code])
    pen.choose(
        "benefit", support.benefits if draw.chance(60) else support.benefits[:1], "想要{}类扶持"
    )
    first = 13 if pen.choosy else draw.between(0, 3)
    last = first + draw.between(3, 9)
    if pen.choosy or pen.often(60):
        start, end = month_end(pen.today, first), month_end(pen.today, last)
        pen.values["window"] = days(start, end)
        pen.facts.append(f"打算{by_month(start)}到{by_month(end)}之间申报")
    if pen.often(45):
        low, high = (int(n) for n in support.amount)
        pen.facts.append(f"期望{money(pen.put('amount', draw.nice(low, max(low, high // 3))))}以上")
    _facts(pen)
    if pen.often(35):
        pen.put("working_days", draw.pick((30, 60, 60, 90)), "希望{}个工作日内兑现")
    pen.sector()


def _facts(pen: Pen) -> None:
    draw = pen.draw
    revenue = draw.nice(300, 80_000)
    if pen.often(78):
        pen.facts.append(f"上年营收{money(pen.put('revenue', revenue))}")
    if pen.often(65):
        pen.put(
            "headcount",
            draw.nice(max(6, int(revenue / 150)), max(20, int(revenue / 50))),
            "员工{}人",
            "职工{}名",
        )
    if pen.often(65):
        pen.put("rd", draw.step("2", "15", "0.5"), "研发占比{}%", "研发投入占营收{}%")
    if pen.often(70):
        chosen = draw.some(_CLASSES[:3], draw.between(1, 2)) if draw.chance(85) else ["none"]
        pen.choose("qualification", chosen, "资质：{}")
    if pen.often(65):
        pen.put("years", draw.between(1, 22), "成立{}年")
    if pen.often(35):
        pen.put("tax_per_mu", draw.between(5, 60), "亩均税收{}万元")
    if pen.often(45):
        pen.facts.append(
            f"计划投资{money(pen.put('investment', draw.nice(100, max(200, int(revenue)))))}"
        )


_OFFER_TITLES = (
    "{c}{s}申报通知（示例）",
    "{c}{s}，最高{m}",
    "{s}（{n}方向）",
    "{n}企业{s}",
    "{c}支持{n}：{s}",
    "关于组织申报{s}的通知（示例）",
)


def offer(pen: Pen) -> None:
    """An invented policy."""
    draw, support = pen.draw, pen.draw.pick(supports())
    words = _words(pen, support)
    low, high = (int(n) for n in support.amount)
    most = draw.nice((low + high) // 2, high)
    words["m"] = money(most)
    pen.title = draw.pick(_OFFER_TITLES).format(**words)
    pen.lead = draw.pick(
        (
            "对符合条件的{n}企业给予{k}，最高{m}，{f}",
            "{k}，{f}，单个企业最高{m}",
            "鼓励{n}企业{u}，给予{k}，上限{m}",
        )
    ).format(**words | {"f": support.formula})
    pen.note("issuer", pen.party.name)
    pen.note("document_no", f"示例〔2026〕{draw.between(1, 99)}号", "{}")
    pen.note("formula", support.formula)
    pen.choose("place", [pen.city.code], "适用于{}")
    if pen.often(50):
        pen.note("in_force", f"自{pen.today.year}年1月1日起三年")
    if pen.often(50):
        pen.note("office", "企业服务窗口（示例）")
    pen.choose("benefit", support.benefits)
    pen.choose("level", [draw.pick(support.levels)])
    pen.put("amount", most)
    start, end = (
        month_end(pen.today, draw.between(-3, 2)),
        month_end(pen.today, draw.between(3, 10)),
    )
    pen.values["window"] = days(start, end)
    pen.facts.append(f"受理至{by_month(end)}")
    _conditions(pen, support)
    pen.choose("delivery", [draw.pick(("auto", "fast", "apply", "apply"))], "兑现方式：{}")
    if pen.often(60):
        pen.put("working_days", draw.pick((20, 30, 45, 60, 60)), "{}个工作日内兑现")
    pen.choose("review", ["passed" if draw.chance(85) else "exempt"])
    pen.capacity = draw.between(5, 40)
    pen.sector()


def _conditions(pen: Pen, support: Support) -> None:
    draw = pen.draw
    if pen.often(30):
        others = draw.some(("C39", "C35", "C36", "C38", "C27", "I65"), 2)
        pen.choose("for_industry", [pen.field.code[:3], *others], "适用{}")
    if "qualification" in support.conditions and pen.often(70):
        pen.choose("qualification", _CLASSES if draw.chance(40) else _CLASSES[:3], "须为{}之一")
    if "revenue" in support.conditions and pen.often(70):
        floor = Decimal(draw.pick((200, 500, 1000, 2000)))
        pen.values["revenue"] = make_range(floor, None)
        pen.facts.append(f"上年营收{money(floor)}以上")
    if "rd" in support.conditions and pen.often(70):
        pen.put("rd", draw.pick((2, 3, 3, 4, 5)), "研发占比不低于{}%")
    if "tax_per_mu" in support.conditions and pen.often(70):
        pen.put("tax_per_mu", draw.pick((8, 10, 12, 15, 20)), "亩均税收不低于{}万元")
    if "investment" in support.conditions and pen.often(75):
        pen.put("investment", draw.pick((200, 300, 500, 1000, 2000)), "投资额不低于{}万元")
    if "years" in support.conditions and pen.often(70):
        pen.values["years"] = (
            make_range(Decimal(1), None) if draw.chance(60) else make_range(None, Decimal(10))
        )
        pen.facts.append(
            "成立1年以上"
            if pen.values["years"] == make_range(Decimal(1), None)
            else "成立不超过10年"
        )
    if "headcount" in support.conditions and pen.often(55):
        pen.values["headcount"] = make_range(Decimal(10), None)
        pen.facts.append("职工10人以上")
