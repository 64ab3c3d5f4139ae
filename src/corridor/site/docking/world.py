"""The listings of a kind as a matching run takes them, and which lists it has to make."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet

from corridor.engine import factors
from corridor.engine.factors import Side
from corridor.engine.matching import counterpart

from ..core.region import corridor
from ..listings.models import Anonymity, Listing, ListingNamed
from .models import Match, Matched, NearMiss, Unsuitable

if TYPE_CHECKING:
    from corridor.engine.matching import Match as Found
    from corridor.engine.matching import Matcher
    from corridor.engine.matching import NearMiss as Missed

TOP, MISSES = 10, 3

#: What a listing's list holds: the counterparts' ids, and for matches the scores.
Held = dict[int, dict[int, float]]


def taking_part(kind: str, today: date) -> QuerySet[Listing]:
    """The listings of a kind that are matched: published, and still open to approaches."""
    here: QuerySet[Listing] = (
        Listing.objects.published().filter(kind=kind).exclude(deadline__lt=today)
    )
    return here


def anything_new(kind: str, today: date) -> bool:
    """Whether a listing came, changed or left since the last run."""
    here = taking_part(kind, today)
    known = Matched.objects.filter(listing__kind=kind, stamp__isnull=False)
    changed = here.exclude(matched__stamp=F("changed_at"))
    return bool(changed.exists() or known.exclude(listing__in=here).exists())


@dataclass(frozen=True, slots=True)
class Entry:
    """What a run must know of a listing besides what the matcher takes.

    ``named`` are the parties it is shown to; ``None`` where it is shown to all.
    """

    pk: int
    party: int
    stamp: datetime
    named: frozenset[int] | None


class World:
    """The listings of a kind now, and what the last run did not know of them.

    Attributes:
        entries: by reference, which is the matcher's id.
        changed: references of new and changed listings.
        gone: ids of those that left.
    """

    def __init__(self, kind: str, today: date) -> None:
        self.kind, self.today = kind, today
        self.listings: dict[str, factors.Listing] = {}
        self.entries: dict[str, Entry] = {}
        named = _named(kind)
        rows = taking_part(kind, today).defer("contact_name", "contact_phone").order_by("pk")
        for row in rows.iterator(1000):
            limited = row.anonymity == Anonymity.NAMED
            shown = frozenset(named.get(row.pk, ())) if limited else None
            self.entries[row.ref] = Entry(row.pk, row.party_id, row.changed_at, shown)
            self.listings[row.ref] = row.as_engine
        aside = Unsuitable.objects.filter(listing__kind=kind)
        self._aside = set(aside.values_list("listing", "other"))
        known = Matched.objects.filter(listing__kind=kind, stamp__isnull=False)
        stamps = dict(known.values_list("listing", "stamp"))
        self.changed = {ref for ref, e in self.entries.items() if stamps.get(e.pk) != e.stamp}
        self.gone = stamps.keys() - {entry.pk for entry in self.entries.values()}

    def shows(self, listing: factors.Listing, pair: "Found | Missed") -> bool:
        """Whether the counterpart in ``pair`` may stand in the list of ``listing``."""
        return self._may_hold(listing.id, counterpart(listing, pair).id)

    def _may_hold(self, listing: str, other: str) -> bool:
        """Whether ``other`` is shown to the party of ``listing``, which has not set it aside."""
        mine, theirs = self.entries[listing], self.entries[other]
        visible = theirs.named is None or mine.party in theirs.named
        return visible and (mine.pk, theirs.pk) not in self._aside

    def matcher(self) -> "Matcher":
        """A matcher with all these listings in it. Imports the numeric engine."""
        from corridor.engine.matching import Matcher

        sides: dict[Side, list[factors.Listing]] = {side: [] for side in Side}
        for listing in self.listings.values():
            sides[listing.side].append(listing)
        made = Matcher(today=self.today, distance=corridor().distance_km)
        return made.fit(sides[Side.OFFER], sides[Side.NEED])

    def touched(self, matcher: "Matcher") -> list[factors.Listing]:
        """The listings whose lists the changes may alter: needs first, then offers, each by id."""
        tops, near = _held(Match, self.kind), _held(NearMiss, self.kind)
        moved = {self.entries[ref].pk for ref in self.changed} | self.gone
        found = set(self.changed)
        for ref, entry in self.entries.items():
            held = tops.get(entry.pk, {}).keys() | near.get(entry.pk, {}).keys()
            if held & moved or any((entry.pk, other) in self._aside for other in held):
                found.add(ref)
        for ref in self.changed:
            found |= self._reached(ref, matcher, tops, near)
        return sorted((self.listings[ref] for ref in found), key=_needs_first)

    def _reached(self, ref: str, matcher: "Matcher", tops: Held, near: Held) -> set[str]:
        """Those whose list a changed listing enters, or may: theirs is short or ends below it."""
        changed = self.listings[ref]
        scores = matcher.scores(changed)
        found = set()
        for other, listing in self.listings.items():
            if listing.side is changed.side or not self._may_hold(other, ref):
                continue
            pk = self.entries[other].pk
            held, score = tops.get(pk, {}), scores.get(other)
            if score is None and len(near.get(pk, {})) < MISSES:
                found.add(other)
            if score is not None and (len(held) < TOP or score >= min(held.values())):
                found.add(other)
        return found


def _needs_first(listing: factors.Listing) -> tuple[bool, str]:
    return listing.side is Side.OFFER, listing.id


def _named(kind: str) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    rows = ListingNamed.objects.filter(listing__kind=kind).values_list("listing", "party")
    for listing, party in rows:
        found.setdefault(listing, set()).add(party)
    return found


def _held(model: type[Match | NearMiss], kind: str) -> Held:
    """What each list holds now; near misses have no score."""
    found: Held = {}
    score = "score" if model is Match else "id"
    rows = model.objects.filter(need__kind=kind)
    for need, offer, value, in_need, in_offer in rows.values_list(
        "need", "offer", score, "rank_need", "rank_offer"
    ).iterator(5000):
        if in_need is not None:
            found.setdefault(need, {})[offer] = value
        if in_offer is not None:
            found.setdefault(offer, {})[need] = value
    return found
