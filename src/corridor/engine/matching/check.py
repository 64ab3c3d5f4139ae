"""What became of each ask of a pair, and the smallest change that would mend a broken one."""

from dataclasses import dataclass
from datetime import date

from ..factors import (
    SIDE_LABELS,
    Attribute,
    Codes,
    FactorKind,
    Label,
    Listing,
    Range,
    Relation,
    Side,
    State,
    Type,
    Value,
    asks,
    gap,
    judge,
    kind,
)


@dataclass(frozen=True, slots=True)
class Check:
    """One ask of one side against the other's answer."""

    attribute: Attribute
    asker: Side
    ask: Value
    answer: Value | None
    state: State
    hard: bool

    @property
    def broken(self) -> bool:
        """Whether it keeps the pair apart."""
        return self.hard and self.state is State.BROKEN


@dataclass(frozen=True, slots=True)
class Change:
    """The least the asking side must give way for this ask to be met.

    ``to`` is the new ask, ``None`` when it must be dropped; ``gap`` is how far it moves, in the
    attribute's unit (days, positions or number of codes where there is no unit).
    """

    attribute: Attribute
    asker: Side
    ask: Value
    to: Value | None
    gap: float


def checks(need: Listing, offer: Listing) -> list[Check]:
    """Every ask of either side, in the order the kind declares its attributes."""
    stated = {Side.NEED: need.values, Side.OFFER: offer.values}
    found = (
        check(attribute, need, offer)
        for attribute in kind(need.kind).related
        if attribute.name in stated[attribute.asked_by]
    )
    return [c for c in found if c is not None]


def check(attribute: Attribute, need: Listing, offer: Listing) -> Check | None:
    """One attribute of a pair; ``None`` when the asking side asks nothing."""
    asker, other = (need, offer) if attribute.asked_by is Side.NEED else (offer, need)
    ask = asker.ask(attribute)
    if ask is None or not asks(attribute, ask):
        return None
    answer = other.answer(attribute)
    state = judge(attribute, ask, answer)
    return Check(attribute, asker.side, ask, answer, state, asker.hard(attribute))


def smallest_change(check: Check) -> Change:
    """The smallest widening of a broken ask that the answer would meet. Ties: the first code."""
    ask, answer, attribute = check.ask, check.answer, check.attribute
    if isinstance(ask, Range) and isinstance(answer, Range):
        to = None if attribute.type is Type.FLAG else _widened(attribute.relation, ask, answer)
        return Change(attribute, check.asker, ask, to, float(gap(attribute, ask, answer)))
    assert isinstance(ask, frozenset) and isinstance(answer, frozenset)
    relaxed = _recoded(attribute, ask, answer)
    return Change(attribute, check.asker, ask, relaxed or None, float(len(ask ^ relaxed)))


def changes(need: Listing, offer: Listing) -> tuple[Change, ...]:
    """The smallest changes that together would mend every hard ask the pair breaks."""
    return tuple(smallest_change(c) for c in checks(need, offer) if c.broken)


def _widened(relation: Relation | None, ask: Range, answer: Range) -> Range | None:
    match relation:
        case Relation.AT_LEAST:
            return Range(answer.hi, ask.hi)
        case Relation.AT_MOST:
            return Range(ask.lo, answer.lo)
        case Relation.WITHIN:
            return _within(ask, answer)
    if ask.lo is not None and answer.hi is not None and answer.hi < ask.lo:
        return Range(answer.hi, ask.hi)
    return Range(ask.lo, answer.lo)


def _within(ask: Range, answer: Range) -> Range | None:
    """The ask widened until the whole answer fits; an open end of the answer opens the ask."""
    lo = None if ask.lo is None or answer.lo is None else min(ask.lo, answer.lo)
    hi = None if ask.hi is None or answer.hi is None else max(ask.hi, answer.hi)
    return None if lo is None and hi is None else Range(lo, hi)


def _recoded(attribute: Attribute, ask: Codes, answer: Codes) -> Codes:
    covers = attribute.code_list().covers
    match attribute.relation:
        case Relation.ALL_OF:
            return frozenset(a for a in ask if any(covers(a, b) for b in answer))
        case Relation.NONE_OF:
            return frozenset(a for a in ask if not any(covers(a, b) for b in answer))
        case _:
            return ask | {min(answer)}


def not_open(shape: FactorKind, listing: Listing, today: date) -> Label | None:
    """Why a listing is not on offer on a day; ``None`` when it is."""
    if listing.published is not None and listing.published > today:
        return Label(f"{listing.published} 才发布", f"is not published before {listing.published}")
    last = shape.last_day(listing)
    if last is not None and last < today:
        return Label(f"已于 {last} 到期", f"expired on {last}")
    return None


def closed(need: Listing, offer: Listing, today: date) -> Label | None:
    """Why a pair may not meet at all, apart from what they ask; ``None`` when it may."""
    if need.kind != offer.kind:
        return Label("要素类别不同", "the kinds differ")
    if need.side is offer.side:
        return Label("两条信息同为一方", "both stand on the same side")
    if need.party and need.party == offer.party:
        return Label("供需双方是同一主体", "both belong to the same party")
    for listing in (need, offer):
        why = not_open(kind(listing.kind), listing, today)
        if why is not None:
            side = SIDE_LABELS[listing.side]
            return Label(f"{side.zh}{why.zh}", f"the {side.en.lower()} {why.en}")
    return None
