"""Background work on scorecards and client analysis reports; every task may come twice."""

from celery import shared_task

from core import jobs
from kpis.actions.report_work import draft_for, tend_reports
from kpis.actions.sign_off_notices import tell_waiting


@shared_task
def make_report(job_id: int) -> None:
    """The draft that somebody asked for."""
    job = jobs.claim(job_id)
    if job is None:
        return
    with jobs.working(job):
        job.result = {"url": draft_for(job).get_absolute_url()}


@shared_task
def tend() -> None:
    """Every morning: the draft of the last month, and what else is due."""
    tend_reports()


@shared_task
def tell_sign_offs() -> None:
    """Every hour: whoever has to confirm or sign hears of it once, and once more when it is late."""
    tell_waiting()
