"""Files in and out."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..actions import consent_text
from ..models import Anonymity, kind_choices
from .common import choose, side_choices


class ImportForm(forms.Form):
    """A file, and how to take it."""

    file = forms.FileField(label=gettext_lazy("文件（xlsx 或 csv）"))
    kind = forms.ChoiceField(label=gettext_lazy("要素类别"), required=False)
    side = forms.ChoiceField(label=gettext_lazy("供需方向"), required=False)
    anonymity = forms.ChoiceField(label=gettext_lazy("谁可以看到"))
    submit = forms.ChoiceField(
        label=gettext_lazy("导入以后"),
        choices=[
            ("", gettext_lazy("存为草稿，逐条核对后再提交")),
            ("yes", gettext_lazy("全部直接提交审核")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    skip_bad = forms.BooleanField(
        label=gettext_lazy("跳过错误行，只导入正确的行（跳过的会逐行列出）"), required=False
    )
    agreed = forms.BooleanField(label="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        auto = ("", _("以文件里写的为准"))
        levels = [choice for choice in Anonymity.choices if choice[0] != Anonymity.NAMED]
        choose(self, "kind", [auto, *kind_choices()])
        choose(self, "side", [auto, *side_choices()])
        choose(self, "anonymity", levels)
        self.fields["agreed"].label = consent_text()

    def wish(self) -> dict[str, Any]:
        """What an import job takes."""
        said = self.cleaned_data
        return {
            "kind": said["kind"],
            "side": said["side"],
            "anonymity": said["anonymity"],
            "skip_bad": said["skip_bad"],
            "submit": said["submit"] == "yes",
        }


class ExportForm(forms.Form):
    """In which format, and what for."""

    format = forms.ChoiceField(
        label=gettext_lazy("格式"),
        choices=[("xlsx", "Excel (xlsx)"), ("csv", "CSV")],
        initial="xlsx",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("用途"),
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("会写在文件的每一行，并记入审计。"),
    )
