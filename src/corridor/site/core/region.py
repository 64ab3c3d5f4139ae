"""The corridor this site serves: names and cities, read once from ``corridor.toml``."""

from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language

from corridor.engine.factors import PLACES, Corridor, Label
from corridor.io import read_corridor


@lru_cache(maxsize=1)
def corridor() -> Corridor:
    """The corridor of ``settings.CORRIDOR_FILE``. Raises ``InputError`` naming what is wrong."""
    return read_corridor(settings.CORRIDOR_FILE)


def in_language(label: Label) -> str:
    """The text of a label in the language of the page."""
    return label.en if (get_language() or "zh").startswith("en") else label.zh


def city_name(code: str) -> str:
    """The name of a place in the language of the page; "" for no place."""
    if not code:
        return ""
    city = corridor().city(code)
    return in_language(city.label if city else PLACES.label(code))


def city_choices() -> list[tuple[str, str]]:
    """The corridor's cities as (code, name), in the corridor's order."""
    return [(city.code, in_language(city.label)) for city in corridor().cities]
