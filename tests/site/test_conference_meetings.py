"""Meetings asked for, accepted, booked and cancelled; each is an introduction."""

from __future__ import annotations

from datetime import timedelta

import pytest
from conferring import begin, of, published, solved  # noqa: F401 - a fixture
from django.utils import timezone

from corridor.site.conference import alarms, meetings, queries, venue
from corridor.site.conference.models import Conference, Meeting, Participant, Seat
from corridor.site.core.errors import Forbidden, Invalid, Missing, NotNow
from corridor.site.docking import actions as docking
from corridor.site.docking import clock, release
from corridor.site.docking.models import Introduction, Match
from corridor.site.listings.models import Listing, State

pytestmark = pytest.mark.django_db
S, M = Conference.State, Meeting.State
SELF = {"scheduling_mode": "participants"}


def test_a_request_is_an_introduction_with_the_conferences_own_time() -> None:
    fair = begin(hours_to_answer=5)
    one = fair.ask("alice", "bob")
    talk = one.introduction
    assert (talk.need, talk.offer) == (fair.brings["alice"], fair.brings["bob"])
    assert talk.occasion == fair.conference.ref and one.state == M.WANTED
    assert abs(talk.expires_at - timezone.now() - timedelta(hours=5)) < timedelta(minutes=1)
    assert fair.told("bob") == ["asked"]
    accepted = meetings.accept(fair.who.bob, one, agreed=True)
    assert accepted.state == M.ACCEPTED and release.released(talk_of(one))
    assert accepted.slot is None


def talk_of(one: Meeting) -> Introduction:
    found: Introduction = Introduction.objects.get(pk=one.introduction_id)
    return found


@pytest.mark.parametrize("how", ["decline", "withdraw", "expire", "accept"])
def test_a_meeting_follows_its_introduction_by_whichever_door(how: str) -> None:
    fair = begin()
    one = fair.ask("alice", "bob")
    if how == "decline":
        docking.decline(fair.who.bob, one.introduction, reason="price")
    elif how == "withdraw":
        docking.withdraw(fair.who.alice, one.introduction)
    elif how == "expire":
        Introduction.objects.update(expires_at=timezone.now())
        clock.expire_due()
    else:
        docking.accept(fair.who.bob, one.introduction, agreed=True)
    assert of(one).state == (M.ACCEPTED if how == "accept" else M.CANCELLED)
    if how == "decline":  # and may be asked again
        assert fair.ask("alice", "bob").state == M.WANTED


def test_only_the_one_asked_accepts() -> None:
    fair = begin(("alice", "bob", "carol"))
    one = fair.ask("alice", "bob")
    for name in ("alice", "carol", "office", "suzhou"):
        with pytest.raises(Forbidden):
            meetings.accept(fair.actor(name), one, agreed=True)
    with pytest.raises(Invalid):
        meetings.accept(fair.who.bob, one, agreed=False)
    assert of(one).state == M.WANTED


def test_talks_of_a_conference_take_no_capacity() -> None:
    fair = begin(("bob",))
    for name in ("dora", "erik", "frida"):
        fair.guest(name, side="need")
        fair.agree(name, "bob")
    assert fair.brings["bob"].capacity == 1 and docking.taken(fair.brings["bob"]) == 0


# --- bad input ---


def test_who_cannot_ask_whom() -> None:
    fair = begin(("alice", "bob"))
    own = fair.brings["alice"]
    said = {"cooperation": "lease", "question": "？", "agreed": True}
    with pytest.raises(Invalid):
        meetings.request(fair.who.alice, fair.conference, own, **said)
    with pytest.raises(NotNow):  # carol does not take part
        meetings.request(fair.who.carol, fair.conference, own, **said)
    with pytest.raises(Forbidden):
        meetings.request(fair.who.office, fair.conference, own, **said)
    one = fair.ask("alice", "bob")
    for name, other in (("alice", "bob"), ("bob", "alice")):
        with pytest.raises(NotNow):
            fair.ask(name, other)
    assert Meeting.objects.get() == one


def test_a_listing_that_is_not_on_offer_any_more() -> None:
    fair = begin()
    Listing.objects.filter(pk=fair.brings["bob"].pk).update(state=State.CLOSED)
    with pytest.raises((NotNow, Missing)):
        fair.ask("alice", "bob")
    Listing.objects.filter(pk=fair.brings["bob"].pk).update(
        state=State.PUBLISHED, deadline=timezone.localdate() - timedelta(days=1)
    )
    with pytest.raises(NotNow):
        fair.ask("alice", "bob")
    assert not Meeting.objects.exists() and not Introduction.objects.exists()


