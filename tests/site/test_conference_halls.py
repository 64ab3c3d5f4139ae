"""Several halls: set up, who goes where, and what is said of them where there is only one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browsing import Login
from cast import Cast
from conferring import Fair, begin, of, planned, published, setup, solved  # noqa: F401
from django.core import signing
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from corridor.site.conference import actions, day, planning, queries, venue
from corridor.site.conference.models import Hall, Meeting, Table
from corridor.site.conference.picture import picture
from corridor.site.conference.tables import tables_for
from corridor.site.conference.views import day as pages
from corridor.site.core.errors import Forbidden, Invalid, NotNow
from corridor.site.core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solved")]
Clock = Callable[[float], None]
DAY = 86400
NAMES = ("alice", "dora", "erik", "frida", "gina")


def at(name: str, *args: Any) -> str:
    return reverse(f"conference:{name}", args=args)


@pytest.fixture
def fair(clock: Clock) -> Fair:
    """Tomorrow, two halls of one table each; Alice meets Dora and Erik, Frida meets Gina."""
    made = begin(NAMES, slots=3, tables=1)
    venue.add_hall(made.who.office, made.conference, "B 厅", 1)
    for one, other in (("alice", "dora"), ("alice", "erik"), ("frida", "gina"), ("frida", "erik")):
        made.agree(one, other)
    return made


def running(fair: Fair, clock: Clock) -> None:
    published(fair)
    clock(DAY + 60)
    actions.start(fair.who.office, fair.fresh())


# --- setting them up ---


def test_the_first_hall_needs_no_name_until_there_is_a_second(people: Cast, login: Login) -> None:
    one, office = actions.create(people.office, setup()), login(people.office)
    page = office.get(at("venue", one.ref)).text
    assert "设置洽谈桌" in page and "会场名称" not in page
    assert office.post(at("venue_verb", one.ref, "hall"), {"tables": "3"}).status_code == 302
    only = Hall.objects.get()
    assert (only.name, only.tables.count()) == ("", 3)
    assert next(table.where for table in Table.objects.select_related("hall")) == "1 号桌"
    page = office.get(at("venue", one.ref)).text
    assert "3 张桌" in page and "添加会场" in page and "会场名称" in page
    refused = office.post(at("venue_verb", one.ref, "hall"), {"name": "", "tables": "2"})
    assert refused.status_code == 422 and Hall.objects.get().name == ""
    said = {"name": "B 厅", "tables": "2"}
    assert office.post(at("venue_verb", one.ref, "hall"), said).status_code == 302
    assert list(Hall.objects.values_list("name", flat=True)) == ["主会场", "B 厅"]
    assert Table.objects.select_related("hall").last().where == "B 厅 2 号桌"


def test_a_hall_is_renamed_enlarged_and_done_without(people: Cast, login: Login) -> None:
    one, office = actions.create(people.office, setup()), login(people.office)
    first, second = (venue.add_hall(people.office, one, name, 2) for name in ("A", "B"))
    page = at("hall", one.ref, first.pk)
    assert 'value="A"' in office.get(page).text
    assert office.post(page, {"name": "一号馆", "tables": "4"}).status_code == 302
    first.refresh_from_db()
    assert (first.name, first.tables.count()) == ("一号馆", 4)
    for said in ({"name": "B", "tables": "4"}, {"name": "", "tables": "4"}, {"name": "A"},
                 {"name": "A", "tables": "0"}, {"name": "A", "tables": "1001"}):  # fmt: skip
        assert office.post(page, said).status_code == 422, said
    assert office.post(at("hall", one.ref, second.pk), {"remove": "1"}).status_code == 302
    assert Hall.objects.get() == first
    assert office.post(page, {"name": "", "tables": "4"}).status_code == 302  # the only one again
    other = actions.create(people.office, setup(title="另一场"))
    assert office.get(at("hall", other.ref, first.pk)).status_code == 404
    verbs = AuditEntry.objects.filter(thing__startswith="hall:").values_list("verb", flat=True)
    assert set(verbs) == {"conference.hall", "conference.hall_removed"}


def test_a_hall_with_a_meeting_stays(fair: Fair) -> None:
    published(fair)
    office = fair.who.office
    for hall in Hall.objects.all():
        with pytest.raises(NotNow):
            venue.remove_hall(office, hall)
    assert venue.change_hall(office, Hall.objects.all()[0], "C 厅", 3).tables.count() == 3


def test_only_who_runs_it_arranges_halls(fair: Fair) -> None:
    hall = Hall.objects.all()[0]
    acts: list[Callable[[Any], Any]] = [
        lambda who: venue.add_hall(who, fair.conference, "C", 1),
        lambda who: venue.change_hall(who, hall, "C", 2),
        lambda who: venue.remove_hall(who, hall),
    ]
    for act in acts:
        for name in ("alice", "suzhou", "judge", "analyst"):
            with pytest.raises(Forbidden):
                act(fair.actor(name))
    for name in ("", "A 厅", " B 厅 "):
        with pytest.raises(Invalid):
            venue.add_hall(fair.who.office, fair.conference, name, 1)


# --- who goes where ---


def halls_of(fair: Fair, name: str) -> list[str]:
    mine = Meeting.objects.of(fair.parts[name].pk).filter(slot__isnull=False)
    return list(mine.order_by("slot__number").values_list("table__hall__name", flat=True))


def test_tables_of_all_halls_hold_meetings_and_people_stay_in_their_hall(fair: Fair) -> None:
    plan = published(fair)
    assert len(plan.placed) == 4 and plan.unplaced == {}
    used = Meeting.objects.values_list("slot__number", "table__hall__name")
    assert len(set(used)) == 4 and {hall for _slot, hall in used} == {"A 厅", "B 厅"}
    assert any(len(set(halls_of(fair, name))) == 1 for name in ("alice", "frida"))


def test_who_goes_on_to_another_meeting_stays_at_the_table_or_in_the_hall() -> None:
    fair = begin(NAMES, slots=3, tables=2)
    venue.add_hall(fair.who.office, fair.conference, "B 厅", 2)
    first, second, third = (fair.agree("alice", name) for name in ("dora", "erik", "frida"))
    other = fair.agree("gina", "dora")
    seen = picture(fair.fresh())
    ref = {one.pk: one.introduction.ref for one in (first, second, third, other)}
    slots = {ref[first.pk]: 0, ref[second.pk]: 1, ref[third.pk]: 2, ref[other.pk]: 1}
    found = tables_for(fair.conference, seen, slots)
    halls = dict(Table.objects.values_list("pk", "hall__name"))
    assert {halls[table] for table in found.values()} == {"A 厅"}
    assert found[ref[second.pk]] != found[ref[other.pk]]
    assert found[ref[first.pk]] in (found[ref[second.pk]], found[ref[other.pk]])


def test_the_meetings_of_a_lost_table_stay_in_their_hall_where_they_can(
    fair: Fair, clock: Clock
) -> None:
    venue.change_hall(fair.who.office, Hall.objects.get(name="B 厅"), "B 厅", 2)
    running(fair, clock)
    one = Meeting.objects.filter(slot__number__gt=1).select_related("table__hall").first()
    assert one is not None and one.table is not None
    same = Table.objects.filter(hall=one.table.hall).exclude(pk=one.table_id)
    day.lose_table(fair.who.office, one.table, fair.slot(2))
    moved = of(one)
    assert moved.table_id != one.table_id
    assert not same.exists() or moved.table_id in same.values_list("pk", flat=True)


# --- where it is said ---


def test_the_agenda_says_which_hall_and_when_to_change(login: Login, fair: Fair) -> None:
    plan = planned(fair)
    a, b = Hall.objects.order_by("id")
    mine = Meeting.objects.of(fair.parts["alice"].pk).select_related("introduction")
    (one, two) = (row.introduction.ref for row in mine)
    plan.placed = {one: [1, a.tables.get().pk], two: [2, b.tables.get().pk]}
    plan.save()
    planning.publish(fair.who.office, plan)
    alice = login(fair.who.alice)
    page = alice.get(at("agenda", fair.conference.ref)).text
    assert "A 厅" in page and "B 厅" in page and page.count("换会场") == 1
    fair.parts["alice"].refresh_from_db()
    feed = alice.get(at("feed", fair.parts["alice"].feed))
    places = {str(event["location"]) for event in Calendar.from_ical(feed.content).walk("VEVENT")}
    assert places == {"会展中心二层 A 厅 1 号桌", "会展中心二层 B 厅 1 号桌"}


def test_one_hall_is_not_spoken_of(login: Login, clock: Clock) -> None:
    fair = begin(NAMES, tables=2)
    Hall.objects.update(name="")
    fair.agree("alice", "dora")
    running(fair, clock)
    alice, office, ref = login(fair.who.alice), login(fair.who.office), fair.conference.ref
    fair.parts["alice"].refresh_from_db()
    where = alice.get(at("feed", fair.parts["alice"].feed)).text
    assert "LOCATION:会展中心二层 1 号桌" in where
    for page in (alice.get(at("agenda", ref)), office.get(at("board", ref)),
                 office.get(at("tables", ref)), office.get(at("door", ref))):  # fmt: skip
        assert page.status_code == 200 and "会场 " not in page.text and "换会场" not in page.text


def test_the_screen_shows_all_halls_or_one(public: Client, fair: Fair, clock: Clock) -> None:
    running(fair, clock)
    address = at("screen", signing.dumps(fair.conference.pk, salt=pages._SALT))
    page = public.get(address).text
    assert "A 厅 1 号桌" in page and "B 厅 1 号桌" in page and "全部会场" in page
    hall = Hall.objects.get(name="B 厅")
    page = public.get(f"{address}?hall={hall.pk}").text
    assert " · B 厅</h1>" in page and "A 厅 1 号桌" not in page
    assert f'hx-get="{address}?hall={hall.pk}"' in page
    assert public.get(f"{address}?hall=x").text.count("号桌") > page.count("号桌")
    assert all(row.table.hall == hall for row in queries.screen(fair.conference, hall))


def test_the_board_counts_each_hall(login: Login, fair: Fair, clock: Clock) -> None:
    running(fair, clock)
    board = queries.board(fair.who.office, fair.conference)
    assert [(hall.name, used, there) for hall, used, there in board.halls] == [
        ("A 厅", 1, 1), ("B 厅", 1, 1),
    ]  # fmt: skip
    page = login(fair.who.office).get(at("board", fair.conference.ref)).text
    assert "<h3>A 厅</h3>" in page and "<h3>B 厅</h3>" in page
