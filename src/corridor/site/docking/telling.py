"""Telling parties of new matches: at most one notice a party and day, however many there are."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from ..core.models import Party
from ..listings.models import State
from ..notices.actions import notify, to_party
from ..notices.models import Notice
from . import notices
from .models import Match, Unsuitable

#: A score of one half or more says that no hard ask is left unverified.
STRONG = 0.5


def tell_matches() -> int:
    """Tell each party that was not told within a day of its new strong matches; how many."""
    return sum(_tell(party) for party in _waiting())


def _new(side: str) -> QuerySet[Match]:
    """Strong matches in the lists of a side that its parties were not told of."""
    found: QuerySet[Match] = Match.objects.filter(
        score__gte=STRONG,
        verified=True,
        need__state=State.PUBLISHED,
        offer__state=State.PUBLISHED,
        **{f"rank_{side}__isnull": False, f"told_{side}": False},
    )
    return found


def _waiting() -> list[int]:
    yesterday = timezone.now() - timedelta(days=1)
    told = Notice.objects.filter(kind=notices.MATCHES.name, created_at__gt=yesterday)
    parties: set[int] = set()
    for side in ("need", "offer"):
        parties |= set(_new(side).values_list(f"{side}__party", flat=True).distinct())
    return sorted(parties - set(told.values_list("party", flat=True)))


def _tell(party: int) -> int:
    """One notice, and the matches count as told of; or neither. Holds the party meanwhile."""
    with transaction.atomic():
        Party.objects.select_for_update().get(pk=party)
        aside = set(Unsuitable.objects.filter(party=party).values_list("listing", "other"))
        found = []
        for side, other in (("need", "offer"), ("offer", "need")):
            mine = _new(side).filter(**{f"{side}__party": party})
            pairs = [
                (match.score, getattr(match, side), getattr(match, f"{other}_id"))
                for match in mine.select_related(side)
            ]
            found += [pair for pair in pairs if (pair[1].pk, pair[2]) not in aside]
            mine.update(**{f"told_{side}": True})
        if not found:
            return 0
        _score, best, _other = max(found, key=lambda pair: (pair[0], -pair[1].pk))
        params = {"title": best.title, "count": len(found)}
        url = reverse("docking:matches", args=[best.ref])
        notify(to_party(party), notices.MATCHES, best, url, params)
        return 1
