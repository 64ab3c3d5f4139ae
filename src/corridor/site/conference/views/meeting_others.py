"""Whom one may meet at a conference, asking them, and what becomes of it."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ...core import typed
from ...core.actor import Role
from ...core.errors import Missing, Text
from ...core.forms import Form
from ...core.middleware import actor_of
from ...docking import actions as docking
from ...docking import release
from ...docking.forms import ReasonForm
from ...docking.lifecycle import INTRODUCTION
from ...docking.models import Introduction, Outcome
from ...listings.forms.common import side_choices
from ...listings.models import Listing, kind_choices
from .. import day, lifecycle, meetings, queries, showing
from ..forms import meeting_others as forms
from ..lifecycle import MEETING
from ..models import HELD, Conference, Meeting, Slot
from ..moment import now
from .frame import attempt

PAGE = 20
S, State = Conference.State, Meeting.State


# --- who is there ---


@require_safe
@login_required
def catalogue(request: HttpRequest, ref: str) -> HttpResponse:
    """Who takes part and may be asked, those that fit best first, with why."""
    actor = actor_of(request)
    one: Conference = Conference.objects.one(actor, ref=ref)
    entries = queries.catalogue(actor, one)
    chosen = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "kind", "side")}
    wanted = [entry for entry in entries if _wanted(entry, **chosen)]
    page = Paginator(wanted, PAGE).get_page(request.GET.get("page"))
    fits = showing.fits(actor, [listing for entry in page for listing in entry.listings])
    context = {
        "one": one,
        "page": page,
        "total": len(entries),
        "rows": [
            (entry, [(listing, fits.get(listing.pk)) for listing in entry.listings])
            for entry in page
        ],
        "chosen": chosen,
        "kinds": kind_choices(),
        "sides": side_choices(),
        "member": actor.role is Role.MEMBER,
        "may_ask": actor.role is Role.MEMBER and showing.may_ask(one),
    }
    return render(request, "conference/catalogue.html", context)


def _wanted(entry: queries.Entry, *, q: str, kind: str, side: str) -> bool:
    """Whether an entry is what was looked for."""
    words = " ".join([entry.name, *(one.title for one in entry.listings)]).casefold()
    return q.casefold() in words and any(
        kind in ("", one.kind) and side in ("", one.side) for one in entry.listings
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask(request: HttpRequest, ref: str, listing: str) -> HttpResponse:
    """Ask whoever brings a listing for a meeting."""
    actor = actor_of(request)
    part = showing.own_part(actor, ref)
    target, one = showing.brought(actor, part, listing), part.conference
    own = showing.own_choices(part, target)
    may_ask = showing.may_ask(one)
    slots = showing.shared_slots(part, target) if one.self_booked and may_ask else None
    if request.method == "POST":
        form = forms.AskForm(target, own, slots, request.POST)

        def do(said: dict[str, Any]) -> Meeting:
            return meetings.request(
                actor,
                one,
                target,
                own=next((mine for mine in own if mine.ref == said["own"]), None),
                cooperation=said["cooperation"],
                question=said["question"],
                agreed=said["agreed"],
                slot=form.slot_chosen(),
            )

        said = gettext_lazy("约谈已发出。")
        if answer := attempt(request, form, do, to=lambda made: _page(one, made), said=said):
            return answer
    else:
        first = {"own": own[0].ref if own else "", "question": _QUESTION}
        form = forms.AskForm(target, own, slots, typed.offered(request), initial=first)
    context = {
        "one": one,
        "target": target,
        "party": target.party_shown_to(actor),
        "form": form,
        "fit": showing.fit_of(own, target),
        "may_ask": may_ask,
        "full": slots == [],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "conference/ask.html", context, status=status)


_QUESTION = gettext_lazy("希望当面了解具体条件，看看能否合作。")


def _page(one: Conference, made: Meeting) -> str:
    return reverse("conference:meeting", args=[one.ref, made.introduction.ref])


@require_safe
@login_required
def requests(request: HttpRequest, ref: str) -> HttpResponse:
    """What one was asked, what one has asked, and what is agreed and waits for its time."""
    actor = actor_of(request)
    part = showing.own_part(actor, ref)
    context = {
        "one": part.conference,
        "part": part,
        "own": showing.own(actor, part),
        "may_ask": showing.may_ask(part.conference),
        "may_seat": showing.may_seat(part.conference),
    }
    return render(request, "conference/requests.html", context)


# --- one meeting ---


@require_safe
@login_required
def meeting(request: HttpRequest, ref: str, talk: str) -> HttpResponse:
    """One meeting: the two, the time and the table, and what may be done now."""
    return _meeting(request, ref, talk)


def _found(request: HttpRequest, ref: str, talk: str) -> Meeting:
    every: Any = queries.whole(Meeting.objects.filter(conference__ref=ref))
    one: Meeting = every.one(actor_of(request), introduction__ref=talk)
    return one


#: The forms of the verbs; what has none of its own needs no more than the tap.
FORMS: dict[str, Callable[..., Form]] = {
    "accept": forms.AcceptForm,
    "decline": ReasonForm,
    "withdraw": Form,
    "take": forms.TakeForm,
    "cancel": forms.CancelForm,
    "outcome": forms.OutcomeForm,
}
#: What each does, and what is said once it is done.
VERBS: dict[str, tuple[Callable[[Any, Meeting, Any], object], Text]] = {
    "accept": (
        lambda actor, one, form: meetings.accept(
            actor, one, agreed=form.cleaned_data["agreed"], slot=form.slot_chosen()
        ),
        gettext_lazy("已同意洽谈。"),
    ),
    "decline": (
        lambda actor, one, form: docking.decline(actor, one.introduction, **form.cleaned_data),
        gettext_lazy("已婉拒，对方会看到原因。"),
    ),
    "withdraw": (
        lambda actor, one, _form: docking.withdraw(actor, one.introduction),
        gettext_lazy("已撤回。"),
    ),
    "take": (
        lambda actor, one, form: meetings.take(actor, one, form.slot_chosen()),
        gettext_lazy("已安排，对方已收到通知。"),
    ),
    "cancel": (
        lambda actor, one, form: meetings.cancel(actor, one, **form.cleaned_data),
        gettext_lazy("已取消，对方已收到通知。"),
    ),
    "outcome": (
        lambda actor, one, form: day.outcome(actor, one, **form.told()),
        gettext_lazy("结果已登记。"),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def verb(request: HttpRequest, ref: str, talk: str, verb: str) -> HttpResponse:
    """Do a verb to a meeting; what was refused is shown at its form."""
    if verb not in VERBS:
        raise Missing(_("没有找到这个页面。"))
    one = _found(request, ref, talk)
    if request.method != "POST":  # a page shown again with errors, reloaded
        return redirect(one)
    form = _form(verb, _slots(one, verb), request.POST)
    do, done = VERBS[verb]
    to = reverse("conference:agenda", args=[ref]) if verb == "take" else one.get_absolute_url()
    answer = attempt(
        request, form, lambda _said: do(actor_of(request), one, form), to=to, said=done
    )
    return answer or _meeting(request, ref, talk, refused={verb: form})


def _slots(one: Meeting, verb: str) -> list[Slot] | None:
    """The slots that may be chosen for a verb; ``None`` where it is not for the two to choose."""
    if verb == "take":
        return queries.free_slots(one) if showing.may_seat(one.conference) else []
    return queries.free_slots(one) if verb == "accept" and one.conference.self_booked else None


def _form(verb: str, slots: list[Slot] | None, *data: Any) -> Form:
    """A form of a verb. There are several on the page, so their fields' ids differ."""
    ids = f"id_{verb}_%s"
    if verb in ("accept", "take"):
        return FORMS[verb](slots, *data, auto_id=ids)
    return FORMS[verb](*data, auto_id=ids)


