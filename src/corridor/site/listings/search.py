"""Finding listings by words: what they are found by, and the index over it.

A term is found where it stands, letter for letter, once both are folded (full-width forms, case).
Chinese has no word boundaries, so the index holds every pair of neighbouring characters, and a term
is looked up by its pairs. SQLite keeps the pairs in FTS5, whose phrases are exact. PostgreSQL keeps
them in a ``tsvector``, whose phrases are not (it keeps at most 256 places of a pair), so there the
text itself is asked once more. ``tests/site/test_search.py`` holds both to a plain scan.

Party names and contacts are no part of what is indexed: nobody finds out by searching who is behind
an anonymous listing.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from math import inf
from typing import NamedTuple, Protocol

from django.db import connection, transaction
from django.db.models.expressions import RawSQL
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from corridor.engine.factors import (
    INDUSTRIES,
    PLACES,
    Attribute,
    CodeList,
    Label,
    Range,
    Type,
    UnknownCode,
    Value,
    value_text,
)
from corridor.engine.factors.codes import industry
from corridor.engine.text.normal import fold

from .models import Listing, SearchText, Stated
from .values import restored

INDUSTRY = "industry"
#: Characters of an industry's division, such as C39.
DIVISION = 3
MOST_TERMS = 8
BATCH = 500
_WORDED = (Type.CODES, Type.ORDER, Type.WORDS)
_BETWEEN = re.compile(r"[\s,，、。；;！!？?]+")


class Statement(NamedTuple):
    """A row of ``Stated``: a code, or a range of numbers whose open ends are infinite."""

    listing: int
    name: str
    code: str
    lo: float | None = None
    hi: float | None = None


class Words(NamedTuple):
    """What a listing is found by, folded; in ``title`` it counts more."""

    listing: int
    title: str
    body: str


def terms(q: str) -> tuple[str, ...]:
    """What a search asks for: each of them must stand somewhere in a listing. At most eight."""
    found = dict.fromkeys(term for term in _BETWEEN.split(fold(q)) if term)
    return tuple(found)[:MOST_TERMS]


def found_by(asked: Sequence[str], *, title: bool = False) -> RawSQL:
    """The ids of the listings that hold all of the terms, for ``pk__in``; those of the title only."""
    sql, params = _index().where(asked, title=title)
    return RawSQL(sql, params)


# --- keeping the index ---


def index(listing: Listing) -> None:
    """Keep what a listing is found by in step with it; in the transaction that changes it."""
    with transaction.atomic():
        SearchText.objects.filter(listing=listing).delete()
        Stated.objects.filter(listing=listing).delete()
        _add([listing])


def index_new(listings: Sequence[Listing]) -> None:
    """Index listings that were just written, many at once; in the transaction that writes them."""
    _add(listings)


def index_all(progress: Callable[[int], object] | None = None) -> int:
    """Build the whole index anew; ``progress`` is told each time how many more are done."""
    done = 0
    with transaction.atomic():
        _index().clear()
        Stated.objects.all().delete()
        rows = Listing.objects.order_by("pk").defer("contact_name", "contact_phone")
        for batch in _batches(rows.iterator(BATCH)):
            _add(batch)
            done += len(batch)
            if progress is not None:
                progress(len(batch))
    return done


def _add(listings: Sequence[Listing]) -> None:
    _index().add([words_of(listing) for listing in listings])
    with connection.cursor() as cursor:  # eleven rows a listing: the ORM takes ten times as long
        cursor.executemany(
            "INSERT INTO listings_stated (listing_id, name, code, lo, hi) VALUES (%s, %s, %s, %s, %s)",
            [row for listing in listings for row in stated_by(listing)],
        )


@receiver(pre_delete, sender=SearchText)
def _forget(instance: SearchText, **_more: object) -> None:
    """Whatever deletes the words, be it the end of their listing, takes them out of the index."""
    _index().remove(Words(instance.listing_id, instance.title, instance.body))


def _batches(rows: Iterable[Listing]) -> Iterator[list[Listing]]:
    batch: list[Listing] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


# --- what a listing is found by ---


def words_of(listing: Listing) -> Words:
    """The words of a listing: as written, and as its city, kind and codes are called.

    Numbers and days are what filters are for; as texts they would find each other by chance.
    """
    attributes = listing.factor.by_name
    labels = [listing.factor.label, _place(listing.city)]
    for name, value in restored(listing.values).items():
        if name in attributes and attributes[name].type in _WORDED:
            labels += _called(attributes[name], value)
    parts = [listing.text, listing.ref, *(text for label in labels for text in label)]
    return Words(listing.pk, fold(listing.title), fold(" ".join(dict.fromkeys(parts))))


def _place(code: str) -> Label:
    try:
        return PLACES.label(code)
    except (UnknownCode, ValueError):
        return Label(code, code)


def _called(attribute: Attribute, value: Value) -> Iterator[Label]:
    """A value in words; industries also by the names of those above them."""
    yield value_text(attribute, value)
    if attribute.codes is INDUSTRIES and isinstance(value, frozenset):
        above = frozenset[str]().union(*(industry.ancestors(code) for code in value))
        yield from (INDUSTRIES.label(code) for code in sorted(above))


def stated_by(listing: Listing) -> Iterator[Statement]:
    """The numbers and codes of a listing, as filters and facets ask for them.

    An industry is one by its division among the attributes of its kind; asked for across kinds, it
    is found by its own code and all above it.
    """
    attributes = listing.factor.by_name
    for name, value in restored(listing.values).items():
        if name not in attributes:
            continue
        attribute, at = attributes[name], f"{listing.kind}.{name}"
        for code in sorted(filed_under(attribute, value)):
            yield Statement(listing.pk, at, code)
        if name == INDUSTRY and isinstance(value, frozenset):
            for code in sorted(value.union(*(industry.ancestors(code) for code in value))):
                yield Statement(listing.pk, INDUSTRY, code)
        if attribute.type is Type.NUMBER and isinstance(value, Range):
            lo = -inf if value.lo is None else float(value.lo)
            hi = inf if value.hi is None else float(value.hi)
            yield Statement(listing.pk, at, "", lo, hi)


def filed_under(attribute: Attribute, value: Value) -> frozenset[str]:
    """The codes a value is counted under: divisions of industries, every step of a span."""
    listed = attribute.codes
    if listed is INDUSTRIES and isinstance(value, frozenset):
        return frozenset(code[:DIVISION] for code in value)
    if not isinstance(listed, CodeList):
        return frozenset()
    if isinstance(value, Range):
        first, last = int(value.lo or 0), len(listed.entries) if value.hi is None else int(value.hi)
        return frozenset(entry.code for entry in listed.entries[first : last + 1])
    return value if isinstance(value, frozenset) else frozenset()


# --- the index ---


class _Points(dict[str, str]):
    """A character as its code point and a mark that is no digit of one."""

    def __missing__(self, char: str) -> str:
        point = self[char] = f"{ord(char):x}g"
        return point


_POINTS = _Points()


def pairs(text: str) -> list[str]:
    """Every two neighbouring characters of each word, and its last one alone.

    Written as code points (``5382g623fg``), so that no tokenizer of a database has an opinion on
    them. Whatever begins with a character, or is it alone, begins with ``5382g``.
    """
    found = []
    for word in text.split():
        points = [_POINTS[char] for char in word]
        found += [a + b for a, b in pairwise(points)]
        found.append(points[-1])
    return found


def _asked(term: str) -> list[str]:
    """The pairs of a term; of a single character, what its pairs begin with."""
    return pairs(term)[:-1] or pairs(term)


class _Index(Protocol):
    def add(self, rows: Sequence[Words]) -> None: ...
    def remove(self, row: Words) -> None: ...
    def clear(self) -> None: ...
    def where(self, asked: Sequence[str], *, title: bool) -> tuple[str, list[str]]: ...


class _Fts5:
    """FTS5 without the text: a row is taken out by saying once more what it held."""

    def add(self, rows: Sequence[Words]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO listings_searchtext (listing_id, title, body) VALUES (%s, %s, %s)",
                rows,
            )
        self._write("INSERT INTO listings_grams(rowid, title, body) VALUES (%s, %s, %s)", rows)

    def remove(self, row: Words) -> None:
        self._write(
            "INSERT INTO listings_grams(listings_grams, rowid, title, body)"
            " VALUES ('delete', %s, %s, %s)",
            [row],
        )

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO listings_grams(listings_grams) VALUES ('delete-all')")
            cursor.execute("DELETE FROM listings_searchtext")

    def where(self, asked: Sequence[str], *, title: bool) -> tuple[str, list[str]]:
        match = " AND ".join(
            f'"{" ".join(_asked(term))}"{"*" if len(term) == 1 else ""}' for term in asked
        )
        if title:
            match = f"title: ({match})"
        return "SELECT rowid FROM listings_grams WHERE listings_grams MATCH %s", [match]

    def _write(self, sql: str, rows: Sequence[Words]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                sql,
                [(at, " ".join(pairs(title)), " ".join(pairs(body))) for at, title, body in rows],
            )


class _Tsvector:
    """Columns of ``SearchText`` that only PostgreSQL has: the pairs of all, and of the title.

    Without places or weights, which GIN does not keep: a row need not be looked at to be found.
    """

    def add(self, rows: Sequence[Words]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO listings_searchtext (listing_id, title, body, title_grams, grams)"
                " VALUES (%s, %s, %s, %s::tsvector, %s::tsvector)",
                [(*row, _vector(row.title), _vector(f"{row.title} {row.body}")) for row in rows],
            )

    def remove(self, row: Words) -> None:
        """Gone with the row."""

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM listings_searchtext")

    def where(self, asked: Sequence[str], *, title: bool) -> tuple[str, list[str]]:
        query = " & ".join(
            f"'{pair}'{':*' if len(term) == 1 else ''}" for term in asked for pair in _asked(term)
        )
        grams, place = ("title_grams", "title") if title else ("grams", "title || ' ' || body")
        long = [term for term in asked if len(term) > 2]
        also = f" AND strpos({place}, %s) > 0" * len(long)
        sql = f"SELECT listing_id FROM listings_searchtext WHERE {grams} @@ %s::tsquery{also}"
        return sql, [query, *long]


def _vector(text: str) -> str:
    return " ".join(f"'{pair}'" for pair in dict.fromkeys(pairs(text)))


def _index() -> _Index:
    return _Fts5() if connection.vendor == "sqlite" else _Tsvector()
