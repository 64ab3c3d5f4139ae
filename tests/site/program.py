"""A program: a client of the API that holds a token."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from corridor.site.api import tokens
from corridor.site.core.actor import Actor
from corridor.site.core.models import Membership

ROOT = "/api/v1"


def token_for(actor: Actor) -> str:
    """The text of a token that acts as ``actor``, whose manager has it made."""
    Membership.objects.filter(pk=actor.membership).update(manager=True)
    member = Membership.objects.select_related("user", "party").get(pk=actor.membership)
    return tokens.create(member.actor(), "测试系统")[1]


class Program:
    """Calls the API as an actor; as nobody without one."""

    def __init__(self, actor: Actor | None = None, *, token: str = "") -> None:
        self.token = token or (token_for(actor) if actor else "")
        self._client = Client(raise_request_exception=False)

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        kind: str = "application/json",
        **headers: str,
    ) -> Answer:
        """The answer to a request: ``program("POST", "/listings", {...}, key="k")``."""
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if "key" in headers:
            headers["Idempotency-Key"] = headers.pop("key")
        data = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        )
        said = self._client.generic(method, ROOT + path, data, content_type=kind, headers=headers)
        return Answer(said)


class Answer:
    """What came back: ``status``, ``headers`` and ``json``; printed when an assertion fails."""

    def __init__(self, said: Any) -> None:
        self.status: int = said.status_code
        self.headers = said.headers
        self.body: bytes = said.content
        self.text = self.body.decode()
        is_json = self.headers.get("Content-Type", "").startswith("application/json")
        self.json: Any = json.loads(self.body) if is_json and self.body else None

    def __repr__(self) -> str:
        return f"{self.status} {self.text[:600]}"
