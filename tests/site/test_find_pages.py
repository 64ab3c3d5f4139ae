"""The pages of finding, by a browser without JavaScript: list, listing, pasted text, kept searches,
reports. What they show, to whom, and with how many queries."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from browsing import Fields
from cast import Cast, cast, listing
from django.core import mail
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.engine.factors import Range
from corridor.site.core.errors import Forbidden, Invalid, NotNow
from corridor.site.core.models import AuditEntry, Job, Party
from corridor.site.listings import reports, saved, search
from corridor.site.listings.filters import Filters
from corridor.site.listings.models import (
    Anonymity,
    ContentReport,
    Listing,
    ListingNamed,
    SavedSearch,
    State,
)
from corridor.site.listings.values import stored
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db
LIST = "/listings/"


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def public() -> Client:
    return Client()


def offered(of: Any, **given: Any) -> Listing:
    """An offer of a workshop, to be found."""
    values = {"area": Range.exactly(6000), "premises": frozenset({"single"})}
    made = listing(
        of, **{"side": "offer", "title": "单层厂房出租", "values": stored(values)} | given
    )
    search.index(made)
    return made


def html(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer
    return unescape(answer.content.decode())


# --- the list ---


def test_everyone_sees_their_own_market(people: Cast, public: Client, login: Any) -> None:
    titles = {}
    for state in State:
        for anonymity in Anonymity:
            titles[state, anonymity] = f"{state}的{anonymity}"
            made = offered(
                people.alice, state=state, anonymity=anonymity, title=titles[state, anonymity]
            )
            if anonymity == Anonymity.NAMED:
                ListingNamed.objects.create(listing=made, party_id=people.bob.party)
    out = titles[State.PUBLISHED, "public"], titles[State.PUBLISHED, "anonymous"]
    inner = (*out, titles[State.PUBLISHED, "corridor"])
    every = (*inner, titles[State.PUBLISHED, "named"])
    sees = {
        "alice": every, "bob": every, "carol": inner, "suzhou": every, "hefei": inner,
        "office": every, "judge": inner, "analyst": inner,
    }  # fmt: skip
    pages = {name: html(login(getattr(people, name)), LIST) for name in sees}
    for name, seen in {"": out, **sees}.items():
        page = pages[name] if name else html(public, LIST)
        assert {title for title in titles.values() if title in page} == set(seen), name
        assert f"找到 {len(seen)} 条" in page


def test_an_anonymous_listing_shows_its_outline(people: Cast, public: Client, login: Any) -> None:
    made = offered(people.alice, anonymity=Anonymity.ANONYMOUS)
    name = Party.objects.get(pk=people.alice.party).name
    for client in (public, login(people.bob), login(people.hefei)):
        for url in (LIST, made.get_absolute_url(), "/"):
            page = html(client, url)
            assert name not in page
            assert "苏州 · 企业" in page
    for client in (login(people.alice), login(people.suzhou), login(people.office)):
        assert name in html(client, LIST)


def test_no_page_holds_a_contact(people: Cast, public: Client, login: Any) -> None:
    made = offered(people.alice)
    clients = [public, *map(login, (people.alice, people.bob, people.suzhou, people.office))]
    for client in clients:
        for url in ("/", LIST, f"{LIST}?q=厂房", made.get_absolute_url()):
            page = html(client, url)
            for contact in ("13800001234", "王小明", "1391234"):
                assert contact not in page


@pytest.mark.parametrize("who", ["public", "bob", "office"])
@pytest.mark.parametrize(
    ("query", "queries"),
    [("", 3), ("?q=厂房", 3), ("?kind=space", 4), ("?kind=space&space.premises=single", 5)],
)
def test_queries_of_the_list_do_not_grow(
    people: Cast,
    login: Any,
    django_assert_num_queries: Any,
    who: str,
    query: str,
    queries: int,
) -> None:
    """Three for the list, one for the attributes of a kind, one for the other kinds."""
    client = Client() if who == "public" else login(getattr(people, who))
    own = 0 if who == "public" else 4  # session, user, memberships, notices
    for count in (1, 2, 47):  # 1, 3, 50 in all
        for _ in range(count):
            offered(people.alice)
        client.get(LIST + query)
        with django_assert_num_queries(queries + 1 + own):
            assert client.get(LIST + query).status_code == 200


def test_a_choice_leads_to_as_many_as_it_says(people: Cast, public: Client) -> None:
    for number in range(30):
        kind = ("space", "technology")[number % 2]
        offered(
            people.alice if number % 3 else people.bob,
            kind=kind,
            side=("need", "offer")[number % 5 == 0],
            deadline=date.today() + timedelta(days=number * 4),
            values={} if number % 4 else stored({"industry": frozenset({"C3973"})}),
        )
    seen = {LIST}
    todo = [LIST]
    while todo and len(seen) < 60:
        context = public.get(todo.pop(0)).context
        for facet in context["found"].facets.values():
            single = facet.name in ("side", "kind", "within")
            for option in facet.options:
                url = f"{LIST}{option.url}"
                if option.chosen or url in seen:
                    continue
                seen.add(url)
                todo.append(url)
                total = public.get(url).context["found"].total
                others = any(o.chosen for o in facet.options)
                if single or not others:
                    assert total == option.count, url
                else:
                    assert total >= option.count, url
    assert len(seen) > 40


def test_conditions_are_shown_and_taken_away_one_by_one(people: Cast, public: Client) -> None:
    offered(people.alice)
    url = (
        f"{LIST}?q=厂房&side=offer&kind=space&city=320500&within=30&industry=C39&space.area.lo=3000"
    )
    chips = public.get(url).context["chips"]
    words = [str(chip.label) for chip in chips]
    assert words == ["“厂房”", "供给", "空间", "苏州", "30 天内截止", words[5], "建筑面积 ≥3000 ㎡"]
    assert words[5].startswith("计算机、通信")
    asked = parse_qs(urlsplit(url).query)
    for chip, name in zip(
        chips, ["q", "side", "kind", "city", "within", "industry", "space.area.lo"], strict=True
    ):
        left = dict(asked)
        del left[name]
        if name == "kind":
            del left["space.area.lo"]
        assert parse_qs(urlsplit(chip.url).query) == left


def test_forms_carry_the_other_conditions_along(people: Cast, public: Client) -> None:
    offered(people.alice)
    page = html(public, f"{LIST}?q=厂房&side=offer&kind=space&space.area.lo=3000&sort=deadline")
    sent = Fields(page).data
    assert (sent["side"], sent["kind"], sent["sort"]) == ("offer", "space", "deadline")
    assert (sent["space.area.lo"], sent["q"]) == ("3000", "厂房")


def test_what_was_not_understood_is_said_and_the_rest_used(people: Cast, public: Client) -> None:
    offered(people.alice)
    page = html(public, f"{LIST}?side=offer&city=999999&within=abc&page=xyz&utm_source=wechat")
    assert "“999999”无法识别" in page and "“abc”无法识别" in page and "wechat”" not in page
    assert "找到 1 条" in page


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    query=st.dictionaries(
        st.sampled_from(
            ["q", "side", "kind", "city", "within", "sort", "page", "read", "space.area.lo"]
        ),
        st.text(max_size=30),
        max_size=5,
    )
)
def test_no_address_is_a_server_error(people: Cast, query: dict[str, str]) -> None:
    refused = any("\0" in value for value in query.values())
    assert Client().get(LIST, query).status_code in ((400,) if refused else (200, 302))


def test_html_in_what_was_typed_is_text(people: Cast, public: Client) -> None:
    evil = "<script>alert(1)</script>"
    offered(people.alice, title=evil, text=evil)
    made = Listing.objects.get(title=evil)
    for url in (f"{LIST}?q={evil}", made.get_absolute_url(), f"{LIST}?city={evil}"):
        assert evil not in public.get(url).content.decode()


def test_nothing_found_says_what_to_do(people: Cast, public: Client) -> None:
    offered(people.alice, title="独栋车间", text="")
    page = html(public, f"{LIST}?q=苏州厂房出租信息&side=offer")
    assert "没有同时符合这些条件的供需" in page
    assert "您是不是要找" in page and "city=320500" in page
    assert 'href="/listings/new/"' in page


# --- a pasted text ---

NEED = "我司计划在苏州租5000平以上单层厂房，净高8米以上，电话13812345678，请尽快联系"


def test_a_pasted_text_is_read_into_conditions(people: Cast, public: Client) -> None:
    high = Range.exactly(9)
    stated = {"area": Range.exactly(6000), "premises": frozenset({"single"}), "clear_height": high}
    offered(people.alice, title="合适", values=stored(stated | {"tenure": frozenset({"rent"})}))
    offered(people.alice, title="太小", values=stored(stated | {"area": Range.exactly(100)}))
    answer = public.post("/listings/read/", {"q": NEED, "scope": ""})
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert asked["side"] == ["offer"] and asked["kind"] == ["space"] and asked["city"] == ["320500"]
    assert asked["space.area.lo"] == ["5000"] and asked["space.clear_height.lo"] == ["8"]
    assert "138" not in answer["Location"]
    page = html(public, answer["Location"])
    assert "从您的文字读出" in page and "发布为需求" in page
    assert "合适" in page and "太小" not in page
    assert "13812345678" not in page and "138****5678" in page


def test_conditions_that_leave_nothing_are_left_out_and_named(people: Cast, public: Client) -> None:
    offered(people.alice)  # of no stated height, and not to rent
    answer = public.post("/listings/read/", {"q": NEED})
    page = html(public, answer["Location"])
    assert "没有全部符合的" in page and "净高" in page.split("没有全部符合的")[1][:80]
    assert "找到 1 条" in page


def test_a_few_words_are_looked_up_as_they_stand(public: Client, people: Cast) -> None:
    for text, query in (
        ("厂房", "q=%E5%8E%82%E6%88%BF"),
        ("苏州厂房", "q="),
        ("<b>&", "q=%3Cb%3E%26"),
    ):
        answer = public.post("/listings/read/", {"q": text, "scope": "need"})
        assert answer.status_code == 302 and query in answer["Location"]
        assert "side=need" in answer["Location"] and "read=1" not in answer["Location"]


def test_a_text_in_the_small_box_is_read_too(people: Cast, public: Client) -> None:
    offered(people.alice)
    answer = public.get(LIST, {"q": NEED, "side": "offer"})
    assert answer.status_code == 302 and "space.area.lo=5000" in answer["Location"]
    assert public.get(answer["Location"]).status_code == 200


def test_a_text_too_long_to_read_is_refused_kindly(public: Client, people: Cast) -> None:
    for text, said in (
        ("厂房" * 3000, "最多 2000 字，现在 6000 字"),
        ("唔" * 101, "没有从这段文字读出"),
    ):
        assert said in html(public, public.post("/listings/read/", {"q": text})["Location"])
    assert "搜索词最多 100 字" in html(public, f"{LIST}?q={'唔' * 101}")


# --- a listing ---


@pytest.mark.parametrize(
    ("who", "queries"), [("public", 1), ("alice", 6), ("bob", 7), ("suzhou", 6), ("office", 6)]
)
def test_queries_of_a_listing(
    people: Cast, login: Any, django_assert_num_queries: Any, who: str, queries: int
) -> None:
    made = offered(people.alice)
    client = Client() if who == "public" else login(getattr(people, who))
    client.get(made.get_absolute_url())
    with django_assert_num_queries(queries):
        client.get(made.get_absolute_url())


def test_a_listing_says_all_it_states_in_words(people: Cast, public: Client) -> None:
    values = {"area": Range.between(3000, 5000), "premises": frozenset({"single"}),
              "clear_height": Range.between(8, None), "crane": Range.exactly(1)}  # fmt: skip
    made = listing(people.alice, values=stored(values), flexible=["clear_height"])
    page = html(public, made.get_absolute_url())
    for said in (
        "3000~5000 ㎡",
        "单层厂房",
        "≥8 米",
        "可商量",
        "硬性",
        "求租带行车的单层厂房",
        made.ref,
    ):
        assert said in page
    assert "苏州澄源精密有限公司" in page and "双方都同意对接后" in page
    assert f"{made.get_absolute_url()}" in page and 'class="qr m"' in page
    assert "修订" not in page and "下架" not in page and "举报这条信息" in page


def test_only_its_own_and_its_reviewers_see_one_that_is_not_published(
    people: Cast, public: Client, login: Any
) -> None:
    for state, sees in (
        (State.DRAFT, {"alice"}),
        (State.CITY_REVIEW, {"alice", "suzhou", "office"}),
    ):
        made = listing(people.alice, state=state)
        for name in ("alice", "bob", "carol", "suzhou", "hefei", "office", "judge", "analyst"):
            html(
                login(getattr(people, name)), made.get_absolute_url(), 200 if name in sees else 404
            )
        html(public, made.get_absolute_url(), 404)
    html(public, "/listings/LNOTHERE0/", 404)


def test_its_party_and_its_reviewers_have_their_buttons(people: Cast, login: Any) -> None:
    made = offered(people.alice)
    own = html(login(people.alice), made.get_absolute_url())
    for name in ("revise", "renew", "close", "versions"):
        assert f"/listings/{made.ref}/{name}/" in own
    for actor in (people.suzhou, people.office):
        assert f"/listings/{made.ref}/hide/" in html(login(actor), made.get_absolute_url())
    other = html(login(people.hefei), made.get_absolute_url())
    assert "/hide/" not in other and "/revise/" not in other


# --- kept searches ---


def keep(people: Cast, **asked: Any) -> SavedSearch:
    kept = saved.save(people.bob, "厂房", Filters(**asked))
    SavedSearch.objects.filter(pk=kept.pk).update(seen_until=timezone.now() - timedelta(days=1))
    return kept


def test_a_search_is_kept_and_forgotten(people: Cast, login: Any) -> None:
    bob = login(people.bob)
    offered(people.alice)
    page = html(bob, f"{LIST}?kind=space&side=offer")
    sent = Fields(page).data
    answer = bob.post("/listings/saved/", sent | {"name": "苏州 空间"}, follow=True)
    assert "已保存“苏州 空间”" in answer.content.decode()
    kept = SavedSearch.objects.get()
    assert (kept.query, kept.user_id, kept.party_id) == (
        "side=offer&kind=space", people.bob.user, people.bob.party,
    )  # fmt: skip
    bob.post("/listings/saved/", sent | {"name": "再一次"})
    assert SavedSearch.objects.count() == 1
    assert login(people.carol).post(f"/listings/saved/{kept.pk}/forget/").status_code == 404
    bob.post(f"/listings/saved/{kept.pk}/forget/")
    assert not SavedSearch.objects.exists()


def test_nobody_keeps_everything_or_too_much(people: Cast) -> None:
    with pytest.raises(Invalid, match="先选定"):
        saved.save(people.bob, "全部", Filters(sort="newest"))
    with pytest.raises(Invalid, match="起个名字"):
        saved.save(people.bob, " ", Filters(kind="space"))
    with pytest.raises(Forbidden):
        saved.save(type(people.bob)(), "x", Filters(kind="space"))
    for number in range(saved.MOST):
        saved.save(people.bob, f"第 {number}", Filters(q=f"词{number}"))
    with pytest.raises(Invalid, match="最多保存 20 个"):
        saved.save(people.bob, "又一个", Filters(q="又一个"))
    assert saved.save(people.carol, "13812345678", Filters(q="厂房")).name == "138****5678"


def test_new_finds_are_told_once_and_only_what_one_may_see(people: Cast) -> None:
    keep(people, kind="space", side="offer")
    before = timezone.now() - timedelta(hours=1)
    for anonymity in (Anonymity.PUBLIC, Anonymity.CORRIDOR, Anonymity.NAMED):
        offered(people.alice, anonymity=anonymity, published_at=before)
    offered(people.alice, published_at=timezone.now() - timedelta(days=2))
    offered(people.alice, kind="capital", values={}, published_at=before)
    offered(people.alice, state=State.HIDDEN, published_at=before)
    offered(people.bob, published_at=before)
    assert saved.tell_finds() == 1
    notice = Notice.objects.get(kind="search.found")
    assert (notice.user_id, notice.params) == (people.bob.user, {"name": "厂房", "n": 2})
    assert notice.text == "您保存的搜索“厂房”有 2 条新发布"
    assert notice.url == "/listings/?side=offer&kind=space"
    assert saved.tell_finds() == 0
    assert saved.tell_finds(timezone.now() + timedelta(days=1)) == 0


def test_what_is_published_during_a_look_is_told_at_the_next(people: Cast) -> None:
    keep(people, kind="space")
    offered(people.alice, published_at=timezone.now() - timedelta(seconds=5))
    assert saved.tell_finds() == 0
    assert saved.tell_finds(timezone.now() + timedelta(hours=1)) == 1


def test_who_left_the_party_is_told_nothing(people: Cast) -> None:
    keep(people, kind="space")
    offered(people.alice, published_at=timezone.now() - timedelta(hours=1))
    people.user("bob").memberships.update(ended_at=timezone.now())
    assert saved.tell_finds() == 0 and not Notice.objects.exists() and not mail.outbox


def test_the_site_looks_daily() -> None:
    from corridor.site.core import jobs

    jobs.queue_periodic()
    assert Job.objects.filter(kind="listings.finds").count() == 1


# --- reports ---


def test_anyone_reports_and_the_city_decides(people: Cast, public: Client, login: Any) -> None:
    made = offered(people.alice)
    url = f"/listings/{made.ref}/report/"
    form = Fields(html(public, url)).data
    sent = form | {"why": "contact", "note": "写了电话 13812345678"}
    answer = public.post(url, sent, follow=True)
    assert "已收到，谢谢" in answer.content.decode()
    public.post(url, sent)  # a second tap
    found = ContentReport.objects.get()
    assert found.note == "写了电话 138****5678" and found.party_id is None
    told = set(Notice.objects.filter(kind="listing.reported").values_list("user", flat=True))
    assert told == {people.suzhou.user, people.office.user}
    queue = html(login(people.suzhou), "/listings/reports/")
    assert "单层厂房出租" in queue and "还剩 1 天" in queue and "13812345678" not in queue
    assert "没有待处理的举报" in html(login(people.hefei), "/listings/reports/")
    html(login(people.alice), "/listings/reports/", 403)
    decide = f"/listings/reports/{found.pk}/"
    assert login(people.hefei).post(decide, {"answer": "x", "verdict": "hide"}).status_code == 404
    assert login(people.suzhou).post(decide, {"answer": "", "verdict": "hide"}).status_code == 422
    login(people.suzhou).post(decide, {"answer": "含联系方式", "verdict": "hide"})
    made.refresh_from_db()
    found.refresh_from_db()
    assert made.state == State.HIDDEN and found.upheld is True
    html(public, made.get_absolute_url(), 404)
    assert Notice.objects.filter(kind="listing.hidden", user=people.alice.user).exists()
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["listing.report", "listing.hide", "report.uphold"]
    again = login(people.office).post(decide, {"answer": "再来", "verdict": "keep"})
    assert again.status_code == 409


def test_a_report_that_is_wrong_leaves_the_listing(people: Cast) -> None:
    made = offered(people.alice)
    found = reports.report(people.bob, made, "false", "")
    assert found.party_id == people.bob.party
    with pytest.raises(Forbidden):
        reports.dismiss(people.hefei, found, "不归我管")
    reports.dismiss(people.office, found, "核实无误")
    with pytest.raises(NotNow):
        reports.uphold(people.suzhou, found, "还是要下架")
    made.refresh_from_db()
    assert made.state == State.PUBLISHED


@pytest.mark.parametrize(("why", "note"), [("nonsense", ""), ("other", " "), ("false", "长" * 401)])
def test_a_report_says_what_is_wrong_with_it(
    people: Cast, public: Client, why: str, note: str
) -> None:
    made = offered(people.alice)
    answer = public.post(f"/listings/{made.ref}/report/", {"why": why, "note": note})
    assert answer.status_code == 422 and not ContentReport.objects.exists()
    with pytest.raises(Invalid):
        reports.report(people.bob, made, why, note)


def test_reports_are_limited_by_address(people: Cast, public: Client) -> None:
    made = offered(people.alice)
    url = f"/listings/{made.ref}/report/"
    codes = [public.post(url, {"why": "false", "note": f"{n}"}).status_code for n in range(11)]
    assert codes == [302] * 10 + [429]


def test_what_one_may_not_see_one_cannot_report(people: Cast, public: Client) -> None:
    for fields in (
        {"state": State.DRAFT},
        {"anonymity": Anonymity.NAMED},
        {"state": State.EXPIRED},
    ):
        made = offered(people.alice, **fields)
        url = f"/listings/{made.ref}/report/"
        assert public.post(url, {"why": "false", "note": ""}).status_code == 404


# --- in a browser ---


@pytest.mark.parametrize("javascript", [True, False])
def test_choices_cards_and_forms_lead_where_they_say(
    people: Cast, new_page: Any, javascript: bool
) -> None:
    for number in range(14):
        offered(people.alice if number % 2 else people.bob, title=f"厂房 {number}")
    made = listing(people.alice, title="求租厂房")
    search.index(made)
    page = new_page(width=390 if javascript else 1280, javascript=javascript)
    page.goto(LIST)
    page.get_by_role("link", name="供给 14").click()
    page.wait_for_url("**side=offer*")
    page.get_by_role("heading", name="找到 14 条").wait_for()
    page.get_by_role("link", name="空间 14").click()
    page.wait_for_url("**kind=space*")
    page.get_by_role("link", name="下一页").click()
    page.wait_for_url("**page=2*")
    assert page.get_by_role("article").count() == 2
    if javascript:
        page.get_by_text("筛选", exact=True).click()
    page.get_by_role("link", name="苏州 7").click()
    page.wait_for_url("**city=320500*")
    assert page.get_by_role("article").count() == 7
    page.get_by_role("searchbox").fill("厂房 11")
    page.get_by_role("button", name="搜索").click()
    page.wait_for_url("**q=*")
    assert "city=320500" in page.url and page.get_by_role("article").count() == 1
    page.get_by_role("link", name="厂房 11", exact=True).click()
    page.wait_for_url(f"**{LIST}L*/")
    assert page.get_by_role("heading", level=1).inner_text() == "厂房 11"
    page.go_back()
    assert page.get_by_role("article").count() == 1


def test_a_text_is_pasted_on_a_phone(people: Cast, new_page: Any) -> None:
    offered(people.alice)
    page = new_page(width=390)
    page.goto("/")
    page.get_by_role("textbox").fill(NEED)
    page.get_by_role("button", name="搜索").click()
    page.wait_for_url("**read=1*")
    page.get_by_role("link", name="移除 苏州").click()
    page.wait_for_url(lambda url: "city" not in url)
    assert "从您的文字读出" not in page.inner_text("main")
    assert page.get_by_role("article").count() == 1