def _meeting(
    request: HttpRequest, ref: str, talk: str, *, refused: dict[str, Form] | None = None
) -> HttpResponse:
    actor, one = actor_of(request), _found(request, ref, talk)
    open_to = _open_to(request, one)
    shown = {name: _form(name, _slots(one, name), _offered(request, one, name)) for name in open_to}
    if "outcome" in shown and (result := request.GET.get("result", "")) in day.RESULTS:
        shown["outcome"].initial["result"] = result
    talking = one.introduction
    either = lifecycle.either(actor, one)
    context = {
        "one": one,
        "talk": talking,
        "other": one.other_shown_to(actor) if either else "",
        "either": either,
        "sides": _sides(request, one),
        "open_to": open_to,
        "forms": shown | (refused or {}),
        "refused": next(iter((refused or {}).values()), None),
        "outcomes": _told(request, one),
        "released": either and one.state not in UNDECIDED and release.released(talking),
        "linked": Introduction.objects.visible_to(actor).filter(pk=talking.pk).exists()
        if actor.role is Role.BUREAU
        else True,
        "seating": showing.may_seat(one.conference),
        "soon": one.slot is not None and one.slot.start > now(),
    }
    return render(request, "conference/meeting.html", context, status=422 if refused else 200)


UNDECIDED = (State.WANTED, State.CANCELLED)


