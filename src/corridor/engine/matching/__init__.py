"""Matching needs with offers: fit, match, explain, allocate, evaluate."""

from .allocate import Allocation, NoSolver, allocate
from .checks import Change, Check
from .explain import Explanation, change_text, explain, reasons
from .market import Found, Result, counterpart, results
from .matcher import Matcher
from .pair import Match, Pair
from .pool import Pool
from .relax import NearMiss, Nothing, Relaxation, why_nothing
from .retrieval import RankingQuality, TextSearch, ranking_quality
from .score import PARTS

__all__ = [
    "PARTS",
    "Allocation",
    "Change",
    "Check",
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
    "change_text",
    "counterpart",
    "explain",
    "ranking_quality",
    "reasons",
    "results",
    "why_nothing",
]