def test_requests_are_limited_for_each_participant() -> None:
    fair = begin(("alice",), asks=2)
    for name in ("dora", "erik", "frida"):
        fair.guest(name)
    fair.ask("alice", "dora")
    docking.withdraw(fair.who.alice, fair.ask("alice", "erik").introduction)
    with pytest.raises(NotNow) as refused:  # taken back is asked all the same
        fair.ask("alice", "frida")
    assert "2" in refused.value.message


def test_requests_are_taken_while_they_are_open() -> None:
    fair = begin()
    Conference.objects.update(requests_close=timezone.now())
    with pytest.raises(NotNow):
        fair.ask("alice", "bob")
    Conference.objects.update(requests_close=None, state=S.CLOSED)
    with pytest.raises(NotNow):
        fair.ask("alice", "bob")


def test_the_rule_says_who_may_ask_whom() -> None:
    fair = begin(("alice", "bob", "carol"), rule="matched")
    with pytest.raises(Forbidden):
        fair.ask("alice", "bob")
    Match.objects.create(
        need=fair.brings["alice"], offer=fair.brings["bob"], score=0.9, verified=True, evidence={}
    )
    assert fair.ask("alice", "bob").value == meetings.BASE + round(0.9 * meetings.BEST)
    Conference.objects.update(rule="other_side")
    with pytest.raises(Forbidden):
        fair.ask("bob", "carol")  # two offers
    assert fair.ask("alice", "carol").value == meetings.BASE


# --- what the two talk about already ---


def test_an_introduction_that_the_two_have_carries_on() -> None:
    fair = begin()
    talk = docking.ask(
        fair.who.alice, fair.brings["bob"], own=fair.brings["alice"], cooperation="lease",
        question="价格？", agreed=True,
    )  # fmt: skip
    with pytest.raises(NotNow) as refused:
        fair.ask("bob", "alice")
    assert talk.ref in refused.value.message
    one = fair.ask("alice", "bob")
    assert one.introduction == talk and one.state == M.WANTED
    assert Introduction.objects.count() == 1


def test_who_agreed_to_talk_agrees_to_meet() -> None:
    fair = begin()
    talk = docking.ask(
        fair.who.alice, fair.brings["bob"], own=fair.brings["alice"], cooperation="lease",
        question="价格？", agreed=True,
    )  # fmt: skip
    docking.accept(fair.who.bob, talk, agreed=True)
    one = fair.ask("bob", "alice")
    assert one.state == M.ACCEPTED and one.a == fair.parts["alice"]


# --- accepted by the rules ---


def test_auto_acceptance_shows_names_and_releases_no_contact() -> None:
    fair = begin(request_mode="auto")
    one = fair.ask("alice", "bob")
    assert one.state == M.ACCEPTED
    talk = talk_of(one)
    assert talk.state == "accepted" and not release.released(talk)
    with pytest.raises(NotNow):
        docking.contacts(fair.who.alice, talk, "联系")
    docking.consent(fair.who.bob, talk, agree=True)
    assert release.released(talk_of(one))


def test_the_anonymous_always_answer_for_themselves() -> None:
    fair = begin(("alice",), request_mode="auto")
    fair.guest("dora", anonymity="anonymous")
    assert fair.ask("alice", "dora").state == M.WANTED
    fair.guest("erik", anonymity="anonymous")
    with pytest.raises(NotNow):
        meetings.bring_together(
            fair.who.office, fair.conference, fair.brings["alice"], fair.brings["erik"],
            reason="重点项目",
        )  # fmt: skip


def test_the_organiser_brings_two_together() -> None:
    fair = begin()
    given = (fair.conference, fair.brings["alice"], fair.brings["bob"])
    for name in ("alice", "suzhou", "hefei", "judge"):
        with pytest.raises(Forbidden):
            meetings.bring_together(fair.actor(name), *given, reason="重点项目")
    with pytest.raises(Invalid):
        meetings.bring_together(fair.who.office, *given, reason=" ")
    one = meetings.bring_together(fair.who.office, *given, reason="重点项目")
    assert one.must and one.state == M.ACCEPTED and not release.released(talk_of(one))
    assert fair.told("alice") == fair.told("bob") == ["arranged"]
    with pytest.raises(NotNow):
        meetings.bring_together(fair.who.office, *given, reason="再来一次")


