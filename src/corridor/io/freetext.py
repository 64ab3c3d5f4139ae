"""Reading attributes nobody put in a column out of a listing's own words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from corridor.engine import text as reading
from corridor.engine.factors import Label, Listing, Side, kind

Spans = list[tuple[str, str]]


def fill(
    listing: Listing, *, today: date, near: Sequence[str]
) -> tuple[Listing, Spans, tuple[Label, ...]]:
    """The listing with what its title and text state; (attribute, words) for each value; notes.

    A column's word stands above the text's. An offer that names its city is not given other places.
    What nobody confirmed excludes nobody: values read here are preferences, never hard limits.
    """
    shape = kind(listing.kind)
    words = f"{listing.title}\n{listing.text}"
    found = reading.read(words, shape, listing.side, today=today, near=near)
    taken = set(listing.values)
    if listing.side is Side.OFFER and listing.city:
        taken.add("place")
    fresh = {
        name: value
        for name, value in found.limits().items()
        if name not in taken and shape.by_name[name].stated_by(listing.side)
    }
    spans: Spans = []
    notes = [f.note for f in found.fields if f.note is not None and f.attribute.name in fresh]
    for field in found.fields:
        name = field.attribute.name
        if name in fresh and name not in {n for n, _ in spans}:
            spans.append((name, found.text[field.start : field.end]))
    flexible = listing.flexible | (set(fresh) - listing.must)
    values = {**listing.values, **fresh}
    return replace(listing, values=values, flexible=flexible), spans, (*notes,)
