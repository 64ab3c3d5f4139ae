"""The pages of introductions."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import Login
from cast import cast, listing
from introducing import ALICES, BOBS, TODAY, Scene, ask

from corridor.site.docking import actions
from corridor.site.docking.models import Introduction, Message
from corridor.site.docking.models import State as S

pytestmark = pytest.mark.django_db


def test_the_whole_way_through_the_pages(login: Login) -> None:
    who = cast()
    need = listing(who.alice, contact_phone=ALICES)
    offer = listing(who.bob, side="offer", contact_phone=BOBS)
    alice, bob = login(who.alice), login(who.bob)
    page = alice.get(f"/introductions/new/{offer.ref}/?own={need.ref}")
    assert page.status_code == 200 and need.ref in page.content.decode()
    said = {"own": need.ref, "cooperation": "lease", "question": "能否看场地？"}
    refused = alice.post(f"/introductions/new/{offer.ref}/", said)
    assert refused.status_code == 422 and "勾选" in refused.content.decode()
    sent = alice.post(f"/introductions/new/{offer.ref}/", said | {"agreed": "on"})
    at = f"/introductions/{need.ref}-01/"
    assert (sent.status_code, sent.url) == (302, at)
    assert bob.get("/introductions/").content.decode().count(f"{need.ref}-01") >= 1
    assert bob.post(f"{at}accept/").status_code == 422
    assert bob.post(f"{at}accept/", {"agreed": "on"}).status_code == 302
    assert bob.post(f"{at}accept/", {"agreed": "on"}).status_code == 409
    shown = alice.post(f"{at}contacts/", {"purpose": "约看"})
    assert BOBS in shown.content.decode() and "no-store" in shown["Cache-Control"]
    assert BOBS not in alice.get(at).content.decode()
    assert alice.post(f"{at}message/", {"text": "<script>alert(1)</script>"}).status_code == 302
    assert "<script>alert" not in bob.get(at).content.decode()
    assert bob.get(f"{at}accept/").url == at
    outcome = {"result": "agreement", "on": TODAY.isoformat(), "cooperation": "lease"}
    assert alice.post(f"{at}outcome/", outcome | {"reason": "price"}).status_code == 422
    assert alice.post(f"{at}outcome/", outcome | {"amount": "88.5"}).status_code == 302
    assert "88.5" in bob.get(at).content.decode()
    assert Introduction.objects.get().state == S.CLOSED


def test_a_form_sent_twice_acts_once(scene: Scene, login: Login) -> None:
    client, at = login(scene.who.alice), f"/introductions/{scene.one.ref}/message/"
    for _ in range(2):
        assert client.post(at, {"text": "周三见？", "once": "a" * 32}).status_code == 302
    assert Message.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3, 25])
def test_the_list_takes_as_many_queries_whatever_its_length(
    rows: int, login: Login, django_assert_num_queries: Any
) -> None:
    who = cast()
    for _ in range(rows):
        ask(who.alice, listing(who.bob, side="offer"))
    client = login(who.bob)
    client.get("/introductions/")
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/introductions/")


@pytest.mark.parametrize("rows", [1, 3, 25])
def test_an_introduction_takes_as_many_queries_whatever_was_said(
    scene: Scene, rows: int, login: Login, django_assert_num_queries: Any
) -> None:
    actions.accept(scene.who.bob, scene.one, agreed=True)
    for _ in range(rows):
        actions.say(scene.who.alice, scene.one, "好")
        actions.say(scene.who.hefei, scene.one, "好")
        actions.report(scene.who.bob, scene.one, actions.Report("met", TODAY))
    client = login(scene.who.bob)
    client.get(scene.one.get_absolute_url())
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(scene.one.get_absolute_url())


LIST_QUERIES, PAGE_QUERIES = 6, 11
