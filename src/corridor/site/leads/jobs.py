"""The leads' periodic work."""

from datetime import timedelta

from ..core.jobs import Run, job
from .alarms import ring


@job("leads.clocks", every=timedelta(minutes=10))
def clocks(run: Run) -> None:
    """Remind and escalate. Each clock rings in a transaction of its own, once."""
    rang = ring()
    with run.finish(rang=rang):
        pass
