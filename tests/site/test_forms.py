"""The form of every kind and side, drawn from the declaration: what it shows it gives back."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from browsing import Fields
from cast import SUZHOU
from django.http import QueryDict
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import strategies
from corridor.engine.factors import Range, Side, Type, all_kinds, days
from corridor.site.listings.checking import fits
from corridor.site.listings.content import Content, record, recorded
from corridor.site.listings.forms.publishing import FieldsForm
from corridor.site.listings.values import restored, stored

SLOW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@st.composite
def contents(draw: st.DrawFn) -> Content:
    """What a listing of any kind and side may say."""
    shape, side = draw(strategies.kinds()), draw(st.sampled_from([*Side]))
    drawn = draw(strategies.listings(shape, side, 1))
    values = {name: value for name, value in drawn.values.items() if value != ""}
    said = Content(str(side), shape.name, drawn.title.strip() or "标题", city=SUZHOU, values=values)
    asked = draw(st.frozensets(st.sampled_from(said.asked()))) if said.asked() else frozenset()
    hard = {name for name in said.asked() if shape.by_name[name].hard}
    return replace(
        said,
        text=drawn.text,
        must=asked - hard,
        flexible=asked & hard,
        capacity=drawn.capacity,
        deadline=draw(st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2030, 1, 1)))),
    )


def posted(form: FieldsForm) -> QueryDict:
    """What a browser sends from the form as it stands."""
    html = "".join(str(field) for field in form)
    data = QueryDict(mutable=True)
    for name, value in Fields(html).data.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@SLOW
@given(said=contents())
def test_sending_the_form_back_unchanged_changes_nothing(said: Content, language: str) -> None:
    with translation.override(language):
        form = FieldsForm(said, None, posted(FieldsForm(said)))
        assert form.is_valid(), form.errors
        again = form.content()
    assert again.values == said.values
    asked = said.asked()
    assert [again.strict(name) for name in asked] == [said.strict(name) for name in asked]


@SLOW
@given(said=contents())
def test_values_and_contents_come_back_from_json(said: Content) -> None:
    assert restored(stored(said.values)) == said.values
    assert recorded(record(said)) == said


@SLOW
@given(said=contents())
def test_what_an_attribute_may_take_fits_it(said: Content) -> None:
    shape = said.factor.by_name
    assert all(fits(shape[name], value) for name, value in said.values.items())


def test_every_attribute_of_every_kind_and_side_has_a_field() -> None:
    for shape in all_kinds().values():
        for side in Side:
            form = FieldsForm(Content(str(side), shape.name, "标题", city=SUZHOU))
            stated = [a.name for a in shape.attributes if a.stated_by(side)]
            assert [row.field.name for row in form.rows()] == [f"v-{name}" for name in stated]
            asked = {a.name for a in shape.related if a.asked_by is side}
            strict = {row.field.name[2:] for row in form.rows() if row.strict}
            assert strict == asked & set(stated)
            first, filled, rest = form.split()
            assert (len(first), filled, len(rest)) == (6, [], len(stated) - 6)


def test_a_value_the_widget_cannot_show_is_shown_as_text() -> None:
    shape = all_kinds()["space"]
    by_type: dict[Type, Any] = {a.type: a for a in shape.attributes if a.asked_by is Side.NEED}
    assert Type.DAY in by_type
    said = Content("offer", "space", "标题", city=SUZHOU)
    early = days(date(2027, 1, 1), None)
    form = FieldsForm(replace(said, values={"available": early, "deed": Range.between(1, None)}))
    html = str(form["v-available"]) + str(form["v-deed"])
    assert 'type="date"' not in html and "≥2027-01-01" in html
    assert "≥办理中" in html
