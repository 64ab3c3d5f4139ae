"""Giving each quantity and each date to the attribute that the words around it announce."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..factors import UNITS, Attribute, Range, Side, Type, days
from .clauses import Clauses
from .codewords import Field
from .dates import DaySpan
from .lexicon import Cues, Found, Lexicon
from .quantities import Quantity, exchanged, factor_of, whole_sum

_SUM = Decimal("0.1")  # a default takes no 48元 for a sum of money counted in 万元
_NEAR = 14  # characters between a cue and its number
_LINK = re.compile(r"[:为是约在有达到要的 ]{0,3}")
_STOPS = re.compile(r"$|[^\u4e00-\u9fffa-z0-9]|[的付和或及到至，以左上下封起就]")
_FACTS = re.compile(
    r"(?:注册资本金?|注册资金|实缴|总资产|净资产|资产|市值|成立|公司|企业|现有|年龄|产线|产值|处理|用电|率|规模|第)[^，。;；、\n]{0,1}$"
)
_OTHER_UNIT = re.compile(r"[度条户头羽株份粒字亩人家]")
_BOUND_BEFORE_CUE = re.compile(
    r"(?:(?P<least>最低|最少|至少|不低于|不少于)"
    r"|(?P<most>最高|最多|不超过|不高于|上限))[^，。;；、\n0-9]{0,6}$"
)


@dataclass(frozen=True, slots=True)
class _Choice:
    attribute: Attribute
    value: Range
    cue: Found | None
    rank: tuple[float, ...]


def read_quantities(
    text: str,
    lexicon: Lexicon,
    clauses: Clauses,
    cues: Cues,
    quantities: Sequence[Quantity],
) -> Iterator[tuple[Quantity, Field]]:
    """The quantities that found an attribute.

    The nearest cue in the clause wins, one before the number against one as near after it; then
    the longer cue, then the attribute the whole text has more cues of, then the order declared. Without a
    cue, a unit is enough where the kind says so and nothing better took the attribute; a limit may
    still be joined to what did (总面积1万平，500平起租). Whatever would be a guess is left out.
    """
    taken: set[str] = set()
    waiting: list[Quantity] = []
    for at, quantity in enumerate(quantities):
        others = quantities[at + 1 : at + 4]
        choice = _by_cue(text, lexicon, clauses, cues, quantity, others)
        if choice is None:
            waiting.append(quantity)
            continue
        taken.add(choice.attribute.name)
        yield quantity, _field(text, choice, quantity)
    for quantity in waiting:
        choice = _by_unit(text, lexicon, clauses, cues, quantity)
        if choice is not None and (quantity.bound or choice.attribute.name not in taken):
            taken.add(choice.attribute.name)
            yield quantity, _field(text, choice, quantity)


def _field(text: str, choice: _Choice, quantity: Quantity) -> Field:
    attribute, value, start = choice.attribute, choice.value, quantity.start
    if (
        choice.cue is not None
        and choice.cue.start < quantity.number
        and not quantity.bound
        and value.single
    ):
        start_of = min(choice.cue.start, quantity.start)
        bound = _BOUND_BEFORE_CUE.search(text[max(0, start_of - 8) : start_of])
        if bound:
            start = start_of - len(bound[0])
            value = Range(value.lo, None) if bound["least"] else Range(None, value.hi)
    note = exchanged(quantity.form)
    return Field(attribute, value, start, quantity.end, note, quantity.approximate)


def _by_cue(
    text: str,
    lexicon: Lexicon,
    clauses: Clauses,
    cues: Cues,
    quantity: Quantity,
    others: Sequence[Quantity],
) -> _Choice | None:
    best: _Choice | None = None
    for cue in cues.around(quantity.start, quantity.end, _NEAR):
        if not clauses.together(cue.start, quantity.number) or cue.start >= quantity.end + _NEAR:
            continue
        distance = _distance(cue, quantity)
        if distance > _NEAR:
            continue
        after = cue.start >= quantity.number
        for order, attribute in enumerate(lexicon.attributes):
            if attribute.type is not Type.NUMBER or not lexicon.announces(cue.word, attribute):
                continue
            value = _value(text, attribute, quantity, cue)
            if value is None or (after and _next_claims(text, attribute, cue, others, clauses)):
                continue
            said = sum(n for c, n in cues.counts.items() if lexicon.announces(c, attribute))
            rank = (distance + (1.5 if after else 0), -len(cue.word), -said, order)
            if best is None or rank < best.rank:
                best = _Choice(attribute, value, cue, rank)
    return best


def _distance(cue: Found, quantity: Quantity) -> float:
    if cue.end <= quantity.start:
        return quantity.start - cue.end
    if cue.start >= quantity.end:
        return cue.start - quantity.end
    return 0


def _next_claims(
    text: str, attribute: Attribute, cue: Found, others: Sequence[Quantity], clauses: Clauses
) -> bool:
    """Whether a cue after a number announces the next number instead (500万年产值2000万)."""
    return any(
        other.start >= cue.end
        and clauses.together(cue.start, other.number)
        and _value(text, attribute, other, cue) is not None
        for other in others
    )


_PERIODS = {"月": "月", "年": "年", "日": "天", "天": "天", "时": "小时"}


def _value(text: str, attribute: Attribute, quantity: Quantity, cue: Found | None) -> Range | None:
    """The quantity in the attribute's unit; ``None`` where it is another measure or out of limits."""
    factor = _factor(text, attribute, quantity, cue)
    if factor is None:
        return None
    value = quantity.value(factor)
    inside = all(e is None or attribute.low <= e <= attribute.high for e in (value.lo, value.hi))
    return value if inside else None


