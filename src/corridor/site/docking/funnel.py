"""How far listings get, from publishing to agreement, and why the rest do not.

Counted is the cohort: the listings published in a window, however long they took afterwards. Each
step counts those of the step before that went on, so a rate never exceeds one:

- 发布: published in the window, and not taken down since;
- 匹配: the matcher found a counterpart, or a party did;
- 对接: an introduction was accepted;
- 达成: a party of such an introduction reported an agreement.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from ..core.actor import Actor, Role
from ..core.region import city_choices
from ..listings.models import Anonymity, ExitReason, Listing, kind_choices
from ..listings.models import State as ListingState
from .codes import Reason
from .models import Introduction, Outcome, State, Unsuitable

LABELS = (
    pgettext_lazy("funnel", "发布"),
    pgettext_lazy("funnel", "匹配"),
    pgettext_lazy("funnel", "对接"),
    pgettext_lazy("funnel", "达成"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """How many got here, of how many that came to the step before (``None`` for the first)."""

    label: str
    count: int
    of: int | None
    window: str


@dataclass(frozen=True, slots=True)
class Conversion:
    """The steps of one kind or city."""

    key: str
    label: str
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Exit:
    """Why some went no further than a step: how many, of all that stood there in the window."""

    step: str
    reason: str
    count: int
    of: int
    window: str


def window(days: int | None) -> str:
    """What a rate says of its window."""
    return _("近 %(days)s 天") % {"days": days} if days else _("全部时间")


def steps(
    actor: Actor, *, days: int | None = None, city: str | None = None, kind: str | None = None
) -> list[Step]:
    """The funnel of the listings whose existence the actor may know of, in or out of a city."""
    found = _published(days).filter(_known_to(actor))
    if city:
        found = found.filter(city=city)
    if kind:
        found = found.filter(kind=kind)
    return _steps([count[()] for count in _counts(found)], days)


def conversions(days: int | None = None) -> dict[Literal["kind", "city"], list[Conversion]]:
    """The funnel of each kind and that of each city over all listings, of one query; for the office."""
    counts = _counts(_published(days), "kind", "city")
    return {
        "kind": [_conversion(0, *choice, counts, days) for choice in kind_choices()],
        "city": [_conversion(1, *choice, counts, days) for choice in city_choices()],
    }


def _conversion(
    at: int, key: str, label: str, counts: list[Counter[tuple[str, ...]]], days: int | None
) -> Conversion:
    """The steps of the cells that have ``key`` at ``at``."""
    sums = [sum(n for cell, n in count.items() if cell[at] == key) for count in counts]
    return Conversion(key, label, _steps(sums, days))


def flows(days: int | None = None) -> list[tuple[str, str, int]]:
    """Accepted introductions by the asker's city and that of the party asked, most first."""
    accepted = Introduction.objects.filter(accepted_at__gt=_since(days))
    public = accepted.exclude(target__anonymity=Anonymity.NAMED)
    ends = ("from_party__city", "to_party__city")
    rows = public.order_by().values_list(*ends).annotate(n=Count("pk"))
    return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))


def exits(
    *, days: int | None = None, city: str | None = None, kind: str | None = None
) -> list[Exit]:
    """Why listings and introductions went no further; for the desks of bureaus and the office."""
    return [
        *_closed(days, _at(city, kind, "")),
        *_set_aside(days, _at(city, kind, "listing__")),
        *_not_accepted(days, _talking(city, kind)),
        *_not_agreed(days, _talking(city, kind)),
    ]


# --- why not ---


def _at(city: str | None, kind: str | None, path: str) -> Q:
    wanted = {f"{path}city": city, f"{path}kind": kind}
    return Q(**{name: value for name, value in wanted.items() if value})


def _talking(city: str | None, kind: str | None) -> Q:
    """Introductions that a city has a party in, of a kind."""
    of = Q(from_party__city=city) | Q(to_party__city=city) if city else Q()
    return of & Q(target__kind=kind) if kind else of


def _closed(days: int | None, at: Q) -> Iterator[Exit]:
    published = _published(days).filter(at)
    closed = published.filter(state=ListingState.CLOSED).exclude(exit_reason=ExitReason.SIGNED_HERE)
    rows = closed.order_by().values_list("exit_reason").annotate(n=Count("pk"))
    names = dict(ExitReason.choices)
    yield from _exits(0, [(names.get(why, ""), n) for why, n in rows], published.count(), days)


