"""A conference as clauses in which every wish can be switched on by a literal of its own.

The clauses are those of :mod:`.encoding` for the same meetings without any wish; what a wish adds
holds only where its literal does. So one solver answers for every choice of wishes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from .encoding import Encoding
from .model import Conference, Participant
from .problem import Problem
from .reduced import reduced
from .wishes import Rule, Wish, wishes


class Guarded:
    """The clauses, and the literal of each wish."""

    def __init__(self, conference: Conference) -> None:
        self._conference = conference
        problem = Problem.of(conference)
        self._encoding = Encoding(reduced(_free(problem)))
        self.formula = self._encoding.formula
        self._slots = range(problem.slots)
        self._meetings = {one.id: one for one in conference.meetings}
        self._which = {key: m for m, key in enumerate(problem.ids)}
        people = sorted(conference.participants, key=lambda one: one.id)
        self._who = {one.id: (p, one) for p, one in enumerate(people)}
        self._charged = self._encoding.charged()
        self._rooms = self._used()
        self._overs: dict[Wish, list[int]] = {}
        self.literal: dict[Wish, int] = {}
        for wish in wishes(conference):
            self.literal[wish] = self.formula.new()
            for clause in self._clauses(wish):
                self.formula.add(-self.literal[wish], *clause)
        self._crowds()

    def _used(self) -> dict[tuple[Rule, str], tuple[tuple[int, ...], list[int]]]:
        """The room of each resource in each slot, and the meetings that use it."""
        using: dict[tuple[Rule, str], list[int]] = {}
        for key, one in self._meetings.items():
            using.setdefault((Rule.TABLES, one.hall), []).append(self._which[key])
            if one.language is not None:
                using.setdefault((Rule.INTERPRETERS, one.language), []).append(self._which[key])
        room = {
            Rule.TABLES: self._conference.tables,
            Rule.INTERPRETERS: self._conference.interpreters,
        }
        return {key: (room[key[0]][key[1]], sorted(own)) for key, own in sorted(using.items())}

    def _clauses(self, wish: Wish) -> Iterator[Sequence[int]]:
        encoding = self._encoding
        match wish.rule:
            case Rule.MUST:
                yield [encoding.held[self._which[wish.of]]]
            case Rule.SESSION | Rule.FIXED:
                yield from self._elsewhere(wish)
            case Rule.AWAY | Rule.MOST | Rule.LEAST:
                yield from self._own(wish.rule, *self._who[wish.of])
            case Rule.TABLES | Rule.INTERPRETERS:
                self._overs[wish] = self._over(wish)
                yield from ([-over] for over in self._overs[wish])
            case Rule.BEFORE:
                yield from encoding.ordered(self._which[wish.of], self._which[wish.other])
            case Rule.WALK:
                yield from self._walks(wish)
            case Rule.FAIRNESS:
                yield from encoding.fair(self._conference.fairness or 0)

    def _elsewhere(self, wish: Wish) -> Iterator[Sequence[int]]:
        """The slots that a meeting's session or fixed slot rules out."""
        one = self._meetings[wish.of]
        for s, literal in self._encoding.at[self._which[wish.of]].items():
            here = s == one.fixed
            if wish.rule is Rule.SESSION:
                here = self._conference.slots[s].session == one.session
            if not here:
                yield [-literal]

    def _own(self, rule: Rule, p: int, one: Participant) -> Iterator[Sequence[int]]:
        encoding = self._encoding
        held = [encoding.held[m] for m in encoding.reduced.of[p]]
        if rule is Rule.AWAY:
            yield from ([-encoding.busy[p][s]] for s in sorted(one.away))
        elif rule is Rule.LEAST:
            yield self.formula.counts(held, one.least)[one.least - 1 :]
        elif one.most is not None and one.most < len(held):
            yield [-self.formula.counts(held, one.most + 1, both=False)[one.most]]

    def _over(self, wish: Wish) -> list[int]:
        """The literal that more use the resource in the slot than it has, if they can."""
        room, using = self._rooms[wish.rule, wish.of]
        encoding = self._encoding
        groups = [[m for m in group if m in using] for group in self._charged]
        here = [
            self.formula.any_of([encoding.at[m][wish.slot] for m in own]) for own in groups if own
        ]
        return self.formula.counts(here, room[wish.slot] + 1, both=False)[room[wish.slot] :]

    def _walks(self, wish: Wish) -> Iterator[Sequence[int]]:
        ends, gap = [wish.of, wish.other], self._conference.walk(wish.of, wish.other)
        for meetings in self._encoding.reduced.of:
            for a, b in combinations(meetings, 2):
                if sorted((self._hall(a), self._hall(b))) == ends:
                    yield from self._encoding.apart(a, b, gap)

    def _hall(self, m: int) -> str:
        return self._meetings[self._encoding.problem.ids[m]].hall

    def _crowds(self) -> None:
        """What follows of the rest and is long to prove: too many meetings for too few places.

        More meetings of a participant in a session than slots in which they are there need one in
        a slot in which they are away; more meetings than tables need a slot with too many.
        """
        sessions = {slot.session for slot in self._conference.slots}
        spans = [
            [s for s in self._slots if self._conference.slots[s].session == name]
            for name in sessions
        ]
        for span in [[*self._slots], *sorted(spans)][: 1 if len(sessions) == 1 else None]:
            for p, one in self._who.values():
                meetings, busy = self._encoding.reduced.of[p], self._encoding.busy[p]
                self._crowd(meetings, span, len(span), [])
                there = len(set(span) - one.away)
                self._crowd(meetings, span, there, [busy[s] for s in span if s in one.away])
            for (rule, name), (room, using) in self._rooms.items():
                over = [v for s in span for v in self._overs[Wish(rule, name, slot=s)]]
                self._crowd(using, span, sum(room[s] for s in span), over)

    def _crowd(
        self, meetings: Sequence[int], span: list[int], most: int, unless: list[int]
    ) -> None:
        """No more than ``most`` of the meetings are held in the span of slots, unless …"""
        if len(meetings) <= most:
            return
        formula, encoding = self.formula, self._encoding
        whole = len(span) == len(self._slots)
        held = [
            encoding.held[m] if whole else formula.any_of([encoding.at[m][s] for s in span])
            for m in meetings
        ]
        formula.add(-formula.counts(held, most + 1, both=False)[most], *unless)


def _free(problem: Problem) -> Problem:
    """The same meetings with no wish at all."""
    many, slots = len(problem.ids), problem.slots
    return replace(
        problem,
        must=(False,) * many,
        open=(tuple(range(slots)),) * many,
        room=((many,) * slots,) * len(problem.room),
        least=(0,) * len(problem.least),
        most=(slots,) * len(problem.most),
        before=(),
        walk={},
        fairness=None,
    )
