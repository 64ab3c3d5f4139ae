"""What nobody sends by mistake: numbers that are none, texts of a hundred pages. Never an error."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import pytest
from browsing import Login
from cast import Cast, listing
from django.test import Client, RequestFactory
from django.utils import timezone

from corridor.demo import world
from corridor.site.api.reading import content_of
from corridor.site.api.schemas import ListingIn
from corridor.site.core.errors import Invalid
from corridor.site.demo.context import bar
from corridor.site.demo.furnish import _row
from corridor.site.listings import saved, search
from corridor.site.listings.filters import Filters
from corridor.site.listings.models import Anonymity, SavedSearch
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", ["²", "9" * 5000, "-1", "1.0", "", "१"])
def test_a_membership_that_is_no_number_is_nobodys(people: Cast, login: Login, number: str) -> None:
    assert login(people.alice).post("/acting/", {"membership": number}).status_code == 404


def test_a_party_is_looked_for_by_a_text_of_any_length(people: Cast, login: Login) -> None:
    for name in ("苏州", "苏" * 121, "x" * 60_000):
        answer = login(people.office).get("/parties/", {"q": name})
        assert answer.status_code == 200
        assert ("苏州市投资促进局" in answer.content.decode()) == (name == "苏州")


def test_finds_of_the_longest_search_are_told(people: Cast) -> None:
    kept = saved.save(people.bob, "长", Filters(q="厂房" * 20))  # 360 characters in an address
    SavedSearch.objects.filter(pk=kept.pk).update(seen_until=timezone.now() - timedelta(days=1))
    published = timezone.now() - timedelta(hours=1)
    made = listing(people.alice, title="厂房" * 20, published_at=published)
    search.index(made)
    assert saved.tell_finds() == 1
    told = Notice.objects.get(user=people.bob.user)
    told.full_clean(exclude=["read_at", "mailed_at"])
    assert told.url.endswith(kept.query)


def test_more_parties_named_than_can_be_looked_for(people: Cast) -> None:
    codes = [f"{number:x}" for number in range(260_000)]
    said = ListingIn(side="need", kind="space", title="求租", anonymity="named", named=codes)
    with pytest.raises(Invalid, match="太多"):
        content_of(said)


def test_another_host_in_the_demo() -> None:
    refused_early = RequestFactory().get("/")  # before it was looked who asks
    assert bar(refused_early) == {}


def test_no_cache_keeps_what_a_person_was_shown(people: Cast, login: Login) -> None:
    alice = login(people.alice)
    for page in ("/", "/listings/", "/members/", "/notices/", "/account/sessions/", "/no/such/"):
        assert {"private", "no-store"} <= set(alice.get(page)["Cache-Control"].split(", ")), page
    assert "Cache-Control" not in Client().get("/listings/")


def test_a_policy_of_the_demo_hides_nobody_it_names() -> None:
    made = world(listings=400)
    policies = [one for one in made.offers if one.kind == "policy"]
    ids = defaultdict(lambda: 1)
    rows = [_row(one, ids, timezone.now()) for one in [*policies, *made.needs]]
    assert {row.anonymity for row in rows[len(policies) :]} > {Anonymity.ANONYMOUS}
    assert Anonymity.ANONYMOUS not in {row.anonymity for row in rows[: len(policies)]}
