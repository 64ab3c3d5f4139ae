"""The receiver of a webhook, and what waits to be sent to it."""

from __future__ import annotations

import json
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.utils import timezone

from corridor.site.api import hooks, webhooks
from corridor.site.api.models import Delivery, Webhook
from corridor.site.core import jobs as core_jobs
from corridor.site.core.models import Job, Membership

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


def hook_of(actor: Any, receiver: Receiver) -> Webhook:
    """A webhook of the actor's party, whose manager sets it up."""
    Membership.objects.filter(pk=actor.membership).update(manager=True)
    member = Membership.objects.select_related("user", "party").get(pk=actor.membership)
    return hooks.create(member.actor(), receiver.url)[0]
