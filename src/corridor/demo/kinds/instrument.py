"""Synthetic requests for instruments and tests, and the laboratories that offer them."""

from decimal import Decimal

from corridor.engine.factors import number_text

from ..pen import Pen, month_end
from ..words import Apparatus, apparatus_for

_SERVICES = (("test", 64), ("hire", 24), ("calibrate", 4), ("pilot", 4), ("train", 4))


def _words(pen: Pen, device: Apparatus) -> dict[str, str]:
    draw = pen.draw
    measured = draw.some(device.measurands, 2)
    return {
        "i": draw.pick(device.names),
        "k": draw.pick(device.names),
        "x": measured[0],
        "z": "、".join(measured),
        "p": draw.pick(device.specimens),
        "n": pen.field.name,
        "c": pen.city.zh,
    }


_NEED_BYS = (
    "{p}{x}委托检测",
    "委托{i}测试{p}",
    "{p}样品送检：{x}",
    "寻{i}做{x}",
    "{p}{z}测试",
)


_NEED_LEADS = (
    "{n}研发中有一批{p}需做{z}，委托有能力的实验室完成",
    "客户验厂要求提供{p}的{x}报告，需{k}支持",
    "{n}企业新批次{p}要做{z}，厂内没有{k}",
    "{p}出现质量问题，想用{k}查{x}找原因",
)


def need(pen: Pen) -> None:
    """A test to be done or hours wanted."""
    draw, device = pen.draw, pen.draw.pick(apparatus_for(pen.field.domains))
    words, service = _words(pen, device), draw.weighted(_SERVICES[:3])
    pen.choose("service", [service, "test"] if service == "hire" and draw.chance(30) else [service])
    pen.note("instrument", words["i"])
    pen.note("measurand", words["z"])
    by = {
        "test": _NEED_BYS,
        "hire": ("预约{i}机时", "{c}企业租用{i}", "{p}研发需{i}上机", "找{i}共享机时做{x}"),
        "calibrate": ("{i}校准服务需求", "{n}实验室设备计量校准（{i}）", "{i}年度校准"),
    }[service]
    pen.title = draw.pick(by).format(**words)
    pen.lead = draw.pick(
        {
            "test": _NEED_LEADS,
            "hire": (
                "{n}企业研究{p}需要{k}，希望按机时使用，主要看{z}",
                "{n}课题需用{k}做{x}，样品为{p}",
            ),
            "calibrate": ("质量部一批{k}到期，需上门或送校", "{p}检验用的{k}要做年度校准"),
        }[service]
    ).format(**words)
    if device.standard and pen.often(55):
        pen.note("standard", device.standard, "按{}执行")
    if pen.often(35):
        pen.choose(
            "accreditation",
            draw.pick((["CNAS"], ["CMA"], ["CNAS", "CMA"])),
            "报告需{}",
            "要求有{}资质",
        )
    _limits(pen, device, service)
    if pen.often(40):
        pen.yes("voucher", "希望可用创新券")
    if pen.often(30):
        pen.due("due", month_end(pen.today, draw.between(0, 5)), "{}前完成")
    pen.sector()


