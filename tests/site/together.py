"""Things that happen at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import connection, connections


def at_once(*calls: Callable[[], object], locks: bool = True) -> list[Any]:
    """What each gave or raised, all begun together, each in a thread with its own connection.

    Without ``locks`` SQLite begins its transactions as Django does by default.
    """
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            if connection.vendor == "sqlite" and not locks:
                connection.ensure_connection()
                connection.transaction_mode = None  # type: ignore[attr-defined]
            start.wait()
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def race(count: int, do: Callable[[int], object]) -> None:
    """The same done by several at once, each by its number; none of them may fail."""
    got = at_once(*(partial(do, number) for number in range(count)))
    assert [one for one in got if isinstance(one, Exception)] == []
