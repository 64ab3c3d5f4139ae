"""Nothing leaks: in random worlds, whatever anyone is shown is what the oracle lets them see.

Each text that somebody wrote carries a mark of its own, and so does each party's name. Every page,
file and answer of the API is searched for marks, and each mark found must be one that the actor may
read. The number of worlds is ``CORRIDOR_TEST_WORLDS`` (25 where it is not set).
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import Any

import cast as people
import pytest
from cast import HEFEI, SUZHOU
from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from errands import headers, login
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oracle import Oracle

from corridor.engine.text.normal import fold
from corridor.site.api.models import ApiToken, Delivery, Remembered, Webhook
from corridor.site.core import audit, uploads
from corridor.site.core.actor import PUBLIC, SYSTEM, Actor, Role
from corridor.site.core.models import (
    Consent,
    Invitation,
    Job,
    Membership,
    MembershipRequest,
    Party,
    Reveal,
    Upload,
    User,
)
from corridor.site.docking import models
from corridor.site.docking.models import Introduction, Match, Message, NearMiss, Outcome, Unsuitable
from corridor.site.leads.models import Circulation, ClockLength, Lead, LeadEvent, LeadQuerySet
from corridor.site.listings import exporting, facets, search
from corridor.site.listings.conditions import matching
from corridor.site.listings.models import (
    Anonymity,
    ContentReport,
    Listing,
    ListingNamed,
    ListingQuerySet,
    ListingVersion,
    Review,
    SavedSearch,
    State,
)
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db

WORLDS = int(os.environ.get("CORRIDOR_TEST_WORLDS", "25"))
JIAXING = "330400"
CITIES = (SUZHOU, HEFEI, JIAXING)
ACTORS = ("alice", "bob", "carol", "dave", "suzhou", "hefei", "office", "judge", "analyst")
#: What a mark is of; its letters stand in no text of the site.
MARK = re.compile("[\u2e80-\u2fd5][甲乙丙丁戊己庚辛壬癸]+末")
KINDS = {
    name: chr(0x2F00 + at)
    for at, name in enumerate(
        ("party", "title", "text", "question", "message", "outcome", "lead", "event", "offer",
         "report", "saved", "aside", "review", "file", "note", "version")
    )
}  # fmt: skip
STEMS = "甲乙丙丁戊己庚辛壬癸"


def mark(kind: str, number: int) -> str:
    """The mark of the ``number``-th text of a kind."""
    return KINDS[kind] + "".join(STEMS[int(digit)] for digit in str(number)) + "末"


# --- worlds ---


@dataclass(frozen=True)
class Stated:
    """A listing of a random world."""

    party: int
    side: str
    kind: str
    city: str
    state: State
    anonymity: Anonymity
    named: frozenset[int]


@dataclass(frozen=True)
class Talk:
    """An introduction: who asks, about which listing, bringing in which, and how it stands."""

    asker: int
    target: int
    own: int | None
    state: str


@dataclass(frozen=True)
class Reported:
    """A lead: with which city, in which state, and offered to whom."""

    city: str
    state: str
    offered: str


@dataclass(frozen=True)
class Drawn:
    """A random world, and who looks at its pages."""

    listings: list[Stated]
    talks: list[Talk]
    leads: list[Reported]
    aside: list[tuple[int, int]]
    visitors: tuple[str, ...]


PARTIES = st.integers(0, 3)
#: Half of the listings are on the market, or little would be found.
STATES = st.sampled_from([*State, *[State.PUBLISHED] * len(State)])
LISTINGS = st.builds(
    Stated,
    party=PARTIES,
    side=st.sampled_from(("need", "offer")),
    kind=st.sampled_from(("space", "capital")),
    city=st.sampled_from(CITIES),
    state=STATES,
    anonymity=st.sampled_from(Anonymity),
    named=st.frozensets(PARTIES, max_size=2),
)
PLACES = st.integers(0, 7)
TALKS = st.builds(
    Talk,
    asker=PARTIES,
    target=PLACES,
    own=st.none() | PLACES,
    state=st.sampled_from(("asked", "accepted", "declined", "closed")),
)
LEADS = st.builds(
    Reported,
    city=st.sampled_from(("", *CITIES)),
    state=st.sampled_from(("held", "received", "answered", "closed")),
    offered=st.sampled_from(("", *CITIES)),
)
WORLDS_DRAWN = st.builds(
    Drawn,
    listings=st.lists(LISTINGS, min_size=5, max_size=8),
    talks=st.lists(TALKS, max_size=3),
    leads=st.lists(LEADS, max_size=2),
    aside=st.lists(st.tuples(PLACES, PLACES), max_size=2),
    visitors=st.tuples(st.sampled_from(("public", *ACTORS)), st.sampled_from(ACTORS)),
)


@dataclass
class World:
    """A random world in the database, and what each mark in it is.

    ``whole``: with what everyone has of their own too, which is no different in any world.
    """

    drawn: Drawn
    whole: bool = False
    actors: dict[str, Actor] = field(default_factory=dict)
    listings: list[Listing] = field(default_factory=list)
    marks: dict[str, tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        cast = people.cast()
        home = people.party("嘉兴远帆基金", "fund", JIAXING, 14)
        self.actors = {name: getattr(cast, name) for name in ACTORS if name != "dave"}
        self.actors |= {"dave": people.member(home, Role.MEMBER, "dave"), "public": PUBLIC}
        self.parties = [
            self._party(self.actors[name]) for name in ("alice", "bob", "carol", "dave")
        ]
        for one in self.drawn.listings:
            self._listing(one)
        search.index_all()
        self._matches()
        for talk in self.drawn.talks:
            self._talk(talk)
        for lead in self.drawn.leads:
            self._lead(lead)
        for a, b in self.drawn.aside:
            self._aside(self._at(a), self._at(b))
        if self.whole:
            self._things()
        self.oracle = Oracle()

    def marked(self, kind: str, model: str, key: int) -> str:
        """A new mark of a row."""
        text = mark(kind, len(self.marks) + 1)
        self.marks[text] = (model, key)
        return text

    def _set(self, row: Any, kind: str, **more: Any) -> None:
        """Write a mark into a field of a row."""
        for name, rest in more.items():
            setattr(row, name, self.marked(kind, row._meta.model_name, row.pk) + rest)
        row.save(update_fields=list(more))

    def _party(self, actor: Actor) -> Party:
        found = Party.objects.get(pk=actor.party)
        self._set(found, "party", name="有限公司")
        return found

    def _at(self, place: int) -> Listing:
        return self.listings[place % len(self.listings)]

    def _listing(self, one: Stated) -> None:
        party = self.parties[one.party]
        author = Membership.objects.get(party=party).actor()
        made = people.listing(
            author, side=one.side, kind=one.kind, city=one.city, state=one.state, values={},
            anonymity=one.anonymity, text="", deadline=timezone.localdate() + timedelta(days=9),
        )  # fmt: skip
        self._set(made, "title", title=" 信息")
        self._set(made, "text", text=" 说明")
        self.listings.append(made)
        for at in one.named:
            ListingNamed.objects.create(listing=made, party=self.parties[at])
        version = ListingVersion.objects.create(listing=made, number=1, content={})
        version.content = _content(made, self.marked("version", "listingversion", version.pk))
        version.save()
        if one.state == State.DRAFT:  # nobody has seen it yet
            return
        review = Review.objects.create(listing=made, stage="city", passed=True)
        self._set(review, "review", reason="")
        report = ContentReport.objects.create(listing=made, why="false", party=self.parties[3])
        self._set(report, "report", note="")

    def _matches(self) -> None:
        sides = {
            side: [one for one in self.listings if one.side == side] for side in ("need", "offer")
        }
        for need in sides["need"]:
            for offer in sides["offer"]:
                if need.kind == offer.kind:
                    Match.objects.create(
                        need=need, offer=offer, rank_need=1, rank_offer=1, score=0.8, verified=True,
                        evidence={"parts": {}, "words": []},
                    )  # fmt: skip
                    NearMiss.objects.create(need=need, offer=offer, rank_need=2, rank_offer=2)

    def _talk(self, talk: Talk) -> None:
        target, asker = self._at(talk.target), self.parties[talk.asker]
        own = None if talk.own is None else self._at(talk.own)
        if own is not None and (
            own.party_id != asker.pk or own.side == target.side or own.state == State.DRAFT
        ):
            own = None
        if target.party_id == asker.pk or target.state == State.DRAFT:
            return
        sides = {one.side: one for one in (target, own) if one is not None}
        now, number = timezone.now(), Introduction.objects.count() + 1
        made = Introduction(
            ref=f"{target.ref}-{number:02d}", number=number, need=sides.get("need"),
            offer=sides.get("offer"), target=target, from_party=asker, to_party=target.party,
            cooperation="lease", state=talk.state, created_at=now, expires_at=now + timedelta(days=9),
            accepted_at=now if talk.state in ("accepted", "closed") else None,
        )  # fmt: skip
        if Introduction.objects.filter(from_party=asker, target=target).exists():
            return
        made.save()
        self._set(made, "question", question="")
        self._set(made, "note", note="")
        said = Message.objects.create(introduction=made, party=asker, role="member", text="x")
        self._set(said, "message", text="")
        told = Outcome.objects.create(
            introduction=made, party=asker, result="met", on=timezone.localdate()
        )
        self._set(told, "outcome", note="")
        Consent.objects.create(
            purpose="contact.release",
            party=asker,
            to_party=target.party,
            thing=f"introduction:{made.ref}",
        )

    def _lead(self, one: Reported) -> None:
        now = timezone.now()
        made = Lead.objects.create(
            ref=f"X{Lead.objects.count()}", state=one.state, city=one.city, first_city=one.city,
            first_reported_at=now, contact_name="王", phone="13800001234", contact_due=now,
            judge_due=now, answer_due=now, clock="contact", due_at=now,
        )  # fmt: skip
        self._set(made, "lead", need="", company="公司")
        self._set(LeadEvent.objects.create(lead=made, what="note", at=now), "event", text="")
        if one.offered and one.city and one.offered != one.city:
            offer = Circulation.objects.create(
                lead=made, from_city=one.city, to_city=one.offered, proposed_at=now
            )
            self._set(offer, "offer", reason="")

    def _aside(self, listing: Listing, other: Listing) -> None:
        if listing.side != other.side and State.DRAFT not in (listing.state, other.state):
            made, _new = Unsuitable.objects.get_or_create(
                listing=listing, other=other, party=listing.party, defaults={"reason": "price"}
            )
            self._set(made, "aside", note="")

    def _things(self) -> None:
        """What each person has of their own: a search, a notice, a file, a job."""
        for actor in self.actors.values():
            if actor.user is None:
                continue
            own = {"user_id": actor.user, "party_id": actor.party}
            kept = SavedSearch.objects.create(**own, query="kind=space", seen_until=timezone.now())
            self._set(kept, "saved", name="")
            Notice.objects.create(**own, kind="x", thing="x", url="/")
            file = uploads.keep(actor, "x.csv", "csv", b"")
            text = self.marked("file", "upload", file.pk)
            uploads.path_of(file.key).write_text(text, encoding="utf-8")
            Upload.objects.filter(pk=file.pk).update(name=f"{text}.csv")
            Job.objects.create(
                kind="listings.export",
                key="k",
                state="done",
                upload=file,
                not_before=timezone.now(),
                **own,
            )
            Reveal.objects.create(owner_id=actor.party, user_id=actor.user, thing="x", purpose="x")
            audit.record(actor, "x", None)
            self._of_party({"party_id": actor.party, "membership_id": actor.membership})

    def _of_party(self, mine: dict[str, Any]) -> None:
        now, at = timezone.now(), mine["membership_id"]
        party, week = mine["party_id"], timedelta(days=7)
        Invitation.objects.create(party_id=party, digest=str(at), expires_at=now + week)
        user = User.objects.create(username=f"asking-{at}")
        MembershipRequest.objects.create(party_id=party, user=user)
        token = ApiToken.objects.create(**mine, name="x", digest=str(at), hint="x")
        Remembered.objects.create(token=token, key="x", asked="x")
        hook = Webhook.objects.create(**mine, url="https://example.com", secret="x")
        Delivery.objects.create(
            webhook=hook, entry=1, verb="x", thing="x", at=now, since=now, next_at=now
        )


def _content(listing: Listing, text: str) -> dict[str, Any]:
    from corridor.site.listings.content import of, record

    return record(of(listing)) | {"title": text}


# --- what is checked ---


def guarded() -> list[Any]:
    """Every model that says who may see its rows."""
    return [model for model in apps.get_models() if hasattr(model._default_manager, "visible_to")]


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