def _limits(pen: Pen, device: Apparatus, service: str) -> None:
    draw = pen.draw
    if pen.choosy:
        pen.put("turnaround", 1, "{}天内出结果")
    elif pen.often(60):
        pen.put(
            "turnaround",
            draw.pick((3, 5, 7, 7, 10, 10, 15, 20, 30)),
            "{}天内出报告",
            "周期不超过{}天",
        )
    if service == "hire":
        pen.put("hours", draw.nice(4, 200), "需{}小时")
        if pen.often(65):
            low, high = (int(n) for n in device.hour)
            pen.put(
                "price_hour", draw.nice((low + high) // 2, high * 5 // 4), "机时费{}元/小时以内"
            )
        return
    samples = draw.nice(1, max(3, min(120, 60_000 // int(device.sample[0]))))
    pen.put("samples", samples, "样品{}个", "共{}个样")
    low, high = (int(n) for n in device.sample)
    price = draw.nice((low + high) // 2, high * 5 // 4)
    if pen.often(55):
        pen.put("price_sample", price, "每个样不超过{}元", "单样{}元以内")
    if pen.often(30):
        budget = (price * samples / 10_000 * Decimal("1.2")).quantize(Decimal("0.1"))
        pen.put("budget", max(budget, Decimal("0.1")), "总预算{}万元")


def offer(pen: Pen) -> None:
    """A laboratory that tests or lets an instrument."""
    draw, device = pen.draw, pen.draw.pick(apparatus_for(pen.field.domains))
    words = _words(pen, device)
    service = draw.weighted(_SERVICES)
    chosen = [service, "test"] if service != "test" else ["test", "hire"][: draw.between(1, 2)]
    pen.choose("service", chosen, "提供{}", "服务方式：{}")
    pen.note("instrument", words["i"])
    pen.note("measurand", words["z"])
    pen.title = draw.pick(
        (
            "{i}对外开放共享",
            "{i}检测服务：{x}",
            "{c}实验室提供{i}机时",
            "{p}{x}检测服务",
            "{n}检测平台（{i}）",
            "承接{z}委托检测",
            "{i}面向{n}企业开放",
        )
    ).format(**words)
    pen.lead = draw.pick(
        (
            "实验室{k}对外服务，可做{z}，适用于{p}等样品",
            "面向{n}企业开放{k}，主要项目{z}",
            "长期承接{p}的{x}，由专人使用{k}测试并解读数据",
            "共享平台新装{k}，擅长{z}，欢迎{n}企业送样",
        )
    ).format(**words)
    _capability(pen, device)
    _prices(pen, device, chosen)
    pen.capacity = draw.between(2, 5)
    pen.sector()


def _capability(pen: Pen, device: Apparatus) -> None:
    draw = pen.draw
    if device.standard and pen.often(60):
        pen.note("standard", device.standard, "依据{}")
    lab = pen.party.kind == "lab"
    if lab or pen.often(50):
        held = draw.weighted(((["CNAS", "CMA"], 45 if lab else 15), (["CMA"], 30), (["CNAS"], 25)))
        pen.choose("accreditation", held, "具备{}资质", "{}认可范围内")
    if pen.often(30):
        pen.note("manufacturer", draw.pick(("进口品牌", "国产品牌")), "{}设备")
    if pen.often(40):
        pen.note("original_value", f"{number_text(draw.nice(*device.worth))}万元", "设备原值{}")
    pen.put("turnaround", draw.pick((2, 3, 3, 5, 5, 7, 7, 10, 15)), "{}天出报告", "出具周期{}天")
    if pen.often(30):
        pen.due("due", month_end(pen.today, draw.between(0, 2)), "最早{}可约")


def _prices(pen: Pen, device: Apparatus, chosen: list[str]) -> None:
    draw = pen.draw
    if "hire" in chosen:
        pen.put("hours", draw.nice(40, 1200), "年可开放{}小时")
        if pen.often(35):
            pen.note("effective_hours", f"{draw.nice(1200, 2400)}小时")
            pen.note("commissioned", f"{draw.between(2016, 2025)}年")
        if pen.often(78):
            pen.put("price_hour", draw.nice(*device.hour), "机时费{}元/小时")
        if pen.often(60):
            pen.yes("operator", "配操作人员", "可代为操作")
    if pen.often(75):
        pen.put("price_sample", draw.nice(*device.sample), "{}元/样起", "单样{}元")
    if pen.often(55):
        pen.put(
            "samples", draw.nice(10, 100 if int(device.sample[0]) > 1000 else 600), "每批可收{}个样"
        )
    if pen.often(55):
        pen.yes("voucher", "可用创新券", "支持创新券抵扣")
