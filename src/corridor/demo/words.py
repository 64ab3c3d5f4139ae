"""The vocabulary of the synthetic world, read once from the plain files under ``data/``."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

Span = tuple[str, str]
_SERVICE = re.compile("服务|许可|系统|平台|标注|测试|流片|测序|原料")
_METRIC = re.compile(r"(.*?)([≥≤])([\d.]+)~([\d.]+)(.*)")


@dataclass(frozen=True, slots=True)
class Product:
    """A thing bought and sold: names that mean the same, unit, lowest and highest price in yuan."""

    names: tuple[str, ...]
    unit: str
    price: Span


@dataclass(frozen=True, slots=True)
class Topic:
    """A technology: names that mean the same, and how its success is measured."""

    names: tuple[str, ...]
    label: str
    sign: str
    span: Span
    unit: str


@dataclass(frozen=True, slots=True)
class Field:
    """An industry with what its firms make, research and hire for."""

    code: str
    name: str
    chain: str
    strategic: str
    domains: tuple[str, ...]
    stems: tuple[str, ...]
    products: tuple[Product, ...]
    topics: tuple[Topic, ...]
    posts: tuple[tuple[str, ...], ...]

    @property
    def goods(self) -> tuple[Product, ...]:
        """The products that are made in a plant; all products where none is."""
        made = tuple(p for p in self.products if not _SERVICE.search("".join(p.names)))
        return made or self.products


@dataclass(frozen=True, slots=True)
class Apparatus:
    """An instrument or laboratory service; prices in yuan, original value in 10k yuan."""

    names: tuple[str, ...]
    domains: tuple[str, ...]
    hour: Span
    sample: Span
    worth: Span
    measurands: tuple[str, ...]
    standard: str
    specimens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Support:
    """A kind of policy support; amounts in 10k yuan."""

    names: tuple[str, ...]
    benefits: tuple[str, ...]
    amount: Span
    levels: tuple[str, ...]
    conditions: tuple[str, ...]
    formula: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A thing shown at the import fair; price in yuan."""

    names: tuple[str, ...]
    zone: str
    countries: tuple[str, ...]
    unit: str
    price: Span
    industry: str
    heading: str
    use: str


@dataclass(frozen=True, slots=True)
class City:
    """A city of the corridor: rent in yuan/㎡/day, land in 10k yuan/亩, districts as (code, name)."""

    code: str
    zh: str
    weight: int
    rent: tuple[float, float]
    land: tuple[int, int]
    near: tuple[str, ...]
    districts: tuple[tuple[str, str], ...]
    industries: tuple[str, ...]


def _lines(name: str) -> Iterator[str]:
    text = (files(__package__) / "data" / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def _span(text: str) -> Span:
    low, high = text.split("-")
    return low, high


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split("/"))


def _topic(rest: str) -> Topic:
    names, metric = rest.split("|")
    found = _METRIC.fullmatch(metric)
    if found is None:
        raise ValueError(f"demo data: metric without a range: {rest}")
    label, sign, low, high, unit = found.groups()
    return Topic(_names(names), label, sign, (low, high), unit)


def _field(head: str, rows: list[str]) -> Field:
    code, name, chain, strategic, domains, stems = head.split("|")
    products = [row[2:].split("|") for row in rows if row[0] == "p"]
    return Field(
        code,
        name,
        chain,
        strategic,
        tuple(domains.split()),
        tuple(stems.split()),
        tuple(Product(_names(n), unit, (low, high)) for n, unit, low, high in products),
        tuple(_topic(row[2:]) for row in rows if row[0] == "t"),
        tuple(_names(row[2:]) for row in rows if row[0] == "j"),
    )


@cache
def fields() -> dict[str, Field]:
    """The industries by GB/T 4754 code, in the order of the files."""
    blocks: list[tuple[str, list[str]]] = []
    for name in ("industries_1.txt", "industries_2.txt"):
        for line in _lines(name):
            if line.startswith("= "):
                blocks.append((line[2:], []))
            else:
                blocks[-1][1].append(line)
    read = (_field(head, rows) for head, rows in blocks)
    return {found.code: found for found in read}


@cache
def apparatus() -> tuple[Apparatus, ...]:
    """The instruments."""
    rows = (line.split("|") for line in _lines("instruments.txt"))
    return tuple(
        Apparatus(
            _names(n),
            tuple(d.split()),
            _span(h),
            _span(s),
            _span(w),
            _names(m),
            standard,
            _names(x),
        )
        for n, d, h, s, w, m, standard, x in rows
    )


@cache
def apparatus_for(domains: tuple[str, ...]) -> tuple[Apparatus, ...]:
    """The instruments that serve any of the laboratory domains."""
    return tuple(a for a in apparatus() if set(a.domains) & set(domains))


@cache
def supports() -> tuple[Support, ...]:
    """The kinds of policy support."""
    rows = (line.split("|") for line in _lines("policies.txt"))
    return tuple(
        Support(_names(n), tuple(b.split()), _span(a), tuple(lv.split()), tuple(c.split()), f, p)
        for n, b, a, lv, c, f, p in rows
    )


@cache
def exhibits() -> tuple[Exhibit, ...]:
    """The exhibits of the import fair."""
    rows = (line.split("|") for line in _lines("exhibits.txt"))
    return tuple(
        Exhibit(_names(n), zone, tuple(c.split()), unit, _span(p), code, heading, use)
        for n, zone, c, unit, p, code, heading, use in rows
    )


@cache
def cities() -> dict[str, City]:
    """The nine cities by GB/T 2260 code."""
    text = (files(__package__) / "data" / "cities.toml").read_text(encoding="utf-8")
    return {code: _city(code, row) for code, row in tomllib.loads(text).items()}


def _city(code: str, row: dict[str, list[str]]) -> City:
    settings: dict[str, object] = dict(row)
    weight, zh = settings["weight"], settings["zh"]
    assert isinstance(weight, int)
    assert isinstance(zh, str)
    low, high = (float(n) for n in row["rent"])
    cheap, dear = (int(n) for n in row["land"])
    districts = [tuple(pair.split()) for pair in row["districts"]]
    return City(
        code,
        zh,
        weight,
        (low, high),
        (cheap, dear),
        tuple(row["near"]),
        tuple((code, name) for code, name in districts),
        tuple(row["industries"]),
    )
