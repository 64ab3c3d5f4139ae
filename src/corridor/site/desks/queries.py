"""What may be seen at a desk beyond the lists of the apps below: what is stuck, and where."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from ..conference import showing
from ..core.actor import Actor
from ..core.models import MembershipRequest, Party
from ..docking.models import OPEN, Introduction, Match
from ..docking.queries import introductions, to_answer, to_report
from ..leads.models import Lead
from ..listings.models import Listing, State

#: A need without a match or an introduction for this long is stale.
STALE = timedelta(days=30)
#: An offer with so many introductions under way is flooded: nobody can answer them all.
FLOODED = 5


def waiting_introductions(actor: Actor) -> list[Introduction]:
    """What the actor's party has to talk about today, to report on or to answer: the meetings of
    conferences first, then what runs out first.

    Where it is a meeting, ``begins``, ``hall``, ``table``, ``conference`` and ``title`` say where.
    """
    meetings = showing.to_do(actor)
    waiting = (
        to_answer(actor).order_by().values("pk"),
        to_report(actor).order_by().values("pk"),
        meetings.order_by().values("introduction"),
    )
    here = meetings.filter(introduction=OuterRef("pk"))
    said = {
        "begins": "slot__start",
        "hall": "table__hall__name",
        "table": "table__number",
        "conference": "conference__ref",
        "title": "conference__title",
    }
    marked = introductions(actor).annotate(
        **{name: Subquery(here.values(path)[:1]) for name, path in said.items()}
    )
    every = marked.filter(Q(pk__in=waiting[0]) | Q(pk__in=waiting[1]) | Q(pk__in=waiting[2]))
    return list(every.order_by(F("begins").asc(nulls_last=True), "expires_at", "id"))


def parties_to_see_to(actor: Actor) -> QuerySet[Party]:
    """Parties of the actor's city to be verified, or that someone asks to join; oldest first."""
    asked = MembershipRequest.objects.filter(
        party=OuterRef("pk"), state=MembershipRequest.State.ASKED
    )
    seen = Party.objects.visible_to(actor).annotate(asked=Exists(asked))
    return seen.filter(Q(verified_at=None) | Q(asked=True)).order_by("id")


def stale_needs(actor: Actor, now: datetime) -> QuerySet[Listing]:
    """Published needs that found nobody for :data:`STALE`, the oldest first."""
    since = now - STALE
    matched = Match.objects.filter(need=OuterRef("pk"), found_at__gte=since)
    talked = Introduction.objects.filter(need=OuterRef("pk"), created_at__gte=since)
    needs: QuerySet[Listing] = Listing.objects.visible_to(actor).published().filter(side="need")
    quiet = needs.filter(published_at__lt=since).exclude(Exists(matched)).exclude(Exists(talked))
    return quiet.order_by("published_at", "id")


def flooded_offers(actor: Actor) -> QuerySet[Listing]:
    """Published offers with more introductions under way (``talks``) than anyone answers."""
    asked = Introduction.objects.filter(state__in=OPEN).order_by().values("target")
    counted = asked.annotate(n=Count("pk"))
    offers: QuerySet[Listing] = Listing.objects.visible_to(actor).published().filter(side="offer")
    flooded = offers.filter(pk__in=counted.filter(n__gte=FLOODED).values("target"))
    talks = Subquery(counted.filter(target=OuterRef("pk")).values("n"))
    return flooded.annotate(talks=talks).order_by("-talks", "id")


@dataclass(frozen=True, slots=True)
class CityNumbers:
    """What stands in a city now."""

    needs: int = 0
    offers: int = 0
    city_review: int = 0
    corridor_review: int = 0
    leads: int = 0
    overdue: int = 0


def by_city(actor: Actor) -> dict[str, CityNumbers]:
    """Every city's listings, reviews and leads, by its code. Two queries."""
    listings: Any = Listing.objects.visible_to(actor).order_by().values("city")
    published = Q(state=State.PUBLISHED)
    counted = listings.annotate(
        needs=Count("pk", filter=published & Q(side="need")),
        offers=Count("pk", filter=published & Q(side="offer")),
        city_review=Count("pk", filter=Q(state=State.CITY_REVIEW)),
        corridor_review=Count("pk", filter=Q(state=State.CORRIDOR_REVIEW)),
    )
    leads: Any = Lead.objects.visible_to(actor).open().order_by().values("city")
    late = leads.annotate(
        leads=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=timezone.now()))
    )
    found: dict[str, dict[str, int]] = {}
    for row in (*counted, *late):
        found.setdefault(row.pop("city"), {}).update(row)
    return {city: CityNumbers(**numbers) for city, numbers in found.items()}
