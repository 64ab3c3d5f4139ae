"""What every verb does at its end: save, keep the version, tell people, have the market matched."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from ..core import jobs
from ..core.verbs import Act
from ..notices.actions import notify
from ..notices.kinds import NoticeKind
from . import search
from .content import of, record
from .models import Listing, ListingVersion, Review


def saved(it: Act[Listing]) -> None:
    """Write the row; matching goes by ``changed_at``."""
    it.thing.changed_at = timezone.now()
    it.thing.save()


def first_version(listing: Listing) -> None:
    """Keep what a listing said before its first change, if that was never kept."""
    if not ListingVersion.objects.filter(listing=listing).exists():
        ListingVersion.objects.create(
            listing=listing,
            number=listing.version,
            user_id=listing.author_id,
            content=record(of(listing)),
        )


def note_version(it: Act[Listing], *, fresh: bool = False) -> None:
    """Keep what the listing says now, as a version and for finding.

    While one person goes on changing what no reviewer has seen, that is one version; ``fresh``
    says that others have seen the last one.
    """
    listing, said = it.thing, record(of(it.thing))
    search.index(listing)
    last = ListingVersion.objects.filter(listing=listing).first()
    if last is not None and last.content == said:
        return
    if last is not None and not fresh and _unseen(last, it.actor.user):
        last.content = said
        last.save(update_fields=["content"])
        return
    number = last.number + 1 if last is not None else 1
    ListingVersion.objects.create(
        listing=listing, number=number, user_id=it.actor.user, content=said
    )
    if listing.version != number:
        listing.version = number
        listing.save(update_fields=["version"])


def _unseen(last: ListingVersion, user: int | None) -> bool:
    """Whether a version is this person's own, and no reviewer has decided on it."""
    decided = Review.objects.filter(listing=last.listing_id, version=last.number)
    return last.user_id == user and not decided.exists()


def market_changed(listing: Listing) -> None:
    """Have the kind matched anew. Part of the verb's transaction."""
    jobs.enqueue("docking.match", key=listing.kind)


def tell(it: Act[Listing], to: Q, kind: NoticeKind, url: str, **params: Any) -> None:
    """Tell people of the listing, but not whoever did it."""
    about = {"title": it.thing.title, "ref": it.thing.ref}
    notify(to, kind, it.thing, url, about | params, but=it.actor)


def edit_url(listing: Listing) -> str:
    """Where its party goes on with it."""
    return reverse("listings:edit", args=[listing.ref, 2])


def review_url(listing: Listing) -> str:
    """Where a reviewer decides on it."""
    return reverse("listings:review_one", args=[listing.ref])


def renew_url(listing: Listing) -> str:
    """Where its party renews it."""
    return reverse("listings:renew", args=[listing.ref])
