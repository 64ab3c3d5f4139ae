"""Where listings are, and how far apart."""

from collections.abc import Callable

from ..factors import Listing

#: Kilometres between two places by code, ``None`` when unknown.
Distance = Callable[[str, str], float | None]


def anywhere(_here: str, _there: str) -> float | None:
    """The distance of those who have no map: unknown."""
    return None


def origins(listing: Listing) -> tuple[str, ...]:
    """Where a listing is: its city, or else every place it names, in code order."""
    if listing.city:
        return (listing.city,)
    place = listing.values.get("place")
    return tuple(sorted(place)) if isinstance(place, frozenset) else ()


def apart(here: tuple[str, ...], there: tuple[str, ...], distance: Distance) -> float | None:
    """Kilometres between the nearest two of the places, as far as any distance is known."""
    known = (distance(a, b) for a in here for b in there)
    return min((km for km in known if km is not None), default=None)
