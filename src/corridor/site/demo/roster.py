"""Who comes to the demo's conference with what, and who asks whom about it: drawn, not done."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from corridor.demo.draw import Draw

from ..core.models import Party
from ..docking.models import Match
from ..listings.models import Anonymity, Listing, State

#: How many meetings parties are after, and how many of a hundred parties are after so many.
EAGER = ((3, 24), (5, 26), (7, 24), (9, 14), (13, 9), (20, 3))
#: Whom everyone of these asks for so many meetings; they are the ones who log in.
HOST = 9
#: Of a hundred who need an interpreter at all, who needs which.
LANGUAGES = (("en", 45), ("de", 20), ("ja", 25), ("ko", 10))
#: One party in so many comes under no name, if it has anything to show without one.
NAMELESS = 30


@dataclass
class Guest:
    """A party that comes: with which listings, since when one of them is published, and how."""

    party: int
    since: datetime
    listings: list[Listing] = field(default_factory=list)
    language: str = ""
    absent: str = ""
    on_screen: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """That one party could ask another about ``target``, having ``own`` to bring, or nothing."""

    a: int
    b: int
    own: Listing | None
    target: Listing
    score: float


@dataclass
class Roster:
    """Those who come by party, what they ask of each other, and what nobody asked."""

    guests: dict[int, Guest]
    asks: list[Pair]
    spare: list[Pair]


def usable(until: datetime) -> Iterable[Listing]:
    """What was published by then and may be brought to a conference, by id."""
    fit = Q(deadline=None) | Q(deadline__gte=timezone.localdate() + timedelta(days=1))
    found = Listing.objects.filter(fit, state=State.PUBLISHED, published_at__lt=until)
    found = found.exclude(anonymity=Anonymity.NAMED).exclude(party__kind=Party.Kind.OFFICE)
    fields = ("ref", "party", "side", "kind", "title", "city", "anonymity", "published_at")
    shown: Iterable[Listing] = found.order_by("id").only(*fields)
    return shown


def draw_roster(
    draw: Draw,
    until: datetime,
    hosts: Collection[int],
    taken: Collection[Pair],
    *,
    parties: int,
    requests: int,
) -> Roster:
    """So many parties, the ``hosts`` among them, and so many requests between them.

    ``taken`` are those who talk already: they come with what they talk about, and do not ask anew.
    Raises ``ValueError`` where the world has not so many.
    """
    brought = _brought(usable(until))
    first = dict.fromkeys(hosts)
    guests = {
        party: Guest(party, min(filter(None, (one.published_at for one in brought[party]))))
        for party in list(dict.fromkeys([*first, *brought]))[:parties]
        if party in brought
    }
    if len(guests) < parties:
        raise ValueError(f"only {len(guests)} parties have a listing to bring, not {parties}")
    known = {one.pk: one for party in guests for one in brought[party]}
    talking = [one for one in taken if {one.target.pk, one.own and one.own.pk} <= known.keys()]
    met = {frozenset((one.a, one.b)) for one in taken}
    pairs = [one for one in _matched(draw, known) if frozenset((one.a, one.b)) not in met]
    asks, spare = _chosen(draw, guests, hosts, pairs, requests)
    if len(asks) < requests:
        raise ValueError(f"only {len(asks)} requests can be made, not {requests}")
    for one in [*talking, *asks, *spare[:40]]:
        _bring(guests, one)
    for guest in guests.values():
        guest.listings = guest.listings or draw.some(brought[guest.party], 2)
        _describe(draw, guest, hosts)
    return Roster(guests, asks, spare[:40])


def _brought(found: Iterable[Listing]) -> dict[int, list[Listing]]:
    """What each party can bring: under its name, or, some, all without one. Never both."""
    named, nameless = defaultdict[int, list[Listing]](list), defaultdict[int, list[Listing]](list)
    for one in found:
        hidden = one.anonymity == Anonymity.ANONYMOUS
        (nameless if hidden else named)[one.party_id].append(one)
    rare = {party: own for party, own in nameless.items() if party % NAMELESS == 0}
    return dict(sorted((dict(named) | rare).items()))


def _matched(draw: Draw, known: Mapping[int, Listing]) -> list[Pair]:
    """The best match of every two parties, the better first, with some chance in it."""
    best: dict[tuple[int, int], tuple[float, int, int]] = {}
    rows = Match.objects.filter(verified=True).order_by("need__ref", "offer__ref")
    for need, offer, score in rows.values_list("need", "offer", "score"):
        if need in known and offer in known:
            key = (known[need].party_id, known[offer].party_id)
            key = (min(key), max(key))
            best[key] = max(best.get(key, (0.0, 0, 0)), (score, -need, -offer))
    found = []
    for score, need, offer in best.values():
        own, target = known[-need], known[-offer]
        if draw.chance(40):  # it is the one with the offer that asks
            own, target = target, own
        if own.party_id != target.party_id:
            weight = score + draw.below(30) / 100
            found.append((weight, Pair(own.party_id, target.party_id, own, target, score)))
    found.sort(key=lambda one: (-one[0], one[1].target.ref))
    return [pair for _weight, pair in found]


def _chosen(
    draw: Draw, guests: Mapping[int, Guest], hosts: Collection[int], pairs: list[Pair], count: int
) -> tuple[list[Pair], list[Pair]]:
    """So many pairs: first of the hosts, then one of each party, then the best; and the rest."""
    eager = {party: draw.weighted(EAGER) for party in guests} | dict.fromkeys(hosts, HOST)
    asked: dict[int, int] = defaultdict(int)
    chosen: dict[int, Pair] = {}

    def choose(number: int, one: Pair) -> None:
        chosen[number] = one
        asked[one.a] += 1
        asked[one.b] += 1

    for number, one in enumerate(pairs):
        if {one.a, one.b} & set(hosts) and all(asked[who] < eager[who] for who in (one.a, one.b)):
            choose(number, one)
    for number, one in enumerate(pairs):
        if number not in chosen and not (asked[one.a] and asked[one.b]) and len(chosen) < count:
            choose(number, one)
    for more in (0, 4, 8):
        for number, one in enumerate(pairs):
            room = all(asked[who] < eager[who] + more for who in (one.a, one.b))
            if room and number not in chosen and len(chosen) < count:
                choose(number, one)
    rest = [one for number, one in enumerate(pairs) if number not in chosen]
    spare = [one for one in rest if not {one.a, one.b} & set(hosts)]
    return [*chosen.values(), *_unmatched(draw, guests, asked, spare, count - len(chosen))], spare


def _unmatched(
    draw: Draw,
    guests: Mapping[int, Guest],
    asked: Mapping[int, int],
    spare: list[Pair],
    count: int,
) -> Iterator[Pair]:
    """Where the matches do not reach: whoever nothing matches asks all the same, for what is liked."""
    liked = list({one.target.party_id: one.target for one in spare}.values())
    alone = [party for party in guests if not asked.get(party)]
    wanted = [(party, target) for party in alone for target in draw.some(liked, 3)]
    for party, target in wanted[:count]:
        yield Pair(party, target.party_id, None, target, 0.0)


def _bring(guests: Mapping[int, Guest], one: Pair) -> None:
    for listing in (one.own, one.target):
        if listing is not None and listing not in guests[listing.party_id].listings:
            guests[listing.party_id].listings.append(listing)


def _describe(draw: Draw, guest: Guest, hosts: Collection[int]) -> None:
    """How they come: some need an interpreter, some come for one half of the day only."""
    guest.on_screen = draw.chance(80) or guest.party in hosts
    if guest.party in hosts:
        return
    guest.language = draw.weighted(LANGUAGES) if draw.chance(6) else ""
    guest.absent = draw.weighted((("", 88), ("second", 7), ("first", 5)))
