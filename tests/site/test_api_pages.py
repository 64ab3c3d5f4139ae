"""The page of programs: tokens and secrets shown once, each party its own, usable on a phone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from cast import Cast, cast
from django.urls import reverse
from django.utils import timezone

from corridor.site.api import hooks, tokens
from corridor.site.api.models import ApiToken, Delivery, Webhook
from corridor.site.core.models import Membership

PAGE = "/programs/"
HOOK = "https://example.org/hook"


@pytest.fixture
def people(db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr("corridor.site.api.hooks.check", lambda url: ["93.184.216.34"])
    return cast()


def delivery(hook: Webhook, **given: Any) -> Delivery:
    """An event that nobody took."""
    now = timezone.now()
    fields = {"entry": 1, "verb": "listing.publish", "thing": "listing:L1", "at": now, "since": now,
              "next_at": now, "state": "given_up", "attempts": 9, "status": "HTTP 500"}  # fmt: skip
    return Delivery.objects.create(webhook=hook, **fields | given)


def test_only_managers_see_the_page(people: Cast, login: Any, client: Any) -> None:
    assert client.get(PAGE).status_code == 302
    assert login(people.alice).get(PAGE).status_code == 200
    for actor in (people.carol, people.office, people.judge):
        assert login(actor).get(PAGE).status_code == 403
        assert login(actor).post(PAGE, {"name": "x"}).status_code == 403
        assert login(actor).post("/programs/webhooks/", {"url": HOOK}).status_code == 403
    assert not ApiToken.objects.exists()
    assert not Webhook.objects.exists()


def test_a_token_is_shown_once(people: Cast, login: Any) -> None:
    alice = login(people.alice)
    made = alice.post(PAGE, {"name": "招商系统"})
    text = re.search(r"crd_[\w-]{43}", made.content.decode())
    assert text is not None
    assert "no-store" in made["Cache-Control"]
    assert ApiToken.objects.get().digest == tokens.digest(text.group())
    again = alice.get(PAGE).content.decode()
    assert "招商系统" in again
    assert text.group() not in again


def test_what_is_typed_wrong_is_said_at_the_field(
    people: Cast, login: Any, monkeypatch: Any
) -> None:
    alice = login(people.alice)
    assert alice.post(PAGE, {"name": " "}).status_code == 422
    monkeypatch.undo()
    for url in ("http://127.0.0.1/", "moon", "https://[::1]/"):
        said = alice.post("/programs/webhooks/", {"url": url})
        assert said.status_code == 422
        assert 'aria-invalid="true"' in said.content.decode()
    assert alice.get("/programs/webhooks/").status_code == 302


def test_a_webhooks_secret_is_shown_once_and_it_is_ended(people: Cast, login: Any) -> None:
    alice = login(people.alice)
    shown = alice.post("/programs/webhooks/", {"url": HOOK}).content.decode()
    hook = Webhook.objects.get()
    assert hook.secret.reveal() in shown
    assert hook.secret.reveal() not in alice.get(PAGE).content.decode()
    assert login(people.bob).post(reverse("api:end_hook", args=[hook.pk])).status_code == 404
    assert alice.post(reverse("api:end_hook", args=[hook.pk])).status_code == 302
    hook.refresh_from_db()
    assert hook.active is False


def test_no_more_than_five_webhooks(people: Cast, login: Any) -> None:
    alice = login(people.alice)
    for n in range(hooks.MOST):
        assert alice.post("/programs/webhooks/", {"url": f"{HOOK}/{n}"}).status_code == 200
    assert alice.post("/programs/webhooks/", {"url": f"{HOOK}/6"}).status_code == 422


def test_an_event_is_sent_again_on_request(people: Cast, login: Any) -> None:
    alice = login(people.alice)
    hook, _secret = hooks.create(people.alice, HOOK)
    old = delivery(hook, since=timezone.now() - timedelta(days=4))
    path = reverse("api:replay", args=[old.pk])
    assert "HTTP 500" in alice.get(PAGE).content.decode()
    assert login(people.bob).post(path).status_code == 404
    assert alice.post(path).status_code == 302
    old.refresh_from_db()
    assert (old.state, old.attempts) == ("waiting", 0)
    assert old.since > timezone.now() - timedelta(minutes=1)
    hooks.end(people.alice, hook)
    assert alice.post(path).status_code == 409


def test_a_manager_of_another_party_cannot_end_a_token(people: Cast, login: Any) -> None:
    made, _text = tokens.create(people.alice, "x")
    path = reverse("api:revoke", args=[made.pk])
    assert login(people.bob).post(path).status_code == 404
    Membership.objects.filter(pk=people.carol.membership).update(party=people.alice.party)
    assert login(people.carol).post(path).status_code == 403
    assert login(people.alice).post(path).status_code == 302
    made.refresh_from_db()
    assert made.revoked_at is not None


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_its_screen(site: str, new_page: Any, monkeypatch: Any, width: int) -> None:
    monkeypatch.setattr("corridor.site.api.hooks.check", lambda url: ["93.184.216.34"])
    people = cast()
    tokens.create(people.alice, "招商系统")
    hook, _secret = hooks.create(people.alice, f"{HOOK}/{'long-' * 12}")
    delivery(hook)
    page = new_page(people.user("alice"), width=width)
    page.goto(PAGE)
    page.get_by_label("令牌名称").fill("数据大屏")
    page.get_by_role("button", name="创建令牌").click()
    page.get_by_text("只显示这一次").wait_for()
    assert ApiToken.objects.filter(name="数据大屏").exists()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
