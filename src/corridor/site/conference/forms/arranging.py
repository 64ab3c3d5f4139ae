"""What is said of a participant or a meeting by who runs the conference."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...leads.forms import Form, Line, Paragraphs
from ...listings.models import Listing
from ..meetings import HIGHEST
from ..models import Slot, Table
from .organising import slot_text


class SlotForm(Form):
    """One of the conference's slots, or none where that means something: ``none`` says what."""

    slot = forms.ChoiceField(label=gettext_lazy("场次"))

    def __init__(
        self,
        *given: Any,
        slots: Iterable[Slot],
        label: str = "",
        none: str = "",
        **more: Any,
    ) -> None:
        super().__init__(*given, **more)
        self.slots = {str(slot.number): slot for slot in slots}
        chosen = [(number, slot_text(slot)) for number, slot in self.slots.items()]
        field = self.fields["slot"]
        field.choices = [("", none or _("请选择")), *chosen]  # type: ignore[attr-defined]
        field.label, field.required = label or field.label, not none

    def clean_slot(self) -> Slot | None:
        """The slot itself."""
        return self.slots.get(self.cleaned_data["slot"])


class LostForm(SlotForm):
    """A table, and from when on it cannot be used."""

    table = forms.ChoiceField(label=gettext_lazy("洽谈桌"))
    field_order = ("table", "slot")

    def __init__(self, *given: Any, tables: Iterable[Table], **more: Any) -> None:
        super().__init__(*given, **more)
        self.tables = {str(table.pk): table for table in tables}
        named = [(pk, one.where) for pk, one in self.tables.items()]
        self.fields["table"].choices = [("", _("请选择")), *named]  # type: ignore[attr-defined]

    def clean_table(self) -> Table:
        """The table itself."""
        return self.tables[self.cleaned_data["table"]]


class WhyForm(Form):
    """Why, which may be left out."""

    reason = Paragraphs(label=gettext_lazy("原因"), max_length=400, rows=3, required=False)


class MustForm(Form):
    """Why a meeting must be held; left empty, that it need not."""

    reason = Line(
        label=gettext_lazy("必谈的原因"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("双方会看到。清空并保存则不再是必谈。"),
    )


class ValueForm(Form):
    """What a meeting is worth to the timetable."""

    value = forms.IntegerField(
        label=gettext_lazy("价值"),
        min_value=1,
        max_value=HIGHEST,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("排期先求总价值最大。平台按匹配度给 10 至 19。"),
    )


class TogetherForm(Form):
    """Two participants who are to meet, each about one of the listings it comes for."""

    listing = forms.ChoiceField(widget=forms.RadioSelect)
    other = forms.ChoiceField(widget=forms.RadioSelect)
    reason = Paragraphs(
        label=gettext_lazy("原因"),
        max_length=400,
        rows=3,
        help_text=gettext_lazy("双方会看到，并收到通知。"),
    )

    def __init__(
        self,
        *given: Any,
        sides: tuple[tuple[str, Iterable[Listing]], tuple[str, Iterable[Listing]]],
        **more: Any,
    ) -> None:
        super().__init__(*given, **more)
        self.listings: dict[str, Listing] = {}
        for name, (label, rows) in zip(("listing", "other"), sides, strict=True):
            known = {one.ref: one for one in rows}
            self.listings |= known
            field = self.fields[name]
            field.label = label
            field.choices = [  # type: ignore[attr-defined]
                (ref, f"{one.get_side_display()} · {one.title} ({ref})")
                for ref, one in known.items()
            ]
            if len(known) == 1:
                self.initial.setdefault(name, next(iter(known)))

    def clean_listing(self) -> Listing:
        """The listing itself."""
        return self.listings[self.cleaned_data["listing"]]

    def clean_other(self) -> Listing:
        """The listing itself."""
        return self.listings[self.cleaned_data["other"]]


class DoorForm(Form):
    """The code of a badge, as it is scanned or typed."""

    code = Line(
        label=gettext_lazy("参会码"),
        max_length=300,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=gettext_lazy("用手机相机扫参会方的二维码，或在此输入、用扫码枪扫入。"),
    )

    def clean_code(self) -> str:
        """The code alone, where a scanner sends the whole address."""
        return str(self.cleaned_data["code"]).rpartition("=")[2].strip().upper()
