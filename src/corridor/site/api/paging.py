"""Pages of lists: ``?page=2&size=50``."""

from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import QuerySet
from ninja import Field, Query, Schema

from .records import Record

T = TypeVar("T")
MOST = 100


class PageIn(Schema):
    """Which page, and how many on each."""

    page: int = Field(default=1, ge=1, le=100_000)
    size: int = Field(default=20, ge=1, le=MOST)


Page = Annotated[PageIn, Query()]


class Paged(Schema, Generic[T]):
    """One page of a list, and how many there are in all."""

    total: int
    page: int
    size: int
    items: list[T]


def page(found: QuerySet[Any], at: PageIn, record: Callable[[Any], Record]) -> Record:
    """The page of ``found``; a page beyond the last is empty."""
    start = (at.page - 1) * at.size
    items = [record(one) for one in found[start : start + at.size]]
    return {"total": found.count(), "page": at.page, "size": at.size, "items": items}