# --- the two choose the time ---


def test_accepting_books_the_slot_asked_for() -> None:
    fair = begin(**SELF)
    one = fair.ask("alice", "bob", slot=fair.slot(3))
    booked = meetings.accept(fair.who.bob, one, agreed=True)
    assert booked.state == M.PLACED and of(one).slot == fair.slot(3)
    assert set(Seat.objects.values_list("participant", flat=True)) == set(booked.parts)
    assert fair.told("alice") == fair.told("bob")[1:] == ["changed"]
    assert [row.meeting for row in queries.agenda(fair.who.alice, fair.conference)] == [one]


def test_without_a_slot_the_first_free_one_is_booked() -> None:
    fair = begin(())
    Conference.objects.update(**SELF)
    fair.fresh()
    fair.join("alice", away=[1])
    fair.join("bob", away=[2])
    one = fair.agree("alice", "bob")
    assert of(one).slot.number == 3


def test_a_slot_that_is_taken_is_not_booked_and_nothing_was_accepted() -> None:
    fair = begin(("alice", "bob", "carol"), slots=1, **SELF)
    fair.agree("alice", "bob")
    with pytest.raises(NotNow):
        fair.ask("alice", "carol", slot=fair.slot(1))
    late = fair.ask("alice", "carol")
    with pytest.raises(NotNow):
        meetings.accept(fair.who.carol, late, agreed=True)
    assert of(late).state == M.WANTED and talk_of(late).state == "asked"


def test_no_more_than_there_are_tables_interpreters_and_wishes_for() -> None:
    fair = begin((), slots=2, tables=1, most=1, **SELF)
    venue.add_interpreter(fair.who.office, fair.conference, name="林", language="en", away=[1])
    for name in ("dora", "erik", "frida"):
        fair.guest(name, language="en" if name == "dora" else "")
    one = fair.agree("dora", "erik")
    assert of(one).slot.number == 2 and of(one).interpreter is not None
    with pytest.raises(NotNow):  # erik has as many as he may
        fair.agree("frida", "erik")


def test_by_the_other_door_it_is_accepted_and_booked_later_by_either() -> None:
    fair = begin(("alice", "bob", "carol"), **SELF)
    one = fair.ask("alice", "bob", slot=fair.slot(2))
    docking.accept(fair.who.bob, one.introduction, agreed=True)
    assert of(one).state == M.ACCEPTED and of(one).slot is None
    assert [slot.number for slot in queries.free_slots(of(one))] == [1, 2, 3, 4]
    with pytest.raises(Forbidden):
        meetings.take(fair.who.carol, of(one), fair.slot(2))
    meetings.take(fair.who.alice, of(one), fair.slot(2))
    with pytest.raises(NotNow):
        meetings.take(fair.who.bob, of(one), fair.slot(3))
    assert of(one).slot.number == 2 and of(one).version == 1


def test_slots_both_have_free_are_offered() -> None:
    fair = begin(("bob", "carol"), **SELF)
    fair.join("alice", away=[1])
    fair.agree("bob", "carol", slot=fair.slot(2))
    found = queries.choices(fair.who.alice, fair.conference, fair.brings["bob"])
    assert [slot.number for slot in found] == [3, 4]


# --- cancelled, valued, insisted on ---


def test_cancelling_frees_the_seats_and_tells_both() -> None:
    fair = begin(("alice", "bob", "carol"), **SELF)
    one = fair.agree("alice", "bob")
    with pytest.raises(Forbidden):
        meetings.cancel(fair.who.carol, of(one))
    with pytest.raises(NotNow):
        meetings.cancel(fair.who.alice, fair.ask("alice", "carol"))
    meetings.cancel(fair.who.alice, of(one), reason="行程有变")
    gone = of(one)
    assert (gone.state, gone.slot, gone.table, gone.version) == (M.CANCELLED, None, None, 2)
    assert not Seat.objects.exists() and fair.told("bob")[-1] == "changed"
    assert talk_of(one).state == "accepted"


