"""Telephone numbers as people type them, made one."""

import re

from django.utils.translation import gettext as _

from corridor.engine.text import normalise

from ..core.errors import Invalid

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))([2-9]\d{6,7})")
_ABROAD = re.compile(r"\+[1-9]\d{6,14}")
_EXTENSION = re.compile(r"[^\d+)]{1,6}(\d{1,6})$")


def phone(typed: str) -> str:
    """A mobile (13800001234), landline (0512-62881234, 0512-62881234 x801) or +-number abroad.

    Spaces, dashes, brackets, full-width digits, +86, 0086 and an extension are understood.
    Raises :class:`Invalid` saying what would be right.
    """
    text = normalise(typed).strip()
    if found := _known(_bare(text)):
        return found
    if extension := _EXTENSION.search(text):
        found = _known(_bare(text[: extension.start()]))
        if found.startswith("0"):
            return f"{found} x{extension[1]}"
    right = _("请填 11 位手机号，或带区号的座机（如 0512-62881234），境外号码以 + 和国家代码开头。")
    raise Invalid(right, {"phone": right})


def last_four(number: str) -> str:
    """The last four digits of a number that :func:`phone` gave, its extension apart."""
    return dialled(number)[-4:]


def dialled(number: str) -> str:
    """What to dial for a number that :func:`phone` gave: without its extension."""
    return number.partition(" ")[0]


def _bare(text: str) -> str:
    digits = re.sub(r"[\s\-()·.]", "", text)
    return re.sub(r"^(?:\+86|0086|86(?=1[3-9]\d{9}$))", "", digits)


def _known(digits: str) -> str:
    """The number in its one form; "" where it is none."""
    if _MOBILE.fullmatch(digits) or _ABROAD.fullmatch(digits):
        return digits
    for candidate in (digits, f"0{digits}"):
        if landline := _LANDLINE.fullmatch(candidate):
            return f"{landline[1]}-{landline[2]}"
    return ""
