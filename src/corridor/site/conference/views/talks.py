"""The meetings as who runs the conference sees them, and what it may insist on."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ...core import typed
from ...core.actor import Actor
from ...core.errors import Missing, Text
from ...core.forms import Form
from ...core.views import back_to
from .. import day, desk, meetings, queries
from ..forms.arranging import MustForm, SlotForm, TogetherForm, ValueForm, WhyForm
from ..lifecycle import LIVE
from ..models import Conference, Meeting, Participant
from ..moment import now
from .frame import attempt, organised, page

S, State = Conference.State, Meeting.State
PER_PAGE = 50

Sent = QueryDict | None
Do = Callable[[Actor, Meeting, dict[str, Any]], object]


@login_required
@require_safe
def index(request: HttpRequest, ref: str) -> HttpResponse:
    """All meetings, by where they stand."""
    actor, conference = organised(request, ref)
    wanted, q = request.GET.get("show", ""), request.GET.get("q", "").strip()[:20]
    tab = wanted if wanted in desk.MEETINGS else ""
    found = Paginator(desk.meetings(actor, conference, tab, q), PER_PAGE)
    context = {
        "tab": tab,
        "shows": [(name, label) for name, (label, _states) in desk.MEETINGS.items()],
        "q": q,
        "page": found.get_page(request.GET.get("page")),
        "may_arrange": conference.state in LIVE,
    }
    return page(request, "meetings", conference, context)


_AGREED = (State.ACCEPTED, State.PLACED)

VERBS: Mapping[str, tuple[Do, Text]] = {
    "move": (
        lambda actor, one, said: meetings.move(actor, one, said["slot"]),
        gettext_lazy("已改期，双方会收到通知。"),
    ),
    "miss": (lambda actor, one, _said: day.miss(actor, one), gettext_lazy("已登记为未成。")),
    "fix": (
        lambda actor, one, said: meetings.fix(actor, one, said["slot"]),
        gettext_lazy("已保存，下次排期照此安排。"),
    ),
    "must": (
        lambda actor, one, said: meetings.must(actor, one, reason=said["reason"]),
        gettext_lazy("已保存，下次排期照此安排。"),
    ),
    "value": (
        lambda actor, one, said: meetings.set_value(actor, one, said["value"]),
        gettext_lazy("已保存，下次排期照此安排。"),
    ),
    "cancel": (
        lambda actor, one, said: meetings.cancel(actor, one, reason=said["reason"]),
        gettext_lazy("洽谈已取消，双方会收到通知。"),
    ),
}


def _offered(one: Meeting) -> list[str]:
    """What may be done to a meeting now."""
    state = one.conference.state
    agreed = one.state in _AGREED
    may = {
        "move": agreed and state in (S.PLANNED, S.RUNNING),
        "miss": one.state == State.PLACED and one.slot is not None and one.slot.start <= now(),
        "fix": agreed and state in (S.OPEN, S.CLOSED, S.PLANNED),
        "must": agreed and state in LIVE,
        "value": agreed and state in LIVE,
        "cancel": agreed and state in LIVE,
    }
    return [name for name in VERBS if may[name]]


def _form(name: str, one: Meeting, data: Sent = None) -> Form:
    ids = f"{name}_%s"
    if name == "move":
        return SlotForm(data, slots=queries.free_slots(one), label=_("改到"), auto_id=ids)
    if name == "fix":
        fixed = {"slot": one.fixed.number if one.fixed else ""}
        slots = one.conference.slots.all()
        return SlotForm(data, slots=slots, none=_("不固定"), initial=fixed, auto_id=ids)
    if name == "must":
        return MustForm(data, initial={"reason": one.reason if one.must else ""}, auto_id=ids)
    if name == "value":
        return ValueForm(data, initial={"value": one.value}, auto_id=ids)
    return WhyForm(data, auto_id=ids) if name == "cancel" else Form(data)


def _meeting(request: HttpRequest, ref: str, introduction: str) -> tuple[Actor, Meeting]:
    actor, conference = organised(request, ref)
    known = queries.meetings(actor, conference).select_related("fixed")
    found: Meeting = known.one(actor, introduction__ref=introduction)  # type: ignore[attr-defined]
    return actor, found


@login_required
@require_safe
def meeting(request: HttpRequest, ref: str, introduction: str) -> HttpResponse:
    """One meeting: who, about what, when and where, and what may be insisted on."""
    return _shown(request, *_meeting(request, ref, introduction))


def _shown(
    request: HttpRequest, _actor: Actor, one: Meeting, refused: tuple[str, Form] | None = None
) -> HttpResponse:
    forms = {
        name: _form(name, one, typed.offered(request, _address(one, name)))
        for name in _offered(one)
    }
    if refused is not None:
        forms[refused[0]] = refused[1]
    context = {"one": one, "forms": forms}
    form = refused[1] if refused else None
    return page(request, "arrange", one.conference, context, tab="meetings", refused=form)


def _address(one: Meeting, name: str) -> str:
    args = [one.conference.ref, one.introduction.ref, name]
    return reverse("conference:arrange_verb", args=args)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def verb(request: HttpRequest, ref: str, introduction: str, verb: str) -> HttpResponse:
    """Do one of the verbs to a meeting; ``next`` names the page that follows."""
    actor, one = _meeting(request, ref, introduction)
    if verb not in VERBS:
        raise Missing(_("没有找到这个页面。"))
    there = reverse("conference:arrange", args=[ref, one.introduction.ref])
    if request.method != "POST":  # a page shown again with errors, reloaded
        return redirect(there)
    do, said = VERBS[verb]
    form = _form(verb, one, request.POST)
    to = back_to(request, there)
    answer = attempt(request, form, lambda data: do(actor, one, data), to=to, said=said)
    return answer or _shown(request, actor, one, (verb, form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def together(request: HttpRequest, ref: str) -> HttpResponse:
    """Insist on a meeting of two that nobody asked for: first who, then about what, and why."""
    actor, conference = organised(request, ref)
    numbers = [request.GET.get(name, "").strip()[:8] for name in ("a", "b")]
    parts = [_part(actor, conference, number) for number in numbers]
    context: dict[str, Any] = {"numbers": numbers, "parts": parts}
    a, b = parts
    if a is None or b is None or a.pk == b.pk:
        return page(request, "together", conference, context, tab="meetings")
    sides = tuple(
        (_("%(n)s 号 %(name)s 带来的信息") % {"n": one.number, "name": one.shown_to(actor)},
         list(desk.brought(actor, one)))
        for one in (a, b)
    )  # fmt: skip
    sent = request.method == "POST"
    data = request.POST if sent else typed.offered(request)
    form = TogetherForm(data, sides=(sides[0], sides[1]))
    if sent:
        answer = attempt(
            request,
            form,
            lambda said: meetings.bring_together(
                actor, conference, said["listing"], said["other"], reason=said["reason"]
            ),
            to=lambda made: reverse("conference:arrange", args=[ref, made.introduction.ref]),
            said=_("已安排，双方会收到通知。"),
        )
        if answer is not None:
            return answer
    refused = form if sent else None
    return page(
        request, "together", conference, context | {"form": form}, tab="meetings", refused=refused
    )


def _part(actor: Actor, conference: Conference, number: str) -> Participant | None:
    """The registered participant of a number that was typed."""
    if not (number.isascii() and number.isdigit()):
        return None
    known = queries.participants(actor, conference)
    return known.filter(number=int(number), state=Participant.State.REGISTERED).first()
