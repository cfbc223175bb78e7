"""The base of list filters: django-filter with words a reader understands."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.widgets import BooleanWidget


class ListFilters(django_filters.FilterSet):
    """A FilterSet whose `q` field is the list's search box and whose empty choices say "Any"."""

    def __init__(self, data: Any = None, queryset: QuerySet | None = None, **extra: Any) -> None:
        super().__init__(data, queryset, **extra)
        for name, field in self.form.fields.items():
            if name == "q":
                field.widget.input_type = "search"
                field.widget.attrs |= {"data-key": "f", "autocomplete": "off"}
            _name_the_empty_choice(field)


def _name_the_empty_choice(field: forms.Field) -> None:
    """Instead of a row of dashes or "unknown"."""
    if isinstance(field.widget, forms.NullBooleanSelect):
        field.widget = BooleanWidget()
    if isinstance(field, forms.ModelChoiceField):
        field.empty_label = _("Any")
    elif isinstance(field.widget, forms.Select) and not isinstance(field.widget, forms.SelectMultiple):
        field.widget.choices = [
            (value, _("Any") if value == "" else words) for value, words in field.widget.choices
        ]
