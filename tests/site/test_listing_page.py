"""The page of one listing."""

from __future__ import annotations

from typing import Any

import pytest
from cast import Cast, listing
from django.test import Client
from market_pages import html, offered

from corridor.engine.factors import Range
from corridor.site.listings.models import State
from corridor.site.listings.values import stored

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "queries"), [("public", 1), ("alice", 6), ("bob", 7), ("suzhou", 6), ("office", 6)]
)
def test_queries_of_a_listing(
    people: Cast, login: Any, django_assert_num_queries: Any, who: str, queries: int
) -> None:
    made = offered(people.alice)
    client = Client() if who == "public" else login(getattr(people, who))
    client.get(made.get_absolute_url())
    with django_assert_num_queries(queries):
        client.get(made.get_absolute_url())


def test_a_listing_says_all_it_states_in_words(people: Cast, public: Client) -> None:
    values = {"area": Range.between(3000, 5000), "premises": frozenset({"single"}),
              "clear_height": Range.between(8, None), "crane": Range.exactly(1)}  # fmt: skip
    made = listing(people.alice, values=stored(values), flexible=["clear_height"])
    page = html(public, made.get_absolute_url())
    for said in (
        "3000~5000 ㎡",
        "单层厂房",
        "≥8 米",
        "可商量",
        "硬性",
        "求租带行车的单层厂房",
        made.ref,
    ):
        assert said in page
    assert "苏州澄源精密有限公司" in page and "双方都同意对接后" in page
    assert f"{made.get_absolute_url()}" in page and 'class="qr m"' in page
    assert "修订" not in page and "下架" not in page and "举报这条信息" in page


def test_only_its_own_and_its_reviewers_see_one_that_is_not_published(
    people: Cast, public: Client, login: Any
) -> None:
    for state, sees in (
        (State.DRAFT, {"alice"}),
        (State.CITY_REVIEW, {"alice", "suzhou", "office"}),
    ):
        made = listing(people.alice, state=state)
        for name in ("alice", "bob", "carol", "suzhou", "hefei", "office", "judge", "analyst"):
            html(
                login(getattr(people, name)), made.get_absolute_url(), 200 if name in sees else 404
            )
        html(public, made.get_absolute_url(), 404)
    html(public, "/listings/LNOTHERE0/", 404)


def test_its_party_and_its_reviewers_have_their_buttons(people: Cast, login: Any) -> None:
    made = offered(people.alice)
    own = html(login(people.alice), made.get_absolute_url())
    for name in ("revise", "renew", "close", "versions"):
        assert f"/listings/{made.ref}/{name}/" in own
    for actor in (people.suzhou, people.office):
        assert f"/listings/{made.ref}/hide/" in html(login(actor), made.get_absolute_url())
    other = html(login(people.hefei), made.get_absolute_url())
    assert "/hide/" not in other and "/revise/" not in other
