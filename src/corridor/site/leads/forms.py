"""The public form, in two steps, and the small forms of the officers' verbs."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.engine.factors import Range
from corridor.engine.factors.credit_code import credit_code_fault
from corridor.engine.text import ReadError, normalise, read_value
from corridor.io.cells import ILL

from ..core import forms as core
from ..core.actions import OPEN_KINDS
from ..core.errors import Invalid, Text
from ..core.region import city_choices, in_language
from ..listings.models import kind_choices
from .clocks import CLOCKS
from .intake import consent_text
from .models import TAX, EndReason, Lead, Stated
from .phones import phone


def printable(text: str) -> None:
    """Refuse characters that no page can show."""
    if found := ILL.search(text):
        code = f"U+{ord(found.group()):04X}"
        raise ValidationError(_("含有不可显示的字符 %(code)s，请删去。") % {"code": code})


class Line(forms.CharField):
    """One line of text: spaces and line breaks are made single spaces."""

    def __init__(self, **given: Any) -> None:
        super().__init__(validators=[printable], **given)

    def to_python(self, value: object) -> str:
        """The text on one line."""
        return " ".join(str(super().to_python(value)).split())


class Paragraphs(forms.CharField):
    """Several lines of text."""

    def __init__(self, *, rows: int = 4, **given: Any) -> None:
        area = forms.Textarea(attrs={"rows": rows})
        super().__init__(validators=[printable], widget=area, **given)

    def to_python(self, value: object) -> str:
        """The text with line breaks of one kind."""
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


class Form(core.Form):
    """A form that never lets the browser clip what is pasted: what is too long is said to be."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)


# --- the public ---


