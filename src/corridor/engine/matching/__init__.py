"""Matching needs with offers: fit, match, explain, allocate, evaluate."""

from .allocate import Allocation, allocate
from .checks import Change, Check
from .explain import Explanation, change_text, explain, reasons
from .matcher import Match, Matcher
from .relax import NearMiss, Nothing, Relaxation, why_nothing
from .score import PARTS

__all__ = [
    "PARTS",
    "Allocation",
    "Change",
    "Check",
    "Explanation",
    "Match",
    "Matcher",
    "NearMiss",
    "Nothing",
    "Relaxation",
    "allocate",
    "change_text",
    "explain",
    "reasons",
    "why_nothing",
]
