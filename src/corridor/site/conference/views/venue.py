"""The rounds, the halls and the interpreters of a conference."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ...core import typed
from ...core.actor import Actor
from ...core.errors import Missing
from ...core.forms import Form
from .. import venue as verbs
from ..forms.organising import AwayForm, HallForm, InterpreterForm, SlotsForm, away_of
from ..models import Conference, Interpreter, Slot
from .frame import attempt, organised, page

#: What can be sent from the page: its form, and what is said once it is done.
FORMS = ("slots", "hall", "interpreter")


def _form(what: str, slots: list[Slot], data: QueryDict | None = None) -> Form:
    if what == "slots":
        return SlotsForm(data, slots=slots, auto_id="slots_%s")
    if what == "hall":
        return HallForm(data, auto_id="hall_%s")
    return InterpreterForm(data, slots=slots, auto_id="interpreter_%s")


@login_required
@require_safe
def venue(request: HttpRequest, ref: str) -> HttpResponse:
    """When and where people meet, and who interprets."""
    _actor, conference = organised(request, ref)
    return _venue(request, conference, list(conference.slots.all()))


def _venue(
    request: HttpRequest,
    conference: Conference,
    slots: list[Slot],
    refused: tuple[str, Form] | None = None,
) -> HttpResponse:
    forms = {
        what: _form(what, slots, typed.offered(request, _address(conference, what)))
        for what in FORMS
    }
    if refused is not None:
        forms[refused[0]] = refused[1]
    context = {
        "forms": forms,
        "slots": slots,
        "halls": list(conference.halls.annotate(count=Count("tables"))),
        "interpreters": list(conference.interpreters.all()),
        "draft": conference.state == Conference.State.DRAFT,
        "may": conference.state in verbs.UNTIL_OVER,
    }
    return page(request, "venue", conference, context, refused=refused[1] if refused else None)


def _address(conference: Conference, what: str) -> str:
    return reverse("conference:venue_verb", args=[conference.ref, what])


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def arrange(request: HttpRequest, ref: str, what: str) -> HttpResponse:
    """Set the rounds, set a hall, or add an interpreter."""
    actor, conference = organised(request, ref)
    if what not in FORMS:
        raise Missing(_("没有找到这个页面。"))
    there = reverse("conference:venue", args=[conference.ref])
    if request.method != "POST":  # a page shown again with errors, reloaded
        return redirect(there)
    slots = list(conference.slots.all())
    form = _form(what, slots, request.POST)
    answer = attempt(
        request,
        form,
        lambda said: _arrange(actor, conference, form, said),
        to=there,
        said=_("已保存。"),
    )
    return answer or _venue(request, conference, slots, (what, form))


def _arrange(actor: Actor, conference: Conference, form: Form, said: dict[str, Any]) -> None:
    if isinstance(form, SlotsForm):
        verbs.set_slots(actor, conference, form.wanted())
    elif isinstance(form, HallForm):
        verbs.set_tables(actor, conference, said["hall"], said["tables"])
    else:
        away = said.get("away", [])
        verbs.add_interpreter(
            actor, conference, name=said["name"], language=said["language"], away=away
        )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def interpreter(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """One interpreter: when they are away; with ``remove``, that they are done without."""
    actor, conference = organised(request, ref)
    found: Interpreter = Interpreter.objects.one(actor, pk=pk, conference=conference)
    found.conference = conference
    there = reverse("conference:venue", args=[conference.ref])
    sent = request.method == "POST"
    remove = sent and "remove" in request.POST
    form: Form = AwayForm(
        request.POST if sent and not remove else typed.offered(request),
        slots=conference.slots.all(),
        initial=away_of(found),
    )
    asked, answer = Form(request.POST) if remove else form, None
    if remove:
        answer = attempt(
            request,
            asked,
            lambda _said: verbs.remove_interpreter(actor, found),
            to=there,
            said=_("已撤下这位翻译。"),
        )
    elif sent:
        answer = attempt(
            request,
            asked,
            lambda said: verbs.change_interpreter(actor, found, away=said.get("away", [])),
            to=there,
            said=_("已保存。"),
        )
    if answer is not None:
        return answer
    context = {"interpreter": found, "form": form}
    refused = asked if sent else None
    return page(request, "interpreter", conference, context, tab="venue", refused=refused)
