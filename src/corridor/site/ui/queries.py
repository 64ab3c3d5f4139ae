"""What the front page shows.

The numbers are those the public may see, so they are the same for everyone; the page keeps them for
a minute (``MINUTE``, in ``home.html``). Which listings are shown depends on who looks, and is kept for
each until anything changes (:mod:`..core.kept`).
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.engine.factors import all_kinds

from ..conference import showing
from ..core.actor import PUBLIC, Actor
from ..core.kept import Kept
from ..core.region import corridor, in_language
from ..docking import funnel
from ..docking.models import Match
from ..listings.cards import card
from ..listings.facets import Cube
from ..listings.filters import Filters
from ..listings.models import Listing
from ..listings.queries import newest
from .drawing import CityMap, city_map

#: Seconds the numbers of the page are kept.
MINUTE = 60
#: Days the funnel counts back.
WINDOW = 365
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Market:
    """The whole market in numbers."""

    needs: int
    offers: int
    stages: list[tuple[str, int, str]]
    window: str
    kinds: list[dict[str, str]]
    map: CityMap


def market() -> Market:
    """The market as the public sees it: the funnel, the kinds, the cities and what flows between."""
    cells = Cube(PUBLIC, Filters(), timezone.localdate(), Kept()).cells
    counts: Counter[tuple[str, str]] = Counter()
    cities: Counter[str] = Counter()
    for kind, side, city, count in cells:
        counts[kind, side] += count
        cities[city] += count
    steps = funnel.steps(PUBLIC, days=WINDOW)
    found = reverse("listings:list")
    return Market(
        needs=sum(n for (_kind, side), n in counts.items() if side == "need"),
        offers=sum(n for (_kind, side), n in counts.items() if side == "offer"),
        stages=[(step.label, step.count, "") for step in steps],
        window=steps[0].window,
        kinds=[_tile(name, counts, found) for name in all_kinds()],
        map=city_map(
            corridor(),
            _flows(),
            cities,
            {code: f"{found}?{Filters(cities=(code,)).query}" for code in corridor().codes},
        ),
    )


def _tile(name: str, counts: Counter[tuple[str, str]], found: str) -> dict[str, str]:
    needs, offers = counts[name, "need"], counts[name, "offer"]
    said = {"needs": f"{needs:,}", "offers": f"{offers:,}"}
    return {
        "label": in_language(all_kinds()[name].label),
        "value": f"{needs + offers:,}",
        "note": _("需求\N{NO-BREAK SPACE}%(needs)s · 供给\N{NO-BREAK SPACE}%(offers)s") % said,
        "url": f"{found}?{Filters(kind=name).query}",
    }


def _flows() -> dict[tuple[str, str], int]:
    """How many public needs of the first city have their best match in the second."""
    public = Listing.objects.visible_to(PUBLIC).published().order_by().values("pk")
    best = Match.objects.filter(rank_need=1, need__in=public, offer__in=public).order_by()
    rows = best.values_list("need__city", "offer__city").annotate(n=Count("*"))
    return {(need, offer): n for need, offer, n in rows}


def conference() -> dict[str, Any] | None:
    """The next conference anyone may know of, and how long it is until then."""
    found = showing.following(PUBLIC)
    return {"one": found, "left": showing.countdown(found)} if found is not None else None


def latest(actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """The newest needs and offers the actor may see, as cards."""
    return {
        side: [card(actor, listing) for listing in newest(actor, side, SHOWN)]
        for side in ("need", "offer")
    }
