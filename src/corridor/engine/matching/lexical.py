"""BM25 over character tokens, in segments, so that adding and removing rebuilds nothing.

Statistics (document frequency, lengths) are kept exactly and weights are worked out at query time,
so an index that grew by additions and removals scores exactly as one built afresh.

Source: Robertson & Zaragoza, The Probabilistic Relevance Framework (2009), k1=1.2, b=0.75, with
idf = ln(1 + (N - df + .5)/(df + .5)), which is never negative.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import kernels
from .tokens import Ints, count, tokenise

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Query:
    """A text as distinct tokens in ascending order with their counts."""

    tokens: Ints
    counts: Floats

    @classmethod
    def of(cls, text: str) -> "Query":
        """The query a text makes."""
        tokens, counts = count(text)
        return cls(tokens, counts.astype(np.float64))


@dataclass(frozen=True, slots=True)
class Segment:
    """Postings of some rows: for ``terms[i]``, rows and counts in ``starts[i]:starts[i+1]``."""

    terms: Ints
    starts: Ints
    rows: NDArray[np.int32]
    counts: NDArray[np.int32]

    @classmethod
    def of(cls, rows: Ints, tokens: Ints, counts: Ints) -> "Segment":
        """From (row, token, count) triples in any order; a pair occurs once."""
        order = np.lexsort((rows, tokens))
        rows, tokens, counts = rows[order], tokens[order], counts[order]
        terms, first = np.unique(tokens, return_index=True)
        starts = np.append(first, len(tokens)).astype(np.int64)
        return cls(terms, starts, rows.astype(np.int32), counts.astype(np.int32))

    def triples(self) -> tuple[Ints, Ints, Ints]:
        """The (row, token, count) triples again."""
        tokens = np.repeat(self.terms, np.diff(self.starts))
        return self.rows.astype(np.int64), tokens, self.counts.astype(np.int64)

    def find(self, tokens: Ints) -> tuple[Ints, Ints]:
        """Start and end of each token's postings; equal where the token does not occur."""
        if not len(self.terms):
            nothing = np.zeros(len(tokens), dtype=np.int64)
            return nothing, nothing
        at = np.minimum(np.searchsorted(self.terms, tokens), len(self.terms) - 1)
        there = self.terms[at] == tokens
        return np.where(there, self.starts[at], 0), np.where(there, self.starts[at + 1], 0)


