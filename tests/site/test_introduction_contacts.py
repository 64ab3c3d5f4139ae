"""Who gets whose contact: the two parties, while both agree, and nobody else ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from browsing import Login
from cast import cast, listing
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from introducing import (
    ALICES,
    BOBS,
    DO,
    MAY,
    PEOPLE,
    PHONE,
    TODAY,
    TYPED,
    Scene,
    ask,
    begin,
    state_of,
)

from corridor.site.core.actor import Actor
from corridor.site.core.errors import Invalid, NotNow, Refused
from corridor.site.core.models import AuditEntry, Consent, Membership, Reveal
from corridor.site.docking import actions, clock
from corridor.site.docking.models import Introduction
from corridor.site.docking.models import State as S

pytestmark = pytest.mark.django_db


def test_each_gets_the_others_contact_on_record(scene: Scene) -> None:
    who = scene.who
    with pytest.raises(NotNow):
        actions.contacts(who.alice, scene.one, "约看")
    actions.accept(who.bob, scene.one, agreed=True)
    assert actions.contacts(who.alice, scene.one, "约看") == {"name": "王小明", "phone": BOBS}
    assert actions.contacts(who.bob, scene.one, "回电")["phone"] == ALICES
    rows = Reveal.objects.order_by("id").values_list("owner", "party", "purpose")
    assert list(rows) == [
        (who.bob.party, who.alice.party, "约看"),
        (who.alice.party, who.bob.party, "回电"),
    ]
    assert AuditEntry.objects.filter(verb="contact.reveal").count() == 2
    with pytest.raises(Invalid):
        actions.contacts(who.alice, scene.one, " ")


def test_without_a_listing_of_its_own_the_askers_party_is_the_contact() -> None:
    who = cast()
    one = ask(who.alice, listing(who.bob, side="offer", contact_phone="", contact_name=""))
    actions.accept(who.bob, one, agreed=True)
    assert actions.contacts(who.bob, one, "回电")["phone"] == "13912340011"
    assert actions.contacts(who.alice, one, "约看")["phone"] == "13912340012"


def test_taking_back_consent_hides_both_contacts(scene: Scene) -> None:
    who = scene.who
    with pytest.raises(NotNow):
        actions.consent(who.alice, scene.one, agree=False)
    actions.accept(who.bob, scene.one, agreed=True)
    actions.consent(who.alice, scene.one, agree=False)
    for actor in (who.alice, who.bob):
        with pytest.raises(NotNow):
            actions.contacts(actor, scene.one, "约看")
    with pytest.raises(NotNow):
        actions.consent(who.alice, scene.one, agree=False)
    actions.consent(who.alice, scene.one, agree=True)
    assert actions.contacts(who.bob, scene.one, "约看")["phone"] == ALICES
    assert Consent.objects.count() == 4


def test_the_name_of_an_anonymous_party_is_shown_once_accepted() -> None:
    scene = begin(anonymity="anonymous")
    who, one = scene.who, Introduction.objects.full().get(pk=scene.one.pk)
    for actor in (who.alice, who.suzhou):
        assert "砺行" not in one.party_shown_to(actor, who.bob.party)
    for actor in (who.bob, who.hefei, who.office):
        assert "砺行" in one.party_shown_to(actor, who.bob.party)
    actions.accept(who.bob, one, agreed=True)
    one = Introduction.objects.full().get(pk=scene.one.pk)
    assert "砺行" in one.party_shown_to(who.alice, who.bob.party)


STAGES: dict[str, Callable[[Scene], object]] = {
    "asked": lambda s: None,
    "declined": lambda s: actions.decline(s.who.bob, s.one, reason="price"),
    "withdrawn": lambda s: actions.withdraw(s.who.alice, s.one),
    "expired": lambda s: (
        Introduction.objects.update(expires_at=timezone.now()),
        clock.expire_due(),
    ),
    "accepted": lambda s: actions.accept(s.who.bob, s.one, agreed=True),
    "taken back": lambda s: (
        actions.accept(s.who.bob, s.one, agreed=True),
        actions.say(s.who.alice, s.one, f"微信同号{TYPED}"),
        actions.consent(s.who.alice, s.one, agree=False),
    ),
    "closed": lambda s: (
        actions.accept(s.who.bob, s.one, agreed=True),
        actions.say(s.who.alice, s.one, f"微信同号{TYPED}"),
        actions.report(s.who.bob, s.one, actions.Report("none", date.today(), reason="time")),
    ),
    "lost": lambda s: (
        actions.accept(s.who.bob, s.one, agreed=True),
        Membership.objects.filter(pk__in=(s.who.alice.membership, s.who.bob.membership)).update(
            ended_at=timezone.now()
        ),
    ),
}


def phones(client: Client, scene: Scene) -> set[str]:
    """Every phone number any page of docking shows, whatever is tried."""
    ref = scene.one.ref
    answers = [
        *(client.get(f"/matches/{one.ref}/") for one in (scene.need, scene.offer)),
        *(client.get(f"/introductions/new/{one.ref}/") for one in (scene.need, scene.offer)),
        client.get("/introductions/"),
        client.get(f"/introductions/{ref}/"),
        client.post(f"/introductions/{ref}/contacts/", {"purpose": "约看"}),
        client.post(f"/introductions/{ref}/give-again/"),
        client.post(f"/introductions/{ref}/contacts/", {"purpose": "约看"}),
    ]
    assert not any(answer.status_code >= 500 for answer in answers)
    return {found for answer in answers for found in PHONE.findall(answer.content.decode())}


@pytest.mark.parametrize("stage", STAGES)
def test_nobody_but_the_two_parties_gets_a_phone_and_only_while_both_agree(
    login: Login, stage: str
) -> None:
    scene = begin()
    actions.say(scene.who.alice, scene.one, f"我的电话{TYPED}")
    clients = {name: login(getattr(scene.who, name)) for name in PEOPLE} | {"public": Client()}
    STAGES[stage](scene)
    may = {"alice": {BOBS}, "bob": {ALICES}} if stage == "accepted" else {}
    # Alice took hers back; she may give it again, Bob may not do it for her.
    order = sorted(clients, key=lambda name: name == "alice")
    for name in order:
        seen = phones(clients[name], scene)
        if stage == "taken back" and name == "alice":
            assert seen == {BOBS, TYPED}
            continue
        assert seen == may.get(name, set()), name


VERBS: dict[str, Callable[[Actor, Introduction], object]] = {
    **DO,
    "take back": lambda actor, one: actions.consent(actor, one, agree=False),
    "give again": lambda actor, one: actions.consent(actor, one, agree=True),
    "met": lambda actor, one: actions.report(actor, one, actions.Report("met", TODAY)),
    "none": lambda actor, one: actions.report(
        actor, one, actions.Report("none", TODAY, reason="time")
    ),
}


def after(state: str, agreed: set[str], name: str, verb: str) -> tuple[str, set[str]]:
    """The rules once more, in a few lines: where a verb leads, if it leads anywhere."""
    if verb in DO and state == S.ASKED and name == MAY[verb]:
        ended = {"accept": S.ACCEPTED, "decline": S.DECLINED, "withdraw": S.WITHDRAWN}[verb]
        return ended, agreed | ({name} if verb == "accept" else set())
    if name in ("alice", "bob") and state == S.ACCEPTED:
        if verb == "none":
            return S.CLOSED, agreed
        if verb == "take back":
            return state, agreed - {name}
        if verb == "give again":
            return state, agreed | {name}
    return state, agreed


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("alice", "bob", "bob", "carol", "hefei", "office")),
            st.sampled_from(("accept", "accept", *VERBS)),
        ),
        max_size=8,
    )
)
def test_whatever_happens_contacts_follow_consent(steps: list[tuple[str, str]]) -> None:
    with transaction.atomic():
        scene = begin()
        state, agreed = str(S.ASKED), {"alice"}
        for name, verb in steps:
            actor = getattr(scene.who, name)
            before = state, agreed
            state, agreed = after(state, agreed, name, verb)
            try:
                VERBS[verb](actor, scene.one)
            except Refused:
                assert (state, agreed) == before
            assert state_of(scene.one) == state
            free = state == S.ACCEPTED and agreed == {"alice", "bob"}
            for reader in ("alice", "bob", "carol", "suzhou", "hefei", "office"):
                try:
                    got = actions.contacts(getattr(scene.who, reader), scene.one, "约看")
                except Refused:
                    got = {}
                assert bool(got) == (free and reader in ("alice", "bob"))
        transaction.set_rollback(True)


def test_pages_of_docking_are_for_those_it_concerns(scene: Scene, login: Login) -> None:
    ref = scene.one.ref
    for name, status in (("carol", 404), ("judge", 404), ("alice", 200), ("suzhou", 200)):
        assert login(getattr(scene.who, name)).get(f"/introductions/{ref}/").status_code == status
    client = login(scene.who.carol)
    for verb in ("accept", "decline", "withdraw", "message", "contacts", "outcome", "remind"):
        assert client.post(f"/introductions/{ref}/{verb}/").status_code == 404
    assert login(scene.who.bob).post(f"/introductions/{ref}/marry/").status_code == 404
    assert Client().get("/introductions/").status_code == 302
    assert Client().get(f"/introductions/{ref}/").status_code == 404
