"""What becomes of meetings with their introduction and with their conference, and what is on record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from conferring import Fair, begin, of
from django.utils import timezone

from corridor.site.conference import actions, day, joining, meetings, venue
from corridor.site.conference.models import Conference, Interpreter, Meeting, Seat
from corridor.site.core.audit import name_of
from corridor.site.core.errors import NotNow
from corridor.site.core.models import AuditEntry
from corridor.site.docking import actions as docking
from corridor.site.docking.models import Introduction

pytestmark = pytest.mark.django_db
S, M = Conference.State, Meeting.State
SELF = {"scheduling_mode": "participants"}


def end(fair: Fair, one: Meeting) -> None:
    """Alice says that nothing comes of it, which ends the introduction."""
    told = docking.Report("none", timezone.localdate(), reason="price")
    docking.report(fair.who.alice, one.introduction, told)


def test_a_talk_that_ends_takes_the_meeting_to_come_with_it_at_once() -> None:
    fair = begin(("alice", "bob", "carol"), slots=1, tables=1, **SELF)
    one = fair.agree("alice", "bob")
    waits = fair.ask("alice", "carol")
    docking.accept(fair.who.carol, waits.introduction, agreed=True)
    Conference.objects.update(state=S.PLANNED)
    end(fair, one)
    gone = of(one)
    assert (gone.state, gone.slot, gone.version) == (M.CANCELLED, None, 2)
    assert not Seat.objects.exists()
    assert fair.told("bob")[-1] == "changed" and fair.told("carol")[-1] == "freed"
    end(fair, of(waits))
    assert of(waits).state == M.CANCELLED


@pytest.mark.parametrize("state", [S.OVER, S.CANCELLED])
def test_what_a_conference_left_stays_as_it_was(state: str) -> None:
    fair = begin()
    one = fair.agree("alice", "bob")
    Conference.objects.update(state=state)
    end(fair, one)
    assert of(one).state == M.ACCEPTED


def test_with_a_conference_its_meetings_are_cancelled_and_each_is_told_once() -> None:
    fair = begin(("alice", "bob", "carol"), **SELF)
    every = [fair.agree("alice", "bob"), fair.ask("carol", "alice")]
    told = {name: fair.told(name) for name in ("alice", "bob", "carol")}
    actions.cancel(fair.who.office, fair.conference, reason="台风")
    assert {of(one).state for one in every} == {M.CANCELLED}
    assert not Seat.objects.exists()
    assert all(fair.told(name) == [*told[name], "cancelled"] for name in told)


OUT: dict[str, Callable[[Fair, Meeting, Meeting], Any]] = {
    "accept": lambda fair, one, _agreed: meetings.accept(fair.who.bob, one, agreed=True),
    "value": lambda fair, _one, agreed: meetings.set_value(fair.who.office, agreed, 50),
    "must": lambda fair, _one, agreed: meetings.must(fair.who.office, agreed, reason="重点"),
    "away": lambda fair, _one, _agreed: venue.change_interpreter(
        fair.who.office, Interpreter.objects.get(), away=[1]
    ),
    "remove": lambda fair, _one, _agreed: venue.remove_interpreter(
        fair.who.office, Interpreter.objects.get()
    ),
}


@pytest.mark.parametrize("verb", OUT)
@pytest.mark.parametrize("state", [S.OVER, S.CANCELLED])
def test_nothing_is_arranged_any_more_once_it_is_over(verb: str, state: str) -> None:
    fair = begin(("alice", "bob", "carol"))
    venue.add_interpreter(fair.who.office, fair.conference, name="林", language="en")
    one, agreed = fair.ask("alice", "bob"), fair.agree("alice", "carol")
    Conference.objects.update(state=state)
    with pytest.raises(NotNow):
        OUT[verb](fair, one, agreed)
    assert Introduction.objects.get(pk=one.introduction_id).state == "asked"
    assert Interpreter.objects.get().away == [] and not of(agreed).must


# --- who has asked ---


def test_only_what_a_party_asked_itself_counts_against_its_limit() -> None:
    fair = begin(("alice", "bob", "dora", "erik", "frida"), asks=1)
    docking.ask(
        fair.who.alice, fair.brings["bob"], own=fair.brings["alice"], cooperation="lease",
        question="价格？", agreed=True,
    )  # fmt: skip
    talk = Introduction.objects.get()
    docking.accept(fair.who.bob, talk, agreed=True)
    assert fair.ask("bob", "alice").a == fair.parts["alice"]
    brought = (fair.brings["alice"], fair.brings["dora"])
    meetings.bring_together(fair.who.office, fair.conference, *brought, reason="重点")
    assert fair.ask("alice", "erik").state == M.WANTED
    assert fair.ask("bob", "dora").state == M.WANTED
    for name in ("alice", "bob"):
        with pytest.raises(NotNow) as refused:
            fair.ask(name, "frida")
        assert "每家最多发起 1 个约谈" in refused.value.message


# --- on record ---


def entry(verb: str, thing: Any) -> dict[str, Any]:
    """What the last entry of a verb about a thing says."""
    found = AuditEntry.objects.filter(verb=verb, thing=name_of(thing)).order_by("-id")
    return found[0].diff


def test_a_verb_of_many_meetings_says_what_became_of_each() -> None:
    fair = begin(("alice", "bob", "carol"), **SELF)
    one, two = fair.agree("alice", "bob"), fair.ask("carol", "alice")
    place, at = of(one), one.introduction.ref
    was = [M.PLACED, place.slot_id, place.table_id]
    joining.withdraw(fair.who.bob, fair.parts["bob"])
    said = entry("conference.withdraw", fair.parts["bob"])
    assert said["meetings"] == {at: [was, [M.CANCELLED, None, None]]}
    actions.cancel(fair.who.office, fair.conference, reason="台风")
    gone = entry("conference.cancel", fair.conference)["meetings"]
    wanted, cancelled = ([state, None, None] for state in (M.WANTED, M.CANCELLED))
    assert gone == {two.introduction.ref: [wanted, cancelled]}


@pytest.mark.parametrize("verb", ["late", "table_lost"])
def test_the_day_says_what_became_of_each(verb: str) -> None:
    fair = begin(tables=1, **SELF)
    one = of(fair.agree("alice", "bob"))
    Conference.objects.update(state=S.PLANNED)
    was, thing = [M.PLACED, one.slot_id, one.table_id], fair.parts["bob"]
    if verb == "late":
        day.late(fair.who.bob, thing, fair.slot(3))
    else:
        assert one.table is not None
        thing = day.lose_table(fair.who.office, one.table, fair.slot(1))
    said = entry(f"conference.{verb}", thing)["meetings"]
    assert said == {one.introduction.ref: [was, [M.ACCEPTED, None, None]]}
