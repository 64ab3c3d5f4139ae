"""What people type on the programs page."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(
        label=_("令牌名称"), max_length=60, help_text=_("写明由哪个系统使用，例如“招商系统”。")
    )


class WebhookForm(forms.Form):
    """A new webhook."""

    url = forms.URLField(
        label=_("推送地址"),
        max_length=300,
        assume_scheme="https",
        help_text=_("以 https:// 开头的公网地址。有事件时我们向它发送签名的通知。"),
    )
