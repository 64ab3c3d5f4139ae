"""Writing one synthetic listing: values and the words that tell them are set down together.

A number reaches the text only through :meth:`Pen.put` and its fellows, which also store it, so
what is written and what is structured cannot differ.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache

from corridor.engine.factors import (
    Attribute,
    CodeList,
    FactorKind,
    Range,
    Relation,
    Side,
    Value,
    kind,
    number_text,
)

from .draw import Draw
from .parties import Party
from .words import City, Field

#: Fewest and most characters of a description.
LENGTH = (40, 150)
_CLOSE = {
    Side.NEED: (
        "有意者请通过平台对接",
        "细节可面谈",
        "欢迎九城单位联系",
        "具体要求见面沟通",
        "可先线上交流再安排现场看",
        "希望能尽快对接",
        "长期有效，合适的请留言",
    ),
    Side.OFFER: (
        "欢迎来人洽谈",
        "可安排现场考察",
        "有需要的企业请在平台留言",
        "价格和周期可进一步商谈",
        "资料可在对接后提供",
        "长期合作可优惠",
        "欢迎走廊内企业对接",
    ),
}
#: Where those would read badly.
_OWN_CLOSE = {
    ("policy", Side.OFFER): (
        "申报咨询请在平台留言",
        "材料清单见平台",
        "可由服务中心协助填报",
        "具体以申报通知为准（示例）",
    ),
    ("talent", Side.OFFER): (
        "简历可在对接后提供",
        "可安排线上面试",
        "欢迎用人单位联系",
        "也可先短期合作",
    ),
    ("talent", Side.NEED): ("简历请投平台", "合适者可尽快面试", "欢迎推荐", "待遇可面谈"),
    ("capital", Side.OFFER): (
        "欢迎提交项目资料",
        "可安排上门尽调",
        "资料齐全的优先",
        "欢迎走廊内企业对接",
    ),
}


@cache
def _label(kind_name: str, name: str, code: str) -> str:
    label = kind(kind_name).by_name[name].code_list().label(code).zh
    label = label.partition("(")[0]
    return label.removesuffix("市").removesuffix("区") if name == "place" else label


@lru_cache(maxsize=1 << 16)
def make_range(low: Decimal | None, high: Decimal | None) -> Range:
    """A shared Range: the same two ends give the same object."""
    return Range(low, high)


def money(amount: Decimal) -> str:
    """An amount of 10k yuan as people say it."""
    if amount >= 10_000:
        return f"{number_text(amount / 10_000)}亿元"
    return f"{number_text(amount)}万元"


def area(draw: Draw, square_metres: Decimal) -> str:
    """An area as people write it: 1.2万㎡, 800平方米, 800平."""
    if square_metres >= 10_000 and square_metres % 100 == 0:
        return number_text(square_metres / 10_000) + draw.pick(("万㎡", "万平方米", "万方"))
    return number_text(square_metres) + draw.pick(("㎡", "平方米", "平"))


def month_end(today: date, months: int) -> date:
    """The last day of the month that comes ``months`` after today's."""
    following = today.year * 12 + today.month + months
    return date(following // 12, following % 12 + 1, 1) - timedelta(days=1)


def by_month(day: date) -> str:
    """A month's end in words: 2027年3月底."""
    return f"{day.year}年{day.month}月底"


@dataclass(slots=True)
class Pen:
    """The sheet one listing is written on.

    Attributes:
        draw, kind, side, party, city, field, today: what it is about.
        choosy: an over-demanding need, which the kind should make next to impossible.
        title, lead: set by the kind; lead is the first sentence, without its full stop.
        facts: clauses that tell values, in any order.
        capacity: how many agreements it can carry at once.
    """

    draw: Draw
    kind: FactorKind
    side: Side
    party: Party
    city: City
    field: Field
    today: date
    choosy: bool = False
    title: str = ""
    lead: str = ""
    capacity: int = 1
    values: dict[str, Value] = dataclasses.field(default_factory=dict)
    facts: list[str] = dataclasses.field(default_factory=list)

    def often(self, percent: int = 72) -> bool:
        """Whether a value that may be left unstated is stated here."""
        return self.draw.chance(percent)

    def put(self, name: str, number: Decimal | int | str, *phrases: str) -> Decimal:
        """State a number; the asking side states it as the open end its relation wants."""
        attribute, value = self.kind.by_name[name], Decimal(number)
        self.values[name] = self._shape(attribute, value)
        self._tell(phrases, number_text(value))
        return value

    def span(self, name: str, low: Decimal, high: Decimal, *phrases: str) -> None:
        """State a range."""
        self.values[name] = make_range(low, high)
        self._tell(phrases, number_text(low), number_text(high))

    def grade(self, name: str, code: str, *phrases: str) -> None:
        """State a position on an ordered list."""
        attribute = self.kind.by_name[name]
        listed = attribute.code_list()
        assert isinstance(listed, CodeList)
        self.values[name] = self._shape(attribute, Decimal(listed.index(code)))
        self._tell(phrases, _label(self.kind.name, name, code))

    def choose(self, name: str, chosen: Iterable[str], *phrases: str) -> None:
        """State one or more codes."""
        picked = list(dict.fromkeys(chosen))
        self.values[name] = frozenset(picked)
        if phrases:
            self._tell(phrases, "、".join(_label(self.kind.name, name, code) for code in picked))

    def yes(self, name: str, *phrases: str) -> None:
        """State that a flag holds."""
        self.values[name] = make_range(Decimal(1), Decimal(1))
        self._tell(phrases)

    def due(self, name: str, day: date, *phrases: str) -> None:
        """State a day, told as the end of its month."""
        self.values[name] = self._shape(self.kind.by_name[name], Decimal(day.toordinal()))
        self._tell(phrases, by_month(day))

    def note(self, name: str, words: str, *phrases: str) -> str:
        """State free words."""
        self.values[name] = words
        self._tell(phrases, words)
        return words

    def measure(self, unit: str) -> str:
        """The code of the measure a counting word stands for."""
        return self.kind.by_name["measure"].code_list().read(unit)

    def sector(self, *fields: Field) -> None:
        """State industry, and at times emerging-industry field and chain."""
        chosen = fields or (self.field,)
        if self.often(92):
            self.choose("industry", [f.code for f in chosen])
        if self.often(45):
            self.choose("strategic", [f.strategic for f in chosen])
        if (chains := [f.chain for f in chosen if f.chain]) and self.often(50):
            self.choose("chain", chains)

    def write(self) -> str:
        """The description: lead, as many facts as fit, and a closing word."""
        parts = self.draw.some(self.facts, len(self.facts))
        joint, stop = self.draw.pick(("，", "，", "，", "；")), "。"
        close = self.draw.pick(self._closings()) if self.draw.chance(55) else ""
        while True:
            text = self.lead + stop + (joint.join(parts) + stop if parts else "")
            text += close + stop if close else ""
            if len(text) <= LENGTH[1]:
                break
            if close:
                close = ""
            else:
                parts.pop()
        while len(text) < LENGTH[0]:
            text += self.draw.pick(self._closings()) + stop
        return text

    def overrides(self) -> tuple[frozenset[str], frozenset[str]]:
        """Rarely, an ask made hard or a preference against its default."""
        none: frozenset[str] = frozenset()
        asked = [a for n in self.values if self._asks(a := self.kind.by_name[n])]
        if not asked or not self.draw.chance(5):
            return none, none
        chosen = self.draw.pick(asked)
        picked = frozenset({chosen.name})
        return (none, picked) if chosen.hard else (picked, none)

    def _closings(self) -> tuple[str, ...]:
        return _OWN_CLOSE.get((self.kind.name, self.side)) or _CLOSE[self.side]

    def _asks(self, attribute: Attribute) -> bool:
        return attribute.relation is not None and attribute.asked_by is self.side

    def _shape(self, attribute: Attribute, value: Decimal) -> Range:
        if attribute.asked_by is self.side:
            if attribute.relation is Relation.AT_LEAST:
                return make_range(value, None)
            if attribute.relation is Relation.AT_MOST:
                return make_range(None, value)
        return make_range(value, value)

    def _tell(self, phrases: Sequence[str], *numbers: str) -> None:
        if phrases:
            self.facts.append(self.draw.pick(phrases).format(*numbers))
