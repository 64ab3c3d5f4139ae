"""The market in a real browser: choices, cards and forms lead where they say."""

from __future__ import annotations

from typing import Any

import pytest
from cast import Cast, listing
from market_pages import LIST, offered
from playwright.sync_api import expect

from corridor.site.listings import search

pytestmark = pytest.mark.django_db


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
    expect(page.get_by_role("article")).to_have_count(2)
    if javascript:
        page.get_by_text("筛选", exact=True).click()
    page.get_by_role("link", name="苏州 7").click()
    page.wait_for_url("**city=320500*")
    expect(page.get_by_role("article")).to_have_count(7)
    page.get_by_role("searchbox").fill("厂房 11")
    page.get_by_role("button", name="搜索").click()
    page.wait_for_url("**q=*")
    assert "city=320500" in page.url
    expect(page.get_by_role("article")).to_have_count(1)
    page.get_by_role("link", name="厂房 11", exact=True).click()
    page.wait_for_url(f"**{LIST}L*/")
    assert page.get_by_role("heading", level=1).inner_text() == "厂房 11"
    page.go_back()
    expect(page.get_by_role("article")).to_have_count(1)
