"""Webhooks: which events concern a party, signed, tried for 72 hours, and never sent inside."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cast import Cast, cast, listing
from django.utils import timezone

from corridor.site.api import hooks, jobs, outgoing, webhooks
from corridor.site.api.models import Delivery, Webhook
from corridor.site.core import jobs as core_jobs
from corridor.site.core.errors import Forbidden, Invalid
from corridor.site.core.models import AuditEntry, Job, Membership
from corridor.site.docking import actions as docking
from corridor.site.docking import aside
from corridor.site.leads import actions as lead_actions
from corridor.site.leads import intake
from corridor.site.leads.models import Lead
from corridor.site.listings import actions
from corridor.site.listings.models import Listing

HOUR = timedelta(hours=1)
State = Delivery.State


class Receiver:
    """A program that listens on this machine and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status, self.wait, self.headers = 200, 0.0, dict[str, str]()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                time.sleep(receiver.wait)
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?x=1"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def events(self) -> list[str]:
        """The events that came, in order."""
        return [json.loads(body)["event"] for _headers, body in self.got]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOW = frozenset({"127.0.0.1"})
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


def run(name: str = "api.webhooks") -> None:
    """Do a job of the API once, as a worker does."""
    core_jobs.enqueue(name)
    found = core_jobs.claim(kinds=frozenset({name}))
    assert found is not None
    core_jobs.perform(found)
    assert Job.objects.get(pk=found.job.pk).state == "done", Job.objects.get(
        pk=found.job.pk
    ).message


def waiting(hook: Webhook, **given: Any) -> Delivery:
    """An event that is to be sent."""
    now = timezone.now()
    number = Delivery.objects.count() + 1
    fields = {"entry": number, "verb": "listing.publish", "thing": "listing:L1", "at": now,
              "since": now, "next_at": now}  # fmt: skip
    return Delivery.objects.create(webhook=hook, **fields | given)


def told(hook: Webhook) -> list[tuple[str, str]]:
    """What a webhook is told of, after a look at the chain."""
    while webhooks.collect(hook):
        pass
    return list(hook.deliveries.order_by("entry").values_list("verb", "thing"))


# --- where to ---


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
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _address = server.accept()
            with connection:
                try:
                    connection.sendall(answer)
                    while not stop.wait(0.05):
                        connection.sendall(b"x")
                except OSError:
                    pass

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        url = f"{scheme}://127.0.0.1:{server.getsockname()[1]}/"
        if scheme == "http" and b"200" in answer:  # what it answered is known by then
            assert outgoing.post(url, b"{}", {}) == 200
        else:
            with pytest.raises(OSError):
                outgoing.post(url, b"{}", {})
        assert time.monotonic() - began < 2
        stop.set()
        thread.join()


def test_a_certificate_must_be_the_hosts_own(settings: Any, receiver: Receiver) -> None:
    with pytest.raises(OSError):
        outgoing.post(receiver.url.replace("http:", "https:"), b"{}", {})
    assert receiver.got == []


# --- which events ---


def hook_of(actor: Any, receiver: Receiver) -> Webhook:
    """A webhook of the actor's party, whose manager sets it up."""
    Membership.objects.filter(pk=actor.membership).update(manager=True)
    member = Membership.objects.select_related("user", "party").get(pk=actor.membership)
    return hooks.create(member.actor(), receiver.url)[0]


