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
    r"(?:1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}|1[3-9][0-9]{2}[ -][0-9]{3}[ -][0-9]{4}"
    r"|1[3-9][0-9][ -][0-9]{3}[ -][0-9]{5}|1[3-9][0-9]{4}[ -][0-9]{5})"
)
_PHONE = re.compile(
    rf"(?<![0-9])(?:(?:\+|00)?86[ -]?)?0?(?P<mobile>{_MOBILE})(?![0-9])"
    r"|(?<![0-9.])[48]00[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}(?![0-9])"
    r"|(?<![0-9.])(?:(?:\+|00)86[ -]?)?\(?0?(?:10|2[0-9]|[3-9][0-9]{2})(?P<close>\)[ -]?|[ -])"
    r"[2-9][0-9]{2,3}[ -]?[0-9]{4}(?![0-9])"
    r"|(?<![0-9.])0(?:10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}(?![0-9])"
    r"|(?<=电话|座机|热线|传真|手机)[:： ]{0,3}[2-9][0-9]{2,3}[ -]?[0-9]{4}(?![0-9])"
)


def find_phones(text: str) -> tuple[Phone, ...]:
    """Mobiles, landlines, 400 and 800 numbers, in reading order.

    A landline is known by its area code, or by 电话 and the like before it. Spaces and dashes
    between groups, full-width digits and +86 are understood. No errors.
    """
    return tuple(_masked(text, match) for match in _PHONE.finditer(normalise(text)))


def _masked(text: str, match: re.Match[str]) -> Phone:
    """Keep the last four digits and what names the net or the area; the rest becomes ``*``."""
    start = match.start("mobile") if match.group("mobile") else match.start()
    places = [i for i in range(start, match.end()) if normalise(text[i]) in "0123456789"]
    shown = 3 if match.group("mobile") or len(places) == 10 else max(0, len(places) - 8)
    hidden = set(places[shown:-4])
    masked = "".join("*" if i in hidden else text[i] for i in range(match.start(), match.end()))
    return Phone(match.start(), match.end(), masked)


def mask_phones(text: str) -> str:
    """The text with every telephone number masked: 138****0000, 0573-****1234, 400-***-4567.

    Length-preserving, so spans stay valid. No errors.
    """
    parts, at = [], 0
    for phone in find_phones(text):
        parts += [text[at : phone.start], phone.masked]
        at = phone.end
    return "".join([*parts, text[at:]])
