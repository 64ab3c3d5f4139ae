"""What people type about matches and in introductions."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..core import forms as core
from ..listings.models import Listing
from . import codes
from .models import Introduction, Outcome
from .release import TEXT

NOTE_HELP = _("对方会看到；写到的联系方式会被隐去。")


class Form(core.Form):
    """A form of docking; ``introduction`` is the one it belongs to, where it belongs to one."""

    def __init__(self, *given: Any, introduction: Introduction | None = None, **more: Any) -> None:
        super().__init__(*given, **more)
        self.introduction = introduction


def _text(label: Any, most: int, rows: int, **given: Any) -> forms.CharField:  # noqa: ANN401
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=area, **given)


class ReasonForm(Form):
    """Why not."""

    reason = forms.ChoiceField(label=_("原因"), choices=[("", _("请选择")), *codes.Reason.choices])
    note = forms.CharField(label=_("补充说明"), max_length=400, required=False, help_text=NOTE_HELP)


class UnsuitableForm(ReasonForm):
    """Why a match does not fit; only the own side and its bureau see it."""

    other = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["note"].help_text = _("对方不会看到。")


class AgreeForm(Form):
    """The consent to be reached, a tick of its own."""

    agreed = forms.BooleanField(
        label=TEXT, error_messages={"required": _("请阅读并勾选；双方都同意后才会互相展示。")}
    )


class AskForm(AgreeForm):
    """A new introduction about a listing."""

    own = forms.ChoiceField(
        label=_("我方信息"),
        required=False,
        help_text=_("选一条我方已发布的信息，对方能看到完整条件，双方用同一编号跟进。"),
    )
    cooperation = forms.ChoiceField(label=_("合作方式"))
    question = _text(
        _("想了解的问题"),
        1000,
        5,
        help_text=_(
            "写明想核实的条件和希望的下一步。写到的联系方式会被隐去，对方接受后才互相展示。"
        ),
    )
    field_order = ("own", "cooperation", "question", "agreed")

    def __init__(self, target: Listing, choices: list[Listing], *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        own = [(listing.ref, f"{listing.title} ({listing.ref})") for listing in choices]
        self.fields["own"].choices = [("", _("不附带信息")), *own]  # type: ignore[attr-defined]
        ways = codes.way_choices(target.kind)
        self.fields["cooperation"].choices = [("", _("请选择")), *ways]  # type: ignore[attr-defined]


class MessageForm(Form):
    """A message."""

    text = _text(_("写留言"), 2000, 3)


class PurposeForm(Form):
    """What the contact is wanted for."""

    purpose = forms.CharField(
        label=_("查看用途"),
        max_length=200,
        initial=_("就本对接意向约定洽谈"),
        help_text=_("每次查看都会记录，对方看得到是谁、何时、为何查看。"),
    )


class OutcomeForm(Form):
    """What came of an introduction."""

    result = forms.ChoiceField(
        label=_("结果"), choices=Outcome.Result.choices, widget=forms.RadioSelect
    )
    on = forms.DateField(
        label=_("日期"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    cooperation = forms.ChoiceField(
        label=_("合作方式"), required=False, help_text=_("达成合作时选择。")
    )
    amount = forms.DecimalField(
        label=_("金额（万元）"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        help_text=_("达成合作时可填，不公开。"),
    )
    reason = forms.ChoiceField(
        label=_("未达成的原因"),
        required=False,
        choices=[("", _("无")), *codes.Reason.choices],
        help_text=_("未达成时选择。"),
    )
    note = forms.CharField(label=_("补充说明"), max_length=400, required=False)

    def __init__(self, *given: Any, introduction: Introduction, **more: Any) -> None:
        super().__init__(*given, introduction=introduction, **more)
        ways = codes.way_choices(introduction.target.kind)
        self.fields["cooperation"].choices = [("", _("无")), *ways]  # type: ignore[attr-defined]
        self.fields["on"].initial = timezone.localdate
