"""What every page has: who is acting, their unread notices, the navigation, the demo's role bar."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..core.actor import Actor, Role
from ..core.errors import Text
from ..core.middleware import actor_of, memberships_of
from ..core.region import corridor, in_language
from ..notices.models import Notice

LARGE = "text_size"


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of every page. One query for those logged in, none for the public."""
    actor = actor_of(request)
    return {
        "actor": actor,
        "unread": 0 if actor.is_anonymous else _unread(actor),
        "nav": _nav(request, actor),
        "account_links": _account_links(actor),
        "footer_links": _footer_links(actor),
        "memberships": memberships_of(request),
        "site_name": settings.SITE_NAME,
        "corridor_name": in_language(corridor().name),
        "large_text": request.COOKIES.get(LARGE) == "large",
        "icp": settings.ICP,
        "police": settings.POLICE,
    }


def _unread(actor: Actor) -> int:
    return int(Notice.objects.visible_to(actor).filter(read_at=None).count())


def _account_links(actor: Actor) -> list[dict[str, str]]:
    """The pages of oneself and of one's party."""
    links = [] if actor.is_anonymous else [("core:members", _("本单位与成员"))]
    links += [
        ("core:me", _("我的账号")),
        ("usersessions_list", _("登录会话")),
        ("mfa_index", _("动态口令")),
    ]
    links += [("api:programs", _("接口与推送"))] if actor.manager else []
    return [{"url": reverse(name), "label": label} for name, label in links]


#: Where each role goes from anywhere, beside the home page and the listings.
_PLACES: dict[Role, tuple[tuple[str, Text], ...]] = {
    Role.PUBLIC: (
        ("conference:list", gettext_lazy("对接大会")),
        ("leads:new", gettext_lazy("提交线索")),
    ),
    Role.MEMBER: (
        ("desks:desk", gettext_lazy("工作台")),
        ("listings:mine", gettext_lazy("我的供需")),
        ("docking:introductions", gettext_lazy("对接意向")),
        ("conference:list", gettext_lazy("对接大会")),
    ),
    Role.BUREAU: (
        ("desks:desk", gettext_lazy("工作台")),
        ("listings:review", gettext_lazy("审核")),
        ("leads:list", gettext_lazy("线索")),
        ("docking:introductions", gettext_lazy("对接意向")),
        ("conference:organised", gettext_lazy("对接大会")),
    ),
    Role.OFFICE: (
        ("desks:desk", gettext_lazy("工作台")),
        ("listings:review", gettext_lazy("复核")),
        ("leads:list", gettext_lazy("线索")),
        ("docking:introductions", gettext_lazy("对接意向")),
        ("conference:organised", gettext_lazy("对接大会")),
    ),
    Role.JUDGE: (("desks:desk", gettext_lazy("工作台")),),
    Role.ANALYST: (("desks:desk", gettext_lazy("工作台")),),
}


def _nav(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    """Where one can go, as (url, label, current)."""
    links = [
        ("ui:home", gettext_lazy("首页")),
        ("listings:list", gettext_lazy("供需")),
        *_PLACES[actor.role],
    ]
    return [
        {"url": reverse(name), "label": label, "current": request.path == reverse(name)}
        for name, label in links
    ]


def _footer_links(actor: Actor) -> list[dict[str, Any]]:
    links = [
        ("leads:new", gettext_lazy("提交招商线索")),
        ("leads:status", gettext_lazy("查询线索进度")),
    ]
    links += [("core:join", gettext_lazy("主体入驻"))] if actor.is_anonymous else []
    return [{"url": reverse(name), "label": label} for name, label in links]
