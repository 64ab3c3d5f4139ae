"""Pages of the docking app."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ..core import once, typed
from ..core.actor import Actor, Role
from ..core.errors import Forbidden, Invalid, Missing
from ..core.middleware import actor_of
from ..listings.models import Listing
from . import actions, aside, cards, forms, lifecycle, queries, release
from .lifecycle import INTRODUCTION
from .models import OPEN, Introduction, Message, Outcome, State

PAGE = 20


# --- matches ---


@require_safe
def matches(request: HttpRequest, ref: str) -> HttpResponse:
    """The matches of a listing, for its party, its city's bureau and the office."""
    return _matches(request, _listed(request, ref))


def _listed(request: HttpRequest, ref: str) -> Listing:
    actor = actor_of(request)
    listing: Listing = Listing.objects.select_related("party").one(actor, ref=ref)
    if not queries.sees_list(actor, listing):
        raise Missing(_("没有找到，或您无权查看。"))
    return listing


def _matches(
    request: HttpRequest, listing: Listing, refused: forms.UnsuitableForm | None = None
) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "listing": listing,
        "cards": cards.match_cards(actor, listing, queries.matches_of(actor, listing)),
        "misses": cards.miss_cards(actor, listing, queries.near_misses_of(actor, listing)),
        "aside": queries.set_aside(actor, listing),
        "own": actor.role is Role.MEMBER and actor.party == listing.party_id,
        "form": refused or forms.UnsuitableForm(),
        "refused": refused,
    }
    return render(request, "docking/matches.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def unsuitable(request: HttpRequest, ref: str) -> HttpResponse:
    """Set a counterpart aside and say why; with ``undo``, take it back."""
    actor, listing = actor_of(request), _listed(request, ref)
    if request.method != "POST":  # a page shown again with errors, reloaded
        return redirect("docking:matches", listing.ref)
    other = Listing.objects.one(actor, ref=request.POST.get("other", ""))
    if "undo" in request.POST:
        aside.undo_unsuitable(actor, listing, other)
        messages.success(request, _("已恢复，下次匹配后会重新出现在列表中。"))
        return redirect("docking:matches", listing.ref)
    form = forms.UnsuitableForm(request.POST)
    if not form.is_valid():
        return _matches(request, listing, form)
    aside.mark_unsuitable(
        actor, listing, other, reason=form.cleaned_data["reason"], note=form.cleaned_data["note"]
    )
    messages.success(request, _("已标记为不合适，这条信息不再出现在列表中。"))
    return redirect("docking:matches", listing.ref)


# --- introductions ---

#: The tabs of the list of introductions, and the states in each.
TABS = {
    "": (gettext_lazy("全部"), tuple(State)),
    "asked": (gettext_lazy("待答复"), (State.ASKED,)),
    "accepted": (gettext_lazy("进行中"), (State.ACCEPTED,)),
    "ended": (gettext_lazy("已结束"), tuple(set(State) - set(OPEN))),
}


@require_safe
def introductions(request: HttpRequest) -> HttpResponse:
    """The introductions of one's party; of one's city for a bureau; all for the office."""
    actor = actor_of(request)
    if actor.is_anonymous:
        return redirect_to_login(request.get_full_path())
    tab = request.GET.get("state", "")
    states = TABS.get(tab, TABS[""])[1]
    found = queries.introductions(actor).filter(state__in=states)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "tasks": [cards.task(actor, one) for one in page],
        "listings": reverse("listings:list"),
        "tabs": [(name, label, name == tab) for name, (label, _states) in TABS.items()],
    }
    return render(request, "docking/introductions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def introduce(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask the party of a listing to talk."""
    actor = actor_of(request)
    if actor.is_anonymous:
        return redirect_to_login(request.get_full_path())
    target = Listing.objects.published().select_related("party").one(actor, ref=ref)
    if actor.role is not Role.MEMBER:
        raise Forbidden(_("只有主体成员可以发起对接意向。"))
    choices = queries.own_choices(actor, target)
    if request.method != "POST":
        first = {"own": request.GET.get("own", "")}
        form = forms.AskForm(target, choices, typed.offered(request), initial=first)
        return _asking(request, target, form)
    form = forms.AskForm(target, choices, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        own = next((one for one in choices if one.ref == said["own"]), None)
        try:
            with once.claim(request) as sent:
                if not sent.url:
                    made = actions.ask(
                        actor,
                        target,
                        own=own,
                        cooperation=said["cooperation"],
                        question=said["question"],
                        agreed=said["agreed"],
                    )
                    sent.url = made.get_absolute_url()
            return redirect(sent.url)
        except Invalid as error:
            form.refuse(error)
    return _asking(request, target, form)


def _asking(request: HttpRequest, target: Listing, form: forms.AskForm) -> HttpResponse:
    context = {
        "target": target,
        "form": form,
        "party": target.party_shown_to(actor_of(request)),
        "days": actions.DAYS_TO_ANSWER,
    }
    wrong = request.method == "POST" and form.errors
    return render(request, "docking/introduce.html", context, status=422 if wrong else 200)


@require_safe
def introduction(request: HttpRequest, ref: str) -> HttpResponse:
    """One introduction: what was asked, what was said, what may be done now."""
    return _introduction(request, _found(request, ref))


def _found(request: HttpRequest, ref: str) -> Introduction:
    found: Introduction = Introduction.objects.full().one(actor_of(request), ref=ref)
    return found


#: The forms of the verbs; what has none of its own needs no more than the tap.
FORMS: dict[str, Callable[..., forms.Form]] = {
    "accept": forms.AgreeForm,
    "decline": forms.ReasonForm,
    "message": forms.MessageForm,
    "contacts": forms.PurposeForm,
    "outcome": forms.OutcomeForm,
}
#: What each verb does with what was typed, and what is said once it is done.
VERBS: dict[str, tuple[Callable[[Actor, Introduction, dict[str, Any]], object], Any]] = {
    "accept": (
        lambda actor, one, said: actions.accept(actor, one, **said),
        gettext_lazy("已接受。现在可以查看对方联系方式，约定洽谈。"),
    ),
    "decline": (
        lambda actor, one, said: actions.decline(actor, one, **said),
        gettext_lazy("已婉拒，对方会看到原因。"),
    ),
    "withdraw": (lambda actor, one, _: actions.withdraw(actor, one), gettext_lazy("已撤回。")),
    "message": (
        lambda actor, one, said: actions.say(actor, one, **said),
        gettext_lazy("留言已发送。"),
    ),
    "remind": (
        lambda actor, one, _: actions.remind(actor, one),
        gettext_lazy("已提醒，每条对接意向每天可提醒一次。"),
    ),
    "take-back": (
        lambda actor, one, _: actions.consent(actor, one, agree=False),
        gettext_lazy("已撤回授权，双方联系方式不再展示。"),
    ),
    "give-again": (
        lambda actor, one, _: actions.consent(actor, one, agree=True),
        gettext_lazy("已重新同意提供联系方式。"),
    ),
    "outcome": (
        lambda actor, one, said: actions.report(actor, one, actions.Report(**said)),
        gettext_lazy("结果已登记。"),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verb(request: HttpRequest, ref: str, verb: str) -> HttpResponse:
    """Do a verb to an introduction; what was refused is shown at its form."""
    actor, one = actor_of(request), _found(request, ref)
    if verb != "contacts" and verb not in VERBS:
        raise Missing(_("没有找到这个页面。"))
    if request.method != "POST":  # a page shown again with errors, reloaded
        return redirect(one)
    form = _form(verb, one, request.POST)
    if not form.is_valid():
        return _introduction(request, one, refused={verb: form})
    try:
        if verb == "contacts":
            seen = actions.contacts(actor, one, form.cleaned_data["purpose"])
            return _introduction(request, one, contacts=seen)
        do, done = VERBS[verb]
        with once.claim(request) as sent:
            if not sent.url:
                do(actor, one, form.cleaned_data)
                messages.success(request, str(done))
                sent.url = one.get_absolute_url()
        return redirect(sent.url)
    except Invalid as error:
        form.refuse(error)
        return _introduction(request, one, refused={verb: form})


def _form(verb: str, one: Introduction, *data: Any) -> forms.Form:
    """A form of a verb. There are several on the page, so their fields' ids differ."""
    return FORMS.get(verb, forms.Form)(*data, introduction=one, auto_id=f"id_{verb}_%s")


def _offered(request: HttpRequest, one: Introduction, verb: str) -> QueryDict | None:
    """What was typed for a verb before the session ended."""
    return typed.offered(request, reverse("docking:verb", args=[one.ref, verb]))


def _introduction(
    request: HttpRequest,
    one: Introduction,
    *,
    refused: dict[str, forms.Form] | None = None,
    contacts: dict[str, str] | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    either, agreed = lifecycle.either(actor, one), release.agreed(one)
    talking = one.state in OPEN and (either or lifecycle.adviser(actor, one))
    released = either and release.released(one)
    context = {
        "one": one,
        "open_to": INTRODUCTION.open_to(actor, one),
        "forms": {name: _form(name, one, _offered(request, one, name)) for name in FORMS}
        | (refused or {}),
        "refused": next(iter((refused or {}).values()), None),
        "either": either,
        "adviser": lifecycle.adviser(actor, one),
        "talking": talking,
        "released": released,
        "agreed": actor.party in agreed,
        "contacts": contacts,
        "parties": [_side(actor, one, party) for party in (one.from_party_id, one.to_party_id)],
        "events": _events(actor, one),
        **_said(actor, one, released),
    }
    return render(request, "docking/introduction.html", context, status=422 if refused else 200)


def _side(actor: Actor, one: Introduction, party: int) -> dict[str, Any]:
    """One of the two parties and the listing it brings in, linked where the actor may see it."""
    listing = one.listing_of(party)
    seen = listing is not None and Listing.objects.visible_to(actor).filter(pk=listing.pk).exists()
    return {
        "asks": party == one.from_party_id,
        "name": one.party_shown_to(actor, party),
        "mine": party == actor.party,
        "listing": listing,
        "url": listing.get_absolute_url() if listing is not None and seen else "",
    }


def _said(actor: Actor, one: Introduction, released: bool) -> dict[str, Any]:
    """The messages and the outcomes, with who said them."""
    thread = [
        {
            "who": message.party.name
            if message.role != Role.MEMBER
            else one.party_shown_to(actor, message.party_id),
            "adviser": message.role != Role.MEMBER,
            "mine": message.party_id == actor.party,
            "text": message.said(released=released),
            "at": message.at,
        }
        for message in Message.objects.visible_to(actor)
        .filter(introduction=one)
        .select_related("party")
    ]
    told = Outcome.objects.visible_to(actor).filter(introduction=one)
    outcomes = [{"who": one.party_shown_to(actor, row.party_id), "row": row} for row in told]
    final = {row.party_id: row.result for row in told if row.result in Outcome.FINAL}
    return {"thread": thread, "outcomes": outcomes, "differ": len(set(final.values())) > 1}


def _events(actor: Actor, one: Introduction) -> list[dict[str, Any]]:
    """What happened when."""
    asker, answerer = (
        one.party_shown_to(actor, party) for party in (one.from_party_id, one.to_party_id)
    )
    events = [{"when": one.created_at, "who": asker, "what": _("发起对接意向"), "tone": "info"}]
    if one.accepted_at is not None:
        events.append({"when": one.accepted_at, "who": answerer, "what": _("已接受"), "tone": "ok"})
    if one.ended_at is not None:
        who = {State.DECLINED: answerer, State.WITHDRAWN: asker}.get(State(one.state), "")
        reason = " · ".join(filter(None, (one.get_reason_display(), one.note)))
        events.append(
            {
                "when": one.ended_at,
                "who": who or _("平台"),
                "what": one.get_state_display(),
                "reason": reason,
                "tone": cards.STATE_TONES[State(one.state)],
            }
        )
    return events
