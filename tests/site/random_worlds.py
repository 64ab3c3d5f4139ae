"""Random worlds: parties, listings, matches, talks and leads, as Hypothesis draws them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import cast as people
from cast import HEFEI, SUZHOU
from django.apps import apps
from django.utils import timezone
from hypothesis import strategies as st
from oracle import Oracle

from corridor.site.api.models import ApiToken, Delivery, Remembered, Webhook
from corridor.site.conference.models import (
    Conference,
    Hall,
    Interpreter,
    Meeting,
    Participant,
    Plan,
    Slot,
    Table,
)
from corridor.site.core import audit, uploads
from corridor.site.core.actor import PUBLIC, Actor, Role
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
from corridor.site.docking.models import Introduction, Match, Message, NearMiss, Outcome, Unsuitable
from corridor.site.leads.models import Circulation, Lead, LeadEvent
from corridor.site.listings import search
from corridor.site.listings.models import (
    Anonymity,
    ContentReport,
    Listing,
    ListingNamed,
    ListingVersion,
    Review,
    SavedSearch,
    State,
)
from corridor.site.notices.models import Notice

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
            self._conferences()
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

    def _conferences(self) -> None:
        """One that is open, one that is not yet; everybody is in both."""
        now = timezone.now()
        for opened in (None, now):
            host = Party.objects.filter(kind="bureau", city=SUZHOU).get()
            ref = f"C{Conference.objects.count()}"
            made = Conference.objects.create(
                ref=ref, title="大会", city=SUZHOU, venue="馆", party=host, opened_at=opened
            )
            Slot.objects.create(conference=made, number=1, start=now, end=now + timedelta(hours=1))
            hall = Hall.objects.create(conference=made, name="馆")
            Table.objects.create(hall=hall, number=1, code=f"T{ref}")
            Interpreter.objects.create(conference=made, name="译", language="en")
            Plan.objects.create(conference=made)
            parts = {
                one.pk: Participant.objects.create(
                    conference=made, party=one, number=at, code=f"{ref}-{at}", feed=f"{ref}-{at}"
                )
                for at, one in enumerate(self.parties)
            }
            for talk in Introduction.objects.all():
                a, b = parts[talk.from_party_id], parts[talk.to_party_id]
                pair = f"{min(a.pk, b.pk)}-{max(a.pk, b.pk)}"
                if not Meeting.objects.filter(pair=pair).exists():
                    Meeting.objects.create(
                        conference=made, introduction=talk, a=a, b=b, pair=pair, value=1
                    )

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
