"""The telling words two texts share."""

from collections.abc import Callable

import numpy as np

from .lexical import Floats
from .tokens import Ints, tokenise

Rarity = Callable[[Ints], Floats]
TELLING = 0.45
_FUNCTION_WORDS = str.maketrans(
    dict.fromkeys("的了是和与及在对为等其或并将被把从而之也都很更最不有以可能由于到向", "\0")
)


def shared_words(need: str, offer: str, rarity: Rarity, most: int = 3) -> list[str]:
    """The longest runs of the need's characters that the offer holds too, most telling first.

    A run is worth the sum of its pairs' idf; a run whose pairs are on average commoner than
    ``TELLING`` of the rarest possible says nothing and is left out. Runs stop at 12 characters and
    at function words.
    Equal worth: the earlier run first.
    """
    runs = _runs(need, offer)
    if not runs:
        return []
    index, tokens = tokenise(runs)
    pairs = tokens >= 1 << 21
    *rare, rarest = rarity(np.append(tokens[pairs], -1)).tolist()  # no text holds the token -1
    worth = np.bincount(index[pairs], weights=rare, minlength=len(runs))
    telling = [i for i, run in enumerate(runs) if worth[i] > TELLING * rarest * (len(run) - 1)]
    chosen: list[str] = []
    for i in sorted(telling, key=lambda i: (-worth[i], i)):
        if not any(runs[i] in kept or kept in runs[i] for kept in chosen):
            chosen.append(runs[i])
    return chosen[:most]


def _lower(text: str) -> str:
    """Lower case, one character to one: "İ" would become two."""
    low = text.lower()
    return (
        low
        if len(low) == len(text)
        else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    )


def _runs(need: str, offer: str) -> list[str]:
    """Maximal runs of letters, digits and ideographs of ``need`` that occur in ``offer``."""
    there = _lower(offer)
    folded = _lower(need).translate(_FUNCTION_WORDS)
    runs: dict[str, None] = {}
    at = 0
    while at < len(folded) - 1:
        end = at + 2
        run = folded[at:end]
        if run not in there or not run.isalnum():
            at += 1
            continue
        while end < len(folded) and end - at < 12 and folded[end].isalnum():
            run += folded[end]
            if run not in there:
                break
            end += 1
        runs.setdefault(need[at:end])
        at = end
    return list(runs)
