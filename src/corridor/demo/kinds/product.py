"""Synthetic procurement needs and supplies."""

from decimal import Decimal

from ..pen import Pen, money, month_end
from ..words import Product, fields

_SEEK = (
    "采购{q}{p}",
    "求购{p}{q}",
    "{c}企业寻{p}供应商",
    "{p}年度采购（{q}）",
    "长期采购{p}，{q}起",
    "急购{p}{q}",
    "招募{p}合格供方",
    "{p}国产替代采购",
)
_WHY = (
    "我司为{n}企业，因扩产需采购{p}",
    "新项目量产在即，现寻{p}合作供应商",
    "原供应商交期不稳定，拟新增{p}供方",
    "公司承接{n}订单，需配套{p}",
    "年度框架采购{p}，按月下单",
    "产线改造需要{p}，要求来样确认后下单",
    "客户指定国产化方案，需寻找{p}的可靠货源",
)
_HAVE = (
    "供应{p}",
    "{c}厂家直供{p}",
    "{p}批量供应，{q}起订",
    "{p}批量供货",
    "{p}生产厂家寻{n}客户",
    "自有产线供应{p}",
    "优质{p}货源，起订{q}",
)
_WHO = (
    "{p}已批量供应多家{n}企业",
    "主营{p}，服务{n}行业客户多年",
    "做{p}有十来年，质量稳定、交付准时",
    "公司以{p}为主业，团队熟悉{n}客户的验收要求",
)
_MAKER = (
    *_WHO,
    "本厂专业生产{p}，服务{n}行业客户多年",
    "公司现有{p}自动化产线，产能有余量",
    "主营{p}，可来图来样定制",
    "新建{p}产线投产，诚寻长期客户",
    "从原料到成品一体化生产{p}，成本有优势",
)
_DAYS = (3, 7, 7, 10, 15, 15, 20, 30, 45)
_CERTIFICATES = {
    "auto": ("iatf16949",),
    "bio": ("gmp", "iso13485"),
    "elec": ("rohs", "ce"),
    "food": ("food",),
    "mech": ("ce",),
    "chem": ("iso14001", "rohs"),
    "mat": ("rohs", "iso14001"),
}
_OF_INDUSTRY = {
    "C3581": ("device", "iso13485"),
    "C3584": ("device", "iso13485", "fda"),
    "C3823": ("ccc", "ce"),
    "C3872": ("ccc", "ul", "ce"),
    "C3465": ("ccc", "ul", "ce"),
}


def _quantity(pen: Pen, price: Decimal) -> Decimal:
    """As many as an order of 3 to 500 万元 buys, in a round number."""
    low = max(Decimal(1), Decimal(30_000) / price)
    high = max(Decimal(3), Decimal(3_000_000) / price)
    return pen.draw.nice(max(1, int(low)), max(3, int(high)))


def _price(pen: Pen, product: Product) -> Decimal:
    low, high = product.price
    return pen.draw.nice(low, high)


def _whole(number: Decimal) -> Decimal:
    return Decimal(max(1, int(number)))


def need(pen: Pen) -> None:
    """Something to be bought."""
    draw, own = pen.draw, pen.field.name
    if draw.chance(45):
        pen.field = fields()[draw.pick(pen.city.industries)]
    product = draw.pick(pen.field.products)
    price = _price(pen, product)
    quantity = _whole(_quantity(pen, price))
    item = pen.note("item", draw.pick(product.names))
    words = {"p": item, "q": f"{quantity}{product.unit}", "c": pen.city.zh, "n": own}
    pen.title = draw.pick(_SEEK).format(**words)
    pen.lead = draw.pick(_WHY).format(**words | {"p": draw.pick(product.names)})
    if pen.often(80):
        pen.choose("measure", [pen.measure(product.unit)])
    pen.put(
        "quantity",
        quantity,
        f"采购量{{}}{product.unit}",
        f"需{{}}{product.unit}",
        f"首批{{}}{product.unit}",
    )
    if pen.often(70):
        pen.put(
            "unit_price",
            price,
            f"目标价{{}}元/{product.unit}以内",
            f"单价不超过{{}}元/{product.unit}",
        )
        total = (price * quantity / 10_000 * Decimal("1.05")).quantize(Decimal("1"))
        if total >= 10 and pen.often(40):
            pen.facts.append(f"预算{money(pen.put('total_price', total))}")
    if pen.often(45):
        pen.due("due", month_end(pen.today, draw.between(1, 8)), "{}前交货", "要求{}前到货")
    elif pen.often(60):
        within = (60, 90, 120, 150) if price > 90_000 else (15, 20, 30, 30, 45, 60)
        pen.put("lead_time", draw.pick(within), "交期{}天内", "下单后{}天内交货")
    _quality(pen, product.unit, asks=True)
    _terms_accepted(pen)
    pen.capacity = draw.between(1, 2)
    pen.sector()


