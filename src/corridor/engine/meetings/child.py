"""The exact solver in a process of its own, which is ended when time is over.

A SAT solver answers no clock: it is killed, and the best that it has told is what is known.
"""

import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from .exact import Known, Tell, solve
from .problem import Problem


def solved(
    problem: Problem,
    tell: Tell,
    *,
    seed: int = 0,
    limit: float | None = None,
    stop: Callable[[], bool] | None = None,
) -> Known | None:
    """What is known when the solver is done, or after ``limit`` seconds; None where it is nothing.

    ``stop`` is asked at every step whether to end with what there is.
    """
    command = [sys.executable, "-c", f"from {__name__} import main; main()"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    alarm = threading.Timer(limit, child.kill) if limit is not None else None
    last: Known | None = None
    try:
        if alarm:
            alarm.start()
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("a child without pipes")
        with suppress(BrokenPipeError):
            pickle.dump((problem, seed), child.stdin)
            child.stdin.close()
        with suppress(EOFError, pickle.UnpicklingError):  # it was killed in the middle of a word
            while last is None or not last.done:
                last = pickle.load(child.stdout)
                tell(last)
                if stop is not None and stop():
                    break
    finally:
        if alarm:
            alarm.cancel()
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()
    return last


def main() -> None:
    """In the child: the problem comes in, what is known goes out."""
    problem, seed = pickle.load(sys.stdin.buffer)
    out = sys.stdout.buffer

    def tell(known: Known) -> None:
        pickle.dump(known, out)
        out.flush()

    tell(solve(problem, tell, seed=seed))
