"""The best counterparts of one listing, and of all rows at once while they are asked one by one."""

import math
from dataclasses import dataclass

import numpy as np

from ..factors import Listing
from . import kernels
from .block import Block
from .columns import Floats
from .lexical import head
from .nothing import NearMiss
from .pair import Match
from .parts import PARTS
from .tokens import Ints


@dataclass(frozen=True, slots=True)
class Best:
    """What one listing finds.

    Attributes:
        matches: the pairs that pass, best first.
        misses: the nearest that do not: fewest limits broken, then the higher score, then the id.
    """

    listing: Listing
    matches: list[Match]
    misses: list[NearMiss]


def best_rows(worth: Floats, block: Block, top: int) -> list[int]:
    """The ``top`` rows worth most, equal worth by id; -inf is worth nothing."""
    rows = head(worth, np.flatnonzero(worth > -np.inf), top)
    order = sorted(rows.tolist(), key=lambda row: (-worth[row], block.at(row).id))
    return order[: max(top, 0)]


def match_of(need: Listing, offer: Listing, score: float, figures: Floats) -> Match:
    """A match from its score and its column of :attr:`.Weighed.figures`."""
    *parts, verified, limits = figures.tolist()
    known = {p: None if math.isnan(x) else x for p, x in zip(PARTS, parts, strict=True)}
    return Match(need, offer, score, known, bool(verified), int(limits))


class Kept:
    """For each row, the ``most`` askers worth most to it, when askers come in the order of ids."""

    def __init__(self, rows: int, most: int) -> None:
        self._worth: Floats = np.full((rows, most), -np.inf)
        self._asker: Ints = np.full((rows, most), -1, dtype=np.int64)
        self._figures: Floats = np.zeros((rows, most, len(PARTS) + 2))
        self._least: Ints = np.zeros(rows, dtype=np.int64)

    def enter(self, asker: int, worth: Floats, figures: Floats) -> None:
        """Let an asker in at every row where it is worth more than the least kept there.

        ``figures`` holds what is kept of it beside, a column a row.
        """
        if self._worth.size:
            slots = kernels.enter(asker, worth, self._worth, self._asker, self._least)
            rows = np.flatnonzero(slots >= 0)
            self._figures[rows, slots[rows]] = figures[:, rows].T

    def of(self, row: int) -> list[tuple[int, tuple[float, Floats]]]:
        """Those a row keeps, with worth and figures; most worth first, equal worth by id."""
        worth, asker = self._worth[row], self._asker[row]
        taken = np.flatnonzero(asker >= 0)
        order = taken[np.lexsort((asker[taken], -worth[taken]))].tolist()
        return [(int(asker[i]), (float(worth[i]), self._figures[row, i])) for i in order]
