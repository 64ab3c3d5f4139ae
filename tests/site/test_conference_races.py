"""Twelve at once want one slot, one table, one interpreter: one has it, eleven are told so.

The negative controls come with it: without the locks and the seats the same rig overbooks.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from cast import HEFEI, listing, member, party
from conferring import MINUTES, Fair, begin, of, planned, solved  # noqa: F401 - a fixture
from django.db import OperationalError, connection
from django.db.models import Count
from django.utils import timezone
from together import at_once

from corridor.site.conference import actions, day, frame, joining, meetings, planning, venue
from corridor.site.conference.models import Conference, Meeting, Seat, Slot, Table
from corridor.site.conference.seating import Room
from corridor.site.core import verbs
from corridor.site.core.actor import Actor, Role
from corridor.site.core.audit import faults
from corridor.site.core.errors import NotNow, Refused
from corridor.site.docking import actions as docking
from corridor.site.docking.models import Introduction

pytestmark = pytest.mark.django_db(transaction=True)
M = Meeting.State
CROWD, ROUNDS = 12, 10


def bobs_requests(**given: Any) -> tuple[Fair, list[Actor], list[Meeting]]:
    """A conference of one slot; Bob has asked twelve parties for it."""
    given = {"slots": 1, "tables": CROWD, "scheduling_mode": "participants"} | given
    fair = begin(("bob",), **given)
    names = [f"guest{number}" for number in range(CROWD)]
    for name in names:
        fair.guest(name, side="need")
    asked = [fair.ask("bob", name) for name in names]
    return fair, [fair.guests[name] for name in names], asked


def again() -> None:
    """Everything as before anybody accepted."""
    Seat.objects.all().delete()
    Meeting.objects.update(state=M.WANTED, slot=None, table=None, interpreter=None)
    Introduction.objects.update(state="asked", accepted_at=None)


def accepts(actors: list[Actor], asked: list[Meeting]) -> list[Callable[[], Meeting]]:
    return [
        partial(meetings.accept, actor, one, agreed=True)
        for actor, one in zip(actors, asked, strict=True)
    ]


def test_of_twelve_who_accept_the_last_slot_of_one_exactly_one_holds_it() -> None:
    _fair, actors, asked = bobs_requests()
    for _round in range(ROUNDS):
        got = at_once(*accepts(actors, asked))
        assert Counter(type(one) for one in got) == {Meeting: 1, NotNow: CROWD - 1}
        held = Meeting.objects.get(state=M.PLACED)
        assert Seat.objects.count() == 2 and held.seats.count() == 2
        assert Introduction.objects.filter(state="accepted").get() == held.introduction
        assert not Meeting.objects.filter(state=M.ACCEPTED).exists()
        again()


def test_without_locks_and_seats_that_rig_overbooks(monkeypatch: pytest.MonkeyPatch) -> None:
    fair, actors, asked = bobs_requests()
    Meeting.objects.update(state=M.ACCEPTED)
    looked, everyone = meetings._check_free, threading.Barrier(CROWD)
    tables = list(Table.objects.values_list("pk", flat=True))
    mine: dict[int, int] = {}

    def check_free(*given: Any) -> None:
        looked(*given)
        everyone.wait(20)

    def own_table(*_given: Any) -> int:
        return mine.setdefault(threading.get_ident(), tables[len(mine) % CROWD])

    monkeypatch.setattr(meetings, "_check_free", check_free)
    monkeypatch.setattr(verbs, "locked", lambda thing: type(thing)._base_manager.get(pk=thing.pk))
    monkeypatch.setattr(Seat.objects, "bulk_create", lambda *_given, **_named: [])
    monkeypatch.setattr(Room, "table", own_table)
    takes = (
        partial(meetings.take, actor, one, fair.slot(1))
        for actor, one in zip(actors, asked, strict=True)
    )
    got = at_once(*takes, locks=False)
    broken = [one for one in got if isinstance(one, OperationalError)]
    assert Meeting.objects.filter(state=M.PLACED).count() > 1 or (
        connection.vendor == "sqlite" and broken  # its transactions see each other at the end
    )


def test_the_seats_alone_keep_two_from_one_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fence behind the locks: without these, nobody is booked twice all the same."""
    _fair, actors, asked = bobs_requests()
    monkeypatch.setattr(
        frame.verbs, "locked", lambda thing: type(thing)._base_manager.get(pk=thing.pk)
    )
    for _round in range(3):
        got = at_once(*accepts(actors, asked))
        assert [
            one for one in got if isinstance(one, Exception) and not isinstance(one, NotNow)
        ] == []
        assert Meeting.objects.filter(state=M.PLACED).count() == 1 == Seat.objects.count() / 2
        again()


