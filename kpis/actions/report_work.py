"""What is done on reports without being asked: the draft of the month that ended, newer figures in drafts."""

from core import audit, jobs
from core.models import Job
from kpis.actions.cohorts import measure_due
from kpis.actions.reports import draft_report, refresh_report
from kpis.models import Report
from kpis.queries.report_figures import NoFigures
from kpis.queries.reports import months_to_draft, newer_figures
from kpis.rules import Period, parse_period
from staff.models import Person

MAKE = "kpis.tasks.make_report"


def ask_for_draft(*, actor: Person, period: Period, title: str) -> Job:
    """A job that makes the month's draft; title: in the words of who asks."""
    return jobs.start(kind=MAKE, title=title, owner=actor, arguments={"period": period.name})


def draft_for(job: Job) -> Report:
    """The draft that a job is for, in the name of whoever asked for it."""
    asker = Person.objects.filter(pk=job.owner_id).first()
    return draft_report(actor=asker or audit.SYSTEM, period=parse_period(job.arguments["period"]))


def tend_reports() -> None:
    """The draft of the newest month that is over, unless there is a report later than it; drafts anew;
    and what became of the clients of proposals."""
    newest = months_to_draft()[:1]
    if newest and not Report.objects.filter(period__gt=newest[0].name).exists():
        _draft(newest[0])
    for report in Report.objects.filter(state=Report.State.DRAFT):
        if newer_figures(report):
            refresh_report(actor=audit.SYSTEM, report=report)
    measure_due()


def _draft(period: Period) -> None:
    try:
        draft_report(actor=audit.SYSTEM, period=period)
    except NoFigures:
        return  # the next morning tries again
