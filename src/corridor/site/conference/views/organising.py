"""Setting a conference up and taking it from one state to the next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ...core import typed
from ...core.actor import Actor
from ...core.errors import Missing, Text
from ...core.forms import Form
from .. import actions, desk
from ..forms.organising import ReasonForm, SetupForm
from ..lifecycle import CONFERENCE
from ..models import Conference
from .frame import attempt, officer, organised, page

S = Conference.State
PER_PAGE = 20
#: How a conference goes, as people know it, and where each state stands in that.
STAGES = (
    gettext_lazy("筹备"),
    gettext_lazy("报名与约谈"),
    gettext_lazy("排期"),
    gettext_lazy("日程已发布"),
    gettext_lazy("进行中"),
    gettext_lazy("报告"),
)
_AT = {S.DRAFT: 1, S.OPEN: 2, S.CLOSED: 3, S.PLANNED: 4, S.RUNNING: 5, S.OVER: 6, S.CANCELLED: 1}
TONES = {
    S.OPEN: "info", S.CLOSED: "warn", S.PLANNED: "ok", S.RUNNING: "ok", S.CANCELLED: "bad",
}  # fmt: skip


#: The page on which a conference in a state is worked on, and what is done there.
_NEXT = {
    S.DRAFT: ("manage", gettext_lazy("继续筹备")),
    S.OPEN: ("people", gettext_lazy("看报名")),
    S.CLOSED: ("plan", gettext_lazy("排日程")),
    S.PLANNED: ("manage", gettext_lazy("准备开场")),
    S.RUNNING: ("board", gettext_lazy("打开现场页")),
    S.OVER: ("report", gettext_lazy("看报告")),
    S.CANCELLED: ("manage", gettext_lazy("打开")),
}


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the conference's page.

    Attributes:
        label: the words of its button.
        do: does it.
        said: what is said once it is done.
        asks: what is asked first where it cannot be taken back.
    """

    label: Text
    do: Callable[[Actor, Conference], object]
    said: Text
    asks: Text = ""


VERBS: Mapping[str, Verb] = {
    "open": Verb(
        gettext_lazy("开放报名"),
        actions.open_,
        gettext_lazy("已开放报名。现在任何人都能看到这次大会。"),
        gettext_lazy("开放后场次不能再改，任何人都能看到这次大会。现在开放报名吗？"),
    ),
    "close": Verb(
        gettext_lazy("截止约谈"), actions.close, gettext_lazy("约谈已截止，可以排日程了。")
    ),
    "reopen": Verb(
        gettext_lazy("重新开放约谈"), actions.reopen, gettext_lazy("已重新开放报名与约谈。")
    ),
    "start": Verb(gettext_lazy("开始大会"), actions.start, gettext_lazy("大会已开始。")),
    "finish": Verb(
        gettext_lazy("结束大会"),
        actions.finish,
        gettext_lazy("大会已结束。"),
        gettext_lazy("结束后不能再签到和调整日程。现在结束吗？"),
    ),
}


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The conferences that the actor runs."""
    actor = officer(request)
    found = Paginator(desk.organised(actor), PER_PAGE).get_page(request.GET.get("page"))
    rows = [_row(one) for one in found]
    return render(request, "conference/organised.html", {"page": found, "rows": rows})


def _row(one: Conference) -> dict[str, Any]:
    """A conference, and what is to be done with it next. Needs what ``desk.organised`` adds."""
    name, words = _NEXT[S(one.state)]
    if vars(one)["ready"]:
        name, words = "plan", gettext_lazy("看变动，发布日程")
    url = reverse(f"conference:{name}", args=[one.ref])
    return {"one": one, "tone": TONES.get(S(one.state), ""), "url": url, "words": words}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Set up a conference, as a draft."""
    actor = officer(request)
    sent = request.method == "POST"
    form = SetupForm(request.POST if sent else typed.offered(request), actor=actor)
    if sent:
        answer = attempt(
            request,
            form,
            lambda _data: actions.create(actor, form.setup()),
            to=lambda made: reverse("conference:venue", args=[made.ref]),
            said=_("大会已建立。接下来设置场次和洽谈桌，然后开放报名。"),
        )
        if answer is not None:
            return answer
    context = {"form": form, "refused": form if sent else None}
    return render(request, "conference/new.html", context, status=422 if sent else 200)


