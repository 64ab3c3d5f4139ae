"""Bodies that are too large, were read as something else, or never came whole: each is refused in
the API's own form, in both languages, and nothing is done."""

from __future__ import annotations

import json
import logging
import socket
import struct
from collections.abc import Iterator
from typing import Any

import pytest
from cast import Cast, cast
from django.test import Client
from program import ROOT, Answer, Program, token_for

from corridor.site.api.models import Remembered
from corridor.site.core import limits
from corridor.site.core.models import AuditEntry
from corridor.site.listings.models import Listing

NEED = {"side": "need", "kind": "space", "title": "求租厂房", "city": "320500"}
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
MEGABYTE = 1024 * 1024


class Broken:
    """An upload whose connection is lost."""

    def read(self, _size: int = -1) -> bytes:
        """Nothing but an error."""
        raise ConnectionResetError("Connection reset by peer")

    readline = read


@pytest.fixture
def people(db: None) -> Iterator[Cast]:
    made = cast()
    entries = AuditEntry.objects.exclude(verb__startswith="token.").count()
    yield made
    assert not Listing.objects.exists()
    assert not Remembered.objects.exists()
    assert AuditEntry.objects.exclude(verb__startswith="token.").count() == entries


def problems(send: Any, status: int, code: str) -> tuple[str, str]:
    """The messages in Chinese and in English, of answers in the documented form."""
    found = []
    for language in ("zh", "en"):
        said: Answer = send(language)
        assert said.status == status, said
        assert said.headers["Content-Type"] == "application/json"
        assert set(said.json) == {"code", "message", "fields"}, said
        assert said.json["code"] == code, said
        found.append(said.json["message"])
    chinese, english = found
    assert chinese
    assert english.isascii() or chinese == english, "one of them in both languages"
    return chinese, english


@pytest.mark.parametrize("key", [{}, {"key": "k"}], ids=["plain", "key"])
@pytest.mark.parametrize("kind", ["application/json", "text/plain", FORM, PARTS])
@pytest.mark.parametrize("path", ["/listings", "/listings/L0/renew", "/leads"])
def test_an_upload_that_breaks_off_is_refused(
    people: Cast, caplog: Any, path: str, kind: str, key: dict[str, str]
) -> None:
    headers = {"Authorization": f"Bearer {token_for(people.alice)}"}
    if key:
        headers["Idempotency-Key"] = key["key"]
    client = Client(raise_request_exception=False)

    def send(language: str) -> Answer:
        wsgi = {"wsgi.input": Broken(), "CONTENT_LENGTH": "500", "CONTENT_TYPE": kind}
        return Answer(
            client.generic(
                "POST", ROOT + path, headers=headers | {"Accept-Language": language}, **wsgi
            )
        )

    if path.endswith("renew") and not key and kind not in (FORM, PARTS):
        assert send("zh").status == 404, "its body is not read"
        return
    chinese, english = problems(send, 400, "refused")
    assert chinese == "请求没有传完整，什么都没有改变，请再发一次。"
    assert english == "The request broke off and nothing was changed. Please send it again."
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("path", ["/account/login/", "/leads/new/", "/listings/new/"])
def test_a_page_whose_form_breaks_off_is_refused_too(people: Cast, path: str) -> None:
    wsgi = {"wsgi.input": Broken(), "CONTENT_LENGTH": "500", "CONTENT_TYPE": FORM}
    said = Client(raise_request_exception=False).generic("POST", path, **wsgi)
    assert said.status_code == 400
    assert "请求没有传完整" in said.content.decode()


@pytest.mark.parametrize("key", [{}, {"key": "k"}], ids=["plain", "key"])
@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
@pytest.mark.parametrize("size", [3 * MEGABYTE, 22 * MEGABYTE])
def test_a_body_that_is_too_large_is_refused(
    people: Cast, size: int, kind: str, key: dict[str, str]
) -> None:
    body, alice = b"{" + b" " * size + b"}", Program(people.alice)

    def send(language: str) -> Answer:
        return alice("POST", "/listings", body, kind=kind, **key, **{"Accept-Language": language})

    said = " ".join(problems(send, 413, "too_large"))
    assert "太大" in said
    assert "too large" in said


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FORM, b"title=" + b"x" * 3 * MEGABYTE),
        (FORM, b"&".join(b"f%d=1" % n for n in range(600))),
        (PARTS, b"--x\r\nnothing"),
        (PARTS, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'),
        (PARTS, b'--x\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\n1\r\n--x--'),
    ],
)
@pytest.mark.parametrize("key", [{}, {"key": "k"}], ids=["plain", "key"])
def test_a_form_is_refused_in_the_apis_own_form(
    people: Cast, kind: str, body: bytes, key: dict[str, str]
) -> None:
    alice = Program(people.alice)
    for path in ("/listings", "/leads"):
        said = alice("POST", path, body, kind=kind, **key)
        assert said.status in (400, 422), said
        assert set(said.json) == {"code", "message", "fields"}
        assert said.json["message"]


@pytest.fixture
def wire(site: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sends the head of a request that promises more than comes, then ends or breaks the connection."""
    monkeypatch.setattr(limits, "hit", lambda *_: None)
    token, port = token_for(cast().alice), int(site.rpartition(":")[2])

    def sent(body: bytes, *, promised: int, kind: str, reset: bool, key: str = "") -> bytes:
        head = (
            f"POST {ROOT}/listings HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
            f"Authorization: Bearer {token}\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {promised}\r\n" + (f"Idempotency-Key: {key}\r\n" if key else "")
        )
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(f"{head}\r\n".encode() + body)
            if reset:  # no goodbye: the other side's next read fails
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return b""
            line.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: line.recv(65536), b""))

    return sent


@pytest.mark.parametrize("key", ["", "k"])
@pytest.mark.parametrize("kind", ["application/json", FORM, PARTS])
def test_on_the_wire_half_a_body_is_no_body(wire: Any, caplog: Any, kind: str, key: str) -> None:
    half = json.dumps(NEED).encode()[:30]
    wire(half, promised=500, kind=kind, reset=True, key=key)
    head, _, body = wire(half, promised=500, kind=kind, reset=False, key=key).partition(b"\r\n\r\n")
    assert head.split()[1] in (b"400", b"422"), head
    assert json.loads(body)["message"]
    whole = json.dumps(NEED).encode()
    said = wire(whole, promised=len(whole), kind="application/json", reset=False, key=key)
    assert said.split()[1] == b"201", said
    assert Listing.objects.count() == 1
    assert [one for one in caplog.records if "Internal Server Error" in one.getMessage()] == []
