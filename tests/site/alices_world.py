"""Alice's things, one in each state, for whoever asks about them."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import cast as people
from allauth.usersessions.models import UserSession
from cast import HEFEI, SUZHOU
from conference_world import Conferences
from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import default_token_generator
from django.utils import timezone
from django.utils.http import urlsafe_base64_encode

from corridor.site.api.models import ApiToken, Delivery, Webhook
from corridor.site.core import uploads
from corridor.site.core.actor import Actor, Role
from corridor.site.core.models import Invitation, Job, Membership, MembershipRequest, User
from corridor.site.docking import actions as docking
from corridor.site.docking import release
from corridor.site.docking.models import Introduction, Match
from corridor.site.leads import intake
from corridor.site.leads.models import Circulation, Lead
from corridor.site.listings import content
from corridor.site.listings.models import (
    ContentReport,
    Listing,
    ListingNamed,
    ListingVersion,
    SavedSearch,
    State,
)
from corridor.site.notices.models import Notice

PASSWORD = "Zou-Lang-2026-九城"
CODE = "an-invitation-code"
PHONE = "13800001234"


class World:
    """Alice's things, Bob's answers to them, and an enterprise's leads with Suzhou's bureau."""

    def __init__(self) -> None:
        self.cast = people.cast()
        self._members()
        User.objects.update(password=make_password(PASSWORD))
        colleague = User.objects.get(pk=self.colleague.user)
        self.link = (
            urlsafe_base64_encode(str(colleague.pk).encode()),
            default_token_generator.make_token(colleague),
        )
        self._listings()
        self._talks()
        self._leads()
        self._programs()
        self.conferences = Conferences(self.cast)

    def _members(self) -> None:
        alice = self.cast.alice
        home = User.objects.get(pk=alice.user).memberships.get().party
        self.colleague = people.member(home, Role.MEMBER, "colleague")
        self.manager = people.member(home, Role.MEMBER, "manager", manager=True)
        self.former = people.member(home, Role.MEMBER, "former", manager=True)
        Membership.objects.filter(pk=self.former.membership).update(ended_at=timezone.now())
        self.fresh = people.party("苏州新来有限公司", "enterprise", SUZHOU, 77)
        self.fresh.verified_at = None
        self.fresh.save()
        self.invitation = Invitation.objects.create(
            party=home,
            role=Role.MEMBER,
            note="李工",
            digest=hashlib.sha256(CODE.encode()).hexdigest(),
            expires_at=timezone.now() + timedelta(days=1),
        )
        outsider = User.objects.create(username="outsider", name="Outsider")
        self.request = MembershipRequest.objects.create(party=home, user=outsider)
        self.session = UserSession.objects.create(
            user_id=alice.user, ip="192.0.2.1", session_key="x" * 32, user_agent=""
        )
        asked = {"party_id": alice.party, "user_id": alice.user, "not_before": timezone.now()}
        self.job = Job.objects.create(kind="listings.export", key="one", **asked)
        self.imported = Job.objects.create(kind="listings.import", key="two", **asked)
        self.file = uploads.keep(alice, "a.csv", "csv", b"a,b\n")
        self.notice = Notice.objects.create(
            user_id=alice.user, party_id=alice.party, kind="x", thing="x", url="/"
        )

    def _listings(self) -> None:
        alice, bob = self.cast.alice, self.cast.bob

        def of_alice(state: State, **more: Any) -> Listing:
            made = people.listing(alice, title=f"求租厂房 {state}", state=state, **more)
            ListingVersion.objects.create(
                listing=made, number=1, content=content.record(content.of(made))
            )
            return made

        waiting: dict[str, Any] = {"published_at": None, "expires_on": None}
        self.draft = of_alice(State.DRAFT, **waiting)
        self.waiting = of_alice(State.CITY_REVIEW, **waiting)
        self.passed = of_alice(State.CORRIDOR_REVIEW, **waiting)
        self.hidden = of_alice(State.HIDDEN)
        self.need = of_alice(State.PUBLISHED)
        self.inside = of_alice(State.PUBLISHED, anonymity="corridor")
        self.named = of_alice(State.PUBLISHED, anonymity="named")
        ListingNamed.objects.create(listing=self.named, party_id=bob.party)
        self.saved = SavedSearch.objects.create(
            user_id=alice.user, party_id=alice.party, name="厂房", query="kind=space&side=offer",
            seen_until=timezone.now(),
        )  # fmt: skip
        self.report = ContentReport.objects.create(listing=self.need, why="false")
        self.offers = [people.listing(bob, title="厂房出租", side="offer") for _ in range(4)]
        for offer in self.offers:
            Match.objects.create(
                need=self.need,
                offer=offer,
                rank_need=1,
                rank_offer=1,
                score=0.8,
                verified=True,
                evidence={"parts": {}, "words": []},
            )

    def _talks(self) -> None:
        alice, bob = self.cast.alice, self.cast.bob

        def asked(offer: Listing) -> Introduction:
            return docking.ask(
                alice,
                offer,
                own=self.need,
                cooperation="lease",
                question="何时可看？",
                agreed=True,
            )

        self.asked, self.accepted, self.taken_back = map(asked, self.offers[:3])
        for one in (self.accepted, self.taken_back):
            docking.accept(bob, one, agreed=True)
        self.taken_back.refresh_from_db()
        release.give(alice, self.taken_back, taken_back=True)

    def _leads(self) -> None:
        said = intake.Report(
            need="求租三千平单层厂房", company="某公司", contact_name="王", phone=PHONE, wish=SUZHOU
        )
        self.lead = intake.report(said)

        def lead(state: str, **more: Any) -> Lead:
            made = Lead.objects.get(pk=self.lead.pk)
            made.pk, made.ref, made.state = None, f"X{state.upper()}", state
            for name, value in more.items():
                setattr(made, name, value)
            made.save(force_insert=True)
            return made

        now = timezone.now()
        contacted: dict[str, Any] = {"contacted_at": now, "officer_id": self.cast.suzhou.user}
        valid = contacted | {"judged_at": now, "valid": True}
        self.held = lead("held")
        self.contacted = lead("contacted", **contacted)
        self.valid = lead("valid", **valid)
        self.answered = lead("answered", **valid, answered_at=now, answer="请来面谈。")
        self.offered = lead("received", ref="XOFFERED")
        self.offer = Circulation.objects.create(
            lead=self.offered, from_city=SUZHOU, to_city=HEFEI, reason="产业在合肥", proposed_at=now
        )

    def _programs(self) -> None:
        alice, now = self.cast.alice, timezone.now()
        mine = {"party_id": alice.party, "membership_id": alice.membership}
        self.token = ApiToken.objects.create(**mine, name="x", digest="x", hint="x")
        self.hook = Webhook.objects.create(**mine, url="https://example.com", secret="x")
        self.delivery = Delivery.objects.create(
            webhook=self.hook, entry=1, verb="x", thing="x", at=now, since=now, next_at=now
        )

    def actor(self, name: str) -> Actor | None:
        """Someone by name; ``former`` acted for Alice's party once, and for nobody now."""
        own = {"public": None, "former": self.former}
        return own[name] if name in own else getattr(self.cast, name)
