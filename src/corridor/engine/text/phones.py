"""Telephone numbers in a folded text, however their digits are parted or written.

Every function yields (start, end, hidden): where a number stands and which places must not be seen.
Known by themselves are a mobile (11 digits), a landline with its area code (a leading 0, +86 or
brackets, and a separator or 11 to 12 digits), and a 400 or 800 number with its separators. Ten digits
or fewer in one run are a number only after 电话, 联系, 热线, tel and the like, so that customs codes
(4001100000, 0203110010) and other figures stay whole.
"""

import re
from collections.abc import Iterator

from .normal import digits

Phone = tuple[int, int, frozenset[int]]

_SEP = "[ ._/·()-]{0,3}"
_MOBILE = (
    rf"(?:1[3-9][0-9]\)?{_SEP}[0-9]{{4}}{_SEP}[0-9]{{4}}|1[3-9][0-9](?:[ .-][0-9]{{2}}){{4}}"
    r"|1 [3-9](?: [0-9]){9}|1[3-9][0-9]{2}[ -][0-9]{3}[ -][0-9]{4}"
    r"|1[3-9][0-9][ -][0-9]{3}[ -][0-9]{5}|1[3-9][0-9]{4}[ -][0-9]{5})"
)
_AREA = r"(?:10|2[0-9]|[3-9][0-9]{2})"
_LOCAL = r"[2-9][0-9]{2,3}[ -]?[0-9]{4}"
# Sure without any word beside it. A run of at most ten digits never is: it may be a customs code.
_SURE = (
    rf"(?<![0-9])(?<![0-9]\.)(?:(?:\+|00)?86[ -]?)?0?(?P<mobile>{_MOBILE})(?![0-9])"
    r"|(?<![0-9.])[48]00[ -](?:[0-9]{3}[ -]?[0-9]{4}|[0-9]{4}[ -]?[0-9]{3})(?![0-9])"
    r"|(?<![0-9.])[48]00[0-9][ -][0-9]{3}[ -][0-9]{3}(?![0-9])"
    rf"|(?<![0-9.])(?:\+|00)86[ -]?\(?0?{_AREA}\)?[ -]?{_LOCAL}(?![0-9])"
    rf"|(?<![0-9.])(?:86[ -]\(?0?|\(0?|0){_AREA}(?:\)[ -]?|[ -]){_LOCAL}(?![0-9])"
    r"|(?<![0-9.])0(?:10|2[0-9])[2-9][0-9]{7}(?![0-9])"
    r"|(?<![0-9.])0[3-9][0-9]{2}[2-9][0-9]{6,7}(?![0-9])"
)
_TOLD = rf"(?P<told>(?:[48]00[ -]?[0-9]{{3}}[ -]?[0-9]{{4}}|(?:\(?0?{_AREA}\)?[ -]?)?{_LOCAL})(?![0-9]))"
_WORD = (
    r"(?:电话|座机|热线|传真|手机|联系|致电|拨打|来电|(?<![a-z])(?:tel|phone|mobile|fax))"
    r"[^0-9a-z，。;；、\n日编]{0,8}"
)
_PHONE = re.compile(rf"{_SURE}|{_WORD}{_TOLD}")
_CONTACT = re.compile(rf"{_SURE}|(?<![0-9.]){_TOLD}|(?<![0-9])[0-9]{{7,}}")

# --- digits parted or written so that the rules above do not see them ---

_PARTED = r"[^\w*\n]{1,3}"
_LOOSE = r"[ ._/·、|~-]{0,3}"
_EVADING = re.compile(
    rf"(?<![0-9])(?P<parted>1{_PARTED}[3-9](?:{_PARTED}[0-9]){{9}})(?![0-9])"
    r"|(?:手机|电话|联系|致电|拨打|来电|号码|热线|[微v]信|[☎📞📱]|\+ ?86"
    r"|(?<![a-z])(?:vx|wx|tel|phone|mobile|call))"
    rf"[^0-9a-z，。;；\n]{{0,8}}(?P<loose>1{_LOOSE}[3-9](?:{_LOOSE}[0-9]){{9}}|1[3-9][0-9][,，][0-9]{{4}}[,，][0-9]{{4}})(?![0-9])"
)
_WRITTEN = re.compile(
    rf"1{_LOOSE}[3-9](?:{_LOOSE}[0-9]){{9}}|[48]00{_LOOSE}[0-9]{{3}}{_LOOSE}[0-9]{{4}}"
    rf"|0(?:10|2[0-9]|[3-9][0-9]{{2}}){_LOOSE}[2-9][0-9]{{2,3}}{_LOOSE}[0-9]{{4}}"
)
_LETTERS = re.compile(r"(?<![a-z0-9])[1li][3-9][0-9oli]{9}(?![a-z0-9])")


def find_phones(plain: str) -> Iterator[Phone]:
    """Mobiles, landlines, 400 and 800 numbers of a folded text, those that evade the eye last."""
    yield from _usual(plain, _PHONE)
    figures = digits(plain)
    for match in _EVADING.finditer(figures):
        group = "parted" if match["parted"] else "loose"
        yield _hidden(figures, *match.span(group), 3)
    for match in _WRITTEN.finditer(figures):
        # 一三八… is nothing but a number; figures have their own rules above
        if (
            sum(c not in "0123456789" and c.isalnum() for c in plain[match.start() : match.end()])
            > 3
        ):
            yield _hidden(figures, *match.span(), 3)
    for match in _LETTERS.finditer(plain):
        if 5 <= sum(c.isdigit() for c in match[0]) < 11:
            hidden = frozenset(range(match.start() + 3, match.end() - 4))
            yield match.start(), match.end(), hidden


def in_a_contact(plain: str) -> Iterator[Phone]:
    """The numbers of a text that is known to say how to reach somebody.

    No word is needed before them, and every run of seven digits counts.
    """
    yield from _usual(plain, _CONTACT)
    yield from find_phones(plain)


def _usual(plain: str, pattern: re.Pattern[str]) -> Iterator[Phone]:
    for match in pattern.finditer(plain):
        whole = match.start("told") if match["told"] else match.start()
        start = match.start("mobile") if match["mobile"] else whole
        _, end, hidden = _hidden(plain, start, match.end(), 3 if match["mobile"] else 0)
        yield whole, end, hidden


def _hidden(figures: str, start: int, end: int, shown: int) -> Phone:
    """All digits but the last four and what names the net or the area (``shown``, if known)."""
    places = [i for i in range(start, end) if figures[i] in "0123456789"]
    shown = shown or (3 if len(places) == 10 else max(0, len(places) - 8))
    return start, end, frozenset(places[shown:-4])
