"""The clients of proposals: kept when the report is submitted, measured at every close of a year after it."""

from datetime import date
from typing import Any

from django.db import transaction

from core import sql
from core.months import add_months, month_end
from kpis.models import Proposal, ProposalCohort, ProposalMeasure, Report
from kpis.queries.report_figures import ladder
from segmentation.models import ScoreClose
from segmentation.queries.rows import kept_dates
from segmentation.queries.units import FIRM, UnitChoice, named
from staff.models import Unit
from staff.scope import Scope

MONTHS_MEASURED = 12


def place_of(unit: Unit, on: date) -> UnitChoice:
    """The clients on record with the unit and all below it on a day."""
    text = FIRM if unit.kind == Unit.Kind.HQ else f"{unit.kind}:{unit.code}"
    return named(text, Scope(firm=True), on)


def count_cohort(proposal: Proposal) -> int:
    """How many clients the rule would take now; nothing is kept."""
    kept = ScoreClose.objects.filter(as_of=proposal.report.as_of)
    rows = place_of(proposal.unit, proposal.report.as_of).narrow(kept)
    if proposal.tiers:
        rows = rows.filter(tier__in=proposal.tiers)
    if proposal.cells:
        rows = rows.filter(matrix__in=proposal.cells)
    return rows.filter(flags__contains=[proposal.flag] if proposal.flag else []).count()


@transaction.atomic
def keep_cohorts(report: Report) -> None:
    """Keeps the clients of each of the report's proposals, and how they stand at its close."""
    forget_cohorts(report)
    for proposal in report.proposals.select_related("unit", "report"):
        flags = [proposal.flag] if proposal.flag else []
        rule = {"tiers": proposal.tiers, "cells": proposal.cells, "flags": flags}
        sql.run("kpis", "proposal_cohort", {**_params(proposal, report.as_of), **rule})
        proposal.clients = len(ProposalCohort.objects.get(proposal=proposal).clients)
        proposal.save(update_fields=["clients"])
        measure(proposal, report.as_of)


@transaction.atomic
def forget_cohorts(report: Report) -> None:
    """A report that is a draft again keeps no clients."""
    ProposalCohort.objects.filter(proposal__report=report).delete()
    ProposalMeasure.objects.filter(proposal__report=report).delete()
    report.proposals.update(clients=None)


def measure(proposal: Proposal, on: date) -> None:
    """What became of the clients by a close; asked for again, it is written anew."""
    params = {"base": proposal.report.as_of, "ladder": ladder(on)}
    sql.run("kpis", "proposal_measure", {**_params(proposal, on), **params})


def measure_due() -> int:
    """Every morning: each proposal that is out, at the closes that it was not measured at yet; how many."""
    closes, made = kept_dates().closes, 0
    for proposal in Proposal.objects.exclude(state=Proposal.State.DRAFT).select_related("unit", "report"):
        last = month_end(add_months(proposal.report.as_of, MONTHS_MEASURED))
        done = set(proposal.measures.values_list("as_of", flat=True))
        due = [day for day in closes if proposal.report.as_of < day <= last and day not in done]
        for day in due:
            measure(proposal, day)
        made += len(due)
    return made


def _params(proposal: Proposal, on: date) -> dict[str, Any]:
    place = place_of(proposal.unit, proposal.report.as_of).params()
    return {**place, "proposal": proposal.pk, "as_of": on}
