"""Units: for each unit an attribute may use, every way people write it and what it is worth.

A written form belongs to the unit it converts *into*, so "亩" is listed under ``m2`` with its
factor. A form may serve several units ("元" is money, and beside the word 租金 it is a daily rent);
which one is meant is decided by the attribute that asks. Factors are exact decimals.

Counting words are worth one another only where they count single things: 5 套 are 5 台, but a 箱, a
吨 or a 卷 holds who knows how many. These have their own units (``pack``, ``t`` …), which no count
and no price takes, so that they are refused and never read as pieces.

Sources: 1 亩 = 666.67 ㎡ is the figure in use at land bureaus (exactly 2000/3 ㎡); a month is
365/12 days where a rent is converted, and 21 working days; a day's hire of an instrument is
eight hours (元/天 = 1/8 元/小时); g = 9.80665 m/s² (kN/㎡). Foreign currency uses
:data:`REFERENCE_RATES`.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product

from .label import Label

#: Yuan per unit, for comparing amounts only; round figures, said beside every value converted.
REFERENCE_RATES = {"美元": Decimal("7.1"), "欧元": Decimal("7.8"), "港元": Decimal("0.91")}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit, its label, and the written forms that convert into it (form → factor)."""

    name: str
    label: Label
    forms: dict[str, Decimal]


def _forms(*spec: tuple[str, str]) -> dict[str, Decimal]:
    return {form: Decimal(factor) for forms, factor in spec for form in forms.split()}


_PIECES = "件 个 只 台 套 台套 片 支 颗 辆 双 块 根 条 把 张 副"
_PACKS = "箱 批 盒 瓶 卷 桶 袋"
_MEASURES = f"{_PACKS} 吨 公斤 千克 kg 克 米 平方米 ㎡ 升"
_AREA = "㎡ 平方米 平米 平方 平 方 m2 m² sqm"


def _money_forms() -> dict[str, Decimal]:
    forms = _forms(("元 块 块钱 元人民币 人民币 rmb cny yuan", "0.0001"))
    foreign = {"美元": "美金 美元 usd 刀", "欧元": "欧元 欧 eur", "港元": "港元 港币 hkd"}
    for currency, names in foreign.items():
        forms |= dict.fromkeys(names.split(), REFERENCE_RATES[currency] / 10000)
    return forms


def _yearly_forms() -> dict[str, Decimal]:
    """No bare 元: a pay of 2万 or 40k says nothing of month or year, so it is not a yearly one."""
    return _forms(
        ("元/年 元一年 块/年 元每年 块一年 /年", "0.0001"),
        ("元/月 元一月 块/月 元每月 元一个月 块一个月 /月", "0.0012"),
    )


def _rent_forms() -> dict[str, Decimal]:
    """With area and period, or neither (1块5 is by ㎡ and day); 元/月 may be for the whole place."""
    year, month = Decimal(1) / 365, Decimal(12) / 365
    periods = {"天": Decimal(1), "日": Decimal(1), "day": Decimal(1), "月": month, "年": year}
    forms: dict[str, Decimal] = {}
    for money, area, (period, worth) in product(
        ("元", "块", "块钱"), _AREA.split(), periods.items()
    ):
        for shape in (
            "{m}/{a}/{p}",
            "{m}/{p}/{a}",
            "{m}每{a}每{p}",
            "{m}一{a}一{p}",
            "{m}/{a}·{p}",
            "{m}/({a}·{p})",
            "{m}/{a}.{p}",
            "{m}每{p}每{a}",
            "{m}/{a}每{p}",
            "{m}一{p}一{a}",
        ):
            forms[shape.format(m=money, a=area, p=period)] = worth
    return forms | _forms(("元 块 块钱", "1"))


def _price_forms() -> dict[str, Decimal]:
    """Yuan for one piece, or for one of the measure the listing states."""
    dollar = REFERENCE_RATES["美元"]
    forms = _forms(("元 块 块钱 rmb", "1"), ("毛 角", "0.1"), ("美元 美金 usd", str(dollar)))
    for money, joint, piece in product(("元", "块", "块钱", "美元"), "/每一", _PIECES.split()):
        forms[f"{money}{joint}{piece}"] = dollar if money == "美元" else Decimal(1)
    return forms


def _pack_price_forms() -> dict[str, Decimal]:
    """Yuan for a measure other than the piece: read so that it is not mistaken for one."""
    joints = product(("元", "块", "块钱", "美元"), "/每一", _MEASURES.split())
    return {money + joint + piece: Decimal(1) for money, joint, piece in joints}


def _per_mu_forms() -> dict[str, Decimal]:
    return _forms(("元/亩 元每亩 元一亩 元/亩/年 元 /亩", "0.0001"))


def _unit(name: str, zh: str, en: str, forms: dict[str, Decimal]) -> Unit:
    return Unit(name, Label(zh, en), forms)


