"""Client analysis reports for the access matrix: one that is out, one that is written on."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from kpis.models import Report, ReportSection, ReportText
from kpis.reporting.words import HEADLINES

OLD = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


def report_places(cast: SimpleNamespace) -> dict[str, Any]:
    return {"report_out": _report("2025-11", cast).period, "report_draft": _report("2025-12", None).period}


def _report(period: str, cast: SimpleNamespace | None) -> Report:
    """With one section; released by two persons of the cast, else a draft."""
    report = Report.objects.create(period=period, as_of=date(2025, 12, 31), provisional=True, figures_at=OLD)
    facts = {name: ["number", "1"] for name in HEADLINES["service"]}
    section = ReportSection.objects.create(
        report=report, key="service", position=0, figures={"facts": facts, "channels": []}
    )
    ReportText.objects.create(section=section, number=1, text_zh="一", text_en="one", written_at=OLD)
    if cast is not None:
        Report.objects.filter(pk=report.pk).update(
            state="released", submitted_by=cast.value_analyst, submitted_at=OLD,
            released_by=cast.value_analyst_2, released_at=OLD,
        )  # fmt: skip
    return report
