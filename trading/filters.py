"""Filters of the feed lists; they stand in the URL."""

import django_filters
from django.utils.translation import gettext_lazy as _

from core.lists import ListFilters
from trading.feed.columns import FILES
from trading.models import FeedPackage, QuarantinedRow


class PackageFilters(ListFilters):
    q = django_filters.CharFilter(field_name="name", lookup_expr="istartswith", label=_("Package"))
    state = django_filters.ChoiceFilter(choices=FeedPackage.State.choices, label=_("State"))
    trade_date = django_filters.DateFilter(label=_("Trade date"))


class QuarantineFilters(ListFilters):
    q = django_filters.CharFilter(field_name="key", lookup_expr="istartswith", label=_("Key"))
    state = django_filters.ChoiceFilter(choices=QuarantinedRow.State.choices, label=_("State"))
    file = django_filters.ChoiceFilter(choices=[(name, name) for name in FILES], label=_("File"))
    trade_date = django_filters.DateFilter(field_name="package__trade_date", label=_("Trade date"))
    package = django_filters.NumberFilter(field_name="package_id", label=_("Package"))
