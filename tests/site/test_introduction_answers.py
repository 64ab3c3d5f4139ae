"""An introduction answered, lapsed, advised, talked over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from cast import cast, listing
from django.db import connection
from django.utils import timezone
from introducing import DO, MAY, PEOPLE, TYPED, Scene, ask, state_of, told

from corridor.site.core.actor import PUBLIC, SYSTEM
from corridor.site.core.errors import Forbidden, Invalid, NotNow, TooOften
from corridor.site.core.models import AuditEntry
from corridor.site.docking import actions, clock
from corridor.site.docking.lifecycle import INTRODUCTION
from corridor.site.docking.models import Introduction
from corridor.site.docking.models import State as S
from corridor.site.listings.models import Listing, State
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("verb", DO)
def test_only_the_right_party_answers_and_only_once(scene: Scene, verb: str) -> None:
    for name in PEOPLE:
        if name != MAY[verb]:
            with pytest.raises(Forbidden):
                DO[verb](getattr(scene.who, name), scene.one)
    assert state_of(scene.one) == S.ASKED
    DO[verb](getattr(scene.who, MAY[verb]), scene.one)
    ended = INTRODUCTION.moves[verb].target
    assert state_of(scene.one) == ended
    for again, do in DO.items():
        with pytest.raises(NotNow):
            do(getattr(scene.who, MAY[again]), scene.one)
    assert state_of(scene.one) == ended
    entry = AuditEntry.objects.filter(thing=f"introduction:{scene.one.ref}").latest("id")
    assert entry.verb == f"introduction.{verb}" and entry.diff["state"] == [S.ASKED, ended]


def test_every_event_is_told_with_the_next_thing_to_do(scene: Scene) -> None:
    who = scene.who
    other = ask(who.alice, listing(who.bob, side="offer"))
    actions.decline(who.bob, other, reason="place", note=f"太远，打{TYPED}")
    assert TYPED not in Introduction.objects.get(pk=other.pk).note
    actions.accept(who.bob, scene.one, agreed=True)
    actions.say(who.alice, scene.one, "周三见？")
    actions.remind(who.hefei, scene.one)
    actions.consent(who.bob, scene.one, agree=False)
    actions.consent(who.bob, scene.one, agree=True)
    met = actions.Report("met", date.today())
    actions.report(who.bob, scene.one, met)
    assert told(who.alice) == [
        "docking.declined", "docking.accepted", "docking.reminded", "docking.consent",
        "docking.agreed_again", "docking.outcome",
    ]  # fmt: skip
    assert told(who.bob) == [
        "docking.asked",
        "docking.asked",
        "docking.message",
        "docking.reminded",
    ]
    assert all(n.next_action and str(n.text) for n in Notice.objects.all())


def test_declining_needs_a_reason_of_the_list(scene: Scene) -> None:
    for reason in ("", "because"):
        with pytest.raises(Invalid):
            actions.decline(scene.who.bob, scene.one, reason=reason)
    assert state_of(scene.one) == S.ASKED


def test_it_expires_at_fourteen_days_after_a_reminder(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = scene.one.created_at

    def at(days: float) -> None:
        monkeypatch.setattr(timezone, "now", lambda: begun + timedelta(days=days))

    at(10.9)
    assert (clock.remind_due(), clock.expire_due()) == (0, 0)
    at(11.1)
    assert (clock.remind_due(), clock.remind_due(), clock.expire_due()) == (1, 0, 0)
    assert told(scene.who.bob)[-1] == "docking.expiring"
    assert told(scene.who.hefei) == told(scene.who.suzhou) == ["docking.unanswered"]
    at(14.01)
    with pytest.raises(NotNow):
        actions.accept(scene.who.bob, scene.one, agreed=True)
    assert (clock.expire_due(), clock.expire_due()) == (1, 0)
    assert state_of(scene.one) == S.EXPIRED
    assert told(scene.who.bob)[-1] == told(scene.who.alice)[-1] == "docking.expired"


def test_a_listing_that_left_the_market_cannot_be_agreed_on(scene: Scene) -> None:
    Listing.objects.filter(pk=scene.need.pk).update(state=State.CLOSED)
    with pytest.raises(NotNow, match="求租"):
        actions.accept(scene.who.bob, scene.one, agreed=True)
    assert state_of(scene.one) == S.ASKED


def test_an_offer_carries_no_more_agreements_than_it_can() -> None:
    who = cast()
    offer = listing(who.bob, side="offer", capacity=1)
    first, second = ask(who.alice, offer), ask(who.carol, offer)
    actions.accept(who.bob, first, agreed=True)
    with pytest.raises(NotNow, match="已满"):
        actions.accept(who.bob, second, agreed=True)
    none = actions.Report("none", date.today(), reason="price")
    actions.report(who.bob, first, none)
    actions.accept(who.bob, second, agreed=True)
    agreement = actions.Report("agreement", date.today(), cooperation="lease")
    actions.report(who.carol, second, agreement)
    third = ask(who.alice, offer)
    with pytest.raises(NotNow, match="已满"):
        actions.accept(who.bob, third, agreed=True)


def test_who_sees_an_introduction(scene: Scene) -> None:
    seen = {
        name
        for name in PEOPLE
        if Introduction.objects.visible_to(getattr(scene.who, name)).exists()
    }
    assert seen == {"alice", "bob", "suzhou", "hefei", "office"}
    assert not Introduction.objects.visible_to(PUBLIC).exists()
    assert not Introduction.objects.visible_to(SYSTEM).exists()


def test_advisers_may_talk_and_remind_but_never_answer(scene: Scene) -> None:
    who = scene.who
    for adviser in (who.suzhou, who.hefei, who.office):
        said = actions.say(adviser, scene.one, "已联系双方，建议本周现场看。")
        assert said.role == adviser.role and said.party_id == adviser.party
        with pytest.raises(Forbidden):
            actions.contacts(adviser, scene.one, "协调")
        with pytest.raises(Forbidden):
            actions.consent(adviser, scene.one, agree=True)
        with pytest.raises(Forbidden):
            actions.report(adviser, scene.one, actions.Report("met", date.today()))
    for stranger in (who.carol, who.judge, who.analyst):
        with pytest.raises(Forbidden):
            actions.say(stranger, scene.one, "你好")
    actions.remind(who.hefei, scene.one)
    with pytest.raises(TooOften):
        actions.remind(who.office, scene.one)
    with pytest.raises(Forbidden):
        actions.remind(who.alice, scene.one)


def test_contacts_in_messages_are_hidden_until_both_agree(scene: Scene) -> None:
    who, text = scene.who, f"打我电话{TYPED}"
    early = actions.say(who.alice, scene.one, text)
    actions.accept(who.bob, scene.one, agreed=True)
    late = actions.say(who.alice, scene.one, text)
    assert TYPED not in early.said(released=True)
    assert late.said(released=True) == text and TYPED not in late.said(released=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM docking_message")
        assert not any(TYPED in row[0] for row in cursor.fetchall())
    actions.report(who.bob, scene.one, actions.Report("none", date.today(), reason="time"))
    with pytest.raises(NotNow):
        actions.say(who.alice, scene.one, "再见")


@pytest.mark.parametrize("text", ["", "   ", "长" * 2001])
def test_a_message_says_something(scene: Scene, text: str) -> None:
    with pytest.raises(Invalid):
        actions.say(scene.who.alice, scene.one, text)
