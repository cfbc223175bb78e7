"""The list of scripts: one line for each, as it is in force or as it is being written."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.keyset import Page
from core.lists import Column, ListPage
from knowledge.filters.scripts import ScriptPageFilters
from knowledge.models import ScriptVersion
from knowledge.queries.scripts import names


def _state(row: Any) -> str:
    words = str(row.get_state_display())
    return _now("%(state)s, a newer one is being written") % {"state": words} if row.being_written else words


def _all_or(words: list[str]) -> str:
    return " / ".join(words) or _now("All")


class ScriptList(ListPage):
    name = "scripts"
    caption = _("Scripts")
    filterset = ScriptPageFilters
    default_sort = "code"
    never_null = frozenset({"script__code"})
    empty_words = _("No scripts yet")
    empty_advice = _("A script tells what to say and what to check; the wrap-up shows the one that fits.")
    empty_icon = "scroll-text"
    columns = (
        Column("title", _("Title"), fixed=True, link=lambda row: row.script.get_absolute_url()),
        Column("code", _("Code"), value="script__code", sort="script__code", small=False),
        Column("category", _("Category"), value=lambda row: row.category_words),
        Column("tiers", _("Tiers"), value=lambda row: _all_or(row.tiers)),
        Column("channels", _("Channels"), value=lambda row: _all_or(row.channel_words), small=False),
        Column("state", _("State"), value=_state),
        Column("number", _("Version"), kind="number", small=False),
        Column("in_force_from", _("In force from"), kind="moment", sort="in_force_from", descends=True),
        Column("author", _("Written by"), value="author__name", shown=False, small=False),
    )

    def _page(self, cursor: str, size: int = 0) -> Page:
        found = super()._page(cursor, size)
        with_words(found.rows)
        return found


def with_words(versions: list[ScriptVersion]) -> list[ScriptVersion]:
    """The versions with the words of their category and channels, read once for all of them."""
    words = names()
    for row in versions:
        row.category_words = words.get(row.category, row.category) or _now("All")  # type: ignore[attr-defined]
        row.channel_words = [words.get(one, one) for one in row.channels]  # type: ignore[attr-defined]
    return versions
