"""Industries: GB/T 4754-2017 国民经济行业分类, as amended by 修改单 No. 1 (2019).

A code is the section letter and the digits below it: ``C`` 门类 section, ``C39`` 大类 division,
``C396`` 中类 group, ``C3961`` 小类 class; so a parent is always a prefix. Where the names come
from, and how copies were checked against each other, is in README.md.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from ..label import Label
from ._table import fold, rows

# Length of a code -> closeness of two codes whose deepest shared ancestor has that length.
_SHARED = {4: 0.85, 3: 0.65, 1: 0.3}
# Length of a code -> closeness of it and a code under it.
_COVERED = {4: 0.9, 3: 0.7, 1: 0.4}


class UnknownIndustry(ValueError):
    """A code that is not in the table; ``code`` holds it."""

    def __init__(self, code: str) -> None:
        super().__init__(f"国民经济行业分类中没有代码 {code!r} / no such GB/T 4754 code: {code!r}")
        self.code = code


@cache
def load() -> Mapping[str, Label]:
    """Every code with its names, in code order; English is "" below the division level."""
    table = rows("industry.csv")
    return MappingProxyType({r["code"]: Label(r["name_zh"], r["name_en"]) for r in table})


def _entry(code: str) -> Label:
    try:
        return load()[code]
    except KeyError:
        raise UnknownIndustry(code) from None


def name_zh(code: str) -> str:
    """The standard's Chinese name. Raises :class:`UnknownIndustry`."""
    return _entry(code).zh


def name_en(code: str) -> str:
    """The English name, of the nearest ancestor that has one. Raises :class:`UnknownIndustry`."""
    return next(e.en for e in (_entry(code), *map(_entry, ancestors(code))) if e.en)


def ancestors(code: str) -> tuple[str, ...]:
    """The codes above this one, nearest first. Raises :class:`UnknownIndustry`."""
    _entry(code)
    return tuple(code[:n] for n in (4, 3, 1) if n < len(code))


@cache
def _by_word() -> Mapping[str, str]:
    """Each way to write a code -> the code: itself, its digits, its Chinese name.

    Where several codes share a name (a group and its only class), the coarsest is meant; at one
    level no two codes share a name.
    """
    words: dict[str, str] = {}
    for code in sorted(load(), key=lambda c: (len(c), c)):
        for word in (code, code[1:], fold(load()[code].zh)):
            words.setdefault(word, code)
    del words[""]
    return words


@cache
def words() -> Mapping[str, str]:
    """Chinese names to look for in free text -> the coarsest code that bears each.

    Names that begin with 其他 ("other") are left out: they say what an industry is not.
    """
    names = {fold(entry.zh) for entry in load().values() if not entry.zh.startswith("其他")}
    return MappingProxyType({w: c for w, c in _by_word().items() if w in names})


def normalise(raw: str) -> str | None:
    """The code meant by "C3961", "3961", "c39", "３９" or an exact Chinese name; None if none is.

    Digits alone are enough, because no two sections share a division number. A section letter
    that does not fit its digits ("D3961") is refused, not mended. A name shared by several
    levels gives the coarsest.
    """
    return _by_word().get(fold(raw).upper())


def proximity(a: str, b: str) -> float:
    """How close two industries are, 0 to 1; symmetric. Raises :class:`UnknownIndustry`.

    The same code 1. One over the other, by the level of the upper one: group .9, division .7,
    section .4. Otherwise by what they share: group .85, division .65, section .3, nothing 0.
    """
    upper, lower = sorted((a, b), key=len)
    above = ancestors(lower)
    shared = ancestors(upper)
    if upper == lower:
        return 1.0
    if upper in above:
        return _COVERED[len(upper)]
    return next((_SHARED[len(c)] for c in above if c in shared), 0.0)


def search(word: str, limit: int = 20) -> list[str]:
    """At most ``limit`` codes whose Chinese name contains the word, for suggestions.

    A name equal to the word comes first, then names that begin with it, then the rest; within
    each, coarser levels first, then code order. An empty word finds nothing.
    """
    if not (wanted := fold(word)):
        return []
    found = [(fold(entry.zh), code) for code, entry in load().items() if wanted in fold(entry.zh)]
    found.sort(key=lambda f: (f[0] != wanted, not f[0].startswith(wanted), len(f[1]), f[1]))
    return [code for _, code in found[: max(limit, 0)]]
