"""Stories of introductions: asked, answered, talked over, and what came of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from corridor.demo.draw import Draw

from ..core.actor import Actor
from ..core.models import Party
from ..docking import actions, codes
from ..docking.models import Introduction, Match, Outcome
from ..listings.models import Listing
from .cast import Cast, Event

QUESTIONS = (
    "贵方的交付周期多长？能否先做一次现场考察？",
    "价格区间和付款方式是怎样的？首批合作的规模大约多少？",
    "是否有同类项目的案例？关键指标能否提供检测报告？",
    "最快什么时候可以签约？需要我们提供哪些材料？",
    "条件里的面积能否分期使用？扩容由谁负责？",
)
ANSWERS = (
    "可以安排考察，下周二至周四都方便。",
    "资料已整理，见面时带上；我们更关心长期合作。",
    "首批可以先做小规模验证，再谈全年。",
)
#: The better first; of equals always the same, whichever was written first.
BEST = ("-score", "need__ref", "offer__ref")
REASONS = ("price", "time", "place", "terms", "technology", "found")


def chosen(firm: Party, lab: Party, count: int) -> list[Match]:
    """``count`` good matches of different parties, and the two of the tour."""
    used: set[int] = set()
    found: list[Match] = []
    for match in _matches(firm, lab, count):
        if len(found) < count and not used & {match.need_id, match.offer_id}:
            used |= {match.need_id, match.offer_id}
            found.append(match)
    return found


def events(cast: Cast, pairs: Sequence[Match], draw: Draw, now: datetime) -> Iterator[Event]:
    """An introduction for each of these matches."""
    for number, match in enumerate(pairs, 1):
        yield from _story(cast, match, draw, now, fresh=number <= 2)


def _matches(firm: Party, lab: Party, count: int) -> Iterator[Match]:
    found = Match.objects.filter(verified=True).select_related("need__party", "offer__party")
    good = found.exclude(need__anonymity="named").exclude(offer__anonymity="named")
    yield from good.filter(need__party=firm, offer__party=lab).order_by(*BEST)[:1]
    yield from good.filter(need__party=firm).order_by(*BEST)[:8]
    yield from good.filter(rank_need=1, score__gte=0.6).order_by("need__ref")[: 4 * count]


def _story(cast: Cast, match: Match, draw: Draw, now: datetime, *, fresh: bool) -> Iterator[Event]:
    """One introduction; a ``fresh`` one still waits for its answer."""
    need, offer = match.need, match.offer
    asker, asked = cast.member(need.party), cast.member(offer.party)
    begun = _begin(need, offer, now, draw, fresh)
    ways, question = codes.ways(offer.kind), draw.pick(QUESTIONS)
    made: list[Introduction] = []

    def ask() -> None:
        made.append(
            actions.ask(asker, offer, own=need, cooperation=ways[0], question=question, agreed=True)
        )

    yield Event(begun, ask)
    if fresh or draw.chance(15):
        return
    answered = begun + timedelta(hours=draw.between(3, 24 * 9))
    if draw.chance(35):
        reason = draw.pick(REASONS)
        yield Event(answered, lambda: actions.decline(asked, made[0], reason=reason))
        return
    yield Event(answered, lambda: actions.accept(asked, made[0], agreed=True))
    yield Event(
        answered + timedelta(minutes=9), lambda: actions.say(asked, made[0], draw.pick(ANSWERS))
    )
    if draw.chance(75):
        yield from _ending(asker, made, draw, answered, ways[0])


def _ending(
    asker: Actor, made: list[Introduction], draw: Draw, answered: datetime, way: str
) -> Iterator[Event]:
    met = answered + timedelta(days=draw.between(2, 12))
    yield Event(met, lambda: _report(asker, made, Outcome.Result.MET))
    later = met + timedelta(days=draw.between(3, 25))
    if draw.chance(45):
        yield Event(later, lambda: _report(asker, made, Outcome.Result.AGREEMENT, way=way))
    elif draw.chance(60):
        reason = draw.pick(REASONS)
        yield Event(later, lambda: _report(asker, made, Outcome.Result.NONE, reason=reason))


def _report(
    actor: Actor, made: list[Introduction], result: str, *, way: str = "", reason: str = ""
) -> None:
    told = actions.Report(result=result, on=timezone.localdate(), cooperation=way, reason=reason)
    actions.report(actor, made[0], told)


def _begin(need: Listing, offer: Listing, now: datetime, draw: Draw, fresh: bool) -> datetime:
    """After both were published; long enough ago for what followed, unless it is still fresh."""
    if fresh:
        return now - timedelta(hours=draw.between(2, 60))
    start = max(one.published_at or now for one in (need, offer))
    days = max(0, (now - start).days)
    return start + timedelta(days=draw.between(0, min(days, 60)), minutes=draw.between(1, 400))
