"""Counts of the whole list, and the ids of its pages, kept until anything changes.

Every change is a verb, and every verb leaves an entry in the audit: its last entry is the version
of all data, whichever process made it. A count is kept under that and its own SQL, which says who
asks and what day it is.
"""

from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from ..core import audit

SECONDS = 600


class Counting:
    """Answers what is asked of the whole list for one page."""

    def __init__(self) -> None:
        self.version = audit.head()

    def rows(self, asked: "QuerySet[Any, Any]") -> list[Any]:
        """Plain rows, from the cache where they have been asked for since the last change."""
        try:
            sql, params = asked.query.sql_with_params()
        except EmptyResultSet:  # what is asked for can never be
            return []
        key = sha256(repr((self.version, sql, params)).encode()).hexdigest()
        found: list[Any] | None = cache.get(key)
        if found is None:
            found = list(asked)
            cache.set(key, found, SECONDS)
        return found
