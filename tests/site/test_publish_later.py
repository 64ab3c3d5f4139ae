"""A listing gone on with: after a session that ended, revised, discarded, listed, drafted for others."""

from typing import Any

import pytest
from browsing import Fields, queries, sent
from cast import SUZHOU, Cast, listing
from django.contrib.sessions.models import Session
from django.test import Client
from drafting import begun, begun_with

from corridor.site.core.errors import Forbidden
from corridor.site.core.models import AuditEntry
from corridor.site.listings import actions
from corridor.site.listings.content import Content
from corridor.site.listings.models import Listing, State
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db


class TestExpiredSession:
    """What was typed survives the login."""

    def _typed(self, client: Client, url: str, **changed: str) -> Any:
        data = Fields(client.get(url).content.decode()).data | changed
        Session.objects.all().delete()
        answer = client.post(url, data)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/login/?next=")
        return answer

    def test_the_fields_are_there_again(self, people: Cast, login: Any) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(people.user("alice"))
        client.get("/listings/new/")
        draft = begun_with(client)
        url = f"/listings/{draft.ref}/edit/3/"
        self._typed(client, url, contact_name="张三丰", contact_phone="13700007777")
        assert "13700007777" not in str([s.get_decoded() for s in Session.objects.all()])
        draft.refresh_from_db()
        assert draft.contact_phone.reveal() != "13700007777"
        client.force_login(people.user("alice"))
        page = client.get(url).content.decode()
        data = Fields(page).data
        assert (data["contact_name"], data["contact_phone"]) == ("张三丰", "13700007777")
        assert "已为您保留" in page
        assert client.post(url, data | {"later": "1"}).status_code == 302
        draft.refresh_from_db()
        assert draft.contact_phone.reveal() == "13700007777"
        assert "已为您保留" not in client.get(url).content.decode()

    def test_nobody_else_sees_them(self, people: Cast) -> None:
        client = Client()
        client.force_login(people.user("alice"))
        url = "/listings/new/"
        self._typed(client, url, text="求租厂房，甲方机密")
        client.force_login(people.user("carol"))
        assert "甲方机密" not in client.get(url).content.decode()

    def test_a_form_that_was_never_shown_to_anyone_is_not_kept(self) -> None:
        client = Client()
        answer = client.post("/listings/new/", {"text": "垃圾", "typed_by": "伪造"})
        assert answer.status_code == 302
        assert Session.objects.count() == 0


def test_revising_says_first_that_it_leaves_the_market(people: Cast, alice: Client) -> None:
    published = listing(people.alice)
    url = f"/listings/{published.ref}/revise/"
    assert "先从市场撤下" in alice.get(url).content.decode()
    changed = {
        "title": "求租带行车的双层厂房",
        "text": "换了说明，电话13912345678",
        "v-area_1": "8000",
    }
    answer = sent(alice, url, agreed="on", **changed)
    assert answer.status_code == 302, answer.content.decode()
    published.refresh_from_db()
    assert (published.state, published.version) == (State.CITY_REVIEW, 2)
    assert published.text == "换了说明，电话139****5678"
    assert not Listing.objects.visible_to(people.bob).exists()
    page = alice.get(f"/listings/{published.ref}/versions/").content.decode()
    for words in ("求租带行车的单层厂房", "求租带行车的双层厂房", "3000~5000 ㎡", "3000~8000 ㎡"):
        assert words in page


def test_kind_and_side_stay_once_published(people: Cast, alice: Client) -> None:
    back = listing(people.alice, state=State.RETURNED)
    answer = sent(alice, f"/listings/{back.ref}/edit/1/", side="offer")
    assert answer.status_code == 422
    assert "另行发布" in answer.content.decode()


def test_discarding_a_draft_leaves_its_name_in_the_audit(alice: Client) -> None:
    draft = begun(alice)
    assert alice.post(f"/listings/{draft.ref}/discard/").status_code == 302
    assert Listing.objects.count() == 0
    assert AuditEntry.objects.get(verb="listing.discard").thing == f"listing:{draft.ref}"


def test_what_is_submitted_cannot_be_discarded(people: Cast, alice: Client) -> None:
    kept = [listing(people.alice, state=state) for state in State if state != State.DRAFT]
    codes = [alice.post(f"/listings/{one.ref}/discard/").status_code for one in kept]
    assert codes == [409] * len(kept)


def test_the_list_of_mine_takes_as_many_queries_whatever_its_length(
    people: Cast, alice: Client
) -> None:
    taken = []
    for more in (1, 2, 27):
        for _ in range(more):
            listing(people.alice)
        taken.append(queries(alice, "/listings/mine/"))
    assert len(set(taken)) == 1 and taken[0] <= 12, taken
    assert alice.get("/listings/mine/").content.decode().count("task-title") == 30


def test_a_draft_for_a_party_of_ones_city(people: Cast) -> None:
    said = Content("need", "space", "求租厂房", city=SUZHOU)
    made = actions.create(people.suzhou, said, party=people.alice.party)
    assert made.party_id == people.alice.party
    assert Listing.objects.visible_to(people.alice).get() == made
    assert not Listing.objects.visible_to(people.suzhou).exists()
    assert Notice.objects.get().user_id == people.alice.user
    for actor, party in (
        (people.hefei, people.alice.party),
        (people.bob, people.alice.party),
        (people.suzhou, None),
        (people.judge, people.alice.party),
    ):
        with pytest.raises(Forbidden):
            actions.create(actor, said, party=party)
