"""Synthetic workshops, land, offices, laboratories and warehouses sought and let."""

from datetime import timedelta
from decimal import Decimal

from corridor.engine.factors import number_text

from ..pen import Pen, area, make_range, month_end
from .space_data import DONE, FORMS, HAVE, MU, SEEK, WHY, Form

#: Usual transformers, in kVA.
_POWER = (160, 200, 250, 315, 400, 500, 630, 800, 1000, 1250, 1600, 2000, 2500)
#: How likely each form is by the laboratory domain of the industry, in the order of FORMS.
_LIKELY = {
    "soft": (14, 0, 4, 55, 25, 2),
    "bio": (50, 2, 10, 10, 22, 6),
    "elec": (52, 8, 11, 9, 12, 8),
    "": (34, 32, 12, 6, 6, 10),
}


def _form(pen: Pen) -> Form:
    domains = pen.field.domains
    main = next((d for d in ("soft", "bio", "elec") if d in domains), "")
    if "mech" in domains or "auto" in domains:
        main = ""
    return pen.draw.weighted(tuple(zip(FORMS, _LIKELY[main], strict=True)))


def need(pen: Pen) -> None:
    """Space wanted."""
    draw, form = pen.draw, _form(pen)
    size = draw.nice(*form.size)
    text = f"{number_text(size)}亩" if form.code == "land" else area(draw, size)
    words = {
        "c": pen.city.zh,
        "a": text,
        "w": draw.pick(form.words),
        "n": pen.field.name,
        "p": draw.pick(draw.pick(pen.field.goods).names),
    }
    pen.title = draw.pick(SEEK).format(**words)
    pen.lead = draw.pick(WHY[form.group]).format(**words)
    _where(pen)
    if form.code == "land":
        _land_wanted(pen, size)
    else:
        pen.choose("premises", form.accepts if draw.chance(75) else [form.code])
        pen.values["area"] = make_range(size * 4 / 5, size * 6 / 5)
        pen.facts.append(draw.pick(("面积{}左右", "需要{}上下", "约{}")).format(text))
        _rooms(pen, form)
        _terms_wanted(pen, form)
    if pen.often(60):
        pen.due(
            "available",
            month_end(pen.today, draw.between(2, 12)),
            "{}前入驻",
            "最晚{}进场",
            "{}前能交付",
        )
    pen.sector()


def _where(pen: Pen) -> None:
    near = pen.draw.some(pen.city.near, pen.draw.between(0, 3))
    pen.choose("place", [pen.city.code, *near], "地点：{}", "考虑{}")


def _land_wanted(pen: Pen, mu: Decimal) -> None:
    draw, low, high = pen.draw, *pen.city.land
    pen.choose("premises", ["land"])
    pen.choose("tenure", ["grant", "rent_grant"] if draw.chance(60) else ["grant"], "供地方式{}")
    pen.values["land_area"] = make_range(mu * MU * 4 / 5, mu * MU * 6 / 5)
    pen.facts.append(draw.pick(("需用地{}亩左右", "拿地{}亩上下")).format(number_text(mu)))
    if pen.choosy or pen.often(65):
        ceiling = low // 3 if pen.choosy else draw.between(low, high * 5 // 4)
        pen.put("land_price", ceiling, "地价{}万元/亩以内", "每亩不超过{}万元")
    pen.put("investment_per_mu", draw.step(250, 650, "10"), "投资强度{}万元/亩")
    pen.put("tax_per_mu", draw.step(12, 45), "预计亩均税收{}万元")
    if pen.often(55):
        pen.put("energy", draw.step("0.05", "0.5", "0.01"), "单位能耗{}吨标煤/万元")
    if pen.often(60):
        pen.choose("land_use", ["M2", "M1"] if draw.chance(60) else ["M1", "M0"])
    if pen.often(45):
        pen.put("far", draw.step("1.5", "1.8", "0.1"), "规划容积率{}左右")
    if pen.often(30):
        pen.put("green", draw.pick((8, 10, 15)), "拟绿地率{}%")
    if pen.often(45):
        pen.put("power", draw.nice(1000, 8000), "用电{}千伏安")


def _terms_wanted(pen: Pen, form: Form) -> None:
    draw = pen.draw
    if draw.chance(82) or form.code in ("office", "lab", "warehouse") or pen.choosy:
        pen.choose("tenure", ["rent", "sublet"] if draw.chance(35) else ["rent"])
        low, high = (Decimal(str(r)) * form.rent for r in pen.city.rent)
        ceiling = draw.step(low * Decimal("0.95"), high * Decimal("1.15"), "0.05")
        if pen.choosy:
            pen.put("rent", "0.2", "租金{}元/㎡/天以内")
        elif pen.often(75):
            pen.put(
                "rent",
                max(ceiling, Decimal("0.3")),
                "租金{}元/㎡/天以内",
                "租金不超过{}元/平方米/天",
            )
        if pen.often(30):
            years = draw.between(2, 5)
            pen.span("lease", Decimal(years), Decimal(years + 5), "租期{}至{}年")
    else:
        pen.choose("tenure", ["sale"], "希望{}")
        pen.grade("deed", "yes", "须{}")
    if pen.often(25):
        pen.grade("deed", "yes", "要求{}")


