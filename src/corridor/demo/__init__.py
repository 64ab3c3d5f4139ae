"""The synthetic demo world: nine real cities, invented parties, needs and offers."""

from .parties import Party
from .world import TODAY, World, corridor_file, party_count, stream, world

__all__ = [
    "TODAY",
    "Party",
    "World",
    "corridor_file",
    "party_count",
    "stream",
    "world",
]
