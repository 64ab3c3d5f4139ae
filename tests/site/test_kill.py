"""kill -9 of the site again and again: nothing acknowledged is lost, no job is lost or done twice.

``CORRIDOR_TEST_KILL_ROUNDS`` sets how often (5; the bar of 100 takes some minutes).
"""

from __future__ import annotations

import http.client
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path

import cast as people
import pytest

from corridor.site.core import audit
from corridor.site.core.models import Consent, Job
from corridor.site.listings.models import Listing

SERVER = Path(__file__).with_name("kill_server.py")
ROUNDS = int(os.environ.get("CORRIDOR_TEST_KILL_ROUNDS", "5"))
CLIENTS = 3


class Site:
    """A running site, and the references it has acknowledged."""

    def __init__(self, membership: int) -> None:
        command = [sys.executable, "-W", "ignore", str(SERVER), str(membership)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def write_until_dead(self, acknowledged: list[str]) -> None:
        """Send writes one after another; keep what was answered in full."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with closing(connection), suppress(OSError, http.client.HTTPException):
            while True:
                connection.request("POST", "/")
                with connection.getresponse() as answer:
                    ref = answer.read().decode()
                    if answer.status == 201:
                        acknowledged.append(ref)
                # People pause. Without it SQLite's one writer at a time starves the worker, whose
                # first job is then interrupted three times in a row, which is when it gives up.
                time.sleep(0.02)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


def one_round(membership: int, chance: random.Random, acknowledged: list[str]) -> None:
    """Start, write from several clients, kill at a random moment."""
    site = Site(membership)
    clients = [
        threading.Thread(target=site.write_until_dead, args=(acknowledged,)) for _ in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    time.sleep(chance.uniform(0.5, 1.5))
    site.kill()
    for client in clients:
        client.join()


@pytest.mark.django_db(transaction=True)
def test_nothing_acknowledged_is_lost() -> None:
    membership = people.cast().alice.membership
    assert membership is not None
    chance, acknowledged = random.Random(7), list[str]()
    for _ in range(ROUNDS):
        one_round(membership, chance, acknowledged)
    site = Site(membership)
    _all_done()
    site.kill()
    kept = set(Listing.objects.values_list("ref", flat=True))
    written = Counter(Consent.objects.filter(purpose="kill").values_list("thing", flat=True))
    assert len(acknowledged) > ROUNDS
    assert set(acknowledged) - kept == set()
    assert list(audit.faults()) == []
    assert Counter(kept) == written
    assert not Job.objects.exclude(state="done").exists()


def _all_done() -> None:
    """Wait until no job is left, or none has ended for a minute."""
    waiting = Job.objects.filter(state__in=("queued", "running"))
    left, since = waiting.count(), time.monotonic()
    while left and time.monotonic() < since + 60:
        time.sleep(0.2)
        now = waiting.count()
        if now < left:
            left, since = now, time.monotonic()
