"""What follows of a problem without search: slots that no timetable can use are taken away."""

from dataclasses import dataclass, field

from .problem import Problem


@dataclass(slots=True)
class Reduced:
    """A problem with the slots that no timetable can use taken away."""

    problem: Problem
    domains: list[set[int]]
    of: list[list[int]] = field(init=False)
    """The meetings of each participant."""

    def __post_init__(self) -> None:
        self.of = [[] for _ in self.problem.least]
        for m, (a, b) in enumerate(self.problem.people):
            self.of[a].append(m)
            self.of[b].append(m)

    @property
    def required(self) -> bool:
        """Whether every meeting must be held."""
        return all(self.problem.must)

    @property
    def tables(self) -> list[int]:
        """The tables of all halls in each slot."""
        halls = sorted({used[0] for used in self.problem.uses})
        return [sum(self.problem.room[h][t] for h in halls) for t in range(self.problem.slots)]

    def possible(self, participant: int) -> set[int]:
        """The slots in which the participant can meet anybody."""
        return set().union(*(self.domains[m] for m in self.of[participant]))

    def contiguous_starts(self, participant: int) -> list[int]:
        """Where a day without idle periods can begin: each slot of the block gets a meeting."""
        meetings = self.of[participant]
        count = len(meetings)
        return [
            start
            for start in range(self.problem.slots - count + 1)
            if _all_fit(meetings, self.domains, start, start + count)
        ]

    def occupancy(self) -> list[tuple[int, int]]:
        """Fewest and most meetings that each slot can hold.

        Most: tables and candidates. Fewest, where all must be held: whatever has to lie in a span
        of slots and finds no room in the others of that span (Hall's counting argument).
        """
        slots = self.problem.slots
        most = [
            min(tables, sum(t in domain for domain in self.domains))
            for t, tables in enumerate(self.tables)
        ]
        fewest = [0] * slots
        if self.required:
            for first in range(slots):
                for end in range(first + 1, slots + 1):
                    inside = sum(
                        first <= min(d, default=slots) and max(d, default=-1) < end
                        for d in self.domains
                    )
                    spare = sum(most[first:end]) - inside
                    for t in range(first, end):
                        fewest[t] = max(fewest[t], most[t] - spare)
        return list(zip(fewest, most, strict=True))


def reduced(problem: Problem) -> Reduced:
    """Narrow the open slots by the precedences until nothing changes.

    A required meeting may end up with no slot: then the problem is infeasible.
    """
    domains = [set(opened) for opened in problem.open]
    changed = True
    while changed:
        changed = False
        for a, b in problem.before:
            if not (problem.must[a] and problem.must[b]):
                continue
            before = {t for t in domains[a] if t < max(domains[b], default=-1)}
            after = {t for t in domains[b] if t > min(domains[a], default=problem.slots)}
            changed |= before != domains[a] or after != domains[b]
            domains[a], domains[b] = before, after
    return Reduced(problem, domains)


def _all_fit(meetings: list[int], domains: list[set[int]], first: int, end: int) -> bool:
    """Whether the meetings can be matched to the slots of a span (augmenting paths)."""
    holder: dict[int, int] = {}

    def place(meeting: int, tried: set[int]) -> bool:
        for t in domains[meeting]:
            if first <= t < end and t not in tried:
                tried.add(t)
                if t not in holder or place(holder[t], tried):
                    holder[t] = meeting
                    return True
        return False

    return all(place(meeting, set()) for meeting in meetings)
