"""Where webhooks are sent to: never inside, never redirected, never for long."""

from __future__ import annotations

import socket
import threading
from typing import Any

import pytest
from receiver import Receiver

from corridor.site.api import outgoing
from corridor.site.core.errors import Invalid


@pytest.mark.parametrize("url", [
    "https://127.0.0.1/", "https://localhost/", "https://127.1/", "https://2130706433/", "https://0x7f000001/",
    "https://0177.0.0.1/", "https://0/", "https://0.0.0.0/", "https://10.0.0.1/", "https://172.16.3.4/",
    "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/",
    "https://192.0.0.192/", "https://198.18.0.1/", "https://224.0.0.1/", "https://240.0.0.1/",
    "https://255.255.255.255/", "https://[::1]/", "https://[::]/", "https://[fe80::1]/", "https://[fc00::1]/",
    "https://[fec0::1]/", "https://[ff02::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:a9fe:a9fe]/",
    "https://[::127.0.0.1]/", "https://[64:ff9b::127.0.0.1]/", "https://[64:ff9b::a9fe:a9fe]/",
    "https://[2002:7f00:1::]/", "https://[2001:0:7f00:1::]/", "https://[2001:db8::1]/",
])  # fmt: skip
def test_inner_addresses_are_refused_however_written(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        outgoing.check(url)
    assert refused.value.fields.keys() == {"url"}


@pytest.mark.parametrize("url", [
    "", "example.org", "//example.org", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/",
    "https://", "https:///x", "https://user@8.8.8.8/", "https://user:pass@8.8.8.8/", "https://:@8.8.8.8/",
    "https://8.8.8.8:0/", "https://8.8.8.8:99999/", "https://8.8.8.8:x/", "https://8.8.8.8/\r\nHost: x",
    "https://8.8.8.8/a b", "https://8.8.8.8\\@127.0.0.1/", "https://8.8.8.8/汉", "https://①②⑦.0.0.1/",
    "https://[::1/", "https://no-such-host.invalid/", "https://" + "a" * 300 + ".org/", "http://8.8.8.8/",
    "https://8.8.8.8/\0",
])  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        outgoing.check(url)


@pytest.mark.parametrize("url", [
    "https://8.8.8.8/", "https://8.8.8.8:8443/x?y=1", "https://[2606:4700::1111]/",
])  # fmt: skip
def test_public_addresses_are_fine(url: str) -> None:
    assert len(outgoing.check(url)) == 1


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Names answer with these addresses, one list a time; gives the addresses connected to."""
    left, reached = list(answers), []

    def getaddrinfo(*_args: Any, **_more: Any) -> list[Any]:
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in found]

    def connect(address: tuple[str, int], **_more: Any) -> Any:
        reached.append(address[0])
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(outgoing.socket, "create_connection", connect)
    return reached


def test_a_name_is_refused_when_any_of_its_addresses_is_inner(monkeypatch: Any) -> None:
    resolving(monkeypatch, ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(Invalid):
        outgoing.check("https://example.org/")


def test_a_name_that_answers_otherwise_the_second_time_gains_nothing(monkeypatch: Any) -> None:
    reached = resolving(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    with pytest.raises(OSError, match="nobody"):
        outgoing.post("https://example.org/", b"", {})
    assert reached == ["8.8.8.8"]
    with pytest.raises(Invalid):
        outgoing.post("https://example.org/", b"", {})
    assert reached == ["8.8.8.8"]


def test_each_address_of_a_name_is_tried(monkeypatch: Any) -> None:
    reached = resolving(monkeypatch, ["8.8.8.8", "1.1.1.1"])
    with pytest.raises(OSError, match="nobody"):
        outgoing.post("https://example.org/", b"", {})
    assert reached == ["8.8.8.8", "1.1.1.1"]


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 302, {"Location": receiver.url}
    assert outgoing.post(receiver.url, b"{}", {}) == 302
    assert len(receiver.got) == 1


def test_plain_http_is_for_allowed_inner_addresses_only(receiver: Receiver, settings: Any) -> None:
    assert outgoing.post(receiver.url, b"{}", {"X": "1"}) == 200
    headers, body = receiver.got[0]
    assert (headers["Host"], headers["X"], body) == (receiver.url.split("/")[2], "1", b"{}")
    settings.WEBHOOK_ALLOW = frozenset()
    with pytest.raises(Invalid):
        outgoing.post(receiver.url, b"{}", {})


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"moon\r\n\r\n", b"HTTP/1.1 999999 x\r\n\r\n"]
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_answer_that_never_ends_or_makes_no_sense_fails_in_time(
    settings: Any, monkeypatch: Any, answer: bytes, scheme: str
) -> None:
    """A byte now and then, or no handshake, would otherwise hold the worker up for hours."""
    settings.WEBHOOK_ALLOW = frozenset({"127.0.0.1"})
    monkeypatch.setattr(outgoing, "SECONDS", 0.4)
    stop, ended = threading.Event(), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _address = server.accept()
            with connection:
                try:
                    connection.sendall(answer)
                    for _ in range(400):  # far longer than it may take
                        if stop.wait(0.05):
                            return
                        connection.sendall(b"x")
                    ended.set()
                except OSError:
                    pass

        thread = threading.Thread(target=drip)
        thread.start()
        url = f"{scheme}://127.0.0.1:{server.getsockname()[1]}/"
        if scheme == "http" and b"200" in answer:  # what it answered is known by then
            assert outgoing.post(url, b"{}", {}) == 200
        else:
            with pytest.raises(OSError):
                outgoing.post(url, b"{}", {})
        assert not ended.is_set()
        stop.set()
        thread.join()


def test_a_certificate_must_be_the_hosts_own(settings: Any, receiver: Receiver) -> None:
    with pytest.raises(OSError):
        outgoing.post(receiver.url.replace("http:", "https:"), b"{}", {})
    assert receiver.got == []
