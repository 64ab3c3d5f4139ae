"""The list of the market, by a browser without JavaScript."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from browsing import Fields
from cast import Cast
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from market_pages import LIST, html, offered

from corridor.site.core.models import Party
from corridor.site.listings.models import Anonymity, Listing, ListingNamed, State
from corridor.site.listings.values import stored

pytestmark = pytest.mark.django_db


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
        with django_assert_num_queries(queries + 2 + own):
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
