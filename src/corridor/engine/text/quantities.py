"""Quantities in a folded text: a number or a range, what it is counted in, and its bound words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache

from ..factors import UNITS, Label, Range
from ..factors.units import REFERENCE_RATES
from .numerals import NUMBER, Numeral, chinese_number, numeral_at


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity whose attribute is not known yet.

    Attributes:
        lo, hi: the figures, multiplied out but in the unit as written; ``None`` at an open end.
        form: the unit as written, "" where there is none.
        per: what stands before the number as its denominator (每平每天 → ("平", "天")).
        start, end: where it stands, bound words and unit included.
        number: where the number itself begins.
        scaled: True when a multiplier was written, so that 500万 may be money.
        approximate: 左右, 约, 两三千.
        bound: ">=", "<=" or "".
        glued: True when a Latin letter stands right before the number (TRL6).
    """

    lo: Decimal | None
    hi: Decimal | None
    form: str
    per: tuple[str, ...]
    start: int
    end: int
    number: int
    scaled: bool
    approximate: bool
    bound: str
    glued: bool

    def value(self, factor: Decimal) -> Range:
        """The range in the unit that ``factor`` converts to. Raises ``ValueError``: lo above hi."""
        ends = (None if e is None else clean(e * factor) for e in (self.lo, self.hi))
        return Range(*ends)

    def bounded(self, bound: str, start: int, end: int) -> "Quantity":
        """The same figure as a limit on one side."""
        lo, hi = (self.lo, None) if bound == ">=" else (None, self.hi)
        start, end = min(start, self.start), max(end, self.end)
        return replace(self, lo=lo, hi=hi, bound=bound, start=start, end=end)


def clean(number: Decimal) -> Decimal:
    """At most six places, no trailing zeros and no exponent, so that equal values look equal."""
    number = round(number, 6).normalize()
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number


# --- units ---


@cache
def known_forms() -> frozenset[str]:
    """Every written form, spaces removed, and the label of every unit."""
    forms = {form for unit in UNITS.values() for form in unit.forms}
    prices = {form for form in forms if form[0] in "元块" and form[-1] in "天月"}
    parts = {head for form in prices if (head := re.sub(r"[/每一·.](?:天|月)$", "", form)) != form}
    return frozenset(forms | parts | {"万元"})


def _longest() -> int:
    return max(map(len, known_forms()))


@lru_cache(maxsize=65_536)
def _form_in(window: str) -> str:
    for length in range(min(len(window), _longest()), 0, -1):
        form = window[:length]
        inside = form[-1].isascii() and form[-1].isalnum() and window[length : length + 1]
        if inside and inside.isascii() and inside.isalpha():
            continue
        if form in known_forms() or (form[0] in "/每一" and f"元{form}" in known_forms()):
            return form
    return ""


def form_at(text: str, at: int) -> tuple[str, int]:
    """The longest written form of a unit that starts at ``at`` (spaces ignored), and its end.

    A form that ends in a Latin letter must not run on into another one (m in mm).
    """
    window = text[at : at + 24]
    places = [i for i, c in enumerate(window) if c != " "]
    form = _form_in("".join(window[i] for i in places)[:14])
    return form, at + places[len(form) - 1] + 1 if form else at


@lru_cache(maxsize=4096)
def factor_of(form: str, per: tuple[str, ...], scaled: bool, unit: str) -> Decimal | None:
    """What one of the written form is worth in a unit; ``None`` when it measures something else.

    A number with a multiplier and no unit is money where the unit is (500万). A denominator before
    the number joins the form (每亩 500 万 → 元/亩).
    """
    forms = UNITS[unit].forms
    if form.startswith(("/", "每", "一")):
        form = f"元{form}"
    if not form:
        form = "元" if "元" in forms and (scaled or per) else form
        if not form:
            return Decimal(1) if not per else None
    tails = [f"/{'/'.join(per)}", f"/{'/'.join(reversed(per))}"] if per else [""]
    return next((forms[form + tail] for tail in tails if form + tail in forms), None)


