"""Matches seen, set aside and told: by and to the right people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from browsing import Login
from cast import Cast, cast, listing
from django.test import Client
from django.utils import timezone
from match_lists import Counted, change, held

from corridor.engine.factors import Range
from corridor.site.core.actor import PUBLIC
from corridor.site.core.errors import Forbidden, Invalid, Missing
from corridor.site.core.models import Job, Party
from corridor.site.docking import aside, queries, refresh, telling
from corridor.site.docking.models import Match, NearMiss, Unsuitable
from corridor.site.listings.models import Listing, ListingNamed, State
from corridor.site.listings.values import stored
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db


# --- a small market of our own ---


@pytest.fixture
def market() -> tuple[Cast, Listing, Listing, Listing]:
    """Alice's need; Bob's offer that fits; Carol's offer that is too small."""
    who = cast()
    fits = {"area": Range.between(2000, 6000), "premises": frozenset({"single"})}
    small = fits | {"area": Range.between(500, 800)}
    need = listing(who.alice)
    fit = listing(who.bob, side="offer", title="出租单层厂房", values=stored(fits))
    miss = listing(who.carol, side="offer", title="出租小厂房", values=stored(small))
    refresh.refresh("space")
    return who, need, fit, miss


Market = tuple[Cast, Listing, Listing, Listing]


def test_who_sees_a_match(market: Market) -> None:
    who, need, fit, miss = market
    assert Match.objects.count() == 1 and NearMiss.objects.count() == 1
    for model, seers in (
        (Match, {"alice", "bob", "suzhou", "hefei", "office"}),
        (NearMiss, {"alice", "carol", "suzhou", "office"}),
    ):
        seen = {
            name
            for name in ("alice", "bob", "carol", "suzhou", "hefei", "office", "judge", "analyst")
            if model.objects.visible_to(getattr(who, name)).exists()
        }
        assert seen == seers
        assert not model.objects.visible_to(PUBLIC).exists()
    assert [match.offer for match in queries.matches_of(who.alice, need)] == [fit]
    assert [near.offer for near in queries.near_misses_of(who.alice, need)] == [miss]
    assert [match.need for match in queries.own_matches_with(who.alice, fit)] == [need]
    assert queries.own_matches_with(who.carol, fit) == []
    assert [match.offer for match in queries.best_matches(who.alice)] == [fit]
    Listing.objects.filter(pk=fit.pk).update(state=State.CLOSED)
    assert queries.matches_of(who.alice, need) == []


def test_a_listing_for_some_is_in_no_other_list() -> None:
    who = cast()
    need = listing(who.alice)
    values = stored({"area": Range.between(2000, 6000), "premises": frozenset({"single"})})
    for_carol = [
        listing(who.bob, side="offer", anonymity="named", values=values) for _ in range(12)
    ]
    for one in for_carol:
        ListingNamed.objects.create(listing=one, party_id=who.carol.party)
    open_to_all = listing(who.bob, side="offer", values=values)
    refresh.refresh("space")
    assert list(held(need)) == [open_to_all.ref]
    assert all(held(one) == {need.ref: pytest.approx(held(one)[need.ref])} for one in for_carol)
    assert queries.matches_of(who.bob, for_carol[0])[0].need == need
    assert [match.offer for match in queries.matches_of(who.alice, need)] == [open_to_all]


def test_setting_aside_hides_refills_and_can_be_taken_back() -> None:
    who = cast()
    need = listing(who.alice)
    values = stored({"area": Range.between(2000, 6000), "premises": frozenset({"single"})})
    offers = [listing(who.bob, side="offer", values=values) for _ in range(13)]
    refresh.refresh("space")
    first = next(one for one in offers if one.ref == next(iter(held(need))))
    made = aside.mark_unsuitable(who.alice, need, first, reason="price", note="打13911112222")
    assert "13911112222" not in made.note
    assert first not in [match.offer for match in queries.matches_of(who.alice, need)]
    assert queries.matches_of(who.bob, first)[0].need == need
    assert queries.matches_of(who.alice, need)[0].offer != first
    refresh.refresh("space", counted := Counted())
    change(need)
    refresh.refresh("space", counted)
    assert len(held(need)) == 10 and first.ref not in held(need)
    aside.undo_unsuitable(who.alice, need, first)
    assert Job.objects.filter(kind="docking.match", key="space").count() == 1
    refresh.refresh("space")
    assert next(iter(held(need))) == first.ref


def test_only_the_own_side_may_set_aside_and_the_other_never_knows(market: Market) -> None:
    who, need, fit, _miss = market
    for actor in (who.bob, who.carol, who.suzhou, who.office, PUBLIC):
        with pytest.raises(Forbidden):
            aside.mark_unsuitable(actor, need, fit, reason="price")
    with pytest.raises(Invalid):
        aside.mark_unsuitable(who.alice, need, fit, reason="mood")
    aside.mark_unsuitable(who.alice, need, fit, reason="price")
    aside.mark_unsuitable(who.alice, need, fit, reason="place")
    assert Unsuitable.objects.get().reason == "place"
    seen = {
        name
        for name in ("alice", "bob", "carol", "suzhou", "hefei", "office", "judge")
        if Unsuitable.objects.visible_to(getattr(who, name)).exists()
    }
    assert seen == {"alice", "suzhou", "office"}
    hidden = listing(who.bob, side="offer", anonymity="named")
    with pytest.raises(Missing):
        aside.mark_unsuitable(who.alice, need, hidden, reason="price")


