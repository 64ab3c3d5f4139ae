"""Days and spans of days as people write them, read against a given today.

Own rules: of the libraries tried on 20 phrases of this trade, jionlp read 17 (its import takes 3 s,
下个月 and 十四五末 fail, 2024年Q3 becomes the whole year) and dateparser 2. A day without a year is
the next one to come. 前 excludes the span it follows (10月前 ends on 30 September) but includes an
end or a day that was named (年底前, 12月31日前).
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date, timedelta
from decimal import Decimal

from .feasts import FEASTS, PLANS, feast, next_feast
from .numerals import chinese_number

SOON = 30  # days read into 尽快


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Days named in a text.

    Attributes:
        lo, hi: first and last day; ``None`` at an end that is left open.
        start, end: where it stands.
        point: True when 前 after it still includes it (a day, a month's end).
        approximate: True for 尽快 and the like.
        now: True for 即日起, 随时, 现房: who has it means from today on, who wants it means soon.
        duration: True when counted from today (三个月内).
    """

    lo: date | None
    hi: date | None
    start: int
    end: int
    point: bool = False
    approximate: bool = False
    duration: bool = False
    now: bool = False


Reader = Callable[[re.Match[str], date], DaySpan | None]

_CN = "一二三四五六七八九十两"
_YEAR = (
    r"(?:(?:(?P<year>(?<![0-9])19[4-9][0-9]|20[0-9]{2}|2100"
    r"|一九[四五六七八九][〇零o一二三四五六七八九]|二[〇零o][〇零o一二三四五六七八九]{2}"
    r"|(?<![0-9])[2-4][0-9](?=年(?:[0-9]|底|末|初|年|上|下|第|q)))年度?|(?P<rel>今|明|后|本|当)年)的?)"
)
_PART = r"(?P<part>月底|月末|底|末|初|上旬|中旬|下旬)"
_FEAST = f"(?P<feast>{'|'.join(FEASTS)})(?:假期|前后)?"


def _year(match: re.Match[str], today: date) -> int | None:
    written, rel = match.group("year", "rel")
    if rel:
        return today.year + {"明": 1, "后": 2}.get(rel, 0)
    if not written:
        return None
    digits = "".join(
        str("〇一二三四五六七八九".find(c)) if c in _CN + "〇" else c
        for c in written.replace("零", "〇").replace("o", "〇")
    )
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _small(written: str) -> int:
    return int(written) if written.isascii() else int(chinese_number(written) or 0)


def _span(match: re.Match[str], lo: date, hi: date, *, point: bool = False) -> DaySpan:
    return DaySpan(lo, hi, match.start(), match.end(), point)


def _month(year: int, month: int) -> tuple[date, date]:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _months(
    match: re.Match[str], year: int | None, first: int, last: int, today: date, part: str | None
) -> DaySpan:
    """The months ``first`` to ``last`` of a year, or of the next year they are still to come."""
    if year is None:
        year = today.year + (_month(today.year, last)[1] < today)
    lo, hi = _month(year, first)[0], _month(year, last)[1]
    if part in ("底", "末", "月底", "月末"):
        return _span(match, hi, hi, point=True)
    if part == "初":
        return _span(match, lo, lo + timedelta(9))
    if part in ("上旬", "中旬", "下旬"):
        at = ("上旬", "中旬", "下旬").index(part) * 10
        return _span(match, lo + timedelta(at), lo + timedelta(at + 9) if at < 20 else hi)
    return _span(match, lo, hi)


def _day(match: re.Match[str], year: int | None, month: int, day: int, today: date) -> DaySpan:
    """Raises ``ValueError`` for 30 February."""
    found = date(year or today.year, month, day)
    if year is None and found < today:
        found = date(today.year + 1, month, day)
    return _span(match, found, found, point=True)


def _iso(m: re.Match[str], today: date) -> DaySpan | None:
    return _day(m, int(m["y"]), int(m["m"]), int(m["d"]), today)


def _year_month(m: re.Match[str], today: date) -> DaySpan | None:
    return _months(m, int(m["y"]), int(m["m"]), int(m["m"]), today, None)


