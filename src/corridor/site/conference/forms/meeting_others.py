"""What is typed about meetings: asking, answering, choosing the time, what came of it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ...core.forms import Form
from ...docking import forms as docking
from ...docking.codes import Reason
from ...listings.models import Listing
from ..models import Slot
from .taking_part import said_of


class SlotForm(Form):
    """One of the slots that both have free. With ``any_time``, none is right too."""

    slot = forms.ChoiceField(label=gettext_lazy("场次"))
    any_time: Any = ""

    def choose_from(self, slots: Sequence[Slot]) -> None:
        """Offer these slots."""
        self.slots = {str(one.number): one for one in slots}
        choices = [(name, said_of(one)) for name, one in self.slots.items()]
        field = self.fields["slot"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*([("", self.any_time)] if self.any_time else []), *choices]
        field.required = not self.any_time

    def slot_chosen(self) -> Slot | None:
        """The slot that was chosen."""
        return self.slots.get(self.cleaned_data["slot"])


class AskForm(docking.AskForm, SlotForm):
    """Asking for a meeting; with a slot where the two choose the time."""

    any_time = gettext_lazy("由对方选")

    def __init__(
        self,
        target: Listing,
        own: list[Listing],
        slots: Sequence[Slot] | None,
        *given: Any,
        **more: Any,
    ) -> None:
        super().__init__(target, own, *given, **more)
        self.order_fields(("own", "cooperation", "question", "slot"))
        self.fields["own"].help_text = _("选一条您带来的信息，对方能看到完整条件。")
        self.fields["question"].help_text = _("写明想核实的条件。写到的联系方式会被隐去。")
        if slots is None:
            del self.fields["slot"]
        else:
            self.choose_from(slots)

    def slot_chosen(self) -> Slot | None:
        """The slot that was chosen, if there is any to choose."""
        return super().slot_chosen() if "slot" in self.fields else None


class AcceptForm(docking.AgreeForm, SlotForm):
    """Agreeing to meet; with a slot where the two choose the time."""

    any_time = gettext_lazy("最早的共同空档")
    field_order = ("slot", "agreed")

    def __init__(self, slots: Sequence[Slot] | None, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        if slots is None:
            del self.fields["slot"]
        else:
            self.choose_from(slots)

    def slot_chosen(self) -> Slot | None:
        """The slot that was chosen, if there is any to choose."""
        return super().slot_chosen() if "slot" in self.fields else None


class TakeForm(SlotForm):
    """Booking a slot."""

    def __init__(self, slots: Sequence[Slot], *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.choose_from(slots)


class CancelForm(Form):
    """Not meeting after all."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("对方会看到；写到的联系方式会被隐去。"),
    )


#: What came of a talk, in one tap.
RESULTS = (
    ("intention", pgettext_lazy("outcome", "意向")),
    ("again", pgettext_lazy("outcome", "再谈")),
    ("none", pgettext_lazy("outcome", "无")),
)
#: What comes next, in one tap more. The words are kept as they are.
NEXT = (
    gettext_lazy("互寄资料"),
    gettext_lazy("实地考察"),
    gettext_lazy("报价或出方案"),
    gettext_lazy("再约一次"),
)


class OutcomeForm(Form):
    """What came of a talk, and what comes next."""

    result = forms.ChoiceField(
        label=gettext_lazy("谈得怎样"), choices=RESULTS, widget=forms.RadioSelect
    )
    step = forms.ChoiceField(
        label=gettext_lazy("下一步做什么"), required=False, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("补充说明"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("对方会看到；写到的联系方式会被隐去。"),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("没有谈成的原因"),
        required=False,
        help_text=gettext_lazy("结果是“无”时选择。"),
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        steps = [(str(name), str(name)) for name in NEXT]
        self.fields["step"].choices = steps  # type: ignore[attr-defined]
        reasons = [("", _("请选择")), *Reason.choices]
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]

    def told(self) -> dict[str, str]:
        """What :func:`day.outcome` takes."""
        said = self.cleaned_data
        step = " · ".join(filter(None, (said["step"], said["note"])))
        return {"result": said["result"], "next_step": step, "reason": said["reason"]}
