"""What may be found: listings by filters, with the choices beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone

from ..core.actor import Actor
from ..core.kept import Kept
from .cards import SHOWN
from .conditions import in_order, matching
from .facets import Cube, Facet, attributes, deadlines
from .filters import Filters
from .models import Listing

PAGE = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A page of listings, how many there are in all, and the facets by name."""

    page: "Page[Listing]"
    total: int
    facets: dict[str, Facet]


def search(actor: Actor, filters: Filters, kept: Kept, page: str | int = 1) -> Found:
    """What an actor finds; a page that makes no sense is the nearest one that does."""
    today = timezone.localdate()
    rows = matching(actor, filters, today).order_by(*in_order(filters))
    cube = Cube(actor, filters, today, kept)
    facets = [
        *cube.facets(),
        deadlines(actor, filters, today, kept),
        *attributes(actor, filters, today, kept),
    ]
    return Found(
        page=_page(rows, cube.total, page, kept),
        total=cube.total,
        facets={facet.name: facet for facet in facets},
    )


def read(
    rows: "QuerySet[Listing]", part: slice, kept: Kept, fields: Sequence[str] = SHOWN
) -> list[Listing]:
    """Some of the rows, in their order: chosen and sorted in an index alone, and read then."""
    chosen = kept.rows(rows.values_list("pk", flat=True)[part])
    found = Listing.objects.filter(pk__in=chosen).select_related("party").only(*fields)
    return sorted(found, key=lambda row: chosen.index(row.pk))


def _page(rows: "QuerySet[Listing]", total: int, number: str | int, kept: Kept) -> "Page[Listing]":
    paginator = Paginator(rows, PAGE)
    paginator.count = total  # known already
    page: Any = paginator.get_page(number)
    start = (page.number - 1) * PAGE
    page.object_list = read(rows, slice(start, start + PAGE), kept)
    return cast("Page[Listing]", page)


def listed(actor: Actor, filters: Filters, today: date) -> "QuerySet[Listing]":
    """The listings an actor finds, in the order asked for, as cards show them."""
    rows = matching(actor, filters, today).select_related("party").only(*SHOWN)
    return rows.order_by(*in_order(filters))


def newest(actor: Actor, side: str, count: int) -> list[Listing]:
    """The latest published of a side."""
    return list(listed(actor, Filters(side=side), timezone.localdate())[:count])
