"""Keeping the best counterparts of every published listing, kind by kind.

A run works them out, writes list after list in short transactions, and in one last transaction says
which listings it has dealt with (:class:`Matched`). Wherever it is killed, the next run finds the
same listings still to do and writes the same rows. Where only a few changed, their lists are made
anew and those they touch; the first run of a day makes all, since scores depend on the day.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.engine.factors import Side
from corridor.engine.factors import kind as kind_of

from ..core.region import in_language
from .models import Match, Matched, NearMiss, Refresh
from .world import MISSES, TOP, World, anything_new

if TYPE_CHECKING:
    from corridor.engine.matching import Best, Matcher
    from corridor.engine.matching import Match as Found
    from corridor.engine.matching import NearMiss as Missed


CHUNK = 100
#: Above this share of changed listings, making all lists is less work than finding who is touched.
MANY = 0.1

#: Told of (done, total, message) inside the transaction of each chunk, which it undoes by raising.
Progress = Callable[[int, int, str], None]
#: Opens the last transaction.
Finish = Callable[[], AbstractContextManager[Any]]


def _quiet(_done: int, _total: int, _message: str) -> None:
    """Nobody watches."""


def refresh(kind: str, progress: Progress = _quiet, finish: Finish = transaction.atomic) -> None:
    """Bring the matches and near misses of a kind up to date. Imports the numeric engine."""
    today = timezone.localdate()
    stale = not Refresh.objects.filter(kind=kind, full_on=today).exists()
    if not stale and not anything_new(kind, today):
        with finish():
            return
    world = World(kind, today)
    matcher = world.matcher()
    full = stale or len(world.changed) + len(world.gone) > MANY * len(world.entries)
    bests, total = _all(world, matcher) if full else _some(world, matcher)
    message = _("正在匹配“%(kind)s”") % {"kind": in_language(kind_of(kind).label)}
    done = 0
    for chunk in _chunks(bests):
        with transaction.atomic():
            _write(world, matcher, chunk)
            done += len(chunk)
            progress(done, total, message)
    with finish():
        _settle(world)
        if full:
            Refresh.objects.update_or_create(kind=kind, defaults={"full_on": today})


def _all(world: World, matcher: "Matcher") -> tuple[Iterator["Best"], int]:
    return matcher.match_both(world.kind, top=TOP, misses=MISSES), len(world.entries)


def _some(world: World, matcher: "Matcher") -> tuple[Iterator["Best"], int]:
    touched = world.touched(matcher)
    return (matcher.best(one, top=TOP, misses=MISSES) for one in touched), len(touched)


def _chunks(bests: Iterable["Best"]) -> Iterator[list["Best"]]:
    """Some lists at a time, of one side: a pair comes once in each."""
    for _side, group in groupby(bests, key=lambda best: best.listing.side):
        while chunk := list(islice(group, CHUNK)):
            yield chunk


def _write(world: World, matcher: "Matcher", bests: Sequence["Best"]) -> None:
    """Replace the lists of these listings, all of one side. Part of the caller's transaction."""
    side = bests[0].listing.side
    rank = f"rank_{side}"
    mine = [world.entries[best.listing.id].pk for best in bests]
    matches, misses = [], []
    for best in bests:
        found, missed = _shown(world, matcher, best)
        for at, match in enumerate(found, 1):
            weighed = {
                "score": match.score,
                "verified": match.verified,
                "evidence": matcher.evidence(match).record(),
            }
            matches.append(Match(**_ids(world, match), **weighed, **{rank: at}))
        for at, miss in enumerate(missed, 1):
            misses.append(NearMiss(**_ids(world, miss), **{rank: at}))
    _replace(Match, side, mine, matches, ["score", "verified", "evidence", rank])
    _replace(NearMiss, side, mine, misses, [rank])


def _shown(world: World, matcher: "Matcher", best: "Best") -> tuple[list["Found"], list["Missed"]]:
    """The best that may stand in the list; as many as there are, where some may not."""
    top, misses = TOP, MISSES
    while True:
        found = [one for one in best.matches if world.shows(best.listing, one)]
        missed = [one for one in best.misses if world.shows(best.listing, one)]
        more = len(found) < TOP and len(best.matches) == top
        if not more and (len(missed) >= MISSES or len(best.misses) < misses):
            return found[:TOP], missed[:MISSES]
        top, misses = 4 * top, 4 * misses
        best = matcher.best(best.listing, top=top, misses=misses)


def _ids(world: World, pair: "Found | Missed") -> dict[str, int]:
    return {
        "need_id": world.entries[pair.need.id].pk,
        "offer_id": world.entries[pair.offer.id].pk,
    }


def _replace(
    model: type[Match | NearMiss], side: Side, mine: list[int], rows: list[Any], fields: list[str]
) -> None:
    """Put ``rows`` where the lists of ``mine`` were. A pair in no list any more is dropped."""
    rank = f"rank_{side}"
    model.objects.filter(**{f"{side}__in": mine, f"{rank}__isnull": False}).update(**{rank: None})
    model.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["need", "offer"], update_fields=fields
    )
    model.objects.filter(rank_need=None, rank_offer=None, **{f"{side}__in": mine}).delete()


def _settle(world: World) -> None:
    """Say what was dealt with. Part of the last transaction."""
    for some in _parts(sorted(world.gone)):
        either = Q(need__in=some) | Q(offer__in=some)
        Match.objects.filter(either).delete()
        NearMiss.objects.filter(either).delete()
        Matched.objects.filter(listing__in=some).update(stamp=None)
    Matched.objects.bulk_create(
        [
            Matched(listing_id=world.entries[ref].pk, stamp=world.entries[ref].stamp)
            for ref in sorted(world.changed)
        ],
        update_conflicts=True,
        unique_fields=["listing"],
        update_fields=["stamp"],
    )
    found = Q(Exists(Match.objects.filter(need=OuterRef("pk"), rank_need__isnull=False))) | Q(
        Exists(Match.objects.filter(offer=OuterRef("pk"), rank_offer__isnull=False))
    )
    first = Matched.objects.filter(found, since=None, listing__kind=world.kind)
    first.update(since=timezone.now())


def _parts(ids: list[int]) -> Iterator[list[int]]:
    for at in range(0, len(ids), CHUNK):
        yield ids[at : at + CHUNK]
