"""Lists of codes: why a pair does not fit, and in which ways two parties may work together."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _

from corridor.engine.factors import Label

from ..core.region import in_language


class Reason(models.TextChoices):
    """Why a match does not fit, an introduction was declined, or a meeting led to nothing.

    One list for all three, so that the reasons along the way add up.
    """

    PRICE = "price", _("价格或费用")
    SIZE = "size", _("面积、数量或规模")
    PLACE = "place", _("地点")
    TIME = "time", _("时间")
    QUALIFICATION = "qualification", _("资质")
    INDUSTRY = "industry", _("行业方向")
    TECHNOLOGY = "technology", _("技术路线或指标")
    TERMS = "terms", _("合作方式或条款")
    UNCLEAR = "unclear", _("描述不清，无法判断")
    BUSY = "busy", _("暂无精力或余量")
    FOUND = "found", _("已找到合作方")
    OTHER = "other", _("其他")


#: Ways of working together. Sources: 沪科规〔2025〕2号 for technology, EEN's agreement kinds.
COOPERATION: Mapping[str, Label] = MappingProxyType(
    {
        "transfer": Label("技术转让", "Technology transfer"),
        "licence": Label("技术许可", "Licensing"),
        "equity": Label("作价投资", "Technology as equity"),
        "development": Label("技术开发", "Joint or commissioned development"),
        "service": Label("技术服务", "Technical service"),
        "consulting": Label("技术咨询", "Consulting"),
        "purchase": Label("采购", "Purchase"),
        "agency": Label("代理经销", "Agency or distribution"),
        "processing": Label("委托加工", "Contract manufacturing"),
        "lease": Label("租赁", "Lease"),
        "sale": Label("购置", "Acquisition"),
        "building": Label("定制建设", "Build to suit"),
        "investment": Label("股权投资", "Equity investment"),
        "loan": Label("债权融资", "Debt financing"),
        "guarantee": Label("担保增信", "Guarantee"),
        "venture": Label("合资", "Joint venture"),
        "employment": Label("聘用", "Employment"),
        "project": Label("项目合作", "Project work"),
        "training": Label("人才培养", "Training"),
        "testing": Label("检测服务", "Testing service"),
        "sharing": Label("共享使用", "Shared use"),
        "settling": Label("落户", "Settling in the corridor"),
        "claim": Label("申报兑现", "Applying for the policy"),
        "other": Label("其他", "Other"),
    }
)

#: What is usual for each kind, most usual first; "other" is always possible.
_USUAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "technology": ("transfer", "licence", "equity", "development", "service", "consulting"),
        "product": ("purchase", "agency", "processing", "development", "venture"),
        "space": ("lease", "sale", "building", "venture"),
        "capital": ("investment", "loan", "guarantee", "venture"),
        "talent": ("employment", "project", "consulting", "training"),
        "instrument": ("testing", "sharing", "lease", "development"),
        "exhibit": ("purchase", "agency", "venture", "settling"),
        "policy": ("claim", "consulting", "settling"),
    }
)
_GENERAL = ("project", "purchase", "service", "development", "venture")


def ways(kind: str) -> tuple[str, ...]:
    """The codes of the ways to work together that a factor kind offers."""
    return (*_USUAL.get(kind, _GENERAL), "other")


def way_choices(kind: str) -> list[tuple[str, str]]:
    """:func:`ways` with their names in the language of the page."""
    return [(code, way_name(code)) for code in ways(kind)]


def way_name(code: str) -> str:
    """The name of a way in the language of the page; the code itself where it is unknown."""
    found = COOPERATION.get(code)
    return in_language(found) if found else code
