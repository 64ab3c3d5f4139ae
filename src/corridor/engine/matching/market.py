"""The main job: every listing of one side against all of the other, with what to say of each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ..factors import Label, Listing, Side
from .check import Check
from .explain import Explanation
from .nothing import NearMiss, Nothing
from .pair import Match, Pair

if TYPE_CHECKING:  # what is here says what was found; only finding it needs the arrays
    from .matcher import Matcher


@dataclass(frozen=True)
class Found:
    """One counterpart; what to say of it is worked out when it is read.

    Attributes:
        match: the pair.
        chosen: whether the allocation over everyone introduces this pair; ``None`` without one.
    """

    match: Match
    chosen: bool | None
    matcher: "Matcher" = field(repr=False)

    @cached_property
    def said(self) -> Explanation:
        """All that can be said of it."""
        return self.matcher.explain_match(self.match)

    @property
    def reasons(self) -> tuple[Label, ...]:
        """At most three, strongest first."""
        return self.said.reasons

    @property
    def hard(self) -> tuple[Check, ...]:
        """Every hard ask of either side; each is met or still to be verified."""
        return self.said.hard


@dataclass(frozen=True)
class Result:
    """What one listing found."""

    listing: Listing
    found: tuple[Found, ...]
    matcher: "Matcher" = field(repr=False)

    @cached_property
    def nothing(self) -> Nothing | None:
        """Why it found nothing, when it did."""
        return None if self.found else self.matcher.why_nothing(self.listing)


def results(
    matcher: "Matcher",
    matched: Iterable[tuple[Listing, list[Match]]],
    chosen: Sequence[Pair] | None = None,
) -> Iterator[Result]:
    """What :meth:`Matcher.match_all` found, ready to be explained, in its order.

    ``chosen`` are the pairs of an :func:`allocate` over everyone; one that a listing's own list
    does not reach is added at its end.
    """
    picked = None if chosen is None else {_key(need, offer) for need, offer, _ in chosen}
    theirs = _by_listing(chosen or ())
    for listing, matches in matched:
        matches = [*matches, *_beyond(matcher, matches, theirs.get(_id(listing), ()))]
        found = tuple(
            Found(m, None if picked is None else _key(m.need, m.offer) in picked, matcher)
            for m in matches
        )
        yield Result(listing, found, matcher)


def counterpart(listing: Listing, match: Match | NearMiss) -> Listing:
    """The other side of a pair, seen from one of its listings."""
    return match.offer if listing.side is Side.NEED else match.need


def _key(need: Listing, offer: Listing) -> tuple[str, str, str]:
    return need.kind, need.id, offer.id


def _id(listing: Listing) -> tuple[str, str, str]:
    return listing.kind, listing.side, listing.id


def _by_listing(chosen: Iterable[Pair]) -> dict[tuple[str, str, str], list[Pair]]:
    theirs: dict[tuple[str, str, str], list[Pair]] = {}
    for pair in chosen:
        for listing in pair[:2]:
            theirs.setdefault(_id(listing), []).append(pair)
    return theirs


def _beyond(matcher: "Matcher", listed: Iterable[Match], pairs: Iterable[Pair]) -> list[Match]:
    """The chosen pairs of a listing that are not in its list, best first."""
    known = {_key(match.need, match.offer) for match in listed}
    missing = [pair for pair in pairs if _key(*pair[:2]) not in known]
    missing.sort(key=lambda pair: (-pair[2], pair[0].id, pair[1].id))
    return [matcher.pair(need, offer) for need, offer, _ in missing]
