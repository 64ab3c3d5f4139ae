"""What has happened in the demo: every step done by the verbs that people use, at its own time.

Each story is a list of events; all events are played in the order of their times, with the
site's clock set to each, so that histories, rates, clocks and the audit chain are what they would
be if it had happened.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from unittest import mock

from django.db import transaction
from django.utils import timezone

from corridor.demo.draw import Draw

from ..core.actor import Role
from ..core.models import Party
from ..docking.models import Match
from . import conferences, dockings, intakes, people, reviews
from .cast import Cast, Event, join
from .people import Login
from .roster import Pair, Roster, draw_roster

INTRODUCTIONS, LEADS, REVIEWS = 140, 48, 36
COUNT = INTRODUCTIONS + LEADS + REVIEWS
#: The logins whose parties look on at the conferences; the first is invited to the one to come.
HOSTS = ("suzhou-firm", "hefei-lab", "jiaxing-park")
Step = Callable[[int], None]


def tell(bodies: dict[str, Party], seed: int, size: conferences.Size, step: Step) -> list[Login]:
    """Play all stories; the named logins."""
    now = timezone.now()
    with transaction.atomic():
        firm, lab = _pair()
        logins = _logins(bodies, firm, lab)
        cast = Cast(bodies)
        draw = Draw(seed, 9, 0)
        pairs = dockings.chosen(firm, lab, INTRODUCTIONS)
        events = [
            *reviews.events(cast, firm, draw, now, REVIEWS),
            *dockings.events(cast, pairs, draw, now),
            *intakes.events(cast, draw, now, LEADS),
            *_conferences(cast, pairs, Draw(seed, 9, 1), now, size),
        ]
        play(events, now, step)
    return logins


def play(events: list[Event], now: datetime, step: Step) -> None:
    """Let happen what has happened by now, in the order of its time; ``COUNT`` steps in all."""
    with at_time() as clock:
        past = sorted((e for e in events if e.at <= now), key=lambda event: event.at)
        for number, event in enumerate(past):
            clock.now = event.at
            event.do()
            step((number + 1) * COUNT // len(past) - number * COUNT // len(past))


def _conferences(
    cast: Cast, pairs: list[Match], draw: Draw, now: datetime, size: conferences.Size
) -> Iterator[Event]:
    """A conference that is half over and one to come."""
    hosts = [Party.objects.get(memberships__user__username=name).pk for name in HOSTS]
    under_way = conferences.UnderWay(cast, draw, now, size, hosts)
    found = drawn(under_way, draw, pairs, size, hosts)
    cast.gather(found.guests)
    yield from under_way.events(found)
    yield from conferences.coming(cast, draw, now, size, found, hosts)


def drawn(
    under_way: conferences.UnderWay,
    draw: Draw,
    pairs: list[Match],
    size: conferences.Size,
    hosts: list[int],
) -> Roster:
    """Who comes to a conference; ``pairs`` talk to each other already."""
    talking = [
        Pair(one.need.party_id, one.offer.party_id, one.need, one.offer, one.score) for one in pairs
    ]
    return draw_roster(
        draw, under_way.program.known, hosts, talking,
        parties=size.parties, requests=size.requests,
    )  # fmt: skip


def _pair() -> tuple[Party, Party]:
    """An enterprise of Suzhou and a lab of Hefei that the matcher brought together best."""
    best = Match.objects.filter(
        need__party__city="320500", need__party__kind="enterprise", offer__party__city="340100"
    )
    chosen = best.filter(offer__party__kind="lab").order_by(*dockings.BEST).first()
    if chosen is not None:
        return chosen.need.party, chosen.offer.party
    firm = Party.objects.filter(city="320500", kind="enterprise", listings__side="need").first()
    lab = Party.objects.filter(city="340100", kind="lab", listings__side="offer").first()
    if firm is None or lab is None:
        raise ValueError("the world is too small for the stories; make at least 2,000 listings")
    return firm, lab


def _logins(bodies: dict[str, Party], firm: Party, lab: Party) -> list[Login]:
    park = Party.objects.filter(city="330400", kind="park").order_by("id").first()
    assert park is not None
    made = [
        ("office", "陈一诺", bodies[""], Role.OFFICE),
        ("suzhou", "周以宁", bodies["320500"], Role.BUREAU),
        ("hefei", "方知远", bodies["340100"], Role.BUREAU),
        ("suzhou-firm", "沈若川", firm, Role.MEMBER),
        ("hefei-lab", "梁思齐", lab, Role.MEMBER),
        ("jiaxing-park", "陆听澜", park, Role.MEMBER),
        ("judge", "顾清和", bodies[""], Role.JUDGE),
        ("analyst", "许砚书", bodies[""], Role.ANALYST),
    ]
    for city, body in bodies.items():
        if city not in ("", "320500", "340100"):
            join(body, Role.BUREAU)
    return [people.log_in(*one) for one in made]


@dataclass
class Clock:
    """The time that the stories have reached."""

    now: datetime


@contextmanager
def at_time() -> Iterator[Clock]:
    """Let the site read its time off the clock this gives."""
    clock = Clock(timezone.now())
    with mock.patch.object(timezone, "now", lambda: clock.now):
        yield clock
