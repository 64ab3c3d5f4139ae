"""Matches on the site: exactly the engine's, whoever is killed; seen and told to the right people."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from cast import HEFEI, Cast, cast, listing, party
from django.db import transaction
from django.test import Client
from django.utils import timezone

from corridor.demo import world as demo_world
from corridor.engine.factors import Range
from corridor.site.core import jobs, worker
from corridor.site.core.actor import PUBLIC, Actor
from corridor.site.core.errors import Forbidden, Invalid, Missing
from corridor.site.core.models import Job, Party
from corridor.site.docking import aside, queries, refresh, telling
from corridor.site.docking.jobs import clock
from corridor.site.docking.models import Match, Matched, NearMiss, Refresh, Unsuitable
from corridor.site.docking.world import World
from corridor.site.listings.models import Listing, ListingNamed, State
from corridor.site.listings.values import stored
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db

KIND = "technology"
Login = Callable[[Actor], Client]
Row = tuple[str, str, int | None, int | None, float]


def furnish(count: int = 240) -> list[Listing]:
    """The technology of a small demo world, published, one party for each that the world has."""
    made = demo_world(listings=count, today=timezone.localdate())
    drawn = [one for one in [*made.needs, *made.offers] if one.kind == KIND]
    parties = {
        name: party(f"主体{name}", "enterprise", HEFEI, 100 + at).pk
        for at, name in enumerate(sorted({one.party for one in drawn}))
    }
    now = timezone.now()
    return Listing.objects.bulk_create(
        Listing(
            ref=one.id,
            party_id=parties[one.party],
            side=str(one.side),
            kind=one.kind,
            title=one.title,
            text=one.text,
            city=one.city,
            values=stored(one.values),
            must=sorted(one.must),
            flexible=sorted(one.flexible),
            capacity=one.capacity,
            state=State.PUBLISHED,
            published_at=now - timedelta(days=at % 40),
            expires_on=timezone.localdate() + timedelta(days=90),
            changed_at=now,
        )
        for at, one in enumerate(drawn)
    )


def rows() -> list[Row]:
    """All matches, with their ranks and scores."""
    fields = ("need__ref", "offer__ref", "rank_need", "rank_offer", "score")
    return list(Match.objects.order_by("need__ref", "offer__ref").values_list(*fields))


def misses() -> list[tuple[Any, ...]]:
    fields = ("need__ref", "offer__ref", "rank_need", "rank_offer")
    return list(NearMiss.objects.order_by("need__ref", "offer__ref").values_list(*fields))


def held(one: Listing) -> dict[str, float]:
    """What the list of a listing holds, best first."""
    other = "offer" if one.side == "need" else "need"
    mine = Match.objects.filter(**{one.side: one, f"rank_{one.side}__gte": 1})
    return dict(mine.order_by(f"rank_{one.side}").values_list(f"{other}__ref", "score"))


def change(one: Listing, **to: Any) -> None:
    """What a verb of the listing would leave behind."""
    Listing.objects.filter(pk=one.pk).update(**to, changed_at=timezone.now())


class Counted:
    """How many lists a run makes; stops it before the one numbered ``at``."""

    def __init__(self, at: int = 10**9) -> None:
        self.at, self.done, self.told = at, 0, []

    def __call__(self, done: int, total: int, message: str) -> None:
        self.told.append((done, total, message))
        if len(self.told) > self.at:
            raise KeyboardInterrupt
        self.done = done


# --- the same as the engine's ---


def test_lists_hold_exactly_what_the_engine_finds() -> None:
    made = {one.ref: one for one in furnish()}
    refresh.refresh(KIND)
    world = World(KIND, timezone.localdate())
    matcher, checked = world.matcher(), 0
    for best in matcher.match_both(KIND, top=10, misses=3):
        other = "offer" if best.listing.side == "need" else "need"
        found = {getattr(match, other).id: match.score for match in best.matches}
        assert held(made[best.listing.id]) == found
        assert list(held(made[best.listing.id])) == list(found)
        near = NearMiss.objects.filter(**{f"{best.listing.side}__ref": best.listing.id})
        near = near.filter(**{f"rank_{best.listing.side}__gte": 1})
        near = near.order_by(f"rank_{best.listing.side}")
        assert list(near.values_list(f"{other}__ref", flat=True)) == [
            getattr(miss, other).id for miss in best.misses
        ]
        checked += len(found)
    assert checked > 200 and NearMiss.objects.count() > 50
    match = Match.objects.order_by("-score")[0]
    assert set(match.parts) == {
        "text", "industry", "soft", "distance", "freshness", "reciprocity",
    }  # fmt: skip
    first = made[match.need.ref]
    assert Matched.objects.get(listing=first).stamp == Listing.objects.get(pk=first.pk).changed_at
    assert Refresh.objects.get().full_on == timezone.localdate()


def test_a_run_that_has_nothing_to_do_does_nothing() -> None:
    furnish(120)
    refresh.refresh(KIND)
    before = rows(), misses(), list(Match.objects.order_by("pk").values_list("pk", "found_at"))
    counted = Counted()
    refresh.refresh(KIND, counted)
    assert counted.told == []
    Refresh.objects.all().delete()
    refresh.refresh(KIND, counted)
    assert counted.told[-1][:2] == (counted.done, counted.done) and "技术" in counted.told[0][2]
    assert (
        rows(),
        misses(),
        list(Match.objects.order_by("pk").values_list("pk", "found_at")),
    ) == before


def test_only_what_a_change_touches_is_made_anew() -> None:
    made = furnish()
    refresh.refresh(KIND)
    need = next(one for one in made if one.side == "need" and len(held(one)) >= 5)
    best = Listing.objects.get(ref=next(iter(held(need))))
    change(best, title=best.title + "（降价）")
    counted = Counted()
    refresh.refresh(KIND, counted)
    assert 0 < counted.done < len(made)
    matcher = World(KIND, timezone.localdate()).matcher()
    engine = {one.ref: one.as_engine for one in Listing.objects.all()}
    assert held(best) == {
        match.need.id: match.score for match in matcher.best(engine[best.ref]).matches
    }
    for one in made:
        fresh = [
            m for m in matcher.best(engine[one.ref]).matches if best.ref in (m.need.id, m.offer.id)
        ]
        assert (best.ref in held(one)) == bool(fresh) or one.pk == best.pk


def test_a_new_listing_enters_the_lists_it_belongs_in() -> None:
    made = furnish()
    refresh.refresh(KIND)
    need = next(one for one in made if one.side == "need" and held(one))
    old = Listing.objects.get(ref=next(iter(held(need))))
    twin = Listing.objects.get(pk=old.pk)
    twin.pk, twin.ref, twin.changed_at = None, "TWIN", timezone.now()
    twin.save()
    refresh.refresh(KIND)
    assert "TWIN" in held(need) and held(twin)
    assert Matched.objects.get(listing=twin).since is not None


@pytest.mark.parametrize(
    "left",
    [
        {"state": State.CLOSED},
        {"state": State.EXPIRED},
        {"state": State.HIDDEN},
        {"deadline": datetime(2020, 1, 1).date()},
    ],
)
def test_what_leaves_the_market_leaves_the_lists_and_others_move_up(left: dict[str, Any]) -> None:
    made = furnish()
    refresh.refresh(KIND)
    full = [one for one in made if one.side == "need" and len(held(one)) == 10]
    gone = Listing.objects.get(ref=next(iter(held(full[0]))))
    since = Matched.objects.get(listing=gone).since
    change(gone, **left)
    refresh.refresh(KIND)
    assert not Match.objects.filter(offer=gone).exists()
    assert not NearMiss.objects.filter(offer=gone).exists()
    assert gone.ref not in held(full[0])
    known = Matched.objects.get(listing=gone)
    assert (known.stamp, known.since) == (None, since)
    matcher = World(KIND, timezone.localdate()).matcher()
    assert list(held(full[0])) == [m.offer.id for m in matcher.best(full[0].as_engine).matches]
    change(gone, state=State.PUBLISHED, deadline=None)
    refresh.refresh(KIND)
    assert gone.ref in held(full[0])


# --- killed ---


@pytest.mark.parametrize("at", [0, 1, 3, 6])
def test_killed_anywhere_the_next_run_finishes(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    monkeypatch.setattr(refresh, "CHUNK", 5)
    furnish()
    with pytest.raises(KeyboardInterrupt):
        refresh.refresh(KIND, Counted(at))
    assert not Matched.objects.exists() and not Refresh.objects.exists()
    assert Match.objects.exists() == (at > 0)
    refresh.refresh(KIND)
    got = rows(), misses()
    Match.objects.all().delete()
    NearMiss.objects.all().delete()
    Refresh.objects.all().delete()
    refresh.refresh(KIND)
    assert (rows(), misses()) == got


def test_killed_in_the_middle_of_a_change_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "CHUNK", 2)
    made = furnish()
    refresh.refresh(KIND)
    gone = Listing.objects.get(ref=next(iter(held(next(o for o in made if len(held(o)) == 10)))))
    change(gone, state=State.CLOSED)
    with pytest.raises(KeyboardInterrupt):
        refresh.refresh(KIND, Counted(1))
    refresh.refresh(KIND)
    got = rows()
    assert not Match.objects.filter(offer=gone).exists()
    Refresh.objects.all().delete()
    refresh.refresh(KIND)
    assert [row[:2] for row in rows()] == [row[:2] for row in got]


def test_the_end_is_all_or_nothing() -> None:
    furnish(120)

    @contextmanager
    def finish() -> Iterator[None]:
        with transaction.atomic():
            yield
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refresh.refresh(KIND, finish=finish)
    assert not Matched.objects.exists() and not Refresh.objects.exists()


def test_a_run_that_lost_its_lease_writes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "CHUNK", 5)
    furnish()
    jobs.enqueue("docking.match", KIND)
    run = jobs.claim(kinds=frozenset({"docking.match"}))
    assert run is not None
    Job.objects.update(lease="another's")
    jobs.perform(run)
    assert not Match.objects.exists() and not Matched.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_job_in_its_own_process_killed_and_taken_up_again() -> None:
    furnish(400)
    jobs.enqueue("docking.match", KIND)
    run = jobs.claim(kinds=frozenset({"docking.match"}))
    assert run is not None
    with subprocess.Popen(
        [sys.executable, "-m", "corridor.site.core.heavy", str(run.job.pk), run.lease],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "corridor.site.settings"},
        stdin=subprocess.PIPE,
    ) as child:
        until = time.monotonic() + 60
        while not Match.objects.exists() and child.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        child.kill()
    Job.objects.filter(state="running").update(lease_until=timezone.now() - timedelta(seconds=1))
    again = jobs.claim(kinds=frozenset({"docking.match"}))
    if again is not None:  # None only where the first was done before it could be killed
        worker.perform(again, threading.Event())
    assert Job.objects.get(kind="docking.match").state == "done"
    got = rows()
    Refresh.objects.all().delete()
    refresh.refresh(KIND)
    assert rows() == got != []
    assert Job.objects.filter(kind="docking.tell").count() == 1


def test_the_web_process_never_loads_the_numeric_engine() -> None:
    program = (
        "import sys, django; django.setup()\n"
        "from corridor.site import urls\n"
        "from corridor.site.docking import cards, jobs, refresh\n"
        "print([m for m in ('numpy', 'numba', 'scipy', 'ortools') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "corridor.site.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_the_day_begins_with_all_kinds_matched_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    here = timezone.get_current_timezone()
    jobs.enqueue("docking.clock", "now")
    run = jobs.claim(kinds=frozenset({"docking.clock"}))
    assert run is not None
    Refresh.objects.create(kind="space", full_on=datetime(2026, 11, 23).date())
    for hour, kinds in ((1, 0), (2, 7), (3, 7)):
        now = datetime(2026, 11, 23, hour, 30, tzinfo=here)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        clock(run)
        assert Job.objects.filter(kind="docking.match").count() == kinds


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
