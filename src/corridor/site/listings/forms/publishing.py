"""What people fill in to publish: a text, the fields of its kind, contact and visibility."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.engine.factors import SIDE_LABELS, Attribute, Side
from corridor.engine.factors import kind as kind_of
from corridor.engine.text import Reading, read
from corridor.io.values import ValueReader

from ...core.models import Party
from ...core.region import city_choices, corridor, in_language
from ..actions import consent_text
from ..checking import MAX_CAPACITY, MAX_NAME, MAX_PHONE, MAX_TEXT, MAX_TITLE
from ..content import Content
from ..fields import OneOf, Spelt, ValueField
from ..models import Anonymity, kind_choices
from .common import choose, excuse, side_choices

FIRST = 6
_SENTENCE = re.compile(r"[\n。；;！!？?]")
_TITLE_FROM_TEXT = 40


def reading_of(text: str, kind: str = "", side: str = "") -> Reading:
    """What a text says, read for this corridor today."""
    return read(
        text,
        kind_of(kind) if kind else None,
        Side(side) if side else None,
        today=timezone.localdate(),
        near=corridor().codes,
    )


def title_from(text: str) -> str:
    """A title to begin with: the first sentence, cut at a comma where it is long."""
    first = next((part.strip() for part in _SENTENCE.split(text) if part.strip()), "")
    if len(first) <= _TITLE_FROM_TEXT:
        return first
    head = first[:_TITLE_FROM_TEXT]
    return re.split(r"[，,](?=[^，,]*$)", head)[0] or head


class TextForm(forms.Form):
    """Step 1: a free text, and what it is about where that cannot be told from it."""

    text = forms.CharField(
        label=gettext_lazy("用自己的话写，或粘贴现成的文字"),
        error_messages={"required": gettext_lazy("请写几句，或者选好类别和供需，到下一步逐项填。")},
        max_length=MAX_TEXT,
        widget=forms.Textarea({"rows": 8}),
        help_text=gettext_lazy(
            "例：我司急需在苏州或嘉兴租 3000 到 5000 平单层厂房，层高 8 米以上，带 10 吨行车，"
            "明年 3 月前入驻。不要写电话、微信，联系方式在第三步单独填。"
        ),
    )
    side = forms.ChoiceField(
        label=gettext_lazy("需求还是供给"), required=False, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(label=gettext_lazy("要素类别"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        auto = ("", _("由系统判断"))
        choose(self, "side", [auto, *side_choices()])
        choose(self, "kind", [auto, *kind_choices()])

    def clean(self) -> dict[str, Any]:
        """Kind and side as given, else as read from the text."""
        found = super().clean() or {}
        text, kind, side = (found.get(name, "") for name in ("text", "kind", "side"))
        if kind and side:
            excuse(self, "text")
        if self.errors:
            return found
        reading = reading_of(text, kind, side)
        if reading.kind is None:
            self.add_error("kind", _("从文字看不出是哪一类要素，请选一类。"))
            return found
        label = in_language(kind_of(reading.kind).label) + in_language(SIDE_LABELS[reading.side])
        found |= {"text": text, "kind": reading.kind, "side": str(reading.side)}
        found["title"] = title_from(reading.text) or label
        return found


@dataclass(frozen=True, slots=True)
class Row:
    """One attribute on the page: its field, whether it may give way, and where it was read."""

    field: BoundField
    strict: BoundField | None
    read: str = ""

    @property
    def filled(self) -> bool:
        """Whether anything stands in it, right or wrong."""
        return bool(self.field.errors) or self.field.value() not in (
            None,
            "",
            [],
            ("", ""),
            ["", ""],
        )


class FieldsForm(forms.Form):
    """Step 2: title, city, and one field for each attribute the side may state.

    What was read from the text stands in the fields and is marked; it counts once it is sent.
    """

    title = forms.CharField(label=gettext_lazy("标题"), max_length=MAX_TITLE)
    city = forms.ChoiceField(
        label=gettext_lazy("所在城市"), help_text=gettext_lazy("由这个城市的投促局审核。")
    )

    def __init__(
        self, base: Content, reading: Reading | None = None, data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={"title": base.title, "city": base.city})
        self.base, self.side = base, Side(base.side)
        choose(self, "city", city_choices())
        self._spans = _spans(reading)
        values = dict(base.values)
        if reading is not None:
            values = {**reading.limits(), **values}
        reader = ValueReader(timezone.localdate(), corridor().codes)
        self.attributes = [a for a in base.factor.attributes if a.stated_by(self.side)]
        for attribute in self.attributes:
            field = ValueField(attribute, self.side, reader)
            self.fields[f"v-{attribute.name}"] = field
            if attribute.name in values:
                self._start(attribute, field.spelt(values[attribute.name]))
            if field.asking:
                self.fields[f"h-{attribute.name}"] = _strictness(base, attribute)
            field.fit(self[f"v-{attribute.name}"].value())

    def _start(self, attribute: Attribute, spelt: Spelt) -> None:
        self.initial[f"v-{attribute.name}"] = spelt

    def rows(self) -> list[Row]:
        """Every attribute, in the order of the kind."""
        return [
            Row(
                self[f"v-{a.name}"],
                self[f"h-{a.name}"] if f"h-{a.name}" in self.fields else None,
                self._spans.get(a.name, ""),
            )
            for a in self.attributes
        ]

    def split(self) -> tuple[list[Row], list[Row], list[Row]]:
        """At most six rows to begin with (wrong ones, filled ones, hard limits), then the other
        filled ones, then all others; each in the order of the kind."""

        def rank(row: Row) -> tuple[bool, bool, bool]:
            hard = row.strict is not None and row.field.field.attribute.hard  # type: ignore[attr-defined]
            return not row.field.errors, not row.filled, not hard

        rows = self.rows()
        first = sorted(rows, key=rank)[:FIRST]
        others = [row for row in rows if row not in first]
        return (
            [row for row in rows if row in first],
            [row for row in others if row.filled],
            [row for row in others if not row.filled],
        )

    def content(self) -> Content:
        """The listing's content with what was confirmed."""
        said = self.cleaned_data
        values = {
            a.name: said[f"v-{a.name}"]
            for a in self.attributes
            if said.get(f"v-{a.name}") not in (None, "")
        }
        strict = {a.name: said.get(f"h-{a.name}") == "hard" for a in self.attributes}
        return replace(
            self.base,
            title=said["title"],
            city=said["city"],
            values=values,
            must=frozenset(name for name in values if strict[name]),
            flexible=frozenset(name for name in values if not strict[name]),
        )


