"""Setting a conference up: who may, in which state, and what makes no sense."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cast import HEFEI, SUZHOU, Cast
from conferring import begin, setup, tomorrow
from django.utils import timezone

from corridor.site.conference import actions, venue
from corridor.site.conference.lifecycle import CONFERENCE
from corridor.site.conference.models import Conference, Interpreter, Plan, Slot, Table
from corridor.site.core.actor import PUBLIC, Actor
from corridor.site.core.errors import Forbidden, Invalid, NotNow, Refused
from corridor.site.core.models import AuditEntry

pytestmark = pytest.mark.django_db
S = Conference.State
PEOPLE = ("alice", "bob", "suzhou", "hefei", "office", "judge", "analyst")

#: Verb → from which states to which; of a conference of the bureau of Suzhou.
MOVES = {
    "open": ([S.DRAFT], S.OPEN),
    "close": ([S.OPEN], S.CLOSED),
    "reopen": ([S.CLOSED], S.OPEN),
    "start": ([S.CLOSED, S.PLANNED], S.RUNNING),
    "finish": ([S.RUNNING], S.OVER),
    "cancel": ([S.DRAFT, S.OPEN, S.CLOSED, S.PLANNED], S.CANCELLED),
}
DO: dict[str, Callable[[Actor, Conference], Any]] = {
    "open": actions.open_,
    "close": actions.close,
    "reopen": actions.reopen,
    "start": actions.start,
    "finish": actions.finish,
    "cancel": lambda actor, one: actions.cancel(actor, one, reason="台风"),
}


def made(who: Cast, state: str = S.DRAFT) -> Conference:
    """One of the bureau of Suzhou's that has all it needs, in any state."""
    one = actions.create(who.suzhou, setup())
    venue.set_slots(who.suzhou, one, tomorrow(2))
    venue.add_hall(who.suzhou, one, "A 厅", 2)
    plan = Plan.objects.create(conference=one)
    Conference.objects.filter(pk=one.pk).update(state=state, plan=plan)
    return Conference.objects.get(pk=one.pk)


@pytest.mark.parametrize("state", list(S))
def test_every_verb_from_every_state_by_everyone(people: Cast, state: str) -> None:
    for verb, do in DO.items():
        sources, target = MOVES[verb]
        for name in PEOPLE:
            one, before = made(people, state), AuditEntry.objects.count()
            try:
                do(getattr(people, name), one)
                came = "done"
            except Refused as refused:
                came = refused.code
            expected = "done" if state in sources else "not_now"
            if name not in ("suzhou", "office"):
                expected = "forbidden"
            one.refresh_from_db()
            assert came == expected, (verb, name)
            assert one.state == (target if came == "done" else state)
            assert AuditEntry.objects.count() == before + (came == "done")


def test_the_table_of_moves_says_the_same() -> None:
    for verb, (sources, target) in MOVES.items():
        assert CONFERENCE.moves[verb].sources == set(sources)
        assert CONFERENCE.moves[verb].target == target


def test_who_may_set_one_up(people: Cast) -> None:
    for name in ("alice", "judge", "analyst"):
        with pytest.raises(Forbidden):
            actions.create(getattr(people, name), setup())
    with pytest.raises(Forbidden):
        actions.create(PUBLIC, setup())
    assert actions.create(people.hefei, setup(city=HEFEI)).party_id == people.hefei.party
    with pytest.raises(Invalid) as refused:
        actions.create(people.hefei, setup(city=SUZHOU))
    assert set(refused.value.fields) == {"city"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""), ("title", "长" * 101), ("venue", " "), ("city", "110000"),
        ("request_mode", "x"), ("scheduling_mode", ""), ("rule", "all"), ("hours_to_answer", 0),
        ("hours_to_answer", 400), ("asks", 0), ("asks", 1000), ("most", 0), ("fairness", -1),
        ("requests_close", datetime(2026, 12, 1)),
    ],
)  # fmt: skip
def test_a_setup_that_makes_no_sense_names_the_field(people: Cast, field: str, value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        actions.create(people.office, setup(**{field: value}))
    assert set(refused.value.fields) == {field}
    assert not Conference.objects.exists()


def test_contacts_in_its_texts_are_hidden(people: Cast) -> None:
    one = actions.create(people.office, setup(venue="会展中心，电话 13800001234"))
    assert "13800001234" not in one.venue


def test_it_can_be_changed_until_it_is_planned(people: Cast) -> None:
    for state in S:
        one = made(people, state)
        if state in (S.DRAFT, S.OPEN, S.CLOSED):
            assert actions.change(people.suzhou, one, setup(title="新名")).title == "新名"
        else:
            with pytest.raises(NotNow):
                actions.change(people.suzhou, one, setup(title="新名"))
    with pytest.raises(Forbidden):
        actions.change(people.hefei, made(people), setup(title="新名"))


# --- slots ---

AT = datetime(2026, 12, 1, 1, tzinfo=UTC)


def rounds(*minutes: tuple[int, int]) -> list[venue.Round]:
    return [
        venue.Round("上午", AT + timedelta(minutes=a), AT + timedelta(minutes=b))
        for a, b in minutes
    ]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (rounds((0, 20), (10, 30)), "互不重叠"),
        (rounds((0, 20), (20, 20)), "结束不晚于开始"),
        (rounds((0, 20), (40, 30)), "结束不晚于开始"),
        ([venue.Round("", datetime(2026, 12, 1), datetime(2026, 12, 2))], "没有时区"),
        ([*rounds((0, 20)), venue.Round("", datetime(2026, 12, 1), datetime(2026, 12, 2))], "时区"),
        ([], "至少要一场"),
        (rounds(*((at, at + 1) for at in range(300))), ""),
    ],
)
def test_slots_that_are_none_are_refused_with_the_reason(
    people: Cast, wanted: list[venue.Round], said: str
) -> None:
    one = actions.create(people.office, setup())
    with pytest.raises(Invalid) as refused:
        venue.set_slots(people.office, one, wanted)
    assert said in str(refused.value.fields.get("slots", ""))
    assert not Slot.objects.exists()


