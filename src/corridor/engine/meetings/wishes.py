"""What organiser and participants want of a timetable, each by itself, and how each can give way.

A conference is the sum of its wishes; whatever else holds of a timetable (nobody is in two meetings
at once) nobody can give up. Changes are tried from the gentlest to giving the wish up.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from .model import Conference, Meeting, Participant

K = TypeVar("K")


class Rule(StrEnum):
    """The kinds of wishes; the ones that are easier to give up come first."""

    FAIRNESS = "fairness"
    TABLES = "tables"
    INTERPRETERS = "interpreters"
    BEFORE = "before"
    SESSION = "session"
    FIXED = "fixed"
    AWAY = "away"
    MOST = "most"
    WALK = "walk"
    LEAST = "least"
    MUST = "must"


RANK = {rule: at for at, rule in enumerate(Rule)}


@dataclass(frozen=True, slots=True)
class Wish:
    """One rule of a conference.

    Attributes:
        rule: its kind.
        of: the meeting, participant, hall or language it is about; of a precedence the earlier meeting.
        other: the later meeting of a precedence, the other hall of a way.
        slot: of tables and interpreters.
    """

    rule: Rule
    of: str = ""
    other: str = ""
    slot: int = 0

    @property
    def order(self) -> tuple[int, str, str, int]:
        """By which wishes are sorted."""
        return RANK[self.rule], self.of, self.other, self.slot


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A wish that gives way.

    ``to``: the number it comes down or goes up to; of ``away``, the slot in which they come after
    all. None: it is given up.
    """

    wish: Wish
    to: int | None = None


def wishes(conference: Conference) -> list[Wish]:
    """Every wish of a conference, in an order that does not depend on how it was given."""
    found = [*_of_participants(conference), *_of_meetings(conference)]
    if conference.fairness is not None:
        found.append(Wish(Rule.FAIRNESS))
    used = {one.hall for one in conference.meetings}
    spoken = {one.language for one in conference.meetings}
    for rule, named, wanted in (
        (Rule.TABLES, conference.tables, used),
        (Rule.INTERPRETERS, conference.interpreters, spoken),
    ):
        found += [
            Wish(rule, k, slot=s) for k, n in named.items() if k in wanted for s in range(len(n))
        ]
    found += [Wish(Rule.BEFORE, a, b) for a, b in set(conference.precedences)]
    found += [Wish(Rule.WALK, *pair) for pair, gap in conference.walks.items() if gap]
    return sorted(found, key=lambda one: one.order)


def _of_participants(conference: Conference) -> Iterator[Wish]:
    for one in conference.participants:
        if one.away:
            yield Wish(Rule.AWAY, one.id)
        if one.least:
            yield Wish(Rule.LEAST, one.id)
        if one.most is not None:
            yield Wish(Rule.MOST, one.id)


def _of_meetings(conference: Conference) -> Iterator[Wish]:
    for one in conference.meetings:
        if one.must:
            yield Wish(Rule.MUST, one.id)
        if one.session is not None:
            yield Wish(Rule.SESSION, one.id)
        if one.fixed is not None:
            yield Wish(Rule.FIXED, one.id)


def relaxed(conference: Conference, relaxations: Iterable[Relaxation]) -> Conference:
    """The conference with these wishes given way."""
    for one in relaxations:
        conference = _relaxed(conference, one.wish, one.to)
    return conference


def _relaxed(conference: Conference, wish: Wish, to: int | None) -> Conference:
    match wish.rule:
        case Rule.FAIRNESS:
            return replace(conference, fairness=to)
        case Rule.TABLES:
            return replace(conference, tables=_room(conference, conference.tables, wish, to))
        case Rule.INTERPRETERS:
            room = _room(conference, conference.interpreters, wish, to)
            return replace(conference, interpreters=room)
        case Rule.BEFORE:
            rest = (pair for pair in conference.precedences if pair != (wish.of, wish.other))
            return replace(conference, precedences=tuple(rest))
        case Rule.WALK:
            return replace(conference, walks={**conference.walks, (wish.of, wish.other): to or 0})
        case Rule.SESSION | Rule.FIXED | Rule.MUST:
            return replace(conference, meetings=_meetings(conference, wish))
        case Rule.AWAY | Rule.MOST | Rule.LEAST:
            return replace(conference, participants=_participants(conference, wish, to))


def _room(
    conference: Conference, named: Mapping[str, tuple[int, ...]], wish: Wish, to: int | None
) -> dict[str, tuple[int, ...]]:
    room = list(named[wish.of])
    room[wish.slot] = len(conference.meetings) if to is None else to
    return {**named, wish.of: tuple(room)}


def _meetings(conference: Conference, wish: Wish) -> tuple[Meeting, ...]:
    def gives_way(one: Meeting) -> Meeting:
        match wish.rule:
            case Rule.SESSION:
                return replace(one, session=None)
            case Rule.FIXED:
                return replace(one, fixed=None)
            case _:
                return replace(one, must=False)

    return tuple(gives_way(one) if one.id == wish.of else one for one in conference.meetings)


def _participants(conference: Conference, wish: Wish, to: int | None) -> tuple[Participant, ...]:
    def gives_way(one: Participant) -> Participant:
        match wish.rule:
            case Rule.AWAY:
                return replace(one, away=frozenset() if to is None else one.away - {to})
            case Rule.MOST:
                return replace(one, most=to)
            case _:
                return replace(one, least=to or 0)

    return tuple(gives_way(one) if one.id == wish.of else one for one in conference.participants)


def steps(conference: Conference, wish: Wish) -> list[int]:
    """What the wish can come to short of being given up, the gentlest first.

    Each frees all that the ones before it free, but for the slots of somebody who is ``away``.
    """
    people = {one.id: one for one in conference.participants}
    many, slots = len(conference.meetings), len(conference.slots)
    match wish.rule:
        case Rule.FAIRNESS:
            return [*range((conference.fairness or 0) + 1, slots)]
        case Rule.TABLES:
            return [*range(conference.tables[wish.of][wish.slot] + 1, many + 1)]
        case Rule.INTERPRETERS:
            return [*range(conference.interpreters[wish.of][wish.slot] + 1, many + 1)]
        case Rule.AWAY:
            return sorted(people[wish.of].away)
        case Rule.MOST:
            return [*range((people[wish.of].most or 0) + 1, slots + 1)]
        case Rule.LEAST:
            return [*range(people[wish.of].least - 1, 0, -1)]
        case Rule.WALK:
            return [*range(conference.walks[wish.of, wish.other] - 1, 0, -1)]
        case _:
            return []
