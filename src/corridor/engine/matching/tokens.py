"""Characters and character pairs of a text, as sorted integer tokens.

Unigrams and bigrams of every run of letters, digits and ideographs, Latin included: on the real
sets in ``docs/matching.md`` this beat word segmentation and beat keeping Latin words whole.
Full width folds to half width and case is ignored, one character to one character.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_BITS = 21  # a code point fits in 21 bits, so a pair fits in 42


@cache
def _folding() -> NDArray[np.int64]:
    """For each code point of the basic plane: its folded form, or 0 where a run ends."""
    table = np.zeros(0x10000, dtype=np.int64)
    for point in range(0x10000):
        folded = unicodedata.normalize("NFKC", chr(point)).lower()
        if len(folded) == 1 and folded.isalnum():
            table[point] = ord(folded)
    return table


def _fold(points: NDArray[np.uint32]) -> Ints:
    basic = points < 0x10000
    folded = _folding()[np.where(basic, points, 0)]
    rare_ideograph = (points >= 0x20000) & (points < 0x32000)
    return np.where(basic, folded, np.where(rare_ideograph, points, 0)).astype(np.int64)


def tokenise(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """All tokens of all texts, in reading order.

    Returns:
        ``(text_index, token)``, two arrays of the same length; unigrams first, then bigrams.
    """
    blob = "\0".join(texts) + "\0"
    points = np.frombuffer(blob.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    index = np.repeat(np.arange(len(texts)), [len(t) + 1 for t in texts])
    folded = _fold(points)
    single = folded > 0
    pair = single[:-1] & single[1:]
    tokens = [folded[single], (folded[:-1][pair] << _BITS) | folded[1:][pair]]
    return np.concatenate([index[single], index[:-1][pair]]), np.concatenate(tokens)


def count(text: str) -> tuple[Ints, Ints]:
    """The distinct tokens of one text in ascending order, and how often each occurs."""
    _, tokens = tokenise([text])
    distinct, counts = np.unique(tokens, return_counts=True)
    return distinct, counts.astype(np.int64)
