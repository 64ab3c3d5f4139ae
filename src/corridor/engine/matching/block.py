"""All listings of one kind on one side: what they say, what they state, who and where they are."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..factors import FactorKind, Listing, Side, Value
from .columns import Bools, CodeColumn, Floats, RangeColumn, column
from .lexical import LexicalIndex
from .places import origins
from .words import document

_FAR = np.inf


class Block:
    """Rows in the order they came; a removed row stays as a hole until holes outnumber rows.

    Attributes:
        listings: row → listing, ``None`` for a hole.
        row: id → row.
    """

    def __init__(self, kind: FactorKind, side: Side) -> None:
        self.kind = kind
        self.side = side
        self._start()

    def _start(self) -> None:
        self.listings: list[Listing | None] = []
        self.row: dict[str, int] = {}
        self.text = LexicalIndex()
        self.columns: dict[str, RangeColumn | CodeColumn] = {
            a.name: column(a) for a in self.kind.related if a.stated_by(self.side)
        }
        self.alive: Bools = np.zeros(0, dtype=np.bool_)
        self.published: Floats = np.zeros(0)
        self.expires: Floats = np.zeros(0)
        self.party = Names("")
        self.origin = Names[tuple[str, ...]](())

    def __len__(self) -> int:
        return len(self.row)

    def at(self, row: int) -> Listing:
        """The listing of a row that is still there."""
        listing = self.listings[row]
        assert listing is not None, f"row {row} was removed"
        return listing

    def by_id(self) -> list[Listing]:
        """The listings still there, in the order of their ids."""
        return [self.at(self.row[listing_id]) for listing_id in sorted(self.row)]

    def add(self, listings: Sequence[Listing]) -> None:
        """Append listings; one whose id is already here replaces the old one.

        Raises ``ValueError`` for a listing of another kind or side, before anything is changed.
        """
        for listing in listings:
            if listing.kind != self.kind.name or listing.side is not self.side:
                raise ValueError(f"{listing.id} is no {self.side} of kind {self.kind.name}")
        listings = list({listing.id: listing for listing in listings}.values())
        for listing in listings:
            if listing.id in self.row:
                self._drop(listing.id)
        self._append(listings)
        self._close_holes()

    def remove(self, listing_id: str) -> None:
        """Forget a listing. Raises ``KeyError`` when it is not here."""
        self._drop(listing_id)
        self._close_holes()

    def _append(self, listings: Sequence[Listing]) -> None:
        if not listings:
            return
        base = len(self.listings)
        self.row.update((listing.id, base + i) for i, listing in enumerate(listings))
        self.listings.extend(listings)
        self.text.add([document(self.kind, listing) for listing in listings])
        for col in self.columns.values():
            col.extend(len(listings), list(_stated(col, listings)))
        self.alive = np.append(self.alive, np.ones(len(listings), dtype=np.bool_))
        self.published = np.append(self.published, [_day(x.published, np.nan) for x in listings])
        self.expires = np.append(
            self.expires, [_day(self.kind.last_day(x), _FAR) for x in listings]
        )
        self.party.extend(x.party for x in listings)
        self.origin.extend(origins(x) for x in listings)

    def _drop(self, listing_id: str) -> None:
        row = self.row.pop(listing_id)
        listing = self.listings[row]
        assert listing is not None
        self.text.remove(row, document(self.kind, listing))
        self.listings[row] = None
        self.alive[row] = False

    def _close_holes(self) -> None:
        if len(self.listings) > 64 and len(self.listings) > 2 * len(self.row):
            kept = [x for x in self.listings if x is not None]
            self._start()
            self._append(kept)


Key = TypeVar("Key", bound=Hashable)


class Names(Generic[Key]):
    """Keys as positions in a table; position 0 is the empty key."""

    def __init__(self, empty: Key) -> None:
        self.table: list[Key] = [empty]
        self._position: dict[Key, int] = {empty: 0}
        self.at: NDArray[np.int32] = np.zeros(0, dtype=np.int32)

    def extend(self, keys: Iterable[Key]) -> None:
        """Append one key a row."""
        self.at = np.append(self.at, [self._find(key) for key in keys]).astype(np.int32)

    def _find(self, key: Key) -> int:
        if key not in self._position:
            self._position[key] = len(self.table)
            self.table.append(key)
        return self._position[key]

    def find(self, key: Key) -> int:
        """Position of a key, or -1."""
        return self._position.get(key, -1)


def _stated(
    col: RangeColumn | CodeColumn, listings: Sequence[Listing]
) -> Iterator[tuple[int, Value, bool]]:
    for offset, listing in enumerate(listings):
        mine = col.attribute.asked_by is listing.side
        value = listing.ask(col.attribute) if mine else listing.answer(col.attribute)
        if value is not None:
            yield offset, value, listing.hard(col.attribute)


def _day(day: date | None, missing: float) -> float:
    return missing if day is None else float(day.toordinal())
