"""What the API refuses, and how it says so."""

from __future__ import annotations

import json

import pytest
from cast import Cast, listing
from program import Program
from program_bodies import NEED, refused

from corridor.site.listings.models import Listing

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_in_json_is_refused(people: Cast, number: str) -> None:
    body = json.dumps(NEED)[:-1] + f', "capacity": {number}}}'
    refused(Program(people.alice)("POST", "/listings", body.encode()), 422, "invalid")


def test_what_may_not_be_done_is_403_and_not_in_this_state_409(people: Cast) -> None:
    mine = listing(people.alice)
    bob = Program(people.bob)
    refused(bob("POST", f"/listings/{mine.ref}/renew"), 403, "forbidden")
    refused(Program(people.judge)("POST", "/listings", NEED), 403, "forbidden")
    refused(Program(people.alice)("PUT", f"/listings/{mine.ref}", NEED), 409, "not_now")
