"""The synthetic demo world: nine real cities, invented parties, needs and offers."""

from .parties import Party, check_credit
from .world import World, corridor_file, party_count, stream, world

__all__ = ["Party", "World", "check_credit", "corridor_file", "party_count", "stream", "world"]
