"""The words of a listing that take part in text relevance."""

import re
from collections.abc import Iterator
from functools import cache

from ..factors import PLACES, CodeList, FactorKind, Listing, Range, Side, Type, written_forms


def document(kind: FactorKind, listing: Listing) -> str:
    """Title, text and the attributes made of words; of a need, only what its limits do not say.

    Where a need states an attribute, its codes' names and the words that announce it are blanked,
    and so are amounts with their units: else "IATF16949, 5000 件" would find whatever is certified
    and sold in thousands, when the limit has already seen to that.
    """
    stated = (listing.values.get(a.name) for a in kind.attributes if a.type is Type.WORDS)
    said = "\n".join([listing.title, listing.text, *(v for v in stated if isinstance(v, str))])
    if listing.side is Side.OFFER:
        return said
    said = _amounts().sub(_blank, said)
    spoken = sorted(set(_spoken_for(kind, listing)), key=lambda word: (-len(word), word))
    for word in spoken:
        if word in said:
            said = said.replace(word, " " * len(word))
    return said


def _spoken_for(kind: FactorKind, listing: Listing) -> Iterator[str]:
    for name, value in listing.values.items():
        attribute = kind.by_name.get(name)
        if attribute is None or attribute.type is Type.WORDS:
            continue
        yield from (cue for cue in attribute.cues if len(cue) > 1)
        listed = attribute.codes
        if listed is PLACES and isinstance(value, frozenset):
            yield from (word for code in value for word in _place_names().get(code, ()))
        elif isinstance(listed, CodeList):
            yield from (w for code in _codes(listed, value) for w in _names(listed, code))


def _codes(listed: CodeList, value: object) -> Iterator[str]:
    if isinstance(value, frozenset):
        yield from value
    elif isinstance(value, Range):
        yield from (
            listed.entries[int(end)].code for end in (value.lo, value.hi) if end is not None
        )


def _names(listed: CodeList, code: str) -> Iterator[str]:
    entry = next(e for e in listed.entries if e.code == code)
    return (word for word in (entry.zh, *entry.words) if len(word) > 1)


@cache
def _place_names() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for word, code in PLACES.words().items():
        names.setdefault(code, []).append(word)
    return names


@cache
def _amounts() -> re.Pattern[str]:
    """A number that is no part of a name like 5G or GB150, with its unit."""
    units = "|".join(re.escape(form) for form in written_forms())
    return re.compile(rf"(?<![A-Za-z0-9])[0-9][0-9.,]*(?![A-Za-z0-9])[千万亿]*(?:{units})?")


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])