class NeedForm(Form):
    """The first step: what is wanted, and where."""

    need = Paragraphs(
        label=gettext_lazy("需求"),
        max_length=5000,
        rows=6,
        help_text=gettext_lazy("想做什么、要多大地方、投多少钱、什么时候要。写到的电话会被隐去。"),
    )
    use = Line(
        label=gettext_lazy("用途"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("如：新能源汽车零部件生产、研发办公"),
    )
    tax = Line(
        label=gettext_lazy("预计年税收（万元）"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("达产后一年大约多少，不清楚可不填"),
    )
    wish = forms.ChoiceField(label=gettext_lazy("意向城市"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["wish"].choices = [("", _("请走廊办推荐")), *city_choices()]  # type: ignore[attr-defined]
        self.fields["tax"].widget.attrs["inputmode"] = "decimal"

    def clean_tax(self) -> Range | None:
        """The figure, or a range of it, in 万元; other units written with it are converted."""
        text = self.cleaned_data["tax"]
        try:
            value = read_value(TAX, text, today=timezone.localdate())
        except ReadError as error:
            raise ValidationError(in_language(error.message)) from None
        return value if isinstance(value, Range) else None


class ReporterForm(Form):
    """The second step: who asks, and how to reach them."""

    company = Line(label=gettext_lazy("公司"), max_length=120)
    contact_name = Line(label=gettext_lazy("联系人"), max_length=40)
    phone = Line(
        label=gettext_lazy("手机号"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel"}),
        help_text=gettext_lazy("座机请带区号，境外号码以 + 开头"),
    )
    agreed = forms.BooleanField(label=gettext_lazy("我同意按下述方式使用我的信息"))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for name, filled in (
            ("company", "organization"), ("contact_name", "name"), ("phone", "tel"),
        ):  # fmt: skip
            self.fields[name].widget.attrs["autocomplete"] = filled
        self.fields["agreed"].help_text = consent_text()
        self.fields["agreed"].error_messages["required"] = _("需要您同意，我们才能联系您。")

    def clean_phone(self) -> str:
        """The number in its one form."""
        try:
            return phone(self.cleaned_data["phone"])
        except Invalid as error:
            raise ValidationError(str(error.message)) from None


class StatusForm(Form):
    """A reference and the last four digits of the phone."""

    ref = Line(label=gettext_lazy("线索编号"), max_length=20)
    four = Line(label=gettext_lazy("手机号后四位"), max_length=8)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["ref"].widget.attrs |= {"autocapitalize": "characters", "autocomplete": "off"}
        self.fields["four"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}


# --- the officers ---


class TextForm(Form):
    """One text; what it is called is the verb's."""

    text = Paragraphs(max_length=2000, required=False)

    def __init__(self, *given: Any, label: Text = "", required: bool = False, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["text"].label, self.fields["text"].required = str(label), required


class JudgeForm(Form):
    """Whether a lead is valid, and what it states."""

    stated = forms.MultipleChoiceField(
        label=gettext_lazy("已经说明的内容"),
        choices=Stated.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("有效线索应说明全部九项；缺项时请在下面写明原因。"),
    )
    verdict = forms.ChoiceField(
        label=gettext_lazy("结论"),
        choices=[("valid", gettext_lazy("有效")), ("invalid", gettext_lazy("无效"))],
        widget=forms.RadioSelect,
    )
    end_reason = forms.ChoiceField(
        label=gettext_lazy("无效的原因"),
        choices=[("", gettext_lazy("有效时不填")), *EndReason.choices],
        required=False,
    )
    text = Paragraphs(label=gettext_lazy("说明"), max_length=400, required=False, rows=3)


class CloseForm(Form):
    """Why a lead ends, and what the enterprise is told."""

    end_reason = forms.ChoiceField(
        label=gettext_lazy("结束的原因"),
        choices=[("", gettext_lazy("请选择")), *EndReason.choices],
    )
    text = Paragraphs(
        label=gettext_lazy("给企业的说明"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("企业会在进度页看到。垃圾信息不必写。"),
    )


class AssignForm(Form):
    """Which city a lead goes to."""

    city = forms.ChoiceField(label=gettext_lazy("城市"))
    text = Paragraphs(label=gettext_lazy("说明"), max_length=400, required=False, rows=3)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["city"].choices = [("", _("请选择")), *city_choices()]  # type: ignore[attr-defined]


class ProposeForm(Form):
    """Which city is asked to take a lead, and on what terms."""

    to_city = forms.ChoiceField(label=gettext_lazy("推荐给"))
    kept = forms.IntegerField(
        label=gettext_lazy("本市保留的考核分成（%）"),
        min_value=0,
        max_value=100,
        initial=50,
        help_text=gettext_lazy("其余归对方。统计数据按在地原则归落地城市，与分成分开记账。"),
    )
    text = Paragraphs(label=gettext_lazy("推荐理由"), max_length=400, rows=3)

    def __init__(self, *given: Any, lead: Lead, **more: Any) -> None:
        super().__init__(*given, **more)
        others = [choice for choice in city_choices() if choice[0] != lead.city]
        self.fields["to_city"].choices = [("", _("请选择")), *others]  # type: ignore[attr-defined]


class OfferForm(Form):
    """An answer to the offer that was on the page, and to no later one."""

    offer = forms.IntegerField(widget=forms.HiddenInput)


class DeclineForm(OfferForm):
    """An offer declined, and why."""

    text = Paragraphs(label=gettext_lazy("原因"), max_length=400, rows=3)


class RevealForm(Form):
    """What a contact is looked at for."""

    purpose = Line(label=gettext_lazy("查看用途"), max_length=200)


class ConvertForm(Form):
    """A lead as a listing: whose, and what of the text goes into it."""

    credit_code = Line(
        label=gettext_lazy("统一社会信用代码"),
        max_length=30,
        help_text=gettext_lazy("已登记的主体直接使用，没有登记的新建为未核验主体。"),
    )
    party_kind = forms.ChoiceField(label=gettext_lazy("主体类型"))
    same = forms.BooleanField(
        label=gettext_lazy("信用代码登记的名称与线索不同，已核对是同一家"), required=False
    )
    side = forms.ChoiceField(
        label=gettext_lazy("方向"),
        choices=[("need", gettext_lazy("需求")), ("offer", gettext_lazy("供给"))],
    )
    kind = forms.ChoiceField(label=gettext_lazy("要素类别"))
    title = Line(label=gettext_lazy("标题"), max_length=100)
    keep = forms.MultipleChoiceField(
        label=gettext_lazy("从文字读出的内容，取消勾选则不带入"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = Paragraphs(
        label=gettext_lazy("给企业的说明"),
        max_length=2000,
        help_text=gettext_lazy("企业会在进度页看到。"),
    )

    def __init__(
        self, *given: Any, read: list[tuple[str, str, str]], lead: Lead, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.fields["party_kind"].choices = [(kind.value, kind.label) for kind in OPEN_KINDS]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("请选择")), *kind_choices()]  # type: ignore[attr-defined]
        self.fields["keep"].choices = [(name, f"{label} {value}") for name, label, value in read]  # type: ignore[attr-defined]
        if not read:
            del self.fields["keep"]
        suggested = {
            "side": lead.side or "need",
            "kind": lead.kind,
            "title": lead.need.partition("\n")[0][:60],
            "keep": [name for name, _label, _value in read],
        }
        self.initial = {**suggested, **self.initial}

    def clean_credit_code(self) -> str:
        """The code in capitals."""
        code = normalise(self.cleaned_data["credit_code"]).replace(" ", "").upper()
        if fault := credit_code_fault(code):
            raise ValidationError(in_language(fault))
        return code


class ClocksForm(Form):
    """How many days each clock runs."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for clock in CLOCKS:
            self.fields[clock.name] = forms.IntegerField(
                label=str(clock.label), min_value=1, max_value=90
            )