def test_only_the_organiser_values_and_insists() -> None:
    fair = begin()
    one = fair.agree("alice", "bob")
    for actor in (fair.who.alice, fair.who.suzhou):
        for do in (
            lambda who: meetings.set_value(who, one, 50),
            lambda who: meetings.must(who, one, reason="重点"),
            lambda who: meetings.fix(who, one, fair.slot(1)),
        ):
            with pytest.raises(Forbidden):
                do(actor)
    office = fair.who.office
    assert meetings.set_value(office, one, 50).value == 50
    for value in (0, -1, 10**6):
        with pytest.raises(Invalid):
            meetings.set_value(office, one, value)
    assert meetings.must(office, one, reason="重点").must
    assert not meetings.must(office, one, reason="").must


def test_a_meeting_is_not_fixed_where_it_cannot_be() -> None:
    fair = begin((), tables=1)
    fair.join("alice", away=[1])
    for name in ("dora", "erik", "frida"):
        fair.guest(name)
    one, other = fair.agree("alice", "dora"), fair.agree("alice", "erik")
    third = fair.agree("erik", "frida")
    office = fair.who.office
    with pytest.raises(NotNow) as refused:
        meetings.fix(office, one, fair.slot(1))
    assert "不便" in refused.value.message
    meetings.fix(office, one, fair.slot(2))
    with pytest.raises(NotNow):
        meetings.fix(office, other, fair.slot(2))
    with pytest.raises(NotNow) as refused:
        meetings.fix(office, third, fair.slot(2))
    assert "洽谈桌" in refused.value.message
    assert meetings.fix(office, one, None).fixed is None


# --- the clock ---


def test_who_has_no_meeting_is_told_every_three_days_while_it_is_open() -> None:
    fair = begin(("alice", "bob", "carol"))
    fair.ask("alice", "bob")
    assert alarms.ring() == 0
    ago = timezone.now() - timedelta(days=3)
    Participant.objects.update(created_at=ago)
    assert alarms.ring() == 1 and fair.told("carol") == ["no_meetings"]
    assert alarms.ring() == 0
    Participant.objects.filter(nudged_at__isnull=False).update(nudged_at=ago)
    assert alarms.ring() == 1 and fair.told("carol") == ["no_meetings"] * 2


def test_a_request_about_to_expire_is_told_of_once_and_by_nobody_else() -> None:
    fair = begin(hours_to_answer=20)
    one = fair.ask("alice", "bob")
    assert alarms.ring() == 0
    Meeting.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert (alarms.ring(), alarms.ring(), clock.remind_due()) == (1, 0, 0)
    assert fair.told("bob") == ["asked", "expiring"] and of(one).reminded_at is not None


def test_the_day_before_those_with_an_agenda_are_told_once(solved: None) -> None:  # noqa: F811
    fair = begin(("alice", "bob", "carol"))
    fair.agree("alice", "bob")
    published(fair)
    assert (alarms.ring(), alarms.ring()) == (2, 0)
    assert fair.told("alice")[-1] == fair.told("bob")[-1] == "tomorrow"
    assert fair.told("carol") == []


def test_it_closes_begins_and_ends_by_the_clock(solved: None) -> None:  # noqa: F811
    fair = begin()
    one = fair.agree("alice", "bob")
    Conference.objects.update(requests_close=timezone.now())
    assert alarms.ring() == 1 and fair.fresh().state == S.CLOSED
    published(fair)
    alarms.ring()
    assert fair.fresh().state == S.PLANNED
    ends = {slot.pk: slot.end for slot in fair.conference.slots.all()}
    for slot in fair.conference.slots.all():
        type(slot).objects.filter(pk=slot.pk).update(start=slot.start - timedelta(days=2))
    alarms.ring()
    assert fair.fresh().state == S.RUNNING
    for slot in fair.conference.slots.all():
        earlier = ends[slot.pk] - timedelta(days=1, hours=6)
        type(slot).objects.filter(pk=slot.pk).update(end=earlier)
    alarms.ring()
    assert fair.fresh().state == S.OVER and of(one).state == M.PLACED


def test_a_meeting_whose_talk_has_ended_is_cancelled_by_the_clock() -> None:
    fair = begin(**SELF)
    one = fair.agree("alice", "bob")
    Introduction.objects.update(state="closed")  # by a door that nobody watches
    assert alarms.ring() == 1
    assert of(one).state == M.CANCELLED and fair.told("bob")[-1] == "changed"
