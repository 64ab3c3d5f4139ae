"""The conflict of an infeasible conference, held to every timetable that there is."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations, product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corridor.engine.meetings import (
    Conference,
    Meeting,
    Participant,
    Slot,
    Timetable,
    broken,
    faults,
)
from corridor.engine.meetings.conflicts import Conflict, look
from corridor.engine.meetings.formula import Formula
from corridor.engine.meetings.subset import Subsets
from corridor.engine.meetings.wishes import Relaxation, Rule, Wish, relaxed, steps, wishes
from corridor.engine.meetings.words import way_label


def heard(conference: Conference) -> list[Conflict]:
    said: list[Conflict] = []
    look(conference, said.append)
    return said


def found(conference: Conference) -> Conflict | None:
    return next(iter(heard(conference)[::-1]), None)


def timetables(conference: Conference) -> Iterator[dict[str, int]]:
    """Every choice of slots in which nobody is in two meetings at once."""
    free = only(conference, ())
    slots = [None, *range(len(conference.slots))]
    for chosen in product(slots, repeat=len(conference.meetings)):
        slot = {m.id: s for m, s in zip(conference.meetings, chosen, strict=True) if s is not None}
        if not broken(free, Timetable.of(free, slot, {})):
            yield slot


def only(conference: Conference, kept: Iterable[Wish]) -> Conference:
    """The conference with none of its wishes but these."""
    chosen = set(kept)
    return relaxed(conference, [Relaxation(w) for w in wishes(conference) if w not in chosen])


def possible(conference: Conference, choices: Iterable[dict[str, int]]) -> bool:
    return any(_kept(conference, slot) for slot in choices)


def _kept(conference: Conference, slot: dict[str, int]) -> bool:
    made = Timetable.of(conference, slot, {})
    return not made.missing and not broken(conference, made)


def grudges(conference: Conference) -> set[frozenset[Wish]]:
    """For each timetable the wishes that it breaks, as the checker sees it."""
    alone = {wish: only(conference, [wish]) for wish in wishes(conference)}
    return {
        frozenset(wish for wish, made in alone.items() if not _kept(made, slot))
        for slot in timetables(conference)
    }


@st.composite
def crowded(draw: st.DrawFn) -> Conference:
    """A little of every rule, each rather tight, so that often not all of them can hold."""
    slots, count = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    pairs = list(combinations(range(count), 2)) * 2
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=5 if slots < 4 else 4))
    hall = st.sampled_from(("", "", "东厅"))
    met = [
        Meeting(
            f"m{at}", f"p{a}", f"p{b}", must=draw(st.sampled_from((True, True, False))),
            session=draw(st.sampled_from((None, None, "AM", "PM"))),
            fixed=draw(st.sampled_from((*[None] * 5, 0, slots - 1))),
            hall=draw(hall), language=draw(st.sampled_from((None, None, "en"))),
        )
        for at, (a, b) in enumerate(chosen)
    ]  # fmt: skip
    often = [sum(f"p{p}" in (m.a, m.b) for m in met) for p in range(count)]
    order = st.lists(st.sampled_from([*combinations(range(len(met)), 2), (0, 0)]), max_size=2)
    room = st.lists(st.sampled_from((0, 1, 2, 2)), min_size=slots, max_size=slots).map(tuple)
    made = Conference(
        tuple(Slot("AM" if s * 2 < slots else "PM") for s in range(slots)),
        tuple(
            Participant(
                f"p{p}", "", draw(st.frozensets(st.integers(0, slots - 1), max_size=1)),
                draw(st.sampled_from((0, 0, 0, n))), draw(st.sampled_from((*[None] * 4, n, n + 1))),
            )
            for p, n in enumerate(often)
        ),
        tuple(met),
        {"": draw(room), "东厅": draw(room)},
        {"en": draw(room)},
        tuple((f"m{a}", f"m{b}") for a, b in draw(order) if a != b),
        {("", "东厅"): draw(st.integers(0, 1))},
        draw(st.sampled_from((None, None, 0))),
    )  # fmt: skip
    assume(not faults(made))
    return made


@settings(max_examples=60, deadline=None)
@given(crowded())
def test_the_wishes_conflict_and_each_is_needed_and_fewer_do_not(made: Conference) -> None:
    broken_by = grudges(made)
    promises = {wish for wish in wishes(made) if wish.rule is Rule.LEAST}
    told = heard(made)
    assert bool(told) == (frozenset() not in broken_by)
    assume(told)
    said = told[-1]
    assert said.promises == any(one <= promises for one in broken_by)
    if not said.promises:
        broken_by = {one - promises for one in broken_by}
    for own in {frozenset(one.wishes) for one in told}:
        assert all(one & own for one in broken_by)
        assert all(any(one & own == {wish} for one in broken_by) for wish in own)
    assert said.smallest
    rest = sorted(set().union(*broken_by), key=lambda wish: wish.order)
    for fewer in combinations(rest, len(said.wishes) - 1):
        assert not all(one & set(fewer) for one in broken_by)


@settings(max_examples=60, deadline=None)
@given(crowded())
def test_each_way_is_enough_and_asks_for_no_more_than_it_takes(made: Conference) -> None:
    said = found(made)
    assume(said is not None)
    assert said is not None
    if not said.promises:
        people = tuple(replace(one, least=0) for one in made.participants)
        made = replace(made, participants=people)
    choices = [*timetables(made)]
    assert said.ways
    for way in said.ways:
        assert possible(relaxed(made, way), choices)
        assert not any(possible(one, choices) for one in gentler(made, way))
    if all(len(way) > 1 for way in said.ways):
        alone = [relaxed(made, [Relaxation(wish)]) for wish in wishes(made)]
        assert not any(possible(one, choices) for one in alone)


def gentler(made: Conference, way: tuple[Relaxation, ...]) -> Iterator[Conference]:
    """The conference with the way not gone to its end."""
    names = {(one.wish.rule, one.wish.of) for one in way}
    if len(way) > len(names) == 1 and way[0].to is not None:  # in each of several slots
        less = [Relaxation(one.wish, (one.to or 0) - 1) for one in way]
        if steps(made, way[0].wish)[0] < way[0].to:
            yield relaxed(made, less)
        return
    for at, one in enumerate(way):
        choices = steps(made, one.wish)
        others = [*way[:at], *way[at + 1 :]]
        yield relaxed(made, others)
        for to in choices[: choices.index(one.to)] if one.to is not None else choices:
            yield relaxed(made, [*others, Relaxation(one.wish, to)])


def test_a_smaller_conflict_than_the_first_is_found_and_proven() -> None:
    formula = Formula()
    wanted = [formula.new() for _ in range(5)]
    formula.add(*(-one for one in wanted[:3]))
    formula.add(*(-one for one in wanted[3:]))
    subsets = Subsets(formula, dict.fromkeys(wanted, 1))
    assert subsets.minimal() == wanted[:3]
    assert subsets.smallest(wanted[:3], 100) == (wanted[3:], True)
    assert subsets.smallest(wanted[:3], 1) == (wanted[:3], False)
    assert len(subsets.fewest(wanted[:3])) == 2


def test_what_is_short_in_every_slot_is_added_to_every_slot() -> None:
    people = tuple(Participant(name) for name in "abcd")
    pairs = list(combinations("abcd", 2))
    made = Conference(
        (Slot(),) * 3, people,
        tuple(Meeting(a + b, a, b, must=True) for a, b in pairs), {"": (1,) * 3},
    )  # fmt: skip
    said = found(made)
    assert said is not None
    assert len(said.wishes) == 3 + 4
    assert way_label(made, said.ways[0]) == (
        "3 场每场增加 1 张洽谈桌",
        "1 more table in each of 3 slots",
    )


@settings(max_examples=30, deadline=None)
@given(crowded())
def test_the_order_it_is_given_in_does_not_matter(made: Conference) -> None:
    turned = replace(
        made, participants=made.participants[::-1], meetings=made.meetings[::-1],
        precedences=made.precedences[::-1],
    )  # fmt: skip
    assert found(made) == found(turned)
