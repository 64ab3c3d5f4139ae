"""Things that happen at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
