"""What is found by conditions, and counted beside the choices: exactly what should be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from cast import HEFEI, SUZHOU, Cast
from django.db import connection
from django.db.models import Count
from django.utils import timezone
from finding import everything, in_one_transaction, indexed, undone
from hypothesis import given
from hypothesis import strategies as st

from corridor.engine.factors import INDUSTRIES, Range, all_kinds, days, kind
from corridor.site.core.actor import PUBLIC, Actor, Role
from corridor.site.core.kept import Kept
from corridor.site.listings.conditions import in_order, matching
from corridor.site.listings.facets import Option
from corridor.site.listings.filters import WITHIN, Filters, parse
from corridor.site.listings.models import Anonymity, Listing, ListingNamed, State
from corridor.site.listings.queries import search as find
from corridor.site.listings.values import stored

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()

#: Attributes of space and capital that the worlds below state.
CODES = {"space": ("premises", ("single", "multi", "land")), "capital": ("round", ("a", "b"))}

NUMBERS = {"space": "area", "capital": "amount"}

#: Words that no label of these has.
WORDS = ("螺栓", "轴承", "激光")

PLACES = (SUZHOU, HEFEI, "330400")

INDUSTRY = ("C3973", "C3961", "C27", "I651")

ends = st.tuples(
    st.none() | st.integers(1, 9).map(Decimal), st.none() | st.integers(1, 9).map(Decimal)
).filter(lambda e: e != (None, None) and (None in e or e[0] <= e[1]))

ranges = ends.map(lambda e: Range(*e))


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """Fields of a listing; ``owner`` and ``named`` are names of the cast."""
    which = draw(st.sampled_from(["space", "space", "capital"]))
    attribute, codes = CODES[which]
    values: dict[str, Any] = {}
    if draw(st.booleans()):
        values[attribute] = draw(st.frozensets(st.sampled_from(codes), min_size=1))
    if draw(st.booleans()):
        values[NUMBERS[which]] = draw(ranges)
    if draw(st.booleans()):
        values["industry"] = draw(st.frozensets(st.sampled_from(INDUSTRY), min_size=1, max_size=2))
    deadline = draw(st.none() | st.sampled_from([0, 7, 8, 30, 31, 90, 91]))
    return {
        "owner": draw(st.sampled_from(["alice", "bob", "carol"])),
        "named": draw(st.none() | st.sampled_from(["bob", "carol"])),
        "kind": which,
        "side": draw(st.sampled_from(["need", "offer"])),
        "city": draw(st.sampled_from(PLACES)),
        "title": draw(st.sampled_from(WORDS)),
        "text": draw(st.sampled_from(WORDS)),
        "anonymity": draw(st.sampled_from(Anonymity.values)),
        "state": draw(st.sampled_from([State.PUBLISHED] * 4 + list(State))),
        "values": values,
        "deadline": None if deadline is None else TODAY + timedelta(days=deadline),
    }


@st.composite
def filters(draw: st.DrawFn) -> Filters:
    """A few conditions at once: many would seldom leave anything."""
    asks = draw(st.sets(st.sampled_from(["q", "side", "city", "within", "industry"]), max_size=2))
    which = draw(st.sampled_from(["", *CODES]))
    asked = Filters(
        q=draw(st.sampled_from([*WORDS, "螺栓 激光"])) if "q" in asks else "",
        side=draw(st.sampled_from(["need", "offer"])) if "side" in asks else "",
        kind=which,
        cities=tuple(c for c in PLACES if draw(st.booleans())) if "city" in asks else (),
        within=draw(st.sampled_from(WITHIN)) if "within" in asks else None,
        industries=tuple(sorted(draw(st.sets(st.sampled_from(["C", "C39", "C3961", "I"])))))
        if "industry" in asks
        else (),
        sort=draw(st.sampled_from(["", "newest", "deadline", "relevance"])),
    )
    if which and draw(st.booleans()):
        attribute, codes = CODES[which]
        asked = asked.with_codes(attribute, draw(st.sets(st.sampled_from(codes), min_size=1)))
    if which and draw(st.booleans()):
        asked = asked.with_number(NUMBERS[which], draw(ranges))
    return asked


@dataclass(frozen=True)
class Oracle:
    """What the rules say, of rows as they were drawn."""

    people: Cast

    def may_see(self, actor: Actor, row: dict[str, Any]) -> bool:
        """Of a published one: who sees it."""
        party = getattr(self.people, row["owner"]).party
        named = row["named"] and getattr(self.people, row["named"]).party
        if actor.role is Role.OFFICE or (actor.party is not None and actor.party == party):
            return True
        if actor.role is Role.BUREAU and actor.city == row["city"]:
            return True
        if row["anonymity"] in ("public", "anonymous"):
            return True
        if row["anonymity"] == "corridor":
            return actor.role is not Role.PUBLIC
        return actor.party is not None and actor.party == named

    def passes(self, asked: Filters, row: dict[str, Any], but: str = "") -> bool:
        """Whether a row meets the filters, one of them left out."""
        checks = {
            "q": all(w in (row["title"], row["text"]) for w in asked.q.split()),
            "side": asked.side in ("", row["side"]),
            "kind": asked.kind in ("", row["kind"]),
            "city": not asked.cities or row["city"] in asked.cities,
            "within": asked.within is None
            or (row["deadline"] is not None and row["deadline"] <= TODAY + timedelta(asked.within)),
            "industry": not asked.industries
            or any(
                INDUSTRIES.covers(wide, code)
                for wide in asked.industries
                for code in row["values"].get("industry", ())
            ),
            "codes": all(
                set(codes) & set(row["values"].get(name, ())) for name, codes in asked.codes
            ),
            "numbers": all(
                name in row["values"] and overlap(span, row["values"][name])
                for name, span in asked.numbers
            ),
        }
        if but == "kind":  # another kind leaves the attributes of this one behind
            checks |= {"codes": True, "numbers": True}
        return all(passed for name, passed in checks.items() if name != but)


def overlap(one: Range, other: Range) -> bool:
    above = one.lo is None or other.hi is None or one.lo <= other.hi
    below = one.hi is None or other.lo is None or other.lo <= one.hi
    return above and below


@in_one_transaction
@given(
    drawn=st.lists(rows(), max_size=12),
    asked=filters(),
    who=st.sampled_from(["public", "alice", "bob", "carol", "suzhou", "hefei", "office", "judge"]),
)
def test_results_and_counts_are_those_of_the_rules(
    people: Cast, drawn: list[dict[str, Any]], asked: Filters, who: str
) -> None:
    actor = PUBLIC if who == "public" else getattr(people, who)
    oracle = Oracle(people)
    with undone():
        made = {write(people, row).pk: row for row in drawn}
        market = [
            row
            for row in made.values()
            if row["state"] == State.PUBLISHED and oracle.may_see(actor, row)
        ]
        result = find(actor, asked, Kept())
        listed = [made[one.pk] for one in everything(actor, asked)]
        wanted = [row for row in market if oracle.passes(asked, row)]
        assert sorted(map(id, listed)) == sorted(map(id, wanted))
        assert result.total == len(wanted)
        for name, option in options(result.facets.values()):
            count = sum(
                oracle.passes(asked, row, but=dimension(name)) and has(row, name, option.value)
                for row in market
            )
            if name == "kind" and option.chosen:  # the one asked for, with all that is asked of it
                count = len(wanted)
            assert option.count == count, (name, option.value)


def write(people: Cast, row: dict[str, Any]) -> Listing:
    fields = {name: value for name, value in row.items() if name not in ("owner", "named")}
    made = indexed(getattr(people, row["owner"]), **fields | {"values": stored(row["values"])})
    if row["named"] and row["anonymity"] == Anonymity.NAMED:
        ListingNamed.objects.create(listing=made, party_id=getattr(people, row["named"]).party)
    return made


def options(facets: Any) -> Iterator[tuple[str, Option]]:
    for facet in facets:
        for option in facet.options:
            yield facet.name, option


def dimension(name: str) -> str:
    return "codes" if "." in name else name


def has(row: dict[str, Any], name: str, value: str) -> bool:
    """Whether a row is one of a choice."""
    if name == "within":
        day = row["deadline"]
        return day is not None and day <= TODAY + timedelta(days=int(value))
    if name == "industry":
        return any(INDUSTRIES.covers(value, code) for code in row["values"].get("industry", ()))
    if "." in name:
        of_kind, attribute = name.split(".")
        return row["kind"] == of_kind and value in row["values"].get(attribute, ())
    return bool(row[name] == value)


@given(asked=filters())
def test_an_address_says_all_of_the_filters_and_says_it_one_way(asked: Filters) -> None:
    given: dict[str, list[str]] = {}
    for name, value in asked.pairs():
        given.setdefault(name, []).append(value)
    cities = tuple(code for code in PLACES_IN_ORDER if code in asked.cities)
    again, notes = parse(given, TODAY)
    assert notes == []
    assert again == asked.having(cities=cities)
    backwards = dict(reversed([(name, values[::-1]) for name, values in given.items()]))
    assert parse(backwards, TODAY)[0].query == again.query


PLACES_IN_ORDER = (
    "310117",
    "330400",
    "330100",
    "330700",
    "320500",
    "330500",
    "341800",
    "340200",
    HEFEI,
)

names = st.sampled_from(
    ["q", "side", "kind", "city", "within", "industry", "sort", "page", "space.premises", "space.area.lo",
     "space.area.hi", "capital.amount.lo", "technology.stage", "nonsense", "space.nothing", "."]
)  # fmt: skip

garbage = st.text(max_size=12) | st.sampled_from(
    [
        "space",
        "need",
        "320500",
        "C39",
        "single",
        "1e999",
        "-1",
        "∞",
        "NaN",
        "两万方",
        "3000",
        "0",
        "9" * 400,
    ]
)


@in_one_transaction
@given(given=st.dictionaries(names, st.lists(garbage, min_size=1, max_size=3), max_size=6))
def test_no_address_is_an_error(people: Cast, given: dict[str, list[str]]) -> None:
    asked, _notes = parse(given, TODAY)
    assert parse(dict(_pairs(asked)), TODAY)[0] == asked
    assert find(PUBLIC, asked, Kept(), given.get("page", ["1"])[0]).total == 0


def _pairs(asked: Filters) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for name, value in asked.pairs():
        given.setdefault(name, []).append(value)
    return given


def test_what_cannot_be_used_is_said(people: Cast) -> None:
    given = {"kind": ["space"], "city": ["999999"], "space.area.lo": ["5亩", "9"], "space.area.hi": ["8"],
             "space.premises": ["单层厂房"], "industry": ["电子"], "within": ["5"], "utm_source": ["x"]}  # fmt: skip
    asked, notes = parse(given, TODAY)
    assert (asked.kind, asked.cities, asked.numbers) == ("space", (), ())
    assert asked.codes == (("premises", ("single",)),)
    assert len(notes) == 4
    assert any("下限 9 大于上限 8" in note for note in notes)
    assert not any("utm" in note for note in notes)


def test_numbers_are_read_as_people_write_them() -> None:
    given = {"kind": ["space"], "space.area.lo": ["5亩"], "space.area.hi": ["两万方"]}
    asked, notes = parse(given, TODAY)
    assert notes == []
    assert asked.numbers == (("area", Range(Decimal("3333.35"), Decimal(20000))),)


def test_every_kind_has_choices_of_its_own() -> None:
    for name, declared in all_kinds().items():
        for attribute in declared.attributes:
            asked = Filters(kind=name).with_number(attribute.name, Range.exactly(1))
            assert asked.query


def test_steps_of_an_ordered_list_are_counted_one_by_one(people: Cast) -> None:
    stage = kind("technology").by_name["stage"]
    pilot = stage.codes.index("pilot")  # type: ignore[union-attr]
    indexed(
        people.alice,
        kind="technology",
        values=stored({"stage": Range.between(pilot, None), "due": days(date(2027, 1, 1), None)}),
    )
    facets = find(PUBLIC, Filters(kind="technology"), Kept()).facets
    counted = {o.value: o.count for o in facets["technology.stage"].options}
    assert counted == {"pilot": 1, "sample": 1, "mass": 1}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="plans of SQLite")
def test_counting_reads_no_row(people: Cast) -> None:
    """The figures that migration 0002 gives SQLite hold it to these plans."""
    for actor in (PUBLIC, people.alice, people.suzhou, people.office):
        every = matching(actor, Filters(), TODAY)
        counted = every.values_list("kind", "side", "city").annotate(n=Count("*")).explain()
        assert "USING COVERING INDEX listing_counted" in counted
        newest = every.order_by(*in_order(Filters())).values_list("pk")[:12].explain()
        assert "USING COVERING INDEX listing_newest" in newest
        by_words = matching(actor, Filters(q="厂房"), TODAY).values_list("pk").explain()
        assert "listings_listing USING INTEGER PRIMARY KEY" in by_words
