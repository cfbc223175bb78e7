"""The list of articles: one line for each, as it is published or as it is being written."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.keyset import Page
from core.lists import Column, ListPage
from knowledge.filters.articles import ArticlePageFilters
from knowledge.queries.scripts import names


def _state(row: Any) -> str:
    words = str(row.get_state_display())
    return _now("%(state)s, a newer one is being written") % {"state": words} if row.being_written else words


class ArticleList(ListPage):
    name = "articles"
    caption = _("Knowledge")
    filterset = ArticlePageFilters
    default_sort = "-inserted"
    never_null = frozenset({"article__inserted", "article__opened", "written_at"})
    empty_words = _("No articles found")
    empty_advice = _("Look for fewer words, or write down what you found out: others will look for it too.")
    empty_icon = "book-open"
    columns = (
        Column("title", _("Title"), fixed=True, link=lambda row: row.article.get_absolute_url()),
        Column("code", _("Code"), value="article__code", small=False),
        Column("category", _("Category"), value=lambda row: row.category_words),
        Column("state", _("State"), value=_state),
        Column(
            "inserted", pgettext_lazy("count", "Used"), kind="number", value="article__inserted",
            sort="article__inserted", descends=True,
        ),
        Column(
            "opened", pgettext_lazy("count", "Read"), kind="number", value="article__opened",
            sort="article__opened", descends=True, small=False,
        ),
        Column("valid_until", _("Valid until"), kind="day", sort="valid_until", small=False),
        Column("reported", _("Reported"), kind="yes_no", shown=False, small=False),
        Column("owner", _("Owner"), value="article__owner__name", small=False),
        Column("number", _("Version"), kind="number", shown=False, small=False),
        Column("written_at", _("Written"), kind="moment", sort="written_at", descends=True, shown=False),
    )  # fmt: skip

    def _page(self, cursor: str, size: int = 0) -> Page:
        found = super()._page(cursor, size)
        words = names()
        for row in found.rows:
            row.category_words = words.get(row.category, row.category) or _now("All")
        return found