def _offered(request: HttpRequest, one: Meeting, verb: str) -> QueryDict | None:
    """What was typed for a verb before the session ended."""
    address = reverse(
        "conference:meeting_verb", args=[one.conference.ref, one.introduction.ref, verb]
    )
    return typed.offered(request, address)


def _open_to(request: HttpRequest, one: Meeting) -> list[str]:
    """The verbs of the page that the actor may do now."""
    actor, here = actor_of(request), one.conference
    if not lifecycle.either(actor, one):
        return []
    begun = one.slot is not None and one.slot.start <= now()
    moves = MEETING.open_to(actor, one)
    found: list[str] = []
    if one.state == State.WANTED:
        asked = INTRODUCTION.open_to(actor, one.introduction)
        found += [name for name in ("accept", "decline", "withdraw") if name in asked]
    if "place" in moves and showing.may_seat(here):
        found.append("take")
    if (
        "cancel" in moves
        and one.state != State.WANTED
        and here.state in lifecycle.LIVE
        and not begun
    ):
        found.append("cancel")
    if begun and one.introduction.accepted_at is not None and one.state in HELD:
        found.append("outcome")
    return found


def _sides(request: HttpRequest, one: Meeting) -> list[dict[str, Any]]:
    """The two parties, and what each brings in where the actor may see it or is one of them."""
    actor, talk = actor_of(request), one.introduction
    either = lifecycle.either(actor, one)
    pairs = ((one.a, one.present_a), (one.b, one.present_b))
    brought = [talk.listing_of(part.party_id) for part, _here in pairs]
    keys = [listing.pk for listing in brought if listing is not None]
    seen = set(Listing.objects.visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True))
    return [
        {
            "name": talk.party_shown_to(actor, part.party_id),
            "asks": part.party_id == talk.from_party_id,
            "mine": part.party_id == actor.party,
            "here": here,
            "listing": listing if listing is not None and (either or listing.pk in seen) else None,
            "url": listing.get_absolute_url() if listing is not None and listing.pk in seen else "",
        }
        for (part, here), listing in zip(pairs, brought, strict=True)
    ]


def _told(request: HttpRequest, one: Meeting) -> list[dict[str, Any]]:
    """What each side last said came of it."""
    if one.slot is None:
        return []
    actor = actor_of(request)
    rows = Outcome.objects.visible_to(actor).filter(introduction=one.introduction_id)
    last = {row.party_id: row for row in rows}
    shown = one.introduction.party_shown_to
    return [{"who": shown(actor, party), "row": row} for party, row in last.items()]
