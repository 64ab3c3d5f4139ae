"""The front page: live numbers that are the same for everyone, listings that are not."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from cast import Cast, listing
from django.core.cache import cache
from django.test import Client

from corridor.site.docking.models import Match
from corridor.site.listings import search
from corridor.site.listings.models import Anonymity, Listing, State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


def made(of: Any, **given: Any) -> Listing:
    one = listing(of, **given)
    search.index(one)
    return one


def home(client: Client, **headers: str) -> str:
    answer = client.get("/", headers=headers)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def market(people: Cast) -> None:
    """A need in Suzhou whose best match is in Hefei, and others that the public does not see."""
    need = made(people.alice, title="求租厂房")
    offer = made(people.bob, side="offer", title="厂房出租")
    hidden = made(people.carol, anonymity=Anonymity.NAMED, title="定向需求")
    made(people.carol, anonymity=Anonymity.CORRIDOR, title="走廊内需求")
    made(people.carol, state=State.DRAFT, title="草稿")
    for one, rank in ((need, 1), (hidden, 1)):
        Match.objects.create(
            need=one, offer=offer, score=0.8, rank_need=rank, rank_offer=1, verified=True,
            evidence={"parts": {}, "words": []},
        )  # fmt: skip


def test_numbers_are_those_the_public_may_see_whoever_looks(people: Cast, login: Any) -> None:
    market(people)
    for client in (login(people.carol), login(people.office), Client()):
        page = home(client)
        assert "在架需求 1 条，供给 1 条" in page
        assert "需求\N{NO-BREAK SPACE}1 · 供给\N{NO-BREAK SPACE}1" in page
        assert "苏州 → 合肥" in page
        cache.clear()


def test_newest_listings_are_those_the_actor_may_see(people: Cast, login: Any) -> None:
    market(people)
    sees = {
        "carol": {"定向需求", "走廊内需求"},
        "bob": {"走廊内需求"},
        "office": {"定向需求", "走廊内需求"},
    }
    pages = {name: home(login(getattr(people, name))) for name in sees} | {"": home(Client())}
    for name, page in pages.items():
        shown = {t for t in ("定向需求", "走廊内需求", "草稿") if t in page}
        assert shown == sees.get(name, set()), name
        assert "求租厂房" in page and "厂房出租" in page


def test_numbers_are_kept_a_minute_in_either_language(people: Cast) -> None:
    market(people)
    client = Client()
    assert "在架需求 1 条" in home(client)
    made(people.alice, title="又一个")
    page = home(client)
    assert "在架需求 1 条" in page and "又一个" in page
    english = home(client, accept_language="en")
    assert "在架需求" not in english and "又一个" in english


@pytest.mark.parametrize("who", ["public", "bob", "office"])
def test_queries_do_not_grow(
    people: Cast, login: Any, django_assert_num_queries: Any, who: str
) -> None:
    client = Client() if who == "public" else login(getattr(people, who))
    own = 0 if who == "public" else 4  # session, user, memberships, notices
    for count in (1, 2, 47):
        for _ in range(count):
            made(people.alice)
            made(people.bob, side="offer")
        home(client)
        with django_assert_num_queries(3 + own):
            home(client)
        cache.clear()
        with django_assert_num_queries(8 + own):
            home(client)


def test_the_box_takes_words_and_texts(people: Cast) -> None:
    market(people)
    page = home(Client())
    assert 'action="/listings/read/"' in page and 'name="q"' in page and "下一场对接大会" in page


def test_an_empty_site_says_so() -> None:
    page = home(Client())
    assert "还没有跨城的匹配" in page and "在架需求 0 条，供给 0 条" in page
