"""A solver in a process of its own, which is ended when time is over.

A SAT solver answers no clock: it is killed, and the last that it has told is what is known.
"""

import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")
#: Something that a child does: it tells what it knows, again and again.
Work = Callable[[Callable[[T], None]], object]


def told(work: Work[T], limit: float | None = None) -> Iterator[T]:
    """What the work tells, one after another, until it is done or ``limit`` seconds are over.

    ``work`` is pickled: a function of a module, or a partial of one. Its process ends with the
    iterator.
    """
    command = [sys.executable, "-c", f"from {__name__} import main; main()"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    alarm = threading.Timer(limit, child.kill) if limit is not None else None
    try:
        if alarm:
            alarm.start()
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("a child without pipes")
        with suppress(BrokenPipeError):
            pickle.dump(work, child.stdin)
            child.stdin.close()
        with suppress(EOFError, pickle.UnpicklingError):  # it was killed in the middle of a word
            while True:
                yield pickle.load(child.stdout)
    finally:
        if alarm:
            alarm.cancel()
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()


def main() -> None:
    """In the child: the work comes in, what it tells goes out."""
    work = pickle.load(sys.stdin.buffer)
    out = sys.stdout.buffer

    def tell(known: object) -> None:
        pickle.dump(known, out)
        out.flush()

    work(tell)
