"""The map of the home page: the corridor's cities, and who finds what where.

The geometry is the report's; only what changes from request to request is worked out anew.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, sqrt

from corridor.engine.factors import Corridor, Label
from corridor.report.flows import Arrow, Table, arrow, table
from corridor.report.geometry import Circle, Text, lay_out, place_names
from corridor.site.core.region import in_language

Flows = Mapping[tuple[str, str], int]

#: Arrows drawn, the largest flows first; the table has all of them.
ARROWS = 14
#: Sizes of circles, so that a new listing seldom means placing the names again.
SIZES = 8


@dataclass(frozen=True, slots=True)
class Spot:
    """A city, its number and where it leads. Lengths are as SVG writes them."""

    label: Label
    count: int
    url: str
    circle: str
    text: str


@dataclass(frozen=True, slots=True)
class Flow:
    """A curved arrow that starts at ``ends``' first point and points to its second."""

    name: Label
    count: int
    path: str
    head: str
    width: str
    ends: str


@dataclass(frozen=True, slots=True)
class CityMap:
    """What ``ui/parts/map.html`` draws: ``flows`` thinnest first, ``table`` with every one."""

    height: int
    spots: list[Spot]
    flows: list[Flow]
    table: Table


def city_map(
    corridor: Corridor,
    flows: Flows,
    counts: Mapping[str, int],
    urls: Mapping[str, str] | None = None,
) -> CityMap:
    """The corridor's cities with ``counts`` beside them and ``flows`` between them.

    Args:
        corridor: the cities and where they lie.
        flows: how many needs of the first city are met in the second, by code.
        counts: the number printed at each city, which its circle's area follows.
        urls: where a city leads, by code.
    """
    names = tuple(
        # Every number as wide as its zeros: the names stay while the digits change.
        f"{in_language(city.label)} {'0' * len(f'{counts.get(city.code, 0):,}')}"
        for city in corridor.cities
    )
    circles, places, height = _ground(corridor, _sizes(corridor, counts), names)
    spots = [
        Spot(
            circle.label,
            counts.get(circle.code, 0),
            (urls or {}).get(circle.code, ""),
            f'cx="{circle.x:.1f}" cy="{circle.y:.1f}" r="{circle.r:.1f}"',
            f'x="{at.x:.1f}" y="{at.y:.1f}" text-anchor="{at.anchor}"',
        )
        for circle, at in zip(circles, places, strict=True)
    ]
    return CityMap(
        ceil(height), spots, _arrows(corridor, circles, flows), table(corridor, Counter(flows))
    )


def _arrows(corridor: Corridor, circles: list[Circle], flows: Flows) -> list[Flow]:
    """The largest flows from one city to another; ties in the order of the cities."""
    at = {circle.code: circle for circle in circles}
    rank = {code: i for i, code in enumerate(corridor.codes)}
    largest = sorted(
        ((a, b, n) for (a, b), n in flows.items() if n and a != b and a in at and b in at),
        key=lambda flow: (-flow[2], rank[flow[0]], rank[flow[1]]),
    )[:ARROWS]
    return [_flow(arrow(at[a], at[b], n, largest[0][2])) for a, b, n in reversed(largest)]


def _flow(drawn: Arrow) -> Flow:
    (x1, y1), (x2, y2) = drawn.points[0], drawn.points[-1]
    return Flow(
        drawn.name,
        drawn.count,
        drawn.path,
        drawn.head,
        f"{drawn.width:.1f}",
        f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"',
    )


def _sizes(corridor: Corridor, counts: Mapping[str, int]) -> tuple[int, ...]:
    """The counts in a few steps whose circles grow evenly."""
    most = max(counts.values(), default=0) or 1
    return tuple(ceil(SIZES * sqrt(counts.get(c, 0) / most)) ** 2 for c in corridor.codes)


@lru_cache(maxsize=16)
def _ground(
    corridor: Corridor, sizes: tuple[int, ...], texts: tuple[str, ...]
) -> tuple[list[Circle], list[Text], float]:
    """Circles and the places of their texts, which take a fifth of a second to find."""
    circles, height = lay_out(corridor.cities, dict(zip(corridor.codes, sizes, strict=True)))
    return circles, place_names(circles, texts, height), height
