"""The site as ``corridor serve`` runs it (web and worker in one process), for test_kill to kill.

``python kill_server.py MEMBERSHIP`` prints its port. ``POST /`` makes a draft and queues a job for it
in one transaction, and answers with the draft's reference once that is committed. The job writes
one consent for the draft, exactly once if all is well.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from datetime import timedelta
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "corridor.site.settings"
django.setup()

from django.db import connection, transaction  # noqa: E402
from waitress import create_server  # noqa: E402

from corridor.site.core import jobs, worker  # noqa: E402
from corridor.site.core.models import Consent, Membership  # noqa: E402
from corridor.site.listings import actions  # noqa: E402
from corridor.site.listings.content import Content  # noqa: E402

# A job whose worker was killed is taken again after this long, so that the test need not wait.
jobs.LEASE = timedelta(seconds=2)


def write(run: jobs.Run) -> None:
    """Take a moment, then write once."""
    for done in range(3):
        run.progress(done, 3, now=True)
        time.sleep(0.01)
    with run.finish():
        Consent.objects.create(purpose="kill", text="", thing=run.payload["ref"], channel="test")


for name, kind in list(jobs.KINDS.items()):
    if kind.every is not None:
        del jobs.KINDS[name]
jobs.job("test.write")(write)


def application(environ: dict[str, Any], start: Any) -> list[bytes]:
    """One acknowledged write."""
    try:
        number = int(sys.argv[1])
        actor = Membership.objects.select_related("user", "party").get(pk=number).actor()
        content = Content(side="need", kind="space", title="求租厂房", city=actor.city)
        with transaction.atomic():
            ref = actions.create(actor, content).ref
            jobs.enqueue("test.write", ref, {"ref": ref})
    finally:
        connection.close()
    start("201 Created", [("Content-Length", str(len(ref)))])
    return [ref.encode()]


def main() -> None:
    """Serve until killed."""
    server = create_server(application, host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=worker.work, args=(threading.Event(),), kwargs={"idle": 0.05}).start()
    print(server.effective_port, flush=True)
    server.run()


if __name__ == "__main__":
    main()
