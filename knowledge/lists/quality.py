"""The list of inspections: what waits, and how contacts were found."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.keyset import Page
from core.lists import Column, ListPage
from knowledge.filters.quality import InspectionPageFilters
from knowledge.queries.scripts import names


def _result(row: Any) -> str:
    if row.state != "done":
        return str(row.get_state_display())
    if row.fatal:
        return _now("Fatal fault")
    return _now("Passed") if row.passed else _now("Not passed")


def _appeal(row: Any) -> str:
    return str(row.appeal.get_state_display()) if hasattr(row, "appeal") else ""


def _word(name: str) -> Callable[[Any], str]:
    """The words of a row's channel or category."""
    return lambda row: row.words.get(getattr(row, name), getattr(row, name))


def _source(row: Any) -> str:
    if row.calibration is not None:
        return row.calibration.name
    return row.draw.plan.name if row.draw else ""


class InspectionList(ListPage):
    name = "inspections"
    caption = _("Quality inspection")
    filterset = InspectionPageFilters
    default_sort = "-happened_at"
    never_null = frozenset({"happened_at"})
    empty_words = _("Nothing to inspect here")
    empty_advice = _("A sampling plan draws contacts every week; agents find their own results here.")
    empty_icon = "clipboard-check"
    columns = (
        Column(
            "happened_at", pgettext_lazy("inspection", "Contact"), kind="moment", sort="happened_at",
            descends=True, fixed=True,
            link=lambda row: row.get_absolute_url(),
        ),
        Column("agent", _("Agent"), value="agent__name"),
        Column("unit", _("Unit"), value="unit__name", small=False),
        Column("channel", _("Channel"), value=_word("channel"), small=False),
        Column("category", _("Category"), value=_word("category"), small=False),
        Column("result", _("Result"), value=_result),
        Column("points", _("Points"), kind="score", sort="points", descends=True),
        Column("inspector", _("Inspector"), value="inspector__name", small=False),
        Column("appeal", _("Appeal"), value=_appeal, small=False),
        Column("source", _("Drawn by"), value=_source, shown=False, small=False),
        Column(
            "scored_at", _("Scored"), kind="moment", sort="scored_at", descends=True, shown=False, small=False
        ),
    )  # fmt: skip

    def _page(self, cursor: str, size: int = 0) -> Page:
        found = super()._page(cursor, size)
        words = names()
        for row in found.rows:
            row.words = words
        return found
