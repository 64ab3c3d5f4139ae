"""The five core flows in a real browser: by keyboard alone, and on a phone without JavaScript."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from cast import Cast, cast, listing
from django.contrib.sessions.models import Session
from django.core.cache import cache
from hands import Finger, Keys

from corridor.site.core.models import User
from corridor.site.docking import actions as docking
from corridor.site.docking.models import Introduction
from corridor.site.leads import gate
from corridor.site.leads.models import Lead
from corridor.site.listings import search
from corridor.site.listings.models import Listing, State

PASSWORD = "Zou-Lang-2026-九城"
TEXT = "我司急需在苏州租3000到5000平单层厂房，层高8米以上，带10吨行车。"
PRIMARY = "main form .button.primary"
Hand = Keys | Finger
Use = Callable[..., Hand]


@pytest.fixture
def people(site: str) -> Cast:
    return cast()


@pytest.fixture(params=[Keys, Finger], ids=["keyboard", "phone without JavaScript"])
def use(request: Any, new_page: Any) -> Use:
    """``use(user, url)``: a hand on a page that someone has opened."""

    def used(user: User | None, url: str) -> Hand:
        way = request.param
        page = new_page(user, width=way.width, javascript=way.javascript)
        page.goto(url)
        hand: Hand = way(page)
        return hand

    return used


def test_a_need_is_published(people: Cast, use: Use) -> None:
    alice = use(people.user("alice"), "/listings/new/")
    alice.type("[name=text]", TEXT)
    alice.go(PRIMARY)
    alice.go(PRIMARY)
    alice.type("[name=contact_name]", "王小明")
    alice.type("[name=contact_phone]", "13800001234")
    alice.tick("[name=agreed]")
    alice.go("[name=submit]")
    assert alice.page.url.endswith("/listings/mine/")
    one = Listing.objects.get()
    assert one.state == State.CITY_REVIEW
    for name, state in (("suzhou", State.CORRIDOR_REVIEW), ("office", State.PUBLISHED)):
        officer = use(people.user(name), "/listings/review/")
        officer.go(f"a[href='/listings/review/{one.ref}/']")
        officer.go("[name=pass]")
        one.refresh_from_db()
        assert one.state == state
    visitor = use(None, "/")
    visitor.go(f"main a[href='/listings/{one.ref}/']")
    assert one.title in visitor.page.locator("h1").inner_text()


def test_the_market_is_searched_from_the_home_page(people: Cast, use: Use) -> None:
    wanted = listing(people.alice, title="求租激光焊接车间")
    listing(people.bob, side="offer", title="激光焊接设备共享", kind="instrument", values={})
    listing(people.carol, title="求租冷库")
    search.index_all()
    visitor = use(None, "/")
    visitor.type("#q", "激光焊接")
    visitor.go("form[role=search] button")
    page = visitor.page
    assert page.locator("#found .grid h3").count() == 2
    visitor.go("#found a.chip[href*='kind=space']")
    page.get_by_role("heading", name=wanted.title).wait_for()
    assert page.locator("#found .grid h3").count() == 1
    assert "kind=space" in page.url
    visitor.go(f"#found a[href='/listings/{wanted.ref}/']")
    assert page.locator("h1").inner_text() == wanted.title


def test_an_introduction_is_asked_for_and_accepted(people: Cast, use: Use) -> None:
    listing(people.alice)
    offer = listing(people.bob, side="offer", title="出租单层厂房", contact_phone="13800002222")
    alice = use(people.user("alice"), offer.get_absolute_url())
    alice.go("main a[href*='/introductions/new/']")
    alice.choose("cooperation", "lease")
    alice.type("[name=question]", "何时可以看厂房？")
    alice.tick("[name=agreed]")
    alice.go(PRIMARY)
    one = Introduction.objects.get()
    bob = use(people.user("bob"), "/introductions/")
    bob.go(f"main a[href='{one.get_absolute_url()}']")
    bob.tick("form[action$='/accept/'] [name=agreed]")
    bob.go("form[action$='/accept/'] button")
    alice.page.goto(one.get_absolute_url())
    assert "13800002222" not in alice.page.content()
    alice.type("form[action$='/contacts/'] [name=purpose]", "约看厂房")
    alice.go("form[action$='/contacts/'] button")
    assert "13800002222" in alice.page.locator("main").inner_text()


def test_a_lead_is_reported_and_worked(
    people: Cast, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "FASTEST_SECONDS", 0)  # a person would take longer than this
    visitor = use(None, "/leads/new/")
    visitor.type("[name=need]", TEXT)
    visitor.choose("wish", "320500")
    visitor.go(PRIMARY)
    for name, text in (
        ("company", "苏州澜汐精密科技有限公司"), ("contact_name", "周明远"), ("phone", "13911112222"),
    ):  # fmt: skip
        visitor.type(f"[name={name}]", text)
    visitor.tick("[name=agreed]")
    visitor.go(PRIMARY)
    lead = Lead.objects.get()
    assert lead.ref in visitor.page.locator("main").inner_text()
    officer = use(people.user("suzhou"), "/leads/")
    officer.go(f"main a[href='/leads/{lead.ref}/']")
    form = "form[action$='/{}/']"
    reveal = form.format("reveal")
    officer.open(f"details:has({reveal}) > summary")
    officer.type(f"{reveal} [name=purpose]", "联系企业")
    officer.go(f"{reveal} button")
    assert "13911112222" in officer.page.locator("main").inner_text()
    officer.go(f"main a[href='/leads/{lead.ref}/']")
    officer.type(f"{form.format('contact')} [name=text]", "已通话，周三来访")
    officer.go(f"{form.format('contact')} button")
    lead.refresh_from_db()
    assert lead.contacted_at is not None
    visitor.page.goto("/leads/status/")
    visitor.type("[name=ref]", lead.ref)
    visitor.type("[name=four]", "2222")
    visitor.go(PRIMARY)
    assert lead.ref in visitor.page.locator("main").inner_text()


def test_logging_in_with_a_code_and_ending_another_session(people: Cast, use: Use) -> None:
    user, secret = people.user("suzhou"), totp.generate_totp_secret()
    user.set_password(PASSWORD)
    user.save()
    totp.TOTP.activate(user, secret)

    def logged_in() -> Hand:
        hand = use(None, "/account/login/")
        hand.type("[name=login]", "suzhou")
        hand.type("[name=password]", PASSWORD)
        hand.go(PRIMARY)
        cache.clear()  # a code is good once, and both log in within its half minute
        counter = next(iter(totp.yield_hotp_counters_from_time()))
        hand.type("[name=code]", totp.format_hotp_value(totp.hotp_value(secret, counter)))
        hand.go(PRIMARY)
        assert hand.page.url.endswith("/desk/")
        return hand

    elsewhere, here = logged_in(), logged_in()
    here.page.goto("/account/sessions/")
    here.go("main form[action$='/end/'] button")
    elsewhere.page.goto("/desk/")
    assert "/account/login/" in elsewhere.page.url
    here.page.goto("/desk/")
    assert here.page.url.endswith("/desk/")


# --- what goes wrong on the way ---


def ready_to_ask(people: Cast, use: Use) -> Hand:
    """Alice, about to ask Bob about his offer."""
    listing(people.alice)
    offer = listing(people.bob, side="offer", title="出租单层厂房")
    alice = use(people.user("alice"), f"/introductions/new/{offer.ref}/")
    alice.choose("cooperation", "lease")
    alice.type("[name=question]", "何时可以看厂房？")
    alice.tick("[name=agreed]")
    return alice


def test_sending_a_slow_form_twice_does_it_once(
    people: Cast, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = docking.ask

    def slow(*given: Any, **more: Any) -> Introduction:
        time.sleep(0.7)
        return ask(*given, **more)

    monkeypatch.setattr(docking, "ask", slow)
    alice = ready_to_ask(people, use)
    alice.page.locator(PRIMARY).dblclick()
    alice.page.wait_for_url(re.compile(r"/introductions/L"))
    assert Introduction.objects.count() == 1


def test_going_back_and_sending_again_does_no_harm(people: Cast, use: Use) -> None:
    alice = ready_to_ask(people, use)
    alice.go(PRIMARY)
    first = alice.page.url
    alice.page.go_back()
    assert "/introductions/new/" in alice.page.url
    alice.type("[name=question]", "何时可以看厂房？")
    alice.go(PRIMARY)
    assert Introduction.objects.count() == 1
    alice.page.goto(first)
    assert alice.page.locator("main form[action$='/withdraw/']").count() == 1


@pytest.mark.parametrize("field", ["text", "contact_name"])
def test_what_was_typed_outlives_the_session(people: Cast, use: Use, field: str) -> None:
    user = people.user("alice")
    user.set_password(PASSWORD)
    user.save()
    draft = listing(people.alice, state=State.DRAFT, published_at=None, expires_on=None)
    url = "/listings/new/" if field == "text" else f"/listings/{draft.ref}/edit/3/"
    words = TEXT if field == "text" else "李想起"
    alice = use(user, url)
    alice.type(f"[name={field}]", words)
    Session.objects.all().delete()
    alice.go(PRIMARY)
    assert "/account/login/" in alice.page.url
    alice.type("[name=login]", "alice")
    alice.type("[name=password]", PASSWORD)
    alice.go(PRIMARY)
    assert alice.page.url.endswith(url)
    assert alice.page.locator(f"[name={field}]").input_value() == words
