"""Idempotency keys: sent twice, one after the other or at once, a write is done once."""

from __future__ import annotations

from typing import Any

import pytest
from cast import Cast, cast, listing
from program import Program, token_for
from together import at_once

from corridor.site.api import tokens
from corridor.site.api.models import ApiToken, Remembered
from corridor.site.core.models import AuditEntry, Job, Reveal
from corridor.site.docking import actions as docking
from corridor.site.listings import actions
from corridor.site.listings.models import Listing

NEED: dict[str, Any] = {"side": "need", "kind": "space", "title": "求租厂房", "city": "320500"}
AT_ONCE = 6


def test_the_same_key_does_it_once_and_answers_the_same(people: Cast) -> None:
    alice = Program(people.alice)
    first = alice("POST", "/listings", NEED, key="k1")
    again = alice("POST", "/listings", NEED, key="k1")
    assert (first.status, again.status, again.body) == (201, 201, first.body)
    assert "Idempotent-Replay" not in first.headers
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert Listing.objects.count() == 1
    other = alice("POST", "/listings", NEED, key="k2")
    assert other.json["ref"] != first.json["ref"]
    assert alice("POST", "/listings", NEED).json["ref"] not in (
        first.json["ref"],
        other.json["ref"],
    )


def test_an_answer_without_a_body_is_remembered_too(people: Cast) -> None:
    alice = Program(people.alice)
    ref = alice("POST", "/listings", NEED).json["ref"]
    gone = [alice("DELETE", f"/listings/{ref}", key="k") for _ in range(2)]
    assert [(one.status, one.body) for one in gone] == [(204, b"")] * 2
    assert alice("DELETE", f"/listings/{ref}").status == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/listings", NEED | {"title": "另一条"}),
        ("POST", "/listings?x=1", NEED),
        ("POST", "/leads", NEED),
        ("PUT", "/listings/REF", NEED),
    ],
)
def test_the_same_key_for_something_else_is_refused(
    people: Cast, method: str, path: str, body: Any
) -> None:
    alice = Program(people.alice)
    ref = alice("POST", "/listings", NEED, key="k").json["ref"]
    said = alice(method, path.replace("REF", ref), body, key="k")
    assert said.status == 422, said
    assert Listing.objects.get().title == NEED["title"]


def test_a_key_is_the_tokens_own(people: Cast) -> None:
    one, two = Program(people.alice), Program(people.alice)
    bob = Program(people.bob)
    refs = {program("POST", "/listings", NEED, key="k").json["ref"] for program in (one, two, bob)}
    assert len(refs) == 3


def test_a_revoked_token_gets_no_answer_again(people: Cast) -> None:
    alice = Program(people.alice)
    alice("POST", "/listings", NEED, key="k")
    tokens.revoke(people.alice, ApiToken.objects.get())
    assert alice("POST", "/listings", NEED, key="k").status == 401


@pytest.mark.parametrize("key", ["", " ", "x" * 81, "a b", "汉".encode().decode("latin-1"), "a\tb"])
def test_a_key_that_is_none_is_refused(people: Cast, key: str) -> None:
    assert Program(people.alice)("POST", "/listings", NEED, key=key).status == 422
    assert not Listing.objects.exists()


def test_a_read_takes_no_key(people: Cast) -> None:
    alice = Program(people.alice)
    assert len(alice("GET", "/listings/mine", key="k").json["items"]) == 0
    alice("POST", "/listings", NEED)
    assert len(alice("GET", "/listings/mine", key="k").json["items"]) == 1
    assert not Remembered.objects.exists()


def test_a_refusal_is_not_remembered_since_nothing_was_done(people: Cast) -> None:
    alice = Program(people.alice)
    ref = alice("POST", "/listings", NEED).json["ref"]
    complete = NEED | {
        "values": {"area": "3000"},
        "contact_name": "王",
        "contact_phone": "13800001234",
    }
    assert alice("POST", f"/listings/{ref}/submit", {"agreed": True}, key="k").status == 422
    assert alice("PUT", f"/listings/{ref}", complete).status == 200
    assert alice("POST", f"/listings/{ref}/submit", {"agreed": True}, key="k").status == 200
    assert alice("POST", f"/listings/{ref}/submit", {"agreed": True}, key="k").status == 200
    assert alice("POST", f"/listings/{ref}/submit", {"agreed": True}).status == 409


