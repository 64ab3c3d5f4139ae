"""A corridor as data: its names and its cities, with the distances between them."""

from dataclasses import dataclass
from functools import cached_property
from math import asin, cos, radians, sin, sqrt

from .codes import places
from .label import Label

EARTH_KM = 6371.0088


@dataclass(frozen=True)
class City:
    """A city of the corridor; ``lat`` and ``lon`` in degrees north and east (WGS 84)."""

    code: str
    label: Label
    lat: float
    lon: float


@dataclass(frozen=True)
class Corridor:
    """A named group of cities, in the order people list them."""

    name: Label
    cities: tuple[City, ...]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes of the cities; also the ``near`` that decides between places of one name."""
        return tuple(city.code for city in self.cities)

    @cached_property
    def _by_code(self) -> dict[str, City]:
        return {city.code: city for city in self.cities}

    def city(self, place: str) -> City | None:
        """The corridor city a place code is, or lies in; ``None`` outside the corridor."""
        try:
            code = places.canonical(place)
            return self._by_code.get(code) or self._by_code.get(places.city_of(code) or "")
        except places.UnknownPlace:
            return None

    def distance_km(self, a: str, b: str) -> float | None:
        """Great-circle kilometres between the cities of two place codes (haversine).

        0.0 within one city; ``None`` where either lies outside the corridor.
        """
        one, two = self.city(a), self.city(b)
        if one is None or two is None:
            return None
        lat1, lat2 = radians(one.lat), radians(two.lat)
        lon = radians(two.lon - one.lon)
        h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin(lon / 2) ** 2
        return 2 * EARTH_KM * asin(min(1.0, sqrt(h)))
