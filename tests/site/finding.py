"""Listings that can be found, and finding them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cast import listing
from django.db import transaction
from hypothesis import HealthCheck, settings

from corridor.site.core.actor import Actor
from corridor.site.core.kept import Kept
from corridor.site.listings import search
from corridor.site.listings.filters import Filters
from corridor.site.listings.models import Listing
from corridor.site.listings.queries import search as find

in_one_transaction = settings(
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def indexed(of: Actor, **given: Any) -> Listing:
    made = listing(of, **given)
    search.index(made)
    return made


def found(actor: Actor, **asked: Any) -> list[str]:
    """Titles on all pages, in their order."""
    return [one.title for one in everything(actor, Filters(**asked))]


def everything(actor: Actor, filters: Filters) -> list[Listing]:
    rows: list[Listing] = []
    for number in itertools.count(1):
        page = find(actor, filters, Kept(), number).page
        rows += page.object_list
        if not page.has_next():
            return rows
    raise AssertionError


@contextmanager
def undone() -> Iterator[None]:
    """A block after which the database is as before."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