def _factor(
    text: str, attribute: Attribute, quantity: Quantity, cue: Found | None
) -> Decimal | None:
    unit = UNITS[attribute.unit]
    figure = quantity.hi or quantity.lo or Decimal(0)
    if whole_sum(quantity.form, quantity.per, quantity.scaled, figure, attribute.unit):
        return None
    if cue is not None and (period := _period(cue, quantity)):
        worth, own = _by_period(period, quantity, attribute.unit), unit.label.zh.split("/")
        if worth is not None or (len(own) > 1 and own[-1] in {*_PERIODS.values()} - {period}):
            return worth
    if not quantity.form and not quantity.scaled and not quantity.per:
        return Decimal(1) if cue is not None and _adjacent(text, cue, quantity) else None
    if quantity.glued and not (cue is not None and cue.end == quantity.number):
        return None
    if not quantity.form and _OTHER_UNIT.match(text, quantity.end):
        return None
    found = factor_of(quantity.form, quantity.per, quantity.scaled, attribute.unit)
    if (
        found is None
        and quantity.per
        and not (quantity.form or quantity.scaled)
        and "元" in unit.forms
    ):
        return None
    if found is None and quantity.per and (cue is not None or "元" not in unit.forms):
        return factor_of(quantity.form, (), quantity.scaled, attribute.unit)
    return found


def _period(cue: Found, quantity: Quantity) -> str:
    """The period a cue names (月租, 日租金) for a figure that names none itself."""
    said = (*quantity.per, quantity.form)
    if any(sign in word for sign in _PERIODS for word in said):
        return ""
    return next((period for sign, period in _PERIODS.items() if sign in cue.word), "")


def _by_period(period: str, quantity: Quantity, unit: str) -> Decimal | None:
    """The worth of a figure for a period its cue names (月租15元一平, 月租每平15元)."""
    form, forms = quantity.form or "元", UNITS[unit].forms
    if quantity.per:
        return factor_of(form, (*quantity.per, period), quantity.scaled, unit)
    return next((forms[w] for j in "/每一" if (w := f"{form}{j}{period}") in forms), None)


def _adjacent(text: str, cue: Found, quantity: Quantity) -> bool:
    if cue.end > quantity.start or not _LINK.fullmatch(text, cue.end, quantity.start):
        return False
    return (
        not quantity.glued
        if cue.end != quantity.number
        else _STOPS.match(text, quantity.end) is not None
    )


def _by_unit(
    text: str, lexicon: Lexicon, clauses: Clauses, cues: Cues, quantity: Quantity
) -> _Choice | None:
    """The attribute for which the unit alone is enough, unless other words explain the number."""
    if quantity.glued or _FACTS.search(text[max(0, quantity.start - 12) : quantity.start]):
        return None
    if _explained(lexicon, clauses, cues, quantity):
        return None
    candidates: list[Attribute] = []
    if quantity.form or quantity.scaled:
        written = "".join([quantity.form, *(f"/{p}" for p in quantity.per)])
        counted = quantity.form and quantity.form not in UNITS["CNY"].forms
        candidates = list(lexicon.defaults.get(written, ()))
        candidates = candidates or list(lexicon.defaults.get(quantity.form, ()) if counted else ())
    if not candidates and (
        "/" in quantity.form or "每" in quantity.form or "一" in quantity.form or quantity.per
    ):
        candidates = [
            a
            for a in lexicon.attributes
            if a.type is Type.NUMBER
            and factor_of(quantity.form, quantity.per, quantity.scaled, a.unit) is not None
        ]
    found = [
        (a, v)
        for a in candidates
        if (v := _value(text, a, quantity, None)) is not None
        and (quantity.form not in ("元", "块", "块钱") or max(v.lo or 0, v.hi or 0) >= _SUM)
    ]
    if len(found) != 1:
        return None
    return _Choice(*found[0], None, ())


def _explained(lexicon: Lexicon, clauses: Clauses, cues: Cues, quantity: Quantity) -> bool:
    """Whether a cue of a WORDS attribute stands right before the number (设备原值600万)."""
    return any(
        0 <= quantity.start - cue.end <= 2
        and clauses.together(cue.start, quantity.number)
        and all(a.type is Type.WORDS for a in lexicon.cues[cue.word])
        for cue in cues.around(quantity.start, quantity.start, 2)
    )


def read_days(
    lexicon: Lexicon,
    clauses: Clauses,
    cues: Cues,
    spans: Sequence[DaySpan],
    today: date,
    side: Side,
) -> Iterator[Field]:
    """The dates, each given to the DAY attribute with the nearest cue, or to the only one.

    A day already past is a fact about somebody (2015年成立), not a limit: it needs a cue. 即日起 and
    随时 mean from today on where this side answers.
    """
    takers = [a for a in lexicon.attributes if a.type is Type.DAY]
    for span in spans:
        near: list[tuple[float, int, Attribute]] = []
        for cue in cues.around(span.start, span.end, 2 * _NEAR):
            if not clauses.together(cue.start, span.start):
                continue
            gap = span.start - cue.end if cue.end <= span.start else cue.start - span.end
            near += [(gap, i, a) for i, a in enumerate(takers) if lexicon.announces(cue.word, a)]
        past = (span.hi or span.lo or today) < today
        if past or not takers or (not near and len(takers) != 1):
            continue
        attribute = min(near, key=lambda n: n[:2])[2] if near else takers[0]
        has = span.now and attribute.asked_by is not side
        value = days(today, None) if has else days(span.lo, span.hi)
        yield Field(attribute, value, span.start, span.end, None, span.approximate and not has)
