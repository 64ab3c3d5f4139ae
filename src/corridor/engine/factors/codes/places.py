"""Places: GB/T 2260 provinces, prefecture-level cities, districts and counties of mainland China.

A code has six digits: ``330000`` 浙江省, ``330400`` 嘉兴市, ``330421`` 嘉善县. The districts of
the four municipalities (直辖市) hang on the province-level code itself (``310117`` 松江区 under
``310000``), as do counties run by a province (``429004`` 仙桃市). Source and version: README.md.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType

from ._place_names import forms
from ._table import fold, rows

_MUNICIPALITIES = ("11", "12", "31", "50")


class UnknownPlace(ValueError):
    """A code or name that is not in the table; ``raw`` holds it."""

    def __init__(self, raw: str) -> None:
        super().__init__(f"行政区划表中没有 {raw!r} / no such place in GB/T 2260: {raw!r}")
        self.raw = raw


class AmbiguousPlace(ValueError):
    """A name that several places bear; ``candidates`` holds their codes, in code order."""

    def __init__(self, raw: str, candidates: tuple[str, ...]) -> None:
        names = "、".join(full_name_zh(c) for c in candidates)
        super().__init__(f"“{raw}”可指 {names}，请写明 / {raw!r} may mean {names}: say which")
        self.raw = raw
        self.candidates = candidates


@cache
def load() -> Mapping[str, str]:
    """Every code with its Chinese name, in code order."""
    return MappingProxyType({r["code"]: r["name_zh"] for r in rows("places.csv")})


@cache
def _stem(code: str) -> str:
    """The significant digits. 3101xx's own level (310100, 310200) is the municipality itself."""
    short = code[:-2] if code.endswith("00") else code
    if short.endswith("00") or (len(short) == 4 and short[:2] in _MUNICIPALITIES):
        short = short[:2]
    return short


@cache
def canonical(code: str) -> str:
    """The table's code for a code: "310100" is 310000. Raises :class:`UnknownPlace`."""
    full = _stem(code).ljust(6, "0") if len(code) == 6 else code
    if full not in load():
        raise UnknownPlace(code)
    return full


def name_zh(code: str) -> str:
    """The place's own name, "嘉善县". Raises :class:`UnknownPlace`."""
    return load()[canonical(code)]


@cache
def _english() -> Mapping[str, str]:
    """Code -> English form that means it alone: Jiashan, Suzhou (Jiangsu), else with the code."""
    bare = {r["code"]: r["name_en"] for r in rows("places.csv")}
    forms = [
        bare,
        {c: f"{n} ({bare[c[:2] + '0000']})" for c, n in bare.items()},
        {c: f"{n} ({c})" for c, n in bare.items()},
    ]
    borne = [Counter(level.values()) for level in forms]
    return {
        code: next(f[code] for f, n in zip(forms, borne, strict=True) if n[f[code]] == 1)
        for code in bare
    }


@cache
def _by_english() -> Mapping[str, str]:
    return {fold(form).lower(): code for code, form in _english().items()}


def name_en(code: str) -> str:
    """The romanised name without its rank, "Jiashan", with the province where several places
    bear it, "Suzhou (Jiangsu)"; :func:`normalise` reads it. Raises :class:`UnknownPlace`."""
    return _english()[canonical(code)]


def _line(code: str) -> tuple[str, ...]:
    """The codes from the province down to this one."""
    code = canonical(code)
    steps = (code[:2] + "0000", code[:4] + "00", code)
    return tuple(dict.fromkeys(step for step in steps if step in load()))


def full_name_zh(code: str) -> str:
    """The name from the province down, "浙江省嘉兴市嘉善县". Raises :class:`UnknownPlace`."""
    return "".join(load()[step] for step in _line(code))


def covers(a: str, b: str) -> bool:
    """Whether place ``a`` is ``b`` or lies above it. Raises :class:`UnknownPlace`."""
    return _stem(canonical(b)).startswith(_stem(canonical(a)))


