"""Columns: what a header means for a kind and a side, in Chinese or English."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache

from corridor.engine.factors import (
    UNITS,
    Attribute,
    FactorKind,
    Label,
    Side,
    Type,
    all_kinds,
    factor,
    header,
    kind,
)

#: Prefix of a header that names an attribute and nothing else.
VALUES = "values."


@dataclass(frozen=True, slots=True)
class Envelope:
    """A column that every listing has: its name, what it is called, and looser words for it."""

    name: str
    label: Label
    also: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def _field(name: str, zh: str, en: str, also: str = "", words: str = "") -> Envelope:
    return Envelope(name, Label(zh, en), tuple(also.split("|")), tuple(words.split("|")))


FIELDS = (
    _field("id", "编号", "ID", "", "序号|编码|需求编号|供给编号|项目编号|no."),
    _field("kind", "要素类别", "Factor", "factor kind|kind", "类别|要素|要素类型"),
    _field("side", "供需", "Side", "need or offer", "供需方向|供需类型"),
    _field("title", "标题", "Title", "", "名称|需求标题|供给标题|需求名称|供给名称|项目名称"),
    _field(
        "text",
        "说明",
        "Description",
        "text",
        "描述|详情|详细说明|正文|内容|需求描述|需求内容|供给内容|摘要|简介|成果简介|abstract|summary",
    ),
    _field(
        "party", "主体", "Party", "", "单位|单位名称|企业|企业名称|机构|公司|organisation|company"
    ),
    _field("city", "城市", "City", "所在城市|located in", "所在地|所在市"),
    _field("must", "必须项", "Must", "must have"),
    _field("flexible", "可商量项", "Flexible", "negotiable"),
    _field("published", "发布日期", "Published", "", "发布时间|登记日期"),
    _field(
        "expires",
        "截止日期",
        "Expires",
        "截止日期(有效期至)|有效期至|valid until",
        "有效期|失效日期",
    ),
    _field("capacity", "可承接数", "Capacity", "可承接数量"),
    _field("contact", "联系方式", "Contact", "", "联系电话|电话|手机|联系人"),
)

#: What offers call the attribute they state beside their own city.
_SERVING = Label("服务城市", "Cities served")
_TRAILING = re.compile(r"(?:[*:]|\((?:必填|选填|required|optional)\))+$")
_BRACKET = re.compile(r"(.+?)[(\[](?:单位:|unit:)?([^()\[\]]+)[)\]]")
_MULTIPLIER = re.compile(r"[十百千万亿]+")
_DASHES = str.maketrans("–—―‐−~〜～", "--------")

Target = str | Attribute | tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """What a header means: a field's name, or an attribute with the unit its header states."""

    target: Target
    unit: str = ""


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """A header without case, width, spaces and marks of being required."""
    folded = unicodedata.normalize("NFKC", text).translate(_DASHES).casefold()
    return _TRAILING.sub("", "".join(folded.split()))


@cache
def lookup(kind_name: str, side: Side) -> dict[str, Target]:
    """Every header known for a kind and side. The nearer of two meanings wins, by tier.

    Fields by their own names; attributes by name, label and this side's header; looser words for
    fields; the other side's headers; cues. A word that two attributes claim in one tier keeps both.
    """
    shape = kind(kind_name)
    found: dict[str, Target] = {}
    for tier in _tiers(shape, side):
        fresh: dict[str, dict[str, Target]] = {}
        for word, target in tier:
            name = target if isinstance(target, str) else f"{VALUES}{_name(target)}"
            if (folded := key(word)) and folded not in found:
                fresh.setdefault(folded, {})[name] = target
        found |= {word: _one(targets.values()) for word, targets in fresh.items()}
    return found


def _name(target: Attribute | tuple[Attribute, ...]) -> str:
    return target.name if isinstance(target, Attribute) else ""


def _one(targets: Iterable[Target]) -> Target:
    several = [*targets]
    if len(several) == 1:
        return several[0]
    return tuple(target for target in several if isinstance(target, Attribute))


