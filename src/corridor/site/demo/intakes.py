"""Stories of leads: reported by phone, contacted, judged, answered; some too late."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from corridor.demo.draw import Draw
from corridor.engine.factors import Range

from ..core.actor import Actor
from ..core.region import corridor
from ..leads import actions, intake
from ..leads.models import Lead, Stated
from .cast import Cast, Event

WISHES = (
    ("想找 3000 平左右单层厂房，要带行车，年底前搬入，租金 25 元/㎡·月以内", "精密零部件生产"),
    ("拟投资 1.2 亿元建储能模组产线，需要工业用地 40 亩，环评报告表即可", "储能模组制造"),
    ("机器人减速器项目，计划总投资 8000 万，首期租厂房 5000 平方米", "减速器研发与生产"),
    ("生物试剂研发中心，需要 800 平实验室和冷库，希望靠近高校", "体外诊断试剂"),
    ("长三角分拨仓，需要两万方高标仓，承重 3 吨以上", "电商仓储"),
    ("车规级芯片封测项目，投资 5 亿元，用电 8000 千伏安", "半导体封测"),
)
FIRMS = ("澄屿智能装备", "岫川新材料", "珩远医疗科技", "沅禾储能", "栩诺机器人", "霁程供应链")
NOTES = "已电话了解项目情况，约定补充可研材料。"
ANSWER = "已对接两处载体，约定现场考察；用地指标由园区同步核实。"


def events(cast: Cast, draw: Draw, now: datetime, count: int) -> Iterator[Event]:
    """``count`` leads over the last month, more of them lately."""
    cities = corridor().codes
    for number in range(count):
        text, use = WISHES[number % len(WISHES)]
        city = cities[number % len(cities)] if number % 11 else ""
        said = intake.Report(
            need=text,
            use=use,
            tax=Range.exactly(draw.between(5, 300) * 10),
            company=f"{FIRMS[(number + number // len(WISHES)) % len(FIRMS)]}{number + 1:02d}（演示）有限公司",
            contact_name="演示",
            phone=f"+999138{number:07d}",
            wish=city,
        )
        begun = now - timedelta(hours=number * number // 3 + draw.between(1, 5))
        yield from _story(cast, said, draw, begun, now, number)


def _story(
    cast: Cast, said: intake.Report, draw: Draw, begun: datetime, now: datetime, number: int
) -> Iterator[Event]:
    """One lead: early ones are still fresh, some wait longer than they should."""
    made: list[Lead] = []
    yield Event(begun, lambda: made.append(intake.report(said)))
    if not said.wish or number < 3 or number % 8 == 7:
        return
    officer = cast.bureau(said.wish)
    at = begun + timedelta(hours=draw.between(1, 26))
    for step, gap in ((_contact, 40), (_judge, 80), (_answer, 90)):
        if at >= now or draw.chance(8):
            return
        yield Event(at, lambda do=step: do(officer, made[0]))  # type: ignore[misc]
        at += timedelta(hours=draw.between(4, gap))


def _contact(officer: Actor, lead: Lead) -> None:
    actions.contact(officer, lead, NOTES)


def _judge(officer: Actor, lead: Lead) -> None:
    stated = [Stated.INVESTOR, Stated.PROJECT, Stated.INVESTMENT, Stated.LAND, Stated.TAX]
    actions.judge_valid(officer, lead, stated, "产业方向符合，用地待核。")


def _answer(officer: Actor, lead: Lead) -> None:
    actions.answer(officer, lead, ANSWER)
