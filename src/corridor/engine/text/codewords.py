"""Code words, ordered words and flags found in a text, each given to one of the kind's attributes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..factors import Attribute, CodeList, Label, Range, Relation, Type, Value
from ..factors.codes import places
from ..factors.common import PLACES
from .clauses import Clauses, adjoining, refused
from .lexicon import EVERYDAY, Cues, Lexicon

_LEAST = re.compile(r"(?:学历|阶段)?(?:的)?(?:或|及其?|含)?以上|及以上|起(?!重|草)|\+")
_MOST = re.compile(r"(?:学历|阶段)?(?:及其?)?以下")
_LEAST_BEFORE = re.compile(r"(?:至少|不低于|最低|起码|≥)(?:是|要|为|达到)?$")
_NEAR_CUE = 6


@dataclass(frozen=True, slots=True)
class Field:
    """A value read from a text.

    Attributes:
        attribute: what it is a value of.
        value: as stated; what it means on the asking side is for ``stated_as_ask``.
        start, end: where it stands in the original text, bound words included.
        note: what a person should check, if anything.
        approximate: True for 左右, 约, 尽快 and the like.
    """

    attribute: Attribute
    value: Value
    start: int
    end: int
    note: Label | None = None
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A code word in a text: what it may mean, and whether it is refused."""

    start: int
    end: int
    word: str
    meant: tuple[tuple[Attribute, str], ...]
    refused: bool


def read_codes(
    text: str, lexicon: Lexicon, clauses: Clauses, cues: Cues, near: Sequence[str]
) -> Iterator[Field]:
    """Fields of CODES and ORDER attributes, in reading order.

    Where several attributes share a list, a refused word goes to the one that excludes
    (NONE_OF) and another to the one whose cue stands nearest before it in the clause, else to the
    first declared. A place that covers the one right after it (杭州临平) only says where that is.
    """
    found = list(_mentions(text, lexicon, near))
    for at, mention in enumerate(found):
        following = found[at + 1] if at + 1 < len(found) else None
        for listed in dict.fromkeys(a.code_list().name for a, _ in mention.meant):
            meant = [(a, c) for a, c in mention.meant if a.code_list().name == listed]
            chosen = _choose(text, meant, mention, lexicon, clauses, cues)
            if chosen is None or _only_locates(text, *chosen, mention, following):
                continue
            attribute, code = chosen
            if attribute.type is Type.ORDER:
                yield _ordered(text, attribute, code, mention)
            else:
                yield Field(attribute, frozenset({code}), mention.start, mention.end)


def _mentions(text: str, lexicon: Lexicon, near: Sequence[str]) -> Iterator[Mention]:
    words = [
        f
        for f in lexicon.code_words.find(text)
        if lexicon.codes.meanings(f.word) or f.word in lexicon.ambiguous
    ]
    marks = refused(text, [(f.start, f.end) for f in words])
    before: tuple[str, ...] = ()
    for found, mark in zip(words, marks, strict=True):
        meant = lexicon.codes.meanings(found.word)
        if found.word in lexicon.ambiguous:
            code = _which_place(found.word, (*before, *near))
            takers = [a for a in lexicon.attributes if a.codes is PLACES]
            meant = (*meant, *((a, code) for a in takers)) if code else meant
        before = tuple(c for a, c in meant if a.codes is PLACES)[:1] or before
        if meant:
            yield Mention(found.start, found.end, found.word, meant, mark)


def _which_place(name: str, prefer: Sequence[str]) -> str | None:
    try:
        return places.normalise(name, prefer)
    except (places.AmbiguousPlace, places.UnknownPlace):
        return None


def _choose(
    text: str,
    meant: list[tuple[Attribute, str]],
    mention: Mention,
    lexicon: Lexicon,
    clauses: Clauses,
    cues: Cues,
) -> tuple[Attribute, str] | None:
    excluding = [m for m in meant if m[0].relation is Relation.NONE_OF]
    if mention.refused:
        return excluding[0] if excluding else None
    cued = _cue_before(meant, mention, lexicon, clauses, cues)
    if cued is not None:
        return cued
    wary = mention.word in EVERYDAY or (len(mention.word) == 1 and bool(meant[0][0].cues))
    if wary and not (meant[0][0].type is Type.ORDER and _LEAST.match(text, mention.end)):
        return None
    return next((m for m in meant if m[0].relation is not Relation.NONE_OF), None)


def _cue_before(
    meant: list[tuple[Attribute, str]],
    mention: Mention,
    lexicon: Lexicon,
    clauses: Clauses,
    cues: Cues,
) -> tuple[Attribute, str] | None:
    for cue in reversed(cues.around(mention.start, mention.end, 3 * _NEAR_CUE)):
        if cue.start >= mention.end or mention.start - cue.end > 3 * _NEAR_CUE:
            continue
        if not clauses.together(cue.start, mention.start):
            continue
        for attribute, code in meant:
            inside = cue.start >= mention.start and cue.end <= mention.end
            if lexicon.announces(cue.word, attribute) and not (inside and cue.word == mention.word):
                return attribute, code
    return None


def _only_locates(
    text: str, attribute: Attribute, code: str, mention: Mention, following: Mention | None
) -> bool:
    if following is None or following.refused or attribute.type is not Type.CODES:
        return False
    if following.start != mention.end and text[mention.end : following.start] not in (
        "市",
        "省",
        " ",
    ):
        return False
    covers = attribute.code_list().covers
    return any(a is attribute and c != code and covers(code, c) for a, c in following.meant)


def _ordered(text: str, attribute: Attribute, code: str, mention: Mention) -> Field:
    listed = attribute.code_list()
    assert isinstance(listed, CodeList)
    position = Decimal(listed.index(code))
    before = _LEAST_BEFORE.search(text[max(0, mention.start - 6) : mention.start])
    least, most = _LEAST.match(text, mention.end), _MOST.match(text, mention.end)
    start = mention.start - (len(before[0]) if before else 0)
    if least or before:
        return Field(attribute, Range(position, None), start, least.end() if least else mention.end)
    if most:
        return Field(attribute, Range(None, position), start, most.end())
    return Field(attribute, Range.exactly(position), mention.start, mention.end)


def read_flags(text: str, lexicon: Lexicon) -> Iterator[Field]:
    """Fields of FLAG attributes: a cue says yes, a refused cue no."""
    words = list(lexicon.flag_words.find(text))
    marks = refused(text, [(f.start, f.end) for f in words])
    for found, mark in zip(words, marks, strict=True):
        for attribute in lexicon.flags[found.word]:
            yield Field(attribute, Range.exactly(0 if mark else 1), found.start, found.end)


def joined(text: str, first: Field, second: Field) -> bool:
    """Whether two ordered words are the ends of one span (本科或硕士)."""
    between = text[first.end : second.start]
    return adjoining(text, first.end, second.start) or between in ("到", "至", "-", "~")
