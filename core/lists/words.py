"""A list's filters and columns in the reader's language, for whoever decides on it or looks back at it."""

from datetime import date
from typing import Any

from django import forms

from core import formats
from core.lists.page import ListPage


def filter_words(page: ListPage) -> list[tuple[str, str]]:
    """The filters that are set: label and value as the filter form shows them."""
    if page.filters is None or not page.filters.form.is_valid():
        return []
    form = page.filters.form
    given = ((form.fields[name], form.cleaned_data.get(name)) for name in form.fields)
    return [(str(field.label), _words(field, value)) for field, value in given if _is_set(value)]


def column_words(page: ListPage) -> list[str]:
    return [str(column.label) for column in page.shown_columns]


def _is_set(value: Any) -> bool:
    return value is not None and value != "" and value != []


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_words(field, one) for one in value)
    if isinstance(value, bool):
        return formats.yes_no(value)
    if isinstance(value, date):
        return formats.day(value)
    if isinstance(field, forms.ModelChoiceField) or not isinstance(field, forms.ChoiceField):
        return str(value)
    return _choices(field.choices).get(str(value), str(value))


def _choices(choices: Any) -> dict[str, str]:
    """Words by value, groups opened up."""
    known: dict[str, str] = {}
    for value, words in choices:
        known |= _choices(words) if isinstance(words, list | tuple) else {str(value): str(words)}
    return known
