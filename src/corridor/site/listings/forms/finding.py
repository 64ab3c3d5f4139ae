"""Forms of finding: a name for a search to keep, a report, and what is decided about it."""

from django import forms
from django.utils.translation import gettext_lazy

from ..checking import MAX_NOTE
from ..models import ContentReport


class ReportForm(forms.Form):
    """What is wrong with a listing."""

    why = forms.ChoiceField(
        label=gettext_lazy("有什么问题"),
        choices=ContentReport.Why.choices,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("具体说明"),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("哪一句、为什么。选“其他”时必填。请不要写自己的联系方式。"),
    )


class DecisionForm(forms.Form):
    """What is decided about a report, and why."""

    answer = forms.CharField(
        label=gettext_lazy("处理理由"),
        max_length=MAX_NOTE,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("会留档；下架时主体会看到。"),
    )
