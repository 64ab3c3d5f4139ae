"""Reports of bad content: made by anyone, decided by the city's bureau or the office in two days."""

from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ..core.actor import Actor
from ..core.errors import Forbidden, Invalid, NotNow
from ..core.verbs import Act, act
from ..notices.actions import notify, to_bureau, to_office
from . import notices, reviewing
from .checking import noted
from .models import ContentReport, Listing, State

#: How long a report may wait for its answer.
CLOCK = timedelta(days=2)


def due(report: ContentReport) -> datetime:
    """When a report must have been decided."""
    return report.created_at + CLOCK


def queue(actor: Actor) -> "QuerySet[ContentReport]":
    """The reports an actor decides on: open ones first, longest waiting first."""
    found: QuerySet[ContentReport] = ContentReport.objects.visible_to(actor)
    return found.select_related("listing").order_by(F("handled_at").asc(nulls_first=True), "id")


def report(actor: Actor, listing: Listing, why: str, note: str) -> ContentReport:
    """Say that a listing should not be there; the bureau and the office are told.

    Raises ``Invalid`` for a reason that is none, a note that is too long, and 其他 without a note.
    """
    if why not in ContentReport.Why.values:
        raise Invalid(_("请选择原因。"), {"why": _("请选择原因。")})
    note = noted(note, "note", needed=why == ContentReport.Why.OTHER)
    made = ContentReport(listing=listing, why=why, note=note, party_id=actor.party)
    with act(actor, "listing.report", made) as it:
        it.thing.save()
        to = to_bureau(listing.city) | to_office()
        url = reverse("listings:reports")
        notify(to, notices.REPORTED, it.thing, url, {"title": listing.title}, but=actor)
    return made


def uphold(actor: Actor, found: ContentReport, answer: str) -> ContentReport:
    """The report is right: the listing is hidden and its party told why; both, or neither."""
    with act(actor, "report.uphold", found, reason=answer) as it:
        _decide(it, answer, upheld=True)
        listing = Listing.objects.select_for_update().get(pk=it.thing.listing_id)
        if listing.state in (State.PUBLISHED, State.EXPIRED):
            reviewing.hide(it.actor, listing, answer)
    return it.thing


def dismiss(actor: Actor, found: ContentReport, answer: str) -> ContentReport:
    """The listing stays, and why."""
    with act(actor, "report.dismiss", found, reason=answer) as it:
        _decide(it, answer, upheld=False)
    return it.thing


def _decide(it: Act[ContentReport], answer: str, *, upheld: bool) -> None:
    if not ContentReport.objects.visible_to(it.actor).filter(pk=it.thing.pk).exists():
        raise Forbidden(_("您的身份不能进行这一操作。"))
    if it.thing.handled_at is not None:
        raise NotNow(_("这条举报已经处理过了。"))
    it.thing.answer = noted(answer, "answer", needed=True)
    it.thing.upheld, it.thing.handled_at = upheld, timezone.now()
    it.thing.save()
