"""One's day at a conference: the agenda, the calendar, the badge, the table, what came of a talk."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from browsing import Login, queries, sent
from conferring import MINUTES, Fair, begin, published, solved  # noqa: F401
from django.core.cache import cache
from django.test import Client
from icalendar import Calendar

from corridor.site.conference import actions, day, joining, meetings
from corridor.site.conference.models import Conference, Meeting, Participant, Slot, Table
from corridor.site.core.errors import Forbidden
from corridor.site.core.models import AuditEntry
from corridor.site.docking.models import Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solved")]
S, State = Conference.State, Meeting.State
Clock = Callable[[float], None]
NAMES = ("alice", "dora", "erik", "frida")
DAY = 86400


@pytest.fixture
def fair(clock: Clock) -> Fair:
    """Alice meets Dora, Erik and Frida in the first three of four slots, tomorrow at noon."""
    made = begin(NAMES, slots=4, tables=2)
    for name in NAMES[1:]:
        made.agree("alice", name)
    published(made)
    return made


def at(clock: Clock, number: int) -> None:
    """A minute into a slot."""
    clock(DAY + (number - 1) * MINUTES * 60 + 60)


def running(fair: Fair, clock: Clock, number: int = 1) -> None:
    at(clock, number)
    actions.start(fair.who.office, fair.fresh())


def url(fair: Fair, *path: str) -> str:
    return "/".join(["/conferences", fair.conference.ref, *path, ""])


def page_of(one: Meeting, *verb: str) -> str:
    return "/".join([one.get_absolute_url().rstrip("/"), *verb, ""])


def in_slot(number: int) -> Meeting:
    found: Meeting = Meeting.objects.select_related(
        "conference", "introduction", "table", "b__party", "slot"
    ).get(slot__number=number)
    return found


def main(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.text.split("<main")[1].split("<footer")[0]


# --- the agenda ---


def test_what_is_next_stands_first_with_its_table_and_hall(login: Login, fair: Fair) -> None:
    page = main(login(fair.who.alice), url(fair, "agenda"))
    top, later = page.split('id="later"')
    first = in_slot(1)
    assert "下一场" in top and first.b.party.name in top and "A 厅" in top
    assert f"<dd>{first.table.number}<small>" in top  # type: ignore[union-attr]
    assert [name in later for name in (in_slot(2).b.party.name, in_slot(3).b.party.name)] == [
        True
    ] * 2
    assert "谈得怎样" not in page


def test_as_the_day_goes_on_what_is_past_asks_how_it_went(
    login: Login, fair: Fair, clock: Clock
) -> None:
    running(fair, clock, 2)
    alice = login(fair.who.alice)
    page = main(alice, url(fair, "agenda"))
    now, past = page.split('id="past"')
    assert 'id="next">现在' in now and in_slot(2).b.party.name in now.split('id="later"')[0]
    assert in_slot(1).b.party.name in past
    for result in ("intention", "again", "none"):
        assert f"{in_slot(1).get_absolute_url()}?result={result}#outcome" in past
    day.outcome(fair.who.alice, in_slot(1), result="again")
    assert "结果已登记" in main(alice, url(fair, "agenda"))


def test_a_change_is_on_the_agenda_and_the_absent_are_told(
    login: Login, fair: Fair, clock: Clock
) -> None:
    meetings.move(fair.who.office, in_slot(3), fair.slot(4))
    running(fair, clock)
    page = main(login(fair.who.alice), url(fair, "agenda"))
    assert in_slot(4).b.party.name in page.split('id="later"')[1]
    day.no_show(fair.who.office, fair.parts["alice"])
    assert "主办方登记您未到场" in main(login(fair.who.alice), url(fair, "agenda"))


def test_before_there_is_a_timetable_the_agenda_says_so(login: Login) -> None:
    fair = begin()
    fair.agree("alice", "bob")
    page = main(login(fair.who.alice), url(fair, "agenda"))
    assert "日程还没有发布" in page and "已同意，待排期" in page


@pytest.mark.parametrize("page", ["agenda", "badge", "requests", "late"])
def test_nobody_sees_the_day_of_another(
    login: Login, public: Client, fair: Fair, page: str
) -> None:
    assert "next=" in public.get(url(fair, page)).headers["Location"]
    for name in ("bob", "carol", "suzhou", "hefei", "office", "judge", "analyst"):
        assert login(fair.actor(name)).get(url(fair, page)).status_code == 404, name


def test_codes_are_shown_to_their_own_party_alone(login: Login, public: Client, fair: Fair) -> None:
    part = fair.parts["alice"]
    part.refresh_from_db()
    codes = (part.feed, part.code)
    one = in_slot(1)
    addresses = ("/", "/conferences/", "/desk/", "/notices/", url(fair), url(fair, "catalogue"),
                 url(fair, "requests"), url(fair, "agenda"), url(fair, "badge"), one.get_absolute_url())  # fmt: skip
    for who in ("alice", "dora", "suzhou", "hefei", "office"):
        for address in addresses:
            text = login(fair.actor(who)).get(address).text
            shown = {code for code in codes if code in text}
            own = {url(fair, "agenda"): {part.feed}, url(fair, "badge"): {part.code}}
            assert shown == (own.get(address, set()) if who == "alice" else set()), (who, address)
    assert part.code not in public.get(url(fair)).text


# --- the calendar ---


def feed(fair: Fair, name: str = "alice") -> str:
    return f"/conferences/feed/{Participant.objects.get(pk=fair.parts[name].pk).feed}.ics"


def events(answer: Any) -> list[Any]:
    assert answer.status_code == 200
    return Calendar.from_ical(answer.content).walk("VEVENT")  # type: ignore[no-any-return]


def test_the_calendar_says_when_where_and_with_whom(public: Client, fair: Fair) -> None:
    answer = public.get(feed(fair))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    found = sorted(events(answer), key=lambda one: one.decoded("dtstart"))
    assert [one.decoded("dtstart") for one in found] == [fair.slot(n).start for n in (1, 2, 3)]
    assert found[0]["summary"] == f"洽谈：{in_slot(1).b.party.name}"
    assert found[0]["location"] == "会展中心二层 A 厅 1 号桌"
    assert found[0]["url"].endswith(in_slot(1).get_absolute_url())
    assert len({str(one["uid"]) for one in found}) == 3


def test_an_entry_that_moved_keeps_its_uid_and_grows_in_sequence(
    public: Client, fair: Fair
) -> None:
    before = {str(one["uid"]): one for one in events(public.get(feed(fair)))}
    meetings.move(fair.who.office, in_slot(3), fair.slot(4))
    after = {str(one["uid"]): one for one in events(public.get(feed(fair)))}
    assert set(after) == set(before)
    (moved,) = [uid for uid in after if after[uid].decoded("dtstart") == fair.slot(4).start]
    assert int(after[moved]["sequence"]) > int(before[moved]["sequence"])


def test_the_calendar_is_sent_again_only_when_it_changed(
    public: Client, fair: Fair, clock: Clock
) -> None:
    tag = public.get(feed(fair)).headers["ETag"]
    clock(3600)
    again = public.get(feed(fair), headers={"If-None-Match": tag})
    assert again.status_code == 304 and not again.content
    meetings.cancel(fair.who.alice, in_slot(2))
    changed = public.get(feed(fair), headers={"If-None-Match": tag})
    assert len(events(changed)) == 2 and changed.headers["ETag"] != tag


def test_the_calendar_of_who_withdrew_is_empty(public: Client, fair: Fair) -> None:
    joining.withdraw(fair.actor("dora"), fair.parts["dora"])
    assert events(public.get(feed(fair, "dora"))) == []
    assert len(events(public.get(feed(fair)))) == 2


def test_a_conference_that_was_called_off_is_so_in_calendar_and_agenda(
    login: Login, public: Client, fair: Fair
) -> None:
    before = [int(one["sequence"]) for one in events(public.get(feed(fair)))]
    actions.cancel(fair.who.office, fair.fresh(), reason="台风")
    found = events(public.get(feed(fair)))
    assert [str(one["status"]) for one in found] == ["CANCELLED"] * 3
    assert all(int(one["sequence"]) > was for one, was in zip(found, before, strict=True))
    assert "大会已取消：台风" in main(login(fair.who.alice), url(fair, "agenda"))


@pytest.mark.parametrize("code", ["F" + "0" * 32, "x", "%00", "F", "T0"])
def test_no_calendar_is_to_be_guessed(public: Client, fair: Fair, code: str) -> None:
    assert public.get(f"/conferences/feed/{code}.ics").status_code in (400, 404)
    assert re.fullmatch(r"F[0-9A-Z]{32}", Participant.objects.get(pk=fair.parts["alice"].pk).feed)


def test_a_new_calendar_address_puts_an_end_to_the_old_one(
    login: Login, public: Client, fair: Fair
) -> None:
    alice, old = login(fair.who.alice), feed(fair)
    assert "换一个" in main(alice, url(fair, "agenda"))
    answer = alice.post(url(fair, "agenda", "feed"))
    assert (answer.status_code, answer["Location"]) == (302, url(fair, "agenda"))
    new = feed(fair)
    assert new != old and public.get(old).status_code == 404
    assert len(events(public.get(new))) == 3
    assert new in main(alice, url(fair, "agenda"))
    entry = AuditEntry.objects.get(verb="conference.feed")
    assert not any(code in str(entry.diff) for code in (old[18:-4], new[18:-4]))
    assert alice.get(url(fair, "agenda", "feed")).status_code == 405
    for name in ("bob", "dora", "suzhou", "office", "judge"):
        with pytest.raises(Forbidden):
            joining.renew_feed(fair.actor(name), fair.parts["alice"])
    assert feed(fair) == new


# --- the badge and the table ---


def test_the_badge_leads_to_the_door_and_no_further(login: Login, fair: Fair) -> None:
    page = main(login(fair.who.alice), url(fair, "badge"))
    assert "苏州澄源精密有限公司" in page and "1 号" in page and 'class="qr l"' in page
    day.check_in(fair.who.office, fair.conference, fair.parts["alice"].code)
    assert "已签到" in main(login(fair.who.alice), url(fair, "badge"))


def test_the_tables_code_asks_to_log_in_and_then_for_one_tap(
    login: Login, public: Client, fair: Fair, clock: Clock
) -> None:
    running(fair, clock)
    one = in_slot(1)
    assert one.table is not None
    address = f"/conferences/t/{one.table.code}/"
    assert public.get(address).headers["Location"].endswith(f"next={address}")
    alice = login(fair.who.alice)
    page = main(alice, address)
    assert one.b.party.name in page and "我到了" in page
    assert not in_slot(1).present_a
    answer = sent(alice, address)
    assert answer.headers["Location"] == one.get_absolute_url()
    assert in_slot(1).present_a
    assert "我到了" not in main(alice, address) and "已签到" in main(alice, address)
    guest = next(name for name in NAMES if fair.parts[name].pk == one.b_id)
    login(fair.actor(guest)).post(f"/conferences/t/{one.table.code.lower()}/")
    assert in_slot(1).state == State.KEPT
    assert "已到桌" in main(alice, one.get_absolute_url())


def test_the_wrong_table_says_where_to_go(login: Login, fair: Fair, clock: Clock) -> None:
    running(fair, clock)
    other = Table.objects.exclude(pk=in_slot(1).table_id).get()
    address = f"/conferences/t/{other.code}/"
    alice = login(fair.who.alice)
    assert "您现在的洽谈在A 厅 1 号桌" in main(alice, address)
    assert alice.post(address).status_code == 409
    assert "没有排在这张桌" in main(login(fair.who.carol), address)
    for name in ("suzhou", "office", "analyst"):
        assert login(fair.actor(name)).get(address).status_code == 404


# --- what came of it ---


def test_two_taps_tell_the_result(login: Login, fair: Fair, clock: Clock) -> None:
    one = in_slot(1)
    alice = login(fair.who.alice)
    assert 'id="outcome"' not in main(alice, one.get_absolute_url())
    assert alice.post(page_of(one, "outcome"), {"result": "intention"}).status_code == 422
    running(fair, clock)
    alice = login(fair.who.alice)
    page = main(alice, one.get_absolute_url() + "?result=again")
    assert re.search(r'value="again"[^>]*checked', page)
    said = {"result": "intention", "step": "实地考察", "note": "下周三，电话13800001234"}
    assert alice.post(page_of(one, "outcome"), said).status_code == 302
    told = Outcome.objects.get()
    assert told.result == Outcome.Result.INTENTION and told.note.startswith("实地考察 · 下周三")
    assert "13800001234" not in told.note
    assert in_slot(1).state == State.KEPT
    assert "有合作意向" in main(login(fair.who.hefei), one.get_absolute_url())


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"result": "none", "reason": ""}, "reason"), ({"result": ""}, "result"),
        ({"result": "great"}, "result"), ({"result": "again", "step": "x"}, "step"),
    ],
)  # fmt: skip
def test_a_result_that_makes_no_sense_is_refused_at_its_field(
    login: Login, fair: Fair, clock: Clock, said: dict[str, str], field: str
) -> None:
    running(fair, clock)
    answer = login(fair.who.alice).post(page_of(in_slot(1), "outcome"), said)
    assert answer.status_code == 422 and f"#id_outcome_{field}" in answer.text
    assert not Outcome.objects.exists()


def test_a_talk_that_came_to_nothing_needs_a_reason(login: Login, fair: Fair, clock: Clock) -> None:
    running(fair, clock)
    said = {"result": "none", "reason": "price"}
    assert login(fair.who.alice).post(page_of(in_slot(1), "outcome"), said).status_code == 302
    assert Outcome.objects.get().reason == "price"


# --- the desk and the front page ---


def test_the_desk_has_todays_meetings_and_those_to_tell_of(
    login: Login, fair: Fair, clock: Clock
) -> None:
    desk, alice = "/desk/", fair.who.alice
    assert "今天洽谈" not in main(login(alice), desk)
    running(fair, clock, 2)
    page = main(login(alice), desk)
    assert page.index("待登记结果") < page.index("今天洽谈")
    assert in_slot(1).get_absolute_url() in page and "A 厅 1 号桌" in page
    day.outcome(alice, in_slot(1), result="again")
    assert in_slot(1).get_absolute_url() not in main(login(alice), desk)
    assert "今天洽谈" not in main(login(fair.who.carol), desk)


def test_the_desk_leads_to_the_meeting_that_is_to_be_answered(login: Login) -> None:
    fair = begin()
    one = fair.ask("alice", "bob")
    assert one.get_absolute_url() in main(login(fair.who.bob), "/desk/")
    linked = login(fair.who.bob).get(one.introduction.get_absolute_url()).text
    assert one.get_absolute_url() in linked


def test_the_front_page_counts_down(public: Client, clock: Clock) -> None:
    cache.clear()
    assert "日期尚未公布" in public.get("/").text
    fair = begin(())
    said = {0: "还有 1 天", DAY - 7200: "还有 2 小时", DAY - 60: "马上开始", DAY: "正在进行"}
    for seconds, says in said.items():
        clock(seconds)
        cache.clear()
        page = public.get("/").text
        assert says in page and fair.conference.title in page, says
    Conference.objects.update(state=S.CANCELLED)
    cache.clear()
    assert "日期尚未公布" in public.get("/").text


# --- queries ---


#: Session, user, memberships and unread notices are four of each.
COUNTS = {"agenda": 6, "waiting": 11, "badge": 5, "meeting": 8, "feed": 2, "table": 7}


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_queries_do_not_grow(login: Login, public: Client, clock: Clock, rows: int) -> None:
    names = [f"g{n}" for n in range(rows + 2)]
    fair = begin(("alice", *names), slots=60, tables=2, asks=500)
    for name in names[:-1]:
        fair.agree("alice", name)
    published(fair)
    running(fair, clock)
    alice, one = login(fair.who.alice), in_slot(1)
    assert one.table is not None
    taken = {
        "agenda": queries(alice, url(fair, "agenda")),
        "badge": queries(alice, url(fair, "badge")),
        "meeting": queries(alice, one.get_absolute_url()),
        "feed": queries(public, feed(fair)),
        "table": queries(alice, f"/conferences/t/{one.table.code}/"),
    }
    joining.withdraw(fair.actor(names[-1]), fair.parts[names[-1]])
    day.late(fair.who.alice, fair.parts["alice"], Slot.objects.order_by("number").last())  # type: ignore[arg-type]
    taken["waiting"] = queries(alice, url(fair, "agenda"))
    assert taken == COUNTS and max(taken.values()) <= 12
