"""Mails: one for each notice, within a minute or so."""

from datetime import timedelta

from ..core import jobs
from .mails import send_waiting

#: One sender at a time: two jobs of one key never run beside each other.
SENDER = "all"


@jobs.job("notices.mail", every=timedelta(minutes=1))
def mail(_run: jobs.Run) -> None:
    """Let what waits be sent."""
    jobs.enqueue("notices.send", SENDER)


@jobs.job("notices.send")
def send(run: jobs.Run) -> None:
    """Send what waits. What failed is tried again by the next one."""
    sent, failed = send_waiting(run.progress)
    with run.finish(sent=sent, failed=failed):
        pass
