"""The clock of the demo's conference: it stays half over for the rest of the day."""

from datetime import timedelta

from ..core.jobs import Run, job
from .noon import hold


@job("demo.noon", every=timedelta(minutes=1))
def noon(run: Run) -> None:
    """Hold the day at its middle."""
    held = hold()
    with run.finish(held=held):
        pass