def _set_aside(days: int | None, at: Q) -> Iterator[Exit]:
    """Of the matches set aside, for each reason how many."""
    aside = Unsuitable.objects.filter(at, at__gt=_since(days))
    yield from _exits(1, _reasons(aside), aside.count(), days)


def _not_accepted(days: int | None, at: Q) -> Iterator[Exit]:
    asked = Introduction.objects.filter(at, created_at__gt=_since(days)).order_by()
    rows = list(asked.values_list("state", "reason").annotate(n=Count("pk")))
    why: Counter[object] = Counter()
    for state, reason, n in rows:
        if state == State.DECLINED:
            why[dict(Reason.choices).get(reason, reason)] += n
        elif state in (State.EXPIRED, State.WITHDRAWN):
            why[State(state).label] += n
    yield from _exits(2, why.items(), sum(n for _state, _reason, n in rows), days)


def _not_agreed(days: int | None, at: Q) -> Iterator[Exit]:
    """As either party says; where both give a reason, both count."""
    accepted = Introduction.objects.filter(at, accepted_at__gt=_since(days))
    none = Outcome.objects.filter(introduction__in=accepted, result=Outcome.Result.NONE)
    yield from _exits(3, _reasons(none, "introduction"), accepted.count(), days)


def _reasons(found: QuerySet[Any], counted: str = "pk") -> list[tuple[object, int]]:
    rows = found.order_by().values_list("reason").annotate(n=Count(counted, distinct=True))
    names = dict(Reason.choices)
    return [(names.get(reason, reason), n) for reason, n in rows]


def _exits(
    step: int, rows: Iterable[tuple[object, int]], of: int, days: int | None
) -> Iterator[Exit]:
    """Most frequent first, equals by name."""
    for reason, count in sorted(rows, key=lambda row: (-row[1], str(row[0]))):
        yield Exit(str(LABELS[step]), str(reason), count, of, window(days))


# --- counting ---

_ALWAYS = datetime(1, 1, 2, tzinfo=UTC)


def _since(days: int | None) -> datetime:
    return timezone.now() - timedelta(days=days) if days else _ALWAYS


def _published(days: int | None) -> QuerySet[Listing]:
    found = Listing.objects.filter(published_at__gt=_since(days))
    kept: QuerySet[Listing] = found.exclude(state__in=(ListingState.DRAFT, ListingState.HIDDEN))
    return kept


def _known_to(actor: Actor) -> Q:
    """Listings whose number tells the actor nothing that is kept from them."""
    if actor.role in (Role.OFFICE, Role.ANALYST):
        return Q()
    known = [Anonymity.PUBLIC, Anonymity.ANONYMOUS]
    if not actor.is_anonymous:
        known.append(Anonymity.CORRIDOR)
    own = Q(city=actor.city) if actor.role is Role.BUREAU else Q(pk__in=())
    return Q(anonymity__in=known) | own


def _counts(found: QuerySet[Listing], *by: str) -> list[Counter[tuple[str, ...]]]:
    """How many of the listings got to each step, by the values of some fields. One query."""
    introduced = Introduction.objects.all()
    accepted = Introduction.objects.filter(accepted_at__isnull=False)
    agreed = accepted.filter(outcomes__result=Outcome.Result.AGREEMENT)
    matched = Q(matched__since__isnull=False) | _in(introduced)
    reached = {
        f"step{at}": Count("pk", filter=here)
        for at, here in enumerate((None, matched, _in(accepted), _in(agreed)))
    }
    rows: Any = (
        found.order_by().values(*by).annotate(**reached) if by else [found.aggregate(**reached)]
    )
    cells = [(tuple(row[name] for name in by), row) for row in rows]
    return [Counter({cell: row[step] for cell, row in cells}) for step in reached]


def _in(introductions: QuerySet[Introduction]) -> Q:
    return Q(pk__in=introductions.filter(need__isnull=False).values("need")) | Q(
        pk__in=introductions.filter(offer__isnull=False).values("offer")
    )


def _steps(counts: list[int], days: int | None) -> list[Step]:
    before: list[int | None] = [None, *counts[:-1]]
    return [
        Step(str(label), count, of, window(days))
        for label, count, of in zip(LABELS, counts, before, strict=True)
    ]
