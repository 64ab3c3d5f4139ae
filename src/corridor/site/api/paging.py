"""Pages of lists: ``?page=2&size=50``."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from django.db.models import QuerySet
from ninja import Field, Query, Schema

from . import shapes

T = TypeVar("T")
MOST = 100


class PageIn(Schema):
    """Which page, and how many on each."""

    page: int = Field(default=1, ge=1, le=100_000)
    size: int = Field(default=20, ge=1, le=MOST)


At = Annotated[PageIn, Query()]


def paged(found: QuerySet[Any], at: PageIn, record: Callable[[Any], T]) -> shapes.Page[T]:
    """The page of ``found``; one beyond the last is empty. One row more says whether there is a next.

    How many there are in all is not counted: that takes longer than the page.
    """
    return page_of(list(found[span(at)]), at, record)


def span(at: PageIn) -> slice:
    """The rows of a page, and one more."""
    start = (at.page - 1) * at.size
    return slice(start, start + at.size + 1)


def page_of(rows: Sequence[Any], at: PageIn, record: Callable[[Any], T]) -> shapes.Page[T]:
    """A page of the rows in its span."""
    return {
        "page": at.page,
        "size": at.size,
        "next": at.page + 1 if len(rows) > at.size else None,
        "items": [record(one) for one in rows[: at.size]],
    }
