"""The main job: every listing of one side against all of the other, with what to say of each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from ..factors import Label, Listing, Side
from .checks import Check, checks
from .explain import reasons
from .matcher import Matcher
from .pair import Match
from .relax import Nothing, why_nothing


@dataclass(frozen=True)
class Found:
    """One counterpart; what to say of it is worked out when it is read.

    Attributes:
        match: the pair.
        chosen: whether the allocation over everyone introduces this pair; ``None`` without one.
    """

    match: Match
    chosen: bool | None
    matcher: Matcher = field(repr=False)

    @cached_property
    def reasons(self) -> tuple[Label, ...]:
        """At most three, strongest first."""
        return reasons(self.matcher, self.match)

    @cached_property
    def hard(self) -> tuple[Check, ...]:
        """Every hard ask of either side; each is met or still to be verified."""
        return tuple(c for c in checks(self.match.need, self.match.offer) if c.hard)


@dataclass(frozen=True)
class Result:
    """What one listing found."""

    listing: Listing
    found: tuple[Found, ...]
    matcher: Matcher = field(repr=False)

    @cached_property
    def nothing(self) -> Nothing | None:
        """Why it found nothing, when it did."""
        return None if self.found else why_nothing(self.matcher, self.listing)


def results(
    matcher: Matcher,
    matched: Iterable[tuple[Listing, list[Match]]],
    chosen: Iterable[tuple[Listing, Listing, float]] | None = None,
) -> Iterator[Result]:
    """What :meth:`Matcher.match_all` found, ready to be explained, in its order.

    ``chosen`` are the pairs of an :func:`allocate` over everyone.
    """
    picked = None if chosen is None else {(n.kind, n.id, o.id) for n, o, _ in chosen}
    for listing, matches in matched:
        found = tuple(
            Found(m, None if picked is None else _key(m) in picked, matcher) for m in matches
        )
        yield Result(listing, found, matcher)


def counterpart(listing: Listing, match: Match) -> Listing:
    """The other side of a match, seen from one of its listings."""
    return match.offer if listing.side is Side.NEED else match.need


def _key(match: Match) -> tuple[str, str, str]:
    return match.need.kind, match.need.id, match.offer.id
