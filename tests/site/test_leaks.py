"""Nothing leaks: in random worlds, whatever anyone is shown is what the oracle lets them see."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from html import unescape
from typing import Any

import pytest
from cast import HEFEI, SUZHOU
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from errands import headers, login
from hypothesis import HealthCheck, Phase, given, settings
from random_worlds import (
    ACTORS,
    JIAXING,
    KINDS,
    MARK,
    WORLDS_DRAWN,
    Drawn,
    Reported,
    Stated,
    Talk,
    World,
    guarded,
)

from corridor.engine.text.normal import fold
from corridor.site.core.actor import SYSTEM, Actor, Role
from corridor.site.docking import models
from corridor.site.docking.models import Introduction
from corridor.site.leads.models import ClockLength, LeadQuerySet
from corridor.site.listings import exporting, facets, search
from corridor.site.listings.conditions import matching
from corridor.site.listings.models import Anonymity, Listing, ListingQuerySet, State

pytestmark = pytest.mark.django_db

WORLDS = int(os.environ.get("CORRIDOR_TEST_WORLDS", "25"))


# --- what is checked ---


def check_rows(world: World, *models: Any) -> None:
    """What ``visible_to`` lets each actor see is what the oracle does."""
    for model in models or guarded():
        for name, actor in (*world.actors.items(), ("the site", SYSTEM)):
            seen = set(model._default_manager.visible_to(actor).values_list("pk", flat=True))
            expected = world.oracle.seen(actor, model._meta.model_name)
            assert seen == expected, f"{name} sees {model.__name__} {seen}, not {expected}"


class Visit:
    """Someone goes through the whole site and reads everything."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name, self.oracle = world, name, world.oracle
        self.actor = world.actors[name]
        self.client, self.headers = login(self.actor), headers(self.actor)
        self.parties = self.oracle.known_parties(self.actor)
        self.titles = self.oracle.known_titles(self.actor)
        self.listings = self.oracle.seen(self.actor, "listing")

    def may_read(self, text: str) -> bool:
        """Whether the actor may read a mark anywhere."""
        model, key = self.world.marks[text]
        if model == "party":
            return key in self.parties
        if model == "listing":
            return key in (self.titles if text[0] == KINDS["title"] else self.listings)
        return key in self.oracle.seen(self.actor, model)

    def checked(self, where: str, said: Any) -> str:
        """The text of an answer, which shows nothing it may not."""
        assert said.status_code < 500, f"{where} as {self.name}: {said.status_code}"
        text = unescape(said.getvalue().decode())
        text += " ".join(unescape(value) for value in said.headers.values())
        asked = set(MARK.findall(where))  # what was searched for is said again
        leaked = [one for one in set(MARK.findall(text)) - asked if not self.may_read(one)]
        found = [self.world.marks[one] for one in leaked]
        assert not leaked, f"{where} shows {self.name} {found}"
        return text

    def get(self, path: str) -> Any:
        """A page, read."""
        said = self.client.get(path)
        said.text_read = self.checked(path, said)
        return said

    def api(self, path: str) -> Any:
        """The JSON of an answer of the API, read; ``None`` where it is refused."""
        said = self.client.get(f"/api/v1{path}", headers=self.headers)
        self.checked(f"/api/v1{path}", said)
        return json.loads(said.content) if said.status_code == 200 else None

    def everything(self) -> None:
        """Read it all."""
        for path in LISTS if self.world.whole else LISTS[:RANDOM_LISTS]:
            self.get(path)
        self.market()
        self.export()
        for listing in self.oracle.all("listing"):
            self.listing(listing)
        self.pages("introduction", "/introductions/{0.ref}/", "/introductions/{0.ref}")
        self.pages("lead", "/leads/{0.ref}/", "/leads/{0.ref}")
        self.pages("job", "/jobs/{0.id}/", "/jobs/{0.id}")
        self.pages("upload", "/files/{0.key}/")
        self.pages("party", "/parties/{0.id}/")
        for path in API_LISTS:
            self.api(path)

    def pages(self, model: str, page: str, api: str = "") -> None:
        """The pages of all rows of a model: there for who may see the row, and for nobody else."""
        inside = self.actor.role in ("bureau", "office")
        for key, row in self.oracle.rows[model].items():
            seen = key in self.oracle.seen(self.actor, model)
            login_first = self.name == "public" and model in ("lead", "party")
            said = self.get(page.format(row))
            hidden = not seen or (model == "lead" and not inside)
            assert said.status_code == (302 if login_first else 404 if hidden else 200), page
            if api and self.headers:
                assert (self.api(api.format(row)) is not None) == seen, api

    def listing(self, row: Any) -> None:
        """All pages of a listing; who is behind it only where that may be known."""
        seen, page = row.id in self.listings, f"/listings/{row.ref}/"
        said = self.get(page)
        assert said.status_code == (200 if seen else 404), f"{page} as {self.name}"
        texts = [said.text_read] if seen else []
        for path in (f"{page}versions/", f"/matches/{row.ref}/"):
            self.get(path)
        if self.headers:
            record = self.api(f"/listings/{row.ref}")
            assert (record is not None) == seen
            texts += [json.dumps(record, ensure_ascii=False)] if seen else []
            self.api(f"/listings/{row.ref}/reviews")
            self.api(f"/listings/{row.ref}/matches")
        if seen:
            self.unnamed(row, *texts)

    def unnamed(self, row: Any, *texts: str) -> None:
        """Who is behind a listing is not said beside it, unless it may be known."""
        who = self.oracle.rows["party"][row.party_id].name
        if not self.oracle.knows_party(self.actor, row):
            assert not any(who in text for text in texts), f"{self.name} learns who {row.ref} is"

    def market(self) -> None:
        """The list, searched by this and that: what is found, and what is counted beside it."""
        market = self.oracle.market(self.actor)
        for where in ({}, {"side": "need"}, {"kind": "space"}, {"city": HEFEI, "side": "offer"}):
            query = "&".join(f"{name}={value}" for name, value in where.items())
            said = self.get(f"/listings/?{query}")
            found = said.context["found"]
            fitting = {one.id for one in market if where.items() <= vars(one).items()}
            assert {one.pk for one in found.page} == fitting
            self.cards(said.text_read)
            shown = {
                name: {o.value: o.count for o in f.options} for name, f in found.facets.items()
            }
            self.facets(shown, where)
            if self.headers:
                told = self.api(f"/listings?{query}&facets=true&size=100")
                assert {one["ref"] for one in told["items"]} == {one.ref for one in found.page}
                assert told["total"] == len(fitting)
                self.facets({f["name"]: {o["value"]: o["count"] for o in f["options"]}
                             for f in told["facets"]}, where)  # fmt: skip
        self.searches(market)

    def searches(self, market: list[Any]) -> None:
        """By its words no listing is found that is not on the actor's market, by its party none."""
        titles = [row.title.split()[0] for row in self.oracle.all("listing") if row not in market]
        parties = [party.name.removesuffix("有限公司") for party in self.world.parties]
        for words in (*titles, *parties[:2], *(parties if self.world.whole else ())):
            found = self.get(f"/listings/?read=1&q={words}").context["found"]
            assert found.total == 0, f"{self.name} finds {words}"
        for row in market[:1]:
            found = self.get(f"/listings/?read=1&q={row.title.split()[0]}").context["found"]
            assert [one.pk for one in found.page] == [row.id]

    def facets(self, shown: dict[str, dict[str, int]], where: dict[str, str]) -> None:
        """Each count is the oracle's, of what passes the conditions on the other two."""
        for by in ("side", "kind", "city"):
            others = {name: value for name, value in where.items() if name != by}
            expected = self.oracle.counts(self.actor, by, **others)
            assert +Counter(shown[by]) == expected, f"{self.name}: {by} of {where}"
        market = [
            one for one in self.oracle.market(self.actor) if where.items() <= vars(one).items()
        ]
        assert shown["within"] == {"7": 0, "30": len(market), "90": len(market)}

    def cards(self, text: str) -> None:
        """On no card stands a party that may not be known from it."""
        by_title = {row.title: row for row in self.oracle.all("listing")}
        for card in text.split("<article")[1:]:
            for title, row in by_title.items():
                if title in card:
                    self.unnamed(row, card)

    def export(self) -> None:
        """The file of what the list shows."""
        if not self.headers:
            return
        said = self.client.post("/listings/export/", {"format": "csv", "reason": "研究"})
        text = self.checked("export", said)
        for row in self.oracle.market(self.actor):
            line = next(line for line in text.splitlines() if row.ref in line)
            self.unnamed(row, line)


