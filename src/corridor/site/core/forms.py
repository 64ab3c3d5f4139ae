"""What people type about their party and themselves."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.engine.factors import INDUSTRIES, UnknownCode
from corridor.engine.text import normalise

from .actions import OPEN_KINDS, Details, Person
from .actor import Role
from .errors import Invalid
from .models import Party, User
from .region import city_choices

_PHONE = re.compile(r"\+?[0-9]{7,15}")

#: What joining agrees to; kept with each consent.
CONSENT = gettext_lazy(
    "我代表上述主体登记，所填信息真实；同意平台为供需对接保存这些信息，联系方式加密保存，"
    "未经本主体同意不向对方展示，可随时要求更正或删除。"
)


class Form(forms.Form):
    """A form that shows what a verb refused at the fields it names."""

    def refuse(self, error: Invalid) -> None:
        """Take over the refusal."""
        for name, text in error.fields.items():
            self.add_error(name if name in self.fields else None, str(text))
        if not error.fields:
            self.add_error(None, str(error.message))


class PhoneField(forms.CharField):
    """A telephone number, however it is written; kept as digits."""

    def __init__(self, **given: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
        super().__init__(widget=widget, max_length=40, **given)

    def clean(self, value: object) -> str:
        """The digits. Raises ``ValidationError`` for what cannot be called."""
        text = re.sub(r"[\s()-]", "", normalise(str(super().clean(value))))
        if text and not _PHONE.fullmatch(text):
            raise ValidationError(_("请填写手机号，或带区号的座机，例如 0512-65556666。"))
        return text


class MailField(forms.CharField):
    """An e-mail address."""

    def __init__(self, **given: Any) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": "email"})
        super().__init__(widget=widget, max_length=200, **given)

    def clean(self, value: object) -> str:
        """The address. Raises ``ValidationError``."""
        text = str(super().clean(value)).strip()
        if text:
            try:
                validate_email(text)
            except ValidationError:
                raise ValidationError(_("请填写邮箱地址，例如 name@example.cn。")) from None
        return text


class CodeField(forms.CharField):
    """统一社会信用代码, typed with spaces and in lower case too."""

    def __init__(self, **given: Any) -> None:
        widget = forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"})
        super().__init__(widget=widget, max_length=40, **given)

    def to_python(self, value: object) -> str:
        """The code as it is registered."""
        return "".join(normalise(str(super().to_python(value))).split()).upper()


class DetailsForm(Form):
    """What a party says of itself."""

    name = forms.CharField(label=gettext_lazy("主体名称"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("类型"))
    city = forms.ChoiceField(label=gettext_lazy("所在城市"))
    size = forms.ChoiceField(label=gettext_lazy("规模"), required=False)
    industry = forms.CharField(
        label=gettext_lazy("行业"),
        max_length=60,
        required=False,
        help_text=gettext_lazy(
            "国民经济行业（GB/T 4754）的代码或名称，例如 C3973 或 集成电路制造。"
        ),
    )

    def __init__(self, *given: Any, kinds: tuple[str, ...] = OPEN_KINDS, **more: Any) -> None:
        super().__init__(*given, **more)
        choose = [("", _("请选择"))]
        labels = dict(Party.Kind.choices)
        for name, choices in (
            ("kind", [(kind, labels[kind]) for kind in kinds]),
            ("city", city_choices()),
            ("size", Party.Size.choices),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [*choose, *choices]

    def clean_industry(self) -> str:
        """The code of the industry."""
        raw = str(self.cleaned_data["industry"]).strip()
        if not raw:
            return ""
        try:
            return INDUSTRIES.read(raw)
        except UnknownCode as unknown:
            near = ", ".join(unknown.near)
            said = _("没有“%(raw)s”这个行业。") % {"raw": raw}
            raise ValidationError(
                said + (_("相近的有：%(near)s。") % {"near": near} if near else "")
            ) from None

    def details(self, **contact: str) -> Details:
        """What was typed."""
        names = ("name", "kind", "city", "size", "industry")
        return Details(**{name: self.cleaned_data[name] for name in names}, **contact)


class JoinForm(DetailsForm):
    """A party and its code."""

    credit_code = CodeField(
        label=gettext_lazy("统一社会信用代码"),
        help_text=gettext_lazy("营业执照或法人证书上的 18 位代码。"),
    )
    agreed = forms.BooleanField(label=CONSENT)
    field_order = ("credit_code", "name", "kind", "city", "size", "industry")


def _new_password() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("密码"),
        max_length=200,
        strip=False,
        help_text=gettext_lazy("至少 10 位，不能全是数字，也不能是常见密码。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class NewPasswordForm(Form):
    """A password in place of a forgotten one."""

    password = _new_password()


class PersonForm(Form):
    """Who logs in."""

    person_name = forms.CharField(label=gettext_lazy("您的姓名"), max_length=60)
    phone = PhoneField(label=gettext_lazy("联系电话"))
    email = MailField(label=gettext_lazy("邮箱"), required=False)
    username = forms.CharField(
        label=gettext_lazy("登录名"),
        max_length=40,
        help_text=gettext_lazy("字母、数字或汉字，不要用手机号或邮箱。"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = _new_password()

    def person(self) -> Person:
        """What was typed."""
        typed = self.cleaned_data
        return Person(
            typed["username"],
            typed["person_name"],
            typed["password"],
            typed["phone"],
            typed["email"],
        )


class PartyForm(DetailsForm):
    """The own party, with the contact that is shown to nobody before both sides agree."""

    about = forms.CharField(
        label=gettext_lazy("简介"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("联系方式请填在下面；写在简介里会被隐去。"),
    )
    contact_name = forms.CharField(label=gettext_lazy("联系人"), max_length=60)
    contact_phone = PhoneField(label=gettext_lazy("联系电话"))
    contact_email = MailField(label=gettext_lazy("邮箱"), required=False)

    def all_details(self) -> Details:
        """What was typed."""
        names = ("about", "contact_name", "contact_phone", "contact_email")
        return self.details(**{name: self.cleaned_data[name] for name in names})


class FoundForm(DetailsForm):
    """A bureau, entered by the office."""

    credit_code = JoinForm.base_fields["credit_code"]
    field_order = ("credit_code", "name", "kind", "city")

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, kinds=(Party.Kind.BUREAU,), **more)
        del self.fields["size"], self.fields["industry"]

    def details(self, **contact: str) -> Details:
        """What was typed."""
        typed = self.cleaned_data
        return Details(typed["name"], typed["kind"], typed["city"], **contact)


class MeForm(Form):
    """Oneself."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    phone = PhoneField(label=gettext_lazy("联系电话"), required=False)
    email = MailField(label=gettext_lazy("邮箱"), required=False)
    mails = forms.BooleanField(label=gettext_lazy("通知同时发到我的邮箱"), required=False)

    @classmethod
    def of(cls, user: User) -> "MeForm":
        """The form as it is first shown: to the one whose data it is, in full."""
        return cls(
            initial={
                "name": user.name,
                "phone": user.phone.reveal(),
                "email": user.email.reveal(),
                "mails": user.mails,
            }
        )


class InviteForm(Form):
    """Whom a party asks to act for it."""

    note = forms.CharField(
        label=gettext_lazy("邀请谁"),
        max_length=60,
        help_text=gettext_lazy("只用来辨认这条邀请，例如“招商部李工”。"),
    )
    role = forms.ChoiceField(label=gettext_lazy("身份"))
    manager = forms.BooleanField(label=gettext_lazy("可以管理成员与资料"), required=False)

    def __init__(self, *given: Any, roles: list[Role], **more: Any) -> None:
        super().__init__(*given, **more)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(one.value, one.label) for one in roles]
        if len(roles) == 1:
            role.widget, role.initial = forms.HiddenInput(), roles[0].value
