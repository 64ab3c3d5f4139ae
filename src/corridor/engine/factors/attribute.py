"""An attribute of a factor kind, declared once, and how an offer meets a need on it."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from .codelist import CodeList, TreeList
from .label import Label


class Side(StrEnum):
    """Which side of the market a listing stands on."""

    NEED = "need"
    OFFER = "offer"

    @property
    def other(self) -> "Side":
        """The counterpart's side."""
        return Side.OFFER if self is Side.NEED else Side.NEED


class Type(StrEnum):
    """What a value of the attribute is."""

    NUMBER = "number"
    DAY = "day"
    ORDER = "order"  # one or a span of an ordered code list, kept as positions
    FLAG = "flag"  # yes = 1, no = 0
    CODES = "codes"
    WORDS = "words"


class Relation(StrEnum):
    """How the answer must stand to the ask. One side asks, the other answers."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    WITHIN = "within"
    OVERLAPS = "overlaps"
    NEAR = "near"
    ONE_OF = "one_of"
    ALL_OF = "all_of"
    NONE_OF = "none_of"


SIDE_LABELS = {Side.NEED: Label("需求", "Need"), Side.OFFER: Label("供给", "Offer")}

_ASK = {
    Relation.AT_LEAST: Label("{}不低于", "{} at least"),
    Relation.AT_MOST: Label("{}不高于", "{} at most"),
    Relation.WITHIN: Label("{}范围", "{} range accepted"),
    Relation.OVERLAPS: Label("{}范围", "{} range"),
    Relation.NEAR: Label("{}约为", "{} about"),
    Relation.ONE_OF: Label("可接受{}", "{} accepted"),
    Relation.ALL_OF: Label("须具备{}", "{} required"),
    Relation.NONE_OF: Label("不接受{}", "{} excluded"),
}
_ASK_OF_TYPE = {
    Type.FLAG: Label("需要{}", "{} required"),
    Type.DAY: Label("最晚{}", "{} at latest"),
}


@dataclass(frozen=True)
class Attribute:
    """One thing a listing may state.

    Attributes:
        name: ASCII identifier, unique in its kind; also the English column header.
        label: what people call it.
        type: shape of the value.
        relation: how the answer must stand to the ask; ``None`` for words, which are only searched.
        hard: True when a broken ask excludes the pair, unless the listing says otherwise.
        asked_by: the side that sets the limit; the other side answers.
        unit: unit of the numbers (a name in :data:`~.units.UNITS`).
        codes: the code list, for ORDER and CODES.
        low, high: the numbers a practitioner would accept; outside is refused as an error.
        about: relative width read into a single number, or 左右, that is asked for by OVERLAPS/NEAR.
        scale: the relative gap at which a missed preference still counts one half.
        weight: share of the attribute among the preferences of its listing.
        cues: words that announce the value in free text and name the column in a table. A unit
            among them (平, 万元, 人) says that the unit alone is enough to mean this attribute.
        asker, answerer: what each side calls it, where the derived wording would read badly.
        answered_by: the attribute the other side answers with, where it is not this one.
        home: an answering side that does not state it is where its city is.
        divisible: a single larger number on offer may be had in part: not broken but unverified.

    What *unstated* means is one rule for all: an unstated ask limits nothing; an unstated answer to
    a hard ask leaves the pair *unverified*; an unstated answer to a preference counts one half.
    """

    name: str
    label: Label
    type: Type
    relation: Relation | None = None
    hard: bool = False
    asked_by: Side = Side.NEED
    unit: str = "ratio"
    codes: CodeList | TreeList | None = None
    low: Decimal = Decimal(0)
    high: Decimal = Decimal("1e12")
    about: Decimal = Decimal(0)
    scale: Decimal = Decimal("0.2")
    weight: float = 1.0
    cues: tuple[str, ...] = ()
    asker: Label | None = None
    answerer: Label | None = None
    answered_by: str = ""
    home: bool = False
    divisible: bool = False

    @property
    def answer_name(self) -> str:
        """Name of the attribute that holds the other side's answer."""
        return self.answered_by or self.name

    def stated_by(self, side: Side) -> bool:
        """Whether listings of this side state the attribute."""
        return not self.answered_by or side is self.asked_by

    def side_label(self, side: Side) -> Label:
        """What this side calls the attribute: the asker sets a limit, the answerer states a fact."""
        if side is not self.asked_by or self.relation is None:
            return self.answerer or self.label
        if self.asker is not None:
            return self.asker
        shape = _ASK_OF_TYPE.get(self.type) or _ASK[self.relation]
        return Label(shape.zh.format(self.label.zh), shape.en.format(self.label.en))

    def code_list(self) -> CodeList | TreeList:
        """The code list; an error for attributes that have none."""
        if self.codes is None:
            raise TypeError(f"{self.name} has no code list")
        return self.codes