LISTS = (
    "/", "/desk/", "/introductions/", "/leads/", "/leads/?show=asked", "/leads/?show=done",
    "/listings/mine/", "/listings/review/", "/listings/reports/",
    "/notices/", "/leads/?show=held", "/listings/saved/", "/parties/", "/members/", "/programs/",
    "/leads/card/", "/account/me/",
)  # fmt: skip

#: So many of these are different in each world.
RANDOM_LISTS = 9
API_LISTS = (
    "/me", "/funnel", "/listings/mine", "/introductions", "/leads", "/leads?tab=asked",
    "/leads?tab=held", "/leads?tab=done",
)  # fmt: skip


def check_pages(world: World, name: str) -> None:
    """Nothing an actor reads anywhere is more than they may."""
    cache.clear()
    Visit(world, name).everything()


def made(drawn: Drawn) -> Iterator[World]:
    """The world, until it is done with."""
    with transaction.atomic():
        yield World(drawn)
        transaction.set_rollback(True)


#: A world that leaks is small as it is: making it smaller would take minutes.
QUIET = settings(
    max_examples=WORLDS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    print_blob=True,
)


@QUIET
@given(WORLDS_DRAWN)
def test_nothing_leaks_in_any_world(drawn: Drawn) -> None:
    for world in made(drawn):
        check_rows(world)
        check_pages(world, drawn.visitors[0])


