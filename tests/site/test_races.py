"""Twelve people take one seat at once: one gets it, eleven are told so, nothing breaks.

The negative control comes first: with the lock off the same rig overbooks, so it can see it.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import nullcontext, suppress
from functools import partial
from typing import Any

import cast as people
import pytest
from browsing import logged_in
from django.db import connection, models
from together import at_once

from corridor.site.core import verbs
from corridor.site.core.actor import Role
from corridor.site.core.models import Membership, Party, User
from corridor.site.docking import actions
from corridor.site.docking.models import Introduction, State
from corridor.site.listings.models import Listing

SEATS, TAKERS = 10, 12


def rivals(cast: people.Cast, seat: int) -> list[Introduction]:
    """An offer that carries one agreement, and a dozen parties that ask for it."""
    offer = people.listing(cast.bob, side="offer", title=f"仅一间 {seat}", capacity=1)
    return [
        actions.ask(
            Membership.objects.select_related("user", "party").get(party__name=f"竞租 {n}").actor(),
            offer,
            cooperation="lease",
            question="何时可看房？",
            agreed=True,
        )
        for n in range(TAKERS)
    ]


def members(cast: people.Cast) -> list[User]:
    """Twelve of Bob's people, and a dozen parties that ask."""
    for n in range(TAKERS):
        people.member(
            people.party(f"竞租 {n}", "enterprise", people.SUZHOU, 500 + n),
            Role.MEMBER,
            f"asker{n}",
        )
    bob = Party.objects.get(pk=cast.bob.party)
    return [
        User.objects.get(pk=people.member(bob, Role.MEMBER, f"bob{n}").user) for n in range(TAKERS)
    ]


def accepted(asked: list[Introduction]) -> int:
    """How many of them were accepted."""
    refs = [one.ref for one in asked]
    return Introduction.objects.filter(ref__in=refs, state=State.ACCEPTED).count()


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_rig_overbooks(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = people.cast()
    users, asked = members(cast), rivals(cast, 0)

    def unlocked(thing: models.Model) -> models.Model:
        return type(thing)._base_manager.get(pk=thing.pk)

    def slowly(offer: Listing) -> int:
        found = taken(offer)
        time.sleep(0.3)
        return found

    taken = actions.taken
    monkeypatch.setattr(verbs, "locked", unlocked)
    if connection.vendor == "sqlite":  # there the transaction itself is the lock
        monkeypatch.setattr(verbs.transaction, "atomic", nullcontext)
    monkeypatch.setattr(verbs.audit, "record", lambda *_given, **_named: None)
    monkeypatch.setattr(actions, "taken", slowly)

    def accept(user: User, introduction: Introduction) -> None:
        actor: Any = user.memberships.select_related("user", "party").get().actor()
        with suppress(Exception):
            actions.accept(actor, introduction, agreed=True)

    at_once(*map(partial(partial, accept), users, asked))
    assert accepted(asked) > 1


@pytest.mark.django_db(transaction=True)
def test_twelve_accept_one_seat_at_once() -> None:
    cast = people.cast()
    users = members(cast)
    clients = {user.pk: logged_in(user) for user in users}

    def accept(user: User, introduction: Introduction) -> int:
        client = clients[user.pk]
        client.raise_request_exception = False
        page = f"/introductions/{introduction.ref}/accept/"
        return client.post(page, {"agreed": "on"}).status_code

    for seat in range(SEATS):
        asked = rivals(cast, seat)
        answers = at_once(*map(partial(partial, accept), users, asked))
        assert accepted(asked) == 1
        assert Counter(answers) == {302: 1, 409: TAKERS - 1}
