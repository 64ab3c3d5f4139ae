"""The choices of the publishing pages are drawn as Django draws them, only faster."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms

from corridor.site.listings.fields import AnyOf, OneOf

CHOICES = [
    ("hard", "硬性"),
    ("soft", "可商量"),
    ('"><script>', "<b>&'"),
    ("", "不说明"),
    ("3", "三"),
]


class Read(HTMLParser):
    """What a browser reads: ``found``, the tags with their attributes in any order, and the texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Any] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, sorted(attrs, key=str)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.found += [data.strip()] if data.strip() else []


@pytest.mark.parametrize("attrs", [{}, {"id": "id_a"}, {"id": "id_a", "class": "x", "required": True},
                                   {"id": "a", "disabled": False, "aria-describedby": 'q"'}])  # fmt: skip
@pytest.mark.parametrize("value", ["hard", '"><script>', "", None, ["soft", "3"], 3, "nothing"])
@pytest.mark.parametrize(
    ("ours", "theirs"), [(OneOf, forms.RadioSelect), (AnyOf, forms.CheckboxSelectMultiple)]
)
def test_they_are_as_django_draws_them(
    ours: type[forms.Widget], theirs: type[forms.Widget], value: Any, attrs: dict[str, Any]
) -> None:
    found = ours(choices=CHOICES).render("a", value, attrs)  # type: ignore[call-arg]
    expected = theirs(choices=CHOICES).render("a", value, attrs)  # type: ignore[call-arg]
    assert Read(found).found == Read(expected).found
    assert "<script>" not in found