def _calendar(m: re.Match[str], today: date) -> DaySpan | None:
    year, month = _year(m, today), _small(m["month"])
    if not 1 <= month <= 12:
        return None
    if m["day"]:
        return _day(m, year, month, _small(m["day"]), today)
    last = _small(m["last"]) if m["last"] else month
    if not 1 <= last <= 12:
        return None
    last += 12 * (last < month)
    return _months(m, year, month, last, today, m["part"])


def _quarter(m: re.Match[str], today: date) -> DaySpan | None:
    n = _small(m["q"] or m["q2"])
    return _months(m, _year(m, today), 3 * n - 2, 3 * n, today, m["part"])


def _half(m: re.Match[str], today: date) -> DaySpan | None:
    first = 1 if m["half"] == "上" else 7
    return _months(m, _year(m, today), first, first + 5, today, m["part"])


def _feast(m: re.Match[str], today: date) -> DaySpan | None:
    year = _year(m, today)
    found = feast(m["feast"], year) if year else next_feast(m["feast"], today)
    return None if found is None else _span(m, found, found, point=True)


def _year_part(m: re.Match[str], today: date) -> DaySpan | None:
    year, part = _year(m, today), m["part"]
    if part == "中":
        return _months(m, year, 6, 6, today, "底")
    if part == "前":
        return _before(_span(m, *[next_feast("春节", today) or date(today.year, 12, 31)] * 2))
    first, last = (1, 3) if part == "初" else (1, 12)
    found = _months(m, year, first, last, today, part if part in ("底", "末") else None)
    return _until(found) if part == "内" else found


def _whole_year(m: re.Match[str], today: date) -> DaySpan | None:
    return _months(m, _year(m, today), 1, 12, today, None)


def _plan(m: re.Match[str], _today: date) -> DaySpan | None:
    first, last = PLANS[m["plan"]]
    end = date(last, 12, 31)
    return _span(m, end if m["part"] else date(first, 1, 1), end, point=bool(m["part"]))


def _relative(m: re.Match[str], today: date) -> DaySpan | None:
    steps = m["which"].count("下") + (m["which"] == "次")
    part = m["part"]
    if m["unit"] == "月":
        if m["day"]:
            month = _month(today.year, today.month + steps)[0]
            return _day(m, month.year, month.month, _small(m["day"]), today)
        return _months(m, today.year, today.month + steps, today.month + steps, today, part)
    if m["unit"] in ("季度", "季"):
        first = 3 * ((today.month - 1) // 3 + steps) + 1
        return _months(m, today.year, first, first + 2, today, part)
    monday = today - timedelta(today.weekday()) + timedelta(7 * steps)
    if m["week"]:
        found = monday + timedelta("一二三四五六日天".index(m["week"]) - (m["week"] == "天"))
        return _span(m, found, found, point=True)
    return _span(m, monday, monday + timedelta(6))


_LENGTH = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "季度": 91}


def _duration(m: re.Match[str], today: date) -> DaySpan | None:
    number = Decimal(m["n"]) if m["n"].isascii() else chinese_number(m["n"])
    unit = m["unit"]
    if number is None or number > 10_000:
        return None
    if m["half"] or m["more"]:
        number += Decimal("0.5")
    months = {"月": number, "年": number * 12, "季度": number * 3}.get(unit)
    if months is not None:
        hi = later(today, months)
    elif unit in ("工作日", "个工作日"):
        hi = today + timedelta(int(number * 7 / 5))
    else:
        hi = today + timedelta(int(number * _LENGTH.get(unit, 1)))
    after = "后" in m["after"]
    return DaySpan(hi if after else None, None if after else hi, m.start(), m.end(), duration=True)


def later(day: date, months: Decimal) -> date:
    """The day so many months later; a day the month lacks becomes its last, half a month 15 days."""
    whole = int(months)
    first, last = _month(day.year, day.month + whole)
    return first.replace(day=min(day.day, last.day)) + timedelta(int((months - whole) * 30))


def _named_day(m: re.Match[str], today: date) -> DaySpan | None:
    if m["named"] == "月":
        return _months(m, today.year, today.month, today.month, today, m["part"])
    found = today + timedelta(("今天", "明天", "后天").index(m["named"]))
    return _span(m, found, found, point=True)


def _soon(m: re.Match[str], today: date) -> DaySpan | None:
    return DaySpan(
        None, today + timedelta(SOON), m.start(), m.end(), True, True, now=m["now"] is not None
    )


