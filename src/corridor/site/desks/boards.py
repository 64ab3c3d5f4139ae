"""What each desk shows. Every section is short: its full list is one link away."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ..core.actor import Actor, Role
from ..core.models import MembershipRequest
from ..core.region import city_choices, in_language
from ..docking import cards, funnel
from ..docking.queries import best_matches, to_mediate
from ..leads import queries as leads
from ..listings import desk as listings
from ..listings import reports
from ..listings.cards import card
from ..listings.filters import Filters
from ..listings.models import Listing, SavedSearch, State
from ..listings.terms import REMINDERS
from ..notices.queries import told
from . import queries, tasks

SHOWN = 5
MATCHES = 3
FLOWS = 12
#: Days that the numbers look back.
WINDOW = 90

#: Contact data that no desk shows; each would be decrypted when read.
SECRETS = (
    "contact_name", "contact_phone",
    "party__contact_name", "party__contact_phone", "party__contact_email",
)  # fmt: skip

#: What a party does first.
_URGENT = (State.RETURNED, State.EXPIRED, State.PUBLISHED, State.DRAFT)

Board = dict[str, Any]


def party(actor: Actor) -> Board:
    """A party's desk: what it has to do, what it has, what was found for it."""
    today = timezone.localdate()
    counts = listings.tab_counts(actor)
    talks = queries.waiting_introductions(actor)
    requests = _requests(actor)
    now = timezone.now()
    todo = [
        *(tasks.talk(actor, one, now) for one in talks),
        *(tasks.request(one) for one in requests),
        *(tasks.own_listing(actor, one, today) for one in _own_todo(actor, today)),
    ]
    mine = reverse("listings:mine")
    return {
        "todo": todo,
        "stats": [
            {"label": label, "value": f"{counts[name]:,}", "url": f"{mine}?tab={name}"}
            for name, (label, _states) in listings.TABS.items()
        ],
        "matches": _matches(actor),
        "searches": list(SavedSearch.objects.visible_to(actor)[:SHOWN]),
    }


def _own_todo(actor: Actor, today: date) -> list[Listing]:
    """Own listings that are returned, have expired or will soon, and drafts; a few of them."""
    soon = today + timedelta(days=max(REMINDERS))
    waits = Q(state__in=listings.TABS["todo"][1])
    ends = Q(state=State.PUBLISHED, expires_on__lte=soon)
    rank = Case(*(When(state=state, then=at) for at, state in enumerate(_URGENT)), default=None)
    found = listings.mine(actor).filter(waits | ends).defer(*SECRETS[:2])
    return list(found.order_by(rank, "expires_on", "-changed_at", "-id")[:SHOWN])


def _requests(actor: Actor) -> list[MembershipRequest]:
    if not actor.manager:
        return []
    asked = MembershipRequest.objects.visible_to(actor).select_related("user")
    return list(asked.filter(party=actor.party, state=MembershipRequest.State.ASKED))


def _matches(actor: Actor) -> list[dict[str, Any]]:
    """The best of what was found, each with the own listing it was found for."""
    found = []
    for match in best_matches(actor, MATCHES):
        own = match.need if match.need.party_id == actor.party else match.offer
        said = cards.explained(match)
        if said.passed:
            action = (_("看理由，发起对接"), reverse("docking:matches", args=[own.ref]))
            reasons = [in_language(reason) for reason in said.reasons]
            shown = card(
                actor, match.other_than(own), reasons=reasons, score=match.score, action=action
            )
            found.append({"card": shown, "own": own})
    return found


def bureau(actor: Actor) -> Board:
    """A bureau's desk: leads whose clocks run, what it reviews, its city's parties and funnel."""
    now = timezone.now()
    states = _states(actor)
    counts = leads.counts(actor)
    return {
        "leads": [leads.task(one) for one in leads.open_leads(actor)[:SHOWN]],
        "reports": _reports(actor),
        "reviews": [tasks.review(one, now) for one in listings.review_queue(actor)[:SHOWN]],
        "talks": [tasks.stuck(actor, one) for one in to_mediate(actor)[:SHOWN]],
        "parties": [tasks.party(one) for one in queries.parties_to_see_to(actor)[:SHOWN]],
        **_funnel(funnel.steps(actor, days=WINDOW, city=actor.city)),
        "stats": [
            _stat(_("线索超时"), counts["overdue"], "leads:list", "tab=overdue", bad=True),
            _stat(_("线索办理中"), counts["open"], "leads:list"),
            _stat(_("待审核"), states.get(State.CITY_REVIEW, 0), "listings:review"),
            _stat(
                _("在架供需"),
                states.get(State.PUBLISHED, 0),
                "listings:list",
                Filters(cities=(actor.city,)).query,
            ),
        ],
    }


