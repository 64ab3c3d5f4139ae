"""Events sent: signed, tried for 72 hours, none lost, nobody held up."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import time
from datetime import timedelta
from typing import Any

import pytest
from cast import Cast, listing
from django.utils import timezone
from receiver import HOUR, Receiver, State, hook_of, run, waiting

from corridor.site.api import hooks, jobs, webhooks
from corridor.site.api.models import Webhook
from corridor.site.core import jobs as core_jobs
from corridor.site.core.models import Job, Membership
from corridor.site.listings import actions


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
