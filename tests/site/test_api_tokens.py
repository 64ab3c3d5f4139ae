"""The tokens of the API: who may call, how often, and until when."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from cast import SUZHOU, Cast
from django.utils import timezone
from program import ROOT, Program
from program_bodies import refused

from corridor.site.api import tokens
from corridor.site.api.models import ApiToken
from corridor.site.api.service import document
from corridor.site.core import limits
from corridor.site.core.errors import Forbidden, Missing
from corridor.site.core.models import AuditEntry, Membership, User

pytestmark = pytest.mark.django_db


def operations() -> list[tuple[str, str]]:
    """Every operation: its method, and its path with something in the place of each name."""
    paths = json.loads(document())["paths"]
    return [
        (method.upper(), re.sub(r"{\w+}", "1", path.removeprefix(ROOT)))
        for path, methods in paths.items()
        for method in methods
    ]


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
