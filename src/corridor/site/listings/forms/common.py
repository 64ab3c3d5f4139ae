"""What the forms share."""

from typing import Any

from django import forms

from corridor.engine.factors import SIDE_LABELS

from ...core.errors import Invalid
from ...core.region import in_language


def side_choices() -> list[tuple[str, str]]:
    """Need and offer in the language of the page."""
    return [(str(side), in_language(label)) for side, label in SIDE_LABELS.items()]


def choose(form: forms.Form, name: str, choices: list[Any]) -> None:
    """Set the choices of a field, in the language of the page."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def excuse(form: forms.Form, *names: str) -> None:
    """Let fields be empty this time that otherwise must not be."""
    for name in names:
        if form.has_error(name, "required"):
            del form.errors[name]


def accuse(error: Invalid, *sent: forms.Form) -> None:
    """Show a refusal at the fields it is about; what has no field in any form is said above."""
    for name, text in error.fields.items() or [("", error.message)]:
        field = f"v-{name.removeprefix('values.')}" if name.startswith("values.") else name
        form = next((form for form in sent if field in form.fields), None)
        (form or sent[0]).add_error(field if form else None, str(text))
