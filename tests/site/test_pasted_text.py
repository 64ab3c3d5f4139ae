"""A pasted text is read into conditions."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cast import Cast
from django.test import Client
from market_pages import LIST, NEED, html, offered

from corridor.engine.factors import Range
from corridor.site.listings.values import stored

pytestmark = pytest.mark.django_db


# --- a pasted text ---


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


# --- in a browser ---


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
