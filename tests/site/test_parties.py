"""Parties: what one says of itself, and that it is who it says."""

from __future__ import annotations

import pytest
from accounts import PASSWORD
from browsing import Login
from cast import HEFEI, SUZHOU, cast, credit_code, party

from corridor.site.core import actions
from corridor.site.core.errors import Forbidden, Invalid, Missing
from corridor.site.core.models import Membership, Party

pytestmark = pytest.mark.django_db


class TestParty:
    """What a party says of itself, and that it is who it says."""

    def test_verified_by_the_bureau_of_its_city_or_the_office(self, login: Login) -> None:
        people = cast()
        fresh = party("苏州新企业", "enterprise", SUZHOU, 99)
        Party.objects.filter(pk=fresh.pk).update(verified_at=None)
        for who in (people.alice, people.hefei, people.judge):
            with pytest.raises(Forbidden):
                actions.party_verify(who, fresh)
        client = login(people.suzhou)
        assert client.get("/parties/").text.index("苏州新企业") < client.get(
            "/parties/"
        ).text.index("澄源")
        assert "核验通过" in client.get(f"/parties/{fresh.pk}/").text
        client.post(f"/parties/{fresh.pk}/verify/")
        fresh.refresh_from_db()
        assert fresh.verified_at is not None
        assert login(people.hefei).post(f"/parties/{fresh.pk}/verify/").status_code == 404
        assert client.get("/parties/?q=新企业").text.count('<article class="card">') == 1

    def test_its_manager_changes_it_and_a_new_name_is_looked_at_again(self, login: Login) -> None:
        people = cast()
        own = Party.objects.get(pk=people.alice.party)
        client, page = login(people.alice), f"/parties/{own.pk}/edit/"
        assert own.contact_phone.reveal() in client.get(page).text
        sent = {
            "name": own.name, "kind": own.kind, "city": own.city, "about": "电话 13800001234 欢迎来电",
            "contact_name": "王", "contact_phone": "0512-65556666",
        }  # fmt: skip
        assert client.post(page, sent).status_code == 302
        own.refresh_from_db()
        assert own.verified_at is not None
        assert "13800001234" not in own.about and own.contact_phone.reveal() == "051265556666"
        client.post(page, sent | {"name": "改名公司", "city": HEFEI})
        own.refresh_from_db()
        assert (own.name, own.verified_at) == ("改名公司", None)
        assert Membership.objects.get(pk=people.alice.membership).city == HEFEI
        assert client.post(page, sent | {"kind": "office"}).status_code == 422
        for other in (people.bob, people.carol, people.suzhou, people.office):
            assert login(other).get(page).status_code == 404

    def test_contacts_are_masked_for_everyone_else(self, login: Login) -> None:
        people = cast()
        page = f"/parties/{people.alice.party}/"
        phone = Party.objects.get(pk=people.alice.party).contact_phone
        for who in (people.alice, people.suzhou, people.office):
            text = login(who).get(page).text
            assert phone.masked in text and phone.reveal() not in text
        assert login(people.bob).get(page).status_code == 404

    def test_the_office_enters_a_bureau(self, login: Login) -> None:
        people = cast()
        sent = {
            "credit_code": credit_code(7),
            "name": "湖州市投资促进局",
            "kind": "bureau",
            "city": "330500",
        }
        assert login(people.suzhou).post("/parties/new/", sent).status_code == 404
        assert login(people.alice).get("/parties/new/").status_code == 404
        client = login(people.office)
        assert client.get("/parties/new/").status_code == 200
        answer = client.post("/parties/new/", sent)
        made = Party.objects.get(name="湖州市投资促进局")
        assert answer["Location"] == f"/parties/{made.pk}/members/"
        assert client.post("/parties/new/", sent).status_code == 422
        with pytest.raises(Forbidden):
            actions.found(people.suzhou, credit_code(8), actions.Details("x", "bureau", SUZHOU))

    def test_a_corridor_begins_with_its_office(self) -> None:
        made = actions.found_office(
            name="走廊办",
            credit_code=credit_code(1),
            city=SUZHOU,
            username="first",
            password=PASSWORD,
        )
        assert (made.role, made.manager, made.party.kind) == ("office", True, "office")
        assert made.user.check_password(PASSWORD)
        with pytest.raises(Invalid) as refusal:
            actions.found_office(
                name="走廊办", credit_code="123", city="999999", username="x", password=PASSWORD
            )
        assert set(refusal.value.fields) == {"credit_code"}

    def test_an_unseen_party_is_missing(self) -> None:
        people = cast()
        with pytest.raises(Missing):
            Party.objects.one(people.bob, pk=people.alice.party)