def test_each_party_is_told_of_what_concerns_it(people: Cast, receiver: Receiver) -> None:
    cast_of = {name: hook_of(getattr(people, name), receiver)
               for name in ("alice", "bob", "carol", "suzhou", "hefei", "office", "judge")}  # fmt: skip
    mine = listing(people.alice, state="corridor_review", title="求租")
    offer = listing(people.bob, side="offer")
    actions.publish(people.office, mine)
    aside.mark_unsuitable(people.alice, mine, offer, reason="price")
    intro = docking.ask(people.alice, offer, cooperation="lease", question="x", agreed=True)
    docking.accept(people.bob, intro, agreed=True)
    docking.contacts(people.alice, intro, "约看")
    hidden = listing(people.bob, anonymity="named", side="offer")
    actions.renew(people.bob, hidden)
    said = intake.Report(need="找厂房", company="测试", contact_name="李", phone="13600008888",
                         wish="320500")  # fmt: skip
    intake.report(said)
    lead_actions.contact(people.suzhou, Lead.objects.get())
    actions.close(people.alice, mine, "plan_changed")
    market, closed = (
        ("listing.publish", f"listing:{mine.ref}"),
        ("listing.close", f"listing:{mine.ref}"),
    )
    marked = ("match.unsuitable", f"listing:{mine.ref}")
    talks = [(f"introduction.{verb}", f"introduction:{intro.ref}") for verb in ("ask", "accept")]
    named = [("listing.renew", f"listing:{hidden.ref}")]
    leads = [(verb, f"lead:{Lead.objects.get().ref}") for verb in ("lead.report", "lead.contact")]
    # By now the listing is closed: who has no part in it cannot see it, and is told nothing of it.
    assert {name: told(hook) for name, hook in cast_of.items()} == {
        "alice": [market, marked, *talks, closed],
        "bob": [*talks, *named],
        "carol": [],
        "suzhou": [market, marked, *talks, *leads, closed],
        "hefei": [*talks, *named],
        "office": [market, marked, *talks, *named, *leads, closed],
        "judge": [],
    }


def test_what_is_on_the_market_is_told_to_all_who_see_it(people: Cast, receiver: Receiver) -> None:
    carol, judge = hook_of(people.carol, receiver), hook_of(people.judge, receiver)
    mine = listing(people.alice, state="corridor_review")
    other = listing(people.bob, side="offer")
    actions.publish(people.office, mine)
    aside.mark_unsuitable(people.alice, mine, other, reason="price")
    assert told(carol) == told(judge) == [("listing.publish", f"listing:{mine.ref}")]


def test_nothing_from_before_the_webhook_and_nothing_twice(
    people: Cast, receiver: Receiver
) -> None:
    actions.renew(people.alice, listing(people.alice))
    hook = hook_of(people.alice, receiver)
    assert told(hook) == []
    actions.renew(people.alice, Listing.objects.get())
    assert len(told(hook)) == 1
    assert len(told(hook)) == 1
    hook.refresh_from_db()
    assert hook.seen == AuditEntry.objects.latest("id").pk


def test_webhooks_end_with_the_membership_of_who_set_them_up(
    people: Cast, receiver: Receiver
) -> None:
    hook = hook_of(people.alice, receiver)
    waiting(hook)
    Membership.objects.filter(pk=people.alice.membership).update(ended_at=timezone.now())
    actions.renew(people.bob, listing(people.bob))
    run()
    assert receiver.got == []
    assert list(Webhook.objects.in_use()) == []


def test_only_a_manager_sets_up_and_ends(people: Cast, receiver: Receiver) -> None:
    with pytest.raises(Forbidden):
        hooks.create(people.carol, receiver.url)
    hook = hook_of(people.alice, receiver)
    for actor in (people.bob, people.carol, people.office):
        with pytest.raises(Forbidden):
            hooks.end(actor, hook)
    text = Webhook.objects.filter(pk=hook.pk).values_list("secret", flat=True).get()
    assert text.reveal() not in str(list(AuditEntry.objects.values()))


# --- sending ---


def test_an_event_arrives_signed(people: Cast, receiver: Receiver) -> None:
    hook = hook_of(people.alice, receiver)
    mine = listing(people.alice)
    actions.renew(people.alice, mine)
    run()
    headers, body = receiver.got[0]
    said = json.loads(body)
    assert said.keys() == {"id", "event", "thing", "at"}
    assert (said["event"], said["thing"]) == ("listing.renew", f"listing:{mine.ref}")
    assert headers["Corridor-Event"] == "listing.renew"
    at, _, digest = headers["Corridor-Signature"].removeprefix("t=").partition(",v1=")
    secret = hook.secret.reveal().encode()
    assert digest == hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert abs(int(at) - time.time()) < 60
    assert (hook.deliveries.get().state, hook.deliveries.get().status) == (State.TAKEN, "HTTP 200")
    run()
    assert len(receiver.got) == 1


def test_the_table_of_waits() -> None:
    minutes = [webhooks.wait(n).total_seconds() / 60 for n in range(1, 13)]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]
    assert webhooks.wait(60_000).total_seconds() == 6 * 3600


