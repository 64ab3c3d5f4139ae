"""Introductions asked and answered at the same moment."""

from __future__ import annotations

import threading

import pytest
from browsing import Login
from cast import HEFEI, Cast, cast, listing, member, party
from introducing import ask, begin
from together import at_once

from corridor.site.core import verbs
from corridor.site.core.actor import Actor, Role
from corridor.site.core.errors import NotNow, Refused
from corridor.site.core.models import Party
from corridor.site.docking import actions
from corridor.site.docking.models import Introduction
from corridor.site.docking.models import State as S
from corridor.site.listings.models import Listing

pytestmark = pytest.mark.django_db

CROWD = 12


def crowd(who: Cast, number: int = CROWD) -> list[Actor]:
    """Colleagues of Bob's: whoever acts alone holds the own membership, and so waits for no other."""
    bobs = Party.objects.get(pk=who.bob.party)
    return [member(bobs, Role.MEMBER, f"bob{at}") for at in range(number)]


def seekers(who: Cast, offer: Listing) -> list[Introduction]:
    """Twelve who ask for one offer."""
    made = []
    for at in range(CROWD):
        firm = party(f"求租企业{at}", "enterprise", HEFEI, 500 + at)
        made.append(ask(member(firm, Role.MEMBER, f"seeker{at}"), offer))
    return made


@pytest.mark.django_db(transaction=True)
def test_of_twelve_accepted_at_once_the_offer_carries_one() -> None:
    who = cast()
    bobs = crowd(who)
    offer = listing(who.bob, side="offer", capacity=1)
    asked = seekers(who, offer)
    for _round in range(10):
        got = at_once(
            *(
                lambda bob=bob, one=one: actions.accept(bob, one, agreed=True)
                for bob, one in zip(bobs, asked, strict=True)
            )
        )
        assert [type(one) for one in got if isinstance(one, Exception)] == [NotNow] * (CROWD - 1)
        assert actions.taken(offer) == 1
        Introduction.objects.update(state=S.ASKED, accepted_at=None)


@pytest.mark.django_db(transaction=True)
def test_with_the_locks_off_that_test_would_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    who = cast()
    bobs = crowd(who)
    offer = listing(who.bob, side="offer", capacity=1)
    asked = seekers(who, offer)
    counted, all_counted = actions.taken, threading.Barrier(CROWD)

    def taken(of: Listing) -> int:
        found = counted(of)
        all_counted.wait(10)
        return found

    monkeypatch.setattr(actions, "taken", taken)
    monkeypatch.setattr(verbs, "locked", lambda thing: type(thing)._base_manager.get(pk=thing.pk))
    got = at_once(
        *(
            lambda bob=bob, one=one: actions.accept(bob, one, agreed=True)
            for bob, one in zip(bobs, asked, strict=True)
        ),
        locks=False,
    )
    broken = [one for one in got if isinstance(one, Exception) and not isinstance(one, Refused)]
    assert counted(offer) > 1 or broken


@pytest.mark.django_db(transaction=True)
def test_of_two_people_of_one_party_one_answers(login: Login) -> None:
    scene = begin()
    said = {"accept": {"agreed": "on"}, "decline": {"reason": "price"}}
    clients = [login(bob) for bob in crowd(scene.who, 2)]
    posts = [
        lambda client=client, verb=verb: (
            client.post(f"/introductions/{scene.one.ref}/{verb}/", said[verb]).status_code
        )
        for client, verb in zip(clients, said, strict=True)
    ]
    assert sorted(at_once(*posts)) == [302, 409]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_is_first() -> None:
    who = cast()
    need, offer = listing(who.alice), listing(who.bob, side="offer")
    for one, other in (
        (lambda: ask(who.alice, offer, need), lambda: ask(who.bob, need, offer)),
        (lambda: ask(who.alice, offer), lambda: ask(who.bob, need, offer)),
        (lambda: ask(who.alice, offer), lambda: ask(who.alice, offer, need)),
    ):
        got = at_once(one, other)
        assert sorted(type(found).__name__ for found in got) == ["Introduction", "NotNow"]
        Introduction.objects.all().delete()
