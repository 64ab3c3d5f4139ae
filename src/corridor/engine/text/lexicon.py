"""The words of one kind and side to look for in a text, compiled once from its declarations.

A word is looked for longest first, from left to right, so that a code word inside a longer code
word is not counted (新能源 in 新能源汽车). Words that announce a value (cues) are a second, separate
list: 租金 announces a number and still says 租.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ..factors import UNITS, Attribute, FactorKind, Side, Type
from ..factors.codes import places
from ..factors.common import PLACES
from .normal import fold

_EVERYDAY = """
研发 开发 服务 成熟 使用 共享 信用 登记 审批 场景 样品 国家 无 资金 人才 用地 预约 授权 指导
咨询 国内 国外 计量 买 楼宇 融资 担保
"""
#: Everyday words that mean a code only beside a cue or a bound word of their attribute.
EVERYDAY = frozenset(_EVERYDAY.split())
#: Words that hold a code word by accident.
_SHIELDS = (
    "甲方 乙方 丙方 服务器 买家 买方 卖方 出租车 公租房 有限公司 人民币 普通话 美元 无锡 天使投资人"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A word found in a text."""

    start: int
    end: int
    word: str


class Cues:
    """The cues found in a text, by where they stand."""

    def __init__(self, found: Iterable[Found]) -> None:
        self._found = sorted(found, key=lambda f: f.start)
        self._starts = [f.start for f in self._found]
        self.counts = Counter(f.word for f in self._found)

    def around(self, start: int, end: int, reach: int) -> list[Found]:
        """The cues that begin at most ``reach`` + 8 before ``start`` or ``reach`` after ``end``."""
        first = bisect_left(self._starts, start - reach - 8)
        return self._found[first : bisect_right(self._starts, end + reach)]


class Words:
    """A set of words, found longest first from left to right; each text position is read once."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        lengths: dict[str, set[int]] = {}
        for word in self._words:
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {c: tuple(sorted(n, reverse=True)) for c, n in lengths.items()}

    def find(self, text: str) -> Iterator[Found]:
        """The words in a folded text. A Latin word does not begin or end inside a longer one."""
        at, end = 0, len(text)
        lengths, words = self._lengths, self._words
        while at < end:
            for length in lengths.get(text[at], ()):
                word = text[at : at + length]
                if word in words and at + length <= end and _whole(text, at, at + length):
                    yield Found(at, at + length, word)
                    at += length - 1
                    break
            at += 1


def _whole(text: str, start: int, end: int) -> bool:
    def runs_on(inner: str, outer: str) -> bool:
        return (
            inner.isascii()
            and outer.isascii()
            and ((inner.isalpha() and outer.isalpha()) or (inner.isdigit() and outer.isdigit()))
        )

    before, after = text[start - 1 : start], text[end : end + 1]
    return not runs_on(text[start], before) and not runs_on(text[end - 1], after)


@dataclass(frozen=True)
class Lexicon:
    """What can be read for one kind on one side.

    Attributes:
        attributes: those this side states, in the order declared.
        codes: code word → the attributes and codes it may mean.
        cues: cue → the attributes it announces.
        flags: flag word → the flags it raises.
        defaults: unit as written → the attribute it is enough for, where one declares it as a cue.
        ambiguous: place name → the codes that bear it, for names that do not decide alone.
    """

    attributes: tuple[Attribute, ...]
    codes: Mapping[str, tuple[tuple[Attribute, str], ...]]
    cues: Mapping[str, tuple[Attribute, ...]]
    flags: Mapping[str, tuple[Attribute, ...]]
    defaults: Mapping[str, tuple[Attribute, ...]]
    ambiguous: Mapping[str, tuple[str, ...]]
    code_words: Words
    cue_words: Words
    flag_words: Words

    def announces(self, cue: str, attribute: Attribute) -> bool:
        """Whether a cue announces an attribute."""
        return any(a is attribute for a in self.cues[cue])


class Key:
    """A kind by identity: its mappings keep it from being hashed by value."""

    def __init__(self, kind: FactorKind) -> None:
        self.kind = kind

    def __hash__(self) -> int:
        return id(self.kind)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and other.kind is self.kind


def lexicon(kind: FactorKind, side: Side) -> Lexicon:
    """The compiled words of a kind on a side; kept for the last 64."""
    return _compile(Key(kind), side)


@lru_cache(maxsize=64)
def _compile(key: Key, side: Side) -> Lexicon:
    attributes = tuple(a for a in key.kind.attributes if a.stated_by(side))
    codes: dict[str, list[tuple[Attribute, str]]] = {}
    cues: dict[str, list[Attribute]] = {}
    flags: dict[str, list[Attribute]] = {}
    ambiguous: dict[str, tuple[str, ...]] = {}
    for attribute in attributes:
        forms = UNITS[attribute.unit].forms if attribute.type is Type.NUMBER else ()
        for cue in dict.fromkeys(map(fold, attribute.cues)):
            if cue in forms or cue == fold(UNITS[attribute.unit].label.zh):
                continue  # a unit among the cues is a default, see _defaults
            table = flags if attribute.type is Type.FLAG else cues
            table.setdefault(cue, []).append(attribute)
        if attribute.type in (Type.CODES, Type.ORDER):
            for word, code in attribute.code_list().words().items():
                codes.setdefault(fold(word), []).append((attribute, code))
        if attribute.codes is PLACES:
            ambiguous = {w: c for w, c in places.short_names().items() if w not in PLACES.words()}
    return Lexicon(
        attributes,
        {w: tuple(c) for w, c in codes.items()},
        {w: tuple(a) for w, a in cues.items()},
        {w: tuple(a) for w, a in flags.items()},
        _defaults(attributes),
        ambiguous,
        Words([*codes, *ambiguous, *_SHIELDS.split()]),
        Words(cues),
        Words(flags),
    )


def _defaults(attributes: tuple[Attribute, ...]) -> Mapping[str, tuple[Attribute, ...]]:
    """Units that announce an attribute alone: those among its cues.

    A cue that is the label of a compound unit (元/㎡/天) stands for all its compound forms; one that
    is a label but no form (万元) for every form, and for a bare 500万.
    """
    found: dict[str, list[Attribute]] = {}
    for attribute in attributes:
        if attribute.type is not Type.NUMBER:
            continue
        unit = UNITS[attribute.unit]
        label = fold(unit.label.zh)
        for cue in map(fold, attribute.cues):
            forms: Iterable[str] = (cue,) if cue in unit.forms else ()
            if cue == label and cue not in unit.forms:
                forms = ("", *unit.forms)
            elif cue == label and "/" in cue:
                forms = (form for form in unit.forms if len(form) > 2)
            for form in forms:
                found.setdefault(form, []).append(attribute)
    return {form: tuple(dict.fromkeys(a)) for form, a in found.items()}
