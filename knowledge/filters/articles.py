"""Filters of articles, the same on the list page and in the API."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.lists import ListFilters
from knowledge.forms.scripts import category_choices
from knowledge.models import ArticleVersion
from knowledge.queries.articles import matching
from knowledge.queries.scripts import CATEGORIES, offered
from knowledge.searching import words_in


def _categories() -> list[tuple[str, str]]:
    return [choice for choice in category_choices() if choice[0]]


class ArticleFilters(ListFilters):
    """category: the named one and those below it; q as the search, among published articles."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    category = django_filters.ChoiceFilter(method="under", choices=_categories, label=_("Category"))

    def search(self, rows: QuerySet, _name: str, typed: str) -> QuerySet:
        words = words_in(typed)
        published = rows.filter(state=ArticleVersion.State.PUBLISHED)
        return matching(published, words) if words else rows

    def under(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        below = [choice.value for choice in offered(CATEGORIES) if value in choice.above]
        return rows.filter(category__in=[value, *below])


class ArticlePageFilters(ArticleFilters):
    state = django_filters.ChoiceFilter(choices=ArticleVersion.State.choices, label=_("State"))
    reported = django_filters.BooleanFilter(label=_("Reported as out of date"))
    mine = django_filters.BooleanFilter(method="own", label=_("My articles"))

    def own(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:
        reader = self.request.user
        return rows.filter(article__owner=reader) if value else rows.exclude(article__owner=reader)
