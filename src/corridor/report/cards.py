"""One need and what it found, as the templates print it."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from corridor.engine.factors import (
    Attribute,
    Corridor,
    Label,
    Listing,
    Relation,
    Side,
    State,
    Value,
    asks,
    kind,
    value_text,
)
from corridor.engine.matching import (
    PARTS,
    Check,
    Found,
    Match,
    Pair,
    Result,
    change_text,
    counterpart,
)

from .wording import both, city, cut, title

#: Offers of a need shown with every limit and part of the score; the rest take one line.
IN_FULL = 3
#: Offers of a need shown at all, besides those the allocation chose.
OFFERS = 10
#: Characters of one value; a list of codes can be long.
VALUE = 90

Apart = tuple[Listing, float]

PART_LABELS = {
    "text": Label("文字相关", "Text"),
    "industry": Label("行业", "Industry"),
    "soft": Label("偏好", "Preferences"),
    "distance": Label("距离", "Distance"),
    "freshness": Label("时效", "Freshness"),
    "reciprocity": Label("互惠", "Reciprocity"),
}


@dataclass(frozen=True, slots=True)
class Asks:
    """What a need states, a row for each weight it has."""

    name: Label
    must: bool
    values: list[Markup]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the score; ``value`` is ``None`` where neither side asks."""

    name: Label
    value: float | None


@dataclass(frozen=True, slots=True)
class Offer:
    """One counterpart. Without ``full``, only the strongest reason and no limits or parts."""

    rank: int
    title: Markup
    id: str
    where: Markup
    party: str
    score: float
    verified: bool
    limits: int
    standing: Label
    chosen: bool
    reasons: list[Label]
    full: bool
    met: list[Label]
    unverified: list[Label]
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Need:
    """The head of a need's card."""

    kind: Label
    title: Markup
    id: str
    where: Markup
    party: str
    asks: list[Asks]


@dataclass(frozen=True, slots=True)
class Other:
    """A pair the allocation chose that is not among the best found."""

    title: Markup
    id: str
    party: str
    where: Markup
    score: float


@dataclass(frozen=True, slots=True)
class Way:
    """What relaxing one limit would free."""

    name: Label
    freed: int
    change: Label
    nearest: Markup


def need(corridor: Corridor, listing: Listing) -> Need:
    """The head of the card of any listing."""
    return Need(
        kind(listing.kind).label,
        title(listing),
        cut(listing.id, 60),
        both(city(corridor, listing.city)),
        cut(listing.party, 60),
        _asks(listing),
    )


def offers(corridor: Corridor, result: Result) -> list[Offer]:
    """The best offers a need found, best first, and those chosen for it."""
    return [
        _offer(corridor, result.listing, found, at)
        for at, found in enumerate(result.found, 1)
        if at <= OFFERS or found.chosen
    ]


def key(listing: Listing) -> tuple[Side, str, str]:
    """What tells a listing from all others."""
    return listing.side, listing.kind, listing.id


def apart(
    results: Iterable[Result], chosen: Iterable[Pair]
) -> dict[tuple[Side, str, str], list[Apart]]:
    """Of the chosen pairs, those of the given needs that are not among what they found."""
    found = {key(r.listing): {counterpart(r.listing, f.match).id for f in r.found} for r in results}
    rest: dict[tuple[Side, str, str], list[Apart]] = {}
    for need, offer, score in chosen:
        for one, other in ((need, offer), (offer, need)):
            if other.id not in found.get(key(one), {other.id}):
                rest.setdefault(key(one), []).append((other, score))
    return rest


def other(corridor: Corridor, listing: Listing, score: float) -> Other:
    """A line for a chosen pair not among the best found."""
    head = need(corridor, listing)
    return Other(head.title, head.id, head.party, head.where, score)


def ways(result: Result) -> list[Way]:
    """What each single relaxation would free, most freed first."""
    if result.nothing is None:
        return []
    return [
        Way(r.change.attribute.label, r.freed, change_text(r.change), title(r.nearest))
        for r in result.nothing.relaxations
    ]


def _offer(corridor: Corridor, listing: Listing, found: Found, at: int) -> Offer:
    match, other = found.match, counterpart(listing, found.match)
    full = at <= IN_FULL or bool(found.chosen)
    return Offer(
        at,
        title(other),
        cut(other.id, 60),
        both(city(corridor, other.city)),
        cut(other.party, 60),
        match.score,
        match.verified,
        match.limits,
        match.standing,
        bool(found.chosen),
        list(found.reasons if full else found.reasons[:1]),
        full,
        _stated(found, State.MET) if full else [],
        _stated(found, State.UNVERIFIED) if full else [],
        _parts(match) if full else [],
    )


def _parts(match: Match) -> list[Part]:
    return [Part(PART_LABELS[name], match.parts.get(name)) for name in PARTS]


def _stated(found: Found, state: State) -> list[Label]:
    return [_fact(check) for check in found.hard if check.state is state]


def _fact(check: Check) -> Label:
    """An ask beside its answer: 净高：需方要求 ≥8 米，供方 9 米."""
    name, ask = check.attribute.label, _value(check.attribute, check.ask)
    zh, en = ("需方", "need") if check.asker is Side.NEED else ("供方", "offer")
    verb = (
        Label("不接受", "excludes")
        if check.attribute.relation is Relation.NONE_OF
        else Label("要求", "asks")
    )
    head = Label(f"{name.zh}：{zh}{verb.zh} {ask.zh}", f"{name.en}: {en} {verb.en} {ask.en}")
    if check.answer is None:
        return head + Label("，对方未写明", "; not stated by the other side")
    answer = _value(check.attribute, check.answer)
    return head + Label(f"，对方 {answer.zh}", f"; other side {answer.en}")


def _asks(listing: Listing) -> list[Asks]:
    """Hard limits, preferences and what is merely stated, in the order of the kind."""
    rows: dict[str, list[Markup]] = {"must": [], "wish": [], "said": []}
    for attribute in kind(listing.kind).attributes:
        value = listing.values.get(attribute.name)
        if value is not None and value != "":
            rows[_weight(listing, attribute, value)].append(_pair(attribute, value))
    names = {
        "must": Label("必须", "Must"),
        "wish": Label("偏好", "Prefers"),
        "said": Label("说明", "States"),
    }
    return [Asks(names[row], row == "must", values) for row, values in rows.items() if values]


def _weight(listing: Listing, attribute: Attribute, value: Value) -> str:
    if attribute.asked_by is not listing.side or not asks(attribute, value):
        return "said"
    return "must" if listing.hard(attribute) else "wish"


def _pair(attribute: Attribute, value: Value) -> Markup:
    """The name, and what is said of it: 净高 ≥8 米."""
    return Markup("<i>{}</i> {}").format(both(attribute.label), both(_value(attribute, value)))


def _value(attribute: Attribute, value: Value) -> Label:
    text = value_text(attribute, value)
    return Label(cut(text.zh, VALUE), cut(text.en, VALUE))