def test_it_is_tried_for_72_hours_and_given_up(people: Cast, receiver: Receiver) -> None:
    receiver.status = 500
    one = waiting(hook_of(people.alice, receiver))
    now, waits = one.since, []
    while one.state == State.WAITING:
        webhooks.deliver(one, now)
        waits.append(one.next_at - now)
        now = one.next_at
    assert waits == [webhooks.wait(n) for n in range(1, len(waits) + 1)]
    assert one.state == State.GIVEN_UP
    assert one.next_at - waits[-1] <= one.since + 72 * HOUR < one.next_at
    assert 15 < one.attempts == len(receiver.got) < 25
    run()
    assert len(receiver.got) == one.attempts


def test_what_was_given_up_is_sent_again_on_request(people: Cast, receiver: Receiver) -> None:
    hook = hook_of(people.alice, receiver)
    old = timezone.now() - 100 * HOUR
    one = waiting(hook, at=old, since=old, state=State.GIVEN_UP, attempts=20)
    Membership.objects.filter(pk=people.alice.membership).update(manager=True)
    hooks.replay(people.alice, one)
    receiver.status = 503
    run()
    one.refresh_from_db()
    assert (one.state, one.attempts, one.status) == (State.WAITING, 1, "HTTP 503")
    receiver.status = 204
    webhooks.deliver(one, timezone.now())
    assert one.state == State.TAKEN


def test_nothing_is_lost_when_the_worker_dies_between_collecting_and_sending(
    people: Cast, receiver: Receiver, monkeypatch: Any
) -> None:
    hook_of(people.alice, receiver)
    for _ in range(3):
        actions.renew(people.alice, listing(people.alice))

    class Killed(BaseException):
        """No handler catches it."""

    def killed(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(jobs, "deliver_due", killed)
        core_jobs.enqueue("api.webhooks")
        found = core_jobs.claim(kinds=frozenset({"api.webhooks"}))
        assert found is not None
        with pytest.raises(Killed):
            core_jobs.perform(found)
    Job.objects.update(lease_until=timezone.now() - HOUR)
    again = core_jobs.claim(kinds=frozenset({"api.webhooks"}))
    assert again is not None
    core_jobs.perform(again)
    assert len(receiver.got) == len({body for _, body in receiver.got}) == 3


def test_an_event_is_collected_with_its_delivery_or_not_at_all(
    people: Cast, receiver: Receiver, monkeypatch: Any
) -> None:
    hook = hook_of(people.alice, receiver)
    actions.renew(people.alice, listing(people.alice))
    with monkeypatch.context() as broken:
        broken.setattr(Webhook, "save", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            webhooks.collect(hook)
    assert not hook.deliveries.exists()
    assert len(told(hook)) == 1


def test_a_receiver_that_is_away_holds_nobody_up(people: Cast, receiver: Receiver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    away = hook_of(people.alice, receiver)
    Webhook.objects.filter(pk=away.pk).update(url=f"http://127.0.0.1:{port}/")
    here = hook_of(people.bob, receiver)
    for _ in range(3):
        waiting(away)
    waiting(here)
    run()
    assert len(receiver.got) == 1
    tried = list(away.deliveries.order_by("entry").values_list("attempts", flat=True))
    assert tried == [1, 0, 0]
    # The others wait as long as the one that was tried.
    assert not away.deliveries.filter(next_at__lt=timezone.now() + timedelta(seconds=50)).exists()


def test_a_slow_receiver_gets_its_share_of_a_round(
    people: Cast, receiver: Receiver, monkeypatch: Any
) -> None:
    monkeypatch.setattr(webhooks, "SHARE", 0.1)
    receiver.wait, receiver.status = 0.15, 500
    slow = hook_of(people.alice, receiver)
    for _ in range(3):
        waiting(slow)
    run()
    assert len(receiver.got) == 1


def test_an_address_that_has_turned_inner_is_not_sent_to(
    people: Cast, receiver: Receiver, settings: Any
) -> None:
    one = waiting(hook_of(people.alice, receiver))
    settings.WEBHOOK_ALLOW = frozenset()
    run()
    one.refresh_from_db()
    assert receiver.got == []
    assert (one.state, one.attempts) == (State.WAITING, 1)
    assert "127.0.0.1" in one.status


def test_old_deliveries_are_forgotten(people: Cast, receiver: Receiver) -> None:
    hook = hook_of(people.alice, receiver)
    waiting(hook, since=timezone.now() - timedelta(days=31))
    kept = waiting(hook)
    run("api.tidy")
    assert list(hook.deliveries.all()) == [kept]
