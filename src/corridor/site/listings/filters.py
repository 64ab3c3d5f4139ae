"""What a list is asked for, as one value, and as the query string of its address and back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.engine.factors import (
    INDUSTRIES,
    SIDE_LABELS,
    Attribute,
    CodeList,
    FactorKind,
    Label,
    Range,
    Side,
    Type,
    UnknownCode,
    all_kinds,
    number_text,
)
from corridor.engine.text import ReadError, read_value

from ..core.region import corridor, in_language

T = TypeVar("T")
LONGEST_Q = 100
MOST_CODES = 20
#: Days a deadline may lie ahead.
WITHIN = (7, 30, 90)
SORTS = {
    "relevance": gettext_lazy("最相关"),
    "newest": gettext_lazy("最新发布"),
    "deadline": gettext_lazy("最先截止"),
}

#: A parameter's values by its name, as a query string gives them.
Parameters = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is asked for; every condition holds at once, the values of one are alternatives.

    ``codes`` and ``numbers`` are of attributes of ``kind``, in the order it declares them: a number
    passes when what a listing states overlaps the range. Two equal filters have one address.
    """

    q: str = ""
    side: str = ""
    kind: str = ""
    cities: tuple[str, ...] = ()
    within: int | None = None
    industries: tuple[str, ...] = ()
    codes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    numbers: tuple[tuple[str, Range], ...] = ()
    sort: str = ""

    @property
    def factor(self) -> FactorKind | None:
        """The declaration of the kind asked for, if one is."""
        return all_kinds().get(self.kind)

    @property
    def order(self) -> str:
        """The order of the list: the one asked for, or the one that suits what is asked."""
        if self.sort and (self.sort != "relevance" or self.q):
            return self.sort
        return "relevance" if self.q else "newest"

    def having(self, **changes: Any) -> "Filters":
        """These filters with some changed; another kind leaves the attributes of this one behind."""
        if changes.get("kind", self.kind) != self.kind:
            changes = {"codes": (), "numbers": (), **changes}
        return replace(self, **changes)

    def with_codes(self, name: str, codes: Iterable[str]) -> "Filters":
        """These filters with the codes of one attribute set; with none of them it asks nothing."""
        return replace(self, codes=self._in_order(self.codes, name, _tidy(codes)))

    def with_number(self, name: str, span: Range | None) -> "Filters":
        """These filters with the range of one attribute set, or taken away."""
        return replace(self, numbers=self._in_order(self.numbers, name, span))

    def _in_order(
        self, had: tuple[tuple[str, T], ...], name: str, value: T | None
    ) -> tuple[tuple[str, T], ...]:
        given = {at: one for at, one in (*had, (name, value)) if one}
        if not value:
            given.pop(name, None)
        declared = self.factor.by_name if self.factor else {}
        return tuple((at, given[at]) for at in declared if at in given)

    def pairs(self) -> list[tuple[str, str]]:
        """The query string's names and values, in one fixed order."""
        found = [("q", self.q), ("side", self.side), ("kind", self.kind)]
        found += [("city", city) for city in self.cities]
        found += [("industry", code) for code in self.industries]
        found += [("within", str(self.within or ""))]
        found += [(f"{self.kind}.{name}", code) for name, codes in self.codes for code in codes]
        for name, span in self.numbers:
            found += [
                (f"{self.kind}.{name}.lo", _end(span.lo)),
                (f"{self.kind}.{name}.hi", _end(span.hi)),
            ]
        found += [("sort", self.sort)]
        return [(name, value) for name, value in found if value]

    @property
    def query(self) -> str:
        """The query string, "" when nothing is asked."""
        return urlencode(self.pairs())

    @property
    def empty(self) -> bool:
        """Whether everything is asked for, in whatever order."""
        return replace(self, sort="") == Filters()


def parse(given: Parameters, today: date) -> tuple[Filters, list[str]]:
    """The filters of a query string, and a sentence for each value that could not be used.

    Names nobody here has given are passed over: messengers add their own to a shared address.
    """
    return _Parser(given, today).read()


def city_codes() -> tuple[str, ...]:
    """The cities of the corridor, in its order."""
    return corridor().codes


def faceted(kind: FactorKind) -> list[Attribute]:
    """The attributes of a kind whose codes are few enough to choose from."""
    return [a for a in kind.attributes if a.type in (Type.CODES, Type.ORDER) and _flat(a)]


def measured(kind: FactorKind) -> list[Attribute]:
    """The attributes of a kind that are numbers."""
    return [a for a in kind.attributes if a.type is Type.NUMBER]


