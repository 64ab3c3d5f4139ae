"""The day as who runs it sees it: the door, the board, tables, the hall's screen; then the report."""

from __future__ import annotations

import re
from typing import Any

import pytest
from browsing import Login, queries
from cast import Cast
from conference_world import Conferences
from conferring import Fair, begin, of
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from corridor.site.conference import actions, day, joining, links, venue
from corridor.site.conference.models import Conference, Meeting, Participant, Plan
from corridor.site.conference.views import day as views
from corridor.site.docking.models import Outcome

pytestmark = pytest.mark.django_db
State = Meeting.State


def at(name: str, *args: Any) -> str:
    return reverse(f"conference:{name}", args=args)


def main(answer: Any) -> str:
    """What a page shows, without the frame around it."""
    assert answer.status_code in (200, 422), answer.status_code
    text: str = answer.text
    return text.split("<main")[1].split("</main>")[0]


@pytest.fixture
def held(people: Cast) -> Conferences:
    return Conferences(people)


# --- the door ---


def test_the_door_takes_a_code_however_it_comes(held: Conferences, login: Login) -> None:
    fair, suzhou = held.running, login(held.who.suzhou)
    url = at("door", fair.conference.ref)
    for name, typed in (
        ("alice", fair.parts["alice"].code),
        ("bob", f" {fair.parts['bob'].code.lower()} "),
        ("carol", "https://x" + links.door_page(fair.conference.ref, fair.parts["carol"].code)),
    ):
        page = main(suzhou.post(url, {"code": typed}))
        number = fair.parts[name].number
        assert f"{number} 号已签到" in page
        assert Participant.objects.get(pk=fair.parts[name].pk).arrived_at is not None
    assert "A 厅 1" in main(suzhou.post(url, {"code": fair.parts["bob"].code}))  # where to go
    scanned = links.door_page(fair.conference.ref, fair.parts["alice"].code)
    assert fair.parts["alice"].code in main(suzhou.get(scanned))


def test_a_wrong_code_is_said_at_the_door(held: Conferences, login: Login) -> None:
    suzhou = login(held.who.suzhou)
    other = held.open.parts["alice"].code
    for code in ("", "P123", other, "²", "%00", "9" * 301, "' OR 1=1"):
        answer = suzhou.post(at("door", held.running.conference.ref), {"code": code})
        assert answer.status_code == 422 and 'id="id_code_error"' in answer.text, code
    gone = held.running.parts["carol"]
    joining.withdraw(held.who.carol, gone)
    answer = suzhou.post(at("door", held.running.conference.ref), {"code": gone.code})
    assert answer.status_code == 422 and "已退出" in answer.text


# --- the board ---


def test_the_board_says_who_keeps_whom_waiting(held: Conferences, login: Login) -> None:
    fair, suzhou = held.running, login(held.who.suzhou)
    url = at("board", fair.conference.ref)
    page = main(suzhou.get(url))
    assert "现在：第 2 场" in page and 'hx-trigger="every 15s"' in page
    assert "1 / 2" in page  # tables in use
    missing = page.split('id="missing"')[1].split("</section>")[0]
    assert missing.index("对方在等") < missing.index("下一场")
    assert [int(n) for n in re.findall(r">(\d) [^<]+</a>", missing)] == [1, 2, 3]
    day.check_in(held.who.suzhou, fair.conference, fair.parts["bob"].code)
    missing = main(suzhou.get(url)).split('id="missing"')[1].split("</section>")[0]
    assert "合肥砺行" not in missing


def test_who_does_not_come_is_noted_from_the_board(held: Conferences, login: Login) -> None:
    fair, suzhou = held.running, login(held.who.suzhou)
    ref, number = fair.conference.ref, fair.parts["alice"].number
    back = at("board", ref)
    answer = suzhou.post(at("person_verb", ref, number, "absent"), {"next": back})
    assert answer["Location"] == back
    assert of(held.now).state == State.MISSED
    page = main(suzhou.get(back))
    assert "0.0%" not in page and "未成" in page
    far = suzhou.post(at("person_verb", ref, 3, "late"), {"slot": "4", "next": "//evil.example/"})
    assert far["Location"] == at("person", ref, 3)
    assert of(held.later).state == State.ACCEPTED
    assert Plan.objects.filter(conference=fair.conference, again=True).exists()
    assert "正在重排" in main(suzhou.get(back))


def test_what_a_verb_refuses_is_shown_with_the_participant(held: Conferences, login: Login) -> None:
    suzhou, ref = login(held.who.suzhou), held.running.conference.ref
    refused = suzhou.post(at("person_verb", ref, 3, "absent"))  # the slot has not begun
    assert refused.status_code == 422 and "还没有开始的洽谈" in main(refused)
    refused = suzhou.post(at("person_verb", ref, 3, "late"), {"slot": "99"})
    assert refused.status_code == 422 and 'id="late_slot_error"' in refused.text
    assert suzhou.post(at("person_verb", ref, 3, "dance")).status_code == 404
    assert suzhou.get(at("person", ref, 99)).status_code == 404


