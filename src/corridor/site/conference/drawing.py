"""The picture of a timetable being worked out: what is held, and the most that can be, over time."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 220
#: Room for the numbers at the left and below.
LEFT, RIGHT, TOP, BOTTOM = 72, 12, 12, 36
TICKS = 4


@dataclass(frozen=True, slots=True)
class Tick:
    """A number at an axis, and where it stands along it."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What ``conference/parts/chart.html`` draws: lengths as SVG writes them.

    ``held`` and ``bound`` are the points of two lines that go in steps.
    """

    held: str
    bound: str
    across: list[Tick]
    up: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def chart(series: Sequence[Sequence[float]]) -> Chart | None:
    """Of points [seconds, held, bound, idle]; ``None`` where there is nothing to draw yet."""
    if not series:
        return None
    longest = max(1.0, max(point[0] for point in series))
    most = max(1.0, max(max(point[1], point[2]) for point in series))

    def x(seconds: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * seconds / longest

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / most

    def line(at: int) -> str:
        points, last = list[str](), y(series[0][at])
        for point in series:
            here = y(point[at])
            points += [f"{x(point[0]):.1f},{last:.1f}", f"{x(point[0]):.1f},{here:.1f}"]
            last = here
        return " ".join([*points, f"{x(longest):.1f},{last:.1f}"])

    parts = [at / TICKS for at in range(TICKS + 1)]
    return Chart(
        line(1),
        line(2),
        [Tick(f"{x(longest * part):.1f}", f"{longest * part:.3g}") for part in parts],
        [Tick(f"{y(most * part):.1f}", f"{most * part:,.0f}") for part in parts],
    )
