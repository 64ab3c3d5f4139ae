"""How many leads one address may send: few without a card, a hall full with one."""

from __future__ import annotations

from typing import Any

import pytest
from cast import Cast, cast
from django.test import Client
from django.utils import timezone
from lead_steps import send

from corridor.site.core import limits
from corridor.site.core.limits import Limit
from corridor.site.core.models import Membership
from corridor.site.leads import cards
from corridor.site.leads.models import Lead

pytestmark = pytest.mark.django_db
FEW, MANY = 2, 5
HALL, HOME = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(limits, "LEAD_BY_ADDRESS", Limit("lead-address", FEW, 3600))
    monkeypatch.setattr(limits, "LEAD_BY_CARD", Limit("lead-card", MANY, 3600))
    return cast()


def statuses(times: int, card: str = "", where: str = HALL) -> list[int]:
    """What that many phones behind one address are answered."""
    query = f"?to={card}" if card else ""
    found: list[Any] = [send(Client(REMOTE_ADDR=where), query=query) for _ in range(times)]
    return [one.status_code for one in found]


def bureau_card(people: Cast) -> str:
    return cards.code(cards.PARTY, people.suzhou.party or 0)


def officer_card(people: Cast) -> str:
    return cards.code(cards.MEMBER, people.suzhou.membership or 0)


def test_without_a_card_an_address_may_send_few(people: Cast) -> None:
    assert statuses(FEW + 1) == [302] * FEW + [429]
    assert statuses(1, where=HOME) == [302]
    assert Lead.objects.count() == FEW + 1


@pytest.mark.parametrize("card", [bureau_card, officer_card])
def test_with_an_officers_card_a_hall_full_of_phones_may_send(people: Cast, card: Any) -> None:
    assert statuses(MANY + 1, card(people)) == [302] * MANY + [429]


def test_what_came_by_a_card_leaves_all_others_their_own(people: Cast) -> None:
    assert statuses(MANY + 1, bureau_card(people))[-1] == 429
    assert statuses(1, bureau_card(people).lower()) == [429], "the same card in other letters"
    assert statuses(FEW) == [302] * FEW
    assert statuses(1, officer_card(people)) == [302]
    assert statuses(1, bureau_card(people), where=HOME) == [302]


@pytest.mark.parametrize("card", ["B1-AAAAAAAA", "M1-00000000", "x", "B999999-ZZZZZZZZ"])
def test_a_forged_card_counts_for_nothing(people: Cast, card: str) -> None:
    assert statuses(FEW + 1, card) == [302] * FEW + [429]


def test_the_card_of_who_is_no_party_of_ours_counts_for_nothing(people: Cast) -> None:
    for number in (people.alice, people.judge):
        assert cards.referrer(cards.code(cards.MEMBER, number.membership or 0)) is None
    card = cards.code(cards.PARTY, people.alice.party or 0)
    assert statuses(FEW + 1, card) == [302] * FEW + [429]


def test_the_card_of_an_officer_who_left_is_the_bureaus(people: Cast) -> None:
    card = officer_card(people)
    Membership.objects.filter(pk=people.suzhou.membership).update(ended_at=timezone.now())
    assert statuses(MANY, card) == [302] * MANY
    assert statuses(1, bureau_card(people)) == [429]


def test_the_limits_of_a_site_as_it_comes() -> None:
    assert (limits.LEAD_BY_ADDRESS.count, limits.LEAD_BY_ADDRESS.seconds) == (20, 3600)
    assert (limits.LEAD_BY_CARD.count, limits.LEAD_BY_CARD.seconds) == (300, 3600)