def whole_sum(form: str, per: tuple[str, ...], scaled: bool, figure: Decimal, unit: str) -> bool:
    """Whether a sum of money in a unit of rent (元/㎡/天) is one for the whole area (25万/年).

    That is: no area is named, and the sum is written with a multiplier or is 1000 or more.
    """
    money, *rates = UNITS[unit].label.zh.split("/")
    if money != "元" or len(rates) < 2 or not (form or scaled):
        return False
    areas = UNITS["m2"].forms
    named = any(area in form for area in areas) or any(part in areas for part in per)
    return not named and (scaled or figure >= 1000)


@cache
def _rates() -> dict[str, Decimal]:
    """Every name of a foreign currency, longest first, and what it is worth."""
    rates = set(REFERENCE_RATES.values())
    forms = UNITS["CNY10k"].forms.items()
    names = {form: clean(worth * 10000) for form, worth in forms if worth * 10000 in rates}
    return dict(sorted(names.items(), key=lambda item: -len(item[0])))


def exchanged(form: str) -> Label | None:
    """What to say of a quantity counted in foreign currency; ``None`` for any other."""
    rate = next((rate for name, rate in _rates().items() if form.startswith(name)), None)
    if rate is None:
        return None
    return Label(
        f"按参考汇率 {rate} 折算，请核对。",
        f"Converted at the reference rate {rate}; please check.",
    )


# --- bound words ---

_LEAST = (
    r"不得?低于|不能低于|不得?少于|不能少于|不小于|不短于|至少要?有?|最少|最低|起码|大于等于|≥|>=|大于|>"
    r"|超过|超|高于|多于|不止|满|过"
)
_MOST = (
    r"不得?超过|不能超过|不要超过|别超过|不超|不得?高于|不能高于|不大于|不多于|不长于|最多|最高|最大|至多|顶多"
    r"|小于等于|≤|<=|小于|<|低于|少于|控制在|上限|最长"
)
_ABOUT = r"大约|大概|约|将近|接近|近|差不多"
_BEFORE = re.compile(
    rf"(?:(?P<from>(?:最小|最低)?起[订购批租售投]量?)|(?P<least>{_LEAST})|(?P<most>{_MOST})|(?P<about>{_ABOUT}))"
    r"(?:为|在|是|要|约|:)? ?$"
)
_PER = re.compile(
    r"(?:[每一](?P<a>平方米|平米|平方|平|㎡|亩|小时|个?样品?|天|日|月|年|个|件|台|套|吨))"
    r"(?:[每一](?P<b>平方米|平米|平方|平|㎡|天|日|月|年))?(?:的|为|是|约|:)? ?$"
)
_AFTER = re.compile(
    r" ?(?:(?P<least>及?以上|及其以上|往上|起步|起租|起订|起售|起批|起投|打底|\+|起(?!重|吊|点|草|来|义))"
    r"|(?P<most>及?以内|之内|及?以下|内(?!部|容|外|径|存|需|销|环)|封顶|为限|以里|打住)|(?P<about>左右|上下|前后|的样子))"
)
_JOINT = re.compile(r" ?(?:-|~|到|至|—|(?P<either>或者?)) ?")
_VAGUE = re.compile(r"[多余来几]")
_DIME = re.compile(r"([1-9]|[一二三四五六七八九](?![平天个月年]))(?![0-9十百千万个])毛?")
_MONEY = re.compile(r"(?:¥|人民币|rmb|cny) ?$")
_DOLLAR = re.compile(r"(?:\$|usd|美元) ?$")


@dataclass(frozen=True, slots=True)
class _Atom:
    numeral: Numeral
    form: str
    end: int
    vague: bool


def find_quantities(text: str, *, skip: tuple[tuple[int, int], ...] = ()) -> tuple[Quantity, ...]:
    """Every quantity in a folded text outside the ``skip`` spans, in reading order.

    Ranges are joined (3000-5000平, 500万到1000万); a multiplier or a unit written only at the end
    of one counts for both ends (500-800万). No errors.
    """
    atoms = list(_atoms(text, skip))
    found: list[Quantity] = []
    at = 0
    while at < len(atoms):
        pair = at + 1 < len(atoms) and _pair(text, atoms[at], atoms[at + 1])
        quantity = _finish(text, pair or (atoms[at], atoms[at]))
        while found and found[-1].end > quantity.start:
            found.pop()  # the 一 of 一个样不超过800块
        found.append(quantity)
        at += 2 if pair else 1
    return tuple(found)