def test_a_failure_is_not_remembered_and_does_nothing(people: Cast, monkeypatch: Any) -> None:
    alice = Program(people.alice)
    with monkeypatch.context() as broken:
        broken.setattr("corridor.site.api.routes.listings.listing_whole", lambda *_: 1 / 0)
        assert alice("POST", "/listings", NEED, key="k").status == 500
    assert not Listing.objects.exists()
    assert not Remembered.objects.exists()
    assert alice("POST", "/listings", NEED, key="k").status == 201


def test_what_was_done_is_kept_with_its_answer_or_not_at_all(
    people: Cast, monkeypatch: Any
) -> None:
    alice = Program(people.alice)
    with monkeypatch.context() as broken:
        broken.setattr("corridor.site.api.idempotency.Remembered.save", lambda *_, **__: 1 / 0)
        assert alice("POST", "/listings", NEED, key="k").status == 500
    assert not Listing.objects.exists()
    assert not AuditEntry.objects.filter(verb="listing.create").exists()


def test_contacts_are_shown_on_record_each_time_and_never_kept(people: Cast) -> None:
    alice = Program(people.alice)
    offer = listing(people.bob, side="offer")
    intro = docking.ask(people.alice, offer, cooperation="lease", question="x", agreed=True)
    docking.accept(people.bob, intro, agreed=True)
    for _ in range(2):
        shown = alice("POST", f"/introductions/{intro.ref}/contacts", {"purpose": "x"}, key="k")
        assert shown.json["phone"] == "13800001234", shown
    assert Reveal.objects.count() == 2
    assert not Remembered.objects.exists()
    docking.consent(people.bob, intro, agree=False)
    assert (
        alice("POST", f"/introductions/{intro.ref}/contacts", {"purpose": "x"}, key="k").status
        == 409
    )


# --- at once ---


def test_the_same_key_at_once_has_one_effect_and_equal_answers(transactional_db: None) -> None:
    people = cast()
    token = token_for(people.alice)

    def create() -> Any:
        return Program(token=token)("POST", "/listings", NEED, key="k")

    for _ in range(3):
        Remembered.objects.all().delete()
        Listing.objects.all().delete()
        said = at_once(*[create] * AT_ONCE)
        assert {(one.status, one.body) for one in said} == {(201, said[0].body)}, said
        assert sum("Idempotent-Replay" in one.headers for one in said) == AT_ONCE - 1
        assert Listing.objects.count() == 1


def test_without_a_key_each_does_it(transactional_db: None) -> None:
    """The control: it is the key that makes one of them."""
    token = token_for(cast().alice)
    said = at_once(*[lambda: Program(token=token)("POST", "/listings", NEED)] * AT_ONCE)
    assert {one.status for one in said} == {201}
    assert Listing.objects.count() == AT_ONCE


def test_the_same_key_for_different_things_at_once(transactional_db: None) -> None:
    token = token_for(cast().alice)

    def create(title: str) -> Any:
        return lambda: Program(token=token)("POST", "/listings", NEED | {"title": title}, key="k")

    said = at_once(*[create(f"第{n}条") for n in range(AT_ONCE)])
    assert sorted(one.status for one in said) == [201] + [422] * (AT_ONCE - 1), said
    assert Listing.objects.count() == 1


def test_one_renewal_at_once_with_its_job(transactional_db: None) -> None:
    people = cast()
    mine, token = listing(people.alice), token_for(people.alice)
    path = f"/listings/{mine.ref}/renew"
    said = at_once(*[lambda: Program(token=token)("POST", path, key="k")] * AT_ONCE)
    assert {(one.status, one.body) for one in said} == {(200, said[0].body)}, said
    assert AuditEntry.objects.filter(verb="listing.renew").count() == 1
    assert Job.objects.filter(kind="docking.match").count() == 1


def test_the_first_being_refused_lets_the_second_try(transactional_db: None) -> None:
    """Both come at once while it may not be done; nobody is left waiting for an answer."""
    people = cast()
    mine, token = listing(people.alice), token_for(people.alice)
    actions.close(people.alice, mine, "plan_changed")
    path = f"/listings/{mine.ref}/renew"
    said = at_once(*[lambda: Program(token=token)("POST", path, key="k")] * AT_ONCE)
    assert {one.status for one in said} == {409}, said
    assert not Remembered.objects.exists()