_TIME = r"(?:[ t][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_UNITS = "工作日|自然日|天|日|周|星期|礼拜|季度|月|年"
_RULES: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (
            rf"(?<![0-9.])(?P<y>(?:19|20|21)[0-9]{{2}})(?P<s>[-/.])(?P<m>[0-9]{{1,2}})(?P=s)(?P<d>[0-9]{{1,2}})"
            rf"(?![0-9]){_TIME}",
            _iso,
        ),
        (
            r"(?<![0-9.])(?P<y>(?:19|20|21)[0-9]{2})(?P<m>0[1-9]|1[0-2])(?P<d>[0-3][0-9])(?![0-9.])",
            _iso,
        ),
        (
            r"(?<![0-9.])(?P<y>(?:19|20|21)[0-9]{2})[-/](?P<m>0?[1-9]|1[0-2])(?![-/0-9.])",
            _year_month,
        ),
        (
            rf"{_YEAR}?(?<![0-9.])(?P<month>1[0-2]|0?[1-9]|十[一二]|[{_CN}])(?:月?份?[-~到至]"
            rf"(?P<last>1[0-2]|0?[1-9]|十[一二]|[{_CN}]))?月份?(?![薪租结供产])"
            rf"(?:(?P<day>[0-9]{{1,2}}|[{_CN}]{{1,3}})[日号]|{_PART})?",
            _calendar,
        ),
        (
            rf"{_YEAR}?(?:第?(?P<q>[一二三四1-4])季度|q(?P<q2>[1-4])(?![0-9a-z])(?:季度)?){_PART}?",
            _quarter,
        ),
        (rf"{_YEAR}?(?P<half>[上下])半年{_PART}?", _half),
        (rf"{_YEAR}?{_FEAST}", _feast),
        (rf"{_YEAR}年?(?P<part>底|末|初|内|中(?=[前之]))", _year_part),
        (
            rf"(?<![0-9{_CN}几数半多今明后本当每])(?P<year>(?!))?(?P<rel>(?!))?"
            r"(?:年(?P<part>底|末|初|内|中(?![试心型小高端低央])|前(?=[^期瞻景沿端]|$)))",
            _year_part,
        ),
        (rf"{_YEAR}(?![{_CN}0-9])", _whole_year),
        (rf"(?P<plan>{'|'.join(PLANS)})(?:规划)?(?:期)?(?P<part>末|底)?(?:期间)?", _plan),
        (
            r"(?P<which>下下个?|下个?|这个?|本|当|次)(?P<unit>月|周|星期|礼拜|季度)"
            rf"(?:(?P<day>[0-9]{{1,2}})[日号]|(?P<week>[一二三四五六日天])|{_PART})?",
            _relative,
        ),
        (
            rf"(?<![0-9.{_CN}])(?P<n>[0-9]{{1,4}}|[{_CN}百]{{1,4}}|半)(?:个(?P<half>半)?)?(?P<unit>{_UNITS})"
            r"(?P<more>半)?(?P<after>之?内|以内|之?后|以后)",
            _duration,
        ),
        (rf"(?<![0-9{_CN}几数个每])(?P<named>月){_PART}", _named_day),
        (r"(?P<named>今天|明天|后天)(?P<part>(?!))?", _named_day),
        (
            r"尽快|尽早|越快越好|(?P<now>(?:即日起?|随时|立即|马上|立刻|即刻)(?:可用|(?:起|可以?)?(?:入驻|交付|使用|投产)?)"
            r"(?!.{0,3}(?:联系|咨询|致电|来电|沟通|来访|看房|看厂|扫码|报名|拨打|到期|截止))|现房)",
            _soon,
        ),
    )
)
_UNTIL = re.compile(r" ?(?:之?前|以前|之?内|以内|止|为止|截止)(?!后)")
_FROM = re.compile(r" ?(?:之?后|以后|起)")
_LATEST = re.compile(
    r"(?:最晚|最迟|不晚于|不迟于|不能晚于|截至|截止到?|截止日期?[为是:： ]?|赶在|≤|<=|<|早于)(?:在|到|于)? ?$"
)
_EARLIEST = re.compile(r"(?:最早|不早于|最快|≥|>=|>|晚于)(?:在|到|于)? ?$")
_JOIN = re.compile(r" ?(?:-|~|到|至|—) ?")
_WITH_YEAR = re.compile(r"(?:19|20|21)[0-9]{2}|年")
_BARE_DAY = re.compile(r"(?P<d>[0-9]{1,2})[日号]")


