"""What may be seen at a desk: one's own listings by what they wait for, and the review queue."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..core.actor import Actor, Role
from .lifecycle import LISTING
from .models import Listing, ReturnReason, Review, State
from .terms import REMINDERS

#: The tabs of one's own listings: name, label, states.
TABS: Mapping[str, tuple[object, tuple[State, ...]]] = {
    "todo": (gettext_lazy("待我处理"), (State.DRAFT, State.RETURNED, State.EXPIRED)),
    "review": (gettext_lazy("审核中"), (State.CITY_REVIEW, State.CORRIDOR_REVIEW)),
    "published": (gettext_lazy("已发布"), (State.PUBLISHED,)),
    "ended": (gettext_lazy("已结束"), (State.CLOSED, State.HIDDEN)),
}


def mine(actor: Actor, tab: str = "") -> "QuerySet[Listing]":
    """The listings of the actor's party, last changed first; all of them, or one tab."""
    own: QuerySet[Listing] = Listing.objects.visible_to(actor).filter(party=actor.party)
    if tab in TABS:
        own = own.filter(state__in=TABS[tab][1])
    return own.order_by("-changed_at", "-id")


def tab_counts(actor: Actor) -> dict[str, int]:
    """How many of one's own listings stand in each tab. One query."""
    rows = mine(actor).order_by().values_list("state").annotate(n=Count("pk"))
    counted = dict(rows)
    return {
        name: sum(counted.get(state, 0) for state in states)
        for name, (_label, states) in TABS.items()
    }


def review_queue(actor: Actor) -> "QuerySet[Listing]":
    """What waits for the actor's review, longest waiting first. Needs no more than ``party``."""
    queue: QuerySet[Listing] = Listing.objects.visible_to(actor).select_related("party")
    if actor.role is Role.BUREAU:
        queue = queue.filter(state=State.CITY_REVIEW, city=actor.city)
    elif actor.role is Role.OFFICE:
        queue = queue.filter(state=State.CORRIDOR_REVIEW)
    else:
        queue = queue.none()
    return queue.order_by("changed_at", "id")


def next_step(actor: Actor, listing: Listing, today: date) -> tuple[str, str]:
    """What its party does with a listing now: name of a page (see ``urls``) and words."""
    open_to = LISTING.open_to(actor, listing)
    if "submit" in open_to:
        if listing.state == State.RETURNED:
            return "edit", _("按意见修改")
        return "edit", _("继续填写")
    if listing.state == State.PUBLISHED:
        soon = today + timedelta(days=max(REMINDERS))
        if listing.expires_on is not None and listing.expires_on <= soon and "renew" in open_to:
            return "renew", _("一键续期")
        return "detail", _("查看匹配")
    if "renew" in open_to:
        return "renew", _("一键续期")
    return "detail", _("查看")


def history(actor: Actor, listing: Listing) -> list[dict[str, Any]]:
    """The decisions about a listing as a timeline shows them, newest first."""
    decided = Review.objects.visible_to(actor).filter(listing=listing).select_related("user")
    return [
        {
            "when": review.at,
            "who": str(review.user or "—"),
            "what": _("%(stage)s：%(what)s（第 %(n)s 版）")
            % {
                "stage": review.get_stage_display(),
                "what": _("通过") if review.passed else _("退回"),
                "n": review.version,
            },
            "reason": _reasons(review),
            "tone": "ok" if review.passed else "bad",
        }
        for review in decided
    ]


def _reasons(review: Review) -> str:
    words = [str(reason.label) for reason in ReturnReason if reason in review.reasons]
    return _("；").join([*words, *([review.reason] if review.reason else [])])
