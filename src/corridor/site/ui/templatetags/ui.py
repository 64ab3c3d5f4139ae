"""Tags and filters of every page: ``{% load ui %}``. What each looks like: ``ui/static/ui``."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from typing import Any, Literal
from urllib.parse import urlencode

import segno
from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField, CheckboxInput
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.engine.factors import Label
from corridor.report.wording import rate as percentage
from corridor.site.core.region import in_language
from corridor.site.ui import clock as clocks

register = template.Library()

#: How a state looks, by the names of the life cycles; one that is not here is neutral.
TONES: Mapping[str, str] = {
    state: tone
    for tone, states in {
        "info": "city_review corridor_review asked received contacted running proposed talks open wanted",
        "ok": "published accepted valid answered converted agreement met done registered placed kept",
        "warn": "returned held expired invited missed",
        "bad": "hidden failed declined",
    }.items()
    for state in states.split()
}

#: The way of every listing, as people know it.
STAGES = (
    gettext_lazy("提交"),
    gettext_lazy("审核"),
    gettext_lazy("匹配"),
    gettext_lazy("洽谈"),
    gettext_lazy("签约"),
)


@register.filter("label")
def text_of(thing: object) -> str:
    """A label of the engine in the language of the page; any other thing as text, None as ""."""
    if isinstance(thing, Label):
        return in_language(thing)
    return "" if thing is None else str(thing)


@register.filter
def number(value: float | Decimal | None) -> str:
    """12345 → 12,345; a dash where there is none."""
    return "—" if value is None else f"{value:,}"


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing of the sprite; with ``label`` it is read out, without it is decoration."""
    if label:
        start = format_html('<svg class="icon" role="img" aria-label="{}">', label)
    else:
        start = mark_safe('<svg class="icon" aria-hidden="true">')
    return start + format_html('<use href="{}#{}"></use></svg>', _sprite(), name)


@lru_cache(maxsize=1)
def _sprite() -> str:
    """Where the sprite lies; asked for dozens of times a page."""
    return static("ui/icons.svg")


@register.simple_tag
def badge(thing: object, tone: str = "") -> SafeString:
    """A state. ``thing`` is a text, a label, or an object with a state and its display name."""
    if hasattr(thing, "get_state_display"):
        text, tone = thing.get_state_display(), tone or TONES.get(getattr(thing, "state", ""), "")
    else:
        text = text_of(thing)
    return format_html('<span class="badge {}">{}</span>', tone or "neutral", text)


@register.inclusion_tag("ui/parts/chip.html")
def chip(text: object, url: str = "", remove: bool = False, on: bool = False) -> dict[str, Any]:
    """A pill; a link where ``url`` is given, one that takes itself away with ``remove``."""
    return {"text": text_of(text), "url": url, "remove": remove, "on": on}


@register.inclusion_tag("ui/parts/field.html")
def field(bound: BoundField, wide: bool = False) -> dict[str, Any]:
    """A field of a form: label, help, error and widget, tied together for screen readers."""
    widget = bound.field.widget
    described = [
        f"{bound.auto_id}_{what}"
        for what, there in (("helptext", bound.help_text), ("error", bound.errors))
        if there and bound.auto_id
    ]
    return {
        "field": bound,
        "wide": wide,
        "tick": isinstance(widget, CheckboxInput),
        "group": bound.use_fieldset,
        "described": " ".join(described),
    }


@register.inclusion_tag("ui/parts/fields.html")
def fields(form: BaseForm) -> dict[str, Any]:
    """Hidden fields, then every visible one."""
    return {"form": form}


