"""The base of list filters: django-filter with words a reader understands."""

from collections.abc import Iterator
from copy import copy
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceField
from django_filters.widgets import BooleanWidget


class _NamedRows(forms.models.ModelChoiceIterator):
    """(key, name) of every row, after the empty choice."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        yield "", self.field.empty_label
        yield from self.queryset.values_list(self.field.to_field_name or "pk", "name")


class _NamedRowField(ModelChoiceField):
    iterator = _NamedRows


class NamedChoiceFilter(django_filters.ModelChoiceFilter):
    """A choice among the rows of a table whose objects are called by their `name`.

    It is read without making the objects: a firm has hundreds of branches, and every list shows them.
    """

    field_class = _NamedRowField


class _OneEach(dict):
    """A filter set's filters: each set gets its own of each, which may share what they are made of."""

    def __deepcopy__(self, _memo: Any) -> "dict[str, django_filters.Filter]":
        return {name: _another(one) for name, one in self.items()}


def _another(one: django_filters.Filter) -> django_filters.Filter:
    made = copy(one)
    made.method = one.method  # which ties it to this one
    return made


class _Fresh(dict):
    """Fields made for one form, which may have them as they are."""

    def __deepcopy__(self, _memo: Any) -> dict[str, forms.Field]:
        return dict(self)


class ListFilters(django_filters.FilterSet):
    """A FilterSet whose `q` field is the list's search box and whose empty choices say "Any"."""

    def __init__(self, data: Any = None, queryset: QuerySet | None = None, **extra: Any) -> None:
        super().__init__(data, queryset, **extra)
        for name, field in self.form.fields.items():
            if name == "q":
                field.widget.input_type = "search"
                field.widget.attrs |= {"data-key": "f", "autocomplete": "off"}
            _name_the_empty_choice(field)

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        return _OneEach(super().get_filters())

    def get_form_class(self) -> type[forms.Form]:
        form = super().get_form_class()
        form.base_fields = _Fresh(form.base_fields)
        return form


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
