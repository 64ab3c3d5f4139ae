"""Whether two leads look like one: by the company's name and by what it wants."""

import re
from functools import lru_cache
from importlib.resources import files

from corridor.engine.text import normalise

from ..core.region import corridor

NAMES_ALIKE = 0.6
TEXTS_ALIKE = 0.5


def company_key(name: str) -> str:
    """A company's name without its legal form, the corridor's cities and all marks."""
    return re.sub(r"[\W_]", "", _legal().sub("", normalise(name).lower()))[:120]


def names_alike(one: str, other: str) -> bool:
    """Whether two keys are near: equal, or six of ten pairs of letters shared."""
    if not one or not other:
        return False
    a, b = _pairs(one), _pairs(other)
    return one == other or len(a & b) >= NAMES_ALIKE * len(a | b) > 0


def texts_alike(one: str, other: str) -> bool:
    """Whether half of the shorter text is found in the other."""
    a, b = _pairs(_letters(one)), _pairs(_letters(other))
    shorter = min(len(a), len(b))
    return shorter > 0 and len(a & b) >= TEXTS_ALIKE * shorter


@lru_cache(maxsize=1)
def _legal() -> re.Pattern[str]:
    """What says where a company is, or what it is in law, but not which."""
    forms = files(__package__).joinpath("legal_forms.txt").read_text(encoding="utf-8").split()
    words = "|".join(map(re.escape, [city.label.zh for city in corridor().cities] + forms))
    return re.compile(rf"{words}|\b(?:co|ltd|inc|llc|gmbh|corp|limited|company)\b\.?")


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", normalise(text).lower())


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