def _words(spec: str) -> tuple[str, ...]:
    return tuple(spec.split())


def number(
    name: str,
    zh: str,
    en: str,
    unit: str,
    relation: Relation,
    *,
    hard: bool = False,
    asked_by: Side = Side.NEED,
    low: str = "0",
    high: str = "1e9",
    about: str = "0",
    scale: str = "0.2",
    weight: float = 1.0,
    cues: str = "",
    divisible: bool = False,
) -> Attribute:
    """A quantity in ``unit``."""
    return Attribute(
        name,
        Label(zh, en),
        Type.NUMBER,
        relation,
        hard,
        asked_by,
        unit,
        None,
        Decimal(low),
        Decimal(high),
        Decimal(about),
        Decimal(scale),
        weight,
        _words(cues),
        divisible=divisible,
    )


def flag(
    name: str,
    zh: str,
    en: str,
    *,
    hard: bool = False,
    asked_by: Side = Side.NEED,
    weight: float = 1.0,
    cues: str = "",
) -> Attribute:
    """A yes or no; only a yes that is asked for limits the other side, and a no earns nothing."""
    return Attribute(
        name,
        Label(zh, en),
        Type.FLAG,
        Relation.AT_LEAST,
        hard,
        asked_by,
        high=Decimal(1),
        scale=Decimal("0.000001"),
        weight=weight,
        cues=_words(cues),
    )


def day(
    name: str,
    zh: str,
    en: str,
    relation: Relation,
    *,
    hard: bool = False,
    asked_by: Side = Side.NEED,
    cues: str = "",
) -> Attribute:
    """A calendar day or a span of days; half credit is lost 60 days past the limit."""
    return Attribute(
        name,
        Label(zh, en),
        Type.DAY,
        relation,
        hard,
        asked_by,
        "d",
        low=Decimal(719_163),
        high=Decimal(800_000),
        scale=Decimal(60),
        cues=_words(cues),
    )


def order(
    name: str,
    zh: str,
    en: str,
    codes: CodeList,
    relation: Relation,
    *,
    hard: bool = False,
    asked_by: Side = Side.NEED,
    weight: float = 1.0,
    cues: str = "",
) -> Attribute:
    """A position on an ordered list; half credit is lost one position past the limit."""
    return Attribute(
        name,
        Label(zh, en),
        Type.ORDER,
        relation,
        hard,
        asked_by,
        codes=codes,
        high=Decimal(len(codes.entries) - 1),
        scale=Decimal(1),
        weight=weight,
        cues=_words(cues),
    )


def coded(
    name: str,
    zh: str,
    en: str,
    codes: CodeList | TreeList,
    relation: Relation,
    *,
    hard: bool = False,
    asked_by: Side = Side.NEED,
    weight: float = 1.0,
    cues: str = "",
) -> Attribute:
    """One or more codes of a list."""
    return Attribute(
        name,
        Label(zh, en),
        Type.CODES,
        relation,
        hard,
        asked_by,
        codes=codes,
        weight=weight,
        cues=_words(cues),
    )


def words(name: str, zh: str, en: str, *, cues: str = "") -> Attribute:
    """Free words: they take part in text relevance and in no limit."""
    return Attribute(name, Label(zh, en), Type.WORDS, cues=_words(cues))


def called(attribute: Attribute, asker: str = "", answerer: str = "") -> Attribute:
    """The attribute with its own wording for a side, each written ``中文|English``."""

    def label(spec: str) -> Label | None:
        return Label(*spec.split("|")) if spec else None

    return replace(attribute, asker=label(asker), answerer=label(answerer))
