"""Searches that are kept, and what is told of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from browsing import Fields
from cast import Cast
from django.core import mail
from django.utils import timezone
from market_pages import LIST, html, offered

from corridor.site.core.errors import Forbidden, Invalid
from corridor.site.core.models import Job
from corridor.site.listings import saved
from corridor.site.listings.filters import Filters
from corridor.site.listings.models import Anonymity, SavedSearch, State
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db


def keep(people: Cast, **asked: Any) -> SavedSearch:
    kept = saved.save(people.bob, "厂房", Filters(**asked))
    SavedSearch.objects.filter(pk=kept.pk).update(seen_until=timezone.now() - timedelta(days=1))
    return kept


def test_a_search_is_kept_and_forgotten(people: Cast, login: Any) -> None:
    bob = login(people.bob)
    offered(people.alice)
    page = html(bob, f"{LIST}?kind=space&side=offer")
    sent = Fields(page).data
    answer = bob.post("/listings/saved/", sent | {"name": "苏州 空间"}, follow=True)
    assert "已保存“苏州 空间”" in answer.content.decode()
    kept = SavedSearch.objects.get()
    assert (kept.query, kept.user_id, kept.party_id) == (
        "side=offer&kind=space", people.bob.user, people.bob.party,
    )  # fmt: skip
    bob.post("/listings/saved/", sent | {"name": "再一次"})
    assert SavedSearch.objects.count() == 1
    assert login(people.carol).post(f"/listings/saved/{kept.pk}/forget/").status_code == 404
    bob.post(f"/listings/saved/{kept.pk}/forget/")
    assert not SavedSearch.objects.exists()


def test_nobody_keeps_everything_or_too_much(people: Cast) -> None:
    with pytest.raises(Invalid, match="先选定"):
        saved.save(people.bob, "全部", Filters(sort="newest"))
    with pytest.raises(Invalid, match="起个名字"):
        saved.save(people.bob, " ", Filters(kind="space"))
    with pytest.raises(Forbidden):
        saved.save(type(people.bob)(), "x", Filters(kind="space"))
    for number in range(saved.MOST):
        saved.save(people.bob, f"第 {number}", Filters(q=f"词{number}"))
    with pytest.raises(Invalid, match="最多保存 20 个"):
        saved.save(people.bob, "又一个", Filters(q="又一个"))
    assert saved.save(people.carol, "13812345678", Filters(q="厂房")).name == "138****5678"


def test_new_finds_are_told_once_and_only_what_one_may_see(people: Cast) -> None:
    keep(people, kind="space", side="offer")
    before = timezone.now() - timedelta(hours=1)
    for anonymity in (Anonymity.PUBLIC, Anonymity.CORRIDOR, Anonymity.NAMED):
        offered(people.alice, anonymity=anonymity, published_at=before)
    offered(people.alice, published_at=timezone.now() - timedelta(days=2))
    offered(people.alice, kind="capital", values={}, published_at=before)
    offered(people.alice, state=State.HIDDEN, published_at=before)
    offered(people.bob, published_at=before)
    assert saved.tell_finds() == 1
    notice = Notice.objects.get(kind="search.found")
    assert (notice.user_id, notice.params) == (people.bob.user, {"name": "厂房", "n": 2})
    assert notice.text == "您保存的搜索“厂房”有 2 条新发布"
    assert notice.url == "/listings/?side=offer&kind=space"
    assert saved.tell_finds() == 0
    assert saved.tell_finds(timezone.now() + timedelta(days=1)) == 0


def test_what_is_published_during_a_look_is_told_at_the_next(people: Cast) -> None:
    keep(people, kind="space")
    offered(people.alice, published_at=timezone.now() - timedelta(seconds=5))
    assert saved.tell_finds() == 0
    assert saved.tell_finds(timezone.now() + timedelta(hours=1)) == 1


def test_who_left_the_party_is_told_nothing(people: Cast) -> None:
    keep(people, kind="space")
    offered(people.alice, published_at=timezone.now() - timedelta(hours=1))
    people.user("bob").memberships.update(ended_at=timezone.now())
    assert saved.tell_finds() == 0 and not Notice.objects.exists() and not mail.outbox


def test_the_site_looks_daily() -> None:
    from corridor.site.core import jobs

    jobs.queue_periodic()
    assert Job.objects.filter(kind="listings.finds").count() == 1