class LexicalIndex:
    """BM25 postings of rows numbered 0, 1, 2 …; a removed row keeps its number and scores zero.

    Attributes:
        version: grows with every change, for those who keep something derived.
    """

    def __init__(self) -> None:
        self._segments: list[Segment] = []
        self._sizes: list[int] = []
        self._lengths = np.zeros(0, dtype=np.int64)
        self._alive = np.zeros(0, dtype=np.bool_)
        self._gone: Counter[int] = Counter()
        self.version = 0

    def __len__(self) -> int:
        return len(self._lengths)

    def add(self, texts: Sequence[str]) -> None:
        """Append rows. Amortised cost per row is logarithmic in the number of rows."""
        base = len(self)
        owner, tokens = tokenise(texts)
        rows, tokens, counts = _tally(owner + base, tokens)
        lengths = np.bincount(owner, minlength=len(texts)).astype(np.int64)
        self._lengths = np.concatenate([self._lengths, lengths])
        self._alive = np.concatenate([self._alive, np.ones(len(texts), dtype=np.bool_)])
        self._segments.append(Segment.of(rows, tokens, counts))
        self._sizes.append(len(texts))
        self._merge()
        self.version += 1

    def _merge(self) -> None:
        """Join the last two segments while the last has grown to half the one before it."""
        while len(self._sizes) > 1 and self._sizes[-1] * 2 >= self._sizes[-2] < _LARGE:
            last, before = self._segments.pop(), self._segments.pop()
            pairs = zip(before.triples(), last.triples(), strict=True)
            rows, tokens, counts = (np.concatenate(pair) for pair in pairs)
            self._segments.append(Segment.of(rows, tokens, counts))
            self._sizes[-2:] = [self._sizes[-2] + self._sizes[-1]]

    def remove(self, row: int, text: str) -> None:
        """Forget a row; ``text`` is what it was added with."""
        self._alive[row] = False
        self._gone.update(Query.of(text).tokens.tolist())
        self.version += 1

    def idf(self, tokens: Ints) -> Floats:
        """Inverse document frequency of each token among the rows still there."""
        frequency = np.zeros(len(tokens), dtype=np.int64)
        for segment in self._segments:
            start, end = segment.find(tokens)
            frequency += end - start
        if self._gone:
            frequency -= np.array([self._gone[t] for t in tokens.tolist()], dtype=np.int64)
        return kernels.idf(frequency, int(self._alive.sum()))

    def _mean_length(self) -> float:
        total = int(self._lengths[self._alive].sum())
        return total / int(self._alive.sum()) if total else 1.0

    def score(self, query: Query) -> Floats:
        """BM25 of every row for the query; ``shape (rows,)``; removed rows score 0."""
        out = np.zeros(len(self))
        idf, mean = self.idf(query.tokens), self._mean_length()
        for s in self._segments:
            start, end = s.find(query.tokens)
            kernels.score(start, end, s.rows, s.counts, idf, query.counts, self._lengths, mean, out)
        return np.where(self._alive, out, 0.0)

    def weights(self, document: Query) -> Floats:
        """What each token of a document is worth to a query that holds it once."""
        length = int(document.counts.sum())
        return kernels.weights(
            self.idf(document.tokens), document.counts, length, self._mean_length()
        )

    def pair(self, query: Query, document: Query) -> float:
        """The score of one document for one query, as if the document were a row here."""
        shared, at, there = np.intersect1d(query.tokens, document.tokens, return_indices=True)
        worth = self.weights(document)[there]
        return kernels.total(worth, query.counts[at]) if len(shared) else 0.0

    def dot(self, query: Query, weights: Floats) -> Floats:
        """For every row, the sum over its tokens of count × the weight given for the token."""
        out = np.zeros(len(self))
        for s in self._segments:
            start, end = s.find(query.tokens)
            kernels.dot(start, end, s.rows, s.counts, weights, out)
        return np.where(self._alive, out, 0.0)

    def best_possible(self, of: "LexicalIndex") -> Floats:
        """For every row of ``of``, used as a query here: the score no document can exceed."""
        out = np.zeros(len(of))
        for s in of._segments:
            idf = self.idf(s.terms)
            kernels.dot(s.starts[:-1], s.starts[1:], s.rows, s.counts, idf, out)
        return out * kernels.TOP

    def best_for(self, query: Query) -> float:
        """The score no document can exceed for this query."""
        return kernels.total(self.idf(query.tokens), query.counts) * kernels.TOP


def head(score: Floats, rows: Ints, top: int) -> Ints:
    """The rows that can be among the ``top`` best: those, and all that tie with the last."""
    if top <= 0:
        return rows[:0]
    if top >= len(rows):
        return rows
    edge = np.partition(score[rows], len(rows) - top)[len(rows) - top]
    return np.asarray(rows[score[rows] >= edge])


_LARGE = 1 << 15  # segments of this many rows are left alone


def _tally(rows: Ints, tokens: Ints) -> tuple[Ints, Ints, Ints]:
    """Count equal (row, token) pairs."""
    if not len(rows):
        return rows, tokens, rows
    order = np.lexsort((tokens, rows))
    rows, tokens = rows[order], tokens[order]
    new = np.append(True, (rows[1:] != rows[:-1]) | (tokens[1:] != tokens[:-1]))
    first = np.flatnonzero(new)
    return rows[first], tokens[first], np.diff(np.append(first, len(rows)))
