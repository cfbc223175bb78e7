"""The base of list filters: django-filter with words a reader understands."""

from typing import Any

import django_filters
from django.db.models import QuerySet


class ListFilters(django_filters.FilterSet):
    """A FilterSet whose text fields refuse NUL characters and whose `q` field is the list's search box."""

    def __init__(self, data: Any = None, queryset: QuerySet | None = None, **extra: Any) -> None:
        super().__init__(data, queryset, **extra)
        if "q" in self.form.fields:
            self.form.fields["q"].widget.attrs |= {"type": "search", "data-key": "f", "autocomplete": "off"}
