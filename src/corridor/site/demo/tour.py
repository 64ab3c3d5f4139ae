"""The guided tour: seven pages, each seen by the one who would."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..core.errors import Text
from ..docking.models import Introduction
from ..leads.models import Lead
from ..listings.models import Listing, State


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop: who looks (as the role bar names them), at which page, and what to see there."""

    login: str
    page: str
    title: Text
    text: Text


STOPS = (
    Stop("public", "home", _("先看全局"), _("首页给出九城供需、流向和四步漏斗；每个比率都写明分子、分母和时间范围。")),
    Stop("suzhou-firm", "new", _("企业发布需求"),
         _("粘贴一段话即可：系统读出要素、数量和期限，由您确认后才作为条件。电话只填在联系方式里，不会公开。")),
    Stop("suzhou", "review", _("城市审核"), _("苏州投促局看到本市待审供需，最早的排在最前；通过或退回都要留下理由。")),
    Stop("office", "corridor_review", _("走廊复核并发布"), _("走廊办复核后发布，匹配任务随即运行。")),
    Stop("suzhou-firm", "matches", _("看匹配与理由"),
         _("每个对接方都有得分构成、三条理由、逐项核对的硬性条件；差一点的，写明改什么就能成。")),
    Stop("hefei-lab", "introduction", _("双方同意才见联系方式"),
         _("收到对接意向后接受或说明理由谢绝；双方都同意之前，任何人看到的都是 138****8000。")),
    Stop("suzhou", "lead", _("线索按时限办理"),
         _("扫码即可提交招商线索：1 天联系、3 天研判、1 周答复，超时的排在最前。")),
)  # fmt: skip


def address(stop: Stop) -> str:
    """Where a stop's page is now; the home page where what it shows is gone."""
    return _PAGES[stop.page]() or reverse("ui:home")


def _matched() -> str:
    firm = Listing.objects.filter(party__memberships__user__username="suzhou-firm")
    found = firm.filter(state=State.PUBLISHED, side="need").order_by("id").first()
    return reverse("docking:matches", args=[found.ref]) if found else ""


def _introduction() -> str:
    asked = Introduction.objects.filter(
        to_party__memberships__user__username="hefei-lab", state="asked"
    )
    found = asked.order_by("id").first()
    return reverse("docking:introduction", args=[found.ref]) if found else ""


def _lead() -> str:
    found = Lead.objects.filter(city="320500", state="received").order_by("id").first()
    return reverse("leads:detail", args=[found.ref]) if found else reverse("leads:list")


_PAGES = {
    "home": lambda: reverse("ui:home"),
    "new": lambda: reverse("listings:new"),
    "review": lambda: reverse("listings:review"),
    "corridor_review": lambda: reverse("listings:review"),
    "matches": _matched,
    "introduction": _introduction,
    "lead": _lead,
}
