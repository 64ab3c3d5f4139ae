"""Form fields made from the declaration of an attribute; they read what a table cell may hold."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from corridor.engine.factors import (
    INDUSTRIES,
    UNITS,
    Attribute,
    CodeList,
    Codes,
    Range,
    Relation,
    Side,
    Type,
    Value,
    end_text,
    value_text,
)
from corridor.engine.factors.codes import industry, places
from corridor.io import what_may_stand
from corridor.io.cells import Raw
from corridor.io.values import CellError, ValueReader

from ..core.region import corridor, in_language

Two = tuple[str, str]
#: What stands in a widget: a text, the chosen codes, or two boxes.
Spelt = str | list[str] | Two
_ONE_ENDED = (Relation.AT_LEAST, Relation.AT_MOST)
#: Names a datalist offers for industries: sections and divisions.
_COARSE = 3


class OneOf(forms.RadioSelect):
    """One of a few choices, written as Django's templates do, without rendering three of them for each choice: a
    page of attributes has a hundred, which took a third of its time."""

    def render(
        self,
        name: str,
        value: object,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        """The choices, each with its label."""
        del renderer
        widget = self.get_context(name, value, attrs)["widget"]
        options = (one for _group, group, _index in widget["optgroups"] for one in group)
        around = {key: at for key, at in widget["attrs"].items() if key in ("id", "class")}
        choices = format_html_join("", _CHOICE, map(_choice, options))
        return format_html("<div{}>{}</div>", flatatt(around), choices)


_CHOICE = '<div><label{}><input type="{}" name="{}" value="{}"{}> {}</label></div>'


def _choice(option: Mapping[str, Any]) -> tuple[object, ...]:
    at = option["attrs"]
    named = flatatt({"for": at["id"]} if "id" in at else {})
    return named, option["type"], option["name"], option["value"], flatatt(at), option["label"]


class AnyOf(OneOf, forms.CheckboxSelectMultiple):
    """Any of a few choices."""


class Ends(forms.MultiWidget):
    """Two boxes, the second for the other end of a range; each said to a screen reader."""

    template_name = "listings/parts/ends.html"

    def __init__(self, kind: str = "text", attrs: Mapping[str, str] | None = None) -> None:
        both = dict(attrs or {})
        names = (_("从，或只填一个值"), _("到"))
        boxes = [forms.TextInput({"type": kind, "aria-label": name, **both}) for name in names]
        super().__init__(boxes)

    def decompress(self, value: Two | None) -> list[str]:
        """What stands in the boxes."""
        return list(value or ("", ""))


class ValueField(forms.Field):
    """A value of one attribute, as one side states it.

    What is typed is read as a cell of an imported table is, so page, file and API agree. Its
    initial is what :func:`spelt` gives.
    """

    def __init__(self, attribute: Attribute, side: Side, reader: ValueReader) -> None:
        self.attribute, self.reader = attribute, reader
        self.asking = attribute.asked_by is side and attribute.relation is not None
        self.one_box = attribute.type is Type.WORDS or not _two_boxes(attribute, self.asking)
        super().__init__(
            required=False,
            label=_label(attribute, side),
            help_text=_help(attribute),
            widget=_widget(attribute, one_box=self.one_box),
        )

    def spelt(self, value: Value) -> Spelt:
        """How a value stands in the field, so that it is read back equal."""
        attribute = self.attribute
        if isinstance(value, str):
            return value
        if isinstance(value, frozenset):
            return self._spelt_codes(value)
        tries = list(_spellings(attribute, value))
        one = next((t for t in tries if self._back(t) == value), tries[-1])
        if self.one_box:
            return one[0] if not one[1] else "~".join(one)
        return one

    def _spelt_codes(self, codes: Codes) -> Spelt:
        listed = self.attribute.code_list()
        if isinstance(listed, CodeList):
            return sorted(codes)
        names = sorted(in_language(listed.label(code)) for code in codes)
        tries = [_("、").join(names), _("、").join(sorted(codes))]
        return next((text for text in tries if self._back(text) == codes), tries[-1])

    def fit(self, spelt: object) -> None:
        """Make room for a value that the widget could not show as it is: 15 号以后, 本科~硕士."""
        widget = self.widget
        if isinstance(widget, forms.Select) and not isinstance(widget, forms.SelectMultiple):
            known = {str(value) for value, _label in widget.choices}
            if isinstance(spelt, str) and spelt not in known:
                widget.choices = [*widget.choices, (spelt, spelt)]
        for box in getattr(widget, "widgets", [widget]):
            texts = spelt if isinstance(spelt, list | tuple) else [spelt]
            wordy = any(text and not _iso(str(text)) for text in texts)
            if wordy and isinstance(box, forms.TextInput) and box.input_type == "date":
                box.input_type = "text"

    def clean(self, value: object) -> Value | None:
        """The value, or ``None`` where nothing is stated."""
        if isinstance(value, list) and isinstance(self.attribute.codes, CodeList):
            raw: Raw = [str(item) for item in value if item]
        elif isinstance(value, list | tuple):
            first, second = (str(end or "").strip() for end in value)
            if second and not first:
                raise ValidationError(
                    _("请先填第一格；只有上限时在第一格写“≤%(n)s”。") % {"n": second}
                )
            raw = f"{first}~{second}" if second else first
        else:
            raw = str(value or "").strip()
        if not raw:
            return None
        try:
            return self.reader.read(self.attribute, raw, "", self.asking)
        except CellError as error:
            raise ValidationError(_words(error, self.attribute)) from error

    def _back(self, spelt: Spelt) -> Value | None:
        try:
            return self.clean(spelt)
        except ValidationError:
            return None


def _words(error: CellError, attribute: Attribute) -> str:
    wrong, right = in_language(error.message), in_language(error.allowed)
    right = right or in_language(what_may_stand(attribute))
    if error.found:
        said = _("“%(found)s”：%(wrong)s。应为：%(right)s。")
        return said % {"found": error.found, "wrong": wrong.strip("。. "), "right": right}
    return _("%(wrong)s。应为：%(right)s。") % {"wrong": wrong.strip("。. "), "right": right}


def _two_boxes(attribute: Attribute, asking: bool) -> bool:
    if attribute.type not in (Type.NUMBER, Type.DAY):
        return False
    return not (asking and attribute.relation in _ONE_ENDED)


def _label(attribute: Attribute, side: Side) -> str:
    label = in_language(attribute.side_label(side))
    unit = in_language(UNITS[attribute.unit].label) if attribute.type is Type.NUMBER else ""
    return _("%(label)s（%(unit)s）") % {"label": label, "unit": unit} if unit else label


def _help(attribute: Attribute) -> str:
    """Only what the widget does not show by itself."""
    if attribute.type is Type.CODES and not isinstance(attribute.codes, CodeList):
        return in_language(attribute.code_list().allowed())
    return ""


def _widget(attribute: Attribute, *, one_box: bool) -> forms.Widget:
    match attribute.type:
        case Type.FLAG:
            return forms.Select(choices=[("", _("不说明")), (_("是"), _("是")), (_("否"), _("否"))])
        case Type.ORDER:
            listed = attribute.code_list()
            assert isinstance(listed, CodeList)
            steps = [in_language(listed.label(entry.code)) for entry in listed.entries]
            return forms.Select(choices=[("", _("不说明")), *((step, step) for step in steps)])
        case Type.CODES if isinstance(attribute.codes, CodeList):
            entries = [
                (e.code, in_language(attribute.codes.label(e.code)))
                for e in attribute.codes.entries
            ]
            return AnyOf(choices=entries)
        case Type.CODES:
            names = "industries" if attribute.codes is INDUSTRIES else "places"
            return forms.TextInput({"list": names, "autocomplete": "off"})
        case Type.WORDS:
            return forms.TextInput()
    kind = "date" if attribute.type is Type.DAY else "text"
    attrs = {"inputmode": "decimal"} if attribute.type is Type.NUMBER else {}
    return forms.TextInput({"type": kind, **attrs}) if one_box else Ends(kind, attrs)


def _spellings(attribute: Attribute, value: Range) -> Iterator[Two]:
    """Ways to write a range, the plainest first."""
    lo, hi = (None if end is None else _end(attribute, end) for end in (value.lo, value.hi))
    if lo is not None and (hi is None or lo == hi):
        yield lo, ""
    if hi is not None and lo is None:
        yield hi, ""
    if lo is not None and hi is not None:
        yield lo, hi
    yield (f"≥{lo}" if hi is None else f"≤{hi}" if lo is None else f"{lo}~{hi}"), ""
    yield in_language(value_text(attribute, value, unit=False)), ""


def _end(attribute: Attribute, end: Decimal) -> str:
    if attribute.type is not Type.NUMBER:
        return in_language(end_text(attribute, end))
    text = f"{end:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _iso(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@cache
def _tree_names(english: bool) -> Mapping[str, tuple[str, ...]]:
    codes = [code for code in industry.load() if len(code) <= _COARSE]
    own = corridor().codes
    near = [code for code in places.load() if any(places.covers(city, code) for city in own)]
    name = places.name_en if english else places.name_zh
    return {
        "industries": tuple(INDUSTRIES.label(code)[int(english)] for code in codes),
        "places": tuple(name(code) for code in [*own, *(c for c in near if c not in own)]),
    }


def datalists() -> Mapping[str, tuple[str, ...]]:
    """Names that the boxes for industries and places offer while one types."""
    return _tree_names(in_language(INDUSTRIES.about) == INDUSTRIES.about.en)
