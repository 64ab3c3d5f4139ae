"""``{% typed %}``: the hidden field by which a form outlives the session it was filled in."""

from typing import Any

from django import template

from .. import typed as kept

register = template.Library()


@register.inclusion_tag("core/typed.html", takes_context=True)
def typed(context: template.Context, page: str = "", action: str = "") -> dict[str, Any]:
    """The mark, and a note where the form shows what was typed before the session ended."""
    request = context["request"]
    return {
        "name": kept.FIELD,
        "mark": kept.mark(request, page or request.path) if request.user.is_authenticated else "",
        "again": kept.offered(request, action) is not None,
    }
