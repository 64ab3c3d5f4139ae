"""What conferences add to the pages of apps below: ``{% load conference %}``."""

from typing import Any

from django import template

from ...docking.models import Introduction

register = template.Library()


@register.inclusion_tag("conference/parts/on_introduction.html")
def meeting_of(introduction: Introduction) -> dict[str, Any]:
    """On the page of an introduction that was asked for at a conference: the way to its meeting."""
    return {"one": introduction}
