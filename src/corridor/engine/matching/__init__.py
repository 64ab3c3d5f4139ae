"""Matching needs with offers: fit, match, explain, allocate, evaluate.

What says something of a pair is imported at once; what finds pairs needs numpy and numba, and is
imported when it is first asked for, so that a process that only shows results stays small.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from .check import Change, Check, changes, checks, closed, smallest_change
from .explain import Explanation, change_text, explain
from .market import Found, Result, counterpart, results
from .nothing import NearMiss, Nothing, Relaxation
from .pair import Evidence, Match, Pair, standing
from .parts import PARTS
from .places import Distance, anywhere

if TYPE_CHECKING:
    from .allocation import Allocation, NoSolver, allocate
    from .best import Best
    from .matcher import Matcher
    from .pool import Pool
    from .retrieval import RankingQuality, TextSearch, ranking_quality
else:
    _MODULES = {
        "Allocation": "allocation",
        "Best": "best",
        "Matcher": "matcher",
        "NoSolver": "allocation",
        "Pool": "pool",
        "RankingQuality": "retrieval",
        "TextSearch": "retrieval",
        "allocate": "allocation",
        "ranking_quality": "retrieval",
    }

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        globals()[name] = found
        return found


__all__ = [
    "PARTS",
    "Allocation",
    "Best",
    "Change",
    "Check",
    "Distance",
    "Evidence",
    "Explanation",
    "Found",
    "Match",
    "Matcher",
    "NearMiss",
    "NoSolver",
    "Nothing",
    "Pair",
    "Pool",
    "RankingQuality",
    "Relaxation",
    "Result",
    "TextSearch",
    "allocate",
    "anywhere",
    "change_text",
    "changes",
    "checks",
    "closed",
    "counterpart",
    "explain",
    "ranking_quality",
    "results",
    "smallest_change",
    "standing",
]