def _atoms(text: str, skip: tuple[tuple[int, int], ...]) -> Iterator[_Atom]:
    at, spans = 0, iter([*skip, (len(text), len(text))])
    barred = next(spans)
    while match := NUMBER.search(text, at):
        at = max(match.start() + 1, at)
        while barred[1] <= match.start() and barred[0] < len(text):
            barred = next(spans)
        if match.start() >= barred[0]:
            at = max(at, barred[1])
            continue
        numeral = numeral_at(match)
        at = match.end() if numeral is None else numeral.end
        if numeral is None or text[match.start() - 1 : match.start()] in ("第", "."):
            continue
        vague = _VAGUE.match(text, numeral.end)
        form, end = form_at(text, vague.end() if vague else numeral.end)
        if not form:
            vague, end = None, numeral.end
        if form == "块" and (dime := _DIME.match(text, end)):
            tenth = (chinese_number(dime[1]) if dime[1] > "9" else None) or Decimal(dime[1])
            numeral = replace(numeral, lo=numeral.lo + tenth / 10, hi=numeral.hi + tenth / 10)
            tail, end = form_at(text, dime.end())
            form = f"元{tail}" if f"元{tail}" in known_forms() else form
            end = end if form != "块" else dime.end()
        yield _Atom(numeral, form, end, vague is not None)
        at = max(at, end)


def _pair(text: str, first: _Atom, second: _Atom) -> tuple[_Atom, _Atom] | None:
    joint = _JOINT.match(text, first.end)
    if joint is None or joint.end() != second.numeral.start:
        return None
    if joint["either"] and first.form != second.form:
        return None
    low, high = first.numeral, second.numeral
    if low.times == 1 and high.times > 1 and not first.form and low.lo < high.base:
        low = low.scaled(high.times)
    form = first.form or second.form
    if low.lo > high.hi or (first.form and second.form and first.form != second.form):
        return None
    return replace(first, numeral=low, form=form), replace(second, form=form)


def _finish(text: str, ends: tuple[_Atom, _Atom]) -> Quantity:
    first, last = ends
    low, high = first.numeral, last.numeral
    form, start, end = first.form, low.start, last.end
    window = text[max(0, start - 12) : start]
    for sign, unit in ((_MONEY, "元"), (_DOLLAR, "美元")):
        if (found := sign.search(window)) and form in ("", "元"):
            form, start = unit, start - len(found[0])
    per: tuple[str, ...] = ()
    per_start = start
    window = text[max(0, start - 16) : start]
    bound = _BEFORE.search(window)
    for head in (window, window[: bound.start()] if bound else ""):
        if not per and (found := _PER.search(head)):
            per = tuple(_denominator(p) for p in found.groups() if p)
            per_start = start - len(window) + found.start()
    quantity = Quantity(
        low.lo,
        high.hi,
        form,
        per,
        start,
        end,
        low.start,
        low.times > 1 or high.times > 1,
        low.approximate or high.approximate or first.vague or last.vague,
        "",
        _latin(text[low.start - 1 : low.start]),
    )
    whole = _bounded(text, quantity, single=low.lo == high.hi or low is high)
    return replace(whole, start=min(whole.start, per_start)) if per else whole


def _denominator(word: str) -> str:
    return {"平方米": "平", "平米": "平", "平方": "平", "㎡": "平", "日": "天"}.get(word, word)


def _latin(char: str) -> bool:
    return "a" <= char <= "z"


def _bounded(text: str, quantity: Quantity, *, single: bool) -> Quantity:
    before = _BEFORE.search(text[max(0, quantity.start - 8) : quantity.start])
    after = _AFTER.match(text, quantity.end)
    start = quantity.start - (len(before[0]) if before else 0)
    end = after.end() if after else quantity.end
    groups = [m.lastgroup for m in (after, before) if m]
    if "about" in groups:
        quantity = replace(quantity, approximate=True, start=start, end=end)
    if not single:
        return replace(quantity, start=start, end=end) if after else quantity
    if "from" in groups and len(groups) == 1:
        return quantity.bounded(">=", start, end)
    if "least" in groups and groups[0] != "most":
        return quantity.bounded(">=", start, end)
    if "most" in groups:
        return quantity.bounded("<=", start, end)
    return quantity
