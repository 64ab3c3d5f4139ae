"""Desks: each role sees what waits for it, overdue first, and nothing of others."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from browsing import Login
from cast import HEFEI, SUZHOU, cast, listing, party
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from corridor.site.core import actions
from corridor.site.core.actor import Actor
from corridor.site.core.models import MembershipRequest, Party, User
from corridor.site.core.refs import new_ref
from corridor.site.docking.models import Introduction, Match
from corridor.site.leads.models import Lead
from corridor.site.listings.models import ContentReport, Listing, SavedSearch

pytestmark = pytest.mark.django_db


def days(count: float) -> Any:
    return timezone.now() + timedelta(days=count)


def offer(of: Actor, **given: Any) -> Listing:
    return listing(of, side="offer", **{"title": "出租单层厂房", **given})


def introduction(asker: Actor, target: Listing, **given: Any) -> Introduction:
    fields: dict[str, Any] = {
        "ref": new_ref("I"),
        "number": 1,
        "target": target,
        target.side: target,
        "from_party_id": asker.party,
        "to_party_id": target.party_id,
        "cooperation": "lease",
        "question": "何时可以看房？",
        "created_at": days(-3),
        "expires_at": days(11),
    }
    return Introduction.objects.create(**fields | given)


def lead(city: str, due: float, company: str) -> Lead:
    return Lead.objects.create(
        ref=new_ref("X"),
        city=city,
        first_city=city,
        first_reported_at=days(-5),
        need="要厂房",
        company=company,
        company_key=company,
        contact_name="王",
        phone="13800001234",
        phone_index="x",
        contact_due=days(due),
        judge_due=days(due + 2),
        answer_due=days(due + 6),
        clock="contact",
        due_at=days(due),
    )


def main(client: Client, page: str = "/desk/") -> str:
    """What a desk shows, without the frame around it."""
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.text.split("<main")[1].split("</main>")[0]


def in_order(text: str, *words: str) -> bool:
    places = [text.index(word) for word in words]
    return places == sorted(places)


class TestParty:
    """A party's desk."""

    def test_what_waits_for_it(self, login: Login) -> None:
        people = cast()
        asked = offer(people.alice, title="出租厂房甲")
        introduction(people.bob, asked, expires_at=days(2))
        accepted = introduction(
            people.alice,
            offer(people.bob),
            state="accepted",
            accepted_at=days(-9),
            expires_at=days(5),
        )
        listing(people.alice, title="草稿一", state="draft")
        listing(people.alice, title="退回一", state="returned")
        listing(people.alice, title="快到期", expires_on=(days(3)).date())
        listing(people.alice, title="到期了", state="expired")
        listing(people.alice, title="好好的")
        text = main(login(people.alice))
        todo = text.split('id="todo"')[1].split("</section>")[0]
        assert in_order(
            todo, "出租厂房甲", "答复", accepted.ref, "登记结果", "退回一", "按意见修改", "到期了", "去续期",
            "快到期", "草稿一", "继续填写",
        )  # fmt: skip
        assert "好好的" not in todo
        stats = re.findall(r'<b class="num">([\d,]+)</b>', text.split("</dl>")[0])
        assert stats == ["3", "0", "3", "0"]

    def test_nothing_of_others(self, login: Login) -> None:
        people = cast()
        listing(people.bob, title="别人的草稿", state="draft")
        introduction(people.bob, offer(people.carol, title="别人的意向"))
        text = main(login(people.alice))
        assert "别人的" not in text and "没有要您处理的事" in text

    def test_its_matches_with_reasons(self, login: Login) -> None:
        people = cast()
        mine, other = (
            listing(people.alice, title="求租厂房乙"),
            offer(people.bob, title="合肥厂房丙"),
        )
        evidence = {"parts": {}, "words": []}
        Match.objects.create(
            need=mine,
            offer=other,
            score=0.8,
            verified=True,
            rank_need=1,
            rank_offer=1,
            evidence=evidence,
        )
        text = main(login(people.alice))
        assert "合肥厂房丙" in text and "求租厂房乙" in text
        assert f"/matches/{mine.ref}/" in text
        assert "80 分" in text

    def test_its_saved_searches(self, login: Login) -> None:
        people = cast()
        for actor, name in ((people.alice, "我的搜索"), (people.bob, "他的搜索")):
            SavedSearch.objects.create(
                user_id=actor.user,
                party_id=actor.party,
                name=name,
                query="kind=space",
                seen_until=days(0),
            )
        text = main(login(people.alice))
        assert '<a href="/listings/?kind=space">我的搜索</a>' in text and "他的搜索" not in text

    def test_who_asks_to_join_is_shown_to_its_manager(self, login: Login) -> None:
        people = cast()
        user = User.objects.create(username="dan", name="丹")
        MembershipRequest.objects.create(party_id=people.alice.party, user=user)
        MembershipRequest.objects.create(party_id=people.carol.party, user=user)
        assert "丹 申请代表本单位" in main(login(people.alice))
        assert "丹 申请代表本单位" not in main(login(people.carol))

    def test_contacts_are_nowhere(self, login: Login) -> None:
        people = cast()
        introduction(people.bob, offer(people.alice, contact_phone="13800009999"))
        text = main(login(people.alice))
        assert "13800009999" not in text and "1391234" not in text


