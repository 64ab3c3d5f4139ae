"""An officer's card: the code that names who referred a lead."""

from __future__ import annotations

import re

import pytest
from browsing import Login
from cast import HEFEI, SUZHOU, Cast
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lead_steps import send

from corridor.site.core.models import Membership
from corridor.site.leads import cards
from corridor.site.leads.models import Lead

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhurried")]


def test_the_card_names_the_referrer_and_routes(client: Client, people: Cast, login: Login) -> None:
    page = login(people.suzhou).get(reverse("leads:card")).text
    codes = re.findall(r"to=([BM]\d+-[0-9A-Z]{8})", page)
    assert sorted({code[0] for code in codes}) == ["B", "M"]
    code = next(code for code in codes if code[0] == "M")
    form = client.get(reverse("leads:new"), {"to": code}).text
    assert "由 苏州市投资促进局 · Suzhou 推荐" in form
    send(client, query=f"?to={code}", wish="", to=code)
    lead = Lead.objects.get()
    assert (lead.city, lead.referrer_id) == (SUZHOU, people.suzhou.user)
    assert lead.referred_by == "苏州市投资促进局 · Suzhou"


def test_a_wish_beats_the_referrer_who_keeps_the_credit(client: Client, people: Cast) -> None:
    code = cards.code(cards.PARTY, people.suzhou.party or 0)
    send(client, to=code.lower(), wish=HEFEI)
    lead = Lead.objects.get()
    assert (lead.city, lead.first_city, lead.referrer_party_id) == (
        HEFEI, HEFEI, people.suzhou.party,
    )  # fmt: skip


@pytest.mark.parametrize("how", ["forged", "other", "enterprise", "garbage", "judge"])
def test_a_code_that_is_not_right_is_ignored(client: Client, people: Cast, how: str) -> None:
    real = cards.code(cards.PARTY, people.suzhou.party or 0)
    code = {
        "forged": real[:-1] + ("A" if real[-1] != "A" else "B"),
        "other": real.replace("B", "M", 1),
        "enterprise": cards.code(cards.PARTY, people.alice.party or 0),
        "garbage": "' OR 1=1 --",
        "judge": cards.code(cards.MEMBER, people.judge.membership or 0),
    }[how]
    assert "推荐</span>" not in client.get(reverse("leads:new"), {"to": code}).text
    assert send(client, to=code, wish="").status_code == 302
    lead = Lead.objects.get()
    assert (lead.city, lead.referrer_party_id) == ("", None)


def test_the_card_of_one_who_left_counts_for_the_bureau(people: Cast) -> None:
    Membership.objects.filter(pk=people.suzhou.membership).update(ended_at=timezone.now())
    found = cards.referrer(cards.code(cards.MEMBER, people.suzhou.membership or 0))
    assert found is not None
    assert (found.city, found.user) == (SUZHOU, None)
