"""The day: the board, the door, the tables with their codes, and the hall's screen."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ...core import typed
from ...core.errors import Invalid, NotNow
from ...core.errors import Missing as NotFound
from .. import day, desk, links, queries
from ..forms.arranging import DoorForm, LostForm
from ..models import Conference, Hall, Meeting, Participant, Plan
from .frame import attempt, organised, page

S = Conference.State
_SALT = "corridor.conference.screen"
PER_SHEET = 60


@login_required
@require_safe
def board(request: HttpRequest, ref: str) -> HttpResponse:
    """What goes on now: the tables, who is missing, the numbers. The page asks for itself again."""
    actor, conference = organised(request, ref)
    now = queries.board(actor, conference)
    rows = desk.on_tables(actor, conference, now)
    again = Plan.objects.visible_to(actor).filter(conference=conference).order_by("-id").first()
    context = {
        "board": now,
        "meters": [
            *_tables(now.halls),
            (_("在用的翻译"), now.interpreters_used, now.interpreters),
            (_("已签到"), now.arrived, now.registered),
        ],
        "here_now": [one for one in rows if now.slot is not None and one.slot_id == now.slot.pk],
        "coming": sum(
            now.following is not None and one.slot_id == now.following.pk for one in rows
        ),
        "missing": desk.missing(rows),
        "running": conference.state == S.RUNNING,
        "plan": again if again and again.state in (Plan.State.WORKING, Plan.State.READY) else None,
        "screen": reverse("conference:screen", args=[signing.dumps(conference.pk, salt=_SALT)]),
    }
    return page(request, "board", conference, context)


def _tables(halls: list[tuple[Hall, int, int]]) -> list[tuple[str, int, int]]:
    """The tables in use: in all, and where there are several halls, in each."""
    whole = (_("在用的桌"), sum(used for _h, used, _n in halls), sum(n for _h, _used, n in halls))
    each = [(hall.name, used, n) for hall, used, n in halls]
    return [whole, *each] if len(each) > 1 else [whole]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, ref: str) -> HttpResponse:
    """Let people in by the codes of their badges, one after the other."""
    actor, conference = organised(request, ref)
    sent = request.method == "POST"
    form = DoorForm(request.POST if sent else None, initial={"code": request.GET.get("code", "")})
    came: Participant | None = None
    if sent and form.is_valid():
        try:
            came = day.check_in(actor, conference, form.cleaned_data["code"])
        except (NotFound, NotNow) as error:
            form.refuse(Invalid(error.message, {"code": error.message}))
        else:
            form = DoorForm()
    context: dict[str, Any] = {"form": form}
    if came is not None:
        one = queries.participants(actor, conference).get(pk=came.pk)
        held = desk.of_person(actor, one).filter(state=Meeting.State.PLACED)
        context |= {"came": one, "name": one.shown_to(actor), "meetings": held}
    refused = form if sent and came is None else None
    return page(request, "door", conference, context, tab="board", refused=refused)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tables(request: HttpRequest, ref: str) -> HttpResponse:
    """The tables' codes to print, and what to do where a table cannot be used."""
    actor, conference = organised(request, ref)
    every = list(queries.table(actor, conference).order_by("hall", "number"))
    slots, sent = list(conference.slots.all()), request.method == "POST"
    form = LostForm(
        request.POST if sent else typed.offered(request),
        slots=slots,
        tables=every,
        label=_("从哪一场起不能用"),
        none=_("恢复使用"),
    )
    if sent:
        answer = attempt(
            request,
            form,
            lambda said: day.lose_table(actor, said["table"], said["slot"]),
            to=request.path,
            said=_("已登记，受影响的洽谈已换桌或转入候补。"),
        )
        if answer is not None:
            return answer
    shown = Paginator(every, PER_SHEET).get_page(request.GET.get("page"))
    sheets = [(one, settings.SITE_URL + links.table_page(one.code)) for one in shown]
    context = {
        "form": form,
        "page": shown,
        "sheets": sheets,
        "lost": [one for one in every if one.lost_from is not None],
        "may": conference.state in (S.CLOSED, S.PLANNED, S.RUNNING),
    }
    refused = form if sent else None
    return page(request, "tables", conference, context, tab="board", refused=refused)


@require_safe
def screen(request: HttpRequest, code: str) -> HttpResponse:
    """What hangs in the hall: who meets at which table now and next. The address is given by who
    runs the conference, so that the machine in the hall need not be logged in. ``?hall=`` names one of
    several halls.
    """
    try:
        pk = signing.loads(code, salt=_SALT)
    except signing.BadSignature:
        raise NotFound(_("没有找到这个页面。")) from None
    conference = Conference.objects.filter(pk=pk).first()
    if conference is None:
        raise NotFound(_("没有找到这个页面。"))
    halls = list(conference.halls.order_by("id"))
    hall = next((one for one in halls if str(one.pk) == request.GET.get("hall")), None)
    current, following = queries.now_and_next(conference)
    rows = queries.screen(conference, hall)
    parts = [
        (slot, is_now, [row for row in rows if row.slot.pk == slot.pk])
        for slot, is_now in ((current, True), (following, False))
        if slot is not None
    ]
    context = {"conference": conference, "parts": parts, "halls": halls, "hall": hall}
    return render(request, "conference/screen.html", context)
