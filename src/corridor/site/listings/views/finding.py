"""Finding: the list with its choices, what a pasted text asks for, and the page of a listing."""

import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from corridor.engine.factors import Side
from corridor.engine.factors import kind as kind_of

from ...core.actor import Actor
from ...core.kept import Kept
from ...core.middleware import actor_of
from ...core.region import in_language
from .. import panel, pasted
from ..cards import card
from ..content import Content
from ..filters import LONGEST_Q, WITHIN, Filters, parse
from ..lifecycle import LISTING, reviewer
from ..models import Listing, State
from ..queries import Found, search
from ..values import restored
from ..words import facts

#: Where the session keeps the text somebody pasted, so that it is in no address and no log.
PASTED = "pasted"
#: Said in an address that leads here from a text.
READ = "read"
#: The step of 提交→审核→匹配→洽谈→签约 a listing stands at.
STEPS = {
    State.DRAFT: 1,
    State.CITY_REVIEW: 2,
    State.CORRIDOR_REVIEW: 2,
    State.RETURNED: 2,
}


@require_safe
def found(request: HttpRequest) -> HttpResponse:
    """The list: what is found, with the choices beside it. All of its state is in its address."""
    filters, notes = parse(dict(request.GET.lists()), timezone.localdate())
    if READ not in request.GET:
        typed = request.GET.get("q", "")
        if url := _understood(request, typed, filters.side, filters.kind):
            return redirect(url)
    text, chips, kept = _pasted(request, filters), panel.chips(filters), Kept()
    above = [] if text else chips  # a text that was read shows them itself
    about = {
        "filters": filters,
        "notes": notes,
        "chips": chips,
        "words": panel.in_words(filters),
        "beside_q": panel.others(filters, "q"),
        "pasted": text,
        **kept.for_page(request, lambda: _results(request, filters, kept, above), len(above)),
    }
    return render(request, "listings/list.html", about)


def _results(
    request: HttpRequest, filters: Filters, kept: Kept, chips: list[panel.Link]
) -> dict[str, Any]:
    """How many there are, and the parts of the page that show them and the choices beside them."""
    actor = actor_of(request)
    result = search(actor, filters, kept, request.GET.get("page", 1))
    about = {
        "request": request,
        "filters": filters,
        "chips": chips,
        "found": result,
        "cards": [card(actor, listing) for listing in result.page],
        "tabs": panel.tabs(filters, result.facets["side"]),
        "kinds": result.facets["kind"].options,
        "facets": [f for name, f in result.facets.items() if name not in ("side", "kind")],
        "numbers": panel.numbers(filters),
        "orders": panel.orders(filters),
        "beside_numbers": panel.others(filters, f"{filters.kind}."),
        "hint": _hint(actor, filters, result),
        "other_side": filters.side and str(Side(filters.side).other),
    }
    parts = ("tabs", "choices", "cards")
    shown = {part: render_to_string(f"listings/parts/{part}.html", about) for part in parts}
    return {"total": result.total, **shown}


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """What was typed into the large box: a text is read, a few words are looked up."""
    text, scope = request.POST.get("q", "").strip(), request.POST.get("scope", "")
    side = scope if scope in list(Side) else ""
    if url := _understood(request, text, side, ""):
        return redirect(url)
    filters = Filters(q=text, side=side)
    if len(text) > LONGEST_Q:
        messages.warning(request, _too_long(len(text)))
        filters = filters.having(q="")
    return redirect(f"{reverse('listings:list')}?{filters.query}")


def _too_long(length: int) -> str:
    if length > pasted.LONGEST:
        return _("文字最多 %(most)s 字，现在 %(n)s 字，没有使用。请删减，或直接发布。") % {
            "most": pasted.LONGEST,
            "n": length,
        }
    return _("没有从这段文字读出要找什么。请写明要素和数量，或只写几个关键词。")


def _understood(request: HttpRequest, text: str, side: str, kind: str) -> str:
    """Where a text leads, kept in the session to be published; "" where words are looked up."""
    actor, today = actor_of(request), timezone.localdate()
    asked = pasted.asked(actor, text, side, today, kind=kind)
    if asked is None:
        return ""
    request.session[PASTED] = {
        "text": asked.text,
        "side": asked.side,
        "kind": asked.kind,
        "left": asked.left,
    }
    return f"{reverse('listings:list')}?{asked.filters.query}&{READ}=1"


def _pasted(request: HttpRequest, filters: Filters) -> dict[str, Any] | None:
    """The text that led here, if one did."""
    kept = request.session.get(PASTED) if READ in request.GET else None
    if kept is None or kept["kind"] != filters.kind:
        return None
    declared = kind_of(filters.kind).by_name
    left = [in_language(declared[name].label) for name in kept["left"] if name in declared]
    return {**kept, "left": left}


def _hint(actor: Actor, filters: Filters, result: Found) -> panel.Link | None:
    """Where nothing holds the words as they stand: what they may mean."""
    if result.total or not filters.q:
        return None
    today = timezone.localdate()
    asked = pasted.asked(actor, filters.q, filters.side, today, kind=filters.kind, few=True)
    if asked is None or asked.filters == filters:
        return None
    url = f"{reverse('listings:list')}?{asked.filters.query}"
    return panel.Link(panel.in_words(asked.filters), url)


@require_safe
def detail(request: HttpRequest, ref: str) -> HttpResponse:
    """A listing: all it states, in words; never its contact."""
    actor = actor_of(request)
    rows = Listing.objects.select_related("party")
    listing: Listing = rows.defer(*_UNSHOWN).one(actor, ref=ref)
    said = Content(
        side=listing.side,
        kind=listing.kind,
        title=listing.title,
        values=restored(listing.values),
        must=frozenset(listing.must),
        flexible=frozenset(listing.flexible),
    )
    about = {
        "listing": listing,
        "facts": [(fact, _short(fact.label)) for fact in facts(said)],
        "party": listing.party_shown_to(actor),
        "step": STEPS.get(State(listing.state), 3),
        "ended": listing.state in (State.EXPIRED, State.CLOSED, State.HIDDEN, State.RETURNED),
        "soon": listing.state == State.PUBLISHED and _soon(listing),
        "verbs": LISTING.open_to(actor, listing),
        "own": actor.party == listing.party_id,
        "inside": actor.party == listing.party_id or reviewer(actor, listing),
        "address": f"{settings.SITE_URL}{listing.get_absolute_url()}",
        "list": f"{reverse('listings:list')}?{Filters(side=listing.side, kind=listing.kind).query}",
    }
    return render(request, "listings/detail.html", about)


def _soon(listing: Listing) -> bool:
    day = listing.deadline
    return day is not None and day - timezone.localdate() <= timedelta(days=max(WITHIN))


def _short(label: str) -> str:
    """A label without what it explains in brackets to who fills it in."""
    return re.split(r"（| \(", label, maxsplit=1)[0]


_UNSHOWN = (
    "contact_name",
    "contact_phone",
    "party__contact_name",
    "party__contact_phone",
    "party__contact_email",
    "party__about",
)