def find_days(text: str, today: date) -> tuple[DaySpan, ...]:
    """Every date in a folded text, with the bound words around it, in reading order.

    The earliest match wins, then the longest, then the rule that stands first. Raises nothing:
    an impossible day (2月30日) is passed over; :func:`impossible_day` finds it.
    """
    cores = list(_cores(text, today))
    found: list[DaySpan] = []
    at = 0
    while at < len(cores):
        core = cores[at]
        joined = _joined(text, core, cores[at + 1] if at + 1 < len(cores) else None)
        at += (
            2
            if joined is not None and joined.end > core.end and _took_next(joined, cores, at)
            else 1
        )
        found.append(_bounded(text, joined or core, joined=joined is not None))
    return tuple(found)


def _took_next(joined: DaySpan, cores: list[DaySpan], at: int) -> bool:
    return at + 1 < len(cores) and cores[at + 1].start < joined.end


def _cores(text: str, today: date) -> Iterator[DaySpan]:
    found = []
    for rank, (pattern, reader) in enumerate(_RULES):
        for match in pattern.finditer(text):
            try:
                span = reader(match, today)
            except (ValueError, OverflowError):
                continue
            if span is not None:
                found.append((span.start, -span.end, rank, span))
    end = -1
    for start, _, _, span in sorted(found, key=lambda f: f[:3]):
        if start >= end:
            end = span.end
            yield span


def impossible_day(text: str, today: date) -> bool:
    """Whether the text names a day that the calendar has not (2月30日, 2026-13-01)."""
    for pattern, reader in _RULES:
        for match in pattern.finditer(text):
            try:
                reader(match, today)
            except (ValueError, OverflowError):
                return True
    return False


def _joined(text: str, first: DaySpan, second: DaySpan | None) -> DaySpan | None:
    """``first 到 second``; the second may leave out the year, or the month too (3月1日-15日)."""
    join = _JOIN.match(text, first.end)
    if join is None or first.lo is None:
        return None
    if second is not None and second.start == join.end() and second.hi is not None:
        hi = second.hi
        yearless = not _WITH_YEAR.search(text[second.start : second.end])
        if hi < first.lo and yearless and hi.year < MAXYEAR:
            hi = hi.replace(year=first.lo.year + (hi.replace(year=first.lo.year) < first.lo))
        return replace(first, hi=hi, end=second.end, point=True) if hi >= first.lo else None
    bare = _BARE_DAY.match(text, join.end())
    if bare and first.lo == first.hi and int(bare["d"]) <= monthrange(*first.lo.timetuple()[:2])[1]:
        hi = first.lo.replace(day=max(1, int(bare["d"])))
        return replace(first, hi=hi, end=bare.end()) if hi >= first.lo else None
    return None


def _until(span: DaySpan) -> DaySpan:
    return replace(span, lo=None)


def _before(span: DaySpan) -> DaySpan:
    if span.point or span.lo is None or span.lo == date.min:
        return _until(span)
    return replace(span, lo=None, hi=span.lo - timedelta(1), point=True)


def _bounded(text: str, span: DaySpan, *, joined: bool) -> DaySpan:
    """The span with 前, 内, 后, 起, 最晚 and the like applied."""
    if span.lo is None or span.hi is None:
        return _widened(text, span)
    after = _UNTIL.match(text, span.end)
    if after:
        ends = _before(span) if "前" in after[0] else _until(span)
        return _widened(text, replace(ends, end=after.end()))
    after = _FROM.match(text, span.end)
    if after:
        return replace(span, hi=None, end=after.end())
    window = text[max(0, span.start - 8) : span.start]
    latest, earliest = _LATEST.search(window), _EARLIEST.search(window)
    if joined:
        return span
    if latest:
        return replace(span, lo=None, start=span.start - len(latest[0]))
    if earliest:
        return replace(span, hi=None, start=span.start - len(earliest[0]))
    return span


def _widened(text: str, span: DaySpan) -> DaySpan:
    """Take in a bound word before a span that already has its bound (最晚年底前)."""
    latest = _LATEST.search(text[max(0, span.start - 8) : span.start])
    return replace(span, start=span.start - len(latest[0])) if latest else span
