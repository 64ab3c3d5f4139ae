"""The organiser's pages: a conference set up, opened, timetabled and published through its forms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from browsing import Login, sent
from cast import SUZHOU, Cast, listing
from conferring import Fair, begin, planned, setup, solved, tomorrow, work  # noqa: F401
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from corridor.site.conference import actions, joining, planning, venue
from corridor.site.conference.drawing import BOTTOM, HEIGHT, LEFT, TOP, WIDTH, chart
from corridor.site.conference.models import Conference, Interpreter, Meeting, Plan, Slot
from corridor.site.core.models import Job

pytestmark = pytest.mark.django_db
S = Conference.State


def at(name: str, *args: Any) -> str:
    return reverse(f"conference:{name}", args=args)


def main(answer: Any) -> str:
    """What a page shows, without the frame around it."""
    assert answer.status_code in (200, 422), answer.status_code
    text: str = answer.text
    return text.split("<main")[1].split("</main>")[0]


SAID = {
    "title": "苏州对接大会", "city": SUZHOU, "venue": "会展中心", "about": "", "request_mode": "approve",
    "scheduling_mode": "organiser", "rule": "anyone", "hours_to_answer": "72", "asks": "40",
}  # fmt: skip


def slots(**changed: str) -> dict[str, str]:
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    said = {
        "minutes": "30", "gap": "10",
        "session_0": "上午", "day_0": day, "from_0": "09:00", "to_0": "11:00",
        "session_1": "下午", "day_1": day, "from_1": "14:00", "to_1": "15:10",
    }  # fmt: skip
    return said | changed


def test_from_nothing_to_a_published_timetable(
    people: Cast,
    login: Login,
    solved: None,  # noqa: F811
) -> None:
    suzhou = login(people.suzhou)
    assert "还没有办过大会" in main(suzhou.get(at("organised")))
    answer = sent(suzhou, at("new"), **SAID)
    one = Conference.objects.get()
    assert answer["Location"] == at("venue", one.ref)
    assert "还没有场次，至少要一场" in main(suzhou.get(at("manage", one.ref)))
    for what, said in {
        "slots": slots(),
        "hall": {"tables": "2"},
        "interpreter": {"name": "陈译", "language": "en", "away": ["1", "2"]},
    }.items():
        answer = suzhou.post(at("venue_verb", one.ref, what), said)
        assert (answer.status_code, answer["Location"]) == (302, at("venue", one.ref))
    times = [f"{timezone.localtime(slot.start):%H:%M}" for slot in one.slots.all()]
    assert times == ["09:00", "09:40", "10:20", "14:00", "14:40"]
    assert Interpreter.objects.get().away == [1, 2]
    assert suzhou.post(at("verb", one.ref, "open")).status_code == 302
    fair = Fair(people, Conference.objects.get())
    for name in ("alice", "bob"):
        fair.join(name)
    fair.agree("alice", "bob")
    assert suzhou.post(at("verb", one.ref, "close")).status_code == 302
    assert suzhou.post(at("plan_verb", one.ref, "start")).status_code == 302
    work()
    page = main(suzhou.get(at("plan", one.ref)))
    assert "1 / 1，这次要排的" in page and "发布后 2 家参会方会收到通知" in page
    made = Plan.objects.get()
    assert suzhou.post(at("plan_verb", one.ref, "publish"), {"plan": made.pk}).status_code == 302
    assert Meeting.objects.get().slot is not None
    assert set(fair.told("alice")) >= {"planned"}
    assert "日程已发布" in main(suzhou.get(at("manage", one.ref)))


def test_a_form_sent_twice_makes_one_conference(people: Cast, login: Login) -> None:
    office = login(people.office)
    said = SAID | {"once": "a" * 32}
    assert office.post(at("new"), said)["Location"] == office.post(at("new"), said)["Location"]
    assert Conference.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": " "}, "这个字段是必填项"),
        ({"hours_to_answer": "0"}, "1"),
        ({"asks": "9" * 5000}, "请检查"),
        ({"most": "²"}, "输入整数"),
        ({"requests_close": "昨天"}, "有效的日期"),
        ({"requests_close": "0001-01-01T00:00"}, "今后的日期"),
        ({"registration_closes": "9999-12-31T23:59"}, "今后的日期"),
        ({"rule": "x"}, "选项"),
        ({"city": "340100"}, "选项"),
        ({"venue": "x" * 201}, "200"),
        ({"title": "大\x07会"}, "不可显示"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    people: Cast, login: Login, wrong: dict[str, str], said: str
) -> None:
    answer = login(people.suzhou).post(at("new"), SAID | wrong)
    assert answer.status_code == 422
    name = next(iter(wrong))
    field = answer.text.split(f'id="id_{name}_error"')
    assert len(field) == 2, name
    assert said == "请检查" or said in field[1][:300], field[1][:300]
    assert not Conference.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "where", "said"),
    [
        ({"to_0": "08:00"}, "to_0", "结束应在开始之后"),
        ({"to_1": "14:20"}, "to_1", "不够一场"),
        ({"from_1": ""}, "from_1", "全部留空"),
        ({"day_0": ""}, "day_0", "必填"),
        ({"day_0": "1999-01-01"}, "day_0", "今后"),
        ({"minutes": "0"}, "minutes", "1"),
        ({"session_1": "", "day_1": "", "from_1": "", "to_1": ""}, "", ""),
        ({"day_1": "", "from_1": "", "to_1": ""}, "", ""),
        ({"from_1": "10:00"}, "", "互不重叠"),
    ],
)
def test_parts_of_a_day(
    people: Cast, login: Login, wrong: dict[str, str], where: str, said: str
) -> None:
    one = actions.create(people.office, setup())
    answer = login(people.office).post(at("venue_verb", one.ref, "slots"), slots(**wrong))
    if not said:
        assert answer.status_code == 302 and one.slots.count() == 3
        return
    assert answer.status_code == 422 and not Slot.objects.exists()
    assert said in (answer.text.split(f'id="slots_{where}_error"')[1] if where else answer.text)


def test_slots_are_shown_as_they_were_typed(people: Cast, login: Login) -> None:
    one, office = actions.create(people.office, setup()), login(people.office)
    office.post(at("venue_verb", one.ref, "slots"), slots())
    page = office.get(at("venue", one.ref)).text
    for name, value in (("from_1", "14:00"), ("to_0", "10:50"), ("minutes", "30"), ("gap", "10")):
        assert f'name="{name}" value="{value}"' in page, name


def test_what_cannot_be_done_now_is_said_on_the_page(login: Login) -> None:
    fair = begin()
    ref, office = fair.conference.ref, login(fair.who.office)
    refused = office.post(at("venue_verb", ref, "slots"), slots())
    assert refused.status_code == 422 and "场次只能在筹备中更改" in refused.text
    draft = actions.create(fair.who.office, setup(title="筹备中"))
    refused = office.post(at("verb", draft.ref, "open"))
    assert refused.status_code == 422 and "请先设置场次" in refused.text
    assert office.post(at("verb", ref, "cancel"), {"reason": ""}).status_code == 422
    assert office.post(at("verb", ref, "cancel"), {"reason": "台风"}).status_code == 302
    assert "台风" in main(office.get(at("manage", ref)))
    assert office.post(at("verb", ref, "publish")).status_code == 404


def test_an_interpreter_is_changed_and_done_without(login: Login) -> None:
    fair = begin()
    ref, office = fair.conference.ref, login(fair.who.office)
    office.post(at("venue_verb", ref, "interpreter"), {"name": "陈译", "language": "en"})
    one = Interpreter.objects.get()
    assert office.post(at("interpreter", ref, one.pk), {"away": ["4"]}).status_code == 302
    one.refresh_from_db()
    assert one.away == [4]
    assert office.post(at("interpreter", ref, one.pk), {"away": ["5"]}).status_code == 422
    other = actions.create(fair.who.office, setup())
    assert office.get(at("interpreter", other.ref, one.pk)).status_code == 404
    assert office.post(at("interpreter", ref, one.pk), {"remove": "1"}).status_code == 302
    assert not Interpreter.objects.exists()


def test_a_contact_in_a_short_name_is_masked(people: Cast, login: Login) -> None:
    one, office = actions.create(people.office, setup()), login(people.office)
    phone = "13912345678"
    venue.add_hall(people.office, one, "", 1)
    for what, said in {
        "slots": slots(session_0=f"上午 {phone}"),
        "hall": {"name": f"B 厅 {phone}", "tables": "2"},
        "interpreter": {"name": f"陈译 {phone}", "language": "en"},
    }.items():
        assert office.post(at("venue_verb", one.ref, what), said).status_code == 302
    page = office.get(at("venue", one.ref)).text
    assert phone not in page and page.count("139****5678") >= 3


# --- the timetable ---


def test_the_picture_lives_while_it_is_worked_out_and_no_longer(
    login: Login,
    solved: None,  # noqa: F811
) -> None:
    fair = begin()
    fair.agree("alice", "bob")
    actions.close(fair.who.office, fair.conference)
    made = planning.plan(fair.who.office, fair.conference)
    Plan.objects.filter(pk=made.pk).update(series=[[0.5, 10, 40, 1], [2, 30, 30, 0]])
    office, url = login(fair.who.office), at("plan", fair.conference.ref)
    page = main(office.get(url))
    assert 'hx-trigger="every 1s"' in page and page.count("<polyline") == 2
    assert f'href="{url}"' in page  # to look again without a script
    work()
    page = main(office.get(url))
    assert "hx-trigger" not in page and "发布日程" in page
    assert office.post(at("plan_verb", fair.conference.ref, "drop"), {"plan": made.pk}).status_code
    made.refresh_from_db()
    assert made.state == Plan.State.DROPPED
    again = office.post(at("plan_verb", fair.conference.ref, "publish"), {"plan": made.pk})
    assert again.status_code == 422 and "已放弃" in again.text


def test_a_job_that_failed_is_said(login: Login, solved: None) -> None:  # noqa: F811
    fair = begin()
    fair.agree("alice", "bob")
    actions.close(fair.who.office, fair.conference)
    planning.plan(fair.who.office, fair.conference)
    Job.objects.update(state="failed")
    page = main(login(fair.who.office).get(at("plan", fair.conference.ref)))
    assert "计算中断了" in page


def test_who_is_touched_is_said_before_it_is_published(
    login: Login,
    solved: None,  # noqa: F811
) -> None:
    names = ("alice", "bob", "dora", "erik")
    fair = begin(names, tables=1)
    kept, moved = fair.agree("alice", "bob"), fair.agree("alice", "dora")
    planning.publish(fair.who.office, planned(fair))
    Meeting.objects.filter(pk=moved.pk).update(fixed=fair.slot(4))
    planned(fair)
    page = main(login(fair.who.office).get(at("plan", fair.conference.ref)))
    assert "发布会改动 1 场洽谈，涉及 2 家" in page
    assert moved.introduction.ref in page and kept.introduction.ref not in page
    assert "第 4 场" in page


def test_a_plan_of_another_conference_is_not_there(
    login: Login,
    solved: None,  # noqa: F811
) -> None:
    fair = begin()
    fair.agree("alice", "bob")
    made = planned(fair)
    office = login(fair.who.office)
    other = actions.create(fair.who.office, setup())
    for number in (str(made.pk), "x", "9" * 30):
        said = {"plan": number}
        assert office.post(at("plan_verb", other.ref, "publish"), said).status_code == 404, number
    assert office.post(at("plan_verb", fair.conference.ref, "publish")).status_code == 404


def test_the_chart_stays_in_its_frame() -> None:
    assert chart([]) is None
    drawn = chart([[0, 0, 400, 9], [1, 100, 300, 5], [9.5, 280, 280, 4]])
    assert drawn is not None
    for line in (drawn.held, drawn.bound):
        points = [tuple(map(float, point.split(","))) for point in line.split()]
        assert all(LEFT <= x <= WIDTH and TOP <= y <= HEIGHT - BOTTOM for x, y in points)
        assert [x for x, _y in points] == sorted(x for x, _y in points)
    assert drawn.held.split()[-1] == drawn.bound.split()[-1]  # proven: the two meet
    nothing = chart([[0, 0, 0, 0]])
    assert nothing is not None and "nan" not in nothing.held


# --- who is told what ---


def test_a_hidden_name_is_not_told_before_it_has_agreed(people: Cast, login: Login) -> None:
    fair = Fair(people, actions.open_(people.suzhou, prepared(people)))
    hidden = listing(people.bob, side="offer", anonymity="anonymous")
    part = joining.invite(people.hefei, fair.conference, hidden.party, [hidden])
    suzhou, ref = login(people.suzhou), fair.conference.ref
    shown = [at("people", ref), at("person", ref, part.number), at("people", ref) + "?q=砺行"]
    for url in shown:
        assert "砺行" not in main(suzhou.get(url)).replace('value="砺行"', "")
    said = joining.Part([hidden])
    joining.register(people.bob, fair.conference, said, agreed=True)
    for url in shown:
        assert "合肥砺行研究院" in main(suzhou.get(url))


def prepared(people: Cast) -> Conference:
    """A conference of Suzhou's bureau that can open."""
    made = actions.create(people.suzhou, setup())
    venue.set_slots(people.suzhou, made, tomorrow(2))
    venue.add_hall(people.suzhou, made, "A 厅", 1)
    return made


def test_a_draft_is_for_who_runs_it(people: Cast, login: Login, public: Client) -> None:
    one = prepared(people)
    for page in ("manage", "setup", "venue", "people", "meetings", "plan", "board", "report"):
        url = at(page, one.ref)
        assert login(people.suzhou).get(url).status_code == 200
        assert login(people.office).get(url).status_code == 200
        assert login(people.hefei).get(url).status_code == 404
        assert login(people.alice).get(url).status_code == 404
        assert public.get(url).status_code == 302
