"""Finding the factor kinds: every module in ``kinds/`` that declares ``KIND``."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from . import kinds
from .kind import FactorKind

#: The order people know the eight by; further kinds follow by name.
_ORDER = ("technology", "product", "space", "capital", "talent", "instrument", "exhibit", "policy")


@cache
def all_kinds() -> Mapping[str, FactorKind]:
    """Every declared kind by name."""
    found = [import_module(f"{kinds.__name__}.{m.name}").KIND for m in iter_modules(kinds.__path__)]
    rank = {name: i for i, name in enumerate(_ORDER)}
    found.sort(key=lambda k: (rank.get(k.name, len(rank)), k.name))
    return {kind.name: kind for kind in found}


def kind(name: str) -> FactorKind:
    """The kind of that name. Raises ``KeyError`` with the names there are."""
    try:
        return all_kinds()[name]
    except KeyError:
        raise KeyError(f"no factor kind {name!r}; there are: {', '.join(all_kinds())}") from None
