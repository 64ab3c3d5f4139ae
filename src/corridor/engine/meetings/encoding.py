"""The meeting timetable as clauses.

The model follows Bofill, Coll, Garcia, Giráldez-Cru, Pesant, Suy and Villaret, "Constraint
Solving Approaches to the Business-to-Business Meeting Scheduling Problem" (JAIR 74, 2022) and
adds what makes proofs short:

- the soft unit is "this participant has at least k idle periods", not a single gap; its negation
  for k = 1 makes the whole day of a participant one block, that is one number;
- where that block may begin is decided beforehand by matching meetings to slots;
- tables are counted over participants too: those free in a slot are the able ones less twice the
  meetings held, which bounds their number from both sides and fixes its parity.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise

from .formula import Formula
from .reduced import Reduced

#: Free participants are counted exactly where so few values are left; elsewhere it gains nothing.
_PARITY_RANGE = 4


class Encoding:
    """The clauses of a problem and the literals an answer is read from and bounded by."""

    def __init__(self, reduced: Reduced) -> None:
        self.reduced = reduced
        self.problem = reduced.problem
        self.formula = Formula()
        self.at = [{t: self.formula.new() for t in sorted(d)} for d in reduced.domains]
        """``at[m][t]``: meeting m is held in slot t."""
        self.held = [
            self._place(slots, must=must)
            for slots, must in zip(self.at, self.problem.must, strict=True)
        ]
        """``held[m]``: meeting m is held."""
        self.busy = [self._busy(meetings) for meetings in reduced.of]
        """``busy[p][t]``: participant p has a meeting in slot t."""
        self._order()
        self._walks()
        self._tables()
        self._resources()
        self.missing = list(self._promises())
        """One literal for each promised meeting that is missing."""
        self.idle = self._idle()
        """``idle[p][k]``: participant p has at least k + 1 idle periods."""
        self._fairness()

    def read(self, model: set[int]) -> dict[int, int]:
        """The slot of each meeting that a satisfying assignment holds."""
        placed = ((m, t) for m, slots in enumerate(self.at) for t, v in slots.items() if v in model)
        return dict(placed)

    def _place(self, slots: Mapping[int, int], *, must: bool) -> int:
        choices = list(slots.values())
        self.formula.at_most_one(choices)
        if must:
            self.formula.add(*choices)
            return self.formula.true
        return self.formula.any_of(choices)

    def _busy(self, meetings: list[int]) -> list[int]:
        formula = self.formula
        busy = []
        for t in range(self.problem.slots):
            here = [self.at[m][t] for m in meetings if t in self.at[m]]
            formula.at_most_one(here)
            busy.append(formula.any_of(here))
        return busy

    def _order(self) -> None:
        for a, b in self.problem.before:
            for clause in self.ordered(a, b):
                self.formula.add(*clause)

    def ordered(self, a: int, b: int) -> Iterator[list[int]]:
        """Where both are held, a is in an earlier slot than b."""
        formula, slots = self.formula, range(self.problem.slots)
        done = formula.running_any([self.at[a].get(t, -formula.true) for t in slots])
        for t, late in self.at[b].items():
            yield [-late, -self.held[a], done[t - 1] if t else -formula.true]

    def _walks(self) -> None:
        """Nobody is in two halls with less than the way between them."""
        hall = [used[0] for used in self.problem.uses]
        for meetings in self.reduced.of if self.problem.walk else ():
            for a, b in combinations(meetings, 2):
                if gap := self.problem.walk.get((hall[a], hall[b]), 0):
                    for clause in self.apart(a, b, gap):
                        self.formula.add(*clause)

    def apart(self, a: int, b: int, gap: int) -> Iterator[list[int]]:
        """Between a and b, where both are held, so many slots are free."""
        for t, one in self.at[a].items():
            for other in range(t - gap, t + gap + 1):
                if other in self.at[b]:
                    yield [-one, -self.at[b][other]]

    def _tables(self) -> None:
        charged = self.charged()
        for t, (fewest, most) in enumerate(self.reduced.occupancy()):
            if fewest > most:
                self.formula.add()
                return
            self._count_free(t, fewest, most)
            groups = [[self.at[m][t] for m in group if t in self.at[m]] for group in charged]
            self._at_most([self.formula.any_of(group) for group in groups], most)

    def charged(self) -> list[list[int]]:
        """Each meeting given to one of its two participants, to as few of them as is easy.

        A participant has one meeting a slot, so tables are counted over these few.
        """
        left = set(range(len(self.problem.people)))
        result = []
        while left:
            group = max(([m for m in of if m in left] for of in self.reduced.of), key=len)
            result.append(group)
            left.difference_update(group)
        return result

    def _count_free(self, slot: int, fewest: int, most: int) -> None:
        """Bound how many of those who could meet in the slot do not."""
        formula = self.formula
        able = [p for p, busy in enumerate(self.busy) if busy[slot] != -formula.true]
        at_least, at_most = max(0, len(able) - 2 * most), len(able) - 2 * fewest
        free = [-self.busy[p][slot] for p in able if not self._always_busy(p)]
        if at_least > len(free):
            formula.add()
        if not 0 < at_least <= len(free):
            return
        exact = at_most - at_least <= _PARITY_RANGE
        count = formula.counts(free, at_most + 1 if exact else at_least)
        formula.add(count[at_least - 1])
        if exact:
            # The count is odd or even with the able ones: one more free means two more.
            for k in range(at_least, len(count), 2):
                formula.add(-count[k], *count[k + 1 : k + 2])
            for beyond in count[at_most:]:
                formula.add(-beyond)

    def _always_busy(self, participant: int) -> bool:
        meetings = self.reduced.of[participant]
        return self.reduced.required and len(self.reduced.possible(participant)) == len(meetings)

    def _resources(self) -> None:
        """The interpreters of each language, and the tables of each hall where there are several."""
        halls = {used[0] for used in self.problem.uses}
        for resource, room in enumerate(self.problem.room):
            if halls == {resource}:
                continue
            using = [m for m, used in enumerate(self.problem.uses) if resource in used]
            for t, capacity in enumerate(room):
                self._at_most([self.at[m][t] for m in using if t in self.at[m]], capacity)

    def _promises(self) -> Iterator[int]:
        """Keep everyone within the most they may have; say which promised meetings are missing."""
        formula, problem = self.formula, self.problem
        for meetings, least, most in zip(self.reduced.of, problem.least, problem.most, strict=True):
            held = [self.held[m] for m in meetings]
            self._at_most(held, most)
            count = formula.counts(held, min(least, len(held))) if least else []
            yield from (-enough for enough in count)
            yield from [formula.true] * (least - len(count))

    def _at_most(self, literals: list[int], most: int) -> None:
        literals = [literal for literal in literals if literal != -self.formula.true]
        if len(literals) > most:
            self.formula.add(-self.formula.counts(literals, most + 1, both=False)[most])

    def _idle(self) -> list[list[int]]:
        ceilings = [self._ceiling(p) for p in range(len(self.problem.least))]
        # Nobody may have more than the one who can have fewest, plus the fairness.
        fair = self.problem.fairness
        highest = None if fair is None else min(ceilings, default=0) + fair
        return [
            self._idle_of(p, ceiling if highest is None else min(ceiling, highest))
            for p, ceiling in enumerate(ceilings)
        ]

    def _ceiling(self, participant: int) -> int:
        """The most idle periods a participant can have at all."""
        count, slots = len(self.reduced.of[participant]), self.problem.slots
        return max(0, min(count - 1, slots - count if self.reduced.required else (slots - 1) // 2))

    def _idle_of(self, participant: int, ceiling: int) -> list[int]:
        formula, busy = self.formula, self.busy[participant]
        if len(self.reduced.of[participant]) < 2:
            return []
        begun = formula.running_any(busy)
        to_come = formula.running_any(busy[::-1])[::-1]
        ends = []
        for t in range(self.problem.slots - 2):
            end = formula.new()
            formula.add(-busy[t], busy[t + 1], -to_come[t + 2], end)
            for literal in (busy[t], -busy[t + 1], to_come[t + 2]):
                formula.add(-end, literal)
            ends.append(end)
        count = formula.counts(ends, ceiling + 1)
        for beyond in count[ceiling:]:
            formula.add(-beyond)
        count = count[:ceiling]
        for fewer, more in pairwise(count):
            formula.add(-more, fewer)
        self._block(participant, begun, to_come, count[0] if count else -formula.true)
        return count

    def _block(self, participant: int, begun: list[int], to_come: list[int], idle: int) -> None:
        """Without idle periods a day is one block, as long as there are meetings."""
        formula, slots = self.formula, self.problem.slots
        count = len(self.reduced.of[participant])
        for t, busy in enumerate(self.busy[participant]):
            formula.add(idle, -begun[t], -to_come[t], busy)
            if t + count < slots:
                formula.add(idle, -begun[t], -to_come[t + count])
        if not self.reduced.required:
            return
        if count > slots:
            formula.add()
            return
        formula.add(begun[slots - count])
        formula.add(to_come[count - 1])
        starts = set(self.reduced.contiguous_starts(participant))
        for start in range(slots - count + 1):
            if start not in starts:
                formula.add(idle, -begun[start], *begun[max(0, start - 1) : start])
        if not starts:
            formula.add(idle)

    def _fairness(self) -> None:
        if self.problem.fairness is not None:
            for clause in self.fair(self.problem.fairness):
                self.formula.add(*clause)

    def fair(self, most: int) -> Iterator[list[int]]:
        """The idle periods of two participants differ by so many at most."""
        for k in range(most, max(map(len, self.idle), default=0)):
            # One with k + 1 idle periods needs everybody to have k + 1 - most.
            everybody = self.formula.new()
            for idle in self.idle:
                if k < len(idle):
                    yield [-idle[k], everybody]
                least = k + 1 - most
                yield [-everybody, *idle[least - 1 : least]]
