"""The words of one kind and side to look for in a text, compiled once from its declarations.

A word is looked for longest first, from left to right, so that a code word inside a longer code
word is not counted (新能源 in 新能源汽车). Words that announce a value (cues) are a second, separate
list: 租金 announces a number and still says 租.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Generic, TypeVar

from ..factors import UNITS, Attribute, CodeList, FactorKind, Side, TreeList, Type
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
_SHIELD_WORDS = (
    "甲方 乙方 丙方 服务器 买家 买方 卖方 出租车 公租房 有限公司 人民币 普通话 美元 无锡 天使投资人"
)
_SHIELDS = frozenset(_SHIELD_WORDS.split())
_LONG = 500  # a list of more words than this is kept once for all


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
    """Sets of words, found longest first from left to right; each text position is read once.

    The sets are used as they are given, so that long ones may belong to many.
    """

    def __init__(self, *sets: Collection[str]) -> None:
        self._sets = sets
        lengths: dict[str, set[int]] = {}
        for word in chain.from_iterable(sets):
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {c: _downwards(frozenset(n)) for c, n in lengths.items()}

    def find(self, text: str) -> Iterator[Found]:
        """The words in a folded text. A Latin word does not begin or end inside a longer one."""
        at, end = 0, len(text)
        lengths, sets = self._lengths, self._sets
        while at < end:
            for length in lengths.get(text[at], ()):
                word = text[at : at + length]
                for some in sets:
                    if word in some:
                        break
                else:
                    continue
                if at + length <= end and _whole(text, at, at + length):
                    yield Found(at, at + length, word)
                    at += length - 1
                    break
            at += 1


@cache
def _downwards(lengths: frozenset[int]) -> tuple[int, ...]:
    return tuple(sorted(lengths, reverse=True))


def _whole(text: str, start: int, end: int) -> bool:
    def runs_on(inner: str, outer: str) -> bool:
        return (
            inner.isascii()
            and outer.isascii()
            and ((inner.isalpha() and outer.isalpha()) or (inner.isdigit() and outer.isdigit()))
        )

    before, after = text[start - 1 : start], text[end : end + 1]
    return not runs_on(text[start], before) and not runs_on(text[end - 1], after)


class CodeWords:
    """What code words mean, looked up list by list: one list may serve many attributes and kinds."""

    def __init__(self, attributes: Iterable[Attribute]) -> None:
        self._lists = [(a, _folded(Key(a.code_list()))) for a in attributes]

    def meanings(self, word: str) -> tuple[tuple[Attribute, str], ...]:
        """The attributes and codes a folded word may mean, in the order of the attributes."""
        return tuple((a, code) for a, words in self._lists for code in words.get(word, ()))

    def sets(self) -> list[Collection[str]]:
        """The words, each long list by itself and all short ones together."""
        distinct = {id(words): words for _, words in self._lists}.values()
        short = [words for words in distinct if len(words) <= _LONG]
        return [frozenset(chain.from_iterable(short)), *(w for w in distinct if len(w) > _LONG)]


@dataclass(frozen=True)
class Lexicon:
    """What can be read for one kind on one side.

    Attributes:
        attributes: those this side states, in the order declared.
        codes: what a code word may mean.
        cues: cue → the attributes it announces.
        flags: flag word → the flags it raises.
        defaults: unit as written → the attribute it is enough for, where one declares it as a cue.
        ambiguous: place name → the codes that bear it, for names that do not decide alone.
    """

    attributes: tuple[Attribute, ...]
    codes: CodeWords
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


T = TypeVar("T")


class Key(Generic[T]):
    """A declaration by identity: its mappings keep it from being hashed by value."""

    def __init__(self, of: T) -> None:
        self.of = of

    def __hash__(self) -> int:
        return id(self.of)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and other.of is self.of


@lru_cache(maxsize=256)
def _folded(key: Key[CodeList | TreeList]) -> Mapping[str, tuple[str, ...]]:
    """The folded words of a list, each with its codes."""
    found: dict[str, tuple[str, ...]] = {}
    for word, code in key.of.words().items():
        word = fold(word)
        found[word] = (*found.get(word, ()), code)
    return found


@cache
def _ambiguous_places() -> Mapping[str, tuple[str, ...]]:
    return {w: c for w, c in places.short_names().items() if w not in PLACES.words()}


def lexicon(kind: FactorKind, side: Side) -> Lexicon:
    """The compiled words of a kind on a side; kept for the last 64."""
    return _compile(Key(kind), side)


@lru_cache(maxsize=64)
def _compile(key: Key[FactorKind], side: Side) -> Lexicon:
    attributes = tuple(a for a in key.of.attributes if a.stated_by(side))
    cues: dict[str, list[Attribute]] = {}
    flags: dict[str, list[Attribute]] = {}
    for attribute in attributes:
        forms = UNITS[attribute.unit].forms if attribute.type is Type.NUMBER else ()
        for cue in dict.fromkeys(map(fold, attribute.cues)):
            if cue in forms or cue == fold(UNITS[attribute.unit].label.zh):
                continue  # a unit among the cues is a default, see _defaults
            table = flags if attribute.type is Type.FLAG else cues
            table.setdefault(cue, []).append(attribute)
    codes = CodeWords(a for a in attributes if a.type in (Type.CODES, Type.ORDER))
    ambiguous = _ambiguous_places() if any(a.codes is PLACES for a in attributes) else {}
    return Lexicon(
        attributes,
        codes,
        {w: tuple(a) for w, a in cues.items()},
        {w: tuple(a) for w, a in flags.items()},
        _defaults(attributes),
        ambiguous,
        Words(*codes.sets(), ambiguous, _SHIELDS),
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