@pytest.mark.parametrize("scarce", ["table", "interpreter"])
def test_of_twelve_pairs_who_want_one_table_one_gets_it(scarce: str) -> None:
    fair = begin((), slots=1, tables=1 if scarce == "table" else CROWD,
                 scheduling_mode="participants")  # fmt: skip
    language = ""
    if scarce == "interpreter":
        venue.add_interpreter(fair.who.office, fair.conference, name="林", language="en")
        language = "en"
    asked, actors = [], []
    for number in range(CROWD):
        fair.guest(f"need{number}", side="need", language=language)
        fair.guest(f"offer{number}")
        asked.append(fair.ask(f"need{number}", f"offer{number}"))
        actors.append(fair.guests[f"offer{number}"])
    for _round in range(ROUNDS):
        got = at_once(*accepts(actors, asked))
        assert Counter(type(one) for one in got) == {Meeting: 1, NotNow: CROWD - 1}
        assert Seat.objects.count() == 2
        again()


def test_different_pairs_get_different_tables_and_nobody_is_refused() -> None:
    fair = begin((), slots=1, tables=CROWD, scheduling_mode="participants")
    asked, actors = [], []
    for number in range(CROWD):
        fair.guest(f"need{number}", side="need")
        fair.guest(f"offer{number}")
        asked.append(fair.ask(f"need{number}", f"offer{number}"))
        actors.append(fair.guests[f"offer{number}"])
    got = at_once(*accepts(actors, asked))
    assert [one for one in got if not isinstance(one, Meeting)] == []
    assert len(set(Meeting.objects.values_list("table", flat=True))) == CROWD


def test_of_twelve_who_take_one_freed_place_one_has_it() -> None:
    fair, actors, asked = bobs_requests()
    Introduction.objects.update(state="accepted")
    for _round in range(ROUNDS):
        Meeting.objects.update(state=M.ACCEPTED)
        got = at_once(
            *(
                partial(meetings.take, actor, one, fair.slot(1))
                for actor, one in zip(actors, asked, strict=True)
            )
        )
        assert Counter(type(one) for one in got) == {Meeting: 1, NotNow: CROWD - 1}
        again()
        Introduction.objects.update(state="accepted")


def test_both_doors_at_once_and_a_plan_published_meanwhile_wait_for_nobody(
    solved: None,  # noqa: F811
) -> None:
    """Accepting on either page, asking, registering and publishing at once: no deadlock, no 500."""
    fair = begin(("alice", "bob", "carol"), slots=4, tables=4)
    for number in range(6):
        fair.guest(f"guest{number}", side="need")
        fair.ask(f"guest{number}", "bob")
    fair.agree("alice", "bob")
    plan = planned(fair)
    Conference.objects.update(state="open")
    waiting = list(Meeting.objects.filter(state=M.WANTED).select_related("conference"))
    actors = [member(fair.brings["bob"].party, Role.MEMBER, f"bob{number}") for number in range(6)]
    firm = member(party("新来有限公司", "enterprise", HEFEI, 900), Role.MEMBER, "new")
    brought = joining.Part([listing(firm, side="offer")])

    def close_and_publish() -> None:
        actions.close(fair.who.office, fair.conference)
        planning.publish(fair.who.office, plan)

    calls: list[Callable[[], Any]] = [
        *(
            partial(docking.accept, actor, one.introduction, agreed=True)
            for actor, one in zip(actors[:3], waiting[:3], strict=True)
        ),
        *(
            partial(meetings.accept, actor, one, agreed=True)
            for actor, one in zip(actors[3:], waiting[3:], strict=True)
        ),
        partial(joining.register, firm, fair.conference, brought, agreed=True),
        partial(fair.ask, "alice", "carol"),
        close_and_publish,
    ]
    got = at_once(*calls)
    assert [one for one in got if isinstance(one, Exception) and not isinstance(one, Refused)] == []
    assert Meeting.objects.exclude(state=M.WANTED).count() >= 7
    crowded = Seat.objects.values("slot", "participant").annotate(n=Count("pk")).filter(n__gt=1)
    assert not crowded.exists() and list(faults()) == []


def test_what_came_of_a_talk_outlasts_a_no_show_of_the_same_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The docking page does not hold the conference: the no-show has read the meeting as placed when
    it is told there what came of it, and must not write what it has read.
    """
    fair = begin(slots=2, scheduling_mode="participants")
    one = fair.agree("alice", "bob", slot=fair.slot(1))
    begun = timezone.now() - timedelta(minutes=5)
    Slot.objects.filter(number=1).update(start=begun, end=begun + timedelta(minutes=MINUTES))
    Conference.objects.update(state=Conference.State.RUNNING)
    read, told, take_away = threading.Event(), threading.Event(), day._take_away

    def slowly(*given: Any) -> None:
        read.set()
        told.wait(1)
        take_away(*given)

    def report() -> None:
        read.wait(20)
        docking.report(
            fair.who.alice, one.introduction, docking.Report("met", timezone.localdate())
        )
        told.set()

    monkeypatch.setattr(day, "_take_away", slowly)
    got = at_once(report, partial(day.no_show, fair.who.office, fair.parts["bob"]))
    assert [one for one in got if isinstance(one, Exception)] == []
    assert of(one).state == M.KEPT and list(faults()) == []