def test_slots_are_numbered_in_the_order_of_time(people: Cast) -> None:
    one = actions.create(people.office, setup())
    venue.set_slots(people.office, one, rounds((40, 60), (0, 20)))
    found = venue.set_slots(people.office, one, rounds((40, 60), (0, 20), (20, 40)))
    assert [slot.number for slot in found] == [1, 2, 3]
    assert [slot.start for slot in one.slots.all()] == sorted(slot.start for slot in found)
    assert len(venue.rounds("", AT, AT + timedelta(hours=1), 20, 5)) == 2


def test_slots_stay_once_parties_register_by_them(people: Cast) -> None:
    for state in set(S) - {S.DRAFT}:
        one = made(people, state)
        with pytest.raises(NotNow):
            venue.set_slots(people.suzhou, one, rounds((0, 20)))
    with pytest.raises(Forbidden):
        venue.set_slots(people.hefei, made(people), rounds((0, 20)))


# --- tables and interpreters ---


def test_it_does_not_open_without_a_table_or_slots_to_come(people: Cast) -> None:
    one = actions.create(people.office, setup())
    with pytest.raises(NotNow):
        actions.open_(people.office, one)
    venue.set_slots(people.office, one, tomorrow(2))
    with pytest.raises(NotNow) as refused:
        actions.open_(people.office, one)
    assert "洽谈桌" in refused.value.message
    venue.remove_hall(people.office, venue.add_hall(people.office, one, "", 3))
    with pytest.raises(NotNow):
        actions.open_(people.office, one)
    venue.add_hall(people.office, one, "A 厅", 1)
    Slot.objects.update(start=timezone.now() - timedelta(hours=1))
    with pytest.raises(NotNow):
        actions.open_(people.office, one)


def test_tables_keep_their_numbers_and_codes() -> None:
    fair = begin(tables=3)
    codes = list(Table.objects.values_list("code", flat=True))
    assert len(set(codes)) == 3 and all(len(code) > 15 for code in codes)
    hall = fair.conference.halls.get()
    venue.change_hall(fair.who.office, hall, "A 厅", 2)
    venue.change_hall(fair.who.office, hall, "A 厅", 4)
    now = list(Table.objects.values_list("code", flat=True))
    assert now[:2] == codes[:2] and codes[2] not in now
    for count in (-1, 0, 5000):
        with pytest.raises(Invalid):
            venue.change_hall(fair.who.office, hall, "A 厅", count)


def test_interpreters() -> None:
    fair = begin()
    office = fair.who.office
    one = venue.add_interpreter(office, fair.conference, name="林", language="en", away=[2, 2])
    assert one.away == [2]
    assert venue.change_interpreter(office, one, away=[1, 4]).away == [1, 4]
    for given in ({"name": ""}, {"language": "xx"}, {"away": [9]}):
        with pytest.raises(Invalid):
            venue.add_interpreter(
                office, fair.conference, **{"name": "林", "language": "en"} | given
            )
    with pytest.raises(Forbidden):
        venue.remove_interpreter(fair.who.suzhou, one)
    venue.remove_interpreter(office, one)
    assert not Interpreter.objects.exists()


def test_when_it_is_cancelled_everyone_in_it_is_told_why() -> None:
    fair = begin(("alice", "bob", "carol"))
    actions.cancel(fair.who.office, fair.conference, reason="台风，改线上")
    assert [fair.told(name) for name in ("alice", "bob", "carol")] == [["cancelled"]] * 3
    Conference.objects.update(state=S.OPEN)
    with pytest.raises(Invalid):
        actions.cancel(fair.who.office, fair.conference, reason=" ")
