"""Compiling the inner loops, and keeping the result where that is possible."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar, cast

from numba import njit
from numba.core.types import unliteral

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """The function compiled at its first call; kept on disk unless there is nowhere to write."""
    return _compiled(function)


def lean(function: F) -> F:
    """The same for a function that makes no array, and views none it keeps.

    It counts no references to the arrays it is given, which with a tuple of many arrays takes a
    hundred times as long as a small step itself. One that makes an array does not compile.
    """
    try:
        return _compiled(function, _nrt=False)
    except KeyError:  # numba calls the option its own; without it everything is only slower
        return _compiled(function)


def _compiled(function: F, **options: Any) -> F:
    try:
        made = njit(cache=True, **options)(function)
    except RuntimeError:  # a read-only installation without a home directory
        made = njit(**options)(function)
    made.get_call_template = partial(_for_any_number, made.get_call_template)
    return cast(F, made)


def _for_any_number(
    template: Callable[..., object], args: Iterable[object], named: Mapping[str, object]
) -> object:
    """What a compiled caller calls. Left alone, numba compiles another function for each constant
    that is handed over, which doubles the time that all of them take."""
    plain: Callable[[object], object] = unliteral
    return template(tuple(map(plain, args)), {name: plain(one) for name, one in named.items()})
