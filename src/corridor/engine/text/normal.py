"""One spelling for what people type in many.

Every step keeps the length of the text, so a span found in the normalised text is a span of the
original. That is why 平米 and m² are not rewritten to ㎡ here: their meeting place is the table of
written forms in ``factors.units``.
"""

import unicodedata

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


class _Digits(dict[int, str]):
    """Whatever stands for one digit as that digit: 一, 幺, 壹, ①, ²."""

    def __missing__(self, code: int) -> str:
        value = unicodedata.digit(chr(code), None)
        self[code] = chr(code) if value is None else str(value)
        return self[code]


_DIGITS = _Digits()
_DIGITS.update(
    {
        ord(char): str(value)
        for row in ("〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "○幺貳參肆伍陸柒捌玖")
        for value, char in enumerate(row)
    }
)


def digits(text: str) -> str:
    """The text with every sign that stands for one digit written as that digit; same length."""
    return text.translate(_DIGITS)
