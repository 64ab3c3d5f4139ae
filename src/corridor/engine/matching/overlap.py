"""The telling words two texts share."""

import re
from collections.abc import Callable
from functools import cache

import numpy as np

from ..factors import PLACES, written_forms
from .lexical import Floats
from .tokens import Ints, tokenise

Rarity = Callable[[Ints], Floats]


def shared_words(need: str, offer: str, rarity: Rarity, most: int = 3) -> list[str]:
    """The longest runs of the need's characters that the offer holds too, most telling first.

    A run is worth the sum of its pairs' idf; runs of a single pair of common characters (idf under
    one quarter of the rarest possible) say nothing and are left out. Runs stop at 12 characters.
    Amounts and names of places are left out too: limits speak of those. Equal worth: the earlier
    run first.
    """
    runs = _runs(need, offer)
    if not runs:
        return []
    index, tokens = tokenise(runs)
    pairs = tokens >= 1 << 21
    worth = np.bincount(index[pairs], weights=rarity(tokens[pairs]), minlength=len(runs))
    floor = float(rarity(np.array([-1], dtype=np.int64))[0]) / 4
    telling = [i for i, run in enumerate(runs) if worth[i] > floor and run not in PLACES.words()]
    chosen: list[str] = []
    for i in sorted(telling, key=lambda i: (-worth[i], i)):
        if not any(runs[i] in kept or kept in runs[i] for kept in chosen):
            chosen.append(runs[i])
    return chosen[:most]


@cache
def _amounts() -> re.Pattern[str]:
    """A number that is no part of a name like 5G or GB150, with its unit."""
    units = "|".join(re.escape(form) for form in written_forms())
    return re.compile(rf"(?<![A-Za-z0-9])[0-9][0-9.,]*(?![A-Za-z0-9])[千万亿]*(?:{units})?")


def _runs(need: str, offer: str) -> list[str]:
    """Maximal runs of letters, digits and ideographs of ``need`` that occur in ``offer``."""
    need, there = _amounts().sub(lambda found: "\0" * len(found[0]), need), offer.lower()
    folded = need.lower()
    pairs = {there[i : i + 2] for i in range(len(there) - 1)}
    runs: dict[str, None] = {}
    at = 0
    while at < len(folded) - 1:
        end = at + 2
        if folded[at:end] not in pairs or not folded[at:end].isalnum():
            at += 1
            continue
        while (
            end < len(folded)
            and end - at < 12
            and folded[end].isalnum()
            and folded[at : end + 1] in there
        ):
            end += 1
        runs.setdefault(need[at:end])
        at = end
    return list(runs)
