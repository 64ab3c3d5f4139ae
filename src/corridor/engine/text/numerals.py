"""Numbers as people write them: 3,000, 1.2万, 两万, 三千五, 2万3, 两三千, 十几, 百来.

Numerals in Chinese characters are read by the library cn2an. It is loaded when the first one is
met, and given those only: its mixed mode works in floats (1.1万) and fails on 一亿二, so digits
with a multiplier, and the short tail of 三千五, are worked out here in exact decimals.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

_TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000, "k": 1000, "w": 10_000}
_DIGITS = "一二三四五六七八九"
_DIGIT = {c: i for i, c in enumerate(_DIGITS, 1)} | {"两": 2, "零": 0, "〇": 0}

_PLAIN = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_CHARS = r"零〇一二两三四五六七八九十百千万亿"
# One numeral never starts inside another, and each piece is bounded: no input makes this slow.
NUMBER = re.compile(
    rf"(?P<digits>{_PLAIN})(?P<times> ?(?:(?!千[伏米克瓦分]|百分)[十百千万亿]){{1,3}}|[kw](?![a-z0-9]))?"
    r"(?P<more>(?:[0-9]{1,4}[百千万]){1,3})?(?P<tail>[1-9](?![0-9.,年月日号天个人名台套层期次%周季]))?"
    rf"|(?P<chinese>[{_CHARS}半]{{1,16}}(?:点[{_CHARS}]{{1,8}})?)(?P<vague>[几来把多余])?(?P<vaguer>[百千万亿]{{0,2}})"
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number, or the two ends of a vague one, in a text.

    Attributes:
        lo, hi: the ends; equal unless two figures were named together (两三千).
        start, end: where it stands.
        base: the figure before its last multiplier, which decides whether ``500-800万`` shares it.
        times: that multiplier, 1 where there is none.
        approximate: True for 两三千, 十几, 百来 and the like.
    """

    lo: Decimal
    hi: Decimal
    start: int
    end: int
    base: Decimal
    times: int = 1
    approximate: bool = False

    def scaled(self, times: int) -> "Numeral":
        """The same figure with a multiplier it shares with the end of its range."""
        return replace(self, lo=self.lo * times, hi=self.hi * times, times=times)


def numeral_at(match: re.Match[str]) -> Numeral | None:
    """The numeral a match of :data:`NUMBER` stands for; ``None`` when it is none (千万别, 一一)."""
    start, end = match.span()
    if match.group("digits"):
        return _mixed(match, start, end)
    return _chinese(match, start)


def _mixed(match: re.Match[str], start: int, end: int) -> Numeral | None:
    digits = match.group("digits").replace(",", "")
    if len(digits) > 18:
        return None
    base, times = Decimal(digits), _product(match.group("times"))
    tail = match.group("tail")
    if tail and (times < 1000 or len(digits) > 2 or match.group("more")):
        tail, end = None, end - 1
    value = base * times
    for number, unit in re.findall(r"([0-9]{1,4})([百千万])", match.group("more") or ""):
        value += int(number) * _TIMES[unit]
    if match.group("more") and times < 1000:
        return Numeral(base, base, start, match.end("digits"), base)
    value += Decimal(tail or 0) * times / 10
    plain = not tail and not match.group("more")
    return Numeral(value, value, start, end, base if plain else value, times if plain else 1)


def _product(times: str | None) -> int:
    result = 1
    for char in (times or "").strip():
        result *= _TIMES[char]
    return result


_PAIR = re.compile(r"^(十|二十|三十)?([一二两三四五六七八九])([二三四五六七八九])([十百千万亿]*)$")
_SHORT = re.compile(r"^(.*[一二两三四五六七八九十])([百千万亿]+)([一二三四五六七八九])$")


def _chinese(match: re.Match[str], start: int) -> Numeral | None:
    written, vague, vaguer = match.group("chinese", "vague", "vaguer")
    end = match.end("chinese")
    pair = _PAIR.match(written)
    if pair and _DIGIT[pair[2]] < _DIGIT[pair[3]] <= _DIGIT[pair[2]] + 2:
        tens, times = (0 if not pair[1] else _DIGIT.get(pair[1][0], 1) * 10), _product(pair[4])
        lo, hi = (Decimal(tens + _DIGIT[pair[i]]) * times for i in (2, 3))
        return Numeral(lo, hi, start, end, lo / times, times, approximate=True)
    value = None if set(written) <= set("零〇") else chinese_number(written)
    if value is None:
        return None
    times = _product(re.search(r"[百千万亿]*$", written)[0])  # type: ignore[index]
    if vague == "几" and written[-1] == "十":
        times = _product(vaguer)
        return Numeral(value * times, (value + 9) * times, start, match.end(), value, times, True)
    if vague and vague != "几" and (written[-1] in "十百千万亿"):
        value *= _product(vaguer)
        times *= _product(vaguer)
        return Numeral(value, value, start, match.end(), value / times, times, True)
    return Numeral(value, value, start, end, value / times, times)


@lru_cache(maxsize=4096)
def chinese_number(written: str) -> Decimal | None:
    """The value of a numeral in Chinese characters, 三千五 and 一亿二 included; ``None`` if none."""
    if written == "半":
        return Decimal("0.5")
    if "半" in written:
        return None
    if written[0] in "百千万亿":  # 百来平, 千万级: the leading one is left unsaid
        return None if written in ("万", "亿万", "万千", "千千") else _product_or_none(written)
    short = _SHORT.match(written)
    if short:
        whole = chinese_number(short[1] + short[2])
        return (
            None if whole is None else whole + Decimal(_DIGIT[short[3]]) * _product(short[2]) / 10
        )
    if "点" in written:
        trail = re.search(r"[十百千万亿]*$", written)[0]  # type: ignore[index]
        head = written[: len(written) - len(trail)]
        value = _library(head)
        return None if value is None else value * _product(trail)
    return _library(written)


def _product_or_none(written: str) -> Decimal | None:
    return Decimal(_product(written)) if len(written) <= 2 else None


def _library(written: str) -> Decimal | None:
    import cn2an

    try:
        return Decimal(str(cn2an.cn2an(written, "smart")))
    except (ValueError, KeyError, IndexError, TypeError):
        return None