def side_label(side: str) -> Label:
    """需求 or 供给."""
    return SIDE_LABELS[Side(side)]


def _flat(attribute: Attribute) -> bool:
    """Whether its codes are few and say something: pieces and tonnes do not."""
    return isinstance(attribute.codes, CodeList) and attribute.codes.in_text


def _end(end: Decimal | None) -> str:
    return "" if end is None else number_text(end)


def _tidy(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


class _Parser:
    """One reading of a query string; it gathers what it had to say on the way."""

    def __init__(self, given: Parameters, today: date) -> None:
        self.given = given
        self.today = today
        self.notes: list[str] = []

    def read(self) -> tuple[Filters, list[str]]:
        """The filters, and what was passed over."""
        within = self._one("within", lambda raw: int(raw) if int(raw) in WITHIN else None)
        filters = Filters(
            q=self._q(),
            side=self._one("side", lambda raw: raw if raw in list(Side) else None) or "",
            kind=self._one("kind", lambda raw: raw if raw in all_kinds() else None) or "",
            cities=self._cities(),
            within=within,
            industries=_tidy(self._many("industry", INDUSTRIES.read)),
            sort=self._one("sort", lambda raw: raw if raw in SORTS else None) or "",
        )
        if (kind := filters.factor) is not None:
            for attribute in faceted(kind):
                found = self._many(f"{kind.name}.{attribute.name}", _code_of(attribute))
                filters = filters.with_codes(attribute.name, found)
            for attribute in measured(kind):
                filters = filters.with_number(attribute.name, self._span(kind, attribute))
        return filters, self.notes

    def _q(self) -> str:
        q = " ".join(" ".join(self._values("q")).split())
        if len(q) <= LONGEST_Q:
            return q
        self.notes.append(
            _(
                "搜索词最多 %(most)s 字，未使用。整段文字请粘贴到首页的搜索框，系统会读出其中的条件。"
            )
            % {"most": LONGEST_Q}
        )
        return ""

    def _cities(self) -> tuple[str, ...]:
        asked = self._many("city", lambda raw: raw if raw in city_codes() else None)
        return tuple(code for code in city_codes() if code in asked)

    def _span(self, kind: FactorKind, attribute: Attribute) -> Range | None:
        name = f"{kind.name}.{attribute.name}"

        def number(raw: str) -> Range | None:
            found = read_value(attribute, raw, today=self.today)
            assert found is None or isinstance(found, Range)
            return found

        lower, upper = self._one(f"{name}.lo", number), self._one(f"{name}.hi", number)
        lo = None if lower is None else lower.lo if lower.lo is not None else lower.hi
        hi = None if upper is None else upper.hi if upper.hi is not None else upper.lo
        if lo is None and hi is None:
            return None
        if lo is not None and hi is not None and lo > hi:
            self.notes.append(
                _("%(name)s：下限 %(lo)s 大于上限 %(hi)s，未使用。")
                % {"name": in_language(attribute.label), "lo": _end(lo), "hi": _end(hi)}
            )
            return None
        return Range(lo, hi)

    def _one(self, name: str, read: Callable[[str], T | None]) -> T | None:
        values = self._values(name)
        return self._understood(name, values[-1], read) if values else None

    def _many(self, name: str, read: Callable[[str], str | None]) -> list[str]:
        values = self._values(name)[:MOST_CODES]
        return [found for raw in values if (found := self._understood(name, raw, read)) is not None]

    def _values(self, name: str) -> list[str]:
        return [raw.strip() for raw in self.given.get(name, ()) if raw.strip()]

    def _understood(self, name: str, raw: str, read: Callable[[str], T | None]) -> T | None:
        hint = ""
        try:
            found = read(raw)
        except UnknownCode as error:
            found, hint = None, ", ".join(error.near)
        except ReadError as error:
            found, hint = None, in_language(error.allowed)
        except ValueError:
            found = None
        if found is None:
            self._unread(name, raw, hint)
        return found

    def _unread(self, name: str, raw: str, hint: str) -> None:
        said = {"name": name, "raw": raw if len(raw) <= 40 else f"{raw[:39]}…", "hint": hint}
        self.notes.append(
            _("条件 %(name)s 的值“%(raw)s”无法识别，未使用。可写：%(hint)s") % said
            if hint
            else _("条件 %(name)s 的值“%(raw)s”无法识别，未使用。") % said
        )


def _code_of(attribute: Attribute) -> Callable[[str], str]:
    return attribute.code_list().read
