"""The flow map and its table: which cities' needs are met where."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from corridor.engine.factors import Corridor, Label

from .geometry import Circle, Point, Text, lay_out, place_names
from .summary import OUTSIDE, Flows

#: Arrows drawn, the largest flows first; the table has all of them.
ARROWS = 20
#: Largest flows named beside the map.
NAMED = 8
_ELSEWHERE = Label("走廊外或未写明", "outside or not stated")
_THINNEST, _THICKEST = 1.2, 7.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A city on the map; ``count`` are the flows that stay in it."""

    circle: Circle
    name: Label
    count: int
    zh: Text
    en: Text


@dataclass(frozen=True, slots=True)
class Arrow:
    """A curved arrow: its shaft as a path, its head as points."""

    name: Label
    count: int
    path: str
    head: str
    width: float
    points: list[Point]


@dataclass(frozen=True, slots=True)
class Map:
    """The drawing; ``left_out`` flows are too small to be drawn."""

    height: float
    spots: list[Spot]
    arrows: list[Arrow]
    left_out: int


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: from one city to each."""

    name: Label
    counts: list[int]
    total: int


@dataclass(frozen=True, slots=True)
class Table:
    """City × city, with the sums. ``inside`` of ``total`` stay in their own city."""

    columns: list[Label]
    rows: list[Row]
    sums: list[int]
    total: int
    inside: int
    largest: list[tuple[Label, int]]


def draw(corridor: Corridor, flows: Flows) -> Map:
    """The map of the flows between the corridor's cities."""
    own = {c.code: flows[c.code, c.code] for c in corridor.cities}
    circles, height = lay_out(corridor.cities, own)
    between = _between(corridor, flows)
    at = {circle.code: circle for circle in circles}
    drawn = between[:ARROWS]
    most = drawn[0][1] if drawn else 1
    arrows = [arrow(at[a], at[b], count, most) for (a, b), count in reversed(drawn)]
    lines = [point for arrow in arrows for point in arrow.points]
    names = [
        place_names(circles, [f"{c.label[lang]} {own[c.code]:,}" for c in circles], height, lines)
        for lang in (0, 1)
    ]
    spots = [
        Spot(circle, _inside(circle.label), own[circle.code], zh, en)
        for circle, zh, en in zip(circles, *names, strict=True)
    ]
    return Map(height, spots, arrows, len(between) - len(drawn))


def table(corridor: Corridor, flows: Flows) -> Table:
    """The same numbers, and those of listings without a city of the corridor."""
    codes: list[str] = [*corridor.codes]
    if any(OUTSIDE in pair for pair in flows):
        codes.append(OUTSIDE)
    rows = [_row(_name(corridor, a), [flows[a, b] for b in codes]) for a in codes]
    return Table(
        [_name(corridor, code) for code in codes],
        rows,
        [sum(row.counts[i] for row in rows) for i in range(len(codes))],
        flows.total(),
        sum(flows[code, code] for code in corridor.codes),
        [
            (_way(_name(corridor, a), _name(corridor, b)), count)
            for (a, b), count in _between(corridor, flows)[:NAMED]
        ],
    )


def _row(name: Label, counts: list[int]) -> Row:
    return Row(name, counts, sum(counts))


def _between(corridor: Corridor, flows: Flows) -> list[tuple[tuple[str, str], int]]:
    """Flows from one city to another, largest first, then in the order of the cities."""
    rank = {code: i for i, code in enumerate(corridor.codes)}
    found = [
        (pair, n)
        for pair, n in flows.items()
        if n and pair[0] != pair[1] and pair[0] in rank and pair[1] in rank
    ]
    return sorted(found, key=lambda f: (-f[1], rank[f[0][0]], rank[f[0][1]]))


def _name(corridor: Corridor, code: str) -> Label:
    found = corridor.city(code) if code else None
    return found.label if found else _ELSEWHERE


def _way(a: Label, b: Label) -> Label:
    return Label(f"{a.zh} → {b.zh}", f"{a.en} → {b.en}")


def _inside(city: Label) -> Label:
    return Label(f"{city.zh}同城", f"within {city.en}")


def arrow(a: Circle, b: Circle, count: int, most: int) -> Arrow:
    """An arc that leaves to its left, so that there and back lie apart; thickest for ``most``."""
    width = max(_THINNEST, _THICKEST * count / most)
    long = hypot(b.x - a.x, b.y - a.y) or 1.0
    bend = 0.18 * long
    middle = (
        (a.x + b.x) / 2 + bend * (b.y - a.y) / long,
        (a.y + b.y) / 2 - bend * (b.x - a.x) / long,
    )
    start = _towards((a.x, a.y), middle, a.r + 2)
    tip = _towards((b.x, b.y), middle, b.r + 2)
    head = min(6 + 0.9 * width, 0.4 * long)
    neck = _towards(tip, middle, head)
    path = f"M{_xy(start)}Q{_xy(middle)} {_xy(neck)}"
    points = [_on(start, middle, neck, step / 8) for step in range(9)]
    way = _way(a.label, b.label)
    return Arrow(way, count, path, _head(tip, neck, 2.2 + 0.7 * width), width, points)


def _on(a: Point, b: Point, c: Point, t: float) -> Point:
    """A point of the quadratic curve from ``a`` to ``c`` drawn towards ``b``."""
    one, two, three = (1 - t) ** 2, 2 * t * (1 - t), t * t
    return one * a[0] + two * b[0] + three * c[0], one * a[1] + two * b[1] + three * c[1]


def _head(tip: Point, neck: Point, half: float) -> str:
    long = hypot(tip[0] - neck[0], tip[1] - neck[1]) or 1.0
    dx, dy = (tip[0] - neck[0]) / long * half, (tip[1] - neck[1]) / long * half
    points: Sequence[Point] = (
        tip,
        (neck[0] - dy, neck[1] + dx),
        (neck[0] + dy, neck[1] - dx),
    )
    return " ".join(_xy(point) for point in points)


def _towards(start: Point, goal: Point, far: float) -> Point:
    long = hypot(goal[0] - start[0], goal[1] - start[1]) or 1.0
    return (
        start[0] + (goal[0] - start[0]) / long * far,
        start[1] + (goal[1] - start[1]) / long * far,
    )


def _xy(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"
