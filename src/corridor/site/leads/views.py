"""The officers' pages: the list, one lead and its verbs, the card, the clocks."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..core import once, typed
from ..core.actor import Actor, Role
from ..core.errors import Invalid, Missing
from ..core.middleware import actor_of
from ..core.region import city_choices
from . import actions, cards, clocks, queries, verbs
from .forms import ClocksForm, Form
from .models import Lead
from .phones import dialled

PER_PAGE = 20


def _officer(request: HttpRequest) -> Actor:
    """Who acts, when it is an officer of a bureau or the office; to others the page is not there."""
    actor = actor_of(request)
    if actor.role not in (Role.BUREAU, Role.OFFICE):
        raise Missing(_("没有找到这个页面。"))
    return actor


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The leads of the own city, of all for the office; overdue first."""
    actor = _officer(request)
    wanted, city = request.GET.get("show", ""), request.GET.get("city", "")
    tab = wanted if wanted in queries.TABS else "open"
    office = actor.role is Role.OFFICE
    places = [(queries.POOL, _("待分派")), *city_choices()] if office else []
    city = city if city in dict(places) else ""
    found = queries.listed(actor, tab, city)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    counted = queries.counts(actor, city)
    context = {
        "tab": tab,
        "tabs": [(name, label, counted[name]) for name, label in queries.TABS.items()],
        "city": city,
        "places": places,
        "all_cities": not city,
        "page": page,
        "tasks": [queries.task(lead, city=office) for lead in page],
        "numbers": queries.numbers(actor, city=city),
        "given": [] if office else queries.given_away(actor)[:20],
        "office": office,
    }
    return render(request, "leads/list.html", context)


@login_required
@require_safe
def detail(request: HttpRequest, ref: str) -> HttpResponse:
    """One lead: what it says, what is to be done, what was done."""
    actor = _officer(request)
    lead = _lead(actor, ref)
    return render(request, "leads/detail.html", _whole(actor, lead, _offered(request, lead)))


def _offered(request: HttpRequest, lead: Lead) -> tuple[str, Form] | None:
    """The verb whose form was sent after the session had ended, with what was typed."""
    for name in verbs.VERBS:
        had = typed.offered(request, reverse("leads:verb", args=[lead.ref, name]))
        if had is not None:
            return name, verbs.form_of(name, lead, had)
    return None


@never_cache
@require_POST
def verb(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """Do one of the verbs; what it refuses is shown at its form."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("leads:detail", args=[ref]))
    actor = _officer(request)
    lead = _lead(actor, ref)
    if name not in verbs.VERBS:
        raise Missing(_("没有找到这个页面。"))
    form = verbs.form_of(name, lead, request.POST)
    if form.is_valid():
        try:
            return _done(request, actor, lead, name, form)
        except Invalid as error:
            form.refuse(error)
    return render(request, "leads/detail.html", _whole(actor, lead, (name, form)), status=422)


def _done(request: HttpRequest, actor: Actor, lead: Lead, name: str, form: Form) -> HttpResponse:
    if name == "reveal":
        shown = actions.reveal(actor, lead, form.cleaned_data["purpose"])
        context = {"lead": lead, "shown": shown, "dialled": dialled(shown["phone"])}
        return render(request, "leads/contact.html", context)
    with once.claim(request) as sent:
        if not sent.url:
            verbs.VERBS[name].run(actor, lead, form.cleaned_data)
            sent.url = lead.get_absolute_url()
            messages.success(request, _("已办理：%(verb)s。") % {"verb": verbs.VERBS[name].label})
    still = Lead.objects.visible_to(actor).filter(pk=lead.pk).exists()
    return redirect(sent.url if still else "leads:list")


def _lead(actor: Actor, ref: str) -> Lead:
    whole = Lead.objects.select_related("officer", "referrer", "referrer_party", "listing")
    found: Lead = whole.prefetch_related("circulations").one(actor, ref=ref)
    return found


def _whole(actor: Actor, lead: Lead, sent: tuple[str, Form] | None = None) -> dict[str, object]:
    offered = verbs.offered(actor, lead, sent)
    return {
        "lead": lead,
        "offered": offered,
        "next": next((one for one in offered if one.place == "first"), None),
        "sent_form": sent[1] if sent else None,
        "offer": verbs.offer_of(lead),
        **queries.surroundings(actor, lead),
    }


@login_required
@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """The QR cards of the own bureau and of the officer, to print or to show."""
    actor = _officer(request)
    mine = [
        (actor.party_name, cards.code(cards.PARTY, actor.party or 0)),
        (f"{actor.party_name} · {actor.name}", cards.code(cards.MEMBER, actor.membership or 0)),
    ]
    shown = [{"name": name, "url": cards.link(code)} for name, code in mine]
    return render(request, "leads/card.html", {"cards": shown})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lengths(request: HttpRequest) -> HttpResponse:
    """How long the clocks run; the office sets them for leads to come."""
    actor = _officer(request)
    form = ClocksForm(request.POST if request.method == "POST" else None, initial=clocks.lengths())
    if request.method == "POST" and form.is_valid():
        actions.set_clocks(actor, form.cleaned_data)
        messages.success(request, _("时限已保存，从新线索起适用。"))
        return redirect("leads:clocks")
    context = {"form": form, "may": actor.role is Role.OFFICE, "clocks": clocks.CLOCKS}
    return render(request, "leads/clocks.html", context, status=422 if form.errors else 200)
