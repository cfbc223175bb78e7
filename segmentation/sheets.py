"""All figures of segments as one workbook: counts and sums, no client."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core import formats
from core.sheets import Sheets
from segmentation.models import ModelVersion
from segmentation.pictures import tier_words
from segmentation.queries import figures, overview
from segmentation.queries.rows import KeptDates
from segmentation.queries.units import UnitChoice


def workbook(kept: KeptDates, as_of: date, unit: UnitChoice, migration: tuple[date, date]) -> bytes:
    """Tiers over two years, migration, cohorts, and current by potential, each with its dates."""
    rules = (ModelVersion.objects.serving(as_of) or ModelVersion.objects.first_version()).rules
    sheets, names = Sheets(), tier_words(rules)
    _table(sheets, _("Two years by tier"), _past_head(), _past(kept, as_of, unit, names))
    start, end = migration
    title = f"{formats.day(start)} {formats.day(end)}"
    _table(sheets, title, [_("From"), _("To"), _("Clients")], _moves(start, end, unit, names))
    head = [_("Opened in"), _("As of quarter"), _("Effective"), _("Held"), _("Still held")]
    _table(sheets, _("Cohorts"), head, _cohorts(as_of, unit))
    head = [
        _("As of"), _("Current value from"), _("Potential from"), _("Clients"), _("Contribution, 12 months"),
        _("Assets"),
    ]  # fmt: skip
    _table(sheets, _("Current × potential"), head, _cells(as_of, unit))
    return sheets.content()


def _table(sheets: Sheets, title: str, head: list[str], rows: Iterable[list[Any]]) -> None:
    sheet = sheets.sheet(title, len(head))
    sheets.head(sheet, head)
    for row in rows:
        sheets.row(sheet, row)


def _past_head() -> list[str]:
    return [
        _("As of"), _("Tier"), _("Clients"), _("Contribution, 12 months"), _("Assets"), _("Average score"),
    ]  # fmt: skip


def _past(kept: KeptDates, as_of: date, unit: UnitChoice, names: dict[str, str]) -> Iterable[list[Any]]:
    for one in figures.over_time(figures.shown_closes(kept.closes, as_of), unit):
        for tier, name in names.items():
            if tier in one.tiers:
                sums = one.tiers[tier]
                told = [sums.clients, sums.contribution, sums.assets, sums.average_score or ""]
                yield [formats.day(one.as_of), name, *told]


def _moves(start: date, end: date, unit: UnitChoice, names: dict[str, str]) -> Iterable[list[Any]]:
    for (before, after), count in overview.migrations(start, end, unit).items():
        yield [names.get(before, before), names.get(after, after), count]


def _cohorts(as_of: date, unit: UnitChoice) -> Iterable[list[Any]]:
    for cohort in figures.cohorts(as_of, unit):
        for age in sorted(cohort.entered):
            share = cohort.retention(age)
            yield [
                figures.quarter_text(cohort.quarter), f"+{age}", cohort.entered[age], cohort.held[age],
                "" if share is None else round(share, 6),
            ]  # fmt: skip


def _cells(as_of: date, unit: UnitChoice) -> Iterable[list[Any]]:
    for (current, potential), here in sorted(figures.cells(as_of, unit).items()):
        edges = [_("Missing") if band == figures.MISSING else figures.band_edges(band)[0]
                 for band in (current, potential)]  # fmt: skip
        yield [formats.day(as_of), *edges, here.clients, here.contribution, here.assets]
