"""What is kept between requests: no verb leaves an old answer behind."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from browsing import Login
from cast import Cast, listing
from django.core.cache import cache
from django.test import Client
from market_pages import LIST

from corridor.site.core import kept
from corridor.site.core.actor import PUBLIC, Actor
from corridor.site.listings import actions, reviewing
from corridor.site.listings.filters import Filters
from corridor.site.listings.models import Anonymity, Listing, State
from corridor.site.listings.queries import search

pytestmark = pytest.mark.django_db
ASKED = (
    Filters(),
    Filters(kind="space"),
    Filters(q="厂房"),
    Filters(side="need", kind="space"),
    Filters(within=90, kind="space"),
)


@pytest.fixture(autouse=True)
def keeping(worked_out_anew: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on a running site; the next test begins with another world and the same empty audit."""
    del worked_out_anew
    cache.clear()
    monkeypatch.setattr(kept, "SECONDS", 600)
    yield
    cache.clear()


def found(actor: Actor, filters: Filters) -> Any:
    """Everything a list says."""
    said = search(actor, filters, kept.Kept())
    facets = {name: [(o.value, o.count) for o in f.options] for name, f in said.facets.items()}
    return said.total, facets, [one.pk for one in said.page]


def check(people: Cast) -> None:
    """What is kept is what would be counted anew, for everyone and every question."""
    for actor in (PUBLIC, people.alice, people.bob, people.office):
        for filters in ASKED:
            before = found(actor, filters)
            assert found(actor, filters) == before
            cache.clear()
            assert found(actor, filters) == before


def test_no_verb_leaves_an_old_count(people: Cast) -> None:
    for number in range(5):
        listing(people.bob, title=f"厂房 {number}")
    one = listing(people.alice, state=State.CITY_REVIEW, published_at=None, title="求租厂房")
    check(people)
    steps: list[Any] = [
        lambda: reviewing.pass_city(people.suzhou, one),
        lambda: reviewing.publish(people.office, one, verify=True),
        lambda: reviewing.hide(people.suzhou, one, reason="内容有误"),
        lambda: reviewing.restore(people.suzhou, one, reason="已更正"),
        lambda: actions.renew(people.alice, one),
        lambda: actions.close(people.alice, one, "no_partner"),
    ]
    seen = set()
    for step in steps:
        step()
        one = Listing.objects.get(pk=one.pk)
        check(people)
        seen.add(found(PUBLIC, Filters())[0])
    assert seen == {5, 6}


def titles(client: Client, address: str) -> list[str]:
    """The cards of a page, by title."""
    return re.findall(r"<h3><a[^>]*>([^<]+)<", client.get(address).text)


def test_pages_say_what_is_so_now_to_each_who_asks(people: Cast, login: Login) -> None:
    listing(people.bob, title="大家可见的厂房")
    one = listing(people.alice, title="走廊内的厂房", anonymity=Anonymity.CORRIDOR)
    alice, anyone = login(people.alice), Client()
    for address in ("/", LIST):
        for _again in range(2):
            assert sorted(titles(alice, address)) == ["大家可见的厂房", "走廊内的厂房"]
            assert titles(anyone, address) == ["大家可见的厂房"]
    actions.close(people.alice, one, "no_partner")
    for address in ("/", LIST):
        assert titles(alice, address) == titles(anyone, address) == ["大家可见的厂房"]


def test_a_page_is_kept_in_each_language(people: Cast) -> None:
    listing(people.bob, title="厂房")
    client = Client()
    assert "找到" in client.get(LIST).text
    english = client.get(LIST, headers={"Accept-Language": "en"}).text
    assert "找到" not in english and "Filter" in english


def test_a_page_is_worked_out_once_until_a_verb(
    people: Cast, django_assert_num_queries: Any
) -> None:
    listing(people.bob)
    client = Client()
    client.get("/"), client.get(LIST)
    for address in ("/", LIST):
        with django_assert_num_queries(1):  # the version
            client.get(address)


def test_nobody_is_answered_with_the_counts_of_another(people: Cast) -> None:
    listing(people.alice, anonymity=Anonymity.CORRIDOR)
    assert found(people.bob, Filters())[0] == 1
    assert found(PUBLIC, Filters())[0] == 0


def test_a_count_is_asked_of_the_database_once(
    people: Cast, django_assert_num_queries: Any
) -> None:
    listing(people.alice)
    listing(people.bob)
    search(PUBLIC, Filters(kind="space"), kept.Kept())
    with django_assert_num_queries(2):  # the version, and the rows of the page
        assert search(PUBLIC, Filters(kind="space"), kept.Kept()).total == 2