def _states(actor: Actor) -> dict[str, int]:
    """How many listings of the actor's city stand in each state."""
    own = Listing.objects.visible_to(actor).filter(city=actor.city).order_by()
    return dict(own.values_list("state").annotate(n=Count("pk")))


def office(actor: Actor) -> Board:
    """The office's desk: missed clocks, second reviews, all cities side by side, what is stuck."""
    now = timezone.now()
    cities = queries.by_city(actor)
    overdue = leads.open_leads(actor).filter(due_at__lt=now)
    late = sum(one.overdue for one in cities.values())
    waiting = sum(one.corridor_review for one in cities.values())
    return {
        "leads": [leads.task(one, city=True) for one in overdue[:SHOWN]],
        "reports": _reports(actor),
        "reviews": [tasks.review(one, now) for one in listings.review_queue(actor)[:SHOWN]],
        "stale": [tasks.stale(one, now) for one in _parties(queries.stale_needs(actor, now))],
        "flooded": [tasks.flooded(one) for one in _parties(queries.flooded_offers(actor))],
        "cities": [
            (code, name, cities.get(code, queries.CityNumbers())) for code, name in city_choices()
        ],
        "pool": cities.get("", queries.CityNumbers()).leads,
        "conversions": funnel.conversions(WINDOW),
        "stats": [
            _stat(_("线索超时"), late, "leads:list", "tab=overdue", bad=True),
            _stat(_("待复核"), waiting, "listings:review"),
            _stat(
                _("在架需求"),
                sum(one.needs for one in cities.values()),
                "listings:list",
                "side=need",
            ),
            _stat(
                _("在架供给"),
                sum(one.offers for one in cities.values()),
                "listings:list",
                "side=offer",
            ),
        ],
    }


def numbers(days: int) -> Board:
    """How far listings get, by kind and by city, and between which cities they meet."""
    every = funnel.conversions(days)
    names = dict(city_choices())
    together = [
        replace(steps[0], count=sum(step.count for step in steps))
        for steps in zip(*(row.steps for row in every["kind"]), strict=True)
    ]
    return {
        "days": days,
        **_funnel(together),
        "conversions": every,
        "flows": [
            (names.get(start, start), names.get(end, end), count)
            for start, end, count in funnel.flows(days)[:FLOWS]
        ],
    }


def exits(actor: Actor, days: int) -> Board:
    """Why listings and introductions went no further: all of them, or those of a bureau's city."""
    city = actor.city if actor.role is Role.BUREAU else None
    return {"days": days, "exits": funnel.exits(days=days, city=city)}


def judge(actor: Actor) -> Board:
    """A judge's desk: what they were told."""
    return {"notices": told(actor)[:SHOWN]}


def _funnel(steps: Sequence[funnel.Step]) -> Board:
    """The funnel as its tag draws it."""
    return {"stages": [(step.label, step.count, "") for step in steps], "window": steps[0].window}


def _reports(actor: Actor) -> list[tasks.Task]:
    return [tasks.report(one) for one in reports.queue(actor).filter(handled_at=None)[:SHOWN]]


def _parties(found: QuerySet[Listing]) -> QuerySet[Listing]:
    """The first few, with their parties and without the contacts nobody reads here."""
    return found.select_related("party").defer(*SECRETS)[:SHOWN]


def _stat(
    label: str, value: int, page: str, query: str = "", *, bad: bool = False
) -> dict[str, str]:
    url = reverse(page) + (f"?{query}" if query else "")
    return {
        "label": label,
        "value": f"{value:,}",
        "url": url,
        "tone": "bad" if bad and value else "",
    }
