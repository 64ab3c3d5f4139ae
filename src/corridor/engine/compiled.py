"""Compiling the inner loops, and keeping the result where that is possible."""

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """The function compiled at its first call; kept on disk unless there is nowhere to write."""
    try:
        return cast(F, njit(cache=True)(function))
    except RuntimeError:  # a read-only installation without a home directory
        return cast(F, njit(function))
