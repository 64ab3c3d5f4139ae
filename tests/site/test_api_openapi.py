"""The OpenAPI document: as it was agreed, and held to by every answer to whatever is sent."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from cast import Cast, cast, listing
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from program import ROOT, Program, token_for
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from corridor.engine.factors.credit_code import credit_check
from corridor.site.api.service import document
from corridor.site.core import limits
from corridor.site.docking import actions as docking
from corridor.site.leads import intake
from corridor.site.leads.models import Lead

SNAPSHOT = Path(__file__).parents[2] / "docs" / "schema" / "openapi.json"
#: How many requests for each operation and role; more with FUZZ_EXAMPLES=200.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ROLES = ("alice", "suzhou", "office", "judge", "analyst", "")


@pytest.fixture
def people(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """A world in which one may try as often as one likes, in one transaction that is rolled back."""
    monkeypatch.setattr(limits, "hit", lambda *_: None)
    around = (request_started, request_finished)
    for signal in around:
        signal.disconnect(close_old_connections)
    yield cast()
    for signal in around:
        signal.connect(close_old_connections)


def test_the_document_is_the_one_that_was_agreed() -> None:
    """Programs are written against it. Where a change is meant, write it down:

    WRITE_OPENAPI=1 python -m pytest tests/site/test_api_openapi.py -k agreed
    """
    if os.environ.get("WRITE_OPENAPI"):
        SNAPSHOT.write_text(document(), encoding="utf-8")
    assert document() == SNAPSHOT.read_text(encoding="utf-8"), (
        "the API is not as docs/schema/openapi.json says. If that is meant:\n"
        "WRITE_OPENAPI=1 python -m pytest tests/site/test_api_openapi.py -k agreed"
    )


def test_the_document_is_public_and_whole(client: Any) -> None:
    said = client.get(f"{ROOT}/openapi.json")
    assert said.status_code == 200
    assert said.headers["Content-Type"] == "application/json"
    paths = json.loads(said.content)["paths"]
    found = [operation for path in paths.values() for operation in path.values()]
    names = [operation["operationId"] for operation in found]
    assert len(set(names)) == len(names)
    for operation in found:
        assert operation["responses"].keys() >= {"401", "403", "404", "409", "422", "429"}
        assert operation["security"] == [{"Bearer": []}]
        assert operation["description"]


def known(people: Cast) -> list[dict[str, Any]]:
    """Names of things that are there, for the paths of operations."""
    need, offer = listing(people.alice), listing(people.bob, side="offer")
    drafts = [listing(people.alice, state="draft"), listing(people.suzhou, state="draft")]
    asked = docking.ask(people.alice, offer, cooperation="lease", question="x", agreed=True)
    answered = docking.ask(people.carol, offer, cooperation="lease", question="x", agreed=True)
    docking.accept(people.bob, answered, agreed=True)
    said = intake.Report(
        need="找厂房", company="甲", contact_name="李", phone="13600008888", wish="320500"
    )
    leads = [intake.report(said), intake.report(said)]
    refs = [one.ref for one in (need, offer, *drafts, asked, answered, *leads)]
    return [{"ref": ref, "other": offer.ref, "number": 1} for ref in refs]


#: What a text may be that nobody expects.
NASTY: list[Any] = [
    "", " ", "\0", "a\0b", "\x1b[31m", "\ud800", "\udfff x", "\ufffe", "\u202e倒", "👩‍👩‍👧", "e\u0301" * 200,
    "<script>alert(1)</script>", "'; DROP TABLE core_party; --", "{{ 7*7 }}%s%(x)s", "../../etc/passwd",
    "=HYPERLINK()", "١٢٣", "９" * 400, "9" * 5000, "-1", "1e400", "NaN", "x" * 20_000, "\n" * 5000, "汉" * 2001,
    None, True, 0, -1, 2**31, 2**63, 2**64, 10**400, 1e308, -0.0, [], ["x"] * 1000, ["\0"], {}, {"lo": "1"},
    {"lo": 2, "hi": 1}, {"lo": "9" * 400, "hi": None}, {"a": {"b": {}}},
]  # fmt: skip
LISTING = {"side": "need", "kind": "space", "title": "求租厂房", "text": "高", "city": "320500",
           "values": {"area": "3000"}, "must": [], "flexible": [], "capacity": 1, "anonymity": "public",
           "named": [], "contact_name": "王", "contact_phone": "13800001234",
           "deadline": "2027-01-31"}  # fmt: skip
HEAD = "91320500MA1000099"
CONVERTING = {"credit_code": HEAD + credit_check(HEAD), "party_kind": "enterprise", "side": "need",
              "kind": "space", "title": "厂房", "keep": [], "same": True, "text": "已起草"}  # fmt: skip
#: For each write a body that makes sense, each field of which is then replaced in turn.
BODIES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("alice", "POST", "/listings", LISTING),
    ("alice", "PUT", "/listings/{draft}", LISTING),
    ("alice", "POST", "/listings/{draft}/submit", {"agreed": True}),
    ("alice", "POST", "/listings/{need}/revise", LISTING | {"agreed": True}),
    ("alice", "POST", "/listings/{need}/close", {"reason": "other", "note": "x"}),
    ("alice", "POST", "/listings/{need}/unsuitable", {"other": "{offer}", "reason": "price", "note": "x"}),
    ("carol", "POST", "/listings/{offer}/introductions",
     {"own": None, "cooperation": "lease", "question": "x", "agreed": True}),
    ("bob", "POST", "/introductions/{asked}/accept", {"agreed": True}),
    ("bob", "POST", "/introductions/{asked}/decline", {"reason": "price", "note": "x"}),
    ("bob", "POST", "/introductions/{accepted}/consent", {"agree": False}),
    ("bob", "POST", "/introductions/{accepted}/messages", {"text": "x"}),
    ("bob", "POST", "/introductions/{accepted}/contacts", {"purpose": "x"}),
    ("bob", "POST", "/introductions/{accepted}/outcomes", {"result": "met", "on": "2026-01-01",
     "cooperation": "", "amount": None, "reason": "", "note": "x"}),
    ("carol", "POST", "/leads", {"need": "找厂房", "company": "甲", "contact_name": "李",
     "phone": "13600008888", "use": "生产", "tax": "300万", "wish": "320500", "card": "", "agreed": True}),
    ("office", "POST", "/leads/{lead}/assign", {"city": "320500", "text": "x"}),
    ("suzhou", "POST", "/leads/{lead}/contacts", {"purpose": "x"}),
    ("suzhou", "POST", "/leads/{lead}/contact", {"text": "x"}),
    ("suzhou", "POST", "/leads/{lead}/note", {"text": "x"}),
    ("suzhou", "POST", "/leads/{lead}/circulations", {"to_city": "340100", "kept": 50, "text": "x"}),
    ("suzhou", "POST", "/leads/{contacted}/judge", {"verdict": "valid", "stated": ["tax"],
     "end_reason": "no_fit", "text": "x"}),
    ("suzhou", "POST", "/leads/{valid}/answer", {"text": "x"}),
    ("suzhou", "POST", "/leads/{valid}/convert", CONVERTING),
    ("suzhou", "POST", "/leads/{lead}/close", {"end_reason": "no_fit", "text": "x"}),
]  # fmt: skip


def named(people: Cast) -> dict[str, str]:
    """References by what they are, for the paths above."""
    found = {"need": listing(people.alice), "draft": listing(people.alice, state="draft"),
             "offer": listing(people.bob, side="offer")}  # fmt: skip
    ask = {"cooperation": "lease", "question": "x", "agreed": True}
    found["asked"] = docking.ask(people.alice, found["offer"], **ask)
    found["accepted"] = docking.ask(people.alice, listing(people.bob, side="offer"), **ask)
    docking.accept(people.bob, found["accepted"], agreed=True)
    for name in ("lead", "contacted", "valid"):
        found[name] = intake.report(intake.Report(
            need=f"{name}找三千平厂房", company=name, contact_name="李", phone="13600008888",
            wish="320500"))  # fmt: skip
        Lead.objects.filter(pk=found[name].pk).update(state="received" if name == "lead" else name)
    return {name: thing.ref for name, thing in found.items()}


@pytest.mark.parametrize(
    ("who", "method", "path", "body"), BODIES, ids=lambda v: v if isinstance(v, str) else ""
)
def test_no_field_takes_the_api_down(
    people: Cast, who: str, method: str, path: str, body: dict[str, Any]
) -> None:
    refs = named(people)
    program = Program(getattr(people, who))
    address = path.format(**refs)
    body = {
        name: value.format(**refs) if name == "other" else value for name, value in body.items()
    }
    seen = set()
    for place, name in enumerate(body):
        for nasty in NASTY if EXAMPLES else NASTY[place % 5 :: 5]:
            with transaction.atomic():
                said = program(method, address, body | {name: nasty})
                transaction.set_rollback(True)
            assert said.status in (200, 201, 403, 404, 409, 422), (name, nasty, said)
            seen.add(said.status)
    with transaction.atomic():
        assert program(method, address, body).status in (200, 201), program(method, address, body)
        transaction.set_rollback(True)
    assert 422 in seen


@pytest.mark.parametrize("role", ROLES)
def test_whatever_is_sent_the_answer_is_as_documented(people: Cast, role: str) -> None:
    headers = {"Authorization": f"Bearer {token_for(getattr(people, role))}"} if role else {}
    things = known(people)
    schema = schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", WSGIHandler())
    for found in schema.get_all_operations():
        operation = found.ok()
        plain = [operation.as_strategy(mode) for mode in GenerationMode]
        aimed = [operation.as_strategy(path_parameters=one) for one in things]

        @settings(
            max_examples=EXAMPLES or 3,
            derandomize=not EXAMPLES,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=st.one_of(*plain, *aimed))
        def answered(case: Any) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        answered()
