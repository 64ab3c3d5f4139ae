"""The rounds, the halls and the interpreters of a conference."""

from collections.abc import Callable
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
from ..models import Conference, Hall, Interpreter, Slot
from .frame import attempt, organised, page

#: What can be sent from the page: its form, and what is said once it is done.
FORMS = ("slots", "hall", "interpreter")


def _form(
    what: str, conference: Conference, slots: list[Slot], data: QueryDict | None = None
) -> Form:
    if what == "slots":
        return SlotsForm(data, slots=slots, auto_id="slots_%s")
    if what == "hall":
        another = conference.halls.exists()
        return HallForm(data, needs_name=another, only_tables=not another, auto_id="hall_%s")
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
        what: _form(what, conference, slots, typed.offered(request, _address(conference, what)))
        for what in FORMS
    }
    if refused is not None:
        forms[refused[0]] = refused[1]
    context = {
        "forms": forms,
        "slots": slots,
        "halls": list(conference.halls.annotate(count=Count("tables")).order_by("id")),
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
    """Set the rounds, add a hall, or add an interpreter."""
    actor, conference = organised(request, ref)
    if what not in FORMS:
        raise Missing(_("没有找到这个页面。"))
    there = reverse("conference:venue", args=[conference.ref])
    if request.method != "POST":  # a page shown again with errors, reloaded
        return redirect(there)
    slots = list(conference.slots.all())
    form = _form(what, conference, slots, request.POST)
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
        verbs.add_hall(actor, conference, said.get("name", ""), said["tables"])
    else:
        away = said.get("away", [])
        verbs.add_interpreter(
            actor, conference, name=said["name"], language=said["language"], away=away
        )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hall(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """One hall: its name and tables; with ``remove``, that it is done without."""
    actor, conference = organised(request, ref)
    found: Hall = Hall.objects.one(actor, pk=pk, conference=conference)
    found.conference = conference
    kept = {"name": found.name, "tables": found.tables.count()}
    alone = not Hall.objects.filter(conference=conference).exclude(pk=pk).exists()
    return _one(
        request,
        conference,
        "hall",
        {"hall": found, "may": conference.state in verbs.UNTIL_OVER},
        lambda data: HallForm(data, initial=kept, needs_name=not alone),
        lambda said: verbs.change_hall(actor, found, said["name"], said["tables"]),
        (lambda: verbs.remove_hall(actor, found), _("已撤下这个会场。")),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def interpreter(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """One interpreter: when they are away; with ``remove``, that they are done without."""
    actor, conference = organised(request, ref)
    found: Interpreter = Interpreter.objects.one(actor, pk=pk, conference=conference)
    found.conference = conference
    return _one(
        request,
        conference,
        "interpreter",
        {"interpreter": found},
        lambda data: AwayForm(data, slots=conference.slots.all(), initial=away_of(found)),
        lambda said: verbs.change_interpreter(actor, found, away=said.get("away", [])),
        (lambda: verbs.remove_interpreter(actor, found), _("已撤下这位翻译。")),
    )


def _one(
    request: HttpRequest,
    conference: Conference,
    name: str,
    context: dict[str, Any],
    make: Callable[[QueryDict | None], Form],
    change: Callable[[dict[str, Any]], object],
    remove: tuple[Callable[[], object], str],
) -> HttpResponse:
    """The page of one hall or interpreter, where it is changed or, with ``remove``, goes."""
    there = reverse("conference:venue", args=[conference.ref])
    sent = request.method == "POST"
    removing = sent and "remove" in request.POST
    form = make(request.POST if sent and not removing else typed.offered(request))
    asked, answer = Form(request.POST) if removing else form, None
    if removing:
        gone, said = remove
        answer = attempt(request, asked, lambda _said: gone(), to=there, said=said)
    elif sent:
        answer = attempt(request, asked, change, to=there, said=_("已保存。"))
    if answer is not None:
        return answer
    refused = asked if sent else None
    return page(request, name, conference, {**context, "form": form}, tab="venue", refused=refused)
