"""The pages that the browser tests open notice what they are there to notice."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from corridor.site.core.models import User

PAGES = {
    "fine": '<p id="who">{user}</p>',
    "style": '<p style="color: red">x</p>',
    "script": "<script>x = 1</script>",
    "eval": '<script src="/late.js"></script>',
    "elsewhere": '<img src="http://127.0.0.2:1/x.png" alt="">',
}


def shown(request: HttpRequest, name: str) -> HttpResponse:
    if name == "late.js":
        return HttpResponse("throw new Error('late')", content_type="text/javascript")
    return HttpResponse(
        f'<!doctype html><html lang="zh"><title>x</title>{PAGES[name].format(user=request.user)}</html>'
    )


urlpatterns = [path("<name>", shown)]


@pytest.fixture(autouse=True)
def these_pages(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def test_a_fine_page_shows_the_visitor_or_the_user(new_page) -> None:
    user = User.objects.create(username="alice")
    for who, name in ((None, "AnonymousUser"), (user, "alice")):
        page = new_page(who, width=390, javascript=False)
        assert page.goto("/fine").status == 200
        assert page.locator("#who").inner_text() == name
        assert page.viewport_size["width"] == 390


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("style", "Content Security Policy"),
        ("script", "Content Security Policy"),
        ("eval", "late"),
        ("elsewhere", "another host"),
    ],
)
def test_a_fault_is_noticed(page, amiss: list[str], name: str, fault: str) -> None:
    page.goto(f"/{name}")
    assert any(fault in text for text in amiss)
    amiss.clear()