class TestBureau:
    """A bureau's desk."""

    def test_its_city_overdue_first(self, login: Login) -> None:
        people = cast()
        lead(SUZHOU, 1, "不急公司")
        lead(SUZHOU, -2, "超时公司")
        lead(HEFEI, -9, "外市公司")
        text = main(login(people.suzhou))
        assert in_order(text, "超时公司", "不急公司")
        assert "外市公司" not in text
        stats = re.findall(r'<b class="num">([\d,]+)</b>', text.split("</dl>")[0])
        assert stats[:2] == ["1", "2"]

    def test_reviews_reports_introductions_and_parties(self, login: Login) -> None:
        people = cast()
        listing(people.alice, title="新提交", state="city_review", changed_at=days(-1))
        listing(people.carol, title="等得久", state="city_review", changed_at=days(-6))
        listing(people.bob, title="外市提交", state="city_review")
        bad = listing(people.alice, title="被举报")
        ContentReport.objects.create(listing=bad, why="false")
        done = listing(people.alice, title="已处理")
        ContentReport.objects.create(listing=done, why="false", handled_at=days(0))
        introduction(people.bob, offer(people.alice, title="快过期"), expires_at=days(1))
        introduction(people.bob, offer(people.carol, title="还早"), expires_at=days(9))
        fresh = party("待核验公司", "enterprise", SUZHOU, 71)
        Party.objects.filter(pk=fresh.pk).update(verified_at=None)
        text = main(login(people.suzhou))
        assert in_order(text, "被举报", "等得久", "已等 6 天", "新提交", "快过期", "待核验公司")
        assert not any(word in text for word in ("外市提交", "已处理", "还早"))

    def test_its_own_funnel(self, login: Login) -> None:
        people = cast()
        listing(people.alice)
        listing(people.bob)
        mine = listing(people.carol)
        introduction(people.bob, mine, state="accepted", accepted_at=days(-1))
        text = main(login(people.suzhou))
        funnel = text.split('id="funnel"')[1]
        assert in_order(funnel, "发布", "匹配", "对接", "达成")
        assert "1 / 2" in funnel and "1 / 1" in funnel and "0 / 1" in funnel


class TestOffice:
    """The office's desk."""

    def test_all_cities_side_by_side(self, login: Login) -> None:
        people = cast()
        listing(people.alice)
        offer(people.alice)
        listing(people.bob, state="city_review")
        listing(people.bob, title="待复核一", state="corridor_review", changed_at=days(-4))
        lead(HEFEI, -1, "超时公司")
        lead(HEFEI, 1, "不急公司")
        lead("", -3, "待分派公司")
        text = main(login(people.office))
        rows = dict(re.findall(r'city=(\d+)">.*?</th>(.*?)</tr>', text.split('id="by-city"')[0]))
        numbers = {code: re.findall(r">\s*(\d+)\s*<", row) for code, row in rows.items()}
        assert numbers[SUZHOU] == ["1", "1", "0", "0", "0", "0"]
        assert numbers[HEFEI] == ["0", "0", "1", "1", "2", "1"]
        assert len(rows) == 9
        assert "另有 1 条线索待分派" in text
        assert in_order(text, "待分派公司", "超时公司", "待复核一", "已等 4 天")
        assert "不急公司" not in text

    def test_what_is_stale_and_what_is_flooded(self, login: Login) -> None:
        people = cast()
        old = {"published_at": days(-40)}
        listing(people.alice, title="无人问津", **old)
        matched = listing(people.alice, title="刚匹配", **old)
        talked = listing(people.alice, title="刚对接", **old)
        listing(people.alice, title="才发布")
        forgotten = listing(people.carol, title="早就匹配过", **old)
        evidence = {"parts": {}, "words": []}
        for need, at in ((matched, days(-2)), (forgotten, days(-35))):
            match = Match.objects.create(
                need=need,
                offer=offer(people.bob),
                score=0.6,
                verified=True,
                rank_need=1,
                evidence=evidence,
            )
            Match.objects.filter(pk=match.pk).update(found_at=at)
        introduction(people.bob, talked)
        popular = offer(people.bob, title="抢手厂房")
        for number in range(5):
            asker = party(f"问的人{number}", "enterprise", SUZHOU, 80 + number)
            introduction(replace(people.alice, party=asker.pk), popular, number=number)
        text = main(login(people.office))
        stale = text.split('id="stale"')[1].split("</section>")[0]
        assert "无人问津" in stale and "早就匹配过" in stale
        assert not any(word in stale for word in ("刚匹配", "刚对接", "才发布"))
        flooded = text.split('id="flooded"')[1].split("</section>")[0]
        assert "抢手厂房" in flooded and "5 个对接意向在途" in flooded

    def test_conversion_by_kind_and_city(self, login: Login) -> None:
        people = cast()
        listing(people.alice)
        listing(people.alice)
        introduction(people.bob, listing(people.carol), state="accepted", accepted_at=days(-1))
        text = main(login(people.office))
        for where, name in (("by-city", "苏州"), ("by-kind", "空间")):
            row = re.search(rf">{name}</th>(.*?)</tr>", text.split(f'id="{where}"')[1]).group(1)
            assert re.findall(r"\d+ / \d+", row) == ["1 / 3", "1 / 1", "0 / 1"], where