def _tiers(shape: FactorKind, side: Side) -> Iterable[list[tuple[str, Target]]]:
    attributes = shape.attributes
    yield [(w, f.name) for f in FIELDS for w in (f.name, *f.label, *f.also)]
    yield [(VALUES + a.name, a) for a in attributes]
    yield [(w, a) for a in attributes for w in _own(a, side)]
    yield [(w, f.name) for f in FIELDS for w in f.words]
    yield [(w, a) for a in attributes for w in (*a.label, *_own(a, side.other))]
    yield [(w, a) for a in attributes for w in a.cues]


def _own(attribute: Attribute, side: Side) -> list[str]:
    """Name, header and label of this side, and the label without a bracket of its own."""
    labels = attribute.side_label(side)
    short = [re.sub(r"[（(].*[)）]", "", text) for text in labels]
    extra = _SERVING if attribute.name == "place" and side is Side.OFFER else ()
    return [attribute.name, *header(attribute, side), *labels, *short, *extra]


@lru_cache(maxsize=10_000)
def resolve(text: str, kind_name: str, side: Side) -> Column | None:
    """What a header means for a kind and side; ``None`` when it means nothing there."""
    known, folded = lookup(kind_name, side), key(text)
    if folded in known:
        return Column(known[folded])
    match = _BRACKET.fullmatch(folded)
    target = known.get(match[1]) if match else None
    if match and isinstance(target, Attribute) and target.type is Type.NUMBER:
        unit = _unit(target, match[2])
        return None if unit is None else Column(target, unit)
    return None


def _unit(attribute: Attribute, written: str) -> str | None:
    """The unit bare numbers of a column are in, "" for the attribute's own; ``None``: no unit."""
    if written in map(key, UNITS[attribute.unit].label):
        return ""
    worth = factor(written, attribute.unit)
    if worth is None:
        worth = factor(_MULTIPLIER.sub("", written, count=1), attribute.unit)
        return None if worth is None or not _MULTIPLIER.match(written) else written
    return "" if worth == 1 else written


@cache
def spelling(kind_name: str, side: Side, name: str, lang: int) -> str:
    """The header this side writes an attribute under, sure to be read back as that attribute.

    ``lang`` is 0 for Chinese, 1 for English.
    """
    attribute = kind(kind_name).by_name[name]
    extra = [_SERVING] if attribute.name == "place" else []
    labels: list[Label] = [header(attribute, side), *extra, attribute.label]
    for text in (*(str(label[lang]) for label in labels), attribute.name):
        column = resolve(text, kind_name, side)
        if column is not None and column.target is attribute:
            return text
    return VALUES + attribute.name


def near(text: str, candidates: Sequence[tuple[str, Side]]) -> Label:
    """The headers closest to an unknown one, as both languages write them; at most three."""
    shown: dict[str, Label] = {}
    for kind_name, side in candidates:
        for word, target in lookup(kind_name, side).items():
            if isinstance(target, str):
                shown.setdefault(word, next(f.label for f in FIELDS if f.name == target))
            elif isinstance(target, Attribute):
                label = Label(*(spelling(kind_name, side, target.name, lang) for lang in (0, 1)))
                shown.setdefault(word, label)
    words = get_close_matches(key(text)[:60], shown, n=6, cutoff=0.5)
    labels = [*dict.fromkeys(shown[word] for word in words)][:3]
    return Label("、".join(x.zh for x in labels), ", ".join(x.en for x in labels))


@cache
def kind_words() -> dict[str, str]:
    """Every way to write a kind → its name."""
    return {key(word): k.name for k in all_kinds().values() for word in (k.name, *k.label)}


SIDE_WORDS = {
    word: side
    for side, words in (
        (Side.NEED, "need needs 需求 需 需求方 需方 求 demand"),
        (Side.OFFER, "offer offers 供给 供 供给方 供方 供应 supply"),
    )
    for word in words.split()
}


def named_for(sheet: str) -> tuple[str | None, Side | None]:
    """The kind and side a sheet's name states: 空间-需求, Space offers, 人才."""
    folded = key(sheet)
    kinds = {name for word, name in kind_words().items() if word in folded}
    sides = {
        s
        for words, s in (
            ("需求", Side.NEED),
            ("need", Side.NEED),
            ("供给", Side.OFFER),
            ("供应", Side.OFFER),
            ("offer", Side.OFFER),
        )
        if words in folded
    }
    return (kinds.pop() if len(kinds) == 1 else None, sides.pop() if len(sides) == 1 else None)
