"""The corridor's cities on paper: places, circles and names that do not cover each other.

Equirectangular: x is longitude times the cosine of the middle latitude, y is latitude; true enough
for a region of a few hundred kilometres. There are no borders, for none are held.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians, sqrt

from corridor.engine.factors import City, Label

WIDTH = 480.0
MARGIN = 62.0
ABOVE = 34.0
FONT = 16.0
#: How far from its circle a name may stand, nearest first.
RINGS = (4.0, 10.0, 18.0)
#: Cities with which placing the names begins, in turn.
STARTS = 9
_SMALLEST, _LARGEST = 4.0, 20.0

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Circle:
    """A city's circle, in the units of the drawing."""

    code: str
    label: Label
    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class Text:
    """Where a city's name stands: the middle of its line, and the side it grows from."""

    x: float
    y: float
    anchor: str


def lay_out(cities: Sequence[City], size: Mapping[str, int]) -> tuple[list[Circle], float]:
    """The circles, areas in proportion to ``size``, and the height of the drawing."""
    middle = radians(sum(c.lat for c in cities) / len(cities))
    at = [(c.lon * cos(middle), -c.lat) for c in cities]
    left, top = min(x for x, _ in at), min(y for _, y in at)
    wide, high = max(x for x, _ in at) - left, max(y for _, y in at) - top
    scale = min((WIDTH - 2 * MARGIN) / (wide or 1), 1.1 * (WIDTH - 2 * MARGIN) / (high or 1))
    aside = (WIDTH - wide * scale) / 2
    spots: list[Point] = [((x - left) * scale + aside, (y - top) * scale + ABOVE) for x, y in at]
    largest = _largest(spots)
    most = max(size.values(), default=0)
    circles = [
        Circle(c.code, c.label, x, y, _radius(size.get(c.code, 0), most, largest))
        for c, (x, y) in zip(cities, spots, strict=True)
    ]
    return circles, high * scale + 2 * ABOVE


def _radius(count: int, most: int, largest: float) -> float:
    return max(_SMALLEST, largest * sqrt(count / most)) if most else _SMALLEST


def _largest(spots: Sequence[Point]) -> float:
    """No two of the largest circles touch."""
    gaps = [hypot(a[0] - b[0], a[1] - b[1]) for i, a in enumerate(spots) for b in spots[:i]]
    return min(_LARGEST, max(_SMALLEST, 0.45 * min(gaps, default=_LARGEST * 3)))


def place_names(
    circles: Sequence[Circle], texts: Sequence[str], height: float, lines: Sequence[Point] = ()
) -> list[Text]:
    """A place beside its circle for every text, off the other names and circles.

    One after another is put where it covers least, three times over, and again from other cities
    first; the cheapest is taken. Ties go to the first: right, left, below, above, then the corners,
    then farther out. ``lines`` are points on the arrows, better left uncovered too.
    """
    tried = [
        _placed(circles, texts, height, lines, first) for first in range(min(len(circles), STARTS))
    ]
    return min(tried, key=lambda t: t[0])[1]


def _placed(
    circles: Sequence[Circle],
    texts: Sequence[str],
    height: float,
    lines: Sequence[Point],
    first: int,
) -> tuple[float, list[Text]]:
    """Places found one name after another from the ``first``, and what they cost in all."""
    chosen: dict[int, tuple[float, Text, Box]] = {}
    for turn in range(3 * len(circles)):
        i = (first + turn) % len(circles)
        circle = circles[i]
        others = [other for j, other in enumerate(circles) if j != i]
        taken = [c[2] for j, c in chosen.items() if j != i] + [_round(other) for other in others]
        costs = [
            (cost + _covered(box, taken, lines, height) + _astray(box, circle, others), at, box)
            for at, box, cost in _options(circle, _width(texts[i]))
        ]
        chosen[i] = min(costs, key=lambda option: option[0])
    cost = sum(c[0] for c in chosen.values())
    return cost, [chosen[i][1] for i in range(len(circles))]


def _astray(box: Box, own: Circle, others: Sequence[Circle]) -> float:
    """What it costs to stand nearer to another city than to one's own."""
    mine = _apart(box, own)
    return 60.0 * sum(_apart(box, other) < mine + 4 for other in others)


def _apart(box: Box, circle: Circle) -> float:
    across = max(box[0] - circle.x, circle.x - box[2], 0.0)
    return hypot(across, max(box[1] - circle.y, circle.y - box[3], 0.0)) - circle.r


def _width(text: str) -> float:
    return FONT * sum(0.58 if ord(c) < 0x2E80 else 1.0 for c in text)


def _options(circle: Circle, width: float) -> list[tuple[Text, Box, float]]:
    """Places for a name, the room each takes, and what being farther out costs."""
    found = []
    for ring in RINGS:
        side, up = circle.r + ring, circle.r + ring + FONT / 2
        slant = 0.7 * (circle.r + ring)
        for dx, dy, anchor in (
            (side, 0.0, "start"),
            (-side, 0.0, "end"),
            (0.0, up, "middle"),
            (0.0, -up, "middle"),
            (slant, slant + FONT / 3, "start"),
            (slant, -slant - FONT / 3, "start"),
            (-slant, slant + FONT / 3, "end"),
            (-slant, -slant - FONT / 3, "end"),
        ):
            x, y = circle.x + dx, circle.y + dy
            left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
            box = (left, y - 0.6 * FONT, left + width, y + 0.6 * FONT)
            found.append((Text(x, y, anchor), box, 3 * (ring - RINGS[0])))
    return found


def _round(circle: Circle) -> Box:
    gap = circle.r + 1
    return circle.x - gap, circle.y - gap, circle.x + gap, circle.y + gap


def _covered(box: Box, taken: Sequence[Box], lines: Sequence[Point], height: float) -> float:
    page = (2.0, 2.0, WIDTH - 2, height - FONT - 6)  # below: the tip of what is pointed at
    area = (box[2] - box[0]) * (box[3] - box[1])
    outside = area - _common(box, page)
    crossed = sum(box[0] <= x <= box[2] and box[1] <= y <= box[3] for x, y in lines)
    names = sum(_common(box, other) for other in taken)
    return round(20 * names + 100 * outside + 3 * crossed, 6)


def _common(a: Box, b: Box) -> float:
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return wide * high if wide > 0 and high > 0 else 0.0
