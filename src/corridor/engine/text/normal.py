"""One spelling for what people type in many, and telephone numbers masked.

Every step keeps the length of the text, so a span found in the normalised text is a span of the
original. That is why 平米 and m² are not rewritten to ㎡ here: their meeting place is the table of
written forms in ``factors.units``.
"""

import re
import unicodedata
from typing import NamedTuple

_DASHES = "‐‑‒–—―−﹣－ー"
_DOTS = "•‧・∙⋅"
_TILDES = "～〜∼˜⁓∽"
_KEPT = "，"  # a full-width comma ends a clause; the ASCII one may group thousands


class _Table(dict[int, str]):
    """Character by character: the one-character compatibility form, computed when first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") and char != "\n":
            char = " "
        elif unicodedata.category(char) == "No" and char not in "²³":
            pass  # ①②③ number a list; they are no quantities
        elif char not in _KEPT:
            form = unicodedata.normalize("NFKC", char)
            char = form if len(form) == 1 else char
        self[code] = char
        return char


_NORMAL = _Table()
_NORMAL.update({ord(c): "-" for c in _DASHES} | {ord(c): "~" for c in _TILDES})
_NORMAL.update({ord(c): "·" for c in _DOTS})
_NORMAL.update({ord(c): '"' for c in "“”„‟〝〞＂"} | {ord(c): "'" for c in "‘’‚‛＇"})
_NORMAL.update({ord("≧"): "≥", ord("≦"): "≤", ord("⩾"): "≥", ord("⩽"): "≤", ord("\r"): "\n"})


class _Lower(dict[int, str]):
    def __missing__(self, code: int) -> str:
        low = chr(code).lower()
        self[code] = low if len(low) == 1 else chr(code)
        return self[code]


_LOWER = _Lower()


def normalise(text: str) -> str:
    """The text with full-width forms, dashes, tildes, quotes and controls made one.

    Length-preserving and idempotent: character ``i`` of the result stands for character ``i`` of
    the text. A character whose compatibility form is longer than one (㎡, ½) stays, as does the
    full-width comma. No errors.
    """
    return text.translate(_NORMAL)


def fold(text: str) -> str:
    """:func:`normalise` and lower case, for comparing; length-preserving too."""
    return normalise(text).translate(_LOWER)


class Phone(NamedTuple):
    """A telephone number: where it stands, and how it may be shown."""

    start: int
    end: int
    masked: str


_MOBILE = (
    r"(?:1[3-9][0-9]\)?[ ._/-]?[0-9]{4}[ ._/-]?[0-9]{4}|1[3-9][0-9](?:[ .-][0-9]{2}){4}"
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
    r"(?:电话|座机|热线|传真|手机|联系|致电|拨打|来电|(?<![A-Za-z])(?i:tel|phone|mobile|fax))"
    r"[^0-9A-Za-z，。;；、\n日编]{0,8}"
)
_PHONE = re.compile(rf"{_SURE}|{_WORD}{_TOLD}")
_CONTACT = re.compile(rf"{_SURE}|(?<![0-9.]){_TOLD}|(?<![0-9])[0-9]{{7,}}")
#: No telephone number has fewer digits; most texts are done with here.
_SEVEN = re.compile(r"\d(?:\D{0,3}\d){6}")


def find_phones(text: str, *, contact: bool = False) -> tuple[Phone, ...]:
    """Mobiles, landlines, 400 and 800 numbers, in reading order.

    Known by themselves: a mobile (11 digits), a landline with its area code (a leading 0, +86 or
    brackets, and a separator or 11 to 12 digits), and a 400 or 800 number with its separators. Ten
    digits or fewer in one run are a number only after 电话, 联系, 热线, tel and the like, so that
    customs codes (4001100000, 0203110010) and other figures stay whole. Spaces and dashes between
    groups, full-width digits and +86 are understood. No errors.

    ``contact``: the text is known to say how to reach somebody, so that no word is needed and every
    run of seven digits counts.
    """
    if not _SEVEN.search(text):
        return ()
    pattern, plain = _CONTACT if contact else _PHONE, normalise(text)
    return tuple(_masked(text, plain, match) for match in pattern.finditer(plain))


def _masked(text: str, plain: str, match: re.Match[str]) -> Phone:
    """Keep the last four digits and what names the net or the area; the rest becomes ``*``."""
    whole = match.start("told") if match.group("told") else match.start()
    start = match.start("mobile") if match.group("mobile") else whole
    places = [i for i in range(start, match.end()) if plain[i] in "0123456789"]
    shown = 3 if match.group("mobile") or len(places) == 10 else max(0, len(places) - 8)
    hidden = set(places[shown:-4])
    masked = "".join("*" if i in hidden else text[i] for i in range(whole, match.end()))
    return Phone(whole, match.end(), masked)


def mask_phones(text: str, *, contact: bool = False) -> str:
    """The text with every telephone number masked: 138****0000, 0573-****1234, 400-***-4567.

    What counts as one is said at :func:`find_phones`. Length-preserving, so spans stay valid. No
    errors.
    """
    phones = find_phones(text, contact=contact)
    if not phones:
        return text
    parts, at = [], 0
    for phone in phones:
        parts += [text[at : phone.start], phone.masked]
        at = phone.end
    return "".join([*parts, text[at:]])