_ALL = (
    _unit("m2", "㎡", "m²", _forms((_AREA, "1"), ("亩", "666.67"), ("公顷 ha", "10000"))),
    _unit(
        "m", "米", "m", _forms(("米 m 公尺", "1"), ("厘米 公分 cm", "0.01"), ("毫米 mm", "0.001"))
    ),
    _unit("km", "公里", "km", _forms(("公里 千米 km", "1"), ("米 m", "0.001"), ("里", "0.5"))),
    _unit(
        "t/m2",
        "吨/㎡",
        "t/m²",
        _forms(
            (
                "吨/㎡ 吨/平方米 吨/平米 吨/平方 吨/平 吨/方 t/㎡ t/m2 t/m² 吨每平 吨每平方 吨每平米 吨每平方米 吨",
                "1",
            ),
            ("kg/㎡ kg/m2 kg/m² kg/平 公斤/㎡ 公斤/平 公斤/平方米 公斤/平方 公斤 kg", "0.001"),
            (
                "kn/㎡ kn/m2 kn/m² kn/平方米 千牛/㎡ 千牛/平方米 千牛/m2",
                str(1 / Decimal("9.80665")),
            ),
        ),
    ),
    _unit("t", "吨", "t", _forms(("吨 t", "1"), ("公斤 千克 kg", "0.001"))),
    _unit("kVA", "千伏安", "kVA", _forms(("千伏安 kva kv·a", "1"), ("兆伏安 mva", "1000"))),
    _unit(
        "t/d",
        "吨/天",
        "t/d",
        _forms(("吨/天 吨/日 t/d 吨每天 吨一天 方/天 立方/天 m3/d m³/d 吨", "1")),
    ),
    _unit(
        "m3/h",
        "立方米/小时",
        "m³/h",
        _forms(
            ("m3/h m³/h 立方米/小时 立方/小时 方/小时 方每小时 立方米每小时 立方 立方米 方", "1")
        ),
    ),
    _unit("t/h", "吨/小时", "t/h", _forms(("吨/小时 吨/时 t/h 吨每小时 吨一小时 吨 蒸吨", "1"))),
    _unit("CNY10k", "万元", "10k CNY", _money_forms()),
    _unit("CNY10k/y", "万元/年", "10k CNY/year", _yearly_forms()),
    _unit("CNY/m2/d", "元/㎡/天", "CNY/m²/day", _rent_forms()),
    _unit(
        "CNY/m2/mo",
        "元/㎡/月",
        "CNY/m²/month",
        {
            form: (factor * 365 / 12).quantize(Decimal("1e-9"))
            if form not in ("元", "块", "块钱")
            else Decimal(1)
            for form, factor in _rent_forms().items()
        },
    ),
    _unit("CNY10k/mu", "万元/亩", "10k CNY/mu", _per_mu_forms()),
    _unit(
        "CNY/h",
        "元/小时",
        "CNY/hour",
        _forms(
            ("元/小时 元/时 元/h 元/机时 元每小时 元一小时 块/小时 元 块", "1"),
            ("元/天 元每天", "0.125"),
        ),
    ),
    _unit(
        "CNY/sample",
        "元/样",
        "CNY/sample",
        _forms(("元/样 元/个样 元/个 元/件 元/台 元/样品 元每样 元一个样 元/次 元 块", "1")),
    ),
    _unit("CNY", "元", "CNY", _price_forms()),
    _unit("CNY/pack", "元/箱", "CNY/box", _pack_price_forms()),
    _unit(
        "mo",
        "个月",
        "months",
        _forms(("个月 月", "1"), ("年 周年", "12"), ("个季度 季度", "3"), ("个半年 半年", "6")),
    ),
    _unit(
        "d",
        "天",
        "days",
        _forms(
            ("天 日 个工作日 工作日 个自然日", "1"),
            ("周 个星期 星期 个礼拜", "7"),
            ("个月 月", "30"),
        ),
    ),
    _unit(
        "wd",
        "工作日",
        "working days",
        _forms(("个工作日 工作日", "1"), ("周 个星期 星期", "5"), ("个月 月", "21")),
    ),
    _unit("wk", "周", "weeks", _forms(("周 个星期 星期", "1"), ("个月 月", "4"))),
    _unit("y", "年", "years", _forms(("年 周年", "1"), ("个月", str(Decimal(1) / 12)))),
    _unit("h", "小时", "hours", _forms(("小时 机时 h 个小时 学时", "1"))),
    _unit("h/mo", "小时/月", "hours/month", _forms(("小时/月 小时每月 个小时 小时", "1"))),
    _unit("%", "%", "%", _forms(("% ％ 个点 百分点", "1"))),
    _unit("times", "倍", "times", _forms(("倍", "1"))),
    _unit("person", "人", "people", _forms(("人 名 位 个人 余人", "1"))),
    _unit("item", "个", "items", _forms(("个 项 件 家 台 部 套 场 次 张 批 层", "1"))),
    _unit("bed", "床", "beds", _forms(("床 张 个 人", "1"))),
    _unit("piece", "件", "pieces", _forms((f"{_PIECES} 盒 瓶 pcs", "1"))),
    _unit("pack", "箱", "boxes", _forms((_PACKS, "1"))),
    _unit("measure", "", "", _forms((f"{_PIECES} pcs", "1"))),
    _unit("floor", "层", "floor", _forms(("层 楼", "1"))),
    _unit(
        "tce/10k",
        "吨标煤/万元",
        "tce/10k CNY",
        _forms(("吨标煤/万元 吨标准煤/万元 tce/万元 tce", "1")),
    ),
    _unit("ratio", "", "", {}),
)

UNITS: dict[str, Unit] = {unit.name: unit for unit in _ALL}


@cache
def serving(form: str) -> tuple[tuple[str, Decimal], ...]:
    """Every (unit, factor) a written form may stand for, in the order of declaration."""
    key = form.lower()
    return tuple((u.name, u.forms[key]) for u in _ALL if key in u.forms)


@cache
def written_forms() -> tuple[str, ...]:
    """All written forms, longest first so that a scanner takes 元/㎡/天 before 元."""
    forms = {form for unit in _ALL for form in unit.forms}
    return tuple(sorted(forms, key=lambda f: (-len(f), f)))


def factor(form: str, unit: str) -> Decimal | None:
    """What one ``form`` is worth in ``unit``; ``None`` when it measures something else."""
    return UNITS[unit].forms.get(form.lower())
