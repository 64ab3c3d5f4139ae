"""One thing to ask of an address of the site."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Ask:
    """One thing to ask: the arguments of an address, a query, and what a POST sends.

    ``name`` tells several verbs of one address apart.
    """

    name: str = ""
    args: tuple[Any, ...] = ()
    query: str = ""
    sent: dict[str, Any] = field(default_factory=dict)


def ask(*args: Any, query: str = "", **sent: Any) -> list[Ask]:
    """The one thing to ask of an address."""
    return [Ask("", args, query, sent)]
