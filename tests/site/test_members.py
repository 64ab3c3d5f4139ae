"""Members: who may act for a party, and who says so."""

from __future__ import annotations

import re

import pytest
from accounts import PASSWORD, form
from browsing import Login
from cast import Cast, cast
from django.test import Client

from corridor.site.core import actions, memberships
from corridor.site.core.actor import PUBLIC, Role
from corridor.site.core.errors import Forbidden, Invalid, NotNow
from corridor.site.core.models import (
    AuditEntry,
    Invitation,
    Membership,
    MembershipRequest,
    Party,
    User,
)

pytestmark = pytest.mark.django_db


class TestMembers:
    """Who acts for a party is decided by its managers, and by the office."""

    def join(self, people: Cast, party_id: int, username: str = "new") -> MembershipRequest:
        theirs = Party.objects.get(pk=party_id)
        who = actions.Person(username, username.title(), PASSWORD)
        details = actions.Details("同一单位", "enterprise", theirs.city)
        joined = actions.join(theirs.credit_code, details, who, agreed="同意")
        assert joined.asked
        return MembershipRequest.objects.get(user=joined.user)

    def test_invited_by_a_link_that_works_once(self, login: Login) -> None:
        people = cast()
        client = login(people.alice)
        answer = client.post("/members/", {"note": "李工", "role": "member"})
        page = client.get(answer["Location"]).text
        link = re.search(r"http://127\.0\.0\.1:8000(/join/[\w-]+/)", page).group(1)
        assert link not in client.get("/members/").text
        assert link.split("/")[2] not in Invitation.objects.get().digest
        guest = Client()
        assert "苏州澄源精密有限公司" in guest.get(link).text
        person = {key: form()[key] for key in ("person_name", "phone", "username", "password")}
        assert guest.post(link, person)["Location"] == "/desk/"
        made = User.objects.get(username="limei").memberships.get()
        assert (made.party_id, made.role, made.manager) == (people.alice.party, "member", False)
        assert guest.get("/desk/").status_code == 200
        assert Client().get(link).status_code == 409
        assert Client().get("/join/guessed/").status_code == 404

    def test_accepted_with_the_account_one_has(self, login: Login) -> None:
        people = cast()
        own = Party.objects.get(pk=people.alice.party)
        _, link = memberships.invite(people.alice, own, Role.MEMBER, note="鲍勃", manager=True)
        client = login(people.bob)
        assert "当前账号" in client.get(f"/join/{link}/").text
        client.post(f"/join/{link}/")
        assert people.user("bob").memberships.count() == 2
        assert "苏州澄源精密有限公司" in client.get("/desk/").text

    def test_withdrawn_or_too_old(self, login: Login, monkeypatch) -> None:
        people = cast()
        own = Party.objects.get(pk=people.alice.party)
        made, link = memberships.invite(people.alice, own, Role.MEMBER, note="甲", manager=False)
        login(people.alice).post(f"/invitations/{made.pk}/withdraw/")
        assert Client().get(f"/join/{link}/").status_code == 409
        made, link = memberships.invite(people.alice, own, Role.MEMBER, note="乙", manager=False)
        Invitation.objects.filter(pk=made.pk).update(expires_at=made.created_at)
        assert Client().get(f"/join/{link}/").status_code == 409

    def test_nobody_gives_a_role_they_have_not_to_give(self) -> None:
        people = cast()
        alices, office = (Party.objects.get(pk=one.party) for one in (people.alice, people.office))
        for who, where, role in (
            (people.alice, alices, Role.OFFICE),
            (people.alice, alices, Role.BUREAU),
            (people.alice, office, Role.OFFICE),
            (people.carol, alices, Role.MEMBER),
            (people.suzhou, office, Role.OFFICE),
            (people.judge, office, Role.JUDGE),
            (people.office, alices, Role.BUREAU),
            (PUBLIC, alices, Role.MEMBER),
        ):
            with pytest.raises(Forbidden):
                memberships.invite(who, where, role, note="x", manager=True)
        for role in (Role.OFFICE, Role.JUDGE, Role.ANALYST):
            memberships.invite(people.office, office, role, note="x", manager=False)

    def test_admitted_by_manager_bureau_or_office(self) -> None:
        people = cast()
        for number, who in enumerate((people.alice, people.suzhou, people.office)):
            request = self.join(people, people.alice.party, f"new{number}")
            membership = memberships.approve(who, request)
            assert (membership.role, membership.manager) == (Role.MEMBER, False)
            with pytest.raises(NotNow):
                memberships.approve(who, request)

    def test_and_by_nobody_else(self) -> None:
        people = cast()
        request = self.join(people, people.alice.party)
        for who in (people.bob, people.carol, people.hefei, people.judge):
            with pytest.raises(Forbidden):
                memberships.approve(who, request)
        into_bureau = self.join(people, people.hefei.party, "spy")
        for who in (people.hefei, people.suzhou):
            with pytest.raises(Forbidden):
                memberships.approve(who, into_bureau)
        assert memberships.approve(people.office, into_bureau).role == Role.BUREAU

    def test_declined_with_a_reason_they_see(self, login: Login) -> None:
        people = cast()
        request = self.join(people, people.alice.party)
        with pytest.raises(Invalid):
            memberships.decline(people.alice, request, reason=" ")
        client = login(people.alice)
        client.post(f"/requests/{request.pk}/decline/", {"reason": "不是本单位员工"})
        guest = Client()
        guest.force_login(request.user)
        assert "不是本单位员工" in guest.get("/desk/").text

    def test_ended_at_once(self, login: Login) -> None:
        people = cast()
        own = Party.objects.get(pk=people.alice.party)
        user = User.objects.create(username="dan", name="Dan")
        dan = actions.begin(people.alice, user, own, Role.MEMBER, manager=False)
        client = Client()
        client.force_login(user)
        assert own.name in client.get("/desk/").text
        login(people.alice).post(f"/members/{dan.pk}/end/", {"reason": "离职"})
        assert own.name not in client.get("/desk/").text
        assert AuditEntry.objects.order_by("-id")[0].reason == "离职"

    def test_a_party_keeps_a_manager(self) -> None:
        people = cast()
        alice = Membership.objects.get(pk=people.alice.membership)
        for act in (
            lambda: memberships.end(people.alice, alice),
            lambda: memberships.appoint(people.alice, alice, manager=False),
        ):
            with pytest.raises(NotNow, match="另一位管理员"):
                act()
        user = User.objects.create(username="dan", name="Dan")
        own = Party.objects.get(pk=people.alice.party)
        dan = actions.begin(people.alice, user, own, Role.MEMBER, manager=False)
        memberships.appoint(people.alice, dan, manager=True)
        memberships.end(people.alice, alice)
        with pytest.raises(NotNow):
            memberships.end(Membership.objects.get(pk=dan.pk).actor(), alice)

    def test_one_may_go_oneself(self, login: Login) -> None:
        people = cast()
        answer = login(people.carol).post(f"/members/{people.carol.membership}/end/")
        assert answer["Location"] == "/desk/"
        assert not people.user("carol").memberships.filter(ended_at=None).exists()

    def test_members_are_seen_by_their_own(self, login: Login) -> None:
        people = cast()
        own = f"/parties/{people.alice.party}/members/"
        seen = {
            name: login(getattr(people, name)).get(own).status_code
            for name in ("alice", "bob", "carol", "suzhou", "office", "judge")
        }
        assert seen == {
            "alice": 200, "bob": 404, "carol": 404, "suzhou": 404, "office": 200, "judge": 404,
        }  # fmt: skip
        for verb in ("end", "appoint", "relieve"):
            page = f"/members/{people.alice.membership}/{verb}/"
            assert login(people.bob).post(page).status_code == 404
            assert Client().post(page).status_code == 302

    def test_acting_only_in_ones_own(self, login: Login) -> None:
        people = cast()
        client = login(people.alice)
        assert client.post("/acting/", {"membership": people.bob.membership}).status_code == 404
        assert client.post("/acting/", {"membership": "x"}).status_code == 404
        assert client.post("/acting/", {"membership": people.alice.membership}).status_code == 302
