"""How many listings there are beside each choice.

Counts come from whole-list aggregates that read nothing but an index (see ``Listing.Meta``): one by
kind, side and city, one by deadline, one by the attributes of the kind asked for. Each begins with
``matching``, so nothing is counted that the actor may not see.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from corridor.engine.factors import (
    INDUSTRIES,
    Attribute,
    CodeList,
    FactorKind,
    Side,
    Type,
    all_kinds,
)

from ..core.actor import Actor
from ..core.kept import Kept
from ..core.region import city_choices, in_language
from .conditions import ends_within, matching
from .filters import WITHIN, Filters, faceted, side_label
from .models import Listing, Stated
from .search import DIVISION, INDUSTRY

#: Coded attributes of a kind that are offered, besides its industries.
MOST_ATTRIBUTES = 2
#: Kind, side, city, and how many.
Cell = tuple[str, str, str, int]
#: Rows of name, code, and how many.
Counts = QuerySet[Any, tuple[str, str, int]]
KIND, SIDE, CITY = range(3)
_OF_CUBE = frozenset({"kind", "side", "cities"})


@dataclass(frozen=True, slots=True)
class Option:
    """A choice, how many listings there are with it, and the filters once it is made or undone."""

    value: str
    label: str
    count: int
    chosen: bool
    filters: Filters

    @property
    def url(self) -> str:
        """Where the choice leads."""
        return f"?{self.filters.query}"


@dataclass(frozen=True, slots=True)
class Facet:
    """Choices of one sort. Each count heeds every other condition, but not those of this facet."""

    name: str
    label: str
    options: list[Option]


class Cube:
    """The listings by kind, side and city: every count of these three is a sum over its cells."""

    def __init__(self, actor: Actor, filters: Filters, today: date, kept: Kept) -> None:
        self.filters = filters
        own = {name for name, _value in (*filters.codes, *filters.numbers)}
        freed = {"side", "cities"} if own else _OF_CUBE
        self.cells = _cells(matching(actor, filters, today, but=freed), kept)
        # Choosing another kind leaves the conditions on this one's attributes behind.
        others = matching(actor, filters, today, but=_OF_CUBE | own)
        self.bare = _cells(others, kept) if own else self.cells
        self.total = sum(self._by(None, self.cells).values())

    def facets(self) -> Iterator[Facet]:
        """Side, kind and city; of the cities those that have any, or are chosen."""
        filters = self.filters
        sides = self._by(SIDE, self.cells)
        kinds = self._by(KIND, self.bare) | {filters.kind: self.total}
        yield Facet(
            "side",
            _("供需"),
            [_one(filters, "side", str(s), in_language(side_label(s)), sides) for s in Side],
        )
        yield Facet(
            "kind",
            _("要素"),
            [
                _one(filters, "kind", k.name, in_language(k.label), kinds)
                for k in all_kinds().values()
            ],
        )
        yield Facet("city", _("城市"), _cities(filters, self._by(CITY, self.cells)))

    def _by(self, at: int | None, cells: list[Cell]) -> dict[str, int]:
        """Counts by kind, side or city, of what passes the filters on the other two."""
        asked, found = self.filters, dict[str, int]()
        for cell in cells:
            kind, side, city, count = cell
            if (
                (at == KIND or asked.kind in ("", kind))
                and (at == SIDE or asked.side in ("", side))
                and (at == CITY or not asked.cities or city in asked.cities)
            ):
                value = "" if at is None else str(cell[at])
                found[value] = found.get(value, 0) + count
        return found


def deadlines(actor: Actor, filters: Filters, today: date, kept: Kept) -> Facet:
    """How many end within so many days."""
    rows = matching(actor, filters, today, but={"within"}).filter(ends_within(today, max(WITHIN)))
    days = kept.rows(rows.values_list("deadline").annotate(n=Count("*")))
    last = {n: today + timedelta(days=n) for n in WITHIN}
    counts = {str(n): sum(count for day, count in days if day <= last[n]) for n in WITHIN}
    return Facet(
        "within",
        _("截止日期"),
        [_one(filters, "within", n, _("%(n)s 天内截止") % {"n": n}, counts) for n in WITHIN],
    )


def attributes(actor: Actor, filters: Filters, today: date, kept: Kept) -> list[Facet]:
    """The industries and the first few coded attributes of the kind asked for; one query.

    An attribute that has choices made is counted without them, the others with.
    """
    kind = filters.factor
    if kind is None:
        return []
    chosen = dict(filters.codes)
    flat = [a.name for a in faceted(kind)]
    names = [n for n in flat if n in flat[:MOST_ATTRIBUTES] or n in chosen]
    names += [INDUSTRY] if INDUSTRY in kind.by_name else []
    own = [name for name in names if name in chosen or (name == INDUSTRY and filters.industries)]
    free = [f"{kind.name}.{name}" for name in names if name not in own]
    parts = [_stated(matching(actor, filters, today), name__in=free)]
    for name in own:
        rows = matching(actor, filters, today, but={"industries" if name == INDUSTRY else name})
        parts.append(_stated(rows, name=f"{kind.name}.{name}"))
        if name == INDUSTRY:  # asked for at any level, counted beside the divisions
            finer = [code for code in filters.industries if len(code) != DIVISION]
            parts.append(_stated(rows, name=INDUSTRY, code__in=finer))
    counts: dict[str, dict[str, int]] = {name: {} for name in names}
    for name, code, count in kept.rows(parts[0].union(*parts[1:], all=True)):
        counts[name.rpartition(".")[2]][code] = count
    found = [_attribute(filters, kind, name, counts[name]) for name in names]
    return [facet for facet in found if facet.options]


def _cells(rows: "QuerySet[Listing]", kept: Kept) -> list[Cell]:
    return kept.rows(rows.values_list("kind", "side", "city").annotate(n=Count("*")))


def _stated(rows: "QuerySet[Listing]", **which: object) -> Counts:
    counted = Stated.objects.filter(**which, listing__in=rows.values("pk"))
    return counted.values_list("name", "code").annotate(n=Count("*"))


def _one(
    filters: Filters, field: str, value: str | int, label: str, counts: Mapping[str, int]
) -> Option:
    chosen = getattr(filters, field) == value
    unset = None if field == "within" else ""
    after = filters.having(**{field: unset if chosen else value})
    return Option(str(value), label, counts.get(str(value), 0), chosen, after)


def _cities(filters: Filters, counts: Mapping[str, int]) -> list[Option]:
    had, choices = filters.cities, city_choices()
    return [
        Option(
            code,
            name,
            counts.get(code, 0),
            code in had,
            filters.having(cities=tuple(c for c, _n in choices if (c in had) != (c == code))),
        )
        for code, name in choices
        if code in counts or code in had
    ]


def _attribute(filters: Filters, kind: FactorKind, name: str, counts: Mapping[str, int]) -> Facet:
    attribute, listed = kind.by_name[name], kind.by_name[name].code_list()
    is_industry = listed is INDUSTRIES
    had = filters.industries if is_industry else dict(filters.codes).get(name, ())
    options = []
    for code in _in_order(attribute, {*counts, *had}, counts):
        now = tuple(sorted(set(had) ^ {code}))
        after = filters.having(industries=now) if is_industry else filters.with_codes(name, now)
        label = in_language(listed.label(code))
        options.append(Option(code, label, counts.get(code, 0), code in had, after))
    at = name if is_industry else f"{kind.name}.{name}"
    return Facet(at, in_language(attribute.label), options)


def _in_order(attribute: Attribute, codes: Collection[str], counts: Mapping[str, int]) -> list[str]:
    """Steps in their own order, other codes with the most listings first."""
    listed = attribute.codes
    if attribute.type is Type.ORDER and isinstance(listed, CodeList):
        return sorted(codes, key=listed.index)
    return sorted(codes, key=lambda code: (-counts.get(code, 0), code))