class TestNumbers:
    """Aggregates for analysts and the office; reasons for bureaus too."""

    def test_an_analysts_desk_is_the_numbers(self, login: Login) -> None:
        people = cast()
        listing(people.alice, title="不该出现")
        text = main(login(people.analyst))
        assert "转化数据" in text and "不该出现" not in text
        assert main(login(people.analyst), "/desk/numbers/?days=365").count("近 365 天") >= 3
        for wrong in ("7", "x", "-1", "99999999999"):
            assert "近 90 天" in main(login(people.analyst), f"/desk/numbers/?days={wrong}")

    def test_flows_between_cities(self, login: Login) -> None:
        people = cast()
        introduction(people.bob, listing(people.alice), state="accepted", accepted_at=days(-1))
        text = main(login(people.office), "/desk/numbers/").split('id="flows"')[1]
        assert in_order(text, "合肥", "苏州")

    def test_why_they_stopped(self, login: Login) -> None:
        people = cast()
        introduction(people.bob, listing(people.alice), state="declined", reason="place")
        for who in (people.analyst, people.office, people.suzhou, people.hefei):
            assert "1 / 1" in main(login(who), "/desk/exits/")

    def test_who_sees_what(self, login: Login) -> None:
        people = cast()
        names = ("alice", "suzhou", "office", "judge", "analyst")
        seen = {
            page: [login(getattr(people, name)).get(page).status_code for name in names]
            for page in ("/desk/", "/desk/numbers/", "/desk/exits/")
        }
        assert seen == {
            "/desk/": [200, 200, 200, 200, 200],
            "/desk/numbers/": [404, 404, 200, 404, 200],
            "/desk/exits/": [404, 200, 200, 404, 200],
        }
        for page in seen:
            assert Client().get(page)["Location"] == f"/account/login/?next={page}"
            assert Client().post(page).status_code == 405

    def test_a_judge_sees_notices_only(self, login: Login) -> None:
        people = cast()
        listing(people.alice, title="不该出现")
        office = Party.objects.get(pk=people.office.party)
        text = main(login(people.judge))
        assert "不该出现" not in text and "没有通知" in text
        Party.objects.filter(pk=office.pk).update(verified_at=None)
        actions.party_verify(people.office, office)
        assert "已通过核验" in main(login(people.judge))


@pytest.mark.parametrize("rows", [1, 3, 50])
@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("alice", "/desk/"), ("suzhou", "/desk/"), ("office", "/desk/"), ("judge", "/desk/"),
        ("analyst", "/desk/"), ("office", "/desk/numbers/"), ("office", "/desk/exits/"),
    ],
)  # fmt: skip
def test_queries_do_not_grow(login: Login, rows: int, name: str, page: str) -> None:
    people = cast()
    evidence = {"parts": {}, "words": []}
    for number in range(rows):
        need, made = listing(people.alice, published_at=days(-40)), offer(people.bob)
        Match.objects.create(
            need=need, offer=made, score=0.7, verified=True, rank_need=1, evidence=evidence
        )
        introduction(people.bob, offer(people.alice), expires_at=days(1))
        listing(people.alice, state="city_review")
        listing(people.carol, state="corridor_review")
        lead(SUZHOU, -1, f"公司{number}")
        ContentReport.objects.create(listing=need, why="false")
    client = login(getattr(people, name))
    client.get("/notices/")  # the session is written here, if at all
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    assert len(queries) <= 12, [query["sql"][:90] for query in queries]
    assert COUNTS.setdefault((name, page), len(queries)) == len(queries)


#: How many queries a desk took with few rows; with more it takes as many.
COUNTS: dict[tuple[str, str], int] = {}
