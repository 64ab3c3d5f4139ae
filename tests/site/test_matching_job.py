"""Matches on the site: exactly the engine's, whoever is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from match_lists import KIND, Counted, change, furnish, held, misses, rows

from corridor.site.core import jobs, worker
from corridor.site.core.models import Job
from corridor.site.docking import refresh
from corridor.site.docking.jobs import clock
from corridor.site.docking.models import Match, Matched, NearMiss, Refresh
from corridor.site.docking.world import World
from corridor.site.listings.models import Listing, State

pytestmark = pytest.mark.django_db


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
