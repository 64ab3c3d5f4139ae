"""The introductions of a program: as many queries whatever their number, and consent by its channel."""

from __future__ import annotations

from typing import Any

import pytest
from cast import SUZHOU, Cast, cast, listing
from program import Program

from corridor.site.core.limits import Limit
from corridor.site.core.models import Consent
from corridor.site.docking import actions as docking

LIST_QUERIES = 3


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.mark.parametrize("rows", [1, 3, 50])
@pytest.mark.parametrize("who", ["alice", "bob", "suzhou", "office"])
def test_the_list_takes_as_many_queries_whatever_its_length(
    people: Cast, who: str, rows: int, monkeypatch: Any, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr("corridor.site.docking.actions.ASKS_BY_PARTY", Limit("many", 100, 60))
    for number in range(rows):
        target = listing(people.bob, side="offer", anonymity=("public", "anonymous")[number % 2])
        made = docking.ask(people.alice, target, cooperation="lease", question="x", agreed=True)
        if number % 3 == 0:
            docking.accept(people.bob, made, agreed=True)
    program = Program(getattr(people, who))
    assert len(program("GET", "/introductions?size=100").json["items"]) == rows
    with django_assert_num_queries(LIST_QUERIES):
        program("GET", "/introductions?size=100")


# --- by which way a consent came ---

NEED = {"side": "need", "kind": "space", "title": "求租厂房", "text": "高", "city": SUZHOU,
        "values": {"area": "3000"}, "contact_name": "王", "contact_phone": "13800001234"}  # fmt: skip
LEAD = {"need": "找厂房", "company": "甲", "contact_name": "李", "phone": "13600008888", "wish": SUZHOU,
        "agreed": True}  # fmt: skip
ASKING = {"cooperation": "lease", "question": "何时能看？", "agreed": True}


def channels() -> list[tuple[str, str]]:
    """The purpose and channel of every consent, oldest first."""
    return list(Consent.objects.values_list("purpose", "channel"))


def test_a_programs_consents_say_that_they_came_through_the_api(people: Cast) -> None:
    alice, bob = Program(people.alice), Program(people.bob)
    offer = listing(people.bob, side="offer")
    ref = alice("POST", "/listings", NEED).json["ref"]
    assert alice("POST", f"/listings/{ref}/submit", {"agreed": True}).status == 200
    asked = alice("POST", f"/listings/{offer.ref}/introductions", ASKING).json["ref"]
    assert bob("POST", f"/introductions/{asked}/accept", {"agreed": True}).status == 200
    for agree in (False, True):
        said = bob("POST", f"/introductions/{asked}/consent", {"agree": agree})
        assert said.json["released"] is agree
    assert alice("POST", "/leads", LEAD).status == 201
    assert channels() == [
        ("listing.contact", "api"),
        ("contact.release", "api"),
        ("contact.release", "api"),
        ("contact.taken_back", "api"),
        ("contact.release", "api"),
        ("lead", "api"),
    ]


def test_those_of_people_say_that_they_came_through_the_pages(people: Cast, login: Any) -> None:
    offer = listing(people.bob, side="offer")
    asking = ASKING | {"agreed": "on"}
    asked = login(people.alice).post(f"/introductions/new/{offer.ref}/", asking)
    assert asked.status_code == 302
    bob = login(people.bob)
    assert bob.post(f"{asked.url}accept/", {"agreed": "on"}).status_code == 302
    assert bob.post(f"{asked.url}take-back/").status_code == 302
    assert channels() == [
        ("contact.release", "web"),
        ("contact.release", "web"),
        ("contact.taken_back", "web"),
    ]
