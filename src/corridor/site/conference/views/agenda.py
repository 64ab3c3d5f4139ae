"""One's day at a conference: now and next, the calendar, the badge, the table."""

import hashlib
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_http_methods, require_POST, require_safe

from corridor.io.ical import Event, calendar

from ...core import once
from ...core.actor import Actor, Role
from ...core.errors import Missing, NotNow
from ...core.middleware import actor_of
from .. import day, joining, queries, showing
from ..forms.meeting_others import RESULTS
from ..links import agenda_page, door_page
from ..models import HELD, Conference, Meeting, Participant, Slot
from ..moment import now
from ..queries import Row

S = Conference.State


@require_safe
@login_required
def agenda(request: HttpRequest, ref: str) -> HttpResponse:
    """The day of one who takes part, made for the phone."""
    actor = actor_of(request)
    part = showing.own_part(actor, ref)
    own, one = showing.own(actor, part), part.conference
    coming = [row for row in own.agenda if _slot(row).end > now() and _to_come(row)]
    context = {
        "one": one,
        "part": part,
        "next": coming[0] if coming else None,
        "under_way": bool(coming) and _slot(coming[0]).start <= now(),
        "later": coming[1:],
        "walks": _walks(own.agenda),
        "past": [row for row in own.agenda if row not in coming],
        "waiting": own.waiting,
        "to_answer": len(own.to_answer),
        "may_seat": showing.may_seat(one),
        "may_be_late": one.state in showing.SEATING and bool(coming),
        "results": RESULTS,
        "feed": _feed(request, part),
        "webcal": _feed(request, part).replace(urlsplit(_feed(request, part)).scheme, "webcal", 1),
    }
    return render(request, "conference/agenda.html", context)


def _slot(row: Row) -> Slot:
    assert row.meeting.slot is not None, "a meeting of the agenda has its time"
    return row.meeting.slot


def _walks(rows: list[Row]) -> set[int]:
    """The meetings that are in another hall than the one before."""
    tables = [(row.meeting.pk, row.meeting.table) for row in rows]
    return {
        pk
        for (_pk, before), (pk, table) in pairwise(tables)
        if before is not None and table is not None and before.hall_id != table.hall_id
    }


def _to_come(row: Row) -> bool:
    return row.meeting.state != Meeting.State.MISSED


def _feed(request: HttpRequest, part: Participant) -> str:
    return request.build_absolute_uri(reverse("conference:feed", args=[part.feed]))


@require_POST
@login_required
def renew(request: HttpRequest, ref: str) -> HttpResponse:
    """Another address for one's calendar."""
    actor = actor_of(request)
    part = showing.own_part(actor, ref)
    with once.claim(request) as sent:
        if not sent.url:
            joining.renew_feed(actor, part)
            messages.success(request, _("日历地址已更换，旧地址已失效。请在手机日历里重新订阅。"))
            sent.url = agenda_page(part.conference.ref)
    return redirect(sent.url)


@require_safe
@login_required
def badge(request: HttpRequest, ref: str) -> HttpResponse:
    """What one is let in by."""
    part = showing.own_part(actor_of(request), ref)
    code = request.build_absolute_uri(door_page(part.conference.ref, part.code))
    context = {"one": part.conference, "part": part, "code": code}
    return render(request, "conference/badge.html", context)


# --- the calendar ---


def _of_feed(code: str) -> Participant:
    """Whose calendar it is. Whoever has the address may read it; raises ``Missing`` for others."""
    found = Participant.objects.filter(feed=code).select_related("conference", "party").first()
    if found is None:
        raise Missing(_("没有找到，或您无权查看。"))
    return found


def _events(request: HttpRequest, part: Participant) -> list[Event]:
    """The meetings that have a time and a table, as the party's own members see them."""
    actor = Actor(role=Role.MEMBER, party=part.party_id)
    states = (*HELD, Meeting.State.CANCELLED)  # called off where it was to be, with the conference
    found = queries.whole(Meeting.objects.of(part.pk).filter(state__in=states))
    host = urlsplit(request.build_absolute_uri("/")).hostname
    off = part.conference.state == S.CANCELLED
    return [
        Event(
            uid=f"{one.introduction.ref}.{part.conference.ref}@{host}",
            start=one.slot.start,
            end=one.slot.end,
            summary=_("洽谈：%(other)s") % {"other": one.other_shown_to(actor)},
            location=place_of(part.conference, one),
            description=f"{one.introduction.target.title} ({one.introduction.ref})",
            url=request.build_absolute_uri(one.get_absolute_url()),
            sequence=one.version + off,
            cancelled=off,
        )
        for one in found
        if one.slot is not None and one.table is not None
    ]


def place_of(conference: Conference, one: Meeting) -> str:
    """Where a meeting is, in words."""
    assert one.table is not None
    return f"{conference.venue} {one.table.where}"


def _etag(request: HttpRequest, code: str) -> str:
    """What changes when what a calendar says changes; not by the time it is asked for."""
    part = _of_feed(code)
    events = _events(request, part)
    request.calendar = (part, events)  # type: ignore[attr-defined]
    said = calendar(part.conference.title, events, stamp=part.created_at)
    return f'W/"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


@require_safe
@condition(etag_func=_etag)
def feed(request: HttpRequest, code: str) -> HttpResponse:
    """One's calendar, by its secret address: calendars do not log in."""
    del code
    part, events = request.calendar  # type: ignore[attr-defined]
    text = calendar(part.conference.title, events, stamp=now())
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{part.conference.ref}.ics"'
    answer["X-Robots-Tag"] = "noindex"
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


# --- at the table ---


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def table(request: HttpRequest, code: str) -> HttpResponse:
    """What a table's QR leads to: one tap says that one is there."""
    actor = actor_of(request)
    if request.method == "POST":
        with once.claim(request) as sent:
            if not sent.url:
                came = day.at_table(actor, code)
                messages.success(request, _("已签到。谈完请在这里登记结果。"))
                sent.url = reverse(
                    "conference:meeting", args=[came.conference.ref, came.introduction.ref]
                )
        return redirect(sent.url)
    here = day.table_of(actor, code)
    context: dict[str, Any] = {"table": here, "one": here.hall.conference}
    try:
        found = queries.whole(Meeting.objects.all()).get(pk=day.meeting_now(actor, here).pk)
    except NotNow as error:
        context["elsewhere"] = error.message
    else:
        mine = "a" if found.a.party_id == actor.party else "b"
        context["meeting"] = found
        context["other"] = found.other_shown_to(actor)
        context["here"] = getattr(found, f"present_{mine}")
    return render(request, "conference/table.html", context)
