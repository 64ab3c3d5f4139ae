"""Plain text search over the same index the matcher uses, and how well it ranks.

This is what ``corridor evaluate`` measures: the text part alone, on anybody's labelled set.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .lexical import LexicalIndex, Query, head

Judgements = Mapping[str, Mapping[str, float]]


class TextSearch:
    """Ranks documents for a query by the matcher's text score."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._rank = np.zeros(0, dtype=np.int64)
        self._index = LexicalIndex()

    def fit(self, documents: Iterable[tuple[str, str]]) -> "TextSearch":
        """Take (id, text) pairs. Raises ``ValueError`` for an id that comes twice."""
        pairs = list(documents)
        self._ids = [i for i, _ in pairs]
        if len(set(self._ids)) != len(self._ids):
            raise ValueError("an id comes twice")
        by_id = sorted(range(len(pairs)), key=lambda row: self._ids[row])
        self._rank = np.empty(len(pairs), dtype=np.int64)
        self._rank[by_id] = np.arange(len(pairs))
        self._index = LexicalIndex()
        if pairs:
            self._index.add([text for _, text in pairs])
        return self

    def search(self, text: str, top: int = 10) -> list[tuple[str, float]]:
        """The best documents as (id, BM25), best first; equal scores by id; zero is not returned."""
        score = self._index.score(Query.of(text))
        rows = head(score, np.flatnonzero(score > 0), top)
        order = rows[np.lexsort((self._rank[rows], -score[rows]))][: max(top, 0)]
        return [(self._ids[row], float(score[row])) for row in order.tolist()]


@dataclass(frozen=True, slots=True)
class RankingQuality:
    """Means over the queries that have at least one relevant judgement.

    Attributes:
        ndcg: nDCG@k with gain 2^grade - 1 and discount 1/log2(rank + 1) (Burges et al. 2005).
        recall: share of the relevant documents (grade > 0) among the first k.
        mrr: reciprocal rank of the first relevant document, 0 when it is not in ``depth``.
        queries: how many queries the means are over.
        skipped: queries left out because nothing is judged relevant for them.
        k, depth: cut-offs used.
    """

    ndcg: float
    recall: float
    mrr: float
    queries: int
    skipped: int
    k: int
    depth: int


def ranking_quality(
    runs: Mapping[str, Sequence[str]], judgements: Judgements, *, k: int = 10, depth: int = 100
) -> RankingQuality:
    """Measure ranked lists against graded judgements.

    Args:
        runs: query id → document ids, best first. A query without a run counts as zero.
        judgements: query id → document id → grade; an unjudged document has grade 0.
    """
    rows = [
        _one(runs.get(query, ()), grades, k, depth)
        for query, grades in sorted(judgements.items())
        if any(grade > 0 for grade in grades.values())
    ]
    skipped = len(judgements) - len(rows)
    ndcg, recall, mrr = np.array(rows).mean(axis=0).tolist() if rows else (math.nan,) * 3
    return RankingQuality(ndcg, recall, mrr, len(rows), skipped, k, depth)


def _one(
    ranked: Sequence[str], grades: Mapping[str, float], k: int, depth: int
) -> tuple[float, float, float]:
    relevant = {d for d, grade in grades.items() if grade > 0}
    gained = _dcg([grades.get(d, 0.0) for d in ranked[:k]])
    ideal = _dcg(sorted(grades.values(), reverse=True)[:k])
    recall = len(relevant.intersection(ranked[:k])) / len(relevant)
    first = next((r for r, d in enumerate(ranked[:depth], 1) if d in relevant), 0)
    return gained / ideal, recall, 1.0 / first if first else 0.0


def _dcg(grades: Sequence[float]) -> float:
    return math.fsum((2.0**g - 1.0) / math.log2(r + 1) for r, g in enumerate(grades, 1))
