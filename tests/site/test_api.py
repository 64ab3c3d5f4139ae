"""The API: who may call, what is refused and how, and how a program works through it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from cast import SUZHOU, Cast, cast, listing
from django.utils import timezone
from program import ROOT, Answer, Program

from corridor.site.api import tokens
from corridor.site.api.models import ApiToken
from corridor.site.api.service import document
from corridor.site.core import limits
from corridor.site.core.errors import Forbidden, Missing
from corridor.site.core.models import AuditEntry, Consent, Job, Membership, Reveal, User
from corridor.site.listings import actions
from corridor.site.listings.models import Listing

pytestmark = pytest.mark.django_db

NEED: dict[str, Any] = {
    "side": "need",
    "kind": "space",
    "title": "求租带行车的单层厂房",
    "text": "八米以上净高，靠近高速口。电话 13900001111。",
    "city": SUZHOU,
    "values": {"area": "3000-5000㎡", "premises": "单层厂房"},
    "contact_name": "王小明",
    "contact_phone": "13800001234",
}
OFFER = NEED | {
    "side": "offer",
    "title": "单层厂房出租",
    "city": "340100",
    "values": {"area": 6000, "premises": ["single"]},
    "contact_phone": "13700004321",
}
LEAD = {
    "need": "想找五千平米厂房，手机 13600007777",
    "company": "苏州测试装备有限公司",
    "contact_name": "李四",
    "phone": "136 0000 8888",
    "wish": SUZHOU,
    "tax": "300万",
    "agreed": True,
}
RAW_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


@pytest.fixture
def people() -> Cast:
    return cast()


def operations() -> list[tuple[str, str]]:
    """Every operation: its method, and its path with something in the place of each name."""
    paths = json.loads(document())["paths"]
    return [
        (method.upper(), re.sub(r"{\w+}", "1", path.removeprefix(ROOT)))
        for path, methods in paths.items()
        for method in methods
    ]


def refused(answer: Answer, status: int, code: str) -> Answer:
    """The answer, once it is known to be a problem in the documented shape."""
    assert answer.status == status, answer
    assert set(answer.json) == {"code", "message", "fields"}, answer
    assert answer.json["code"] == code, answer
    assert answer.json["message"], answer
    return answer


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


# --- tokens ---


@pytest.mark.parametrize(
    "token", ["", "crd_unknown", "crd_\0", "crd_汉".encode().decode("latin-1")]
)
def test_without_a_good_token_every_operation_answers_401(token: str) -> None:
    program = Program(token=token)
    assert len(operations()) > 40
    for method, path in operations():
        refused(program(method, path, {}), 401, "unknown")


def test_a_token_is_shown_once_and_kept_as_a_digest(people: Cast) -> None:
    made, text = tokens.create(people.alice, " 招商系统 ")
    kept = ApiToken.objects.filter(pk=made.pk).values().get()
    assert text.startswith("crd_")
    assert len(text) > 40
    assert kept["digest"] == tokens.digest(text)
    assert text not in str(kept)
    assert text[:-4] not in str(list(AuditEntry.objects.values()))
    assert str(made) == f"招商系统 …{text[-4:]}"
    assert Program(token=text)("GET", "/me").json == {
        "role": "member", "party": "苏州澄源精密有限公司", "city": SUZHOU, "manager": True,
    }  # fmt: skip


def test_only_a_manager_of_the_party_makes_and_ends_tokens(people: Cast) -> None:
    made, _text = tokens.create(people.alice, "x")
    for actor in (people.carol, people.bob, people.office):
        with pytest.raises((Forbidden, Missing)):
            tokens.revoke(actor, made)
        assert made not in ApiToken.objects.visible_to(actor)
    with pytest.raises(Forbidden):
        tokens.create(people.carol, "x")
    # A manager who is none any more when the verb runs.
    Membership.objects.filter(pk=people.alice.membership).update(manager=False)
    with pytest.raises(Forbidden):
        tokens.create(people.alice, "x")
    with pytest.raises(Forbidden):
        tokens.revoke(people.alice, made)
    assert ApiToken.objects.get().revoked_at is None


def test_a_token_ends_at_once_when_revoked_and_with_its_membership_or_user(people: Cast) -> None:
    made, text = tokens.create(people.alice, "x")
    alice, bob, office = Program(token=text), Program(people.bob), Program(people.office)
    assert {p("GET", "/me").status for p in (alice, bob, office)} == {200}
    tokens.revoke(people.alice, made)
    refused(alice("GET", "/me"), 401, "unknown")
    Membership.objects.filter(pk=people.bob.membership).update(ended_at=timezone.now())
    refused(bob("GET", "/me"), 401, "unknown")
    User.objects.filter(pk=people.office.user).update(is_active=False)
    refused(office("GET", "/me"), 401, "unknown")


def test_the_day_a_token_was_last_used_is_kept(people: Cast) -> None:
    made, text = tokens.create(people.alice, "x")
    assert made.used_on is None
    Program(token=text)("GET", "/me")
    made.refresh_from_db()
    assert made.used_on == timezone.localdate()


def test_more_than_600_calls_a_minute_answer_429(people: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "API_BY_TOKEN", limits.Limit("api-token", 3, 60))
    alice, bob = Program(people.alice), Program(people.bob)
    assert [alice("GET", "/me").status for _ in range(3)] == [200, 200, 200]
    late = refused(alice("GET", "/me"), 429, "too_often")
    assert 1 <= int(late.headers["Retry-After"]) <= 60
    assert bob("GET", "/me").status == 200


def test_a_session_is_no_token(people: Cast, login: Any) -> None:
    assert login(people.alice).get(f"{ROOT}/me").status_code == 401


# --- refusals ---


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 50_000, b'{"title": ' + b"9" * 5000 + b"}",
        b'{"side": "need", "kind": "space", "title": "\\u0000"}',
        b'{"side": "need", "kind": "space", "title": "\\ud800"}',
        b'{"side": "need", "kind": "space", "title": "x", "values": {"\\ud800": 1}}',
        b'{"side": "need", "kind": "space", "title": "x", "values": {"area": 1e400}}',
        b'{"side": "need", "kind": "space", "title": "x", "values": {"area": NaN, "none": 1}}',
        b'{"side": "need", "kind": "space", "title": "x", "capacity": 1' + b"0" * 400 + b"}",
        b'{"side": "need", "kind": "space", "title": "x", "deadline": "0000-00-00"}',
        b'{"side": "need", "kind": "space", "title": "x", "contactphone": "1"}',
        b'{"side": "up", "kind": "space", "title": "x"}',
        b'{"side": "need", "kind": "moon", "title": "x"}',
        b'{"side": "need", "kind": "space", "title": "x", "named": ["91"], "anonymity": "named"}',
        b'{"side": "need", "kind": "space", "title": "' + b"x" * 101 + b'"}',
    ],
)  # fmt: skip
def test_a_body_that_makes_no_sense_is_refused(people: Cast, body: bytes) -> None:
    refused(Program(people.alice)("POST", "/listings", body), 422, "invalid")
    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "text/plain",
        "application/json; charset=utf-16",
        "application/json; charset=moon",
        "",
    ],
)
@pytest.mark.parametrize(
    "body",
    [b"", b"title=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'],
)
def test_a_form_is_no_json(people: Cast, kind: str, body: bytes) -> None:
    said = Program(people.alice)("POST", "/listings", body, kind=kind)
    assert said.status in (400, 422), said
    assert said.json["message"]


def test_a_refusal_names_the_fields_and_what_would_be_right(people: Cast) -> None:
    alice = Program(people.alice)
    said = refused(alice("POST", "/listings", {"title": 3}), 422, "invalid")
    assert set(said.json["fields"]) == {"side", "kind", "title"}
    wrong = NEED | {"values": {"area": "很大", "moon": 1, "premises": ["palace"]}}
    said = refused(alice("POST", "/listings", wrong), 422, "invalid")
    assert set(said.json["fields"]) == {"values.area", "values.moon", "values.premises"}
    assert all(said.json["fields"].values())


def test_refusals_speak_the_language_asked_for(people: Cast) -> None:
    alice = Program(people.alice)
    chinese = alice("POST", "/listings", b"{").json["message"]
    english = alice("POST", "/listings", b"{", **{"Accept-Language": "en"}).json["message"]
    assert chinese == "请求的正文不是 JSON。"
    assert english == "The body of the request is not JSON."


@pytest.mark.parametrize("query", ["q=%01", "city=999999", "side=up", "within=8", "space.area.lo=x&kind=space",
                                   "page=0", "page=x", "size=101", "page=100000000000000000000", "facets=maybe",
                                   "kind=moon", "q=" + "x" * 101, "x=%ED%A0%80%01"])  # fmt: skip
def test_a_filter_that_cannot_be_used_is_refused(people: Cast, query: str) -> None:
    refused(Program(people.alice)("GET", f"/listings?{query}"), 422, "invalid")


def test_unknown_addresses_and_methods(people: Cast) -> None:
    alice = Program(people.alice)
    refused(alice("GET", "/moon"), 404, "missing")
    refused(alice("GET", "/listings/%01"), 404, "missing")
    refused(alice("GET", "/listings?q=%00"), 400, "refused")
    assert alice("GET", "/listings/%00").status in (400, 404)
    refused(alice("GET", "/jobs/99999999999999999999999"), 404, "missing")
    assert alice("PATCH", "/listings").status == 405


def test_what_may_not_be_done_is_403_and_not_in_this_state_409(people: Cast) -> None:
    mine = listing(people.alice)
    bob = Program(people.bob)
    refused(bob("POST", f"/listings/{mine.ref}/renew"), 403, "forbidden")
    refused(Program(people.judge)("POST", "/listings", NEED), 403, "forbidden")
    refused(Program(people.alice)("PUT", f"/listings/{mine.ref}", NEED), 409, "not_now")


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


def test_an_introduction_from_question_to_outcome_shows_contacts_at_one_door_only(
    people: Cast,
) -> None:
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
    told = {
        "result": "agreement",
        "on": str(timezone.localdate()),
        "cooperation": "lease",
        "amount": 12.5,
    }
    outcome = alice("POST", f"/introductions/{ref}/outcomes", told)
    assert (outcome.status, outcome.json["amount"]) == (201, "12.50"), outcome
    whole = alice("GET", f"/introductions/{ref}")
    assert whole.json["state"] == "closed"
    assert len(whole.json["outcomes"]) == 1
    everything = [
        program("GET", path)
        for program in map(Program, (people.alice, people.bob, people.suzhou, people.office))
        for path in ("/listings", "/listings/mine", f"/listings/{need}", f"/listings/{offer}/reviews",
                     "/introductions", f"/introductions/{ref}", f"/introductions/{ref}/messages")
    ]  # fmt: skip
    assert {one.status for one in everything} == {200}
    assert [
        one for one in [*everything, asked, accepted, whole] if RAW_PHONE.search(one.text)
    ] == []


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
    offered = bureau(
        "POST", f"/leads/{ref}/circulations", {"to_city": "340100", "kept": 40, "text": "更合适"}
    )
    assert offered.status == 200, offered
    number = bureau("GET", f"/leads/{ref}").json["circulations"][0]["id"]
    declined = other("POST", f"/leads/{ref}/circulations/{number}/decline", {"text": "没有空间"})
    assert (declined.status, declined.json["city"]) == (200, SUZHOU), declined
    refused(other("GET", f"/leads/{ref}"), 404, "missing")
    bureau(
        "POST", f"/leads/{ref}/circulations", {"to_city": "340100", "kept": 40, "text": "更合适"}
    )
    number = bureau("GET", f"/leads/{ref}").json["circulations"][-1]["id"]
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
