"""Filter controls as HTML straight from Python.

A widget's own templates take most of a list page's time (one template for each option), so selects and
one-line inputs are written here; any other widget renders itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe

Choices = tuple[tuple[str, "str | Choices"], ...]


@dataclass(frozen=True)
class Control:
    """One filter of the form: its label, the control's id and its HTML."""

    label: Any
    id: str
    html: SafeString
    is_group: bool  # several inputs under one legend


def control(bound: BoundField) -> Control:
    """What the filter form shows for a field."""
    return Control(bound.label, bound.id_for_label or "", _html(bound), bound.use_fieldset)


def _html(bound: BoundField) -> SafeString:
    widget = bound.field.widget
    attributes: dict[str, Any] = {**widget.attrs, "id": bound.auto_id}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    if isinstance(widget, forms.Select) and not isinstance(widget, forms.SelectMultiple):
        return _select(bound, widget, attributes)
    if type(widget) in (forms.TextInput, forms.NumberInput, forms.DateInput):
        value = widget.format_value(bound.value())
        filled = {} if value in (None, "") else {"value": value}
        return mark_safe(
            f"<input{flatatt({'type': widget.input_type, 'name': bound.html_name, **filled, **attributes})}>"
        )
    return bound.as_widget()


def _select(bound: BoundField, widget: forms.Select, attributes: dict[str, Any]) -> SafeString:
    chosen = frozenset(str(value) for value in widget.format_value(_spoken(bound.value())))
    options = _options(_said(widget.choices), chosen)
    return mark_safe(f"<select{flatatt({'name': bound.html_name, **attributes})}>{options}</select>")


def _spoken(value: Any) -> Any:
    """True and False as the select's own words for them."""
    return str(value).lower() if isinstance(value, bool) else value


def _said(choices: Iterable[Any]) -> Choices:
    """Values and words as plain texts of the reader's language, groups within."""
    return tuple(
        (str(value), _said(words) if isinstance(words, list | tuple) else str(words))
        for value, words in choices
    )


@lru_cache(maxsize=512)
def _options(choices: Choices, chosen: frozenset[str]) -> str:
    """The same few lists, some of them hundreds of branches long, are shown again and again."""
    return "".join(_option(value, words, chosen) for value, words in choices)


def _option(value: str, words: "str | Choices", chosen: frozenset[str]) -> str:
    if isinstance(words, tuple):
        return f'<optgroup label="{escape(value)}">{_options(words, chosen)}</optgroup>'
    selected = " selected" if value in chosen else ""
    return f'<option value="{escape(value)}"{selected}>{escape(words)}</option>'