def _terms_accepted(pen: Pen) -> None:
    if pen.often(25):
        pen.choose("payment", pen.draw.some(("net30", "net60", "net90", "note"), 2), "付款：{}")
    if pen.often(25):
        pen.yes("split", "可接受分批交货")
    if pen.often(12):
        pen.yes("substitute", "接受同等替代品")
    if pen.often(20):
        pen.yes("pooled", "愿意参加联合采购", "可与其他企业拼单集采")


def _quality(pen: Pen, unit: str, *, asks: bool) -> None:
    draw, own = pen.draw, _OF_INDUSTRY.get(pen.field.code, ())
    own = own or tuple(c for d in pen.field.domains for c in _CERTIFICATES.get(d, ()))
    if asks and pen.often(40):
        chosen = ["iso9001"] if not own or draw.chance(45) else [draw.pick(own)]
        pen.choose("certificate", chosen, "供方须有{}", "要求{}认证")
    elif not asks and pen.often(75):
        pen.choose(
            "certificate",
            ["iso9001", *draw.some(own, draw.between(0, 3))],
            "通过{}认证",
            "资质：{}",
        )
    if asks and pen.often(30):
        pen.choose("origin", ["domestic"], "限{}", "须为{}")
    elif not asks and pen.often(60):
        pen.choose("origin", ["imported" if draw.chance(6) else "domestic"], "{}")
    if pen.often(40):
        pen.yes("sample", "可先打样" if not asks else "需先送样")
    if unit in ("台", "套") and pen.often(50):
        pen.put(
            "warranty",
            draw.pick((6, 12, 12, 18, 24, 24, 36)),
            *(("质保不少于{}个月",) if asks else ("质保{}个月",)),
        )


def offer(pen: Pen) -> None:
    """Something supplied."""
    draw, product = pen.draw, pen.draw.pick(pen.field.products)
    price = _price(pen, product)
    least = _whole(_quantity(pen, price * draw.pick((1, 2, 5))))
    most = _whole(least * draw.pick((5, 10, 20) if price > 9_000 else (20, 50, 100, 200)))
    item = pen.note("item", draw.pick(product.names))
    words = {"p": item, "q": f"{least}{product.unit}", "c": pen.city.zh, "n": pen.field.name}
    pen.title = draw.pick(_HAVE).format(**words)
    made = product in pen.field.goods and not {"bio", "food", "soft"} & set(pen.field.domains)
    pen.lead = draw.pick(_MAKER if made else _WHO).format(**words | {"p": draw.pick(product.names)})
    unit = product.unit
    if pen.often(90):
        pen.choose("measure", [pen.measure(unit)])
    pen.span(
        "quantity",
        least,
        most,
        f"起订量{{}}{unit}，单次最多{{}}{unit}",
        f"{{}}{unit}起订，最大可供{{}}{unit}",
    )
    if pen.often(82):
        pen.put(
            "unit_price", price, f"单价{{}}元/{unit}", f"出厂价{{}}元/{unit}", f"报价{{}}元/{unit}"
        )
    if pen.often(65):
        pen.put(
            "lead_time",
            draw.pick((45, 60, 75, 90) if price > 90_000 else _DAYS),
            "交期{}天",
            "下单后{}天发货",
        )
    if pen.often(55):
        pen.due("due", month_end(pen.today, draw.between(0, 4)), "最早{}可交货")
    _quality(pen, unit, asks=False)
    _trade_terms(pen)
    pen.capacity = draw.between(1, 5)
    pen.sector()


def _trade_terms(pen: Pen) -> None:
    draw = pen.draw
    if pen.often(40):
        pen.choose(
            "payment",
            draw.some(("advance", "cod", "net30", "net60", "note"), draw.between(1, 3)),
            "接受{}",
        )
    if pen.often(25):
        pen.yes("pooled", "支持联合采购")
    if pen.often(25):
        pen.yes("split", "按批次分批供货")
    if pen.often(30):
        pen.choose("incoterm", [draw.pick(("EXW", "DAP", "DDP", "FOB"))])