@login_required
@require_safe
def manage(request: HttpRequest, ref: str) -> HttpResponse:
    """Where a conference stands, and what is to be done next."""
    actor, conference = organised(request, ref)
    return _manage(request, actor, conference)


def _manage(
    request: HttpRequest, actor: Actor, conference: Conference, refused: Form | None = None
) -> HttpResponse:
    numbers = desk.numbers(conference)
    open_to = CONFERENCE.open_to(actor, conference)
    offered = [(name, VERBS[name]) for name in open_to if name in VERBS]
    if conference.state == S.DRAFT and not (numbers.slots and numbers.tables):
        offered = []
    if conference.plan_id is None and not conference.self_booked:
        offered = [(name, verb) for name, verb in offered if name != "start"]
    cancel = reverse("conference:verb", args=[conference.ref, "cancel"])
    context = {
        "numbers": numbers,
        "stages": STAGES,
        "stage": _AT[S(conference.state)],
        "tone": TONES.get(S(conference.state), ""),
        "offered": offered,
        "cancel": refused or ReasonForm(typed.offered(request, cancel), auto_id="cancel_%s"),
        "may_cancel": "cancel" in open_to,
        "checks": _checks(conference, numbers),
    }
    return page(request, "manage", conference, context, refused=refused)


def _checks(conference: Conference, numbers: desk.Numbers) -> list[dict[str, Any]]:
    """What must be there before it can open, and what is worth a look."""
    if conference.state != S.DRAFT:
        return []
    return [
        {"tone": "ok" if numbers.slots else "bad", "text": _("场次"),
         "hint": "" if numbers.slots else _("还没有场次，至少要一场。")},
        {"tone": "ok" if numbers.tables else "bad", "text": _("会场和洽谈桌"),
         "hint": "" if numbers.tables else _("还没有洽谈桌。")},
        {"tone": "ok" if numbers.interpreters else "ask", "text": _("翻译"),
         "hint": "" if numbers.interpreters else _("没有翻译：需要翻译的洽谈将排不进日程。")},
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def verb(request: HttpRequest, ref: str, verb: str) -> HttpResponse:
    """Take a conference from one state to the next."""
    actor, conference = organised(request, ref)
    if verb != "cancel" and verb not in VERBS:
        raise Missing(_("没有找到这个页面。"))
    there = reverse("conference:manage", args=[conference.ref])
    if request.method != "POST":  # a page shown again with errors, reloaded
        return redirect(there)
    if verb == "cancel":
        form: Form = ReasonForm(request.POST, auto_id="cancel_%s")
        answer = attempt(
            request,
            form,
            lambda said: actions.cancel(actor, conference, reason=said["reason"]),
            to=there,
            said=_("大会已取消，已通知所有参会方。"),
        )
    else:
        form, found = Form(request.POST), VERBS[verb]
        answer = attempt(
            request, form, lambda _said: found.do(actor, conference), to=there, said=found.said
        )
    if answer is not None:
        return answer
    return _manage(request, actor, conference, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest, ref: str) -> HttpResponse:
    """What a conference is and its rules; to be changed until the timetable is published."""
    actor, conference = organised(request, ref)
    sent = request.method == "POST"
    form = SetupForm(
        request.POST if sent else typed.offered(request),
        actor=actor,
        initial=SetupForm.of(conference),
    )
    if sent:
        answer = attempt(
            request,
            form,
            lambda _data: actions.change(actor, conference, form.setup()),
            to=request.path,
            said=_("设置已保存。"),
        )
        if answer is not None:
            return answer
    may = conference.state in (S.DRAFT, S.OPEN, S.CLOSED)
    context = {"form": form, "may": may}
    return page(request, "setup", conference, context, refused=form if sent else None)
