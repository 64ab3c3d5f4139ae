"""The synthetic demo world: invented parties, needs and offers of nine real cities.

Nothing here is a record of a real company, person, price or policy. Every listing depends only on
the seed, its index, the day and (see :func:`stream`) a cap on parties, so worlds of different
sizes agree on their common part, and a million listings can be streamed without being held.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from corridor.engine.factors import Listing, Side, kind

from .draw import Draw
from .kinds import SHARES, WHO, WRITERS
from .parties import ROLES, SLOTS, Party, party
from .pen import Pen
from .words import cities, fields

TODAY = date(2026, 11, 22)
_BLOCK = len(ROLES)
_PHONES = (
    "130",
    "133",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "158",
    "159",
    "177",
    "186",
    "188",
    "189",
)


@dataclass(frozen=True, slots=True)
class World:
    """A synthetic world: parties by index, needs and offers in the order they were drawn."""

    parties: tuple[Party, ...]
    needs: tuple[Listing, ...]
    offers: tuple[Listing, ...]


def corridor_file() -> Traversable:
    """The ``corridor.toml`` of the demo: names, and the nine cities with their seats."""
    return files(__package__) / "corridor.toml"


def party_count(listings: int, parties: int | None = None) -> int:
    """How many parties a world has: one for ten listings, and never fewer than one of each role."""
    if parties is None:
        return max(_BLOCK, listings // 10)
    if parties < _BLOCK:
        raise ValueError(f"主体数至少为 {_BLOCK} / at least {_BLOCK} parties are needed: {parties}")
    return parties


def stream(
    seed: int = 7, listings: int = 20_000, parties: int | None = None, today: date = TODAY
) -> Iterator[Listing]:
    """The first ``listings`` synthetic listings, one by one.

    Listing ``i`` belongs to a party among the first ``max(20, i // 10)``, counted in whole blocks
    of twenty and capped at ``parties``. The default number of parties never caps it, so streams of
    any two lengths agree on their common part, as they do for any equal ``parties``. The early
    parties therefore hold more listings than the late ones.
    """
    blocks = party_count(listings, parties) // _BLOCK
    for index in range(listings):
        yield _listing(seed, index, blocks, today)


def world(
    *, seed: int = 7, listings: int = 20_000, parties: int | None = None, today: date = TODAY
) -> World:
    """The synthetic world of that seed, held in memory: the listings of :func:`stream`."""
    count = party_count(listings, parties)
    needs: list[Listing] = []
    offers: list[Listing] = []
    for item in stream(seed, listings, parties, today):
        (needs if item.side is Side.NEED else offers).append(item)
    return World(tuple(party(seed, k) for k in range(count)), tuple(needs), tuple(offers))


def _listing(seed: int, index: int, blocks: int, today: date) -> Listing:
    draw = Draw(seed, 2, index)
    name, needing = draw.weighted(_weights())
    side = Side.NEED if draw.chance(needing) else Side.OFFER
    role = draw.weighted(WHO[name][side is Side.OFFER])
    block = draw.below(min(max(1, index // (10 * _BLOCK)), blocks))
    who = party(seed, block * _BLOCK + draw.pick(SLOTS[role]))
    field = fields()[draw.pick(who.industries)]
    choosy = side is Side.NEED and draw.chance(5)
    pen = Pen(draw, kind(name), side, who, cities()[who.city], field, today, choosy)
    WRITERS[name][side is Side.OFFER](pen)
    text = pen.write()
    must, flexible = pen.overrides()
    published, expires = _days(draw, today)
    return Listing(
        id=f"{'N' if side is Side.NEED else 'O'}{index:07d}",
        side=side,
        kind=name,
        title=pen.title,
        text=text,
        party=who.id,
        city=who.city,
        values=pen.values,
        must=must,
        flexible=flexible,
        published=published,
        expires=expires,
        capacity=pen.capacity,
        contact=f"{draw.pick(_PHONES)}****0000",
    )


@cache
def _weights() -> tuple[tuple[tuple[str, int], int], ...]:
    return tuple(((name, needing), share) for name, share, needing in SHARES)


def _days(draw: Draw, today: date) -> tuple[date, date]:
    """Published within 180 days and open for six months; one in fifty has lapsed early."""
    if draw.chance(2):
        expires = today - timedelta(days=draw.between(1, 30))
        return expires - timedelta(days=draw.between(30, 149)), expires
    published = today - timedelta(days=draw.below(180))
    return published, six_months_after(published)


def six_months_after(day: date) -> date:
    """The same day half a year later, or the last of the month where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + 6, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))
