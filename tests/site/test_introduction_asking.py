"""Asking for an introduction: who may, about what, and once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from cast import cast, listing
from django.db import IntegrityError, transaction
from introducing import TYPED, Scene, ask, told

from corridor.site.core.actor import PUBLIC
from corridor.site.core.errors import Forbidden, Invalid, Missing, NotNow, TooOften
from corridor.site.core.limits import Limit
from corridor.site.core.models import Consent
from corridor.site.docking import actions, release
from corridor.site.docking.models import Introduction
from corridor.site.docking.models import State as S
from corridor.site.listings.models import ListingNamed, State
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db


def test_one_id_carries_from_the_need_and_contacts_in_the_question_are_hidden(scene: Scene) -> None:
    one = scene.one
    assert one.ref == f"{scene.need.ref}-01"
    assert (one.need, one.offer, one.target) == (scene.need, scene.offer, scene.offer)
    assert (one.state, one.own) == (S.ASKED, scene.need)
    assert one.expires_at - one.created_at == timedelta(days=14)
    assert TYPED not in one.question
    assert told(scene.who.bob) == ["docking.asked"] and told(scene.who.alice) == []
    notice = Notice.objects.visible_to(scene.who.bob).get()
    assert notice.url == one.get_absolute_url() and notice.next_action and one.ref in notice.text


def test_numbers_go_on_and_without_a_need_the_offer_gives_the_id(scene: Scene) -> None:
    second = listing(scene.who.bob, side="offer")
    assert ask(scene.who.alice, second, scene.need).ref == f"{scene.need.ref}-02"
    assert ask(scene.who.carol, scene.offer).ref == f"{scene.offer.ref}-01"
    assert ask(scene.who.carol, scene.need, listing(scene.who.carol, side="offer")).ref == (
        f"{scene.need.ref}-03"
    )


def test_consent_is_a_row_of_its_own_with_the_words_shown(scene: Scene) -> None:
    row = Consent.objects.get()
    assert (row.purpose, row.party_id, row.to_party_id) == (
        release.GIVEN,
        scene.who.alice.party,
        scene.who.bob.party,
    )
    assert row.text == str(release.TEXT) and row.thing == f"introduction:{scene.one.ref}"


@pytest.mark.parametrize(
    "wrong",
    [{"agreed": False}, {"cooperation": "marriage"}, {"question": "  "}, {"question": "问" * 1001}],
)
def test_what_was_typed_must_be_right(wrong: dict[str, Any]) -> None:
    who = cast()
    offer = listing(who.bob, side="offer")
    with pytest.raises(Invalid) as refused:
        ask(who.alice, offer, **wrong)
    assert refused.value.fields.keys() == wrong.keys()
    assert not Introduction.objects.exists() and not Consent.objects.exists()


def test_who_may_ask_about_what() -> None:
    who = cast()
    need, offer = listing(who.alice), listing(who.bob, side="offer")
    with pytest.raises(Invalid, match="自己"):
        ask(who.alice, need)
    for actor in (who.suzhou, who.office, who.judge, who.analyst, PUBLIC):
        with pytest.raises(Forbidden):
            ask(actor, offer)
    hidden = listing(who.bob, side="offer", anonymity="named")
    with pytest.raises(Missing):
        ask(who.alice, hidden)
    ListingNamed.objects.create(listing=hidden, party_id=who.alice.party)
    assert ask(who.alice, hidden).state == S.ASKED
    with pytest.raises(Missing):
        ask(who.alice, listing(who.bob, state=State.CLOSED))
    with pytest.raises(NotNow, match="截止"):
        ask(who.alice, listing(who.bob, deadline=date.today() - timedelta(days=1)))


def test_the_own_listing_must_fit() -> None:
    who = cast()
    offer = listing(who.bob, side="offer")
    for own in (
        listing(who.carol),
        listing(who.alice, side="offer"),
        listing(who.alice, kind="capital", values={}),
        listing(who.alice, state=State.DRAFT),
        listing(who.alice, anonymity="named"),
    ):
        with pytest.raises(Invalid) as refused:
            ask(who.alice, offer, own)
        assert "own" in refused.value.fields


def test_a_second_one_beside_it_is_refused_whoever_asks(scene: Scene) -> None:
    who = scene.who
    for again in (
        lambda: ask(who.alice, scene.offer, scene.need),
        lambda: ask(who.alice, scene.offer),
        lambda: ask(who.bob, scene.need, scene.offer),
        lambda: ask(who.bob, scene.need),
    ):
        with pytest.raises(NotNow):
            again()
    assert ask(who.carol, scene.offer).pk
    actions.withdraw(who.alice, scene.one)
    assert ask(who.alice, scene.offer, scene.need).ref == f"{scene.need.ref}-02"


def test_the_database_too_refuses_a_second_one(scene: Scene) -> None:
    for changed in ({"need": None}, {"from_party_id": scene.who.carol.party}):
        twin = Introduction.objects.get(pk=scene.one.pk)
        twin.pk, twin.ref = None, "twin"
        for name, value in changed.items():
            setattr(twin, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save()


def test_asking_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "ASKS_BY_PARTY", Limit("introduction-ask", 2, 86400))
    who = cast()
    offers = [listing(who.bob, side="offer") for _ in range(3)]
    for offer in offers[:2]:
        ask(who.alice, offer)
    with pytest.raises(TooOften):
        ask(who.alice, offers[2])
    ask(who.carol, offers[2])
