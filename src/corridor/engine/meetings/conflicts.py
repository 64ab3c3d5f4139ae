"""Why a conference cannot be: the smallest set of wishes in conflict, and the cheapest way out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeVar

from .model import Conference
from .wishes import RANK, Relaxation, Rule, Wish, relaxed, steps

if TYPE_CHECKING:
    from .subset import Subsets

T = TypeVar("T")
Way = tuple[Relaxation, ...]

#: Ways out that are looked for.
WAYS = 5
#: Sets that are tried for a smaller conflict.
ROUNDS = 60
#: Meetings times slots beyond which the clauses would not fit.
LARGE = 50_000
#: Above the ranks of all wishes of a conflict: to change fewer wishes is always cheaper.
ONE_MORE = 1_000_000


@dataclass(frozen=True, slots=True)
class Conflict:
    """A minimal unsatisfiable subset of the wishes: together they cannot hold, and each is needed for that.

    Attributes:
        wishes: the set, in the order of rules.
        smallest: whether it is proven that no conflict of this conference has fewer wishes.
        ways: what would make the conference possible; each is enough by itself, found by solving
            again. First more of a resource in every slot in conflict, then single changes, the
            gentlest first; where no single change is enough, the fewest.
        promises: whether it is only for a promised least that not all can hold.
    """

    wishes: tuple[Wish, ...]
    smallest: bool
    ways: tuple[Way, ...]
    promises: bool


def conflict(conference: Conference, *, limit: float | None = None) -> Conflict | None:
    """The wishes in conflict, or None where all can hold or it is not found in ``limit`` seconds.

    Promised meetings (``least``) are looked at where the rest can hold. The best known when time is
    over is returned: it may lack ways, and the proof that it is smallest. None for a conference that
    is too large, and without ``corridor[solvers]``. The conference is one without :func:`faults`.
    """
    size = len(conference.slots) * len(_hard(conference).meetings)
    if size > LARGE or find_spec("pysat") is None:
        return None
    from .child import told

    said: Conflict | None = None
    for known in told(partial(look, conference), limit):
        said = known
    return said


def look(conference: Conference, tell: Callable[[Conflict], None]) -> None:
    """Look for a conflict; ``tell`` hears of it, of ever more ways and of a smaller one."""
    if _explain(_hard(conference), tell, promises=False):
        return
    promised = any(one.least for one in conference.participants)
    if promised and len(conference.slots) * len(conference.meetings) <= LARGE:
        _explain(conference, tell, promises=True)


def _hard(conference: Conference) -> Conference:
    """What it takes to hold what must be held: without promises, and what has no say in it."""
    people = tuple(replace(one, least=0) for one in conference.participants)
    if conference.fairness is not None:  # who need not meet may still have to, for fairness
        return replace(conference, participants=people)
    meetings = tuple(one for one in conference.meetings if one.must)
    known = {one.id for one in meetings}
    order = tuple(pair for pair in conference.precedences if known.issuperset(pair))
    return replace(conference, participants=people, meetings=meetings, precedences=order)


def _explain(conference: Conference, tell: Callable[[Conflict], None], *, promises: bool) -> bool:
    from .guarded import Guarded
    from .subset import Subsets

    made = Guarded(conference)
    wish = {literal: one for one, literal in made.literal.items()}
    dear = {literal: ONE_MORE + RANK[one.rule] for literal, one in wish.items()}
    subsets = Subsets(made.formula, dear)
    if subsets.holds():
        return False
    core = subsets.minimal()
    known = Conflict(tuple(wish[one] for one in core), smallest=False, ways=(), promises=promises)
    tell(known)
    for ways in _ways(conference, subsets, wish, core):
        known = replace(known, ways=ways)
        tell(known)
    core, proven = subsets.smallest(core, ROUNDS)
    tell(replace(known, wishes=tuple(wish[one] for one in core), smallest=proven))
    return True


def _ways(
    conference: Conference, subsets: "Subsets", wish: Mapping[int, Wish], core: Sequence[int]
) -> Iterator[tuple[Way, ...]]:
    """The ways found so far, ever more of them.

    A single change that is enough changes a wish of every conflict. Where there is none, the fewest.
    """
    found: list[Way] = [*_everywhere(conference, [wish[one] for one in core])]
    yield tuple(found)
    for one in core:
        if len(found) < WAYS and subsets.holds(frozenset([one])):
            found.append(_gentlest(conference, [wish[one]]))
            yield tuple(found)
    if not any(len(way) == 1 for way in found):
        fewest = sorted(subsets.fewest([*core]))
        found.append(_gentlest(conference, [wish[one] for one in fewest]))
        yield tuple(found)


def _everywhere(conference: Conference, conflict: Sequence[Wish]) -> Iterator[Way]:
    """So many more tables of a hall, or interpreters of a language, in each slot in conflict."""
    short: dict[tuple[Rule, str], list[Wish]] = {}
    for one in conflict:
        if one.rule in (Rule.TABLES, Rule.INTERPRETERS):
            short.setdefault((one.rule, one.of), []).append(one)
    for (rule, name), several in short.items():
        room = (conference.tables if rule is Rule.TABLES else conference.interpreters)[name]
        ways = [
            tuple(Relaxation(one, room[one.slot] + more) for one in several)
            for more in range(1, len(conference.meetings) + 1)
        ]
        way = _first_of_growing(ways, lambda way: _holds(relaxed(conference, way)))
        if len(several) > 1 and way is not None:
            yield way


def _gentlest(conference: Conference, way: Sequence[Wish]) -> Way:
    """How little each wish of a way has to give, one after another, the later ones given up as yet."""
    found = [Relaxation(wish) for wish in way]
    for at, wish in enumerate(way):
        choices = [Relaxation(wish, to) for to in steps(conference, wish)]

        def enough(one: Relaxation, at: int = at) -> bool:
            return _holds(relaxed(conference, [*found[:at], one, *found[at + 1 :]]))

        search = _first if wish.rule is Rule.AWAY else _first_of_growing
        found[at] = search(choices, enough) or found[at]
    return tuple(found)


def _first(choices: Sequence[T], enough: Callable[[T], bool]) -> T | None:
    return next((one for one in choices if enough(one)), None)


def _first_of_growing(choices: Sequence[T], enough: Callable[[T], bool]) -> T | None:
    """The first choice that is enough, where all after it are: in steps that double, then by halves."""
    low, high, step = 0, 0, 1
    while high < len(choices) and not enough(choices[high]):
        low, high, step = high + 1, high + step, step * 2
    high = min(high, len(choices))
    while low < high:
        middle = (low + high) // 2
        if enough(choices[middle]):
            high = middle
        else:
            low = middle + 1
    return choices[high] if high < len(choices) else None


def _holds(conference: Conference) -> bool:
    """Whether there is a timetable with all that must be held and all that is promised."""
    from pysat.solvers import Cadical195

    from .encoding import Encoding
    from .problem import Problem
    from .reduced import reduced

    encoding = Encoding(reduced(Problem.of(conference)))
    for missing in encoding.missing:
        encoding.formula.add(-missing)
    if [] in encoding.formula.clauses:
        return False
    with Cadical195(bootstrap_with=encoding.formula.clauses) as solver:
        return bool(solver.solve())
