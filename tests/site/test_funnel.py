"""The funnel: cohorts, nested steps, what numbers may tell whom, and why the rest did not go on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from cast import HEFEI, SUZHOU, Cast, cast, listing
from django.utils import timezone, translation

from corridor.site.core.actor import PUBLIC, Actor
from corridor.site.docking import actions, aside, clock, funnel
from corridor.site.docking.models import Introduction, Matched
from corridor.site.listings.models import Listing, State

pytestmark = pytest.mark.django_db


def counts(actor: Actor, **given: object) -> list[int]:
    return [step.count for step in funnel.steps(actor, **given)]  # type: ignore[arg-type]


def offer(actor: Actor, **given: object) -> Listing:
    return listing(actor, side="offer", **given)


def ask(actor: Actor, target: Listing, own: Listing | None = None) -> Introduction:
    return actions.ask(
        actor, target, own=own, cooperation="lease", question="何时可看？", agreed=True
    )


def agree(who: Cast, one: Introduction) -> None:
    actions.accept(who.bob, one, agreed=True)
    done = actions.Report("agreement", date.today(), cooperation="lease")
    actions.report(who.alice, one, done)


def test_each_step_counts_those_of_the_one_before_that_went_on() -> None:
    who = cast()
    alone, matched, talked, agreed = (listing(who.alice) for _ in range(4))
    Matched.objects.create(listing=matched, since=timezone.now())
    actions.accept(who.bob, ask(who.alice, offer(who.bob, city=HEFEI), talked), agreed=True)
    agree(who, ask(who.alice, offer(who.bob), agreed))
    ask(who.carol, offer(who.bob))  # found by a party itself, not answered yet
    found = funnel.steps(who.office)
    assert [(step.count, step.of) for step in found] == [(7, None), (6, 7), (4, 6), (2, 4)]
    assert [step.label for step in found] == ["发布", "匹配", "对接", "达成"]
    assert {step.window for step in found} == {"全部时间"}
    assert counts(who.office, city=SUZHOU) == [4, 3, 2, 1]
    assert counts(who.office, city=HEFEI, kind="space") == [3, 3, 2, 1]
    assert counts(who.office, kind="capital") == [0, 0, 0, 0]
    assert alone.pk


def test_the_window_is_that_of_publishing() -> None:
    who = cast()
    long_ago = timezone.now() - timedelta(days=40)
    agree(who, ask(who.alice, offer(who.bob), listing(who.alice, published_at=long_ago)))
    assert counts(who.office, days=30) == [1, 1, 1, 1]
    assert counts(who.office, days=90) == counts(who.office) == [2, 2, 2, 2]
    assert funnel.steps(who.office, days=30)[0].window == "近 30 天"


def test_what_ended_still_counts_and_what_was_taken_down_does_not() -> None:
    who = cast()
    for state in State:
        published = None if state in (State.DRAFT, State.CITY_REVIEW) else timezone.now()
        listing(who.alice, state=state, published_at=published)
    seen = {State.PUBLISHED, State.EXPIRED, State.CLOSED, State.CORRIDOR_REVIEW, State.RETURNED}
    assert counts(who.office) == [len(seen), 0, 0, 0]


def test_numbers_tell_nobody_of_listings_kept_from_them() -> None:
    who = cast()
    for anonymity in ("public", "anonymous", "corridor", "named"):
        listing(who.alice, anonymity=anonymity)
    seen = {"public": 2, "alice": 3, "carol": 3, "hefei": 3, "suzhou": 4, "office": 4, "analyst": 4}
    for name, count in seen.items():
        actor = PUBLIC if name == "public" else getattr(who, name)
        assert counts(actor)[0] == count, name


def test_conversion_by_kind_and_city() -> None:
    who = cast()
    agree(who, ask(who.alice, offer(who.bob), listing(who.alice)))
    listing(who.carol, kind="capital", values={})
    by_city = {row.key: [step.count for step in row.steps] for row in funnel.conversions()["city"]}
    assert by_city[SUZHOU] == [2, 1, 1, 1] and by_city[HEFEI] == [1, 1, 1, 1]
    assert len(by_city) == 9 and sum(row[0] for row in by_city.values()) == 3
    by_kind = {row.key: row for row in funnel.conversions(30)["kind"]}
    assert len(by_kind) == 8
    assert [step.count for step in by_kind["space"].steps] == [2, 2, 2, 2]
    assert by_kind["capital"].label == "资本" and by_kind["capital"].steps[1].of == 1


def test_flows_go_from_the_asking_city_to_the_one_asked() -> None:
    who = cast()
    for need in (listing(who.alice), listing(who.alice)):
        actions.accept(who.bob, ask(who.alice, offer(who.bob), need), agreed=True)
    actions.accept(who.alice, ask(who.bob, listing(who.alice)), agreed=True)
    ask(who.alice, offer(who.bob))
    assert funnel.flows() == [(SUZHOU, HEFEI, 2), (HEFEI, SUZHOU, 1)]
    Introduction.objects.update(accepted_at=timezone.now() - timedelta(days=8))
    assert funnel.flows(7) == [] and len(funnel.flows(30)) == 2


def test_why_the_rest_did_not_go_on() -> None:
    who = cast()
    need, other = listing(who.alice), offer(who.bob)
    listing(who.alice, state=State.CLOSED, exit_reason="plan_changed")
    aside.mark_unsuitable(who.alice, need, other, reason="price")
    for reason in ("time", "time", "place"):
        actions.decline(who.bob, ask(who.alice, offer(who.bob)), reason=reason)
    actions.withdraw(who.alice, ask(who.alice, offer(who.bob)))
    ask(who.alice, offer(who.bob))
    Introduction.objects.filter(state="asked").update(expires_at=timezone.now())
    clock.expire_due()
    failed = ask(who.alice, offer(who.bob), need)
    actions.accept(who.bob, failed, agreed=True)
    for actor in (who.alice, who.bob):
        actions.report(actor, failed, actions.Report("none", date.today(), reason="terms"))
    told = [(one.step, one.reason, one.count, one.of) for one in funnel.exits(days=30)]
    published = Listing.objects.count()
    assert told == [
        ("发布", "计划变更或取消", 1, published),
        ("匹配", "价格或费用", 1, 1),
        ("对接", "时间", 2, 6),
        ("对接", "地点", 1, 6),
        ("对接", "已撤回", 1, 6),
        ("对接", "已过期", 1, 6),
        ("达成", "合作方式或条款", 1, 1),
    ]
    assert funnel.exits(city=HEFEI, kind="capital") == []
    assert len(funnel.exits(city=SUZHOU, kind="space")) == 7
    assert [one.step for one in funnel.exits(city=HEFEI)] == ["对接"] * 4 + ["达成"]


def test_the_funnel_speaks_english() -> None:
    who = cast()
    with translation.override("en"):
        assert [step.label for step in funnel.steps(who.office, days=30)] == [
            "Published", "Matched", "Introduced", "Agreed",
        ]  # fmt: skip


@pytest.mark.parametrize("rows", [1, 30])
def test_the_funnel_takes_as_many_queries_whatever_its_size(
    rows: int, django_assert_num_queries: object
) -> None:
    who = cast()
    for _ in range(rows):
        listing(who.alice)
    with django_assert_num_queries(1):  # type: ignore[operator]
        funnel.steps(PUBLIC)
    with django_assert_num_queries(1):  # type: ignore[operator]
        funnel.conversions(30)