def _rooms(pen: Pen, form: Form) -> None:
    draw = pen.draw
    slack = Decimal("0.85")
    if form.height and pen.often(62):
        low, high = form.height
        pen.put(
            "clear_height",
            draw.step(low, (low + high) / 2, "0.5"),
            "净高不低于{}米",
            "层高{}米以上",
            "净高≥{}米",
        )
    if form.load and pen.often(50):
        low, high = form.load
        pen.put(
            "floor_load",
            draw.step(low, (low + high) / 2 * slack + low / 5, "0.1"),
            "承重≥{}吨/㎡",
            "荷载{}吨/平方以上",
        )
    if form.code == "single" and pen.often(50):
        pen.yes("crane")
        pen.put(
            "crane_load", draw.pick((3, 5, 5, 10, 10, 16, 20)), "要带{}吨行车", "需要行车{}吨以上"
        )
    if form.code == "multi" and pen.often(45):
        pen.put("lift_load", draw.pick((2, 2, 3)), "货梯{}吨以上")
        if draw.chance(50):
            pen.span("floor", Decimal(1), Decimal(draw.between(1, 3)), "楼层{}至{}层")
    if form.group == "plant" and pen.often(60):
        pen.put("power", draw.pick(_POWER[:10]), "用电{}千伏安", "配电不少于{}kVA")
    if form.group == "plant" and pen.often(50):
        pen.grade("eia", draw.pick(("record", "form", "form", "form", "report")), "环评可做{}")
    if form.fire and pen.often(38):
        pen.grade("fire", draw.pick(("丁", "丙", "丙", "丙", "乙")), "消防{}")
    if form.group == "plant" and pen.often(15):
        pen.put("dorm_beds", draw.nice(20, 150), "宿舍{}个床位")


def offer(pen: Pen) -> None:
    """Space on offer."""
    draw, form = pen.draw, _form(pen)
    size = draw.nice(*form.size) * draw.pick((1, 1, 2, 3))
    code, zh = draw.pick(pen.city.districts) if pen.city.districts else (pen.city.code, pen.city.zh)
    text = f"{number_text(size)}亩" if form.code == "land" else area(draw, size)
    words = {"c": pen.city.zh, "d": zh, "a": text, "w": draw.pick(form.words), "n": pen.field.name}
    pen.title = draw.pick(HAVE).format(**words)
    pen.lead = draw.pick(DONE[form.group]).format(**words)
    pen.choose("place", [code])
    if form.code == "land":
        _land_offered(pen, size)
    else:
        pen.choose("premises", form.accepts)
        share = (size / draw.pick((1, 2, 4, 5)) / 50).to_integral_value() * 50
        part = max(Decimal(1000 if form.code == "single" else 100), share)
        pen.span("area", min(part, size), size)
        whole = "整体出租" if part >= size else f"{number_text(part)}㎡起分割"
        pen.facts.append(f"总面积{text}，{whole}")
        _built(pen, form)
        _terms_offered(pen, form)
    if pen.often(72):
        pen.due(
            "available",
            month_end(pen.today, draw.pick((0, 0, 1, 1, 2, 3, 4, 6, 9))),
            "{}可交付",
            "{}可入驻",
        )
    if pen.often(30):
        pen.put("to_expressway", draw.nice("1.5", 15), "距高速口{}公里")
    if pen.often(25):
        pen.put("to_station", draw.nice(3, 35), "距高铁站{}公里")
    if pen.often(30):
        pen.note("last_verified", (pen.today - timedelta(days=draw.below(30))).isoformat())
    pen.capacity = draw.between(1, 5)
    pen.sector()


def _land_offered(pen: Pen, mu: Decimal) -> None:
    draw, low, high = pen.draw, *pen.city.land
    pen.choose("premises", ["land"])
    pen.choose("tenure", ["grant", "rent_grant"] if draw.chance(40) else ["grant"], "供地方式：{}")
    least = mu if draw.chance(40) else max(Decimal(10), (mu / 3).to_integral_value())
    pen.span("land_area", min(least, mu) * MU, mu * MU)
    pen.facts.append(
        f"面积{number_text(mu)}亩" + ("" if least >= mu else f"，{number_text(least)}亩起")
    )
    pen.put("land_price", draw.between(low, high), "地价{}万元/亩", "出让起始价{}万元/亩")
    pen.put("investment_per_mu", draw.step(200, 450, "10"), "固定资产投资强度不低于{}万元/亩")
    pen.put("tax_per_mu", draw.step(8, 30), "亩均税收不低于{}万元")
    if pen.often(50):
        pen.put("energy", draw.step("0.15", "0.6", "0.01"), "单位能耗不高于{}吨标煤/万元")
    if pen.often(70):
        pen.choose("land_use", [draw.pick(("M2", "M2", "M1", "M0"))], "用地性质{}")
    pen.span("far", draw.step("1", "1.5", "0.1"), draw.step("1.8", "3", "0.1"), "容积率{}至{}")
    if pen.often(50):
        pen.put("green", draw.pick((10, 15, 20)), "绿地率不超过{}%")
    if pen.often(25):
        pen.span("coverage", draw.step(30, 40, "5"), draw.step(55, 65, "5"), "建筑系数{}至{}%")


