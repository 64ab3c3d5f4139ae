"""Filters as conditions on rows. Everything that is found or counted begins here."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When

from ..core.actor import Actor
from .filters import Filters
from .models import Listing, Stated
from .search import INDUSTRY, found_by, terms

Conditions = Iterator[tuple[str, Q]]


def matching(
    actor: Actor, filters: Filters, today: date, *, but: Collection[str] = ()
) -> "QuerySet[Listing]":
    """The published listings an actor may see that pass the filters, in no order.

    ``but`` names conditions to leave out: fields of :class:`Filters`, or attributes of its kind.
    """
    asked = [one for name, one in _conditions(filters, today) if name not in but]
    rows: QuerySet[Listing] = Listing.objects.visible_to(actor).published().order_by()
    return rows.filter(*asked)


def in_order(filters: Filters) -> list[Any]:
    """How a list is ordered: as asked, then newest first, then by number."""
    newest = [F("published_at").desc(), F("id").desc()]
    if filters.order == "deadline":
        return [F("deadline").asc(nulls_last=True), *newest]
    if filters.order == "relevance" and (asked := terms(filters.q)):
        titled = When(pk__in=found_by(asked, title=True), then=Value(0))
        return [Case(titled, default=Value(1)), *newest]
    return newest


def ends_within(today: date, days: int) -> Q:
    """Those whose deadline is at most so many days off. Passed ones are expired by the clock."""
    return Q(deadline__lte=today + timedelta(days=days))


def _conditions(filters: Filters, today: date) -> Conditions:
    if filters.kind:
        yield "kind", Q(kind=filters.kind)
    if filters.side:
        yield "side", Q(side=filters.side)
    if filters.cities:
        yield "cities", Q(city__in=filters.cities)
    if filters.within is not None:
        yield "within", ends_within(today, filters.within)
    if asked := terms(filters.q):
        yield "q", Q(pk__in=found_by(asked))
    if filters.industries:
        yield "industries", _stating(name=INDUSTRY, code__in=filters.industries)
    for name, codes in filters.codes:
        yield name, _stating(name=f"{filters.kind}.{name}", code__in=codes)
    for name, span in filters.numbers:
        overlap = {} if span.lo is None else {"hi__gte": float(span.lo)}
        overlap |= {} if span.hi is None else {"lo__lte": float(span.hi)}
        yield name, _stating(name=f"{filters.kind}.{name}", code="", **overlap)


def _stating(**what: object) -> Q:
    return Q(pk__in=Stated.objects.filter(**what).values("listing"))
