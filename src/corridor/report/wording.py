"""Texts in both languages, numbers and rates as the page writes them."""

from datetime import date
from math import ceil

from markupsafe import Markup, escape

from corridor.engine.factors import Corridor, Label, Listing
from corridor.engine.factors.common import PLACES

#: Characters of one text; what is longer is cut, so that no listing can swell the file.
LONG = 160

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
NO_CITY = Label("未写明城市", "city not stated")
UNTITLED = Label("（无标题）", "(untitled)")


def both(label: Label) -> Markup:
    """A text in both languages; the style sheet shows the one chosen. Said once where equal."""
    zh, en = cut(label.zh), cut(label.en)
    if zh == en:
        return escape(zh)
    return Markup("<span lang=zh>{}</span><span lang=en>{}</span>").format(zh, en)


def say(zh: str, en: str) -> Markup:
    """:func:`both` of two texts."""
    return both(Label(zh, en))


def cut(text: str, most: int = 2 * LONG) -> str:
    """A text of at most ``most`` characters, an ellipsis where it was longer."""
    return text if len(text) <= most else text[: most - 1] + "…"


def title(listing: Listing) -> Markup:
    """What a listing calls itself, as written; titles are not translated."""
    return escape(cut(listing.title, LONG)) if listing.title.strip() else both(UNTITLED)


def city(corridor: Corridor, place: str) -> Label:
    """A place as people say it: its corridor city, with the county where one is meant."""
    if not place:
        return NO_CITY
    found = corridor.city(place)
    if found is not None and found.code == place:
        return found.label
    try:
        name = PLACES.label(place)
    except (KeyError, ValueError):
        name = Label(place, place)
    if found is None or name == found.label:
        return name
    return Label(f"{found.label.zh} {name.zh}", f"{name.en}, {found.label.en}")


def number(value: int) -> str:
    """12,345."""
    return f"{value:,}"


def rate(part: int, whole: int) -> str:
    """A percentage with one decimal: a dash of nothing; 0 and 100 only when exact."""
    if not whole:
        return "—"
    text = f"{100 * part / whole:.1f}"
    if text == "0.0" and part:
        return "<0.1%"
    if text == "100.0" and part < whole:
        return ">99.9%"
    return f"{text}%"


def at_most(share: float) -> str:
    """A share as a percentage rounded up, as befits a bound: 0.00123 → 0.13%."""
    return f"{ceil(round(share * 10_000, 6)) / 100:g}%"


def day(value: date) -> Label:
    """2026 年 11 月 22 日 | 22 November 2026."""
    return Label(
        f"{value.year} 年 {value.month} 月 {value.day} 日",
        f"{value.day} {_MONTHS[value.month - 1]} {value.year}",
    )
