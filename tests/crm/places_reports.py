"""Client analysis reports for the access matrix, one out and one written on, and their proposals."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from kpis.models import Proposal, Report, ReportSection, ReportText
from kpis.reporting.words import fact_words
from staff.models import Unit

OLD = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


def report_places(cast: SimpleNamespace) -> dict[str, Any]:
    shown, draft = _report("2025-11", cast), _report("2025-12", None)
    own, near = (Unit.objects.get(code=code) for code in ("1001", "1002"))
    made = {
        "own": _proposal(shown, own, cast), "next": _proposal(shown, near, cast),
        "draft": _proposal(draft, own, cast, state="draft", clients=None),
    }  # fmt: skip
    periods = {"report_out": shown.period, "report_draft": draft.period}
    return {**periods, **{f"proposal_{name}": proposal.pk for name, proposal in made.items()}}


def _proposal(report: Report, unit: Unit, cast: SimpleNamespace, **more: Any) -> Proposal:
    """For the branch manager; open with nobody in it, unless told otherwise."""
    return Proposal.objects.create(
        report=report, title="x", text="x", unit=unit, role="branch_manager", due_on=OLD.date(),
        proposed_by=cast.value_analyst, proposed_at=OLD, **{"state": "open", "clients": 0, **more},
    )  # fmt: skip


def _report(period: str, cast: SimpleNamespace | None) -> Report:
    """With one section; released by two persons of the cast, else a draft."""
    report = Report.objects.create(period=period, as_of=date(2025, 12, 31), provisional=True, figures_at=OLD)
    facts = {name: ["number", "1"] for name in fact_words("service")}
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
