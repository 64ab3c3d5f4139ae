"""``{% once %}``: the hidden field that lets a form be sent only once."""

import secrets

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .. import once as kept

register = template.Library()


@register.simple_tag(takes_context=True)
def once(context: template.Context) -> SafeString:
    """A fresh token, or the one the form was just sent with when it is shown again with errors."""
    request = context.get("request")
    token = request.POST.get(kept.FIELD, "") if request is not None else ""
    return format_html(
        '<input type="hidden" name="{}" value="{}">', kept.FIELD, token or secrets.token_hex(16)
    )