def _terms_offered(pen: Pen, form: Form) -> None:
    draw = pen.draw
    if draw.chance(84) or form.code in ("office", "lab", "warehouse"):
        sublet = pen.party.kind == "enterprise"
        pen.choose("tenure", ["sublet" if sublet else "rent"], "{}")
        low, high = (Decimal(str(r)) * form.rent for r in pen.city.rent)
        rent = min(max(draw.step(low, high, "0.05"), Decimal("0.3")), Decimal("2.5"))
        pen.put("rent", rent, "租金{}元/㎡/天", "日租金{}元/平", "租金每平每天{}元")
        if pen.often(45):
            pen.put(
                "property_fee",
                draw.step(1, 3 if form.group == "plant" else 8, "0.5"),
                "物业费{}元/㎡/月",
            )
        if pen.often(40):
            pen.put("deposit", draw.pick((1, 2, 3, 3)), "押金{}个月")
        if pen.often(40):
            least = draw.between(1, 5)
            pen.span("lease", Decimal(least), Decimal(draw.pick((8, 10, 15))), "租期{}至{}年")
    else:
        pen.choose("tenure", ["sale"], "{}", "可{}，价格面议")
    if pen.often(70):
        pen.grade("deed", draw.weighted((("yes", 75), ("pending", 13), ("no", 12))), "{}")


def _built(pen: Pen, form: Form) -> None:
    draw = pen.draw
    storeys = {
        "multi": (1, 1, 2, 3, 4, 5, 6),
        "office": (2, 3, 5, 8, 10, 12, 15),
        "lab": (1, 2, 3, 4, 5, 6),
    }
    floor = draw.pick(storeys.get(form.code, (1,)))
    if form.code != "single" and pen.often(70):
        pen.put("floor", floor, "位于{}楼", "第{}层")
    if form.height and pen.often(78):
        low, high = form.height
        if form.code == "multi":
            low, high = (high - 1, high) if floor == 1 else (low, high - 2)
        pen.put("clear_height", draw.step(low, high, "0.1"), "净高{}米", "层高{}米")
    if form.load and pen.often(72):
        low, high = form.load
        if form.code == "multi":
            low, high = (
                (Decimal(2), high)
                if floor == 1
                else (low, Decimal("1.5") if floor == 2 else Decimal(1))
            )
        pen.put("floor_load", draw.step(low, high, "0.1"), "承重{}吨/㎡", "荷载{}吨/平方")
    _services(pen, form)


def _services(pen: Pen, form: Form) -> None:
    draw = pen.draw
    if form.code == "single" and pen.often(70):
        pen.yes("crane")
        pen.put("crane_load", draw.pick((5, 5, 10, 10, 16, 20, 32)), "配{}吨行车", "行车{}吨")
        if draw.chance(40):
            pen.put("crane_count", draw.between(1, 4), "行车共{}台")
        if draw.chance(50):
            pen.put("column_span", draw.pick((18, 21, 24, 24, 27, 30)), "跨度{}米")
    if form.code == "multi" and pen.often():
        pen.put("lift_load", draw.pick((2, 2, 3, 3, 5)), "货梯{}吨")
    if form.group == "plant" and pen.often(72):
        pen.put("power", draw.pick(_POWER[2:]), "配电{}kVA", "变压器{}千伏安")
        if draw.chance(45):
            pen.yes("power_extension", "可扩容")
    if form.group == "plant" and pen.often(68):
        pen.grade(
            "eia",
            draw.weighted((("none", 8), ("record", 17), ("form", 60), ("report", 15))),
            "环评：{}",
        )
    if form.fire and pen.often(72):
        pen.grade(
            "fire",
            draw.weighted((("戊", 5), ("丁", 17), ("丙", 66), ("乙", 9), ("甲", 3))),
            "消防{}",
        )
        if draw.chance(35):
            pen.yes("sprinkler", "带喷淋")
    if form.group == "plant" and pen.often(28):
        unwanted = draw.some(("C26", "C3360", "C1752", "C2710", "C20"), draw.between(1, 2))
        pen.choose("excluded_industry", unwanted, "不接受{}")
