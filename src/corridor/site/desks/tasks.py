"""Things to do as lines of ``ui/parts/tasks.html``: what, where, since when, until when."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..conference import links
from ..core.actor import Actor
from ..core.models import MembershipRequest, Party
from ..docking import cards
from ..docking.models import Introduction
from ..docking.models import State as Stage
from ..listings import reports
from ..listings.desk import next_step
from ..listings.models import ContentReport, Listing, State

Task = dict[str, Any]


def own_listing(actor: Actor, one: Listing, today: date) -> Task:
    """One of one's own listings, with what its party does with it now."""
    page, words = next_step(actor, one, today)
    url = reverse("listings:edit", args=[one.ref, 2]) if page == "edit" else one.get_absolute_url()
    words = _("去续期") if page == "renew" else words
    tones = {State.RETURNED: "warn", State.EXPIRED: "warn", State.PUBLISHED: "ok"}
    return {
        "title": one.title,
        "url": url,
        "meta": f"{one.get_side_display()} · {one.kind_label} · {one.ref}",
        "badge": (one.get_state_display(), tones.get(State(one.state), "neutral")),
        "due": one.expires_on if one.state == State.PUBLISHED else None,
        "action": words,
    }


def talk(actor: Actor, one: Introduction, now: datetime) -> Task:
    """An introduction that waits for the actor's party, of ``waiting_introductions``."""
    said, place = cards.task(actor, one), vars(one)
    if place["begins"] is not None:
        return said | _meeting(actor, one, now)
    if one.occasion and one.state == Stage.ASKED:
        said["url"] = links.meeting_page(one.occasion, one.ref)
    return said | ({"action": _("登记结果")} if one.state == Stage.ACCEPTED else {})


def _meeting(actor: Actor, one: Introduction, now: datetime) -> Task:
    """A meeting of today, or one whose result the actor's party has not told."""
    place: Mapping[str, Any] = vars(one)
    begun = place["begins"] <= now
    where = _("%(time)s %(hall)s %(number)s 号桌") % {
        "time": f"{timezone.localtime(place['begins']):%m-%d %H:%M}",
        "hall": place["hall"],
        "number": place["table"],
    }
    return {
        "title": one.party_shown_to(actor, one.other_party(actor.party)),
        "url": links.meeting_page(place["conference"], one.ref),
        "meta": f"{where} · {place['title']}",
        "badge": (_("待登记结果"), "warn") if begun else (_("今天洽谈"), "info"),
        "due": None if begun else place["begins"],
        "action": _("登记结果") if begun else _("查看"),
    }


def stuck(actor: Actor, one: Introduction) -> Task:
    """An introduction that an adviser should help along."""
    return cards.task(actor, one) | {"action": _("协调")}


def review(one: Listing, now: datetime) -> Task:
    """A listing that waits for the actor's review. Needs ``party``."""
    return {
        "title": one.title,
        "url": reverse("listings:review_one", args=[one.ref]),
        "meta": f"{one.party.name} · {one.kind_label} · {one.city_label} · {_waited(one.changed_at, now)}",
        "badge": (one.get_side_display(), one.side),
        "action": _("审核"),
    }


def report(one: ContentReport) -> Task:
    """A report of bad content, with its clock. Needs ``listing``."""
    return {
        "title": one.listing.title,
        "url": f"{reverse('listings:reports')}#report-{one.pk}",
        "meta": f"{one.get_why_display()} · {one.listing.ref}",
        "start": one.created_at,
        "due": reports.due(one),
        "action": _("处理举报"),
    }


def party(one: Party) -> Task:
    """A party to be verified, or that someone asks to act for (``asked``)."""
    unverified = one.verified_at is None
    return {
        "title": one.name,
        "url": reverse("core:party", args=[one.pk]),
        "meta": one.outline,
        "badge": (_("待核验"), "warn") if unverified else (_("加入申请"), "info"),
        "action": _("核验") if unverified else _("答复申请"),
    }


def request(one: MembershipRequest) -> Task:
    """Someone who asks to act for the own party. Needs ``user``."""
    return {
        "title": _("%(name)s 申请代表本单位") % {"name": one.user.name},
        "url": reverse("core:members"),
        "meta": "",
        "badge": (one.get_state_display(), "info"),
        "action": _("答复申请"),
    }


def stale(one: Listing, now: datetime) -> Task:
    """A need that has found nobody for long. Needs ``party``."""
    return {
        "title": one.title,
        "url": reverse("docking:matches", args=[one.ref]),
        "meta": f"{one.party.name} · {one.kind_label} · {one.city_label} · "
        + _waited(one.published_at or now, now),
        "action": _("看差距"),
    }


def flooded(one: Listing) -> Task:
    """An offer that too many ask about. Needs ``party``, and ``talks`` of ``flooded_offers``."""
    count: int = vars(one)["talks"]
    said = ngettext("%(n)d 个对接意向在途", "%(n)d 个对接意向在途", count) % {"n": count}
    return {
        "title": one.title,
        "url": one.get_absolute_url(),
        "meta": f"{one.party.name} · {one.kind_label} · {one.city_label}",
        "badge": (said, "warn"),
        "action": _("查看"),
    }


def _waited(since: datetime, now: datetime) -> str:
    days = max(0, (now - since).days)
    return ngettext("已等 %(n)d 天", "已等 %(n)d 天", days) % {"n": days} if days else _("今天")
