"""When what happens at the demo's conference, and when each of its requests is made and answered."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from corridor.demo.draw import Draw

from ..conference import venue
from .asking import Talk
from .roster import Guest, Pair, Roster

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
#: Rounds of talks in each half of the day, how long one takes, and the break after each.
ROUNDS, MINUTES, GAP = 8, 20, 5
BREAK = timedelta(minutes=60)
#: What happens within so long is written down together, at its end.
TOGETHER = 12 * HOUR
#: So long a request may wait for its answer.
HOURS_TO_ANSWER = 96
#: What becomes of a hundred requests.
ANSWERS = (("accept", 67), ("decline", 17), ("expire", 10), ("withdraw", 4), ("", 2))
#: What becomes of the requests of a party that looks on: first of those that others made.
HOSTED = ("", "accept", "accept", "accept", "decline", "", *("accept",) * 6)


@dataclass(frozen=True, slots=True)
class Program:
    """The days of a conference whose second half began some minutes ago, whatever the time is."""

    noon: datetime

    @classmethod
    def around(cls, now: datetime) -> "Program":
        """The one that is half over now."""
        at = now.replace(second=0, microsecond=0)
        return cls(at - timedelta(minutes=at.minute % 5 + 5))

    @property
    def first(self) -> datetime:
        """When its first round begins."""
        return self.noon - BREAK - timedelta(minutes=ROUNDS * (MINUTES + GAP) - GAP)

    @property
    def opens(self) -> datetime:
        """When it is set up and opened."""
        return self.first - 28 * DAY

    @property
    def known(self) -> datetime:
        """What is published by then may be brought."""
        return self.first - 10 * DAY

    @property
    def closes(self) -> datetime:
        """When requests close."""
        return self.first - 2 * DAY

    def rounds(self) -> list[venue.Round]:
        """All rounds of talks. The halves have no names of a time: the demo is made at any."""
        half = timedelta(minutes=ROUNDS * (MINUTES + GAP))
        return [
            *venue.rounds("上半场", self.first, self.first + half, MINUTES, GAP),
            *venue.rounds("下半场", self.noon, self.noon + half, MINUTES, GAP),
        ]

    def batch(self, at: datetime) -> datetime:
        """When it is written down that something happened."""
        return self.opens + TOGETHER * -((self.opens - at) // TOGETHER)


def registered(
    draw: Draw, program: Program, guests: Mapping[int, Guest], hosts: Collection[int]
) -> dict[int, datetime]:
    """When each party registers: the hosts early, nobody before it has something to bring."""
    times = {}
    for party, guest in guests.items():
        early = party in hosts
        drawn = program.opens + draw.between(2, 60 if early else 24 * 19) * HOUR
        times[party] = program.batch(min(max(drawn, guest.since + HOUR), program.known + 12 * HOUR))
    return times


def talks(
    draw: Draw,
    program: Program,
    roster: Roster,
    times: Mapping[int, datetime],
    hosts: Collection[int],
) -> list[Talk]:
    """When each request is made, and what becomes of it when."""
    fates: dict[int, tuple[str, ...]] = dict.fromkeys(hosts, HOSTED)
    made = []
    for pair in roster.asks:
        begin = max(times[pair.a], times[pair.b]) + TOGETHER
        made.append(_talk(draw, program, pair, begin, _fate(draw, pair, fates)))
    return made


def _fate(draw: Draw, pair: Pair, fates: dict[int, tuple[str, ...]]) -> str:
    """Of those who look on each has of everything: what is agreed, and something left to answer."""
    looking = [party for party in (pair.b, pair.a) if party in fates]
    if not looking:
        return draw.weighted(ANSWERS)
    left = fates[looking[0]]
    fate = next((one for one in left if one or pair.b in fates), "accept")
    at = left.index(fate) if fate in left else len(left)
    fates[looking[0]] = left[:at] + left[at + 1 :]
    return fate


def _talk(draw: Draw, program: Program, pair: Pair, begin: datetime, fate: str) -> Talk:
    """A request between ``begin`` and the close of requests, and its answer in time."""
    until = program.closes - (5 * TOGETHER if fate == "expire" else 2 * TOGETHER)
    if not fate:
        return Talk(pair, program.closes - TOGETHER)
    asked = program.batch(begin + draw.between(0, max(0, (until - begin) // HOUR)) * HOUR)
    if fate == "expire":
        return Talk(pair, asked, fate, program.batch(asked + HOURS_TO_ANSWER * HOUR))
    left = (program.closes - TOGETHER - asked) // HOUR
    later = asked + draw.between(1, max(1, min(70, left))) * HOUR
    return Talk(pair, asked, fate, program.batch(later))


def together(times: Mapping[int, datetime]) -> Iterator[tuple[datetime, list[int]]]:
    """The keys of one time each, in the order of time."""
    found: dict[datetime, list[int]] = {}
    for key, at in times.items():
        found.setdefault(at, []).append(key)
    yield from sorted(found.items())
