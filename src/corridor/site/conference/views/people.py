"""Who takes part: the list, one participant, and what may be done about it."""

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
from .. import day, desk, joining, queries
from ..forms.arranging import SlotForm, WhyForm
from ..lifecycle import PARTICIPANT
from ..models import Conference, Participant, Slot
from .frame import attempt, organised, page

S, P = Conference.State, Participant.State
PER_PAGE = 50

Sent = QueryDict | None
Do = Callable[[Actor, Participant, dict[str, Any]], object]


@login_required
@require_safe
def index(request: HttpRequest, ref: str) -> HttpResponse:
    """Who takes part, is invited, or has not come."""
    actor, conference = organised(request, ref)
    wanted, q = request.GET.get("show", ""), request.GET.get("q", "").strip()[:60]
    tab = wanted if wanted in desk.PEOPLE else ""
    found = Paginator(desk.people(actor, conference, tab, q), PER_PAGE)
    shown = found.get_page(request.GET.get("page"))
    context = {
        "tab": tab,
        "shows": desk.PEOPLE.items(),
        "q": q,
        "page": shown,
        "rows": [(one, one.shown_to(actor)) for one in shown],
        "may_invite": conference.state == S.OPEN,
    }
    return page(request, "people", conference, context)


#: What may be done to one participant, beside what the life cycle offers, and when.
_DAY = {
    "arrive": (S.CLOSED, S.PLANNED, S.RUNNING),
    "late": (S.PLANNED, S.RUNNING),
    "absent": (S.RUNNING,),
}
VERBS: Mapping[str, tuple[Do, Text]] = {
    "arrive": (
        lambda actor, one, _said: day.check_in(actor, one.conference, one.code),
        gettext_lazy("已签到。"),
    ),
    "late": (
        lambda actor, one, said: day.late(actor, one, said["slot"]),
        gettext_lazy("已登记晚到，之前的洽谈转入候补。"),
    ),
    "absent": (
        lambda actor, one, _said: day.no_show(actor, one),
        gettext_lazy("已登记未到场，其后的洽谈转入候补。"),
    ),
    "withdraw": (
        lambda actor, one, said: joining.withdraw(actor, one, reason=said["reason"]),
        gettext_lazy("已退出，相关洽谈已取消并通知对方。"),
    ),
}


def _form(name: str, slots: list[Slot], data: Sent = None) -> Form:
    ids = f"{name}_%s"
    if name == "late":
        return SlotForm(data, slots=slots, label=_("最早能到的场次"), auto_id=ids)
    if name == "withdraw":
        return WhyForm(data, auto_id=ids)
    return Form(data)


def _person(request: HttpRequest, ref: str, number: int) -> tuple[Actor, Participant]:
    actor, conference = organised(request, ref)
    known = queries.participants(actor, conference)
    found: Participant = known.one(actor, number=number)  # type: ignore[attr-defined]
    found.conference = conference
    return actor, found


@login_required
@require_safe
def person(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """One participant: what it comes for, whom it meets when, what may be done about it."""
    return _shown(request, *_person(request, ref, number))


def _shown(
    request: HttpRequest, actor: Actor, one: Participant, refused: tuple[str, Form] | None = None
) -> HttpResponse:
    conference, slots = one.conference, list(one.conference.slots.all())
    offered = [name for name, states in _DAY.items() if conference.state in states]
    if one.state != P.REGISTERED:
        offered = []
    if one.arrived_at is not None and not one.absent:
        offered = [name for name in offered if name != "arrive"]
    ended = conference.state in (S.DRAFT, S.OVER, S.CANCELLED)
    if "withdraw" in PARTICIPANT.open_to(actor, one) and not ended:
        offered.append("withdraw")
    forms = {
        name: _form(name, slots, typed.offered(request, _address(one, name))) for name in offered
    }
    if refused is not None:
        forms[refused[0]] = refused[1]
    away = set(one.away)
    rows = desk.of_person(actor, one)
    context = {
        "one": one,
        "name": one.shown_to(actor),
        "listings": desk.brought(actor, one),
        "meetings": [(row, row.b if row.a_id == one.pk else row.a) for row in rows],
        "away": [slot for slot in slots if slot.number in away],
        "forms": forms,
        "may_arrange": one.state == P.REGISTERED and not ended,
    }
    form = refused[1] if refused else None
    return page(request, "person", conference, context, tab="people", refused=form)


def _address(one: Participant, name: str) -> str:
    return reverse("conference:person_verb", args=[one.conference.ref, one.number, name])


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def verb(request: HttpRequest, ref: str, number: int, verb: str) -> HttpResponse:
    """Do one of the verbs to a participant; ``next`` names the page that follows."""
    actor, one = _person(request, ref, number)
    if verb not in VERBS:
        raise Missing(_("没有找到这个页面。"))
    there = reverse("conference:person", args=[ref, number])
    if request.method != "POST":  # a page shown again with errors, reloaded
        return redirect(there)
    do, said = VERBS[verb]
    form = _form(verb, list(one.conference.slots.all()), request.POST)
    answer = attempt(
        request,
        form,
        lambda data: do(actor, one, data),
        to=back_to(request, there),
        said=said,
    )
    return answer or _shown(request, actor, one, (verb, form))