class ReviseForm(FieldsForm):
    """Text and fields together, for what was published before."""

    text = forms.CharField(
        label=gettext_lazy("详细说明"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea({"rows": 8}),
    )

    def __init__(self, base: Content, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(base, None, data)
        self.initial["text"] = base.text

    def content(self) -> Content:
        """The listing's content with what was confirmed."""
        return replace(super().content(), text=self.cleaned_data["text"])


def _spans(reading: Reading | None) -> dict[str, str]:
    """For each attribute read from the text, the words it was read from."""
    found: dict[str, list[str]] = {}
    for field in reading.fields if reading is not None else ():
        words = reading.text[field.start : field.end] if reading is not None else ""
        found.setdefault(field.attribute.name, []).append(words)
    return {name: " … ".join(dict.fromkeys(words)) for name, words in found.items()}


def _strictness(base: Content, attribute: Attribute) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("%(label)s：硬性还是可商量") % {"label": in_language(attribute.label)},
        required=False,
        choices=[("hard", _("硬性")), ("soft", _("可商量"))],
        initial="hard" if base.strict(attribute.name) else "soft",
        widget=OneOf,
    )


class ContactForm(forms.Form):
    """Step 3: who may see it, whom to reach, until when."""

    anonymity = forms.ChoiceField(
        label=gettext_lazy("谁可以看到"), choices=Anonymity.choices, widget=forms.RadioSelect
    )
    named = forms.CharField(
        label=gettext_lazy("指定的主体"),
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("只在选“定向”时填：每行一个，写主体全称或 18 位统一社会信用代码。"),
    )
    contact_name = forms.CharField(
        label=gettext_lazy("联系人"),
        max_length=MAX_NAME,
        error_messages={"required": gettext_lazy("请填写联系人，双方都同意对接后才给对方看。")},
    )
    contact_phone = forms.CharField(
        label=gettext_lazy("联系电话"),
        error_messages={"required": gettext_lazy("请填写联系电话，双方都同意对接后才给对方看。")},
        max_length=MAX_PHONE,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
        help_text=gettext_lazy("加密保存，页面上打码，双方都同意对接后才给对方看。"),
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("最多同时和几家合作"), min_value=1, max_value=MAX_CAPACITY
    )
    deadline = forms.DateField(
        label=gettext_lazy("截止日期"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("不填则发布后 6 个月到期，到期前会提醒您续期。"),
    )
    agreed = forms.BooleanField(label="", required=False)

    def __init__(self, base: Content, data: Mapping[str, Any] | None = None) -> None:
        self.base = base
        parties = dict(Party.objects.filter(pk__in=base.named).values_list("pk", "name"))
        initial = {
            name: getattr(base, name)
            for name in ("anonymity", "contact_name", "contact_phone", "capacity", "deadline")
        }
        initial["named"] = "\n".join(parties[pk] for pk in base.named if pk in parties)
        super().__init__(data, initial=initial)
        self.fields["agreed"].label = consent_text()

    def clean_named(self) -> tuple[int, ...]:
        """The parties named, each by its full name or code; whoever is not there is said."""
        lines = [line.strip() for line in self.cleaned_data["named"].splitlines() if line.strip()]
        if self.data.get("anonymity") != Anonymity.NAMED:
            return ()
        found = {line: _party(line) for line in lines}
        missing = [line for line, pk in found.items() if pk is None]
        if missing:
            raise forms.ValidationError(
                _("没有找到：%(names)s。请写营业执照上的全称或统一社会信用代码。")
                % {"names": _("、").join(missing[:5])}
            )
        return tuple(sorted({pk for pk in found.values() if pk is not None}))

    def clean(self) -> dict[str, Any]:
        """A draft may do without a contact."""
        found = super().clean() or {}
        if "later" in self.data:
            excuse(self, "contact_name", "contact_phone")
        return found

    def content(self, base: Content | None = None) -> Content:
        """The listing's content, or ``base``, with what was typed."""
        names = ("anonymity", "named", "contact_name", "contact_phone", "capacity", "deadline")
        said = {name: self.cleaned_data.get(name, "") for name in names}
        return replace(base or self.base, **said)

    def agreement(self) -> str:
        """The text that was agreed to; "" where it was not."""
        return consent_text() if self.cleaned_data["agreed"] else ""


def _party(written: str) -> int | None:
    known = Party.objects.filter(credit_code=written.upper()) | Party.objects.filter(name=written)
    return known.values_list("pk", flat=True).first()


def unread(reading: Reading) -> Sequence[str]:
    """The quantities of a text that were read into no attribute."""
    return [reading.text[start:end] for start, end in reading.unread]