# --- the checks themselves, checked ---


#: A world in which every check has something to find.
RICH = Drawn(
    listings=[
        Stated(0, "need", "space", SUZHOU, State.PUBLISHED, Anonymity.ANONYMOUS, frozenset()),
        Stated(1, "offer", "space", HEFEI, State.PUBLISHED, Anonymity.PUBLIC, frozenset()),
        Stated(3, "offer", "space", JIAXING, State.PUBLISHED, Anonymity.NAMED, frozenset({0})),
        Stated(3, "need", "capital", JIAXING, State.PUBLISHED, Anonymity.CORRIDOR, frozenset()),
        Stated(0, "need", "space", SUZHOU, State.DRAFT, Anonymity.PUBLIC, frozenset()),
        Stated(0, "need", "space", SUZHOU, State.HIDDEN, Anonymity.ANONYMOUS, frozenset()),
        Stated(3, "offer", "capital", JIAXING, State.PUBLISHED, Anonymity.ANONYMOUS, frozenset()),
    ],
    talks=[Talk(1, 0, 1, "asked"), Talk(3, 0, 2, "accepted")],
    leads=[Reported(SUZHOU, "received", HEFEI), Reported("", "held", "")],
    aside=[(0, 1)],
    visitors=("public", "alice"),
)


def everyone(_self: Any, _actor: Actor) -> Q:
    """What a model says that lets everyone see everything."""
    return Q()


@pytest.mark.parametrize("name", ["public", *ACTORS])
def test_nothing_leaks_to_anyone_in_a_rich_world(name: str) -> None:
    check_pages(World(RICH, whole=True), name)


def test_a_model_that_shows_too_much_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(RICH, whole=True)
    check_rows(world)
    for model in guarded():
        with monkeypatch.context() as broken:
            broken.setattr(model._default_manager._queryset_class, "_seen_by", everyone)
            noticed = pytest.raises(AssertionError, match=model.__name__)
            with nullcontext() if model is ClockLength else noticed:  # anyone may know that
                check_rows(world, model)


@pytest.mark.parametrize(
    ("what", "name", "instead", "visitor"),
    [
        (ListingQuerySet, "_seen_by", everyone, "carol"),
        (facets, "matching", lambda _actor, *more, **but: matching(OFFICE, *more, **but), "public"),
        (exporting, "matching", lambda _actor, *more, **but: matching(OFFICE, *more, **but), "bob"),
        (Listing, "party_shown_to", lambda self, _actor: self.party.name, "bob"),
        (Introduction, "party_shown_to", lambda self, _actor, _party: self.to_party.name, "bob"),
        (models, "introductions_seen_by", lambda _actor: Q(), "carol"),
        (LeadQuerySet, "_seen_by", everyone, "hefei"),
        (search, "words_of", lambda listing: words_and_party(listing), "public"),
    ],
)
def test_a_page_that_shows_too_much_is_noticed(
    monkeypatch: pytest.MonkeyPatch, what: Any, name: str, instead: Callable[..., Any], visitor: str
) -> None:
    monkeypatch.setattr(what, name, instead)
    with pytest.raises(AssertionError):
        check_pages(World(RICH), visitor)


OFFICE = Actor(role=Role.OFFICE, user=-1, party=-1)


def words_and_party(listing: Listing, had: Any = search.words_of) -> Any:
    """What a listing would be found by if its party were among it."""
    words = had(listing)
    return words._replace(body=f"{words.body} {fold(listing.party.name)}")
