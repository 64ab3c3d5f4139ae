"""The lists of matches as the database holds them, and what changes them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cast import HEFEI, party
from django.utils import timezone

from corridor.demo import world as demo_world
from corridor.site.docking.models import Match, NearMiss
from corridor.site.listings.models import Listing, State
from corridor.site.listings.values import stored

KIND = "technology"
Row = tuple[str, str, int | None, int | None, float]


def furnish(count: int = 240) -> list[Listing]:
    """The technology of a small demo world, published, one party for each that the world has."""
    made = demo_world(listings=count, today=timezone.localdate())
    drawn = [one for one in [*made.needs, *made.offers] if one.kind == KIND]
    parties = {
        name: party(f"主体{name}", "enterprise", HEFEI, 100 + at).pk
        for at, name in enumerate(sorted({one.party for one in drawn}))
    }
    now = timezone.now()
    return Listing.objects.bulk_create(
        Listing(
            ref=one.id,
            party_id=parties[one.party],
            side=str(one.side),
            kind=one.kind,
            title=one.title,
            text=one.text,
            city=one.city,
            values=stored(one.values),
            must=sorted(one.must),
            flexible=sorted(one.flexible),
            capacity=one.capacity,
            state=State.PUBLISHED,
            published_at=now - timedelta(days=at % 40),
            expires_on=timezone.localdate() + timedelta(days=90),
            changed_at=now,
        )
        for at, one in enumerate(drawn)
    )


def rows() -> list[Row]:
    """All matches, with their ranks and scores."""
    fields = ("need__ref", "offer__ref", "rank_need", "rank_offer", "score")
    return list(Match.objects.order_by("need__ref", "offer__ref").values_list(*fields))


def misses() -> list[tuple[Any, ...]]:
    fields = ("need__ref", "offer__ref", "rank_need", "rank_offer")
    return list(NearMiss.objects.order_by("need__ref", "offer__ref").values_list(*fields))


def held(one: Listing) -> dict[str, float]:
    """What the list of a listing holds, best first."""
    other = "offer" if one.side == "need" else "need"
    mine = Match.objects.filter(**{one.side: one, f"rank_{one.side}__gte": 1})
    return dict(mine.order_by(f"rank_{one.side}").values_list(f"{other}__ref", "score"))


def change(one: Listing, **to: Any) -> None:
    """What a verb of the listing would leave behind."""
    Listing.objects.filter(pk=one.pk).update(**to, changed_at=timezone.now())


class Counted:
    """How many lists a run makes; stops it before the one numbered ``at``."""

    def __init__(self, at: int = 10**9) -> None:
        self.at, self.done, self.told = at, 0, []

    def __call__(self, done: int, total: int, message: str) -> None:
        self.told.append((done, total, message))
        if len(self.told) > self.at:
            raise KeyboardInterrupt
        self.done = done
