"""A pasted text as what to look for: the other side of what it says, with its conditions."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice

from django.db.models import QuerySet

from corridor.engine.factors import PLACES, Range, Side, Type
from corridor.engine.factors import kind as kind_of
from corridor.engine.text import ReadError, Reading, read
from corridor.engine.text.normal import fold

from ..core.actor import Actor
from ..core.region import corridor
from .conditions import matching
from .filters import Filters, faceted, measured
from .models import Listing
from .search import filed_under, found_by

LONGEST = 2000
PLACE = "place"
#: From here on a text is taken for a description rather than for words to look up.
LONG = 30
#: Conditions a text is searched by; each of the rest would leave almost nothing.
MOST = 6

#: How much the words of a kind must count in its score for one of them to be looked up.
WORDY = 0.3
#: Characters of a text in which that word is sought, and the most it may have.
ABOUT, LONGEST_WORD = 80, 6
#: Without one of these there is no quantity, and no need to read.
_FIGURE = re.compile(r"[0-9０-９一二两三四五六七八九十百千万亿半]")
#: Runs of letters or of Chinese, broken where the words of grammar stand.
_RUN = re.compile(r"[a-z][a-z0-9-]+|[\u4e00-\u9fff]+?(?=[的了和或与及为在等有]|[^\u4e00-\u9fff]|$)")

Condition = Callable[[Filters], Filters]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text asks for.

    Attributes:
        text: the text as it may be kept and shown, contact data masked.
        side, kind: what the text itself is; ``filters`` look for the other side.
        filters: its conditions, those that leave something to be found.
        left: names of the attributes whose conditions were left out, because nothing meets them too.
    """

    text: str
    side: str
    kind: str
    filters: Filters
    left: tuple[str, ...]


def asked(
    actor: Actor, text: str, side: str, today: date, *, kind: str = "", few: bool = False
) -> Asked | None:
    """What a text asks for; ``None`` where nothing is read from it.

    ``side`` is the one to look on and ``kind`` the one to look for, "" to tell from the text. A few
    words without a quantity are to be looked up as they stand, and are read only if ``few``.
    """
    if len(text) > LONGEST or not (few or len(text) > LONG or _FIGURE.search(text)):
        return None
    try:
        given = kind_of(kind) if kind else None
        said = read(text, given, today=today, near=corridor().codes)
    except ReadError:
        return None
    if said.kind is None or not (few or len(text) > LONG or _measures(said)):
        return None
    look = Side(side) if side else said.side.other
    filters, left = _found(actor, Filters(side=str(look), kind=said.kind), said, today)
    return Asked(said.text, str(look.other), said.kind, filters, left)


def _measures(said: Reading) -> bool:
    return any(field.attribute.type in (Type.NUMBER, Type.DAY) for field in said.fields)


def _found(
    actor: Actor, filters: Filters, said: Reading, today: date
) -> tuple[Filters, tuple[str, ...]]:
    """The filters with each condition, in turn, that leaves something to be found."""
    market = matching(actor, filters, today)
    filters = filters.having(q=_word(market, said))
    left = []
    for name, condition in islice(_conditions(said), MOST):
        tried = condition(filters)
        if matching(actor, tried, today).exists():
            filters = tried
        else:
            left.append(name)
    return filters, tuple(left)


def _word(market: "QuerySet[Listing]", said: Reading) -> str:
    """What the text is about: its longest piece, and of these the rarest, that titles hold.

    Where a kind is matched by its conditions more than by its words, there is none. A piece of two
    characters that is common tells nothing.
    """
    if kind_of(said.kind or "").part_weights["text"] < WORDY:
        return ""
    text = list(fold(said.text)[:ABOUT])
    for field in said.fields:
        text[field.start : field.end] = " " * len(text[field.start : field.end])
    runs = _RUN.findall("".join(text))
    most = max(1, market.count() // 20)
    for length in range(LONGEST_WORD, 1, -1):
        pieces = {run[i : i + length] for run in runs for i in range(len(run) - length + 1)}
        counts: dict[str, int] = {
            piece: count
            for piece in pieces
            if (count := market.filter(pk__in=found_by([piece], title=True)).count())
            and (length > 2 or count <= most)
        }
        if counts:
            return min(sorted(counts), key=counts.__getitem__)
    return ""


def _conditions(said: Reading) -> Iterator[tuple[str, Condition]]:
    """The conditions a text states, the hard ones before the wishes, as the kind declares them."""
    shape = kind_of(said.kind or "")
    values = said.limits()
    for attribute in sorted(shape.attributes, key=lambda a: not a.hard):
        value, name = values.get(attribute.name), attribute.name
        if value is None:
            continue
        if name == PLACE and isinstance(value, frozenset):
            if cities := _cities(value):
                yield name, partial(Filters.having, cities=cities)
        elif attribute in measured(shape) and isinstance(value, Range):
            yield name, partial(Filters.with_number, name=name, span=value)
        elif attribute in faceted(shape):
            yield name, partial(Filters.with_codes, name=name, codes=filed_under(attribute, value))


def _cities(places: frozenset[str]) -> tuple[str, ...]:
    """The corridor's cities that are, hold, or lie in one of the places."""
    here = corridor()
    return tuple(
        city.code
        for city in here.cities
        if any(PLACES.covers(place, city.code) or here.city(place) == city for place in places)
    )