def test_a_lost_table_and_back(held: Conferences, login: Login) -> None:
    suzhou, url = login(held.who.suzhou), at("tables", held.running.conference.ref)
    said = {"table": str(held.table.pk), "slot": "3"}
    assert suzhou.post(url, said).status_code == 302
    assert of(held.later).table_id != held.table.pk  # the next free one
    assert "从第 3 场起" in main(suzhou.get(url))
    assert suzhou.post(url, said | {"slot": ""}).status_code == 302
    held.table.refresh_from_db()
    assert held.table.lost_from_id is None
    for table in ("", "x", str(held.closed.conference.pk), "9" * 40):
        assert suzhou.post(url, said | {"table": table}).status_code == 422, table


def test_each_table_has_its_code_on_a_sheet(held: Conferences, login: Login) -> None:
    page = main(login(held.who.suzhou).get(at("tables", held.running.conference.ref)))
    assert page.count('<svg class="qr') == 2 and "A 厅 2 号桌的二维码" in page


# --- what the organiser insists on ---


def test_a_must_meet_that_nobody_asked_for(held: Conferences, login: Login) -> None:
    fair, suzhou = held.running, login(held.who.suzhou)
    url = at("together", fair.conference.ref)
    assert "没有这个编号" in main(suzhou.get(url + "?a=1&b=99"))
    assert "两个不同的编号" in main(suzhou.get(url + "?a=1&b=1"))
    said = {"listing": fair.brings["alice"].ref, "other": fair.brings["carol"].ref}
    answer = suzhou.post(url + "?a=1&b=3", said | {"reason": ""})
    assert answer.status_code == 422 and 'id="id_reason_error"' in answer.text
    wrong = said | {"other": held.open.brings["bob"].ref, "reason": "x"}
    assert suzhou.post(url + "?a=1&b=3", wrong).status_code == 422
    answer = suzhou.post(url + "?a=1&b=3", said | {"reason": "同一产业链"})
    made = Meeting.objects.select_related("introduction").latest("pk")
    assert answer["Location"] == at("arrange", fair.conference.ref, made.introduction.ref)
    assert made.must and made.reason == "同一产业链"
    again = suzhou.post(url + "?a=1&b=3", said | {"reason": "再来"})
    assert again.status_code == 422 and "已有洽谈" in again.text


def test_a_meeting_is_moved_only_where_both_are_free(held: Conferences, login: Login) -> None:
    suzhou, ref = login(held.who.suzhou), held.running.conference.ref
    later = held.later.introduction.ref
    page = main(suzhou.get(at("arrange", ref, later)))
    offered = page.split('name="slot"')[1].split("</select>")[0]
    assert re.findall(r'value="(\d+)"', offered) == ["4"]
    refused = suzhou.post(at("arrange_verb", ref, later, "move"), {"slot": "2"})
    assert refused.status_code == 422 and 'id="move_slot_error"' in refused.text
    assert suzhou.post(at("arrange_verb", ref, later, "move"), {"slot": "4"}).status_code == 302
    moved = of(held.later)
    assert moved.slot is not None and moved.slot.number == 4
    assert suzhou.post(at("arrange_verb", ref, later, "eat")).status_code == 404
    elsewhere = held.open.conference.ref
    assert suzhou.get(at("arrange", elsewhere, later)).status_code == 404


def test_what_a_meeting_is_worth_and_that_it_must_be(held: Conferences, login: Login) -> None:
    suzhou, ref = login(held.who.suzhou), held.closed.conference.ref
    agreed = held.agreed.introduction.ref
    for value in ("0", "1001", "x", "9" * 5000):
        answer = suzhou.post(at("arrange_verb", ref, agreed, "value"), {"value": value})
        assert answer.status_code == 422, value
    for verb, said in (
        ("value", {"value": "50"}), ("must", {"reason": "重点"}), ("fix", {"slot": "2"}),
    ):  # fmt: skip
        assert suzhou.post(at("arrange_verb", ref, agreed, verb), said).status_code == 302, verb
    one = Meeting.objects.select_related("fixed").get(pk=held.agreed.pk)
    assert (one.value, one.must, one.fixed and one.fixed.number) == (50, True, 2)
    for verb, said in (("must", {"reason": ""}), ("fix", {"slot": ""})):
        assert suzhou.post(at("arrange_verb", ref, agreed, verb), said).status_code == 302, verb
    one.refresh_from_db()
    assert not one.must and one.fixed_id is None


# --- the hall's screen ---


