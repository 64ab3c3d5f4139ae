"""The peer: bm25s, a maintained BM25 library, as someone would deploy it."""

import re

import bm25s
import rjieba

_TOKEN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")


def words(text: str) -> list[str]:
    """Words by rjieba's search mode, the usual choice for Chinese."""
    return [w for w in rjieba.cut_for_search(text.lower()) if _TOKEN.match(w)]


class Peer:
    """bm25s with its default Lucene BM25 over segmented words."""

    def __init__(self, texts: list[str]) -> None:
        self._size = len(texts)
        self._model = bm25s.BM25()
        self._model.index([words(text) for text in texts], show_progress=False)

    def search(self, queries: list[str], top: int) -> list[list[int]]:
        """Positions of the best documents for each query."""
        tokens = [words(query) for query in queries]
        found, _ = self._model.retrieve(tokens, k=min(top, self._size), show_progress=False)
        return [[int(i) for i in row] for row in found]
