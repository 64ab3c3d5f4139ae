"""The telling words two texts share."""

from collections.abc import Callable

import numpy as np

from .lexical import Floats
from .tokens import Ints, tokenise

Rarity = Callable[[Ints], Floats]


def shared_words(need: str, offer: str, rarity: Rarity, most: int = 3) -> list[str]:
    """The longest runs of the need's characters that the offer holds too, most telling first.

    A run is worth the sum of its pairs' idf; runs of a single pair of common characters (idf under
    one quarter of the rarest possible) say nothing and are left out. Runs stop at 12 characters.
    Equal worth: the earlier run first.
    """
    runs = _runs(need, offer)
    if not runs:
        return []
    index, tokens = tokenise(runs)
    pairs = tokens >= 1 << 21
    worth = np.bincount(index[pairs], weights=rarity(tokens[pairs]), minlength=len(runs))
    floor = float(rarity(np.array([-1], dtype=np.int64))[0]) / 4
    ranked = sorted(range(len(runs)), key=lambda i: (-worth[i], i))
    chosen: list[str] = []
    for i in ranked:
        if worth[i] > floor and not any(runs[i] in kept or kept in runs[i] for kept in chosen):
            chosen.append(runs[i])
    return chosen[:most]


def _runs(need: str, offer: str) -> list[str]:
    """Maximal runs of letters, digits and ideographs of ``need`` that occur in ``offer``."""
    folded, there = need.lower(), offer.lower()
    runs: dict[str, None] = {}
    at = 0
    while at < len(folded) - 1:
        end = at
        while (
            end < len(folded)
            and end - at < 12
            and folded[end].isalnum()
            and (folded[at : end + 1] in there)
        ):
            end += 1
        if end - at >= 2:
            runs.setdefault(need[at:end])
        at = max(end, at + 1)
    return list(runs)