def test_the_screen_names_only_those_who_agreed(held: Conferences, public: Client) -> None:
    fair = held.running
    url = at("screen", signing.dumps(fair.conference.pk, salt=views._SALT))
    page = public.get(url).text
    assert "正在洽谈" in page and "A 厅 1" in page
    assert "澄源" not in page and "砺行" not in page
    Participant.objects.filter(number__lte=2).update(on_screen=True)
    page = public.get(url).text
    assert "苏州澄源精密有限公司" in page and "岫禾" not in page
    assert '<noscript><meta http-equiv="refresh"' in page
    for code in ("x", signing.dumps(fair.conference.pk, salt="other"), "", signing.dumps(0)):
        assert public.get(f"/conferences/screen/{code}/").status_code == 404


# --- the report ---


def test_the_report_prints_every_rate_with_both_numbers(held: Conferences, login: Login) -> None:
    fair = held.running
    day.outcome(held.who.alice, held.now, result="intention")
    ref = fair.conference.ref
    for who in (held.who.suzhou, held.who.office, held.who.hefei, held.who.analyst):
        page = main(login(who).get(at("report", ref)))
        total = page.split('id="all"')[1].split("</section>")[0]
        counts = [int(n) for n in re.findall(r'<b class="num">(\d+)</b>', total)]
        assert counts == [2, 2, 2, 1, 1]
        assert "1 / 2" in total and "1 / 1" in total
        assert fair.conference.title in total  # the window
        assert "合肥" in page and "空间" in page
        assert "澄源" not in page
    assert Outcome.objects.get().result == Outcome.Result.INTENTION
    for who in (held.who.alice, held.who.judge):
        assert login(who).get(at("report", ref)).status_code == 404
    empty = main(login(held.who.suzhou).get(at("report", held.draft.conference.ref)))
    assert "还没有可报告的" in empty


# --- of any size, whatever is asked ---

PAGES = (
    "organised", "manage", "setup", "venue", "people", "meetings", "plan", "board", "door", "tables",
    "report", "person", "arrange", "together",
)  # fmt: skip
#: How many queries a page took with few rows; with more it takes as many.
COUNTS: dict[str, int] = {}


def crowded(rows: int) -> Fair:
    """So many meetings now, and as many conferences, interpreters and tables."""
    names = [f"g{n}" for n in range(rows + 1)]
    fair = begin(["alice", *names], slots=3, tables=rows + 1)
    office = fair.who.office
    for number in range(rows):
        venue.add_interpreter(office, fair.conference, name=f"译 {number}", language="en")
        actions.create(office, actions.Setup(f"大会 {number}", "320500", "x"))
    slot, tables = fair.slot(2), iter(fair.conference.halls.get().tables.all())
    for one, other in zip(["alice", *names], names, strict=False):
        made = fair.agree(one, other)
        Meeting.objects.filter(pk=made.pk).update(
            state=State.PLACED, slot=slot, table=next(tables), placed_at=timezone.now()
        )
    slots = fair.conference.slots
    shift = slot.start - timezone.now()
    for one in slots.all():
        slots.filter(pk=one.pk).update(start=one.start - shift, end=one.end - shift)
    plan = Plan.objects.create(conference=fair.conference, state=Plan.State.READY)
    Plan.objects.create(conference=fair.conference, state=Plan.State.DROPPED)
    Conference.objects.filter(pk=fair.conference.pk).update(state="running", plan=plan)
    return fair


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_queries_do_not_grow(login: Login, rows: int) -> None:
    fair = crowded(rows)
    client, ref = login(fair.who.office), fair.conference.ref
    for name in PAGES:
        args = [] if name == "organised" else [ref]
        args += {"person": [2], "arrange": [Meeting.objects.earliest("pk").introduction.ref]}.get(
            name, []
        )
        url = at(name, *args) + ("?a=1&b=2" if name == "together" else "")
        count = queries(client, url)
        assert count <= 12, (name, count)
        assert COUNTS.setdefault(name, count) == count, (name, rows)


HOSTILE = (
    "",
    "²",
    "१",
    "-1",
    "1e9",
    "9" * 400,
    "' OR 1=1 --",
    "苏" * 500,
    "%F0%9F%92%A9",
    "%25",
    "x_",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_an_address_breaks_a_page(held: Conferences, login: Login, text: str) -> None:
    suzhou, ref = login(held.who.suzhou), held.running.conference.ref
    for name in ("organised", "manage", "people", "meetings", "plan", "board", "door", "tables",
                 "report", "together"):  # fmt: skip
        url = at(name, *([] if name == "organised" else [ref]))
        for key in ("q", "show", "page", "code"):
            assert suzhou.get(f"{url}?{key}={text}").status_code == 200, (name, key)
        assert suzhou.get(f"{url}?a={text}&b={text}").status_code == 200, name
    for name in ("manage", "plan", "board"):
        if text:
            assert suzhou.get(f"/conferences/{text}/{name}/").status_code in (404, 400), name
