"""The timetable: worked out while one looks on, read before it is published, and worked out anew."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from corridor.engine.factors import Label

from ...core import typed
from ...core.actor import Actor
from ...core.errors import Missing, Text
from ...core.forms import Form
from .. import planning, queries
from ..drawing import chart
from ..forms.arranging import WhyForm
from ..models import Conference, Meeting, Plan
from ..picture import Why
from .frame import attempt, organised, page

S, State = Conference.State, Plan.State
#: As many changes and as many meetings without a place are listed; of more there is the number.
LISTED = 100
TONES = {State.WORKING: "info", State.READY: "warn", State.PUBLISHED: "ok", State.FAILED: "bad"}

Do = Callable[[Actor, Conference, Plan | None, dict[str, Any]], object]


@login_required
@require_safe
def plan(request: HttpRequest, ref: str) -> HttpResponse:
    """The latest timetable, and what publishing it would change. While it is being worked out the
    page asks for itself again.
    """
    actor, conference = organised(request, ref)
    return _shown(request, actor, conference)


def _latest(actor: Actor, conference: Conference) -> list[Plan]:
    """The timetables that count, the latest first: of many the last few."""
    found = Plan.objects.visible_to(actor).filter(conference=conference)
    rows: list[Plan] = list(found.select_related("job", "user").order_by("-id")[:10])
    for one in rows:
        one.conference = conference
    return rows


def _shown(
    request: HttpRequest,
    actor: Actor,
    conference: Conference,
    refused: Form | None = None,
) -> HttpResponse:
    plans = _latest(actor, conference)
    latest = plans[0] if plans else None
    again = conference.state in (S.PLANNED, S.RUNNING)
    address = reverse("conference:plan_verb", args=[conference.ref, "again"])
    context: dict[str, Any] = {
        "plan": latest,
        "plans": plans[1:],
        "tone": TONES.get(State(latest.state), "") if latest else "",
        "may_plan": conference.state in (S.CLOSED, S.PLANNED),
        "may_again": again,
        "again": WhyForm(typed.offered(request, address), auto_id="again_%s"),
        "agreed": _agreed(conference),
    }
    if latest is not None:
        context |= {"chart": chart(latest.series)}
        for name in ("wishes", "ways"):
            context[name] = [Label(*said) for said in latest.advice.get(name, ())]
        if latest.state in (State.READY, State.PUBLISHED):
            context |= _result(actor, latest)
    return page(request, "plan", conference, context, refused=refused)


def _agreed(conference: Conference) -> int:
    """Meetings that both agreed to and that are still to come."""
    states = (Meeting.State.ACCEPTED, Meeting.State.PLACED)
    return Meeting.objects.filter(conference=conference, state__in=states).count()


def _result(actor: Actor, one: Plan) -> dict[str, Any]:
    """What a timetable comes to, in full where it waits to be published."""
    labels = dict(Why.choices)
    why = Counter(one.unplaced.values())
    found: dict[str, Any] = {
        "placed": len(one.placed),
        "all": len(one.placed) + len(one.unplaced),
        "why": [(labels.get(code, code), count) for code, count in why.most_common()],
        "gap": one.held_bound - one.held,
    }
    if one.state != State.READY:
        return found
    changes = queries.changes(actor, one)
    touched = {part for change in changes for part in change.meeting.parts}
    first = one.conference.plan_id is None
    return found | {
        "changes": [] if first else changes[:LISTED],
        "changed": len(changes),
        "touched": len(touched),
        "first": first,
        "left": _left(actor, one, labels),
    }


def _left(actor: Actor, one: Plan, labels: Mapping[Any, Any]) -> list[tuple[Meeting, str]]:
    """Meetings without a place, those that must be held and are worth most first, and why."""
    found = queries.meetings(actor, one.conference).filter(introduction__ref__in=one.unplaced)
    return [
        (row, labels.get(one.unplaced[row.introduction.ref], ""))
        for row in found.order_by("-must", "-value", "id")[:LISTED]
    ]


def _needed(found: Plan | None) -> Plan:
    if found is None:
        raise Missing(_("没有找到这份日程。"))
    return found


VERBS: Mapping[str, tuple[Do, Text]] = {
    "start": (
        lambda actor, conference, _plan, _said: planning.plan(actor, conference),
        gettext_lazy("已开始排期。"),
    ),
    "again": (
        lambda actor, conference, _plan, said: planning.replan(
            actor, conference, reason=said["reason"]
        ),
        gettext_lazy("已开始重排，尽量不动已排好的洽谈。"),
    ),
    "publish": (
        lambda actor, _conference, found, _said: planning.publish(actor, _needed(found)),
        gettext_lazy("日程已发布，日程有变动的参会方会收到通知。"),
    ),
    "drop": (
        lambda actor, _conference, found, _said: planning.drop(actor, _needed(found)),
        gettext_lazy("已放弃这份日程。"),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def verb(request: HttpRequest, ref: str, verb: str) -> HttpResponse:
    """Have a timetable worked out, publish the one that was on the page, or do without it."""
    actor, conference = organised(request, ref)
    if verb not in VERBS:
        raise Missing(_("没有找到这个页面。"))
    there = reverse("conference:plan", args=[conference.ref])
    if request.method != "POST":  # a page shown again with errors, reloaded
        return redirect(there)
    do, said = VERBS[verb]
    form: Form = (
        WhyForm(request.POST, auto_id="again_%s") if verb == "again" else Form(request.POST)
    )
    found = _named(actor, conference, request.POST)
    answer = attempt(
        request, form, lambda data: do(actor, conference, found, data), to=there, said=said
    )
    return answer or _shown(request, actor, conference, form)


def _named(actor: Actor, conference: Conference, sent: QueryDict) -> Plan | None:
    """The timetable that a form names."""
    number = sent.get("plan", "")
    if not number:
        return None
    found: Plan = Plan.objects.one(actor, pk=number, conference=conference)
    found.conference = conference
    return found
