"""Kinds of jobs declared by a test, and what their jobs leave behind."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.utils import timezone

from corridor.site.core.models import RateBucket

Declare = Callable[..., frozenset[str]]


def mark(name: str = "x") -> None:
    """Something a job writes, to be counted."""
    RateBucket.objects.create(key=f"{name}-{time.monotonic_ns()}", opened_at=timezone.now())


def marks() -> int:
    return RateBucket.objects.count()
