"""Who holds how much of the credit for a lead.

Credit is for appraisal only: statistics count in the place where the project is, and are kept apart.
"""

from collections.abc import Iterable

from .models import Circulation


def credits(first_city: str, agreed: Iterable[Circulation]) -> list[tuple[str, int]]:
    """Who holds how much of the credit, in percent, after the offers that were accepted in turn.

    The first city begins with all of it; each offer parts what the offering city then holds. A
    half percent goes to the city that offered, so that the parts always add up to 100.
    """
    held = {first_city: 100}
    for offer in agreed:
        mine = held.get(offer.from_city, 0)
        given = mine * offer.given // 100
        held[offer.from_city] = mine - given
        held[offer.to_city] = held.get(offer.to_city, 0) + given
    return list(held.items())
