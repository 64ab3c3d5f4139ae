"""What stands around a list: the conditions in words, fields for numbers, tabs and orders."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from corridor.engine.factors import INDUSTRIES, UNITS, number_text, value_text

from ..core.errors import Text
from ..core.region import city_name, in_language
from .facets import Facet
from .filters import SORTS, Filters, measured, side_label

#: Numbers of a kind that have fields of their own without being asked for.
MOST_NUMBERS = 3


@dataclass(frozen=True, slots=True)
class Link:
    """A word that leads somewhere."""

    label: Text
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Two fields for the ends of a number, as text."""

    name: str
    label: str
    unit: str
    lo: str
    hi: str


def chips(filters: Filters) -> list[Link]:
    """Every condition in words, and where its removal leads."""
    return [Link(text, f"?{after.query}") for text, after in _conditions(filters)]


def in_words(filters: Filters) -> str:
    """The conditions as one line."""
    return _("、").join(text for text, _after in _conditions(filters))


def tabs(filters: Filters, side: Facet) -> list[Link]:
    """Everything, needs, offers."""
    total = sum(option.count for option in side.options)
    every = Link(_("全部"), f"?{filters.having(side='').query}", not filters.side, total)
    sides = [
        Link(
            option.label, f"?{filters.having(side=option.value).query}", option.chosen, option.count
        )
        for option in side.options
    ]
    return [every, *sides]


def orders(filters: Filters) -> list[Link]:
    """The orders a list may have; by relevance only where something is searched for."""
    return [
        Link(label, f"?{filters.having(sort=name).query}", filters.order == name)
        for name, label in SORTS.items()
        if name != "relevance" or filters.q
    ]


def numbers(filters: Filters) -> list[Span]:
    """The first numbers of the kind asked for, and those that are asked for already."""
    kind, asked = filters.factor, dict(filters.numbers)
    if kind is None:
        return []
    shown = measured(kind)
    shown = [a for a in shown if a in shown[:MOST_NUMBERS] or a.name in asked]
    spans = [(a, asked.get(a.name)) for a in shown]
    return [
        Span(
            f"{kind.name}.{a.name}",
            in_language(a.label),
            in_language(UNITS[a.unit].label),
            number_text(span.lo) if span and span.lo is not None else "",
            number_text(span.hi) if span and span.hi is not None else "",
        )
        for a, span in spans
    ]


def others(filters: Filters, *left: str) -> list[tuple[str, str]]:
    """The conditions a form carries along unseen: all but those it has fields for."""
    return [(name, value) for name, value in filters.pairs() if not name.startswith(left)]


def _conditions(filters: Filters) -> Iterator[tuple[str, Filters]]:
    if filters.q:
        yield _("“%(q)s”") % {"q": filters.q}, filters.having(q="")
    if filters.side:
        yield in_language(side_label(filters.side)), filters.having(side="")
    kind = filters.factor
    if kind is not None:
        yield in_language(kind.label), filters.having(kind="")
    for city in filters.cities:
        rest = tuple(c for c in filters.cities if c != city)
        yield city_name(city), filters.having(cities=rest)
    if filters.within is not None:
        text = _("%(n)s 天内截止") % {"n": filters.within}
        yield text, filters.having(within=None)
    for code in filters.industries:
        left = tuple(c for c in filters.industries if c != code)
        yield in_language(INDUSTRIES.label(code)), filters.having(industries=left)
    if kind is not None:
        yield from _of_kind(filters)


def _of_kind(filters: Filters) -> Iterator[tuple[str, Filters]]:
    declared = filters.factor.by_name if filters.factor else {}
    for name, codes in filters.codes:
        listed = declared[name].code_list()
        for code in codes:
            rest = filters.with_codes(name, (c for c in codes if c != code))
            yield in_language(listed.label(code)), rest
    for name, span in filters.numbers:
        attribute = declared[name]
        text = f"{in_language(attribute.label)} {in_language(value_text(attribute, span))}"
        yield text, filters.with_number(name, None)
