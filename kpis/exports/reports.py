"""A client analysis report as a file: PDF with its pictures, XLSX with its exact figures and texts."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core import formats, pdf
from core.charts.printing import standalone, swatches
from core.sheets import Sheets
from knowledge.markup import plain
from kpis.exports.files import printed
from kpis.models import Report
from kpis.queries.reports import Shown, sections_of
from kpis.reporting.facts import KINDS
from kpis.reporting.pictures import tables_of
from kpis.reporting.words import fact_words

TEMPLATE = Path(__file__).parent / "report.typ"
MOST_ROWS = 40
PRINTED = ("segments", "at_risk", "units", "service")
"""Sections whose tables are printed; the pictures of the others say the same."""
NARROW, WIDE = 380, 620  # pixels, beside another picture and alone


def file_name(report: Report, ending: str) -> str:
    """A correction's file says which version it is."""
    version = f"-v{report.number}" if report.number > 1 else ""
    return f"client-analysis-{report.period}{version}.{ending}"


def report_xlsx(report: Report) -> bytes:
    """A sheet of texts and facts, then a sheet a table; numbers are exact."""
    sheets = Sheets()
    sections = sections_of(report)
    first = sheets.sheet(_("Report"), 3)
    for fact in report_facts(report):
        sheets.row(first, list(fact))
    for said in correction_notes(report):
        sheets.row(first, [said])
    sheets.head(first, [_("Section"), _("Fact"), pgettext("chart", "Value")])
    for shown in sections:
        words = fact_words(shown.key)
        for name, (kind, value) in shown.section.figures["facts"].items():
            sheets.row(first, [shown.title, words[name], _exact(kind, value)])
    text = sheets.sheet(_("Text"), 2)
    for shown in sections:
        for line in plain(shown.words).splitlines():
            sheets.row(text, [shown.title, line])
    _add_tables(sheets, sections)
    return sheets.content()


def _add_tables(sheets: Sheets, sections: list[Shown]) -> None:
    for shown in sections:
        for table in tables_of(shown.key, shown.section.figures):
            sheet = sheets.sheet(table.title, len(table.head))
            sheets.head(sheet, table.head)
            for row in table.rows:
                sheets.row(sheet, row)


def report_pdf(report: Report) -> bytes:
    """In the reader's language: headlines, text, pictures and tables of each section."""
    data = {
        "title": _("Client analysis %(period)s") % {"period": report.period},
        "state": report.get_state_display(),
        "lead": " · ".join(f"{words} {value}" for words, value in report_facts(report)[1:]),
        "sections": [_section(shown) for shown in sections_of(report)],
        "note": " ".join(filter(None, [*correction_notes(report), _provisional(report)])),
    }
    return pdf.render(TEMPLATE, data)


def report_facts(report: Report) -> list[tuple[str, str]]:
    """What the report is of, how far it is, and who stands for it."""
    found = [
        (_("Month"), report.period),
        *([(_("Version"), str(report.number))] if report.number > 1 else []),
        (_("State"), str(report.get_state_display())),
        (_("As of"), formats.day(report.as_of)),
    ]
    if report.submitted_by:
        found.append((_("Submitted by"), report.submitted_by.name))
    if report.released_by:
        found.append((_("Released by"), report.released_by.name))
    return found


def correction_notes(report: Report) -> list[str]:
    """What it corrects and why, and what corrects it."""
    said, later = [], report.taken_over_by
    if report.corrects_id:
        words = {"number": report.number, "before": report.number - 1, "why": report.reason}
        said.append(_("Version %(number)s corrects version %(before)s: %(why)s") % words)
    if later is not None:
        words = {"number": later.number, "why": later.reason}
        said.append(_("Corrected by version %(number)s: %(why)s") % words)
    return said


def _provisional(report: Report) -> str:
    if not report.provisional:
        return ""
    return _("Some scorecards behind it are not signed off yet; their numbers may still change.")


def _section(shown: Shown) -> dict[str, Any]:
    tables = tables_of(shown.key, shown.section.figures) if shown.key in PRINTED else []
    width = NARROW if len(shown.charts) > 1 else WIDE
    return {
        "title": shown.title,
        "headlines": [list(one) for one in shown.headlines],
        "lines": [line for line in plain(shown.words).splitlines() if line],
        "charts": [
            {
                "title": chart.title, "summary": chart.summary, "legend": swatches(chart),
                "svg": standalone(chart, width),
            }
            for chart in shown.charts
        ],
        "tables": [_shortened(printed(table)) for table in tables],
    }  # fmt: skip


def _shortened(table: dict[str, Any]) -> dict[str, Any]:
    """At most MOST_ROWS rows; the XLSX has all of them."""
    over = len(table["rows"]) - MOST_ROWS
    more = ngettext("and %(count)s row more in the XLSX", "and %(count)s rows more in the XLSX", over)
    told = more % {"count": over} if over > 0 else ""
    return {**table, "rows": table["rows"][:MOST_ROWS], "more": told}


def _exact(kind: str, value: Any) -> Any:
    """Numbers as numbers, names of units and tiers as words."""
    if kind in ("name", "tier"):
        return KINDS[kind](value)
    return formats.decimal(value)
