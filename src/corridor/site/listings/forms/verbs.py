"""Reasons: for ending a listing, for hiding one, for sending one back."""

from django import forms
from django.utils.translation import gettext_lazy

from ..checking import MAX_NOTE
from ..models import ExitReason, ReturnReason


class CloseForm(forms.Form):
    """Why a listing ends."""

    why = forms.ChoiceField(
        label=gettext_lazy("为什么结束"), choices=ExitReason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("补充说明"),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("选“其他”时必填。"),
    )


class ReasonForm(forms.Form):
    """A reason the other side will read."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=MAX_NOTE,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("主体会看到。"),
    )


class ReturnForm(forms.Form):
    """Why a reviewer sends a listing back."""

    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("退回原因"),
        choices=ReturnReason.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("至少选一个原因，主体会看到。")},
    )
    note = forms.CharField(
        label=gettext_lazy("请主体怎么改"),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("写清要补什么、改什么。选“其他”时必填。"),
    )