# --- notices ---


def test_a_party_is_told_of_its_new_matches_once_a_day(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, need, fit, _miss = market
    assert telling.tell_matches() == 2
    told = Notice.objects.visible_to(who.alice).get()
    assert (told.params["count"], told.url) == (1, f"/matches/{need.ref}/")
    assert need.title in told.text and told.next_action
    assert not Notice.objects.visible_to(who.carol).exists()
    twin = Listing.objects.get(pk=fit.pk)
    twin.pk, twin.ref = None, "TWIN"
    twin.save()
    refresh.refresh("space")
    assert telling.tell_matches() == 0
    tomorrow = timezone.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert telling.tell_matches() == 2
    assert telling.tell_matches() == 0


# --- pages ---


def test_the_page_says_why_and_what_would_have_to_change(market: Market, login: Login) -> None:
    who, need, fit, miss = market
    page = login(who.alice).get(f"/matches/{need.ref}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert fit.title in text and miss.title in text
    assert "建筑面积" in text and "放宽到" in text
    assert f"/introductions/new/{fit.ref}/?own={need.ref}" in text
    english = login(who.alice).get(f"/matches/{need.ref}/", headers={"accept-language": "en"})
    assert "Floor area" in english.content.decode()


def test_what_no_longer_matches_is_not_shown_until_the_next_run(
    market: Market, login: Login
) -> None:
    who, need, fit, _miss = market
    small = stored({"area": Range.between(100, 200), "premises": frozenset({"single"})})
    change(fit, values=small)
    page = login(who.alice).get(f"/matches/{need.ref}/").content.decode()
    assert fit.title not in page and "找到 0 条匹配" in page


def test_the_page_of_a_listing_shows_its_matches_or_the_way_to_ask(
    market: Market, login: Login
) -> None:
    who, need, fit, miss = market
    own = login(who.alice).get(f"/listings/{need.ref}/").content.decode()
    assert fit.title in own and f"/matches/{need.ref}/" in own
    others = login(who.alice).get(f"/listings/{fit.ref}/").content.decode()
    assert f"/introductions/new/{fit.ref}/?own={need.ref}" in others
    stranger = login(who.carol).get(f"/listings/{fit.ref}/").content.decode()
    assert f'/introductions/new/{fit.ref}/"' in stranger and need.title not in stranger
    assert "/introductions/new/" in Client().get(f"/listings/{fit.ref}/").content.decode()
    judge = login(who.judge).get(f"/listings/{fit.ref}/").content.decode()
    assert "/introductions/new/" not in judge and miss.title not in judge


def test_the_page_is_for_the_own_side(market: Market, login: Login) -> None:
    who, need, _fit, _miss = market
    for name, status in (
        ("alice", 200), ("suzhou", 200), ("office", 200),
        ("bob", 404), ("carol", 404), ("hefei", 404), ("judge", 404), ("analyst", 404),
    ):  # fmt: skip
        assert login(getattr(who, name)).get(f"/matches/{need.ref}/").status_code == status, name
    assert Client().get(f"/matches/{need.ref}/").status_code == 404
    assert "发起对接</a>" not in login(who.suzhou).get(f"/matches/{need.ref}/").content.decode()


def test_setting_aside_on_the_page(market: Market, login: Login) -> None:
    who, need, fit, _miss = market
    client, at = login(who.alice), f"/matches/{need.ref}/unsuitable/"
    assert client.post(at, {"other": fit.ref}).status_code == 422
    assert client.post(at, {"other": fit.ref, "reason": "price"}).status_code == 302
    page = client.get(f"/matches/{need.ref}/").content.decode()
    assert "已标记不合适 1 条" in page and "价格或费用" in page
    assert client.post(at, {"other": fit.ref, "undo": "1"}).status_code == 302
    assert not Unsuitable.objects.exists()
    assert client.post(at, {"other": "NOPE", "reason": "price"}).status_code == 404
    assert login(who.suzhou).post(at, {"other": fit.ref, "reason": "price"}).status_code == 403
    assert client.get(at).url == f"/matches/{need.ref}/"


@pytest.mark.parametrize("count", [1, 3, 10])
def test_the_page_takes_as_many_queries_whatever_is_found(
    count: int, login: Login, django_assert_num_queries: Any
) -> None:
    who = cast()
    need = listing(who.alice)
    bob = Party.objects.get(pk=who.bob.party)
    values = {"area": Range.between(2000, 6000), "premises": frozenset({"single"})}
    small = values | {"area": Range.between(500, 800)}
    for _ in range(count):
        listing(who.bob, side="offer", values=stored(values), party_id=bob.pk)
        listing(who.bob, side="offer", values=stored(small), party_id=bob.pk)
    refresh.refresh("space")
    client = login(who.alice)
    client.get(f"/matches/{need.ref}/")
    with django_assert_num_queries(9):
        page = client.get(f"/matches/{need.ref}/").content.decode()
    assert f"找到 {count} 条匹配" in page
