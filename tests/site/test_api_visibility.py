"""The API shows each actor what the pages do: exactly what ``visible_to`` lets through."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from cast import Cast, listing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from program import Program

from corridor.site.core.actor import Actor
from corridor.site.core.limits import Limit
from corridor.site.docking import actions as docking
from corridor.site.docking.models import Introduction, Match
from corridor.site.leads import intake
from corridor.site.leads.models import Lead
from corridor.site.listings.models import Anonymity, Listing, ListingNamed, State

ACTORS = ("alice", "bob", "carol", "suzhou", "hefei", "office", "judge", "analyst")


@pytest.fixture
def world(people: Cast) -> Cast:
    """A listing of Alice's and one of Bob's in every state and anonymity; one is shown to Carol."""
    for state, anonymity in itertools.product(State, Anonymity):
        need = listing(people.alice, state=state, anonymity=anonymity)
        listing(people.bob, state=state, anonymity=anonymity, side="offer")
        if anonymity == Anonymity.NAMED:
            ListingNamed.objects.create(listing=need, party_id=people.carol.party)
    return people


def refs(program: Program, path: str) -> list[str]:
    """The references of all pages of a list."""
    found: list[str] = []
    for number in itertools.count(1):
        sign = "&" if "?" in path else "?"
        page = program("GET", f"{path}{sign}size=7&page={number}").json
        found += [one["ref"] for one in page["items"]]
        if page["next"] is None:
            return found
        assert page["next"] == number + 1
    raise AssertionError


def visible(model: Any, actor: Actor) -> set[str]:
    return set(model.objects.visible_to(actor).values_list("ref", flat=True))


@pytest.mark.parametrize("name", ACTORS)
def test_listings(world: Cast, name: str) -> None:
    actor = getattr(world, name)
    program, seen = Program(actor), visible(Listing, actor)
    published = seen & set(Listing.objects.published().values_list("ref", flat=True))
    found = refs(program, "/listings")
    assert set(found) == published
    assert len(found) == len(set(found))
    assert set(refs(program, "/listings/mine")) == set(
        Listing.objects.filter(party=actor.party).values_list("ref", flat=True)
    )
    for one in Listing.objects.all():
        said = program("GET", f"/listings/{one.ref}")
        assert said.status == (200 if one.ref in seen else 404), (one, said)
        if said.status == 200:
            assert said.json["party"] == one.party_shown_to(actor)
            assert said.json["own"] == (one.party_id == actor.party)


@pytest.mark.parametrize("name", ACTORS)
def test_facets_count_what_is_seen(world: Cast, name: str) -> None:
    program = Program(getattr(world, name))
    said = program("GET", "/listings?facets=true&kind=space").json
    sides = next(f for f in said["facets"] if f["name"] == "side")["options"]
    assert sum(option["count"] for option in sides) == said["total"]


@pytest.mark.parametrize("name", ACTORS)
def test_matches_introductions_and_leads(people: Cast, name: str) -> None:
    need = listing(people.alice)
    offers = [listing(people.bob, side="offer", anonymity=a) for a in Anonymity]
    parts: dict[str, Any] = {"parts": dict.fromkeys(
        ("text", "industry", "soft", "distance", "freshness", "reciprocity"), None), "words": []}  # fmt: skip
    for rank, offer in enumerate(offers, 1):
        Match.objects.create(need=need, offer=offer, score=0.5, verified=True, evidence=parts,
                             rank_need=rank, rank_offer=1)  # fmt: skip
    for asker, target in ((people.alice, offers[0]), (people.bob, need)):
        docking.ask(asker, target, cooperation="lease", question="x", agreed=True)
    for wish in ("320500", "340100", ""):
        said = intake.Report(
            need="找厂房", company="甲", contact_name="李", phone="13600008888", wish=wish
        )
        intake.report(said)
    actor = getattr(people, name)
    program = Program(actor)
    whose = {need.ref: {"alice", "suzhou", "office"}} | {
        o.ref: {"bob", "hefei", "office"} for o in offers
    }
    for ref, names in whose.items():
        said = program("GET", f"/listings/{ref}/matches")
        assert said.status == (200 if name in names else 404), said
        if ref == need.ref and name in names:
            seen = visible(Listing, actor)
            assert [m["ref"] for m in said.json["matches"]] == [
                o.ref for o in offers if o.ref in seen
            ]
    assert set(refs(program, "/introductions")) == visible(Introduction, actor)
    assert set(refs(program, "/leads")) == visible(Lead, actor)
    for model, path in ((Introduction, "introductions"), (Lead, "leads")):
        for one in model.objects.all():
            expected = 200 if one.ref in visible(model, actor) else 404
            assert program("GET", f"/{path}/{one.ref}").status == expected


def test_an_anonymous_party_is_not_named(people: Cast) -> None:
    hidden = listing(people.bob, anonymity="anonymous", side="offer")
    for name in ACTORS:
        said = Program(getattr(people, name))("GET", f"/listings/{hidden.ref}").text
        assert ("砺行" in said) == (name in ("bob", "hefei", "office")), name


def queries(program: Program, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert program("GET", path).status == 200
    return len(asked)


LISTS = (
    "/listings",
    "/listings?facets=true&kind=space",
    "/listings/mine",
    "/introductions",
    "/leads",
)


def test_lists_ask_the_database_as_often_at_1_3_and_50_rows(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docking, "ASKS_BY_PARTY", Limit("many", 999, 60))
    alice, office = Program(people.alice), Program(people.office)
    said = intake.Report(need="找厂房", company="甲", contact_name="李", phone="13600008888")
    asked: dict[str, list[int]] = {path: [] for path in LISTS}
    for rows in (1, 3, 50):
        while Lead.objects.count() < rows:
            listing(people.alice)
            other = listing(people.bob, side="offer")
            docking.ask(people.alice, other, cooperation="lease", question="x", agreed=True)
            intake.report(said)
        for path, found in asked.items():
            program = office if path == "/leads" else alice
            program("GET", "/me")
            found.append(queries(program, f"{path}{'&' if '?' in path else '?'}size=100"))
    assert {path: len(set(found)) for path, found in asked.items()} == dict.fromkeys(LISTS, 1), (
        asked
    )
    assert max(found[0] for found in asked.values()) <= 12, asked