def city_of(code: str) -> str | None:
    """The city a place belongs to, or None for a province. Raises :class:`UnknownPlace`.

    A district or county gives its prefecture. Where none stands between it and the province (a
    municipality's district, a county run by the province) it plays the city's part itself:
    310117 gives 310117. A municipality as a whole gives itself.
    """
    code = canonical(code)
    if code.endswith("0000"):
        return code if code[:2] in _MUNICIPALITIES else None
    prefecture = code[:4] + "00"
    return prefecture if prefecture in load() else code


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    """Every form of a name -> the codes that bear it, in code order."""
    found: dict[str, list[str]] = {}
    for code, name in load().items():
        for form in forms(name, county=not code.endswith("00")):
            found.setdefault(form, []).append(code)
    return MappingProxyType({form: tuple(codes) for form, codes in found.items()})


@cache
def everyday() -> frozenset[str]:
    """Name forms left out of :func:`short_names`: they turn up in text that means no place."""
    return frozenset(r["word"] for r in rows("everyday.csv"))


@cache
def short_names() -> Mapping[str, tuple[str, ...]]:
    """Every form to look for in free text -> its codes, in code order.

    "嘉善县" and "嘉善" both give ("330421",). Forms of one character are never made; those in
    everyday.csv (合作, 资源, 阿里, 城区) are left out, though :func:`normalise` still reads them.
    """
    kept = {form: codes for form, codes in _names().items() if form not in everyday()}
    return MappingProxyType(kept)


@cache
def _longest() -> int:
    return max(map(len, _names()))


def _matches(text: str, depth: int = 3) -> frozenset[str]:
    """The codes a name, or a path of at most ``depth`` names from the outside in, can mean."""
    found = set(_names().get(text, ()))
    longest = _longest()
    for cut in range(2, min(len(text) - 1, longest + 1) if depth > 1 else 0):
        heads = _names().get(text[:cut], ())
        tails = _matches(text[cut:], depth - 1) if heads else frozenset[str]()
        found.update(t for t in tails if any(h != t and covers(h, t) for h in heads))
    return frozenset(found)


@cache
def unique_names() -> Mapping[str, str]:
    """:func:`short_names` where the form alone decides, by the rule of :func:`normalise`."""
    chosen = {form: _choose(codes, ()) for form, codes in short_names().items()}
    return MappingProxyType({form: code for form, code in chosen.items() if code})


def _choose(codes: Iterable[str], prefer: Sequence[str]) -> str | None:
    """One of several codes, by the rule of :func:`normalise`; None where it does not decide."""
    found = sorted(codes)
    pool = [c for c in found if any(covers(p, c) for p in prefer)] or found
    top = min(len(_stem(c)) for c in pool)
    coarsest = [c for c in pool if len(_stem(c)) == top]
    return coarsest[0] if len(coarsest) == 1 else None


def normalise(raw: str, prefer: Sequence[str] = ()) -> str:
    """The code meant by a code, a name or a path of names.

    Takes "330421", "3304", "嘉善县", "嘉善", "嘉兴市嘉善县", "浙江嘉善", "Jiashan"; spaces and "/·-,、" may
    stand between. Where several places bear the name, those inside a place of ``prefer`` (codes)
    go before the rest; among those left the only province, or else the only prefecture, is meant
    (吉林 is the province, 西安 the city). Raises :class:`AmbiguousPlace` where that does not
    decide, and :class:`UnknownPlace` for a name nobody bears or a code not in the table.
    """
    if english := _by_english().get(fold(raw).lower()):
        return english
    text = "".join(ch for ch in fold(raw) if ch not in "/·-,、")
    if text.isascii():
        return canonical(text.ljust(6, "0") if len(text) in (2, 4) else text)
    if not (found := _matches(text)):
        raise UnknownPlace(raw)
    if (chosen := _choose(found, prefer)) is None:
        raise AmbiguousPlace(raw, tuple(sorted(found)))
    return chosen


def suggest(raw: str, limit: int = 5) -> list[str]:
    """At most ``limit`` full names near a misspelt one, nearest first (difflib, ratio 0.6)."""
    near = get_close_matches(fold(raw)[:30], _names(), n=max(limit, 1), cutoff=0.6)
    codes = dict.fromkeys(code for form in near for code in _names()[form])
    return [full_name_zh(code) for code in codes][: max(limit, 0)]
