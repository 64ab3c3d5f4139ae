"""The review desk: the queue, what to check, the decision, and two officers at once."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from browsing import Fields, queries
from cast import Cast, listing
from django.db import connection
from django.test import Client
from django.utils import timezone

from corridor.site.core.errors import NotNow
from corridor.site.core.models import AuditEntry, Job, Party
from corridor.site.listings import actions, content
from corridor.site.listings.models import Listing, Review, State
from corridor.site.listings.promises import promises
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau(people: Cast, login: Any) -> Client:
    return login(people.suzhou)


@pytest.fixture
def office(people: Cast, login: Any) -> Client:
    return login(people.office)


def waiting(people: Cast, minutes: int = 0, **given: Any) -> Listing:
    """A listing that has waited for its bureau."""
    at = timezone.now() - timedelta(minutes=minutes)
    fields = {"state": State.CITY_REVIEW, "published_at": None, "changed_at": at} | given
    return listing(people.alice, **fields)


def url_of(one: Listing) -> str:
    return f"/listings/review/{one.ref}/"


def test_the_queue_holds_what_waits_here_longest_first(
    people: Cast, bureau: Client, office: Client, login: Any
) -> None:
    young, old = waiting(people, 5, title="新来的"), waiting(people, 500, title="早来的")
    next_stage = waiting(people, 50, title="过了一审", state=State.CORRIDOR_REVIEW)
    listing(people.bob, state=State.CITY_REVIEW, title="合肥的")
    listing(people.alice, state=State.DRAFT, title="没写完")
    page = bureau.get("/listings/review/").content.decode()
    assert page.index(old.title) < page.index(young.title)
    assert "8 小时" in page
    assert not any(words in page for words in ("过了一审", "合肥的", "没写完"))
    page = office.get("/listings/review/").content.decode()
    assert next_stage.title in page and old.title not in page
    for who in (people.alice, people.judge, people.analyst):
        assert login(who).get("/listings/review/").status_code == 403
    assert login(people.hefei).get(url_of(old)).status_code == 404


def test_from_submission_to_the_market(people: Cast, bureau: Client, office: Client) -> None:
    one = waiting(people)
    data = Fields(bureau.get(url_of(one)).content.decode()).data
    assert (
        bureau.post(url_of(one), {**data, "pass": "1"}).headers["Location"] == "/listings/review/"
    )
    one.refresh_from_db()
    assert one.state == State.CORRIDOR_REVIEW
    office.post(url_of(one), {"version": "1", "pass": "1"})
    one.refresh_from_db()
    assert one.state == State.PUBLISHED and one.published_at is not None
    assert Listing.objects.visible_to(people.bob).get() == one
    assert Job.objects.filter(kind="docking.match", key="space").exists()
    decided = Review.objects.order_by("id").values_list("stage", "passed", "user")
    assert list(decided) == [
        ("city", True, people.suzhou.user),
        ("corridor", True, people.office.user),
    ]
    told = list(Notice.objects.order_by("id").values_list("kind", "user"))
    assert told == [
        ("listing.submitted", people.office.user),
        ("listing.passed_city", people.alice.user),
        ("listing.published", people.alice.user),
    ]


def test_after_a_decision_comes_the_next_in_the_queue(people: Cast, bureau: Client) -> None:
    first, second = waiting(people, 90), waiting(people, 60)
    answer = bureau.post(url_of(first), {"version": "1", "pass": "1"})
    assert answer.headers["Location"] == url_of(second)
    said = {"version": "1", "reasons": ["vague"], "note": "请写明面积"}
    assert bureau.post(url_of(second), said).headers["Location"] == "/listings/review/"


def test_returning_says_why_and_the_party_reads_it(
    people: Cast, bureau: Client, login: Any
) -> None:
    one = waiting(people)
    assert bureau.post(url_of(one), {"version": "1"}).status_code == 422
    assert bureau.post(url_of(one), {"version": "1", "reasons": ["other"]}).status_code == 422
    assert bureau.post(url_of(one), {"version": "1", "reasons": ["rude"]}).status_code == 422
    assert Review.objects.count() == 0
    said = {"version": "1", "reasons": ["vague", "promise"], "note": "面积和用途写清楚"}
    bureau.post(url_of(one), said)
    one.refresh_from_db()
    assert one.state == State.RETURNED
    review = Review.objects.get()
    assert (review.reasons, review.reason, review.version) == (
        ["vague", "promise"],
        said["note"],
        1,
    )
    notice = Notice.objects.get()
    assert notice.user_id == people.alice.user and "面积和用途写清楚" in notice.text
    assert notice.url == f"/listings/{one.ref}/edit/2/"
    alice = login(people.alice)
    page = alice.get(f"/listings/{one.ref}/versions/").content.decode()
    assert "描述不清" in page and "面积和用途写清楚" in page
    assert "按意见修改" in alice.get("/listings/mine/").content.decode()
    assert "面积和用途写清楚" in alice.get(f"/listings/{one.ref}/edit/2/").content.decode()


def test_the_second_of_two_officers_is_told_who_was_first(
    people: Cast, bureau: Client, login: Any
) -> None:
    one = waiting(people)
    data = Fields(bureau.get(url_of(one)).content.decode()).data
    actions.pass_city(people.suzhou, Listing.objects.get(pk=one.pk), version=1)
    for decision in ({"pass": "1"}, {"reasons": ["vague"]}):
        answer = bureau.post(url_of(one), {**data, **decision})
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "Suzhou已于" in page and "通过了这条信息" in page
    assert Review.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_officers_who_decide_at_once_one_decides(people: Cast) -> None:
    one = waiting(people)
    came: list[str] = []
    ready = threading.Barrier(6)

    def decide(number: int) -> None:
        ready.wait()
        try:
            if number % 2:
                actions.pass_city(people.suzhou, one, version=1)
            else:
                actions.return_(people.suzhou, one, ["vague"], version=1)
            came.append("done")
        except NotNow:
            came.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["done", *["late"] * 5]
    assert Review.objects.count() == AuditEntry.objects.count() == 1


def test_a_decision_on_what_has_changed_meanwhile_is_refused(people: Cast, bureau: Client) -> None:
    one = waiting(people)
    Review.objects.create(listing=one, stage="city", passed=False, version=1)
    Listing.objects.filter(pk=one.pk).update(version=2)
    answer = bureau.post(url_of(one), {"version": "1", "pass": "1"})
    assert answer.status_code == 409 and "第 1 版" in answer.content.decode()
    for forged in ("", "x", "9" * 30, "-1"):
        assert bureau.post(url_of(one), {"version": forged, "pass": "1"}).status_code == 409
    assert bureau.post(url_of(one), {"version": "2", "pass": "1"}).status_code == 302


def test_one_press_verifies_the_party_too(people: Cast, bureau: Client, office: Client) -> None:
    Party.objects.filter(pk=people.alice.party).update(verified_at=None)
    one = waiting(people)
    page = bureau.get(url_of(one)).content.decode()
    assert "主体还没有核验" in page and 'name="verify"' in page
    bureau.post(url_of(one), {"version": "1", "pass": "1"})
    assert Party.objects.get(pk=people.alice.party).verified_at is None
    answer = office.post(url_of(one), {"version": "1", "pass": "1"})
    assert answer.status_code == 409 and "核验" in answer.content.decode()
    office.post(url_of(one), {"version": "1", "pass": "1", "verify": "1"})
    assert Party.objects.get(pk=people.alice.party).verified_at is not None
    assert 'name="verify"' not in bureau.get(url_of(waiting(people))).content.decode()


def test_a_bureau_does_not_verify_a_party_of_another_city(people: Cast, login: Any) -> None:
    Party.objects.filter(pk=people.alice.party).update(verified_at=None)
    there = waiting(people, city="340100")
    hefei = login(people.hefei)
    assert 'name="verify"' not in hefei.get(url_of(there)).content.decode()
    answer = hefei.post(url_of(there), {"version": "1", "pass": "1", "verify": "1"})
    assert answer.status_code == 403
    assert Review.objects.count() == 0


def test_what_to_check_is_said_first(people: Cast, bureau: Client) -> None:
    text = "入驻企业税收前三年全额返还，电话139****5678。"
    one = waiting(people, text=text)
    listing(people.carol, title=one.title)
    page = bureau.get(url_of(one)).content.decode()
    for words in ("税收前三年全额返还", "第783号", "写过联系方式", "可能重复发布", "主体已核验"):
        assert words in page
    assert "138****1234" in page and "13800001234" not in page


PROMISES = [
    ("落户企业税收返还50%", ["税收返还"]),
    ("按地方留成部分的80%返还给企业", ["地方留成部分的80%返还"]),
    ("增值税、所得税地方财力部分先征后返", ["增值税、所得税地方财力部分先征后返"]),
    ("提供返税政策，零地价供地", ["返税", "零地价"]),
    ("享受两免三减半", ["两免三减半"]),
    ("按纳税额给予奖励", ["纳税额给予奖励"]),
]
HARMLESS = [
    "本公司主营出口退税代理服务",
    "软件产品增值税即征即退由税务部门按规定办理",
    "我局不承诺税收返还，也没有财政返还",
    "亩均税收不低于20万元",
    "年纳税500万元，诚信返还押金",
    "严禁以任何形式返税",
    "财政部门备案，奖励研发投入",
]


@pytest.mark.parametrize(("text", "found"), PROMISES)
def test_promises_of_rebates_are_found(text: str, found: list[str]) -> None:
    assert promises(text) == found


@pytest.mark.parametrize("text", HARMLESS)
def test_what_the_law_grants_or_denies_is_no_promise(text: str) -> None:
    assert promises(text) == []


def test_a_revision_shows_what_it_changed(people: Cast, bureau: Client) -> None:
    one = listing(people.alice)
    now = content.of(one)
    actions.revise(people.alice, one, replace(now, title="换了标题"), agreed="同意")
    page = bureau.get(url_of(one)).content.decode()
    assert "第 2 版改了什么" in page and now.title in page and "换了标题" in page


def test_what_is_decided_leads_to_the_listing(people: Cast, bureau: Client) -> None:
    one = listing(people.alice)
    assert bureau.get(url_of(one)).headers["Location"] == f"/listings/{one.ref}/"


def test_pages_take_as_many_queries_whatever_their_length(people: Cast, bureau: Client) -> None:
    taken = []
    for more in (1, 2, 27):
        made = [waiting(people) for _ in range(more)]
        taken.append((queries(bureau, "/listings/review/"), queries(bureau, url_of(made[0]))))
    assert len(set(taken)) == 1 and max(taken[0]) <= 12, taken


def test_reading_a_review_page_changes_nothing(people: Cast, bureau: Client) -> None:
    one = waiting(people)
    before = Listing.objects.values().get(pk=one.pk), AuditEntry.objects.count()
    bureau.get(url_of(one))
    assert (Listing.objects.values().get(pk=one.pk), AuditEntry.objects.count()) == before