@register.inclusion_tag("ui/parts/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """Every error of the forms with a link to its field; nothing when there is none."""
    found = [
        (text, f"#{field.id_for_label or f'{field.auto_id}_0'}", field.label)
        for form in forms
        for field in form
        for text in field.errors
    ]
    general = [text for form in forms for text in form.non_field_errors()]
    return {"found": found, "general": general, "count": len(found) + len(general)}


@register.inclusion_tag("ui/parts/steps.html")
def steps(
    current: int, names: Sequence[object] | None = None, stopped: object = ""
) -> dict[str, Any]:
    """How far something is: steps before ``current`` (from 1) are done; ``stopped`` says why not."""
    rows = [
        {
            "name": text_of(name),
            "state": "done" if at < current else "now" if at == current else "next",
        }
        for at, name in enumerate(names or STAGES, 1)
    ]
    return {"rows": rows, "stopped": text_of(stopped)}


@register.simple_tag
def meter(
    value: float | None, label: object = "", total: float = 1, tone: str = "", text: str = ""
) -> SafeString:
    """A bar as long as ``value`` of ``total``; a score of 100 points where that is 1."""
    share = _share(value or 0, total)
    if value is None:
        known = "—"
    elif total == 1:
        known = _("%(n)d 分") % {"n": round(100 * share)}
    else:
        known = f"{value:,} / {total:,}"
    name = format_html('<span class="meter-label">{}</span>', text_of(label)) if label else ""
    return format_html(
        '<span class="meter {}">{}{}<b class="num">{}</b></span>',
        tone,
        name,
        bar(share),
        text or known,
    )


def bar(share: float) -> SafeString:
    """A bar filled to a share of it, as a drawing: lengths in style attributes are forbidden."""
    return format_html(
        '<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="100" height="6"/><rect class="part" width="{}" height="6"/></svg>',
        f"{100 * share:.1f}",
    )


def _share(value: float, total: float) -> float:
    return min(1.0, max(0.0, value / total)) if total else 0.0


@register.inclusion_tag("ui/parts/funnel.html")
def funnel(stages: Sequence[tuple[object, int, str]], window: object) -> dict[str, Any]:
    """Stages (label, count, address), each with its share of the one before it."""
    most = max((count for _name, count, _url in stages), default=0) or 1
    before = [count for _name, count, _url in [*stages[:1], *stages]]
    return {
        "window": text_of(window),
        "stages": [
            {
                "name": text_of(name),
                "count": count,
                "url": url,
                "of": of,
                "bar": bar(_share(count, most)),
            }
            for (name, count, url), of in zip(stages, before, strict=False)
        ],
    }


@register.simple_tag
def rate(part: int, whole: int, window: object = "") -> SafeString:
    """A rate as the house prints it: with numerator, denominator and window.

    ``window`` is left out only where it stands once for several rates.
    """
    of = f"{part:,} / {whole:,}"
    if window:
        of = _("%(of)s，%(window)s") % {"of": of, "window": text_of(window)}
    return format_html(
        '<span class="rate"><b>{}</b> <small>{}</small></span>', percentage(part, whole), of
    )


@register.simple_tag
def ago(when: datetime | None, now: datetime | None = None) -> SafeString:
    """How long ago, with the exact time on pointing."""
    if when is None:
        return mark_safe("—")
    return _time(clocks.moment(when), clocks.ago_text(when, now or timezone.now()), "ago")


@register.simple_tag
def due(when: date | datetime | None, now: datetime | None = None) -> SafeString:
    """How long is left or over; a bare date is due at its end."""
    if when is None:
        return mark_safe("—")
    now, when = now or timezone.now(), clocks.moment(when)
    return _time(when, clocks.due_text(when, now), f"due {clocks.urgency(when, now)}")


@register.simple_tag
def clock(
    start: datetime, due: datetime, done: datetime | None = None, now: datetime | None = None
) -> SafeString:
    """A running clock: the time used as a bar, and what is left; stopped at ``done``."""
    now = done or now or timezone.now()
    haste = clocks.urgency(due, now)
    tone = {"over": "bad", "soon": "warn", "calm": "info"}[haste]
    text: str = _time(due, clocks.due_text(due, now), f"due {haste}")
    if done:
        late = _("已办，%(time)s") % {"time": clocks.due_text(due, done)}
        tone = "bad" if haste == "over" else "ok"
        text = late if haste == "over" else _("按时办结")
    return format_html(
        '<span class="meter clock {}">{}<span>{}</span></span>',
        tone,
        bar(_share((now - start).total_seconds(), (due - start).total_seconds())),
        text,
    )


@register.inclusion_tag("ui/parts/paginate.html", takes_context=True)
def paginate(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Links to the other pages, the rest of the address kept."""
    around = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    gap = str(page.paginator.ELLIPSIS)
    links = [(at, "" if str(at) == gap else _address(context, "page", str(at))) for at in around]
    return {
        "page": page,
        "links": links,
        "earlier": _address(context, "page", str(page.number - 1)),
        "later": _address(context, "page", str(page.number + 1)),
    }


@register.simple_tag(takes_context=True)
def query_string(
    context: Context, verb: Literal["set", "drop"], name: str, value: object = ""
) -> str:
    """The page's own address with a name set to one value, or without it."""
    return _address(context, name, str(value) if verb == "set" else None)


@register.simple_tag
def qr(url: str, label: str = "", size: Literal["s", "m", "l"] = "m") -> SafeString:
    """A QR code drawn in place."""
    start = format_html(
        '<svg class="qr {}" role="img" aria-label="{}" ', size, label or _("二维码：%s") % url
    )
    return start + mark_safe(_squares(url))


@lru_cache(maxsize=1024)
def _squares(url: str) -> str:
    """All of the drawing that the address alone decides."""
    out = BytesIO()
    # A mask of one's own choice: weighing all eight takes four fifths of the time, and 600 of 600
    # blurred, turned pictures were read with this one as with the best.
    code = segno.make(url, error="m", micro=False, mask=3)
    code.save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=False,
        nl=False,
        border=2,
        omitsize=True,
        svgclass=None,
        lineclass=None,
        light="#fff",
    )
    return out.getvalue().decode().removeprefix("<svg ")


def _time(when: datetime, text: str, classes: str) -> SafeString:
    here = timezone.localtime(when)
    return format_html(
        '<time class="{}" datetime="{}" title="{}">{}</time>',
        classes,
        here.isoformat(timespec="seconds"),
        here.strftime("%Y-%m-%d %H:%M"),
        text,
    )


def _address(context: Context, name: str, value: str | None) -> str:
    """The query string with ``name`` set, or without it for ``None``; any change leads to page 1."""
    pairs = [
        (key, one)
        for key, values in context["request"].GET.lists()
        for one in values
        if key not in ("page", name)
    ]
    return f"?{urlencode(pairs if value is None else [*pairs, (name, value)])}"
