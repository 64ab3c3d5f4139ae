"""What was worked out already, kept until anything changes.

Every change is a verb, and every verb leaves an entry in the audit: its last entry is the version
of all data, whichever process made it. What is kept is kept under that, so nothing has to be said
to be out of date.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from . import audit
from .middleware import actor_of

T = TypeVar("T")
SECONDS = 600
_NONE = object()


class Kept:
    """Answers from what was worked out since the last change, of which there may be one a page."""

    def __init__(self) -> None:
        self.version = audit.head()

    def of(self, key: object, make: Callable[[], T]) -> T:
        """What ``make`` makes, which nothing may change but ``key``, by its ``repr``, and a verb."""
        name = sha256(repr((self.version, key)).encode()).hexdigest()
        found: Any = cache.get(name, _NONE)
        if found is _NONE:
            found = make()
            cache.set(name, found, SECONDS)
        return found  # type: ignore[no-any-return]

    def for_page(self, request: HttpRequest, make: Callable[[], T], *more: object) -> T:
        """A part of a page that depends on who asks, the address, the day, the language and what is
        said besides: on nothing else of the session, so it holds no form that changes anything, and
        on nothing that a job derives without an entry in the audit, such as matches."""
        asked = (actor_of(request), request.get_full_path(), timezone.localdate(), get_language())
        return self.of((*asked, *more), make)

    def rows(self, asked: "QuerySet[Any, Any]") -> list[Any]:
        """Plain rows; their SQL says who asks and what day it is."""
        try:
            sql = asked.query.sql_with_params()
        except EmptyResultSet:  # what is asked for can never be
            return []
        return self.of(sql, lambda: list(asked))
