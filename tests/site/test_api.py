"""A program at work: listings, introductions, leads and jobs from their beginning to their end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cast import SUZHOU, Cast, listing
from django.utils import timezone
from program import Answer, Program
from program_bodies import LEAD, NEED, OFFER, RAW_PHONE, refused

from corridor.site.core.models import Consent, Job, Reveal
from corridor.site.listings import actions
from corridor.site.listings.models import Listing

pytestmark = pytest.mark.django_db


def published(program: Program, office: Cast, said: dict[str, Any]) -> str:
    """The reference of a listing that a program stated and that was let onto the market."""
    made = program("POST", "/listings", said)
    assert made.status == 201, made
    ref = made.json["ref"]
    handed_in = program("POST", f"/listings/{ref}/submit", {"agreed": True})
    assert handed_in.json["state"] == "city_review", handed_in
    bureau = office.suzhou if said["city"] == SUZHOU else office.hefei
    actions.pass_city(bureau, Listing.objects.get(ref=ref))
    actions.publish(office.office, Listing.objects.get(ref=ref))
    return str(ref)


# --- a program at work ---


def test_a_listing_from_draft_to_its_end(people: Cast) -> None:
    alice = Program(people.alice)
    draft = alice("POST", "/listings", NEED).json
    assert draft["state"] == "draft"
    assert draft["own"] is True
    assert draft["text"].endswith("电话 139****1111。")
    assert draft["values"] == {"area": {"lo": "3000", "hi": "5000"}, "premises": ["single"]}
    assert draft["facts"][0]["text_zh"] == "3000~5000 ㎡"
    ref = draft["ref"]
    again = {name: value for name, value in NEED.items() if not name.startswith("contact")}
    changed = alice("PUT", f"/listings/{ref}", again | {"title": "求租厂房"}).json
    assert changed["title"] == "求租厂房"
    assert Listing.objects.get().contact_phone.reveal() == "13800001234"
    refused(alice("POST", f"/listings/{ref}/submit", {}), 422, "invalid")
    assert alice("POST", f"/listings/{ref}/submit", {"agreed": True}).json["state"] == "city_review"
    assert Consent.objects.get().user_id == people.alice.user
    actions.return_(people.suzhou, Listing.objects.get(), ["vague"])
    assert [one["ref"] for one in alice("GET", "/listings/mine?tab=todo").json["items"]] == [ref]
    assert alice("GET", f"/listings/{ref}/reviews").json[0]["reasons"] == ["vague"]
    alice("POST", f"/listings/{ref}/submit", {"agreed": True})
    actions.pass_city(people.suzhou, Listing.objects.get())
    actions.publish(people.office, Listing.objects.get())
    found = alice("GET", "/listings?kind=space&side=need&space.area.lo=4000&q=厂房").json
    assert [one["ref"] for one in found["items"]] == [ref]
    assert (found["next"], found["total"]) == (None, None)
    assert len(alice("GET", "/listings?space.area.lo=9000&kind=space").json["items"]) == 0
    renewed = alice("POST", f"/listings/{ref}/renew").json
    assert renewed["state"] == "published"
    revised = alice("POST", f"/listings/{ref}/revise", again | {"title": "求租厂房两栋"}).json
    assert revised["state"] == "city_review"
    closed = alice("POST", f"/listings/{ref}/close", {"reason": "plan_changed"}).json
    assert closed["state"] == "closed"
    refused(alice("POST", f"/listings/{ref}/close", {"reason": "plan_changed"}), 409, "not_now")


def test_a_draft_is_deleted(people: Cast) -> None:
    alice = Program(people.alice)
    ref = alice("POST", "/listings", NEED).json["ref"]
    gone = alice("DELETE", f"/listings/{ref}")
    assert (gone.status, gone.body) == (204, b"")
    refused(alice("GET", f"/listings/{ref}"), 404, "missing")


def test_facets_are_counted_on_request(people: Cast) -> None:
    listing(people.alice)
    listing(people.bob, side="offer")
    alice = Program(people.alice)
    assert alice("GET", "/listings").json["facets"] == []
    facets = {f["name"]: f for f in alice("GET", "/listings?facets=true&kind=space").json["facets"]}
    assert {o["value"]: o["count"] for o in facets["side"]["options"]} == {"need": 1, "offer": 1}
    kinds = alice("GET", "/kinds").json
    premises = next(a for k in kinds if k["name"] == "space" for a in k["attributes"]
                    if a["name"] == "premises")  # fmt: skip
    assert {
        "code": "single",
        "label_zh": "单层厂房",
        "label_en": "Single-storey workshop",
    } in premises["codes"]
    assert "lease" in next(k["cooperation"] for k in kinds if k["name"] == "space")


def answers_to(people: Cast, *paths: str) -> list[Answer]:
    """What those concerned are answered at these addresses."""
    concerned = (people.alice, people.bob, people.suzhou, people.office)
    return [Program(one)("GET", path) for one in concerned for path in paths]


def test_an_introduction_shows_contacts_at_one_door_only(people: Cast) -> None:
    alice, bob = Program(people.alice), Program(people.bob)
    need, offer = published(alice, people, NEED), published(bob, people, OFFER)
    asked = alice("POST", f"/listings/{offer}/introductions", {
        "own": need, "cooperation": "lease", "question": "何时能看？13912340011", "agreed": True,
    })  # fmt: skip
    assert asked.status == 201, asked
    ref = asked.json["ref"]
    assert asked.json["question"] == "何时能看？139****0011"
    purpose = {"purpose": "约看现场"}
    refused(alice("POST", f"/introductions/{ref}/contacts", purpose), 409, "not_now")
    refused(Program(people.carol)("GET", f"/introductions/{ref}"), 404, "missing")
    refused(bob("POST", f"/introductions/{ref}/accept", {}), 422, "invalid")
    accepted = bob("POST", f"/introductions/{ref}/accept", {"agreed": True})
    assert accepted.json["released"] is True, accepted
    shown = alice("POST", f"/introductions/{ref}/contacts", purpose)
    assert shown.json["phone"] == "13700004321", shown
    assert Reveal.objects.get().purpose == "约看现场"
    refused(
        Program(people.office)("POST", f"/introductions/{ref}/contacts", purpose), 403, "forbidden"
    )
    said = [bob("POST", f"/introductions/{ref}/messages", {"text": "打 13700004321"})]
    said += [
        p("GET", f"/introductions/{ref}/messages") for p in (alice, bob, Program(people.suzhou))
    ]
    assert all("打 137****4321" in one.text for one in said)
    told = {"result": "agreement", "cooperation": "lease", "amount": 12.5}
    told["on"] = str(timezone.localdate())
    outcome = alice("POST", f"/introductions/{ref}/outcomes", told)
    assert (outcome.status, outcome.json["amount"]) == (201, "12.50"), outcome
    whole = alice("GET", f"/introductions/{ref}")
    assert whole.json["state"] == "closed"
    assert len(whole.json["outcomes"]) == 1
    everything = answers_to(
        people, "/listings", "/listings/mine", f"/listings/{need}", f"/listings/{offer}/reviews",
        "/introductions", f"/introductions/{ref}", f"/introductions/{ref}/messages",
    )  # fmt: skip
    assert {one.status for one in everything} == {200}
    for one in (*everything, asked, accepted, whole):
        assert not RAW_PHONE.search(one.text), one


def test_the_other_verbs_of_an_introduction(people: Cast) -> None:
    alice, bob, carol = map(Program, (people.alice, people.bob, people.carol))
    target = listing(people.bob, side="offer")
    asking = {"cooperation": "lease", "question": "何时能看？", "agreed": True}
    path = f"/listings/{target.ref}/introductions"
    first = alice("POST", path, asking).json["ref"]
    assert alice("POST", f"/introductions/{first}/withdraw").json["state"] == "withdrawn"
    second = carol("POST", path, asking).json["ref"]
    declined = bob("POST", f"/introductions/{second}/decline", {"reason": "price", "note": "太低"})
    assert (declined.json["state"], declined.json["note"]) == ("declined", "太低")
    third = alice("POST", path, asking).json["ref"]
    assert Program(people.hefei)("POST", f"/introductions/{third}/remind").status == 200
    bob("POST", f"/introductions/{third}/accept", {"agreed": True})
    taken_back = bob("POST", f"/introductions/{third}/consent", {"agree": False})
    assert taken_back.json["released"] is False
    refused(alice("POST", f"/introductions/{third}/contacts", {"purpose": "x"}), 409, "not_now")
    assert len(alice("GET", "/introductions?size=2").json["items"]) == 2


def test_a_counterpart_is_set_aside_and_let_back(people: Cast) -> None:
    alice, bob = Program(people.alice), Program(people.bob)
    mine, other = listing(people.alice), listing(people.bob, side="offer")
    path = f"/listings/{mine.ref}/unsuitable"
    aside = alice("POST", path, {"other": other.ref, "reason": "price", "note": "电话 13912345678"})
    assert aside.status == 201, aside
    assert aside.json["note"] == "电话 139****5678"
    refused(bob("POST", path, {"other": other.ref, "reason": "price"}), 404, "missing")
    refused(bob("GET", f"/listings/{mine.ref}/matches"), 404, "missing")
    shown = alice("GET", f"/listings/{mine.ref}/matches").json
    assert [one["ref"] for one in shown["unsuitable"]] == [other.ref]
    assert alice("DELETE", f"{path}/{other.ref}").status == 204
    assert alice("GET", f"/listings/{mine.ref}/matches").json["unsuitable"] == []


# --- leads ---


def proposed(bureau: Program, ref: str) -> int:
    """A lead is offered to Hefei; the number of the offer."""
    offer = {"to_city": "340100", "kept": 40, "text": "更合适"}
    answer = bureau("POST", f"/leads/{ref}/circulations", offer)
    assert answer.status == 200, answer
    return bureau("GET", f"/leads/{ref}").json["circulations"][-1]["id"]


def test_a_lead_sent_in_and_worked_on(people: Cast) -> None:
    sent = Program(people.carol)("POST", "/leads", LEAD)
    assert sent.status == 201, sent
    ref = sent.json["ref"]
    refused(Program(people.carol)("GET", f"/leads/{ref}"), 404, "missing")
    bureau, office, other = map(Program, (people.suzhou, people.office, people.hefei))
    refused(other("GET", f"/leads/{ref}"), 404, "missing")
    shown = bureau("GET", f"/leads/{ref}").json
    assert shown["state"] == "received", shown
    assert shown["need"] == "想找五千平米厂房，手机 136****7777"
    refused(office("POST", f"/leads/{ref}/contact", {}), 403, "forbidden")
    refused(bureau("POST", f"/leads/{ref}/answer", {"text": "x"}), 409, "not_now")
    contact = bureau("POST", f"/leads/{ref}/contacts", {"purpose": "首次联系"})
    assert contact.json["phone"] == "13600008888", contact
    assert (
        bureau("POST", f"/leads/{ref}/contact", {"text": "已通话 13600008888"}).json["state"]
        == "contacted"
    )
    judged = {"verdict": "valid", "stated": ["tax", "land"], "text": "其余后补"}
    assert bureau("POST", f"/leads/{ref}/judge", judged).json["stated"] == ["land", "tax"]
    refused(bureau("POST", f"/leads/{ref}/answer", {"text": ""}), 422, "invalid")
    assert bureau("POST", f"/leads/{ref}/answer", {"text": "欢迎来访"}).json["state"] == "answered"
    number = proposed(bureau, ref)
    declined = other("POST", f"/leads/{ref}/circulations/{number}/decline", {"text": "没有空间"})
    assert (declined.status, declined.json["city"]) == (200, SUZHOU), declined
    refused(other("GET", f"/leads/{ref}"), 404, "missing")
    number = proposed(bureau, ref)
    taken = other("POST", f"/leads/{ref}/circulations/{number}/accept")
    assert taken.json["city"] == "340100", taken
    assert other("POST", f"/leads/{ref}/talk", {"text": "下周来访"}).json["state"] == "talks"
    closed = other("POST", f"/leads/{ref}/close", {"end_reason": "gave_up", "text": "以后再议"})
    assert closed.json["state"] == "closed", closed
    whole = office("GET", f"/leads/{ref}")
    assert [e["what"] for e in whole.json["events"]][:3] == ["report", "reveal", "contact"]
    assert len(office("GET", "/leads?tab=done").json["items"]) == 1
    for one in (sent, whole, closed, office("GET", "/leads?tab=done")):
        assert not RAW_PHONE.search(one.text), one


def test_a_lead_needs_the_enterprise_to_agree_and_a_number_that_is_one(people: Cast) -> None:
    carol = Program(people.carol)
    said = refused(carol("POST", "/leads", LEAD | {"agreed": False, "phone": "12"}), 422, "invalid")
    assert set(said.json["fields"]) == {"agreed", "phone"}
    refused(carol("POST", "/leads", LEAD | {"need": ""}), 422, "invalid")


# --- jobs ---


def test_a_job_is_shown_to_its_party_and_cancelled(people: Cast) -> None:
    job = Job.objects.create(kind="x", key="1", party_id=people.alice.party,
                             not_before=timezone.now() + timedelta(days=1))  # fmt: skip
    alice = Program(people.alice)
    assert alice("GET", f"/jobs/{job.pk}").json["state"] == "queued"
    refused(Program(people.bob)("GET", f"/jobs/{job.pk}"), 404, "missing")
    assert alice("POST", f"/jobs/{job.pk}/cancel").json["state"] == "cancelled"
    refused(alice("POST", f"/jobs/{job.pk}/cancel"), 409, "not_now")
